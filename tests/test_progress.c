/* test_progress.c - the progress line on a terminal, and plain lines elsewhere. */
#include "core/report/progress.h"
#include "core/report/terminal.h"

#include <poll.h>
#include <check.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

/* A clock that the tests turn. */
static double time_now;

static double clock_of_tests(void)
{
    return time_now;
}

static gedi__progress_bar bar;
static char *text;
static size_t size;
static FILE *out;

static void start(int64_t first, int64_t total)
{
    gedi__progress_start(&bar, out, first, total);
    time_now = 1000;
    bar.now = clock_of_tests;
    bar.started = bar.rate_time = time_now;
    bar.due = bar.terminal ? time_now : time_now + 10;
}

static void expect(const char *want)
{
    fflush(out);
    ck_assert_str_eq(text, want);
}

/* ---- plain ---- */

static void plain_setup(void)
{
    out = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(out);
}

static void plain_teardown(void)
{
    fclose(out);
    free(text);
}

START_TEST(plain_every_tenth)
{
    start(0, 1000);
    ck_assert(!bar.terminal);
    for (int i = 1; i <= 1000; i++) {
        time_now += 0.004; /* four seconds in all: never ten */
        gedi__progress_update(&bar, i, i <= 500 ? "inv 0.5 (0)" : "inv 0.2 (0)");
    }
    gedi__progress_done(&bar);
    expect(" 10%  100/1000  250 it/s  0:04 left  inv 0.5 (0)\n"
           " 20%  200/1000  250 it/s  0:03 left  inv 0.5 (0)\n"
           " 30%  300/1000  250 it/s  0:03 left  inv 0.5 (0)\n"
           " 40%  400/1000  250 it/s  0:02 left  inv 0.5 (0)\n"
           " 50%  500/1000  250 it/s  0:02 left  inv 0.5 (0)\n"
           " 60%  600/1000  250 it/s  0:02 left  inv 0.2 (0)\n"
           " 70%  700/1000  250 it/s  0:01 left  inv 0.2 (0)\n"
           " 80%  800/1000  250 it/s  0:01 left  inv 0.2 (0)\n"
           " 90%  900/1000  250 it/s  0:00 left  inv 0.2 (0)\n"
           "100%  1000/1000  250 it/s  0:04 in all  inv 0.2 (0)\n");
}
END_TEST

START_TEST(plain_every_ten_seconds)
{
    start(0, 100000);
    for (int i = 1; i <= 25; i++) {
        time_now += 1;
        ck_assert_int_eq(gedi__progress_due(&bar, i), i % 10 == 0);
        gedi__progress_update(&bar, i, "");
    }
    gedi__progress_done(&bar); /* stopped */
    expect("  0%  10/100000  1.0 it/s  27:46:30 left\n"
           "  0%  20/100000  1.0 it/s  27:46:20 left\n"
           "  0%  25/100000  1.0 it/s  0:25 in all\n");
}
END_TEST

START_TEST(plain_resumed)
{
    start(950, 1000);
    for (int i = 951; i <= 1000; i++) {
        time_now += 4;
        gedi__progress_update(&bar, i, "gen -1");
    }
    gedi__progress_done(&bar);
    /* The rate is this process's, not 1000 iterations in 200 seconds. */
    ck_assert_ptr_nonnull(
        strstr((fflush(out), text), " 95%  953/1000  4.0 s/it  3:08 left"));
    ck_assert_ptr_nonnull(
        strstr(text, "100%  1000/1000  4.0 s/it  3:20 in all  gen -1\n"));
}
END_TEST

START_TEST(plain_stopped_leaves_old_terms_out)
{
    start(0, 100);
    time_now += 2;
    gedi__progress_update(&bar, 10, "gen 1");
    time_now += 1;
    gedi__progress_update(&bar, 15, "gen 2");
    gedi__progress_hide(&bar); /* nothing to hide */
    gedi__progress_done(&bar);
    expect(" 10%  10/100  5.0 it/s  0:18 left  gen 1\n"
           " 15%  15/100  5.0 it/s  0:03 in all\n");
}
END_TEST

START_TEST(plain_odd_totals)
{
    start(0, 0); /* nothing to do */
    gedi__progress_done(&bar);
    expect("  0%  0/1  - it/s  0:00 in all\n");
    rewind(out);
    start(0, 3); /* less than ten: no line twice */
    for (int i = 1; i <= 3; i++) {
        time_now += 1;
        gedi__progress_update(&bar, i, "");
    }
    gedi__progress_done(&bar);
    expect(" 33%  1/3  1.0 it/s  0:02 left\n 66%  2/3  1.0 it/s  0:01 left\n"
           "100%  3/3  1.0 it/s  0:03 in all\n");
}
END_TEST

