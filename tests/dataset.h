/* dataset.h - what tests of datasets of files share: opening one on a folder, and its refusals. */
#ifndef GEDI_TESTS_DATASET_H
#define GEDI_TESTS_DATASET_H

#include "tests/component.h"

/* With `path` and the options of the text. */
static inline gedi_status dataset_open(const gedi_dataset *d, component *c,
                                       const char *path, const char *options,
                                       gedi_data_info *info, gedi_err *err)
{
    *c = component_new(d, options);
    component_set(c, (const gedi_plugin *)d, "path", path);
    if (d->check)
        GEDI_TRY(d->check(c->self, err));
    return d->open(c->self, &(gedi_open){.directory = "."}, info, err);
}

static inline void dataset_opens(const gedi_dataset *d, component *c, const char *path,
                                 const char *options, gedi_data_info *info)
{
    gedi_err err = {0};
    ck_assert_msg(dataset_open(d, c, path, options, info, &err) == GEDI_OK, "%s",
                  err.msg);
}

static inline void dataset_close(const gedi_dataset *d, component *c)
{
    d->close(c->self);
    component_free(c);
}

static inline void dataset_refuses(const gedi_dataset *d, const char *path,
                                   const char *options, gedi_status status,
                                   const char *says)
{
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    gedi_status s = dataset_open(d, &c, path, options, &info, &err);
    ck_assert_msg(s == status, "status %d, not %d: %s", s, status, err.msg);
    ck_assert_msg(strstr(err.msg, says) != NULL, "'%s' does not say '%s'", err.msg, says);
    component_free(&c);
}

#endif
