/* onnx.c - the encoder of a trained run as an ONNX model.
 *
 * The graph is built twice, for two numbers of records: a dimension that differs is one that
 * counts them, and stays open in the model.
 */
#include "core/export/onnx.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/export/onnx_graph.h"
#include "core/op/op.h"
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FLOAT = 1, INT64 = 7 }; /* TensorProto.DataType */
enum { IR_VERSION = 7, OPSET = 13 };
/* Numbers of records that no layer is likely to have units: nothing is computed of them. */
enum { OUTPUTS = 3, FEW = 10007, MORE = 10009 };

static const char *const output_name[OUTPUTS] = {"features", "embedding", "logits"};

typedef struct built {
    gedi_build b;
    gedi_node *x, *out[OUTPUTS]; /* NULL where the network has none */
    gedi__binding *bind;         /* parameters and schedules */
    int bindings;
} built;

static gedi_status build(built *u, const gedi__network *net, int64_t rows, gedi_err *err)
{
    gedi_build *b = &u->b;
    GEDI_TRY(gedi__build_init(b, &net->params, false, err));
    b->averaged = net->averaged;
    (void)gedi__network_batch(net, b);
    u->x = gedi_input(b->g, "records", gedi__batch_shape(net->info.record, rows));
    gedi__network_pass(net, b, u->x, &u->out[0], &u->out[1]);
    if (net->clusters)
        u->out[2] = gedi__network_logits(net, b, u->out[1]);
    GEDI_TRY(gedi_graph_status(b->g, err));
    u->bind = gedi__build_bindings(b, 0, &u->bindings);
    return u->bind ? GEDI_OK : gedi_no_memory(err, "the network's parameters");
}

static void clear(built *u)
{
    free(u->bind);
    gedi__build_clear(&u->b);
}

/* ---- TensorProto ---- */

void gedi__onnx_name(const gedi_node *x, char out[GEDI__ONNX_NAME])
{
    if (x->op == &gedi__op_input)
        snprintf(out, GEDI__ONNX_NAME, "%s", x->name);
    else
        snprintf(out, GEDI__ONNX_NAME, "n%d", x->id);
}

static void initializer(gedi__onnx *o, const char *name, int type, const int64_t *dim,
                        int rank, const void *data, size_t size)
{
    gedi__message t = {0};
    for (int i = 0; i < rank; i++)
        gedi__message_integer(&t, 1, dim[i]);
    gedi__message_integer(&t, 2, type);
    gedi__message_text(&t, 8, name);
    gedi__message_bytes(&t, 9, data, size);
    gedi__message_take(&o->graph, 5, &t);
}

void gedi__onnx_floats(gedi__onnx *o, const char *name, const float *x,
                       const int64_t *dim, int rank)
{
    size_t n = 1;
    for (int i = 0; i < rank; i++)
        n *= (size_t)dim[i];
    initializer(o, name, FLOAT, dim, rank, x, n * sizeof *x);
}

void gedi__onnx_integers(gedi__onnx *o, const char *name, const int64_t *x, int n)
{
    int64_t dim = n;
    initializer(o, name, INT64, &dim, 1, x, (size_t)n * sizeof *x);
}

/* ---- leaves ---- */

static const float *data_of(const built *u, const gedi_node *x)
{
    for (int i = 0; i < u->bindings; i++)
        if (u->bind[i].node == x)
            return u->bind[i].data;
    return NULL;
}

/* One number everywhere broadcasts: where a dimension counts records, its size is 1. */
static gedi_status write_uniform(gedi__onnx *o, const gedi_node *x, const char *name,
                                 gedi_err *err)
{
    gedi_shape s = x->shape;
    for (int i = 0; i < s.rank; i++)
        if (s.dim[i] != o->other->shape.dim[i])
            s.dim[i] = 1;
    size_t n = (size_t)gedi_shape_size(s);
    float *data = gedi__alloc(n, sizeof *data, err, "a constant");
    if (!data)
        return GEDI_NOMEM;
    for (size_t i = 0; i < n; i++)
        data[i] = (float)x->attr.a;
    gedi__onnx_floats(o, name, data, s.dim, s.rank);
    free(data);
    return GEDI_OK;
}

static gedi_status write_eye(gedi__onnx *o, const gedi_node *x, const char *name,
                             gedi_err *err)
{
    size_t n = (size_t)x->shape.dim[0];
    float *data = gedi__alloc(n * n, sizeof *data, err, "a constant");
    if (!data)
        return GEDI_NOMEM;
    for (size_t i = 0; i < n; i++)
        data[i * n + i] = 1;
    gedi__onnx_floats(o, name, data, x->shape.dim, x->shape.rank);
    free(data);
    return GEDI_OK;
}

static gedi_status write_leaf(gedi__onnx *o, const built *u, const gedi_node *x,
                              gedi_err *err)
{
    char name[GEDI__ONNX_NAME], text[160];
    const float *data = data_of(u, x);
    gedi__onnx_name(x, name);
    if (x == u->x)
        return GEDI_OK;
    if (x->op == &gedi__op_constant)
        return write_uniform(o, x, name, err);
    if (x->op == &gedi__op_eye)
        return write_eye(o, x, name, err);
    if (x->op == &gedi__op_values)
        data = gedi__values_of(x);
    if (!data || !gedi_shape_equal(x->shape, o->other->shape))
        return GEDI_FAIL(err, GEDI_STATE,
                         "the encoder cannot be exported: it depends on %s, which is no "
                         "part of a record",
                         gedi__node_text(x, text, sizeof text));
    gedi__onnx_floats(o, name, data, x->shape.dim, x->shape.rank);
    return GEDI_OK;
}

/* ---- the graph ---- */

/* Attributes that differ are numbers made of the number of records, such as that of a mean over them.
 * The numbers of values lie elsewhere in each graph. */
