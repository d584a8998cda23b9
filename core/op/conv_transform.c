/* conv_transform.c - Winograd's transformations, for each width of a processor's vectors.
 *
 * Source:  Lavin & Gray 2016, "Fast algorithms for convolutional neural networks", section 4:
 *          F(4x4, 3x3), and F(3x3, 4x4) for the derivative to the kernel; with stride 2
 *          F(2, 2) over every other pixel, and the definition over the rest
 * Inputs:  pixels and kernels, channels side by side
 * Output:  for each of 36 points, or 25, the factors of the products, and back
 * Differs: the points are 0, +-5/8, +-3/2 and infinity, not 0, +-1, +-2 and infinity: the
 *          factors of the transformations, and with them the rounding, are smaller.
 */
#include "core/op/winograd.h"
#include "core/base/loop.h"

#define A1 0.625f
#define B1 1.5f
#define A2 (A1 * A1)
#define B2 (B1 * B1)
#define A2B2 (A2 * B2)
#define SUM2 (A2 + B2)
/* One over N_p */
#define N0 (1.0f / A2B2)
#define NA (1.0f / (2.0f * A2 * (A2 - B2)))
#define NB (1.0f / (2.0f * B2 * (B2 - A2)))

#define LANES 4
#define TARGET
#include "core/op/conv_lanes.h"

#if defined(__x86_64__)
#define LANES 8
#define TARGET __attribute__((target("avx2")))
#include "core/op/conv_lanes.h"
#define LANES 16
#define TARGET __attribute__((target("avx512f")))
#include "core/op/conv_lanes.h"
#endif

int gedi__winograd_lanes(void)
{
#if defined(__x86_64__)
    int lanes = gedi__xsmm_lanes(), any = lanes == 0;
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && (any || lanes >= 16))
        return 16;
    if (__builtin_cpu_supports("avx2") && (any || lanes >= 8))
        return 8;
#endif
    return 4;
}

const gedi__transforms *gedi__transforms_here(gedi__tile_kind kind)
{
#if defined(__x86_64__)
    int lanes = gedi__winograd_lanes();
    if (lanes == 16)
        return transforms_16(kind);
    if (lanes == 8)
        return transforms_8(kind);
#endif
    return transforms_4(kind);
}
