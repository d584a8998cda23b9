/* test_stages.c - runs of several stages: what one leaves to the next, what is frozen, and
 * mistakes of later stages.
 */
#include "core/store/safetensors.h"
#include "core/train/trainer.h"
#include "tests/stages.h"

#include <math.h>

/* ---- numbers of checkpoints ---- */

static gedi__tensors *checkpoint(const char *name)
{
    gedi__tensors *t;
    succeeds(gedi__tensors_read(in(name, "checkpoint.safetensors"), &t, &err));
    return t;
}

static const gedi__tensor *tensor(const gedi__tensors *t, const char *name)
{
    const gedi__tensor *x = gedi__tensors_find(t, name);
    ck_assert_msg(x != NULL, "there is no %s", name);
    return x;
}

static bool same_numbers(const gedi__tensors *a, const gedi__tensors *b, const char *name)
{
    const gedi__tensor *x = tensor(a, name), *y = tensor(b, name);
    return x->size == y->size && !memcmp(x->data, y->data, x->size);
}

/* Every tensor of both is the same. */
static void expect_same_tensors(const gedi__tensors *a, const gedi__tensors *b)
{
    ck_assert_int_eq(gedi__tensors_count(a), gedi__tensors_count(b));
    for (int i = 0; i < gedi__tensors_count(a); i++) {
        const char *name = gedi__tensors_at(a, i)->name;
        ck_assert_msg(same_numbers(a, b, name), "another %s", name);
    }
}

/* ---- one stage after the other ---- */

/* Two stages that state the same are one, if the optimizer goes on: weights, its state, the
 * replay buffer. */
START_TEST(equal_stages_are_one)
{
    static const char *const model[] = {
        NULL, "{mlp: {hidden: [16], output: 4, batch_norm: true}}"};
    static const char *const sampler[] = {
        "{sgld: {steps: 2, step_size: 0.01, buffer: 60, reinit: 0.1}}",
        "{sgld: {steps: 3, step_size: 0.01, buffer: 0}}"};
    setting s = {.model = model[_i], .sampler = sampler[_i]};
    succeeds(run(s, "one", NULL));
    s.more = "stages:\n  - {" TRAIN(7) "}\n  - {" TRAIN(
        13) ", optimizer: keep}\n"
            "  - {" TRAIN(10) ", optimizer: keep}\n";
    succeeds(run(s, "three", NULL));
    gedi__tensors *one = checkpoint("one"), *three = checkpoint("three");
    expect_same_tensors(one, three);
    ck_assert_str_eq(gedi__tensors_meta(three, "stage"), "2");
    ck_assert_str_eq(gedi__tensors_meta(three, "iteration"), "30");
    gedi__tensors_free(three);
    remove_run("three");
    s.more = "stages:\n  - {" TRAIN(7) "}\n  - {" TRAIN(23) "}\n"; /* another optimizer */
    succeeds(run(s, "three", NULL));
    three = checkpoint("three");
    ck_assert(!same_numbers(one, three, "model.layer0.weight"));
    gedi__tensors_free(one);
    gedi__tensors_free(three);
}
END_TEST

/* The first stage knows nothing of those to come. */
START_TEST(the_first_stage_is_as_a_run_of_it_alone)
{
    watcher w = {.at = 9};
    setting staged = {
        .more = "stages:\n  - {" TRAIN(
            9) ", objective: {jem: {prototypes: free}}}\n"
               "  - {" TRAIN(11) ", optimizer: keep}\n  - {" TRAIN(10) "}\n"};
    setting alone = {.objective = "{jem: {prototypes: free}}",
                     .train = "{iterations: 9, batch: 20}"};
    ck_assert_int_eq(run(staged, "three", &w), GEDI_INTERRUPTED);
    succeeds(run(alone, "one", NULL));
    gedi__tensors *one = checkpoint("one"), *three = checkpoint("three");
    expect_same_tensors(one, three);
    ck_assert_str_eq(gedi__tensors_meta(three, "stage"), "0");
    gedi__tensors_free(one);
    gedi__tensors_free(three);
}
END_TEST

/* Without a step of the optimizer it can be seen what a stage begins with. */
#define STILL "optimizer: {sgd: {lr: 0, momentum: 0}}"

