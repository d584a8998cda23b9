/* test_chart.c - what all figures share, and what happens without gnuplot. */
#include "core/report/chart.h"
#include "core/report/gnuplot.h"
#include "core/report/palette.h"
#include "core/report/terms.h"
#include "tests/report.h"

#include <math.h>
#include <sys/stat.h>

/* ---- charts ---- */

static gedi_status simple_chart(const char *name, const char *command)
{
    gedi__chart c;
    gedi__chart_open(&c, folder, name, 800, 600);
    gedi__chart_title(&c, "it's", "50% \x01of 'it'");
    gedi__text *t = gedi__chart_table(&c, NULL, "x,y");
    for (int i = 0; i < 3; i++) {
        gedi__chart_number(t, i / 3.0);
        gedi__text_add(t, ",");
        gedi__chart_number(t, i == 1 ? -INFINITY : i);
        gedi__text_add(t, "\n");
    }
    gedi__text_add(gedi__chart_table(&c, "more", NULL), "1\n");
    gedi__text_add(&c.script, "%s\n", command);
    return gedi__chart_draw(&c, &err);
}

START_TEST(chart_keeps_data_and_script)
{
    without_gnuplot();
    FILE *old = fopen(path_of("a.png"), "w");
    fclose(old);
    expect_undrawn(simple_chart("a", "plot name.'.csv' skip 1 using 1:2"), "a");
    ck_assert_msg(!exists("a.png"), "the picture of older numbers was kept");
    char *csv = content("a.csv"), *more = content("a-more.csv");
    ck_assert_str_eq(csv, "x,y\n0,0\n0.3333333,NaN\n0.6666667,2\n");
    ck_assert_str_eq(more, "1\n");
    free(csv);
    free(more);
    expect_in("a.gp", "name = 'a'");
    expect_in("a.gp", "size 800,600");
    expect_in("a.gp", "set label 'it''s' at screen");
    expect_in("a.gp", "set label '50%  of ''it''' at screen");
    expect_in("a.gp", "plot name.'.csv' skip 1 using 1:2\n");
}
END_TEST

START_TEST(chart_draws)
{
    if (!have_gnuplot())
        return;
    /* The folder is made; drawing again by hand gives the same picture. */
    strcat(folder, "/b/c");
    ck_assert_msg(!simple_chart("a", "plot name.'.csv' skip 1 using 1:2 with points"),
                  "%s", err.msg);
    expect_png("a.png");
    struct stat first, again;
    ck_assert_int_eq(stat(path_of("a.png"), &first), 0);
    ck_assert_int_eq(unlink(path_of("a.png")), 0);
    ck_assert_msg(!gedi__gnuplot_run(folder, "a.gp", &err), "%s", err.msg);
    ck_assert_int_eq(stat(path_of("a.png"), &again), 0);
    ck_assert_int_eq(first.st_size, again.st_size);
}
END_TEST

START_TEST(chart_of_a_wrong_script)
{
    if (!have_gnuplot())
        return;
    expect_failure(simple_chart("a", "plot nothing(1)"), GEDI_IO,
                   "a.png: not drawn (its data and script are kept): gnuplot failed: "
                   "\"a.gp\" line ");
    ck_assert_msg(strstr(err.msg, "undefined function: nothing") != NULL, "%s", err.msg);
    ck_assert(exists("a.gp") && exists("a.csv") && !exists("a.png"));
}
END_TEST

/* A gnuplot of our own in the first folder of PATH. */
static void fake_gnuplot(const char *body)
{
    char here[512], path[1200];
    ck_assert_ptr_nonnull(getcwd(here, sizeof here));
    FILE *f = fopen(path_of("gnuplot"), "w");
    fprintf(f, "#!/bin/sh\n%s\n", body);
    fclose(f);
    ck_assert_int_eq(chmod(path_of("gnuplot"), 0755), 0);
    snprintf(path, sizeof path, "%s/%s:%s", here, folder, own_path);
    setenv("PATH", path, 1);
}

