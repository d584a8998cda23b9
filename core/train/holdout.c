/* holdout.c - training records that are held out for validation.
 *
 * Inputs:  seed, fraction f, labels of N training records
 * Output:  round(f N) of them; of label c, with N_c records, floor or ceil of f N N_c / N
 * Differs: scikit-learn's train_test_split gives the remainder to random labels; here the largest
 *          remainders get it, the smaller label where two are equal.
 */
#include "core/train/holdout.h"
#include "core/base/memory.h"
#include "core/descriptor/lengths.h"
#include "core/plugin/call.h"

#include <stdlib.h>
#include <string.h>

/* Draws of the order of epochs have smaller numbers. */
#define AT_HOLDOUT (UINT64_C(1) << 63)

typedef struct drawing {
    int64_t n, classes; /* records; labels, and none */
    int32_t *label;     /* [N], from 0; `classes` - 1: none */
    int64_t *count;     /* [classes]: records of each */
    int64_t *quota;     /* [classes]: how many of them are held out */
    int64_t *order;     /* [N] */
    bool *held;         /* [N] */
} drawing;

static gedi_status read_labels(drawing *d, const gedi__experiment *e,
                               const gedi_data_info *info, gedi_err *err)
{
    int64_t parts = info->parts > 1 ? info->parts : 1;
    size_t numbers = (size_t)(gedi_shape_size(info->record) * parts);
    float *x = gedi__alloc(numbers, sizeof *x, err, "a record");
    int32_t *label = gedi__alloc((size_t)parts, sizeof *label, err, "labels");
    gedi_status s = x && label ? GEDI_OK : GEDI_NOMEM;
    for (int64_t i = 0; s == GEDI_OK && i < d->n; i++) {
        *label = -1;
        if (info->labelled[GEDI_TRAIN])
            s = gedi__dataset_read(&e->dataset, GEDI_TRAIN, i, x, label, err);
        bool has =
            *label >= 0 && *label < d->classes - 1; /* a wrong one is refused later */
        d->label[i] = has ? *label : (int32_t)d->classes - 1;
        d->count[d->label[i]]++;
    }
    free(x);
    free(label);
    return s;
}

/* Whose remainder of `all` N_c / N is largest, of those that have not had theirs. */
static int64_t largest_remainder(const drawing *d, int64_t all, const bool *had)
{
    int64_t best = -1, most = -1;
    for (int64_t c = 0; c < d->classes; c++) {
        int64_t rest = all * d->count[c] % d->n;
        if (!had[c] && d->quota[c] < d->count[c] && rest > most) {
            most = rest;
            best = c;
        }
    }
    return best;
}

static gedi_status share_out(drawing *d, int64_t all, gedi_err *err)
{
    int64_t left = all;
    bool *had = gedi__alloc((size_t)d->classes, sizeof *had, err, "a split");
    if (!had)
        return GEDI_NOMEM;
    for (int64_t c = 0; c < d->classes; c++) {
        d->quota[c] = all * d->count[c] / d->n;
        left -= d->quota[c];
    }
    for (; left > 0; left--) {
        int64_t c = largest_remainder(d, all, had);
        had[c] = true;
        d->quota[c]++;
    }
    free(had);
    return GEDI_OK;
}

static gedi_status draw(drawing *d, const gedi__experiment *e, int64_t all, gedi_err *err)
{
    gedi_rng r = gedi_rng_at((uint64_t)e->seed, GEDI_STREAM_ORDER, AT_HOLDOUT, 0);
    GEDI_TRY(share_out(d, all, err));
    gedi_rng_permutation(&r, d->order, d->n);
    for (int64_t i = 0; i < d->n; i++) {
        int64_t at = d->order[i], *quota = &d->quota[d->label[at]];
        d->held[at] = *quota > 0;
        *quota -= *quota > 0;
    }
    return GEDI_OK;
}

static gedi_status drawing_init(drawing *d, const gedi_data_info *info, gedi_err *err)
{
    *d = (drawing){.n = info->count[GEDI_TRAIN], .classes = (int64_t)info->classes + 1};
    d->label = gedi__alloc((size_t)d->n, sizeof *d->label, err, "labels");
    d->count = gedi__alloc((size_t)d->classes, sizeof *d->count, err, "labels");
    d->quota = gedi__alloc((size_t)d->classes, sizeof *d->quota, err, "labels");
    d->order = gedi__alloc((size_t)d->n, sizeof *d->order, err, "the order of records");
    d->held = gedi__alloc((size_t)d->n, sizeof *d->held, err, "a split");
    return d->label && d->count && d->quota && d->order && d->held ? GEDI_OK : GEDI_NOMEM;
}

static void drawing_clear(drawing *d)
{
    free(d->label);
    free(d->count);
    free(d->quota);
    free(d->order);
    free(d->held);
}

gedi_status gedi__holdout_init(gedi__holdout *h, const gedi__experiment *e,
                               const gedi_data_info *info, gedi_err *err)
{
    drawing d;
    int64_t n = info->count[GEDI_TRAIN], all = gedi__lengths_held(e, n);
    *h = (gedi__holdout){.kept = n - all, .held = all};
    if (!(e->validation.fraction > 0))
        return GEDI_OK;
    if (all < 1 || all >= n)
        return GEDI_FAIL(
            err, GEDI_DESCRIPTOR,
            "validation.fraction: %g of the %lld training records of dataset "
            "%s are %s",
            e->validation.fraction, (long long)n, e->dataset.plugin->name,
            all < 1 ? "none" : "all of them");
    gedi_status s = drawing_init(&d, info, err);
    if (s == GEDI_OK)
        s = read_labels(&d, e, info, err);
    if (s == GEDI_OK)
        s = draw(&d, e, all, err);
    h->at = s == GEDI_OK ? gedi__alloc((size_t)n, sizeof *h->at, err, "a split") : NULL;
    /* Parts after the first may have the labels: they are not read. */
    h->labelled = info->labelled[GEDI_TRAIN] && info->parts > 1;
    for (int64_t i = 0; h->at && i < n; i++)
        h->labelled = h->labelled || (d.held[i] && d.label[i] < d.classes - 1);
    for (int64_t i = 0, kept = 0, held = h->kept; h->at && i < n; i++)
        h->at[d.held[i] ? held++ : kept++] = i;
    drawing_clear(&d);
    return s == GEDI_OK && !h->at ? GEDI_NOMEM : s;
}

void gedi__holdout_clear(gedi__holdout *h)
{
    free(h->at);
    *h = (gedi__holdout){0};
}
