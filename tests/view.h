/* view.h - what tests of views share: the image of fixture/view.py, draws, and whether they are drawn as
 * stated.
 */
#ifndef GEDI_TESTS_VIEW_H
#define GEDI_TESTS_VIEW_H

#include "tests/component.h"
#include "tests/testing.h"

#include <stdio.h>

enum { HIGH = 4, WIDE = 5, N = HIGH * WIDE, NUMBERS = 3 * N, DRAWS = 4000 };
static const double tolerance = 1e-6;

static const struct row {
    const char *name;
    double factor;
    int64_t n;
    const double *v;
} rows[] = {
#include "tests/fixture/view_cases.h"
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static inline const struct row *row_of(const char *name)
{
    for (int i = 0; i < ROWS; i++)
        if (!strcmp(rows[i].name, name))
            return &rows[i];
    ck_abort_msg("there is no row %s", name);
    return NULL;
}

static inline void image(float *x)
{
    for (int i = 0; i < NUMBERS; i++)
        x[i] = (float)row_of("image")->v[i];
}

/* ---- one draw of a view ---- */

static inline void apply(const void *view, const component *c, uint32_t position,
                         gedi_shape shape, float *x)
{
    int64_t n = gedi_shape_size(shape);
    float *scratch = malloc((size_t)n * sizeof *scratch);
    ck_assert_ptr_nonnull(scratch);
    for (int64_t i = 0; i < n; i++)
        scratch[i] = NAN;
    gedi_rng rng = gedi_rng_at(11, GEDI_STREAM_VIEW, 2, position);
    ((const gedi_view *)view)->apply(c->self, shape, x, scratch, &rng);
    free(scratch);
}

static inline void draw(const void *view, const component *c, uint32_t position, float *x)
{
    image(x);
    apply(view, c, position, GEDI_DIMS(HIGH, WIDE, 3), x);
}

static inline bool same(const float *x, const double *want)
{
    return testing_error(x, want, NUMBERS, 1.0) <= tolerance;
}

/* How often something happened, of n, is within five standard deviations of p n. */
static inline void ck_share(const char *what, int64_t often, int64_t n, double p)
{
    double five = 5 * sqrt(p * (1 - p) * (double)n);
    ck_assert_msg(fabs((double)often - p * (double)n) <= five + 1e-9,
                  "%s: %d of %d, expected a share of %g", what, (int)often, (int)n, p);
}

static inline int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* v[n] is uniform on [low, high]: Kolmogorov and Smirnov's distance, of which 2.2 / sqrt(n) is
 * exceeded once in 8000 times. */
static inline void ck_uniform(const char *what, double *v, int n, double low, double high)
{
    double worst = 0;
    qsort(v, (size_t)n, sizeof *v, by_size);
    for (int i = 0; i < n; i++) {
        double u = (v[i] - low) / (high - low), e = fabs(u - (i + 0.5) / n);
        worst = isfinite(u) ? fmax(worst, e) : INFINITY;
    }
    ck_assert_msg(v[0] >= low - 1e-5 && v[n - 1] <= high + 1e-5,
                  "%s: %g to %g, not %g to %g", what, v[0], v[n - 1], low, high);
    ck_assert_msg(worst <= 2.2 / sqrt(n), "%s is not uniform on [%g, %g]: distance %g",
                  what, low, high, worst);
}

#endif
