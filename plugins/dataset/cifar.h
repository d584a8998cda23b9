/* cifar.h - what CIFAR-10 and CIFAR-100 share: files of records, each some bytes of labels
 * and a 32 x 32 image as three planes, red, green, blue.
 *
 * Source:  Krizhevsky 2009, "Learning Multiple Layers of Features from Tiny Images"; the
 *          binary version of https://www.cs.toronto.edu/~kriz/cifar.html
 * Differs: a file of fewer records than the official one is legal, as long as they are whole.
 */
#ifndef GEDI_PLUGINS_DATASET_CIFAR_H
#define GEDI_PLUGINS_DATASET_CIFAR_H

#include "plugins/dataset/file.h"
#include "plugins/dataset/images.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>

enum {
    CIFAR_SIDE = 32,
    CIFAR_CHANNELS = 3,
    CIFAR_PIXELS = CIFAR_SIDE * CIFAR_SIDE * CIFAR_CHANNELS,
    CIFAR_MAX_LABELS = 2,
    CIFAR_MAX_FILES = 5,
    CIFAR_PATH = 4096,
};

typedef struct cifar_format {
    const char *title;         /* "CIFAR-10" */
    const char *name, *folder; /* see gedi_data_place */
    int labels;                /* bytes before the pixels */
    int classes[CIFAR_MAX_LABELS];
    const char *file[GEDI_SPLITS][CIFAR_MAX_FILES];
    int64_t official[GEDI_SPLITS]; /* bytes of one file */
} cifar_format;

/* The first members of a dataset's struct. */
typedef struct cifar {
    const char *path;
    images images;
} cifar;

#define CIFAR_OPTIONS(S, at, folder, own_mean, own_std)                                  \
    GEDI_TEXT_AT(S, at.path, "path", "",                                                 \
                 "folder of the .bin files; empty: " folder " in the cache folder"),     \
        IMAGES_OPTIONS(S, at.images, IMAGES_ARE(own_mean), IMAGES_ARE(own_std))

static inline gedi_status cifar_truncated(const char *path, const cifar_format *f,
                                          gedi_split split, int64_t bytes, gedi_err *err)
{
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.250s: %lld bytes are not a whole number of records of %d (%d of labels, %d "
        "x %d x %d pixels); the official file has %lld: truncated, or not the binary "
        "version of %s; get it again",
        path, (long long)bytes, f->labels + CIFAR_PIXELS, f->labels, CIFAR_SIDE,
        CIFAR_SIDE, CIFAR_CHANNELS, (long long)f->official[split], f->title);
}

/* Records of one file, from its size. */
static inline gedi_status cifar_count(const char *path, const cifar_format *f,
                                      gedi_split split, int64_t *n, gedi_err *err)
{
    struct stat st;
    int why = stat(path, &st) ? errno : 0;
    if (why == ENOENT) /* the folder stands, so that nothing would be fetched */
        return GEDI_FAIL(err, GEDI_OPTION,
                         "path: %.300s: %s: remove the folder and run `gedi data fetch "
                         "%s', or set path to one with all files of %s",
                         path, strerror(why), f->name, f->title);
    if (why)
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", path, strerror(why));
    if (!S_ISREG(st.st_mode))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: not a file", path);
    int64_t size = f->labels + CIFAR_PIXELS;
    if (st.st_size == 0 || st.st_size % size)
        return cifar_truncated(path, f, split, st.st_size, err);
    *n = st.st_size / size;
    return GEDI_OK;
}

/* The first n records of a file, behind `at` others; label byte `which` counts, but all are
 * checked: a wrong one means that the file is none of this dataset. */
