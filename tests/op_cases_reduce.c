/* op_cases_reduce.c - operations that add up: over axes, along rows. */
#include "tests/op_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- reductions ---- */

static const op_case reduction_cases[] = {
    {.n_in = 1, .in = {D(7)}, .axes = 1},
    {.n_in = 1, .in = {D(17, 33)}, .axes = 1},
    {.n_in = 1, .in = {D(17, 33)}, .axes = 2},
    {.n_in = 1, .in = {D(17, 33)}, .axes = GEDI_ALL_AXES},
    {.n_in = 1, .in = {D(400, 2)}, .axes = 1},
    {.n_in = 1, .in = {D(5, 150)}, .axes = 1},
    {.n_in = 1, .in = {D(3, 300)}, .axes = 2},
    {.n_in = 1, .in = {D(3, 4, 5)}, .axes = 2},
    {.n_in = 1, .in = {D(3, 4, 5)}, .axes = 5},
    {.n_in = 1, .in = {D(3, 4, 5)}, .axes = 6},
    {.n_in = 1, .in = {D(2, 3, 4, 5)}, .axes = 10},
    {.n_in = 1, .in = {D(2, 3, 4, 5)}, .axes = 7},
    {.n_in = 1, .in = {D(4, 1, 5)}, .axes = 5},
    {.n_in = 1, .in = {D(400, 100)}, .axes = 1},
    {.n_in = 1, .in = {D(400, 100)}, .axes = 2},
    {.n_in = 1, .in = {D(1000, 1000)}, .axes = GEDI_ALL_AXES},
    {.n_in = 1, .in = {D(50000, 20)}, .axes = 1},
    {.n_in = 1, .in = {D(5, 200000)}, .axes = 2},
    {.n_in = 1, .in = {D(3, 500, 700)}, .axes = 2},
    END,
};

static gedi_node *build_sum(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_sum(x[0], c->axes);
}

static void sum_reference(const op_case *c, const double *const *x, gedi_shape s,
                          double *y)
{
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    for (int64_t i = 0; i < gedi_shape_size(c->in[0]); i++)
        y[op_under(i, c->in[0], s)] += x[0][i];
}

static gedi_node *build_mean(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_mean(x[0], c->axes);
}

static void mean_reference(const op_case *c, const double *const *x, gedi_shape s,
                           double *y)
{
    sum_reference(c, x, s, y);
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] *= (double)gedi_shape_size(s) / (double)gedi_shape_size(c->in[0]);
}

static gedi_node *build_max(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_max(x[0], c->axes);
}

static void max_reference(const op_case *c, const double *const *x, gedi_shape s,
                          double *y)
{
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = -INFINITY;
    for (int64_t i = 0; i < gedi_shape_size(c->in[0]); i++)
        y[op_under(i, c->in[0], s)] = fmax(y[op_under(i, c->in[0], s)], x[0][i]);
}

/* ---- along the last axis ---- */

static const op_case row_cases[] = {
    {.n_in = 1, .in = {D(1)}},         {.n_in = 1, .in = {D(400, 2)}},
    {.n_in = 1, .in = {D(17, 33)}},    {.n_in = 1, .in = {D(3, 1)}},
    {.n_in = 1, .in = {D(2, 3, 5)}},   {.n_in = 1, .in = {D(2, 2, 3, 17)}},
    {.n_in = 1, .in = {D(2, 1500)}},   {.n_in = 1, .in = {D(0, 3)}},
    {.n_in = 1, .in = {D(100001, 3)}}, {.n_in = 1, .in = {D(150, 2000)}},
    {.n_in = 1, .in = {D(3, 200000)}}, END,
};

/* Maximum of each row, and the sum of exponentials under it. */
static void row_terms(const double *x, int64_t k, double *top, double *sum)
{
    *top = -INFINITY;
    *sum = 0;
    for (int64_t j = 0; j < k; j++)
        *top = fmax(*top, x[j]);
    for (int64_t j = 0; j < k; j++)
        *sum += exp(x[j] - *top);
}

static void log_softmax_reference(const op_case *c, const double *const *x, gedi_shape s,
                                  double *y)
{
    (void)c;
    int64_t k = s.dim[s.rank - 1];
    double top = 0, sum = 1; /* -O3 does not see that the first row sets both */
    for (int64_t i = 0; i < gedi_shape_size(s); i++) {
        if (i % k == 0)
            row_terms(x[0] + i, k, &top, &sum);
        y[i] = x[0][i] - top - log(sum);
    }
}

static void softmax_reference(const op_case *c, const double *const *x, gedi_shape s,
                              double *y)
{
    log_softmax_reference(c, x, s, y);
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = exp(y[i]);
}

static void logsumexp_reference(const op_case *c, const double *const *x, gedi_shape s,
                                double *y)
{
    int64_t k = c->in[0].dim[c->in[0].rank - 1];
    for (int64_t i = 0; i < gedi_shape_size(s); i++) {
        double top, sum;
        row_terms(x[0] + i * k, k, &top, &sum);
        y[i] = top + log(sum);
    }
}

BUILD_1(softmax)
BUILD_1(log_softmax)
BUILD_1(logsumexp)

/* ---- statistics of rows and columns ---- */

static const op_case normalize_cases[] = {
    {.n_in = 1, .in = {D(7)}, .a = 1e-6},
    {.n_in = 1, .in = {D(17, 33)}, .a = 1e-6},
    {.n_in = 1, .in = {D(5, 3)}, .a = 100.0}, /* shorter than eps */
    {.n_in = 1, .in = {D(600, 500)}, .a = 1e-6},
    END,
};

static gedi_node *build_l2_normalize(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_l2_normalize(x[0], c->a);
}

static void l2_normalize_reference(const op_case *c, const double *const *x, gedi_shape s,
                                   double *y)
{
    int64_t k = s.dim[s.rank - 1];
    for (int64_t i = 0; i < gedi_shape_size(s); i++) {
        double sum = 0;
        for (int64_t j = i / k * k; j < i / k * k + k; j++)
            sum += x[0][j] * x[0][j];
        y[i] = x[0][i] / fmax(sqrt(sum), c->a);
    }
}

static const op_case standardize_cases[] = {
    {.n_in = 1, .in = {D(17, 33)}, .a = 1e-5},
    {.n_in = 1, .in = {D(40, 2)}, .a = 0.1},
    {.n_in = 1, .in = {D(400, 100)}, .a = 1e-5},
    END,
};

static gedi_node *build_standardize(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_standardize(x[0], c->a);
}

static void standardize_reference(const op_case *c, const double *const *x, gedi_shape s,
                                  double *y)
{
    int64_t rows = s.dim[0], k = s.dim[1];
    for (int64_t j = 0; j < k; j++) {
        double mean = 0, var = 0;
        for (int64_t i = 0; i < rows; i++)
            mean += x[0][i * k + j] / (double)rows;
        for (int64_t i = 0; i < rows; i++)
            var += pow(x[0][i * k + j] - mean, 2) / (double)rows;
        for (int64_t i = 0; i < rows; i++)
            y[i * k + j] = (x[0][i * k + j] - mean) / sqrt(var + c->a);
    }
}

/* ---- the table ---- */

const op_spec op_specs_reduce[] = {
    OTHER(sum, reduction_cases),
    OTHER(max, reduction_cases),
    OTHER(softmax, row_cases),
    OTHER(log_softmax, row_cases),
    OTHER(logsumexp, row_cases),
    OTHER(mean, reduction_cases),
    OTHER(l2_normalize, normalize_cases),
    OTHER(standardize, standardize_cases),
    {.name = NULL},
};
