/* op_cases_image.c - operations on images.
 *
 * In the cases i is the padding, k one less than the stride, j the bias of convolve_weight, and `shape` that of what a derivative is taken of: of the
 * image in convolve_input, of the kernel in convolve_weight.
 */
#include "core/op/image.h"
#include "tests/op_cases.h"

#include <string.h>

/* ---- numbers by their place ---- */

static gedi__image image_of(gedi_shape s)
{
    gedi__image m = {0};
    gedi__image_of(s, &m);
    return m;
}

static int64_t place(const gedi__image *m, int64_t n, int64_t h, int64_t w, int64_t c)
{
    return ((n * m->h + h) * m->w + w) * m->c + c;
}

/* The channel of number i. */
static int64_t channel(const gedi__image *m, int64_t i)
{
    return i % m->c;
}

/* ---- convolutions: one loop over all products, and where each goes ---- */

typedef enum pass { OUTPUT, INPUT, WEIGHT } pass;

static void add_products(pass p, gedi_shape xs, gedi_shape ws, gedi_shape ys,
                         const op_case *at, const double *a, const double *b, double *sum)
{
    gedi__image x = image_of(xs), y = image_of(ys);
    const int64_t *k = ws.dim;
    for (int64_t i = 0; i < y.n * y.h * y.w * k[0] * k[1]; i++) {
        int64_t n = i / (y.h * y.w * k[0] * k[1]), h = i / (y.w * k[0] * k[1]) % y.h;
        int64_t w = i / (k[0] * k[1]) % y.w, u = i / k[1] % k[0], v = i % k[1];
        int64_t xh = h * (at->k + 1) + u - at->i, xw = w * (at->k + 1) + v - at->i;
        if (xh < 0 || xh >= x.h || xw < 0 || xw >= x.w)
            continue;
        for (int64_t c = 0; c < k[2]; c++)
            for (int64_t o = 0; o < k[3]; o++) {
                int64_t at_x = place(&x, n, xh, xw, c), at_y = place(&y, n, h, w, o);
                int64_t at_w = ((u * k[1] + v) * k[2] + c) * k[3] + o;
                if (p == OUTPUT)
                    sum[at_y] += a[at_x] * b[at_w];
                else if (p == INPUT)
                    sum[at_x] += a[at_y] * b[at_w];
                else
                    sum[at_w] += a[at_x] * b[at_y];
            }
    }
}

/* Kernels that are even, not square, larger than the image; channels that are
 * a multiple of 16 and not; so many images that they are cut into pieces, of which the last
 * is smaller. */
static const op_case convolve_cases[] = {
    {.n_in = 3, .in = {D(1, 4, 3, 16), D(3, 3, 16, 16), D(16)}, .i = 1, .k = 1},
    {.n_in = 3, .in = {D(9, 17, 16, 32), D(3, 3, 32, 48), D(48)}, .i = 1, .k = 1},
    {.n_in = 2, .in = {D(1, 1, 1, 1), D(1, 1, 1, 1)}},
    {.n_in = 2, .in = {D(2, 5, 4, 3), D(3, 3, 3, 2)}, .i = 1},
    {.n_in = 3, .in = {D(2, 4, 3, 2), D(3, 1, 2, 5), D(5)}, .i = 1},
    {.n_in = 3, .in = {D(1, 3, 3, 2), D(5, 5, 2, 3), D(3)}, .i = 2},
    {.n_in = 2, .in = {D(1, 4, 5, 2), D(2, 2, 2, 3)}, .i = 0},
    {.n_in = 3, .in = {D(1, 2, 2, 3), D(1, 1, 3, 16), D(16)}, .i = 1},
    {.n_in = 3, .in = {D(2, 3, 4, 3), D(3, 3, 3, 16), D(16)}, .i = 1},
    {.n_in = 3, .in = {D(1, 3, 3, 16), D(3, 3, 16, 5), D(5)}, .i = 1},
    {.n_in = 3, .in = {D(2, 2, 1, 32), D(1, 1, 32, 16), D(16)}, .i = 0},
    {.n_in = 2, .in = {D(1, 2, 2, 20), D(3, 3, 20, 3)}, .i = 1},
    {.n_in = 2, .in = {D(0, 5, 4, 3), D(3, 3, 3, 2)}, .i = 1},
    {.n_in = 3, .in = {D(5, 20, 20, 5), D(3, 3, 5, 7), D(7)}, .i = 0},
    {.n_in = 3, .in = {D(19, 16, 16, 48), D(3, 3, 48, 32), D(32)}, .i = 1},
    {.n_in = 3, .in = {D(67, 8, 8, 64), D(3, 3, 64, 32), D(32)}, .i = 1},
    {.n_in = 3, .in = {D(9, 32, 32, 3), D(3, 3, 3, 32), D(32)}, .i = 1},
    {.n_in = 3, .in = {D(2, 5, 4, 3), D(3, 3, 3, 2), D(2)}, .i = 1, .k = 1},
    {.n_in = 2, .in = {D(2, 4, 3, 20), D(1, 1, 20, 3)}, .k = 1},
    {.n_in = 2, .in = {D(1, 2, 7, 2), D(2, 3, 2, 3)}, .i = 0, .k = 2},
    {.n_in = 3, .in = {D(9, 16, 16, 48), D(3, 3, 48, 32), D(32)}, .i = 1, .k = 1},
    {.n_in = 2, .in = {D(2, 32, 32, 3), D(7, 7, 3, 16)}, .i = 3, .k = 1},
    END,
};

