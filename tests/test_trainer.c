/* test_trainer.c - training steps: what every method shares, what is left out, batch
 * statistics, chains, threads, checkpoints.
 */
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

static bool same_numbers(const float *a, const float *b, int64_t n)
{
    return !memcmp(a, b, (size_t)n * sizeof *a);
}

static void says(const char *text)
{
    ck_assert_msg(strstr(err.msg, text), "no \"%s\" in: %s", text, err.msg);
}

/* ---- what every method shares ---- */

static bool same_by_name(const training *a, const training *b)
{
    const gedi__params *p = &a->t->net.params;
    bool same = p->n == b->t->net.params.n;
    for (int i = 0; same && i < p->n; i++) {
        const gedi__param *q = param(b, p->param[i]->name);
        ck_assert(gedi_shape_equal(q->shape, p->param[i]->shape));
        same = same_numbers(gedi__param_data(p, p->param[i]),
                            gedi__param_data(&b->t->net.params, q), q->size);
    }
    return same;
}

/* Every method sees the same batches and starts from the same weights, if only the seed is
 * the same. */
START_TEST(methods_with_one_seed_share_batches_and_weights)
{
    const char *mlp[] = {NULL, "{mlp: {hidden: [16, 16], output: 4, batch_norm: true}}"};
    training a = train((setting){.model = mlp[_i]});
    training b = train(
        (setting){.model = mlp[_i], .objective = "{gedi_no_gen: {prototypes: free}}"});
    training c =
        train((setting){.model = mlp[_i], .objective = "{jem: {prototypes: free}}"});
    training d = train((setting){.model = mlp[_i], .seed = "2"});
    int64_t size = 20 * 2;
    ck_assert_int_eq(a.t->net.one_batch, !_i);
    ck_assert(same_by_name(&a, &b));
    ck_assert(same_by_name(&a, &c));
    ck_assert(!same_by_name(&a, &d));
    ck_assert_ptr_null(c.t->view[1]);
    for (int i = 0; i < 20; i++) { /* two epochs */
        steps(&a, 1);
        steps(&b, 1);
        steps(&c, 1);
        steps(&d, 1);
        for (int v = 0; v < 2; v++) {
            ck_assert(same_numbers(a.t->view[v], b.t->view[v], size));
            ck_assert(!same_numbers(a.t->view[v], d.t->view[v], size));
        }
        ck_assert(same_numbers(a.t->view[0], c.t->view[0], size));
        ck_assert(!same_numbers(a.t->view[0], a.t->view[1], size));
    }
    ck_assert(!same_by_name(&a, &b)); /* they did not stand still */
    done(&a);
    done(&b);
    done(&c);
    done(&d);
}
END_TEST

static int by_numbers(const void *a, const void *b)
{
    return memcmp(a, b, 2 * sizeof(float));
}

/* 5 batches of 20 of the 110 records, all different, in another order every epoch. */
START_TEST(an_epoch_takes_every_record_at_most_once)
{
    float seen[2][100][2];
    training a = train((setting){.dataset = "{moons: {train: 110, test: 10}}"});
    for (int epoch = 0; epoch < 2; epoch++)
        for (int i = 0; i < 5; i++) {
            steps(&a, 1);
            memcpy(seen[epoch][20 * i], a.t->view[0], 40 * sizeof(float));
        }
    ck_assert(memcmp(seen[0], seen[1], sizeof seen[0]) != 0);
    for (int epoch = 0; epoch < 2; epoch++) {
        qsort(seen[epoch], 100, sizeof seen[0][0], by_numbers);
        for (int i = 1; i < 100; i++)
            ck_assert_int_lt(by_numbers(seen[epoch][i - 1], seen[epoch][i]), 0);
    }
    done(&a);
}
END_TEST

/* ---- what is left out ---- */

