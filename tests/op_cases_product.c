/* op_cases_product.c - products of matrices, with what is done to them in the same pass. */
#include "tests/op_cases.h"
#include "core/op/matmul.h"

#include <stdlib.h>

/* ---- matmul; i, j: the operand is given transposed ---- */

static const op_case matmul_cases[] = {
    {.n_in = 2, .in = {D(1, 1), D(1, 1)}},
    {.n_in = 2, .in = {D(17, 33), D(33, 5)}},
    {.n_in = 2, .in = {D(33, 17), D(33, 5)}, .i = 1},
    {.n_in = 2, .in = {D(17, 33), D(5, 33)}, .j = 1},
    {.n_in = 2, .in = {D(33, 17), D(5, 33)}, .i = 1, .j = 1},
    {.n_in = 2, .in = {D(400, 2), D(2, 100)}},
    {.n_in = 2, .in = {D(400, 100), D(100, 2)}},
    {.n_in = 2, .in = {D(400, 2), D(400, 100)}, .i = 1},
    {.n_in = 2, .in = {D(1, 33), D(33, 1)}},
    {.n_in = 2, .in = {D(0, 3), D(3, 4)}},
    {.n_in = 2, .in = {D(3, 0), D(0, 4)}},
    {.n_in = 2, .in = {D(401, 100), D(100, 103)}},
    {.n_in = 2, .in = {D(301, 300), D(301, 203)}, .i = 1},
    {.n_in = 2, .in = {D(135, 2000), D(131, 2000)}, .j = 1},
    /* loops of our own: few terms, few rows, few columns, few of all */
    {.n_in = 2, .in = {D(9, 3), D(3, 143)}},
    {.n_in = 2, .in = {D(4, 7), D(4, 16)}, .i = 1},
    {.n_in = 2, .in = {D(401, 3), D(401, 131)}, .i = 1},
    {.n_in = 2, .in = {D(2049, 100), D(2049, 2)}, .i = 1},
    {.n_in = 2, .in = {D(41, 600), D(41, 4)}, .i = 1},
    {.n_in = 2, .in = {D(40, 1), D(40, 48)}, .i = 1},
    {.n_in = 2, .in = {D(300, 2), D(2, 2)}},
    {.n_in = 2, .in = {D(128, 1), D(3, 1)}, .j = 1},
    {.n_in = 2, .in = {D(131, 3), D(3, 4)}},
    {.n_in = 2, .in = {D(2, 4), D(1, 4)}, .j = 1},
    {.n_in = 2, .in = {D(300, 2), D(300, 4)}, .i = 1},
    {.n_in = 2, .in = {D(128, 3), D(128, 1)}, .i = 1},
    END,
};

static gedi_node *build_matmul(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_matmul(c->i ? gedi_transpose(x[0]) : x[0],
                       c->j ? gedi_transpose(x[1]) : x[1]);
}

static void matmul_reference(const op_case *c, const double *const *x, gedi_shape s,
                             double *y)
{
    int64_t m = s.dim[0], n = s.dim[1], k = c->in[0].dim[c->i ? 0 : 1];
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t l = 0; l < k; l++)
                sum += x[0][c->i ? l * m + i : i * k + l] *
                       x[1][c->j ? j * k + l : l * n + j];
            y[i * n + j] = sum;
        }
}

