/* fid.c - how far samples of the energy are from the data, in the space of a network or of
 * pixels.
 *
 * Source:  Heusel et al. 2017, "GANs trained by a two time-scale update rule converge to a
 *          local Nash equilibrium", section 4
 * Inputs:  samples of the run's energy, and all records of a split, as features  [N, D]
 * Output:  fid, their Frechet distance in the space of the 2015 Inception network, if its
 *          weights are given; fd_pixels, that in the space of pixels; else fd_<network>, that
 *          in the space of an encoder of gedi
 * Differs: only the first is called FID; the others must not be compared with one. Of it,
 *          core/evaluate/inception.c says how images are resized.
 */
#include "gedi/plugin.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct fid {
    const char *network, *weights;
    int64_t space, side;
    int64_t samples, steps, split;
} fid;

enum { FID_NETWORK, FID_PIXELS }; /* by option `space` */

#define FID_SPLITS "test|train"
static const gedi_split fid_split[] = {GEDI_TEST, GEDI_TRAIN};

static const gedi_option fid_options[] = {
    GEDI_ENUM(
        fid, space, FID_NETWORK, "network|pixels",
        "what is compared: features of a network, by `network` or `weights`; or the "
        "pixels of images, which favour no method that has trained a network"),
    GEDI_INT(fid, side, 8, 0, 65536,
             "space: pixels: they are averaged over so many by so many cells, as the "
             "covariance of all pixels takes more samples than there are; 0: all pixels"),
    GEDI_TEXT(fid, network, "encoder",
              "whose features are compared: encoder is the run's own, anything else the "
              "folder of another run"),
    GEDI_TEXT(fid, weights, "",
              "safetensors file with the weights of the 2015 Inception network, whose "
              "features are then compared: the metric is FID"),
    GEDI_INT(fid, samples, 5000, 2, 10000000,
             "how many samples to draw, at least twice as many as features"),
    GEDI_INT(fid, steps, 500, 0, 10000000, "steps of the sampler for each sample"),
    GEDI_ENUM(fid, split, 0, FID_SPLITS, "the records that samples are compared with"),
    GEDI_END,
};

static gedi_status fid_check(const void *self, gedi_err *err)
{
    const fid *o = self;
    bool other = strcmp(o->network, "encoder") != 0;
    if (o->space == FID_PIXELS && (*o->weights || other))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "space and %s: pixels are those of images, '%s' is a network: "
                         "leave one out",
                         *o->weights ? "weights" : "network",
                         *o->weights ? o->weights : o->network);
    if (*o->weights && other)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "weights and network: '%s' and '%s' are two networks: leave one "
                         "out",
                         o->weights, o->network);
    return GEDI_OK;
}

static gedi_space fid_space(const fid *o)
{
    if (o->space == FID_PIXELS)
        return (gedi_space){.kind = GEDI_SPACE_PIXELS, .side = o->side};
    if (*o->weights)
        return (gedi_space){.kind = GEDI_SPACE_INCEPTION, .path = o->weights};
    if (!strcmp(o->network, "encoder"))
        return (gedi_space){.kind = GEDI_SPACE_ENCODER};
    return (gedi_space){.kind = GEDI_SPACE_RUN, .path = o->network};
}

enum { FID_NAME = 64 }; /* room for one */

/* The last part of a path; what is not in `legal`, or a letter or digit, becomes _. */
static void fid_name(const char *path, const char *legal, char *out, size_t size)
{
    size_t n = strlen(path), at = 0;
    while (n && path[n - 1] == '/')
        n--;
    size_t first = n;
    while (first && path[first - 1] != '/')
        first--;
    for (size_t i = first; i < n && at + 1 < size; i++)
        out[at++] =
            isalnum((unsigned char)path[i]) || strchr(legal, path[i]) ? path[i] : '_';
    out[at] = 0;
}

/* Covariances of D dimensions need more than D records; twice as many are a lower limit. */
static gedi_status fid_enough(const fid *o, int64_t records, int64_t d, gedi_err *err)
{
    if (o->samples < 2 * d)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "samples: %lld are too few for a space of %lld dimensions: take at least "
            "%lld",
            (long long)o->samples, (long long)d, 2 * (long long)d);
    if (records < 2 * d)
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "split: %lld %s records are too few for a space of %lld dimensions: "
            "at least %lld are needed",
            (long long)records, o->split ? "training" : "test", (long long)d,
            2 * (long long)d);
    return GEDI_OK;
}

static const gedi_metric fid_metrics[] = {
    {"fid", GEDI_LESS, "",
     "Frechet distance of samples to data, features of the 2015 Inception network"},
    {"fd_pixels", GEDI_LESS, "",
     "Frechet distance of samples to data, pixels averaged over the cells of a grid: not FID"},
    {"fd_*", GEDI_LESS, "",
     "Frechet distance of samples to data, features of the run named: not FID"},
    GEDI_METRICS_END,
};

