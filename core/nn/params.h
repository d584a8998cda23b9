/* params.h - all parameters of a network in flat vectors, by name. */
#ifndef GEDI_NN_PARAMS_H
#define GEDI_NN_PARAMS_H

#include "core/base/arena.h"
#include "gedi/nn.h"

typedef struct gedi__param {
    const char *name; /* "model.layer0.weight" */
    gedi_shape shape;
    gedi_init init;
    bool trained;
    int64_t offset, size; /* in w (trained) or in state (not trained) */
} gedi__param;

typedef struct gedi__params {
    gedi__arena arena;
    int n, room;
    gedi__param **param;
    int64_t trained, kept; /* P, and numbers of state */
    float *w, *g;          /* [P]: weights and their gradient */
    float *state;          /* [kept] */
    bool frozen;           /* vectors are allocated; no new names */
} gedi__params;

/* The entry, made at the first call while not frozen. NULL with err: GEDI_SHAPE (name has
 * another shape or purpose), GEDI_STATE (frozen), GEDI_NOMEM. */
gedi__param *gedi__params_get(gedi__params *p, const char *name, gedi_shape s,
                              gedi_init init, bool trained, gedi_err *err);

/* Allocates the vectors and fills them: numbers depend on seed and name alone, so that
 * two objectives with the same network start from the same weights. */
gedi_status gedi__params_freeze(gedi__params *p, uint64_t seed, gedi_err *err);

/* The Euclidean norm of the gradient; NaN or infinite where a number of it is. */
double gedi__params_gradient_norm(const gedi__params *p);

float *gedi__param_data(const gedi__params *p, const gedi__param *q);
void gedi__params_clear(gedi__params *p);

#endif
