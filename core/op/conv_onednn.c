/* conv_onednn.c - convolutions by oneDNN 2, in its C interface.
 *
 * Source:  Lavin & Gray 2016, "Fast algorithms for convolutional neural networks": 3x3
 *          kernels by Winograd's F(4x4, 3x3) where there is enough to do, a quarter of the
 *          multiplications; otherwise the direct algorithm
 * Inputs:  x, w, y as conv.h says, images in either layout
 * Output:  the map that c->pass names
 * Differs: the batch is cut into pieces whose number depends on the sizes alone. Each is
 *          computed by one thread, so the bytes do not depend on how many there are, and its
 *          intermediate results stay in cache.
 */
#include "core/op/conv.h"
#include "core/op/onednn.h"
#include "core/base/loop.h"
#include "core/op/strided.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WINOGRAD_CHANNELS = 32, /* fewer do not pay for the transformations */
    WINOGRAD_PIXELS = 1024, /* of a piece */
};

/* So many pieces are worth having where each has so many pixels: many are for many
 * threads. Measured with 128 channels, in GFLOP/s of one thread: 270 for 1024 pixels, 335
 * for 2048, 365 for 4096, 385 for 8192, 400 for 16384. */
typedef struct rung {
    int64_t pieces, pixels;
} rung;
enum { RUNGS = 4 };
static const rung ladder[RUNGS] = {{2, 512}, {4, 2048}, {8, 4096}, {16, 8192}};
/* With a kernel that was made ready, all have 390 to 420. */
static const rung kept_ladder[RUNGS] = {{2, 512}, {4, 1024}, {8, 2048}, {64, 4096}};

/* x, w and y, as arrays have them. */
typedef enum role { X, W, Y, ROLES } role;

/* One of them, as we hold it and as the primitive wants it. */
typedef struct operand {
    dnnl_memory_desc_t ours, theirs;
    dnnl_memory_desc_t part;  /* of theirs, what is ours: without added channels */
    dnnl_primitive_t reorder; /* between the two; NULL where they are the same */
} operand;

/* The convolution of a piece of so many images. */
typedef struct kernel {
    int64_t images;
    dnnl_primitive_t run;
    operand operand[ROLES];
    dnnl_memory_desc_t bias, scratchpad;
} kernel;

/* What one thread needs to run a kernel; where numbers lie is said every time. */
typedef struct worker {
    dnnl_stream_t stream;
    dnnl_memory_t ours[ROLES], part[ROLES], theirs[ROLES], bias, scratchpad;
    dnnl_status_t status;
} worker;

enum { KERNELS = 2 }; /* of whole pieces, and of the last one */

typedef struct state {
    gedi__conv_way way;
    gedi__conv conv; /* what is computed */
    gedi__image y;   /* its output, without added channels */
    dnnl_engine_t engine;
    int kernels, workers;
    int64_t pieces;
    /* For Winograd w is transformed; where it stands, once for many runs. Only oneDNN's
     * code for inference takes it so, which has no map back: but that is a convolution,
     * too, with w flipped. */
    bool keeps, flipped;
    float *kept;
    kernel kernel[KERNELS];
    worker *worker; /* [workers][KERNELS] */
    /* Scratch, in floats. First w as kernels want it, or what each piece adds to its
     * derivative and, behind that, to the bias's; then, of each worker, x and y as kernels
     * want them and what kernels work in. */
    size_t w_size, part_size, own_at, own_size;
    size_t at[ROLES], work_at; /* in a worker's */
} state;

static const int argument[][ROLES] = {
    [GEDI__CONV_OUTPUT] = {DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST},
    [GEDI__CONV_INPUT] = {DNNL_ARG_DIFF_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DIFF_DST},
    [GEDI__CONV_WEIGHT] = {DNNL_ARG_SRC, DNNL_ARG_DIFF_WEIGHTS, DNNL_ARG_DIFF_DST},
};
static const dnnl_query_t query[][ROLES] = {
    [GEDI__CONV_OUTPUT] = {dnnl_query_src_md, dnnl_query_weights_md, dnnl_query_dst_md},
    [GEDI__CONV_INPUT] = {dnnl_query_diff_src_md, dnnl_query_weights_md,
                          dnnl_query_diff_dst_md},
    [GEDI__CONV_WEIGHT] = {dnnl_query_src_md, dnnl_query_diff_weights_md,
                           dnnl_query_diff_dst_md},
};
static const role result_of[] = {
    [GEDI__CONV_OUTPUT] = Y, [GEDI__CONV_INPUT] = X, [GEDI__CONV_WEIGHT] = W};
