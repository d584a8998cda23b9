/* summary.h - what a run's summary is made of, from what ran. */
#ifndef GEDI_RUN_SUMMARY_H
#define GEDI_RUN_SUMMARY_H

#include "core/evaluate/trial.h"
#include "core/store/summary.h"
#include "core/train/trainer.h"

typedef struct gedi__times {
    double training;    /* seconds, of this process (a resumed run: since the resume) */
    int64_t iterations; /* done in that time */
    double evaluation;  /* seconds */
} gedi__times;

/* Replaces `path`; terms and failure modes are those of the log. All but the list of
 * stages is of the last one, which `t` has trained. */
gedi_status gedi__summarize(const char *path, const gedi__trainer *t,
                            const gedi_trial *trial, const gedi__metrics *log,
                            const gedi__times *times, const gedi__outcome *made,
                            gedi_err *err);

/* Puts what a trial has found later in place of what these evaluators had reported; all else,
 * training's facts and the numbers of other evaluators among it, stays. */
gedi_status gedi__summarize_later(const char *path, const gedi__network *net,
                                  const gedi_trial *trial, const gedi__outcome *made,
                                  gedi_err *err);

/* The summary of a run evaluated once more: without what only training knows. */
gedi_status gedi__summarize_revisit(const char *path, const gedi__network *net,
                                    int64_t iteration, const char *data,
                                    const gedi_trial *trial, const gedi__revisit *how,
                                    double seconds, gedi_err *err);

#endif
