/* plan.h - the points of a sweep, each read and checked as the experiment it is. */
#ifndef GEDI_SWEEP_PLAN_H
#define GEDI_SWEEP_PLAN_H

#include "core/descriptor/sweep.h"
#include "core/store/identity.h"

typedef struct gedi__point {
    char hash[GEDI__HASH + 1];
    const char *title;     /* "JEM, moons, seed 0" */
    const char *resolved;  /* its descriptor, which runs by itself */
    const char *identity;  /* what of it the hash is made of */
    const char *artefacts; /* what is made of its weights */
    int64_t iterations;
    int64_t until; /* how far it is to be trained now: less where a search halves */
    int64_t left;  /* the iteration after which a search has left it; 0: it has not */
    const char *
        refused; /* why a draw of a search cannot be run, as its values do not go together; else NULL */
} gedi__point;

typedef struct gedi__plan {
    const char *name; /* of the sweep */
    bool named;       /* as gedi__experiment.named */
    gedi__sweep *sweep;
    int points;
    gedi__point *point;
    bool validates;  /* some point does, on the way */
    bool holds_none; /* some point holds no records out for that */
    /* "grid, table: no point has seed: 0": shows that the axes on the command line leave nothing
     * for; "" for none. They are not among those of the sweep any more. */
    const char *left_out;
    gedi__arena arena; /* owns the texts */
} gedi__plan;

/* Looks at each point that can be read, and adds what is wrong with it; `p` is NULL where it is no point, but a
 * limit of a search that is tried.
 *   Errors: GEDI_NOMEM.  */
typedef struct gedi__look {
    gedi_status (*at)(void *context, gedi__experiment *e, const gedi__point *p,
                      gedi__mistakes *m, gedi_err *err);
    void *context;
} gedi__look;

/* Reads a sweep and every point of it (`draws` as in gedi__sweep_read), and has it looked at unless `look` is NULL; each is to compute with `threads` threads, or with
 * fewer that its descriptor states. Of a search, where `draws` is NULL, the limits of its spaces are
 * tried as well; and points that cannot be run are `refused` as long as all points of another draw can: their draw
 * has failed. They have a hash of their own, and no descriptor where they cannot be read. *out is NULL, and GEDI_OK is returned, where the file
 * states no sweep.
 *   Errors: GEDI_DESCRIPTOR with all mistakes in `m`, each said once, with the point where
 *   it is not in all of them; GEDI_NOMEM.  */
gedi_status gedi__plan_read(const char *file, const char *const *override, int n,
                            const gedi__draws *draws, int64_t threads,
                            const gedi__look *look, gedi__plan **out, gedi__mistakes *m,
                            gedi_err *err);
void gedi__plan_free(gedi__plan *p);

/* Two points that are the same experiment are a mistake: it would be counted twice. Those
 * that differ in the same labels are said once.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__plan_check_twins(const gedi__plan *p, const char *file,
                                   gedi__mistakes *m);

/* The label of point i for a name of an axis; NULL if there is no such axis. */
const char *gedi__plan_label(const gedi__plan *p, int i, const char *name);

#endif
