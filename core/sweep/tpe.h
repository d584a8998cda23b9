/* tpe.h - where to draw next: the tree-structured Parzen estimator.
 *
 * Source:  Bergstra et al. 2011, "Algorithms for Hyper-Parameter Optimization", section 4. Differs: each path is
 * estimated by itself, as in the authors' own hyperopt; no path depends on the choice of another. Draws whose value is not known
 * yet stand behind all others, as if they were bad: so those that are made from the same results keep apart.
 */
#ifndef GEDI_SWEEP_TPE_H
#define GEDI_SWEEP_TPE_H

#include "core/descriptor/search.h"
#include "gedi/rng.h"

/* A new place into out[spaces]. `order` has the numbers of the n draws of `u`, the best first. Of candidates from
 * l(x), the density of the better ones, it is the one with the largest l(x) / g(x), g that of the others.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__tpe_propose(const gedi__search *s, const double *u, const int *order,
                              int n, gedi_rng *r, double *out, gedi_err *err);

#endif
