/* curves.h - the logs of many runs as JSON, thinned out to what a screen can show.
 *
 *   {"series": [{"name": "inv", "kind": "term"}, ...],
 *    "grids": [[1, 50, 100], ...],
 *    "runs": [{"run": 0, "grid": 0, "values": {"0": [0.7, 0.2, null], ...}, "optima": {"0": 0.1}}, ...]}
 *
 * kind: "loss", "term", "metric", "sentinel", "schedule", "watch". Runs that logged in the same
 * iterations share a grid. Optima are those of the run: with K clusters that of "prior" is ln K.
 */
#ifndef GEDI_REPORT_CURVES_H
#define GEDI_REPORT_CURVES_H

#include "core/base/text.h"
#include "core/store/metrics.h"

typedef struct gedi__curve {
    const char *kind;
    char name[GEDI__SCHEDULE_NAME];
} gedi__curve;

typedef struct gedi__curves {
    int rows; /* of a run, at most; set it first */
    int series, room;
    gedi__curve *of;
    int grids;
    char **grid; /* each as JSON */
    int runs;
    gedi__text text; /* of the runs */
} gedi__curves;

/* Adds what run number `run` has logged. A row of several lines is their mean, and null where one of
 * them is not finite: it must be seen.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__curves_add(gedi__curves *c, int run, const gedi__metrics *m,
                             gedi_err *err);
void gedi__curves_text(const gedi__curves *c, gedi__text *out);
void gedi__curves_clear(gedi__curves *c);

#endif
