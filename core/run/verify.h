/* verify.h - is what lies in a run's folder what was written? */
#ifndef GEDI_RUN_VERIFY_H
#define GEDI_RUN_VERIFY_H

#include "core/base/text.h"
#include "gedi/error.h"

typedef struct gedi__verdict {
    int damages;
    gedi__text damage; /* a line each, with the file's name; also of what is no damage */
    int finished, unfinished; /* runs */
    int evaluations;
} gedi__verdict;

/* Adds what there is to say of a run and of its evaluations: descriptor, both checkpoints, the log
 * up to the newest, the summary.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__verify_run(const char *folder, gedi__verdict *v, gedi_err *err);
/* Of an evaluation. */
gedi_status gedi__verify_evaluation(const char *folder, gedi__verdict *v, gedi_err *err);
/* Adds a damage. */
void gedi__verdict_add(gedi__verdict *v, const char *fmt, ...) GEDI_PRINTF(2, 3);
void gedi__verdict_clear(gedi__verdict *v);

#endif
