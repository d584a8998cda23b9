/* test_sgld.c - a transition of SGLD in a quadratic energy, where it is known in closed form, and
 * what the harness is told of its chains: each option, at several values.
 */
#include "tests/conformance.h"
#include "tests/network.h"
#include "tests/testing.h"

#include <math.h>
#include <stdarg.h>

enum { WIDE = 10 };
static const double slope =
    2; /* of the energy slope |x|^2 / 2: its gradient is slope x */

static const gedi_sampler *sampler;

static component with(const char *format, ...) GEDI_PRINTF(1, 2);
static component with(const char *format, ...)
{
    char text[200];
    va_list ap;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    sampler = (const gedi_sampler *)conformance_find(GEDI_KIND_SAMPLER, "sgld");
    return component_new(sampler, text);
}

/* x [n, WIDE] and where it is after one transition; frees c. */
static void transition(component c, int64_t n, float *x, float *next)
{
    network net;
    network_init(&net, false);
    gedi_node *in = network_input(&net, GEDI_DIMS(n, WIDE));
    gedi_node *energy = gedi_scale(gedi_sum(gedi_square(in), 2), slope / 2);
    gedi_node *out = sampler->step(c.self, &net.build, in, energy);
    network_is_legal(&net);
    network_compile(&net, &out, 1);
    testing_uniform(x, n * WIDE, 3, -2, 2);
    network_set(&net, in, x);
    gedi__program_seed(net.program, 5, GEDI_STREAM_SAMPLER, 1);
    gedi__program_run(net.program);
    memcpy(next, gedi__program_output(net.program, 0), (size_t)(n * WIDE) * sizeof *next);
    network_clear(&net);
    component_free(&c);
}

/* Without noise: x - step_size slope x. */
START_TEST(goes_down_by_step_size_times_the_gradient)
{
    static const double sizes[] = {1, 0.25, 0.5, 5e-3};
    enum { N = 7 };
    float x[N * WIDE], next[N * WIDE];
    transition(with("step_size=%g noise=0", sizes[_i]), N, x, next);
    for (int i = 0; i < N * WIDE; i++) {
        double moved = (double)next[i] - x[i], want = -sizes[_i] * slope * x[i];
        ck_assert_msg(fabs(moved - want) <= 1e-6 * fabs(want) + 3e-7, "%g, not %g", moved,
                      want);
    }
}
END_TEST

/* The displacement less its mean is N(0, noise^2). */
START_TEST(adds_noise_of_that_deviation)
{
    static const double noises[] = {0.01, 0.5, 1, 3};
    enum { N = 10000 };
    double mean = 0, square = 0, all = N * WIDE, sigma = noises[_i];
    float *x = malloc(2 * N * WIDE * sizeof *x), *next = x + N * WIDE;
    ck_assert_ptr_nonnull(x);
    transition(with("step_size=0.25 noise=%g", sigma), N, x, next);
    for (int i = 0; i < N * WIDE; i++) {
        double r = (double)next[i] - (1 - 0.25 * slope) * (double)x[i];
        mean += r / all;
        square += r * r / all;
    }
    ck_assert_msg(fabs(mean) <= 5 * sigma / sqrt(all), "mean %g", mean);
    ck_assert_msg(fabs(sqrt(square) / sigma - 1) <= 5 / sqrt(2 * all),
                  "deviation %g, not %g", sqrt(square), sigma);
    free(x);
}
END_TEST

/* By element, and by the length of a record's gradient. */
START_TEST(clips_the_gradient)
{
    static const double clips[] = {0.5, 1, 4, 20};
    enum { N = 7 };
    double clip = clips[_i / 2];
    bool by_norm = _i % 2;
    float x[N * WIDE], next[N * WIDE];
    transition(with("step_size=0.5 noise=0 clip=%g clip_by=%s", clip,
                    by_norm ? "norm" : "element"),
               N, x, next);
    for (int r = 0; r < N; r++) {
        double square = 0;
        for (int i = r * WIDE; i < (r + 1) * WIDE; i++)
            square += slope * slope * x[i] * x[i];
        for (int i = r * WIDE; i < (r + 1) * WIDE; i++) {
            double g = slope * x[i];
            g = by_norm ? g * fmin(1, clip / sqrt(square)) : fmax(-clip, fmin(clip, g));
            ck_assert_msg(fabs(next[i] - (x[i] - 0.5 * g)) <= 2e-6, "%g, not %g",
                          (double)next[i], x[i] - 0.5 * g);
        }
    }
}
END_TEST

START_TEST(tells_the_harness_of_its_chains)
{
    gedi_chain chain = {0};
    component c = with("steps=7 buffer=321 start=%s reinit=0.25 low=-3 high=5 scale=1.5",
                       _i ? "box" : "range");
    sampler->chain(c.self, &chain);
    ck_assert_int_eq(chain.steps, 7);
    ck_assert_int_eq(chain.buffer, 321);
    ck_assert_int_eq(chain.box, _i);
    ck_assert(chain.reinit == 0.25 && chain.low == -3 && chain.high == 5 &&
              chain.scale == 1.5);
    component_free(&c);
}
END_TEST

int main(void)
{
    conformance_open();
    Suite *s = suite_create("sgld");
    TCase *t = tcase_create("all");
    tcase_add_loop_test(t, goes_down_by_step_size_times_the_gradient, 0, 4);
    tcase_add_loop_test(t, adds_noise_of_that_deviation, 0, 4);
    tcase_add_loop_test(t, clips_the_gradient, 0, 8);
    tcase_add_loop_test(t, tells_the_harness_of_its_chains, 0, 2);
    suite_add_tcase(s, t);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    gedi__registry_free(conformance_registry);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
