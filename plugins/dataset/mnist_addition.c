/* mnist_addition.c - three images of digits each, of which the third is the sum of the others.
 *
 * Source:  Sansone & Manhaeve, section 6.4 and Appendix N: (a, b) uniform among the 55 pairs with
 *          a + b <= 9, images drawn without replacement by digit
 * Inputs:  `path`: a folder with MNIST, see mnist.c
 * Output:  records of three parts; labels a, b, a + b, which say what must hold to nobody but evaluators
 * Differs: the test records have every test image but at most two once: sums as long as a pair has
 *          images, and then what is left, whose parts do not add up.
 */
#include "plugins/dataset/tuples.h"

enum { ADDITION_PARTS = 3, ADDITION_PAIRS = 55 };

typedef struct addition {
    tuples tuples;
    int64_t examples;
} addition;

static const gedi_option addition_options[] = {
    GEDI_INT(addition, examples, 1000, 1, 20000, "training records, three images each"),
    GEDI_TEXT_AT(addition, tuples.mnist.path, "path", "",
                 "folder of the IDX files, raw or .gz; empty: mnist in the cache folder"),
    GEDI_ENUM_AT(addition, tuples.mnist.shape, "shape", MNIST_GREY, "28x28x1|32x32x3",
                 "as they are, or in three channels with a border of 2 pixels"),
    IMAGES_OPTIONS(addition, tuples.mnist.images, IMAGES_ARE("0.131, 0.1 as 32x32x3"),
                   IMAGES_ARE("0.308, 0.28 as 32x32x3")),
    GEDI_END,
};

/* Up to `most` records of one split: pairs for which no image is left are drawn no more. */
static gedi_status addition_draw(addition *o, gedi_split split, int64_t most,
                                 tuples_pile *pile, gedi_rng *rng, gedi_err *err)
{
    int pair[ADDITION_PAIRS][ADDITION_PARTS], n = 0;
    for (int a = 0; a < TUPLES_DIGITS; a++)
        for (int b = 0; a + b < TUPLES_DIGITS; b++, n++)
            memcpy(pair[n], (const int[]){a, b, a + b}, sizeof pair[n]);
    GEDI_TRY(tuples_reserve(&o->tuples, split, most, err));
    while (n && o->tuples.count[split] < most) {
        int k = (int)gedi_rng_below(rng, (uint64_t)n);
        if (tuples_enough(pile, pair[k], ADDITION_PARTS))
            tuples_add(&o->tuples, split, pile, pair[k]);
        else
            memcpy(pair[k], pair[--n], sizeof pair[k]);
    }
    return GEDI_OK;
}

static gedi_status addition_split(addition *o, gedi_split split, uint64_t seed,
                                  gedi_err *err)
{
    tuples_pile pile;
    tuples *t = &o->tuples;
    gedi_rng rng = gedi_rng_at(seed, GEDI_STREAM_DATA, (uint64_t)split, 0);
    int64_t there = t->mnist.images.count[split],
            most = split == GEDI_TRAIN ? o->examples : there / ADDITION_PARTS;
    gedi_status s = tuples_pile_up(&t->mnist.images, split, &rng, &pile, err);
    if (s == GEDI_OK)
        s = addition_draw(o, split, most, &pile, &rng, err);
    if (s == GEDI_OK && split == GEDI_TEST)
        s = tuples_add_rest(t, split, &pile, most, &rng, err);
    else if (s == GEDI_OK && t->count[split] < most)
        s = GEDI_FAIL(
            err, GEDI_OPTION,
            "examples: %lld, but the %lld training images of %s give no more than %lld",
            (long long)most, (long long)there, *t->mnist.path ? t->mnist.path : "mnist",
            (long long)t->count[split]);
    free(pile.image);
    return s;
}

static void addition_close(void *self)
{
    addition *o = self;
    tuples_close(&o->tuples);
}

static gedi_status addition_open(void *self, const gedi_open *open, gedi_data_info *info,
                                 gedi_err *err)
{
    addition *o = self;
    o->tuples.parts = ADDITION_PARTS;
    for (int d = 0; d < TUPLES_DIGITS; d++)
        o->tuples.class[d] = d;
    GEDI_TRY(tuples_open_images(&o->tuples, open, info, err));
    gedi_status s = addition_split(o, GEDI_TRAIN, open->seed, err);
    if (s == GEDI_OK)
        s = addition_split(o, GEDI_TEST, open->seed, err);
    if (s)
        addition_close(o);
    else
        tuples_ready(&o->tuples, TUPLES_DIGITS, info);
    return s;
}

static gedi_status addition_read(const void *self, gedi_split split, int64_t i, float *x,
                                 int32_t *label, gedi_err *err)
{
    const addition *o = self;
    return tuples_read(&o->tuples, split, i, x, label, err);
}

static void addition_digest(const void *self, gedi_digest *s)
{
    images_digest(&((const addition *)self)->tuples.mnist.images, s);
}

GEDI_DEFINE(dataset, mnist_addition) = {
    GEDI_HEAD(dataset, mnist_addition),
    .brief = "three digits of MNIST each, the third the sum of the others",
    .cite = "Sansone & Manhaeve, Appendix N; LeCun, Cortes & Burges, The MNIST database",
    .self_size = sizeof(addition),
    .options = addition_options,
    .open = addition_open,
    .read = addition_read,
    .close = addition_close,
    .digest = addition_digest,
};
