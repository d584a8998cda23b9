/* metrics.h - metrics.jsonl: one line a logging step.
 *
 *   {"iteration": 100, "stage": 0, "loss": 4.1, "gradient_norm": 0.5,
 *    "terms": {"inv": 0.02, "prior": 0.70}, "optimum": {"inv": 0, "prior": 0.693},
 *    "schedule": {"optimizer.adam.lr": 0.01},
 *    "health": {"spread": 0.9, "balance": 1.0, "disagreement": 0.01, "unsure": 0.01}}
 *
 * Iterations count on over the stages. Terms are unweighted. `schedule` has the options that
 * are scheduled in the stage, with their values in the iteration. There are no times in it: equal runs give equal bytes.
 */
#ifndef GEDI_STORE_METRICS_H
#define GEDI_STORE_METRICS_H

#include "core/store/progress.h"
#include "gedi/error.h"
#include <stdio.h>

/* Opens for appending; lines after `iteration`, and a line that is cut off, are removed
 * first: a resumed run writes them again. */
gedi_status gedi__metrics_open(const char *path, int64_t iteration, FILE **out,
                               gedi_err *err);

/* One line, flushed. Allocates nothing. */
gedi_status gedi__metrics_write(FILE *f, const gedi__progress *p, gedi_err *err);

/* Forces what was written to disk. */
gedi_status gedi__metrics_sync(FILE *f, gedi_err *err);

enum {
    GEDI__MAX_SERIES = 64
}; /* names of terms in one log; those of stages may differ */

/* All lines read back: values [terms][n], each optimum as it was last; schedules likewise. */
typedef struct gedi__metrics {
    int64_t n;
    int64_t *iteration;
    int *stage;
    double *loss;
    gedi__health *health;
    int terms;
    char name[GEDI__MAX_SERIES][64];
    double optimum[GEDI__MAX_SERIES]; /* NAN: not known */
    double *value[GEDI__MAX_SERIES];  /* NAN where a line lacks the term */
    int schedules;
    char schedule_name[GEDI__MAX_SERIES][GEDI__SCHEDULE_NAME];
    double *schedule[GEDI__MAX_SERIES]; /* NAN where it is not scheduled */
} gedi__metrics;

gedi_status gedi__metrics_read(const char *path, gedi__metrics *m, gedi_err *err);
void gedi__metrics_clear(gedi__metrics *m);

#endif
