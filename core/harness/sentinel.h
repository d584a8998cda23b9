/* sentinel.h - watches for the triad of failure modes while a run trains.
 *
 * Source:  Sansone & Manhaeve, Definitions 12 to 14, Theorem 15, Table 1.
 * Inputs:  the present batch and a second view of it, the network in evaluation mode
 * Output:  spread        sqrt(D) times the mean standard deviation of the D numbers of g / |g|
 *                        over the batch: 0 where g is constant, about 1 where it fills the sphere
 *          balance       entropy of the mean of p(y|x) over ln K: 0 where one cluster has all
 *          disagreement  probability that labels drawn for x and x' differ,
 *                        1 - mean of sum_y p(y|x) p(y|x'): 0 where L_INV is 0
 *          unsure        how much of it is there because labels are not sure, whatever the view:
 *                        1 - mean of sum_y (p(y|x)^2 + p(y|x')^2) / 2. The rest, the mean of
 *                        sum_y (p(y|x) - p(y|x'))^2 / 2, are views that contradict each other
 * Differs: the definitions speak of all x, these figures of one batch.
 */
#ifndef GEDI_HARNESS_SENTINEL_H
#define GEDI_HARNESS_SENTINEL_H

#include "core/harness/batches.h"
#include "core/harness/network.h"

typedef struct gedi__sentinel {
    const gedi__network *net;
    gedi__batches *data;
    gedi_build build;
    gedi__program *program;
    float *view[2];   /* [B, record] */
    float *own[2];    /* memory of views that training does not fill, or NULL */
    int out_p, out_q; /* outputs p(y|x), p(y|x'), -1 without */
    double *sum;      /* [2 max(D, K)] */
    int64_t width;    /* D of g */
} gedi__sentinel;

/* `part[i]`: memory of view i of the current batch, NULL where training does not fill it. */
gedi_status gedi__sentinel_init(gedi__sentinel *s, const gedi__network *net,
                                gedi__batches *data, float *const *part, gedi_err *err);
void gedi__sentinel_clear(gedi__sentinel *s);

/* Looks at the batch of an iteration (from 0), which training has filled. Allocates nothing.
 * Figures that the experiment does not have (no p(y|x), one view) are NAN. */
gedi_status gedi__sentinel_look(gedi__sentinel *s, int64_t iteration, gedi__health *out,
                                gedi_err *err);

/* Which of the failure modes, GEDI__FAILURES of them, these figures show. */
bool gedi__health_fails(const gedi__health *h, int mode);
/* "representation collapse", ... and the name and value of its figure. */
const char *gedi__failure_name(int mode);
const char *gedi__failure_figure(int mode);
double gedi__failure_value(const gedi__health *h, int mode);
/* "disagreement is 0.498, 0.497 of it because labels are unsure", for people. */
const char *gedi__failure_text(const gedi__health *h, int mode, char *out, size_t n);

#endif
