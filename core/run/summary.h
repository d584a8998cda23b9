/* summary.h - summary.json: the final figures of a run, and where they come from. */
#ifndef GEDI_RUN_SUMMARY_H
#define GEDI_RUN_SUMMARY_H

#include "core/store/metrics.h"
#include "core/train/trainer.h"
#include "core/evaluate/trial.h"

typedef struct gedi__times {
    double training;    /* seconds, of this process (a resumed run: since the resume) */
    int64_t iterations; /* done in that time */
    double evaluation;  /* seconds */
} gedi__times;

/* Replaces `path` atomically; terms and failure modes are those of the log. All but the list of
 * stages is of the last one, which `t` has trained. Its presence means that the run is
 * finished, but for figures if `undrawn` says why they are missing (else NULL). */
gedi_status gedi__summary_write(const char *path, const gedi__trainer *t,
                                const gedi_trial *trial, const gedi__metrics *log,
                                const gedi__times *times, const char *undrawn,
                                gedi_err *err);

/* *undrawn: are figures missing? */
gedi_status gedi__summary_undrawn(const char *path, bool *undrawn, gedi_err *err);
/* They are there now: the rest stays as it was. */
gedi_status gedi__summary_drawn(const char *path, gedi_err *err);

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
