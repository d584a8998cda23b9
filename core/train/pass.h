/* pass.h - what objectives do with all training records between two iterations. */
#ifndef GEDI_TRAIN_PASS_H
#define GEDI_TRAIN_PASS_H

#include "core/network/inference.h"
#include "core/train/batches.h"

typedef struct gedi__passes {
    const gedi__network *net;
    gedi__batches *data;
    gedi__inference *inference;          /* NULL where no objective asks for a pass */
    int64_t rows;                        /* parts at a time */
    int64_t every[GEDI__MAX_OBJECTIVES]; /* in iterations; 0: never */
} gedi__passes;

/*   Errors: GEDI_PLUGIN for an objective with one of the two functions, GEDI_USAGE for an interval < 1,
 * GEDI_NOMEM.  */
gedi_status gedi__passes_init(gedi__passes *p, const gedi__network *net,
                              gedi__batches *data, gedi_err *err);
void gedi__passes_clear(gedi__passes *p);

/* Those that are due before an iteration (from 0, over all stages).
 *   Errors: the objective's, with its name.  */
gedi_status gedi__passes_run(gedi__passes *p, int64_t iteration, gedi_err *err);

#endif
