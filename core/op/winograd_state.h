/* winograd_state.h - what the passes of a Winograd convolution keep between runs. */
#ifndef GEDI_OP_WINOGRAD_STATE_H
#define GEDI_OP_WINOGRAD_STATE_H

#include "core/op/winograd.h"

/* Sizes are in floats. v and u are what is transformed, m what is made of them; the planes
 * of points are so far apart, and so are those of factors. */
typedef struct gedi__winograd {
    gedi__conv_way way;
    gedi__conv conv;
    gedi__tiling tiling;
    const gedi__transforms *to;
    int points, factors;      /* of both axes */
    int factor[MOST_PIXELS];  /* of each point, */
    bool shares[MOST_PIXELS]; /* which one before it may have too */
    gedi__xsmm product[2];
    bool keeps; /* the transformed kernel, as w stands still */
    float *kept;
    int64_t in, block, blocks; /* channels: rounded up; of the result, in blocks */
    int64_t v_plane, u_plane, m_plane;
    int64_t turned_size, u_size, own_size, scratch_size;
    /* Of the derivative to the kernel: sums that are kept apart, of so many groups. */
    gedi__xsmm first[2];
    int64_t pieces, piece, part_size;
} gedi__winograd;

void gedi__winograd_weight_prepare(gedi__winograd *s, int threads);
void gedi__winograd_weight_run(const gedi__winograd *s, const gedi__step *step);

#endif
