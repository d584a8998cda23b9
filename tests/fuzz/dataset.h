/* dataset.h - a data set for the fuzz targets, opened on a folder of files. */
#ifndef GEDI_TESTS_FUZZ_DATASET_H
#define GEDI_TESTS_FUZZ_DATASET_H

#include "core/plugin/option.h"
#include "gedi/plugin.h"
#include "tests/fuzz/fuzz.h"

#include <math.h>

/* Reads every record of what was accepted. */
static inline void dataset_read_all(const gedi_dataset *d, const void *self,
                                    const gedi_data_info *info)
{
    float *x = malloc((size_t)gedi_shape_size(info->record) * sizeof *x);
    gedi_err err = {0};
    int32_t label = 0;
    fuzz_must(x != NULL, "out of memory", NULL);
    for (int s = 0; s < GEDI_SPLITS; s++)
        for (int64_t i = 0; i < info->count[s]; i++) {
            fuzz_must(d->read(self, (gedi_split)s, i, x, &label, &err) == GEDI_OK,
                      "a record cannot be read:", err.msg);
            fuzz_must(isfinite(x[0]) && label < info->classes, "a record out of range",
                      NULL);
        }
    free(x);
}

/* The plugin with `path` and n other options, else its defaults. */
static inline void dataset_open_with(const gedi_dataset *d, const char *path,
                                     const char *const (*option)[2], size_t n)
{
    gedi__arena arena = {0};
    gedi_err err = {0};
    gedi_data_info info = {0};
    const gedi_open open = {.directory = "/"};
    void *self = calloc(1, d->self_size);
    fuzz_must(self != NULL, "out of memory", NULL);
    fuzz_must(gedi__option_defaults(d->options, self, &err) == GEDI_OK &&
                  gedi__option_set(gedi__option_find(d->options, "path"), self, -1, path,
                                   true, &arena, &err) == GEDI_OK,
              "the options are wrong", err.msg);
    for (size_t i = 0; i < n; i++) {
        const gedi_option *o = gedi__option_find(d->options, option[i][0]);
        fuzz_must(o && gedi__option_set(o, self, -1, option[i][1],
                                        o->type == GEDI_TYPE_TEXT, &arena,
                                        &err) == GEDI_OK,
                  "an option is wrong", err.msg);
    }
    gedi_status s = d->open(self, &open, &info, &err);
    fuzz_must(s == GEDI_OK || *err.msg, "refused without a word", NULL);
    if (s == GEDI_OK) {
        dataset_read_all(d, self, &info);
        d->close(self);
    }
    free(self);
    gedi__arena_clear(&arena);
}

static inline void dataset_open(const gedi_dataset *d, const char *path)
{
    dataset_open_with(d, path, NULL, 0);
}

#endif
