/* findings.h - what evaluators report: metrics, and values to be drawn as histograms. */
#ifndef GEDI_EVALUATE_FINDINGS_H
#define GEDI_EVALUATE_FINDINGS_H

#include "core/base/arena.h"
#include "gedi/plugin.h"

#include <stdint.h>

typedef struct gedi__finding {
    const char *evaluator, *name;
    const char *definition; /* how it was made in this run */
    gedi_direction direction;
    double value;
} gedi__finding;

typedef struct gedi__histogram {    /* one series of one panel */
    const char *evaluator, *plugin; /* the name of the evaluator, and of its plugin */
    const char *panel, *series;
    int64_t n;
    const float *x; /* [N] */
} gedi__histogram;

enum { GEDI__MAX_FINDINGS = 256, GEDI__MAX_HISTOGRAMS = 64 };

/* Zero-initialised is empty and legal. */
typedef struct gedi__findings {
    const char *evaluator;      /* whose turn it is, by the name of its metrics */
    const char *plugin;         /* of that evaluator */
    const gedi_metric *metrics; /* of that evaluator */
    int values, histograms;
    int first; /* value of that evaluator */
    gedi__finding value[GEDI__MAX_FINDINGS];
    gedi__histogram histogram[GEDI__MAX_HISTOGRAMS];
    const char
        *chosen; /* the metric of that evaluator by which weights are chosen; or NULL */
    char omitted[256];  /* why there will be no value of it; or "" */
    gedi_status failed; /* of additions, which return no status: check at the end */
    gedi_err why;
    gedi__arena arena;
} gedi__findings;

void gedi__findings_clear(gedi__findings *f);

/* The row for a name; NULL where there is none. */
const gedi_metric *gedi__metric_find(const gedi_metric *metrics, const char *name);

/* There will be no value of what fits a name. */
void gedi__findings_omit(gedi__findings *f, const char *name, const char *why);

/* Both copy what they get. */
void gedi__findings_value(gedi__findings *f, const char *name, double value,
                          const char *how);
void gedi__findings_histogram(gedi__findings *f, const char *panel, const char *series,
                              const float *x, int64_t n);

#endif
