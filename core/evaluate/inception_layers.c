/* inception_layers.c - what the Inception network is made of: convolutions, pools, resizing.
 *
 * Convolutions lay the windows of some places out as rows of a matrix, and multiply it with
 * the weights; a window of 1 x 1 is such a row as it lies. NaN goes through all of this.
 */
#include "core/evaluate/inception_layers.h"
#include "core/base/loop.h"

#include <cblas.h>
#include <string.h>

enum {
    PATCHES = 1 << 19, /* floats that are laid out at a time, about: they stay in cache */
    FEWEST = 64,       /* places at a time, however large their windows */
};

static int64_t pad_of(const gedi__window *w, int64_t k)
{
    return w->same ? (k - 1) / 2 : 0;
}

void gedi__window_size(const gedi__window *w, const gedi__maps *in, gedi__maps *out)
{
    out->high = (in->high + 2 * pad_of(w, w->kh) - w->kh) / w->stride + 1;
    out->wide = (in->wide + 2 * pad_of(w, w->kw) - w->kw) / w->stride + 1;
}

/* ---- convolution ---- */

static int64_t rows_of(const gedi__window *w, int64_t channels)
{
    int64_t rows = PATCHES / (w->kh * w->kw * channels);
    return rows < FEWEST ? FEWEST : rows;
}

int64_t gedi__window_scratch(const gedi__window *w, int64_t channels)
{
    return rows_of(w, channels) * w->kh * w->kw * channels;
}

/* The window of the output's place (i, j) as one row; zeros outside. */
static void lay_out(const gedi__window *w, const gedi__maps *in, int64_t i, int64_t j,
                    float *row)
{
    const int64_t c = in->channels;
    int64_t top = i * w->stride - pad_of(w, w->kh);
    int64_t left = j * w->stride - pad_of(w, w->kw);
    for (int64_t a = top; a < top + w->kh; a++)
        for (int64_t b = left; b < left + w->kw; b++, row += c)
            if (a < 0 || a >= in->high || b < 0 || b >= in->wide)
                memset(row, 0, (size_t)c * sizeof *row);
            else
                memcpy(row, in->x + (a * in->wide + b) * c, (size_t)c * sizeof *row);
}

/* Windows of the places first .. first + rows - 1. */
static const float *patches(const gedi__window *w, const gedi__maps *in, int64_t wide,
                            int64_t first, int64_t rows, float *scratch)
{
    const int64_t patch = w->kh * w->kw * in->channels;
    if (w->kh == 1 && w->kw == 1 && w->stride == 1)
        return in->x + first * patch;
    for (int64_t r = 0; r < rows; r++)
        lay_out(w, in, (first + r) / wide, (first + r) % wide, scratch + r * patch);
    return scratch;
}

GEDI__CLONES
static void add_bias_and_cut(float *y, const float *bias, int64_t n)
{
    for (int64_t k = 0; k < n; k++) {
        float v = y[k] + bias[k];
        y[k] = v < 0 ? 0 : v;
    }
}

void gedi__convolve_maps(const gedi__window *w, const gedi__maps *in, const float *weight,
                         const float *bias, int64_t count, const gedi__maps *out,
                         int64_t first, float *scratch)
{
    const int64_t places = out->high * out->wide, c = out->channels;
    const int64_t patch = w->kh * w->kw * in->channels, some = rows_of(w, in->channels);
    for (int64_t at = 0; at < places; at += some) {
        int64_t rows = gedi__min64(places - at, some);
        const float *x = patches(w, in, out->wide, at, rows, scratch);
        float *y = out->x + at * c + first;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)rows,
                    (blasint)count, (blasint)patch, 1.0f, x, (blasint)patch, weight,
                    (blasint)count, 0.0f, y, (blasint)c);
        for (int64_t r = 0; r < rows; r++)
            add_bias_and_cut(y + r * c, bias, count);
    }
}

/* ---- pooling ---- */

GEDI__CLONES
static void take_larger(float *y, const float *x, int64_t n)
{
    for (int64_t k = 0; k < n; k++)
        y[k] = x[k] > y[k] || x[k] != x[k] ? x[k] : y[k];
}

GEDI__CLONES
static void add_to(float *y, const float *x, int64_t n)
{
    for (int64_t k = 0; k < n; k++)
        y[k] += x[k];
}

/* All channels of the output's place (i, j). */
static void pool_place(const gedi__window *w, const gedi__maps *in, int64_t i, int64_t j,
                       bool mean, float *y)
{
    const int64_t c = in->channels;
    int64_t count = 0, top = i * w->stride - pad_of(w, w->kh);
    int64_t left = j * w->stride - pad_of(w, w->kw);
    int64_t bottom = gedi__min64(top + w->kh, in->high);
    int64_t right = gedi__min64(left + w->kw, in->wide);
    for (int64_t a = top < 0 ? 0 : top; a < bottom; a++)
        for (int64_t b = left < 0 ? 0 : left; b < right; b++, count++) {
            const float *x = in->x + (a * in->wide + b) * c;
            if (!count)
                memcpy(y, x, (size_t)c * sizeof *y);
            else if (mean)
                add_to(y, x, c);
            else
                take_larger(y, x, c);
        }
    for (int64_t k = 0; mean && k < c; k++)
        y[k] /= (float)count;
}

void gedi__pool_maps(const gedi__window *w, const gedi__maps *in, bool mean,
                     const gedi__maps *out, int64_t first)
{
    float *y = out->x + first;
    for (int64_t i = 0; i < out->high; i++)
        for (int64_t j = 0; j < out->wide; j++, y += out->channels)
            pool_place(w, in, i, j, mean, y);
}

/* ---- resizing ---- */

typedef struct between { /* two pixels and the share of the second */
    int64_t lower, upper;
    float share;
} between;

static between source_of(int64_t i, int64_t from, int64_t to)
{
    double at = ((double)i + 0.5) * (double)from / (double)to - 0.5;
    if (at < 0)
        at = 0;
    int64_t lower = (int64_t)at;
    return (between){lower, gedi__min64(lower + 1, from - 1),
                     (float)(at - (double)lower)};
}

void gedi__resize_map(const gedi__maps *in, const gedi__maps *out)
{
    const int64_t c = in->channels, row = in->wide * c;
    float *y = out->x;
    for (int64_t i = 0; i < out->high; i++) {
        between v = source_of(i, in->high, out->high);
        const float *top = in->x + v.lower * row, *bottom = in->x + v.upper * row;
        for (int64_t j = 0; j < out->wide; j++) {
            between h = source_of(j, in->wide, out->wide);
            for (int64_t k = 0; k < c; k++) {
                int64_t l = h.lower * c + k, r = h.upper * c + k;
                float above = top[l] + h.share * (top[r] - top[l]);
                float below = bottom[l] + h.share * (bottom[r] - bottom[l]);
                *y++ = above + v.share * (below - above);
            }
        }
    }
}