/* Says what the d numbers of a record are, and what the metric is called: `name` [FID_NAME]. */
static void fid_describe(const fid *o, int64_t d, char *name, char *of, size_t size)
{
    char cells[64] = "";
    if (o->space == FID_PIXELS) {
        snprintf(name, FID_NAME, "pixels");
        if (o->side)
            snprintf(cells, sizeof cells, ", averaged over %lld x %lld cells",
                     (long long)o->side, (long long)o->side);
        snprintf(of, size, "%lld numbers, pixels of [0, 1]%s, those outside not clipped",
                 (long long)d, cells);
    } else if (*o->weights) {
        fid_name(o->weights, "_.-+", name, FID_NAME);
        snprintf(of, size,
                 "%lld features of the 2015 Inception network (%s), images resized "
                 "bilinearly to 299 x 299, without antialiasing",
                 (long long)d, name);
    } else {
        fid_name(o->network, "", name, FID_NAME);
        snprintf(of, size, "%lld features of the network", (long long)d);
    }
}

static void fid_report(const fid *o, gedi_trial *t, int64_t n, int64_t d, double distance)
{
    char name[FID_NAME], metric[72] = "fid", what[128] = "FID", of[224], text[512];
    fid_describe(o, d, name, of, sizeof of);
    if (!*o->weights) {
        snprintf(metric, sizeof metric, "fd_%s", name);
        snprintf(what, sizeof what, "FD(%s), not FID", name);
    }
    snprintf(text, sizeof text,
             "%s: Frechet distance of %lld samples after %lld steps of the sampler to "
             "%lld %s records, %s",
             what, (long long)o->samples, (long long)o->steps, (long long)n,
             o->split ? "training" : "test", of);
    gedi_trial_report(t, metric, distance, text);
}

static gedi_status fid_compare(const fid *o, gedi_trial *t, int64_t n, int64_t d,
                               float *x, float *hx, float *hy, gedi_err *err)
{
    double distance;
    gedi_space space = fid_space(o);
    GEDI_TRY(gedi_trial_sample(t, o->samples, o->steps, x, err));
    GEDI_TRY(gedi_trial_space_map(t, &space, x, o->samples, hx, err));
    GEDI_TRY(gedi_trial_space_records(t, &space, fid_split[o->split], hy, err));
    GEDI_TRY(gedi_frechet(hx, o->samples, hy, n, d, &distance, err));
    fid_report(o, t, n, d, distance);
    return GEDI_OK;
}

/* The option that is to blame for an error of the space. */
static const char *fid_wrong(const fid *o, gedi_status s)
{
    if (o->space == FID_PIXELS)
        return s == GEDI_OPTION ? "side" : "space";
    return *o->weights ? "weights" : "network";
}

/* Width of the space, which has to be there, with records enough for it. */
static gedi_status fid_width(const fid *o, gedi_trial *t, int64_t *d, gedi_err *err)
{
    gedi_err own = {0};
    gedi_space space = fid_space(o);
    gedi_status s = gedi_trial_space_width(t, &space, d, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s == GEDI_IO || s == GEDI_DATA ? GEDI_OPTION : s, "%s: %s",
                         fid_wrong(o, s), own.msg);
    return fid_enough(o, gedi_trial_count(t, fid_split[o->split]), *d, err);
}

/* One sample tells whether there can be any. */
static gedi_status fid_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    int64_t d;
    GEDI_TRY(fid_width(self, t, &d, err));
    float *x = malloc((size_t)gedi_trial_record(t) * sizeof *x);
    if (!x)
        return gedi_no_memory(err, "a sample");
    gedi_status s = gedi_trial_sample(t, 1, 0, x, err);
    free(x);
    return s;
}

static gedi_status fid_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const fid *o = self;
    int64_t d, n = gedi_trial_count(t, fid_split[o->split]);
    GEDI_TRY(fid_width(o, t, &d, err));
    float *x = malloc((size_t)(o->samples * gedi_trial_record(t)) * sizeof *x);
    float *hx = malloc((size_t)(o->samples * d) * sizeof *hx);
    float *hy = malloc((size_t)(n * d) * sizeof *hy);
    gedi_status s = x && hx && hy
                        ? fid_compare(o, t, n, d, x, hx, hy, err)
                        : gedi_no_memory(err, "%lld samples", (long long)o->samples);
    free(x);
    free(hx);
    free(hy);
    return s;
}

GEDI_DEFINE(evaluator, fid) = {
    GEDI_HEAD(evaluator, fid),
    .brief = "Frechet distance of samples of the energy to the data, in the space of an "
             "encoder, of the Inception network or of pixels",
    .cite = "Heusel et al. 2017, section 4",
    .self_size = sizeof(fid),
    .options = fid_options,
    .check = fid_check,
    .evaluate = fid_evaluate,
    .metrics = fid_metrics,
    .ready = fid_ready,
};
