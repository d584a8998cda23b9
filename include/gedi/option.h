/* option.h - the table of options of a plugin: parsed, checked and documented by the
 * core.
 *
 * A row is (struct, field, default, min, max, help); the YAML key is the field's name. A
 * field of the wrong C type does not compile.
 */
#ifndef GEDI_OPTION_H
#define GEDI_OPTION_H

#include "gedi/schedule.h"

#define GEDI_MAX_LIST 16

typedef struct gedi_ints { /* a list of integers: `hidden: [100, 100]` */
    int64_t n;
    int64_t v[GEDI_MAX_LIST];
} gedi_ints;

typedef struct gedi_reals { /* a list of reals */
    int64_t n;
    double v[GEDI_MAX_LIST];
} gedi_reals;

typedef struct gedi_component { /* a plugin with its options filled in */
    const struct gedi_plugin *plugin;
    void *self;
} gedi_component;

typedef struct gedi_components { /* a list of them: `against: [circles, {moons: {}}]` */
    int64_t n;
    gedi_component v[GEDI_MAX_LIST];
} gedi_components;

typedef enum gedi_option_type {
    GEDI_TYPE_END = 0,
    GEDI_TYPE_REAL,       /* double */
    GEDI_TYPE_INT,        /* int64_t */
    GEDI_TYPE_BOOL,       /* bool: true, false */
    GEDI_TYPE_TEXT,       /* const char *, owned by the core, never NULL */
    GEDI_TYPE_ENUM,       /* int64_t: index into `words` */
    GEDI_TYPE_INTS,       /* gedi_ints; min and max hold for each entry */
    GEDI_TYPE_REALS,      /* gedi_reals */
    GEDI_TYPE_COMPONENTS, /* gedi_components; `words` is their kind */
    GEDI_TYPE_SCHEDULE,   /* gedi_schedule; min and max hold for each value of it */
} gedi_option_type;

/* What a row begins with, so that a table without GEDI_END is noticed. */
enum { GEDI_ROW_OPTION = 0x6f707469, GEDI_ROW_END = 0x656e6421 };

typedef struct gedi_option {
    uint32_t row; /* one of the two above */
    const char *key;
    gedi_option_type type;
    size_t offset;
    double min, max;  /* inclusive */
    double real;      /* default of REAL, and of SCHEDULE: a constant */
    int64_t integer;  /* default of INT, BOOL (0, 1) and ENUM (index) */
    const char *text; /* default of TEXT; of INTS and REALS as "100, 100" */
    const char
        *words; /* ENUM: "none|free|unit"; COMPONENTS: "dataset"; TEXT: "file" where it
                          names one, whose content is part of the experiment */
    const char *help; /* what it is, with units; one line */
} gedi_option;

/* The offset of a field that must have type T, else no compilation. `at` may be nested.
 */
#ifdef __cplusplus
template <class T, class F> struct gedi_same_;
template <class T> struct gedi_same_<T, T> {
    static constexpr size_t nothing = 0;
};
#define GEDI_TYPED_(S, at, T)                                                            \
    (offsetof(S, at) + gedi_same_<T, decltype(((S *)0)->at)>::nothing)
#else
#define GEDI_TYPED_(S, at, T)                                                            \
    (offsetof(S, at) + 0 * sizeof(char[_Generic(((S *)0)->at, T : 1)]))
#endif

/* Fields by their order, which C++ before C++20 asks for. */
#define GEDI_ROW_(S, at, T, type, k, lo, hi, real, integer, text, words, h)              \
    {                                                                                    \
        GEDI_ROW_OPTION, k, type, GEDI_TYPED_(S, at, T), lo, hi, real, integer, text,    \
            words, h                                                                     \
    }

/* The _AT forms name the key apart from the field, for options that several plugins
 * share. */
#define GEDI_REAL_AT(S, at, k, d, lo, hi, h)                                             \
    GEDI_ROW_(S, at, double, GEDI_TYPE_REAL, k, lo, hi, d, 0, NULL, NULL, h)
#define GEDI_INT_AT(S, at, k, d, lo, hi, h)                                              \
    GEDI_ROW_(S, at, int64_t, GEDI_TYPE_INT, k, lo, hi, 0, d, NULL, NULL, h)
