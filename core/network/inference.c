/* inference.c - the network as a program: records in, what is wanted of them out. */
#include "core/network/inference.h"
#include "core/base/memory.h"
#include "core/graph/node.h"
#include "core/nn/written.h"

#include <stdlib.h>

struct gedi__inference {
    gedi_build build;
    gedi__program *program;
    gedi_batch v; /* the views that an energy may depend on */
    float *x, *own;
    int n; /* outputs of the program, those that are watched at the end */
    int watches;
    int at[GEDI__OUTPUTS]; /* which of them, -1 without */
    gedi_node *node[GEDI__OUTPUTS + GEDI__WATCHES];
};

static void want(gedi__inference *f, gedi__output which, gedi_node *y)
{
    f->at[which] = f->n;
    f->node[f->n++] = y;
}

/* The state after a step of the sampler, in the energy of x. */
static gedi_node *step(const gedi__network *net, gedi_build *b, gedi_node *x,
                       gedi_node *energy)
{
    const gedi__component *c = &net->stage->sampler;
    const gedi_sampler *sampler = (const gedi_sampler *)c->plugin;
    char is[64], was[64];
    if (gedi_graph_status(b->g, NULL) != GEDI_OK)
        return NULL;
    gedi__graph_enter(b->g, "sampler", sampler->name);
    b->watching = b->bare = true;
    gedi_node *next = sampler->step(c->self, b, x, energy);
    b->watching = b->bare = false;
    gedi_shape s = gedi_node_shape(next);
    if (gedi_graph_status(b->g, NULL) == GEDI_OK && !next)
        gedi_graph_fail(b->g, GEDI_USAGE, "its step gives NULL, not the next state");
    else if (gedi_graph_status(b->g, NULL) == GEDI_OK &&
             !gedi_shape_equal(s, gedi_node_shape(x)))
        gedi_graph_fail(b->g, GEDI_SHAPE, "the next state has shape %s, but the state %s",
                        gedi_shape_text(s, is, sizeof is),
                        gedi_shape_text(gedi_node_shape(x), was, sizeof was));
    gedi__graph_leave(b->g);
    return next;
}

static void build_energy(gedi__inference *f, const gedi__network *net, unsigned outputs,
                         gedi_node *x, gedi_node *z)
{
    gedi_node *energy = gedi__network_energy(net, &f->build, x, z, &f->v), *slope = NULL;
    if (outputs & 1u << GEDI__NEXT)
        want(f, GEDI__NEXT, step(net, &f->build, x, energy));
    if (!(outputs & (1u << GEDI__LOG_P | 1u << GEDI__SLOPE)))
        return;
    gedi_node *log_p = gedi_neg(energy);
    if (outputs & 1u << GEDI__LOG_P)
        want(f, GEDI__LOG_P, log_p);
    if (outputs & 1u << GEDI__SLOPE) {
        (void)gedi_grad(log_p, &x, 1, NULL, 0, &slope); /* the graph keeps the error */
        want(f, GEDI__SLOPE, slope);
    }
}

static gedi_status compile(gedi__inference *f, const gedi__network *net,
                           const gedi__wanted *w, gedi_node *x, gedi_err *err)
{
    int m;
    gedi__binding *bind = gedi__build_bindings(&f->build, GEDI_MAX_VIEWS + 1, &m);
    if (!bind)
        return gedi_no_memory(err, "the network's parameters");
    for (int i = 0; w->views && i < GEDI_MAX_VIEWS; i++)
        if (w->views[i])
            bind[m++] = (gedi__binding){f->v.x[i], w->views[i]};
    bind[m++] = (gedi__binding){x, f->x};
    int threads = w->threads ? w->threads : (int)net->e->threads;
    gedi_status s =
        gedi__program_new(f->build.g, f->node, f->n, bind, m, threads, &f->program, err);
    free(bind);
    return s;
}

/* Of records [n, record], which are *x. */
static gedi_status build(gedi__inference *f, const gedi__network *net,
                         const gedi__wanted *w, gedi_shape s, gedi_node **in,
                         gedi_err *err)
{
    gedi_build *b = &f->build;
    gedi_node *h, *z;
    GEDI_TRY(gedi__build_init(b, &net->params, false, err));
    b->averaged = w->averaged;
    f->v = gedi__network_views(net, b);
    f->v.label = f->v.index = NULL; /* an energy is asked of any records */
    gedi_node *x = *in =
        gedi_input(b->g, w->outputs & 1u << GEDI__NEXT ? "samples" : "records", s);
    gedi__network_pass(net, b, x, &h, &z);
    if (w->outputs & 1u << GEDI__FEATURES)
        want(f, GEDI__FEATURES, h);
    if (w->outputs & 1u << GEDI__EMBEDDING)
        want(f, GEDI__EMBEDDING, z);
    if (w->outputs & 1u << GEDI__DIRECTIONS)
        want(f, GEDI__DIRECTIONS, gedi_l2_normalize(z, 1e-12));
    if (w->outputs & 1u << GEDI__LOGITS && net->clusters)
        want(f, GEDI__LOGITS, gedi__network_logits(net, b, z));
    if (w->outputs & 1u << GEDI__LABELS_P && net->clusters)
        want(f, GEDI__LABELS_P, gedi_softmax(gedi__network_logits(net, b, z)));
    if (net->has_energy)
        build_energy(f, net, w->outputs, x, z);
    if (w->outputs & 1u << GEDI__NEXT)
        for (; f->watches < b->watches; f->watches++)
            f->node[f->n++] = b->watch[f->watches].node;
    return gedi_graph_status(b->g, err);
}

