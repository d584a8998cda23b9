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

/* The clause that begins so, and `definition` without it; "" where there is none, and "" where it is the
 * only one. NULL when out of memory. */
const char *gedi__clauses_named(gedi__arena *arena, const char *definition,
                                const char *start);
const char *gedi__clauses_without(gedi__arena *arena, const char *definition,
                                  const char *start);

#endif
