/* graph.h - building a symbolic graph; nothing here computes.
 *
 * Builders are sticky: NULL in, NULL out, and the graph keeps the first error. So code
 * reads as mathematics and whoever asked for the graph checks once, with
 * gedi_graph_status. Nodes belong to their graph and die with it. Equal nodes (same
 * operation, attributes and inputs) are built once. Broadcasting follows NumPy's rule;
 * reductions keep dimensions.
 */
#ifndef GEDI_GRAPH_H
#define GEDI_GRAPH_H

#include "gedi/tensor.h"

#define GEDI_MAX_INPUTS 8

typedef struct gedi_graph gedi_graph;
typedef struct gedi_node gedi_node;

/* NULL when out of memory. Free with gedi_graph_free, which accepts NULL. */
GEDI_EXPORT gedi_graph *gedi_graph_new(void);
GEDI_EXPORT void gedi_graph_free(gedi_graph *g);

/* The first error a builder met, or GEDI_OK; `err` may be NULL. */
GEDI_EXPORT gedi_status gedi_graph_status(const gedi_graph *g, gedi_err *err);

/* For builders outside the core: keeps an error in the graph and returns NULL. */
GEDI_EXPORT gedi_node *gedi_graph_fail(gedi_graph *g, gedi_status code, const char *fmt,
                                       ...) GEDI_PRINTF(3, 4);

GEDI_EXPORT gedi_graph *gedi_node_graph(const gedi_node *x); /* NULL for NULL */
GEDI_EXPORT gedi_shape gedi_node_shape(const gedi_node *x);  /* rank 0 for NULL */
GEDI_EXPORT int64_t gedi_dim(const gedi_node *x,
                             int axis); /* -1 is the last; 0 for NULL */
static inline int64_t gedi_rows(const gedi_node *x)
{
    return gedi_dim(x, 0);
}
static inline int64_t gedi_cols(const gedi_node *x)
{
    return gedi_dim(x, -1);
}
/* Names a node for error messages ("gen", "logits"); returns it. */
GEDI_EXPORT gedi_node *gedi_named(gedi_node *x, const char *name);

/* ---- leaves ---- */
/* Filled by who computes the graph. Of a network that gedi builds, gedi fills its own alone: what is
 * computed of another is refused. */
GEDI_EXPORT gedi_node *gedi_input(gedi_graph *g, const char *name, gedi_shape s);
GEDI_EXPORT gedi_node *gedi_constant(gedi_graph *g, double value, gedi_shape s);
GEDI_EXPORT gedi_node *gedi_scalar(gedi_graph *g, double value); /* shape [1] */
GEDI_EXPORT gedi_node *gedi_eye(gedi_graph *g, int64_t n);       /* [n, n] */
/* The numbers at x, which are copied: such as the rows that gedi_gather is to take. */
GEDI_EXPORT gedi_node *gedi_values(gedi_graph *g, const float *x, gedi_shape s);
/* Fresh numbers at every run of the program, keyed by (seed, stream, run, node). */
GEDI_EXPORT gedi_node *gedi_random_normal(gedi_graph *g, gedi_shape s);
GEDI_EXPORT gedi_node *gedi_random_uniform(gedi_graph *g, gedi_shape s); /* [0, 1) */

