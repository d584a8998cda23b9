/* gaussian_blur.c - sometimes, a Gaussian blur of random width.
 *
 * Source:  torchvision 0.14, transforms.GaussianBlur, functional.gaussian_blur, within RandomApply;
 *          Chen et al. 2020, "A Simple Framework for Contrastive Learning of Visual
 *          Representations" (SimCLR), appendix A: the kernel a tenth of the image, sigma in [.1, 2],
 *          p = .5
 * Inputs:  x  [H, W, C]
 * Output:  with probability p: x'[h, w] = sum_ij k_i k_j x[h + i, w + j], -r <= i, j <= r,
 *          k_i = exp(-i^2 / (2 sigma^2)) / sum, sigma uniform on [sigma_min, sigma_max]; beyond its
 *          border the image goes on as its reflection, of which the border is no part; else x
 * Differs: nothing
 */
#include "plugins/view/image.h"

#include <math.h>

enum { GAUSSIAN_BLUR_MOST = 255 }; /* the widest kernel */

typedef struct gaussian_blur {
    int64_t kernel;
    double sigma_min, sigma_max, p;
} gaussian_blur;

static const gedi_option gaussian_blur_options[] = {
    GEDI_INT(
        gaussian_blur, kernel, 0, 0, GAUSSIAN_BLUR_MOST,
        "side of the kernel in pixels, odd; 0: about a tenth of the shorter side of the "
        "image, at least 3"),
    GEDI_REAL(gaussian_blur, sigma_min, 0.1, 1e-3, 1e3,
              "least standard deviation of the kernel, in pixels"),
    GEDI_REAL(gaussian_blur, sigma_max, 2.0, 1e-3, 1e3, "largest, in pixels"),
    GEDI_REAL(gaussian_blur, p, 0.5, 0.0, 1.0, "probability that the image is blurred"),
    GEDI_END,
};

/* r, of a kernel of 2 r + 1 pixels. */
static int64_t gaussian_blur_reach(const gaussian_blur *o, gedi_shape record)
{
    int64_t least = record.dim[0] < record.dim[1] ? record.dim[0] : record.dim[1];
    int64_t tenth = least / 20, most = GAUSSIAN_BLUR_MOST / 2;
    if (o->kernel)
        return o->kernel / 2;
    return tenth < 1 ? 1 : tenth < most ? tenth : most;
}

/* n numbers, `step` apart, into y. */
static void gaussian_blur_line(const float *x, int64_t n, int64_t step, const double *k,
                               int64_t r, float *y)
{
    for (int64_t i = 0; i < n; i++) {
        double sum = 0;
        for (int64_t j = -r; j <= r; j++)
            sum += k[j + r] * (double)x[image_reflect(i + j, n) * step];
        y[i * step] = (float)sum;
    }
}

static void gaussian_blur_apply(const void *self, gedi_shape record, float *x,
                                float *scratch, gedi_rng *rng)
{
    const gaussian_blur *o = self;
    int64_t high = record.dim[0], row = record.dim[1] * record.dim[2], c = record.dim[2];
    int64_t r = gaussian_blur_reach(o, record);
    double k[GAUSSIAN_BLUR_MOST], sum = 0;
    if (!image_chance(rng, o->p))
        return;
    double sigma = image_between(rng, o->sigma_min, o->sigma_max);
    for (int64_t i = -r; i <= r; i++)
        sum += k[i + r] = exp(-(double)(i * i) / (2 * sigma * sigma));
    for (int64_t i = 0; i <= 2 * r; i++)
        k[i] /= sum;
    for (int64_t j = 0; j < row; j++)
        gaussian_blur_line(x + j, high, row, k, r, scratch + j);
    for (int64_t h = 0; h < high; h++)
        for (int64_t j = 0; j < c; j++)
            gaussian_blur_line(scratch + h * row + j, record.dim[1], c, k, r,
                               x + h * row + j);
}

static gedi_status gaussian_blur_accepts(const void *self, gedi_shape record,
                                         gedi_err *err)
{
    const gaussian_blur *o = self;
    char has[64];
    GEDI_TRY(image_accepts("gaussian_blur", record, 0, err));
    int64_t r = gaussian_blur_reach(o, record);
    if (r < record.dim[0] && r < record.dim[1])
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_SHAPE,
        "view gaussian_blur: a kernel of %lld reaches %lld pixels, which must be "
        "less than height and width of records of shape %s: more cannot be "
        "reflected",
        (long long)(2 * r + 1), (long long)r, gedi_shape_text(record, has, sizeof has));
}

static gedi_status gaussian_blur_check(const void *self, gedi_err *err)
{
    const gaussian_blur *o = self;
    if (o->kernel && o->kernel % 2 == 0)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "kernel: %lld is even; it has a pixel in its middle",
                         (long long)o->kernel);
    if (o->sigma_min > o->sigma_max)
        return GEDI_FAIL(err, GEDI_OPTION, "sigma_min: %g is above sigma_max %g",
                         o->sigma_min, o->sigma_max);
    return GEDI_OK;
}

GEDI_DEFINE(view, gaussian_blur) = {
    GEDI_HEAD(view, gaussian_blur),
    .brief = "blurs the image, at random, by a Gaussian of random width",
    .cite = "torchvision 0.14, transforms.GaussianBlur; Chen et al. 2020, appendix A",
    .self_size = sizeof(gaussian_blur),
    .options = gaussian_blur_options,
    .check = gaussian_blur_check,
    .apply = gaussian_blur_apply,
    .accepts = gaussian_blur_accepts,
};
