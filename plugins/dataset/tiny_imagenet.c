/* tiny_imagenet.c - Tiny-ImageNet: colour images of 64 x 64 in 200 classes.
 *
 * Source:  Stanford CS231N 2015, tiny-imagenet-200
 * Inputs:  `path`: a folder with train/WNID/images/NAME.JPEG, val/images/NAME.JPEG and
 *          val/val_annotations.txt, whose lines begin with NAME, a tab and WNID
 * Output:  records [64, 64, 3], (pixel / 255 - mean) / std; labels by the order of the classes' names
 *          (WNID); training records of the classes take turns, so that a limit keeps some of each. Test
 *          records are those of val/: the labels of test/ are not published.
 * Differs: boxes are not read
 */
#include "plugins/dataset/gallery.h"

typedef struct tiny_imagenet {
    gallery gallery; /* first, see there */
    const char *path;
} tiny_imagenet;

static const gedi_option tiny_imagenet_options[] = {
    GEDI_TEXT(
        tiny_imagenet, path, "",
        "folder with train/ and val/; empty: tiny-imagenet-200 in the cache folder"),
    GALLERY_OPTIONS(tiny_imagenet, gallery),
    IMAGES_OPTIONS(tiny_imagenet, gallery.images, IMAGES_ARE("0.45"), IMAGES_ARE("0.28")),
    GEDI_END,
};

static gedi_status tiny_imagenet_train(const char *path, folder_names *classes,
                                       folder_list *list, gedi_err *err)
{
    char folder[4096 + 300];
    snprintf(folder, sizeof folder, "%s/train", path);
    GEDI_TRY(folder_names_read(folder, classes, err));
    if (classes->n == 0)
        return GEDI_FAIL(err, GEDI_DATA, "%.400s: there are no folders of classes in it",
                         folder);
    for (int i = 0; i < classes->n; i++) {
        snprintf(folder, sizeof folder, "%s/train/%.255s/images", path,
                 classes->entry[i]->d_name);
        GEDI_TRY(folder_class(folder, i, list, err));
    }
    folder_take_turns(list);
    return GEDI_OK;
}

/* "NAME\tWNID\t...", cut up. */
static gedi_status tiny_imagenet_line(const char *path, const char *file, char *line,
                                      const folder_names *classes, folder_list *list,
                                      gedi_err *err)
{
    char *rest = line, *name = strsep(&rest, "\t\r\n"), *wnid = strsep(&rest, "\t\r\n");
    char image[4096 + 300];
    int32_t label = 0;
    while (wnid && label < classes->n && strcmp(classes->entry[label]->d_name, wnid))
        label++;
    if (!wnid || !*name || strchr(name, '/') || label == classes->n)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: line %lld names no image and a class of train/", file,
                         (long long)list->n + 1);
    snprintf(image, sizeof image, "%s/val/images/%.255s", path, name);
    return folder_add(list, strdup(image), label, list->n, err);
}

static gedi_status tiny_imagenet_test(const char *path, const folder_names *classes,
                                      folder_list *list, gedi_err *err)
{
    char file[4096 + 300], *line = NULL;
    size_t room = 0;
    FILE *f;
    snprintf(file, sizeof file, "%s/val/val_annotations.txt", path);
    GEDI_TRY(file_stream(file, &f, err));
    gedi_status s = GEDI_OK;
    while (s == GEDI_OK && getline(&line, &room, f) > 0)
        s = tiny_imagenet_line(path, file, line, classes, list, err);
    if (s == GEDI_OK && !feof(f))
        s = GEDI_FAIL(err, ferror(f) ? GEDI_IO : GEDI_NOMEM, "%.400s: %s", file,
                      strerror(errno));
    free(line);
    fclose(f);
    return s;
}

static int tiny_imagenet_by_path(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* An image that the annotations leave out would be lost without a word. */
static gedi_status tiny_imagenet_all_named(const char *path, const folder_list *list,
                                           gedi_err *err)
{
    char folder[4096 + 300];
    folder_names names;
    snprintf(folder, sizeof folder, "%s/val/images", path);
    GEDI_TRY(folder_names_read(folder, &names, err));
    char **known = malloc((size_t)(list->n + 1) * sizeof *known);
    gedi_status s = known ? GEDI_OK : gedi_no_memory(err, "%.400s", folder);
    for (int64_t i = 0; known && i < list->n; i++)
        known[i] = list->file[i].path;
    if (known)
        qsort(known, (size_t)list->n, sizeof *known, tiny_imagenet_by_path);
    for (int i = 0; s == GEDI_OK && i < names.n; i++) {
        char *image = folder_join(folder, names.entry[i]->d_name);
        if (!image)
            s = gedi_no_memory(err, "%.400s", folder);
        else if (!bsearch(&image, known, (size_t)list->n, sizeof *known,
                          tiny_imagenet_by_path))
            s = GEDI_FAIL(err, GEDI_DATA,
                          "%.350s: no line of val_annotations.txt names it: add one, or "
                          "take the image away",
                          image);
        free(image);
    }
    free(known);
    folder_names_clear(&names);
    return s;
}

/* ---- the dataset ---- */

static gedi_status tiny_imagenet_open(void *self, const gedi_open *open,
                                      gedi_data_info *info, gedi_err *err)
{
    tiny_imagenet *o = self;
    char path[4000];
    folder_list list[GEDI_SPLITS] = {0};
    folder_names classes = {0};
    gedi_data_place place = {.name = "tiny_imagenet",
                             .folder = "tiny-imagenet-200",
                             .file = "val/val_annotations.txt",
                             .path = o->path,
                             .directory = open->directory};
    GEDI_TRY(gedi_data_find(&place, path, sizeof path, err));
    gedi_status s = tiny_imagenet_train(path, &classes, &list[GEDI_TRAIN], err);
    if (s == GEDI_OK)
        s = tiny_imagenet_test(path, &classes, &list[GEDI_TEST], err);
    if (s == GEDI_OK)
        s = tiny_imagenet_all_named(path, &list[GEDI_TEST], err);
    return gallery_take(&o->gallery, s, path, list, &classes, info, err);
}

GEDI_DEFINE(dataset, tiny_imagenet) = {
    GEDI_HEAD(dataset, tiny_imagenet),
    .brief = "110000 colour images of 64 x 64 in 200 classes",
    .cite = "Stanford CS231N 2015",
    .self_size = sizeof(tiny_imagenet),
    .options = tiny_imagenet_options,
    .check = gallery_check,
    .open = tiny_imagenet_open,
    .read = gallery_read,
    .close = gallery_close,
    .digest = gallery_digest,
    .note = gallery_note,
};
