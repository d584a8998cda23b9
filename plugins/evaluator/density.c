/* density.c - how far the model's density is from that of the data, where that is known.
 *
 * Source:  the definitions; no sampling and no estimate
 * Inputs:  the density p of the data, a mixture of components; the energy, log q up to a
 *          constant; both at the centres of the cells of a box
 * Output:  kl, quadrature_error, mass_near_data, log_ratio, log_likelihood and what is true
 *          of p in place of the last two
 * Differs: both densities are normalised on the box, by the midpoint rule, so that the
 *          constant of the energy does not matter. What they have outside is not seen: the box
 *          must hold 99 % of p.
 */
#include "plugins/evaluator/box.h"

#include <stdio.h>

#define DENSITY_SLACK 0.01 /* of the true mass, that the box may miss */

typedef struct density {
    double low, high;
    int64_t cells;
} density;

static const gedi_option density_options[] = {
    GEDI_REAL(density, low, -2.0, -1e6, 1e6, "lower end of the box on each axis"),
    GEDI_REAL(density, high, 2.0, -1e6, 1e6, "upper end of the box on each axis"),
    GEDI_INT(density, cells, 400, 2, 100000,
             "cells along each axis; a cell should not be wider than the data's noise"),
    GEDI_END,
};

static const gedi_metric density_metrics[] = {
    {"kl", GEDI_LESS, "nats",
     "KL(p, q) of the true density p and the model's q, both normalised on the box"},
    {"quadrature_error", GEDI_NEITHER, "nats",
     "difference of the kl of every second cell and the kl of the others: take more cells "
     "where it is above .01"},
    {"mass_near_data", GEDI_MORE, "",
     "the model's mass in the smallest region that has 99 % of the true mass"},
    {"chains_near_data", GEDI_MORE, "",
     "share of the replay buffer that is in that region; where there is one"},
    {"log_ratio", GEDI_NEITHER, "nats",
     "mean of log q over component 0 of the data less that over component 1: how much "
     "denser the model makes the first"},
    {"log_ratio_true", GEDI_NEITHER, "nats", "the same of the true density"},
    {"log_likelihood", GEDI_MORE, "nats",
     "mean log q of the test records, normalised on the box"},
    {"log_likelihood_true", GEDI_NEITHER, "nats", "the same of the true density"},
    GEDI_METRICS_END,
};

static gedi_status density_check(const void *self, gedi_err *err)
{
    const density *o = self;
    if (o->low < o->high)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_OPTION, "low: %g is not below high, %g", o->low, o->high);
}

/* ---- test records ---- */

typedef struct density_records {
    int64_t n, inside;   /* the box */
    double log_q, log_p; /* sums over those, of the model's up to its constant */
    float *x, *q;        /* memory of a chunk */
    double *log_pk;
} density_records;

/* Records first .. first + n - 1. */
static gedi_status density_add(const box *b, gedi_trial *t, int64_t first, int64_t n,
                               bool model, density_records *r, gedi_err *err)
{
    gedi_mixture m;
    GEDI_TRY(gedi_trial_read(t, GEDI_TEST, first, n, r->x, err));
    if (model) {
        GEDI_TRY(gedi_trial_log_p(t, r->x, n, r->q, err));
        GEDI_TRY(gedi_trial_density(t, r->x, n, &m, r->log_pk, err));
    }
    for (int64_t i = 0; i < n; i++) {
        if (!box_inside(b, r->x + i * b->d))
            continue;
        r->inside++;
        if (!model)
            continue;
        r->log_p += box_mix(r->log_pk + i * m.components, &m);
        r->log_q += r->q[i];
    }
    return GEDI_OK;
}

/* Without the model: how many are inside. */
static gedi_status density_look(const box *b, gedi_trial *t, bool model,
                                density_records *r, gedi_err *err)
{
    int64_t chunk = BOX_CHUNK;
    *r = (density_records){
        .n = gedi_trial_count(t, GEDI_TEST),
        .x = malloc((size_t)(chunk * b->d) * sizeof *r->x),
        .q = malloc((size_t)chunk * sizeof *r->q),
        .log_pk = malloc((size_t)(chunk * b->m.components) * sizeof *r->log_pk),
    };
    gedi_status s =
        r->x && r->q && r->log_pk ? GEDI_OK : gedi_no_memory(err, "test records");
    for (int64_t at = 0; at < r->n && s == GEDI_OK; at += chunk)
        s = density_add(b, t, at, r->n - at < chunk ? r->n - at : chunk, model, r, err);
    free(r->x);
    free(r->q);
    free(r->log_pk);
    return s;
}

/* ---- chains ---- */

/* Share of the replay buffer where the true density is at least as large as that. */
static gedi_status density_chains(const box *b, gedi_trial *t, double least,
                                  gedi_err *err)
{
    int64_t n, near = 0;
    const float *x;
    gedi_mixture m;
    if (gedi_trial_chains(t, &x, &n, NULL) != GEDI_OK) /* it has none, and needs none */
        return GEDI_OK;
    double *log_pk = malloc((size_t)(n * b->m.components) * sizeof *log_pk);
    if (!log_pk)
        return gedi_no_memory(err, "%lld chains", (long long)n);
    gedi_status s = gedi_trial_density(t, x, n, &m, log_pk, err);
    for (int64_t i = 0; i < n && s == GEDI_OK; i++)
        near += box_mix(log_pk + i * m.components, &m) >= least;
    free(log_pk);
    if (s == GEDI_OK)
        gedi_trial_report(t, "chains_near_data", (double)near / (double)n, NULL);
    return s;
}

