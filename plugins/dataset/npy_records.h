/* npy_records.h - the records of an array of NumPy and their labels: in memory, or read from the array's
 * file whenever they are used.
 *
 * Differs: int64 and float64 become float32
 */
#ifndef GEDI_PLUGINS_DATASET_NPY_RECORDS_H
#define GEDI_PLUGINS_DATASET_NPY_RECORDS_H

#include "plugins/dataset/npy.h"

#include <math.h>
#include <sys/stat.h>

enum { NPY_CLASSES = 1 << 20, NPY_CHUNK = 1 << 16 };

typedef struct npy_records {
    gedi_shape shape; /* of a record, as it is stored */
    int64_t n, numbers;
    int64_t stored;          /* bytes of the array */
    bool bytes;              /* numbers are uint8_t, else float */
    void *data;              /* [N, numbers]; NULL: they stay in the file */
    npy_array *file;         /* open, where they do */
    off_t first;             /* where they begin in it */
    struct timespec written; /* when the file was, as it was opened */
    int32_t *label;          /* [N]; NULL: none */
} npy_records;

static inline void npy_records_clear(npy_records *r)
{
    if (r->file)
        npy_array_close(r->file);
    free(r->file);
    free(r->data);
    free(r->label);
    *r = (npy_records){0};
}

/* ---- headers ---- */

static inline gedi_status npy_shape_of(const npy_array *a, gedi_shape *shape,
                                       gedi_err *err)
{
    if (a->rank < 2)
        return npy_fail(
            a, "records need 2 to 4 dimensions: [N, D], [N, H, W] or [N, H, W, C]", err);
    *shape = (gedi_shape){.rank = a->rank == 2 ? 1 : 3};
    for (int i = 1; i < a->rank; i++) {
        shape->dim[i - 1] = a->dim[i];
        if (a->dim[i] < 1 || a->dim[i] > INT32_MAX)
            return npy_fail(a, "a record without numbers, or with too many", err);
    }
    if (a->rank == 3)
        shape->dim[2] = 1;
    return a->dim[0] ? GEDI_OK : npy_fail(a, "there are no records in it", err);
}

/* Of records. The header has been held against the bytes that are there. */
static inline gedi_status npy_head_x(const npy_array *a, npy_records *r, gedi_err *err)
{
    GEDI_TRY(npy_shape_of(a, &r->shape, err));
    r->n = a->dim[0];
    r->numbers = gedi_shape_size(r->shape);
    r->stored = r->n * r->numbers * a->bytes;
    r->bytes = a->type == 'u' && a->bytes == 1;
    return GEDI_OK;
}

/* Of labels, against the records that have them. */
static inline gedi_status npy_head_y(const npy_array *a, const npy_records *r,
                                     gedi_err *err)
{
    int64_t n = a->rank ? a->dim[0] : 0;
    if (a->type == 'f' || a->rank < 1 || a->rank > 2 || (a->rank == 2 && a->dim[1] != 1))
        return npy_fail(a, "labels are integers, [N] or [N, 1]", err);
    if (n != r->n)
        return GEDI_FAIL(err, GEDI_DATA, "%.300s: %lld labels of %lld records", a->name,
                         (long long)n, (long long)r->n);
    return GEDI_OK;
}

/* ---- records ---- */

static inline size_t npy_number_size(const npy_records *r)
{
    return r->bytes ? 1 : sizeof(float);
}

/* Numbers at, at + 1, ... of the array, m of them, from how they are stored. */
static inline gedi_status npy_to_floats(const npy_array *a, const npy_records *r,
                                        const uint8_t *b, int64_t at, int64_t m,
                                        float *to, gedi_err *err)
{
    for (int64_t i = 0; i < m; i++) {
        to[i] = (float)npy_number(a, b, i);
        if (!isfinite(to[i]))
            return GEDI_FAIL(err, GEDI_DATA, "%.350s: number %lld, of record %lld, is %g",
                             a->name, (long long)(at + i),
                             (long long)((at + i) / r->numbers), npy_number(a, b, i));
    }
    return GEDI_OK;
}

static inline gedi_status npy_floats(npy_array *a, const npy_records *r, float *to,
                                     gedi_err *err)
{
    int64_t n = r->n * r->numbers;
    uint8_t *b = malloc((size_t)(NPY_CHUNK * a->bytes));
    gedi_status s = b ? GEDI_OK : gedi_no_memory(err, "%.400s", a->name);
    for (int64_t at = 0, m = 0; at < n && s == GEDI_OK; at += m) {
        m = n - at < NPY_CHUNK ? n - at : NPY_CHUNK;
        s = npy_get(a, b, (size_t)(m * a->bytes), err);
        if (s == GEDI_OK)
            s = npy_to_floats(a, r, b, at, m, to + at, err);
    }
    free(b);
    return s;
}

