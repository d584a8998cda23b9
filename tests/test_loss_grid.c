/* test_loss_grid.c - the loss terms of several methods side by side, from the logs of runs. */
#include "logs.h"

#include "core/report/axis.h"
#include "core/report/figure.h"

#include <math.h>

/* Two seeds of one method, another that has another term, and one that failed. */
static void put_logs(void)
{
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_value("000000000001", "a", 1, 0.5, 1, "null");
    put_value("000000000002", "b", 0, 0.5, 1, "null");
    put_run("000000000003", "c", 0, NULL, "gedi: it diverged");
    put_log("000000000000", "inv", 2, 1);
    put_log("000000000001", "inv", 2, 3);
    put_log("000000000002", "prior", 2, 500);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
}

static gedi__show show(const char *rows, const char *columns)
{
    return (gedi__show){.kind = GEDI__GRID,
                        .name = "grid",
                        .rows = rows,
                        .columns = columns,
                        .value = "",
                        .figure = "losses",
                        .title = "auto",
                        .width = ""};
}

/* An axis alone is that of the columns, whichever it was named as. */
START_TEST(terms_by_methods)
{
    put_logs();
    for (int i = 0; i < 2; i++) {
        gedi__show w = show(i ? "" : "objective", i ? "objective" : "");
        write_show(&w);
        /* 1 2 and 3 4: the means 2 3, whose deviation is the root of 2. */
        char *csv = content("figures/grid.csv");
        ck_assert_str_eq(csv,
                         "plot,iteration,mean,low,high,runs,optimum,term,row,column\n"
                         "0,10,2,0.5857864,3.414214,2,0.5,\"inv\",\"\",\"a\"\n"
                         "0,20,3,1.585786,4.414214,2,0.5,\"inv\",\"\",\"a\"\n"
                         "4,10,500,500,500,1,0.5,\"prior\",\"\",\"b\"\n"
                         "4,20,501,501,501,1,0.5,\"prior\",\"\",\"b\"\n");
        free(csv);
        /* Numbers of y are before the first column, though b alone has the term: between columns they would be over
         * words. */
        expect_in("figures/grid.gp",
                  "set format y '%.10g'\nset format x '%.0f'\n"
                  "unset border\nunset tics\nset label 'no such term'");
        expect_not_in("figures/grid.gp", "set format y '%.10g'\nset format x '%.0f'\n"
                                         "unset border\nunset tics\nset border 3\n");
        expect_in("figures/grid.gp", "'no such term'");
        expect_in("figures/grid.gp", "'failed'");
        expect_in("figures/grid.gp", "'end 501'");
        expect_in("figures/grid.gp", "'not drawn: c (failed)'");
        expect_in("figures/grid.gp",
                  "mean over seed; band: one sample standard deviation");
        expect_in("figures/grid.gp", "set xrange [0:20]");
        expect_not_in("figures/grid.gp", "Spikes are cut");
        if (have_gnuplot())
            expect_png("figures/grid.png");
    }
}
END_TEST

/* A plot of runs that failed says so, and its last value is no end. */
START_TEST(runs_that_failed)
{
    static const char why[] = "gedi: iteration 35: term 'inv' is inf";
    put_logs();
    put_run("000000000004", "d", 0, NULL, why);
    put_run("000000000005", "b", 1, NULL, why);
    put_log("000000000004", "inv", 3, 5);
    put_log("000000000005", "prior", 1, 700);
    gedi__study_clear(&s);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("", "objective");
    write_show(&w);
    expect_in("figures/grid.gp", "set label 'failed' at");
    expect_in("figures/grid.gp", "set label '1 of 2 failed' at");
    expect_in("figures/grid.gp", "'last 7'");
    expect_not_in("figures/grid.gp", "'end 7'");
    expect_in("figures/grid.gp", "'end 501'");
    expect_in("figures/grid.gp",
              "'failed: b (1 of 2 runs, at iteration 35), d (at iteration 35)'");
    expect_in("figures/grid.gp",
              "'dotted where not all runs are left: b (1 of 2 ends at 10)'");
    expect_in("figures/grid.gp", "'not drawn: c (failed)'");
    w.value = "evaluation.clustering.nmi"; /* which those that failed lack */
    write_show(&w);
    expect_in("figures/grid.gp", "set label 'failed' at");
    expect_not_in("figures/grid.gp", "'no value'");
    if (have_gnuplot())
        expect_png("figures/grid.png");
}
END_TEST

