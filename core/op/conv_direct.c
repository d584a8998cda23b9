/* conv_direct.c - convolutions as their definition has them: patches of the image side by side,
 * then products of matrices.
 *
 * Source:  Chellapilla et al. 2006, "High performance convolutional neural networks for
 *          document processing" (patches as rows of a matrix)
 * Inputs:  x, w, y as conv.h says
 * Output:  the map that c->pass names
 * Differs: some rows of an image at a time, so that the patches stay in cache. What one
 *          thread computes at a time depends on the sizes alone, and so do the bytes. To an
 *          image of few channels, and where the stride is not 1, the derivative goes the other
 *          way round: all that a pixel of gy gives is one row of a product, and rows are added
 *          where they belong.
 */
#include "core/op/conv.h"
#include "core/base/loop.h"
#include "core/base/memory.h"
#include "core/op/product_xsmm.h"
#include "core/op/strided.h"

#include <stdlib.h>
#include <string.h>

enum {
    PATCHES = 1 << 14,   /* floats of patches at a time, about; but at least */
    PIXELS = 64,         /* so many: the kernel is read for each lot, */
    SUMMED = 256,        /* or the sums of WEIGHT */
    WORTH = 1 << 22,     /* multiplications: below, threads would wait more than work */
    PARTS = 16,          /* sums of the weights' derivative kept apart, at most */
    PART_WORK = 1 << 24, /* multiplications that are worth one */
    ROUND = 16,
};

/* From image `from` to image `to`: x and y, with INPUT y and x. */
typedef struct direct {
    gedi__conv_way way;
    gedi__conv conv;
    gedi__image from, to;
    int64_t top, left; /* zeros above and left; may be negative */
    bool scatters,
        pixels;     /* INPUT the other way round; patches are the pixels themselves */
    int64_t stride; /* from patch to patch */
    int64_t patch;  /* numbers of one */
    int64_t rows,
        chunks;     /* of all images at a time, and how often; scattering: of one job */
    int64_t images; /* scattering: of one job */
    int64_t parts;  /* of the sums of WEIGHT */
    gedi__xsmm product[2]; /* of whole chunks, and of the last one */
    /* Floats of scratch: what threads share, and of each. */
    int64_t shared, own, scratch_size;
} direct;

static int64_t rounded(int64_t n)
{
    return (n + ROUND - 1) / ROUND * ROUND;
}

/* ---- patches ---- */

/* memcpy is a call, and these are short. */
static inline void copy(const float *from, int64_t n, float *to)
{
    enum { SOME = 8 };
    int64_t i = 0;
    for (; i + SOME <= n; i += SOME)
        memcpy(to + i, from + i, SOME * sizeof *to);
    if (i && i < n) { /* some of them once more */
        memcpy(to + n - SOME, from + n - SOME, SOME * sizeof *to);
        return;
    }
    for (; i < n; i++)
        to[i] = from[i];
}

/* Row h of a patch whose first column is w, as far as the image goes; what is outside is 0. */
static void get_part(const direct *d, const float *row, int64_t w, float *to)
{
    const gedi__image *m = &d->from;
    int64_t end = d->conv.kw * m->c, from = gedi__min64(w < 0 ? -w * m->c : 0, end);
    int64_t inside = w < m->w ? gedi__min64(end, (m->w - w) * m->c) : from;
    memset(to, 0, (size_t)from * sizeof *to);
    if (from < inside)
        copy(row + w * m->c + from, inside - from, to + from);
    else
        inside = from;
    memset(to + inside, 0, (size_t)(end - inside) * sizeof *to);
}

/* Row i of the patches of row p of `to`. */
static void get_rows(const direct *d, const float *image, int64_t p, int64_t i, float *to)
{
    const gedi__image *m = &d->from;
    const int64_t h = p * d->stride + i - d->top, n = d->conv.kw * m->c;
    const float *row = image + h * m->w * m->c;
    for (int64_t q = 0, w = -d->left; q < d->to.w; q++, w += d->stride, to += d->patch)
        if (h < 0 || h >= m->h)
            memset(to, 0, (size_t)n * sizeof *to);
        else if (w >= 0 && w + d->conv.kw <= m->w)
            copy(row + w * m->c, n, to);
        else
            get_part(d, row, w, to);
}

/* Patches of `rows` rows of `to`, those of all images counted, from row `first` on: [rows W, patch]. With
 * kernels of one place and no zeros around the image they are its pixels. */
static const float *patches(const direct *d, const float *x, int64_t first, int64_t rows,
                            float *own)
{
    const gedi__image *m = &d->from;
    float *to = own;
    if (d->pixels)
        return x + first * m->w * m->c;
    for (int64_t r = first; r < first + rows; r++, to += d->to.w * d->patch)
        for (int64_t i = 0; i < d->conv.kh; i++)
            get_rows(d, x + r / d->to.h * m->h * m->w * m->c, r % d->to.h, i,
                     to + i * d->conv.kw * m->c);
    return own;
}