START_TEST(weights_are_taken_over_by_name)
{
    setting first = {.objective = "{gedi_no_gen: {}}", .sampler = ""};
    setting last = {.optimizer = "{sgd: {lr: 0, momentum: 0}}",
                    .train = "{iterations: 1, batch: 20}"};
    setting both = {.more =
                        "stages:\n  - {objective: {gedi_no_gen: {}}, sampler: null}\n"
                        "  - {" STILL ", " TRAIN(2) ", restart: [projector.layer1]}\n"};
    succeeds(run(first, "first", NULL));
    succeeds(run(last, "last", NULL)); /* as the seed says */
    succeeds(run(both, "both", NULL));
    gedi__tensors *f = checkpoint("first"), *l = checkpoint("last"),
                  *b = checkpoint("both");
    ck_assert_ptr_null(gedi__tensors_find(f, "objective.prototypes"));
    ck_assert(same_numbers(l, b, "objective.prototypes"));
    static const char *const carried[] = {"model.layer0.weight", "model.layer2.bias",
                                          "projector.layer0.weight"};
    for (int i = 0; i < 3; i++) {
        ck_assert(same_numbers(f, b, carried[i]));
        ck_assert(!same_numbers(l, b, carried[i]));
    }
    ck_assert(same_numbers(l, b, "projector.layer1.weight"));
    ck_assert(same_numbers(l, b, "projector.layer1.bias"));
    ck_assert(!same_numbers(f, b, "projector.layer1.weight"));
    gedi__tensors_free(f);
    gedi__tensors_free(l);
    gedi__tensors_free(b);
}
END_TEST

/* The first step of a new Adam is lr long in every direction; one that goes on knows better. */
START_TEST(a_new_optimizer_begins_with_its_first_step)
{
    static const char *const more[] = {
        "stages:\n  - {" TRAIN(9) "}\n  - {" TRAIN(1) "}\n",
        "stages:\n  - {" TRAIN(9) "}\n  - {" TRAIN(1) ", optimizer: keep}\n"};
    succeeds(run((setting){.train = "{iterations: 9, batch: 20}"}, "before", NULL));
    gedi__tensors *a = checkpoint("before");
    for (int keep = 0; keep < 2; keep++) {
        const char *name = keep ? "kept" : "new";
        succeeds(run((setting){.more = more[keep]}, name, NULL));
        gedi__tensors *b = checkpoint(name);
        const float *x = tensor(a, "model.layer1.weight")->data;
        const float *y = tensor(b, "model.layer1.weight")->data;
        int full = 0;
        for (int i = 0; i < 256; i++)
            full += fabs(fabs((double)x[i] - y[i]) - 1e-3) < 1e-5;
        ck_assert_msg(keep ? full < 60 : full > 120, "%s: %d of 256 are lr", name, full);
        gedi__tensors_free(b);
    }
    gedi__tensors_free(a);
}
END_TEST

/* ---- the replay buffer ---- */

#define CHAINS(n) "sampler: {sgld: {step_size: 0, noise: 0, reinit: 0, buffer: " #n "}}"

/* Chains that do not move show what they started from. */
START_TEST(the_buffer_is_taken_over_as_far_as_there_is_room)
{
    static const char *const more[] = {
        "stages:\n  - {}\n  - {" TRAIN(2) ", " CHAINS(40) "}\n",
        "stages:\n  - {}\n  - {" TRAIN(2) ", " CHAINS(90) "}\n",
        "stages:\n  - {}\n  - {" TRAIN(
            2) ", objective: {gedi_no_gen: {prototypes: free}}}\n"
               "  - {" TRAIN(2) ", " CHAINS(60) "}\n"};
    static const char *const still[] = {
        "{sgld: {step_size: 0, noise: 0, reinit: 0, buffer: 40}}",
        "{sgld: {step_size: 0, noise: 0, reinit: 0, buffer: 90}}",
        "{sgld: {step_size: 0, noise: 0, reinit: 0, buffer: 60}}"};
    static const int size[] = {40, 90, 60}, kept[] = {40, 60, 0};
    succeeds(run((setting){0}, "first", NULL));
    succeeds(run((setting){.sampler = still[_i], .train = "{iterations: 1, batch: 20}"},
                 "fresh", NULL));
    succeeds(run((setting){.more = more[_i]}, "both", NULL));
    gedi__tensors *f = checkpoint("first"), *n = checkpoint("fresh"),
                  *b = checkpoint("both");
    const gedi__tensor *buffer = tensor(b, "sampler.buffer");
    size_t record = 2 * sizeof(float), old = (size_t)kept[_i] * record;
    ck_assert_int_eq(buffer->shape.dim[0], size[_i]);
    ck_assert(!memcmp(buffer->data, tensor(f, "sampler.buffer")->data, old));
    ck_assert(!memcmp((const char *)buffer->data + old,
                      (const char *)tensor(n, "sampler.buffer")->data + old,
                      buffer->size - old));
    gedi__tensors_free(f);
    gedi__tensors_free(n);
    gedi__tensors_free(b);
}
END_TEST

