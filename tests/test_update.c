/* test_update.c - one update of the weights: batches that are accumulated, a gradient that is
 * clipped, groups of weights with options of their own.
 */
#include "core/store/identity.h"
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

/* ---- accumulation ---- */

#define CLASSES "{supervised: {prototypes: free}}"
#define NOISE "[[gaussian_noise: {std: 0.1}]]"
#define ALONE .projector = "", .sampler = ""

/* The largest difference of weights, relative to the largest weight. */
static double distance(const training *a, const training *b)
{
    const gedi__params *p = &a->t->net.params, *q = &b->t->net.params;
    double most = 0, size = 0;
    ck_assert_int_eq(p->trained, q->trained);
    for (int64_t i = 0; i < p->trained; i++) {
        most = fmax(most, fabs((double)p->w[i] - q->w[i]));
        size = fmax(size, fabs((double)p->w[i]));
        ck_assert(isfinite(p->w[i]) && isfinite(q->w[i]));
    }
    return most / size;
}

/* 4 x 16 records are 64, in the same views; float32 sums them in another order. Over several
 * epochs, with the remainder of each dropped. */
START_TEST(four_batches_of_16_are_one_of_64)
{
    training a = train((setting){ALONE, .objective = CLASSES, .views = NOISE,
                                 .optimizer = "{sgd: {lr: 0.1, momentum: 0.9}}",
                                 .train = "{iterations: 30, batch: 64}"});
    training b = train((setting){ALONE, .objective = CLASSES, .views = NOISE,
                                 .optimizer = "{sgd: {lr: 0.1, momentum: 0.9}}",
                                 .train = "{iterations: 30, batch: 16, accumulate: 4}"});
    for (int i = 0; i < 30; i++) {
        steps(&a, 1);
        steps(&b, 1);
        ck_assert_msg(fabs(a.t->loss - b.t->loss) <= 2e-6 * fabs(a.t->loss),
                      "iteration %d: loss %.9g, accumulated %.9g", i + 1, a.t->loss,
                      b.t->loss);
        ck_assert_msg(fabs(a.t->gradient_norm - b.t->gradient_norm) <=
                          1e-5 * a.t->gradient_norm,
                      "iteration %d: gradient %.9g, accumulated %.9g", i + 1,
                      a.t->gradient_norm, b.t->gradient_norm);
        /* The last quarter of the batch is what the last batch is. */
        ck_assert(!memcmp(a.t->view[0] + 2 * 48, b.t->view[0], 2 * 16 * sizeof(float)));
        ck_assert(!memcmp(a.t->label + 48, b.t->label, 16 * sizeof(float)));
    }
    double d = distance(&a, &b);
    ck_assert_msg(d <= 1e-5, "weights differ by %g", d);
    ck_assert_msg(d > 0, "to the last bit: were there four batches?");
    done(&a);
    done(&b);
}
END_TEST

/* Running statistics see one batch after the other. */
START_TEST(states_follow_every_batch)
{
    training a = train((setting){ALONE, .objective = CLASSES, .views = NOISE,
                                 .model = NORMED, .optimizer = "{sgd: {lr: 0}}",
                                 .train = "{iterations: 4, batch: 25, accumulate: 2}"});
    training b = train((setting){ALONE, .objective = CLASSES, .model = NORMED,
                                 .optimizer = "{sgd: {lr: 0}}", .views = "[[]]",
                                 .train = "{iterations: 8, batch: 25}"});
    training c = train((setting){ALONE, .objective = CLASSES, .model = NORMED,
                                 .optimizer = "{sgd: {lr: 0}}", .views = "[[]]",
                                 .train = "{iterations: 4, batch: 25, accumulate: 2}"});
    steps(&a, 4);
    steps(&b, 8);
    steps(&c, 4);
    const gedi__params *p = &b.t->net.params, *q = &c.t->net.params;
    ck_assert_int_gt(p->kept, 0);
    ck_assert(!memcmp(p->state, q->state, (size_t)p->kept * sizeof *p->state));
    ck_assert(memcmp(a.t->net.params.state, q->state, (size_t)q->kept * sizeof(float)));
    done(&a);
    done(&b);
    done(&c);
}
END_TEST

