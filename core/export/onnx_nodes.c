/* onnx_nodes.c - gedi's operations in ONNX's: one function a kind of operation, and their table.
 *
 * Operations that only derivatives and samplers use are in no encoder, and not in the table.
 */
#include "core/export/onnx_graph.h"
#include "core/op/op.h"

#include <stdio.h>
#include <string.h>

enum { FLOAT = 1, INT64 = 7 };                          /* TensorProto.DataType */
enum { AS_FLOAT = 1, AS_INTEGER = 2, AS_INTEGERS = 7 }; /* AttributeProto.AttributeType */

/* ---- NodeProto ---- */

static void attribute(gedi__message *node, gedi__message *a, const char *name, int type)
{
    gedi__message_text(a, 1, name);
    gedi__message_integer(a, 20, type);
    gedi__message_take(node, 5, a);
}

static void with_float(gedi__message *node, const char *name, double x)
{
    gedi__message a = {0};
    gedi__message_float(&a, 2, (float)x);
    attribute(node, &a, name, AS_FLOAT);
}

static void with_integer(gedi__message *node, const char *name, int64_t x)
{
    gedi__message a = {0};
    gedi__message_integer(&a, 3, x);
    attribute(node, &a, name, AS_INTEGER);
}

static void with_integers(gedi__message *node, const char *name, const int64_t *x, int n)
{
    gedi__message a = {0};
    for (int i = 0; i < n; i++)
        gedi__message_integer(&a, 8, x[i]);
    attribute(node, &a, name, AS_INTEGERS);
}

static gedi__message begin(const char *type)
{
    gedi__message node = {0};
    gedi__message_text(&node, 4, type);
    return node;
}

static void from(gedi__message *node, const char *name)
{
    gedi__message_text(node, 1, name);
}

static void to(gedi__onnx *o, gedi__message *node, const char *name)
{
    gedi__message_text(node, 2, name);
    gedi__message_text(node, 3, name);
    gedi__message_take(&o->graph, 1, node);
}

/* A value between the operations that one of gedi's becomes. */
typedef struct value {
    char name[GEDI__ONNX_NAME];
} value;

static value made_up(gedi__onnx *o)
{
    value v;
    snprintf(v.name, sizeof v.name, "t%d", o->fresh++);
    return v;
}

static value of(const gedi_node *x)
{
    value v;
    gedi__onnx_name(x, v.name);
    return v;
}

static value integers(gedi__onnx *o, const int64_t *x, int n)
{
    value v = made_up(o);
    gedi__onnx_integers(o, v.name, x, n);
    return v;
}

static value number(gedi__onnx *o, double x)
{
    float f = (float)x;
    value v = made_up(o);
    gedi__onnx_floats(o, v.name, &f, NULL, 0);
    return v;
}

static void unary(gedi__onnx *o, const char *type, value x, value y)
{
    gedi__message node = begin(type);
    from(&node, x.name);
    to(o, &node, y.name);
}

static void binary(gedi__onnx *o, const char *type, value a, value b, value y)
{
    gedi__message node = begin(type);
    from(&node, a.name);
    from(&node, b.name);
    to(o, &node, y.name);
}

static void turn(gedi__onnx *o, value x, const int64_t *axes, int n, value y)
{
    gedi__message node = begin("Transpose");
    from(&node, x.name);
    with_integers(&node, "perm", axes, n);
    to(o, &node, y.name);
}

static void cast(gedi__onnx *o, value x, int type, value y)
{
    gedi__message node = begin("Cast");
    from(&node, x.name);
    with_integer(&node, "to", type);
    to(o, &node, y.name);
}

/* ---- one function a kind of operation ---- */

typedef gedi_status writer(gedi__onnx *o, const gedi_node *y, const char *type,
                           gedi_err *err);

static gedi_status write_unary(gedi__onnx *o, const gedi_node *y, const char *type,
                               gedi_err *err)
{
    (void)err;
    unary(o, type, of(y->in[0]), of(y));
    return GEDI_OK;
}

static gedi_status write_binary(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    (void)err;
    binary(o, type, of(y->in[0]), of(y->in[1]), of(y));
    return GEDI_OK;
}

