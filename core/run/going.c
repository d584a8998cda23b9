/* going.c - going on from a run that has diverged, with other values. */
#include "core/run/going.h"
#include "core/base/file.h"
#include "core/descriptor/lengths.h"
#include "core/descriptor/tree.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/weights.h"
#include "core/train/checkpoint.h"
#include "core/train/stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct going {
    const gedi__going *g;
    char *descriptor, *checkpoint, *metrics; /* of the run that diverged */
    gedi__experiment *was, *e;
    gedi__text identity; /* of what it was */
    gedi__text why;      /* it had diverged */
    int stage;           /* in which it goes on */
    int64_t iteration;   /* of the checkpoint */
} going;

static gedi_status going_init(going *o, const gedi__going *g, gedi_err *err)
{
    *o = (going){.g = g};
    o->descriptor = gedi__store_path(g->run, GEDI__FILE_DESCRIPTOR, err);
    o->metrics = gedi__store_path(g->run, GEDI__FILE_METRICS, err);
    o->checkpoint = gedi__store_path(
        g->run, g->previous ? GEDI__FILE_PREVIOUS : GEDI__FILE_CHECKPOINT, err);
    return o->descriptor && o->metrics && o->checkpoint ? GEDI_OK : GEDI_NOMEM;
}

static void going_clear(going *o)
{
    gedi__experiment_free(o->was);
    gedi__experiment_free(o->e);
    gedi__text_clear(&o->identity);
    gedi__text_clear(&o->why);
    free(o->descriptor);
    free(o->checkpoint);
    free(o->metrics);
}

/* ---- the run that diverged ---- */

/* Nobody may be at work on it now; later it does not matter, as it is only read. */
static gedi_status check_idle(const char *run, gedi_err *err)
{
    int lock;
    gedi_status s = gedi__run_lock(run, &lock, err);
    if (lock >= 0)
        close(lock);
    return s;
}

static gedi_status check_diverged(going *o, gedi_err *err)
{
    const char *run = o->g->run;
    int64_t at;
    GEDI_TRY(gedi__store_require_run(run, err));
    GEDI_TRY(check_idle(run, err));
    if (gedi__store_has(run, GEDI__FILE_SUMMARY))
        return GEDI_FAIL(err, GEDI_STATE, "%s did not diverge: it is finished", run);
    GEDI_TRY(gedi__divergence_read(run, &at, &o->why, NULL, err));
    if (at < 0)
        return GEDI_FAIL(err, GEDI_STATE,
                         "%s did not diverge, as far as it was trained: `gedi resume %s` "
                         "goes on with it",
                         run, run);
    if (gedi__file_exists(o->checkpoint))
        return GEDI_OK;
    if (o->g->previous)
        return GEDI_FAIL(err, GEDI_STATE,
                         "%s has no checkpoint before the last: %s is missing", run,
                         o->checkpoint);
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s diverged before a checkpoint was written (%.200s): start a new "
                     "run, with other values or a smaller train.checkpoint_every",
                     run, o->why.s ? o->why.s : "");
}

/* Where its checkpoint stands. */
static gedi_status read_old(going *o, gedi__mistakes *m, gedi_err *err)
{
    gedi_err own = {0};
    const gedi__stage *stage;
    GEDI_TRY(gedi__stored_read(o->descriptor, NULL, 0, &o->was, m, err));
    GEDI_TRY(gedi__identity_text(o->was, &o->identity, err));
    gedi_status s = gedi__checkpoint_stage(o->was, o->checkpoint, o->identity.s, &stage,
                                           &o->iteration, &own);
    if (s == GEDI_OK) {
        o->stage = (int)(stage - o->was->stage);
        return s;
    }
    static const char *const way[] = {
        [GEDI__BEFORE_NONE] = "",
        [GEDI__BEFORE_WHOLE] = "; --previous goes on from the checkpoint before",
        [GEDI__BEFORE_DAMAGED] = "; so is the checkpoint before: start a new run",
    };
    bool asks = s == GEDI_DATA && !o->g->previous;
    return GEDI_FAIL(err, s, "%s%s", own.msg,
                     way[asks ? gedi__weights_before(o->g->run) : GEDI__BEFORE_NONE]);
}

/* ---- what may change ---- */

/* A component is named by "optimizer: adam", in lists by "views.1.0: crop"; what lies deeper are
 * its options. */
static bool names_component(const gedi__key *k, const char *path)
{
    const char *rest = path + strlen(k->key);
    return gedi__key_component_depth(k) && !rest[strspn(rest, ".0123456789")];
}

/* May what that line of an identity states change in that stage? */
static bool may_change(const char *line, int stage, bool *over)
{
    char path[160];
    int of, n = 0;
    const char *end = strstr(line, ": ");
    *over = false;
    if (gedi__identity_is_place(line))
        return true;
    snprintf(path, sizeof path, "%.*s",
             end ? (int)(end - line) : (int)strcspn(line, "\n"), line);
    bool staged = sscanf(path, "stages.%d.%n", &of, &n) == 1 && n;
    *over = staged && of < stage;
    const gedi__key *k = gedi__key_of_path(path + (staged ? n : 0));
    return !*over && k && k->turned && !names_component(k, path + (staged ? n : 0));
}