static gedi_node *build_convolve(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_convolve(x[0], x[1], c->n_in == 3 ? x[2] : NULL, c->i, c->k + 1);
}

static void convolve_reference(const op_case *c, const double *const *x, gedi_shape s,
                               double *y)
{
    gedi__image m = image_of(s);
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = c->n_in == 3 ? x[2][channel(&m, i)] : 0;
    add_products(OUTPUT, c->in[0], c->in[1], s, c, x[0], x[1], y);
}

static const op_case convolve_input_cases[] = {
    {.n_in = 2,
     .in = {D(1, 2, 2, 16), D(3, 3, 16, 16)},
     .i = 1,
     .k = 1,
     .shape = D(1, 4, 3, 16)},
    {.n_in = 2,
     .in = {D(9, 9, 8, 48), D(3, 3, 32, 48)},
     .i = 1,
     .k = 1,
     .shape = D(9, 17, 16, 32)},
    {.n_in = 2, .in = {D(1, 1, 1, 1), D(1, 1, 1, 1)}, .shape = D(1, 1, 1, 1)},
    {.n_in = 2, .in = {D(2, 5, 4, 2), D(3, 3, 3, 2)}, .i = 1, .shape = D(2, 5, 4, 3)},
    {.n_in = 2, .in = {D(2, 4, 5, 5), D(3, 1, 2, 5)}, .i = 1, .shape = D(2, 4, 3, 2)},
    {.n_in = 2, .in = {D(1, 3, 3, 3), D(5, 5, 2, 3)}, .i = 2, .shape = D(1, 3, 3, 2)},
    {.n_in = 2, .in = {D(1, 4, 4, 16), D(1, 1, 3, 16)}, .i = 1, .shape = D(1, 2, 2, 3)},
    {.n_in = 2, .in = {D(1, 3, 4, 16), D(3, 3, 3, 16)}, .i = 1, .shape = D(1, 3, 4, 3)},
    {.n_in = 2, .in = {D(1, 2, 2, 3), D(3, 3, 16, 3)}, .i = 1, .shape = D(1, 2, 2, 16)},
    {.n_in = 2, .in = {D(1, 3, 1, 16), D(1, 1, 32, 16)}, .i = 0, .shape = D(1, 3, 1, 32)},
    {.n_in = 2, .in = {D(0, 5, 4, 2), D(3, 3, 3, 2)}, .i = 1, .shape = D(0, 5, 4, 3)},
    {.n_in = 2,
     .in = {D(19, 16, 16, 32), D(3, 3, 48, 32)},
     .i = 1,
     .shape = D(19, 16, 16, 48)},
    {.n_in = 2,
     .in = {D(67, 8, 8, 64), D(3, 3, 32, 64)},
     .i = 1,
     .shape = D(67, 8, 8, 32)},
    {.n_in = 2,
     .in = {D(9, 32, 32, 32), D(3, 3, 3, 32)},
     .i = 1,
     .shape = D(9, 32, 32, 3)},
    {.n_in = 2,
     .in = {D(19, 14, 14, 32), D(3, 3, 32, 32)},
     .i = 0,
     .shape = D(19, 16, 16, 32)},
    {.n_in = 2,
     .in = {D(2, 3, 2, 2), D(3, 3, 3, 2)},
     .i = 1,
     .k = 1,
     .shape = D(2, 5, 4, 3)},
    {.n_in = 2, .in = {D(2, 2, 2, 3), D(1, 1, 20, 3)}, .k = 1, .shape = D(2, 4, 3, 20)},
    {.n_in = 2, .in = {D(1, 1, 2, 3), D(2, 3, 2, 3)}, .k = 2, .shape = D(1, 2, 7, 2)},
    {.n_in = 2,
     .in = {D(9, 8, 8, 32), D(3, 3, 48, 32)},
     .i = 1,
     .k = 1,
     .shape = D(9, 16, 16, 48)},
    {.n_in = 2,
     .in = {D(2, 16, 16, 16), D(7, 7, 3, 16)},
     .i = 3,
     .k = 1,
     .shape = D(2, 32, 32, 3)},
    END,
};