START_TEST(rate_follows_a_change)
{
    start(0, 1000000);
    int64_t done = 0;
    for (int i = 0; i < 60; i++) { /* a minute at 1000 a second, then at 100 */
        time_now += 1;
        gedi__progress_update(&bar, done += 1000, "");
    }
    ck_assert_double_eq_tol(bar.rate, 1000, 1);
    for (int i = 0; i < 60; i++) {
        time_now += 1;
        gedi__progress_update(&bar, done += 100, "");
    }
    ck_assert_double_eq_tol(bar.rate, 100, 25);
}
END_TEST

/* ---- terminal ---- */

static int master;

static void terminal_setup(void)
{
    setenv("TERM", "xterm", 1);
    master = posix_openpt(O_RDWR | O_NOCTTY);
    ck_assert_int_ge(master, 0);
    ck_assert_int_eq(grantpt(master), 0);
    ck_assert_int_eq(unlockpt(master), 0);
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    ck_assert_int_ge(slave, 0);
    struct termios t;
    ck_assert_int_eq(tcgetattr(slave, &t), 0);
    t.c_oflag &= ~(tcflag_t)OPOST; /* so that \n stays \n */
    ck_assert_int_eq(tcsetattr(slave, TCSANOW, &t), 0);
    fcntl(master, F_SETFL, O_NONBLOCK);
    out = fdopen(slave, "w");
    ck_assert_ptr_nonnull(out);
}

static void terminal_teardown(void)
{
    fclose(out);
    close(master);
}

static void set_width(int columns)
{
    struct winsize w = {.ws_row = 24, .ws_col = (unsigned short)columns};
    ck_assert_int_eq(ioctl(master, TIOCSWINSZ, &w), 0);
}

/* What the terminal got since the last call. The kernel hands it over when it has time, in parts. */
static const char *shown(void)
{
    static char got[4096];
    size_t n = 0;
    struct pollfd comes = {.fd = master, .events = POLLIN};
    while (n < sizeof got - 1 && poll(&comes, 1, n ? 20 : 100) > 0) {
        ssize_t more = read(master, got + n, sizeof got - 1 - n);
        if (more <= 0)
            break;
        n += (size_t)more;
    }
    got[n] = 0;
    return got;
}

START_TEST(terminal_redraws_one_line)
{
    set_width(120);
    start(0, 1000);
    ck_assert(bar.terminal);
    time_now += 0.5;
    gedi__progress_update(&bar, 250, "gen -1  inv 0.5 (0)");
    ck_assert_str_eq(shown(),
                     "\r 25% [======>                 ] 250/1000  500 it/s  0:02 "
                     "left  gen -1  inv 0.5 (0)\033[J");
    time_now += 0.09; /* too early */
    ck_assert(!gedi__progress_due(&bar, 260));
    gedi__progress_update(&bar, 260, "gen -2");
    ck_assert_str_eq(shown(), "");
    time_now += 0.02;
    gedi__progress_update(&bar, 300, "gen -3");
    ck_assert_ptr_nonnull(strstr(shown(), "\r 30% [=======>                ] 300/1000"));
    gedi__progress_hide(&bar);
    ck_assert_str_eq(shown(), "\r\033[J");
    gedi__progress_hide(&bar);
    ck_assert_str_eq(shown(), "");
    set_width(50);                              /* the bar gives way to the terms */
    gedi__progress_update(&bar, 301, "gen -4"); /* at once, it was hidden */
    ck_assert_ptr_nonnull(strstr(shown(), "\r 30% [==>     ] 301/1000  500 it/s"));
    set_width(120);
    time_now = 1002;
    gedi__progress_update(&bar, 1000, "gen -5");
    shown();
    gedi__progress_done(&bar);
    ck_assert_str_eq(shown(),
                     "\r100% [========================] 1000/1000  500 it/s  0:02 "
                     "in all  gen -5\033[J\n");
}
END_TEST

START_TEST(terminal_of_any_width)
{
    for (int columns = 1; columns <= 200; columns++) {
        set_width(columns);
        start(0, 1000);
        time_now += 1;
        gedi__progress_update(&bar, 500,
                              "\xc2\xb5 0.25  \xc2\xb5\xc2\xb5\xc2\xb5 0.5  "
                              "and a rather long list of other terms");
        const char *line = shown();
        int characters = 0, broken = 0;
        for (const char *c = line + 1; *c && *c != '\033'; c++) {
            characters += (*c & 0xc0) != 0x80;
            broken += *c == '\xc2' && c[1] != '\xb5'; /* cut inside a character */
        }
        ck_assert_msg(characters <= columns - 1, "%d of %d columns", characters, columns);
        ck_assert_int_eq(broken, 0);
        ck_assert(columns > 100 || columns < 10 || characters == columns - 1);
    }
}
END_TEST

