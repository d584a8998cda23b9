/* search.h - an axis of a sweep whose values are drawn, a few at a time, to find the best ones.
 *
 *   sweep:
 *     search:
 *       tpe: 50                                 draws; or random: 50
 *       maximise: evaluation.clustering.nmi     or minimise
 *       over:
 *         optimizer.adam.lr: {log: [1.0e-4, 1.0e-1]}
 *         objective.gedi.inv: {uniform: [0, 100]}
 *         model.mlp.hidden: [[50], [100, 100]]  one of these
 *         train.batch: {log_integers: [16, 256]}
 *       halve: {from: 1000, by: 3}              the best third of the draws goes on from there
 *     seed: 100..102                            an axis as always: each draw is run with three seeds
 *
 * Draws are places in a cube, a number of [0, 1) for each path, so that whoever proposes them need not know
 * what they mean. The axis has the names `draw` and the paths, as if these were zipped.
 */
#ifndef GEDI_DESCRIPTOR_SEARCH_H
#define GEDI_DESCRIPTOR_SEARCH_H

#include "core/descriptor/tree.h"

enum { GEDI__MAX_SEARCHED = 32, GEDI__DRAW_TEXT = 40 };
#define GEDI__DRAW "draw"   /* the name of the axis */
#define GEDI__DRAWS "draws" /* of a file with all of them */

typedef enum gedi__space_kind {
    GEDI__UNIFORM,
    GEDI__LOG,
    GEDI__INTEGERS,
    GEDI__LOG_INTEGERS,
    GEDI__CHOICES,
} gedi__space_kind;
#define GEDI__SPACE_WORDS "uniform|log|integers|log_integers"

typedef struct gedi__space { /* of one path */
    const gedi__tree *key;   /* what the path is written in */
    gedi__space_kind kind;
    double low, high;
    const char *low_text, *high_text; /* as they are written */
    const gedi__tree *limit[2];       /* where */
    int choices;                      /* of GEDI__CHOICES */
    const gedi__tree *list;
    const char **label; /* [choices] */
} gedi__space;

typedef struct gedi__halving { /* `halve:` */
    int64_t from; /* the first iteration after which draws are judged; 0: never */
    int64_t by;   /* one of so many goes on, to so many times the iterations */
} gedi__halving;

typedef struct gedi__search {
    int64_t random, tpe; /* how many draws; one of them is 0 */
    const char *maximise, *minimise;
    int64_t together; /* drawn from the same results; 0: see gedi__search_together */
    int64_t seed;
    gedi__halving halve;
    int spaces;
    gedi__space *space;
    int draws;       /* so far */
    const double *u; /* [draws, spaces] */
    int axis;        /* its place among those of the sweep */
    gedi__place at;
} gedi__search;

/* Draws that were made. NULL in place of it: the first ones, at random. */
typedef struct gedi__draws {
    int n;
    const double *u;
} gedi__draws;

extern const gedi_option gedi__search_options[], gedi__halving_options[];

int gedi__search_wanted(const gedi__search *s); /* draws in all */
int gedi__search_together(
    const gedi__search *s); /* how many are drawn from the same results */
const char *gedi__search_value(const gedi__search *s);

/* The value of a path at u: "0.00123", or the label of a choice. */
const char *gedi__space_text(const gedi__space *s, double u, char out[GEDI__DRAW_TEXT]);
/* Which of the choices. */
int gedi__space_choice(const gedi__space *s, double u);

/* Draws that were made, by their values; zero at first. */
typedef struct gedi__seen {
    void *root;
    gedi__arena arena;
} gedi__seen;

/* Adds a draw. *is_new: its values are others than those of each before.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__seen_add(gedi__seen *seen, const gedi__search *s, const double *u,
                           bool *is_new);
void gedi__seen_clear(gedi__seen *seen);

/* Draw i of u at random, another than those seen, and adds it to them.
 *   Errors: GEDI_STATE where no other one is found; GEDI_NOMEM.  */
gedi_status gedi__search_draw(const gedi__search *s, double *u, int i, gedi__seen *seen,
                              gedi_err *err);

#endif
