/* mean_pool.c - mean of each 2x2 square of an image, and its transposed map.
 *
 * Inputs:  x  [N, H, W, C], H and W even
 * Output:  mean_pool: half as high and wide, the mean of each square; mean_unpool: twice
 *          as high and wide, a quarter of the number at each place of its square
 * Differs: both are linear and each is the other's derivative, so they can be
 *          differentiated as often as wanted.
 */
#include "core/op/fold.h"
#include "core/op/image.h"

static gedi_status mean_pool_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi__image m;
    char text[64];
    GEDI_TRY(gedi__image_required(y->in[0]->shape, &m, err));
    if (m.h % 2 || m.w % 2)
        return GEDI_FAIL(err, GEDI_SHAPE, "height and width of %s are not both even",
                         gedi_shape_text(y->in[0]->shape, text, sizeof text));
    m.h /= 2;
    m.w /= 2;
    *out = gedi__image_shape(&m);
    return GEDI_OK;
}

static gedi_status mean_unpool_infer(const gedi_node *y, gedi_shape *out, gedi_err *err)
{
    gedi__image m;
    GEDI_TRY(gedi__image_required(y->in[0]->shape, &m, err));
    m.h *= 2;
    m.w *= 2;
    *out = gedi__image_shape(&m);
    return GEDI_OK;
}

/* One row of squares: rows `a` and `b` of x [2 width, inner] give y [width, inner]. */
GEDI__CLONES static void pool_row(const float *a, const float *b, int64_t width,
                                  int64_t inner, float *y)
{
    for (int64_t j = 0; j < width; j++, a += 2 * inner, b += 2 * inner, y += inner)
        _Pragma("omp simd") for (int64_t k = 0; k < inner; k++) y[k] =
            0.25f * ((a[k] + a[k + inner]) + (b[k] + b[k + inner]));
}

GEDI__CLONES static void unpool_row(const float *x, int64_t width, int64_t inner,
                                    float *a, float *b)
{
    for (int64_t j = 0; j < width; j++, a += 2 * inner, b += 2 * inner, x += inner)
        _Pragma("omp simd") for (int64_t k = 0; k < inner; k++) a[k] = a[k + inner] =
            b[k] = b[k + inner] = 0.25f * x[k];
}

static void mean_pool_eval(const gedi__step *s)
{
    gedi__image m;
    gedi__image_of(s->node->shape, &m);
    int64_t inner = m.c, rows = m.n * m.h;
    int64_t wide = 2 * m.w * inner;
    int threads = 2 * rows * wide >= GEDI__PARALLEL_MIN ? s->threads : 1;
    GEDI__PARALLEL_FOR(threads, i, rows, {
        const float *x = s->in[0] + 2 * i * wide;
        pool_row(x, x + wide, m.w, inner, s->out + i * m.w * inner);
    });
}

static void mean_unpool_eval(const gedi__step *s)
{
    gedi__image m;
    gedi__image_of(s->node->in[0]->shape, &m);
    int64_t inner = m.c, rows = m.n * m.h;
    int64_t wide = 2 * m.w * inner;
    int threads = 2 * rows * wide >= GEDI__PARALLEL_MIN ? s->threads : 1;
    GEDI__PARALLEL_FOR(threads, i, rows, {
        float *y = s->out + 2 * i * wide;
        unpool_row(s->in[0] + i * m.w * inner, m.w, inner, y, y + wide);
    });
}

static void mean_pool_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gedi_mean_unpool(gy);
}

static void mean_unpool_vjp(gedi_node *y, gedi_node *gy, gedi_node **gx)
{
    (void)y;
    gx[0] = gedi_mean_pool(gy);
}

const gedi__op gedi__op_mean_pool = {
    .name = "mean_pool",
    .infer = mean_pool_infer,
    .eval = mean_pool_eval,
    .vjp = mean_pool_vjp,
    .rows = gedi__weighted_rows,
};

const gedi__op gedi__op_mean_unpool = {
    .name = "mean_unpool",
    .infer = mean_unpool_infer,
    .eval = mean_unpool_eval,
    .vjp = mean_unpool_vjp,
    .rows = gedi__weighted_rows,
};

/* Of a constant, a constant. */
static gedi_node *pooled(const gedi__op *op, gedi_node *x, double times)
{
    double v;
    gedi_node *y = gedi__unary(op, x, NULL);
    return y && gedi__constant_value(x, &v) ? gedi_constant(x->graph, times * v, y->shape)
                                            : y;
}

gedi_node *gedi_mean_pool(gedi_node *x)
{
    return pooled(&gedi__op_mean_pool, x, 1.0);
}

gedi_node *gedi_mean_unpool(gedi_node *x)
{
    return pooled(&gedi__op_mean_unpool, x, 0.25);
}