/* ---- dense; j: the weight is given transposed, a: a leaky ReLU of this slope follows, 0: none ---- */
static const op_case dense_cases[] = {
    {.n_in = 3, .in = {D(1, 1), D(1, 1), D(1)}},
    {.n_in = 3, .in = {D(17, 33), D(33, 5), D(5)}},
    {.n_in = 3, .in = {D(17, 33), D(33, 5), D(5)}, .a = 0.2},
    {.n_in = 3, .in = {D(17, 33), D(35, 33), D(35)}, .a = 0.2, .j = 1},
    {.n_in = 3, .in = {D(17, 33), D(33, 35), D(35)}, .a = 1e-30}, /* 0 would be none */
    {.n_in = 3, .in = {D(400, 2), D(2, 100), D(100)}, .a = 0.01},
    {.n_in = 3, .in = {D(33, 1), D(1, 300), D(300)}, .a = 0.01},
    {.n_in = 3, .in = {D(33, 3), D(3, 131), D(131)}},
    {.n_in = 3, .in = {D(33, 4), D(17, 4), D(17)}, .a = 0.5, .j = 1},
    {.n_in = 3, .in = {D(400, 100), D(100, 100), D(100)}, .a = 0.01},
    {.n_in = 3, .in = {D(700, 2), D(2, 4), D(4)}, .a = 0.01},
    {.n_in = 3, .in = {D(130, 2), D(2, 4), D(4)}},
    {.n_in = 3, .in = {D(130, 4), D(3, 4), D(3)}, .j = 1},
    {.n_in = 3, .in = {D(6, 2), D(2, 2), D(2)}, .a = 1e-30},
    {.n_in = 3, .in = {D(40, 2), D(2, 20), D(20)}, .a = 0.3},
    {.n_in = 3, .in = {D(0, 3), D(3, 4), D(4)}},
    {.n_in = 3, .in = {D(3, 0), D(0, 40), D(40)}, .a = 0.5},
    {.n_in = 3, .in = {D(901, 40), D(40, 503), D(503)}, .a = 0.3}, /* in blocks */
    END,
};

static gedi_node *build_dense(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    gedi_node *y = gedi_dense(x[0], c->j ? gedi_transpose(x[1]) : x[1], x[2]);
    return c->a ? gedi_leaky_relu(y, c->a) : y;
}

static void dense_reference(const op_case *c, const double *const *x, gedi_shape s,
                            double *y)
{
    matmul_reference(c, x, s, y);
    for (int64_t i = 0; i < s.dim[0] * s.dim[1]; i++) {
        y[i] += x[2][i % s.dim[1]];
        if (c->a && y[i] <= 0)
            y[i] *= c->a;
    }
}

/* ---- matmul_step; i, j: the operand is given transposed, a: the step below 0 ---- */

static const op_case matmul_step_cases[] = {
    {.n_in = 3, .in = {D(1, 1), D(1, 1), D(1, 1)}, .a = 0.3},
    {.n_in = 3, .in = {D(17, 33), D(33, 5), D(17, 5)}, .a = -0.5},
    {.n_in = 3, .in = {D(17, 33), D(21, 33), D(17, 21)}, .a = 0.01, .j = 1},
    {.n_in = 3, .in = {D(33, 17), D(33, 18), D(17, 18)}, .a = 0.01, .i = 1},
    {.n_in = 3, .in = {D(33, 17), D(18, 33), D(17, 18)}, .i = 1, .j = 1},
    {.n_in = 3, .in = {D(9, 2), D(20, 2), D(9, 20)}, .a = 0.2, .j = 1},
    {.n_in = 3, .in = {D(400, 2), D(100, 2), D(400, 100)}, .a = 0.01, .j = 1},
    {.n_in = 3, .in = {D(3, 40), D(3, 143), D(40, 143)}, .a = 0.2, .i = 1},
    {.n_in = 3, .in = {D(41, 4), D(4, 300), D(41, 300)}},
    {.n_in = 3, .in = {D(150, 2), D(4, 2), D(150, 4)}, .a = 0.2, .j = 1},
    {.n_in = 3, .in = {D(5, 4), D(4, 1), D(5, 1)}, .a = -1},
    {.n_in = 3, .in = {D(3, 0), D(0, 40), D(3, 40)}, .a = 0.5},
    {.n_in = 3, .in = {D(0, 3), D(3, 40), D(0, 40)}, .a = 0.5},
    {.n_in = 3, .in = {D(901, 40), D(40, 503), D(901, 503)}, .a = 0.3}, /* in blocks */
    END,
};