/* Which input of the step it is; -1: its output. */
static const int input[][ROLES] = {
    [GEDI__CONV_OUTPUT] = {0, 1, -1},
    [GEDI__CONV_INPUT] = {-1, 1, 0},
    [GEDI__CONV_WEIGHT] = {0, -1, 1},
};

#define TRY(call) GEDI__ONEDNN_TRY(call)

const char *gedi__onednn_version(char *out, size_t n)
{
    const dnnl_version_t *v = dnnl_version();
    snprintf(out, n, "oneDNN %d.%d.%d", v->major, v->minor, v->patch);
    return out;
}

/* Its kernels for AVX2 take images as they are. */
bool gedi__onednn_likes_blocks(void)
{
    return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) ==
           dnnl_cpu_isa_avx512_core;
}

/* ---- descriptions ---- */

static dnnl_status_t describe_image(const gedi__image *m, int64_t images,
                                    dnnl_format_tag_t tag, dnnl_memory_desc_t *out)
{
    const dnnl_dims_t dims = {images, m->c, m->h, m->w};
    return dnnl_memory_desc_init_by_tag(out, 4, dims, dnnl_f32, tag);
}

static dnnl_status_t describe_kernel(const gedi__conv *c, dnnl_format_tag_t tag,
                                     dnnl_memory_desc_t *out)
{
    const dnnl_dims_t dims = {c->y.c, c->x.c, c->kh, c->kw};
    return dnnl_memory_desc_init_by_tag(out, 4, dims, dnnl_f32, tag);
}

static dnnl_format_tag_t layout_of(const gedi__image *m)
{
    return m->blocked ? dnnl_nChw16c : dnnl_nhwc;
}

static dnnl_status_t describe_ours(const state *s, kernel *k)
{
    const gedi__conv *c = &s->conv;
    const dnnl_dims_t outputs = {c->y.c};
    TRY(describe_image(&c->x, k->images, layout_of(&c->x), &k->operand[X].ours));
    TRY(describe_image(&s->y, k->images, layout_of(&s->y), &k->operand[Y].ours));
    TRY(describe_kernel(c, dnnl_hwio, &k->operand[W].ours));
    return dnnl_memory_desc_init_by_tag(&k->bias, 1, outputs, dnnl_f32, dnnl_a);
}

static size_t floats(const dnnl_memory_desc_t *d)
{
    return (dnnl_memory_desc_get_size(d) + 63) / 64 * 16; /* whole cache lines */
}

/* ---- making a kernel ---- */

/* A way to compute it: the algorithm, and the layouts it wants. */
typedef struct way {
    dnnl_alg_kind_t algorithm;
    dnnl_format_tag_t x, y;
} way;

/* What may be fast, the best first; the same for all pieces. */
static int ways_of(const state *s, way out[3])
{
    const gedi__conv *c = &s->conv;
    int64_t pixels = s->kernel[0].images * c->y.h * c->y.w;
    bool large = c->x.c >= WINOGRAD_CHANNELS &&
                 (c->y.c >= WINOGRAD_CHANNELS || s->y.c != c->y.c) &&
                 pixels >= WINOGRAD_PIXELS && c->y.h > 4 && c->y.w > 4;
    int n = 0;
    if (c->y.blocked || s->flipped) {
        /* oneDNN has code of its own for the few channels of a picture, but not for their
         * derivative: that gets zeros for the missing channels. */
        bool blocked = c->x.blocked || c->pass == GEDI__CONV_INPUT;
        dnnl_format_tag_t x = blocked ? dnnl_nChw16c : dnnl_nchw;
        if (large && c->x.blocked && c->kh == 3 && c->kw == 3)
            out[n++] = (way){dnnl_convolution_winograd, x, dnnl_nChw16c};
        if (s->keeps)
            return n; /* other ways transform nothing */
        out[n++] = (way){dnnl_convolution_direct, x, dnnl_nChw16c};
    }
    if (!s->keeps)
        out[n++] = (way){dnnl_convolution_direct, dnnl_nhwc, dnnl_nhwc};
    return n;
}

