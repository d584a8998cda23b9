/* op_cases_shape.c - operations that only move numbers. */
#include "core/op/ranks.h"
#include "tests/op_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- shape ---- */

static const op_case reshape_cases[] = {
    {.n_in = 1, .in = {D(6)}, .shape = D(2, 3)},
    {.n_in = 1, .in = {D(17, 33)}, .shape = D(33, 17)},
    {.n_in = 1, .in = {D(2, 3, 4)}, .shape = D(1, 4, 6, 1)},
    {.n_in = 1, .in = {D(0, 3)}, .shape = D(7, 0)},
    {.n_in = 1, .in = {D(600, 500)}, .shape = D(300000)},
    END,
};

static double unmoved(const op_case *c, double a)
{
    (void)c;
    return a;
}

static gedi_node *build_reshape(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_reshape(x[0], c->shape);
}

/* ---- over ranks: one alone has all ---- */

static const op_case rank_cases[] = {
    {.n_in = 1, .in = {D(6)}},
    {.n_in = 1, .in = {D(17, 33)}},
    {.n_in = 1, .in = {D(0, 3)}},
    {.n_in = 1, .in = {D(600, 500)}},
    END,
};

#define RANKS(op)                                                                        \
    static gedi_node *build_##op(gedi_graph *g, gedi_node **x, const op_case *c)         \
    {                                                                                    \
        (void)g;                                                                         \
        (void)c;                                                                         \
        return gedi__##op(x[0]);                                                         \
    }
#define RANK(op)                                                                         \
    {                                                                                    \
        .name = #op, .build = build_##op, .one = unmoved, .cases = rank_cases, .lo = -2, \
        .hi = 2                                                                          \
    }
RANKS(rank_rows)
RANKS(all_rows)
RANKS(rank_sum)
RANKS(rank_copy)

static const op_case permute_cases[] = {
    {.n_in = 1, .in = {D(17, 33)}, .order = {1, 0}},
    {.n_in = 1, .in = {D(1, 5)}, .order = {1, 0}},
    {.n_in = 1, .in = {D(3, 4, 5)}, .order = {2, 0, 1}},
    {.n_in = 1, .in = {D(3, 4, 5)}, .order = {1, 0, 2}},
    {.n_in = 1, .in = {D(3, 4, 5)}, .order = {2, 1, 0}},
    {.n_in = 1, .in = {D(2, 3, 4, 5)}, .order = {0, 3, 1, 2}},
    {.n_in = 1, .in = {D(2, 3, 4, 5)}, .order = {3, 1, 2, 0}},
    {.n_in = 1, .in = {D(2, 3, 4, 5)}, .order = {2, 0, 3, 1}},
    {.n_in = 1, .in = {D(2, 3, 4, 5)}, .order = {1, 3, 0, 2}},
    {.n_in = 1, .in = {D(2, 1, 4, 5)}, .order = {3, 1, 0, 2}},
    {.n_in = 1, .in = {D(0, 3)}, .order = {1, 0}},
    {.n_in = 1, .in = {D(503, 607)}, .order = {1, 0}},
    {.n_in = 1, .in = {D(19, 30, 31, 17)}, .order = {0, 3, 1, 2}},
    END,
};

static gedi_node *build_permute(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_permute(x[0], c->order);
}

static void permute_reference(const op_case *c, const double *const *x, gedi_shape s,
                              double *y)
{
    int64_t at[GEDI_MAX_RANK], from[GEDI_MAX_RANK];
    for (int64_t i = 0; i < gedi_shape_size(s); i++) {
        op_unravel(i, s, at);
        for (int d = 0; d < s.rank; d++)
            from[c->order[d]] = at[d];
        y[i] = x[0][op_ravel(from, c->in[0])];
    }
}

static const op_case transpose_cases[] = {
    {.n_in = 1, .in = {D(17, 33)}, .order = {1, 0}},
    {.n_in = 1, .in = {D(3, 4, 5)}, .order = {0, 2, 1}},
    {.n_in = 1, .in = {D(2, 400, 500)}, .order = {0, 2, 1}},
    END,
};
BUILD_1(transpose)