static inline gedi_status cifar_load(cifar *o, const char *path, const cifar_format *f,
                                     gedi_split split, int which, int64_t at, int64_t n,
                                     gedi_err *err)
{
    uint8_t b[CIFAR_MAX_LABELS + CIFAR_PIXELS];
    size_t size = (size_t)(f->labels + CIFAR_PIXELS);
    gedi_status s = GEDI_OK;
    FILE *in;
    GEDI_TRY(file_stream(path, &in, err));
    for (int64_t i = 0; i < n && s == GEDI_OK; i++) {
        if (fread(b, 1, size, in) !=
            size) /* it shrank since it was measured, or a bad disk */
            s = GEDI_FAIL(err, GEDI_IO, "%.400s: record %lld cannot be read: %s", path,
                          (long long)i, ferror(in) ? strerror(errno) : "the file ends");
        for (int k = 0; k < f->labels && s == GEDI_OK; k++)
            if (b[k] >= f->classes[k])
                s = GEDI_FAIL(
                    err, GEDI_DATA,
                    "%.350s: label %d of record %lld is not in [0, %d]: damaged, or "
                    "not the binary version of %s",
                    path, b[k], (long long)i, f->classes[k] - 1, f->title);
        if (s != GEDI_OK)
            break;
        images_from_planes(o->images.pixel[split] + (at + i) * CIFAR_PIXELS,
                           b + f->labels, CIFAR_SIDE, CIFAR_CHANNELS, false);
        o->images.label[split][at + i] = b[which];
    }
    fclose(in);
    return s;
}

static inline gedi_status cifar_open_split(cifar *o, const char *folder,
                                           const cifar_format *f, gedi_split split,
                                           int which, gedi_err *err)
{
    char path[CIFAR_MAX_FILES][CIFAR_PATH];
    int64_t count[CIFAR_MAX_FILES], all = 0, at = 0;
    int files = 0;
    for (; files < CIFAR_MAX_FILES && f->file[split][files]; files++) {
        int w = snprintf(path[files], CIFAR_PATH, "%s/%s", folder, f->file[split][files]);
        if (w < 0 || w >= CIFAR_PATH)
            return GEDI_FAIL(err, GEDI_OPTION, "path: longer than %d bytes: '%.80s...'",
                             CIFAR_PATH, folder);
        /* All sizes are looked at even where a limit keeps less: damage is always noticed. */
        GEDI_TRY(cifar_count(path[files], f, split, &count[files], err));
        all += count[files];
    }
    GEDI_TRY(images_keep(&o->images, split, all, folder, err));
    GEDI_TRY(images_reserve(&o->images, split, err));
    for (int i = 0; i < files && at < o->images.count[split]; i++) {
        int64_t rest = o->images.count[split] - at, n = count[i] < rest ? count[i] : rest;
        GEDI_TRY(cifar_load(o, path[i], f, split, which, at, n, err));
        at += n;
    }
    return GEDI_OK;
}

/* `which` label byte is the class. */
static inline gedi_status cifar_open(cifar *o, const cifar_format *f, int which,
                                     const gedi_open *open, gedi_data_info *info,
                                     gedi_err *err)
{
    char folder[CIFAR_PATH - 64];
    gedi_data_place place = {.name = f->name,
                             .folder = f->folder,
                             .file = f->file[GEDI_TRAIN][0],
                             .path = o->path,
                             .directory = open->directory};
    GEDI_TRY(gedi_data_find(&place, folder, sizeof folder, err));
    o->images.record = CIFAR_PIXELS;
    gedi_status s = GEDI_OK;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = cifar_open_split(o, folder, f, (gedi_split)k, which, err);
    if (s != GEDI_OK) {
        images_clear(&o->images);
        return s;
    }
    images_ready(&o->images, GEDI_DIMS(CIFAR_SIDE, CIFAR_SIDE, CIFAR_CHANNELS),
                 f->classes[which], info);
    return GEDI_OK;
}

static gedi_status cifar_read(const void *self, gedi_split split, int64_t i, float *x,
                              int32_t *label, gedi_err *err)
{
    const cifar *o = self;
    (void)err;
    return images_read(&o->images, split, i, x, label);
}

static void cifar_digest(const void *self, gedi_digest *s)
{
    images_digest(&((const cifar *)self)->images, s);
}

static void cifar_close(void *self)
{
    cifar *o = self;
    images_clear(&o->images);
}

#endif
