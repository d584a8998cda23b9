/* chart_key.h - a key of names below a plot. */
#ifndef GEDI_REPORT_CHART_KEY_H
#define GEDI_REPORT_CHART_KEY_H

#include "core/report/chart.h"

/* Pixels of the width that an entry of so many letters takes. */
int gedi__key_entry(const gedi__style *style, int letters);
/* Letters of a name that so many pixels are enough for. */
int gedi__key_letters(const gedi__style *style, int room);

/* Height of a key of so many entries in a picture of this width; *across: entries in a line. */
int gedi__key_below(const gedi__style *style, int entries, int letters, int width,
                    int *across);
/* The key stands there, its lowest line `below` pixels above the edge. */
void gedi__key_set(gedi__chart *c, int across, int below);

#endif