static bool alike(const gedi_node *a, const gedi_node *b)
{
    if (a->op != b->op || a->n_in != b->n_in || a->shape.rank != b->shape.rank)
        return false;
    for (int i = 0; i < a->n_in; i++)
        if (a->in[i]->id != b->in[i]->id)
            return false;
    return a->op == &gedi__op_values || a->op == &gedi__op_reshape ||
           !memcmp(&a->attr, &b->attr, sizeof a->attr);
}

static gedi_status write_nodes(gedi__onnx *o, const built *u, const built *other,
                               gedi_err *err)
{
    char text[160];
    const gedi_graph *g = u->b.g;
    bool *needed = gedi__alloc((size_t)g->count, sizeof *needed, err, "a graph");
    gedi_status s = needed ? GEDI_OK : GEDI_NOMEM;
    for (int k = 0; !s && k < OUTPUTS; k++) {
        bool *from = u->out[k] ? gedi__sources(u->out[k]) : NULL;
        for (int i = 0; from && i <= u->out[k]->id; i++)
            needed[i] |= from[i];
        if (u->out[k] && !from)
            s = gedi_graph_status(g, err);
        free(from);
    }
    for (int i = 0; !s && i < g->count; i++) {
        const gedi_node *x = g->node[i];
        if (!needed[i])
            continue;
        o->other = i < other->b.g->count ? other->b.g->node[i] : NULL;
        if (!o->other || !alike(x, o->other))
            s = GEDI_FAIL(
                err, GEDI_STATE,
                "the encoder cannot be exported: %s depends on how many records "
                "come at a time",
                gedi__node_text(x, text, sizeof text));
        else
            s = x->n_in ? gedi__onnx_node(o, x, err) : write_leaf(o, u, x, err);
    }
    free(needed);
    return s;
}

/* ValueInfoProto: float32 [N, ...]. */
static void value_info(gedi__onnx *o, int field, const char *name, gedi_shape s)
{
    gedi__message info = {0}, type = {0}, tensor = {0}, shape = {0};
    for (int i = 0; i < s.rank; i++) {
        gedi__message dim = {0};
        if (i == 0)
            gedi__message_text(&dim, 2, "N");
        else
            gedi__message_integer(&dim, 1, s.dim[i]);
        gedi__message_take(&shape, 1, &dim);
    }
    gedi__message_integer(&tensor, 1, FLOAT);
    gedi__message_take(&tensor, 2, &shape);
    gedi__message_take(&type, 1, &tensor);
    gedi__message_text(&info, 1, name);
    gedi__message_take(&info, 2, &type);
    gedi__message_take(&o->graph, field, &info);
}

static gedi_status write_graph(gedi__onnx *o, const built *u, const built *other,
                               const char *name, gedi_err *err)
{
    enum { GRAPH_INPUT = 11, GRAPH_OUTPUT = 12 };
    GEDI_TRY(write_nodes(o, u, other, err));
    gedi__message_text(&o->graph, 2, name);
    value_info(o, GRAPH_INPUT, "records", u->x->shape);
    for (int k = 0; k < OUTPUTS; k++) {
        char from[GEDI__ONNX_NAME];
        gedi__message node = {0};
        if (!u->out[k])
            continue;
        gedi__onnx_name(u->out[k], from);
        gedi__message_text(&node, 1, from);
        gedi__message_text(&node, 2, output_name[k]);
        gedi__message_text(&node, 3, output_name[k]);
        gedi__message_text(&node, 4, "Identity");
        gedi__message_take(&o->graph, 1, &node);
        value_info(o, GRAPH_OUTPUT, output_name[k], u->out[k]->shape);
    }
    return GEDI_OK;
}

/* ---- ModelProto ---- */

static void metadata(gedi__message *model, const char *key, const char *fmt, ...)
    GEDI_PRINTF(3, 4);
static void metadata(gedi__message *model, const char *key, const char *fmt, ...)
{
    char text[512];
    gedi__message entry = {0};
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    gedi__message_text(&entry, 1, key);
    gedi__message_text(&entry, 2, text);
    gedi__message_take(model, 14, &entry);
}

static gedi_status write_model(gedi__onnx *o, const gedi__trained *t, const char *run,
                               const char *path, gedi_err *err)
{
    gedi__message model = {0}, opset = {0};
    gedi__message_integer(&model, 1, IR_VERSION);
    gedi__message_text(&model, 2, "gedi");
    gedi__message_text(&model, 3, PACKAGE_VERSION);
    gedi__message_take(&model, 7, &o->graph);
    gedi__message_integer(&opset, 2, OPSET);
    gedi__message_take(&model, 8, &opset);
    metadata(&model, "run", "%s", run);
    metadata(&model, "iteration", "%" PRId64, t->iteration);
    if (t->data.info.std > 0) { /* of images */
        metadata(&model, "mean", "%.9g", t->data.info.mean);
        metadata(&model, "std", "%.9g", t->data.info.std);
    }
    gedi_status s = model.failed ? gedi_no_memory(err, "the ONNX model")
                                 : gedi__file_write(path, model.s, model.len, err);
    gedi__message_clear(&model);
    return s;
}

gedi_status gedi__onnx_write(const gedi__trained *t, const char *run, const char *path,
                             gedi_err *err)
{
    built u = {0}, other = {0};
    gedi__onnx o = {0};
    gedi_status s = build(&u, &t->net, FEW, err);
    if (!s)
        s = build(&other, &t->net, MORE, err);
    if (!s)
        s = write_graph(&o, &u, &other, t->e->name, err);
    if (!s)
        s = write_model(&o, t, run, path, err);
    gedi__message_clear(&o.graph);
    clear(&u);
    clear(&other);
    return s;
}
