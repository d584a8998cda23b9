/* image_folder.c - PNG and JPEG images in folders that are the classes.
 *
 * Inputs:  `path`: train/CLASS/NAME.png and test/CLASS/NAME.png, or .jpg or .jpeg; or CLASS/NAME.png, from
 *          which a share of every class is taken for testing, the same for every seed
 * Output:  records [H, W, 3] or [H, W, 1], (pixel / 255 - mean) / std; labels by the order of the
 *          classes' names. Records of the classes take turns, so that a limit keeps some of each.
 *          Images of many sizes become squares, see fit.h.
 * Differs: see picture_png.h and picture_jpeg.h: the stored samples, whatever gamma or profile the file
 *          states; transparent pixels lie on black; 16 bits become 8; photographs are turned as their
 *          EXIF says; inks become colours
 */
#include "plugins/dataset/gallery.h"

typedef struct image_folder {
    gallery gallery; /* first, see there */
    const char *path;
    double test_share;
} image_folder;

static const gedi_option image_folder_options[] = {
    GEDI_TEXT(
        image_folder, path, "",
        "a folder with train/ and test/, which have a folder for each class, or with "
        "those folders directly"),
    GALLERY_OPTIONS(image_folder, gallery),
    GEDI_REAL(image_folder, test_share, 0.2, 0.0, 0.9,
              "share of each class kept for testing, where there is no train/"),
    IMAGES_OPTIONS(image_folder, gallery.images, "", ""),
    GEDI_END,
};

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

/* Other programs call it val/. */
static gedi_status image_folder_lacks(const char *path, const char *has,
                                      const char *lacks, gedi_err *err)
{
    char *val = folder_join(path, "val");
    bool renamed = val && !strcmp(lacks, "test") && folder_is(val);
    free(val);
    return GEDI_FAIL(err, GEDI_OPTION,
                     "path: %.300s has a folder %s/ but none that is called %s/%s", path,
                     has, lacks,
                     renamed ? ": rename val/ to test/, or link it: ln -s val test" : "");
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
            return image_folder_lacks(path, name[!k], name[k], err);
    GEDI_TRY(folder_classes(folder[GEDI_TRAIN], classes, &list[GEDI_TRAIN], err));
    return folder_classes(folder[GEDI_TEST], classes, &list[GEDI_TEST], err);
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
    for (int k = 0; k < GEDI_SPLITS; k++)
        folder_take_turns(&list[k]);
    if (s == GEDI_OK && list[GEDI_TRAIN].n == 0)
        s = GEDI_FAIL(
            err, GEDI_OPTION,
            "test_share: %g leaves nothing to train on of the %lld images of %.300s",
            o->test_share, (long long)list[GEDI_TEST].n, path);
    return gallery_take(&o->gallery, s, path, list, &classes, info, err);
}

GEDI_DEFINE(dataset, image_folder) = {
    GEDI_HEAD(dataset, image_folder),
    .brief = "PNG and JPEG images in folders that are the classes",
    .cite = "",
    .self_size = sizeof(image_folder),
    .options = image_folder_options,
    .check = gallery_check,
    .open = image_folder_open,
    .read = gallery_read,
    .close = gallery_close,
    .digest = gallery_digest,
    .note = gallery_note,
};
