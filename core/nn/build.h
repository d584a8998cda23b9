/* build.h - the place where a network is being built. */
#ifndef GEDI_NN_BUILD_H
#define GEDI_NN_BUILD_H

#include "core/exec/program.h"
#include "core/nn/params.h"

enum { GEDI__SCOPE = 192, GEDI__SCOPES = 24 /* in each other */ };

typedef struct gedi__used { /* a parameter and its node in this graph */
    const gedi__param *param;
    gedi_node *node;    /* the leaf */
    gedi_node *pending; /* state: its value after the step, or NULL */
} gedi__used;

struct gedi_build {
    gedi_graph *g;
    gedi__params *params;
    bool training;
    char scope[GEDI__SCOPE];    /* "model." */
    size_t outer[GEDI__SCOPES]; /* length of the scope around each that is open */
    int depth;                  /* scopes open; those beyond GEDI__SCOPES have no name */
    int n, room;
    gedi__used *used;
};

gedi_status gedi__build_init(gedi_build *b, gedi__params *params, bool training,
                             gedi_err *err);
void gedi__build_clear(gedi_build *b);

/* Memory of every parameter used, for compiling: n bindings, to be freed. The params must
 * be frozen.  NULL when out of memory. */
gedi__binding *gedi__build_bindings(const gedi_build *b, int extra, int *n);

#endif
