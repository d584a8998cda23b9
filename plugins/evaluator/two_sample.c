/* two_sample.c - are samples of the energy distributed as the test records are?
 *
 * Source:  Szekely & Rizzo 2013, "Energy statistics"; Gretton et al. 2012, "A kernel two-sample
 *          test"; gedi/metric.h says which form of each
 * Inputs:  samples of the run's energy, or the chains of its replay buffer; records of both
 *          splits, as the network sees them
 * Output:  energy and mmd2, with p-values by permutation; the same of noise and of training
 *          records in place of samples, so that one knows what is bad and what is good
 * Differs: the bandwidth is the median distance of training records, not of what is compared: so
 *          distances of several models can be compared, and the p-value is still one, as neither
 *          sample decides on it.
 */
#include "gedi/plugin.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TWO_SAMPLE_FRESH, TWO_SAMPLE_CHAINS }; /* by option `from` */
/* Generators of this evaluator. */
enum { TWO_SAMPLE_TEST, TWO_SAMPLE_TRAIN, TWO_SAMPLE_CHOOSE, TWO_SAMPLE_PERMUTE };

typedef struct two_sample {
    int64_t from, samples, steps, records, permutations;
} two_sample;

static const gedi_option two_sample_options[] = {
    GEDI_ENUM(
        two_sample, from, TWO_SAMPLE_FRESH, "fresh|chains",
        "fresh: new chains, after so many steps; chains: those of the replay buffer, "
        "as training has left them"),
    GEDI_INT(two_sample, samples, 1000, 2, 20000,
             "how many samples, and how many training records"),
    GEDI_INT(two_sample, steps, 500, 0, 10000000,
             "steps of the sampler for each sample; not of `chains`"),
    GEDI_INT(two_sample, records, 1000, 0, 20000,
             "how many test records, drawn at random where there are more; 0: all"),
    GEDI_INT(
        two_sample, permutations, 1000, 0, 1000000,
        "permutations for the p-values; memory and time grow with the square of samples "
        "and records"),
    GEDI_END,
};

static const gedi_metric two_sample_metrics[] = {
    {"energy", GEDI_LESS, "",
     "energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'| of samples to test records"},
    {"energy_p", GEDI_NEITHER, "",
     "share of permutations whose energy distance is no smaller: under .05, samples are hardly "
     "distributed as the data"},
    {"energy_noise", GEDI_NEITHER, "",
     "energy distance of what chains begin with, before any step: a model that has learnt "
     "nothing"},
    {"energy_train", GEDI_NEITHER, "",
     "energy distance of training records: a model that is perfect"},
    {"mmd2", GEDI_LESS, "",
     "square of the MMD of samples to test records, Gaussian kernel, unbiased"},
    {"mmd2_p", GEDI_NEITHER, "", "share of permutations whose mmd2 is no smaller"},
    {"mmd2_noise", GEDI_NEITHER, "", "mmd2 of what chains begin with"},
    {"mmd2_train", GEDI_NEITHER, "", "mmd2 of training records"},
    GEDI_METRICS_END,
};

/* n of all records of a split, at random where there are more. */
static gedi_status two_sample_read(gedi_trial *t, gedi_split split, int64_t n, float *x,
                                   gedi_err *err)
{
    int64_t all = gedi_trial_count(t, split), d = gedi_trial_record(t);
    if (n == all)
        return gedi_trial_read(t, split, 0, n, x, err);
    gedi_rng rng =
        gedi_trial_rng(t, split == GEDI_TEST ? TWO_SAMPLE_TEST : TWO_SAMPLE_TRAIN);
    int64_t *order = malloc((size_t)all * sizeof *order);
    gedi_status s = order ? GEDI_OK : gedi_no_memory(err, "%lld records", (long long)all);
    if (s == GEDI_OK)
        gedi_rng_permutation(&rng, order, all);
    for (int64_t i = 0; i < n && s == GEDI_OK; i++)
        s = gedi_trial_read(t, split, order[i], 1, x + i * d, err);
    free(order);
    return s;
}

