/* box.h - two densities on the cells of a box, the data's and the model's, and integrals of them
 * by the midpoint rule: the values at the centres of the cells times their volume.
 */
#ifndef GEDI_PLUGINS_EVALUATOR_BOX_H
#define GEDI_PLUGINS_EVALUATOR_BOX_H

#include "gedi/plugin.h"

#include <math.h>
#include <stdlib.h>

enum {
    BOX_MOST_NUMBERS = 3, /* of a record */
    BOX_MOST_CELLS = 1 << 24,
    BOX_CHUNK = 4096, /* points at a time */
};
#define BOX_NEAR 0.99 /* of the true mass is near the data */

typedef struct box {
    double low, high; /* on each axis */
    int64_t side;     /* cells along each axis */
    int64_t d, n;     /* axes, cells */
    double log_cell;  /* log of a cell's volume */
    gedi_mixture m;   /* the true density p */
    double *log_p;    /* [N] */
    double *log_pk;   /* of its components, [N, K] */
    float *log_q;     /* of the model, up to a constant, [N]; where it was asked for */
} box;

static inline void box_clear(box *b)
{
    free(b->log_p);
    free(b->log_pk);
    free(b->log_q);
}

/* log of the mixture of components with these log densities. */
static inline double box_mix(const double *log_pk, const gedi_mixture *m)
{
    double most = -INFINITY, sum = 0;
    for (int64_t k = 0; k < m->components; k++)
        most = fmax(most, log_pk[k]);
    for (int64_t k = 0; k < m->components && most > -INFINITY; k++)
        sum += m->weight[k] * exp(log_pk[k] - most);
    return most + log(sum);
}

static inline bool box_inside(const box *b, const float *x)
{
    for (int64_t j = 0; j < b->d; j++)
        if (!(x[j] >= b->low && x[j] <= b->high))
            return false;
    return true;
}

/* The centre of cell i, whose first axis varies fastest. */
static inline void box_centre(const box *b, int64_t i, float *x)
{
    double width = (b->high - b->low) / (double)b->side;
    for (int64_t j = 0; j < b->d; j++, i /= b->side)
        x[j] = (float)(b->low + width * ((double)(i % b->side) + 0.5));
}

static inline gedi_status box_fill(box *b, gedi_trial *t, bool model, gedi_err *err)
{
    static const int64_t chunk = BOX_CHUNK;
    float *x = malloc((size_t)(chunk * b->d) * sizeof *x);
    gedi_status s = x ? GEDI_OK : gedi_no_memory(err, "points of the box");
    for (int64_t at = 0; at < b->n && s == GEDI_OK; at += chunk) {
        int64_t n = b->n - at < chunk ? b->n - at : chunk, k = b->m.components;
        for (int64_t i = 0; i < n; i++)
            box_centre(b, at + i, x + i * b->d);
        s = gedi_trial_density(t, x, n, &b->m, b->log_pk + at * k, err);
        for (int64_t i = at; i < at + n && s == GEDI_OK; i++)
            b->log_p[i] = box_mix(b->log_pk + i * k, &b->m);
        if (s == GEDI_OK && model)
            s = gedi_trial_log_p(t, x, n, b->log_q + at, err);
    }
    free(x);
    return s;
}

/* low, high, side are set; box_clear it, whatever is returned.
 *   Errors: GEDI_SHAPE for records of too many numbers; GEDI_OPTION for too many cells; those
 *   of the densities.  */
