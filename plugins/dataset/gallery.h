/* gallery.h - what datasets of image files share: kept in memory, or read whenever they are used.
 *
 * Output:  records [H, W, 3] or [H, W, 1], the same bytes either way
 *
 * Where all are kept in memory, all are read when the dataset is opened, so that a damaged one is noticed
 * before training. Else the first of each split are; any other is noticed when its turn comes.
 *
 * A dataset's struct begins with its gallery, so that these are slots of it: gallery_check, gallery_read,
 * gallery_close, gallery_digest, gallery_note.
 */
#ifndef GEDI_PLUGINS_DATASET_GALLERY_H
#define GEDI_PLUGINS_DATASET_GALLERY_H

#include "plugins/dataset/fit.h"
#include "plugins/dataset/folder.h"
#include "plugins/dataset/images.h"
#include "plugins/dataset/keep.h"
#include "plugins/dataset/picture.h"

enum { GALLERY_RGB, GALLERY_GREY };    /* values of `color` */
enum { GALLERY_MIDDLE, GALLERY_NONE }; /* of `crop` */
enum { GALLERY_NAMED = 9 };            /* damaged ones beside the first */
enum { GALLERY_SIZES = 10000 };        /* that are looked at of a split */

typedef struct gallery {
    images images;
    int64_t color, size, resize, crop, keep;
    fit fit;            /* of size 0: as they are */
    int64_t high, wide; /* of all images; 0: none was read */
    bool lazy;          /* they are read whenever they are used */
    folder_list
        list[GEDI_SPLITS]; /* all that there are, below a folder whose name has: */
    size_t below;          /* bytes, with a slash */
} gallery;

#define GALLERY_OPTIONS(S, at)                                                               \
    GEDI_ENUM_AT(                                                                            \
        S, at.color, "color", GALLERY_RGB, "rgb|grey",                                       \
        "three channels or one; images are converted: grey is the luma of view gray_scale"), \
        GEDI_INT_AT(                                                                         \
            S, at.size, "size", 0, 0, 4096,                                                  \
            "side of the square that records are; 0: the images as they are, all "           \
            "of one size"),                                                                  \
        GEDI_INT_AT(                                                                         \
            S, at.resize, "resize", 0, 0, 65535,                                             \
            "what the shorter side of an image is resized to before the square is "          \
            "cut out of its middle; 0: size"),                                               \
        GEDI_ENUM_AT(S, at.crop, "crop", GALLERY_MIDDLE, "middle|none",                      \
                     "none: nothing is cut off, but both sides are resized to size"),        \
        KEEP_OPTION(S, at.keep, "images")

static inline int gallery_channels(const gallery *g)
{
    return g->color == GALLERY_RGB ? 3 : 1;
}

static inline gedi_status gallery_check(const void *self, gedi_err *err)
{
    const gallery *g = self;
    if (!g->size && (g->resize || g->crop != GALLERY_MIDDLE))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "%s: has no meaning without size, the side of the result",
                         g->resize ? "resize" : "crop");
    if (g->resize && g->crop == GALLERY_NONE)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "resize: with `crop: none` both sides become size");
    if (g->resize && g->resize < g->size)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "resize: %lld is less than size %lld, which is cut out of it",
                         (long long)g->resize, (long long)g->size);
    return GEDI_OK;
}

/* ---- one image ---- */

/* All have the size of the first. */
static inline gedi_status gallery_same_size(const gallery *g, const picture *p,
                                            gedi_err *err)
{
    if (p->high == g->high && p->wide == g->wide)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.300s: an image of %lld x %lld (width x height), but the first is %lld x %lld: "
        "all must have one size, or set size, to which they are brought",
        p->path, (long long)p->wide, (long long)p->high, (long long)g->wide,
        (long long)g->high);
}

static inline gedi_status gallery_load(const gallery *g, const char *path, uint8_t *to,
                                       gedi_err *err)
{
    picture p;
    int channels = gallery_channels(g);
    gedi_status s = picture_read(&p, path, g->color == GALLERY_GREY, err);
    if (s == GEDI_OK && g->fit.size)
        s = fit_picture(&g->fit, p.pixel, p.high, p.wide, channels, to, err);
    else if (s == GEDI_OK && (s = gallery_same_size(g, &p, err)) == GEDI_OK)
        memcpy(to, p.pixel, (size_t)g->images.record);
    picture_clear(&p);
    return s;
}

