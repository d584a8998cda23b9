/* test_stages_run.c - runs of several stages: stopped or killed anywhere and at every border they
 * go on to the same bytes; what is logged and summed up.
 */
#include "core/store/metrics.h"
#include "tests/stages.h"

#include <jansson.h>
#include <math.h>
#include <sys/wait.h>

#define TRAIN(n)                                                                         \
    "train: {iterations: " #n ", batch: 20, log_every: 3, checkpoint_every: 4}"

/* Iterations 1 to 9, 10 to 20, 21 to 30. */
static const setting settings[] = {
    {.more = "stages:\n  - {" TRAIN(
         9) ", objective: {jem: {prototypes: free}}}\n"
            "  - {" TRAIN(
                11) ", optimizer: keep}\n"
                    "  - {" TRAIN(
                        10) ", freeze: [model.layer0], sampler: {sgld: {buffer: 30}}}\n"},
    {.model = "{mlp: {hidden: [16], output: 4, batch_norm: true}}",
     .optimizer = "{sgd: {lr: 1.0e-4, momentum: 0.9}}",
     .threads = "2",
     .more = "stages:\n  - {" TRAIN(
         9) "}\n"
            "  - {" TRAIN(11) ", objective: {barlow_twins: {}}, freeze: [model], "
                              "optimizer: keep}\n"
                              "  - {" TRAIN(
                                  10) ", optimizer: keep, restart: [projector]}\n"},
    /* Schedules of all kinds, by iteration and epoch, within a stage and across a border. */
    {.objective =
         "{gedi: {prototypes: free, inv: {linear: {from: 1, to: 50}}, temperature: "
         "{steps: {0: 1, 1: 0.5, unit: epochs}}}}",
     .sampler = "{sgld: {steps: 2, step_size: {linear: {from: 0.1, to: 0.01}}, noise: "
                "{cosine: {from: 0.1, to: 0, warmup: 4}}, buffer: 60}}",
     .optimizer = "{adam: {lr: {cosine: {from: 0.01, to: 0, warmup: 5}}, beta1: {linear: "
                  "{from: 0.5, to: 0.9, over: 12}}, weight_decay: {steps: {0: 0.1, 2: 0, "
                  "unit: epochs}}}}",
     .more = "stages:\n  - {" TRAIN(9) "}\n  - {" TRAIN(
         11) ", optimizer: keep}\n  - {" TRAIN(10) ", objective: {gedi: {gen: 0}}}\n"},
    {.more = "stages:\n  - {" TRAIN(
         9) ", objective: {gedi_no_gen: {prototypes: free}}, "
            "sampler: null}\n"
            "  - {" TRAIN(11) ", views: [[gaussian_noise: {}], [], []]}\n"
                              "  - {" TRAIN(10) ", objective: {gedi: {inv: 0}}}\n"},
};
enum { SETTINGS = sizeof settings / sizeof *settings };

/* ---- stopping and going on ---- */

static void expect_same(const char *a, const char *b, const char *how)
{
    static const char *const file[] = {"checkpoint.safetensors", "metrics.jsonl",
                                       "descriptor.yaml"};
    for (int i = 0; i < 3; i++)
        ck_assert_msg(experiment_same_file(in(a, file[i]), in(b, file[i])),
                      "%s: another %s", how, file[i]);
    ck_assert(gedi__file_exists(in(b, "summary.json")));
}

static const struct {
    int64_t at;
    const char *saying;
} moments[] = {{1, NULL},  {8, NULL},  {9, NULL},  {0, "stages.1 begins"}, {10, NULL},
               {12, NULL}, {19, NULL}, {20, NULL}, {0, "stages.2 begins"}, {21, NULL},
               {24, NULL}, {29, NULL}};
enum { MOMENTS = sizeof moments / sizeof *moments };

START_TEST(a_run_stopped_anywhere_ends_in_the_same_bytes)
{
    char how[64];
    succeeds(run(settings[_i], "whole", NULL));
    for (int k = 0; k < MOMENTS; k++) {
        watcher w = {.at = moments[k].at, .saying = moments[k].saying}, again = {0};
        snprintf(how, sizeof how, "stopped, moment %d", k);
        ck_assert_int_eq(run(settings[_i], "part", &w), GEDI_INTERRUPTED);
        ck_assert(!gedi__file_exists(in("part", "summary.json")));
        again.stop = 1; /* at once */
        ck_assert_int_eq(resume("part", &again), GEDI_INTERRUPTED);
        succeeds(resume("part", NULL));
        expect_same("whole", "part", how);
        remove_run("part");
    }
}
END_TEST

