/* @NAME@.c - a view: the record times a random factor.
 *
 * Source:  the paper and its section
 * Inputs:  x  any shape
 * Output:  x * exp(std * N(0, 1)), one factor a record
 * Differs: nothing
 */
#include <gedi/gedi.h>
#include <math.h>

typedef struct {
    double std;
} @NAME@_self;

static const gedi_option @NAME@_options[] = {
    GEDI_REAL(@NAME@_self, std, 0.1, 0.0, 10.0, "standard deviation of the log factor"),
    GEDI_END,
};

static void @NAME@_apply(const void *self, gedi_shape record, float *x, float *scratch,
                         gedi_rng *rng)
{
    const @NAME@_self *o = self;
    (void)scratch; /* as large as x, for views that need a second place */
    float factor = expf((float)o->std * gedi_rng_normal(rng));
    int64_t n = gedi_shape_size(record);
    for (int64_t i = 0; i < n; i++)
        x[i] *= factor;
}

GEDI_DEFINE(view, @NAME@) = {
    GEDI_HEAD(view, @NAME@),
    .brief = "multiplies a record by a random factor",
    .cite = "",
    .self_size = sizeof(@NAME@_self),
    .options = @NAME@_options,
    .apply = @NAME@_apply,
};
