/* space.h - spaces in which records are compared; the public part is gedi_space. */
#ifndef GEDI_EVALUATE_SPACE_H
#define GEDI_EVALUATE_SPACE_H

#include "core/train/batches.h"
#include "core/network/network.h"

typedef struct gedi__space gedi__space;

/* For records of this data; `net` is the run's own network. Both are borrowed.
 *   Errors: those of the encoder, of gedi__inception_open, gedi__pixels_init; GEDI_NOMEM.  */
gedi_status gedi__space_open(const gedi_space *which, const gedi__network *net,
                             const gedi__batches *data, gedi__space **out, gedi_err *err);
void gedi__space_free(gedi__space *s); /* legal for NULL */

bool gedi__space_is(const gedi__space *s, const gedi_space *which); /* false for NULL */
int64_t gedi__space_features(const gedi__space *s);                 /* D */

/* x [n, record] -> h [n, D] */
void gedi__space_run(gedi__space *s, const float *x, int64_t n, float *h);

#endif
