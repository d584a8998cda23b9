/* plan_parts.h - what the readers of a plan share. */
#ifndef GEDI_SWEEP_PLAN_PARTS_H
#define GEDI_SWEEP_PLAN_PARTS_H

#include "core/descriptor/trees.h"
#include "core/sweep/plan.h"

enum { GEDI__MOST_EVALUATORS = 64 };

/* One that points have: what it is called, and all metrics that it may report in any of them. The plugin
 * itself is closed with its experiment. */
typedef struct gedi__asked {
    const char *name, *plugin;
    const char *names; /* what `*` in its table stands for; NULL: it does not say */
    gedi_metric
        *metric; /* ends as an evaluator's table does; the names alone are filled */
    int metrics, room;
} gedi__asked;

/* A mistake, and in how many points it is. */
typedef struct gedi__flaw {
    char *line;
    int times, first;
    bool fault; /* of a file or a plugin: that point has no mistake besides */
} gedi__flaw;

typedef struct gedi__planner {
    gedi__plan *p;
    gedi__mistakes *m;
    const char *file;
    const char *const *override;
    int overrides;
    int64_t threads;
    const gedi__look *look;
    int before; /* mistakes */
    gedi__trees trees;
    gedi__experiment *last; /* its plugins stay loaded for the next point */
    int resolved;           /* points that could be read */
    gedi__text counted;     /* the dataset whose records were counted last */
    int64_t records;        /* in it; 0: it could not be opened */
    gedi__setting *set;     /* room for the settings of a point */
    bool *drawn;            /* [shows]: some point draws the figure of that grid */
    bool *scheduled;        /* [shows]: some point changes the option of those curves */
    gedi__asked evaluator[GEDI__MOST_EVALUATORS]; /* those of all points */
    int evaluators;
    gedi__asked *asked; /* the one whose metrics are being added */
    int64_t
        every; /* iterations between validations; 0: a point has none, or another number */
    bool tries;   /* limits of a search */
    bool limited; /* a limit of a search is wrong */
    gedi__flaw *found;
    int findings, room;
} gedi__planner;

/* What that evaluator of a point may report.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__plan_add_evaluator(gedi__planner *q, const gedi__evaluation *v);

/* Mistakes of one point, line by line, into those found; clears them.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__plan_gather(gedi__planner *q, int point, gedi__mistakes *own);
/* All that were found, with the points that they are in. */
void gedi__plan_say_flaws(gedi__planner *q);
/* Where the sweep's own mistakes leave no points: those of the rest, as far as no axis may mend it.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__plan_read_body(gedi__planner *q, gedi_err *err);

/* What a search looks for, and how it halves, against what the points have. */
void gedi__plan_check_search(gedi__planner *q);
/* What the sweep shows, where points could not be read: names and paths that no point can have. */
void gedi__plan_check_possible(gedi__planner *q);
/* Checks all shows, and takes out those that no point is for.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__plan_check_shows(gedi__planner *q);

#endif
