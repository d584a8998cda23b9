/* mnist.h - what MNIST and Fashion-MNIST share: IDX files of 28 x 28 grey images.
 *
 * Output:  records [28, 28, 1], (pixel / 255 - mean) / std; or [32, 32, 3]: the same in three
 *          channels, within a border of black
 * Differs: bytes are kept in memory as the file has them and converted when read.
 */
#ifndef GEDI_PLUGINS_DATASET_MNIST_H
#define GEDI_PLUGINS_DATASET_MNIST_H

#include "plugins/dataset/idx.h"

enum { MNIST_CLASSES = 10, MNIST_MOST_CLASSES = 256 };
enum { MNIST_WIDE = 32, MNIST_BORDER = (MNIST_WIDE - IDX_SIDE) / 2 };

enum { MNIST_GREY, MNIST_RGB }; /* values of `shape` */

typedef struct mnist {
    const char *path;
    int64_t shape;
    int64_t classes; /* 0: found from the labels */
    images images;
} mnist;

#define MNIST_OPTIONS(where, own_mean, own_std)                                          \
    GEDI_TEXT(mnist, path, "", "folder of the IDX files, raw or .gz; empty: " where),    \
        GEDI_ENUM(mnist, shape, MNIST_GREY, "28x28x1|32x32x3",                           \
                  "as they are, or in three channels with a border of 2 pixels"),        \
        IMAGES_OPTIONS(mnist, images, IMAGES_ARE(own_mean), IMAGES_ARE(own_std))

static inline gedi_status mnist_open_split(images *m, const char *folder,
                                           gedi_split split, idx_file *labels,
                                           gedi_err *err)
{
    idx_file pixels = {.kind = &idx_images};
    gedi_status s = idx_load(&pixels, m, folder, split, err);
    m->pixel[split] = pixels.data;
    if (s == GEDI_OK)
        s = idx_load(labels, m, folder, split, err);
    if (s == GEDI_OK && pixels.count != labels->count)
        s = GEDI_FAIL(
            err, GEDI_DATA, "%.200s has %lld labels for the %lld images of %.200s",
            labels->path, (long long)labels->count, (long long)pixels.count, pixels.path);
    return s;
}

/* Which label is class 0, and how many classes there are. Labels begin at 0; or at 1, as those of
 * EMNIST's letters, where there is no 0 and the last is the number of classes. */
static inline int mnist_first(const mnist *o, const idx_file *labels, int32_t *classes)
{
    int least = 255, most = 0;
    for (int k = 0; k < GEDI_SPLITS; k++)
        for (int64_t i = 0; i < labels[k].kept; i++) {
            int label = labels[k].data[i];
            least = label < least ? label : least;
            most = label > most ? label : most;
        }
    int first = least == 1 && (!o->classes || most == o->classes);
    *classes = o->classes ? (int32_t)o->classes : most - first + 1;
    return first;
}

static inline gedi_status mnist_number(images *m, gedi_split split,
                                       const idx_file *labels, int first, int32_t classes,
                                       const char *remedy, gedi_err *err)
{
    m->label[split] = malloc((size_t)m->count[split] * sizeof *m->label[split]);
    if (!m->label[split])
        return gedi_no_memory(err, "%s: %lld labels", labels->path,
                              (long long)m->count[split]);
    for (int64_t i = 0; i < labels->kept; i++) {
        int32_t label = labels->data[i] - first;
        if (label >= classes)
            return GEDI_FAIL(err, GEDI_DATA,
                             "%.300s: label %d of record %lld is not in [%d, %d]%s",
                             labels->path, label + first, (long long)i, first,
                             classes - 1 + first, remedy);
        if (i < m->count[split])
            m->label[split][i] = label;
    }
    return GEDI_OK;
}

/* o->classes is set; `remedy` ends what is said of a label that is none. */
static inline gedi_status mnist_open_at(mnist *o, const gedi_data_place *place,
                                        const char *remedy, gedi_data_info *info,
                                        gedi_err *err)
{
    char folder[4000];
    idx_file labels[GEDI_SPLITS] = {{.kind = &idx_labels}, {.kind = &idx_labels}};
    int32_t classes = 0;
    GEDI_TRY(gedi_data_find(place, folder, sizeof folder, err));
    gedi_status s = GEDI_OK;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = mnist_open_split(&o->images, folder, (gedi_split)k, &labels[k], err);
    int first = s == GEDI_OK ? mnist_first(o, labels, &classes) : 0;
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = mnist_number(&o->images, (gedi_split)k, &labels[k], first, classes, remedy,
                         err);
    for (int k = 0; k < GEDI_SPLITS; k++)
        free(labels[k].data);
    if (s != GEDI_OK) {
        images_clear(&o->images);
        return s;
    }
    o->images.record = IDX_PIXELS;
    gedi_shape grey = GEDI_DIMS(IDX_SIDE, IDX_SIDE, 1),
               rgb = GEDI_DIMS(MNIST_WIDE, MNIST_WIDE, 3);
    images_ready(&o->images, o->shape == MNIST_GREY ? grey : rgb, classes, info);
    return GEDI_OK;
}

/* An image in the middle of a larger one, its grey in each of three channels. */
static inline void mnist_widen(const uint8_t *from, const float *value, float *x)
{
    for (int h = -MNIST_BORDER; h < IDX_SIDE + MNIST_BORDER; h++)
        for (int w = -MNIST_BORDER; w < IDX_SIDE + MNIST_BORDER; w++, x += 3) {
            bool inside = h >= 0 && h < IDX_SIDE && w >= 0 && w < IDX_SIDE;
            x[0] = x[1] = x[2] = value[inside ? from[h * IDX_SIDE + w] : 0];
        }
}

static inline gedi_status mnist_read(const void *self, gedi_split split, int64_t i,
                                     float *x, int32_t *label, gedi_err *err)
{
    const mnist *o = self;
    const images *m = &o->images;
    (void)err;
    if (o->shape == MNIST_GREY)
        return images_read(m, split, i, x, label);
    GEDI_ASSERT(i >= 0 && i < m->count[split]);
    mnist_widen(m->pixel[split] + i * IDX_PIXELS, m->value, x);
    *label = m->label[split][i];
    return GEDI_OK;
}

static inline void mnist_digest(const void *self, gedi_digest *s)
{
    images_digest(&((const mnist *)self)->images, s);
}

static inline void mnist_close(void *self)
{
    mnist *o = self;
    images_clear(&o->images);
}

#endif
