/* encoder.h - a trained encoder as a map from records to features. */
#ifndef GEDI_EVALUATE_ENCODER_H
#define GEDI_EVALUATE_ENCODER_H

#include "core/train/batches.h"
#include "core/network/network.h"

typedef struct gedi__encoder gedi__encoder;

/* That of a network, borrowed, with its present weights. */
gedi_status gedi__encoder_of(const gedi__network *net, gedi__encoder **out,
                             gedi_err *err);
/* That of another run, from its folder, for the records of this data; images that the two
 * runs standardise differently are converted.
 *   Errors: those of gedi__trained_open; GEDI_SHAPE for records of another shape.  */
gedi_status gedi__encoder_of_run(const char *run, const gedi__batches *data,
                                 gedi__encoder **out, gedi_err *err);
void gedi__encoder_free(gedi__encoder *c); /* legal for NULL */

int64_t gedi__encoder_features(const gedi__encoder *c); /* D */

/* x [n, record] -> h [n, D] */
void gedi__encoder_run(gedi__encoder *c, const float *x, int64_t n, float *h);

#endif
