/* trainer.h - training of one stage, iteration by iteration. */
#ifndef GEDI_TRAIN_TRAINER_H
#define GEDI_TRAIN_TRAINER_H

#include "core/nn/step.h"
#include "core/train/chains.h"
#include "core/train/optimizer.h"
#include "core/train/pass.h"
#include "core/train/sentinel.h"

/* The best evaluation so far, of the last stage. */
typedef struct gedi__chosen {
    int64_t iteration; /* 0: there was none */
    double value;
    int64_t waited; /* evaluations since */
} gedi__chosen;

typedef struct gedi__trainer {
    const gedi__experiment *e;
    const gedi__stage *stage;
    gedi__batches data;
    gedi__network net;
    gedi__sentinel sentinel;
    gedi__chains chains; /* empty where no term uses samples */
    gedi_build build;
    gedi__step step;             /* outputs: loss, terms, what is watched */
    float *x;                    /* the batch: views one after the other, then samples */
    float *view[GEDI_MAX_VIEWS]; /* each view's place in x, NULL where it is not used */
    float *samples;              /* the samples' place in x, or NULL */
    float *label, *index;        /* [B P], [B]; NULL where they are not used */
    bool *
        idle; /* [GEDI__MAX_TERMS], the caller's: what taught nothing in the stage's first
                      iteration; NULL: it is not looked for */
    float *before; /* [kept]: states before an iteration; NULL where it has one batch */
    gedi__passes passes;
    gedi_terms terms;
    int watches;
    gedi__watch_value watch[GEDI__MAX_WATCHES]; /* the objective's, then the sampler's */
    gedi__optimizer optimizer;
    gedi__schedule_value *schedule; /* of the stage's options, in the last iteration */
    int schedules;
    gedi__chosen best;
    int64_t iteration; /* done, in all stages */
    int64_t
        lines; /* that the log must have then; -1: a checkpoint of before does not say */
    /* In the data since the checkpoint, though they may be used; or "". */
    char changed[GEDI__CHANGED];
    double loss,
        gradient_norm; /* mean over the iteration's batches; before it is clipped */
} gedi__trainer;

/* For one stage of `e`: opens the data, builds and compiles everything, fills weights and
 * buffer as the seed says. It stands where the stage begins. `e` is borrowed; a dataset can
 * be open once: so can one trainer of an experiment.
 *   Errors: those of data, network and plugins, with the stage named where there are several. */
gedi_status gedi__trainer_new(const gedi__experiment *e, const gedi__stage *stage,
                              gedi__trainer **out, gedi_err *err);
void gedi__trainer_free(gedi__trainer *t);

/* One iteration; allocates nothing, but for a look for idle terms. When a loss or gradient is not finite, or a term or the
 * gradient's norm is beyond train.explode, weights and states stay as they were before it.
 *   Errors: GEDI_NUMERIC (iteration, term, node and index), the dataset's.  */
gedi_status gedi__trainer_step(gedi__trainer *t, gedi_err *err);

#endif