static gedi_node *build_convolve_input(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_convolve_input(x[0], x[1], c->i, c->k + 1, c->shape);
}

static void convolve_input_reference(const op_case *c, const double *const *x,
                                     gedi_shape s, double *y)
{
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    add_products(INPUT, s, c->in[1], c->in[0], c, x[0], x[1], y);
}

static const op_case convolve_weight_cases[] = {
    {.n_in = 2,
     .in = {D(1, 4, 3, 16), D(1, 2, 2, 16)},
     .i = 1,
     .j = 1,
     .k = 1,
     .shape = D(3, 3, 16, 16)},
    {.n_in = 2,
     .in = {D(9, 17, 16, 32), D(9, 9, 8, 48)},
     .i = 1,
     .j = 1,
     .k = 1,
     .shape = D(3, 3, 32, 48)},
    {.n_in = 2, .in = {D(1, 1, 1, 1), D(1, 1, 1, 1)}, .shape = D(1, 1, 1, 1)},
    {.n_in = 2, .in = {D(2, 5, 4, 3), D(2, 5, 4, 2)}, .i = 1, .shape = D(3, 3, 3, 2)},
    {.n_in = 2, .in = {D(2, 4, 3, 2), D(2, 4, 5, 5)}, .i = 1, .shape = D(3, 1, 2, 5)},
    {.n_in = 2, .in = {D(1, 3, 3, 2), D(1, 3, 3, 3)}, .i = 2, .shape = D(5, 5, 2, 3)},
    {.n_in = 2,
     .in = {D(1, 2, 2, 3), D(1, 4, 4, 16)},
     .i = 1,
     .j = 1,
     .shape = D(1, 1, 3, 16)},
    {.n_in = 2, .in = {D(2, 3, 4, 3), D(2, 3, 4, 16)}, .i = 1, .shape = D(3, 3, 3, 16)},
    {.n_in = 2,
     .in = {D(1, 2, 2, 16), D(1, 2, 2, 3)},
     .i = 1,
     .j = 1,
     .shape = D(3, 3, 16, 3)},
    {.n_in = 2,
     .in = {D(1, 3, 1, 32), D(1, 3, 1, 16)},
     .i = 0,
     .j = 1,
     .shape = D(1, 1, 32, 16)},
    {.n_in = 2,
     .in = {D(2, 4, 3, 2), D(2, 4, 5, 5)},
     .i = 1,
     .j = 1,
     .shape = D(3, 1, 2, 5)},
    {.n_in = 2, .in = {D(0, 5, 4, 3), D(0, 5, 4, 2)}, .i = 1, .shape = D(3, 3, 3, 2)},
    {.n_in = 2,
     .in = {D(19, 16, 16, 48), D(19, 16, 16, 32)},
     .i = 1,
     .j = 1,
     .shape = D(3, 3, 48, 32)},
    {.n_in = 2,
     .in = {D(67, 8, 8, 64), D(67, 8, 8, 32)},
     .i = 1,
     .j = 1,
     .shape = D(3, 3, 64, 32)},
    {.n_in = 2,
     .in = {D(9, 32, 32, 3), D(9, 32, 32, 32)},
     .i = 1,
     .j = 1,
     .shape = D(3, 3, 3, 32)},
    {.n_in = 2,
     .in = {D(2, 5, 4, 3), D(2, 3, 2, 2)},
     .i = 1,
     .j = 1,
     .k = 1,
     .shape = D(3, 3, 3, 2)},
    {.n_in = 2, .in = {D(2, 4, 3, 20), D(2, 2, 2, 3)}, .k = 1, .shape = D(1, 1, 20, 3)},
    {.n_in = 2, .in = {D(1, 2, 7, 2), D(1, 1, 2, 3)}, .k = 2, .shape = D(2, 3, 2, 3)},
    {.n_in = 2,
     .in = {D(9, 16, 16, 48), D(9, 8, 8, 32)},
     .i = 1,
     .j = 1,
     .k = 1,
     .shape = D(3, 3, 48, 32)},
    {.n_in = 2,
     .in = {D(2, 32, 32, 3), D(2, 16, 16, 16)},
     .i = 3,
     .k = 1,
     .shape = D(7, 7, 3, 16)},
    END,
};