/* Where a row has several optima, each plot names its own. */
START_TEST(optima_of_a_row)
{
    put_logs();
    put_value("000000000004", "d", 0, 0.5, 1, "12");
    put_log_of("000000000004", "inv", 2, 1, log(8));
    gedi__study_clear(&s);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("", "objective");
    w.value = "evaluation.clustering.nmi";
    write_show(&w);
    expect_in("figures/grid.gp", "set label 'optimum 0.5' at");
    expect_in("figures/grid.gp", "set label 'optimum ln 8 = 2.079' at");
    expect_in("figures/grid.gp", "set label '0.5' at graph 1"); /* of `prior`, once */
    /* A failure that the sentinels saw has the mark that tables have, and its note. */
    expect_in("figures/grid.gp", "set label 'NMI 0.500†' at");
    expect_in("figures/grid.gp", "'† cluster collapse, at the end of ");
    w.width = "3.3in";
    write_show(&w);
    expect_in("figures/grid.gp", "2.079' at");
    w.columns = "seed"; /* seed 0 has both */
    write_show(&w);
    expect_in("figures/grid.gp", "differ between runs of a line");
}
END_TEST

/* Rows of two axes, each with plots for every term; numbers as labels say what they are of. */
START_TEST(two_axes)
{
    put_logs();
    gedi__show w = show("objective", "seed");
    w.value = "evaluation.clustering.nmi";
    write_show(&w);
    expect_in("figures/grid.gp", "'seed 1'");
    expect_in("figures/grid.gp", "'no such run'");
    expect_in("figures/grid.gp", "'NMI 0.500'");
    expect_in("figures/grid.csv", "\"prior\",\"b\",\"seed 0\"");
    if (have_gnuplot())
        expect_png("figures/grid.png");
}
END_TEST

/* What else logs have, drawn from them as terms are, and named for people. */
START_TEST(metrics_and_schedules)
{
    put_logs();
    gedi__show w = show("", "objective");
    w.figure = "validation";
    write_show(&w);
    expect_in("figures/grid.gp", "'Metrics while training'");
    expect_in("figures/grid.gp", "set label 'NMI'.\"\\n\".'(clustering)' at screen");
    expect_in("figures/grid.gp", "set label 'NMI (c)' at screen");
    expect_in("figures/grid.csv",
              "0,20,0.1,0.1,0.1,2,NaN,\"clustering.nmi\",\"\",\"a\"\n");
    expect_not_in("figures/grid.csv", "inv");
    w.figure = "schedules";
    write_show(&w);
    expect_in("figures/grid.gp", "set label 'learning'.\"\\n\".'rate' at screen");
    expect_in("figures/grid.csv", "0,20,0.5,0.5,0.5,2,NaN,\"optimizer.adam.lr\"");
    expect_not_in("figures/grid.gp", "rgbimage");
}
END_TEST

START_TEST(for_print)
{
    put_logs();
    gedi__show w = show("", "objective");
    w.format = GEDI__PDF;
    w.width = "3.3in";
    if (!have_gnuplot())
        return;
    write_show(&w);
    expect_in("figures/grid-pdf.gp", "size 3.3000in,");
    char *data;
    size_t n;
    ck_assert(!gedi__file_read(path_of("figures/grid.pdf"), &data, &n, &err));
    ck_assert_ptr_nonnull(memmem(data, n, "/MediaBox [ 0 0 237 ", 20));
    free(data);
    w.format = GEDI__SVG;
    write_show(&w);
    expect_in("figures/grid.svg", "no such");
}
END_TEST

START_TEST(nothing_logged)
{
    put_run("000000000003", "c", 0, NULL, "gedi: it diverged");
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("", "objective");
    expect_failure(gedi__show_write(&s, &w, folder, &err), GEDI_STATE,
                   "grid: no run has logged a loss term yet");
}
END_TEST

