/* differences.h - is a derivative that of the numbers themselves? Central differences of
 * what a program computes in float32.
 */
#ifndef GEDI_TESTS_DIFFERENCES_H
#define GEDI_TESTS_DIFFERENCES_H

#include "gedi/rng.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Computes f of numbers that lie where `context` knows. */
typedef double (*differences_function)(void *context);

/* f where x is moved by h along the signs v. */
static inline double differences_at(differences_function f, void *context, float *x,
                                    const float *at, const float *v, int64_t n, double h)
{
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(at[i] + h * v[i]);
    return f(context);
}

/* The derivative of f along v by four points: its error is of order h^4. */
static inline double differences_along(differences_function f, void *context, float *x,
                                       const float *at, const float *v, int64_t n,
                                       double h)
{
    double one = differences_at(f, context, x, at, v, n, h) -
                 differences_at(f, context, x, at, v, n, -h);
    double two = differences_at(f, context, x, at, v, n, 2 * h) -
                 differences_at(f, context, x, at, v, n, -2 * h);
    return (8 * one - two) / (12 * h);
}

/* The error of g as the derivative of f at x [n], relative to |g| + floor; the worst of
 * some directions of random signs. A long step rounds less, a short one crosses fewer
 * kinks of f: each direction counts with its best, or with the first that no wrong
 * derivative would have. Infinite for NaN; x stays as it was. */
static inline double differences_error(differences_function f, void *context, float *x,
                                       const float *g, int64_t n, double floor)
{
    static const double steps[] = {1.0 / 32, 1.0 / 128, 1.0 / 512, 1.0 / 2048};
    enum { STEPS = sizeof steps / sizeof steps[0], DIRECTIONS = 3 };
    const double enough = 2e-4;
    float *at = malloc(((size_t)n + 1) * sizeof *at), *v = malloc(((size_t)n + 1) * 4);
    double worst = at && v ? 0 : INFINITY;
    for (int d = 0; at && v && d < DIRECTIONS; d++) {
        gedi_rng r = gedi_rng_at(77, GEDI_STREAM_EVAL, (uint64_t)d, 0);
        double along = 0, norm = 0, best = INFINITY;
        for (int64_t i = 0; i < n; i++) {
            v[i] = gedi_rng_u32(&r) & 1 ? 1.0f : -1.0f;
            along += (double)v[i] * g[i];
            norm += (double)g[i] * g[i];
        }
        memcpy(at, x, (size_t)n * sizeof *at);
        for (int k = 0; k < STEPS && best > enough; k++) {
            double want = differences_along(f, context, x, at, v, n, steps[k]);
            best = fmin(best, fabs(along - want) / (sqrt(norm) + floor));
        }
        memcpy(x, at, (size_t)n * sizeof *at);
        if (!(best <= worst))
            worst = best;
    }
    free(at);
    free(v);
    return worst;
}

#endif