static inline gedi_status box_init(box *b, gedi_trial *t, bool model, gedi_err *err)
{
    b->d = gedi_trial_record(t);
    b->n = 1;
    if (b->d > BOX_MOST_NUMBERS)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "records have %lld numbers: a box of cells serves up to %d; "
                         "two_sample compares samples of any size",
                         (long long)b->d, BOX_MOST_NUMBERS);
    for (int64_t j = 0; j < b->d; j++)
        b->n *= b->side;
    if (b->n > BOX_MOST_CELLS)
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "cells: %lld along each of %lld axes are %lld, above %d: take at "
            "most %d",
            (long long)b->side, (long long)b->d, (long long)b->n, BOX_MOST_CELLS,
            (int)(pow(BOX_MOST_CELLS, 1.0 / (double)b->d) + 1e-9));
    b->log_cell = (double)b->d * log((b->high - b->low) / (double)b->side);
    GEDI_TRY(gedi_trial_density(t, NULL, 0, &b->m, NULL, err));
    size_t n = (size_t)b->n;
    b->log_p = malloc(n * sizeof *b->log_p);
    b->log_pk = malloc(n * (size_t)b->m.components * sizeof *b->log_pk);
    b->log_q = malloc(n * sizeof *b->log_q);
    if (!b->log_p || !b->log_pk || !b->log_q)
        return gedi_no_memory(err, "%zu cells", n);
    return box_fill(b, t, model, err);
}

/* ---- integrals ---- */

/* Which cells: all, or those of one colour, as on a chessboard. */
typedef enum box_cells { BOX_EVEN, BOX_ODD, BOX_ALL } box_cells;

static inline bool box_has(const box *b, box_cells which, int64_t i)
{
    int64_t sum = 0;
    for (int64_t j = 0; j < b->d && which != BOX_ALL; j++, i /= b->side)
        sum += i % b->side;
    return which == BOX_ALL || sum % 2 == (which == BOX_ODD);
}

static inline double box_true_mass(const box *b)
{
    double mass = 0;
    for (int64_t i = 0; i < b->n; i++)
        mass += exp(b->log_p[i] + b->log_cell);
    return mass;
}

/* log of the integral of q up to its constant. */
static inline double box_log_z(const box *b, box_cells which)
{
    double most = -INFINITY, sum = 0;
    for (int64_t i = 0; i < b->n; i++)
        most = fmax(most, b->log_q[i]);
    for (int64_t i = 0; i < b->n; i++)
        if (box_has(b, which, i))
            sum += exp(b->log_q[i] - most);
    return most + log(sum) + b->log_cell;
}

/* KL(p, q), both normalised on these cells. */
static inline double box_kl(const box *b, box_cells which)
{
    double log_z = box_log_z(b, which), mass = 0, sum = 0;
    for (int64_t i = 0; i < b->n; i++) {
        double p = exp(b->log_p[i] + b->log_cell);
        if (p == 0 || !box_has(b, which, i))
            continue;
        mass += p;
        sum += p * (b->log_p[i] - b->log_q[i]);
    }
    return sum / mass - log(mass) + log_z;
}

/* Mean over component k of log q, or of log p. */
static inline double box_mean(const box *b, int64_t k, bool model)
{
    double mass = 0, sum = 0;
    for (int64_t i = 0; i < b->n; i++) {
        double p = exp(b->log_pk[i * b->m.components + k]);
        mass += p;
        if (p > 0)
            sum += p * (model ? (double)b->log_q[i] : b->log_p[i]);
    }
    return sum / mass;
}

typedef struct box_cell {
    double log_p, log_q;
} box_cell;

static inline int box_likelier(const void *a, const void *b)
{
    double x = ((const box_cell *)a)->log_p, y = ((const box_cell *)b)->log_p;
    return (x < y) - (x > y);
}

/* The smallest region that has 99 % of p is where p is above a threshold: *log_p; *q becomes
 * the model's mass there. */
static inline gedi_status box_near(const box *b, double *log_p, double *q, gedi_err *err)
{
    double enough = BOX_NEAR * box_true_mass(b), log_z = box_log_z(b, BOX_ALL), mass = 0;
    box_cell *c = malloc((size_t)b->n * sizeof *c);
    if (!c)
        return gedi_no_memory(err, "%lld cells", (long long)b->n);
    for (int64_t i = 0; i < b->n; i++)
        c[i] = (box_cell){b->log_p[i], b->log_q[i]};
    qsort(c, (size_t)b->n, sizeof *c, box_likelier);
    *q = 0;
    for (int64_t i = 0; i < b->n && mass < enough; i++) {
        mass += exp(c[i].log_p + b->log_cell);
        *q += exp(c[i].log_q + b->log_cell - log_z);
        *log_p = c[i].log_p;
    }
    free(c);
    return GEDI_OK;
}

#endif
