/* snippet.h - a plugin's options as text: a descriptor's lines, and table cells. */
#ifndef GEDI_CLI_SNIPPET_H
#define GEDI_CLI_SNIPPET_H

#include "core/base/text.h"
#include "core/descriptor/keys.h"
#include "core/plugin/registry.h"

/* YAML that can be pasted into a descriptor, with every option at its default. */
void gedi__snippet_add(gedi_kind kind, const gedi_plugin *p, gedi__text *out);
/* The same for the block `train:`. */
void gedi__snippet_add_block(const gedi__key *k, gedi__text *out);

/* The five cells of one option: key, type, default, range, meaning. */
enum { GEDI__OPTION_CELLS = 5 };
typedef struct gedi__option_row {
    const char *cell[GEDI__OPTION_CELLS];
    gedi__text value, range; /* owned */
} gedi__option_row;
void gedi__option_row_fill(gedi__option_row *row, const gedi_option *o);
void gedi__option_row_clear(gedi__option_row *row);

#endif
