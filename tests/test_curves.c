/* test_curves.c - a number over the iterations from the logs of runs, and pictures for print. */
#include "logs.h"

#include "core/report/figure.h"
#include "core/report/words.h"

#include <math.h>

/* Two seeds of one method, of which the second stops half way, and one of another. */
static void put_logs(void)
{
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_value("000000000001", "a", 1, 0.5, 1, "null");
    put_value("000000000002", "b", 0, 0.5, 1, "null");
    put_log("000000000000", "inv", 4, 1);
    put_log("000000000001", "inv", 2, 3);
    put_log("000000000002", "inv", 3, 5);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
}

static gedi__show show(const char *value)
{
    return (gedi__show){.kind = GEDI__CURVES,
                        .name = "curves",
                        .rows = "objective",
                        .columns = "",
                        .value = value,
                        .figure = "",
                        .title = "auto",
                        .width = ""};
}

START_TEST(mean_and_band)
{
    put_logs();
    gedi__show w = show("terms.inv");
    write_show(&w);
    /* 1 2 3 4 and 3 4: the means 2 3, whose deviation is the root of 2; then the first alone. */
    char *csv = content("figures/curves.csv");
    ck_assert_str_eq(csv, "iteration,line,mean,low,high,runs,name\n"
                          "10,0,2,0.5857864,3.414214,2,\"a\"\n"
                          "20,0,3,1.585786,4.414214,2,\"a\"\n"
                          "30,0,3,3,3,1,\"a\"\n"
                          "40,0,4,4,4,1,\"a\"\n"
                          "10,1,5,5,5,1,\"b\"\n"
                          "20,1,6,6,6,1,\"b\"\n"
                          "30,1,7,7,7,1,\"b\"\n");
    free(csv);
    expect_in("figures/curves.gp", "'L_INV'");
    expect_in("figures/curves.gp", "# The number: 'terms.inv'");
    expect_in("figures/curves.gp", "optimum 0.5");
    if (have_gnuplot())
        expect_png("figures/curves.png");
}
END_TEST

/* A line that is not there has failed, has no log, or one without the number: a note says which. */
START_TEST(what_is_not_drawn)
{
    put_logs();
    put_value("000000000003", "c", 0, 0.5, 1, "null");
    put_run("000000000004", "d", 0, NULL, "gedi: it diverged");
    put_run("000000000005", "a", 7, NULL, "gedi: it diverged");
    without_gnuplot();
    gedi__study_clear(&s);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("terms.inv");
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in(
        "figures/curves.gp",
        "'not drawn: a (1 of 3 runs, which failed), c (has no log yet), d (failed)'");
    w.width = "2in"; /* broken into lines between words */
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "set label 'not drawn: a (1 of 3 runs, which' at");
}
END_TEST

/* Runs that failed are drawn as far as they came, and their line says so; one that is shorter than others leaves the rest
 * of its line dotted. */
START_TEST(runs_that_failed)
{
    static const char why[] = "gedi: iteration 35: term 'inv' is inf";
    put_logs();
    put_run("000000000003", "c", 0, NULL, why);
    put_run("000000000004", "c", 1, NULL, "gedi: no room is left on the disk");
    put_run("000000000005", "b", 1, NULL, why);
    put_log("000000000003", "inv", 3, 1);
    put_log("000000000004", "inv", 2, 1);
    put_log("000000000005", "inv", 3, 1);
    without_gnuplot();
    gedi__study_clear(&s);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("terms.inv");
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "title 'a'");
    expect_in("figures/curves.gp", "title 'b: 1 of 2 failed'");
    expect_in("figures/curves.gp", "title 'c: failed (2 of 2)'");
    expect_in("figures/curves.gp", "'failed: b (1 of 2 runs, at iteration 35), c (2 of 2 "
                                   "runs, at iteration 20 to 35)'");
    expect_in(
        "figures/curves.gp",
        "'dotted where not all runs are left: a (1 of 2 ends at 20), c (1 of 2 ends "
        "at 20)'");
    expect_in("figures/curves.gp", "($2==0?$1:NaN):3 with linespoints pointtype 7 "
                                   "pointsize mark(0.8) dashtype (2,4)");
    expect_in("figures/curves.gp", "($2==0&&$6==2?$1:NaN):3 with");
    expect_in("figures/curves.gp", "($2==1?$1:NaN):3 with");
    expect_in("figures/curves.csv", ",\"c\"\n"); /* the data have names alone */
    expect_not_in("figures/curves.gp", "not drawn");
}
END_TEST

/* Optima that are not the same in all lines have the colours of their lines; one that is not the same within a line is
 * none. */