static gedi_status set_up(gedi__inference *f, const gedi__network *net,
                          const gedi__wanted *w, gedi_err *err)
{
    gedi_node *x;
    gedi_shape s =
        gedi__batch_shape(w->record.rank ? w->record : net->info.record, w->rows);
    f->x = w->x;
    if (!f->x)
        f->x = f->own = gedi__alloc((size_t)gedi_shape_size(s), sizeof *f->x, err,
                                    "%lld records", (long long)w->rows);
    if (!f->x)
        return GEDI_NOMEM;
    GEDI_TRY(build(f, net, w, s, &x, err));
    return compile(f, net, w, x, err);
}

gedi_status gedi__inference_new(const gedi__network *net, const gedi__wanted *w,
                                gedi__inference **out, gedi_err *err)
{
    gedi__inference *f = GEDI__NEW(f, err, "inference");
    *out = NULL;
    if (!f)
        return GEDI_NOMEM;
    for (int i = 0; i < GEDI__OUTPUTS; i++)
        f->at[i] = -1;
    gedi_status s = set_up(f, net, w, err);
    if (s == GEDI_OK)
        *out = f;
    else
        gedi__inference_free(f);
    return s;
}

void gedi__inference_free(gedi__inference *f)
{
    if (!f)
        return;
    gedi__program_free(f->program);
    gedi__build_clear(&f->build);
    free(f->own);
    free(f);
}

float *gedi__inference_records(gedi__inference *f)
{
    return f->x;
}

float *gedi__inference_view(gedi__inference *f, int i)
{
    return gedi__program_input(f->program, f->v.x[i]);
}

void gedi__inference_advance(gedi__inference *f, int64_t iteration)
{
    gedi__build_advance(&f->build, iteration);
}

void gedi__inference_run(gedi__inference *f, bool again)
{
    gedi__program_repeat(f->program, again);
}

const float *gedi__inference_output(const gedi__inference *f, gedi__output which)
{
    return f->at[which] < 0 ? NULL : gedi__program_output(f->program, f->at[which]);
}

int64_t gedi__inference_width(const gedi__inference *f, gedi__output which)
{
    return f->at[which] < 0 ? 0 : gedi_cols(f->node[f->at[which]]);
}

int gedi__inference_watches(const gedi__inference *f)
{
    return f->watches;
}

const char *gedi__inference_watch(const gedi__inference *f, int i, double *value)
{
    *value = gedi__program_output(f->program, f->n - f->watches + i)[0];
    return f->build.watch[i].name;
}

/* What evaluators make of the encoder learns: its states are updated. */
static gedi_status write_encoder(const gedi__network *net, gedi_shape s, gedi__text *out,
                                 gedi_err *err)
{
    gedi_build b;
    GEDI_TRY(gedi__build_init(&b, &net->params, true, err));
    gedi_node *h = gedi__network_encode(net, &b, gedi_input(b.g, "records", s));
    gedi_status status = gedi_graph_status(b.g, err);
    if (!status)
        status = gedi__build_write(&b, &h, 1, out, err);
    for (int i = 0; i < b.n && !status; i++)
        status = gedi__build_write(&b, &b.used[i].pending, 1, out, err);
    gedi__build_clear(&b);
    return status;
}

gedi_status gedi__inference_write(const gedi__network *net, gedi__text *out, bool *views,
                                  gedi_err *err)
{
    enum { ROWS = 8 }; /* more than one, for statistics of a batch */
    unsigned outputs = (1u << GEDI__OUTPUTS) - 1;
    if (!net->stage->sampler.plugin)
        outputs &= ~(1u << GEDI__NEXT);
    const gedi__wanted w = {.outputs = outputs, .rows = ROWS, .averaged = net->averaged};
    gedi_shape s = gedi__batch_shape(net->info.record, ROWS);
    gedi__inference f = {0};
    gedi_node *x;
    *views = false;
    gedi_status status = build(&f, net, &w, s, &x, err);
    if (!status)
        status = gedi__build_write(&f.build, f.node, f.n, out, err);
    for (int i = 0; i < f.n && !status; i++)
        for (int v = 0; v < GEDI_MAX_VIEWS; v++)
            *views |= gedi_depends(f.node[i], f.v.x[v]);
    gedi__build_clear(&f.build);
    return status ? status : write_encoder(net, s, out, err);
}

gedi__program *gedi__inference_program(gedi__inference *f)
{
    return f->program;
}