/* The second batch of an iteration draws other samples and other noise than the first. */
START_TEST(each_batch_has_draws_of_its_own)
{
    training a = train((setting){
        .sampler = "{sgld: {steps: 1, step_size: 0, noise: 1, buffer: 0, low: 0, high: "
                   "1}}",
        .train = "{iterations: 40, batch: 20, accumulate: 2}"});
    float before[40];
    for (int i = 0; i < 40; i++) {
        memcpy(before, a.t->samples, sizeof before);
        steps(&a, 1);
        ck_assert(memcmp(before, a.t->samples, sizeof before));
        gedi__chains_draw(&a.t->chains, 2 * i, before);
        ck_assert(memcmp(before, a.t->samples, sizeof before));
        gedi__chains_draw(&a.t->chains, 2 * i + 1, before);
        ck_assert(!memcmp(before, a.t->samples, sizeof before));
    }
    done(&a);
}
END_TEST

/* The gradient is too long in the last batch: states of the first are taken back. */
START_TEST(what_fails_leaves_weights_and_states)
{
    training a =
        train((setting){ALONE, .model = NORMED,
                        .objective = "[{supervised: {prototypes: free}, weight: 1.0e6}]",
                        .train = "{iterations: 4, batch: 50, accumulate: 3, "
                                 "explode: 100}"});
    const gedi__params *p = &a.t->net.params;
    size_t weights = (size_t)p->trained * sizeof(float),
           states = (size_t)p->kept * sizeof(float);
    float *w = malloc(weights), *s = malloc(states);
    ck_assert(w && s && p->kept > 0);
    memcpy(w, p->w, weights);
    memcpy(s, p->state, states);
    ck_assert_int_eq(gedi__trainer_step(a.t, &err), GEDI_NUMERIC);
    ck_assert_msg(strstr(err.msg, "iteration 1: the gradient has exploded"), "%s",
                  err.msg);
    ck_assert(!memcmp(w, p->w, weights));
    ck_assert(!memcmp(s, p->state, states));
    ck_assert_int_eq(a.t->iteration, 0);
    free(w);
    free(s);
    done(&a);
}
END_TEST

START_TEST(more_than_the_records_is_refused)
{
    training a;
    setting s = {.train = "{iterations: 4, batch: 50, accumulate: 5}"};
    ck_assert_int_eq(begin(&a, s, NULL), GEDI_DESCRIPTOR);
    ck_assert_str_eq(err.msg, "train.batch times train.accumulate is 250, but dataset "
                              "moons has 200 training records");
    ck_assert_ptr_null(a.t);
    gedi__experiment_free(a.e);
}
END_TEST

/* ---- clipping ---- */

/* How far one step of length 1 goes. */
static double first_step(const char *clip, double *norm)
{
    char how[96];
    snprintf(how, sizeof how, "{iterations: 3, batch: 20%s}", clip);
    training a = train((setting){ALONE, .objective = CLASSES, .views = NOISE,
                                 .optimizer = "{sgd: {lr: 1}}", .train = how});
    const gedi__params *p = &a.t->net.params;
    double sum = 0, *w = malloc((size_t)p->trained * sizeof *w);
    ck_assert_ptr_nonnull(w);
    for (int64_t i = 0; i < p->trained; i++)
        w[i] = p->w[i];
    steps(&a, 1);
    for (int64_t i = 0; i < p->trained; i++)
        sum += (p->w[i] - w[i]) * (p->w[i] - w[i]);
    *norm = a.t->gradient_norm;
    free(w);
    done(&a);
    return sqrt(sum);
}

