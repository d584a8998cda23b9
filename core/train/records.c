/* records.c - records of an open dataset, many at a time, on the scale that is asked for. */
#include "core/train/records.h"
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/plugin/call.h"

#include <stdlib.h>
#include <string.h>

gedi__source gedi__source_of(const gedi__batches *b)
{
    return (gedi__source){&b->e->dataset,     b->record, b->parts,
                          (int)b->e->threads, {1, 0},    b};
}

enum { CHUNK = 512, IMAGE_CHUNK = 64, IMAGE = 512 /* numbers or more */ };

int64_t gedi__records_at_once(const gedi__batches *b)
{
    return b->record < IMAGE ? CHUNK : IMAGE_CHUNK;
}

gedi__rescaling gedi__rescaling_of(const gedi_data_info *from, const gedi_data_info *to)
{
    gedi__rescaling r = {1, 0};
    if (from->std > 0 && to->std > 0) {
        r.scale = from->std / to->std;
        r.shift = (from->mean - to->mean) / to->std;
    }
    return r;
}

void gedi__rescale(gedi__rescaling r, const float *x, int64_t n, float *out)
{
    for (int64_t i = 0; i < n; i++)
        out[i] = (float)(r.scale * x[i] + r.shift);
}

/* Part i of all records, by way of its record where that has others. */
static gedi_status read_part(const gedi__source *s, gedi_split split, int64_t i, float *x,
                             int32_t *label, gedi_err *err)
{
    int32_t nobody;
    int64_t at = i / s->parts; /* the record */
    if (s->own)
        at = gedi__batches_record(s->own, &split, at);
    if (s->parts == 1)
        return gedi__dataset_read(s->dataset, split, at, x, label ? label : &nobody, err);
    size_t numbers = (size_t)s->record, parts = (size_t)s->parts;
    float *all = gedi__alloc(numbers * parts, sizeof *all, err, "a record");
    int32_t *labels = gedi__alloc(parts, sizeof *labels, err, "labels of a record");
    gedi_status status = all && labels ? GEDI_OK : GEDI_NOMEM;
    if (status == GEDI_OK)
        status = gedi__dataset_read(s->dataset, split, at, all, labels, err);
    if (status == GEDI_OK) {
        memcpy(x, all + (size_t)(i % s->parts) * numbers, numbers * sizeof *x);
        if (label)
            *label = labels[i % s->parts];
    }
    free(all);
    free(labels);
    return status;
}

/* Keeps the status of one that failed; the others go on. */
static void read_one(const gedi__source *s, gedi_split split, int64_t i, float *x,
                     int32_t *label, gedi_status *all, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status status = read_part(s, split, i, x, label, &own);
    if (status != GEDI_OK)
#pragma omp critical(gedi_records)
    {
        *all = status;
        if (err)
            *err = own;
    }
    gedi__rescale(s->rescaling, x, s->record, x);
}

gedi_status gedi__records_read(gedi__source s, gedi_split split, int64_t first, int64_t n,
                               float *x, int32_t *label, gedi_err *err)
{
    gedi_status all = GEDI_OK;
    int threads = n * s.record < 16384 ? 1 : s.threads;
    GEDI__PARALLEL_FOR(threads, i, n, {
        read_one(&s, split, first + i, x + i * s.record, label ? label + i : NULL, &all,
                 err);
    });
    return all;
}
