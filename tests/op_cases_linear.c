/* op_cases_linear.c - triangles, systems with them, the factor of Cholesky.
 *
 * Inputs are any numbers; a multiple of the unit matrix is added where they must be a
 * well-conditioned triangle or positive definite.
 */
#include "tests/op_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* x + a I */
static gedi_node *shifted(gedi_graph *g, gedi_node *x, double a)
{
    return gedi_add(x, gedi_scale(gedi_eye(g, gedi_rows(x)), a));
}

/* ---- lower ---- */

static const op_case lower_cases[] = {
    {.n_in = 1, .in = {D(1, 1)}, .a = 0.5},      {.n_in = 1, .in = {D(17, 17)}, .a = 1.0},
    {.n_in = 1, .in = {D(9, 9)}, .a = 0.0},      {.n_in = 1, .in = {D(0, 0)}, .a = 1.0},
    {.n_in = 1, .in = {D(520, 520)}, .a = -3.0}, END,
};

static gedi_node *build_lower(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_lower(x[0], c->a);
}

static void lower_reference(const op_case *c, const double *const *x, gedi_shape s,
                            double *y)
{
    int64_t d = s.dim[0];
    for (int64_t i = 0; i < d * d; i++)
        y[i] = i % d < i / d ? x[0][i] : i % d == i / d ? c->a * x[0][i] : 0;
}

/* ---- triangular_solve; i: right, j: transposed ---- */

static const op_case solve_cases[] = {
    {.n_in = 2, .in = {D(1, 1), D(1, 1)}, .a = 5},
    {.n_in = 2, .in = {D(9, 9), D(9, 5)}, .a = 20},
    {.n_in = 2, .in = {D(9, 9), D(9, 5)}, .a = 20, .j = 1},
    {.n_in = 2, .in = {D(9, 9), D(5, 9)}, .a = 20, .i = 1},
    {.n_in = 2, .in = {D(9, 9), D(5, 9)}, .a = 20, .i = 1, .j = 1},
    {.n_in = 2, .in = {D(17, 17), D(17, 1)}, .a = 30},
    {.n_in = 2, .in = {D(17, 17), D(33, 17)}, .a = 30, .i = 1},
    {.n_in = 2, .in = {D(3, 3), D(3, 0)}, .a = 5},
    {.n_in = 2, .in = {D(0, 0), D(4, 0)}, .a = 5, .i = 1},
    {.n_in = 2, .in = {D(515, 515), D(515, 301)}, .a = 600},
    {.n_in = 2, .in = {D(515, 515), D(515, 301)}, .a = 600, .j = 1},
    {.n_in = 2, .in = {D(515, 515), D(301, 515)}, .a = 600, .i = 1},
    {.n_in = 2, .in = {D(515, 515), D(301, 515)}, .a = 600, .i = 1, .j = 1},
    END,
};

static gedi_node *build_triangular_solve(gedi_graph *g, gedi_node **x, const op_case *c)
{
    return gedi_triangular_solve(shifted(g, x[0], c->a), x[1], c->i, c->j);
}

/* Each system by substitution: with `forward` unknowns from the first on. */
static void triangular_solve_reference(const op_case *c, const double *const *x,
                                       gedi_shape s, double *y)
{
    int64_t d = c->in[0].dim[0], free = s.dim[c->i ? 0 : 1];
    bool forward = c->i == c->j;
    int64_t along = c->i ? 1 : s.dim[1], across = c->i ? d : 1;
    for (int64_t f = 0; f < free; f++)
        for (int64_t n = 0; n < d; n++) {
            int64_t k = forward ? n : d - 1 - n;
            double sum = x[1][f * across + k * along];
            for (int64_t m = forward ? 0 : k + 1; m < (forward ? k : d); m++)
                sum -= x[0][forward ? k * d + m : m * d + k] * y[f * across + m * along];
            y[f * across + k * along] = sum / (x[0][k * d + k] + c->a);
        }
}

/* ---- cholesky; a I is added, so that the smallest eigenvalue is about 1 or more ---- */

static const op_case cholesky_cases[] = {
    {.n_in = 1, .in = {D(1, 1)}, .a = 4},      {.n_in = 1, .in = {D(2, 2)}, .a = 5},
    {.n_in = 1, .in = {D(5, 5)}, .a = 8},      {.n_in = 1, .in = {D(17, 17)}, .a = 12},
    {.n_in = 1, .in = {D(32, 32)}, .a = 16},   {.n_in = 1, .in = {D(0, 0)}, .a = 1},
    {.n_in = 1, .in = {D(515, 515)}, .a = 60}, END,
};

static gedi_node *build_cholesky(gedi_graph *g, gedi_node **x, const op_case *c)
{
    return gedi_cholesky(shifted(g, x[0], c->a));
}

static void cholesky_reference(const op_case *c, const double *const *x, gedi_shape s,
                               double *y)
{
    int64_t d = s.dim[0];
    memset(y, 0, (size_t)(d * d) * sizeof *y);
    for (int64_t i = 0; i < d; i++)
        for (int64_t j = 0; j <= i; j++) {
            double sum = 0.5 * (x[0][i * d + j] + x[0][j * d + i]) + (i == j ? c->a : 0);
            for (int64_t k = 0; k < j; k++)
                sum -= y[i * d + k] * y[j * d + k];
            y[i * d + j] = i == j ? sqrt(sum) : sum / y[j * d + j];
        }
}

static gedi_node *build_log_det(gedi_graph *g, gedi_node **x, const op_case *c)
{
    return gedi_log_det(shifted(g, x[0], c->a));
}

static void log_det_reference(const op_case *c, const double *const *x, gedi_shape s,
                              double *y)
{
    int64_t d = c->in[0].dim[0];
    double *l = malloc(((size_t)(d * d) + 1) * sizeof *l);
    (void)s;
    cholesky_reference(c, x, c->in[0], l);
    y[0] = 0;
    for (int64_t i = 0; i < d; i++)
        y[0] += 2 * log(l[i * d + i]);
    free(l);
}

/* ---- the table ---- */

const op_spec op_specs_linear[] = {
    OTHER(lower, lower_cases),
    OTHER(triangular_solve, solve_cases),
    OTHER(cholesky, cholesky_cases),
    OTHER(log_det, cholesky_cases),
    {.name = NULL},
};
