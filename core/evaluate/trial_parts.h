/* trial_parts.h - a trial from within. */
#ifndef GEDI_EVALUATE_TRIAL_PARTS_H
#define GEDI_EVALUATE_TRIAL_PARTS_H

#include "core/evaluate/generator.h"
#include "core/evaluate/scores.h"
#include "core/evaluate/space.h"
#include "core/evaluate/trial.h"
#include "core/network/inference.h"

struct gedi_trial {
    const gedi__network *net;
    gedi__batches *data;
    gedi__inference *inference;
    int64_t chunk;               /* records at a time */
    float *x;                    /* its records, [chunk, record] */
    bool began;                  /* has run: the weights stay as they are */
    int32_t *label[GEDI_SPLITS]; /* [N] */
    float *p[GEDI_SPLITS];       /* [N, K] */
    float *h[GEDI_SPLITS];       /* [N, D] */
    gedi__generator *generator;  /* made when samples are asked for */
    gedi__space *space;          /* the last one that was asked for */
    gedi__scorer *scorer;        /* made when scores are asked for */
    const float *chains;         /* [chain_count, record]: the replay buffer, or NULL */
    int64_t chain_count;
    gedi__findings found;
    void (*say)(void *context, const char *line); /* of long work; NULL: nobody listens */
    void *context;
    const volatile sig_atomic_t *stop; /* NULL: it goes to its end */
    double patience, since, due; /* seconds; when that work began, when to tell of it */
};

/* The trial whose evaluator is at work on this thread, or NULL: programs compute as it does. */
const gedi_trial *gedi__trial_asked(void);
/* `part` of the work is done so far.
 *   Errors: GEDI_INTERRUPTED where it is to stop.  */
gedi_status gedi__trial_tell(gedi_trial *t, const char *part, int64_t done, int64_t total,
                             gedi_err *err);
/* Reads a split once and keeps labels, features and assignments. */
gedi_status gedi__trial_see(gedi_trial *t, gedi_split split, gedi_err *err);

#endif
