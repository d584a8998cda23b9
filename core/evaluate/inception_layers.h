/* inception_layers.h - what the Inception network is made of: convolutions, pools, resizing.
 *
 * For evaluation alone: nothing here is differentiable, and bias and ReLU belong to every
 * convolution. The graph's operations know neither strides nor windows of unequal sides.
 */
#ifndef GEDI_EVALUATE_INCEPTION_LAYERS_H
#define GEDI_EVALUATE_INCEPTION_LAYERS_H

#include <stdbool.h>
#include <stdint.h>

typedef struct gedi__maps { /* an image, or what a layer makes of it */
    int64_t high, wide, channels;
    float *x; /* [high, wide, channels] */
} gedi__maps;

typedef struct gedi__window { /* of a convolution or a pool */
    int64_t kh, kw, stride;
    bool
        same; /* padded so that with stride 1 the size stays; else all within the image */
} gedi__window;

/* Sets height and width of what comes out. */
void gedi__window_size(const gedi__window *w, const gedi__maps *in, gedi__maps *out);

/* max(in * weight + bias, 0) into channels `first` .. `first + count - 1` of `out`.
 * weight [kh, kw, C, count], bias [count]; scratch has gedi__window_scratch floats. */
int64_t gedi__window_scratch(const gedi__window *w, int64_t channels);
void gedi__convolve_maps(const gedi__window *w, const gedi__maps *in, const float *weight,
                         const float *bias, int64_t count, const gedi__maps *out,
                         int64_t first, float *scratch);

/* The mean over each window, or the largest, into channels `first` .. of `out`; what lies
 * outside the image does not count. */
void gedi__pool_maps(const gedi__window *w, const gedi__maps *in, bool mean,
                     const gedi__maps *out, int64_t first);

/* Bilinearly to another size, centres of pixels at halves, without antialiasing; both have the
 * same channels. */
void gedi__resize_map(const gedi__maps *in, const gedi__maps *out);

#endif