/* ---- elementwise, one input: the shape of x ---- */
GEDI_EXPORT gedi_node *gedi_affine(gedi_node *x, double a, double b); /* a x + b */
GEDI_EXPORT gedi_node *gedi_exp(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_log(gedi_node *x);
GEDI_EXPORT gedi_node *
gedi_sqrt(gedi_node *x); /* derivative 0 at 0 is not defined: inf */
GEDI_EXPORT gedi_node *gedi_square(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_reciprocal(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_leaky_relu(gedi_node *x,
                                       double slope); /* derivative at 0: slope */
GEDI_EXPORT gedi_node *gedi_step(gedi_node *x,
                                 double below); /* 1 where x > 0, else below */
GEDI_EXPORT gedi_node *gedi_tanh(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_sigmoid(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_softplus(gedi_node *x); /* log(1 + e^x), stable */
static inline gedi_node *gedi_scale(gedi_node *x, double a)
{
    return gedi_affine(x, a, 0.0);
}
static inline gedi_node *gedi_neg(gedi_node *x)
{
    return gedi_affine(x, -1.0, 0.0);
}
static inline gedi_node *gedi_relu(gedi_node *x)
{
    return gedi_leaky_relu(x, 0.0);
}
static inline gedi_node *gedi_abs(gedi_node *x)
{
    return gedi_leaky_relu(x, -1.0);
}

/* ---- elementwise, two inputs, broadcast ---- */
GEDI_EXPORT gedi_node *gedi_add(gedi_node *a, gedi_node *b);
GEDI_EXPORT gedi_node *gedi_sub(gedi_node *a, gedi_node *b);
GEDI_EXPORT gedi_node *gedi_mul(gedi_node *a, gedi_node *b);
GEDI_EXPORT gedi_node *gedi_div(gedi_node *a, gedi_node *b);
GEDI_EXPORT gedi_node *gedi_maximum(gedi_node *a,
                                    gedi_node *b); /* ties: derivative to b */
GEDI_EXPORT gedi_node *gedi_greater(gedi_node *a,
                                    gedi_node *b); /* 1 where a > b, else 0 */

/* ---- reductions over `axes`, a bit mask: 1 << axis; dimensions are kept as 1 ---- */
#define GEDI_ALL_AXES 0xffu
GEDI_EXPORT gedi_node *gedi_sum(gedi_node *x, unsigned axes);
GEDI_EXPORT gedi_node *gedi_mean(gedi_node *x, unsigned axes);
GEDI_EXPORT gedi_node *gedi_max(gedi_node *x,
                                unsigned axes); /* ties share the derivative */

/* ---- along the last axis, stable ---- */
GEDI_EXPORT gedi_node *gedi_softmax(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_log_softmax(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_logsumexp(gedi_node *x); /* [..., K] -> [..., 1] */

/* ---- shape ---- */
GEDI_EXPORT gedi_node *gedi_reshape(gedi_node *x, gedi_shape s);
GEDI_EXPORT gedi_node *gedi_permute(gedi_node *x, const int *axes); /* rank entries */
GEDI_EXPORT gedi_node *gedi_transpose(gedi_node *x); /* the last two axes exchanged */
GEDI_EXPORT gedi_node *gedi_broadcast(gedi_node *x, gedi_shape s);
GEDI_EXPORT gedi_node *gedi_slice(gedi_node *x, int axis, int64_t first, int64_t count);
/* Zeros around x: `before` and `after` entries along `axis`. */
GEDI_EXPORT gedi_node *gedi_pad(gedi_node *x, int axis, int64_t before, int64_t after);
GEDI_EXPORT gedi_node *gedi_concat(gedi_node *const *x, int n, int axis);

/* ---- rows of a table by number ----
 * An index is a node of whole numbers in [0, N), N up to 2^24; nothing is differentiated with
 * respect to it. */
/* Row index[b] of `table`, for each b; NaN where index[b] is not the number of a row.
 *   table [N, D], index [B, 1] -> [B, D].
 *   Errors: GEDI_SHAPE.  Differentiable in table, as often as wanted.  */
GEDI_EXPORT gedi_node *gedi_gather(gedi_node *table, gedi_node *index);
/* The transpose of gather: row n is the sum of the rows[b] whose index[b] is n, 0 where there
 * are none. One index that is not the number of a row makes all of the result NaN. The same
 * bytes with any number of threads.
 *   rows [B, D], index [B, 1] -> [n, D].
 *   Errors: GEDI_SHAPE.  Differentiable in rows, as often as wanted.  */
GEDI_EXPORT gedi_node *gedi_scatter(gedi_node *rows, gedi_node *index, int64_t n);

/* ---- linear algebra: [B, D] x [D, K] -> [B, K] ---- */
GEDI_EXPORT gedi_node *gedi_matmul(gedi_node *a, gedi_node *b);
/* x [B, D] times w [D, K], plus bias [K] in each row; with a leaky ReLU behind it still one
 * pass over memory. */
GEDI_EXPORT gedi_node *gedi_dense(gedi_node *x, gedi_node *w, gedi_node *bias);
/* The lower triangle of x [D, D], its diagonal times `diagonal`; zeros above. */
GEDI_EXPORT gedi_node *gedi_lower(gedi_node *x, double diagonal);
/* X with L X = b, or, if `right`, X L = b; with L^T in place of L if `transposed`. Of l
 * [D, D] only the lower triangle is read; X has the shape of b. */
GEDI_EXPORT gedi_node *gedi_triangular_solve(gedi_node *l, gedi_node *b, bool right,
                                             bool transposed);
/* Lower triangular L [D, D] with L L^T = (a + a^T) / 2; NaN where that is not positive
 * definite. */
GEDI_EXPORT gedi_node *gedi_cholesky(gedi_node *a);

/* ---- images: [N, H, W, C] ---- */
/* The sum over i, j, c of x[n, stride p + i - pad, stride q + j - pad, c] w[i, j, c, o], x being 0 outside,
 * plus bias[o].
 *   x an image of C channels, w [kh, kw, C, O], bias [O] or NULL, stride at least 1
 *   -> an image of O channels, (H + 2 pad - kh) / stride + 1 high, rounded down; its width likewise.
 *   Errors: GEDI_SHAPE.  Differentiable in all three, as often as wanted.  */
GEDI_EXPORT gedi_node *gedi_convolve(gedi_node *x, gedi_node *w, gedi_node *bias,
                                     int64_t pad, int64_t stride);
/* The same map transposed: from the derivative with respect to its output to that with respect
 * to an input of shape `x`, or to a kernel of shape `w`. With `bias` the latter is laid flat,
 * [kh kw C + 1, O], and its last row is the derivative with respect to the bias. */
GEDI_EXPORT gedi_node *gedi_convolve_input(gedi_node *gy, gedi_node *w, int64_t pad,
                                           int64_t stride, gedi_shape x);
GEDI_EXPORT gedi_node *gedi_convolve_weight(gedi_node *x, gedi_node *gy, int64_t pad,
                                            int64_t stride, gedi_shape w, bool bias);
/* The mean of each 2x2 square; H and W must be even. */
GEDI_EXPORT gedi_node *gedi_mean_pool(gedi_node *x);
/* Twice as high and wide: a quarter of each number at the four places of its square. */
GEDI_EXPORT gedi_node *gedi_mean_unpool(gedi_node *x);
GEDI_EXPORT gedi_node *gedi_global_mean(gedi_node *x); /* over H and W: [N, C] */

/* ---- composed, differentiable twice ---- */
/* x / max(|x|, eps) along the last axis; the derivative at 0 is 1 / eps. */
GEDI_EXPORT gedi_node *gedi_l2_normalize(gedi_node *x, double eps);
/* (x - mean) / sqrt(var + eps) of each column of [B, D]; var divides by B. */
GEDI_EXPORT gedi_node *gedi_standardize(gedi_node *x, double eps);
/* log det of a [D, D], of which (a + a^T) / 2 must be positive definite, else NaN; [1]. */
GEDI_EXPORT gedi_node *gedi_log_det(gedi_node *a);

/* ---- derivatives ---- */
GEDI_EXPORT gedi_node *gedi_stop_gradient(gedi_node *x);
/* Adds to the graph the derivative of the sum of `cost` with respect to each wrt[i], of
 * the same shape; zeros where cost does not depend on it: ask gedi_depends(cost, wrt[i])
 * first where that would be a mistake. Nodes in `constants` (may be
 * NULL) are held fixed. The result can be differentiated again. Errors: GEDI_NOGRAD,
 * naming the operation.  */
GEDI_EXPORT gedi_status gedi_grad(gedi_node *cost, gedi_node *const *wrt, int n,
                                  gedi_node *const *constants, int m, gedi_node **out);

/* y with each from[i] replaced by to[i], of the same shape: the energy at another point, a loss
 * with other weights. What does not depend on `from` is shared, random numbers among it.
 *   Errors: GEDI_SHAPE; GEDI_USAGE where y does not depend on one of them.  */
GEDI_EXPORT gedi_node *gedi_replace(gedi_node *y, gedi_node *const *from,
                                    gedi_node *const *to, int n);

/* True when `y` is computed from `x`, by whatever way: also one that gedi_grad does not go,
 * through gedi_stop_gradient, an index or a step. If false, the derivative is exactly 0. */
GEDI_EXPORT bool gedi_depends(const gedi_node *y, const gedi_node *x);

#endif
