/* test_convolve.c - convolutions by Winograd's algorithm and directly, by size, against
 * sums in double; the same bytes for any number of threads; kernels that stand still.
 *
 * Tolerance, relative to the largest number: a sum of k products of rounded numbers is off by
 * about sqrt(k) units in the last place; Winograd's transformations make ten of each.
 */
#include "core/exec/program.h"
#include "core/op/conv.h"
#include "tests/testing.h"

#include <check.h>

static const struct size {
    int64_t n, h, w, c, o, pad, stride;
} sizes[] = {
    {1, 4, 4, 16, 16, 1, 1},   {1, 1, 1, 16, 16, 1, 1},     {2, 5, 7, 17, 33, 1, 1},
    {3, 9, 6, 20, 70, 0, 1},   {1, 3, 3, 16, 16, 0, 1},     {2, 2, 9, 31, 16, 2, 1},
    {1, 6, 6, 16, 16, 3, 1},   {5, 13, 11, 24, 40, 1, 1},   {40, 8, 8, 16, 80, 1, 1},
    {3, 33, 18, 64, 64, 1, 1}, {66, 8, 8, 18, 16, 1, 1},    {9, 16, 16, 32, 129, 1, 1},
    {1, 70, 70, 16, 16, 1, 1}, {7, 12, 12, 100, 48, 1, 1},  {5, 13, 11, 24, 40, 1, 2},
    {3, 9, 16, 70, 33, 0, 3},  {9, 32, 32, 3, 32, 1, 2},    {2, 1, 1, 16, 16, 1, 2},
    {1, 2, 3, 16, 17, 1, 2},   {1, 4, 5, 33, 16, 1, 2},     {40, 8, 8, 16, 80, 1, 2},
    {3, 33, 18, 64, 64, 1, 2}, {2, 12, 16, 100, 129, 1, 2}, {3, 9, 8, 20, 18, 0, 2},
};
enum { SIZES = sizeof sizes / sizeof sizes[0], KINDS = 2 };

/* One convolution, its numbers and what they should give. */
typedef struct trial {
    gedi__conv conv;
    struct gedi_node node;
    int64_t size;
    float *in[3];
    double *want;
} trial;

static void *numbers(int64_t n, size_t each)
{
    void *p = aligned_alloc(64, ((size_t)n * each + 127) / 64 * 64);
    ck_assert_ptr_nonnull(p);
    return p;
}

static float *drawn(int64_t n, uint64_t seed)
{
    float *x = numbers(n, sizeof *x);
    testing_uniform(x, n, seed, -1, 1);
    return x;
}

/* want += the products of one place of y with one tap. */
static void add_tap(const gedi__conv *c, const float *a, const float *b, int64_t at_x,
                    int64_t at_y, int64_t tap, double *want)
{
    for (int64_t i = 0; i < c->x.c; i++)
        for (int64_t o = 0; o < c->y.c; o++) {
            int64_t x = at_x + i, y = at_y + o, w = (tap * c->x.c + i) * c->y.c + o;
            if (c->pass == GEDI__CONV_OUTPUT)
                want[y] += (double)a[x] * b[w];
            else if (c->pass == GEDI__CONV_INPUT)
                want[x] += (double)a[y] * b[w];
            else
                want[w] += (double)a[x] * b[y];
        }
}

static void reference(const trial *t)
{
    const gedi__conv *c = &t->conv;
    const int64_t pixels = c->y.n * c->y.h * c->y.w;
    for (int64_t i = 0; i < t->size; i++)
        t->want[i] = c->pass == GEDI__CONV_OUTPUT ? t->in[2][i % c->y.c] : 0;
    for (int64_t p = 0; p < pixels; p++)
        for (int64_t tap = 0; tap < 9; tap++) {
            int64_t n = p / (c->y.h * c->y.w);
            int64_t h = p / c->y.w % c->y.h * c->stride + tap / 3 - c->pad;
            int64_t w = p % c->y.w * c->stride + tap % 3 - c->pad;
            if (h >= 0 && h < c->x.h && w >= 0 && w < c->x.w)
                add_tap(c, t->in[0], t->in[1], ((n * c->x.h + h) * c->x.w + w) * c->x.c,
                        p * c->y.c, tap, t->want);
        }
    for (int64_t i = 0; c->pass == GEDI__CONV_WEIGHT && i < pixels * c->y.c; i++)
        t->want[9 * c->x.c * c->y.c + i % c->y.c] += (double)t->in[1][i];
}

static void trial_init(trial *t, const struct size *s, gedi__conv_pass pass)
{
    *t = (trial){
        .conv = {.pass = pass, .kh = 3, .kw = 3, .pad = s->pad, .stride = s->stride}};
    gedi__conv *c = &t->conv;
    c->x = (gedi__image){s->n, s->h, s->w, s->c};
    c->y = (gedi__image){s->n, (s->h + 2 * s->pad - 3) / c->stride + 1,
                         (s->w + 2 * s->pad - 3) / c->stride + 1, s->o};
    c->bias = pass != GEDI__CONV_INPUT;
    gedi_shape shape[] = {gedi__image_shape(&c->y), gedi__image_shape(&c->x),
                          GEDI_DIMS(9 * s->c + 1, s->o)};
    t->node.shape = shape[pass];
    t->size = gedi_shape_size(t->node.shape);
    int64_t x = gedi_shape_size(shape[1]), y = gedi_shape_size(shape[0]);
    t->in[0] = drawn(pass == GEDI__CONV_INPUT ? y : x, 1);
    t->in[1] = drawn(pass == GEDI__CONV_WEIGHT ? y : 9 * s->c * s->o, 2);
    t->in[2] = drawn(s->o, 3);
    t->want = numbers(t->size, sizeof *t->want);
    reference(t);
}

