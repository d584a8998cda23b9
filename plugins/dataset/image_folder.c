/* image_folder.c - PNG images of one size, in folders that are the classes.
 *
 * Inputs:  `path`: train/CLASS/NAME.png and test/CLASS/NAME.png; or CLASS/NAME.png, from which a
 *          share of every class is taken for testing, the same for every seed
 * Output:  records [H, W, 3] or [H, W, 1], (pixel / 255 - mean) / std; labels by the order of the
 *          classes' names. Records of the classes take turns, so that a limit keeps some of each.
 * Differs: see picture.h: the stored samples, whatever gamma the file states; transparent pixels lie on
 *          black; 16 bits become 8
 */
#include "plugins/dataset/folder.h"
#include "plugins/dataset/images.h"
#include "plugins/dataset/picture.h"

typedef struct image_folder {
    const char *path;
    int64_t color;
    double test_share;
    images images;
    int64_t high, wide; /* of all images; 0: none was read */
} image_folder;

enum { IMAGE_FOLDER_RGB, IMAGE_FOLDER_GREY }; /* values of `color` */

static const gedi_option image_folder_options[] = {
    GEDI_TEXT(
        image_folder, path, "",
        "a folder with train/ and test/, which have a folder for each class, or with "
        "those folders directly"),
    GEDI_ENUM(
        image_folder, color, IMAGE_FOLDER_RGB, "rgb|grey",
        "three channels or one; images are converted: grey is the luma of view gray_scale"),
    GEDI_REAL(image_folder, test_share, 0.2, 0.0, 0.9,
              "share of each class kept for testing, where there is no train/"),
    IMAGES_OPTIONS(image_folder, images, "", ""),
    GEDI_END,
};

/* ---- one image ---- */

/* All have the size of the first. */
static gedi_status image_folder_size(image_folder *o, const picture *p, gedi_err *err)
{
    if (!o->high) {
        o->high = p->high;
        o->wide = p->wide;
        o->images.record = o->high * o->wide * (o->color == IMAGE_FOLDER_RGB ? 3 : 1);
    }
    if (p->high == o->high && p->wide == o->wide)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.300s: an image of %lld x %lld, but those before it are %lld x %lld: all must "
        "have one size",
        p->path, (long long)p->high, (long long)p->wide, (long long)o->high,
        (long long)o->wide);
}

/* The first makes room for all, because then the size is known. */
static gedi_status image_folder_load(image_folder *o, gedi_split split, int64_t i,
                                     const folder_file *f, gedi_err *err)
{
    picture p;
    gedi_status s = picture_open(&p, f->path, err);
    if (s == GEDI_OK)
        s = image_folder_size(o, &p, err);
    if (s == GEDI_OK && !o->images.pixel[split])
        s = images_reserve(&o->images, split, err);
    if (s == GEDI_OK) {
        uint8_t *to = o->images.pixel[split] + i * o->images.record;
        s = picture_read(&p, o->color == IMAGE_FOLDER_GREY, to, err);
        o->images.label[split][i] = f->label;
    }
    picture_close(&p);
    return s;
}

/* ---- which images ---- */

/* Moves the share for testing out of `all`; it depends on nothing but the names. */
static gedi_status image_folder_divide(const image_folder *o, folder_list *all,
                                       folder_list *test, gedi_err *err)
{
    int64_t kept = 0, *place = malloc((size_t)all->n * sizeof *place);
    if (!place)
        return gedi_no_memory(err, "%lld images", (long long)all->n);
    gedi_status s = GEDI_OK;
    for (int64_t i = 0, m = 0; i < all->n; i += m) { /* m images of one class */
        for (m = 1; i + m < all->n && all->file[i + m].label == all->file[i].label; m++)
            ;
        gedi_rng rng = gedi_rng_at(0, GEDI_STREAM_DATA, (uint64_t)all->file[i].label, 0);
        gedi_rng_permutation(&rng, place, m);
        int64_t tests = (int64_t)(o->test_share * (double)m + 0.5);
        for (int64_t k = 0; k < m; k++) {
            folder_file f = all->file[i + k];
            if (place[k] >= tests)
                all->file[kept++] = f;
            else if (s == GEDI_OK)
                s = folder_add(test, f.path, f.label, f.turn,
                               err); /* frees it on failure */
            else
                free(f.path);
        }
    }
    all->n = kept;
    free(place);
    return s;
}