static gedi_status write_affine(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    (void)type;
    (void)err;
    value x = of(y->in[0]), scaled = y->attr.b == 0 ? of(y) : made_up(o);
    if (y->attr.a == 1 && y->attr.b != 0)
        scaled = x;
    else
        binary(o, "Mul", x, number(o, y->attr.a), scaled);
    if (y->attr.b != 0)
        binary(o, "Add", scaled, number(o, y->attr.b), of(y));
    return GEDI_OK;
}

static gedi_status write_square(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    (void)err;
    binary(o, type, of(y->in[0]), of(y->in[0]), of(y));
    return GEDI_OK;
}

static void bend(gedi__onnx *o, value x, double slope, value y)
{
    gedi__message node = begin(slope == 0 ? "Relu" : "LeakyRelu");
    from(&node, x.name);
    if (slope != 0)
        with_float(&node, "alpha", slope);
    to(o, &node, y.name);
}

static gedi_status write_leaky_relu(gedi__onnx *o, const gedi_node *y, const char *type,
                                    gedi_err *err)
{
    (void)type;
    (void)err;
    bend(o, of(y->in[0]), y->attr.a, of(y));
    return GEDI_OK;
}

static gedi_status write_step(gedi__onnx *o, const gedi_node *y, const char *type,
                              gedi_err *err)
{
    (void)err;
    value above = made_up(o);
    binary(o, "Greater", of(y->in[0]), number(o, 0), above);
    gedi__message node = begin(type);
    from(&node, above.name);
    from(&node, number(o, 1).name);
    from(&node, number(o, y->attr.a).name);
    to(o, &node, of(y).name);
    return GEDI_OK;
}

static gedi_status write_greater(gedi__onnx *o, const gedi_node *y, const char *type,
                                 gedi_err *err)
{
    (void)err;
    value above = made_up(o);
    binary(o, type, of(y->in[0]), of(y->in[1]), above);
    cast(o, above, FLOAT, of(y));
    return GEDI_OK;
}

/* Opset 13 has the axes of a sum as an input, those of the others as an attribute. */
static gedi_status write_reduce(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    int64_t axes[GEDI_MAX_RANK];
    int n = 0, rank = y->in[0]->shape.rank;
    bool last = y->op == &gedi__op_logsumexp, sum = y->op == &gedi__op_sum;
    (void)err;
    for (int i = 0; i < rank; i++)
        if (last ? i == rank - 1 : y->attr.mask >> i & 1)
            axes[n++] = i;
    gedi__message node = begin(type);
    from(&node, of(y->in[0]).name);
    if (sum)
        from(&node, integers(o, axes, n).name);
    else
        with_integers(&node, "axes", axes, n);
    with_integer(&node, "keepdims", 1);
    to(o, &node, of(y).name);
    return GEDI_OK;
}

static gedi_status write_softmax(gedi__onnx *o, const gedi_node *y, const char *type,
                                 gedi_err *err)
{
    (void)err;
    gedi__message node = begin(type);
    from(&node, of(y->in[0]).name);
    with_integer(&node, "axis", -1);
    to(o, &node, of(y).name);
    return GEDI_OK;
}

static gedi_status depends(const gedi_node *y, gedi_err *err)
{
    char text[160];
    return GEDI_FAIL(
        err, GEDI_STATE,
        "the encoder cannot be exported: %s depends on how many records come at a time",
        gedi__node_text(y, text, sizeof text));
}

/* Sizes of y's dimensions, -1 for the one that counts records; false where several do. */
static bool sizes_of(const gedi__onnx *o, const gedi_node *y, int64_t *dim,
                     int64_t unknown)
{
    int n = 0;
    for (int i = 0; i < y->shape.rank; i++) {
        bool counts = y->shape.dim[i] != o->other->shape.dim[i];
        dim[i] = counts ? unknown : y->shape.dim[i];
        n += counts;
    }
    return n <= 1;
}

static gedi_status write_reshape(gedi__onnx *o, const gedi_node *y, const char *type,
                                 gedi_err *err)
{
    int64_t dim[GEDI_MAX_RANK];
    if (!sizes_of(o, y, dim, -1))
        return depends(y, err);
    binary(o, type, of(y->in[0]), integers(o, dim, y->shape.rank), of(y));
    return GEDI_OK;
}

