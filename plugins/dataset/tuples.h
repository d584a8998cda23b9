/* tuples.h - records of several images: of MNIST's, each used once, put together by their digits.
 *
 * Output:  records of P parts, each as mnist.h has it; labels: the digit of each part, or its place in
 *          the list of those that are used
 */
#ifndef GEDI_PLUGINS_DATASET_TUPLES_H
#define GEDI_PLUGINS_DATASET_TUPLES_H

#include "plugins/dataset/mnist.h"

enum { TUPLES_DIGITS = 10 };

typedef struct tuples {
    mnist mnist;
    int64_t parts;
    int64_t *image[GEDI_SPLITS]; /* [N, P]: numbers of images */
    int64_t count[GEDI_SPLITS];
    int32_t class[TUPLES_DIGITS]; /* of a digit; -1: it is not used */
} tuples;

/* The images of a split that are left, by digit, in random order. */
typedef struct tuples_pile {
    int64_t *image;
    int64_t first[TUPLES_DIGITS + 1]; /* of a digit */
    int64_t left[TUPLES_DIGITS];
} tuples_pile;

static inline gedi_status tuples_pile_up(const images *m, gedi_split split, gedi_rng *rng,
                                         tuples_pile *out, gedi_err *err)
{
    int64_t n = m->count[split], at[TUPLES_DIGITS];
    int64_t *order = malloc(((size_t)n + 1) * sizeof *order);
    *out = (tuples_pile){.image = malloc(((size_t)n + 1) * sizeof *out->image)};
    if (!order || !out->image) {
        free(order);
        return gedi_no_memory(err, "%lld images", (long long)n);
    }
    for (int64_t i = 0; i < n; i++)
        out->left[m->label[split][i]]++;
    for (int d = 0; d < TUPLES_DIGITS; d++) {
        at[d] = out->first[d];
        out->first[d + 1] = out->first[d] + out->left[d];
    }
    gedi_rng_permutation(rng, order, n);
    for (int64_t i = 0; i < n; i++)
        out->image[at[m->label[split][order[i]]]++] = order[i];
    free(order);
    return GEDI_OK;
}

/* One of that digit, which must be left. */
static inline int64_t tuples_take(tuples_pile *p, int digit)
{
    return p->image[p->first[digit] + --p->left[digit]];
}

/* Whether enough are left for a record of these digits. */
static inline bool tuples_enough(const tuples_pile *p, const int *digit, int64_t parts)
{
    int need[TUPLES_DIGITS] = {0};
    for (int64_t i = 0; i < parts; i++)
        need[digit[i]]++;
    for (int d = 0; d < TUPLES_DIGITS; d++)
        if (need[d] > p->left[d])
            return false;
    return true;
}

/* Memory for n records of a split. */
static inline gedi_status tuples_reserve(tuples *t, gedi_split split, int64_t n,
                                         gedi_err *err)
{
    t->image[split] = malloc(((size_t)(n * t->parts) + 1) * sizeof *t->image[split]);
    return t->image[split] ? GEDI_OK : gedi_no_memory(err, "%lld records", (long long)n);
}

static inline void tuples_add(tuples *t, gedi_split split, tuples_pile *p,
                              const int *digit)
{
    int64_t *to = t->image[split] + t->count[split]++ * t->parts;
    for (int64_t i = 0; i < t->parts; i++)
        to[i] = tuples_take(p, digit[i]);
}

/* Of what is left of the digits that are used, in random order, as many records as it gives, `most` at
 * most: their parts have nothing to do with one another. */
static inline gedi_status tuples_add_rest(tuples *t, gedi_split split, tuples_pile *p,
                                          int64_t most, gedi_rng *rng, gedi_err *err)
{
    int64_t n = 0, *rest, *order;
    for (int d = 0; d < TUPLES_DIGITS; d++)
        n += t->class[d] < 0 ? 0 : p->left[d];
    rest = malloc(((size_t)n + 1) * sizeof *rest);
    order = malloc(((size_t)n + 1) * sizeof *order);
    if (rest && order) {
        int64_t at = 0;
        for (int d = 0; d < TUPLES_DIGITS; d++)
            while (t->class[d] >= 0 && p->left[d])
                rest[at++] = tuples_take(p, d);
        gedi_rng_permutation(rng, order, n);
        for (int64_t i = 0; i + t->parts <= n && t->count[split] < most; i += t->parts) {
            int64_t *to = t->image[split] + t->count[split]++ * t->parts;
            for (int64_t k = 0; k < t->parts; k++)
                to[k] = rest[order[i + k]];
        }
    }
    gedi_status s =
        rest && order ? GEDI_OK : gedi_no_memory(err, "%lld images", (long long)n);
    free(rest);
    free(order);
    return s;
}

static inline gedi_status tuples_read(const tuples *t, gedi_split split, int64_t i,
                                      float *x, int32_t *label, gedi_err *err)
{
    int64_t size =
        t->mnist.shape == MNIST_GREY ? IDX_PIXELS : MNIST_WIDE * MNIST_WIDE * 3;
    for (int64_t p = 0; p < t->parts; p++) {
        int32_t digit;
        GEDI_TRY(mnist_read(&t->mnist, split, t->image[split][i * t->parts + p],
                            x + p * size, &digit, err));
        label[p] = t->class[digit];
    }
    return GEDI_OK;
}

static inline void tuples_close(tuples *t)
{
    for (int k = 0; k < GEDI_SPLITS; k++) {
        free(t->image[k]);
        t->image[k] = NULL;
    }
    images_clear(&t->mnist.images);
}

/* The images, before they are put together; the counts of *info are theirs. */
static inline gedi_status tuples_open_images(tuples *t, const gedi_open *open,
                                             gedi_data_info *info, gedi_err *err)
{
    gedi_data_place place = {.name = "mnist",
                             .folder = "mnist",
                             .path = t->mnist.path,
                             .directory = open->directory};
    t->mnist.classes = TUPLES_DIGITS;
    for (int k = 0; k < GEDI_SPLITS; k++)
        t->count[k] = 0;
    return mnist_open_at(&t->mnist, &place, "", info, err);
}

static inline void tuples_ready(const tuples *t, int32_t classes, gedi_data_info *info)
{
    info->parts = t->parts;
    info->classes = classes;
    for (int k = 0; k < GEDI_SPLITS; k++)
        info->count[k] = t->count[k];
}

#endif