static const op_case broadcast_cases[] = {
    {.n_in = 1, .in = {D(1)}, .shape = D(17, 33)},
    {.n_in = 1, .in = {D(33)}, .shape = D(17, 33)},
    {.n_in = 1, .in = {D(17, 1)}, .shape = D(17, 33)},
    {.n_in = 1, .in = {D(5)}, .shape = D(1, 5)},
    {.n_in = 1, .in = {D(3, 1, 4, 1)}, .shape = D(3, 2, 4, 5)},
    {.n_in = 1, .in = {D(1, 3, 1, 4)}, .shape = D(2, 3, 5, 4)},
    {.n_in = 1, .in = {D(1, 3)}, .shape = D(0, 3)},
    {.n_in = 1, .in = {D(513, 1)}, .shape = D(513, 517)},
    {.n_in = 1, .in = {D(517)}, .shape = D(513, 517)},
    END,
};

static gedi_node *build_broadcast(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_broadcast(x[0], c->shape);
}

static void broadcast_reference(const op_case *c, const double *const *x, gedi_shape s,
                                double *y)
{
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = x[0][op_under(i, s, c->in[0])];
}

static const op_case slice_cases[] = {
    {.n_in = 1, .in = {D(7)}, .i = 0, .j = 2, .k = 3},
    {.n_in = 1, .in = {D(17, 33)}, .i = 0, .j = 5, .k = 7},
    {.n_in = 1, .in = {D(17, 33)}, .i = 1, .j = 32, .k = 1},
    {.n_in = 1, .in = {D(3, 4, 5)}, .i = 1, .j = 0, .k = 2},
    {.n_in = 1, .in = {D(1, 4, 5)}, .i = 1, .j = 1, .k = 2},
    {.n_in = 1, .in = {D(3, 4, 5)}, .i = 2, .j = 4, .k = 0},
    {.n_in = 1, .in = {D(700, 801)}, .i = 1, .j = 200, .k = 401},
    END,
};

static gedi_node *build_slice(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_slice(x[0], (int)c->i, c->j, c->k);
}

static void slice_reference(const op_case *c, const double *const *x, gedi_shape s,
                            double *y)
{
    int64_t at[GEDI_MAX_RANK];
    for (int64_t i = 0; i < gedi_shape_size(s); i++) {
        op_unravel(i, s, at);
        at[c->i] += c->j;
        y[i] = x[0][op_ravel(at, c->in[0])];
    }
}

static const op_case pad_cases[] = {
    {.n_in = 1, .in = {D(7)}, .i = 0, .j = 2, .k = 3},
    {.n_in = 1, .in = {D(17, 33)}, .i = 0, .j = 0, .k = 7},
    {.n_in = 1, .in = {D(17, 33)}, .i = 1, .j = 1, .k = 0},
    {.n_in = 1, .in = {D(3, 4, 5)}, .i = 1, .j = 1, .k = 2},
    {.n_in = 1, .in = {D(0, 5)}, .i = 0, .j = 1, .k = 2},
    {.n_in = 1, .in = {D(700, 401)}, .i = 1, .j = 10, .k = 21},
    END,
};

static gedi_node *build_pad(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_pad(x[0], (int)c->i, c->j, c->k);
}

static void pad_reference(const op_case *c, const double *const *x, gedi_shape s,
                          double *y)
{
    int64_t at[GEDI_MAX_RANK];
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    for (int64_t i = 0; i < gedi_shape_size(c->in[0]); i++) {
        op_unravel(i, c->in[0], at);
        at[c->i] += c->j;
        y[op_ravel(at, s)] = x[0][i];
    }
}

static const op_case concat_cases[] = {
    {.n_in = 2, .in = {D(3), D(4)}, .i = 0},
    {.n_in = 2, .in = {D(17, 33), D(17, 2)}, .i = 1},
    {.n_in = 3, .in = {D(2, 3), D(1, 3), D(4, 3)}, .i = 0},
    {.n_in = 3, .in = {D(2, 3, 4), D(2, 1, 4), D(2, 2, 4)}, .i = 1},
    {.n_in = 2, .in = {D(0, 3), D(2, 3)}, .i = 0},
    {.n_in = 8, .in = {D(2), D(2), D(2), D(2), D(2), D(2), D(2), D(3)}, .i = 0},
    {.n_in = 2, .in = {D(900, 170), D(900, 171)}, .i = 1},
    END,
};

static gedi_node *build_concat(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_concat(x, c->n_in, (int)c->i);
}

