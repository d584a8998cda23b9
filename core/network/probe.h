/* probe.h - what a network uses of a batch, found by building it once: see network.c. */
#ifndef GEDI_NETWORK_PROBE_H
#define GEDI_NETWORK_PROBE_H

#include "core/network/network.h"

/* All that training and evaluation build, into `b`. */
void gedi__network_build_all(const gedi__network *net, gedi_build *b);

/* Does so, and fills what `net` says it uses.
 *   Errors: those of the graph; GEDI_DESCRIPTOR where the objectives use what there is not.  */
gedi_status gedi__network_probe(gedi__network *net, gedi_build *b, gedi_err *err);

/* Can the energy be asked of more records than a batch has? Fills net->mixes. Once parameters have values.
 *   Errors: GEDI_SHAPE.  */
gedi_status gedi__network_check_evaluation(gedi__network *net, gedi_err *err);

#endif