/* A line that leaves its plot is told, and one that is not finite is a gap. */
START_TEST(spikes)
{
    enum { N = 200 };
    static gedi__curve_point point[2][N];
    for (int i = 0; i < N; i++) {
        point[0][i] = (gedi__curve_point){i, i == 3 ? 1000 : i % 2, 0, 1};
        point[1][i] = (gedi__curve_point){i, NAN, NAN, 1};
    }
    const gedi__loss_plot plot[] = {{NAN, {"", N, point[0], false, false, NULL}},
                                    {INFINITY, {"", N, point[1], false, false, NULL}}};
    static const char *const column[] = {"it's 100 % \"fine\"",
                                         "a very long name indeed"};
    static const char *const term[] = {"gen"}, *const none[] = {"", ""};
    gedi__figure_loss_grid f = {.one = "term",
                                .rows = 1,
                                .columns = 2,
                                .terms = 1,
                                .column = column,
                                .term = term,
                                .plot = plot,
                                .said = none,
                                .why = none};
    without_gnuplot();
    (void)gedi__draw_loss_grid(folder, "spikes", &f, &err);
    expect_in("spikes.gp", "Spikes are cut off");
    expect_in("spikes.gp", "set yrange [-0.08:1.08]");
    expect_in("spikes.gp", "'no finite value'");
    expect_in("spikes.gp", "'it''s 100 % \"fine\"'");
    expect_in("spikes.csv", "1,0,NaN,NaN,NaN,1,NaN,");
}
END_TEST

/* Numbers never touch, whatever they are: each has its letters, and one and a half between it and the next. */
START_TEST(numbers_of_axes)
{
    static const struct {
        double low, high;
    } of[] = {{-2234567, -1234567}, {0, 1}, {123456, 123457}, {-1e-7, 3e-7}, {0, 1e9}};
    for (size_t k = 0; k < sizeof of / sizeof *of; k++)
        for (int wide = 200; wide <= 1000; wide += 400) {
            double step = gedi__axis_numbered(of[k].low, of[k].high, wide, 21, 8);
            double pixels = step / (of[k].high - of[k].low) * wide;
            int shown = 0, letters = 0;
            for (double i = ceil(of[k].low / step); i * step <= of[k].high;
                 i++, shown++) {
                char number[40];
                int n = snprintf(number, sizeof number, "%.10g", i * step);
                letters = n > letters ? n : letters;
            }
            ck_assert_msg(shown < 2 || pixels >= 21 * letters,
                          "%g to %g on %d: %d numbers of %d letters", of[k].low,
                          of[k].high, wide, shown, letters);
        }
    ck_assert_int_eq(gedi__axis_letters(0, 1, 0.1), 3);
    ck_assert_int_eq(gedi__axis_letters(-100000, 5, 50000), 7);
}
END_TEST

/* Columns without room are below the others, with labels and numbers of their own, on the same axes. */
START_TEST(many_columns)
{
    enum { COLUMNS = 8 };
    gedi__curve_point point[2] = {{1, 0.5, 0, 1}, {2, 1.5, 0, 1}};
    gedi__curve_point tiny[2] = {{1, 1, 0, 1}, {2, 8.225e-08, 0, 1}};
    gedi__loss_plot plot[COLUMNS];
    const char *column[COLUMNS], *none[COLUMNS];
    static const char *const term[] = {"gen"};
    const gedi__style narrow = {.format = GEDI__PNG, .width = 3.3};
    for (int i = 0; i < COLUMNS; i++) {
        plot[i] = (gedi__loss_plot){NAN, {"", 2, point, false, false, NULL}};
        column[i] = "method";
        none[i] = "";
    }
    gedi__figure_loss_grid f = {.one = "term",
                                .rows = 1,
                                .columns = COLUMNS,
                                .terms = 1,
                                .column = column,
                                .term = term,
                                .plot = plot,
                                .said = none,
                                .why = none,
                                .style = &narrow};
    without_gnuplot();
    (void)gedi__draw_loss_grid(folder, "many", &f, &err);
    expect_in("many.gp", "size 990,");
    ck_assert_int_eq(count_in("many.gp", "set label 'iteration' at"), 2);
    ck_assert_int_eq(count_in("many.gp", "set format y '%.10g'"), 2);
    ck_assert_int_eq(count_in("many.gp", "set yrange [0.42:1.58]"), COLUMNS);
    ck_assert_int_eq(count_in("many.gp", "set label 'method' at"), COLUMNS);
    expect_in("many.gp", "set label 'end 1.5' at");
    plot[3].line.point = tiny; /* in one line all the same */
    (void)gedi__draw_loss_grid(folder, "many", &f, &err);
    expect_in("many.gp", "set label '8.225e-08' at");
}
END_TEST