START_TEST(a_clipped_gradient_is_as_long_as_it_may_be)
{
    double norm, same, step = first_step("", &norm);
    ck_assert_msg(fabs(step - norm) <= 1e-5 * norm, "a step of %g along %g", step, norm);
    step = first_step(", clip: 0.01", &same);
    ck_assert_msg(norm > 0.02, "the gradient is no longer than %g", norm);
    ck_assert_msg(fabs(step - 0.01) <= 1e-5, "a step of %g, clipped to 0.01", step);
    ck_assert(same == norm); /* as it was before */
    ck_assert(first_step(", clip: 1000", &same) == first_step("", &norm));
}
END_TEST

/* ---- groups ---- */

static bool moved(const training *a, const float *w, const char *prefix, bool *any)
{
    const gedi__params *p = &a->t->net.params;
    bool all = true;
    *any = false;
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        if (!q->trained || !gedi__name_is_under(q->name, prefix))
            continue;
        bool is = memcmp(p->w + q->offset, w + q->offset, (size_t)q->size * sizeof *w);
        all = all && is;
        *any = *any || is;
    }
    return all;
}

/* The first group that matches counts; what none matches has the optimizer's options. */
START_TEST(a_group_has_options_of_its_own)
{
    training a = train((setting){.optimizer = "{sgd: {lr: 0}}",
                                 .more = "groups:\n"
                                         "  - {match: [model.layer1.weight], lr: 0}\n"
                                         "  - {match: [objective, model.layer1], lr: "
                                         "0.1, momentum: 0.5}\n"});
    const gedi__params *p = &a.t->net.params;
    size_t bytes = (size_t)p->trained * sizeof(float);
    float *w = malloc(bytes);
    bool any;
    ck_assert_ptr_nonnull(w);
    memcpy(w, p->w, bytes);
    ck_assert_int_eq(a.t->optimizer.slots, 1);
    steps(&a, 3);
    ck_assert(moved(&a, w, "objective", &any) && any);
    ck_assert(moved(&a, w, "model.layer1.bias", &any) && any);
    moved(&a, w, "model.layer1.weight", &any);
    ck_assert(!any);
    moved(&a, w, "model.layer0", &any);
    ck_assert(!any);
    moved(&a, w, "projector", &any);
    ck_assert(!any);
    free(w);
    done(&a);
}
END_TEST

/* Groups with the options that all have change nothing, for every optimizer. */
START_TEST(groups_that_differ_in_nothing_change_nothing)
{
    static const char *const optimizer[] = {
        "{adam: {lr: 0.01, weight_decay: 0.1}}",
        "{adamw: {lr: {cosine: {from: 0.01, to: 0, warmup: 2, unit: epochs}}}}",
        "{lars: {lr: 0.5, trust: 0.01, weight_decay: 0.1}}",
        "{sgd: {lr: 0.01, momentum: 0.9, nesterov: true}}"};
    training a = train((setting){.optimizer = optimizer[_i]});
    training b = train((setting){.optimizer = optimizer[_i],
                                 .more = "groups: [{match: [model.layer1]}, {match: "
                                         "[objective, model.layer0.bias]}]\n"});
    steps(&a, 25);
    steps(&b, 25);
    ck_assert_int_eq(a.t->optimizer.spans, 1);
    ck_assert_int_gt(b.t->optimizer.spans, 3);
    ck_assert(!memcmp(a.t->net.params.w, b.t->net.params.w,
                      (size_t)a.t->net.params.trained * sizeof(float)));
    done(&a);
    done(&b);
}
END_TEST

