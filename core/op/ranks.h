/* ranks.h - a batch split over the ranks of a run, and put together again.
 *
 * Numbers of a graph are either the same on every rank, and then so is the derivative to them; or each
 * rank has those of its own records, and a part of the derivative to what it shares with others. These four
 * lead from one to the other, and each pair is the other's derivative.
 */
#ifndef GEDI_OP_RANKS_H
#define GEDI_OP_RANKS_H

#include "gedi/graph.h"

/* Of x [N, ...], the same on all ranks, the rows of this one: N / ranks of them. Derivative: all_rows.
 *   Errors: GEDI_SHAPE where the ranks do not divide N.  */
gedi_node *gedi__rank_rows(gedi_node *x);
/* The rows of all ranks, one after the other. Derivative: rank_rows. */
gedi_node *gedi__all_rows(gedi_node *x);
/* The sum over all ranks. Derivative: rank_copy. */
gedi_node *gedi__rank_sum(gedi_node *x);
/* x, which is the same on all ranks, where each uses it for its own records. Derivative: rank_sum. */
gedi_node *gedi__rank_copy(gedi_node *x);

#endif
