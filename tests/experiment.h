/* experiment.h - small experiments from a few settings, and a folder to run them in. */
#ifndef GEDI_TESTS_EXPERIMENT_H
#define GEDI_TESTS_EXPERIMENT_H

#include "core/store/seal.h"
#include "core/base/file.h"
#include "core/descriptor/experiment.h"

#include <check.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What differs from GEDI on two moons; NULL: nothing. "" leaves a key out. */
typedef struct setting {
    const char *seed, *threads, *dataset, *views, *model, *projector, *objective,
        *sampler;
    const char *optimizer, *train, *evaluate;
    const char *more; /* further lines */
} setting;

static char experiment_folder[32];

static inline void experiment_key(gedi__text *t, const char *key, const char *value,
                                  const char *usual)
{
    if (value ? *value : *usual)
        gedi__text_add(t, "%s: %s\n", key, value ? value : usual);
}

static inline void experiment_text(const setting *s, gedi__text *t)
{
    experiment_key(t, "seed", s->seed, "1");
    experiment_key(t, "threads", s->threads, "1");
    experiment_key(t, "dataset", s->dataset, "{moons: {train: 200, test: 50}}");
    experiment_key(t, "views", s->views, "[[], [gaussian_noise: {std: 0.05}]]");
    experiment_key(t, "model", s->model, "{mlp: {hidden: [16, 16], output: 4}}");
    experiment_key(t, "projector", s->projector, "{mlp: {hidden: [4], output: 2}}");
    experiment_key(t, "objective", s->objective, "{gedi: {prototypes: free}}");
    experiment_key(t, "sampler", s->sampler,
                   "{sgld: {steps: 2, step_size: 0.01, buffer: 60, reinit: 0.1}}");
    experiment_key(t, "optimizer", s->optimizer, "{adam: {}}");
    experiment_key(t, "train", s->train,
                   "{iterations: 30, batch: 20, log_every: 3, checkpoint_every: 10}");
    experiment_key(t, "evaluate", s->evaluate, "[clustering: {}]");
    gedi__text_add(t, "%s", s->more ? s->more : "");
    ck_assert(!t->failed);
}

/* A path below the folder, in one of a few places that are used again. */
static inline const char *experiment_path(const char *name)
{
    static char path[8][128];
    static int at;
    at = (at + 1) % 8;
    int n = snprintf(path[at], sizeof path[at], "%s/%s", experiment_folder, name);
    ck_assert(n > 0 && (size_t)n < sizeof path[at]);
    return path[at];
}

static inline gedi__experiment *experiment_new(setting s)
{
    gedi__text t = {0};
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__experiment *e = NULL;
    const char *file = experiment_path("small.yaml");
    experiment_text(&s, &t);
    ck_assert_int_eq(gedi__file_write(file, t.s, t.len, &err), GEDI_OK);
    gedi_status st = gedi__experiment_read(file, NULL, 0, &e, &m, &err);
    ck_assert_msg(st == GEDI_OK, "%s\n%s", err.msg, m.text.s ? m.text.s : "");
    gedi__text_clear(&t);
    gedi__text_clear(&m.text);
    return e;
}

/* For a fixture: every test has a folder of its own. */
static inline void experiment_setup(void)
{
    strcpy(experiment_folder, "experiment-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(experiment_folder));
}

static inline int experiment_remove(const char *path, const struct stat *st, int what,
                                    struct FTW *f)
{
    (void)st, (void)what, (void)f;
    return remove(path);
}

static inline void experiment_teardown(void)
{
    ck_assert_int_eq(nftw(experiment_folder, experiment_remove, 8, FTW_DEPTH | FTW_PHYS),
                     0);
}

/* Both files have the same bytes. */
static inline bool experiment_same_file(const char *a, const char *b)
{
    char *data[2];
    size_t size[2];
    gedi_err err = {0};
    ck_assert_msg(gedi__file_read(a, &data[0], &size[0], &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(gedi__file_read(b, &data[1], &size[1], &err) == GEDI_OK, "%s", err.msg);
    bool same = size[0] == size[1] && !memcmp(data[0], data[1], size[0]);
    free(data[0]);
    free(data[1]);
    return same;
}

/* Makes the checksum of a checkpoint's header fit after it was edited. */
static inline void experiment_seal(char *data)
{
    uint64_t n;
    memcpy(&n, data, sizeof n);
    gedi__seal_close(data, sizeof n + n);
}

/* Of a dataset of 100 records of that shape, without labels. */
static inline const gedi_data_info *info_of(gedi_shape record)
{
    static gedi_data_info info;
    info = (gedi_data_info){.record = record, .count = {100, 100}};
    return &info;
}

#endif
