/* convolve.c - convolution of images, and the two bilinear maps that are its derivatives.
 *
 * Attributes: i: zeros around the image, on each side; k: stride; of convolve_weight, j: 1 with the
 * bias, axes[0] and [1]: kh and kw.
 * Inputs:  convolve         x [N, H, W, C], w [kh, kw, C, O], optional bias [O]
 *          convolve_input   gy [N, P, Q, O], w
 *          convolve_weight  x, gy
 * Output:  convolve         y [N, P, Q, O], P = (H + 2 pad - kh) / stride + 1, Q likewise (conv.h)
 *          convolve_input   of the shape of x, convolve_weight of that of w
 * Differs: each derivative is one of the three again.
 */
#include "core/op/conv.h"
#include "core/base/loop.h"
#include "core/op/fold.h"
#include "core/op/strided.h"

#include <string.h>

/* ---- sizes ---- */

gedi_shape gedi__conv_kernel(const gedi__conv *c)
{
    return GEDI_DIMS(c->kh, c->kw, c->x.c, c->y.c);
}

int64_t gedi__conv_work(const gedi__conv *c)
{
    return c->y.n * c->y.h * c->y.w * c->kh * c->kw * c->x.c * c->y.c;
}

/* Fills c from the shapes of image and kernel. */
static gedi_status conv_sizes(gedi_shape x, gedi_shape w, const gedi__attr *at,
                              gedi__conv *c, gedi_err *err)
{
    const int64_t pad = at->i, stride = at->k;
    char is[64], kernel[64];
    GEDI_TRY(gedi__image_required(x, &c->x, err));
    gedi_shape_text(x, is, sizeof is);
    gedi_shape_text(w, kernel, sizeof kernel);
    if (w.rank != 4 || w.dim[0] < 1 || w.dim[1] < 1 || w.dim[2] < 1 || w.dim[3] < 1)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "kernel %s is not [kh, kw, C, O], each at least 1", kernel);
    if (w.dim[2] != c->x.c)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "image %s has %lld channels, kernel %s takes %lld", is,
                         (long long)c->x.c, kernel, (long long)w.dim[2]);
    if (pad < 0)
        return GEDI_FAIL(err, GEDI_SHAPE, "%lld zeros around image %s: a negative number",
                         (long long)pad, is);
    if (stride < 1)
        return GEDI_FAIL(err, GEDI_SHAPE, "a stride of %lld: it must be at least 1",
                         (long long)stride);
    c->kh = w.dim[0];
    c->kw = w.dim[1];
    c->pad = pad;
    c->stride = stride;
    const int64_t down = c->x.h + 2 * pad - c->kh, across = c->x.w + 2 * pad - c->kw;
    c->y = (gedi__image){
        .n = c->x.n, .h = down / stride + 1, .w = across / stride + 1, .c = w.dim[3]};
    if (down < 0 || across < 0)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "kernel %s is larger than image %s with %lld zeros around it",
                         kernel, is, (long long)pad);
    return GEDI_OK;
}

static gedi__conv conv_of(const gedi_node *node)
{
    static const struct {
        const gedi__op *op;
        int x, w, y; /* which input, or -1: the result */
    } roles[] = {
        [GEDI__CONV_OUTPUT] = {&gedi__op_convolve, 0, 1, -1},
        [GEDI__CONV_INPUT] = {&gedi__op_convolve_input, -1, 1, 0},
        [GEDI__CONV_WEIGHT] = {&gedi__op_convolve_weight, 0, -1, 1},
    };
    gedi__conv c = {.pad = node->attr.i,
                    .stride = node->attr.k,
                    .bias = node->n_in == 3 || node->attr.j};
    while (roles[c.pass].op != node->op)
        c.pass++;
    int x = roles[c.pass].x, w = roles[c.pass].w, y = roles[c.pass].y;
    gedi__image_of(x < 0 ? node->shape : node->in[x]->shape, &c.x);
    gedi__image_of(y < 0 ? node->shape : node->in[y]->shape, &c.y);
    c.kh = w < 0 ? node->attr.axes[0] : node->in[w]->shape.dim[0];
    c.kw = w < 0 ? node->attr.axes[1] : node->in[w]->shape.dim[1];
    return c;
}

/* ---- computing ---- */

