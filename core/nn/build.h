/* build.h - the place where a network is being built. */
#ifndef GEDI_NN_BUILD_H
#define GEDI_NN_BUILD_H

#include "core/exec/program.h"
#include "core/nn/params.h"
#include "gedi/schedule.h"

enum { GEDI__SCOPE = 192, GEDI__SCOPES = 24 /* in each other */ };

typedef struct gedi__used { /* a parameter and its node in this graph */
    const gedi__param *param;
    gedi_node *node;    /* the leaf */
    gedi_node *pending; /* state: its value after the step, or NULL */
    gedi_node *start;   /* state: its value at first, or NULL */
    const char *who;    /* of such a state: the component that has it, "objective gedi" */
} gedi__used;

typedef struct
    gedi__scheduled { /* a schedule and its node in this graph, whose arena has it */
    const gedi_schedule *schedule; /* NULL: the iteration itself */
    gedi_node *node;               /* the leaf */
    float value;                   /* what the leaf is bound to */
    struct gedi__scheduled *next;
} gedi__scheduled;

enum { GEDI__WATCH_NAME = 64, GEDI__WATCHES = 16 };

typedef struct gedi__watched { /* a number that is logged */
    char name[GEDI__WATCH_NAME];
    gedi_node *node; /* [1] */
} gedi__watched;

struct gedi_build {
    gedi_graph *g;
    const gedi__params *params;
    gedi__params
        *growing; /* the same while parameters are still being found, else NULL */
    bool training;
    bool
        averaged; /* weights are read where their running averages are, if there are any */
    bool bare;    /* a sampler's step is built, which has no parameters of its own */
    bool split;   /* what is built is of this rank's records */
    char scope[GEDI__SCOPE];    /* "model." */
    size_t outer[GEDI__SCOPES]; /* length of the scope around each that is open */
    int depth;                  /* scopes open; those beyond GEDI__SCOPES have no name */
    int floor;                  /* scopes that the plugin now building has not opened */
    int asked;                  /* how often a parameter or state was asked for */
    int n, room;
    gedi__used *used;
    gedi__scheduled *scheduled;
    int64_t total;   /* iterations of the stage */
    int64_t records; /* of the training split */
    int32_t classes; /* of the data; 0 without labels */
    bool
        watching; /* a loss, a sampler's step or a program is built: what is watched has a place */
    int watches;
    gedi__watched watch[GEDI__WATCHES];
};

/* The name of an input in place of a view that an objective asks for, but the descriptor does not
 * give: what depends on one is refused once all is built. */
#define GEDI__NO_VIEW "a view that the descriptor does not give"

/* Over parameters that are there. */
gedi_status gedi__build_init(gedi_build *b, const gedi__params *params, bool training,
                             gedi_err *err);
/* The first build of a network, which finds its parameters. */
gedi_status gedi__build_first(gedi_build *b, gedi__params *params, bool training,
                              gedi_err *err);
void gedi__build_clear(gedi_build *b);

/* The entry of a parameter or state, under its full name or one in the present scope; made at
 * the first use. It stays where it is until the next use. NULL: the graph has the error. */
gedi__used *gedi__build_use_named(gedi_build *b, const char *full, gedi_shape s,
                                  gedi_init init, bool trained);
gedi__used *gedi__build_use(gedi_build *b, const char *name, gedi_shape s, gedi_init init,
                            bool trained);

/* States that begin as a node's value get it: those with fresh[index of the parameter], all
 * where it is NULL. The params must be frozen.
 *   Errors: GEDI_USAGE for one that depends on a batch; GEDI_NOMEM.  */
gedi_status gedi__build_start(const gedi_build *b, uint64_t seed, const bool *fresh,
                              gedi_err *err);

/* Statistics that a running average keeps of its own become what those of the network do, on
 * its own weights; once all updates are built. */
void gedi__build_average_states(gedi_build *b);

/* Memory of every parameter and schedule used, for compiling: n bindings, to be freed. The params must
 * be frozen.  NULL when out of memory. */
gedi__binding *gedi__build_bindings(const gedi_build *b, int extra, int *n);

/* An input that y is computed from, but that is neither one of in [n] nor the build's own, which are
 * filled; NULL where there is none. */
const gedi_node *gedi__build_unfilled(const gedi_build *b, const gedi_node *y,
                                      gedi_node *const *in, int n);

/* The iteration of the stage, [1]. */
gedi_node *gedi__build_iteration(gedi_build *b);

/* Schedules have their values in this iteration of the stage, from 0. Those of a build that was
 * never told stand where the stage ends. */
void gedi__build_advance(gedi_build *b, int64_t iteration);

#endif