#define GEDI_BOOL_AT(S, at, k, d, h)                                                     \
    GEDI_ROW_(S, at, bool, GEDI_TYPE_BOOL, k, 0, 1, 0, d, NULL, NULL, h)
#define GEDI_TEXT_AT(S, at, k, d, h)                                                     \
    GEDI_ROW_(S, at, const char *, GEDI_TYPE_TEXT, k, 0, 0, 0, 0, d, NULL, h)
#define GEDI_ENUM_AT(S, at, k, d, w, h)                                                  \
    GEDI_ROW_(S, at, int64_t, GEDI_TYPE_ENUM, k, 0, 0, 0, d, NULL, w, h)
#define GEDI_INTS_AT(S, at, k, d, lo, hi, h)                                             \
    GEDI_ROW_(S, at, gedi_ints, GEDI_TYPE_INTS, k, lo, hi, 0, 0, d, NULL, h)
#define GEDI_REALS_AT(S, at, k, d, lo, hi, h)                                            \
    GEDI_ROW_(S, at, gedi_reals, GEDI_TYPE_REALS, k, lo, hi, 0, 0, d, NULL, h)

/* A real number, or a schedule of it over the iterations of a stage. */
#define GEDI_SCHEDULED_AT(S, at, k, d, lo, hi, h)                                        \
    GEDI_ROW_(S, at, gedi_schedule, GEDI_TYPE_SCHEDULE, k, lo, hi, d, 0, NULL, NULL, h)

/* A list of plugins of a kind, empty unless stated. The core makes and frees them; whoever
 * uses a dataset of it opens and closes it. */
#define GEDI_COMPONENTS_AT(S, at, k, kind, h)                                            \
    GEDI_ROW_(S, at, gedi_components, GEDI_TYPE_COMPONENTS, k, 0, 0, 0, 0, NULL, kind, h)

/* A file, "" unless stated; a relative path starts at the descriptor's folder. Another content is
 * another experiment. */
#define GEDI_FILE_AT(S, at, k, h)                                                        \
    GEDI_ROW_(S, at, const char *, GEDI_TYPE_TEXT, k, 0, 0, 0, 0, "", "file", h)

#define GEDI_REAL(S, f, d, lo, hi, h) GEDI_REAL_AT(S, f, #f, d, lo, hi, h)
#define GEDI_INT(S, f, d, lo, hi, h) GEDI_INT_AT(S, f, #f, d, lo, hi, h)
#define GEDI_BOOL(S, f, d, h) GEDI_BOOL_AT(S, f, #f, d, h)
#define GEDI_TEXT(S, f, d, h) GEDI_TEXT_AT(S, f, #f, d, h)
#define GEDI_FILE(S, f, h) GEDI_FILE_AT(S, f, #f, h)
#define GEDI_ENUM(S, f, d, w, h) GEDI_ENUM_AT(S, f, #f, d, w, h)
#define GEDI_INTS(S, f, d, lo, hi, h) GEDI_INTS_AT(S, f, #f, d, lo, hi, h)
#define GEDI_REALS(S, f, d, lo, hi, h) GEDI_REALS_AT(S, f, #f, d, lo, hi, h)
#define GEDI_SCHEDULED(S, f, d, lo, hi, h) GEDI_SCHEDULED_AT(S, f, #f, d, lo, hi, h)
/* The same with one plugin, at its defaults, where none is given. */
#define GEDI_COMPONENTS_BY(S, f, kind, name, h)                                          \
    GEDI_ROW_(S, f, gedi_components, GEDI_TYPE_COMPONENTS, #f, 0, 0, 0, 0, name, kind, h)
#define GEDI_COMPONENTS(S, f, kind, h) GEDI_COMPONENTS_AT(S, f, #f, kind, h)
#define GEDI_END                                                                         \
    {                                                                                    \
        GEDI_ROW_END, NULL, GEDI_TYPE_END, 0, 0, 0, 0, 0, NULL, NULL, NULL               \
    }

/* "adam: {lr: 0.1, beta1: 0.9, ...}", for the definition of a metric; cut to `size`. */
GEDI_EXPORT const char *gedi_component_text(const gedi_component *c, char *out,
                                            size_t size);

#endif
