/* reference.h - the reference of all that a descriptor can contain, in Markdown. */
#ifndef GEDI_CLI_REFERENCE_H
#define GEDI_CLI_REFERENCE_H

#include "core/base/text.h"
#include "core/descriptor/keys.h"
#include "core/plugin/registry.h"

/* Prints docs/descriptor.md from the tables of the plugins found; returns an exit code.
 */
int gedi__reference_print(gedi__registry *r);

/* A line on which optional functions a plugin has, where a user must know: an evaluator
 * of clusters needs an objective with p(y|x). Nothing for most kinds, else `before` and
 * the line. */
void gedi__reference_add_states(gedi_kind kind, const gedi_plugin *p, const char *before,
                                gedi__text *out);

/* Is it a block of its own, with options or rules: `train`, `stages`, `table`, ...? */
bool gedi__reference_is_block(const gedi__key *k);
/* The row of a key, or what stands for `schedule`, which is none; or NULL. */
const gedi__key *gedi__reference_find(const char *word);

#endif
