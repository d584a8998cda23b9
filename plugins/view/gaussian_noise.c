/* gaussian_noise.c - the view that adds independent Gaussian noise to every number.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", T(x'|x) of the synthetic experiments.
 * Inputs:  x  any shape
 * Output:  x + std * N(0, I)
 * Differs: nothing
 */
#include "gedi/plugin.h"

typedef struct gaussian_noise {
    double std;
} gaussian_noise;

static const gedi_option gaussian_noise_options[] = {
    GEDI_REAL(gaussian_noise, std, 0.03, 0.0, 1e6,
              "standard deviation of the noise, in units of x"),
    GEDI_END,
};

static void gaussian_noise_apply(const void *self, gedi_shape record, float *x,
                                 float *scratch, gedi_rng *rng)
{
    const gaussian_noise *o = self;
    int64_t n = gedi_shape_size(record);
    float std = (float)o->std;
    gedi_rng_fill_normal(rng, scratch, n);
    for (int64_t i = 0; i < n; i++)
        x[i] += std * scratch[i];
}

static void gaussian_noise_apply_each(const void *self, gedi_shape record, int64_t count,
                                      float *x, float *scratch, const gedi_rng *first)
{
    const gaussian_noise *o = self;
    int64_t n = gedi_shape_size(record);
    float std = (float)o->std;
    gedi_rng_fill_normal_each(first, scratch, n, count);
    for (int64_t i = 0; i < count * n; i++)
        x[i] += std * scratch[i];
}

GEDI_DEFINE(view, gaussian_noise) = {
    GEDI_HEAD(view, gaussian_noise),
    .brief = "adds independent Gaussian noise to every number",
    .cite = "Sansone & Manhaeve, T(x'|x) of the synthetic experiments",
    .self_size = sizeof(gaussian_noise),
    .options = gaussian_noise_options,
    .apply = gaussian_noise_apply,
    .apply_each = gaussian_noise_apply_each,
};
