/* convolve.c - times convolutions by Winograd's algorithm and directly, and compares both
 * with sums in double.
 *
 * usage: convolve BATCH SIDE CHANNELS OUTPUTS THREADS ROUNDS [SIZE [STRIDE]]
 * SIZE: of the kernel, odd, 3 by default; with SIZE / 2 zeros around the image.
 * Prints for each of the three maps GFLOP/s, counted as in the definition, in the median of the
 * rounds, and the largest error relative to the largest number. With CPU_TIME set it is the time of the
 * processor that counts, which says more of one thread on a busy machine. Numbers are uniform
 * in [-1, 1).
 */
#include "core/op/conv.h"
#include "gedi/rng.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { MOST = 999, WAYS = 2 };

static double now(void)
{
    struct timespec t;
    clock_gettime(getenv("CPU_TIME") ? CLOCK_PROCESS_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static float *memory(int64_t n)
{
    float *p = aligned_alloc(64, ((size_t)n * sizeof *p + 127) / 64 * 64);
    if (!p)
        abort();
    return p;
}

static float *drawn(int64_t n, uint64_t seed)
{
    gedi_rng r = gedi_rng_at(seed, GEDI_STREAM_DATA, 0, 0);
    float *x = memory(n);
    for (int64_t i = 0; i < n; i++)
        x[i] = 2.0f * gedi_rng_uniform(&r) - 1.0f;
    return x;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return x < y ? -1 : x > y;
}

/* want += what tap `tap` gives. */
static void add_tap(const gedi__conv *c, const float *a, const float *b, int64_t tap,
                    double *want)
{
    for (int64_t p = 0; p < c->y.n * c->y.h * c->y.w; p++) {
        int64_t n = p / (c->y.w * c->y.h);
        int64_t h = p / c->y.w % c->y.h * c->stride + tap / c->kw - c->pad;
        int64_t w = p % c->y.w * c->stride + tap % c->kw - c->pad;
        if (h < 0 || h >= c->x.h || w < 0 || w >= c->x.w)
            continue;
        int64_t x = ((n * c->x.h + h) * c->x.w + w) * c->x.c, y = p * c->y.c;
        for (int64_t i = 0; i < c->x.c; i++, x++) {
            int64_t v = (tap * c->x.c + i) * c->y.c;
            for (int64_t o = 0; o < c->y.c; o++)
                if (c->pass == GEDI__CONV_OUTPUT)
                    want[y + o] += (double)a[x] * (double)b[v + o];
                else if (c->pass == GEDI__CONV_INPUT)
                    want[x] += (double)a[y + o] * (double)b[v + o];
                else
                    want[v + o] += (double)a[x] * (double)b[y + o];
        }
    }
}

static double error(const float *got, const double *want, int64_t n)
{
    double worst = 0, largest = 0;
    for (int64_t i = 0; i < n; i++) {
        worst = fmax(worst, isfinite(got[i]) ? fabs(got[i] - want[i]) : INFINITY);
        largest = fmax(largest, fabs(want[i]));
    }
    return worst / largest;
}

int main(int argc, char **argv)
{
    static const char *const name[] = {"output", "to input", "to kernel"};
    int64_t v[8] = {[6] = 3, [7] = 1};
    if (argc < 7 || argc > 9) {
        fprintf(stderr,
                "Usage: convolve BATCH SIDE CHANNELS OUTPUTS THREADS ROUNDS [SIZE "
                "[STRIDE]]\n");
        return 2;
    }
    for (int i = 0; i < argc - 1; i++)
        v[i] = atol(argv[i + 1]);
    const int rounds = v[5] < MOST ? (int)v[5] : MOST;
    const int64_t side = (v[1] - 1) / v[7] + 1;
    gedi__conv c = {.x = {v[0], v[1], v[1], v[2]}, .y = {v[0], side, side, v[3]}};
    c.kh = c.kw = v[6];
    c.pad = v[6] / 2;
    c.stride = v[7];
    for (c.pass = 0; c.pass < 3; c.pass++) {
        gedi_shape of[] = {gedi__image_shape(&c.y), gedi__image_shape(&c.x),
                           gedi__conv_kernel(&c)};
        const int64_t n = gedi_shape_size(of[c.pass]);
        struct gedi_node node = {.shape = of[c.pass]};
        float *a = drawn(gedi_shape_size(of[c.pass == GEDI__CONV_INPUT ? 0 : 1]), 1);
        float *b = drawn(gedi_shape_size(of[c.pass == GEDI__CONV_WEIGHT ? 0 : 2]), 2);
        double *want = calloc((size_t)n, sizeof *want), t[WAYS][MOST], off[WAYS];
        gedi__step s[WAYS] = {{0}};
        for (int64_t tap = 0; want && tap < c.kh * c.kw; tap++)
            add_tap(&c, a, b, tap, want);
        for (int k = 0; k < WAYS; k++) {
            s[k] = (gedi__step){.node = &node, .in = {a, b}, .threads = (int)v[4]};
            if ((k ? gedi__conv_direct_prepare : gedi__winograd_prepare)(&c, &s[k], NULL))
                return 1;
            s[k].out = memory(n);
            s[k].scratch = memory(s[k].scratch_size);
        }
        for (int i = 0; i < rounds; i++)
            for (int k = 0; k < WAYS; k++) {
                const gedi__conv_way *way = s[k].state;
                double begun = now();
                if (way)
                    way->run(&s[k]);
                t[k][i] = now() - begun;
            }
        printf("%-9s", name[c.pass]);
        for (int k = 0; k < WAYS; k++) {
            const gedi__conv_way *way = s[k].state;
            qsort(t[k], (size_t)rounds, sizeof t[k][0], by_size);
            off[k] = way ? error(s[k].out, want, n) : NAN;
            printf("  %s %6.1f GFLOP/s, error %.1e", k ? "direct" : "Winograd",
                   way ? 2e-9 * (double)gedi__conv_work(&c) / t[k][rounds / 2] : NAN,
                   off[k]);
            if (way)
                way->release(s[k].state);
            free(s[k].out);
            free(s[k].scratch);
        }
        printf("\n");
        free(a);
        free(b);
        free(want);
    }
    return 0;
}