/* The first line of `a` that `b` has not and that may not change; NULL where there is none.
 * *changes: there are others. */
static const char *first_refused(const going *o, const char *a, const char *b, bool *over,
                                 bool *changes)
{
    for (const char *l = a; *l; l += strcspn(l, "\n") + 1) {
        if (gedi__text_has_line(b, l, strcspn(l, "\n")))
            continue;
        *changes = true;
        if (!may_change(l, o->stage, over))
            return l;
    }
    return NULL;
}

/* "seed, views, objective" */
static void name_turned(char *out, size_t size)
{
    size_t n = 0;
    *out = 0;
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->turned && n < size)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "", k->key);
}

static gedi_status refuse(const going *o, const char *line, bool over, gedi_err *err)
{
    char keys[128];
    if (over)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "%.*s: that stage is over at iteration %lld, where the run goes "
                         "on: what is to change has been trained with already",
                         (int)strcspn(line, "\n"), line, (long long)o->iteration);
    name_turned(keys, sizeof keys);
    return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                     "%.*s: cannot change where a run goes on, only options of %s can: "
                     "start a new run with these values",
                     (int)strcspn(line, "\n"), line, keys);
}

static gedi_status check_changes(const going *o, const char *now, gedi_err *err)
{
    bool over = false, changes = false;
    const char *was = o->identity.s, *line = first_refused(o, was, now, &over, &changes);
    if (!line)
        line = first_refused(o, now, was, &over, &changes);
    if (line)
        return refuse(o, line, over, err);
    if (!changes)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "%s diverges again with the same values: say what is to change, "
                         "such as a smaller learning rate (optimizer.adam.lr=1e-4) or "
                         "another seed (seed=7)",
                         o->g->run);
    int64_t end = gedi__stage_end(&o->e->stage[o->stage]);
    if (o->e->stage[o->stage].length && end <= o->iteration)
        return GEDI_FAIL(err, GEDI_DESCRIPTOR,
                         "train.iterations: the checkpoint is at iteration %lld, so "
                         "nothing is left to train up to %lld",
                         (long long)o->iteration, (long long)end);
    return GEDI_OK;
}

/* Into the history of the new experiment. */
static gedi_status keep_turn(const going *o, gedi_err *err)
{
    gedi__text was = {0}, now = {0}, changed = {0};
    gedi_status s = gedi__identity_settings(o->was, &was, err);
    if (s == GEDI_OK)
        s = gedi__identity_settings(o->e, &now, err);
    if (s == GEDI_OK) {
        gedi__identity_changes(was.s, now.s, &changed);
        s = changed.failed
                ? gedi_no_memory(err, "what changes in %s", o->g->run)
                : gedi__experiment_turn(o->e, o->iteration, changed.s ? changed.s : "",
                                        o->why.s ? o->why.s : "", err);
    }
    gedi__text_clear(&was);
    gedi__text_clear(&now);
    gedi__text_clear(&changed);
    return s;
}

static gedi_status read_new(going *o, gedi__mistakes *m, gedi_err *err)
{
    gedi__text now = {0};
    GEDI_TRY(
        gedi__experiment_read(o->descriptor, o->g->override, o->g->n, &o->e, m, err));
    gedi__lengths_take(o->e, o->was);
    gedi_status s = gedi__identity_text(o->e, &now, err);
    if (s == GEDI_OK)
        s = check_changes(o, now.s, err);
    gedi__text_clear(&now);
    return s == GEDI_OK ? keep_turn(o, err) : s;
}

/* ---- the new run ---- */

static char *place_of(const going *o, gedi_err *err)
{
    gedi__text t = {0};
    size_t n = strlen(o->g->run);
    while (n > 1 && o->g->run[n - 1] == '/')
        n--;
    if (o->g->out)
        gedi__text_add(&t, "%s", o->g->out);
    else
        gedi__text_add(&t, "%.*s-after-%lld", (int)n, o->g->run, (long long)o->iteration);
    if (t.failed) {
        gedi__text_clear(&t);
        gedi_no_memory(err, "the folder of a run");
    }
    return t.s;
}

static gedi_status prepare(going *o, gedi__mistakes *m, gedi_err *err)
{
    GEDI_TRY(check_diverged(o, err));
    GEDI_TRY(read_old(o, m, err));
    return read_new(o, m, err);
}

gedi_status gedi__go_on(const gedi__going *g, const gedi__observer *observer, char **out,
                        gedi__mistakes *m, gedi_err *err)
{
    going o;
    gedi_status s = going_init(&o, g, err);
    *out = NULL;
    if (s == GEDI_OK)
        s = prepare(&o, m, err);
    if (s == GEDI_OK && !(*out = place_of(&o, err)))
        s = GEDI_NOMEM;
    gedi__experiment_free(o.was);
    o.was = NULL;
    const gedi__origin from = {g->run, o.checkpoint, o.metrics, o.identity.s, o.stage};
    if (s == GEDI_OK)
        s = gedi__run_from(o.e, &from, *out, observer, m, err);
    going_clear(&o);
    return s;
}
