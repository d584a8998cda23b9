/* test_own_program.c - networks that evaluators build: they learn as a naive reference does, share
 * weights, and say what is wrong with a plan.
 */
#include "gedi/gedi.h"
#include "tests/component.h"
#include "tests/testing.h"

#include <math.h>

extern const gedi_optimizer gedi_optimizer_sgd;

enum { N = 12, D = 3, K = 2, STEPS = 30 };

static gedi_err err;
static float x[N * D], q[N * K];
static component sgd;
static gedi_component optimizer;

static void setup(void)
{
    testing_uniform(x, N * D, 5, -1, 1);
    memset(q, 0, sizeof q);
    for (int i = 0; i < N; i++)
        q[i * K + i % K] = 1;
    sgd = component_new((const gedi_plugin *)&gedi_optimizer_sgd, "lr=0.5 momentum=0.9");
    optimizer = (gedi_component){(const gedi_plugin *)&gedi_optimizer_sgd, sgd.self};
}

static void teardown(void)
{
    component_free(&sgd);
}

static gedi_node *linear(gedi_build *b, gedi_node *in)
{
    gedi_init init = {.kind = GEDI_INIT_NORMAL, .value = 0.3};
    return gedi_linear(b, "layer", in, K, true, init);
}

static void regression(const void *self, gedi_build *b, gedi_node *const *in,
                       gedi_node **out)
{
    (void)self;
    out[1] = linear(b, in[0]);
    out[0] = gedi_loss_cross_entropy(in[1], out[1]);
}

static void logits(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    (void)self;
    out[0] = linear(b, in[0]);
}

static gedi_program_plan plan_of_regression(void)
{
    return (gedi_program_plan){.build = regression,
                               .inputs = 2,
                               .outputs = 2,
                               .input = {GEDI_DIMS(N, D), GEDI_DIMS(N, K)},
                               .rng = gedi_rng_at(100, GEDI_STREAM_EVAL, 0, 0),
                               .optimizer = &optimizer,
                               .steps = STEPS};
}

static gedi_program *made(const gedi_program_plan *plan)
{
    gedi_program *p;
    ck_assert_msg(gedi_program_new(plan, &p, &err) == GEDI_OK, "%s", err.msg);
    return p;
}

static gedi_program *learner(void)
{
    gedi_program_plan plan = plan_of_regression();
    gedi_program *p = made(&plan);
    memcpy(gedi_program_input(p, 0), x, sizeof x);
    memcpy(gedi_program_input(p, 1), q, sizeof q);
    return p;
}

static gedi_program *reader(const gedi_program *of)
{
    gedi_program_plan plan = {.build = logits,
                              .inputs = 1,
                              .outputs = 1,
                              .input = {GEDI_DIMS(D + 1, D)},
                              .weights_of = of};
    gedi_program *p = made(&plan);
    float *in = gedi_program_input(p, 0);
    memset(in, 0, sizeof(float) * (D + 1) * D);
    for (int j = 0; j < D; j++)
        in[j * D + j] = 1; /* the last row is 0: the bias */
    return p;
}

/* Weights [D, K] and the bias [K] of a linear layer, by what it makes of unit vectors. */
static void read_weights(gedi_program *r, double w[(D + 1) * K])
{
    ck_assert_int_eq(gedi_program_run(r, &err), GEDI_OK);
    const float *y = gedi_program_output(r, 0);
    for (int i = 0; i < (D + 1) * K; i++)
        w[i] = i < D * K ? (double)y[i] - (double)y[D * K + i % K] : (double)y[i];
}

/* A step of softmax regression with momentum, by its formulas; returns the loss before it. */
static double reference_step(double *w, double *v)
{
    double g[(D + 1) * K] = {0}, loss = 0;
    for (int i = 0; i < N; i++) {
        double p[K], sum = 0;
        for (int c = 0; c < K; c++) {
            p[c] = w[D * K + c];
            for (int j = 0; j < D; j++)
                p[c] += (double)x[i * D + j] * w[j * K + c];
            sum += p[c] = exp(p[c]);
        }
        loss -= log(p[i % K] / sum) / N;
        for (int c = 0; c < K; c++) {
            double d = (p[c] / sum - (c == i % K)) / N;
            for (int j = 0; j < D; j++)
                g[j * K + c] += d * (double)x[i * D + j];
            g[D * K + c] += d;
        }
    }
    for (int i = 0; i < (D + 1) * K; i++) {
        v[i] = 0.9 * v[i] + g[i];
        w[i] -= 0.5 * v[i];
    }
    return loss;
}

START_TEST(it_learns_by_the_formulas)
{
    double w[(D + 1) * K], v[(D + 1) * K] = {0}, found[(D + 1) * K];
    gedi_program *p = learner(), *r = reader(p);
    read_weights(r, w);
    for (int k = 0; k < STEPS; k++) {
        double loss = reference_step(w, v);
        ck_assert_msg(gedi_program_run(p, &err) == GEDI_OK, "%s", err.msg);
        double l = gedi_program_output(p, 0)[0];
        ck_assert_msg(fabs(l - loss) <= 1e-5, "step %d: %g is not %g", k, l, loss);
    }
    read_weights(r, found);
    for (int i = 0; i < (D + 1) * K; i++)
        ck_assert_msg(fabs(found[i] - w[i]) <= 1e-5, "weight %d: %g, not %g", i, found[i],
                      w[i]);
    gedi_program_free(r);
    gedi_program_free(p);
}
END_TEST

