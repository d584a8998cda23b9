/* rng.h - counter-based random numbers: a pure function of (seed, stream, position).
 *
 * Source:  Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3",
 * Philox4x32-10. Nothing has to be saved to repeat or resume a sequence: ask for the same
 * position again.
 */
#ifndef GEDI_RNG_H
#define GEDI_RNG_H

#include <stdint.h>
#include "gedi/error.h"

typedef enum gedi_stream {
    GEDI_STREAM_INIT = 1, /* initial weights */
    GEDI_STREAM_DATA,     /* synthetic records */
    GEDI_STREAM_ORDER,    /* order of the records in an epoch */
    GEDI_STREAM_VIEW,     /* random transformations */
    GEDI_STREAM_SAMPLER,  /* chains: choice, restart, noise */
    GEDI_STREAM_EVAL,     /* evaluators */
} gedi_stream;

typedef struct gedi_rng {
    uint32_t key[2];
    uint32_t counter[4];
    uint32_t out[4];
    int32_t left; /* words of `out` not handed out yet */
} gedi_rng;

/* The generator at a position: `major` is usually the iteration, `minor` the record.
 * Sequences of different (seed, stream, major, minor) never overlap for 2^34 words. */
GEDI_EXPORT gedi_rng gedi_rng_at(uint64_t seed, gedi_stream stream, uint64_t major,
                                 uint32_t minor);

GEDI_EXPORT uint32_t gedi_rng_u32(gedi_rng *r);
GEDI_EXPORT float gedi_rng_uniform(gedi_rng *r);              /* [0, 1), 24 bits */
GEDI_EXPORT uint64_t gedi_rng_below(gedi_rng *r, uint64_t n); /* 0 .. n-1, unbiased */
/* N(0, 1), from 24 bits: no number is beyond 5.77, where one in 1.2e8 should be. */
GEDI_EXPORT float gedi_rng_normal(gedi_rng *r);
GEDI_EXPORT void gedi_rng_fill_uniform(gedi_rng *r, float *x, int64_t n);
/* Likewise N(0, 1), and none beyond 5.77. */
GEDI_EXPORT void gedi_rng_fill_normal(gedi_rng *r, float *x, int64_t n);

/* n numbers from each of `count` generators, those of one after those of the other: from *first,
 * as gedi_rng_at gives it, and from those whose `minor` is 1, 2, .. more. The same as one by one,
 * faster. */
GEDI_EXPORT void gedi_rng_fill_normal_each(const gedi_rng *first, float *x, int64_t n,
                                           int64_t count);

/* A random permutation of 0 .. n-1 into `p`. */
GEDI_EXPORT void gedi_rng_permutation(gedi_rng *r, int64_t *p, int64_t n);

#endif