/* n of all chains of the replay buffer, at random where there are more. */
static gedi_status two_sample_chains(gedi_trial *t, int64_t n, float *x, gedi_err *err)
{
    int64_t all, d = gedi_trial_record(t);
    const float *chains;
    GEDI_TRY(gedi_trial_chains(t, &chains, &all, err));
    gedi_rng rng = gedi_trial_rng(t, TWO_SAMPLE_CHOOSE);
    int64_t *order = malloc((size_t)all * sizeof *order);
    if (!order)
        return gedi_no_memory(err, "%lld chains", (long long)all);
    gedi_rng_permutation(&rng, order, all);
    for (int64_t i = 0; i < n; i++)
        memcpy(x + i * d, chains + order[i] * d, (size_t)d * sizeof *x);
    free(order);
    return GEDI_OK;
}

/* What is compared: the first is samples or noise. */
typedef struct two_sample_sets {
    int64_t n, train, test, d;
    float *x, *x_train, *x_test;
    double bandwidth;
} two_sample_sets;

static int64_t two_sample_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static gedi_status two_sample_sizes(const two_sample *o, gedi_trial *t,
                                    two_sample_sets *s, gedi_err *err)
{
    int64_t records = gedi_trial_count(t, GEDI_TEST);
    *s = (two_sample_sets){
        .n = o->samples,
        .train = two_sample_least(o->samples, gedi_trial_count(t, GEDI_TRAIN)),
        .test = o->records ? two_sample_least(o->records, records) : records,
        .d = gedi_trial_record(t),
    };
    const float *chains;
    if (o->from == TWO_SAMPLE_CHAINS) {
        GEDI_TRY(gedi_trial_chains(t, &chains, &s->n, err));
        s->n = two_sample_least(s->n, o->samples);
    }
    if (s->n < 2)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "from: a replay buffer of 1 chain is too small: at least 2 are "
                         "needed");
    if (s->test < 2 || s->train < 2)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "%lld %s records are too few: at least 2 are needed",
                         (long long)(s->test < 2 ? s->test : s->train),
                         s->test < 2 ? "test" : "training");
    return GEDI_OK;
}

/* Fails where samples cannot be had. */
static gedi_status two_sample_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const two_sample *o = self;
    two_sample_sets s;
    GEDI_TRY(two_sample_sizes(o, t, &s, err));
    float *x = malloc((size_t)s.d * sizeof *x);
    if (!x)
        return gedi_no_memory(err, "a sample");
    gedi_status status = gedi_trial_sample(t, 1, 0, x, err);
    free(x);
    return status;
}

static gedi_status two_sample_compare(const two_sample *o, gedi_trial *t,
                                      const two_sample_sets *s, const float *x, int64_t n,
                                      bool test, gedi_two_sample_result *r, gedi_err *err)
{
    gedi_rng rng = gedi_trial_rng(t, TWO_SAMPLE_PERMUTE);
    return gedi_two_sample(x, n, s->x_test, s->test, s->d, s->bandwidth,
                           test ? o->permutations : 0, &rng, r, err);
}

static void two_sample_say(gedi_trial *t, const two_sample_sets *s, const char *suffix,
                           const char *of, const gedi_two_sample_result *r)
{
    char name[32], text[320];
    snprintf(name, sizeof name, "energy%s", suffix);
    snprintf(text, sizeof text, "energy distance of %s to %lld test records", of,
             (long long)s->test);
    gedi_trial_report(t, name, r->energy, text);
    snprintf(name, sizeof name, "mmd2%s", suffix);
    snprintf(text, sizeof text,
             "square of the MMD of %s to %lld test records, Gaussian kernel of bandwidth "
             "%.3g, unbiased",
             of, (long long)s->test, s->bandwidth);
    gedi_trial_report(t, name, r->mmd2, text);
}