/* All records into memory. */
static inline gedi_status npy_load_x(npy_array *a, npy_records *r, gedi_err *err)
{
    size_t numbers = (size_t)(r->n * r->numbers); /* no more than there are bytes */
    r->data = malloc(numbers * npy_number_size(r));
    if (!r->data)
        return gedi_no_memory(err, "%.400s", a->name);
    return r->bytes ? npy_get(a, r->data, numbers, err) : npy_floats(a, r, r->data, err);
}

/* Leaves them in the file, which `r` takes over from `a`; they are used in no order that the system could
 * guess. */
static inline gedi_status npy_leave_x(npy_array *a, npy_records *r, gedi_err *err)
{
    r->first = ftello(a->f);
    r->file = malloc(sizeof *r->file);
    if (!r->file)
        return gedi_no_memory(err, "%.400s", a->name);
    struct stat st;
    if (fstat(fileno(a->f), &st))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", a->name, strerror(errno));
    r->written = st.st_mtim;
    *r->file = *a;
    a->f = NULL;
    (void)posix_fadvise(fileno(r->file->f), 0, 0, POSIX_FADV_RANDOM);
    return GEDI_OK;
}

/* What npy_record needs room for. */
static inline size_t npy_room(const npy_records *r)
{
    size_t n = (size_t)r->numbers;
    return !r->file ? 0 : r->bytes ? n : n * (size_t)r->file->bytes + n * sizeof(float);
}

/* Records of two files in one run would go unnoticed, and so would another file at the next resume. One that
 * took its place leaves this one without a name. */
static inline gedi_status npy_check_same(const npy_records *r, gedi_err *err)
{
    struct stat st;
    if (fstat(fileno(r->file->f), &st))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", r->file->name, strerror(errno));
    if (!st.st_nlink)
        return npy_fail(r->file,
                        "removed or replaced since it was opened: put the old file back",
                        err);
    if (st.st_mtim.tv_sec != r->written.tv_sec ||
        st.st_mtim.tv_nsec != r->written.tv_nsec)
        return npy_fail(r->file, "written since it was opened: put the old file back",
                        err);
    return GEDI_OK;
}

static inline gedi_status npy_fetch(const npy_records *r, int64_t i, uint8_t *to,
                                    gedi_err *err)
{
    size_t n = (size_t)(r->numbers * r->file->bytes);
    off_t from = r->first + (off_t)(i * (int64_t)n);
    for (size_t done = 0; done < n;) {
        ssize_t got = pread(fileno(r->file->f), to + done, n - done, from + (off_t)done);
        if (got < 0 && errno != EINTR)
            return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", r->file->name, strerror(errno));
        if (!got)
            return npy_fail(r->file, "truncated since it was opened", err);
        done += got > 0 ? (size_t)got : 0;
    }
    return npy_check_same(r, err);
}

/* Record i: `bytes` or `numbers`, the other is NULL; maybe in `room`, of npy_room() bytes. Threads may
 * call it at the same time. */
static inline gedi_status npy_record(const npy_records *r, int64_t i, void *room,
                                     const uint8_t **bytes, const float **numbers,
                                     gedi_err *err)
{
    const void *at = room;
    float *floats = room;
    *bytes = NULL;
    *numbers = NULL;
    if (r->file) {
        uint8_t *stored = r->bytes ? room : (uint8_t *)(floats + r->numbers);
        GEDI_TRY(npy_fetch(r, i, stored, err));
        if (!r->bytes)
            GEDI_TRY(npy_to_floats(r->file, r, stored, i * r->numbers, r->numbers, floats,
                                   err));
    } else {
        at = (char *)r->data + (size_t)(i * r->numbers) * npy_number_size(r);
    }
    if (r->bytes)
        *bytes = at;
    else
        *numbers = at;
    return GEDI_OK;
}

/* ---- labels, always in memory ---- */

static inline gedi_status npy_load_y(npy_array *a, npy_records *r, int32_t *classes,
                                     gedi_err *err)
{
    int64_t n = r->n;
    uint8_t *b = malloc((size_t)(n * a->bytes));
    r->label = malloc((size_t)n * sizeof *r->label);
    gedi_status s = b && r->label ? npy_get(a, b, (size_t)(n * a->bytes), err)
                                  : gedi_no_memory(err, "%.400s", a->name);
    for (int64_t i = 0; i < n && s == GEDI_OK; i++) {
        double v = npy_number(a, b, i);
        if (!(v >= -1 && v < NPY_CLASSES))
            s = GEDI_FAIL(
                err, GEDI_DATA,
                "%.300s: label %g of record %lld is not in [0, %d], and not -1 for "
                "none",
                a->name, v, (long long)i, NPY_CLASSES - 1);
        else
            r->label[i] = (int32_t)v;
        if (s == GEDI_OK && r->label[i] >= *classes)
            *classes = r->label[i] + 1;
    }
    free(b);
    return s;
}

#endif
