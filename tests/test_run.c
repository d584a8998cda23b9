/* test_run.c - runs in their directories: what is kept, stopping and going on at any
 * moment, failures that say what is left, and what is refused.
 */
#include "core/exec/blas.h"
#include "core/store/metrics.h"
#include "core/store/safetensors.h"
#include "core/store/summary.h"
#include "tests/runs.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

/* ---- what is kept ---- */

/* L_INV alone makes all labels one; that is told once, when it has lasted for a tenth of the run, whose
 * log has every third iteration. */
START_TEST(what_lasts_is_told)
{
    watcher w;
    long long at, since;
    watch(&w, 0, NULL);
    succeeds(run((setting){.objective = "{gedi_no_gen: {clusters: 2, prior: 0}}",
                           .sampler = "",
                           .optimizer = "{adam: {lr: 0.03}}",
                           .train = "{iterations: 300, batch: 20, log_every: 3}"},
                 "r", &w));
    const char *told = strstr(w.said, ": cluster collapse since iteration "),
               *line = told;
    ck_assert_msg(told != NULL, "%s", w.said);
    while (line > w.said && line[-1] != '\n')
        line--;
    ck_assert_int_eq(
        sscanf(line, "iteration %lld: cluster collapse since iteration %lld: ", &at,
               &since),
        2);
    ck_assert(at - since >= 30 && at - since < 33);
    const char *again = strstr(told + 40, "cluster collapse since"),
               *over = strstr(told, "cluster collapse is over");
    ck_assert_msg(!again || (over && over < again), "%s", w.said);
}
END_TEST

START_TEST(a_run_keeps_what_it_found)
{
    watcher w;
    watch(&w, 0, NULL);
    succeeds(run((setting){0}, "sub/a", &w));
    ck_assert_int_eq(w.calls, 30);
    ck_assert_int_eq(w.last, 30);
    ck_assert_int_eq(in_summary("sub/a", "records", "train"), 200);
    ck_assert_int_eq(in_summary("sub/a", "records", "test"), 50);
    gedi__metrics m;
    succeeds(gedi__metrics_read(in("sub/a", "metrics.jsonl"), &m, &err));
    ck_assert_int_eq(m.n, 11); /* 1, 3, 6, ... 30 */
    ck_assert_int_eq(m.iteration[0], 1);
    ck_assert_int_eq(m.iteration[1], 3);
    ck_assert_int_eq(m.iteration[10], 30);
    ck_assert_int_eq(m.terms, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert(isfinite(m.value[i][10]));
        if (!strcmp(m.name[i], "prior"))
            ck_assert(fabs(m.optimum[i] - log(2)) < 1e-8);
        else if (!strcmp(m.name[i], "inv"))
            ck_assert(m.optimum[i] == 0);
        else
            ck_assert(isnan(m.optimum[i]));
    }
    gedi__metrics_clear(&m);
    gedi__text t = {0};
    json_t *o;
    succeeds(gedi__summary_read(in("sub/a", "summary.json"), &o, &err));
    gedi__summary_text(o, &t);
    ck_assert_ptr_nonnull(strstr(t.s, "clustering.nmi"));
    gedi__text_clear(&t);
    json_decref(o);
    ck_assert(gedi__file_exists(in("sub/a", "descriptor.yaml")));
    ck_assert(gedi__file_exists(in("sub/a", "checkpoint.safetensors")));
}
END_TEST

/* The resolved descriptor runs again by itself, and only what depends on it is equal. */
START_TEST(equal_experiments_give_equal_bytes)
{
    succeeds(run((setting){0}, "a", NULL));
    gedi__mistakes m = {0};
    gedi__experiment *e = NULL;
    succeeds(gedi__experiment_read(in("a", "descriptor.yaml"), NULL, 0, &e, &m, &err));
    succeeds(gedi__run(e, experiment_path("b"), NULL, NULL, &err));
    gedi__experiment_free(e);
    expect_same("a", "b", "from its descriptor");
    succeeds(run((setting){.seed = "2"}, "c", NULL));
    ck_assert(!experiment_same_file(in("a", "metrics.jsonl"), in("c", "metrics.jsonl")));
}
END_TEST

/* ---- stopping and going on ---- */

static void append(const char *path, const char *text)
{
    FILE *f = fopen(path, "a");
    ck_assert_ptr_nonnull(f);
    fputs(text, f);
    ck_assert_int_eq(fclose(f), 0);
}

