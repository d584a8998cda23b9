/* npy.c - arrays of NumPy with their labels: a folder of .npy files, or an .npz archive.
 *
 * Inputs:  x [N, D], [N, H, W] or [N, H, W, C], see npy.h; labels [N] or [N, 1], integers of 0 ..
 *          classes - 1, or -1 for none
 * Output:  records [D] or [H, W, C], (v / white - mean) / std; white: 255 for bytes, 1 for other numbers,
 *          unless it is stated
 * Differs: int64 and float64 become float32
 */
#include "plugins/dataset/images.h"
#include "plugins/dataset/npy.h"

#include <math.h>

enum { NPY_LAST, NPY_FIRST }; /* values of `channels` */
enum { NPY_CLASSES = 1 << 20, NPY_CHUNK = 1 << 16 };

typedef struct npy_records {
    bool bytes;     /* data are uint8_t, else float */
    void *data;     /* [N, record] */
    int32_t *label; /* [N]; NULL: none */
    int64_t n;
    gedi_shape shape; /* of a record, as it is stored */
} npy_records;

typedef struct npy {
    const char *path, *x, *y, *test_x, *test_y;
    int64_t channels;
    double white, test_share;
    images images; /* mean, std, limits; its labels and pixels are not used */
    npy_records of[GEDI_SPLITS];
    int64_t *at[GEDI_SPLITS]; /* which record of of[] each is; NULL: itself */
    int64_t record;
    bool divided; /* both splits are parts of of[GEDI_TRAIN] */
} npy;

static const gedi_option npy_options[] = {
    GEDI_TEXT(npy, path, "", "a folder of NAME.npy files, or an archive .npz"),
    GEDI_TEXT(npy, x, "train_x", "name of the array of training records"),
    GEDI_TEXT(npy, y, "train_y", "name of their labels; empty: there are none"),
    GEDI_TEXT(
        npy, test_x, "test_x",
        "name of the array of test records; empty: test_share of the training records"),
    GEDI_TEXT(npy, test_y, "test_y", "name of their labels; empty: there are none"),
    GEDI_REAL(npy, test_share, 0.2, 0.0, 0.9,
              "share of the records kept for testing, where test_x is empty"),
    GEDI_ENUM(npy, channels, NPY_LAST, "last|first",
              "first: images are stored as [N, C, H, W]"),
    GEDI_REAL(
        npy, white, 0.0, 0.0, 1e9,
        "the number that is white, so that images have pixels of [0, 1]; 0: 255 for "
        "bytes, and other numbers are no pixels"),
    IMAGES_OPTIONS(npy, images, "", ""),
    GEDI_END,
};

/* ---- one array ---- */

static gedi_status npy_shape_of(const npy_array *a, gedi_shape *shape, gedi_err *err)
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

/* The header has been held against the bytes that are there, the archive's against what it can hold. */
static gedi_status npy_check_memory(const npy_array *a, int64_t numbers, int64_t bytes,
                                    gedi_err *err)
{
    double want = (double)numbers * (double)bytes;
    double memory = (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
    if (want <= memory)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DATA,
                     "%.350s: %.3g GB: all is kept in memory, of which this machine has "
                     "%.3g GB",
                     a->name, want / 1e9, memory / 1e9);
}

static gedi_status npy_floats(npy_array *a, float *to, int64_t n, gedi_err *err)
{
    uint8_t *b = malloc((size_t)(NPY_CHUNK * a->bytes));
    gedi_status s = b ? GEDI_OK : gedi_no_memory(err, "%.400s", a->name);
    for (int64_t at = 0, m = 0; at < n && s == GEDI_OK; at += m) {
        m = n - at < NPY_CHUNK ? n - at : NPY_CHUNK;
        s = npy_get(a, b, (size_t)(m * a->bytes), err);
        for (int64_t i = 0; i < m && s == GEDI_OK; i++) {
            to[at + i] = (float)npy_number(a, b, i);
            if (!isfinite(to[at + i]))
                s = GEDI_FAIL(
                    err, GEDI_DATA, "%.350s: number %lld, of record %lld, is %g", a->name,
                    (long long)(at + i), (long long)((at + i) / (n / a->dim[0])),
                    npy_number(a, b, i));
        }
    }
    free(b);
    return s;
}

