/* keys.h - the one table of what a descriptor can have.
 *
 * Reader, merge, emit, identity, labels, reference and JSON Schema are loops over it. A new
 * key is a row in keys.c; a new form is also a reader, an emitter and a line of the schema.
 */
#ifndef GEDI_DESCRIPTOR_KEYS_H
#define GEDI_DESCRIPTOR_KEYS_H

#include "gedi/option.h"

/* How a key's value is written, and so who reads and writes it. */
typedef enum gedi__form {
    GEDI__BASE,       /* a file; merged before anything else is read */
    GEDI__NAME,       /* a text that can name a folder */
    GEDI__FOLDER,     /* a path */
    GEDI__PLUGINS,    /* a list of paths; read before all that names plugins */
    GEDI__VALUE,      /* one option of its own */
    GEDI__COMPONENT,  /* {PLUGIN: {OPTION: VALUE}}, or null if not required */
    GEDI__OPTIMIZER,  /* the same, or `keep`, or `reset` */
    GEDI__GROUPS,     /* a list of {match: PARAMETERS, OPTION: VALUE} */
    GEDI__OBJECTIVES, /* a component, or a list of components with a weight */
    GEDI__COMPONENTS, /* a list of components */
    GEDI__PIPELINES,  /* a list of lists of components */
    GEDI__PARAMETERS, /* a list of names of parameters, or what they begin with */
    GEDI__OPTIONS,    /* {OPTION: VALUE} */
    GEDI__INIT,    /* {OPTION: VALUE, only: PARAMETERS, names: {NAME: NAME}}, or null */
    GEDI__STAGES,  /* a list of {KEY: VALUE} */
    GEDI__FIGURES, /* a list of words */
    GEDI__COUNTED, /* a list of iterations, written by gedi */
    GEDI__HISTORY, /* a list of {OPTION: VALUE}, written by gedi */
    GEDI__AXES,    /* {PATH: VALUES} of a sweep */
    GEDI__SHOW,    /* {OPTION: VALUE} of what a sweep shows, or a list of them */
    GEDI__FORMS
} gedi__form;

/* What depends on a value. */
typedef enum gedi__identity_part {
    GEDI__LOCAL,    /* no result: where a run is, what it is called, how many threads */
    GEDI__TRAINING, /* the weights */
    GEDI__ARTEFACT, /* only what is made of the weights, or kept on the way to them */
} gedi__identity_part;

typedef struct gedi__key {
    const char *key;
    gedi__form form;
    int kind;      /* gedi_kind of components; gedi__show_kind of what a sweep shows */
    bool required; /* with or without a base, it must be there in the end */
    bool staged;   /* each stage may have its own */
    bool later;    /* only a stage that follows another has it */
    bool varied;   /* a sweep may vary it */
    bool turned;   /* may change where a run goes on after a divergence: its options */
    bool weights;  /* names of parameters may begin with it */
    bool asked;    /* what a run is refused for may depend on it */
    bool trains;   /* training alone reads it, but for the options in `read` */
    gedi__identity_part identity;
    size_t offset; /* in gedi__experiment, or in gedi__stage if staged */
    size_t count;  /* of a list: where its length is */
    const gedi_option
        *options;     /* of OPTIONS, HISTORY and SHOW; of VALUE, the row of its name */
    const char *need; /* options that must be given: "rows|value", or NULL */
    const char *one;  /* of OPTIONS: one of these must be given, and only one, or NULL */
    const char *
        read; /* of one that training reads: options that evaluation reads, too, or NULL */
    const char *kept;  /* options that are GEDI__ARTEFACT all the same, or NULL */
    const char *maps;  /* options that may be a mapping instead, or NULL */
    const char *words; /* of FIGURES */
    const char *help;  /* one line of the reference */
    const char *sample, *rules; /* more of it, or NULL: lines to paste, text */
} gedi__key;

/* In the order in which they are usually written; the last has no key. */
extern const gedi__key gedi__keys[];
enum { GEDI__MAX_KEYS = 64 };

/* The row of a key, or of the one that a path begins with ("train.batch"); NULL if there is
 * none. */
const gedi__key *gedi__key_find(const char *key);
const gedi__key *gedi__key_of_path(const char *path);
/* The first row of that form, and of that kind. */
const gedi__key *gedi__key_of_form(gedi__form form);
const gedi__key *gedi__key_of_kind(gedi__form form, int kind);
/* Is it a key of that form? */
bool gedi__key_is(const char *key, gedi__form form);
/* Does {plugin: options} belong to this key: "objective", "projector"? */
bool gedi__key_is_component(const char *key);
/* How many steps below the top of a descriptor its components lie; 0: it has none. */
int gedi__key_component_depth(const gedi__key *k);
/* The identity of one option of the key. */
gedi__identity_part gedi__key_identity(const gedi__key *k, const char *option);

/* Is it one of "rows|columns"? NULL has none. */
bool gedi__words_have(const char *words, const char *word);
/* The next word of "rows|columns", its length in *n; NULL behind the last. `at` is where to
 * begin. */
const char *gedi__words_next(const char *at, int *n);

#endif