START_TEST(a_run_stopped_anywhere_ends_in_the_same_bytes)
{
    static const int64_t at[] = {1, 2, 9, 10, 11, 29};
    watcher w;
    char how[64];
    succeeds(run(settings[_i], "whole", NULL));
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        snprintf(how, sizeof how, "stopped at %" PRId64, at[k]);
        watch(&w, at[k], stop);
        ck_assert_int_eq(run(settings[_i], "part", &w), GEDI_INTERRUPTED);
        says("interrupted at iteration ");
        says("; a checkpoint is written");
        ck_assert(!gedi__file_exists(in("part", "summary.json")));
        watch(&w, at[k] + 1, stop); /* and once more */
        gedi_status s = resume("part", &w);
        bool trained = at[k] == 29; /* then what stops is its evaluation */
        ck_assert_int_eq(s, GEDI_INTERRUPTED);
        if (trained)
            says("interrupted after training, with 0 of 1 evaluators done");
        else /* a line that was cut off, behind those that stay */
            append(in("part", "metrics.jsonl"), "{\"iteration\": 1, \"lo");
        watch(&w, 0, NULL);
        succeeds(resume("part", &w));
        ck_assert_ptr_nonnull(
            strstr(w.said, trained ? ": trained already, evaluators are missing"
                                   : ": resuming at iteration "));
        expect_same("whole", "part", how);
        remove_run("part");
    }
}
END_TEST

/* The last iteration is done, but the results were not: nothing is trained again. */
START_TEST(a_run_stopped_before_its_summary_is_finished)
{
    watcher w;
    setting s = {.train = "{iterations: 25, batch: 20, checkpoint_every: 10}"};
    succeeds(run(s, "a", NULL));
    succeeds(run(s, "b", NULL));
    ck_assert_int_eq(unlink(in("b", "summary.json")), 0);
    watch(&w, 0, NULL);
    succeeds(resume("b", &w));
    ck_assert_int_eq(w.calls, 0);
    ck_assert_ptr_nonnull(strstr(w.said, "resuming at iteration 25 of 25"));
    expect_same("a", "b", "without its summary");
}
END_TEST

/* Nothing is cleaned up, and what was being written is cut off. */
START_TEST(a_run_killed_anywhere_ends_in_the_same_bytes)
{
    static const int64_t at[] = {1, 9, 10, 12, 20, 30};
    char how[64];
    succeeds(run((setting){0}, "whole", NULL));
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        int status;
        pid_t child = fork();
        if (!child) {
            watcher w;
            watch(&w, at[k], die);
            run((setting){0}, "part", &w);
            _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        append(in("part", "metrics.jsonl"), "{\"iteration\": 12, \"lo");
        append(in("part", "checkpoint.safetensors.part"), "half of it");
        append(in("part", "summary.json.part"), "{");
        succeeds(resume("part", NULL));
        snprintf(how, sizeof how, "killed at %" PRId64, at[k]);
        expect_same("whole", "part", how);
        remove_run("part");
    }
}
END_TEST

START_TEST(a_finished_run_is_left_alone)
{
    watcher w;
    succeeds(run((setting){0}, "a", NULL));
    succeeds(gedi__file_write(experiment_path("before"), "x", 1, &err));
    char *before = summary("a");
    watch(&w, 0, NULL);
    succeeds(resume("a", &w));
    ck_assert_ptr_nonnull(strstr(w.said, "/a: finished already"));
    char *after = summary("a");
    ck_assert_str_eq(before, after);
    ck_assert_int_eq(w.calls, 0);
    free(before);
    free(after);
}
END_TEST

/* ---- failures ---- */

START_TEST(a_failure_names_the_last_good_checkpoint)
{
    setting s = {.optimizer = "{sgd: {lr: 1.0e+6}}",
                 .train = "{iterations: 30, batch: 20, checkpoint_every: 1}"};
    ck_assert_int_eq(run(s, "a", NULL), GEDI_NUMERIC);
    says("iteration 2: term '");
    says("; last good checkpoint: ");
    says("/a/checkpoint.safetensors, iteration 1");
    ck_assert(!gedi__file_exists(in("a", "summary.json")));
    ck_assert_int_eq(resume("a", NULL), GEDI_NUMERIC); /* to the same end */
    says("iteration 2: term '");
    s.train = "{iterations: 30, batch: 20, checkpoint_every: 10}";
    ck_assert_int_eq(run(s, "b", NULL), GEDI_NUMERIC);
    says("; no checkpoint had been written");
}
END_TEST

static void block_checkpoint(watcher *w)
{
    (void)w;
    ck_assert_int_eq(mkdir(in("a", "checkpoint.safetensors.part"), 0777), 0);
}

static void fill_disk(watcher *w)
{
    (void)w;
    struct rlimit limit = {.rlim_cur = 3000, .rlim_max = RLIM_INFINITY};
    ck_assert(getrlimit(RLIMIT_FSIZE, &limit) == 0);
    limit.rlim_cur = 3000; /* the log is shorter, a checkpoint is longer */
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* Writing fails, in the middle or at once: what was there stays, and it is possible to go
 * on from it. */
START_TEST(a_checkpoint_that_cannot_be_written_spoils_nothing)
{
    struct rlimit limit;
    watcher w;
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &limit), 0);
    signal(SIGXFSZ, SIG_IGN);
    succeeds(run((setting){0}, "whole", NULL));
    watch(&w, 11, _i ? fill_disk : block_checkpoint);
    gedi_status s = run((setting){0}, "a", &w);
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert_int_eq(s, GEDI_IO);
    says(_i ? "/a/checkpoint.safetensors: cannot be written: File too large"
            : "/a/checkpoint.safetensors.part: is in the way, and not a file");
    says("; last good checkpoint: ");
    says("/a/checkpoint.safetensors, iteration 10");
    ck_assert_int_eq(w.last, 20);
    if (_i == 0)
        ck_assert_int_eq(rmdir(in("a", "checkpoint.safetensors.part")), 0);
    succeeds(resume("a", NULL));
    expect_same("whole", "a", "after a failure");
}
END_TEST

