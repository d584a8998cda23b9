/* test_optimizer.c - optimizers against PyTorch's, step by step on a quadratic. */
#include "core/nn/params.h"
#include "tests/component.h"

#include <math.h>

enum { SIZE = 19, STEPS = 50 };

typedef struct optimizer_case {
    const char *plugin, *options;
    double clip;                   /* largest norm of a gradient; 0: none */
    float first[SIZE], last[SIZE]; /* parameters after 1 step, after STEPS */
} optimizer_case;

static const optimizer_case cases[] = {
#include "tests/fixture/optimizer_cases.h"
};
enum { CASES = sizeof cases / sizeof cases[0] };

extern const gedi_optimizer gedi_optimizer_adam, gedi_optimizer_adamw,
    gedi_optimizer_lars, gedi_optimizer_sgd;

static const gedi_optimizer *find(const char *name)
{
    static const gedi_optimizer *const all[] = {
        &gedi_optimizer_adam,
        &gedi_optimizer_adamw,
        &gedi_optimizer_lars,
        &gedi_optimizer_sgd,
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!strcmp(all[i]->name, name))
            return all[i];
    ck_abort_msg("there is no optimizer %s here", name);
    return NULL;
}

/* The parameters, as fixture/optimizer.py cuts them. */
static const gedi_segment segment[] = {
    {"a.weight", {.rank = 2, .dim = {3, 3}}, 0, 9},
    {"b.weight", {.rank = 2, .dim = {1, 1}}, 9, 1},
    {"c.weight", {.rank = 2, .dim = {2, 3}}, 10, 6},
    {"c.bias", {.rank = 1, .dim = {3}}, 16, 3},
};
enum { SEGMENTS = sizeof segment / sizeof segment[0] };

/* A parameter vector with state; the heap ends where they end. */
typedef struct state {
    float *w, *g, *slot[GEDI_MAX_SLOTS];
    int slots;
} state;

static float *zeros(size_t n)
{
    float *x = calloc(n, sizeof *x);
    ck_assert_ptr_nonnull(x);
    return x;
}

static state state_new(int slots, int64_t n)
{
    state s = {.w = zeros((size_t)n), .g = zeros((size_t)n), .slots = slots};
    ck_assert_int_le(slots, GEDI_MAX_SLOTS);
    for (int i = 0; i < slots; i++)
        s.slot[i] = zeros((size_t)n);
    return s;
}

static void state_free(state *s)
{
    free(s->w);
    free(s->g);
    for (int i = 0; i < s->slots; i++)
        free(s->slot[i]);
}

static void step(const gedi_optimizer *o, const void *self, state *s, int64_t n,
                 int64_t at)
{
    gedi_update u = {.step = at,
                     .size = n,
                     .w = s->w,
                     .g = s->g,
                     .slot = s->slot,
                     .segment = segment,
                     .segments = n == SIZE ? SEGMENTS : 0,
                     .iteration = at - 1,
                     .total = STEPS};
    o->step(self, &u);
}

/* The quadratic of fixture/optimizer.py. */
static void gradient(const float *w, float *g, double clip)
{
    const gedi__params p = {.trained = SIZE, .g = g};
    for (int i = 0; i < SIZE; i++)
        g[i] = (float)(i + 1) / 16 * (w[i] - (float)((7 * i) % 11 - 5) / 4);
    if (clip > 0)
        gedi__params_clip_gradient(&p, gedi__params_gradient_norm(&p), clip);
}

static void expect(const float *got, const float *want, const optimizer_case *c, int at)
{
    for (int i = 0; i < SIZE; i++)
        ck_assert_msg(fabsf(got[i] - want[i]) <= 1e-6f * (1.0f + fabsf(want[i])),
                      "%s %s, step %d: w[%d] is %.9g, expected %.9g", c->plugin,
                      c->options, at, i, (double)got[i], (double)want[i]);
}

START_TEST(as_pytorch)
{
    const optimizer_case *c = &cases[_i];
    const gedi_optimizer *o = find(c->plugin);
    component self = component_new(o, c->options);
    state s = state_new(o->slots(self.self), SIZE);
    for (int i = 0; i < SIZE; i++)
        s.w[i] = (float)((5 * i) % 13 - 6) / 8;
    for (int at = 1; at <= STEPS; at++) {
        gradient(s.w, s.g, c->clip);
        step(o, self.self, &s, SIZE, at);
        if (at == 1)
            expect(s.w, c->first, c, at);
    }
    expect(s.w, c->last, c, STEPS);
    state_free(&s);
    component_free(&self);
}
END_TEST

/* LARS looks at whole parameters. */
static bool is_elementwise(const gedi_optimizer *o)
{
    return o != &gedi_optimizer_lars;
}

/* One number at a time gives the same bytes as all at once: the vector loop's remainder
 * is no different, and nothing is read or written outside. */
