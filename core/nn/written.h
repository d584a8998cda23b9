/* written.h - what a build computes, as lines. */
#ifndef GEDI_NN_WRITTEN_H
#define GEDI_NN_WRITTEN_H

#include "core/base/text.h"
#include "core/nn/build.h"

/* Adds what y [n] are computed from, a line a node; NULL stands for one that there is not. Two builds
 * with equal lines compute the same of the same weights and inputs; other lines may do so, too.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__build_write(const gedi_build *b, gedi_node *const *y, int n,
                              gedi__text *out, gedi_err *err);

#endif
