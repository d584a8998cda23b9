/* standing.c - where a run stands: which of its checkpoints it goes on from. */
#include "core/run/standing.h"
#include "core/base/file.h"
#include "core/store/weights.h"
#include "core/train/checkpoint.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool is_damage(gedi_status s)
{
    return s == GEDI_DATA || s == GEDI_IO;
}

/* How to start once more without a checkpoint. */
static void tell_again(const gedi__standing *w, char *out, size_t size)
{
    if (w->e->turns)
        snprintf(out, size,
                 "`gedi resume --from-divergence` goes on once more from the run that "
                 "diverged");
    else
        snprintf(out, size, "`gedi resume %s` trains from the beginning", w->directory);
}

/* A run that goes on from another has begun where that one stood. */
static gedi_status check_beginning(const gedi__standing *w, const char *again,
                                   gedi_err *err)
{
    const gedi__experiment *e = w->e;
    if (!e->turns)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_STATE,
        "%s: %s is missing, and its first %lld iterations were another run's: "
        "%s",
        w->directory, w->checkpoint, (long long)e->turn[e->turns - 1].iteration, again);
}

gedi_status gedi__standing_choose(const gedi__standing *w, const gedi__stage **stage,
                                  gedi_err *damaged, gedi_err *err)
{
    gedi_err newest = {0}, before = {0};
    char again[512];
    tell_again(w, again, sizeof again);
    bool previous = gedi__file_exists(w->previous);
    if (!previous && !gedi__file_exists(w->checkpoint))
        return check_beginning(w, again, err);
    gedi_status s =
        gedi__checkpoint_stage(w->e, w->checkpoint, w->identity, stage, NULL, &newest);
    if (s == GEDI_OK)
        return s;
    if (!is_damage(s))
        return GEDI_FAIL(err, s, "%s", newest.msg);
    if (!previous)
        return GEDI_FAIL(err, s, "%s; there is no earlier checkpoint: remove it, and %s",
                         newest.msg, again);
    s = gedi__checkpoint_stage(w->e, w->previous, w->identity, stage, NULL, &before);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "%s; and so is the one before: %s; remove both, and %s",
                         newest.msg, before.msg, again);
    if (rename(w->previous, w->checkpoint))
        return GEDI_FAIL(err, GEDI_IO, "%s: cannot be renamed: %s", w->previous,
                         strerror(errno));
    gedi__name_sync(w->checkpoint);
    *damaged = newest;
    return GEDI_OK;
}

/* Of a finished run whose checkpoints are both damaged. */
static gedi_status fail_without_weights(const gedi__standing *w, gedi_status s,
                                        const char *why, gedi_err *err)
{
    char again[512];
    tell_again(w, again, sizeof again);
    return GEDI_FAIL(
        err, s,
        "%s; so is the checkpoint before: of the run, which is finished, the "
        "results in summary.json remain; without that file and both "
        "checkpoints, %s",
        why, again);
}

gedi_status gedi__standing_last(const gedi__standing *w, const gedi__stage **stage,
                                gedi_err *err)
{
    gedi_err own = {0};
    if (!gedi__file_exists(w->checkpoint))
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: trained, but its weights are gone: %s is missing; the results in "
            "summary.json stand; without that file, `gedi resume %s` trains again",
            w->directory, w->checkpoint, w->directory);
    gedi_status s =
        gedi__checkpoint_stage(w->e, w->checkpoint, w->identity, stage, NULL, &own);
    if (!is_damage(s))
        return s == GEDI_OK ? s : GEDI_FAIL(err, s, "%s", own.msg);
    gedi__before before = gedi__weights_before(w->directory);
    if (before == GEDI__BEFORE_DAMAGED)
        return fail_without_weights(w, s, own.msg, err);
    return GEDI_FAIL(err, s,
                     "%s; the run is finished, and the results in summary.json "
                     "stand; without that file, `gedi resume %s` trains again %s",
                     own.msg, w->directory,
                     before == GEDI__BEFORE_WHOLE ? "from the checkpoint before"
                                                  : "from the beginning");
}