/* A schedule of a group counts as the optimizer's do, and is logged by its name. */
START_TEST(a_group_has_schedules_of_its_own)
{
    training a = train((setting){
        .optimizer = "{sgd: {lr: {cosine: {from: 0.1, to: 0}}, momentum: 0.5}}",
        .more = "groups: [{match: [model], lr: {steps: {0: 0.02, 1: 0.01, unit: epochs}}"
                "}, {match: [objective], momentum: 0}]\n"});
    ck_assert_int_eq(a.t->schedules, 2);
    ck_assert_str_eq(a.t->schedule[0].name, "optimizer.sgd.lr");
    ck_assert_str_eq(a.t->schedule[1].name, "groups.0.lr");
    for (int i = 0; i < 12; i++) { /* an epoch has 10 iterations */
        steps(&a, 1);
        ck_assert_msg(a.t->schedule[1].value == (i < 10 ? 0.02 : 0.01),
                      "iteration %d: %g", i, a.t->schedule[1].value);
    }
    done(&a);
}
END_TEST

START_TEST(a_group_without_weights_is_refused)
{
    static const char *const match[] = {"objective.prototype",
                                        "model.norm0.running_mean"};
    char more[96];
    training a;
    snprintf(more, sizeof more, "groups: [{match: [model, %s], lr: 0.1}]\n", match[_i]);
    setting s = {.model = NORMED, .more = more};
    ck_assert_int_eq(begin(&a, s, NULL), GEDI_DESCRIPTOR);
    snprintf(more, sizeof more, "groups.0.match: '%s' is no weight", match[_i]);
    ck_assert_msg(strstr(err.msg, more), "%s", err.msg);
    gedi__experiment_free(a.e);
}
END_TEST

/* What a group states is part of the experiment, what it has from the optimizer is not. */
/* A group that no weight is left for would be passed over without a word. */
START_TEST(a_group_that_none_is_left_for_is_refused)
{
    static const char *const more[] = {
        "groups: [{match: [model], lr: 0.1}, {match: [model.layer0], lr: 0.2}]\n",
        "groups: [{match: [model.layer0], lr: 0.1}]\nfreeze: [model.layer0]\n",
        "groups: [{match: [model.layer0], lr: 0.1}, {match: [model], lr: 0.2}]\n",
    };
    training a;
    gedi_status s = begin(&a, (setting){.more = more[_i]}, NULL);
    ck_assert_int_eq(s, _i == 2 ? GEDI_OK : GEDI_DESCRIPTOR);
    if (s)
        ck_assert_msg(strstr(err.msg, "match: no weight is left for it") != NULL, "%s",
                      err.msg);
    done(&a);
}
END_TEST

START_TEST(groups_are_part_of_the_identity)
{
    training a = train((setting){.more = "groups: [{match: [objective, model], lr: 0.1}, "
                                         "{match: [projector], lr: 1.0e-3}]\n"});
    gedi__text t = {0};
    ck_assert_int_eq(gedi__identity_text(a.e, &t, &err), GEDI_OK);
    ck_assert_msg(strstr(t.s, "groups.0.lr: 0.1\n"
                              "groups.0.match: [\"objective\", \"model\"]\n"
                              "groups.1.match: [\"projector\"]\n") != NULL,
                  "%s", t.s);
    ck_assert_ptr_null(strstr(t.s, "groups.1.lr"));
    gedi__text_clear(&t);
    done(&a);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("update");
    TCase *c = tcase_create("update");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_add_test(c, four_batches_of_16_are_one_of_64);
    tcase_add_test(c, states_follow_every_batch);
    tcase_add_test(c, each_batch_has_draws_of_its_own);
    tcase_add_test(c, what_fails_leaves_weights_and_states);
    tcase_add_test(c, more_than_the_records_is_refused);
    tcase_add_test(c, a_clipped_gradient_is_as_long_as_it_may_be);
    tcase_add_test(c, a_group_has_options_of_its_own);
    tcase_add_loop_test(c, groups_that_differ_in_nothing_change_nothing, 0, 4);
    tcase_add_test(c, a_group_has_schedules_of_its_own);
    tcase_add_loop_test(c, a_group_without_weights_is_refused, 0, 2);
    tcase_add_loop_test(c, a_group_that_none_is_left_for_is_refused, 0, 3);
    tcase_add_test(c, groups_are_part_of_the_identity);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
