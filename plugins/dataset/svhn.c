/* svhn.c - Street View House Numbers, format 2: colour images of one digit, 32 x 32.
 *
 * Source:  Netzer et al. 2011, "Reading Digits in Natural Images with Unsupervised Feature
 *          Learning"; MATLAB files with X [32, 32, 3, N] and y [N, 1], where 10 is the digit 0
 * Inputs:  `path`: a folder with {train,test}_32x32.mat, and extra_32x32.mat with `extra`
 * Output:  records [32, 32, 3], (pixel / 255 - mean) / std; labels 0 .. 9, the digit
 * Differs: a file without y is legal: then all of its split counts as unlabelled.
 */
#include "plugins/dataset/images.h"
#include "plugins/dataset/mat.h"

#include <matio.h>
#include <unistd.h>

enum {
    SVHN_SIDE = 32,
    SVHN_CHANNELS = 3,
    SVHN_PIXELS = SVHN_SIDE * SVHN_SIDE * SVHN_CHANNELS
};
enum { SVHN_DIGITS = 10, SVHN_PATH = 4096 };

static const char svhn_extra[] = "extra_32x32.mat";

typedef struct svhn {
    const char *path;
    bool extra;
    images images;
} svhn;

static const gedi_option svhn_options[] = {
    GEDI_TEXT(svhn, path, "",
              "folder of the .mat files; empty: svhn in the cache folder"),
    GEDI_BOOL(
        svhn, extra, false,
        "add the 531131 easier images of extra_32x32.mat after the training records"),
    IMAGES_OPTIONS(svhn, images, IMAGES_ARE("0.45"), IMAGES_ARE("0.19")),
    GEDI_END,
};

/* ---- one file ---- */

typedef struct svhn_file {
    char path[SVHN_PATH];
    matvar_t *x, *y; /* y NULL: none */
    int64_t count;
    int64_t largest; /* bytes of the largest variable */
} svhn_file;

static void svhn_release(svhn_file *f)
{
    Mat_VarFree(f->x);
    Mat_VarFree(f->y);
    f->x = f->y = NULL;
}

/* "32 x 32 x 3 x 582" */
static const char *svhn_dims(const matvar_t *v, char *out, size_t n)
{
    size_t at = 0;
    *out = 0;
    for (int i = 0; i < v->rank && at < n; i++)
        at += (size_t)snprintf(out + at, n - at, "%s%zu", i ? " x " : "", v->dims[i]);
    return out;
}

static gedi_status svhn_check_x(svhn_file *f, gedi_err *err)
{
    char dims[128];
    const matvar_t *x = f->x;
    if (!x)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: has no variable X: not a file of SVHN's format 2 "
                         "(cropped digits)",
                         f->path);
    if (x->class_type != MAT_C_UINT8 || x->isComplex)
        return GEDI_FAIL(err, GEDI_DATA, "%.300s: X is not of unsigned bytes (uint8)",
                         f->path);
    /* MATLAB leaves out a last dimension of 1. */
    bool fits = (x->rank == 4 || x->rank == 3) && x->dims[0] == SVHN_SIDE &&
                x->dims[1] == SVHN_SIDE && x->dims[2] == SVHN_CHANNELS;
    f->count = !fits ? 0 : x->rank == 4 ? (int64_t)x->dims[3] : 1;
    if (f->count == 0)
        return GEDI_FAIL(err, GEDI_DATA, "%.300s: X is %s, expected %d x %d x %d x N",
                         f->path, svhn_dims(x, dims, sizeof dims), SVHN_SIDE, SVHN_SIDE,
                         SVHN_CHANNELS);
    if (f->count < 0 || f->count > f->largest / SVHN_PIXELS)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: damaged: X is %s, but no variable has more than %lld "
                         "bytes; get the file again",
                         f->path, svhn_dims(x, dims, sizeof dims), (long long)f->largest);
    return GEDI_OK;
}

static int svhn_label(const svhn_file *f, int64_t i)
{
    if (f->y->class_type == MAT_C_UINT8)
        return ((const uint8_t *)f->y->data)[i];
    double v = ((const double *)f->y->data)[i];
    return v >= 0 && v <= 255 ? (int)v : -1;
}

static gedi_status svhn_check_y(const svhn_file *f, gedi_err *err)
{
    char dims[128];
    const matvar_t *y = f->y;
    if (!y)
        return GEDI_OK;
    if ((y->class_type != MAT_C_UINT8 && y->class_type != MAT_C_DOUBLE) || y->isComplex)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: y is neither of unsigned bytes nor of doubles",
                         f->path);
    if (y->rank != 2 || (y->dims[0] != 1 && y->dims[1] != 1) ||
        (int64_t)(y->dims[0] * y->dims[1]) != f->count)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: y is %s, expected %lld x 1, as X has so many images",
                         f->path, svhn_dims(y, dims, sizeof dims), (long long)f->count);
    return GEDI_OK;
}

static gedi_status svhn_check_labels(const svhn_file *f, gedi_err *err)
{
    for (int64_t i = 0; f->y && i < f->count; i++)
        if (svhn_label(f, i) < 1 || svhn_label(f, i) > SVHN_DIGITS)
            return GEDI_FAIL(err, GEDI_DATA,
                             "%.300s: label %d of record %lld is not in [1, %d]", f->path,
                             svhn_label(f, i), (long long)i, SVHN_DIGITS);
    return GEDI_OK;
}

