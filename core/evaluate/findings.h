/* findings.h - what evaluators report: figures, and values to be drawn as histograms. */
#ifndef GEDI_EVALUATE_FINDINGS_H
#define GEDI_EVALUATE_FINDINGS_H

#include "core/base/arena.h"
#include "gedi/error.h"

#include <stdint.h>

typedef struct gedi__figure {
    const char *evaluator, *name, *definition;
    double value;
} gedi__figure;

typedef struct gedi__histogram { /* one series of one panel */
    const char *evaluator, *panel, *series;
    int64_t n;
    const float *x; /* [N] */
} gedi__histogram;

enum { GEDI__MAX_FINDINGS = 256, GEDI__MAX_HISTOGRAMS = 64 };

/* Zero-initialised is empty and legal. */
typedef struct gedi__findings {
    const char *evaluator; /* whose turn it is */
    int figures, histograms;
    gedi__figure figure[GEDI__MAX_FINDINGS];
    gedi__histogram histogram[GEDI__MAX_HISTOGRAMS];
    gedi_status failed; /* of additions, which return no status: check at the end */
    gedi_err why;
    gedi__arena arena;
} gedi__findings;

void gedi__findings_clear(gedi__findings *f);

/* Both copy what they get. */
void gedi__findings_figure(gedi__findings *f, const char *name, double value,
                           const char *definition);
void gedi__findings_histogram(gedi__findings *f, const char *panel, const char *series,
                              const float *x, int64_t n);

#endif
