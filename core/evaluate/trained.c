/* trained.c - the network of a run that was trained, with its weights, from its folder. */
#include "core/evaluate/trained.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/descriptor/lengths.h"
#include "core/descriptor/tree.h"
#include "core/evaluate/unread.h"
#include "core/exec/blas.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/weights.h"
#include "core/train/checkpoint.h"
#include "core/train/stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Files of a run. */
typedef struct files {
    const char *run;
    char *descriptor, *checkpoint;
} files;

static gedi_status files_init(files *f, const char *run, gedi_err *err)
{
    f->run = run;
    f->descriptor = gedi__store_path(run, GEDI__FILE_DESCRIPTOR, err);
    f->checkpoint = gedi__store_path(run, GEDI__FILE_CHECKPOINT, err);
    if (!f->descriptor || !f->checkpoint)
        return GEDI_NOMEM;
    GEDI_TRY(gedi__store_require_run(run, err));
    if (!gedi__file_exists(f->checkpoint))
        return GEDI_FAIL(err, GEDI_STATE, "%s holds no weights: %s is missing", run,
                         gedi__store_name(GEDI__FILE_CHECKPOINT));
    return GEDI_OK;
}

static void files_clear(files *f)
{
    free(f->descriptor);
    free(f->checkpoint);
}

/* The checkpoint must belong to the descriptor beside it, as for `gedi resume`, whatever is put
 * in. */
static gedi_status check_descriptor(const gedi__trained *t, const char *const *override,
                                    int n, const gedi__tensors *w, const files *f,
                                    gedi__mistakes *m, gedi_err *err)
{
    gedi__text identity = {0};
    gedi__experiment *own = NULL;
    gedi_status s = GEDI_OK;
    if (n)
        s = gedi__experiment_read_stored(f->descriptor, override, n, &own, m, err);
    if (own)
        gedi__lengths_take(t->e, own);
    if (s == GEDI_OK)
        s = gedi__identity_text(own ? own : t->e, &identity, err);
    if (s == GEDI_OK)
        s = gedi__checkpoint_check(w, own ? own : t->e, f->checkpoint, identity.s, err);
    gedi__text_clear(&identity);
    gedi__experiment_free(own);
    return s;
}

/* The summary may be missing at the end, where an evaluator has failed. */
static void see_iterations(gedi__trained *t, const gedi__tensors *w, const files *f)
{
    const char *iteration = gedi__tensors_meta(w, "iteration");
    t->iteration = iteration ? strtoll(iteration, NULL, 10) : 0;
    int64_t all = gedi__experiment_iterations(t->e);
    if (!gedi__store_has(f->run, GEDI__FILE_SUMMARY) && t->iteration < all)
        t->unfinished = all;
}

gedi_status gedi__trained_require_end(const gedi__trained *t, const char *run,
                                      gedi_err *err)
{
    if (!t->unfinished)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_STATE,
        "%s: the run is at iteration %lld of %lld: finish it with `gedi resume %s`", run,
        (long long)t->iteration, (long long)t->unfinished, run);
}

static gedi_status take_weights(gedi__trained *t, const gedi__tensors *w, gedi_err *err)
{
    const gedi__params *p = &t->net.params;
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        const void *data;
        const gedi__tensor *kept = q->table ? gedi__tensors_find(w, q->name) : NULL;
        if (kept && !gedi_shape_equal(kept->shape, q->shape))
            continue; /* of other training records than are evaluated */
        GEDI_TRY(gedi__tensors_get(w, q->name, GEDI__F32, q->shape, &data, err));
        memcpy(gedi__param_data(p, q), data, (size_t)q->size * sizeof(float));
    }
    return GEDI_OK;
}

/* The replay buffer, where there is one. */
static gedi_status take_chains(gedi__trained *t, const gedi__tensors *w, gedi_err *err)
{
    const gedi__tensor *kept = gedi__tensors_find(w, GEDI__BUFFER);
    const void *data;
    if (!kept)
        return GEDI_OK;
    int64_t n = kept->shape.dim[0];
    gedi_shape s = gedi__batch_shape(t->net.info.record, n);
    GEDI_TRY(gedi__tensors_get(w, GEDI__BUFFER, GEDI__F32, s, &data, err));
    size_t size = (size_t)gedi_shape_size(s);
    t->chains = gedi__alloc(size, sizeof *t->chains, err, "a replay buffer");
    if (!t->chains)
        return GEDI_NOMEM;
    memcpy(t->chains, data, size * sizeof *t->chains);
    t->chain_count = n;
    return GEDI_OK;
}

/* Where validation has chosen weights, those are what the run has been evaluated by. */
static gedi_status choose(files *f, const gedi__experiment *e, gedi_err *err)
{
    if (!*e->validation.metric)
        return GEDI_OK;
    free(f->checkpoint);
    f->checkpoint = gedi__store_path(f->run, gedi__weights_file(f->run), err);
    return f->checkpoint ? GEDI_OK : GEDI_NOMEM;
}

