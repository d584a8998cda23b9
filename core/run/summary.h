/* summary.h - summary.json: the final figures of a run, and where they come from. */
#ifndef GEDI_RUN_SUMMARY_H
#define GEDI_RUN_SUMMARY_H

#include "core/store/identity.h"
#include "core/store/metrics.h"
#include "core/train/trainer.h"
#include "core/evaluate/trial.h"

typedef struct gedi__times {
    double training;    /* seconds, of this process (a resumed run: since the resume) */
    int64_t iterations; /* done in that time */
    double evaluation;  /* seconds */
} gedi__times;

typedef struct gedi__outcome {        /* what else a summary has to say of a run */
    const char *identity, *artefacts; /* core/store/identity.h */
    bool drawn;                       /* the figures among the artefacts are there */
    const char *undrawn;              /* why not, or NULL */
} gedi__outcome;

/* Replaces `path` atomically; terms and failure modes are those of the log. All but the list of
 * stages is of the last one, which `t` has trained. Its presence means that the run is trained;
 * what of its artefacts is missing can be made later. */
gedi_status gedi__summary_write(const char *path, const gedi__trainer *t,
                                const gedi_trial *trial, const gedi__metrics *log,
                                const gedi__times *times, const gedi__outcome *made,
                                gedi_err *err);

/* Puts what a trial has found later in place of what these evaluators had reported; all else,
 * training's facts and the numbers of other evaluators among it, stays. */
gedi_status gedi__summary_renew(const char *path, const gedi_trial *trial,
                                const gedi__outcome *made, gedi_err *err);

/* The file as JSON; json_decref() it.
 *   Errors: GEDI_IO, GEDI_DATA.  */
gedi_status gedi__summary_read(const char *path, struct json_t **out, gedi_err *err);

typedef struct gedi__revisit { /* a finished run, evaluated once more */
    const char *run;
    int64_t iteration;
    const char *const *override; /* what differs from its descriptor, as it was written */
    int overrides;
    double seconds;
} gedi__revisit;

/* The summary of that: without what only training knows. */
gedi_status gedi__summary_write_revisit(const char *path, const gedi__network *net,
                                        const gedi_trial *trial, const gedi__revisit *how,
                                        gedi_err *err);

#endif