/* A terminal that becomes narrower breaks the line that is there: all of it goes. */
START_TEST(a_terminal_that_shrinks_keeps_no_stale_line)
{
    set_width(120);
    start(0, 1000);
    time_now += 0.5;
    gedi__progress_update(&bar, 250, "gen -1  inv 0.5 (0)");
    int length = (int)strcspn(shown() + 1, "\033");
    set_width(40);
    char up[32], want[32];
    snprintf(up, sizeof up, "\033[%dA\r", (length + 39) / 40 - 1);
    time_now += 0.5;
    gedi__progress_update(&bar, 260, "gen -2");
    ck_assert_msg(!strncmp(shown(), up, strlen(up)), "it does not go up");
    set_width(20);
    gedi__progress_hide(&bar);
    snprintf(want, sizeof want, "\033[1A\r\033[J"); /* 39 characters in rows of 20 */
    ck_assert_str_eq(shown(), want);
}
END_TEST

/* Between words, commands as a whole; a word that is too long by itself stands as it is. */
START_TEST(lines_are_broken_between_words)
{
    static const struct {
        int columns;
        const char *text, *shows;
    } cases[] = {
        {20, "one two three four five six\n", "gedi: one two three\n    four five six\n"},
        {20, "12345678901234 6\n", "gedi: 12345678901234\n    6\n"},
        {20, "123456789012345 6\n", "gedi: \n    123456789012345\n    6\n"},
        {30, "a `gedi resume runs/one` helps\n",
         "gedi: a `gedi resume runs/one`\n    helps\n"},
        {20, "a `gedi resume runs/one` b\n",
         "gedi: a\n    `gedi resume runs/one`\n    b\n"},
        {14, "a `b c d\ne f\n", "gedi: a `b c d\ne f\n"},
        {12, "\xc2\xb5\xc2\xb5\xc2\xb5 \xc2\xb5\xc2\xb5 x\n",
         "gedi: \xc2\xb5\xc2\xb5\xc2\xb5 \xc2\xb5\xc2\xb5\n    x\n"},
        {200, "one two\n  three\n", "gedi: one two\n  three\n"},
    };
    set_width(cases[_i].columns);
    gedi__terminal_write(out, "gedi: ", cases[_i].text);
    fflush(out);
    ck_assert_str_eq(shown(), cases[_i].shows);
}
END_TEST

START_TEST(what_has_no_room_is_left_out)
{
    static const struct {
        int columns;
        const char *text;
    } cut[] = {
        {13, "method A, µ 7"}, {12, "method…, µ 7"}, {6, "met… 7"}, {2, "m…"}, {0, ""}};
    for (size_t i = 0; i < sizeof cut / sizeof *cut; i++) {
        gedi__text t = {0};
        gedi__terminal_shorten("method A, µ 7", cut[i].columns, &t);
        ck_assert_str_eq(t.s ? t.s : "", cut[i].text);
        gedi__text_clear(&t);
    }
    ck_assert(gedi__terminal_fits("seed 0", "  loss 1.5", 16));
    ck_assert(!gedi__terminal_fits("seed 0", "  loss 1.5", 15));
    ck_assert(gedi__terminal_fits("\xc2\xb5", "\xc2\xb5", 2)); /* characters, not bytes */
}
END_TEST

START_TEST(dumb_terminal_gets_plain_lines)
{
    setenv("TERM", "dumb", 1);
    start(0, 10);
    ck_assert(!bar.terminal);
    unsetenv("TERM");
    start(0, 10);
    ck_assert(!bar.terminal);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("progress");
    TCase *plain = tcase_create("plain"), *terminal = tcase_create("terminal");
    tcase_add_checked_fixture(plain, plain_setup, plain_teardown);
    tcase_add_test(plain, plain_every_tenth);
    tcase_add_test(plain, plain_every_ten_seconds);
    tcase_add_test(plain, plain_resumed);
    tcase_add_test(plain, plain_stopped_leaves_old_terms_out);
    tcase_add_test(plain, plain_odd_totals);
    tcase_add_test(plain, rate_follows_a_change);
    tcase_add_checked_fixture(terminal, terminal_setup, terminal_teardown);
    tcase_add_test(terminal, terminal_redraws_one_line);
    tcase_set_timeout(terminal, 60);
    tcase_add_test(terminal, terminal_of_any_width);
    tcase_add_test(terminal, a_terminal_that_shrinks_keeps_no_stale_line);
    tcase_add_loop_test(terminal, lines_are_broken_between_words, 0, 8);
    tcase_add_test(terminal, what_has_no_room_is_left_out);
    tcase_add_test(terminal, dumb_terminal_gets_plain_lines);
    suite_add_tcase(s, plain);
    suite_add_tcase(s, terminal);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
