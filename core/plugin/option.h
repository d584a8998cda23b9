/* option.h - filling a plugin's struct from its table of options. */
#ifndef GEDI_PLUGIN_OPTION_H
#define GEDI_PLUGIN_OPTION_H

#include "core/base/arena.h"
#include "core/base/text.h"
#include "gedi/option.h"

/* Number of rows; 0 for NULL. */
int gedi__option_count(const gedi_option *table);
const gedi_option *gedi__option_find(const gedi_option *table, const char *key);

/* All defaults into `self`. Texts are borrowed from the table. GEDI_OPTION if a default
 * is not legal itself (a mistake of the plugin's author, named as such). */
gedi_status gedi__option_defaults(const gedi_option *table, void *self, gedi_err *err);

/* One scalar (`item` < 0), or entry `item` of a list whose length becomes item + 1. A
 * NULL value makes a list empty.
 * `quoted`: the YAML scalar was quoted, so it is a text and nothing else. Messages name
 * key, value, limit: "temperature: '-1' is not in [1e-06, 1000000]", "noise: '0.3x' is not
 * a real number".  */
gedi_status gedi__option_set(const gedi_option *o, void *self, int item,
                             const char *value, bool quoted, gedi__arena *arena,
                             gedi_err *err);

/* Any text in double quotes, with YAML's escapes. */
void gedi__option_emit_text(const char *text, gedi__text *out);

/* The value as YAML that reads back to the same bits: 5e-05, [100, 100], "text". */
void gedi__option_emit(const gedi_option *o, const void *self, gedi__text *out);
/* The file that the option names; NULL where it is no such option, or names none. */
const char *gedi__option_file(const gedi_option *o, const void *self);

/* "mlp: {hidden: [100], output: 2}": an entry of a list. */
void gedi__component_emit(const gedi_component *c, gedi__text *out);

/* For `describe`: "real", "[1e-06, 1000000]" or the words of an enumeration, the default.
 */
const char *gedi__option_type_name(gedi_option_type t);
void gedi__option_emit_range(const gedi_option *o, gedi__text *out);
void gedi__option_emit_default(const gedi_option *o, gedi__text *out);

#endif
