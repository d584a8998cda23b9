/* histograms.h - the tables of histograms, which their figure writes and a panel reads back. */
#ifndef GEDI_REPORT_HISTOGRAMS_H
#define GEDI_REPORT_HISTOGRAMS_H

#include "core/report/figure.h"

#define GEDI__VALUE_OF "value of " /* a quantity, as its table's first line begins */

/* "1" to "4": the parts of a figure's name that its tables have. */
extern const char *const gedi__histogram_part[GEDI__CHART_TABLES];

/* The first line: what the values are of, and the names of the n series. */
void gedi__histogram_head(gedi__text *t, const char *part,
                          const gedi__sample_series *series, int n);

#endif