static gedi_status two_sample_samples(const two_sample *o, gedi_trial *t,
                                      const two_sample_sets *s, gedi_err *err)
{
    gedi_two_sample_result r;
    char of[128];
    if (o->from == TWO_SAMPLE_CHAINS) {
        GEDI_TRY(two_sample_chains(t, s->n, s->x, err));
        snprintf(of, sizeof of, "%lld chains of the replay buffer", (long long)s->n);
    } else {
        GEDI_TRY(gedi_trial_sample(t, s->n, o->steps, s->x, err));
        snprintf(of, sizeof of, "%lld samples after %lld steps of the sampler",
                 (long long)s->n, (long long)o->steps);
    }
    GEDI_TRY(two_sample_compare(o, t, s, s->x, s->n, true, &r, err));
    two_sample_say(t, s, "", of, &r);
    if (!o->permutations)
        return GEDI_OK;
    snprintf(of, sizeof of, "share of %lld permutations with a distance no smaller",
             (long long)o->permutations);
    gedi_trial_report(t, "energy_p", r.energy_p, of);
    gedi_trial_report(t, "mmd2_p", r.mmd2_p, of);
    return GEDI_OK;
}

static gedi_status two_sample_references(const two_sample *o, gedi_trial *t,
                                         const two_sample_sets *s, gedi_err *err)
{
    gedi_two_sample_result r;
    char of[96];
    GEDI_TRY(gedi_trial_sample(t, s->n, 0, s->x, err));
    GEDI_TRY(two_sample_compare(o, t, s, s->x, s->n, false, &r, err));
    snprintf(of, sizeof of, "%lld chains before their first step", (long long)s->n);
    two_sample_say(t, s, "_noise", of, &r);
    GEDI_TRY(two_sample_compare(o, t, s, s->x_train, s->train, false, &r, err));
    snprintf(of, sizeof of, "%lld training records", (long long)s->train);
    two_sample_say(t, s, "_train", of, &r);
    return GEDI_OK;
}

static gedi_status two_sample_all(const two_sample *o, gedi_trial *t, two_sample_sets *s,
                                  gedi_err *err)
{
    GEDI_TRY(two_sample_read(t, GEDI_TEST, s->test, s->x_test, err));
    GEDI_TRY(two_sample_read(t, GEDI_TRAIN, s->train, s->x_train, err));
    GEDI_TRY(gedi_median_distance(s->x_train, s->train, s->d, &s->bandwidth, err));
    if (!(s->bandwidth > 0))
        return GEDI_FAIL(err, GEDI_DATA,
                         "the median distance of training records is 0: most are equal");
    GEDI_TRY(two_sample_samples(o, t, s, err));
    return two_sample_references(o, t, s, err);
}

static gedi_status two_sample_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const two_sample *o = self;
    two_sample_sets s;
    GEDI_TRY(two_sample_sizes(o, t, &s, err));
    s.x = malloc((size_t)(s.n * s.d) * sizeof *s.x);
    s.x_train = malloc((size_t)(s.train * s.d) * sizeof *s.x_train);
    s.x_test = malloc((size_t)(s.test * s.d) * sizeof *s.x_test);
    gedi_status status = s.x && s.x_train && s.x_test
                             ? two_sample_all(o, t, &s, err)
                             : gedi_no_memory(err, "%lld samples", (long long)s.n);
    free(s.x);
    free(s.x_train);
    free(s.x_test);
    return status;
}

GEDI_DEFINE(evaluator, two_sample) = {
    GEDI_HEAD(evaluator, two_sample),
    .brief = "energy distance and MMD of samples to test records, with p-values by "
             "permutation",
    .cite = "Szekely & Rizzo 2013; Gretton et al. 2012",
    .self_size = sizeof(two_sample),
    .options = two_sample_options,
    .evaluate = two_sample_evaluate,
    .metrics = two_sample_metrics,
    .ready = two_sample_ready,
};
