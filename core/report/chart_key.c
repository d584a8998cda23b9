/* chart_key.c - a key of names below a plot. */
#include "core/report/chart_key.h"

enum {
    ENTRY = 110, /* pixels of an entry, beside its letters */
    LETTER = 17,
    WIDE = 28, /* as gnuplot takes one of an SVG, whose key has fewer columns */
    MOST = 60, /* letters of an entry that there is room for */
    LINE = 48,
    ASIDE = 60,
};

int gedi__key_entry(const gedi__style *style, int letters)
{
    int letter = style && style->format == GEDI__SVG ? WIDE : LETTER;
    return ENTRY + letter * (letters < MOST ? letters : MOST);
}

int gedi__key_letters(const gedi__style *style, int room)
{
    int letter = style && style->format == GEDI__SVG ? WIDE : LETTER;
    int most = (room - ENTRY) / letter;
    return most < MOST ? most : MOST;
}

int gedi__key_below(const gedi__style *style, int entries, int letters, int width,
                    int *across)
{
    *across = (width - ASIDE) / gedi__key_entry(style, letters);
    *across = *across < 1 ? 1 : *across;
    return LINE * ((entries + *across - 1) / *across);
}

void gedi__key_set(gedi__chart *c, int across, int below)
{
    gedi__text_add(&c->script,
                   "set key at screen 0.5,%.5f center bottom horizontal Left reverse "
                   "samplen 1.5 spacing up maxcols %d\n",
                   (double)below / c->height, across);
}
