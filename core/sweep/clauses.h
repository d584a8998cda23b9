/* clauses.h - the clauses of a definition, and in which of them two differ.
 *
 * A definition is clauses with "; " between them: "share of records right under the best
 * matching, all test records at once; clusters: argmax of p(y|x)".
 */
#ifndef GEDI_SWEEP_CLAUSES_H
#define GEDI_SWEEP_CLAUSES_H

#include "core/base/arena.h"

/* The clauses of `a` that `b` has not, all of them where it has each. NULL when out of
 * memory. */
const char *gedi__clauses_apart(gedi__arena *arena, const char *a, const char *b);

#endif
