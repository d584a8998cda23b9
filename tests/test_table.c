/* test_table.c - tables and comparisons of runs whose numbers are written by hand. */
#include "core/base/file.h"
#include "core/sweep/compare.h"
#include "core/sweep/show.h"
#include "core/sweep/table.h"

#include "report.h"

#include <math.h>
#include <stdio.h>
#include <sys/stat.h>

static gedi__study s;

static void begin(void)
{
    setup();
    s = (gedi__study){0};
}

static void end(void)
{
    gedi__study_clear(&s);
    teardown();
}

static void put(const char *file, const char *text)
{
    ck_assert_msg(!gedi__file_write(path_of(file), text, strlen(text), &err), "%s",
                  err.msg);
}

/* A run of runs/HASH: its descriptor, and its summary or what it said last. */
static void put_run(const char *hash, const char *method, int seed, const char *summary,
                    const char *error)
{
    char name[64], text[256];
    snprintf(name, sizeof name, "runs/%s", hash);
    ck_assert_int_eq(gedi__folder_make(path_of(name), &err), GEDI_OK);
    snprintf(name, sizeof name, "runs/%s/descriptor.yaml", hash);
    snprintf(text, sizeof text, "seed: %d\nthreads: 3\nobjective:\n  %s:\n    inv: %d\n",
             seed, method, seed == 7 ? 5 : 4);
    put(name, text);
    snprintf(name, sizeof name, "runs/%s/%s", hash,
             summary ? "summary.json" : "error.txt");
    if (summary || error)
        put(name, summary ? summary : error);
}

static void put_value(const char *hash, const char *method, int seed, double nmi,
                      double inv, const char *failing)
{
    char text[512];
    snprintf(
        text, sizeof text,
        "{\"seed\": %d, \"loss\": %g, \"evaluation\": {\"clustering\": {\"nmi\": %.17g, "
        "\"bad\": null}}, \"terms\": {\"inv\": {\"value\": %.17g, \"optimum\": 0}}, "
        "\"health\": {\"balance\": {\"value\": 0.1, \"failing_since\": %s, "
        "\"failure\": \"cluster collapse\"}}}",
        seed, 100 * nmi, nmi, inv, failing);
    put_run(hash, method, seed, text, NULL);
}

/* Two methods on two sets, seeds 0 to 2: all there, some missing, one failed. */
static void put_sweep(void)
{
    static const char *const method[] = {"A&B", "no|gen"}, *const set[] = {"moons",
                                                                           "rings"};
    gedi__text t = {0};
    gedi__text_add(&t,
                   "{\"sweep\": \"x\", \"axes\": {\"method\": [\"A&B\", \"no|gen\"], "
                   "\"set\": [\"moons\", \"rings\"], \"seed\": [\"0\", \"1\", \"2\"]}, "
                   "\"shows\": [{\"kind\": 0, \"name\": \"table\", \"rows\": \"method\", "
                   "\"columns\": \"set\", \"value\": \"evaluation.clustering.nmi\", "
                   "\"figure\": \"\", \"stat\": 0, \"best\": 0, \"where\": {}}], "
                   "\"points\": [");
    for (int i = 0; i < 12; i++)
        gedi__text_add(&t,
                       "%s{\"hash\": \"0000000000%02d\", \"title\": \"t%d\", \"labels\": "
                       "{\"method\": \"%s\", \"set\": \"%s\", \"seed\": \"%d\"}}",
                       i ? ", " : "", i, i, method[i / 6], set[i / 3 % 2], i % 3);
    gedi__text_add(&t, "]}");
    put("points.json", t.s);
    gedi__text_clear(&t);
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_value("000000000001", "a", 1, 0.75, 2, "null");
    put_value("000000000002", "a", 2, 1, 3, "7");
    put_value("000000000003", "a", 0, 0.25, 1, "null");
    put_run("000000000004", "a", 1, NULL, "gedi: first\ngedi: a term exploded\n");
    put_run("000000000005", "a", 2, NULL, NULL);
    put_value("000000000006", "b", 0, 0.5, 1, "null");
    put_value("000000000007", "b", 1, 0.5, 1, "null");
    put_value("000000000008", "b", 2, 0.5, 1, "null");
    for (int i = 9; i < 12; i++) {
        char hash[16];
        snprintf(hash, sizeof hash, "0000000000%02d", i);
        put_run(hash, "b", i - 9, NULL, "gedi: killed by signal 9 (Killed)\n");
    }
}

