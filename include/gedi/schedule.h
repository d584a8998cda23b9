/* schedule.h - numbers that change while a stage trains: learning rates, weights of terms,
 * temperatures, momenta, noise.
 *
 * A plugin declares an option with GEDI_SCHEDULED (option.h); its field is a gedi_schedule. In
 * a descriptor it is a number or a schedule:
 *   0.03
 *   {cosine: {from: 0.03, to: 0, warmup: 500}}
 *   {linear: {from: 1, to: 0, over: 1000}}
 *   {steps: {0: 0.1, 6000: 0.01}}
 *   {constant: {value: 0.03, warmup: 500}}
 * Objectives and samplers get a node, optimizers a number. A constant builds the nodes that a
 * plain number would.
 */
#ifndef GEDI_SCHEDULE_H
#define GEDI_SCHEDULE_H

#include "gedi/nn.h"

#define GEDI_MAX_STEPS 16

typedef enum gedi_schedule_form {
    GEDI_SCHEDULE_CONSTANT, /* `from` */
    GEDI_SCHEDULE_LINEAR,   /* from + (to - from) t */
    GEDI_SCHEDULE_COSINE,   /* to + (from - to) (1 + cos(pi t)) / 2 */
    GEDI_SCHEDULE_STEPS,    /* value[k] from at[k] on */
} gedi_schedule_form;

enum { GEDI_UNIT_ITERATIONS, GEDI_UNIT_EPOCHS };

/* t goes from 0, when the warm-up is over, to 1 after `over` iterations, where it stays. In the
 * i-th of `warmup` iterations, i from 1, the value is multiplied by i / warmup. */
struct gedi_schedule {
    gedi_schedule_form form;
    double from, to;
    int64_t warmup; /* 0: none */
    int64_t over;  /* counted from the beginning, with the warm-up; 0: all of the stage */
    int64_t unit;  /* of warmup, over and at */
    int64_t epoch; /* iterations in an epoch: the core fills it in once data are open */
    int64_t n;
    int64_t at[GEDI_MAX_STEPS]; /* ascending; the first is 0 */
    double value[GEDI_MAX_STEPS];
};

/* A schedule that is always x. */
#ifdef __cplusplus
#define GEDI_ALWAYS(x)                                                                   \
    (gedi_schedule{GEDI_SCHEDULE_CONSTANT, (x), 0, 0, 0, 0, 0, 0, {}, {}})
#else
#define GEDI_ALWAYS(x) ((gedi_schedule){.form = GEDI_SCHEDULE_CONSTANT, .from = (x)})
#endif

/* The value in an iteration, from 0, of `total`; at iteration `total` what it ends with. */
GEDI_EXPORT double gedi_schedule_at(const gedi_schedule *s, int64_t iteration,
                                    int64_t total);
/* Always the same number. */
GEDI_EXPORT bool gedi_schedule_is_constant(const gedi_schedule *s);
/* The largest and the smallest value that is written in it; a warm-up begins at 0. */
GEDI_EXPORT double gedi_schedule_max(const gedi_schedule *s);
GEDI_EXPORT double gedi_schedule_min(const gedi_schedule *s);

/* The value as a node, [1]. In training it is that of the current iteration; in evaluation, and
 * once a run is finished, that with which the last stage ends. `s` must outlive `b`, as an
 * option does. */
GEDI_EXPORT gedi_node *gedi_scheduled(gedi_build *b, const gedi_schedule *s);
/* x times, and x divided by, the value: as gedi_scale where it is constant. */
GEDI_EXPORT gedi_node *gedi_scale_by(gedi_build *b, gedi_node *x, const gedi_schedule *s);
GEDI_EXPORT gedi_node *gedi_divide_by(gedi_build *b, gedi_node *x,
                                      const gedi_schedule *s);

#endif
