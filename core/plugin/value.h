/* value.h - what reading and writing options share: words, numbers, ranges. */
#ifndef GEDI_PLUGIN_VALUE_H
#define GEDI_PLUGIN_VALUE_H

#include "gedi/option.h"

enum { GEDI__MAX_WORDS = 32, GEDI__WORDS_SIZE = 512 };

typedef struct gedi__words {
    char buffer[GEDI__WORDS_SIZE];
    const char *word[GEDI__MAX_WORDS];
    int n;
} gedi__words;

/* Cuts "none|free|unit" apart; the number of words, or -1 where there are more than an
 * enumeration may have. NULL has none. */
int gedi__words_cut(const char *words, gedi__words *out);

/* The shortest decimal form that reads back to the same bits; returns `out`. */
const char *gedi__real_text(double x, char out[32]);

/* "[1e-06, 1000000]" or "none, free, unit"; returns `out`. */
const char *gedi__option_range(const gedi_option *o, char *out, size_t n);

#endif