/* A dimension that counts records must be there before: Expand leaves it with a size of 1. */
static gedi_status write_broadcast(gedi__onnx *o, const gedi_node *y, const char *type,
                                   gedi_err *err)
{
    int64_t dim[GEDI_MAX_RANK];
    const gedi_node *x = y->in[0];
    if (!sizes_of(o, y, dim, 1))
        return depends(y, err);
    for (int i = 0; i < y->shape.rank; i++) {
        int j = i - (y->shape.rank - x->shape.rank);
        if (y->shape.dim[i] != o->other->shape.dim[i] &&
            (j < 0 || x->shape.dim[j] != y->shape.dim[i]))
            return depends(y, err);
    }
    binary(o, type, of(x), integers(o, dim, y->shape.rank), of(y));
    return GEDI_OK;
}

static gedi_status write_permute(gedi__onnx *o, const gedi_node *y, const char *type,
                                 gedi_err *err)
{
    int64_t axes[GEDI_MAX_RANK];
    (void)type;
    (void)err;
    for (int i = 0; i < y->shape.rank; i++)
        axes[i] = y->attr.axes[i];
    turn(o, of(y->in[0]), axes, y->shape.rank, of(y));
    return GEDI_OK;
}

static gedi_status write_slice(gedi__onnx *o, const gedi_node *y, const char *type,
                               gedi_err *err)
{
    int64_t first = y->attr.j, end = y->attr.j + y->attr.k, axis = y->attr.i;
    if (y->in[0]->shape.dim[axis] != o->other->in[0]->shape.dim[axis])
        return depends(y, err);
    gedi__message node = begin(type);
    from(&node, of(y->in[0]).name);
    from(&node, integers(o, &first, 1).name);
    from(&node, integers(o, &end, 1).name);
    from(&node, integers(o, &axis, 1).name);
    to(o, &node, of(y).name);
    return GEDI_OK;
}

static gedi_status write_pad(gedi__onnx *o, const gedi_node *y, const char *type,
                             gedi_err *err)
{
    int64_t pads[2 * GEDI_MAX_RANK] = {0};
    (void)err;
    pads[y->attr.i] = y->attr.j;
    pads[y->attr.i + y->shape.rank] = y->attr.k;
    binary(o, type, of(y->in[0]), integers(o, pads, 2 * y->shape.rank), of(y));
    return GEDI_OK;
}

static gedi_status write_concat(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    (void)err;
    gedi__message node = begin(type);
    for (int i = 0; i < y->n_in; i++)
        from(&node, of(y->in[i]).name);
    with_integer(&node, "axis", y->attr.i);
    to(o, &node, of(y).name);
    return GEDI_OK;
}

/* An operand that lies transposed in memory is turned first. */
static value upright(gedi__onnx *o, const gedi_node *x, bool turned)
{
    static const int64_t axes[] = {1, 0};
    if (!turned)
        return of(x);
    value v = made_up(o);
    turn(o, of(x), axes, 2, v);
    return v;
}

static gedi_status write_matmul(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    (void)err;
    value a = upright(o, y->in[0], y->attr.i), b = upright(o, y->in[1], y->attr.j);
    binary(o, type, a, b, of(y));
    return GEDI_OK;
}

static gedi_status write_dense(gedi__onnx *o, const gedi_node *y, const char *type,
                               gedi_err *err)
{
    bool bent = y->attr.a != 1;
    value sum = bent ? made_up(o) : of(y);
    (void)err;
    gedi__message node = begin(type);
    for (int i = 0; i < 3; i++)
        from(&node, of(y->in[i]).name);
    with_integer(&node, "transB", y->attr.j != 0);
    to(o, &node, sum.name);
    if (bent)
        bend(o, sum, y->attr.a, of(y));
    return GEDI_OK;
}

static const int64_t channels_first[] = {0, 3, 1, 2}, channels_last[] = {0, 2, 3, 1};

/* Images [N, H, W, C] and kernels [kh, kw, C, O]; ONNX has [N, C, H, W] and [O, C, kh, kw]. */
static gedi_status write_convolve(gedi__onnx *o, const gedi_node *y, const char *type,
                                  gedi_err *err)
{
    static const int64_t kernel_axes[] = {3, 2, 0, 1};
    const int64_t pads[] = {y->attr.i, y->attr.i, y->attr.i, y->attr.i};
    const int64_t strides[] = {y->attr.k, y->attr.k};
    value x = made_up(o), w = made_up(o), z = made_up(o);
    (void)err;
    turn(o, of(y->in[0]), channels_first, 4, x);
    turn(o, of(y->in[1]), kernel_axes, 4, w);
    gedi__message node = begin(type);
    from(&node, x.name);
    from(&node, w.name);
    if (y->n_in == 3)
        from(&node, of(y->in[2]).name);
    with_integers(&node, "kernel_shape", y->in[1]->shape.dim, 2);
    with_integers(&node, "pads", pads, 4);
    with_integers(&node, "strides", strides, 2);
    to(o, &node, z.name);
    turn(o, z, channels_last, 4, of(y));
    return GEDI_OK;
}

