/* tpe.c - where to draw next: the tree-structured Parzen estimator. */
#include "core/sweep/tpe.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdlib.h>

enum { CANDIDATES = 24 };
#define GOOD 0.15 /* gamma: the part of the draws that l(x) is made of */

/* Some of the draws, seen along one path. */
typedef struct estimate {
    const gedi__space *space;
    int n;
    double *x;     /* [n]: rising */
    double *width; /* [n] */
    double *count; /* [choices]: of each choice, one more than there are */
} estimate;

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Each is as wide as the farther of its neighbours is away, borders among them; not narrower than n
 * kernels can be told apart by. */
static void set_widths(estimate *e)
{
    double least = 1.0 / (e->n + 1 < 100 ? e->n + 1 : 100);
    for (int i = 0; i < e->n; i++) {
        double left = e->x[i] - (i ? e->x[i - 1] : 0);
        double right = (i + 1 < e->n ? e->x[i + 1] : 1) - e->x[i];
        double width = left > right ? left : right;
        e->width[i] = width < least ? least : width > 1 ? 1 : width;
    }
}

static void estimate_of(estimate *e, const gedi__search *s, int k, const double *u,
                        const int *order, int n)
{
    e->space = &s->space[k];
    e->n = n;
    for (int i = 0; i < n; i++)
        e->x[i] = u[(size_t)order[i] * s->spaces + k];
    qsort(e->x, (size_t)n, sizeof *e->x, by_size);
    set_widths(e);
    for (int c = 0; c < e->space->choices; c++)
        e->count[c] = 1;
    for (int i = 0; i < n && e->space->choices; i++)
        e->count[gedi__space_choice(e->space, e->x[i])]++;
}

/* Of N(m, w^2), cut to [0, 1]. */
static double kernel(double x, double m, double w)
{
    double z = (x - m) / w, root = w * sqrt(2);
    double inside = 0.5 * (erf((1 - m) / root) - erf(-m / root));
    return exp(-0.5 * z * z) / (w * sqrt(2 * M_PI) * inside);
}

/* One kernel more than there are draws covers everything: N(1/2, 1). */
static double density(const estimate *e, double x)
{
    if (e->space->choices)
        return e->count[gedi__space_choice(e->space, x)] / (e->n + e->space->choices);
    double sum = kernel(x, 0.5, 1);
    for (int i = 0; i < e->n; i++)
        sum += kernel(x, e->x[i], e->width[i]);
    return sum / (e->n + 1);
}

static double sample_choice(const estimate *e, gedi_rng *r)
{
    int n = e->space->choices, c = 0;
    double left = gedi_rng_uniform(r) * (e->n + n);
    while (c + 1 < n && left >= e->count[c])
        left -= e->count[c++];
    return (c + 0.5) / n;
}

static double sample(const estimate *e, gedi_rng *r)
{
    if (e->space->choices)
        return sample_choice(e, r);
    int i = (int)gedi_rng_below(r, (uint64_t)e->n + 1);
    double m = i < e->n ? e->x[i] : 0.5, w = i < e->n ? e->width[i] : 1, x;
    do {
        x = m + w * gedi_rng_normal(r);
    } while (!(x >= 0 && x < 1));
    return x;
}

static double best_of(const estimate *good, const estimate *other, gedi_rng *r)
{
    double best = 0, most = -INFINITY;
    for (int i = 0; i < CANDIDATES; i++) {
        double x = sample(good, r),
               ratio = log(density(good, x)) - log(density(other, x));
        if (ratio > most) {
            most = ratio;
            best = x;
        }
    }
    return best;
}

static int most_choices(const gedi__search *s)
{
    int most = 0;
    for (int k = 0; k < s->spaces; k++)
        most = s->space[k].choices > most ? s->space[k].choices : most;
    return most;
}

gedi_status gedi__tpe_propose(const gedi__search *s, const double *u, const int *order,
                              int n, gedi_rng *r, double *out, gedi_err *err)
{
    int good = (int)ceil(GOOD * n), choices = most_choices(s);
    size_t size = 2 * (2 * (size_t)n + (size_t)choices) + 1;
    double *room = gedi__alloc(size, sizeof *room, err, "%d draws", n);
    if (!room)
        return GEDI_NOMEM;
    estimate l = {.x = room, .width = room + n, .count = room + 2 * n};
    double *rest = room + 2 * n + choices;
    estimate g = {.x = rest, .width = rest + n, .count = rest + 2 * n};
    for (int k = 0; k < s->spaces; k++) {
        estimate_of(&l, s, k, u, order, good);
        estimate_of(&g, s, k, u, order + good, n - good);
        out[k] = best_of(&l, &g, r);
    }
    free(room);
    return GEDI_OK;
}
