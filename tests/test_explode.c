/* test_explode.c - numbers that run away in training: what is named, and when it is said. */
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

/* Steps until one fails; that one must not have changed anything. */
static void step_until_it_fails(training *a, int most)
{
    const gedi__params *p = &a->t->net.params;
    size_t w = (size_t)p->trained * sizeof(float), kept = (size_t)p->kept * sizeof(float);
    float *before = malloc(4 * w + kept);
    ck_assert_ptr_nonnull(before);
    gedi_status s = GEDI_OK;
    for (int i = 0; i < most && s == GEDI_OK; i++) {
        int64_t iteration = a->t->iteration;
        memcpy(before, p->w, w);
        memcpy(before + p->trained, p->state, kept);
        for (int k = 0; k < a->t->optimizer.slots; k++)
            memcpy(before + p->trained + p->kept + k * p->trained,
                   a->t->optimizer.slot[k], w);
        s = gedi__trainer_step(a->t, &err);
        ck_assert_int_eq(a->t->iteration, iteration + (s == GEDI_OK));
    }
    ck_assert_int_eq(s, GEDI_NUMERIC);
    ck_assert(!memcmp(before, p->w, w));
    ck_assert(!memcmp(before + p->trained, p->state, kept));
    for (int k = 0; k < a->t->optimizer.slots; k++)
        ck_assert(!memcmp(before + p->trained + p->kept + k * p->trained,
                          a->t->optimizer.slot[k], w));
    free(before);
}

static void says(const char *text)
{
    ck_assert_msg(strstr(err.msg, text), "no \"%s\" in: %s", text, err.msg);
}

START_TEST(an_exploding_term_is_named)
{
    training a = train((setting){.objective = "{gedi_no_gen: {}}",
                                 .sampler = "",
                                 .optimizer = "{sgd: {lr: 1.0e+6, momentum: 0.9}}"});
    step_until_it_fails(&a, 5);
    says("iteration 2: term '");
    says("' has exploded: ");
    says(" is beyond train.explode = 1e+08");
    done(&a);
}
END_TEST

START_TEST(an_exploding_gradient_is_named)
{
    training a = train((setting){.objective = "{gedi_no_gen: {inv: 1.0e+6}}",
                                 .sampler = "",
                                 .train = "{iterations: 100, batch: 20, explode: 3}"});
    step_until_it_fails(&a, 1);
    says("iteration 1: the gradient has exploded: its norm, ");
    says(", is beyond train.explode = 3, most of all by ");
    done(&a);
}
END_TEST

START_TEST(a_term_that_is_not_a_number_is_named_with_its_node)
{
    training a = train((setting){.model = NORMED, .optimizer = "{adam: {}}"});
    steps(&a, 3);
    data(&a, "model.layer1.weight")[5] = NAN;
    step_until_it_fails(&a, 1);
    says("iteration 4: term '");
    says("' is nan: 'model.layer1.weight' (input #");
    says(" [16, 4]), index 5, is nan");
    done(&a);
}
END_TEST

/* Chains that run away are found in the sampler, not in the loss that suffers from them. */
START_TEST(chains_that_run_away_are_named)
{
    training a = train((setting){.sampler = "{sgld: {buffer: 30, reinit: 0}}"});
    for (int i = 0; i < 60; i++)
        a.t->chains.buffer[i] = INFINITY;
    step_until_it_fails(&a, 1);
    says("iteration 1: term 'gen' is nan: 'samples' (input #");
    says(" [20, 2]), index 0, is ");
    done(&a);
}
END_TEST

/* The loss is finite, a derivative is not. */
START_TEST(a_gradient_that_is_not_finite_is_named)
{
    training a =
        train((setting){.model = "{mlp: {hidden: [], output: 4, batch_norm: true}}",
                        .projector = "{mlp: {hidden: [], output: 4}}",
                        .objective = "{gedi_no_gen: {prototypes: free, inv: 1.0e+6}}",
                        .sampler = ""});
    static const struct {
        const char *name;
        float scale;
    } change[] = {{"model.norm0.weight", 1e-37f},
                  {"projector.layer0.weight", 1e19f},
                  {"projector.layer0.bias", 1e-20f},
                  {"objective.prototypes", 1e18f}};
    for (int i = 0; i < 4; i++)
        for (int64_t k = 0; k < param(&a, change[i].name)->size; k++)
            data(&a, change[i].name)[k] *= change[i].scale;
    step_until_it_fails(&a, 1);
    says("iteration 1: the gradient of model.");
    says(" is not finite: matmul #");
    says(", index ");
    done(&a);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("explode");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, an_exploding_term_is_named);
    tcase_add_test(c, an_exploding_gradient_is_named);
    tcase_add_test(c, a_term_that_is_not_a_number_is_named_with_its_node);
    tcase_add_test(c, chains_that_run_away_are_named);
    tcase_add_test(c, a_gradient_that_is_not_finite_is_named);
    Suite *s = suite_create("explode");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
