/* fill.h - a tree's values into a struct, by its table of options; words not known. */
#ifndef GEDI_DESCRIPTOR_FILL_H
#define GEDI_DESCRIPTOR_FILL_H

#include "core/descriptor/tree.h"

typedef struct gedi__filler {
    gedi__arena *arena; /* owns the texts that are filled in */
    gedi__mistakes *m;
    /* Reads an entry of a list of components; NULL where no table has one. */
    gedi_status (*component)(void *context, gedi_kind kind, const gedi__tree *t,
                             gedi_component *out);
    void *context;
} gedi__filler;

/* Fills `self`, which holds the defaults, from {option: value}. `owner` is for messages:
 * "unknown option 'inw' of gedi".
 *   Errors: GEDI_NOMEM; mistakes are in f->m.  */
gedi_status gedi__options_fill(const gedi__filler *f, const char *owner,
                               const gedi_option *table, void *self,
                               const gedi__tree *map);

/* One option. */
gedi_status gedi__option_fill(const gedi__filler *f, const gedi_option *o, void *self,
                              const gedi__tree *t);

/* The same for an option that is scheduled and a mapping, {cosine: {from: 0.03, to: 0}}. */
gedi_status gedi__schedule_fill(const gedi__filler *f, const gedi_option *o, void *self,
                                const gedi__tree *t);
/* Is it a mapping of that form? */
bool gedi__is_schedule(const gedi__tree *t);

/* "unknown option 'inw' of gedi: did you mean 'inv'? (legal: gen, inv, prior)"; `owner`
 * may be NULL. */
void gedi__mistake_unknown(gedi__mistakes *m, gedi__place at, const char *what,
                           const char *word, const char *owner, const char *const *legal,
                           int n);
/* The same where the legal ones are words: "clusters|density".
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__mistake_word(gedi__mistakes *m, gedi__place at, const char *what,
                               const char *word, const char *legal);

#endif
