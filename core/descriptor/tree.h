/* tree.h - a YAML document as a tree in which everything knows its place. */
#ifndef GEDI_DESCRIPTOR_TREE_H
#define GEDI_DESCRIPTOR_TREE_H

#include "core/base/arena.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/keys.h"

typedef enum gedi__tree_kind { GEDI__SCALAR, GEDI__LIST, GEDI__MAP } gedi__tree_kind;

typedef struct gedi__tree {
    gedi__tree_kind kind;
    gedi__place at;
    const char *text;         /* of a scalar */
    bool quoted;              /* of a scalar: not plain, so it is a text */
    const char *key;          /* where the parent is a map */
    gedi__place key_at;       /* of the key; elsewhere the same as `at` */
    struct gedi__tree *child; /* of a list or map: the first entry */
    struct gedi__tree *next;  /* the entry that follows in the parent */
    bool
        lent; /* an option that came `from` another plugin: counts where this one has it */
} gedi__tree;

/* Adds "file:line:column: message" to `m`, on one line. */
void gedi__mistake(gedi__mistakes *m, gedi__place at, const char *fmt, ...)
    GEDI_PRINTF(3, 4);

/* Is the line, of n letters, one of the mistakes whose text begins at `from`? */
bool gedi__mistakes_have(const gedi__mistakes *m, size_t from, const char *line,
                         size_t n);
/* Adds those of `more` that are not there yet behind `from`, and clears it. */
void gedi__mistakes_join(gedi__mistakes *m, size_t from, gedi__mistakes *more);

/* Puts those whose text begins at `from` into the order of their places, file by file as they come; those of
 * no file go behind.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__mistakes_sort(gedi__mistakes *m, size_t from);

/* Takes the entry of a key out of a mapping; NULL where there is none. */
const gedi__tree *gedi__tree_take(gedi__tree *map, const char *key);

/* Reads one YAML document. *out is NULL when nothing in it can be used: then `m` says
 * why. Mistakes that leave the rest usable are in `m`, too: duplicate keys, tags,
 * anchors. With `placed` false, all places are (source, 0, 0), and an empty text is a
 * null. Errors: GEDI_NOMEM.  */
gedi_status gedi__tree_parse(const char *data, size_t size, const char *source,
                             bool placed, gedi__arena *arena, gedi__mistakes *m,
                             gedi__tree **out);

/* The entry of a map, or NULL; of a list, likewise. */
gedi__tree *gedi__tree_get(const gedi__tree *map, const char *key);
/* The first entry of a map whose key has that form, or NULL. */
gedi__tree *gedi__tree_of_form(const gedi__tree *map, gedi__form form);
gedi__tree *gedi__tree_at(const gedi__tree *list, int i);
int gedi__tree_count(const gedi__tree *t);
/* A plain null, ~ or nothing. */
bool gedi__tree_is_null(const gedi__tree *t);
/* All of `t`, without what follows it in its parent; texts are shared. NULL when out of
 * memory. */
gedi__tree *gedi__tree_copy(const gedi__tree *t, gedi__arena *arena);
/* The same of a mapping, without "only|names". */
gedi__tree *gedi__tree_without(const gedi__tree *map, const char *keys,
                               gedi__arena *arena);
/* Adds an entry at the end. */
void gedi__tree_append(gedi__tree *parent, gedi__tree *entry);
/* "a value", "an empty text", "a list", "a mapping", "nothing": for messages. */
const char *gedi__tree_what(const gedi__tree *t);

#endif
