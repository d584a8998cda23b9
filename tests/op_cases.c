/* op_cases.c - the table of operations; here leaves and elementwise ones. */
#include "tests/op_cases.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- indices ---- */

void op_unravel(int64_t i, gedi_shape s, int64_t *at)
{
    for (int d = s.rank - 1; d >= 0; d--) {
        at[d] = i % s.dim[d];
        i /= s.dim[d];
    }
}

int64_t op_ravel(const int64_t *at, gedi_shape s)
{
    int64_t i = 0;
    for (int d = 0; d < s.rank; d++)
        i = i * s.dim[d] + at[d];
    return i;
}

int64_t op_under(int64_t i, gedi_shape y, gedi_shape x)
{
    int64_t at[GEDI_MAX_RANK], of[GEDI_MAX_RANK];
    op_unravel(i, y, at);
    for (int d = 0; d < x.rank; d++)
        of[d] = x.dim[d] == 1 ? 0 : at[d + y.rank - x.rank];
    return op_ravel(of, x);
}

void op_reference(const op_spec *o, const op_case *c, const double *const *x,
                  gedi_shape s, double *y)
{
    if (o->reference) {
        o->reference(c, x, s, y);
        return;
    }
    int64_t n = gedi_shape_size(s);
    for (int64_t i = 0; i < n; i++)
        y[i] = o->one ? o->one(c, x[0][i])
                      : o->two(x[0][op_under(i, s, c->in[0])],
                               x[1][op_under(i, s, c->in[1])]);
}

/* ---- leaves ---- */

static const op_case leaf_cases[] = {
    {.shape = D(1)},
    {.shape = D(17, 33), .a = -2.5},
    {.shape = D(0, 3)},
    {.shape = D(513, 517)},
    END,
};

static gedi_node *build_constant(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)x;
    return gedi_constant(g, c->a, c->shape);
}

static void constant_reference(const op_case *c, const double *const *x, gedi_shape s,
                               double *y)
{
    (void)x;
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = c->a;
}

static const op_case input_cases[] = {
    {.n_in = 1, .in = {D(1)}},
    {.n_in = 1, .in = {D(17, 33)}},
    {.n_in = 1, .in = {D(513, 517)}},
    END,
};

static gedi_node *build_input(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    (void)c;
    return x[0];
}

static double same(const op_case *c, double a)
{
    (void)c;
    return a;
}

static const op_case eye_cases[] = {{.i = 1, .shape = D(1, 1)},
                                    {.i = 9, .shape = D(9, 9)},
                                    {.i = 520, .shape = D(520, 520)},
                                    END};

static gedi_node *build_eye(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)x;
    return gedi_eye(g, c->i);
}

static void eye_reference(const op_case *c, const double *const *x, gedi_shape s,
                          double *y)
{
    (void)x;
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = i / c->i == i % c->i;
}

static float value_at(int64_t i)
{
    return (float)i * 0.5f - 3.0f;
}

static gedi_node *build_values(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)x;
    int64_t n = gedi_shape_size(c->shape);
    float *of = malloc(((size_t)n + 1) * sizeof *of);
    for (int64_t i = 0; of && i < n; i++)
        of[i] = value_at(i);
    gedi_node *y = of ? gedi_values(g, of, c->shape) : NULL;
    free(of);
    return y;
}

static void values_reference(const op_case *c, const double *const *x, gedi_shape s,
                             double *y)
{
    (void)x;
    (void)c;
    for (int64_t i = 0; i < gedi_shape_size(s); i++)
        y[i] = value_at(i);
}

static void random_reference(gedi_shape s, double *y,
                             void (*fill)(gedi_rng *, float *, int64_t))
{
    int64_t n = gedi_shape_size(s);
    float *f = malloc(((size_t)n + 1) * sizeof *f);
    gedi_rng r = gedi_rng_at(OP_SEED, GEDI_STREAM_SAMPLER, OP_TICK, 0);
    fill(&r, f, n);
    for (int64_t i = 0; i < n; i++)
        y[i] = (double)f[i];
    free(f);
}

static gedi_node *build_normal(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)x;
    return gedi_random_normal(g, c->shape);
}

static void normal_reference(const op_case *c, const double *const *x, gedi_shape s,
                             double *y)
{
    (void)c;
    (void)x;
    random_reference(s, y, gedi_rng_fill_normal);
}

static gedi_node *build_uniform(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)x;
    return gedi_random_uniform(g, c->shape);
}

static void uniform_reference(const op_case *c, const double *const *x, gedi_shape s,
                              double *y)
{
    (void)c;
    (void)x;
    random_reference(s, y, gedi_rng_fill_uniform);
}

/* ---- elementwise ---- */

static const op_case unary_cases[] = {
    {.n_in = 1, .in = {D(1)}, .a = 0.25, .b = 0.5},
    {.n_in = 1, .in = {D(7)}, .a = -1.0, .b = 2.0},
    {.n_in = 1, .in = {D(17, 33)}, .a = 0.1, .b = -0.3},
    {.n_in = 1, .in = {D(3, 2, 5)}, .a = 0.0, .b = 1.0},
    {.n_in = 1, .in = {D(2, 3, 2, 3)}, .a = 3.0, .b = 0.0},
    {.n_in = 1, .in = {D(0, 3)}, .a = 2.0},
    {.n_in = 1, .in = {D(513, 517)}, .a = 0.2, .b = 0.7},
    END,
};

