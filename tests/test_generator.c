/* test_generator.c - samples of a trained energy: where chains start, how they go on, that
 * they repeat themselves, and what has none.
 */
#include "core/evaluate/generator.h"
#include "core/train/trainer.h"
#include "core/evaluate/trial.h"
#include "tests/experiment.h"

#include <math.h>

static gedi_err err;

typedef struct setup {
    gedi__experiment *e;
    gedi__trainer *t;
    gedi__generator *g;
} setup;

static setup setup_new(setting s)
{
    setup u = {.e = experiment_new(s)};
    ck_assert_msg(gedi__trainer_new(u.e, u.e->stage, &u.t, &err) == GEDI_OK, "%s",
                  err.msg);
    for (int i = 0; i < 5; i++)
        ck_assert_msg(gedi__trainer_step(u.t, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(gedi__generator_new(&u.t->net, &u.t->data, &u.g, &err) == GEDI_OK, "%s",
                  err.msg);
    return u;
}

static void setup_free(setup *u)
{
    gedi__generator_free(u->g);
    gedi__trainer_free(u->t);
    gedi__experiment_free(u->e);
}

static void draw(const setup *u, int64_t n, int64_t steps, float *x)
{
    ck_assert_msg(gedi__generator_draw(u->g, n, steps, x, NULL, NULL, &err) == GEDI_OK,
                  "%s", err.msg);
}

enum { N = 200 /* more than three groups of chains */ };

START_TEST(samples_repeat_themselves)
{
    static float a[2 * N], b[2 * N];
    setup u = setup_new((setting){.seed = "3"}), v = setup_new((setting){.seed = "3"});
    draw(&u, N, 7, a);
    draw(&v, N, 7, b);
    ck_assert_mem_eq(a, b, sizeof a);
    draw(&u, N, 7, b); /* again: nothing is left over from the first time */
    ck_assert_mem_eq(a, b, sizeof a);
    draw(&u, 70, 7, b); /* fewer are the first of more */
    ck_assert_mem_eq(a, b, 2 * 70 * sizeof *a);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < i; j++)
            ck_assert_msg(a[2 * i] != a[2 * j], "samples %d and %d are equal", i, j);
    setup_free(&v);
    v = setup_new((setting){.seed = "3", .threads = "2"});
    draw(&v, N, 7, b);
    ck_assert_mem_eq(a, b, sizeof a);
    setup_free(&u);
    setup_free(&v);
}
END_TEST

START_TEST(seeds_differ)
{
    float a[2], b[2];
    setup u = setup_new((setting){.seed = "3"}), v = setup_new((setting){.seed = "4"});
    draw(&u, 1, 0, a);
    draw(&v, 1, 0, b);
    ck_assert(a[0] != b[0] && a[1] != b[1]);
    setup_free(&u);
    setup_free(&v);
}
END_TEST

/* Without a gradient a chain is a random walk from its start: T steps of noise s have the
 * variance T s^2; and the first T steps of a longer one are the same. */
START_TEST(chains_go_on)
{
    static float start[2 * N], one[2 * N], two[2 * N];
    setup u = setup_new(
        (setting){.sampler = "{sgld: {step_size: 0, noise: 0.1, low: 3, high: 5}}"});
    draw(&u, N, 0, start);
    double low = INFINITY, high = -INFINITY, sum = 0, square = 0, both = 0;
    draw(&u, N, 1, one);
    draw(&u, N, 2, two);
    for (int i = 0; i + 64 < N; i++) { /* 64 chains run at a time */
        double apart = (double)one[2 * i] - start[2 * i];
        apart -= (double)one[2 * (i + 64)] - start[2 * (i + 64)];
        ck_assert_msg(fabs(apart) > 1e-6, "chains %d and %d have the same noise", i,
                      i + 64);
        ck_assert_msg(start[2 * i] != start[2 * (i + 64)], "and %d the same start", i);
    }
    for (int i = 0; i < 2 * N; i++) {
        double d = (double)one[i] - start[i], d2 = (double)two[i] - one[i];
        low = fmin(low, start[i]);
        high = fmax(high, start[i]);
        sum += d2;
        square += d2 * d2;
        both += d * d2;
    }
    ck_assert_msg(low >= 3 && low < 3.1 && high < 5 && high > 4.9, "[%g, %g]", low, high);
    double n = 2 * N;
    ck_assert_msg(fabs(sum / n) <= 0.02, "a step has mean %g", sum / n);
    ck_assert_msg(fabs(square / n - 0.01) <= 0.002, "and variance %g", square / n);
    ck_assert_msg(fabs(both / n) <= 0.002, "steps are alike: %g", both / n);
    setup_free(&u);
}
END_TEST

/* Without noise and with small steps, every chain goes where log p(x) is larger. */
START_TEST(chains_climb)
{
    static float start[2 * N], end[2 * N], before[N], after[N];
    setup u = setup_new((setting){.sampler = "{sgld: {step_size: 0.01, noise: 0}}"});
    gedi_trial *trial;
    ck_assert_int_eq(gedi__trial_new(&u.t->net, &u.t->data, &trial, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_sample(trial, N, 0, start, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_sample(trial, N, 20, end, &err), GEDI_OK);
    ck_assert_int_eq(gedi__trial_at(trial, start, N, NULL, before, &err), GEDI_OK);
    ck_assert_int_eq(gedi__trial_at(trial, end, N, NULL, after, &err), GEDI_OK);
    for (int i = 0; i < N; i++)
        ck_assert_msg(after[i] > before[i], "chain %d: from %g to %g", i, before[i],
                      after[i]);
    gedi__trial_free(trial);
    setup_free(&u);
}
END_TEST

/* One step of every chain, by a sampler with these options; the objective draws no samples, so
 * that the weights are the same. */
static void one_step(const char *options, float *start, float *end)
{
    gedi__text sampler = {0};
    gedi__text_add(&sampler, "{sgld: {step_size: 1, noise: 0, low: -3, high: 3%s}}",
                   options);
    setup u = setup_new((setting){.objective = "{gedi_no_gen: {prototypes: free}}",
                                  .sampler = sampler.s});
    draw(&u, N, 0, start);
    draw(&u, N, 1, end);
    setup_free(&u);
    gedi__text_clear(&sampler);
}

/* The gradient of a step, as the unclipped step shows it, clipped in double. */
START_TEST(gradients_are_clipped)
{
    static const char *const by[] = {"element", "norm"};
    static float start[2 * N], end[2 * N], again[2 * N], got[2 * N];
    char options[80];
    one_step("", start, end);
    double most = 0;
    for (int i = 0; i < 2 * N; i++)
        most = fmax(most, fabs((double)start[i] - end[i]));
    double clip = most / 2;
    int clipped = 0;
    snprintf(options, sizeof options, ", clip: %.17g, clip_by: %s", clip, by[_i]);
    one_step(options, again, got);
    ck_assert_mem_eq(start, again, sizeof start);
    for (int i = 0; i < N; i++) {
        double g[2], length, want[2];
        for (int k = 0; k < 2; k++)
            g[k] = (double)start[2 * i + k] - end[2 * i + k];
        length = sqrt(g[0] * g[0] + g[1] * g[1]);
        for (int k = 0; k < 2; k++) {
            want[k] = _i ? g[k] * fmin(1, clip / length) : fmax(-clip, fmin(clip, g[k]));
            clipped += fabs(want[k] - g[k]) > 1e-3 * most;
            double error = start[2 * i + k] - want[k] - got[2 * i + k];
            ck_assert_msg(fabs(error) <= 2e-6, "chain %d: error %g", i, error);
        }
    }
    ck_assert_msg(clipped > 0 && clipped < 2 * N, "%d of %d are clipped", clipped, 2 * N);
    one_step(", clip: 0", again, got); /* off is off */
    ck_assert_mem_eq(end, got, sizeof end);
    snprintf(options, sizeof options, ", clip: %.17g, clip_by: %s", 1e4 * most, by[_i]);
    one_step(options, again, got); /* and nothing is longer than that */
    for (int i = 0; i < 2 * N; i++)
        ck_assert(fabs((double)end[i] - got[i]) <= 2e-6);
}
END_TEST

START_TEST(chains_start_in_the_box_of_the_data)
{
    static float start[2 * N];
    setup u = setup_new((setting){.sampler = "{sgld: {start: box, scale: 1}}"});
    const gedi__batches *d = &u.t->data;
    const gedi_dataset *p = (const gedi_dataset *)u.e->dataset.plugin;
    float low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY}, x[2];
    int32_t label;
    for (int64_t i = 0; i < d->info.count[GEDI_TRAIN]; i++) {
        ck_assert_int_eq(p->read(u.e->dataset.self, GEDI_TRAIN, i, x, &label, &err), 0);
        for (int k = 0; k < 2; k++) {
            low[k] = fminf(low[k], x[k]);
            high[k] = fmaxf(high[k], x[k]);
        }
    }
    draw(&u, N, 0, start);
    for (int i = 0; i < 2 * N; i++)
        ck_assert(start[i] >= low[i % 2] && start[i] <= high[i % 2]);
    setup_free(&u);
}
END_TEST

/* An energy that depends on a batch has one: the first of training stands for all. */
START_TEST(energies_of_a_batch)
{
    float a[20], b[20];
    setting s = {.objective = "{ebclr: {}}"};
    setup u = setup_new(s), v = setup_new(s);
    draw(&u, 10, 3, a);
    gedi_trial *trial; /* which reads batches, too */
    ck_assert_int_eq(gedi__trial_new(&v.t->net, &v.t->data, &trial, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_sample(trial, 10, 3, b, &err), GEDI_OK);
    gedi__trial_free(trial);
    ck_assert_mem_eq(a, b, sizeof a);
    setup_free(&u);
    setup_free(&v);
}
END_TEST

static void refused(setting s, gedi_status want, const char *said)
{
    gedi__experiment *e = experiment_new(s);
    gedi__trainer *t;
    gedi__generator *g;
    ck_assert_msg(gedi__trainer_new(e, e->stage, &t, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(gedi__generator_new(&t->net, &t->data, &g, &err), want);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
    ck_assert_ptr_null(g);
    gedi__trainer_free(t);
    gedi__experiment_free(e);
}

START_TEST(refusals)
{
    refused((setting){.objective = "{vicreg: {}}"}, GEDI_STATE,
            "objective vicreg has no energy: there is nothing to draw samples from");
    refused((setting){.objective = "{gedi_no_gen: {clusters: 2}}", .sampler = ""},
            GEDI_STATE, "no sampler to draw samples with: add one");
    float x[2];
    setup u =
        setup_new((setting){.sampler = "{sgld: {step_size: 1000000, noise: 1000}}"});
    float *p = u.t->net.params.w;
    for (int64_t i = 0; i < u.t->net.params.trained; i++)
        p[i] *= 1e12f;
    ck_assert_int_eq(gedi__generator_draw(u.g, 1, 50, x, NULL, NULL, &err), GEDI_NUMERIC);
    ck_assert_msg(strstr(err.msg, "sample 0 is not finite after 50 steps") != NULL, "%s",
                  err.msg);
    ck_assert_int_eq(gedi__generator_draw(u.g, 0, 1, x, NULL, NULL, &err), GEDI_USAGE);
    ck_assert_int_eq(gedi__generator_draw(u.g, 1, -1, x, NULL, NULL, &err), GEDI_USAGE);
    ck_assert_msg(strstr(err.msg, "1 samples of -1 steps") != NULL, "%s", err.msg);
    setup_free(&u);
}
END_TEST

static gedi_status count(void *context, int64_t done, int64_t total, gedi_err *e)
{
    (void)e;
    int64_t *last = context;
    ck_assert_int_eq(done, *last + 1);
    ck_assert_int_eq(total, 2 * 5);
    *last = done;
    return GEDI_OK;
}

START_TEST(progress_is_told)
{
    float x[2 * 65];
    int64_t last = 0;
    setup u = setup_new((setting){.seed = "3"});
    ck_assert_int_eq(gedi__generator_draw(u.g, 65, 5, x, count, &last, &err), GEDI_OK);
    ck_assert_int_eq(last, 10);
    setup_free(&u);
}
END_TEST

/* ---- samplers that err ---- */

static gedi_chain answer;

static void answer_chain(const void *self, gedi_chain *c)
{
    (void)self;
    *c = answer;
}

static const struct {
    gedi_chain is;
    const char *says; /* NULL: it is legal */
} answers[] = {
    {{1, 0, 0, false, -1, 1, NAN}, NULL},
    {{1, 0, 1, true, NAN, -1, 0.5}, NULL},
    {{0, 0, 0, false, -1, 1, 1}, "0 steps"},
    {{1, -1, 0, false, -1, 1, 1}, "a buffer of -1"},
    {{1, INT64_C(1) << 39, 0, false, -1, 1, 1}, NULL},
    {{1, INT64_MAX, 0, false, -1, 1, 1}, "too many"},
    {{1, 0, -1, false, -1, 1, 1}, "reinit -1"},
    {{1, 0, 2, false, -1, 1, 1}, "reinit 2"},
    {{1, 0, NAN, false, -1, 1, 1}, "reinit nan"},
    {{1, 0, 0, false, 1, -1, 1}, "a start in [1, -1]"},
    {{1, 0, 0, false, NAN, 1, 1}, "a start in [nan, 1]"},
    {{1, 0, 0, false, -1, NAN, 1}, "a start in [-1, nan]"},
    {{1, 0, 0, false, -INFINITY, 1, 1}, "a start in [-inf, 1]"},
    {{1, 0, 0, false, -1, 1e39, 1}, "a start in [-1, 1e+39]"},
    {{1, 0, 0, true, -1, 1, NAN}, "scale nan"},
    {{1, 0, 0, true, -1, 1, 0}, "scale 0"},
    {{1, 0, 0, true, -1, 1, INFINITY}, "scale inf"},
};
enum { ANSWERS = sizeof answers / sizeof answers[0] };

START_TEST(what_a_sampler_says_is_checked)
{
    static const gedi_sampler odd = {.name = "odd", .chain = answer_chain};
    const gedi__component c = {.plugin = (const gedi_plugin *)&odd};
    gedi_chain got;
    answer = answers[_i].is;
    err = (gedi_err){0};
    gedi_status s = gedi__chain_ask(&c, 2, &got, &err);
    ck_assert_int_eq(s, answers[_i].says ? GEDI_PLUGIN : GEDI_OK);
    if (!answers[_i].says)
        return;
    ck_assert_msg(strstr(err.msg, "sampler odd: ") && strstr(err.msg, answers[_i].says),
                  "%s", err.msg);
    ck_assert_msg(strchr(err.msg, '\n') == NULL, "%s", err.msg);
}
END_TEST

/* Where it is asked: for training, and for samples of what is trained. */
START_TEST(a_sampler_that_errs_trains_nothing)
{
    static gedi_sampler odd;
    gedi__trainer *t;
    answer = answers[3].is;
    gedi__experiment *e = experiment_new((setting){.seed = "3"});
    odd = *(const gedi_sampler *)e->stage->sampler.plugin;
    odd.chain = answer_chain;
    e->stage->sampler.plugin = (const gedi_plugin *)&odd;
    ck_assert_int_eq(gedi__trainer_new(e, e->stage, &t, &err), GEDI_PLUGIN);
    ck_assert_ptr_nonnull(strstr(err.msg, "sampler sgld: "));
    gedi__experiment_free(e);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("generator");
    TCase *c = tcase_create("generator");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, samples_repeat_themselves);
    tcase_add_test(c, seeds_differ);
    tcase_add_test(c, chains_go_on);
    tcase_add_test(c, chains_climb);
    tcase_add_loop_test(c, gradients_are_clipped, 0, 2);
    tcase_add_test(c, chains_start_in_the_box_of_the_data);
    tcase_add_test(c, energies_of_a_batch);
    tcase_add_loop_test(c, what_a_sampler_says_is_checked, 0, ANSWERS);
    tcase_add_test(c, a_sampler_that_errs_trains_nothing);
    tcase_add_test(c, refusals);
    tcase_add_test(c, progress_is_told);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
