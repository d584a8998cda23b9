/* metrics.h - metrics.jsonl: one line a logging step.
 *
 *   {"schema": 2, "iteration": 100, "stage": 0, "loss": 4.1, "gradient_norm": 0.5, "learning_rate": 0.001,
 *    "terms": {"inv": 0.02, "prior": 0.70}, "optimum": {"inv": 0, "prior": 0.693},
 *    "schedule": {"optimizer.adam.lr": 0.01}, "watch": {"acceptance": 0.6},
 *    "health": {"spread": 0.9, "balance": 1.0, "disagreement": 0.01, "unsure": 0.01},
 *    "validation": {"clustering.nmi": 0.8}, "checksum": "5d1c..."}
 *
 * Iterations count on over the stages. Terms are unweighted. `schedule` has the options that
 * are scheduled in the stage, with their values in the iteration. There are no times in it: equal runs give
 * equal bytes, and a resumed run those of one never stopped; summary.json has what training took.
 */
#ifndef GEDI_STORE_METRICS_H
#define GEDI_STORE_METRICS_H

#include "core/descriptor/experiment.h"
#include "core/store/progress.h"
#include "gedi/error.h"
#include <stdio.h>

/* Opens for appending; lines after `iteration` are removed first, and a resumed run writes
 * them again. So are lines that are damaged: the others are kept; *kept is their
 * number, to be compared with gedi__metrics_expected. */
gedi_status gedi__metrics_open(const char *path, int64_t iteration, FILE **out,
                               int64_t *kept, gedi_err *err);

/* How many whole lines up to `iteration` the file has; nothing is changed.
 *   Errors: as gedi__metrics_open.  */
gedi_status gedi__metrics_count(const char *path, int64_t iteration, int64_t *kept,
                                gedi_err *err);

/* Is there a line of that iteration, in its stage? */
bool gedi__metrics_due(const gedi__experiment *e, const gedi__stage *s,
                       int64_t iteration);
/* How many lines there are up to that iteration. */
int64_t gedi__metrics_expected(const gedi__experiment *e, int64_t iteration);

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
    double *norm; /* of the gradient */
    gedi__health *health;
    double *rate; /* of learning; NAN where a line lacks it, as those of before do */
    int terms;
    char name[GEDI__MAX_SERIES][64];
    double optimum[GEDI__MAX_SERIES]; /* NAN: not known */
    double *value[GEDI__MAX_SERIES];  /* NAN where a line lacks the term */
    int schedules;
    char schedule_name[GEDI__MAX_SERIES][GEDI__SCHEDULE_NAME];
    double *schedule[GEDI__MAX_SERIES]; /* NAN where it is not scheduled */
    int validations; /* "clustering.nmi", of lines where the run was evaluated */
    char validation_name[GEDI__MAX_SERIES][GEDI__SCHEDULE_NAME];
    double *validation[GEDI__MAX_SERIES]; /* NAN elsewhere */
    int watches;
    char watch_name[GEDI__MAX_SERIES][64];
    double *watch[GEDI__MAX_SERIES]; /* NAN where it is not watched, or no number */
} gedi__metrics;

/* The iteration of the last line in FOLDER's log, while another process may be writing it; 0 where
 * there is none. */
int64_t gedi__metrics_last(const char *folder);
/* The same with its loss; NAN where there is none. */
int64_t gedi__metrics_end(const char *folder, double *loss);

gedi_status gedi__metrics_read(const char *path, gedi__metrics *m, gedi_err *err);
void gedi__metrics_clear(gedi__metrics *m);
/* Is validation i an end of the interval around another, as gedi__summary_is_end says? */
bool gedi__metrics_is_end(const gedi__metrics *m, int i);

#endif