START_TEST(a_term_of_weight_zero_is_not_computed)
{
    training all = train((setting){0});
    ck_assert_int_eq(all.t->terms.n, 3);
    ck_assert_ptr_nonnull(all.t->samples);
    ck_assert_ptr_nonnull(all.t->chains.transition.inference);
    /* Without gen there are no samples, and no sampler need be given. */
    training gen = train(
        (setting){.objective = "{gedi: {prototypes: free, gen: 0}}", .sampler = ""});
    ck_assert_int_eq(gen.t->terms.n, 2);
    ck_assert_ptr_null(gen.t->samples);
    ck_assert_ptr_null(gen.t->chains.transition.inference);
    ck_assert_ptr_nonnull(gen.t->view[1]);
    /* Without inv, no second view. */
    training inv = train(
        (setting){.objective = "{gedi: {prototypes: free, inv: 0}}", .views = "[[]]"});
    ck_assert_int_eq(inv.t->terms.n, 2);
    ck_assert_ptr_nonnull(inv.t->samples);
    ck_assert_ptr_null(inv.t->view[1]);
    size_t bytes[3];
    gedi__program_bytes(all.t->step.program, &bytes[0]);
    gedi__program_bytes(gen.t->step.program, &bytes[1]);
    gedi__program_bytes(inv.t->step.program, &bytes[2]);
    ck_assert_uint_lt(bytes[1], bytes[0]);
    ck_assert_uint_lt(bytes[2], bytes[0]);
    steps(&gen, 2);
    steps(&inv, 2);
    for (int i = 0; i < 2; i++)
        ck_assert_str_ne(gen.t->terms.value[i].name, "gen");
    done(&all);
    done(&gen);
    done(&inv);
}
END_TEST

/* What cannot be trained is refused, with the remedy. */
START_TEST(what_does_not_fit_is_refused)
{
    static const struct {
        setting s;
        gedi_status status;
        const char *says[2];
    } table[] = {
        {{.train = "{iterations: 1, batch: 201}"},
         GEDI_DESCRIPTOR,
         {"train.batch is 201, but dataset moons has 200 training records", ""}},
        {{.views = "[[]]"},
         GEDI_DESCRIPTOR,
         {"objective gedi uses view 2, but views: has 1 pipeline: add one", "`- []`"}},
        {{.sampler = ""},
         GEDI_DESCRIPTOR,
         {"objective gedi uses negative samples: add a sampler",
          "`sampler: {sgld: {}}`"}},
        {{.objective = "{gedi: {gen: 0, inv: 0, prior: 0}}"},
         GEDI_DESCRIPTOR,
         {"objective gedi has no term with a weight other than 0", ""}},
        {{.objective = "{gedi: {clusters: 3}}"}, GEDI_SHAPE, {"clusters", "3"}},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        gedi__experiment *e = experiment_new(table[i].s);
        gedi__trainer *t = (gedi__trainer *)&t;
        ck_assert_int_eq(gedi__trainer_new(e, e->stage, &t, &err), table[i].status);
        for (int k = 0; k < 2; k++)
            ck_assert_msg(strstr(err.msg, table[i].says[k]), "%s", err.msg);
        ck_assert_ptr_null(t);
        gedi__experiment_free(e);
    }
}
END_TEST

/* ---- batch statistics ---- */

/* What running statistics of the first layer become by one pass over x [20, 2]. */
static void expect_pass(const training *a, const float *x, double mean[4], double var[4])
{
    const float *w = data(a, "model.layer0.weight"), *b = data(a, "model.layer0.bias");
    for (int j = 0; j < 4; j++) {
        double y[20], m = 0, v = 0;
        for (int i = 0; i < 20; i++) {
            y[i] = (double)x[2 * i] * w[j] + (double)x[2 * i + 1] * w[4 + j] + b[j];
            m += y[i] / 20;
        }
        for (int i = 0; i < 20; i++)
            v += (y[i] - m) * (y[i] - m) / 19;
        mean[j] = 0.9 * mean[j] + 0.1 * m;
        var[j] = 0.9 * var[j] + 0.1 * v;
    }
}

/* Running statistics follow the views and samples that are used, in this order, and
 * nothing else. */
START_TEST(running_statistics_are_those_of_the_batches)
{
    static const char *const objective[] = {"{gedi: {}}", "{gedi_no_gen: {}}",
                                            "{jem: {}}"};
    training a =
        train((setting){.model = "{mlp: {hidden: [4], output: 2, batch_norm: true}}",
                        .projector = "",
                        .objective = objective[_i],
                        .optimizer = "{sgd: {lr: 0}}"});
    double mean[4] = {0}, var[4] = {1, 1, 1, 1};
    ck_assert(!a.t->net.one_batch);
    for (int k = 0; k < 5; k++) {
        steps(&a, 1);
        for (int v = 0; v < GEDI_MAX_VIEWS; v++)
            if (a.t->view[v])
                expect_pass(&a, a.t->view[v], mean, var);
        if (a.t->samples)
            expect_pass(&a, a.t->samples, mean, var);
    }
    double error = testing_error(data(&a, "model.norm0.running_mean"), mean, 4, 1e-3);
    ck_assert_msg(error <= 1e-5, "running_mean is wrong by %g", error);
    error = testing_error(data(&a, "model.norm0.running_var"), var, 4, 1e-3);
    ck_assert_msg(error <= 1e-5, "running_var is wrong by %g", error);
    done(&a);
}
END_TEST

