/* fid.c - how far samples of the energy are from the data, in the space of a network.
 *
 * Source:  Heusel et al. 2017, "GANs trained by a two time-scale update rule converge to a
 *          local Nash equilibrium", section 4
 * Inputs:  samples of the run's energy, and all records of a split, as features  [N, D]
 * Output:  fd_<network>, the Frechet distance of the two
 * Differs: the network is an encoder of gedi, not the Inception network, so the figure is not
 *          called FID and must not be compared with one.
 */
#include "gedi/plugin.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fid {
    const char *network;
    int64_t samples, steps, split;
} fid;

#define FID_SPLITS "test|train"
static const gedi_split fid_split[] = {GEDI_TEST, GEDI_TRAIN};

static const gedi_option fid_options[] = {
    GEDI_TEXT(
        fid, network, "encoder",
        "whose features are compared: encoder is that of the run itself, anything else "
        "the folder of another run"),
    GEDI_INT(fid, samples, 5000, 2, 10000000,
             "samples of the energy, at least twice as many as features"),
    GEDI_INT(fid, steps, 500, 0, 10000000, "transitions of the sampler for each"),
    GEDI_ENUM(fid, split, 0, FID_SPLITS, "the records that samples are compared with"),
    GEDI_END,
};

/* The last part of a path, plain. */
static void fid_name(const char *network, char *out, size_t size)
{
    size_t n = strlen(network), at = 0;
    while (n && network[n - 1] == '/')
        n--;
    size_t first = n;
    while (first && network[first - 1] != '/')
        first--;
    for (size_t i = first; i < n && at + 1 < size; i++)
        out[at++] = (char)(isalnum((unsigned char)network[i]) ? network[i] : '_');
    out[at] = 0;
}

/* Covariances of D dimensions need more than D records; twice as many are a lower limit. */
static gedi_status fid_enough(const fid *o, int64_t records, int64_t d, gedi_err *err)
{
    if (o->samples < 2 * d)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "samples: %lld are too few for a space of %lld dimensions: take at "
            "least %lld",
            (long long)o->samples, (long long)d, 2 * (long long)d);
    if (records < 2 * d)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "split: %lld %s records are too few for a space of %lld dimensions: "
            "at least %lld are needed",
            (long long)records, o->split ? "training" : "test", (long long)d,
            2 * (long long)d);
    return GEDI_OK;
}

static gedi_status fid_compare(const fid *o, gedi_trial *t, int64_t n, int64_t d,
                               float *x, float *hx, float *hy, gedi_err *err)
{
    char name[64], of[72], text[320];
    double distance;
    gedi_split split = fid_split[o->split];
    GEDI_TRY(gedi_trial_sample(t, o->samples, o->steps, x, err));
    GEDI_TRY(gedi_trial_space_map(t, o->network, x, o->samples, hx, err));
    GEDI_TRY(gedi_trial_space_records(t, o->network, split, hy, err));
    GEDI_TRY(gedi_frechet(hx, o->samples, hy, n, d, &distance, err));
    fid_name(o->network, name, sizeof name);
    snprintf(of, sizeof of, "fd_%s", name);
    snprintf(text, sizeof text,
             "FD(%s), not FID: Frechet distance of %lld samples after %lld steps of the "
             "sampler to %lld %s records, %lld features of the network",
             name, (long long)o->samples, (long long)o->steps, (long long)n,
             o->split ? "training" : "test", (long long)d);
    gedi_trial_report(t, of, distance, text);
    return GEDI_OK;
}

static gedi_status fid_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const fid *o = self;
    int64_t d, n = gedi_trial_count(t, fid_split[o->split]);
    gedi_err own = {0};
    gedi_status s = gedi_trial_space_width(t, o->network, &d, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "network: %s", own.msg);
    GEDI_TRY(fid_enough(o, n, d, err));
    float *x = malloc((size_t)(o->samples * gedi_trial_record(t)) * sizeof *x);
    float *hx = malloc((size_t)(o->samples * d) * sizeof *hx);
    float *hy = malloc((size_t)(n * d) * sizeof *hy);
    s = x && hx && hy ? fid_compare(o, t, n, d, x, hx, hy, err)
                      : GEDI_FAIL(err, GEDI_NOMEM, "out of memory for %lld samples",
                                  (long long)o->samples);
    free(x);
    free(hx);
    free(hy);
    return s;
}

GEDI_DEFINE(evaluator, fid) = {
    GEDI_HEAD(evaluator, fid),
    .brief =
        "Frechet distance of samples of the energy to the data, in an encoder's space",
    .cite = "Heusel et al. 2017, section 4",
    .self_size = sizeof(fid),
    .options = fid_options,
    .evaluate = fid_evaluate,
};