GEDI__CLONES static void add_parts(const float *part, int64_t stride, int64_t parts,
                                   int64_t n, float *to)
{
    memcpy(to, part, (size_t)n * sizeof *to);
    for (int64_t p = 1; p < parts; p++)
        _Pragma("omp simd") for (int64_t i = 0; i < n; i++) to[i] += part[p * stride + i];
}

void gedi__conv_add_parts(const float *part, int64_t stride, int64_t parts, int64_t n,
                          float *to, int threads)
{
    enum { CHUNK = 4096 };
    GEDI__PARALLEL_FOR(threads, k, (n + CHUNK - 1) / CHUNK, {
        add_parts(part + k * CHUNK, stride, parts, gedi__min64(CHUNK, n - k * CHUNK),
                  to + k * CHUNK);
    });
}

static gedi_status conv_prepare(gedi__step *s, gedi_err *err)
{
    gedi__conv c = conv_of(s->node);
    if (!gedi_shape_size(s->node->shape) || !c.x.n)
        return GEDI_OK;
    if (!s->node->graph->direct)
        GEDI_TRY(gedi__winograd_prepare(&c, s, err));
    return s->state ? GEDI_OK : gedi__conv_direct_prepare(&c, s, err);
}

static void conv_eval(const gedi__step *s)
{
    const gedi__conv_way *way = s->state;
    if (way)
        way->run(s);
    else /* the weights' derivative over no images */
        gedi__fill(s->out, gedi_shape_size(s->node->shape), 0.0f);
}

static void conv_release(void *state)
{
    const gedi__conv_way *way = state;
    if (way)
        way->release(state);
}

/* ---- convolve ---- */

static gedi_status convolve_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi__conv c;
    char text[64];
    GEDI_TRY(conv_sizes(y->in[0]->shape, y->in[1]->shape, &y->attr, &c, err));
    if (y->n_in == 3 && !gedi_shape_equal(y->in[2]->shape, GEDI_DIMS(c.y.c)))
        return GEDI_FAIL(err, GEDI_SHAPE, "bias %s is not [%lld]",
                         gedi_shape_text(y->in[2]->shape, text, sizeof text),
                         (long long)c.y.c);
    *out = gedi__image_shape(&c.y);
    return GEDI_OK;
}

/* Constant where a factor is 0: a derivative is full of those. */
static bool is_zero(const gedi_node *x)
{
    double v;
    return gedi__constant_value(x, &v) && v == 0.0;
}

static gedi_node *bilinear(const gedi__op *op, gedi_node *a, gedi_node *b,
                           gedi_node *bias, const gedi__attr *at, const gedi_shape *shape)
{
    gedi_node *in[3] = {a, b, bias};
    if (!a || !b)
        return NULL;
    gedi_node *y = gedi__node(a->graph, op, in, bias ? 3 : 2, at, shape);
    bool zero = is_zero(b) || (is_zero(a) && !at->j); /* the bias does not ask for x */
    if (y && !bias && zero)
        return gedi_constant(a->graph, 0.0, y->shape);
    return y;
}

/* The derivatives of kernel and bias: both are the memory of `flat`. */
static void split(gedi_node *flat, gedi_shape w, gedi_node **gw, gedi_node **gb)
{
    int64_t o = w.dim[3], rows = w.dim[0] * w.dim[1] * w.dim[2];
    *gw = gedi_reshape(gedi_slice(flat, 0, 0, rows), w);
    *gb = gedi_reshape(gedi_slice(flat, 0, rows, 1), GEDI_DIMS(o));
}

static void convolve_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    gedi_node *x = y->in[0], *w = y->in[1];
    gx[0] = gedi_convolve_input(gy, w, y->attr.i, y->attr.k, x->shape);
    if (y->n_in == 3)
        split(gedi_convolve_weight(x, gy, y->attr.i, y->attr.k, w->shape, true), w->shape,
              &gx[1], &gx[2]);
    else
        gx[1] = gedi_convolve_weight(x, gy, y->attr.i, y->attr.k, w->shape, false);
}

const gedi__op gedi__op_convolve = {
    .name = "convolve",
    .infer = convolve_infer,
    .prepare = conv_prepare,
    .eval = conv_eval,
    .release = conv_release,
    .vjp = convolve_vjp,
    .rows = gedi__weighted_rows,
};