/* What the header says of the records. */
static gedi_status npy_head_x(const npy_array *a, npy_records *r, gedi_err *err)
{
    GEDI_TRY(npy_shape_of(a, &r->shape, err));
    r->n = a->dim[0];
    r->bytes = a->type == 'u' && a->bytes == 1;
    return GEDI_OK;
}

/* Of labels, against the records that have them. */
static gedi_status npy_head_y(const npy_array *a, const npy_records *r, gedi_err *err)
{
    int64_t n = a->rank ? a->dim[0] : 0;
    if (a->type == 'f' || a->rank < 1 || a->rank > 2 || (a->rank == 2 && a->dim[1] != 1))
        return npy_fail(a, "labels are integers, [N] or [N, 1]", err);
    if (n != r->n)
        return GEDI_FAIL(err, GEDI_DATA, "%.300s: %lld labels of %lld records", a->name,
                         (long long)n, (long long)r->n);
    return GEDI_OK;
}

static gedi_status npy_load_x(npy_array *a, npy_records *r, gedi_err *err)
{
    GEDI_TRY(npy_head_x(a, r, err)); /* again: the file may have changed */
    int64_t numbers = 1;
    for (int i = 0; i < a->rank; i++)
        numbers *= a->dim[i]; /* no more than there are bytes */
    GEDI_TRY(npy_check_memory(a, numbers, r->bytes ? 1 : sizeof(float), err));
    r->data = malloc((size_t)numbers * (r->bytes ? 1 : sizeof(float)));
    if (!r->data)
        return gedi_no_memory(err, "%.400s", a->name);
    return r->bytes ? npy_get(a, r->data, (size_t)numbers, err)
                    : npy_floats(a, r->data, numbers, err);
}

static gedi_status npy_load_y(npy_array *a, npy_records *r, int32_t *classes,
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

/* ---- all of them ---- */

typedef struct npy_place {
    char path[4000];
    bool zipped;
} npy_place;

/* A folder, or an archive in one. */
static gedi_status npy_find(const npy *o, const gedi_open *open, npy_place *p,
                            gedi_err *err)
{
    char folder[2000], file[300];
    size_t n = strlen(o->path);
    const char *slash = strrchr(o->path, '/');
    const char *name = slash ? slash + 1 : o->path;
    gedi_data_place place = {.path = o->path, .directory = open->directory};
    p->zipped = n > 4 && !strcasecmp(o->path + n - 4, ".npz");
    snprintf(file, sizeof file, "%.290s", p->zipped ? name : "");
    int above = slash == o->path ? 1 : slash ? (int)(slash - o->path) : 1;
    snprintf(folder, sizeof folder, "%.*s", above, slash ? o->path : ".");
    if (p->zipped) {
        place.path = folder;
        place.file = file;
        place.folder = ".";
    }
    GEDI_TRY(gedi_data_find(&place, p->path, sizeof p->path - 300, err));
    if (p->zipped)
        snprintf(p->path + strlen(p->path), 300, "/%.290s", file);
    return GEDI_OK;
}

static gedi_status npy_missing(const npy_place *p, const char *key, const char *name,
                               const char *without, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_OPTION,
                     "%s: %.300s has no array %.60s%s: name it by `%s: NAME`%s", key,
                     p->path, name, p->zipped ? "" : ".npy", key, without);
}

/* Opens the records of a split, or its labels. */
static gedi_status npy_open_named(const npy *o, const npy_place *p, gedi_split split,
                                  bool labels, npy_array *a, gedi_err *err)
{
    static const char *const key[GEDI_SPLITS][2] = {{"x", "y"}, {"test_x", "test_y"}};
    const char *name[GEDI_SPLITS][2] = {{o->x, o->y}, {o->test_x, o->test_y}};
    const char *without = labels ? ", or by \"\" where there are no labels"
                          : split == GEDI_TEST
                              ? ", or set `test_x: \"\"` to keep a share of the others"
                              : "";
    bool found = false;
    GEDI_TRY(npy_array_open(a, p->path, p->zipped, name[split][labels], &found, err));
    if (found)
        return GEDI_OK;
    return npy_missing(p, key[split][labels], name[split][labels], without, err);
}