START_TEST(optima)
{
    put_logs();
    put_value("000000000003", "c", 0, 0.5, 1, "null");
    put_log_of("000000000003", "inv", 3, 1, log(8));
    without_gnuplot();
    gedi__study_clear(&s);
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = show("terms.inv");
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "    0.5 with lines dashtype (12,8) linewidth 0.9 "
                                   "linecolor rgb '#505050' title 'optimum 0.5'");
    expect_in("figures/curves.gp",
              "linecolor rgb '#009e73' title 'optimum ln 8 = 2.079'");
    expect_not_in("figures/curves.gp", "not drawn");
    w.rows = "seed"; /* seed 0 has both */
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "optimum 0.5");
    expect_not_in("figures/curves.gp", "ln 8");
    expect_in("figures/curves.gp", "not drawn: optima that");
}
END_TEST

/* In pictures axes have their words, in tables their paths. */
START_TEST(words_of_axes)
{
    put_points("{\"sweep\": \"x\", \"axes\": {\"objective.gedi.inv\": [\"1\", \"2\"], "
               "\"optimizer.adam.lr\": [\"0.1\", \"0.2\"]}, \"shows\": [], \"points\": ["
               "{\"hash\": \"000000000000\", \"labels\": {\"objective.gedi.inv\": \"1\", "
               "\"optimizer.adam.lr\": \"0.1\"}}, "
               "{\"hash\": \"000000000001\", \"labels\": {\"objective.gedi.inv\": \"1\", "
               "\"optimizer.adam.lr\": \"0.2\"}}]}");
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_value("000000000001", "a", 0, 0.5, 1, "null");
    put_log("000000000000", "inv", 2, 1);
    put_log("000000000001", "inv", 2, 3);
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    without_gnuplot();
    gedi__show w = show("terms.inv");
    w.rows = "objective.gedi.inv";
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "'weight of L_INV = 1'");
    expect_in("figures/curves.gp", "mean over learning rate; band");
    w.kind = GEDI__GRID;
    w.figure = "losses";
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "mean over learning rate; band");
    (void)gedi__show_write(&s,
                           &(gedi__show){.kind = GEDI__TABLE,
                                         .name = "table",
                                         .rows = "objective.gedi.inv",
                                         .columns = "",
                                         .value = "loss"},
                           folder, &err);
    expect_in("table.md", "over optimizer.adam.lr");
}
END_TEST

/* A line below the title that does not fit is broken, and a plot never has less than its room. */
static void put_defined(bool finished)
{
    put_made(0, "a", finished ? "clusters: argmax of p(y|x)" : NULL);
    put_made(1, "a", finished ? "clusters: argmax of p(y|x)" : NULL);
    put_made(2, "b", finished ? "clusters: k-means" : NULL);
    for (int i = 0; i < 3; i++) {
        char hash[32];
        snprintf(hash, sizeof hash, "0000000000%02d", i);
        put_log(hash, "inv", 4, 1);
    }
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
}

/* A line whose metric is made otherwise has the mark that a table of it has, and the note says what it means. */
START_TEST(made_otherwise)
{
    put_defined(true);
    gedi__show w = show("evaluation.c.nmi");
    write_show(&w);
    expect_in("figures/curves.gp", "title 'bᵃ'");
    expect_in("figures/curves.gp", "title 'a'");
    expect_in("figures/curves.gp",
              "set label 'ᵃ clusters: k-means; elsewhere clusters: argmax of p(y|x)' at");
    w.value = "terms.inv"; /* which no evaluator makes */
    write_show(&w);
    expect_not_in("figures/curves.gp", "ᵃ");
}
END_TEST

START_TEST(made_alike)
{
    put_defined(false);
    gedi__show w = show("evaluation.c.nmi");
    write_show(&w);
    expect_not_in("figures/curves.gp", "ᵃ");
}
END_TEST

/* A number alone says nothing. */
START_TEST(lines_of_an_option)
{
    put_logs();
    gedi__show w = show("terms.inv");
    w.rows = "seed";
    write_show(&w);
    expect_in("figures/curves.gp", "title 'seed 0'");
    expect_in("figures/curves.csv", ",\"seed 1\"\n");
}
END_TEST

START_TEST(narrow)
{
    put_logs();
    without_gnuplot();
    gedi__show w = show("terms.inv");
    w.format = GEDI__PNG;
    w.width = "2in";
    (void)gedi__show_write(&s, &w, folder, &err);
    expect_in("figures/curves.gp", "mean over seed; band: one'.\"\\n\".'sample standard "
                                   "deviation'");
    expect_in("figures/curves.gp", "size 600,");
    expect_in("figures/curves.gp", "scale = 0.92308\n"); /* 600 of 650 pixels */
}
END_TEST

