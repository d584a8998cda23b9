/* colour.h - brightness, contrast, saturation, hue of RGB images, each by a factor.
 *
 * Source:  torchvision 0.14, torchvision.transforms.functional: adjust_brightness,
 *          adjust_contrast, adjust_saturation, adjust_hue, rgb_to_grayscale, for float tensors
 * Inputs:  x  [n, 3]  pixels in [0, 1]
 * Output:  x in place, in [0, 1]
 * Differs: hue first clamps to [0, 1], which rounding may have left.
 */
#ifndef GEDI_PLUGINS_VIEW_COLOUR_H
#define GEDI_PLUGINS_VIEW_COLOUR_H

#include <math.h>
#include <stdint.h>

static inline float colour_clamp(float v)
{
    v = v > 0.0f ? v : 0.0f;
    return v < 1.0f ? v : 1.0f;
}

/* The luma of ITU-R 601, with the four digits that torchvision has; they add up to .9999. */
static inline float colour_grey(const float *rgb)
{
    return 0.2989f * rgb[0] + 0.587f * rgb[1] + 0.114f * rgb[2];
}

static inline void colour_brightness(float *x, int64_t n, float factor)
{
    for (int64_t i = 0; i < 3 * n; i++)
        x[i] = colour_clamp(factor * x[i]);
}

/* Away from, or towards, the mean grey of the image. */
static inline void colour_contrast(float *x, int64_t n, float factor)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += (double)colour_grey(x + 3 * i);
    float rest = (1.0f - factor) * (float)(sum / (double)n);
    for (int64_t i = 0; i < 3 * n; i++)
        x[i] = colour_clamp(factor * x[i] + rest);
}

/* Away from, or towards, the grey of each pixel. */
static inline void colour_saturation(float *x, int64_t n, float factor)
{
    for (int64_t i = 0; i < n; i++) {
        float *p = x + 3 * i, rest = (1.0f - factor) * colour_grey(p);
        for (int c = 0; c < 3; c++)
            p[c] = colour_clamp(factor * p[c] + rest);
    }
}

/* Hue in [0, 1) of a pixel whose largest and smallest channel differ by `range` > 0. */
static inline float colour_hue_of(const float *p, float largest, float range)
{
    float r = (largest - p[0]) / range, g = (largest - p[1]) / range,
          b = (largest - p[2]) / range;
    float sixths = largest == p[0]   ? b - g
                   : largest == p[1] ? 2.0f + r - b
                                     : 4.0f + g - r;
    float h = sixths / 6.0f;
    return h < 0.0f ? h + 1.0f : h;
}

/* A pixel from hue, saturation and value. */
static inline void colour_from_hsv(float h, float s, float v, float *p)
{
    float sixths = h * 6.0f, whole = floorf(sixths), f = sixths - whole;
    float low = colour_clamp(v * (1.0f - s)), falling = colour_clamp(v * (1.0f - s * f)),
          rising = colour_clamp(v * (1.0f - s * (1.0f - f)));
    const float rgb[6][3] = {{v, rising, low},  {falling, v, low}, {low, v, rising},
                             {low, falling, v}, {rising, low, v},  {v, low, falling}};
    const float *colour = rgb[(int)whole % 6];
    for (int c = 0; c < 3; c++)
        p[c] = colour[c];
}

/* Turns the hue by `shift` of the circle, in [-0.5, 0.5]. */
static inline void colour_hue(float *x, int64_t n, float shift)
{
    for (int64_t i = 0; i < n; i++) {
        float *p = x + 3 * i;
        for (int c = 0; c < 3; c++)
            p[c] = colour_clamp(p[c]);
        float largest = fmaxf(fmaxf(p[0], p[1]), p[2]);
        float range = largest - fminf(fminf(p[0], p[1]), p[2]);
        if (!(range > 0.0f))
            continue; /* grey has no hue */
        float h = colour_hue_of(p, largest, range) + shift;
        colour_from_hsv(h - floorf(h), range / largest, largest, p);
    }
}

#endif