/* ---- what is refused ---- */

START_TEST(nothing_is_written_before_all_is_checked)
{
    watcher w;
    watch(&w, 0, NULL);
    w.ready = GEDI_DESCRIPTOR;
    ck_assert_int_eq(run((setting){.more = "figures: [losses]\n"}, "a", &w),
                     GEDI_DESCRIPTOR);
    ck_assert_str_eq(err.msg, "losses: not ready");
    ck_assert(!gedi__file_exists(experiment_path("a")));
    setting s = {.train = "{iterations: 1, batch: 1000}"};
    ck_assert_int_eq(run(s, "a", NULL), GEDI_DESCRIPTOR);
    ck_assert(!gedi__file_exists(experiment_path("a")));
}
END_TEST

START_TEST(a_directory_that_does_not_fit_is_refused)
{
    watcher w;
    watch(&w, 12, stop);
    ck_assert_int_eq(run((setting){0}, "a", &w), GEDI_INTERRUPTED);
    ck_assert_int_eq(run((setting){0}, "a", NULL), GEDI_STATE);
    says("/a already holds a run: go on with `gedi resume ");
    ck_assert_int_eq(resume("nowhere", NULL), GEDI_STATE);
    says("/nowhere holds no run: there is no such folder");
    succeeds(gedi__file_write(experiment_path("file"), "x", 1, &err));
    ck_assert_int_eq(run((setting){0}, "file", NULL), GEDI_IO);
    says("/file: folder cannot be made: ");

    append(in("a", "descriptor.yaml"), "# a comment changes nothing\n");
    watch(&w, 15, stop);
    ck_assert_int_eq(resume("a", &w), GEDI_INTERRUPTED);
    append(in("a", "descriptor.yaml"), "base: ../small.yaml\nsed: 3\n");
    ck_assert_int_eq(resume("a", NULL), GEDI_DESCRIPTOR);
    says("/a/descriptor.yaml: 1 mistake");
}
END_TEST

static gedi_status while_running;

static void resume_it_now(watcher *w)
{
    (void)w;
    while_running = resume("a", NULL);
}

/* Someone resumes a run that is not dead at all. */
START_TEST(two_do_not_work_on_one_run)
{
    watcher w;
    succeeds(run((setting){0}, "whole", NULL));
    watch(&w, 15, resume_it_now);
    succeeds(run((setting){0}, "a", &w));
    ck_assert_int_eq(while_running, GEDI_STATE);
    expect_same("whole", "a", "after another tried to resume it");
}
END_TEST

/* Another descriptor than the checkpoint's. */
START_TEST(an_edited_descriptor_is_refused)
{
    watcher w;
    char *text;
    size_t size;
    watch(&w, 12, stop);
    ck_assert_int_eq(run((setting){0}, "a", &w), GEDI_INTERRUPTED);
    succeeds(gedi__file_read(in("a", "descriptor.yaml"), &text, &size, &err));
    char *at = strstr(text, "inv: 50");
    ck_assert_ptr_nonnull(at);
    at[5] = '6';
    succeeds(gedi__file_write(in("a", "descriptor.yaml"), text, size, &err));
    ck_assert_int_eq(resume("a", NULL), GEDI_STATE);
    says(
        "/a/checkpoint.safetensors: written for another experiment than descriptor.yaml beside it");
    at[5] = '5';
    succeeds(gedi__file_write(in("a", "descriptor.yaml"), text, size, &err));
    free(text);
    succeeds(resume("a", NULL));
}
END_TEST

static void add_tests(TCase *c)
{
    tcase_add_test(c, what_lasts_is_told);
    tcase_add_test(c, a_run_keeps_what_it_found);
    tcase_add_test(c, equal_experiments_give_equal_bytes);
    tcase_add_loop_test(c, a_run_stopped_anywhere_ends_in_the_same_bytes, 0, SETTINGS);
    tcase_add_test(c, a_run_stopped_before_its_summary_is_finished);
    tcase_add_test(c, a_run_killed_anywhere_ends_in_the_same_bytes);
    tcase_add_test(c, a_finished_run_is_left_alone);
    tcase_add_test(c, a_failure_names_the_last_good_checkpoint);
    tcase_add_loop_test(c, a_checkpoint_that_cannot_be_written_spoils_nothing, 0, 2);
    tcase_add_test(c, nothing_is_written_before_all_is_checked);
    tcase_add_test(c, a_directory_that_does_not_fit_is_refused);
    tcase_add_test(c, two_do_not_work_on_one_run);
    tcase_add_test(c, an_edited_descriptor_is_refused);
}

int main(void)
{
    TCase *c = tcase_create("run");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    add_tests(c);
    Suite *s = suite_create("run");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
