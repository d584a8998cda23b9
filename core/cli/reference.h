/* reference.h - the reference of all that a descriptor may state, in Markdown. */
#ifndef GEDI_CLI_REFERENCE_H
#define GEDI_CLI_REFERENCE_H

#include "core/base/text.h"
#include "core/plugin/registry.h"

/* Prints docs/descriptor.md from the tables of the plugins found; returns an exit code.
 */
int gedi__reference_print(gedi__registry *r);

/* A line on which optional functions a plugin has, where a user must know: an evaluator
 * of clusters needs an objective with p(y|x). Nothing for most kinds, else `before` and
 * the line. */
void gedi__reference_add_states(gedi_kind kind, const gedi_plugin *p, const char *before,
                                gedi__text *out);

/* A block of a descriptor that is no plugin: `train`, `stages`, `table`, ... */
typedef struct gedi__block {
    const char *key, *states;
    const char *sample;         /* lines to paste; NULL: every option at its default */
    const gedi_option *options; /* NULL where its keys are others', as in `stages` */
    const char *rules;          /* what else is to be known, or NULL */
} gedi__block;

/* The i-th of them; false behind the last. */
bool gedi__reference_block(int i, gedi__block *out);

#endif