START_TEST(first_weights_follow_the_generator)
{
    double w[3][(D + 1) * K];
    for (int i = 0; i < 3; i++) {
        gedi_program_plan plan = plan_of_regression();
        plan.rng = gedi_rng_at(100, GEDI_STREAM_EVAL, 0, i == 2);
        gedi_program *p = made(&plan), *r = reader(p);
        read_weights(r, w[i]);
        gedi_program_free(r);
        gedi_program_free(p);
    }
    ck_assert_mem_eq(w[0], w[1], sizeof w[0]);
    ck_assert_mem_ne(w[0], w[2], sizeof w[0]);
}
END_TEST

static void normalised(const void *self, gedi_build *b, gedi_node *const *in,
                       gedi_node **out)
{
    gedi_node *h = gedi_batch_norm(b, "norm", in[0], true);
    (void)self;
    out[0] = gedi_mean_all(gedi_square(gedi_sub(h, gedi_scale(in[0], 2))));
    out[1] = h;
}

/* Running statistics move in training (momentum .1), and are what the other one divides by. */
START_TEST(state_is_kept)
{
    component still =
        component_new((const gedi_plugin *)&gedi_optimizer_sgd, "lr=0 momentum=0");
    optimizer.self = still.self;
    gedi_program_plan plan = {.build = normalised,
                              .inputs = 1,
                              .outputs = 2,
                              .input = {GEDI_DIMS(N, D)},
                              .optimizer = &optimizer,
                              .steps = 1};
    gedi_program *p = made(&plan);
    plan.optimizer = NULL;
    plan.weights_of = p;
    gedi_program *r = made(&plan);
    for (int i = 0; i < N * D; i++)
        gedi_program_input(p, 0)[i] = 5 + x[i];
    memset(gedi_program_input(r, 0), 0, sizeof x);
    ck_assert_int_eq(gedi_program_run(r, &err), GEDI_OK);
    for (int i = 0; i < N * D; i++) /* mean 0 still */
        ck_assert(fabsf(gedi_program_output(r, 1)[i]) <= 1e-6f);
    ck_assert_int_eq(gedi_program_run(p, &err), GEDI_OK);
    ck_assert_int_eq(gedi_program_run(r, &err), GEDI_OK);
    for (int i = 0; i < N * D; i++) /* mean about .5 */
        ck_assert(gedi_program_output(r, 1)[i] < -0.3f);
    gedi_program_free(r);
    gedi_program_free(p);
    component_free(&still);
}
END_TEST

START_TEST(numbers_that_are_none_change_nothing)
{
    double before[(D + 1) * K], after[(D + 1) * K];
    gedi_program *p = learner(), *r = reader(p);
    read_weights(r, before);
    gedi_program_input(p, 0)[4] = NAN;
    ck_assert_int_eq(gedi_program_run(p, &err), GEDI_NUMERIC);
    ck_assert_msg(strstr(err.msg, "step 1 of a program: the loss is not finite: ") !=
                      NULL,
                  "%s", err.msg);
    read_weights(r, after);
    ck_assert_mem_eq(before, after, sizeof after);
    gedi_program_free(r);
    gedi_program_free(p);
}
END_TEST

static gedi_schedule ramp = {.form = GEDI_SCHEDULE_LINEAR, .from = 1, .to = 3};

static void ramped(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    regression(self, b, in, out);
    out[1] = gedi_scheduled(b, &ramp);
}

/* Of one that learns it follows the steps; of one that uses its weights it stands at the end. */
START_TEST(schedules_follow_the_steps)
{
    gedi_program_plan plan = plan_of_regression();
    plan.build = ramped;
    gedi_program *p = made(&plan);
    plan.optimizer = NULL;
    plan.weights_of = p;
    gedi_program *r = made(&plan);
    for (int k = 0; k < 3; k++) {
        ck_assert_int_eq(gedi_program_run(p, &err), GEDI_OK);
        ck_assert_int_eq(gedi_program_run(r, &err), GEDI_OK);
        ck_assert(fabs(gedi_program_output(p, 1)[0] - (1 + 2.0 * k / STEPS)) <= 1e-6);
        ck_assert(gedi_program_output(r, 1)[0] == 3);
    }
    gedi_program_free(r);
    gedi_program_free(p);
}
END_TEST

static void nothing(const void *self, gedi_build *b, gedi_node *const *in,
                    gedi_node **out)
{
    (void)self;
    (void)b;
    out[0] = gedi_mean_all(in[0]);
}

static void refused(gedi_program_plan plan, gedi_status s, const char *said)
{
    gedi_program *p;
    ck_assert_int_eq(gedi_program_new(&plan, &p, &err), s);
    ck_assert_ptr_null(p);
    ck_assert_msg(strstr(err.msg, said) != NULL, "%s", err.msg);
}