/* The primitive's description. `w` is the kernel's layout where it is settled, or NULL. */
static dnnl_status_t describe_pass(const state *s, const kernel *k, const way *how,
                                   const dnnl_memory_desc_t *settled,
                                   const_dnnl_primitive_attr_t attr,
                                   dnnl_primitive_desc_t *out)
{
    const gedi__conv *c = &s->conv;
    const dnnl_dims_t stride = {1, 1}, dilation = {0}, pad = {c->pad, c->pad};
    const dnnl_alg_kind_t algorithm = how->algorithm;
    dnnl_memory_desc_t x, y, w;
    dnnl_convolution_desc_t d;
    dnnl_primitive_desc_t forward;
    TRY(describe_image(&c->x, k->images, how->x, &x));
    TRY(describe_image(&c->y, k->images, how->y, &y));
    TRY(describe_kernel(c, dnnl_format_tag_any, &w));
    if (settled)
        w = *settled;
    TRY(dnnl_dilated_convolution_forward_desc_init(
        &d, s->keeps ? dnnl_forward_inference : dnnl_forward_training, algorithm, &x, &w,
        c->bias ? &k->bias : NULL, &y, stride, dilation, pad, pad));
    if (c->pass == GEDI__CONV_OUTPUT)
        return dnnl_primitive_desc_create(out, &d, attr, s->engine, NULL);
    TRY(dnnl_primitive_desc_create(&forward, &d, NULL, s->engine, NULL));
    dnnl_status_t status =
        c->pass == GEDI__CONV_INPUT
            ? dnnl_dilated_convolution_backward_data_desc_init(&d, algorithm, &x, &w, &y,
                                                               stride, dilation, pad, pad)
            : dnnl_dilated_convolution_backward_weights_desc_init(
                  &d, algorithm, &x, &w, c->bias ? &k->bias : NULL, &y, stride, dilation,
                  pad, pad);
    if (status == dnnl_success)
        status = dnnl_primitive_desc_create(out, &d, attr, s->engine, forward);
    dnnl_primitive_desc_destroy(forward);
    return status;
}

static dnnl_status_t make_reorder(const state *s, operand *o, bool result)
{
    const dnnl_memory_desc_t *from = result ? &o->part : &o->ours;
    const dnnl_memory_desc_t *to = result ? &o->ours : &o->part;
    dnnl_primitive_desc_t d;
    if (dnnl_memory_desc_equal(from, to))
        return dnnl_success;
    TRY(dnnl_reorder_primitive_desc_create(&d, from, s->engine, to, s->engine, NULL));
    dnnl_status_t status = dnnl_primitive_create(&o->reorder, d);
    dnnl_primitive_desc_destroy(d);
    return status;
}

/* dnnl_unimplemented where oneDNN has only its reference code, a thousand times slower. */
static dnnl_status_t take(const state *s, kernel *k, const_dnnl_primitive_desc_t d)
{
    const gedi__conv *c = &s->conv;
    const char *name = "";
    TRY(dnnl_primitive_desc_query(d, dnnl_query_impl_info_str, 0, &name));
    if (!strncmp(name, "ref", 3))
        return dnnl_unimplemented;
    for (int i = 0; i < ROLES; i++) {
        operand *o = &k->operand[i];
        o->theirs = o->part = *dnnl_primitive_desc_query_md(d, query[c->pass][i], 0);
        if (i == Y && s->y.c != c->y.c)
            TRY(describe_image(&s->y, k->images, dnnl_nChw16c, &o->part));
        omp_set_num_threads(i == W ? s->workers : 1);
        dnnl_status_t status = make_reorder(s, o, result_of[c->pass] == (role)i);
        omp_set_num_threads(1);
        TRY(status);
    }
    k->scratchpad = *dnnl_primitive_desc_query_md(d, dnnl_query_scratchpad_md, 0);
    return dnnl_primitive_create(&k->run, d);
}