START_TEST(gnuplot_complaints)
{
    static const struct {
        const char *body, *said;
    } cases[] = {
        {"echo; echo '  no terminal' >&2; echo more >&2; exit 3", "failed: no terminal"},
        {"echo 'plot x' >&2; echo '\"a.gp\" line 4: oh' >&2; exit 1",
         "failed: \"a.gp\" line 4: oh"},
        {"echo '\"a.gp\" line 3: warning: odd' >&2; echo '\"a.gp\" line 4: oh' >&2; exit "
         "1",
         "failed: \"a.gp\" line 4: oh"},
        {"exit 1", "gnuplot failed: it did not say why"},
        {"kill -9 $$", "gnuplot was stopped by signal 9"},
        {"i=0; while [ $i -lt 2000 ]; do echo 'much to say' >&2; i=$((i+1)); done; exit "
         "1",
         "failed: much to say"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        fake_gnuplot(cases[i].body);
        expect_failure(gedi__gnuplot_run(folder, "a.gp", &err), GEDI_IO, cases[i].said);
    }
    /* Runs in the folder, with the script's name, and is not fooled by its output. */
    fake_gnuplot("echo \"$@\" > said; echo 'a warning' >&2");
    ck_assert_int_eq(gedi__gnuplot_run(folder, "a.gp", &err), GEDI_OK);
    expect_in("said", "--default-settings a.gp\n");
    expect_failure(gedi__gnuplot_run("nowhere/at/all", "a.gp", &err), GEDI_IO,
                   "gnuplot cannot be started: No such file");
}
END_TEST

START_TEST(chart_without_a_folder)
{
    FILE *f = fopen(path_of("file"), "w");
    fclose(f);
    strcat(folder, "/file");
    expect_failure(simple_chart("a", "plot x"), GEDI_IO, "folder cannot be made");
}
END_TEST

START_TEST(colours_differ)
{
    for (int i = 0; i < GEDI__COLOURS; i++)
        for (int k = 0; k < i; k++)
            ck_assert_uint_ne(gedi__colour(i), gedi__colour(k));
    ck_assert_uint_eq(gedi__colour(GEDI__COLOURS), gedi__colour(0));
    ck_assert_uint_eq(gedi__tint(3, 0), 0xffffff);
    ck_assert_uint_eq(gedi__tint(3, 1), gedi__colour(3));
    ck_assert_int_eq(gedi__mark(0), gedi__mark(6));
    ck_assert_int_ne(gedi__mark(6), gedi__mark(7));
}
END_TEST

/* ---- terms ---- */

START_TEST(terms_in_words)
{
    const struct {
        double optimum;
        const char *want;
    } optima[] = {{0, "0"},
                  {log(2), "ln 2 = 0.693"},
                  {(float)0.6931472, "ln 2 = 0.693"},
                  {log(1000), "ln 1000 = 6.908"},
                  {0.7, "0.7"},
                  {-1.25, "-1.25"},
                  {1e300, "1e+300"},
                  {NAN, ""}};
    char text[64];
    for (size_t i = 0; i < sizeof optima / sizeof *optima; i++)
        ck_assert_str_eq(gedi__optimum_text(optima[i].optimum, text, sizeof text),
                         optima[i].want);
    const char *const name[] = {"gen", "inv", "prior", "bad"};
    const double value[] = {-1.2345678, 0.00412, 0.6938, NAN};
    const double optimum[] = {NAN, 0, log(2), -1.5};
    ck_assert_str_eq(gedi__terms_text(4, name, value, optimum, text, sizeof text),
                     "gen -1.235  inv 0.00412 (0)  prior 0.6938 (ln 2)  bad nan (-1.5");
    ck_assert_str_eq(gedi__terms_text(4, name, value, optimum, text, 8), "gen -1.");
    ck_assert_str_eq(gedi__terms_text(0, name, value, optimum, text, sizeof text), "");
}
END_TEST

/* Long names are wrapped between words, and within one that is longer than a line. */
START_TEST(long_names)
{
    ck_assert_int_eq(gedi__chart_line("one two three", 8), 7);
    ck_assert_int_eq(gedi__chart_line("one two three", 7), 7);
    ck_assert_int_eq(gedi__chart_line("incomprehensible", 6), 6);
    ck_assert_int_eq(gedi__chart_line("", 6), 0);
    ck_assert_int_eq(gedi__chart_lines("one two three four five", false, 26, 100), 4);
    ck_assert_int_eq(gedi__chart_lines("one two", false, 26, 1000), 1);
}
END_TEST

/* A letter that no font has is a ?, and the picture says so; an SVG keeps it, and all stay where nothing tells. */
START_TEST(letters_without_a_font)
{
    static const char fonts[] = "#!/bin/sh\ncase $1 in *6f22*) ;; *) echo Sans;; esac\n";
    static const gedi__style svg = {.format = GEDI__SVG};
    gedi__chart c;
    without_gnuplot();
    for (int i = 0; i < 3; i++) {
        if (i == 1) { /* has all but one */
            ck_assert(!gedi__file_write(path_of("fc-list"), fonts, strlen(fonts), &err));
            ck_assert_int_eq(chmod(path_of("fc-list"), 0700), 0);
            setenv("PATH", folder, 1);
        }
        gedi__chart_open(&c, folder, "c", 400, 300);
        gedi__chart_style(&c, i == 2 ? &svg : NULL);
        gedi__chart_title(&c, "\u6f22\u5b57 \u00e9\u2192\u03c4\u6f22", NULL);
        (void)gedi__chart_draw(&c, &err);
        const char *file = i == 2 ? "c-svg.gp" : "c.gp";
        expect_in(file, i == 1 ? "'?\u5b57 \u00e9\u2192\u03c4?'"
                               : "'\u6f22\u5b57 \u00e9\u2192\u03c4\u6f22'");
        if (i == 1)
            expect_in(file, "'?: a letter that no font here has'");
        else
            expect_not_in(file, "no font");
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("chart");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, long_names);
    tcase_add_test(c, chart_keeps_data_and_script);
    tcase_add_test(c, chart_draws);
    tcase_add_test(c, chart_of_a_wrong_script);
    tcase_add_test(c, gnuplot_complaints);
    tcase_add_test(c, chart_without_a_folder);
    tcase_add_test(c, colours_differ);
    tcase_add_test(c, letters_without_a_font);
    tcase_add_test(c, terms_in_words);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