gedi_node *gedi_convolve(gedi_node *x, gedi_node *w, gedi_node *bias, int64_t pad,
                         int64_t stride)
{
    gedi__attr at = {.i = pad, .k = stride};
    return bilinear(&gedi__op_convolve, x, w, bias, &at, NULL);
}

/* ---- convolve_input ---- */

/* What convolving `x` would give must be `gy`. */
static gedi_status check_output(const gedi__conv *c, gedi_shape gy, gedi_err *err)
{
    gedi__image m;
    char is[64], wanted[64];
    GEDI_TRY(gedi__image_required(gy, &m, err));
    if (gedi_shape_equal(gedi__image_shape(&c->y), gy))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_SHAPE, "%s is not the shape of the output, %s",
                     gedi_shape_text(gy, is, sizeof is),
                     gedi_shape_text(gedi__image_shape(&c->y), wanted, sizeof wanted));
}

static gedi_status convolve_input_infer(const gedi_node *y, gedi_shape *out,
                                        gedi_err *err)
{
    gedi__conv c;
    GEDI_TRY(conv_sizes(*out, y->in[1]->shape, &y->attr, &c, err));
    return check_output(&c, y->in[0]->shape, err);
}

/* With gx = convolve_input(gy, w) and a cotangent u of gx: linear in gy and in w. */
static void convolve_input_vjp(gedi_node *y, gedi_node *u, gedi_node **gx)
{
    gedi_node *gy = y->in[0], *w = y->in[1];
    gx[0] = gedi_convolve(u, w, NULL, y->attr.i, y->attr.k);
    gx[1] = gedi_convolve_weight(u, gy, y->attr.i, y->attr.k, w->shape, false);
}

const gedi__op gedi__op_convolve_input = {
    .name = "convolve_input",
    .infer = convolve_input_infer,
    .prepare = conv_prepare,
    .eval = conv_eval,
    .release = conv_release,
    .vjp = convolve_input_vjp,
    .rows = gedi__weighted_rows,
};

gedi_node *gedi_convolve_input(gedi_node *gy, gedi_node *w, int64_t pad, int64_t stride,
                               gedi_shape x)
{
    gedi__attr at = {.i = pad, .k = stride};
    return bilinear(&gedi__op_convolve_input, gy, w, NULL, &at, &x);
}

/* ---- convolve_weight ---- */

/* The shape that is proposed is that of the kernel. */
static gedi_status convolve_weight_infer(const gedi_node *y, gedi_shape *out,
                                         gedi_err *err)
{
    gedi__conv c;
    GEDI_TRY(conv_sizes(y->in[0]->shape, *out, &y->attr, &c, err));
    GEDI_TRY(check_output(&c, y->in[1]->shape, err));
    if (y->attr.j)
        *out = GEDI_DIMS(c.kh * c.kw * c.x.c + 1, c.y.c);
    return GEDI_OK;
}

/* With gw = convolve_weight(x, gy) and a cotangent v of gw. */
static void convolve_weight_vjp(gedi_node *y, gedi_node *v, gedi_node **gx)
{
    gedi_node *x = y->in[0], *gy = y->in[1], *bias = NULL;
    gedi__conv c = conv_of(y);
    if (y->attr.j)
        split(v, gedi__conv_kernel(&c), &v, &bias);
    gx[0] = gedi_convolve_input(gy, v, y->attr.i, y->attr.k, x->shape);
    gx[1] = gedi_convolve(x, v, bias, y->attr.i, y->attr.k);
}

const gedi__op gedi__op_convolve_weight = {
    .name = "convolve_weight",
    .infer = convolve_weight_infer,
    .prepare = conv_prepare,
    .eval = conv_eval,
    .release = conv_release,
    .vjp = convolve_weight_vjp,
};

gedi_node *gedi_convolve_weight(gedi_node *x, gedi_node *gy, int64_t pad, int64_t stride,
                                gedi_shape w, bool bias)
{
    gedi__attr at = {
        .i = pad, .j = bias, .k = stride, .axes = {(int32_t)w.dim[0], (int32_t)w.dim[1]}};
    return bilinear(&gedi__op_convolve_weight, x, gy, NULL, &at, &w);
}