static void open_sweep(void)
{
    put_sweep();
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    ck_assert_int_eq(s.results, 12);
}

static void ck_table(const gedi__show *w, gedi__table_format format, const char *want)
{
    gedi__table t;
    gedi__text out = {0};
    ck_assert_msg(!gedi__table_make(&s, w, &t, &err), "%s", err.msg);
    gedi__table_text(&t, format, &out);
    ck_assert_str_eq(out.s, want);
    gedi__text_clear(&out);
    gedi__table_clear(&t);
}

START_TEST(what_lies_there)
{
    open_sweep();
    ck_assert_int_eq(s.result[0].state, GEDI__FINISHED);
    ck_assert_int_eq(s.result[4].state, GEDI__FAILED);
    ck_assert_str_eq(s.result[4].reason, "a term exploded");
    ck_assert_int_eq(s.result[5].state, GEDI__MISSING);
    ck_assert_str_eq(s.result[5].title, "t5");
    const char *label, **all;
    ck_assert_int_eq(gedi__study_label(&s, 3, "set", &label), GEDI_OK);
    ck_assert_str_eq(label, "rings");
    ck_assert_int_eq(gedi__study_label(&s, 3, "objective", &label), GEDI_OK);
    ck_assert_str_eq(label, "a"); /* from its descriptor */
    ck_assert_int_eq(gedi__study_label(&s, 3, "zebra", &label), GEDI_OK);
    ck_assert_str_eq(label, "");
    ck_assert_int_eq(gedi__study_labels(&s, "method", &all), GEDI_OK);
    ck_assert_str_eq(all[1], "no|gen");
    ck_assert_ptr_null(all[2]);
}
END_TEST

START_TEST(markdown)
{
    open_sweep();
    ck_table(
        s.show, GEDI__MARKDOWN,
        "evaluation.clustering.nmi: mean ± sample standard deviation over seed, 3 runs "
        "a cell; columns: set\n"
        "\n"
        "| method  | moons               | rings                        |\n"
        "|---------|---------------------|------------------------------|\n"
        "| A&B     | **0.750 ± 0.250** † | **0.250 (1 of 3, 1 failed)** |\n"
        "| no\\|gen | 0.500 ± 0.000       | failed (3 of 3)              |\n"
        "\n"
        "† cluster collapse, at the end of at least one run\n");
}
END_TEST

START_TEST(csv)
{
    open_sweep();
    ck_table(s.show, GEDI__CSV,
             "method,set,mean,std,median,min,max,n,runs,failed,best,failures\n"
             "A&B,moons,0.75,0.25,0.75,0.5,1,3,3,0,1,cluster collapse 1\n"
             "A&B,rings,0.25,,0.25,0.25,0.25,1,3,1,1,\n"
             "no|gen,moons,0.5,0,0.5,0.5,0.5,3,3,0,0,\n"
             "no|gen,rings,,,,,,0,3,3,0,\n");
}
END_TEST

START_TEST(latex)
{
    open_sweep();
    ck_table(
        s.show, GEDI__LATEX,
        "% evaluation.clustering.nmi: mean ± sample standard deviation over seed, 3 "
        "runs a cell; columns: set\n"
        "% \\dagger cluster collapse, at the end of at least one run\n"
        "% needs \\usepackage{booktabs}\n"
        "\\begin{tabular}{lcc}\n"
        "\\toprule\n"
        "method & moons & rings \\\\\n"
        "\\midrule\n"
        "A\\&B & $\\mathbf{0.750 \\pm 0.250}^{\\dagger}$ & $\\mathbf{0.250}$ (1 of 3, 1 "
        "failed) \\\\\n"
        "no|gen & $0.500 \\pm 0.000$ & failed (3 of 3) \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular}\n");
}
END_TEST

