/* json.h - JSON files with the version of their schema and a checksum. */
#ifndef GEDI_STORE_JSON_H
#define GEDI_STORE_JSON_H

#include "core/store/folder.h"

#include <stdbool.h>
#include <stddef.h>

struct json_t;
struct json_error_t;

/* Has jansson lacked memory, in this thread, since this was last asked? What was being built since is
 * then not whole, though it may look so: who builds an object asks once, at the end. */
bool gedi__json_lacked_memory(void);
/* What json_dumps gives, to be freed; NULL also where memory was lacking while `o` was built. */
char *gedi__json_text(const struct json_t *o, size_t flags);
/* jansson's memory then comes from there: for a test, from an allocator that fails. */
void gedi__json_use_malloc(void *(*other)(size_t n));

/* What json_loadb of jansson gives. Of its failed allocations some look like a mistake in the text:
 * here NULL with *lacks_memory, and GEDI_NOMEM is what has to be said, wherever it happens. */
struct json_t *gedi__json_parse(const char *text, size_t n, size_t flags,
                                struct json_error_t *why, bool *lacks_memory);

/* Replaces `path` atomically by {"schema": n, "gedi": version, <members of o>, "checksum": c}. Frees
 * `o`; NULL, or memory that was lacking while it was built, is "out of memory". */
gedi_status gedi__json_write(const char *path, gedi__store_file f, struct json_t *o,
                             gedi_err *err);

/* The object in a file of that kind, without schema and checksum. One that was edited by hand may have
 * lost that.
 *   Errors: GEDI_IO; GEDI_DATA where it is no JSON object, does not fit its checksum or has more than
 *   64 MiB;
 *   GEDI_STATE where it has another schema; GEDI_NOMEM.  */
gedi_status gedi__json_read(const char *path, gedi__store_file f, struct json_t **out,
                            gedi_err *err);

#endif
