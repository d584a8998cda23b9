/* test_inception_layers.c - convolutions and pools of the Inception network against their
 * definitions in double, resizing against PyTorch.
 */
#include "core/evaluate/inception_layers.h"
#include "tests/testing.h"

#include <check.h>

#include "tests/fixture/resize_cases.h"

static float *numbers(int64_t n, uint64_t seed)
{
    float *x = malloc((size_t)n * sizeof *x);
    ck_assert_ptr_nonnull(x);
    testing_uniform(x, n, seed, -1, 1);
    return x;
}

typedef struct layer_case {
    gedi__window window;
    int64_t high, wide, channels, count;
} layer_case;

/* All windows that the network has, and sizes whose places are laid out in several turns. */
static const layer_case cases[] = {
    {{3, 3, 2, false}, 9, 8, 3, 5},    {{3, 3, 1, false}, 5, 3, 2, 4},
    {{3, 3, 1, true}, 4, 6, 3, 2},     {{5, 5, 1, true}, 6, 3, 2, 3},
    {{1, 7, 1, true}, 3, 9, 2, 4},     {{7, 1, 1, true}, 9, 3, 2, 4},
    {{1, 3, 1, true}, 4, 5, 3, 2},     {{3, 1, 1, true}, 4, 5, 3, 2},
    {{1, 1, 1, true}, 3, 4, 5, 2},     {{1, 1, 1, true}, 60, 50, 200, 3},
    {{3, 3, 1, true}, 50, 40, 100, 2},
};
enum { CASES = sizeof cases / sizeof *cases };

static int64_t pad_of(const layer_case *c, int64_t k)
{
    return c->window.same ? k / 2 : 0;
}

/* Place (i, j) of window place (p, q) in the image, or -1. */
static int64_t inside(const layer_case *c, int64_t p, int64_t q, int64_t i, int64_t j)
{
    int64_t y = p * c->window.stride + i - pad_of(c, c->window.kh);
    int64_t x = q * c->window.stride + j - pad_of(c, c->window.kw);
    return y < 0 || y >= c->high || x < 0 || x >= c->wide ? -1 : y * c->wide + x;
}

static double convolved(const layer_case *c, const float *x, const float *w,
                        const float *bias, int64_t p, int64_t q, int64_t o)
{
    double sum = (double)bias[o];
    for (int64_t i = 0; i < c->window.kh; i++)
        for (int64_t j = 0; j < c->window.kw; j++) {
            int64_t at = inside(c, p, q, i, j), tap = i * c->window.kw + j;
            for (int64_t k = 0; at >= 0 && k < c->channels; k++)
                sum += (double)x[at * c->channels + k] *
                       (double)w[(tap * c->channels + k) * c->count + o];
        }
    return fmax(sum, 0);
}

/* What the definition says of the output's channels 1 .. count, between one that is before them
 * and one behind, which stay as they are. */
static void check_output(const layer_case *c, const gedi__maps *out, int64_t count,
                         const float *got,
                         double (*want)(const void *, int64_t, int64_t, int64_t),
                         const void *context)
{
    int64_t size = out->high * out->wide * out->channels;
    double *y = malloc((size_t)size * sizeof *y);
    ck_assert_ptr_nonnull(y);
    for (int64_t i = 0; i < size; i++) {
        int64_t place = i / out->channels, k = i % out->channels - 1;
        y[i] = k < 0 || k >= count
                   ? 77
                   : want(context, place / out->wide, place % out->wide, k);
    }
    for (int64_t i = 0; i < size; i++)
        ck_assert_msg(fabs((double)got[i] - y[i]) <= 1e-4,
                      "%d x %d on %d x %d: number %d is %g, expected %g",
                      (int)c->window.kh, (int)c->window.kw, (int)c->high, (int)c->wide,
                      (int)i, (double)got[i], y[i]);
    free(y);
}

static gedi__maps output_of(const layer_case *c, const gedi__maps *in, int64_t count)
{
    gedi__maps out = {.channels = count + 2};
    gedi__window_size(&c->window, in, &out);
    ck_assert_int_eq(
        out.high,
        (c->high + 2 * pad_of(c, c->window.kh) - c->window.kh) / c->window.stride + 1);
    int64_t size = out.high * out.wide * out.channels;
    out.x = numbers(size, 1);
    for (int64_t i = 0; i < size; i++)
        out.x[i] = 77;
    return out;
}

