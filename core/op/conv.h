/* conv.h - convolutions as those see them who compute them: sizes, and which of the three maps
 * is wanted.
 *
 * y[n, p, q, o] = sum over i, j, c of x[n, stride p + i - pad, stride q + j - pad, c] w[i, j, c, o],
 * x being 0 outside. The other two are its derivatives; all three are bilinear.
 */
#ifndef GEDI_OP_CONV_H
#define GEDI_OP_CONV_H

#include "core/op/image.h"

typedef enum gedi__conv_pass {
    GEDI__CONV_OUTPUT, /* x, w -> y */
    GEDI__CONV_INPUT,  /* y, w -> x */
    GEDI__CONV_WEIGHT, /* x, y -> w */
} gedi__conv_pass;

typedef struct gedi__conv {
    gedi__conv_pass pass;
    gedi__image x, y; /* y has the output's channels */
    int64_t kh, kw, pad, stride;
    bool bias; /* OUTPUT: is added to y; WEIGHT: its derivative follows that of w */
} gedi__conv;

/* Shape of the kernel, [kh, kw, C, O]. */
gedi_shape gedi__conv_kernel(const gedi__conv *c);
/* Multiplications that the definition has. */
int64_t gedi__conv_work(const gedi__conv *c);

/* What is kept for a step begins with this. */
typedef struct gedi__conv_way {
    void (*run)(const gedi__step *s);
    void (*release)(void *state);
} gedi__conv_way;

/* By Winograd's algorithm: leaves s->state NULL where that does not pay. */
gedi_status gedi__winograd_prepare(const gedi__conv *c, gedi__step *s, gedi_err *err);
/* As the definition has it: any sizes. */
gedi_status gedi__conv_direct_prepare(const gedi__conv *c, gedi__step *s, gedi_err *err);

/* to[i] = the sum of number i of all parts, which begin `stride` apart: always in the same
 * order. */
void gedi__conv_add_parts(const float *part, int64_t stride, int64_t parts, int64_t n,
                          float *to, int threads);

#endif