static void clear_kernel(kernel *k)
{
    for (int i = 0; i < ROLES; i++) {
        dnnl_primitive_destroy(k->operand[i].reorder);
        k->operand[i].reorder = NULL;
    }
    dnnl_primitive_destroy(k->run);
    k->run = NULL;
}

/* The first way that oneDNN has code for; dnnl_unimplemented if there is none. */
static dnnl_status_t make_kernel(const state *s, kernel *k, const dnnl_memory_desc_t *w)
{
    way ways[3];
    int n = ways_of(s, ways);
    dnnl_primitive_attr_t attr;
    TRY(describe_ours(s, k));
    TRY(dnnl_primitive_attr_create(&attr));
    dnnl_status_t status =
        dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user);
    for (int i = 0; i < n && status == dnnl_success && !k->run; i++) {
        dnnl_primitive_desc_t d;
        status = describe_pass(s, k, &ways[i], w, attr, &d);
        if (status == dnnl_success) {
            status = take(s, k, d);
            dnnl_primitive_desc_destroy(d);
        }
        if (status == dnnl_unimplemented && i < n - 1)
            status = dnnl_success; /* the next way */
        if (!k->run)
            clear_kernel(k);
    }
    dnnl_primitive_attr_destroy(attr);
    return status == dnnl_success && !k->run ? dnnl_unimplemented : status;
}

/* ---- the state of a step ---- */

static dnnl_status_t make_worker(const state *s, const kernel *k, worker *w)
{
    TRY(dnnl_stream_create(&w->stream, s->engine, dnnl_stream_default_flags));
    for (int i = 0; i < ROLES; i++) {
        TRY(dnnl_memory_create(&w->ours[i], &k->operand[i].ours, s->engine,
                               DNNL_MEMORY_NONE));
        TRY(dnnl_memory_create(&w->theirs[i], &k->operand[i].theirs, s->engine,
                               DNNL_MEMORY_NONE));
        TRY(dnnl_memory_create(&w->part[i], &k->operand[i].part, s->engine,
                               DNNL_MEMORY_NONE));
    }
    TRY(dnnl_memory_create(&w->bias, &k->bias, s->engine, DNNL_MEMORY_NONE));
    return dnnl_memory_create(&w->scratchpad, &k->scratchpad, s->engine,
                              DNNL_MEMORY_NONE);
}

static void clear_worker(worker *w)
{
    for (int i = 0; i < ROLES; i++) {
        dnnl_memory_destroy(w->ours[i]);
        dnnl_memory_destroy(w->theirs[i]);
        dnnl_memory_destroy(w->part[i]);
    }
    dnnl_memory_destroy(w->bias);
    dnnl_memory_destroy(w->scratchpad);
    dnnl_stream_destroy(w->stream);
}

/* Pieces of one size, and perhaps a last one that is smaller. */
static void cut(state *s)
{
    const gedi__conv *c = &s->conv;
    int64_t n = c->x.n, pixels = n * c->y.h * c->y.w, pieces = 1;
    const rung *rungs = s->keeps ? kept_ladder : ladder;
    for (int i = 0; i < RUNGS; i++) {
        int64_t some = gedi__min64(rungs[i].pieces, pixels / rungs[i].pixels);
        pieces = some > pieces ? some : pieces;
    }
    int64_t images = (n + pieces - 1) / pieces;
    s->pieces = (n + images - 1) / images;
    s->kernels = n % images ? 2 : 1;
    s->kernel[0].images = images;
    s->kernel[1].images = n % images;
}