/* ---- all of them ---- */

/* The size of the first is that of all. */
static inline gedi_status gallery_measure(gallery *g, const folder_list *list,
                                          gedi_err *err)
{
    picture p;
    const folder_list *l = list[GEDI_TRAIN].n ? &list[GEDI_TRAIN] : &list[GEDI_TEST];
    g->fit = (fit){g->size, g->resize ? g->resize : g->size, g->crop == GALLERY_NONE};
    g->high = g->wide = g->size;
    if (!g->size && l->n) {
        gedi_status s = picture_measure(&p, l->file[0].path, err);
        g->high = p.high;
        g->wide = p.wide;
        picture_clear(&p);
        GEDI_TRY(s);
    }
    g->images.record = g->high * g->wide * gallery_channels(g);
    return GEDI_OK;
}

static inline double gallery_bytes(const gallery *g)
{
    return (double)(g->images.count[GEDI_TRAIN] + g->images.count[GEDI_TEST]) *
           (double)g->images.record;
}

/* Decides where they are kept. */
static inline gedi_status gallery_place(gallery *g, gedi_err *err)
{
    double bytes = gallery_bytes(g), memory = keep_memory();
    g->lazy = keep_in_files(g->keep, bytes);
    if (g->lazy || bytes <= memory)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_OPTION,
        "keep: %.3g GB of images are more than this machine's memory of %.3g GB: "
        "set `keep: files`, or use fewer, with train_limit and test_limit",
        bytes / 1e9, memory / 1e9);
}

/* What else is damaged, after the first: names as far as a message has room, and how many. */
typedef struct gallery_damage {
    gedi_err first;
    char more[160];
    int n, named;
} gallery_damage;

/* False where it is for lack of memory, or for none of a file's faults: then no other is read. */
static inline bool gallery_is_damage(gedi_status s)
{
    return s == GEDI_DATA || s == GEDI_IO;
}

static inline void gallery_note_damage(gallery_damage *d, const char *name,
                                       const gedi_err *err)
{
    size_t n = strlen(d->more);
    if (!d->n++)
        d->first = *err;
    else if (d->named < GALLERY_NAMED && d->named == d->n - 2 &&
             n + strlen(name) + 3 < sizeof d->more) {
        snprintf(d->more + n, sizeof d->more - n, "%s%s", n ? ", " : "", name);
        d->named++;
    }
}

static inline gedi_status gallery_say_damage(const gallery_damage *d, gedi_err *err)
{
    int rest = d->n - 1 - d->named;
    char others[64] = "";
    if (d->n == 1)
        return GEDI_FAIL(err, d->first.code, "%s", d->first.msg);
    if (rest)
        snprintf(others, sizeof others, "%s%d others", d->named ? " and " : "", rest);
    return GEDI_FAIL(err, d->first.code, "%.280s; and %d more cannot be used: %s%s",
                     d->first.msg, d->n - 1, d->more, others);
}

static inline gedi_status gallery_open_split(gallery *g, gedi_split split,
                                             const folder_list *l, gedi_err *err)
{
    images *m = &g->images;
    int64_t n = m->count[split], read = g->lazy ? 1 : n;
    if (n == 0)
        return GEDI_OK;
    uint8_t *one = g->lazy ? malloc((size_t)m->record) : NULL;
    gedi_status s = GEDI_OK;
    if (g->lazy && !one)
        return gedi_no_memory(err, "an image");
    s = g->lazy ? images_reserve_labels(m, split, err) : images_reserve(m, split, err);
    for (int64_t i = 0; s == GEDI_OK && i < n; i++)
        m->label[split][i] = l->file[i].label;
    gallery_damage d = {.n = 0};
    for (int64_t i = 0; s == GEDI_OK && i < read; i++) {
        gedi_err own = {0};
        s = gallery_load(g, l->file[i].path, one ? one : m->pixel[split] + i * m->record,
                         &own);
        if (gallery_is_damage(s)) {
            gallery_note_damage(&d, l->file[i].path + g->below, &own);
            s = GEDI_OK;
        } else if (s != GEDI_OK) {
            GEDI_FAIL(err, s, "%s", own.msg);
        }
    }
    free(one);
    return s == GEDI_OK && d.n ? gallery_say_damage(&d, err) : s;
}