static gedi_node *build_convolve_weight(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_convolve_weight(x[0], x[1], c->i, c->k + 1, c->shape, c->j);
}

static void convolve_weight_reference(const op_case *c, const double *const *x,
                                      gedi_shape s, double *y)
{
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    add_products(WEIGHT, c->in[0], c->shape, c->in[1], c, x[0], x[1], y);
    gedi__image m = image_of(c->in[1]);
    double *bias = y + gedi_shape_size(c->shape);
    for (int64_t i = 0; c->j && i < gedi_shape_size(c->in[1]); i++)
        bias[channel(&m, i)] += x[1][i];
}

/* ---- pooling ---- */

static const op_case pool_cases[] = {
    {.n_in = 1, .in = {D(1, 2, 2, 1)}},
    {.n_in = 1, .in = {D(3, 4, 6, 5)}},
    {.n_in = 1, .in = {D(2, 4, 2, 48)}},
    {.n_in = 1, .in = {D(0, 4, 4, 3)}},
    {.n_in = 1, .in = {D(65, 8, 10, 64)}},
    {.n_in = 1, .in = {D(67, 32, 32, 5)}},
    END,
};
BUILD_1(mean_pool)
BUILD_1(mean_unpool)
BUILD_1(global_mean)

/* How much of number i of the larger image is in which of the smaller. */
static int64_t under_square(int64_t i, gedi_shape large, gedi_shape small)
{
    int64_t at[GEDI_MAX_RANK];
    op_unravel(i, large, at);
    at[1] /= 2;
    at[2] /= 2;
    return op_ravel(at, small);
}

static void mean_pool_reference(const op_case *c, const double *const *x, gedi_shape s,
                                double *y)
{
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    for (int64_t i = 0; i < gedi_shape_size(c->in[0]); i++)
        y[under_square(i, c->in[0], s)] += 0.25 * x[0][i];
}

static void mean_unpool_reference(const op_case *c, const double *const *x, gedi_shape s,
                                  double *y)
{
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = 0.25 * x[0][under_square(i, s, c->in[0])];
}

static const op_case image_cases[] = {
    {.n_in = 1, .in = {D(1, 1, 1, 16)}},    {.n_in = 1, .in = {D(3, 4, 2, 32)}},
    {.n_in = 1, .in = {D(3, 4, 2, 32)}},    {.n_in = 1, .in = {D(67, 16, 16, 32)}},
    {.n_in = 1, .in = {D(67, 16, 15, 32)}}, END,
};
static void global_mean_reference(const op_case *c, const double *const *x, gedi_shape s,
                                  double *y)
{
    gedi__image m = image_of(c->in[0]);
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    for (int64_t i = 0; i < m.n * m.h * m.w * m.c; i++) {
        int64_t n = i / (m.h * m.w * m.c), h = i / (m.w * m.c) % m.h;
        int64_t w = i / m.c % m.w, k = i % m.c;
        y[n * m.c + k] += x[0][place(&m, n, h, w, k)] / (double)(m.h * m.w);
    }
}

/* ---- the table ---- */

/* Winograd's transformations multiply and subtract: they lose a digit. */
#define CONVOLUTION(op)                                                                  \
    {                                                                                    \
        .name = #op, .build = build_##op, .reference = op##_reference,                   \
        .cases = op##_cases, .lo = -2, .hi = 2, .tolerance = 1e-5                        \
    }

const op_spec op_specs_image[] = {
    CONVOLUTION(convolve),
    CONVOLUTION(convolve_input),
    CONVOLUTION(convolve_weight),
    OTHER(mean_pool, pool_cases),
    OTHER(mean_unpool, pool_cases),
    OTHER(global_mean, image_cases),
    {.name = NULL},
};
