/* resume.c - going on with a run that is there, or making what is left to make of it. */
#include "core/run/running.h"
#include "core/base/file.h"
#include "core/exec/blas.h"
#include "core/run/left.h"
#include "core/run/length.h"
#include "core/run/override.h"
#include "core/run/standing.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/later.h"
#include "core/store/leased.h"
#include "core/train/checkpoint.h"
#include "core/train/stored.h"

#include <jansson.h>
#include <unistd.h>

/* *left is false where nothing is. */
static gedi_status look_at_finished(gedi__running *r, bool *left, gedi_err *err)
{
    json_t *summary;
    gedi__text was = {0};
    GEDI_TRY(gedi__summary_read(r->summary, &summary, err));
    gedi__identity_kept(summary, &was);
    gedi_status s = was.failed ? gedi_no_memory(err, "%s", r->summary)
                               : gedi__identity_check(r->summary, was.s ? was.s : "",
                                                      r->identity.s, err);
    if (s == GEDI_OK) /* what `gedi evaluate` has made is there */
        s = gedi__later_add(r->directory, &summary, err);
    if (s == GEDI_OK) {
        gedi__left l;
        gedi__left_keep(r->e, r->artefacts.s, summary, r->o && r->o->figures, &l);
        r->drawn = l.drawn;
        if (l.missing)
            gedi__running_say(r, "%s: trained already, %s missing", r->directory,
                              l.missing);
        *left = r->e->evaluators + r->e->figures > 0;
    }
    gedi__text_clear(&was);
    json_decref(summary);
    return s;
}

/* Nothing depends on the file, so a damaged one does not keep a run from going on. */
static gedi_status recall_divergence(gedi__running *r, gedi_err *err)
{
    gedi_err own = {0};
    gedi_status s = gedi__divergence_read(r->directory, &r->diverged, NULL, NULL, &own);
    if (s == GEDI_NOMEM)
        return gedi_no_memory(err, "%s", r->directory);
    if (s != GEDI_OK)
        gedi__running_fault(r, "%s", own.msg);
    if (s == GEDI_OK && r->diverged >= 0)
        gedi__running_say(
            r,
            "%s: diverged behind iteration %lld, and with the same values it will again; "
            "with others it goes on by: gedi resume --from-divergence %s KEY=VALUE",
            r->directory, (long long)r->diverged, r->directory);
    return GEDI_OK;
}

/* What a run goes on with, once nothing refuses it. */
static gedi_status keep_changes(const gedi__running *r, bool longer, bool changed,
                                gedi_err *err)
{
    if (longer) /* whatever happens now, the run is one that goes on */
        unlink(r->summary);
    return changed ? gedi__file_write(r->descriptor, r->text.s, r->text.len, err)
                   : GEDI_OK;
}

/* Numbers that `gedi evaluate' has made of weights on the way are none of those at the end. */
static void say_outdated(const gedi__running *r)
{
    int64_t last = gedi__later_last(r->directory);
    if (last > 0 && last < gedi__experiment_iterations(r->e))
        gedi__running_say(r,
                          "%s: what `gedi evaluate' made at iteration %lld will not be "
                          "shown for the run at its end: evaluate it again then",
                          r->directory, (long long)last);
}

static gedi_status take_up(gedi__running *r, const char *const *override, int n,
                           gedi_err *err)
{
    const gedi__stage *stage = r->e->stage;
    bool begun = gedi__file_exists(r->checkpoint) || gedi__file_exists(r->previous);
    bool left = true, changed = n > 0, longer = false;
    r->taken_up = true;
    r->finished = gedi__file_exists(r->summary);
    GEDI_TRY(gedi__run_lock(r->directory, &r->lock, err));
    gedi__lease_write_while(r->directory);
    GEDI_TRY(gedi__length_resume(r->e, r->descriptor, begun, r->o, &changed, err));
    GEDI_TRY(gedi__running_emit(r, err));
    if (n)
        GEDI_TRY(gedi__override_check(r->e, r->descriptor, override, n, r->identity.s,
                                      &longer, err));
    r->finished = r->finished && !longer; /* what was made of it is made once more */
    const gedi__standing where = {r->e, r->directory, r->checkpoint, r->previous,
                                  r->identity.s};
    gedi_err damaged = {0};
    if (r->finished)
        GEDI_TRY(look_at_finished(r, &left, err));
    if (r->finished)
        GEDI_TRY(gedi__standing_last(&where, &stage, err));
    else
        GEDI_TRY(gedi__standing_choose(&where, &stage, &damaged, err));
    if (damaged.code)
        gedi__running_fault(r, "%s; the checkpoint before takes its place", damaged.msg);
    if (!left) {
        GEDI_TRY(keep_changes(r, longer, changed, err));
        gedi__running_say(r, "%s: finished already", r->directory);
        return GEDI_OK;
    }
    GEDI_TRY(gedi__running_agree(err));
    GEDI_TRY(gedi__running_ready(r, stage, err));
    if (begun) {
        GEDI_TRY(gedi__checkpoint_read(r->t, r->checkpoint, r->identity.s, err));
        r->saved = r->t->iteration;
        if (n && r->o && r->o->moments)
            GEDI_TRY(r->o->moments(r->o->context, r->e, r->directory, r->saved, err));
        gedi__running_say_changed(r);
    } else {
        GEDI_TRY(gedi__running_take_init(r, err));
    }
    GEDI_TRY(keep_changes(r, longer, changed, err));
    if (r->finished)
        return gedi__running_finish(r, err);
    GEDI_TRY(recall_divergence(r, err));
    gedi__running_say(r, "%s: resuming at iteration %lld of %lld", r->directory,
                      (long long)r->t->iteration,
                      (long long)gedi__experiment_iterations(r->e));
    say_outdated(r);
    GEDI_TRY(gedi__running_train(r, err));
    return gedi__running_finish(r, err);
}

gedi_status gedi__resume(const char *directory, const char *const *override, int n,
                         const gedi__observer *o, gedi__mistakes *m, gedi_err *err)
{
    gedi__running r;
    gedi_err own = {0};
    gedi_status s = gedi__running_init(&r, directory, o, &own);
    if (s == GEDI_OK)
        s = gedi__store_require_run(directory, &own);
    if (s == GEDI_OK)
        s = gedi__stored_read(r.descriptor, override, n, &r.e, m, &own);
    if (s == GEDI_OK && n > 0)
        s = gedi__length_keep(r.e, r.descriptor, override, n, m, &own);
    if (s == GEDI_OK) {
        gedi__threads_set((int)r.e->threads);
        s = take_up(&r, override, n, &own);
    }
    gedi__experiment *e = r.e;
    gedi__running_clear(&r);
    gedi__experiment_free(e);
    if (err)
        *err = own;
    return s;
}