/* Another file than those that validation has chosen would be taken without a word. */
static gedi_status check_chosen(const files *f, const gedi__tensors *w, gedi_err *err)
{
    if (!gedi__checkpoint_lacks_chosen(w, f->run))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s holds no weights: %s, which validation has chosen, is missing",
                     f->run, gedi__store_name(GEDI__FILE_BEST));
}

/* What is left where the weights are damaged: the checkpoint before is of another iteration, so only
 * training leads on from it. */
static void tell_way(const char *run, char *out, size_t size)
{
    bool finished = gedi__store_has(run, GEDI__FILE_SUMMARY);
    const char *summary = gedi__store_name(GEDI__FILE_SUMMARY);
    gedi__before before = gedi__weights_before(run);
    *out = 0;
    if (before == GEDI__BEFORE_WHOLE && finished)
        snprintf(out, size,
                 "; without %s, `gedi resume %s` trains its end again from the "
                 "checkpoint before",
                 summary, run);
    else if (before == GEDI__BEFORE_WHOLE)
        snprintf(out, size, "; `gedi resume %s` goes on from the checkpoint before", run);
    else if (before == GEDI__BEFORE_DAMAGED && finished)
        snprintf(out, size,
                 "; so is the checkpoint before: the results in %s remain; without that "
                 "file and both checkpoints, `gedi resume %s` makes the weights again",
                 summary, run);
    else if (before == GEDI__BEFORE_DAMAGED)
        snprintf(
            out, size,
            "; so is the checkpoint before: without both, `gedi resume %s` makes the "
            "weights again",
            run);
}

static gedi_status read_weights(const files *f, gedi__tensors **out, gedi_err *err)
{
    gedi_err own = {0};
    char way[400] = "";
    gedi_status s =
        gedi__tensors_read_sealed(f->checkpoint, GEDI__FILE_CHECKPOINT, out, &own);
    if (s == GEDI_DATA)
        tell_way(f->run, way, sizeof way);
    return s == GEDI_OK ? s : GEDI_FAIL(err, s, "%s%s", own.msg, way);
}

/* The network can be evaluated on data that have changed: whoever does has to know. Where options of the
 * dataset are put in, others are meant. */
static void compare_data(gedi__trained *t, const gedi__tensors *w,
                         const char *const *override, int n)
{
    static const char dataset[] = "dataset";
    const char *then = gedi__tensors_meta(w, GEDI__DATA);
    for (int i = 0; i < n; i++)
        if (!strncmp(override[i], dataset, sizeof dataset - 1))
            return;
    if (then && !gedi__digest_same(then, t->data.digest))
        gedi__digest_changes(then, t->data.digest, t->changed);
}

static gedi_status open_files(gedi__trained *t, files *f, const char *const *override,
                              int n, gedi__mistakes *m, gedi_err *err)
{
    gedi__tensors *w;
    GEDI_TRY(gedi__stored_read(f->descriptor, override, n, &t->e, m, err));
    GEDI_TRY(gedi__unread_keys(t->e, override, n, m));
    const gedi__stage *last = &t->e->stage[t->e->stages - 1];
    gedi__threads_set((int)t->e->threads);
    GEDI_TRY(choose(f, t->e, err));
    GEDI_TRY(read_weights(f, &w, err));
    gedi_status s = check_descriptor(t, override, n, w, f, m, err);
    if (s == GEDI_OK)
        s = check_chosen(f, w, err);
    if (s == GEDI_OK)
        see_iterations(t, w, f);
    if (s == GEDI_OK)
        s = gedi__batches_open(&t->data, t->e, last, err);
    if (s == GEDI_OK)
        compare_data(t, w, override, n);
    if (s == GEDI_OK)
        s = gedi__network_init(&t->net, t->e, last, &t->data.info, err);
    if (s == GEDI_OK && gedi__tensors_meta(w, GEDI__LABELLED))
        t->net.labelled = true;
    gedi_err own = {0};
    if (s == GEDI_OK && (s = take_weights(t, w, &own)) != GEDI_OK)
        s = n > 0 ? GEDI_FAIL(err, GEDI_DESCRIPTOR,
                              "%s: with these values the network is not the one that was "
                              "trained",
                              own.msg)
                  : GEDI_FAIL(err, s, "%s", own.msg);
    if (s == GEDI_OK)
        s = take_chains(t, w, err);
    gedi__tensors_free(w);
    return s;
}

gedi_status gedi__trained_open(gedi__trained *t, const char *run,
                               const char *const *override, int n, gedi__mistakes *m,
                               gedi_err *err)
{
    files f = {0};
    memset(t, 0, sizeof *t);
    gedi_status s = files_init(&f, run, err);
    if (s == GEDI_OK)
        s = open_files(t, &f, override, n, m, err);
    files_clear(&f);
    if (s != GEDI_OK)
        gedi__trained_close(t);
    return s;
}

void gedi__trained_close(gedi__trained *t)
{
    gedi__network_clear(&t->net);
    gedi__batches_close(&t->data);
    gedi__experiment_free(t->e);
    free(t->chains);
    memset(t, 0, sizeof *t);
}
