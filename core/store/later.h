/* later.h - what evaluations that were made later say of a run, beside its own summary.
 *
 * Of its evaluations those count that looked at the weights which the run ended with, and in
 * which nothing but evaluators, figures and threads was put in: other data give other numbers.
 * The run's own numbers stay, and of two evaluations the newer counts.
 */
#ifndef GEDI_STORE_LATER_H
#define GEDI_STORE_LATER_H

#include "core/base/text.h"
#include "gedi/error.h"

#include <stdbool.h>
#include <stdint.h>

struct json_t;

/* Adds to *summary the numbers of evaluators that it lacks. NULL, of a run that is not finished:
 * *summary becomes that of evaluations of its last checkpoint that was evaluated, if any was.
 *   Errors: GEDI_NOMEM. An evaluation that cannot be read counts for nothing.  */
gedi_status gedi__later_add(const char *folder, struct json_t **summary, gedi_err *err);

/* The iteration of the weights that the furthest of them saw; 0 where there is none. */
int64_t gedi__later_last(const char *folder);

/* Does KEY=VALUE put in more than that? Tables of runs then leave the evaluation's numbers out. */
bool gedi__later_changes(const char *value);

/* Evaluators of the run's newest evaluation whose numbers tables leave out, as the run has others by that
 * name: "knn, clustering"; and those whose numbers they show in place of an older evaluation's. */
void gedi__later_hidden(const char *folder, gedi__text *hidden, gedi__text *replaced);

/* Has a finished run such an evaluation, whole, with these very values put in, whose numbers no newer one
 * replaces? */
bool gedi__later_has(const char *folder, const char *const *with, int n);

#endif