static gedi_status image_folder_list(const image_folder *o, const char *path,
                                     folder_list list[GEDI_SPLITS], folder_names *classes,
                                     gedi_err *err)
{
    static const char *const name[GEDI_SPLITS] = {"train", "test"};
    char folder[GEDI_SPLITS][4096];
    bool there[GEDI_SPLITS];
    for (int k = 0; k < GEDI_SPLITS; k++) {
        int w = snprintf(folder[k], sizeof folder[k], "%s/%s", path, name[k]);
        there[k] = w > 0 && (size_t)w < sizeof folder[k] && folder_is(folder[k]);
    }
    if (!there[GEDI_TRAIN] && !there[GEDI_TEST]) {
        GEDI_TRY(folder_classes(path, classes, &list[GEDI_TRAIN], err));
        return image_folder_divide(o, &list[GEDI_TRAIN], &list[GEDI_TEST], err);
    }
    for (int k = 0; k < GEDI_SPLITS; k++)
        if (!there[k])
            return GEDI_FAIL(err, GEDI_OPTION,
                             "path: %.300s has a folder %s/ but none that is called %s/",
                             path, name[!k], name[k]);
    GEDI_TRY(folder_classes(folder[GEDI_TRAIN], classes, &list[GEDI_TRAIN], err));
    return folder_classes(folder[GEDI_TEST], classes, &list[GEDI_TEST], err);
}

static gedi_status image_folder_open_split(image_folder *o, const char *path,
                                           gedi_split split, folder_list *l,
                                           gedi_err *err)
{
    if (l->n > 0)
        qsort(l->file, (size_t)l->n, sizeof *l->file, folder_by_turn);
    GEDI_TRY(images_keep(&o->images, split, l->n, path, err));
    for (int64_t i = 0; i < o->images.count[split]; i++)
        GEDI_TRY(image_folder_load(o, split, i, &l->file[i], err));
    return GEDI_OK;
}

/* ---- the dataset ---- */

static gedi_status image_folder_open(void *self, const gedi_open *open,
                                     gedi_data_info *info, gedi_err *err)
{
    image_folder *o = self;
    char path[4000];
    folder_list list[GEDI_SPLITS] = {0};
    folder_names classes = {0};
    gedi_data_place place = {.path = o->path, .directory = open->directory};
    GEDI_TRY(gedi_data_find(&place, path, sizeof path, err));
    gedi_status s = image_folder_list(o, path, list, &classes, err);
    for (int k = 0; k < GEDI_SPLITS && s == GEDI_OK; k++)
        s = image_folder_open_split(o, path, (gedi_split)k, &list[k], err);
    if (s == GEDI_OK && o->images.count[GEDI_TRAIN] == 0)
        s = GEDI_FAIL(
            err, GEDI_OPTION,
            "test_share: %g leaves nothing to train on of the %lld images of %.300s",
            o->test_share, (long long)o->images.count[GEDI_TEST], path);
    if (s == GEDI_OK)
        images_ready(&o->images,
                     GEDI_DIMS(o->high, o->wide, o->color == IMAGE_FOLDER_RGB ? 3 : 1),
                     classes.n, info);
    else
        images_clear(&o->images);
    for (int k = 0; k < GEDI_SPLITS; k++)
        folder_list_clear(&list[k]);
    folder_names_clear(&classes);
    return s;
}

static gedi_status image_folder_read(const void *self, gedi_split split, int64_t i,
                                     float *x, int32_t *label, gedi_err *err)
{
    const image_folder *o = self;
    (void)err;
    return images_read(&o->images, split, i, x, label);
}

static void image_folder_close(void *self)
{
    image_folder *o = self;
    images_clear(&o->images);
    o->high = 0;
}

GEDI_DEFINE(dataset, image_folder) = {
    GEDI_HEAD(dataset, image_folder),
    .brief = "PNG images of one size, in folders that are the classes",
    .cite = "",
    .self_size = sizeof(image_folder),
    .options = image_folder_options,
    .open = image_folder_open,
    .read = image_folder_read,
    .close = image_folder_close,
};