static inline void gallery_close(void *self)
{
    gallery *g = self;
    images_clear(&g->images);
    for (int k = 0; k < GEDI_SPLITS; k++)
        folder_list_clear(&g->list[k]);
    g->high = g->wide = 0;
}

/* Opens what is listed, as many of each split as are kept, below `path`. Of the lists it takes what it
 * needs. On failure nothing is open. */
static inline gedi_status gallery_open(gallery *g, const char *path, folder_list *list,
                                       int32_t classes, gedi_data_info *info,
                                       gedi_err *err)
{
    gedi_status s = GEDI_OK;
    g->below = strlen(path) + 1;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = images_keep(&g->images, (gedi_split)k, list[k].n, path, err);
    if (s == GEDI_OK)
        s = gallery_measure(g, list, err);
    if (s == GEDI_OK)
        s = gallery_place(g, err);
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++) {
        s = gallery_open_split(g, (gedi_split)k, &list[k], err);
        if (s == GEDI_OK) {
            g->list[k] = list[k];
            list[k] = (folder_list){0};
        }
    }
    if (s == GEDI_OK)
        images_ready(&g->images, GEDI_DIMS(g->high, g->wide, gallery_channels(g)),
                     classes, info);
    else
        gallery_close(g);
    return s;
}

/* The same after listing, which ended with `s`; lists and names are cleared whatever comes of it. */
static inline gedi_status gallery_take(gallery *g, gedi_status s, const char *path,
                                       folder_list *list, folder_names *classes,
                                       gedi_data_info *info, gedi_err *err)
{
    if (s == GEDI_OK)
        s = gallery_open(g, path, list, classes->n, info, err);
    for (int k = 0; k < GEDI_SPLITS; k++)
        folder_list_clear(&list[k]);
    folder_names_clear(classes);
    return s;
}

static inline gedi_status gallery_read(const void *self, gedi_split split, int64_t i,
                                       float *x, int32_t *label, gedi_err *err)
{
    const gallery *g = self;
    const images *m = &g->images;
    if (!g->lazy)
        return images_read(m, split, i, x, label);
    GEDI_ASSERT(i >= 0 && i < m->count[split]);
    uint8_t *pixel = malloc((size_t)m->record);
    if (!pixel)
        return gedi_no_memory(err, "an image");
    gedi_status s = gallery_load(g, g->list[split].file[i].path, pixel, err);
    if (s == GEDI_OK)
        images_standardise(m, pixel, x);
    *label = m->label[split][i];
    free(pixel);
    return s;
}

/* Sizes of files cost a look at each, which takes long for a million on a file server: of many, some. */
static inline void gallery_digest(const void *self, gedi_digest *sum)
{
    const gallery *g = self;
    images_digest(&g->images, sum);
    for (int k = 0; k < GEDI_SPLITS; k++) {
        int64_t n = g->images.count[k], step = n / GALLERY_SIZES + 1;
        for (int64_t i = 0; i < n; i++) {
            struct stat st;
            const char *path = g->list[k].file[i].path;
            bool known = i % step == 0 && !stat(path, &st);
            gedi_digest_file(sum, path + g->below, known ? (int64_t)st.st_size : -1);
        }
    }
}

static inline void gallery_note(const void *self, char *out, size_t n)
{
    const gallery *g = self;
    int64_t all = g->images.count[GEDI_TRAIN] + g->images.count[GEDI_TEST];
    char size[64];
    if (!g->lazy)
        return;
    snprintf(size, sizeof size, "%lld x %lld (width x height)", (long long)g->wide,
             (long long)g->high);
    keep_note(g->keep, gallery_bytes(g), all, "images of", size, out, n);
}

#endif