START_TEST(plans_are_checked)
{
    gedi_program_plan plan = plan_of_regression();
    plan.steps = 0;
    refused(plan, GEDI_USAGE, "0 steps of an optimizer; at least 1");
    plan = plan_of_regression();
    plan.inputs = 9;
    refused(plan, GEDI_USAGE, "9 inputs and 2 outputs; at most 8 each");
    plan = plan_of_regression();
    plan.outputs = 3;
    refused(plan, GEDI_USAGE, "has set no output 2 of 3");
    plan = plan_of_regression();
    plan.build = logits;
    plan.outputs = 1;
    refused(plan, GEDI_SHAPE, "first output is its loss, but has 24 elements");
    plan.build = nothing;
    refused(plan, GEDI_USAGE, "an optimizer, but no parameter to learn");
    plan = plan_of_regression();
    plan.build = NULL;
    refused(plan, GEDI_USAGE, "the plan has no `build`");
    plan = plan_of_regression();
    plan.optimizer = &(gedi_component){0};
    refused(plan, GEDI_USAGE, "the optimizer is no plugin");
    component epochs = component_new((const gedi_plugin *)&gedi_optimizer_sgd,
                                     "lr={steps: {0: 0.5, 2: 0.1, unit: epochs}}");
    plan.optimizer =
        &(gedi_component){(const gedi_plugin *)&gedi_optimizer_sgd, epochs.self};
    refused(plan, GEDI_OPTION,
            "optimizer sgd: lr counts epochs of training, which are over");
    component_free(&epochs);
    gedi_program *p = learner();
    plan = plan_of_regression();
    plan.weights_of = p;
    refused(plan, GEDI_USAGE, "not both");
    plan.optimizer = NULL;
    plan.build = normalised;
    refused(plan, GEDI_STATE, "norm.");
    gedi_program_free(p);
}
END_TEST

/* Outputs that have no memory of their own. */
static void itself(const void *self, gedi_build *b, gedi_node *const *in, gedi_node **out)
{
    gedi_init init = {.kind = GEDI_INIT_NORMAL, .value = 0.3};
    gedi_node *w = gedi_param(b, "w", GEDI_DIMS(N, D), init);
    gedi_node *count = gedi_state(b, "count", GEDI_DIMS(N, D), 1.0);
    (void)self;
    gedi_state_update(b, count, gedi_affine(count, 1.0, 1.0));
    out[0] = gedi_mean_all(gedi_square(gedi_sub(w, in[0])));
    out[1] = w;
    out[2] = gedi_reshape(w, GEDI_DIMS(D, N));
    out[3] = gedi_slice(w, 0, 1, N - 1);
    out[4] = gedi_scale(w, 2.0);
    out[5] = count;
    out[6] = in[0];
}

START_TEST(outputs_are_of_before_the_step)
{
    gedi_program_plan plan = plan_of_regression();
    float before[N * D];
    plan.build = itself;
    plan.inputs = 1;
    plan.outputs = 7;
    gedi_program *p = made(&plan);
    plan.optimizer = NULL;
    plan.weights_of = p;
    gedi_program *r = made(&plan);
    for (int k = 0; k < 3; k++) {
        memcpy(gedi_program_input(p, 0), x, sizeof x);
        ck_assert_int_eq(gedi_program_run(r, &err), GEDI_OK);
        memcpy(before, gedi_program_output(r, 1), sizeof before);
        ck_assert_int_eq(gedi_program_run(p, &err), GEDI_OK);
        memset(gedi_program_input(p, 0), 0, sizeof x);
        ck_assert_mem_eq(gedi_program_output(r, 1), before, sizeof before);
        ck_assert_mem_eq(gedi_program_output(p, 1), before, sizeof before);
        ck_assert_mem_eq(gedi_program_output(p, 2), before, sizeof before);
        ck_assert_mem_eq(gedi_program_output(p, 3), before + D,
                         sizeof before - D * sizeof *before);
        for (int i = 0; i < N * D; i++)
            ck_assert(gedi_program_output(p, 4)[i] == 2 * before[i]);
        ck_assert(gedi_program_output(p, 5)[0] == (float)(1 + k));
        ck_assert_mem_eq(gedi_program_output(p, 6), x, sizeof x);
        ck_assert_int_eq(gedi_program_run(r, &err), GEDI_OK);
        ck_assert(memcmp(gedi_program_output(r, 1), before, sizeof before) != 0);
    }
    gedi_program_free(r);
    gedi_program_free(p);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("own program");
    TCase *c = tcase_create("own program");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, it_learns_by_the_formulas);
    tcase_add_test(c, first_weights_follow_the_generator);
    tcase_add_test(c, state_is_kept);
    tcase_add_test(c, numbers_that_are_none_change_nothing);
    tcase_add_test(c, schedules_follow_the_steps);
    tcase_add_test(c, plans_are_checked);
    tcase_add_test(c, outputs_are_of_before_the_step);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
