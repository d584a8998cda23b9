/* params.h - all parameters of a network in flat vectors, by name. */
#ifndef GEDI_NN_PARAMS_H
#define GEDI_NN_PARAMS_H

#include "core/base/arena.h"
#include "gedi/schedule.h"

typedef struct gedi__param {
    const char *name; /* "model.layer0.weight" */
    gedi_shape shape;
    gedi_init init;
    bool trained;         /* a weight; else state, such as running statistics */
    bool held;            /* stays as it is, whichever it is */
    bool apart;           /* a weight that the norm of the gradient does not count */
    bool table;           /* a row for each training record: of no use beside others */
    int64_t offset, size; /* in w (trained) or in state (not trained) */
    const struct gedi__param *of; /* it is the running average of that one, or NULL */
    const gedi_schedule *decay;   /* of the average; NULL: it is updated as that one is */
} gedi__param;

/* A state that begins as a node's value: not for authors, who call gedi_state_from. */
#define GEDI__INIT_NODE ((gedi_init_kind)-1)
#define GEDI__AVERAGE "average."

typedef struct gedi__params {
    gedi__arena arena;
    int n, room;
    gedi__param **param;
    int64_t trained, held, kept; /* P, weights that are held, numbers of state */
    int64_t apart;               /* of P, the last ones */
    float *w;                    /* [P + held]: weights, those that are held at the end */
    float *g;                    /* [P]: their gradient */
    float *state;                /* [kept] */
    bool frozen;                 /* vectors are allocated; no new names */
    bool direct;                 /* no convolution of them is by Winograd's algorithm */
} gedi__params;

/* The entry of that name, or NULL. */
const gedi__param *gedi__params_named(const gedi__params *p, const char *name);
/* The entry; NULL with err: GEDI_SHAPE (name has another shape or purpose), GEDI_STATE where there
 * is none. */
const gedi__param *gedi__params_find(const gedi__params *p, const char *name,
                                     gedi_shape s, bool trained, gedi_err *err);
/* The entry, made at the first call while not frozen. NULL with err: GEDI_SHAPE (name has
 * another shape or purpose), GEDI_STATE (frozen), GEDI_NOMEM. */
const gedi__param *gedi__params_get(gedi__params *p, const char *name, gedi_shape s,
                                    gedi_init init, bool trained, gedi_err *err);

/* The running average of an entry, a state "average.<name>", made at the first call. decay: must
 * outlive p; NULL where it is updated as that one is. NULL with err: GEDI_USAGE (there is one with
 * another decay), GEDI_NOMEM. */
const gedi__param *gedi__params_average(gedi__params *p, const gedi__param *of,
                                        const gedi_schedule *decay, gedi_err *err);
/* The average of `of` that there is, or NULL. */
const gedi__param *gedi__params_average_of(const gedi__params *p, const gedi__param *of);
/* Averages begin as what they are of: those with fresh[index], all where it is NULL. */
void gedi__params_start_averages(const gedi__params *p, const bool *fresh);
/* After a step of the optimizer, in that iteration of `total`: t <- decay t + (1 - decay) w. */
void gedi__params_step_averages(const gedi__params *p, int64_t iteration, int64_t total);
int gedi__params_index(const gedi__params *p, const gedi__param *q);

/* Is `name` the prefix, or does it begin with the prefix and a dot? */
bool gedi__name_is_under(const char *name, const char *prefix);

/* Holds what is under the prefix, before the vectors are there. Returns how many entries that
 * are. */
int gedi__params_hold(gedi__params *p, const char *prefix);

/* What is under the prefix is left out of the gradient's norm, before the vectors are there; it comes
 * behind all others, so that their numbers lie, and add up, as without it. */
void gedi__params_set_apart(gedi__params *p, const char *prefix);

/* Allocates the vectors and fills them: numbers depend on seed and name alone, so that
 * two objectives with the same network start from the same weights. */
gedi_status gedi__params_freeze(gedi__params *p, uint64_t seed, gedi_err *err);

/* The Euclidean norm of the gradient, but for what is apart; NaN or infinite where a number of it is. */
double gedi__params_gradient_norm(const gedi__params *p);
/* The gradient times `factor`. */
void gedi__params_scale_gradient(const gedi__params *p, double factor);
/* A gradient of that norm, scaled down to `most` if it is longer, as PyTorch's clip_grad_norm_
 * does; what is apart stays. */
void gedi__params_clip_gradient(const gedi__params *p, double norm, double most);

/* Is it what training changes by its gradient? */
static inline bool gedi__param_learns(const gedi__param *q)
{
    return q->trained && !q->held;
}

float *gedi__param_data(const gedi__params *p, const gedi__param *q);
void gedi__params_clear(gedi__params *p);

#endif