START_TEST(every_kind_of_number)
{
    static const char *const path[] = {"loss", "learning_rate", "health.spread"};
    static const char *const value[] = {"\n10,0,7,7,7,2,", "\n10,0,0.125,0.125,0.125,2,",
                                        "\n10,0,0.25,0.25,0.25,2,"};
    put_logs();
    without_gnuplot();
    for (int i = 0; i < 3; i++) {
        gedi__show w = show(path[i]);
        (void)gedi__show_write(&s, &w, folder, &err);
        expect_in("figures/curves.csv", value[i]);
        expect_not_in("figures/curves.gp", "not drawn");
        if (i == 1)
            expect_in("figures/curves.gp", "set ylabel 'learning rate'");
    }
    gedi__show none = show("terms.zebra");
    expect_failure(
        gedi__show_write(&s, &none, folder, &err), GEDI_USAGE,
        "terms.zebra: no run has logged such a number; there are: loss learning_rate");
    ck_assert_ptr_nonnull(strstr(err.msg, "terms.inv"));
    gedi__show empty = show("health.balance");
    expect_failure(gedi__show_write(&s, &empty, folder, &err), GEDI_USAGE,
                   "no run has logged");
}
END_TEST

START_TEST(for_print)
{
    put_logs();
    gedi__show w = show("terms.inv");
    w.format = GEDI__PDF;
    w.width = "3.3in";
    w.title = "";
    if (!have_gnuplot())
        return;
    write_show(&w);
    expect_png("figures/curves.png");
    /* 3.3 inches are 237.6 points. */
    expect_in("figures/curves-pdf.gp", "size 3.3000in,");
    expect_not_in("figures/curves-pdf.gp", "mean over");
    char *data;
    size_t n;
    ck_assert(!gedi__file_read(path_of("figures/curves.pdf"), &data, &n, &err));
    ck_assert_ptr_nonnull(memmem(data, n, "/MediaBox [ 0 0 237 ", 20));
    free(data);
    w.format = GEDI__SVG;
    w.title = "It's <b>";
    write_show(&w);
    expect_in("figures/curves.svg", "It's &lt;b");
    expect_in("figures/curves-svg.gp", "mark(n) = 0.2308 * (n + 0.5)");
    expect_in("figures/curves.svg", "width=\"317\"");
}
END_TEST