/* Where each thing lies in scratch; returns its size. */
static int64_t lay_out(state *s)
{
    size_t most[ROLES] = {0}, work = 0;
    for (int i = 0; i < s->kernels; i++) {
        const kernel *k = &s->kernel[i];
        for (int r = 0; r < ROLES; r++)
            if (k->operand[r].reorder && floats(&k->operand[r].theirs) > most[r])
                most[r] = floats(&k->operand[r].theirs);
        if (floats(&k->scratchpad) > work)
            work = floats(&k->scratchpad);
    }
    s->w_size = floats(&s->kernel[0].operand[W].theirs);
    s->part_size = s->w_size + (s->conv.bias ? floats(&s->kernel[0].bias) : 0);
    if (s->conv.pass == GEDI__CONV_WEIGHT)
        s->own_at = (size_t)s->pieces * s->part_size;
    else if (s->keeps)
        s->own_at = floats(&s->kernel[0].operand[W].ours); /* flipped */
    else
        s->own_at = most[W];
    s->at[X] = 0;
    s->at[Y] = most[X];
    s->work_at = most[X] + most[Y];
    s->own_size = s->work_at + work;
    return (int64_t)(s->own_at + (size_t)s->workers * s->own_size);
}

static dnnl_status_t make_state(state *s)
{
    TRY(dnnl_engine_create(&s->engine, dnnl_cpu, 0));
    cut(s);
    for (int i = 0; i < s->kernels; i++)
        TRY(make_kernel(s, &s->kernel[i], i ? &s->kernel[0].operand[W].theirs : NULL));
    s->worker = calloc((size_t)s->workers * KERNELS, sizeof *s->worker);
    if (s->keeps)
        s->kept =
            aligned_alloc(64, floats(&s->kernel[0].operand[W].theirs) * sizeof(float));
    if (!s->worker || (s->keeps && !s->kept))
        return dnnl_out_of_memory;
    for (int i = 0; i < s->workers; i++)
        for (int k = 0; k < s->kernels; k++)
            TRY(make_worker(s, &s->kernel[k], &s->worker[i * KERNELS + k]));
    return dnnl_success;
}

static void clear_state(state *s)
{
    for (int i = 0; s->worker && i < s->workers * KERNELS; i++)
        clear_worker(&s->worker[i]);
    for (int i = 0; i < KERNELS; i++)
        clear_kernel(&s->kernel[i]);
    dnnl_engine_destroy(s->engine);
    free(s->worker);
    free(s->kept);
    s->engine = NULL;
    s->worker = NULL;
    s->kept = NULL;
}

static void release(void *p)
{
    if (p)
        clear_state(p);
    free(p);
}

/* y -> x as the convolution that it is, to whole blocks of channels. */
static gedi__conv turned(const gedi__conv *c)
{
    gedi__conv t = {.pass = GEDI__CONV_OUTPUT,
                    .x = c->y,
                    .y = c->x,
                    .kh = c->kh,
                    .kw = c->kw,
                    .pad = c->kh - 1 - c->pad};
    t.y.c = (t.y.c + GEDI__BLOCK - 1) / GEDI__BLOCK * GEDI__BLOCK;
    return t;
}

/* With a kernel made ready, if it stands and oneDNN can; else without. */
static dnnl_status_t make_any_state(state *s, const gedi__conv *c, bool stands)
{
    s->keeps = stands && c->pass != GEDI__CONV_WEIGHT && c->pad < c->kh;
    s->flipped = s->keeps && c->pass == GEDI__CONV_INPUT;
    s->conv = s->flipped ? turned(c) : *c;
    s->y = s->flipped ? c->x : c->y;
    dnnl_status_t status = make_state(s);
    if (!s->keeps || status != dnnl_unimplemented)
        return status;
    clear_state(s);
    s->keeps = s->flipped = false;
    s->conv = *c;
    s->y = c->y;
    return make_state(s);
}

static void run(const gedi__step *step);

gedi_status gedi__onednn_prepare(const gedi__conv *c, gedi__step *step, gedi_err *err)
{
    char node[160], version[32];
    state *s = gedi__alloc(1, sizeof *s, err, "a convolution");
    if (!s)
        return GEDI_NOMEM;
    s->way = (gedi__conv_way){run, release};
    s->workers = step->threads;
    int threads = gedi__onednn_begin_alone();
    dnnl_status_t status = make_any_state(s, c, step->stands[1]);
    gedi__onednn_end_alone(threads);
    if (status == dnnl_success) {
        step->scratch_size = lay_out(s);
        step->state = s;
        return GEDI_OK;
    }
    release(s);
    if (status == dnnl_unimplemented)
        return GEDI_OK;
    gedi__node_text(step->node, node, sizeof node);
    if (status == dnnl_out_of_memory)
        return GEDI_FAIL(err, GEDI_NOMEM, "oneDNN is out of memory for %s", node);
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s has no convolution for %s (status %d): build gedi with "
                     "--without-onednn",
                     gedi__onednn_version(version, sizeof version), node, (int)status);
}