enum { METHODS = 5, TERMS_OF_ALL = 8 };

/* Five methods whose terms are these, '1', of eight; all have an optimum of ln 1000. */
static void draw_terms(const char *const has[METHODS], int columns, int rows, int fewest,
                       const gedi__style *style)
{
    static gedi__curve_point point[2] = {{1, 1.5, 0, 1}, {300, 1.75, 0, 1}};
    static const char *const term[TERMS_OF_ALL] = {"t0", "t1", "t2", "t3",
                                                   "t4", "t5", "t6", "t7"},
                             *const column[METHODS] = {"m0", "m1", "m2", "m3", "m4"},
                             *const row[2] = {"r0", "r1"};
    gedi__loss_plot plot[2 * TERMS_OF_ALL * METHODS];
    const char *none[2 * METHODS], *why[2 * METHODS];
    for (int i = 0; i < rows * columns; i++) {
        none[i] = "";
        why[i] = strchr(has[i % columns], '1') ? "" : "failed";
    }
    for (int i = 0; i < rows * TERMS_OF_ALL * columns; i++) {
        int n = has[i % columns][i / columns % TERMS_OF_ALL] == '1' ? 2 : 0;
        plot[i] =
            (gedi__loss_plot){log(1000), {"", n, n ? point : NULL, false, false, NULL}};
    }
    gedi__figure_loss_grid f = {.one = "metric",
                                .rows = rows,
                                .columns = columns,
                                .terms = TERMS_OF_ALL,
                                .fewest = fewest,
                                .row = rows > 1 ? row : NULL,
                                .column = column,
                                .term = term,
                                .plot = plot,
                                .said = none,
                                .why = why,
                                .style = style};
    (void)gedi__draw_loss_grid(folder, "terms", &f, &err);
}

static void expect_count(const char *part, int n)
{
    int found = count_in("terms.gp", part);
    ck_assert_msg(found == n, "'%s' %d times, not %d", part, found, n);
}

/* Of columns that are below others, each block has the terms of its own alone. */
START_TEST(terms_of_a_block)
{
    static const char *const has[METHODS] = {"11100000", "01100000", "00011000",
                                             "01000110", "00000001"};
    const gedi__style narrow = {.format = GEDI__PNG, .width = 3.3};
    without_gnuplot();
    draw_terms(has, METHODS, 1, 32, &narrow);
    /* Three beside each other, as optima are their numbers alone: t0 to t4; then t1, t5, t6, t7. */
    expect_count("set label 'iteration' at", 2);
    expect_count("set yrange", 5 * 3 + 4 * 2);
    for (int t = 0; t < TERMS_OF_ALL; t++) {
        char name[32];
        snprintf(name, sizeof name, "set label 't%d' at", t);
        expect_count(name, t == 1 ? 2 : 1);
    }
    expect_count("'no such metric'", 0); /* in two lines */
    expect_count("'no such'.\"\\n\".'metric'", 5 * 3 + 4 * 2 - 11);
    expect_count("set label '6.908' at", 9);
    expect_count("set format x '%.0f'", 5);
    double height = least_after("terms.gp", " size 990,");
    ck_assert_msg(height < 2700, "%g high", height);
    ck_assert_msg(smallest_letters("terms.gp") >= 6, "letters of %g points",
                  smallest_letters("terms.gp"));
    /* One without any has a row that says why. */
    static const char *const failed[METHODS] = {"11000000", "11000000", "11000000",
                                                "00000000", "00000000"};
    draw_terms(failed, METHODS, 1, 4, &narrow);
    expect_count("set yrange", 2 * 3 + 2);
    expect_count("'failed'", 2);
    /* Beside each other, all have all. */
    draw_terms(has, METHODS, 1, 4, NULL);
    expect_count("set yrange", METHODS * TERMS_OF_ALL);
    expect_count("set label 'ln 1000 = 6.908' at", TERMS_OF_ALL);
}
END_TEST