/* Every transition of a run has random numbers of its own. */
START_TEST(transitions_count_on)
{
    gedi__trainer *t;
    gedi__experiment *e = experiment_new(
        (setting){.more = "stages:\n  - {" TRAIN(9) "}\n  - {" TRAIN(
                      11) ", sampler: null, "
                          "objective: {gedi_no_gen: {}}}\n"
                          "  - {" TRAIN(10) ", sampler: {sgld: {steps: 5}}}\n"
                                            "  - {" TRAIN(10) "}\n"});
    static const int64_t before[] = {0, 0, 18, 68};
    for (int i = 0; i < 4; i++) {
        succeeds(gedi__trainer_new(e, &e->stage[i], &t, &err));
        ck_assert_int_eq(t->chains.transitions, before[i]);
        ck_assert_int_eq(t->iteration, e->stage[i].first);
        gedi__trainer_free(t);
    }
    gedi__experiment_free(e);
}
END_TEST

/* ---- frozen parameters ---- */

static const char normed[] = "{mlp: {hidden: [16, 16], output: 4, batch_norm: true}}";

START_TEST(frozen_parameters_keep_their_bytes)
{
    setting one = {.model = normed, .optimizer = "{adam: {lr: 0.01, weight_decay: 0.1}}"};
    setting two = one;
    two.more = "stages:\n  - {}\n  - {freeze: [model.layer1, model.norm0, objective]}\n";
    succeeds(run(one, "one", NULL));
    succeeds(run(two, "two", NULL));
    gedi__tensors *a = checkpoint("one"), *b = checkpoint("two");
    static const char *const name[] = {
        "model.layer1.weight",     "model.norm0.weight",       "model.norm0.running_mean",
        "model.norm0.running_var", "objective.prototypes",     "model.layer0.weight",
        "model.norm1.weight",      "model.norm1.running_mean", "model.norm1.running_var",
        "projector.layer0.weight"};
    for (int i = 0; i < 10; i++)
        ck_assert_msg(same_numbers(a, b, name[i]) == (i < 5), "%s", name[i]);
    ck_assert_ptr_nonnull(gedi__tensors_find(a, "optimizer.0.model.layer1.weight"));
    ck_assert_ptr_null(gedi__tensors_find(b, "optimizer.0.model.layer1.weight"));
    ck_assert_ptr_nonnull(gedi__tensors_find(b, "optimizer.0.model.layer0.weight"));
    gedi__tensors_free(a);
    gedi__tensors_free(b);
}
END_TEST

/* Neither the derivatives to them are computed, nor what only those need. */
START_TEST(frozen_parameters_cost_nothing)
{
    size_t bytes[3], size[3];
    static const char *const more[] = {NULL, "freeze: [projector]\n",
                                       "freeze: [model]\n"};
    for (int i = 0; i < 3; i++) {
        gedi__trainer *t;
        gedi__experiment *e = experiment_new((setting){.more = more[i]});
        succeeds(gedi__trainer_new(e, e->stage, &t, &err));
        gedi__program_bytes(t->step.program, &bytes[i]);
        size[i] = (size_t)t->net.params.trained;
        int learn = 0;
        for (int k = 0; k < t->net.params.n; k++)
            learn += gedi__param_learns(t->net.params.param[k]);
        ck_assert_int_eq(learn, t->optimizer.segments);
        ck_assert_int_eq(t->net.params.trained + t->net.params.held, 422);
        gedi__trainer_free(t);
        gedi__experiment_free(e);
    }
    ck_assert_uint_eq(size[0], 422);
    ck_assert_uint_eq(size[1], 422 - 30); /* 4 x 4 + 4 + 4 x 2 + 2 */
    ck_assert_uint_eq(size[2], 30 + 4);   /* and the prototypes, 2 x 2 */
    ck_assert_uint_lt(bytes[1], bytes[0]);
    ck_assert_uint_lt(bytes[2], bytes[0] - bytes[0] / 4);
}
END_TEST

