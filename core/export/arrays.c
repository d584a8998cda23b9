/* arrays.c - what a trained model says of every record of a split, as files that others read. */
#include "core/export/arrays.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/evaluate/trial.h"
#include "core/export/npy.h"
#include "core/store/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 8 };

/* Arrays of N rows; what is `made` here is freed, the rest belongs to the trial. */
typedef struct arrays {
    int64_t rows;
    int n, made;
    gedi__tensor array[MOST]; /* the main one first, unless none has the name of `what` */
    void *own[MOST];
    const char *split; /* "test" */
    const char *main;  /* the array whose file has no name of its own; "" none */
} arrays;

static void add(arrays *a, const char *name, gedi__dtype type, gedi_shape s,
                const void *x)
{
    GEDI_ASSERT(a->n < MOST);
    a->array[a->n++] = (gedi__tensor){
        name, type, s, x, (size_t)gedi_shape_size(s) * gedi__dtype_size(type)};
}

static void add_rows(arrays *a, const char *name, gedi__dtype type, const void *x)
{
    if (x)
        add(a, name, type, GEDI_DIMS(a->rows), x);
}

static void *make(arrays *a, gedi__dtype type, gedi_err *err)
{
    void *x = gedi__alloc((size_t)a->rows, gedi__dtype_size(type), err, "%lld records",
                          (long long)a->rows);
    if (x)
        a->own[a->made++] = x;
    return x;
}

static void clear(arrays *a)
{
    for (int i = 0; i < a->made; i++)
        free(a->own[i]);
}

/* ---- what there is to say ---- */

static gedi_status add_assignments(arrays *a, gedi_trial *t, gedi_split split,
                                   gedi_err *err)
{
    const float *p;
    int64_t k;
    GEDI_TRY(gedi_trial_assignments(t, split, &p, &k, err));
    int32_t *cluster = make(a, GEDI__I32, err);
    if (!cluster)
        return GEDI_NOMEM;
    for (int64_t i = 0; i < a->rows; i++)
        for (int64_t j = 1; j < k; j++)
            if (p[i * k + j] > p[i * k + cluster[i]])
                cluster[i] = (int32_t)j;
    add(a, "p", GEDI__F32, GEDI_DIMS(a->rows, k), p);
    add_rows(a, "cluster", GEDI__I32, cluster);
    return GEDI_OK;
}

static gedi_status add_given(arrays *a, gedi_trial *t, gedi_split split, gedi_err *err)
{
    int64_t size = gedi_trial_record(t);
    float *x = gedi__alloc((size_t)a->rows, (size_t)size * sizeof *x, err, "%lld records",
                           (long long)a->rows);
    if (!x)
        return GEDI_NOMEM;
    a->own[a->made++] = x;
    GEDI_TRY(gedi_trial_read(t, split, 0, a->rows, x, err));
    add(a, "records", GEDI__F32, gedi__batch_shape(gedi__trial_record(t), a->rows), x);
    return GEDI_OK;
}

static gedi_status add_said(arrays *a, gedi_trial *t, gedi__said what, gedi_split split,
                            gedi_err *err)
{
    const float *h;
    int64_t d;
    gedi_record_scores s;
    switch (what) {
    case GEDI__SAID_FEATURES:
        GEDI_TRY(gedi_trial_features(t, split, &h, &d, err));
        add(a, "features", GEDI__F32, GEDI_DIMS(a->rows, d), h);
        a->main = "features";
        return GEDI_OK;
    case GEDI__SAID_ASSIGNMENTS:
        a->main = "p";
        return add_assignments(a, t, split, err);
    case GEDI__SAID_RECORDS:
        a->main = "records";
        return add_given(a, t, split, err);
    case GEDI__SAID_SCORES:
        GEDI_TRY(gedi_trial_scores(t, NULL, split, &s, err));
        add_rows(a, "log_p", GEDI__F32, s.log_p);
        add_rows(a, "slope", GEDI__F32, s.slope);
        add_rows(a, "max_p", GEDI__F32, s.max_p);
        add_rows(a, "log_odds", GEDI__F32, gedi_record_log_odds(&s));
        return GEDI_OK;
    }
    return GEDI_OK;
}

/* Numbers of records are the dataset's own: held out ones leave gaps. */
static gedi_status add_records(arrays *a, gedi_trial *t, gedi_split split, gedi_err *err)
{
    int64_t parts = gedi_trial_parts(t);
    int64_t *record = make(a, GEDI__I64, err);
    int32_t *part = record && parts > 1 ? make(a, GEDI__I32, err) : NULL;
    if (!record || (parts > 1 && !part))
        return GEDI_NOMEM;
    for (int64_t i = 0; i < a->rows; i++) {
        gedi_split of = split;
        record[i] = gedi__batches_record(gedi__trial_data(t), &of, i / parts);
        if (part)
            part[i] = (int32_t)(i % parts);
    }
    add_rows(a, "record", GEDI__I64, record);
    add_rows(a, "part", GEDI__I32, part);
    add_rows(a, "label", GEDI__I32, gedi_trial_labels(t, split));
    return GEDI_OK;
}

