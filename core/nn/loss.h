/* loss.h - what losses of a batch share. */
#ifndef GEDI_NN_LOSS_H
#define GEDI_NN_LOSS_H

#include "gedi/graph.h"

/* True where a batch of so many records is enough; else the graph has an error that says why
 * and what to do, so that the run is refused before it trains.
 *   what "variance", why "one record has none".  */
bool gedi__enough_records(gedi_graph *g, const char *what, int64_t records, int64_t least,
                          const char *why);

/* True where logits [B, K] are of two clusters or more, or NULL; else the graph has an error: p(y|x) of
 * one cluster is 1, whatever is learned.
 *   what "cross entropy".  */
bool gedi__enough_clusters(const gedi_node *logits, const char *what);

#endif