START_TEST(every_size_same_bytes)
{
    const gedi_optimizer *o = find(cases[_i].plugin);
    component self = component_new(o, cases[_i].options);
    int slots = o->slots(self.self);
    for (int64_t n = 0; is_elementwise(o) && n <= SIZE; n++) {
        state all = state_new(slots, n);
        for (int64_t i = 0; i < n; i++)
            all.w[i] = 0.3f * (float)i - 1.0f;
        for (int at = 1; at <= 3; at++) {
            for (int64_t i = 0; i < n; i++)
                all.g[i] = (float)at - 0.7f * (float)i;
            step(o, self.self, &all, n, at);
        }
        for (int64_t i = 0; i < n; i++) {
            state one = state_new(slots, 1);
            one.w[0] = 0.3f * (float)i - 1.0f;
            for (int at = 1; at <= 3; at++) {
                one.g[0] = (float)at - 0.7f * (float)i;
                step(o, self.self, &one, 1, at);
            }
            ck_assert_msg(!memcmp(&one.w[0], &all.w[i], sizeof(float)),
                          "%s: w[%d] of %d is %.9g, alone %.9g", cases[_i].options,
                          (int)i, (int)n, (double)all.w[i], (double)one.w[0]);
            state_free(&one);
        }
        state_free(&all);
    }
    component_free(&self);
}
END_TEST

/* Adam's first step is lr against the sign of the gradient, however small it is. */
START_TEST(adam_scale)
{
    component self = component_new(&gedi_optimizer_adam, "lr=0.5 eps=1e-30");
    state s = state_new(2, 3);
    s.g[0] = 1e-12f;
    s.g[1] = -1e12f;
    step(&gedi_optimizer_adam, self.self, &s, 3, 1);
    ck_assert_float_eq_tol(s.w[0], -0.5f, 1e-6f);
    ck_assert_float_eq_tol(s.w[1], 0.5f, 1e-6f);
    ck_assert(s.w[2] == 0.0f);
    state_free(&s);
    component_free(&self);
}
END_TEST

START_TEST(sgd_options)
{
    gedi_err err = {0};
    component c = component_new(&gedi_optimizer_sgd, "nesterov=true");
    ck_assert_int_eq(gedi_optimizer_sgd.check(c.self, &err), GEDI_OPTION);
    ck_assert_str_eq(err.msg, "nesterov: true needs momentum > 0, but momentum is 0");
    ck_assert_int_eq(gedi_optimizer_sgd.slots(c.self), 0);
    component_free(&c);
    c = component_new(&gedi_optimizer_sgd, "nesterov=true momentum=0.5");
    ck_assert_int_eq(gedi_optimizer_sgd.check(c.self, &err), GEDI_OK);
    ck_assert_int_eq(gedi_optimizer_sgd.slots(c.self), 1);
    component_free(&c);
    c = component_new(&gedi_optimizer_sgd, "decoupled=true");
    ck_assert_int_eq(gedi_optimizer_sgd.check(c.self, &err), GEDI_OPTION);
    ck_assert_str_eq(err.msg,
                     "decoupled: true needs weight_decay > 0, but weight_decay is 0");
    component_free(&c);
    c = component_new(&gedi_optimizer_sgd, "decoupled=true weight_decay=1e-4");
    ck_assert_int_eq(gedi_optimizer_sgd.check(c.self, &err), GEDI_OK);
    component_free(&c);
}
END_TEST

/* A step is trust * lr of the parameter's norm, however long the gradient; a bias, and a
 * parameter that is 0, take the gradient as it is. */
START_TEST(lars_scale)
{
    component self = component_new(&gedi_optimizer_lars, "lr=0.5 trust=0.01 momentum=0");
    ck_assert_int_eq(gedi_optimizer_lars.slots(self.self), 0);
    for (int power = -12; power <= 12; power += 6) {
        state s = state_new(0, SIZE);
        float g = (float)pow(10, power);
        for (int i = 0; i < SIZE; i++) {
            s.w[i] = i < 9 ? 2.0f : 0.0f;
            s.g[i] = g;
        }
        step(&gedi_optimizer_lars, self.self, &s, SIZE, 1);
        for (int i = 0; i < SIZE; i++) {
            float want = i < 9 ? 2.0f - 0.5f * 0.01f * 2.0f : -0.5f * g;
            ck_assert_msg(fabsf(s.w[i] - want) <= 1e-6f * fabsf(want),
                          "gradient %g: w[%d] is %.9g, expected %.9g", (double)g, i,
                          (double)s.w[i], (double)want);
        }
        state_free(&s);
    }
    component_free(&self);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("optimizer");
    TCase *c = tcase_create("optimizer");
    tcase_add_loop_test(c, as_pytorch, 0, CASES);
    tcase_add_loop_test(c, every_size_same_bytes, 0, CASES);
    tcase_add_test(c, adam_scale);
    tcase_add_test(c, sgd_options);
    tcase_add_test(c, lars_scale);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