static int64_t rows_of(const direct *d, int64_t first)
{
    return gedi__min64(d->rows, d->to.n * d->to.h - first);
}

/* The product for so many rows. */
static const gedi__xsmm *product(const direct *d, int64_t rows)
{
    return &d->product[rows < d->rows];
}

/* ---- OUTPUT, and INPUT to images of many channels ---- */

/* w [kh, kw, C, O] upside down and transposed: [kh, kw, O, C]. */
static void turn_kernel(const gedi__conv *c, const float *w, float *turned)
{
    const int64_t in = c->x.c, out = c->y.c, places = c->kh * c->kw;
    for (int64_t k = 0; k < places; k++, turned += in * out)
        gedi__copy_strided(w + (places - 1 - k) * in * out, (const int64_t[]){1, out},
                           GEDI_DIMS(out, in), turned, 1);
}

static void convolve_rows(const direct *d, const gedi__step *s, const float *w,
                          int64_t job, float *own)
{
    const int64_t first = job * d->rows, rows = rows_of(d, first), c = d->to.c;
    float *y = s->out + first * d->to.w * c;
    const float *patch = patches(d, s->in[0], first, rows, own);
    for (int64_t i = 0; d->conv.bias && i < rows * d->to.w; i++)
        memcpy(y + i * c, s->in[2], (size_t)c * sizeof *y);
    gedi__xsmm_run(product(d, rows), patch, w, y);
}

static void run_images(const direct *d, const gedi__step *s, int threads)
{
    const float *w = s->in[1];
    float *own = s->scratch + d->shared;
    if (d->conv.pass == GEDI__CONV_INPUT) {
        turn_kernel(&d->conv, w, s->scratch);
        w = s->scratch;
    }
    GEDI__PARALLEL_FOR(threads, job, d->chunks,
                       { convolve_rows(d, s, w, job, own + gedi__thread() * d->own); });
}

/* ---- INPUT to images of few channels, or with a stride ---- */

/* to += a row of a patch, as far as it is inside. */
static inline void add_row(const direct *d, float *image, int64_t h, int64_t w,
                           const float *from)
{
    const gedi__image *m = &d->to;
    if (h < 0 || h >= m->h)
        return;
    int64_t before = w < 0 ? -w : 0, end = gedi__min64(d->conv.kw, m->w - w);
    const int64_t at = (h * m->w + w) * m->c;
    _Pragma("omp simd") for (int64_t k = before * m->c; k < end * m->c; k++)
        image[at + k] += from[k];
}

/* What rows of y, those of all images counted, give to images. */
static void scatter_rows(const direct *d, int64_t first, int64_t rows, const float *from,
                         float *out)
{
    const gedi__image *m = &d->to, *y = &d->from;
    const gedi__conv *c = &d->conv;
    for (int64_t i = 0; i < rows * y->w; i++, from += d->patch) {
        const int64_t r = first + i / y->w, w = i % y->w * c->stride - c->pad;
        float *image = out + r / y->h * m->h * m->w * m->c;
        for (int64_t k = 0; k < c->kh; k++)
            add_row(d, image, r % y->h * c->stride + k - c->pad, w,
                    from + k * c->kw * m->c);
    }
}

static void scatter_images(const direct *d, const gedi__step *s, int64_t n, float *own)
{
    const gedi__image *m = &d->to, *y = &d->from;
    const int64_t images = gedi__min64(d->images, m->n - n), end = (n + images) * y->h;
    const int64_t size = m->h * m->w * m->c;
    memset(s->out + n * size, 0, (size_t)(images * size) * sizeof *s->out);
    for (int64_t first = n * y->h; first < end; first += d->rows) {
        int64_t rows = gedi__min64(d->rows, end - first);
        gedi__xsmm_run(product(d, rows), s->in[0] + first * y->w * y->c, s->scratch, own);
        scatter_rows(d, first, rows, own, s->out);
    }
}

static void run_scattering(const direct *d, const gedi__step *s, int threads)
{
    const int64_t taps = d->conv.kh * d->conv.kw * d->to.c, out = d->from.c;
    memset(s->scratch, 0, (size_t)d->shared * sizeof *s->scratch);
    for (int64_t k = 0; k < taps; k++)
        for (int64_t o = 0; o < out; o++)
            s->scratch[o * d->patch + k] = s->in[1][k * out + o];
    GEDI__PARALLEL_FOR(threads, job, (d->to.n + d->images - 1) / d->images, {
        scatter_images(d, s, job * d->images,
                       s->scratch + d->shared + gedi__thread() * d->own);
    });
}

/* ---- WEIGHT ---- */

GEDI__CLONES static void add_pixels(const float *gy, int64_t pixels, int64_t c,
                                    float *restrict sum)
{
    for (int64_t i = 0; i < pixels; i++, gy += c)
        _Pragma("omp simd") for (int64_t k = 0; k < c; k++) sum[k] += gy[k];
}

