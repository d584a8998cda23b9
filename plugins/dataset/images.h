/* images.h - what datasets of images share: pixels kept as bytes, standardised when read.
 *
 * Output:  records [H, W, C], (pixel / 255 - mean) / std
 *
 * Standardisation belongs to the dataset, not to the views: it holds for training and test
 * records, with and without views, in every evaluation. gedi_data_info says what it was, so that
 * views of pixels get them back in [0, 1] (gedi_view.pixels).
 */
#ifndef GEDI_PLUGINS_DATASET_IMAGES_H
#define GEDI_PLUGINS_DATASET_IMAGES_H

#include "gedi/plugin.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct images {
    double mean, std;
    int64_t limit[GEDI_SPLITS];  /* 0: all */
    uint8_t *pixel[GEDI_SPLITS]; /* [N, record] */
    int32_t *label[GEDI_SPLITS]; /* [N]; NULL: none */
    int64_t count[GEDI_SPLITS];
    int64_t record;   /* bytes of one */
    float value[256]; /* of a pixel */
} images;

/* Rows for the options table of a struct S with an images `at`. `of_mean` and `of_std` end the help:
 * IMAGES_ARE("0.48") where the dataset's own are known, else "". */
#define IMAGES_ARE(number) "; of this data: " number
#define IMAGES_OPTIONS(S, at, of_mean, of_std)                                           \
    GEDI_REAL_AT(S, at.mean, "mean", 0.0, -1e3, 1e3,                                     \
                 "subtracted from pixels in [0, 1]" of_mean),                            \
        GEDI_REAL_AT(S, at.std, "std", 1.0, 1e-6, 1e6,                                   \
                     "divides them afterwards" of_std),                                  \
        GEDI_INT_AT(S, at.limit[GEDI_TRAIN], "train_limit", 0, 0, 1000000000,            \
                    "how many training records to use, from the first on; 0: all"),      \
        GEDI_INT_AT(S, at.limit[GEDI_TEST], "test_limit", 0, 0, 1000000000,              \
                    "how many test records to use, from the first on; 0: all")

/* How many of `there` records are kept; `where` is the file or folder that has them. */
static inline gedi_status images_keep(images *m, gedi_split split, int64_t there,
                                      const char *where, gedi_err *err)
{
    int64_t limit = m->limit[split];
    if (limit > there)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "%s_limit: %lld is more than the %lld records of %.300s",
                         split == GEDI_TRAIN ? "train" : "test", (long long)limit,
                         (long long)there, where);
    m->count[split] = limit ? limit : there;
    return GEDI_OK;
}

/* Whether memory can hold m->count[split] images of so many bytes: asked before any is allocated. */
static inline gedi_status images_fit(const images *m, gedi_split split, int64_t record,
                                     gedi_err *err)
{
    int64_t pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    if (pages <= 0 || size <= 0 || m->count[split] <= pages * size / record)
        return GEDI_OK;
    const char *name = split == GEDI_TRAIN ? "train" : "test";
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%lld %s images of %lld bytes: all are kept in memory, of which this "
        "machine has %lld bytes: use fewer, with %s_limit",
        (long long)m->count[split], name, (long long)record, (long long)(pages * size),
        name);
}

static inline gedi_status images_reserve_labels(images *m, gedi_split split,
                                                gedi_err *err)
{
    size_t n = (size_t)m->count[split];
    m->label[split] = malloc((n ? n : 1) * sizeof *m->label[split]);
    if (!m->label[split])
        return gedi_no_memory(err, "the labels of %lld images", (long long)n);
    return GEDI_OK;
}

/* Memory for m->count[split] images of m->record bytes, and their labels. */
static inline gedi_status images_reserve(images *m, gedi_split split, gedi_err *err)
{
    size_t n = (size_t)m->count[split];
    GEDI_TRY(images_fit(m, split, m->record, err));
    GEDI_TRY(images_reserve_labels(m, split, err));
    m->pixel[split] = malloc(n * (size_t)m->record);
    if (n && !m->pixel[split])
        return gedi_no_memory(err, "%lld %s images", (long long)n,
                              split == GEDI_TRAIN ? "training" : "test");
    return GEDI_OK;
}

static inline void images_clear(images *m)
{
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(m->pixel[s]);
        free(m->label[s]);
        m->pixel[s] = NULL;
        m->label[s] = NULL;
    }
}

/* When everything is loaded: what the harness has to know. */
static inline void images_ready(images *m, gedi_shape record, int32_t classes,
                                gedi_data_info *info)
{
    *info = (gedi_data_info){
        .record = record, .classes = classes, .mean = m->mean, .std = m->std};
    for (int i = 0; i < 256; i++)
        m->value[i] = (float)((i / 255.0 - m->mean) / m->std);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        info->count[s] = m->count[s];
        info->labelled[s] = m->label[s] != NULL;
    }
}

/* An image's bytes as a record. */
static inline void images_standardise(const images *m, const uint8_t *p, float *x)
{
    for (int64_t j = 0; j < m->record; j++)
        x[j] = m->value[p[j]];
}

static inline gedi_status images_read(const images *m, gedi_split split, int64_t i,
                                      float *x, int32_t *label)
{
    GEDI_ASSERT(i >= 0 && i < m->count[split]);
    images_standardise(m, m->pixel[split] + i * m->record, x);
    *label = m->label[split] ? m->label[split][i] : -1;
    return GEDI_OK;
}

/* For gedi_dataset.digest. */
static inline void images_digest(const images *m, gedi_digest *sum)
{
    for (int s = 0; s < GEDI_SPLITS; s++) {
        size_t n = (size_t)m->count[s];
        if (m->pixel[s])
            gedi_digest_records(sum, m->pixel[s], n * (size_t)m->record);
        if (m->pixel[s] && m->label[s])
            gedi_digest_records(sum, m->label[s], n * sizeof *m->label[s]);
    }
}

/* The file stores one plane a channel, [C, H, W], or, `transposed`, [C, W, H]; records are
 * [H, W, C]. */
static inline void images_from_planes(uint8_t *to, const uint8_t *from, int side,
                                      int channels, bool transposed)
{
    for (int c = 0; c < channels; c++)
        for (int h = 0; h < side; h++)
            for (int w = 0; w < side; w++)
                to[(h * side + w) * channels + c] =
                    from[c * side * side + (transposed ? w * side + h : h * side + w)];
}

#endif