/* ---- running ---- */

static dnnl_status_t reorder(const operand *o, worker *w, int r, bool result)
{
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_FROM, result ? w->part[r] : w->ours[r]},
        {DNNL_ARG_TO, result ? w->ours[r] : w->part[r]},
    };
    return dnnl_primitive_execute(o->reorder, w->stream, 2, args);
}

/* Tells the worker's memory where x and y of piece p lie, and the kernel. */
static dnnl_status_t point(const state *s, const gedi__step *step, int64_t p, int thread,
                           const kernel *k, worker *w)
{
    const gedi__conv *c = &s->conv;
    const bool weight = c->pass == GEDI__CONV_WEIGHT;
    const int64_t image[ROLES] = {
        [X] = c->x.h * c->x.w * c->x.c, [Y] = s->y.h * s->y.w * s->y.c};
    float *own = step->scratch + s->own_at + (size_t)thread * s->own_size;
    float *part = step->scratch + (size_t)p * s->part_size;
    for (int r = 0; r < ROLES; r++) {
        int in = input[c->pass][r];
        float *ours = in < 0 ? step->out : (float *)step->in[in], *theirs;
        ours += p * s->kernel[0].images * image[r];
        if (r == W)
            theirs = weight                  ? part
                     : s->keeps              ? s->kept
                     : k->operand[W].reorder ? step->scratch
                                             : ours;
        else
            theirs = k->operand[r].reorder ? own + s->at[r] : ours;
        TRY(dnnl_memory_set_data_handle(w->ours[r], ours));
        TRY(dnnl_memory_set_data_handle(w->theirs[r], theirs));
        TRY(dnnl_memory_set_data_handle(w->part[r], theirs));
    }
    if (c->bias)
        TRY(dnnl_memory_set_data_handle(w->bias, weight ? part + s->w_size
                                                        : (float *)step->in[2]));
    return dnnl_memory_set_data_handle(w->scratchpad, own + s->work_at);
}

static dnnl_status_t run_piece(const state *s, const gedi__step *step, int64_t p,
                               int thread)
{
    const int which = s->kernels > 1 && p == s->pieces - 1,
              result = result_of[s->conv.pass];
    const kernel *k = &s->kernel[which];
    worker *w = &s->worker[thread * KERNELS + which];
    dnnl_exec_arg_t args[ROLES + 2];
    int n = 0;
    TRY(point(s, step, p, thread, k, w));
    for (int r = 0; r < ROLES; r++) {
        if (r != W && r != result && k->operand[r].reorder)
            TRY(reorder(&k->operand[r], w, r, false));
        args[n++] = (dnnl_exec_arg_t){argument[s->conv.pass][r], w->theirs[r]};
    }
    if (s->conv.bias)
        args[n++] =
            (dnnl_exec_arg_t){result == W ? DNNL_ARG_DIFF_BIAS : DNNL_ARG_BIAS, w->bias};
    args[n++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, w->scratchpad};
    TRY(dnnl_primitive_execute(k->run, w->stream, n, args));
    if (result != W && k->operand[result].reorder)
        TRY(reorder(&k->operand[result], w, result, true));
    return dnnl_success;
}

/* w[i, j, c, o] turned by half a circle, its channels exchanged: `out` is [kh, kw, O, C],
 * with zeros for the added channels. */
static void flip(const state *s, const float *w, float *out)
{
    const int64_t in = s->y.c, room = s->conv.y.c, outputs = s->conv.x.c; /* w's */
    for (int64_t tap = s->conv.kh * s->conv.kw; tap-- > 0; w += in * outputs)
        for (int64_t o = 0; o < outputs; o++)
            for (int64_t i = 0; i < room; i++)
                out[(tap * outputs + o) * room + i] = i < in ? w[i * outputs + o] : 0.0f;
}