START_TEST(a_run_killed_anywhere_ends_in_the_same_bytes)
{
    char how[64];
    succeeds(run(settings[_i], "whole", NULL));
    for (int k = 0; k < MOMENTS; k++) {
        int status;
        pid_t child = fork();
        if (!child) {
            watcher w = {.at = moments[k].at, .saying = moments[k].saying, .kill = true};
            run(settings[_i], "part", &w);
            _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        succeeds(resume("part", NULL));
        snprintf(how, sizeof how, "killed, moment %d", k);
        expect_same("whole", "part", how);
        remove_run("part");
    }
}
END_TEST

/* Schedules count from the first iteration of their stage; those of an optimizer that is kept go
 * on. The log has the values that were used. */
START_TEST(schedules_over_stages)
{
    gedi__metrics m;
    succeeds(run((setting){.objective =
                               "{gedi_no_gen: {prototypes: free, inv: {linear: "
                               "{from: 100, to: 0}}, prior: {steps: {0: 1, 1: 2, unit: "
                               "epochs}}}}",
                           .optimizer = "{sgd: {lr: {linear: {from: 0.001, to: 0}}}}",
                           .more = "stages:\n  - {" TRAIN(9) "}\n  - {" TRAIN(
                               11) ", optimizer: keep}\n  - {" TRAIN(10) "}\n"},
                 "a", NULL));
    succeeds(gedi__metrics_read(in("a", "metrics.jsonl"), &m, &err));
    ck_assert_int_eq(m.schedules, 3);
    ck_assert_str_eq(m.schedule_name[0], "objective.gedi_no_gen.inv");
    ck_assert_str_eq(m.schedule_name[1], "objective.gedi_no_gen.prior");
    ck_assert_str_eq(m.schedule_name[2], "optimizer.sgd.lr");
    static const int first[] = {0, 9, 20}, length[] = {9, 11, 10};
    for (int64_t i = 0; i < m.n; i++) {
        int at = (int)m.iteration[i] - 1, stage = m.stage[i];
        double inv = 100 * (1 - (double)(at - first[stage]) / length[stage]);
        double lr = 0.001 * (stage < 2 ? 1 - at / 20.0 : 1 - (at - 20) / 10.0);
        double prior = at - first[stage] < 10 ? 1 : 2; /* an epoch has 10 batches */
        ck_assert(m.schedule[1][i] == prior);
        ck_assert(fabs(m.schedule[0][i] - inv) <= 1e-6 * 100);
        ck_assert(fabs(m.schedule[2][i] - lr) <= 1e-6 * 0.001);
    }
    gedi__metrics_clear(&m);
}
END_TEST

/* At a border the file is of the stage that is over, and the run goes on in the next. */
START_TEST(what_a_run_says_at_a_border)
{
    watcher w = {.at = 9}, again = {0};
    ck_assert_int_eq(run(settings[0], "a", &w), GEDI_INTERRUPTED);
    says("interrupted at iteration 9; a checkpoint is written");
    ck_assert_ptr_nonnull(
        strstr(w.said, "iteration 9: stages.1 begins, objective gedi\n"));
    succeeds(resume("a", &again));
    ck_assert_ptr_nonnull(strstr(again.said, "/a: resuming at iteration 9 of 30\n"));
    ck_assert_ptr_null(strstr(again.said, "stages.1 begins"));
    ck_assert_ptr_nonnull(strstr(again.said, "iteration 20: stages.2 begins"));
}
END_TEST

/* The present weights explode in the second stage: what is there is the end of the first. */
START_TEST(a_later_stage_that_fails_leaves_the_border)
{
    setting s = {.more = "stages:\n  - {" TRAIN(
                     9) "}\n"
                        "  - {optimizer: {sgd: {lr: 1.0e+6}}, train: {iterations: 9, "
                        "checkpoint_every: 100}}\n"};
    ck_assert_int_eq(run(s, "a", NULL), GEDI_NUMERIC);
    says("iteration 11: term '");
    says("; last good checkpoint: ");
    says("/a/checkpoint.safetensors, iteration 9");
}
END_TEST

static void damage(const char *from, const char *to)
{
    char *data;
    size_t size;
    succeeds(gedi__file_read(in("a", "checkpoint.safetensors"), &data, &size, &err));
    char *at = memmem(data, size, from, strlen(from));
    ck_assert_ptr_nonnull(at);
    memcpy(at, to, strlen(to));
    experiment_seal(data);
    succeeds(gedi__file_write(in("a", "checkpoint.safetensors"), data, size, &err));
    free(data);
}

START_TEST(a_checkpoint_of_no_stage_is_refused)
{
    watcher w = {.at = 12};
    ck_assert_int_eq(run(settings[0], "a", &w), GEDI_INTERRUPTED);
    ck_assert_int_eq(unlink(in("a", "checkpoint-previous.safetensors")), 0);
    damage("\"stage\":\"1\"", "\"stage\":\"3\"");
    ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
    says("/a/checkpoint.safetensors: stage '3' is not in [0, 2]");
    damage("\"stage\":\"3\"", "\"stage\":\"2\"");
    ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
    says("/a/checkpoint.safetensors: iteration '12' is not in [20, 30]");
    damage("\"stage\":\"2\"", "\"stagf\":\"1\"");
    ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
    says("/a/checkpoint.safetensors: not a checkpoint of gedi: its metadata lack stage");
}
END_TEST

/* ---- what is kept ---- */

START_TEST(log_and_summary_know_the_stages)
{
    static const int64_t logged[] = {1, 3, 6, 9, 10, 12, 15, 18, 20, 21, 24, 27, 30};
    enum { LINES = sizeof logged / sizeof *logged };
    gedi__metrics m;
    json_error_t why;
    succeeds(run(settings[0], "a", NULL));
    succeeds(gedi__metrics_read(in("a", "metrics.jsonl"), &m, &err));
    ck_assert_int_eq(m.n, LINES);
    for (int i = 0; i < LINES; i++) {
        ck_assert_int_eq(m.iteration[i], logged[i]);
        ck_assert_int_eq(m.stage[i], (logged[i] > 9) + (logged[i] > 20));
    }
    json_t *o = json_load_file(in("a", "summary.json"), 0, &why);
    ck_assert_msg(o != NULL, "%s", why.text);
    json_t *stages = json_object_get(o, "stages");
    ck_assert_uint_eq(json_array_size(stages), 3);
    static const char *const objective[] = {"jem", "gedi", "gedi"};
    static const int iterations[] = {9, 11, 10}, terms[] = {1, 3, 3}, line[] = {3, 8, 12};
    for (size_t i = 0; i < 3; i++) {
        json_t *s = json_array_get(stages, i), *t = json_object_get(s, "terms");
        ck_assert_str_eq(json_string_value(json_object_get(s, "objective")),
                         objective[i]);
        ck_assert_int_eq(json_integer_value(json_object_get(s, "iterations")),
                         iterations[i]);
        ck_assert_uint_eq(json_object_size(t), (size_t)terms[i]);
        ck_assert(fabs(json_number_value(json_object_get(s, "loss")) - m.loss[line[i]]) <=
                  1e-6 * fabs(m.loss[line[i]]));
    }
    ck_assert_int_eq(json_integer_value(json_object_get(o, "iterations")), 30);
    ck_assert_int_eq(json_integer_value(json_object_get(o, "parameters")), 422);
    ck_assert_uint_eq(json_object_size(json_object_get(o, "terms")), 3);
    gedi__metrics_clear(&m);
    json_decref(o);
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_loop_test(c, a_run_stopped_anywhere_ends_in_the_same_bytes, 0, SETTINGS);
    tcase_add_loop_test(c, a_run_killed_anywhere_ends_in_the_same_bytes, 0, SETTINGS);
    tcase_add_test(c, what_a_run_says_at_a_border);
    tcase_add_test(c, schedules_over_stages);
    tcase_add_test(c, a_later_stage_that_fails_leaves_the_border);
    tcase_add_test(c, a_checkpoint_of_no_stage_is_refused);
    tcase_add_test(c, log_and_summary_know_the_stages);
}

int main(void)
{
    TCase *c = tcase_create("stages");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    add_tests(c);
    Suite *s = suite_create("stages_run");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
