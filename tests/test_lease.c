/* test_lease.c - whose a folder is, and when that ends: other hosts are files that are written by hand. */
#include "core/store/folder.h"
#include "core/sweep/lease.h"
#include "tests/experiment.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static gedi__leases us;
static gedi_err err;
static int lock;

static void setup(void)
{
    experiment_setup();
    lock = open(experiment_path("lock"), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    ck_assert_int_ge(lock, 0);
    gedi__leases_init(&us, lock, 2);
}

static void teardown(void)
{
    close(lock);
    experiment_teardown();
}

static bool there(const char *name)
{
    return gedi__file_exists(experiment_path(name));
}

/* A lease of another, touched so many seconds ago. */
static void put(const char *name, const char *text, int ago)
{
    struct timespec at[2];
    ck_assert_int_eq(gedi__file_write(experiment_path(name), text, strlen(text), &err),
                     GEDI_OK);
    clock_gettime(CLOCK_REALTIME, &at[0]);
    at[0].tv_sec -= ago;
    at[1] = at[0];
    ck_assert_int_eq(utimensat(AT_FDCWD, experiment_path(name), at, 0), 0);
}

static bool take(gedi__sight *s, gedi__lease *l)
{
    bool taken = false;
    ck_assert_msg(gedi__lease_take(&us, experiment_folder, s, l, &taken, &err) == GEDI_OK,
                  "%s", err.msg);
    return taken;
}

START_TEST(one_has_it_until_it_is_dropped)
{
    gedi__sight s = {0}, t = {0};
    gedi__lease mine = {0}, other = {0};
    ck_assert(take(&s, &mine));
    ck_assert(there("lease-1"));
    ck_assert(!take(&t, &other));
    ck_assert_str_eq(t.who.process, gedi__who_am_i().process);
    ck_assert(gedi__lease_hold(&us, &mine));
    gedi__lease_drop(&mine);
    ck_assert(!there("lease-1"));
    gedi__lease_drop(&mine); /* of none */
    ck_assert(take(&t, &other));
    gedi__lease_drop(&other);
}
END_TEST

/* Its process has ended, on this host: nothing is waited for. */
START_TEST(whoever_has_ended_here_is_dead)
{
    char who[GEDI__WHO_TEXT], text[GEDI__WHO_TEXT + 16];
    gedi__who w = gedi__who_am_i();
    gedi__sight s = {0};
    gedi__lease mine = {0};
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    snprintf(w.process, sizeof w.process, "%ld", (long)child);
    snprintf(text, sizeof text, "%s 60 1\n", gedi__who_text(&w, who));
    put("lease-3", text, 0);
    ck_assert(take(&s, &mine));
    ck_assert(there("lease-4") && !there("lease-3"));
    gedi__lease_drop(&mine);
    /* The same number, where processes are numbered otherwise. */
    snprintf(w.space, sizeof w.space, "pid:[1]");
    snprintf(text, sizeof text, "%s 60 1\n", gedi__who_text(&w, who));
    put("lease-1", text, 0);
    ck_assert(!take(&s, &mine));
}
END_TEST

START_TEST(whoever_is_silent_elsewhere_is_dead_after_a_while)
{
    static const char text[] = "1 elsewhere 0000 pid:[1] 2 1\n";
    gedi__sight s = {0};
    gedi__lease mine = {0};
    put("lease-1", text, 1);
    ck_assert(!take(&s, &mine));
    ck_assert(!s.silent);
    put("lease-1", text, 5);
    ck_assert(!take(&s, &mine)); /* the clock may have been set */
    ck_assert(s.silent && !s.dead);
    usleep(300 * 1000);
    put("lease-1", text, 0);
    ck_assert(!take(&s, &mine)); /* it was */
    put("lease-1", text, 5);
    ck_assert(!take(&s, &mine));
    usleep(800 * 1000);
    ck_assert(take(&s, &mine));
    ck_assert(there("lease-2") && !there("lease-1"));
    gedi__lease_drop(&mine);
    put("lease-1", "", 1); /* a crash before it was written */
    ck_assert(!take(&s, &mine));
}
END_TEST

START_TEST(whoever_wakes_finds_it_taken)
{
    gedi__sight s = {0};
    gedi__lease mine = {0};
    ck_assert(take(&s, &mine));
    put("lease-2", "1 elsewhere 0000 pid:[1] 2 1\n", 0);
    mine.beaten = 0; /* long ago */
    ck_assert(!gedi__lease_hold(&us, &mine));
    gedi__lease_drop(&mine); /* not ours to remove */
    ck_assert(there("lease-1") && there("lease-2"));
}
END_TEST

/* Somebody came and went while we looked, and another came: that one was not judged. */
START_TEST(whoever_was_not_judged_is_left_alone)
{
    gedi__sight s = {0};
    gedi__lease mine = {0};
    put("lease-5", "1 elsewhere 0000 pid:[1] 2 1\n", 9);
    ck_assert(!take(&s, &mine));
    usleep(800 * 1000);
    put("lease-2", "2 elsewhere 0000 pid:[1] 2 1\n", 0);
    ck_assert(!take(&s, &mine));
    ck_assert(there("lease-2") && there("lease-5") && !there("lease-6"));
}
END_TEST

START_TEST(what_is_left_of_the_silent_is_removed)
{
    put("lease-1", "1 elsewhere 0000 pid:[1] 2 1\n", 0);
    gedi__lease_clean(&us, experiment_folder);
    ck_assert(there("lease-1"));
    put("lease-1", "1 elsewhere 0000 pid:[1] 2 1\n", 9);
    gedi__lease_clean(&us, experiment_folder);
    ck_assert(!there("lease-1"));
}
END_TEST

/* One of those who try at the same moment. It says that it has tried, and lives until all have. */
static void rival(const int *go, const int *tried, const int *end)
{
    char c;
    gedi__sight s = {0};
    gedi__lease l = {0};
    bool taken = false;
    close(end[1]);
    gedi__leases_init(&us, lock, 2);
    (void)!read(go[0], &c, 1);
    gedi__lease_take(&us, experiment_folder, &s, &l, &taken, NULL);
    (void)!write(tried[1], &c, 1);
    (void)!read(end[0], &c, 1); /* nothing is ever written there */
    _exit(taken);
}

START_TEST(one_of_many_gets_it)
{
    enum { MANY = 8, ROUNDS = 30 };
    for (int round = 0; round < ROUNDS; round++) {
        int got = 0, go[2], tried[2], end[2], code;
        char all[MANY];
        ck_assert_int_eq(pipe(go), 0);
        ck_assert_int_eq(pipe(tried), 0);
        ck_assert_int_eq(pipe(end), 0);
        for (int i = 0; i < MANY; i++)
            if (fork() == 0)
                rival(go, tried, end);
        ck_assert_int_eq(write(go[1], "12345678", MANY), MANY);
        for (int n = 0; n < MANY;)
            n += (int)read(tried[0], all, (size_t)(MANY - n));
        close(end[1]);
        while (wait(&code) > 0)
            got += WIFEXITED(code) && WEXITSTATUS(code);
        const int open[] = {go[0], go[1], tried[0], tried[1], end[0]};
        for (size_t i = 0; i < sizeof open / sizeof *open; i++)
            close(open[i]);
        /* Two who both withdraw are rare, but none is wrong; the dead of a round before are followed. */
        ck_assert_int_le(got, 1);
        ck_assert(got || round);
    }
}
END_TEST

START_TEST(a_folder_that_cannot_be_written_to_is_said)
{
    gedi__sight s = {0};
    gedi__lease mine = {0};
    bool taken = true;
    put("file", "", 0);
    ck_assert_int_eq(
        gedi__lease_take(&us, experiment_path("file"), &s, &mine, &taken, &err), GEDI_IO);
    ck_assert(!taken && !mine.path);
    ck_assert_ptr_nonnull(strstr(err.msg, "/file"));
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("lease");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, one_has_it_until_it_is_dropped);
    tcase_add_test(c, whoever_has_ended_here_is_dead);
    tcase_add_test(c, whoever_is_silent_elsewhere_is_dead_after_a_while);
    tcase_add_test(c, whoever_wakes_finds_it_taken);
    tcase_add_test(c, whoever_was_not_judged_is_left_alone);
    tcase_add_test(c, what_is_left_of_the_silent_is_removed);
    tcase_add_test(c, one_of_many_gets_it);
    tcase_add_test(c, a_folder_that_cannot_be_written_to_is_said);
    Suite *s = suite_create("lease");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
