/* left.h - what is left to make of a run that is trained. */
#ifndef GEDI_RUN_LEFT_H
#define GEDI_RUN_LEFT_H

#include "core/descriptor/experiment.h"

struct json_t;

typedef struct gedi__left {
    bool drawn;          /* all figures that the descriptor names are there */
    const char *missing; /* "figures are", for a message; NULL: nothing */
} gedi__left;

/* Leaves in the experiment what its summary lacks. An evaluator redraws the figure of its plugin's
 * name. All are asked again for a figure that shows what others of them have found as
 * well. `artefacts` are those of `e`
 * (core/store/identity.h); `draws`: figures can be drawn here. */
void gedi__left_keep(gedi__experiment *e, const char *artefacts,
                     const struct json_t *summary, bool draws, gedi__left *out);

#endif