START_TEST(other_tables)
{
    gedi__where moons = {"set", "moons"};
    gedi__show w = {.rows = "seed",
                    .columns = "method",
                    .value = "terms.inv",
                    .stat = GEDI__MAX,
                    .best = GEDI__BEST_MIN,
                    .wheres = 1,
                    .where = &moons};
    open_sweep();
    ck_table(&w, GEDI__MARKDOWN,
             "terms.inv: only set moons; columns: method\n"
             "\n"
             "| seed | A&B       | no\\|gen   |\n"
             "|------|-----------|-----------|\n"
             "| 0    | **1.000** | **1.000** |\n"
             "| 1    | 2.000     | **1.000** |\n"
             "| 2    | 3.000 †   | **1.000** |\n"
             "\n"
             "† cluster collapse, at the end of at least one run\n");
    w = (gedi__show){
        .rows = "objective", .columns = "", .value = "loss", .stat = GEDI__COUNT};
    ck_table(&w, GEDI__MARKDOWN,
             "loss: number of runs over set, seed, 6 runs a cell\n"
             "\n"
             "| objective | loss               |\n"
             "|-----------|--------------------|\n"
             "| a         | 4 of 6, 1 failed † |\n"
             "| b         | 3 of 6, 3 failed   |\n"
             "\n"
             "† cluster collapse, at the end of at least one run\n");
    w = (gedi__show){.rows = "method",
                     .columns = "set",
                     .value = "loss",
                     .stat = GEDI__MEDIAN,
                     .best = GEDI__BEST_AUTO};
    ck_table(&w, GEDI__CSV,
             "method,set,mean,std,median,min,max,n,runs,failed,best,failures\n"
             "A&B,moons,75,25,75,50,100,3,3,0,0,cluster collapse 1\n"
             "A&B,rings,25,,25,25,25,1,3,1,0,\n"
             "no|gen,moons,50,0,50,50,50,3,3,0,0,\n"
             "no|gen,rings,,,,,,0,3,3,0,\n");
}
END_TEST

START_TEST(tables_that_cannot_be)
{
    gedi__table t;
    gedi__where none = {"set", "zebra"};
    gedi__show w = {
        .rows = "method", .columns = "", .value = "evaluation.clustering.bad"};
    open_sweep();
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "evaluation.clustering.bad: no run has such a number; there are: seed "
                   "loss evaluation.clustering.nmi terms.inv.value");
    w.value = "loss";
    w.rows = "methods";
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "methods: no run has such an axis or path; the axes are method, set, "
                   "seed");
    w.where = &none;
    w.wheres = 1;
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "set: no run is 'zebra'");
}
END_TEST

START_TEST(decimals)
{
    static const struct {
        double value;
        const char *want;
    } cases[] = {{0, "0.000"},       {0.1234567, "0.123"}, {-0.00004, "-0.000040"},
                 {5.6789, "5.679"},  {56.789, "56.79"},    {-567.89, "-567.9"},
                 {5678.9, "5679"},   {1e7, "1.00e+07"},    {1.5e-9, "1.50e-09"},
                 {0.04321, "0.0432"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char want[256];
        gedi__show w = {.rows = "seed", .columns = "", .value = "terms.inv"};
        put_value("000000000000", "a", 0, 1, cases[i].value, "null");
        ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
        snprintf(want, sizeof want, "| %s", cases[i].want);
        gedi__table t;
        gedi__text out = {0};
        ck_assert_msg(!gedi__table_make(&s, &w, &t, &err), "%s", err.msg);
        gedi__table_text(&t, GEDI__MARKDOWN, &out);
        ck_assert_msg(strstr(out.s, want) != NULL, "%s lacks %s", out.s, want);
        gedi__text_clear(&out);
        gedi__table_clear(&t);
        gedi__study_clear(&s);
    }
}
END_TEST

START_TEST(files_of_a_table)
{
    open_sweep();
    ck_assert_msg(!gedi__show_write(&s, s.show, folder, &err), "%s", err.msg);
    expect_in("table.md", "| A&B     |");
    expect_in("table.csv", "A&B,moons,0.75");
    expect_in("table.tex", "\\toprule");
}
END_TEST

START_TEST(places_that_are_no_study)
{
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_STATE,
                   "holds neither a sweep nor a run: points.json and descriptor.yaml are "
                   "missing");
    put("points.json", "{\"points\": [{}]}");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA,
                   "points.json: point 0 has no hash: run the sweep again");
    put("points.json", "[1, 2]");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA, "not a JSON object");
    put("points.json", "{\"a\": ");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA,
                   "points.json:1: not a JSON");
    put("points.json", "{\"points\": [{\"hash\": \"../../../../\"}]}");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA, "has no hash");
    put_run("000000000000", "a", 0, "{\"loss\": ", NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(s.result[0].state, GEDI__FAILED);
    ck_assert_ptr_nonnull(
        strstr(s.result[0].reason, "summary.json:1: not a JSON object"));
}
END_TEST

