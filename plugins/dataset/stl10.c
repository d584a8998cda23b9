/* stl10.c - STL-10: colour images of 96 x 96 in ten classes, and many without a label.
 *
 * Source:  Coates, Ng & Lee 2011, "An Analysis of Single-Layer Networks in Unsupervised Feature
 *          Learning"; the binary version: images of three planes, columns first, labels 1 .. 10
 * Inputs:  `path`: a folder with {train,test}_{X,y}.bin, and unlabeled_X.bin where `train` asks for it
 * Output:  records [96, 96, 3], (pixel / 255 - mean) / std; labels 0 .. 9, -1 for none. Training records are
 *          the 5,000 labelled ones, the 100,000 others, or both, the labelled ones first.
 * Differs: the ten folds of 1,000 records are not used; files of fewer records are legal
 */
#include "plugins/dataset/file.h"
#include "plugins/dataset/images.h"

enum {
    STL10_SIDE = 96,
    STL10_CHANNELS = 3,
    STL10_PIXELS = STL10_SIDE * STL10_SIDE * STL10_CHANNELS,
    STL10_CLASSES = 10,
    STL10_PATH = 4096,
};
enum { STL10_LABELLED, STL10_UNLABELLED, STL10_BOTH }; /* values of `train` */

typedef struct stl10 {
    const char *path;
    int64_t train;
    images images;
} stl10;

static const gedi_option stl10_options[] = {
    GEDI_TEXT(stl10, path, "",
              "folder of the .bin files; empty: stl10_binary in the cache folder"),
    GEDI_ENUM(stl10, train, STL10_LABELLED, "labelled|unlabelled|both",
              "which records are trained on: 5000 with labels, 100000 without, or all"),
    IMAGES_OPTIONS(stl10, images, IMAGES_ARE("0.43"), IMAGES_ARE("0.26")),
    GEDI_END,
};

typedef struct stl10_file {
    char path[STL10_PATH];
    FILE *f;
    int64_t n; /* records of `size` bytes */
} stl10_file;

static gedi_status stl10_begin(stl10_file *a, const char *folder, const char *name,
                               int64_t size, gedi_err *err)
{
    struct stat st;
    int w = snprintf(a->path, sizeof a->path, "%s/%s", folder, name);
    if (w < 0 || w >= STL10_PATH)
        return GEDI_FAIL(err, GEDI_OPTION, "path: longer than %d bytes: '%.80s...'",
                         STL10_PATH, folder);
    GEDI_TRY(file_stream(a->path, &a->f, err));
    if (fstat(fileno(a->f), &st))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", a->path, strerror(errno));
    a->n = st.st_size / size;
    if (a->n && st.st_size % size == 0)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DATA,
                     "%.300s: %lld bytes are not a whole number of records of %lld: "
                     "truncated, or not the binary version of STL-10; get it again",
                     a->path, (long long)st.st_size, (long long)size);
}

static gedi_status stl10_get(stl10_file *a, uint8_t *to, size_t n, gedi_err *err)
{
    if (fread(to, 1, n, a->f) == n)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be read: %s", a->path,
                     ferror(a->f) ? strerror(errno) : "the file ends");
}

/* The first n images, behind `at` others. */
static gedi_status stl10_images(stl10 *o, stl10_file *x, gedi_split split, int64_t at,
                                int64_t n, gedi_err *err)
{
    uint8_t b[STL10_PIXELS];
    for (int64_t i = 0; i < n; i++) {
        GEDI_TRY(stl10_get(x, b, sizeof b, err));
        images_from_planes(o->images.pixel[split] + (at + i) * STL10_PIXELS, b,
                           STL10_SIDE, STL10_CHANNELS, true);
    }
    return GEDI_OK;
}

/* All are checked, whatever is kept. */
static gedi_status stl10_labels(stl10 *o, stl10_file *y, gedi_split split, int64_t keep,
                                gedi_err *err)
{
    for (int64_t i = 0; i < y->n; i++) {
        uint8_t v;
        GEDI_TRY(stl10_get(y, &v, 1, err));
        if (v < 1 || v > STL10_CLASSES)
            return GEDI_FAIL(err, GEDI_DATA,
                             "%.300s: label %d of record %lld is not in [1, %d]: damaged",
                             y->path, v, (long long)i, STL10_CLASSES);
        if (i < keep)
            o->images.label[split][i] = v - 1;
    }
    return GEDI_OK;
}