/* ---- files ---- */

static char *path_of(const char *stem, const char *name, const char *ending,
                     gedi_err *err)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s%s%s.%s", stem, *name ? "-" : "", name, ending);
    if (path.failed)
        gedi_no_memory(err, "the path of %s", stem);
    return path.s;
}

static gedi_status write_npy(const arrays *a, const char *stem, gedi__text *wrote,
                             gedi_err *err)
{
    gedi_status s = GEDI_OK;
    for (int i = 0; !s && i < a->n; i++) {
        const char *name = a->array[i].name;
        char *path = path_of(stem, !strcmp(name, a->main) ? "" : name, "npy", err);
        s = path ? gedi__npy_write(path, &a->array[i], err) : GEDI_NOMEM;
        if (!s)
            gedi__text_add(wrote, "%s\n", path);
        free(path);
    }
    return s;
}

static gedi_status write_tensors(const arrays *a, const gedi__trained *t, const char *run,
                                 const char *path, gedi_err *err)
{
    gedi__tensors_writer *w;
    char number[32];
    GEDI_TRY(gedi__tensors_write_open(path, &w, err));
    for (int i = 0; i < a->n; i++)
        gedi__tensors_write_add(w, a->array[i].name, a->array[i].dtype, a->array[i].shape,
                                a->array[i].data);
    gedi__tensors_write_meta(w, "run", run);
    gedi__tensors_write_meta(w, "split", a->split);
    snprintf(number, sizeof number, "%" PRId64, t->iteration);
    gedi__tensors_write_meta(w, "iteration", number);
    return gedi__tensors_write_commit(w, err);
}

/* Records and labels come first; nine digits give back the same float. */
static void write_cell(FILE *f, const gedi__tensor *x, int64_t i)
{
    switch (x->dtype) {
    case GEDI__F32:
        fprintf(f, "%.9g", (double)((const float *)x->data)[i]);
        break;
    case GEDI__I32:
        fprintf(f, "%" PRId32, ((const int32_t *)x->data)[i]);
        break;
    default:
        fprintf(f, "%" PRId64, ((const int64_t *)x->data)[i]);
    }
}

static int64_t width_of(const gedi__tensor *x)
{
    int64_t n = 1;
    for (int i = 1; i < x->shape.rank; i++)
        n *= x->shape.dim[i];
    return n;
}

static void write_head(FILE *f, const gedi__tensor *x)
{
    if (x->shape.rank == 1)
        fputs(x->name, f);
    for (int64_t j = 0; x->shape.rank > 1 && j < width_of(x); j++)
        fprintf(f, "%s%s.%" PRId64, j ? "," : "", x->name, j);
}

static gedi_status write_csv(const arrays *a, const char *path, gedi_err *err)
{
    gedi__replace r;
    GEDI_TRY(gedi__replace_open(&r, path, err));
    for (int k = 0; k < a->n; k++) {
        if (k)
            putc(',', r.f);
        write_head(r.f, &a->array[k]);
    }
    putc('\n', r.f);
    for (int64_t i = 0; i < a->rows && !ferror(r.f); i++) {
        for (int k = 0; k < a->n; k++) {
            int64_t width = width_of(&a->array[k]);
            for (int64_t j = 0; j < width; j++) {
                if (k || j)
                    putc(',', r.f);
                write_cell(r.f, &a->array[k], i * width + j);
            }
        }
        putc('\n', r.f);
    }
    return gedi__replace_commit(&r, err);
}

static gedi_status write_file(const arrays *a, const gedi__trained *t, const char *run,
                              gedi__array_format format, const char *stem,
                              gedi__text *wrote, gedi_err *err)
{
    if (format == GEDI__NPY)
        return write_npy(a, stem, wrote, err);
    char *path = path_of(stem, "", format == GEDI__CSV ? "csv" : "safetensors", err);
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = format == GEDI__CSV ? write_csv(a, path, err)
                                        : write_tensors(a, t, run, path, err);
    if (!s)
        gedi__text_add(wrote, "%s\n", path);
    free(path);
    return s;
}

gedi_status gedi__arrays_write(gedi__trained *t, const char *run, gedi__said what,
                               gedi_split split, gedi__array_format format,
                               const char *stem, gedi__text *wrote, gedi_err *err)
{
    gedi_trial *trial;
    GEDI_TRY(gedi__trial_new(&t->net, &t->data, &trial, err));
    arrays a = {.rows = gedi_trial_count(trial, split),
                .split = split == GEDI_TEST ? "test" : "train",
                .main = ""};
    gedi_status s = add_records(&a, trial, split, err);
    if (!s)
        s = add_said(&a, trial, what, split, err);
    if (!s && gedi__trial_findings(trial)->failed)
        s = GEDI_FAIL(err, gedi__trial_findings(trial)->failed, "%s",
                      gedi__trial_findings(trial)->why.msg);
    if (!s)
        s = write_file(&a, t, run, format, stem, wrote, err);
    clear(&a);
    gedi__trial_free(trial);
    return s;
}