/* ---- comparisons ---- */

static gedi__study b;

static void open_side(gedi__study *of, const char *set, const char *method)
{
    ck_assert_int_eq(gedi__study_add(of, folder, &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_keep(of, "set", set, &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_keep(of, "method", method, &err), GEDI_OK);
    ck_assert_int_eq(of->results, 3);
}

START_TEST(groups)
{
    gedi__comparison c;
    put_sweep();
    open_side(&s, "moons", "no|gen");
    open_side(&b, "moons", "A&B");
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 3);
    ck_assert_int_eq(c.unpaired, 0);
    ck_assert_int_eq(c.contrasts, 3);
    const gedi__contrast *k = &c.contrast[1];
    ck_assert_str_eq(k->path, "evaluation.clustering.nmi");
    /* Differences 0, 1/4, 1/2: mean 1/4, deviation 1/4, t of 2 degrees 4.30265. */
    ck_assert(k->a == 0.5 && k->b == 0.75 && k->of.mean == 0.25);
    double half = 4.30265273 * 0.25 / sqrt(3);
    ck_assert_msg(fabs(k->low - (0.25 - half)) < 1e-8, "%.12g", k->low);
    ck_assert_msg(fabs(k->high - (0.25 + half)) < 1e-8, "%.12g", k->high);
    ck_assert_str_eq(c.contrast[2].path, "terms.inv.value");
    ck_assert_str_eq(c.changes, "objective: {b: {inv: 4}} -> {a: {inv: 4}}\n");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

START_TEST(groups_with_gaps)
{
    gedi__comparison c;
    put_sweep();
    open_side(&s, "moons", "A&B");
    open_side(&b, "rings", "A&B");
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 1);
    ck_assert_int_eq(c.unpaired, 2);
    ck_assert_int_eq(c.unfinished, 2);
    ck_assert(c.contrast[1].of.mean == -0.25 && isnan(c.contrast[1].low));
    ck_assert_str_eq(c.changes, "");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
    open_side(&b, "rings", "no|gen");
    expect_failure(gedi__compare(&s, &b, &c, &err), GEDI_USAGE,
                   "no seed is finished on both sides: 3 of 3 runs and 0 of 3 runs are "
                   "finished");
    gedi__study_clear(&b);
    ck_assert_int_eq(gedi__study_add(&b, folder, &err), GEDI_OK);
    expect_failure(gedi__compare(&s, &b, &c, &err), GEDI_USAGE, "seed 0 is there twice");
    expect_failure(gedi__study_keep(&b, "set", "zebra", &err), GEDI_USAGE,
                   "no run has set=zebra");
    gedi__study_clear(&b);
}
END_TEST

START_TEST(two_runs_of_other_seeds)
{
    gedi__comparison c;
    put_value("000000000000", "a", 3, 0.5, 1, "null");
    put_value("000000000001", "a", 7, 0.25, 1, "null");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs/000000000000"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_add(&b, path_of("runs/000000000001"), &err), GEDI_OK);
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.pairs, 1);
    ck_assert_str_eq(c.changes, "seed: 3 -> 7\nobjective.a.inv: 4 -> 5\n");
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("table");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, what_lies_there);
    tcase_add_test(c, markdown);
    tcase_add_test(c, csv);
    tcase_add_test(c, latex);
    tcase_add_test(c, other_tables);
    tcase_add_test(c, tables_that_cannot_be);
    tcase_add_test(c, decimals);
    tcase_add_test(c, files_of_a_table);
    tcase_add_test(c, places_that_are_no_study);
    tcase_add_test(c, groups);
    tcase_add_test(c, groups_with_gaps);
    tcase_add_test(c, two_runs_of_other_seeds);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