/* What the file says of its variables is checked before their numbers are read. */
static gedi_status svhn_read_variables(svhn_file *f, mat_t *mat, gedi_err *err)
{
    f->x = Mat_VarReadInfo(mat, "X");
    f->y = Mat_VarReadInfo(mat, "y");
    GEDI_TRY(svhn_check_x(f, err));
    GEDI_TRY(svhn_check_y(f, err));
    bool failed = Mat_VarReadDataAll(mat, f->x) || !f->x->data ||
                  (f->y && (Mat_VarReadDataAll(mat, f->y) || !f->y->data));
    if (failed)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: X or y cannot be read: damaged, or out of memory",
                         f->path);
    return svhn_check_labels(f, err);
}

static gedi_status svhn_load(svhn_file *f, const char *folder, const char *name,
                             gedi_err *err)
{
    int w = snprintf(f->path, sizeof f->path, "%s/%s", folder, name);
    if (w < 0 || w >= SVHN_PATH)
        return GEDI_FAIL(err, GEDI_OPTION, "path: longer than %d bytes: '%.80s...'",
                         SVHN_PATH, folder);
    bool more = !strcmp(name, svhn_extra);
    if (more && access(f->path, F_OK))
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "extra: %.300s does not exist: run `gedi data fetch svhn_extra', or put "
            "the file there",
            f->path);
    GEDI_TRY(mat_is_whole(f->path, &f->largest, err));
    mat_t *mat = Mat_Open(f->path, MAT_ACC_RDONLY);
    if (!mat)
        return GEDI_FAIL(err, GEDI_DATA, "%.300s: not a MATLAB file", f->path);
    gedi_status s = svhn_read_variables(f, mat, err);
    Mat_Close(mat);
    return s;
}

/* ---- the dataset ---- */

/* The records of one file behind `at` others, as many as are kept. */
static int64_t svhn_keep(images *m, gedi_split split, const svhn_file *f, int64_t at)
{
    const uint8_t *x = f->x->data;
    int64_t rest = m->count[split] - at, n = f->count < rest ? f->count : rest;
    for (int64_t i = 0; i < n; i++) {
        /* Columns first: height varies fastest. */
        images_from_planes(m->pixel[split] + (at + i) * SVHN_PIXELS, x + i * SVHN_PIXELS,
                           SVHN_SIDE, SVHN_CHANNELS, true);
        if (m->label[split] && f->y)
            m->label[split][at + i] = svhn_label(f, i) % SVHN_DIGITS;
    }
    return at + n;
}

static gedi_status svhn_open_split(svhn *o, const char *folder, gedi_split split,
                                   gedi_err *err)
{
    static const char *const name[GEDI_SPLITS] = {"train_32x32.mat", "test_32x32.mat"};
    images *m = &o->images;
    bool more = o->extra && split == GEDI_TRAIN;
    svhn_file first = {0}, second = {0};
    gedi_status s = svhn_load(&first, folder, name[split], err);
    if (s == GEDI_OK && more)
        s = svhn_load(&second, folder, svhn_extra, err);
    if (s == GEDI_OK)
        s = images_keep(m, split, first.count + second.count, more ? folder : first.path,
                        err);
    if (s == GEDI_OK)
        s = images_reserve(m, split, err);
    if (s == GEDI_OK && (!first.y || (more && !second.y))) {
        free(m->label[split]);
        m->label[split] = NULL;
    }
    if (s == GEDI_OK) {
        int64_t at = svhn_keep(m, split, &first, 0);
        if (more)
            svhn_keep(m, split, &second, at);
    }
    svhn_release(&first);
    svhn_release(&second);
    return s;
}

static gedi_status svhn_open(void *self, const gedi_open *open, gedi_data_info *info,
                             gedi_err *err)
{
    svhn *o = self;
    char folder[SVHN_PATH - 64];
    gedi_data_place place = {.name = "svhn",
                             .folder = "svhn",
                             .file = "train_32x32.mat",
                             .path = o->path,
                             .directory = open->directory};
    GEDI_TRY(gedi_data_find(&place, folder, sizeof folder, err));
    o->images.record = SVHN_PIXELS;
    gedi_status s = GEDI_OK;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = svhn_open_split(o, folder, (gedi_split)k, err);
    if (s != GEDI_OK) {
        images_clear(&o->images);
        return s;
    }
    bool labels = o->images.label[GEDI_TRAIN] || o->images.label[GEDI_TEST];
    images_ready(&o->images, GEDI_DIMS(SVHN_SIDE, SVHN_SIDE, SVHN_CHANNELS),
                 labels ? SVHN_DIGITS : 0, info);
    return GEDI_OK;
}

static gedi_status svhn_read(const void *self, gedi_split split, int64_t i, float *x,
                             int32_t *label, gedi_err *err)
{
    const svhn *o = self;
    (void)err;
    return images_read(&o->images, split, i, x, label);
}

static void svhn_close(void *self)
{
    svhn *o = self;
    images_clear(&o->images);
}

static void svhn_digest(const void *self, gedi_digest *s)
{
    images_digest(&((const svhn *)self)->images, s);
}

GEDI_DEFINE(dataset, svhn) = {
    GEDI_HEAD(dataset, svhn),
    .brief = "Street View House Numbers, format 2: colour images of one digit, 32 x 32",
    .cite =
        "Netzer et al. 2011, Reading Digits in Natural Images with Unsupervised Feature "
        "Learning",
    .self_size = sizeof(svhn),
    .options = svhn_options,
    .open = svhn_open,
    .read = svhn_read,
    .close = svhn_close,
    .digest = svhn_digest,
};