static const op_case binary_cases[] = {
    {.n_in = 2, .in = {D(1), D(1)}},
    {.n_in = 2, .in = {D(17, 33), D(17, 33)}},
    {.n_in = 2, .in = {D(17, 33), D(33)}},
    {.n_in = 2, .in = {D(17, 33), D(17, 1)}},
    {.n_in = 2, .in = {D(17, 33), D(1)}},
    {.n_in = 2, .in = {D(1, 33), D(17, 1)}},
    {.n_in = 2, .in = {D(5), D(3, 4, 5)}},
    {.n_in = 2, .in = {D(2, 1, 3, 1), D(4, 1, 5)}},
    {.n_in = 2, .in = {D(0, 3), D(3)}},
    {.n_in = 2, .in = {D(2700, 100), D(100)}},
    {.n_in = 2, .in = {D(2700, 1), D(2700, 100)}},
    END,
};

#define UNARY(op, formula)                                                               \
    BUILD_1(op)                                                                          \
    static double op##_of(const op_case *c, double a)                                    \
    {                                                                                    \
        (void)c;                                                                         \
        return formula;                                                                  \
    }
#define BINARY(op, formula)                                                              \
    static gedi_node *build_##op(gedi_graph *g, gedi_node **x, const op_case *c)         \
    {                                                                                    \
        (void)g;                                                                         \
        (void)c;                                                                         \
        return gedi_##op(x[0], x[1]);                                                    \
    }                                                                                    \
    static double op##_of(double a, double b)                                            \
    {                                                                                    \
        return formula;                                                                  \
    }

UNARY(exp, exp(a))
UNARY(log, log(a))
UNARY(sqrt, sqrt(a))
UNARY(square, a *a)
UNARY(reciprocal, 1 / a)
UNARY(tanh, tanh(a))
UNARY(sigmoid, 1 / (1 + exp(-a)))
UNARY(softplus, a > 0 ? a + log1p(exp(-a)) : log1p(exp(a)))
UNARY(stop_gradient, a)
BINARY(add, a + b)
BINARY(sub, a - b)
BINARY(mul, a *b)
BINARY(div, a / b)
BINARY(maximum, a > b ? a : b)
BINARY(greater, a > b)

static gedi_node *build_affine(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_affine(x[0], c->a, c->b);
}

static double affine_of(const op_case *c, double a)
{
    return c->a * a + c->b;
}

static gedi_node *build_leaky_relu(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_leaky_relu(x[0], c->a);
}

static double leaky_relu_of(const op_case *c, double a)
{
    return a > 0 ? a : c->a * a;
}

static gedi_node *build_step(gedi_graph *g, gedi_node **x, const op_case *c)
{
    (void)g;
    return gedi_step(x[0], c->a);
}

static double step_of(const op_case *c, double a)
{
    return a > 0 ? 1 : c->a;
}

/* ---- the table ---- */

#define LEAF(op, list)                                                                   \
    {                                                                                    \
        .name = #op, .build = build_##op, .reference = op##_reference, .cases = list,    \
        .flat = "no inputs"                                                              \
    }
#define ONE(op, low, high)                                                               \
    {                                                                                    \
        .name = #op, .build = build_##op, .one = op##_of, .cases = unary_cases,          \
        .lo = low, .hi = high                                                            \
    }
#define TWO(op, low, high)                                                               \
    {                                                                                    \
        .name = #op, .build = build_##op, .two = op##_of, .cases = binary_cases,         \
        .lo = low, .hi = high                                                            \
    }
static const op_spec map_specs[] = {
    {.name = "input",
     .build = build_input,
     .one = same,
     .cases = input_cases,
     .lo = -2,
     .hi = 2,
     .flat = "no inputs"},
    LEAF(constant, leaf_cases),
    LEAF(eye, eye_cases),
    LEAF(values, leaf_cases),
    {.name = "random_normal",
     .build = build_normal,
     .reference = normal_reference,
     .cases = leaf_cases,
     .flat = "no inputs"},
    {.name = "random_uniform",
     .build = build_uniform,
     .reference = uniform_reference,
     .cases = leaf_cases,
     .flat = "no inputs"},
    ONE(affine, -2, 2),
    ONE(exp, -3, 3),
    ONE(log, 0.1, 5),
    ONE(sqrt, 0.1, 5),
    ONE(square, -3, 3),
    ONE(reciprocal, 0.3, 3),
    ONE(leaky_relu, -2, 2),
    {.name = "step",
     .build = build_step,
     .one = step_of,
     .cases = unary_cases,
     .lo = -2,
     .hi = 2,
     .flat = "constant on both sides of 0"},
    ONE(tanh, -3, 3),
    ONE(sigmoid, -5, 5),
    ONE(softplus, -5, 5),
    TWO(add, -2, 2),
    TWO(sub, -2, 2),
    TWO(mul, -2, 2),
    TWO(div, 0.3, 3),
    TWO(maximum, -2, 2),
    {.name = "greater",
     .build = build_greater,
     .two = greater_of,
     .cases = binary_cases,
     .lo = -2,
     .hi = 2,
     .flat = "constant on both sides of a = b"},
    {.name = "stop_gradient",
     .build = build_stop_gradient,
     .one = stop_gradient_of,
     .cases = unary_cases,
     .lo = -2,
     .hi = 2,
     .flat = "that is its purpose"},
    {.name = NULL},
};

static const op_spec *const lists[] = {map_specs,        op_specs_image,  op_specs_linear,
                                       op_specs_product, op_specs_reduce, op_specs_shape};

const op_spec *op_spec_at(int i)
{
    for (size_t list = 0; list < sizeof lists / sizeof *lists; list++)
        for (const op_spec *o = lists[list]; o->name; o++)
            if (!i--)
                return o;
    return NULL;
}
