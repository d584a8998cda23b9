/* check_ready.h - what a run would be refused for, asked of many experiments. */
#ifndef GEDI_CLI_CHECK_READY_H
#define GEDI_CLI_CHECK_READY_H

#include "core/data/digest.h"
#include "core/sweep/plan.h"

/* What has been answered so far: points of a sweep that differ in nothing that an answer depends
 * on, such as the seed or the learning rate, are asked once. All zero at first. */
typedef struct gedi__survey {
    gedi__arena arena;
    struct gedi__answer *answers;
    gedi__mistakes warnings; /* of what can be run, but is hardly meant; each once */
    char data[GEDI__DIGEST]; /* of the last that could be run; "": there is none */
    gedi_status refused;     /* why, the first time */
    const char *out; /* of a sweep that begins: its folder; NULL: that of its name */
    char *directory; /* that */
} gedi__survey;

/* Adds to `m` what a run of `e` would be refused for; fits gedi__look, with a survey as context.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__check_ready(void *survey, gedi__experiment *e, const gedi__point *p,
                              gedi__mistakes *m, gedi_err *err);
/* The same for a sweep that begins: points that have begun before are not asked, as what they began with, such
 * as weights of another run, may be gone. */
gedi_status gedi__check_begin(void *survey, gedi__experiment *e, const gedi__point *p,
                              gedi__mistakes *m, gedi_err *err);
void gedi__survey_clear(gedi__survey *s);

#endif