/* Also without stages: a network whose first layer is random. */
START_TEST(what_is_frozen_from_the_beginning_is_as_the_seed_says)
{
    succeeds(run((setting){.more = "freeze: [model]\n"}, "a", NULL));
    succeeds(run(
        (setting){.optimizer = "{sgd: {lr: 0}}", .train = "{iterations: 1, batch: 20}"},
        "b", NULL));
    gedi__tensors *a = checkpoint("a"), *b = checkpoint("b");
    ck_assert(same_numbers(a, b, "model.layer0.weight"));
    ck_assert(same_numbers(a, b, "model.layer2.bias"));
    ck_assert(!same_numbers(a, b, "projector.layer0.weight"));
    gedi__tensors_free(a);
    gedi__tensors_free(b);
}
END_TEST

/* ---- mistakes ---- */

/* They are found before the first stage is trained. */
START_TEST(mistakes_of_a_later_stage)
{
    static const struct {
        const char *more, *says;
        gedi_status status;
    } c[] = {
        {"sampler: null\nobjective: {gedi_no_gen: {}}\nstages: [{}, {objective: {jem: "
         "{}}}]\n",
         "stages.1: objective jem uses negative samples: add a sampler", GEDI_DESCRIPTOR},
        {"stages: [{}, {views: [[]]}]\n",
         "stages.1: objective gedi uses view 2, but views: has 1 pipeline",
         GEDI_DESCRIPTOR},
        {"stages: [{}, {train: {batch: 999}}]\n",
         "stages.1: train.batch is 999, but dataset moons has 200", GEDI_DESCRIPTOR},
        {"stages: [{}, {freeze: [model.layer]}]\n",
         "stages.1: freeze: 'model.layer' is no parameter, and none begins with "
         "'model.layer.'; there are: model.layer0.weight, ",
         GEDI_DESCRIPTOR},
        {"stages: [{}, {}, {restart: [model, projector.layer9]}]\n",
         "stages.2: restart: 'projector.layer9' is no parameter", GEDI_DESCRIPTOR},
        {"stages: [{}, {freeze: [model, projector, objective]}]\n",
         "stages.1: freeze: it holds all parameters of the network", GEDI_DESCRIPTOR},
        {"freeze: [model, projector, objective]\n",
         "freeze: it holds all parameters of the network", GEDI_DESCRIPTOR},
        {"stages: [{}, {objective: {gedi: {clusters: 7}}}]\n",
         "stages.1: parameter objective.prototypes is [7, 2], but [2, 2] in the stage "
         "before: "
         "give it the same shape, or let it start anew with `restart: "
         "[objective.prototypes]`",
         GEDI_DESCRIPTOR},
    };
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        setting s = {.more = c[i].more};
        if (!i)
            s.sampler = s.objective = "";
        ck_assert_int_eq(run(s, "a", NULL), c[i].status);
        says(c[i].says);
        ck_assert(!strncmp(err.msg, c[i].says, 6)); /* nothing stands before it */
        ck_assert(!gedi__file_exists(experiment_path("a")));
    }
    succeeds(
        run((setting){.more = "stages: [{}, {objective: {gedi: {clusters: 7}}, restart: "
                              "[objective]}]\n"},
            "a", NULL));
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_loop_test(c, equal_stages_are_one, 0, 2);
    tcase_add_test(c, the_first_stage_is_as_a_run_of_it_alone);
    tcase_add_test(c, weights_are_taken_over_by_name);
    tcase_add_test(c, a_new_optimizer_begins_with_its_first_step);
    tcase_add_loop_test(c, the_buffer_is_taken_over_as_far_as_there_is_room, 0, 3);
    tcase_add_test(c, transitions_count_on);
    tcase_add_test(c, frozen_parameters_keep_their_bytes);
    tcase_add_test(c, frozen_parameters_cost_nothing);
    tcase_add_test(c, what_is_frozen_from_the_beginning_is_as_the_seed_says);
    tcase_add_test(c, mistakes_of_a_later_stage);
}

int main(void)
{
    TCase *c = tcase_create("stages");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    add_tests(c);
    Suite *s = suite_create("stages");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