static gedi_status write_mean_pool(gedi__onnx *o, const gedi_node *y, const char *type,
                                   gedi_err *err)
{
    static const int64_t two[] = {2, 2};
    value x = made_up(o), z = made_up(o);
    (void)err;
    turn(o, of(y->in[0]), channels_first, 4, x);
    gedi__message node = begin(type);
    from(&node, x.name);
    with_integers(&node, "kernel_shape", two, 2);
    with_integers(&node, "strides", two, 2);
    to(o, &node, z.name);
    turn(o, z, channels_last, 4, of(y));
    return GEDI_OK;
}

/* Row numbers are floats [B, 1] in gedi. */
static gedi_status write_gather(gedi__onnx *o, const gedi_node *y, const char *type,
                                gedi_err *err)
{
    static const int64_t flat[] = {-1};
    value whole = made_up(o), row = made_up(o);
    (void)err;
    cast(o, of(y->in[1]), INT64, whole);
    binary(o, "Reshape", whole, integers(o, flat, 1), row);
    binary(o, type, of(y->in[0]), row, of(y));
    return GEDI_OK;
}

/* ---- the table ---- */

static const struct {
    const gedi__op *op;
    const char *type; /* ONNX's, or the main one of several */
    writer *write;
} table[] = {
    {&gedi__op_affine, "Mul", write_affine},
    {&gedi__op_exp, "Exp", write_unary},
    {&gedi__op_log, "Log", write_unary},
    {&gedi__op_sqrt, "Sqrt", write_unary},
    {&gedi__op_square, "Mul", write_square},
    {&gedi__op_reciprocal, "Reciprocal", write_unary},
    {&gedi__op_leaky_relu, "LeakyRelu", write_leaky_relu},
    {&gedi__op_step, "Where", write_step},
    {&gedi__op_tanh, "Tanh", write_unary},
    {&gedi__op_sigmoid, "Sigmoid", write_unary},
    {&gedi__op_softplus, "Softplus", write_unary},
    {&gedi__op_add, "Add", write_binary},
    {&gedi__op_sub, "Sub", write_binary},
    {&gedi__op_mul, "Mul", write_binary},
    {&gedi__op_div, "Div", write_binary},
    {&gedi__op_maximum, "Max", write_binary},
    {&gedi__op_greater, "Greater", write_greater},
    {&gedi__op_sum, "ReduceSum", write_reduce},
    {&gedi__op_max, "ReduceMax", write_reduce},
    {&gedi__op_softmax, "Softmax", write_softmax},
    {&gedi__op_log_softmax, "LogSoftmax", write_softmax},
    {&gedi__op_logsumexp, "ReduceLogSumExp", write_reduce},
    {&gedi__op_reshape, "Reshape", write_reshape},
    {&gedi__op_permute, "Transpose", write_permute},
    {&gedi__op_broadcast, "Expand", write_broadcast},
    {&gedi__op_slice, "Slice", write_slice},
    {&gedi__op_pad, "Pad", write_pad},
    {&gedi__op_concat, "Concat", write_concat},
    {&gedi__op_gather, "Gather", write_gather},
    {&gedi__op_matmul, "MatMul", write_matmul},
    {&gedi__op_dense, "Gemm", write_dense},
    {&gedi__op_convolve, "Conv", write_convolve},
    {&gedi__op_mean_pool, "AveragePool", write_mean_pool},
    {&gedi__op_stop_gradient, "Identity", write_unary},
};

gedi_status gedi__onnx_node(gedi__onnx *o, const gedi_node *y, gedi_err *err)
{
    char text[160];
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].op == y->op)
            return table[i].write(o, y, table[i].type, err);
    return GEDI_FAIL(
        err, GEDI_STATE,
        "the encoder cannot be exported: ONNX has nothing for the operation of %s",
        gedi__node_text(y, text, sizeof text));
}
