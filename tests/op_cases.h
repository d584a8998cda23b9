/* op_cases.h - every operation with the shapes it is tried on and a naive reference in
 * double. An operation that is not in the table fails the test.
 */
#ifndef GEDI_TESTS_OP_CASES_H
#define GEDI_TESTS_OP_CASES_H

#include "core/op/op.h"

/* One way to use an operation; which attributes count depends on the operation. */
typedef struct op_case {
    int n_in;
    gedi_shape in[GEDI_MAX_INPUTS];
    double a, b;
    int64_t i, j, k;
    unsigned axes;
    int order[GEDI_MAX_RANK];
    gedi_shape shape;
} op_case;

typedef struct op_spec {
    const char *name; /* as in ops.def; others are composed of several operations */
    gedi_node *(*build)(gedi_graph *g, gedi_node **x, const op_case *c);
    /* y of shape `s` from x; or, elementwise, of one number or two. */
    void (*reference)(const op_case *c, const double *const *x, gedi_shape s, double *y);
    double (*one)(const op_case *c, double a);
    double (*two)(double a, double b);
    const op_case *cases; /* ends with one of n_in -1 */
    double lo, hi;        /* range of the inputs */
    double tolerance;     /* error relative to the largest number; 0: 1e-6 */
    const char *flat;     /* why there is no derivative, or NULL */
} op_spec;

/* The table, in six files; each list ends with a spec without a name. */
extern const op_spec op_specs_image[], op_specs_linear[], op_specs_product[],
    op_specs_reduce[], op_specs_shape[];

/* The i-th spec of all; NULL behind the last. */
const op_spec *op_spec_at(int i);

/* y of shape `s` by the spec's reference. */
void op_reference(const op_spec *o, const op_case *c, const double *const *x,
                  gedi_shape s, double *y);

/* Position `at` of element i of a shape, and back. */
void op_unravel(int64_t i, gedi_shape s, int64_t *at);
int64_t op_ravel(const int64_t *at, gedi_shape s);

/* Element of x that stands at element i of y, to whose shape x is broadcast. */
int64_t op_under(int64_t i, gedi_shape y, gedi_shape x);

/* Where random leaves are asked for their numbers. */
enum { OP_SEED = 7, OP_TICK = 3 };

/* ---- for the table ---- */

#define D GEDI_DIMS
#define END                                                                              \
    {                                                                                    \
        .n_in = -1                                                                       \
    }

#define BUILD_1(op)                                                                      \
    static gedi_node *build_##op(gedi_graph *g, gedi_node **x, const op_case *c)         \
    {                                                                                    \
        (void)g;                                                                         \
        (void)c;                                                                         \
        return gedi_##op(x[0]);                                                          \
    }

#define OTHER(op, list)                                                                  \
    {                                                                                    \
        .name = #op, .build = build_##op, .reference = op##_reference, .cases = list,    \
        .lo = -2, .hi = 2                                                                \
    }

#endif
