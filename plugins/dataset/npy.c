/* npy.c - arrays of NumPy with their labels: a folder of .npy files, or an .npz archive.
 *
 * Inputs:  x [N, D], [N, H, W] or [N, H, W, C], see npy.h; labels [N] or [N, 1], integers of 0 ..
 *          classes - 1, or -1 for none
 * Output:  records [D] or [H, W, C], (v / white - mean) / std; white: 255 for bytes, 1 for other numbers,
 *          unless it is stated
 */
#include "plugins/dataset/images.h"
#include "plugins/dataset/keep.h"
#include "plugins/dataset/npy_records.h"

enum { NPY_LAST, NPY_FIRST }; /* values of `channels` */

typedef struct npy {
    const char *path, *x, *y, *test_x, *test_y;
    int64_t channels, keep;
    double white, test_share;
    images images; /* mean, std, limits; its labels and pixels are not used */
    npy_records of[GEDI_SPLITS];
    int64_t *at[GEDI_SPLITS]; /* which record of of[] each is; NULL: itself */
    bool lazy;                /* records stay in their files */
    bool divided;             /* both splits are parts of of[GEDI_TRAIN] */
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
    KEEP_OPTION(npy, keep, "records"),
    GEDI_END,
};

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
        s = npy_head_x(a, r, err); /* the file may have changed */
    if (s == GEDI_OK)
        s = o->lazy ? npy_leave_x(a, r, err) : npy_load_x(a, r, err);
    npy_array_close(a);
    if (s != GEDI_OK || !npy_labelled(o, split))
        return s;
    s = npy_open_named(o, p, split, true, a, err);
    if (s == GEDI_OK)
        s = npy_head_y(a, r, err);
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

static double npy_bytes(const npy *o)
{
    double bytes = 0;
    for (int k = 0; k < GEDI_SPLITS; k++)
        bytes +=
            (double)(o->of[k].n * o->of[k].numbers) * (double)npy_number_size(&o->of[k]);
    return bytes;
}

/* Decides where records are kept: an archive's cannot be read one by one. */
static gedi_status npy_settle(npy *o, const npy_place *p, gedi_err *err)
{
    double bytes = npy_bytes(o), memory = keep_memory();
    if (p->zipped && o->keep == KEEP_FILES)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "keep: records of an archive cannot stay in it: unpack %.300s, "
                         "which has a file NAME.npy for each array, and name the folder "
                         "as path",
                         p->path);
    o->lazy = !p->zipped && keep_in_files(o->keep, bytes);
    if (o->lazy || bytes <= memory)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_OPTION,
                     "keep: %.3g GB of records are more than this machine's memory of "
                     "%.3g GB: %s",
                     bytes / 1e9, memory / 1e9,
                     p->zipped ? "unpack the archive, and name the folder as path"
                               : "set `keep: files`");
}

static gedi_status npy_load_all(npy *o, const npy_place *p, npy_array *a,
                                int32_t *classes, gedi_err *err)
{
    int splits = *o->test_x ? GEDI_SPLITS : 1;
    for (int k = 0; k < splits; k++)
        GEDI_TRY(npy_look(o, p, (gedi_split)k, a, err));
    if (splits == GEDI_SPLITS)
        GEDI_TRY(npy_same(o, err));
    GEDI_TRY(npy_settle(o, p, err));
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
        npy_records_clear(&o->of[k]);
        free(o->at[k]);
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

/* Record i as it is stored becomes x, its channels last. */
static gedi_status npy_standardise(const npy *o, const npy_records *r, int64_t i,
                                   void *room, float *x, gedi_err *err)
{
    const uint8_t *bytes;
    const float *numbers;
    GEDI_TRY(npy_record(r, i, room, &bytes, &numbers, err));
    double white = o->white > 0 ? o->white : r->bytes ? 255 : 1;
    int64_t planes = r->shape.rank == 3 && o->channels == NPY_FIRST ? r->shape.dim[0] : 1;
    int64_t pixels = r->numbers / planes;
    for (int64_t j = 0; j < r->numbers; j++) {
        int64_t from = j % planes * pixels + j / planes;
        double v = bytes ? (double)bytes[from] : (double)numbers[from];
        x[j] = (float)((v / white - o->images.mean) / o->images.std);
    }
    return GEDI_OK;
}

static gedi_status npy_read(const void *self, gedi_split split, int64_t i, float *x,
                            int32_t *label, gedi_err *err)
{
    const npy *o = self;
    const npy_records *r = &o->of[o->divided ? GEDI_TRAIN : split];
    GEDI_ASSERT(i >= 0 && i < o->images.count[split]);
    if (o->at[split])
        i = o->at[split][i];
    void *room = r->file ? malloc(npy_room(r)) : NULL;
    if (r->file && !room)
        return gedi_no_memory(err, "a record");
    gedi_status s = npy_standardise(o, r, i, room, x, err);
    *label = r->label ? r->label[i] : -1;
    free(room);
    return s;
}

static void npy_note(const void *self, char *out, size_t n)
{
    const npy *o = self;
    const gedi_shape s = o->of[GEDI_TRAIN].shape;
    char shape[64];
    if (!o->lazy)
        return;
    keep_note(o->keep, npy_bytes(o), o->of[GEDI_TRAIN].n + o->of[GEDI_TEST].n,
              "records of", gedi_shape_text(s, shape, sizeof shape), out, n);
}

static void npy_digest(const void *self, gedi_digest *s)
{
    const npy *o = self;
    for (int k = 0; k < GEDI_SPLITS; k++) {
        const npy_records *r = &o->of[k];
        const char *name = k == GEDI_TRAIN ? o->x : o->test_x;
        if (r->n)
            gedi_digest_file(s, name, r->stored);
        if (r->data)
            gedi_digest_records(s, r->data,
                                (size_t)(r->n * r->numbers) * npy_number_size(r));
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
    .note = npy_note,
    .digest = npy_digest,
};