START_TEST(lengths)
{
    static const struct {
        const char *text;
        double inches;
    } good[] = {
        {"", 0},          {"3.3in", 3.3},       {"84mm", 84 / 25.4},   {"3.in", 3},
        {"03.30in", 3.3}, {"8.4cm", 84 / 25.4}, {"240pt", 240 / 72.27}};
    static const char *const bad[] = {
        "3.3",   "in",   "3.3 in", "-2in", "0.1in", "1e9in", "nanin", "3.3inch", "infcm",
        "1.9in", "50mm", "1e1in",  "+3in", "0x3in", " 3in",  ".in",   "3..3in",  "3,3in"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (!(fabs(gedi__text_inches(good[i].text) - good[i].inches) < 1e-12))
            ck_abort_msg("%s", good[i].text);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_msg(isnan(gedi__text_inches(bad[i])), "%s", bad[i]);
}
END_TEST

START_TEST(words)
{
    static const char *const of[][2] = {
        {"evaluation.clustering.nmi", "NMI"},
        {"terms.inv", "L_INV"},
        {"terms.gedi.prior.value", "L_PRIOR"},
        {"objective.gedi.inv", "weight of L_INV"},
        {"objective.gedi.clusters", "clusters"},
        {"optimizer.adam.lr", "learning rate"},
        {"sampler.sgld.step_size", "step size"},
        {"learning_rate", "learning rate"},
        {"evaluation.ood.circles.log_p", "AUROC of log p(x)"},
        {"evaluation.ood.circles.log_p_low", "AUROC of log p(x), lower end"},
        {"evaluation.ood.circles.gradient", "AUROC of -|d log p(x) / dx|"},
        {"evaluation.ood.circles.gradient_fpr95",
         "FPR at 95 % TPR of -|d log p(x) / dx|"},
        {"evaluation.clustering.nmi_low", "nmi low"},
        {"evaluation.two_sample.mmd2", "squared MMD"},
        {"two_sample.energy_p", "p of the energy distance"},
        {"evaluation.density.kl", "KL divergence"},
        {"terms.kl", "L_KL"},
        {"watch.energy", "energy"},
        {"my_method", "my_method"},
        {"lr", "lr"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        gedi__text t = {0};
        gedi__path_words(of[i][0], &t);
        ck_assert_str_eq(t.s ? t.s : "", of[i][1]);
        gedi__text_clear(&t);
    }
    static const char *const path[] = {"clustering.accuracy",
                                       "evaluation.linear_probe.accuracy", "knn.nmi"};
    static const char *const among[] = {"accuracy (clustering)",
                                        "accuracy (linear probe)", "NMI"};
    for (int i = 0; i < 3; i++) {
        gedi__text t = {0};
        gedi__path_words_among(path, 3, i, &t);
        ck_assert_str_eq(t.s, among[i]);
        gedi__text_clear(&t);
    }
}
END_TEST

/* Each failure has its mark, whichever comes first. */
START_TEST(marks)
{
    char text[512];
    static const char *const name[] = {"representation collapse", "label inconsistency",
                                       "cluster collapse"};
    static const char *const mark[] = {"§", "‡", "†"};
    for (int i = 0; i < 3; i++) {
        char hash[16];
        snprintf(hash, sizeof hash, "00000000000%d", i);
        snprintf(text, sizeof text,
                 "{\"loss\": 1, \"seed\": %d, \"health\": {\"x\": {\"value\": 0, "
                 "\"failing_since\": 3, \"failure\": \"%s\"}}}",
                 i, name[i]);
        put_run(hash, "a", i, text, NULL);
    }
    ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
    gedi__show w = {.rows = "seed", .columns = "", .value = "loss"};
    gedi__table t;
    ck_assert(!gedi__table_make(&s, &w, &t, &err));
    for (int i = 0; i < 3; i++) {
        gedi__text signs = {0};
        gedi__table_marks(&t, i, 0, &signs);
        ck_assert_str_eq(signs.s, mark[i]);
        gedi__text_clear(&signs);
    }
    gedi__text legend = {0};
    gedi__table_legend(&t, &legend);
    ck_assert_ptr_nonnull(strstr(legend.s,
                                 "† cluster collapse, at the end of the run\n"
                                 "‡ label inconsistency, at the end of the run\n"
                                 "§ representation collapse, at"));
    gedi__text_clear(&legend);
    gedi__table_clear(&t);
}
END_TEST

/* A mark says of how many of its cell's runs it holds: of few cells for each, of more how many at most. */
START_TEST(marks_of_some_runs)
{
    static const char *const want[] = {
        "† cluster collapse, at the end of 1 of 2 runs",
        "† cluster collapse, at the end of 1 of 2 runs of each cell",
        "† cluster collapse, at the end of 1 of 2 runs (a), 1 of 2 (b) and 2 of 2 (c)",
        NULL,
        "† cluster collapse, at the end of 1 to 2 runs of a cell: the table in CSV"};
    int runs = 0;
    for (int k = 0; k < 5; k++) {
        char hash[16], text[256], method[2] = {(char)('a' + k), 0};
        for (int seed = 0; seed < 2; seed++) {
            snprintf(hash, sizeof hash, "%012d", runs++);
            snprintf(text, sizeof text,
                     "{\"loss\": 1, \"seed\": %d, \"health\": {\"x\": {\"value\": 0, "
                     "\"failing_since\": %s, \"failure\": \"cluster collapse\"}}}",
                     seed, seed && k != 2 ? "null" : "3");
            put_run(hash, method, seed, text, NULL);
        }
        gedi__study_clear(&s);
        ck_assert_msg(!gedi__study_add(&s, path_of("runs"), &err), "%s", err.msg);
        gedi__show w = {.rows = "objective", .columns = "", .value = "loss"};
        gedi__table t;
        ck_assert(!gedi__table_make(&s, &w, &t, &err));
        gedi__text legend = {0};
        gedi__table_legend(&t, &legend);
        if (want[k])
            ck_assert_msg(strstr(legend.s, want[k]), "%s", legend.s);
        gedi__text_clear(&legend);
        gedi__table_clear(&t);
        w = (gedi__show){.kind = GEDI__HEATMAP,
                         .name = "map",
                         .rows = "objective",
                         .columns = "seed",
                         .value = "loss",
                         .title = "auto",
                         .width = ""};
        (void)gedi__show_write(&s, &w, folder, &err);
        expect_in("figures/map.csv", "\"1.000†\"");
        expect_in("figures/map.gp",
                  "set label '† cluster collapse, at the end of the run'");
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("curves");
    TCase *c = tcase_create("curves");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, mean_and_band);
    tcase_add_test(c, what_is_not_drawn);
    tcase_add_test(c, runs_that_failed);
    tcase_add_test(c, optima);
    tcase_add_test(c, words_of_axes);
    tcase_add_test(c, narrow);
    tcase_add_test(c, every_kind_of_number);
    tcase_add_test(c, for_print);
    tcase_add_test(c, lengths);
    tcase_add_test(c, made_otherwise);
    tcase_add_test(c, made_alike);
    tcase_add_test(c, lines_of_an_option);
    tcase_add_test(c, words);
    tcase_add_test(c, marks);
    tcase_add_test(c, marks_of_some_runs);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
