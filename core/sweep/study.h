/* study.h - the runs of a sweep as they lie on disk, by the labels of their points. */
#ifndef GEDI_SWEEP_STUDY_H
#define GEDI_SWEEP_STUDY_H

#include "core/sweep/plan.h"

typedef enum gedi__state {
    GEDI__MISSING, /* or started and not finished */
    GEDI__FAILED,
    GEDI__FINISHED,
} gedi__state;

typedef struct gedi__result {
    const char *title;         /* "JEM, moons, seed 0", or the folder's name */
    const char *folder;        /* of the run */
    char hash[GEDI__HASH + 1]; /* of its identity; "" where it has none */
    gedi__state state;
    bool
        underway; /* with GEDI__FINISHED: its numbers are of an evaluation before its end */
    int document;       /* which of the sweeps it is a point of, from 1; 0: of none */
    int64_t left;       /* the iteration after which a search has left it; else 0 */
    const char *reason; /* of a failure: one line; else NULL */
    struct json_t *labels, *summary;
    struct gedi__known_label *known; /* what its descriptor was asked for */
} gedi__result;

typedef struct gedi__study {
    int results, room;
    gedi__result *result;
    int shows;
    gedi__show *show;
    int documents; /* the points.json that were read */
    struct json_t **document;
    gedi__arena arena;
} gedi__study;

/* How many finished runs lie in DIRECTORY/runs that are no points of the sweep, such as
 * those of a sweep before; -1 without memory. */
int gedi__study_others(const gedi__plan *p, const char *directory);

/* Adds the runs of a directory to those of `s`, which is zero at first: a sweep's points,
 * a single run, or the runs in its folders.
 *   Errors: GEDI_STATE where there is none of them; GEDI_DATA, GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__study_add(gedi__study *s, const char *directory, gedi_err *err);
void gedi__study_clear(gedi__study *s);

/* Are both runs of one experiment, such as a point of two sweeps? */
bool gedi__study_same(const gedi__result *a, const gedi__result *b);

/* Of the runs of one experiment in a cell only the first that got furthest stays: the others say nothing new, and
 * would make a deviation too small. cell_of [results] is negative of runs in no cell, and becomes -1 of those that are
 * left out -> how many these are. */
int gedi__study_once(const gedi__study *s, int *cell_of);

/* Keeps the results whose label for `name` is this one.
 *   Errors: GEDI_USAGE where no run has it; GEDI_NOMEM.  */
gedi_status gedi__study_keep(gedi__study *s, const char *name, const char *label,
                             gedi_err *err);

/* What result i is called for an axis, or a path of its descriptor; *out is "" where it
 * has none. The text belongs to the study.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__study_label(gedi__study *s, int i, const char *name, const char **out);

/* All labels for that name, as the axis has them, others as they come. NULL at the end. */
gedi_status gedi__study_labels(gedi__study *s, const char *name, const char ***out);

/* The place of a label among n; -1 where it is none of them. */
int gedi__study_place(const char *const *label, int n, const char *wanted);

/* The names of all axes; NULL at the end. */
gedi_status gedi__study_axes(gedi__study *s, const char ***out);

/* Is it an axis whose values a search draws, or that of the draws? */
bool gedi__study_draws(const gedi__study *s, const char *axis);

/* The paths of all numbers that finished runs have, each once; NULL at the end. */
gedi_status gedi__study_paths(gedi__study *s, const char ***out);

/* The axis that is meant: `name` itself, if runs have such labels, or the only axis that ends with
 * it, optimizer.adam.lr for lr. `name` where there is none: then it has no labels.
 *   Errors: GEDI_USAGE where several axes end so, with their names; GEDI_NOMEM.  */
gedi_status gedi__study_axis(gedi__study *s, const char *name, const char **out,
                             gedi_err *err);

/* Fail with GEDI_USAGE: no run has a label for that name, and the axes are these; or none
 * has this one, and there are these. Or GEDI_NOMEM.  */
gedi_status gedi__study_no_name(gedi__study *s, const char *name, gedi_err *err);
gedi_status gedi__study_no_label(gedi__study *s, const char *name, const char *label,
                                 gedi_err *err);

/* Fails with GEDI_USAGE and this message, which ends with a list: as many of its words as
 * there is room for. Clears it. Or GEDI_NOMEM.  */
gedi_status gedi__study_fail(gedi__text *message, gedi_err *err);

/* Adds what a run that failed has said last: what the sweep it was run in has kept, else why it
 * diverged; and which runs went on from it. *failed is false where it has not. Damaged files count
 * as none.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__last_words(const char *folder, bool *failed, gedi__text *out);
/* Adds "; gone on in FOLDER" where other runs went on from that one after a divergence. */
void gedi__add_continued(const char *folder, gedi__text *out);

/* The last line that a program wrote, without "gedi: "; before "2 mistakes", the last of
 * them. `text` is cut. "" if none. */
const char *gedi__last_line(char *text);

#endif
