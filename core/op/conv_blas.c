/* conv_blas.c - convolutions by OpenBLAS: patches of the image side by side, then products
 * of matrices.
 *
 * Source:  Chellapilla et al. 2006, "High performance convolutional neural networks for
 *          document processing" (patches as rows of a matrix).
 * Inputs:  x, w, y as conv.h says, images in either layout
 * Output:  the map that c->pass names
 * Differs: some rows of an image at a time, so that the patches stay in cache. What one
 *          thread computes at a time depends on the sizes alone, and so do the bytes.
 */
#include "core/op/conv.h"
#include "core/base/loop.h"
#include "core/op/strided.h"

#include <cblas.h>
#include <string.h>

enum {
    PATCHES = 1 << 17,   /* floats of patches at a time, about */
    WORTH = 1 << 22,     /* multiplications: below, threads would wait more than work */
    PARTS = 16,          /* sums of the weights' derivative kept apart, at most */
    PART_WORK = 1 << 24, /* multiplications that are worth one */
};

/* A convolution from `from` to `to` with unequal padding: OUTPUT as it is, INPUT with the
 * kernel turned round. */
typedef struct gather {
    gedi__image from, to;
    int64_t kh, kw, top, left; /* zeros above and left; may be negative */
    int64_t patch;             /* numbers of one: kh kw C, and a 1 that the bias sees */
    bool ones;
    int64_t rows;   /* of `to` at a time */
    int64_t chunks; /* of an image */
} gather;

static gather gather_of(const gedi__conv *c)
{
    gather g = {.kh = c->kh, .kw = c->kw};
    bool back = c->pass == GEDI__CONV_INPUT;
    g.from = back ? c->y : c->x;
    g.to = back ? c->x : c->y;
    g.top = back ? c->kh - 1 - c->pad : c->pad;
    g.left = back ? c->kw - 1 - c->pad : c->pad;
    g.ones = c->pass == GEDI__CONV_WEIGHT && c->bias;
    g.patch = g.kh * g.kw * g.from.c + g.ones;
    g.rows = PATCHES / (g.patch * g.to.w);
    g.rows = g.rows < 1 ? 1 : gedi__min64(g.rows, g.to.h);
    g.chunks = (g.to.h + g.rows - 1) / g.rows;
    return g;
}

static int64_t rounded(int64_t n)
{
    return (n + 15) / 16 * 16;
}

/* Numbers of w; of its derivative, with those of the bias. */
static int64_t kernel_size(const gedi__conv *c)
{
    bool bias = c->pass == GEDI__CONV_WEIGHT && c->bias;
    return (c->kh * c->kw * c->x.c + bias) * c->y.c;
}

static int64_t parts_of(const gedi__conv *c)
{
    int64_t parts = gedi__min64(gedi__conv_work(c) / PART_WORK, PARTS);
    return parts < 1 ? 1 : gedi__min64(parts, c->x.n * gather_of(c).chunks);
}

/* Of one thread: patches, and the numbers of `to` without blocks. */
static int64_t own_scratch(const gather *g)
{
    int64_t pixels = g->rows * g->to.w;
    return rounded(pixels * g->patch) + rounded(pixels * g->to.c);
}

int64_t gedi__conv_blas_scratch(const gedi__conv *c, int threads)
{
    gather g = gather_of(c);
    int64_t shared = c->pass == GEDI__CONV_INPUT ? rounded(kernel_size(c))
                     : c->pass == GEDI__CONV_WEIGHT
                         ? parts_of(c) * rounded(kernel_size(c))
                         : 0;
    return shared + threads * own_scratch(&g);
}

/* ---- images ---- */

/* All channels of one pixel, from or to where they lie side by side. */
static void get_pixel(const gedi__image *m, const float *x, int64_t n, int64_t h,
                      int64_t w, float *to)
{
    int64_t inner = gedi__image_inner(m), area = m->h * m->w;
    const float *from = x + ((n * (m->c / inner) * m->h + h) * m->w + w) * inner;
    for (int64_t k = 0; k < m->c; k += inner, from += area * inner)
        memcpy(to + k, from, (size_t)inner * sizeof *to);
}

static void put_pixel(const gedi__image *m, float *x, int64_t n, int64_t h, int64_t w,
                      const float *from)
{
    int64_t inner = gedi__image_inner(m), area = m->h * m->w;
    float *to = x + ((n * (m->c / inner) * m->h + h) * m->w + w) * inner;
    for (int64_t k = 0; k < m->c; k += inner, to += area * inner)
        memcpy(to, from + k, (size_t)inner * sizeof *to);
}