static void concat_reference(const op_case *c, const double *const *x, gedi_shape s,
                             double *y)
{
    int64_t at[GEDI_MAX_RANK], first = 0;
    for (int n = 0; n < c->n_in; n++) {
        for (int64_t i = 0; i < gedi_shape_size(c->in[n]); i++) {
            op_unravel(i, c->in[n], at);
            at[c->i] += first;
            y[op_ravel(at, s)] = x[n][i];
        }
        first += c->in[n].dim[c->i];
    }
}

/* ---- rows by number ---- */

/* Rows i |b + 1 - B / 2|, so most are there twice; B is k of gather, N is j of scatter. */
static const op_case gather_cases[] = {
    {.n_in = 1, .in = {D(6, 3)}, .i = 1, .k = 9},
    {.n_in = 1, .in = {D(1, 3)}, .i = 0, .k = 5},
    {.n_in = 1, .in = {D(31, 70)}, .i = 3, .k = 17},
    {.n_in = 1, .in = {D(7, 1)}, .i = 2, .k = 1},
    {.n_in = 1, .in = {D(4, 3)}, .i = 1, .k = 0},
    {.n_in = 1, .in = {D(4, 0)}, .i = 1, .k = 3},
    {.n_in = 1, .in = {D(1361, 130)}, .i = 1, .k = 2700},
    END,
};

static const op_case scatter_cases[] = {
    {.n_in = 1, .in = {D(9, 3)}, .i = 1, .j = 6},
    {.n_in = 1, .in = {D(5, 3)}, .i = 0, .j = 1},
    {.n_in = 1, .in = {D(17, 70)}, .i = 3, .j = 31},
    {.n_in = 1, .in = {D(1, 1)}, .i = 2, .j = 7},
    {.n_in = 1, .in = {D(0, 3)}, .i = 1, .j = 4},
    {.n_in = 1, .in = {D(3, 0)}, .i = 1, .j = 4},
    {.n_in = 1, .in = {D(2700, 130)}, .i = 1, .j = 1361},
    END,
};

static gedi_node *row_numbers(gedi_graph *g, int64_t rows, int64_t apart)
{
    gedi_node *ones = gedi_constant(g, 1, D(rows, rows));
    gedi_node *count = gedi_sum(gedi_lower(ones, 1), 1u << 1); /* 1, 2, ..., B */
    return gedi_scale(gedi_abs(gedi_affine(count, 1, -(double)(rows / 2))),
                      (double)apart);
}

static int64_t row_number(int64_t b, int64_t rows, int64_t apart)
{
    return apart * llabs(b + 1 - rows / 2);
}

static gedi_node *build_gather(gedi_graph *g, gedi_node **x, const op_case *c)
{
    return gedi_gather(x[0], row_numbers(g, c->k, c->i));
}

static void gather_reference(const op_case *c, const double *const *x, gedi_shape s,
                             double *y)
{
    int64_t d = s.dim[1];
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = x[0][row_number(i / d, c->k, c->i) * d + i % d];
}

static gedi_node *build_scatter(gedi_graph *g, gedi_node **x, const op_case *c)
{
    return gedi_scatter(x[0], row_numbers(g, c->in[0].dim[0], c->i), c->j);
}

static void scatter_reference(const op_case *c, const double *const *x, gedi_shape s,
                              double *y)
{
    int64_t d = s.dim[1];
    memset(y, 0, (size_t)gedi_shape_size(s) * sizeof *y);
    for (int64_t i = 0; i < gedi_shape_size(c->in[0]); i++)
        y[row_number(i / d, c->in[0].dim[0], c->i) * d + i % d] += x[0][i];
}

/* ---- the table ---- */

const op_spec op_specs_shape[] = {
    {.name = "reshape",
     .build = build_reshape,
     .one = unmoved,
     .cases = reshape_cases,
     .lo = -2,
     .hi = 2},
    RANK(rank_rows),
    RANK(all_rows),
    RANK(rank_sum),
    RANK(rank_copy),
    OTHER(permute, permute_cases),
    OTHER(broadcast, broadcast_cases),
    OTHER(slice, slice_cases),
    OTHER(pad, pad_cases),
    OTHER(concat, concat_cases),
    OTHER(gather, gather_cases),
    OTHER(scatter, scatter_cases),
    {.name = "transpose",
     .build = build_transpose,
     .reference = permute_reference,
     .cases = transpose_cases,
     .lo = -2,
     .hi = 2},
    {.name = NULL},
};