static bool npy_labelled(const npy *o, gedi_split split)
{
    return *(split == GEDI_TRAIN ? o->y : o->test_y) != 0;
}

/* Headers alone: an archive of a few megabytes may unpack to gigabytes. */
static gedi_status npy_look(npy *o, const npy_place *p, gedi_split split, npy_array *a,
                            gedi_err *err)
{
    gedi_status s = npy_open_named(o, p, split, false, a, err);
    if (s == GEDI_OK)
        s = npy_head_x(a, &o->of[split], err);
    npy_array_close(a);
    if (s != GEDI_OK || !npy_labelled(o, split))
        return s;
    s = npy_open_named(o, p, split, true, a, err);
    if (s == GEDI_OK)
        s = npy_head_y(a, &o->of[split], err);
    npy_array_close(a);
    return s;
}

static gedi_status npy_load(npy *o, const npy_place *p, gedi_split split, npy_array *a,
                            int32_t *classes, gedi_err *err)
{
    npy_records *r = &o->of[split];
    gedi_status s = npy_open_named(o, p, split, false, a, err);
    if (s == GEDI_OK)
        s = npy_load_x(a, r, err);
    npy_array_close(a);
    if (s != GEDI_OK || !npy_labelled(o, split))
        return s;
    s = npy_open_named(o, p, split, true, a, err);
    if (s == GEDI_OK)
        s = npy_head_y(a, r, err); /* the file may have changed */
    if (s == GEDI_OK)
        s = npy_load_y(a, r, classes, err);
    npy_array_close(a);
    return s;
}

static gedi_status npy_same(const npy *o, gedi_err *err)
{
    const npy_records *a = &o->of[GEDI_TRAIN], *b = &o->of[GEDI_TEST];
    char has[64], want[64];
    if (gedi_shape_equal(a->shape, b->shape) && a->bytes == b->bytes)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DATA, "test_x: records %s of %s, but those of x are %s of %s",
        gedi_shape_text(b->shape, has, sizeof has), b->bytes ? "bytes" : "numbers",
        gedi_shape_text(a->shape, want, sizeof want), a->bytes ? "bytes" : "numbers");
}

/* A share of the records, drawn, the same for every seed; both in the order of the array. */
static gedi_status npy_divide(npy *o, gedi_err *err)
{
    int64_t n = o->of[GEDI_TRAIN].n, tests = (int64_t)(o->test_share * (double)n + 0.5);
    int64_t *place = malloc((size_t)n * sizeof *place), used[GEDI_SPLITS] = {0};
    gedi_rng rng = gedi_rng_at(0, GEDI_STREAM_DATA, 0, 0);
    o->divided = true;
    for (int k = 0; k < GEDI_SPLITS; k++)
        o->at[k] = malloc((size_t)n * sizeof *o->at[k]);
    if (!place || !o->at[GEDI_TRAIN] || !o->at[GEDI_TEST]) {
        free(place);
        return gedi_no_memory(err, "%lld records", (long long)n);
    }
    gedi_rng_permutation(&rng, place, n);
    for (int64_t i = 0; i < n; i++) {
        int k = place[i] < tests ? GEDI_TEST : GEDI_TRAIN;
        o->at[k][used[k]++] = i;
    }
    free(place);
    for (int k = 0; k < GEDI_SPLITS; k++)
        GEDI_TRY(images_keep(&o->images, (gedi_split)k, used[k], o->path, err));
    return GEDI_OK;
}

static gedi_status npy_load_all(npy *o, const npy_place *p, npy_array *a,
                                int32_t *classes, gedi_err *err)
{
    int splits = *o->test_x ? GEDI_SPLITS : 1;
    for (int k = 0; k < splits; k++)
        GEDI_TRY(npy_look(o, p, (gedi_split)k, a, err));
    if (splits == GEDI_SPLITS)
        GEDI_TRY(npy_same(o, err));
    for (int k = 0; k < splits; k++)
        GEDI_TRY(npy_load(o, p, (gedi_split)k, a, classes, err));
    if (splits == 1)
        return npy_divide(o, err);
    GEDI_TRY(npy_same(o, err));
    for (int k = 0; k < splits; k++)
        GEDI_TRY(images_keep(&o->images, (gedi_split)k, o->of[k].n, p->path, err));
    return GEDI_OK;
}

