/* progress.h - where a run stands: the numbers of one iteration. */
#ifndef GEDI_STORE_PROGRESS_H
#define GEDI_STORE_PROGRESS_H

#include "core/metric/health.h"

enum {
    GEDI__MAX_TERMS = 16,
    GEDI__MAX_WATCHES = 32 /* 16 of objective and sampler each */
};

typedef struct gedi__term_value {
    const char *name;
    double value;   /* unweighted */
    double optimum; /* NAN: not known */
    double weight;
} gedi__term_value;

/* An option that changes while a run trains. */
enum { GEDI__SCHEDULE_NAME = 160 };
typedef struct gedi__schedule_value {
    char name[GEDI__SCHEDULE_NAME]; /* "optimizer.adam.lr" */
    double value;                   /* in this iteration */
} gedi__schedule_value;
typedef struct gedi__watch_value { /* what is logged and not trained on */
    const char *name;
    double value;
} gedi__watch_value;

/* A metric of an evaluator, while a run trains. */
typedef struct gedi__validation_value {
    const char *evaluator, *name;
    double value;
} gedi__validation_value;

typedef struct gedi__progress {
    int64_t iteration, total; /* iterations done, in all stages */
    int stage, stages;        /* the present one, from 0, of how many */
    double loss, gradient_norm;
    double learning_rate; /* of the optimizer in this iteration; NAN where it has none */
    const gedi__term_value *term;
    int terms;
    const gedi__schedule_value *schedule;
    int schedules;
    const gedi__watch_value *watch;
    int watches;
    const gedi__validation_value *validation; /* where the run was evaluated, else NULL */
    int validations;
    const gedi__health *health; /* at logging steps, else NULL */
} gedi__progress;

#endif