static gedi_node *build_matmul_step(gedi_graph *g, gedi_node **x, const op_case *c)
{
    return gedi__times_step(build_matmul(g, x, c), x[2], c->a);
}

static void matmul_step_reference(const op_case *c, const double *const *x, gedi_shape s,
                                  double *y)
{
    matmul_reference(c, x, s, y);
    for (int64_t i = 0; i < s.dim[0] * s.dim[1]; i++)
        y[i] *= x[2][i] > 0 ? 1 : c->a;
}

/* ---- dense_weight; a: the step below 0, 1: none ---- */

static const op_case dense_weight_cases[] = {
    {.n_in = 3, .in = {D(1, 1), D(1, 1), D(1, 1)}, .a = 0.3},
    {.n_in = 3, .in = {D(17, 33), D(17, 5), D(17, 5)}, .a = 1},
    {.n_in = 3, .in = {D(17, 33), D(17, 20), D(17, 20)}, .a = 0.2},
    {.n_in = 3, .in = {D(40, 2), D(40, 20), D(40, 20)}, .a = 0.2},
    {.n_in = 3, .in = {D(40, 2), D(40, 20), D(40, 20)}, .a = 1},
    {.n_in = 3, .in = {D(36, 1), D(36, 16), D(36, 16)}},
    {.n_in = 3, .in = {D(70, 3), D(70, 5), D(70, 5)}, .a = 0.2},
    {.n_in = 3, .in = {D(270, 6), D(270, 1), D(270, 1)}, .a = 1},
    {.n_in = 3, .in = {D(37, 3), D(37, 17), D(37, 17)}, .a = -0.5},
    {.n_in = 3, .in = {D(1203, 2), D(1203, 100), D(1203, 100)}, .a = 0.01},
    {.n_in = 3, .in = {D(400, 100), D(400, 100), D(400, 100)}, .a = 0.01},
    {.n_in = 3, .in = {D(130, 4), D(130, 131), D(130, 131)}, .a = 0.2},
    {.n_in = 3, .in = {D(3, 0), D(3, 40), D(3, 40)}, .a = 0.5},
    {.n_in = 3, .in = {D(0, 3), D(0, 40), D(0, 40)}, .a = 0.5},
    {.n_in = 3, .in = {D(0, 9), D(0, 40), D(0, 40)}, .a = 1},
    {.n_in = 3, .in = {D(133, 4), D(133, 2003), D(133, 2003)}, .a = 0.3}, /* in tiles */
    {.n_in = 3, .in = {D(2700, 100), D(2700, 20), D(2700, 20)}, .a = 1},
    END,
};

static gedi_node *build_dense_weight(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi__dense_weight(x[0], x[1], x[2], c->a);
}

static void dense_weight_reference(const op_case *c, const double *const *x, gedi_shape s,
                                   double *y)
{
    int64_t rows = c->in[0].dim[0], d = s.dim[0] - 1, n = s.dim[1];
    for (int64_t q = 0; q <= d; q++)
        for (int64_t j = 0; j < n; j++) {
            double sum = 0;
            for (int64_t i = 0; i < rows; i++)
                sum += (q < d ? x[0][i * d + q] : 1) * x[1][i * n + j] *
                       (x[2][i * n + j] > 0 ? 1 : c->a);
            y[q * n + j] = sum;
        }
}

/* ---- the table ---- */

/* Sums in float. */
#define PRODUCT(op)                                                                      \
    {                                                                                    \
        .name = #op, .build = build_##op, .reference = op##_reference,                   \
        .cases = op##_cases, .lo = -2, .hi = 2, .tolerance = 4e-6                        \
    }

const op_spec op_specs_product[] = {
    PRODUCT(matmul),       PRODUCT(matmul_step), PRODUCT(dense),
    PRODUCT(dense_weight), {.name = NULL},
};