typedef struct operands {
    const layer_case *c;
    const float *x, *w, *bias;
    bool mean;
} operands;

static double want_convolved(const void *context, int64_t p, int64_t q, int64_t o)
{
    const operands *a = context;
    return convolved(a->c, a->x, a->w, a->bias, p, q, o);
}

START_TEST(convolutions)
{
    const layer_case *c = &cases[_i];
    int64_t patch = c->window.kh * c->window.kw * c->channels;
    float *x = numbers(c->high * c->wide * c->channels, 2);
    float *w = numbers(patch * c->count, 3), *bias = numbers(c->count, 4);
    float *scratch = numbers(gedi__window_scratch(&c->window, c->channels), 5);
    gedi__maps in = {c->high, c->wide, c->channels, x};
    gedi__maps out = output_of(c, &in, c->count);
    gedi__convolve_maps(&c->window, &in, w, bias, c->count, &out, 1, scratch);
    check_output(c, &out, c->count, out.x, want_convolved,
                 &(operands){c, x, w, bias, false});
    free(x);
    free(w);
    free(bias);
    free(scratch);
    free(out.x);
}
END_TEST

static double want_pooled(const void *context, int64_t p, int64_t q, int64_t k)
{
    const operands *a = context;
    const layer_case *c = a->c;
    double sum = 0, most = -INFINITY, count = 0;
    for (int64_t i = 0; i < c->window.kh; i++)
        for (int64_t j = 0; j < c->window.kw; j++) {
            int64_t at = inside(c, p, q, i, j);
            if (at < 0)
                continue;
            double v = (double)a->x[at * c->channels + k];
            sum += v;
            most = fmax(most, v);
            count++;
        }
    return a->mean ? sum / count : most;
}

START_TEST(pools)
{
    const layer_case *c = &cases[_i];
    float *x = numbers(c->high * c->wide * c->channels, 2);
    gedi__maps in = {c->high, c->wide, c->channels, x};
    for (int mean = 0; mean < 2; mean++) {
        gedi__maps out = output_of(c, &in, c->channels);
        gedi__pool_maps(&c->window, &in, mean, &out, 1);
        check_output(c, &out, c->channels, out.x, want_pooled,
                     &(operands){.c = c, .x = x, .mean = mean});
        free(out.x);
    }
    free(x);
}
END_TEST

/* What is not a number is not hidden, wherever it stands in a window. */
START_TEST(nan_goes_through)
{
    const gedi__window w = {2, 2, 1, false};
    for (int at = 0; at < 4; at++) {
        float x[4] = {1, 2, 3, 4}, y, scratch[512 * 1024], weight[4] = {1, 1, 1, 1};
        const float bias = -100;
        x[at] = NAN;
        gedi__maps in = {2, 2, 1, x}, out = {1, 1, 1, &y};
        for (int mean = 0; mean < 2; mean++) {
            gedi__pool_maps(&w, &in, mean, &out, 0);
            ck_assert_msg(isnan(y), "pool, %s: place %d", mean ? "mean" : "largest", at);
        }
        ck_assert_int_le(gedi__window_scratch(&w, 1), 512 * 1024);
        gedi__convolve_maps(&w, &in, weight, &bias, 1, &out, 0, scratch);
        ck_assert_msg(isnan(y), "convolution: place %d", at);
    }
}
END_TEST

enum { SIZES = sizeof resized / sizeof *resized };

START_TEST(resized_as_pytorch)
{
    const int64_t *from = resized[_i].from, *to = resized[_i].to;
    const int64_t n = from[0] * from[1] * 2;
    float x[64], y[160];
    ck_assert_int_le(n, 64);
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(i * 37 % 64) / 32 - 1;
    gedi__resize_map(&(gedi__maps){from[0], from[1], 2, x},
                     &(gedi__maps){to[0], to[1], 2, y});
    double error = testing_error(y, resized[_i].y, to[0] * to[1] * 2, 0);
    ck_assert_msg(error <= 1e-6, "%d x %d: %g", (int)from[0], (int)from[1], error);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("inception_layers");
    TCase *c = tcase_create("layers");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, convolutions, 0, CASES);
    tcase_add_loop_test(c, pools, 0, CASES);
    tcase_add_test(c, nan_goes_through);
    tcase_add_loop_test(c, resized_as_pytorch, 0, SIZES);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