/* w between our layout and that of the kernels, for all pieces at once: the one thing that
 * oneDNN's threads share, as it only moves numbers (or, for Winograd, transforms each small
 * kernel by itself). */
static dnnl_status_t reorder_kernel(const state *s, float *ours, float *theirs,
                                    bool result)
{
    const operand *o = &s->kernel[0].operand[W];
    worker *w = s->worker;
    if (!o->reorder)
        return dnnl_success;
    TRY(dnnl_memory_set_data_handle(w->ours[W], ours));
    TRY(dnnl_memory_set_data_handle(w->part[W], theirs));
    omp_set_num_threads(s->workers);
    dnnl_status_t status = reorder(o, w, W, result);
    omp_set_num_threads(1);
    return status;
}

static dnnl_status_t take_kernel(const state *s, const gedi__step *step)
{
    float *w = (float *)step->in[1];
    if (s->flipped) {
        flip(s, w, step->scratch);
        w = step->scratch;
    }
    return reorder_kernel(s, w, s->keeps ? s->kept : step->scratch, false);
}

/* sum[i] = the sum of the parts, `stride` apart, in their order. */
GEDI__CLONES static void add_parts(const float *part, size_t stride, int64_t parts,
                                   int64_t n, float *sum)
{
    if (sum != part)
        memcpy(sum, part, (size_t)n * sizeof *sum);
    for (int64_t p = 1; p < parts; p++)
        _Pragma("omp simd") for (int64_t i = 0; i < n; i++) sum[i] +=
            part[(size_t)p * stride + (size_t)i];
}

/* `n` numbers from `at` on of what all pieces give, always added in the same order. */
static void sum_pieces(const state *s, const gedi__step *step, size_t at, int64_t n,
                       float *sum)
{
    enum { CHUNK = 4096 };
    const float *part = step->scratch + at;
    GEDI__PARALLEL_FOR(step->threads, k, (n + CHUNK - 1) / CHUNK, {
        int64_t first = k * CHUNK;
        add_parts(part + first, s->part_size, s->pieces, gedi__min64(CHUNK, n - first),
                  sum + first);
    });
}

/* The derivatives with respect to w, in our layout, and to the bias. */
static dnnl_status_t sum_weights(const state *s, const gedi__step *step)
{
    const gedi__conv *c = &s->conv;
    int64_t size = gedi_shape_size(gedi__conv_kernel(c));
    bool theirs = s->kernel[0].operand[W].reorder != NULL;
    sum_pieces(s, step, 0, theirs ? (int64_t)s->w_size : size,
               theirs ? step->scratch : step->out);
    if (c->bias)
        sum_pieces(s, step, s->w_size, c->y.c, step->out + size);
    return reorder_kernel(s, step->out, step->scratch, true);
}

static void run(const gedi__step *step)
{
    state *s = step->state;
    const bool weight = s->conv.pass == GEDI__CONV_WEIGHT;
    int threads = gedi__onednn_begin_alone();
    dnnl_status_t status = dnnl_success;
    if (!weight && !(s->keeps && step->again))
        status = take_kernel(s, step);
    for (int i = 0; i < s->workers; i++)
        s->worker[i * KERNELS].status = status;
    GEDI__PARALLEL_FOR((int)gedi__min64(s->workers, s->pieces), p, s->pieces, {
        int thread = gedi__thread(), had = gedi__onednn_begin_alone();
        dnnl_status_t *seen = &s->worker[thread * KERNELS].status;
        dnnl_status_t now = run_piece(s, step, p, thread);
        if (now != dnnl_success)
            *seen = now;
        gedi__onednn_end_alone(had);
    });
    for (int i = 0; i < s->workers; i++)
        if (s->worker[i * KERNELS].status != dnnl_success)
            status = s->worker[i * KERNELS].status;
    if (weight && status == dnnl_success)
        status = sum_weights(s, step);
    gedi__onednn_end_alone(threads);
    /* There is nobody to return an error to: NaN stops training and names this node. */
    if (status != dnnl_success)
        gedi__fill(step->out, gedi_shape_size(step->node->shape), NAN);
}
