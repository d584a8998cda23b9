/* identity_lines.h - the lines that an identity is made of, "path: value", as they are written.
 *
 * core/store/identity.c decides what is written, core/store/identity_changes.c tells lines apart.
 */
#ifndef GEDI_STORE_IDENTITY_LINES_H
#define GEDI_STORE_IDENTITY_LINES_H

#include "core/descriptor/experiment.h"
#include "core/descriptor/keys.h"

/* How lines begin that are no option's: "revision of objective gedi: 2". */
#define GEDI__OF_REVISION "revision of "
#define GEDI__OF_FILE "file of "
#define GEDI__OF_CONTENT "content of "

typedef struct gedi__lines {
    const gedi__registry *registry;
    const char *directory; /* where relative paths start */
    bool settings;         /* all of them, but not where data lie */
    gedi__text text;       /* lines as they come */
    gedi_status failed;    /* the first failure; then `err` says which */
    gedi_err *err;
} gedi__lines;

void gedi__lines_value(gedi__lines *w, const char *path, const gedi__text *value);
void gedi__lines_names(gedi__lines *w, const char *path, const char *const *name, int n);
/* An option that is its default says nothing. What is in a file that it names has a line of its own. */
void gedi__lines_option(gedi__lines *w, const char *path, const gedi_option *o,
                        const void *self);
/* Those of a table on which training depends. */
void gedi__lines_options(gedi__lines *w, const char *path, const gedi__key *k,
                         const gedi_option *table, const void *self);
/* Name, options and build of a plugin; nothing where there is none. */
void gedi__lines_component(gedi__lines *w, const char *path, const char *kind,
                           const gedi__component *c);

/* Sorted, so that a plugin may sort its options otherwise; equal lines, such as the files of two
 * views, once. Clears `w`.
 *   Errors: the first failure; GEDI_NOMEM.  */
gedi_status gedi__lines_end(gedi__lines *w, gedi__text *out);

#endif
