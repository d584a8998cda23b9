/* jobs.h - what is left to do of a sweep, from what lies on disk. */
#ifndef GEDI_SWEEP_JOBS_H
#define GEDI_SWEEP_JOBS_H

#include "core/sweep/crew.h"
#include "core/sweep/plan.h"

struct json_t;

/* A job for each point of the plan, in `c`, which is zero at first but for its settings.
 * Finished runs are done; those that are damaged have failed, with the reason and what to
 * do, and nothing of them is changed; the others wait, those that failed before with their reason,
 * and have their descriptor.yaml under DIRECTORY/runs/HASH. `c` borrows the plan's titles.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__jobs_open(gedi__crew *c, const gedi__plan *p, const char *directory,
                            gedi_err *err);
void gedi__jobs_close(gedi__crew *c);

/* The same without writing anything: for --dry-run. */
gedi_status gedi__jobs_look(gedi__crew *c, const gedi__plan *p, const char *directory,
                            gedi_err *err);

/* The summary at `path`; json_decref() it. *own: it is of that very experiment and build.
 *   Errors: those of gedi__summary_read; GEDI_NOMEM.  */
gedi_status gedi__jobs_summary(const char *path, const gedi__point *p,
                               struct json_t **out, bool *own, gedi_err *err);

/* Looks at job i once more, as it was looked at first: others may have been at work on it. `writes`:
 * its descriptor.yaml, if it waits.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__jobs_again(gedi__crew *c, int i, const gedi__plan *p,
                             const char *directory, bool writes, gedi_err *err);

#endif