/* ---- evaluation ---- */

/* Is the true mass in the box, and are the cells fine enough to see it? */
static gedi_status density_fits(const box *b, gedi_trial *t, gedi_err *err)
{
    double mass = box_true_mass(b);
    density_records r;
    if (fabs(mass - 1) <= DENSITY_SLACK)
        return GEDI_OK;
    GEDI_TRY(density_look(b, t, false, &r, err));
    if ((double)(r.n - r.inside) > DENSITY_SLACK / 2 * (double)r.n)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "low and high: %lld of %lld test records are outside of "
                         "[%g, %g], which holds %.3g of the true mass: widen it",
                         (long long)(r.n - r.inside), (long long)r.n, b->low, b->high,
                         mass);
    return GEDI_FAIL(err, GEDI_OPTION,
                     "cells: %lld along each axis give the true density a mass of %.3g "
                     "in place of 1: take more",
                     (long long)b->side, mass);
}

/* Fills the box, which the caller clears, and checks that it can be relied on. */
static gedi_status density_box(const density *o, gedi_trial *t, bool model, box *b,
                               gedi_err *err)
{
    *b = (box){.low = o->low, .high = o->high, .side = o->cells};
    if (!gedi_trial_has_energy(t))
        return GEDI_FAIL(err, GEDI_STATE,
                         "the objective has no energy, so the model has no density: "
                         "evaluate one that has, such as gedi or jem");
    if (!gedi_trial_has_density(t))
        return GEDI_FAIL(err, GEDI_STATE,
                         "the density of these data is not known, as that of moons and "
                         "circles is: two_sample needs samples alone");
    if (gedi_trial_count(t, GEDI_TEST) < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "the dataset has no test records");
    GEDI_TRY(box_init(b, t, model, err));
    return density_fits(b, t, err);
}

static gedi_status density_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    box b;
    const density *o = self;
    const float *x;
    int64_t n;
    gedi_status s = density_box(o, t, false, &b, err);
    if (gedi_trial_chains(t, &x, &n, NULL) != GEDI_OK)
        gedi_trial_omit(t, "chains_near_data", "there is no replay buffer");
    box_clear(&b);
    return s;
}

static void density_say(gedi_trial *t, const box *b, const char *name, double value,
                        const char *what)
{
    char text[240];
    snprintf(text, sizeof text, "%s, on [%g, %g]^%lld, %lld cells along each axis", what,
             b->low, b->high, (long long)b->d, (long long)b->side);
    gedi_trial_report(t, name, value, text);
}

static gedi_status density_report(const box *b, gedi_trial *t, gedi_err *err)
{
    density_records r;
    char text[96];
    double near = NAN, least = INFINITY;
    GEDI_TRY(box_near(b, &least, &near, err));
    GEDI_TRY(density_look(b, t, true, &r, err));
    if (!r.inside)
        return GEDI_FAIL(err, GEDI_OPTION, "low and high: no test record is in [%g, %g]",
                         b->low, b->high);
    density_say(t, b, "kl", box_kl(b, BOX_ALL),
                "KL(p, q) of the true density p and the model's q");
    density_say(t, b, "quadrature_error", fabs(box_kl(b, BOX_EVEN) - box_kl(b, BOX_ODD)),
                "kl of every second cell less kl of the others");
    density_say(t, b, "mass_near_data", near,
                "the model's mass in the smallest region that has 99 % of the true mass");
    GEDI_TRY(density_chains(b, t, least, err));
    if (b->m.components == 2) {
        gedi_trial_report(t, "log_ratio", box_mean(b, 0, true) - box_mean(b, 1, true),
                          NULL);
        gedi_trial_report(t, "log_ratio_true",
                          box_mean(b, 0, false) - box_mean(b, 1, false), NULL);
    }
    double n = (double)r.inside;
    snprintf(text, sizeof text, "mean log q of %lld of %lld test records",
             (long long)r.inside, (long long)r.n);
    density_say(t, b, "log_likelihood", r.log_q / n - box_log_z(b, BOX_ALL), text);
    gedi_trial_report(t, "log_likelihood_true", r.log_p / n - log(box_true_mass(b)),
                      NULL);
    return GEDI_OK;
}

static gedi_status density_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    box b;
    const density *o = self;
    gedi_status s = density_box(o, t, true, &b, err);
    if (s == GEDI_OK)
        s = density_report(&b, t, err);
    box_clear(&b);
    return s;
}

GEDI_DEFINE(evaluator, density) = {
    GEDI_HEAD(evaluator, density),
    .brief = "how far the model's density is from that of the data, where it is known",
    .cite = "Kullback & Leibler 1951",
    .self_size = sizeof(density),
    .options = density_options,
    .check = density_check,
    .evaluate = density_evaluate,
    .metrics = density_metrics,
    .ready = density_ready,
};
