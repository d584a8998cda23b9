/* test_going.c - a run that goes on from one that diverged, killed in chosen iterations, and failing
 * allocations on the way.
 */
#include "core/run/going.h"
#include "core/store/divergence.h"
#include "tests/runs.h"

#include <sys/wait.h>

/* The learning rate jumps at iteration 23: three iterations behind a checkpoint. */
static setting diverging(void)
{
    return (setting){
        .optimizer = "{sgd: {lr: {steps: {0: 0.001, 23: 1.0e+6}}, momentum: 0.9}}",
        .train = "{iterations: 50, batch: 20, log_every: 3, checkpoint_every: 10}"};
}

static gedi_status go_on(const char *run, const char *out, const char *value, watcher *w)
{
    char from[512], to[512], *made = NULL;
    snprintf(from, sizeof from, "%s", experiment_path(run));
    snprintf(to, sizeof to, "%s", experiment_path(out));
    const gedi__going g = {from, &value, 1, false, to};
    gedi__mistakes m = {0};
    gedi_status s = gedi__go_on(&g, w ? &w->o : NULL, &made, &m, &err);
    gedi__text_clear(&m.text);
    free(made);
    return s;
}

static const char *const lr = "optimizer.sgd.lr=0.0005";

START_TEST(killed_anywhere_it_ends_in_the_same_bytes)
{
    static const int64_t at[] = {21, 29, 30, 31, 40, 50};
    char how[64];
    ck_assert_int_eq(run(diverging(), "up", NULL), GEDI_NUMERIC);
    says("/up/checkpoint.safetensors, iteration 20");
    succeeds(go_on("up", "whole", lr, NULL));
    for (size_t k = 0; k < sizeof at / sizeof *at; k++) {
        int status;
        pid_t child = fork();
        if (!child) {
            watcher w;
            watch(&w, at[k], die);
            go_on("up", "part", lr, &w);
            _exit(0);
        }
        ck_assert_int_eq(waitpid(child, &status, 0), child);
        ck_assert(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        succeeds(resume("part", NULL));
        snprintf(how, sizeof how, "killed at %" PRId64, at[k]);
        expect_same("whole", "part", how);
        remove_run("part");
    }
}
END_TEST

START_TEST(interrupted_it_ends_in_the_same_bytes)
{
    watcher w;
    ck_assert_int_eq(run(diverging(), "up", NULL), GEDI_NUMERIC);
    succeeds(go_on("up", "whole", lr, NULL));
    watch(&w, 33, stop);
    ck_assert_int_eq(go_on("up", "part", lr, &w), GEDI_INTERRUPTED);
    ck_assert_ptr_nonnull(strstr(w.said, "goes on from iteration 20 of "));
    succeeds(resume("part", NULL));
    expect_same("whole", "part", "interrupted");
}
END_TEST

/* What is kept of a divergence, and what has gone on stays when it diverges again. */
START_TEST(a_divergence_is_kept)
{
    gedi__text why = {0}, continued = {0};
    int64_t at;
    ck_assert_int_eq(run(diverging(), "up", NULL), GEDI_NUMERIC);
    succeeds(gedi__divergence_note(experiment_path("up"), "/one", &err));
    succeeds(gedi__divergence_note(experiment_path("up"), "/with\nnewline", &err));
    succeeds(gedi__divergence_note(experiment_path("up"), "/two", &err));
    ck_assert_int_eq(resume("up", NULL), GEDI_NUMERIC);
    succeeds(gedi__divergence_read(experiment_path("up"), &at, &why, &continued, &err));
    ck_assert_int_ge(at, 23);
    ck_assert_int_lt(at, 30);
    ck_assert_ptr_nonnull(strstr(why.s, ": term '"));
    ck_assert_str_eq(continued.s, "/one, /two");
    gedi__text_clear(&why);
    gedi__text_clear(&continued);
    gedi__divergence_forget(experiment_path("up"));
    succeeds(gedi__divergence_read(experiment_path("up"), &at, NULL, NULL, &err));
    ck_assert_int_eq(at, -1);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("going");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, killed_anywhere_it_ends_in_the_same_bytes);
    tcase_add_test(c, interrupted_it_ends_in_the_same_bytes);
    tcase_add_test(c, a_divergence_is_kept);
    Suite *s = suite_create("going");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
