/* logs.h - numbers over the iterations, from the logs of runs. */
#ifndef GEDI_SWEEP_LOGS_H
#define GEDI_SWEEP_LOGS_H

#include "core/report/figure.h"
#include "core/store/metrics.h"
#include "core/sweep/table.h"

typedef struct gedi__log_curve { /* of a run */
    int line, n;
    double *x, *y;       /* [n]; free() them */
    double since, until; /* the first and the last iteration with the number */
    gedi__state state;   /* of the run */
    double halt;         /* iteration at which it failed; where it was not told: until */
} gedi__log_curve;

/* *there is false where the run has no log yet.
 *   Errors: GEDI_DATA, GEDI_STATE for a damaged log; GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__log_read(const gedi__result *r, gedi__metrics *m, bool *there,
                           gedi_err *err);

/* The numbers of a path, as a summary names it where it has it as well; NULL where the log has none. The
 * optimum is left as it is where none is known. */
double *gedi__log_column(gedi__metrics *m, const char *path, double *optimum);

/* The paths that every log has; NULL at the end. */
extern const char *const gedi__log_always[];

/* The paths that a log has. */
void gedi__log_paths(const gedi__metrics *m, gedi__text *out);

/* An optimum that one more run has: `have` becomes NAN, none, x, of all so far, or INFINITY, not the same. */
void gedi__log_optimum(double *have, double x);

/* Means of at most `rows` stretches of the lines that have the number at all; of a term, one that is
 * not finite makes its stretch a gap.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__log_thin(const gedi__metrics *m, const double *y, int rows,
                           gedi__log_curve *c);
/* Notes how that run has ended. */
void gedi__log_ending(const gedi__result *r, gedi__log_curve *c);

/* The mean and deviation of the curves of this line, on the iterations of the one that gets furthest; 0 points
 * where there is none. free() out->point.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__log_line(const gedi__log_curve *c, int curves, int line,
                           gedi__curve_line *out);

/* Runs of a cell that are not drawn, of which `logs` have a log: "not drawn: A (failed)", ", B (1 of 3 runs)". */
void gedi__log_absent(const char *name, const gedi__table_cell *cell, int logs, int drawn,
                      gedi__text *out);

/* Adds to that, where it is so: "optima that differ between runs of a line". */
void gedi__log_no_optimum(bool differ, gedi__text *out);

/* "failed (2 of 2)", "1 of 3 failed"; nothing where none has. */
void gedi__log_failed(const gedi__table_cell *cell, gedi__text *out);

/* Of the runs of a line that are drawn: "failed: A (2 of 2 runs, at iteration 252)"; ", B (1 of 3 runs, ...". */
void gedi__log_halted(const char *name, const gedi__log_curve *c, int curves, int line,
                      gedi__text *out);
/* Which of them end before others: "dotted where not all runs are left: A (2 of 4 end at iteration 300)". */
void gedi__log_shorter(const char *name, const gedi__log_curve *c, int curves, int line,
                       gedi__text *out);

#endif