/* What the harness has to know. */
static void npy_ready(npy *o, int32_t classes, gedi_data_info *info)
{
    const npy_records *r = &o->of[GEDI_TRAIN];
    gedi_shape s = r->shape;
    bool pixels = s.rank == 3 && (r->bytes || o->white > 0);
    if (s.rank == 3 && o->channels == NPY_FIRST)
        s = GEDI_DIMS(s.dim[1], s.dim[2], s.dim[0]);
    o->record = gedi_shape_size(s);
    *info = (gedi_data_info){.record = s,
                             .classes = classes,
                             .mean = pixels ? o->images.mean : 0,
                             .std = pixels ? o->images.std : 0};
    for (int k = 0; k < GEDI_SPLITS; k++) {
        info->count[k] = o->images.count[k];
        info->labelled[k] = o->of[o->divided ? GEDI_TRAIN : k].label != NULL;
    }
}

/* ---- the dataset ---- */

static void npy_close(void *self)
{
    npy *o = self;
    for (int k = 0; k < GEDI_SPLITS; k++) {
        free(o->of[k].data);
        free(o->of[k].label);
        free(o->at[k]);
        o->of[k] = (npy_records){0};
        o->at[k] = NULL;
    }
    o->divided = false;
}

static gedi_status npy_open(void *self, const gedi_open *open, gedi_data_info *info,
                            gedi_err *err)
{
    npy *o = self;
    npy_place place;
    int32_t classes = 0;
    GEDI_TRY(npy_find(o, open, &place, err));
    npy_array *a = malloc(sizeof *a);
    if (!a)
        return gedi_no_memory(err, "an array");
    gedi_status s = npy_load_all(o, &place, a, &classes, err);
    free(a);
    if (s == GEDI_OK && o->images.count[GEDI_TRAIN] == 0)
        s = GEDI_FAIL(err, GEDI_OPTION, "test_share: %g leaves nothing to train on",
                      o->test_share);
    if (s == GEDI_OK)
        npy_ready(o, classes, info);
    else
        npy_close(o);
    return s;
}

static gedi_status npy_read(const void *self, gedi_split split, int64_t i, float *x,
                            int32_t *label, gedi_err *err)
{
    const npy *o = self;
    const npy_records *r = &o->of[o->divided ? GEDI_TRAIN : split];
    (void)err;
    GEDI_ASSERT(i >= 0 && i < o->images.count[split]);
    if (o->at[split])
        i = o->at[split][i];
    const uint8_t *bytes = r->bytes ? (uint8_t *)r->data + i * o->record : NULL;
    const float *numbers = r->bytes ? NULL : (float *)r->data + i * o->record;
    double white = o->white > 0 ? o->white : r->bytes ? 255 : 1;
    int64_t planes = r->shape.rank == 3 && o->channels == NPY_FIRST ? r->shape.dim[0] : 1;
    int64_t pixels = o->record / planes;
    for (int64_t j = 0; j < o->record; j++) {
        int64_t from = j % planes * pixels + j / planes;
        double v = bytes ? (double)bytes[from] : (double)numbers[from];
        x[j] = (float)((v / white - o->images.mean) / o->images.std);
    }
    *label = r->label ? r->label[i] : -1;
    return GEDI_OK;
}

static void npy_digest(const void *self, gedi_digest *s)
{
    const npy *o = self;
    for (int k = 0; k < GEDI_SPLITS; k++) {
        const npy_records *r = &o->of[k];
        size_t number = r->bytes ? 1 : sizeof(float);
        if (r->data)
            gedi_digest_records(s, r->data, (size_t)(r->n * o->record) * number);
        if (r->data && r->label)
            gedi_digest_records(s, r->label, (size_t)r->n * sizeof *r->label);
    }
}

GEDI_DEFINE(dataset, npy) = {
    GEDI_HEAD(dataset, npy),
    .brief = "arrays of NumPy with labels: .npy files or an .npz archive",
    .cite = "",
    .self_size = sizeof(npy),
    .options = npy_options,
    .open = npy_open,
    .read = npy_read,
    .close = npy_close,
    .digest = npy_digest,
};
