/* test_forecast.c - the time that a crew still needs, of crews made by hand. */
#include "core/sweep/forecast.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { MOST = 8 };

static gedi__job job[MOST];
static int of[MOST];

/* Jobs of 100 iterations, none begun. */
static gedi__crew crew(int workers, int jobs)
{
    for (int i = 0; i < jobs; i++)
        job[i] = (gedi__job){.iterations = 100};
    for (int w = 0; w < workers; w++)
        of[w] = -1;
    return (gedi__crew){.workers = workers, .of = of, .jobs = jobs, .job = job};
}

static void run(int worker, int i, double began, int64_t done)
{
    of[worker] = i;
    job[i].state = GEDI__JOB_RUNNING;
    job[i].began = began;
    job[i].done = done;
}

static void finish(int i, double trained, double seconds)
{
    job[i].state = GEDI__JOB_DONE;
    job[i].done = job[i].iterations;
    job[i].trained = trained;
    job[i].seconds = seconds;
}

static void ck_left(const gedi__crew *c, double now, double want)
{
    double left = gedi__crew_left(c, now);
    ck_assert_msg(fabs(left - want) <= 1e-9, "%g seconds are left, not %g", left, want);
}

START_TEST(nothing_is_known)
{
    gedi__crew c = crew(2, 3);
    ck_assert(isnan(gedi__crew_left(&c, 5)));
    run(0, 0, 5, 0);
    ck_assert(isnan(gedi__crew_left(&c, 6)));
    c = crew(1, 0);
    ck_left(&c, 5, 0);
}
END_TEST

/* Three jobs of 10 seconds need 20 on two workers, not 15. */
START_TEST(a_worker_without_work)
{
    gedi__crew c = crew(2, 3);
    run(0, 0, 100, 50);
    run(1, 1, 100, 50);
    ck_left(&c, 105, 15);
    finish(0, 10, 10);
    finish(1, 10, 10);
    of[1] = -1;
    run(0, 2, 110, 0);
    ck_left(&c, 110, 10);
    ck_left(&c, 112, 8); /* nothing logged yet, but time goes by */
    run(0, 2, 110, 40);
    ck_left(&c, 114, 6);
}
END_TEST

/* Each that runs more and more at its own pace, those that wait at the mean of all. */
START_TEST(fast_and_slow)
{
    gedi__crew c = crew(2, 3);
    run(1, 0, 0, 80);              /* 10 a second */
    run(0, 1, 0, 20);              /* 2.5 a second */
    job[2].state = GEDI__JOB_DONE; /* before this crew: its pace is not known */
    job[2].done = 100;
    ck_left(&c, 8, 20);                      /* a fifth at 100 iterations in 16 seconds */
    job[2] = (gedi__job){.iterations = 400}; /* 100 iterations took 16 seconds */
    ck_left(&c, 8, (8 + 3.2) - 8 + 64);
}
END_TEST

/* The first iteration has start-up before it: 500 seconds more would be absurd. */
START_TEST(just_begun)
{
    gedi__crew c = crew(1, 2);
    finish(0, 10, 10);
    run(0, 1, 10, 1);
    ck_left(&c, 15, 100 * (5 + 20 * 15. / 101) / 21 - 5);
}
END_TEST

/* What was done before does not count as fast. */
START_TEST(resumed)
{
    gedi__crew c = crew(1, 2);
    job[0].first = 80;
    run(0, 0, 50, 90);
    job[1].first = job[1].done = 70;
    ck_left(&c, 55, 5 + 15);
}
END_TEST

/* Evaluation and figures, once a run has shown how long they take. */
START_TEST(behind_the_last_iteration)
{
    gedi__crew c = crew(1, 3);
    finish(0, 10, 14);
    run(0, 1, 14, 50);
    ck_left(&c, 19, 5 + 4 + 14);
    run(0, 1, 14, 100);
    job[1].trained = 10;
    ck_left(&c, 26, 2 + 14);
    ck_left(&c, 40, 14); /* longer than before: it may end at any moment */
}
END_TEST

/* One of them says how long the others take; a job that trains is not mixed up with it. */
START_TEST(trained_already)
{
    gedi__crew c = crew(1, 3);
    for (int i = 0; i < 3; i++)
        job[i].evaluates = true;
    ck_assert(isnan(gedi__crew_left(&c, 5)));
    finish(0, 0, 4);
    ck_left(&c, 10, 8);
    run(0, 1, 10, 100);
    job[1].first = 100;
    ck_left(&c, 11, 7);
    ck_left(&c, 20, 4);
}
END_TEST

START_TEST(those_that_ended_early)
{
    gedi__crew c = crew(1, 4);
    finish(0, 10, 10);
    job[1].state = GEDI__JOB_FAILED;
    job[2].state = GEDI__JOB_STOPPED;
    job[1].done = job[2].done = 10;
    job[1].seconds = job[2].seconds = 1000;
    ck_left(&c, 20, 10);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("forecast");
    TCase *c = tcase_create("all");
    tcase_add_test(c, nothing_is_known);
    tcase_add_test(c, a_worker_without_work);
    tcase_add_test(c, fast_and_slow);
    tcase_add_test(c, just_begun);
    tcase_add_test(c, resumed);
    tcase_add_test(c, behind_the_last_iteration);
    tcase_add_test(c, trained_already);
    tcase_add_test(c, those_that_ended_early);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