/* Views and samples as one batch, or one after the other: both learn. */
START_TEST(both_ways_to_pass_a_batch_learn)
{
    static const char *const model[] = {
        "{mlp: {hidden: [32], output: 2}}",
        "{mlp: {hidden: [32], output: 2, batch_norm: true}}"};
    training a = train((setting){.model = model[_i],
                                 .projector = "",
                                 .optimizer = "{adam: {lr: 0.01}}",
                                 .objective = "{gedi_no_gen: {}}"});
    ck_assert_int_eq(a.t->net.one_batch, !_i);
    steps(&a, 1);
    double first = a.t->loss;
    steps(&a, 299);
    ck_assert_msg(a.t->loss < 0.5 * first, "%g, at first %g", a.t->loss, first);
    double prior = a.t->terms.value[1].value; /* which cannot be under its optimum */
    ck_assert_str_eq(a.t->terms.value[1].name, "prior");
    ck_assert_msg(prior >= log(2) - 1e-5 && prior < 0.9, "prior is %g", prior);
    done(&a);
}
END_TEST

/* ---- what an author's objective may ask for ---- */

/* Mean square of d sum(z) / dx, and something of the second view, so that there are two parts. */
typedef struct slope {
    double other, at_h;
} slope;

static void slope_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    const slope *o = self;
    gedi_node *d, *x = o->at_h ? v->h[0] : v->x[0];
    (void)b;
    gedi_grad(gedi_square(v->z[0]), &x, 1, NULL, 0, &d);
    gedi_term(t, "slope", gedi_mean_all(gedi_square(d)), 1.0, NAN);
    gedi_term(t, "other", gedi_mean_all(v->z[1]), o->other, NAN);
}

