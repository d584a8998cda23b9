/* generator.h - samples of a trained energy, from chains that begin afresh. */
#ifndef GEDI_EVALUATE_GENERATOR_H
#define GEDI_EVALUATE_GENERATOR_H

#include "core/evaluate/tell.h"
#include "core/train/batches.h"
#include "core/network/network.h"

typedef struct gedi__generator gedi__generator;

/* Why a network has no energy, for after "objective NAME has no energy": "", or that its
 * .energy gives none. */
const char *gedi__why_no_energy(const gedi__network *net);

/* For the network's present weights; both are borrowed.
 *   Errors: GEDI_STATE where the objective has no energy or the experiment no sampler.  */
gedi_status gedi__generator_new(const gedi__network *net, gedi__batches *data,
                                gedi__generator **out, gedi_err *err);
void gedi__generator_free(gedi__generator *g); /* legal for NULL */

/* n samples x [n, record] after so many transitions. Sample i depends on the seed, the
 * weights and i alone: more samples do not change the first ones, and more steps go on with
 * the same chains.
 *   Errors: GEDI_NUMERIC where a chain is not finite; those of `tell`, which is called after each
 *   transition.  */
gedi_status gedi__generator_draw(gedi__generator *g, int64_t n, int64_t steps, float *x,
                                 gedi__tell *tell, void *context, gedi_err *err);

#endif