/* gw += patches^T gy, over the chunks `from` to `to` of all images; the bias's after it. */
static void sum_chunks(const direct *d, const gedi__step *s, int64_t from, int64_t to,
                       float *gw, float *own)
{
    const int64_t c = d->to.c;
    for (int64_t k = from; k < to; k++) {
        const int64_t first = k * d->rows, rows = rows_of(d, first);
        const float *gy = s->in[1] + first * d->to.w * c;
        const float *patch = patches(d, s->in[0], first, rows, own);
        gedi__xsmm_run(product(d, rows), patch, gy, gw);
        if (d->conv.bias)
            add_pixels(gy, rows * d->to.w, c, gw + d->patch * c);
    }
}

static void run_weight(const direct *d, const gedi__step *s, int threads)
{
    const int64_t size = (d->patch + d->conv.bias) * d->to.c, stride = rounded(size);
    const int64_t parts = d->parts;
    float *part = s->scratch, *own = part + d->shared;
    memset(part, 0, (size_t)d->shared * sizeof *part);
    GEDI__PARALLEL_FOR(threads, p, parts, {
        sum_chunks(d, s, d->chunks * p / parts, d->chunks * (p + 1) / parts,
                   part + p * stride, own + gedi__thread() * d->own);
    });
    gedi__conv_add_parts(part, stride, parts, size, s->out, threads);
}

static void run(const gedi__step *s)
{
    const direct *d = s->state;
    int threads = gedi__conv_work(&d->conv) >= WORTH ? s->threads : 1;
    if (d->conv.pass == GEDI__CONV_WEIGHT)
        run_weight(d, s, threads);
    else if (d->scatters)
        run_scattering(d, s, threads);
    else
        run_images(d, s, threads);
}

/* ---- the state of a step ---- */

static gedi__xsmm product_of(const direct *d, int64_t pixels)
{
    gedi__xsmm p = {.m = pixels, .n = d->to.c, .k = d->patch, .lda = d->patch};
    p.add = d->conv.bias;
    if (d->scatters) {
        p.n = d->patch;
        p.k = p.lda = d->from.c;
    } else if (d->conv.pass == GEDI__CONV_WEIGHT) {
        p.m = d->patch;
        p.k = pixels;
        p.ta = p.add = true;
    }
    p.ldb = p.ldc = p.n;
    gedi__xsmm_make(&p);
    return p;
}

static void lay_out(direct *d, int threads)
{
    const gedi__conv *c = &d->conv;
    const gedi__image *over = d->scatters ? &d->from : &d->to; /* whose rows are cut */
    int64_t parts = gedi__min64(gedi__conv_work(c) / PART_WORK, PARTS);
    int64_t least = c->pass == GEDI__CONV_WEIGHT ? SUMMED : PIXELS;
    int64_t pixels = PATCHES / d->patch, all = over->n * over->h;
    pixels = pixels < least ? least : pixels;
    d->rows = pixels < over->w ? 1 : gedi__min64(pixels / over->w, all);
    d->images = 1;
    if (d->scatters && d->rows < over->h) {
        all = over->h;
    } else if (d->scatters) {
        d->images = d->rows / over->h;
        d->rows = d->images * over->h;
    }
    d->chunks = (all + d->rows - 1) / d->rows;
    d->parts = parts < 1 ? 1 : gedi__min64(parts, d->chunks);
    /* Not used with pixels, but there, as the others compute with its address. */
    d->own = d->pixels ? ROUND : rounded(d->rows * over->w * d->patch);
    if (c->pass == GEDI__CONV_WEIGHT)
        d->shared = d->parts * rounded((d->patch + c->bias) * d->to.c);
    else if (c->pass == GEDI__CONV_INPUT)
        d->shared = rounded((d->scatters ? d->from.c : d->to.c) * d->patch);
    d->product[0] = product_of(d, d->rows * over->w);
    d->product[1] = product_of(d, (all - (d->chunks - 1) * d->rows) * over->w);
    d->scratch_size = d->shared + threads * d->own;
}

gedi_status gedi__conv_direct_prepare(const gedi__conv *c, gedi__step *step,
                                      gedi_err *err)
{
    enum { FEW = 16 };
    const bool back = c->pass == GEDI__CONV_INPUT;
    direct *d = gedi__alloc(1, sizeof *d, err, "a convolution");
    if (!d)
        return GEDI_NOMEM;
    d->way = (gedi__conv_way){run, free};
    d->conv = *c;
    d->from = back ? c->y : c->x;
    d->to = back ? c->x : c->y;
    d->top = back ? c->kh - 1 - c->pad : c->pad;
    d->left = back ? c->kw - 1 - c->pad : c->pad;
    d->stride = c->stride;
    d->scatters = back && (c->x.c < FEW || c->stride > 1);
    d->pixels = !d->scatters && c->stride == 1 && c->kh == 1 && c->kw == 1 && c->pad == 0;
    d->patch = c->kh * c->kw * (d->scatters ? c->x.c : d->from.c);
    if (d->scatters)
        d->patch = rounded(d->patch);
    lay_out(d, step->threads);
    step->scratch_size = d->scratch_size;
    step->state = d;
    return GEDI_OK;
}