/* Labelled records, then others; a file that is not open has none. */
static gedi_status stl10_load(stl10 *o, const char *folder, gedi_split split,
                              stl10_file *x, stl10_file *y, stl10_file *more,
                              gedi_err *err)
{
    images *m = &o->images;
    if (x->n != y->n)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: %lld labels, but %.100s has %lld images", y->path,
                         (long long)y->n, strrchr(x->path, '/') + 1, (long long)x->n);
    GEDI_TRY(images_keep(m, split, x->n + more->n, folder, err));
    GEDI_TRY(images_reserve(m, split, err));
    int64_t first = m->count[split] < x->n ? m->count[split] : x->n;
    if (x->f) {
        GEDI_TRY(stl10_images(o, x, split, 0, first, err));
        GEDI_TRY(stl10_labels(o, y, split, first, err));
    }
    if (more->f)
        GEDI_TRY(stl10_images(o, more, split, first, m->count[split] - first, err));
    for (int64_t i = first; i < m->count[split]; i++)
        m->label[split][i] = -1;
    if (!x->f) { /* none has a label */
        free(m->label[split]);
        m->label[split] = NULL;
    }
    return GEDI_OK;
}

static gedi_status stl10_open_split(stl10 *o, const char *folder, gedi_split split,
                                    gedi_err *err)
{
    static const char *const name[GEDI_SPLITS][2] = {{"train_X.bin", "train_y.bin"},
                                                     {"test_X.bin", "test_y.bin"}};
    stl10_file x = {.n = 0}, y = {.n = 0}, more = {.n = 0};
    bool training = split == GEDI_TRAIN;
    gedi_status s = GEDI_OK;
    if (!training || o->train != STL10_UNLABELLED) {
        s = stl10_begin(&x, folder, name[split][0], STL10_PIXELS, err);
        if (s == GEDI_OK)
            s = stl10_begin(&y, folder, name[split][1], 1, err);
    }
    if (s == GEDI_OK && training && o->train != STL10_LABELLED)
        s = stl10_begin(&more, folder, "unlabeled_X.bin", STL10_PIXELS, err);
    if (s == GEDI_OK)
        s = stl10_load(o, folder, split, &x, &y, &more, err);
    stl10_file *all[] = {&x, &y, &more};
    for (int i = 0; i < 3; i++)
        if (all[i]->f)
            fclose(all[i]->f);
    return s;
}

/* ---- the dataset ---- */

static gedi_status stl10_open(void *self, const gedi_open *open, gedi_data_info *info,
                              gedi_err *err)
{
    stl10 *o = self;
    char folder[STL10_PATH - 64];
    gedi_data_place place = {.name = "stl10",
                             .folder = "stl10_binary",
                             .file = "test_X.bin",
                             .path = o->path,
                             .directory = open->directory};
    GEDI_TRY(gedi_data_find(&place, folder, sizeof folder, err));
    o->images.record = STL10_PIXELS;
    gedi_status s = GEDI_OK;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = stl10_open_split(o, folder, (gedi_split)k, err);
    if (s == GEDI_OK)
        images_ready(&o->images, GEDI_DIMS(STL10_SIDE, STL10_SIDE, STL10_CHANNELS),
                     STL10_CLASSES, info);
    else
        images_clear(&o->images);
    return s;
}

static gedi_status stl10_read(const void *self, gedi_split split, int64_t i, float *x,
                              int32_t *label, gedi_err *err)
{
    (void)err;
    return images_read(&((const stl10 *)self)->images, split, i, x, label);
}

static void stl10_close(void *self)
{
    images_clear(&((stl10 *)self)->images);
}

static void stl10_digest(const void *self, gedi_digest *s)
{
    images_digest(&((const stl10 *)self)->images, s);
}

GEDI_DEFINE(dataset, stl10) = {
    GEDI_HEAD(dataset, stl10),
    .brief = "colour images of 96 x 96: 13000 in 10 classes, 100000 without labels",
    .cite = "Coates, Ng & Lee 2011",
    .self_size = sizeof(stl10),
    .options = stl10_options,
    .open = stl10_open,
    .read = stl10_read,
    .close = stl10_close,
    .digest = stl10_digest,
};