/* Of metrics on the way a page has the first that it has room for, though some in any case; of losses all. */
START_TEST(rows_of_a_page)
{
    static const char *const has[METHODS] = {"11111111", "11111111", "11111111",
                                             "11111111", "11111111"};
    const gedi__style narrow = {.format = GEDI__PNG, .width = 3.3};
    without_gnuplot();
    draw_terms(has, 2, 2, 1, &narrow);
    int shown = (int)fmin(least_after("terms.gp", "The first "), 99);
    double height = least_after("terms.gp", " size 990,");
    expect_in("terms.gp", " of 8 metrics: ");
    ck_assert_msg(shown >= 2 && shown < TERMS_OF_ALL, "%d rows", shown);
    expect_count("set yrange", shown * 2 * 2);
    /* One more would not have fitted: a row is 150 pixels and what is above it. */
    ck_assert_msg(height <= 2400 && height > 2400 - 2 * 300, "%g high", height);
    expect_in("terms.csv", "\"t7\""); /* the table has all */
    ck_assert(smallest_letters("terms.gp") >= 6);
    draw_terms(has, 5, 2, 4, &narrow);
    expect_count("set yrange", 4 * 2 * 5);
    expect_in("terms.gp", "The first 4 of 8 metrics");
    draw_terms(has, 5, 2, 32, &narrow);
    expect_count("set yrange", TERMS_OF_ALL * 2 * 5);
    expect_not_in("terms.gp", "The first");
    ck_assert(smallest_letters("terms.gp") >= 6);
}
END_TEST

/* A run that has no number to show says so, above its plots or its picture. */
START_TEST(no_value)
{
    char path[64];
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_run("000000000001", "b", 0, "{\"loss\": 1, \"evaluation\": {}}", NULL);
    put_log("000000000000", "inv", 2, 1);
    put_log("000000000001", "inv", 2, 3);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "runs/00000000000%d/figures", i);
        ck_assert(!gedi__folder_make(path_of(path), &err));
        snprintf(path, sizeof path, "runs/00000000000%d/figures/views.png", i);
        put(path, "");
    }
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("", "objective");
    w.value = "evaluation.clustering.nmi";
    write_show(&w);
    ck_assert_int_eq(count_in("figures/grid.gp", "set label 'NMI 0.500' at"), 1);
    ck_assert_int_eq(count_in("figures/grid.gp", "set label 'no value' at"), 1);
    w.figure = "views";
    without_gnuplot();
    (void)gedi__show_write(&s, &w, folder, &err);
    ck_assert_int_eq(count_in("figures/grid.gp", "'NMI 0.500"), 1);
    ck_assert_int_eq(count_in("figures/grid.gp", "'no value'"), 1);
}
END_TEST

START_TEST(axis)
{
    double low[100], high[100];
    for (int i = 0; i < 100; i++)
        low[i] = high[i] = i == 50 ? -1e6 : i;
    gedi__range r = gedi__axis_range(low, high, 100);
    ck_assert(r.low == 0 && r.high == 98);
    for (int i = 0; i < 100; i++)
        low[i] = high[i] = 99 - i;
    r = gedi__axis_range(low, high, 100);
    ck_assert(r.low == 0 && r.high == 99);
    r = gedi__axis_room((gedi__range){3, 3});
    ck_assert(r.low == 1.5 && r.high == 4.5);
    ck_assert(fabs(gedi__axis_tics(200, 4) - 50) < 1e-9);
    ck_assert(fabs(gedi__axis_tics(0.07, 7) - 0.01) < 1e-12);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("loss grid");
    TCase *c = tcase_create("loss grid");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, terms_by_methods);
    tcase_add_test(c, runs_that_failed);
    tcase_add_test(c, optima_of_a_row);
    tcase_add_test(c, two_axes);
    tcase_add_test(c, metrics_and_schedules);
    tcase_add_test(c, for_print);
    tcase_add_test(c, nothing_logged);
    tcase_add_test(c, spikes);
    tcase_add_test(c, axis);
    tcase_add_test(c, numbers_of_axes);
    tcase_add_test(c, many_columns);
    tcase_add_test(c, terms_of_a_block);
    tcase_add_test(c, rows_of_a_page);
    tcase_add_test(c, no_value);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