/* Patches of `rows` rows of `to` from row `first` on: [rows W, patch]. */
static void get_patches(const gather *g, const float *x, int64_t n, int64_t first,
                        int64_t rows, float *patch)
{
    const int64_t c = g->from.c;
    for (int64_t p = first; p < first + rows; p++)
        for (int64_t q = 0; q < g->to.w; q++) {
            for (int64_t i = 0; i < g->kh; i++)
                for (int64_t j = 0; j < g->kw; j++, patch += c) {
                    int64_t h = p + i - g->top, w = q + j - g->left;
                    if (h < 0 || h >= g->from.h || w < 0 || w >= g->from.w)
                        memset(patch, 0, (size_t)c * sizeof *patch);
                    else
                        get_pixel(&g->from, x, n, h, w, patch);
                }
            if (g->ones)
                *patch++ = 1.0f;
        }
}

/* ---- OUTPUT and INPUT ---- */

/* w [kh, kw, C, O] upside down and transposed: [kh, kw, O, C]. */
static void turn_kernel(const gedi__conv *c, const float *w, float *turned)
{
    const int64_t in = c->x.c, out = c->y.c, places = c->kh * c->kw;
    for (int64_t k = 0; k < places; k++, turned += in * out)
        gedi__copy_strided(w + (places - 1 - k) * in * out, (const int64_t[]){1, out},
                           GEDI_DIMS(out, in), turned, 1);
}

static void convolve_rows(const gather *g, const float *x, const float *w,
                          const float *bias, int64_t n, int64_t first, float *y,
                          float *own)
{
    int64_t rows = gedi__min64(g->rows, g->to.h - first), pixels = rows * g->to.w;
    const int64_t c = g->to.c;
    float *patch = own, *z = own + rounded(g->rows * g->to.w * g->patch);
    if (!g->to.blocked)
        z = y + (n * g->to.h + first) * g->to.w * c;
    get_patches(g, x, n, first, rows, patch);
    for (int64_t i = 0; bias && i < pixels; i++)
        memcpy(z + i * c, bias, (size_t)c * sizeof *z);
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, (blasint)pixels, (blasint)c,
                (blasint)g->patch, 1.0f, patch, (blasint)g->patch, w, (blasint)c,
                bias ? 1.0f : 0.0f, z, (blasint)c);
    for (int64_t i = 0; g->to.blocked && i < pixels; i++)
        put_pixel(&g->to, y, n, first + i / g->to.w, i % g->to.w, z + i * c);
}

static void run_images(const gedi__conv *c, const gedi__step *s, int threads)
{
    gather g = gather_of(c);
    const float *w = s->in[1], *bias = c->bias ? s->in[2] : NULL;
    float *scratch = s->scratch;
    if (c->pass == GEDI__CONV_INPUT) {
        turn_kernel(c, s->in[1], scratch);
        w = scratch;
        scratch += rounded(kernel_size(c));
    }
    GEDI__PARALLEL_FOR(threads, job, g.to.n * g.chunks, {
        convolve_rows(&g, s->in[0], w, bias, job / g.chunks, job % g.chunks * g.rows,
                      s->out, scratch + gedi__thread() * own_scratch(&g));
    });
}

/* ---- WEIGHT ---- */

/* gw += patches^T gy, over the chunks `from` to `to` of all images. */
static void sum_chunks(const gather *g, const float *x, const float *gy, int64_t from,
                       int64_t to, float *gw, float *own)
{
    const int64_t c = g->to.c;
    float *patch = own;
    for (int64_t k = from; k < to; k++) {
        int64_t n = k / g->chunks, first = k % g->chunks * g->rows;
        int64_t rows = gedi__min64(g->rows, g->to.h - first), pixels = rows * g->to.w;
        float *z = own + rounded(g->rows * g->to.w * g->patch);
        get_patches(g, x, n, first, rows, patch);
        for (int64_t i = 0; i < pixels; i++)
            get_pixel(&g->to, gy, n, first + i / g->to.w, i % g->to.w, z + i * c);
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, (blasint)g->patch,
                    (blasint)c, (blasint)pixels, 1.0f, patch, (blasint)g->patch, z,
                    (blasint)c, k > from ? 1.0f : 0.0f, gw, (blasint)c);
    }
}

static void run_weight(const gedi__conv *c, const gedi__step *s, int threads)
{
    gather g = gather_of(c);
    int64_t parts = parts_of(c), size = kernel_size(c), chunks = c->x.n * g.chunks;
    float *part = s->scratch, *own = part + parts * rounded(size);
    GEDI__PARALLEL_FOR(threads, p, parts, {
        sum_chunks(&g, s->in[0], s->in[1], chunks * p / parts, chunks * (p + 1) / parts,
                   part + p * rounded(size), own + gedi__thread() * own_scratch(&g));
    });
    for (int64_t i = 0; i < size; i++) {
        float sum = part[i];
        for (int64_t p = 1; p < parts; p++)
            sum += part[p * rounded(size) + i];
        s->out[i] = sum;
    }
}

void gedi__conv_blas_run(const gedi__conv *c, const gedi__step *s)
{
    int threads = gedi__conv_work(c) >= WORTH ? s->threads : 1;
    if (c->pass == GEDI__CONV_WEIGHT)
        run_weight(c, s, threads);
    else
        run_images(c, s, threads);
}
