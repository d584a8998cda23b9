/* schema_parts.h - the parts that a JSON Schema of descriptors is put together from.
 *
 * Jansson takes NULL for what it could not allocate and hands it on: one look at the end is
 * enough, if nothing is lost on the way. So every function here takes NULL and may return it, and
 * what it is given is its own from there on.
 */
#ifndef GEDI_CLI_SCHEMA_PARTS_H
#define GEDI_CLI_SCHEMA_PARTS_H

#include "core/descriptor/keys.h"

#include <stdbool.h>

struct json_t;

#define GEDI__ENTRY "_entry" /* ends the name of a definition of entries of a list */

/* What a schema holds for: a descriptor that may take keys and plugins from elsewhere, by `base`; one
 * that may take plugins, by `plugins`; or one that has all there is. */
typedef enum gedi__strictness { GEDI__OPEN, GEDI__PLUGGED, GEDI__WHOLE } gedi__strictness;

/* ---- core/cli/schema_option.c ---- */

/* `o` with that member. */
struct json_t *gedi__schema_with(struct json_t *o, const char *key, struct json_t *value);
struct json_t *gedi__schema_either(struct json_t *a, struct json_t *b);
struct json_t *gedi__schema_type(const char *name);
/* A plain scalar is a text where a text is wanted. */
struct json_t *gedi__schema_scalar(void);
struct json_t *gedi__schema_described(struct json_t *schema, const char *help);
/* {"enum": ["a", "b"]} of "a|b". */
struct json_t *gedi__schema_words(const char *keyword, const char *all);
struct json_t *gedi__schema_list(struct json_t *items, int most);
/* Where there is such an option, it is of that type, NULL: of any, and its text fits the pattern. */
struct json_t *gedi__schema_restricted(struct json_t *options, const char *key,
                                       const char *type, const char *pattern);
/* To a definition. */
struct json_t *gedi__schema_reference(const char *name, gedi__strictness how);

struct json_t *gedi__schema_option(const gedi_option *o, gedi__strictness how);
/* Those that may be a mapping instead, {TITLE: PATH}, are in `maps`. */
struct json_t *gedi__schema_options(const gedi_option *table, const char *maps,
                                    gedi__strictness how);
/* The definitions that scheduled options of a table refer to, where `all` has them not. */
struct json_t *gedi__schema_add_schedules(struct json_t *all, const gedi_option *table);

/* ---- core/cli/schema_keys.c ---- */

/* A list of so many names of parameters at least, or of what names begin with. */
struct json_t *gedi__schema_parameters(int least);
/* The keys of the descriptor, or of a stage. */
struct json_t *gedi__schema_properties(gedi__strictness how, bool stage);

#endif
