/* conv.h - convolutions as the libraries below see them: sizes, layouts and which of the
 * three maps is wanted.
 *
 * y[n, p, q, o] = sum over i, j, c of x[n, p + i - pad, q + j - pad, c] w[i, j, c, o],
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
    int64_t kh, kw, pad;
    bool bias; /* OUTPUT: is added to y; WEIGHT: its derivative follows that of w */
} gedi__conv;

/* Shape of the kernel, [kh, kw, C, O]. */
gedi_shape gedi__conv_kernel(const gedi__conv *c);
/* Multiplications that the definition has. */
int64_t gedi__conv_work(const gedi__conv *c);

/* By OpenBLAS: any sizes, either layout. Floats of scratch for so many threads; and running
 * one step of a program. */
int64_t gedi__conv_blas_scratch(const gedi__conv *c, int threads);
void gedi__conv_blas_run(const gedi__conv *c, const gedi__step *s);

/* What another library or algorithm than these keeps for a step begins with this. */
typedef struct gedi__conv_way {
    void (*run)(const gedi__step *s);
    void (*release)(void *state);
} gedi__conv_way;

/* By Winograd's algorithm: leaves s->state NULL where that does not pay. */
gedi_status gedi__winograd_prepare(const gedi__conv *c, gedi__step *s, gedi_err *err);

/* By oneDNN, if gedi was built with it: leaves s->state NULL for what it has no good code
 * for. Errors: GEDI_NOMEM, GEDI_STATE.  */
gedi_status gedi__onednn_prepare(const gedi__conv *c, gedi__step *s, gedi_err *err);

/* "oneDNN 2.6.3", or NULL without. */
const char *gedi__onednn_version(char *out, size_t n);
/* Are blocked images the fast ones here? */
bool gedi__onednn_likes_blocks(void);

#endif