static void trial_clear(trial *t)
{
    for (int i = 0; i < 3; i++)
        free(t->in[i]);
    free(t->want);
}

/* Runs twice; what memory held before is no number. NULL where Winograd does not take it. */
static float *compute(const trial *t, bool winograd, int threads, bool stands)
{
    gedi_err err = {0};
    gedi__step s = {.node = &t->node,
                    .in = {t->in[0], t->in[1], t->in[2]},
                    .threads = threads,
                    .stands = {[1] = stands}};
    ck_assert_int_eq(winograd ? gedi__winograd_prepare(&t->conv, &s, &err)
                              : gedi__conv_direct_prepare(&t->conv, &s, &err),
                     GEDI_OK);
    if (!s.state)
        return NULL;
    float *out = numbers(t->size, sizeof *out), *scratch = numbers(s.scratch_size, 4);
    s.out = out;
    s.scratch = scratch;
    const gedi__conv_way *way = s.state;
    for (int run = 0; run < 2; run++) {
        memset(scratch, 0xff, (size_t)s.scratch_size * sizeof *scratch);
        memset(out, 0xff, (size_t)t->size * sizeof *out);
        s.again = run > 0;
        way->run(&s);
    }
    way->release(s.state);
    free(scratch);
    return out;
}

static void check_size(const struct size *size, gedi__conv_pass pass, bool winograd)
{
    trial t;
    trial_init(&t, size, pass);
    float *one = compute(&t, winograd, 1, false);
    if (!one) {
        ck_assert(winograd && (t.conv.stride > 2 || t.conv.pad != 1 || size->c < 16));
        trial_clear(&t);
        return;
    }
    double error = testing_error(one, t.want, t.size, 1.0);
    if (!(error <= (winograd ? 1e-5 : 4e-6)))
        ck_abort_msg("size %d, pass %d: error %g", (int)(size - sizes), (int)pass, error);
    for (int threads = 1; threads <= 3; threads++)
        for (int stands = 0; stands < 2; stands++) {
            float *more = compute(&t, winograd, threads, stands);
            ck_assert_msg(!memcmp(one, more, (size_t)t.size * sizeof *one),
                          "size %d, pass %d: %d threads, stands %d: other bytes",
                          (int)(size - sizes), (int)pass, threads, stands);
            free(more);
        }
    free(one);
    trial_clear(&t);
}

START_TEST(by_size)
{
    for (int pass = 0; pass < 3; pass++)
        check_size(&sizes[_i / KINDS], (gedi__conv_pass)pass, _i % KINDS);
}
END_TEST

/* A number that is none is not lost, with stride 1 or 2. */
static const int with_nan[] = {2, 14};
START_TEST(nan_is_seen)
{
    for (int pass = 0; pass < 3; pass++) {
        trial t;
        bool seen = false;
        trial_init(&t, &sizes[with_nan[_i]], (gedi__conv_pass)pass);
        t.in[0][40] = NAN;
        float *y = compute(&t, true, 1, false);
        for (int64_t i = 0; i < t.size; i++)
            seen = seen || isnan(y[i]);
        ck_assert(seen);
        free(y);
        trial_clear(&t);
    }
}
END_TEST

/* Few channels, other kernels and strides are left to others. */
START_TEST(what_does_not_pay)
{
    static const struct size picture = {1, 8, 8, 3, 32, 1, 1};
    trial t;
    trial_init(&t, &picture, GEDI__CONV_OUTPUT);
    ck_assert_ptr_null(compute(&t, true, 1, false));
    trial_clear(&t);
    trial_init(&t, &sizes[0], GEDI__CONV_OUTPUT);
    t.conv.kh = t.conv.kw = 1;
    ck_assert_ptr_null(compute(&t, true, 1, false));
    trial_clear(&t);
}
END_TEST

/* `convolution: direct` */
START_TEST(switched_off)
{
    for (int direct = 0; direct < 2; direct++) {
        trial t;
        gedi__program *p = NULL;
        gedi_err err = {0};
        trial_init(&t, &sizes[0], GEDI__CONV_OUTPUT);
        gedi_graph *g = gedi_graph_new();
        g->direct = direct;
        gedi_node *in[3] = {gedi_input(g, "x", GEDI_DIMS(1, 4, 4, 16)),
                            gedi_input(g, "w", GEDI_DIMS(3, 3, 16, 16)),
                            gedi_input(g, "bias", GEDI_DIMS(16))};
        gedi_node *y = gedi_convolve(in[0], in[1], in[2], 1, 1);
        gedi__binding bind[3];
        for (int i = 0; i < 3; i++)
            bind[i] = (gedi__binding){in[i], t.in[i]};
        ck_assert_int_eq(gedi__program_new(g, &y, 1, bind, 3, 1, &p, &err), GEDI_OK);
        gedi__program_run(p);
        float *want = compute(&t, !direct, 1, false);
        ck_assert_mem_eq(gedi__program_output(p, 0), want, (size_t)t.size * sizeof *want);
        free(want);
        gedi__program_free(p);
        gedi_graph_free(g);
        trial_clear(&t);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("convolve");
    TCase *c = tcase_create("convolve");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, by_size, 0, SIZES * KINDS);
    tcase_add_loop_test(c, nan_is_seen, 0, 2);
    tcase_add_test(c, what_does_not_pay);
    tcase_add_test(c, switched_off);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