/* The value of "slope" at the first step, with the second view or without. */
static double first_slope(double other, double at_h)
{
    slope self = {other, at_h};
    gedi_objective o = {.name = "slope", .loss = slope_loss};
    gedi__trainer *t;
    gedi__experiment *e = experiment_new((setting){0});
    e->stage->objective->part = (gedi__component){(const gedi_plugin *)&o, &self};
    ck_assert_msg(gedi__trainer_new(e, e->stage, &t, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(gedi__trainer_step(t, &err) == GEDI_OK, "%s", err.msg);
    double value = t->terms.value[0].value;
    ck_assert(t->gradient_norm > 0);
    gedi__trainer_free(t);
    gedi__experiment_free(e);
    return value;
}

/* With several parts in one batch, x[i] was beside z[i] instead of before it: 0 without a word. */
START_TEST(derivatives_to_a_part_do_not_depend_on_the_others)
{
    double alone = first_slope(0.0, _i), beside = first_slope(1.0, _i);
    ck_assert_msg(alone > 1e-6, "%g", alone);
    ck_assert_msg(fabs(alone - beside) <= 1e-5 * alone, "%g, beside another view %g",
                  alone, beside);
}
END_TEST

/* Its state is the mean of a view, or of the samples, that no term uses. */
static void keeping_loss(const void *self, gedi_build *b, const gedi_batch *v,
                         gedi_terms *t)
{
    const bool *samples = self;
    gedi_node *state = gedi_state(b, "mean", GEDI_DIMS(1, 2), 7.0);
    gedi_state_update(b, state, gedi_mean(*samples ? v->xs : v->x[1], 1u << 0));
    gedi_term(t, "square", gedi_mean_all(gedi_square(v->z[0])), 1.0, NAN);
}

static gedi_node *keeping_energy(const void *self, gedi_build *b, gedi_node *x,
                                 gedi_node *z, const gedi_batch *v)
{
    (void)self, (void)b, (void)z, (void)v;
    return gedi_sum(gedi_square(x), 1u << 1); /* sees records, not embeddings alone */
}

START_TEST(a_state_sees_what_no_term_uses)
{
    bool samples = _i;
    gedi_objective o = {
        .name = "keeping", .loss = keeping_loss, .energy = keeping_energy};
    training a = {.e = experiment_new((setting){0})};
    a.e->stage->objective->part = (gedi__component){(const gedi_plugin *)&o, &samples};
    ck_assert_msg(gedi__trainer_new(a.e, a.e->stage, &a.t, &err) == GEDI_OK, "%s",
                  err.msg);
    steps(&a, 2);
    const float *x = samples ? a.t->samples : a.t->view[1];
    ck_assert_ptr_nonnull(x);
    for (int j = 0; j < 2; j++) {
        double mean = 0, is = data(&a, "objective.mean")[j];
        for (int i = 0; i < 20; i++)
            mean += x[2 * i + j] / 20.0;
        ck_assert_msg(fabs(is - mean) <= 1e-5, "%g instead of %g", is, mean);
    }
    done(&a);
}
END_TEST

/* ---- chains ---- */

static bool is_row_of(const float *row, const float *rows, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (same_numbers(row, rows + 2 * i, 2))
            return true;
    return false;
}

/* Chains that do not move show where they start. */
START_TEST(chains_start_from_the_buffer_or_afresh)
{
    static const char *const sampler[] = {
        "{sgld: {step_size: 0, noise: 0, buffer: 30, reinit: 0, low: 2, high: 3}}",
        "{sgld: {step_size: 0, noise: 0, buffer: 30, reinit: 1, low: 2, high: 3}}",
        "{sgld: {step_size: 0, noise: 0, buffer: 0, low: 2, high: 3}}",
        "{sgld: {step_size: 0, noise: 0, buffer: 0, start: box, scale: 1}}"};
    training a = train((setting){.sampler = sampler[_i]});
    float before[60] = {0}, x[2][40];
    double low = _i == 3 ? -10 : 2, high = _i == 3 ? 10 : 3;
    if (a.t->chains.how.buffer)
        memcpy(before, a.t->chains.buffer, sizeof before);
    for (int k = 0; k < 2; k++) {
        steps(&a, 1);
        memcpy(x[k], a.t->samples, sizeof x[k]);
        for (int i = 0; i < 20; i++) {
            ck_assert(x[k][2 * i] >= (float)low && x[k][2 * i] <= (float)high);
            if (_i < 2)
                ck_assert_int_eq(is_row_of(x[k] + 2 * i, before, 30), _i == 0);
        }
    }
    ck_assert(!same_numbers(x[0], x[1], 40));
    if (_i == 0) /* nothing new in it */
        ck_assert(same_numbers(before, a.t->chains.buffer, 60));
    if (_i == 1) /* the last of a place stays */
        ck_assert(is_row_of(x[1] + 38, a.t->chains.buffer, 30));
    done(&a);
}
END_TEST

/* Every transition adds noise of its own: with two of them the variance is 2 and not 4,
 * and what the next iteration adds has nothing to do with it. */
START_TEST(every_transition_has_noise_of_its_own)
{
    training a = train((setting){
        .sampler = "{sgld: {steps: 2, step_size: 0, noise: 1, buffer: 0, low: 0, high: "
                   "1.0e-6}}"});
    float x[2][40];
    double squares = 0, products = 0;
    for (int k = 0; k < 100; k++) {
        steps(&a, 1);
        memcpy(x[k % 2], a.t->samples, sizeof x[0]);
        for (int i = 0; i < 40; i++) {
            squares += (double)x[k % 2][i] * x[k % 2][i] / 4000;
            products += k ? (double)x[0][i] * x[1][i] / 3960 : 0;
        }
    }
    ck_assert_msg(fabs(squares - 2) <= 5 * 2 * sqrt(2.0 / 4000), "variance %g", squares);
    ck_assert_msg(fabs(products) <= 5 * 2 * sqrt(1.0 / 3960), "covariance %g", products);
    done(&a);
}
END_TEST

/* ---- threads and checkpoints ---- */

static const char wide[] = "{mlp: {hidden: [512, 512], output: 8}}";

/* The bytes of a checkpoint do not depend on the number of threads; the wide network is
 * large enough for them to be used. */
START_TEST(threads_do_not_change_the_bytes)
{
    static const char *const threads[] = {"1", "2", "3"};
    char path[3][128];
    for (int i = 0; i < (_i ? 2 : 3); i++) {
        setting s = {.threads = threads[i]};
        if (_i)
            s = (setting){.threads = threads[i],
                          .model = wide,
                          .dataset = "{moons: {train: 1000, test: 10}}",
                          .train = "{iterations: 100, batch: 512}"};
        training a = train(s);
        steps(&a, _i ? 8 : 30);
        snprintf(path[i], sizeof path[i], "%s", experiment_path(threads[i]));
        ck_assert_int_eq(gedi__checkpoint_write(a.t, path[i], NULL, "seed: 1\n", &err),
                         GEDI_OK);
        ck_assert_msg(experiment_same_file(path[0], path[i]), "%s threads", threads[i]);
        done(&a);
    }
}
END_TEST

/* Everything that training changes is in a checkpoint: two that go on do the same. */
START_TEST(a_checkpoint_holds_everything)
{
    const setting s[] = {
        {0},
        {.model = NORMED, .optimizer = "{sgd: {lr: 1.0e-4, momentum: 0.9}}"},
        {.model = NORMED,
         .optimizer = "{sgd: {lr: 1.0e-4}}",
         .train = "{iterations: 30, batch: 10, accumulate: 3, clip: 0.5}",
         .more = "groups: [{match: [projector], momentum: 0.9}]\n"}};
    training a = train(s[_i]), b = train(s[_i]);
    char path[2][128];
    snprintf(path[0], sizeof path[0], "%s", experiment_path("a"));
    snprintf(path[1], sizeof path[1], "%s", experiment_path("b"));
    steps(&a, 7);
    steps(&b, 2); /* must leave no trace */
    ck_assert_int_eq(gedi__checkpoint_write(a.t, path[0], NULL, "seed: 1\n", &err),
                     GEDI_OK);
    ck_assert_msg(gedi__checkpoint_read(b.t, path[0], "seed: 1\n", &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert_int_eq(b.t->iteration, 7);
    steps(&a, 5);
    steps(&b, 5);
    ck_assert_int_eq(gedi__checkpoint_write(a.t, path[0], NULL, "seed: 1\n", &err),
                     GEDI_OK);
    ck_assert_int_eq(gedi__checkpoint_write(b.t, path[1], NULL, "seed: 1\n", &err),
                     GEDI_OK);
    ck_assert(experiment_same_file(path[0], path[1]));
    done(&a);
    done(&b);
}
END_TEST

START_TEST(a_checkpoint_that_does_not_fit_is_refused)
{
    training a = train((setting){0});
    training b = train((setting){.model = NORMED});
    const char *path = experiment_path("a");
    steps(&a, 2);
    ck_assert_int_eq(gedi__checkpoint_write(a.t, path, NULL, "seed: 1\n", &err), GEDI_OK);
    ck_assert_int_eq(gedi__checkpoint_read(b.t, path, "seed: 2\n", &err), GEDI_STATE);
    says("written for another experiment");
    ck_assert_int_eq(gedi__checkpoint_read(b.t, path, "seed: 1\n", &err), GEDI_DATA);
    says(path);
    says("model.");
    a.t->iteration = 31;
    ck_assert_int_eq(gedi__checkpoint_write(a.t, path, NULL, "seed: 1\n", &err), GEDI_OK);
    ck_assert_int_eq(gedi__checkpoint_read(a.t, path, "seed: 1\n", &err), GEDI_DATA);
    says("iteration '31' is not in [0, 30]");
    data(&a, "model.layer0.bias")[3] = INFINITY;
    ck_assert_int_eq(gedi__checkpoint_write(a.t, path, NULL, "seed: 1\n", &err),
                     GEDI_NUMERIC);
    says("iteration 31: parameter model.layer0.bias, index 3, is inf");
    ck_assert(gedi__file_exists(path)); /* the old one */
    done(&a);
    done(&b);
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_loop_test(c, methods_with_one_seed_share_batches_and_weights, 0, 2);
    tcase_add_test(c, an_epoch_takes_every_record_at_most_once);
    tcase_add_test(c, a_term_of_weight_zero_is_not_computed);
    tcase_add_test(c, what_does_not_fit_is_refused);
    tcase_add_loop_test(c, running_statistics_are_those_of_the_batches, 0, 3);
    tcase_add_loop_test(c, both_ways_to_pass_a_batch_learn, 0, 2);
    tcase_add_loop_test(c, derivatives_to_a_part_do_not_depend_on_the_others, 0, 2);
    tcase_add_loop_test(c, a_state_sees_what_no_term_uses, 0, 2);
    tcase_add_loop_test(c, chains_start_from_the_buffer_or_afresh, 0, 4);
    tcase_add_test(c, every_transition_has_noise_of_its_own);
    tcase_add_loop_test(c, threads_do_not_change_the_bytes, 0, 2);
    tcase_add_loop_test(c, a_checkpoint_holds_everything, 0, 3);
    tcase_add_test(c, a_checkpoint_that_does_not_fit_is_refused);
}

int main(void)
{
    TCase *c = tcase_create("trainer");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    add_tests(c);
    Suite *s = suite_create("trainer");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
