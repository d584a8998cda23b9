/* test_table.c - tables and comparisons of runs whose numbers are written by hand. */
#include "core/base/file.h"
#include "core/sweep/clauses.h"
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

#define NMI "evaluation.clustering.nmi"
#define CSV_HEAD "path,mean,std,median,min,max,n,runs,failed,best,failures,definition\n"

START_TEST(csv)
{
    open_sweep();
    ck_table(s.show, GEDI__CSV,
             "method,set," CSV_HEAD "A&B,moons," NMI
             ",0.75,0.25,0.75,0.5,1,3,3,0,1,cluster collapse 1,\n"
             "A&B,rings," NMI ",0.25,,0.25,0.25,0.25,1,3,1,1,,\n"
             "no|gen,moons," NMI ",0.5,0,0.5,0.5,0.5,3,3,0,0,,\n"
             "no|gen,rings," NMI ",,,,,,0,3,3,0,,\n");
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
             "method,set," CSV_HEAD
             "A&B,moons,loss,75,25,75,50,100,3,3,0,0,cluster collapse 1,\n"
             "A&B,rings,loss,25,,25,25,25,1,3,1,0,,\n"
             "no|gen,moons,loss,50,0,50,50,50,3,3,0,0,,\n"
             "no|gen,rings,loss,,,,,,0,3,3,0,,\n");
}
END_TEST

/* ---- several values ---- */

static gedi__quantity three[] = {
    {"NMI", NMI}, {"a|b & c", "terms.inv"}, {"balance", "health.balance.value"}};

static gedi__show several(void)
{
    return (gedi__show){
        .rows = "method", .columns = "", .value = "", .quantities = 3, .quantity = three};
}

/* Decimals and the best are those of each column; all of a row are of the same runs. */
START_TEST(several_values)
{
    gedi__show w = several();
    open_sweep();
    ck_table(
        &w, GEDI__MARKDOWN,
        "NMI: evaluation.clustering.nmi, a|b & c: terms.inv, balance: "
        "health.balance.value; mean ± sample standard deviation over set, seed, 6 runs a "
        "cell\n"
        "\n"
        "| method  | NMI                                  | a\\|b & c                "
        "         | balance                          |\n"
        "|---------|--------------------------------------|------------------------"
        "----------|----------------------------------|\n"
        "| A&B †   | **0.625 ± 0.323 (4 of 6, 1 failed)** | 1.750 ± 0.957 (4 of 6, "
        "1 failed) | 0.100 ± 0.000 (4 of 6, 1 failed) |\n"
        "| no\\|gen | 0.500 ± 0.000 (3 of 6, 3 failed)     | 1.000 ± 0.000 (3 of 6, "
        "3 failed) | 0.100 ± 0.000 (3 of 6, 3 failed) |\n"
        "\n"
        "† cluster collapse, at the end of at least one run\n");
}
END_TEST

START_TEST(several_values_for_programs)
{
    gedi__where moons = {"set", "moons"};
    gedi__show w = several();
    w.wheres = 1;
    w.where = &moons;
    open_sweep();
    ck_table(&w, GEDI__CSV,
             "method,value," CSV_HEAD "A&B,NMI," NMI
             ",0.75,0.25,0.75,0.5,1,3,3,0,1,cluster collapse 1,\n"
             "A&B,a|b & c,terms.inv,2,1,2,1,3,3,3,0,0,cluster collapse 1,\n"
             "A&B,balance,health.balance.value,0.1,0,0.1,0.1,0.1,3,3,0,0,cluster "
             "collapse 1,\n"
             "no|gen,NMI," NMI ",0.5,0,0.5,0.5,0.5,3,3,0,0,,\n"
             "no|gen,a|b & c,terms.inv,1,0,1,1,1,3,3,0,0,,\n"
             "no|gen,balance,health.balance.value,0.1,0,0.1,0.1,0.1,3,3,0,0,,\n");
    w.quantities = 2;
    w.best = GEDI__BEST_MIN;
    ck_table(&w, GEDI__LATEX,
             "% NMI: evaluation.clustering.nmi, a|b & c: terms.inv; mean ± sample "
             "standard deviation over seed, 3 runs a cell; only set moons\n"
             "% \\dagger cluster collapse, at the end of at least one run\n"
             "% needs \\usepackage{booktabs}\n"
             "\\begin{tabular}{lcc}\n"
             "\\toprule\n"
             "method & NMI & a|b \\& c \\\\\n"
             "\\midrule\n"
             "A\\&B$^{\\dagger}$ & $0.750 \\pm 0.250$ & $2.000 \\pm 1.000$ \\\\\n"
             "no|gen & $\\mathbf{0.500 \\pm 0.000}$ & $\\mathbf{1.000 \\pm 0.000}$ "
             "\\\\\n"
             "\\bottomrule\n"
             "\\end{tabular}\n");
}
END_TEST

/* A column of small numbers is not cut to the digits of a column of large ones. */
START_TEST(decimals_of_columns)
{
    gedi__quantity two[] = {{"loss", "loss"}, {"inv", "terms.inv"}};
    gedi__show w = {.rows = "seed",
                    .columns = "",
                    .value = "",
                    .quantities = 2,
                    .quantity = two,
                    .best = GEDI__BEST_MAX};
    put_value("000000000000", "a", 0, 50, 0.00123, "null");
    put_value("000000000001", "a", 1, 40, 0.00456, "null");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_table(&w, GEDI__MARKDOWN,
             "loss: loss, inv: terms.inv\n"
             "\n"
             "| seed | loss     | inv         |\n"
             "|------|----------|-------------|\n"
             "| 0    | **5000** | 0.00123     |\n"
             "| 1    | 4000     | **0.00456** |\n");
}
END_TEST

/* points.json has the form of what the descriptor said. */
START_TEST(several_values_in_points_json)
{
    put_sweep();
    put("points.json", "{\"axes\": {\"method\": [\"a\"]}, \"shows\": [{\"kind\": 0, "
                       "\"name\": \"t\", \"rows\": \"method\", \"columns\": \"\", "
                       "\"value\": {\"z\": \"loss\", \"a\": \"terms.inv\"}, "
                       "\"figure\": \"\", \"stat\": 0, \"best\": 0, \"where\": {}}], "
                       "\"points\": []}");
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    ck_assert_str_eq(s.show->value, "");
    ck_assert_int_eq(s.show->quantities, 2);
    ck_assert_str_eq(s.show->quantity[0].title, "z");
    ck_assert_str_eq(s.show->quantity[1].path, "terms.inv");
}
END_TEST

/* ---- how numbers are made ---- */

/* A run whose nmi and accuracy are defined in these words; none where `by` is NULL. */
static void put_made(int i, const char *method, const char *by)
{
    char text[1024], hash[32], made[512] = "{}";
    snprintf(hash, sizeof hash, "0000000000%02d", i);
    if (by)
        snprintf(made, sizeof made,
                 "{\"c\": {\"nmi\": \"information, at once; %s\", \"accuracy\": \"share "
                 "of records; %s\"}}",
                 by, by);
    snprintf(text, sizeof text,
             "{\"loss\": 1, \"evaluation\": {\"c\": {\"nmi\": 0.5, \"accuracy\": "
             "0.75}}, \"definitions\": %s}",
             made);
    put_run(hash, method, i, text, NULL);
}

static gedi__quantity both[] = {
    {"NMI", "evaluation.c.nmi"}, {"accuracy", "evaluation.c.accuracy"}, {"loss", "loss"}};

/* Most are made in one way; `km` in another, in both columns. */
START_TEST(numbers_made_otherwise)
{
    gedi__show w = {.rows = "objective",
                    .columns = "",
                    .value = "",
                    .best = GEDI__BEST_NONE,
                    .quantities = 3,
                    .quantity = both};
    put_made(0, "km", "by k-means, best of 10");
    put_made(1, "first", "by argmax");
    put_made(2, "second", "by argmax");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_table(&w, GEDI__MARKDOWN,
             "NMI: evaluation.c.nmi, accuracy: evaluation.c.accuracy, loss: loss\n"
             "\n"
             "| objective | NMI     | accuracy | loss  |\n"
             "|-----------|---------|----------|-------|\n"
             "| km        | 0.500 ᵃ | 0.750 ᵃ  | 1.000 |\n"
             "| first     | 0.500   | 0.750    | 1.000 |\n"
             "| second    | 0.500   | 0.750    | 1.000 |\n"
             "\n"
             "ᵃ by k-means, best of 10; elsewhere by argmax\n");
    w.quantities = 1;
    ck_table(&w, GEDI__LATEX,
             "% NMI: evaluation.c.nmi\n"
             "% \\mathrm{a} by k-means, best of 10; elsewhere by argmax\n"
             "% needs \\usepackage{booktabs}\n"
             "\\begin{tabular}{lc}\n"
             "\\toprule\n"
             "objective & NMI \\\\\n"
             "\\midrule\n"
             "km & $0.500^{\\mathrm{a}}$ \\\\\n"
             "first & $0.500$ \\\\\n"
             "second & $0.500$ \\\\\n"
             "\\bottomrule\n"
             "\\end{tabular}\n");
    ck_table(&w, GEDI__CSV,
             "objective,value," CSV_HEAD
             "km,NMI,evaluation.c.nmi,0.5,,0.5,0.5,0.5,1,1,0,0,,"
             "\"information, at once; by k-means, best of 10\"\n"
             "first,NMI,evaluation.c.nmi,0.5,,0.5,0.5,0.5,1,1,0,0,,"
             "\"information, at once; by argmax\"\n"
             "second,NMI,evaluation.c.nmi,0.5,,0.5,0.5,0.5,1,1,0,0,,"
             "\"information, at once; by argmax\"\n");
}
END_TEST

/* The largest figure is best, unless its definition says otherwise. */
START_TEST(what_is_better)
{
    static const char *const runs[] = {
        "{\"evaluation\": {\"c\": {\"nmi\": 1, \"fid\": 3, \"chance\": 0.5}}",
        "{\"evaluation\": {\"c\": {\"nmi\": 2, \"fid\": 4, \"chance\": 0.6}}"};
    static gedi__quantity all[] = {{"NMI", "evaluation.c.nmi"},
                                   {"FID", "evaluation.c.fid"},
                                   {"chance", "evaluation.c.chance"}};
    gedi__show w = {.rows = "objective",
                    .columns = "",
                    .value = "",
                    .quantities = 3,
                    .quantity = all};
    for (int i = 0; i < 2; i++) {
        char text[1024], hash[32];
        snprintf(hash, sizeof hash, "0000000000%02d", i);
        snprintf(text, sizeof text,
                 "%s, \"definitions\": {\"c\": {\"nmi\": \"information\", \"fid\": "
                 "\"a distance; less is better; of 5 samples\", \"chance\": \"level; "
                 "neither more nor less is better\"}}}",
                 runs[i]);
        put_run(hash, i ? "b" : "a", i, text, NULL);
    }
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_table(&w, GEDI__MARKDOWN,
             "NMI: evaluation.c.nmi, FID: evaluation.c.fid, chance: evaluation.c.chance\n"
             "\n"
             "| objective | NMI       | FID       | chance |\n"
             "|-----------|-----------|-----------|--------|\n"
             "| a         | 1.000     | **3.000** | 0.500  |\n"
             "| b         | **2.000** | 4.000     | 0.600  |\n");
}
END_TEST

/* Marks of failures and of notes stand side by side, and are commands apart. */
START_TEST(marks_of_both_kinds)
{
    gedi__table t;
    gedi__text out = {0};
    gedi__show w = {.rows = "objective", .columns = "", .value = "evaluation.c.nmi"};
    put_made(0, "a", "by argmax");
    put_made(1, "b", "by argmax");
    put_run(
        "000000000002", "c", 2,
        "{\"evaluation\": {\"c\": {\"nmi\": 1}}, \"definitions\": {\"c\": {\"nmi\": "
        "\"information, at once; by hand\"}}, \"health\": {\"balance\": {\"value\": 0, "
        "\"failing_since\": 1, \"failure\": \"cluster collapse\"}}}",
        NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_msg(!gedi__table_make(&s, &w, &t, &err), "%s", err.msg);
    gedi__table_text(&t, GEDI__MARKDOWN, &out);
    ck_assert_ptr_nonnull(strstr(out.s, " **1.000** †ᵃ "));
    gedi__text_clear(&out);
    gedi__table_text(&t, GEDI__LATEX, &out);
    ck_assert_ptr_nonnull(
        strstr(out.s, "c & $\\mathbf{1.000}^{\\dagger\\mathrm{a}}$ \\\\\n"));
    gedi__text_clear(&out);
    gedi__table_clear(&t);
}
END_TEST

/* Runs, not cells, say what is usual; a cell with numbers of both is told apart. */
START_TEST(numbers_made_in_two_ways)
{
    gedi__table t;
    gedi__text out = {0};
    gedi__show w = {.rows = "objective", .columns = "", .value = "evaluation.c.nmi"};
    put_made(0, "a", "by argmax");
    put_made(1, "b", "by k-means");
    put_made(2, "b", "by k-means");
    put_made(3, "b", "by argmax");
    put_made(4, "b", NULL);
    put_made(5, "b", "by k-means");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_msg(!gedi__table_make(&s, &w, &t, &err), "%s", err.msg);
    ck_assert(t.cell[0].notes[0] && t.cell[1].notes[0]);
    gedi__table_text(&t, GEDI__MARKDOWN, &out);
    ck_assert_ptr_nonnull(
        strstr(out.s, "ᵃ not all runs of the cell: by argmax; elsewhere by k-means\n"));
    gedi__text_clear(&out);
    gedi__table_text(&t, GEDI__CSV, &out);
    ck_assert_ptr_nonnull(strstr(
        out.s,
        ",\"information, at once; by k-means | information, at once; by argmax\""));
    gedi__text_clear(&out);
    gedi__table_clear(&t);
}
END_TEST

/* A heat map says the same in its cells. */
START_TEST(cells_of_a_heatmap)
{
    gedi__show w = {.kind = GEDI__HEATMAP,
                    .name = "map",
                    .rows = "objective",
                    .columns = "threads",
                    .value = "evaluation.c.nmi"};
    without_gnuplot();
    put_made(0, "a", "by argmax");
    put_made(1, "a", "by argmax");
    put_run("000000000002", "a", 2, NULL, "gedi: killed\n");
    put_made(3, "b", "by k-means");
    put_run("000000000004", "c", 4, NULL, "gedi: killed\n");
    put_run("000000000005", "d", 5, NULL, NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__show_write(&s, &w, folder, &err), GEDI_IO);
    char *cells = content("figures/map.csv");
    ck_assert_str_eq(cells, "column,row,x,y,value,text\n"
                            "0,0,\"3\",\"a\",0.5,\"0.500 (2 of 3)\"\n"
                            "0,1,\"3\",\"b\",0.5,\"0.500ᵃ\"\n"
                            "0,2,\"3\",\"c\",NaN,\"failed\"\n"
                            "0,3,\"3\",\"d\",NaN,\"missing\"\n");
    free(cells);
    expect_in("figures/map.gp", "'ᵃ by k-means; elsewhere by argmax'");
}
END_TEST

/* And a grid below its panels. */
START_TEST(panels_of_a_grid)
{
    gedi__show w = {.kind = GEDI__GRID,
                    .name = "grid",
                    .rows = "",
                    .columns = "objective",
                    .figure = "clusters",
                    .value = "evaluation.c.nmi"};
    without_gnuplot();
    put_made(0, "a", "by argmax");
    put_made(1, "b", "by k-means");
    put_made(2, "c", "by argmax");
    put_run("000000000003", "d", 3, NULL, "gedi: killed\n");
    ck_assert_int_eq(gedi__folder_make(path_of("runs/000000000000/figures"), &err), 0);
    ck_assert_int_eq(gedi__folder_make(path_of("runs/000000000001/figures"), &err), 0);
    put("runs/000000000000/figures/clusters.png", "a picture");
    put("runs/000000000001/figures/clusters.png", "a picture");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__show_write(&s, &w, folder, &err), GEDI_IO);
    char *cells = content("figures/grid.csv");
    ck_assert_str_eq(cells,
                     "row,column,figure,note\n"
                     "\"\",\"a\",../runs/000000000000/figures/clusters,\"nmi 0.500\"\n"
                     "\"\",\"b\",../runs/000000000001/figures/clusters,\"nmi 0.500ᵃ\"\n"
                     "\"\",\"c\",,\"not drawn\"\n"
                     "\"\",\"d\",,\"failed\"\n");
    free(cells);
    expect_in("figures/grid.gp",
              "set label 'ᵃ by k-means; elsewhere by argmax' at screen");
}
END_TEST

/* What the same words define carries no mark, and neither does a number of runs. */
START_TEST(numbers_made_alike)
{
    gedi__table t;
    gedi__show w = {.rows = "objective", .columns = "", .value = "evaluation.c.nmi"};
    put_made(0, "a", "by argmax");
    put_made(1, "b", "by argmax");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__table_make(&s, &w, &t, &err), GEDI_OK);
    ck_assert_int_eq(t.notes, 0);
    ck_assert(!t.cell[0].notes[0] && !t.cell[1].notes[0]);
    gedi__table_clear(&t);
    put_made(2, "c", "by k-means");
    gedi__study_clear(&s);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    w.stat = GEDI__COUNT;
    ck_assert_int_eq(gedi__table_make(&s, &w, &t, &err), GEDI_OK);
    ck_assert_int_eq(t.notes, 0);
    gedi__table_clear(&t);
}
END_TEST

START_TEST(more_definitions_than_marks)
{
    gedi__table t;
    gedi__show w = {.rows = "seed", .columns = "", .value = "evaluation.c.nmi"};
    put_made(0, "a", "usual");
    put_made(1, "a", "usual");
    for (int i = 2; i < 14; i++) {
        char by[16];
        snprintf(by, sizeof by, "way %d", i);
        put_made(i, "a", by);
    }
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__table_make(&s, &w, &t, &err), GEDI_OK);
    ck_assert_int_eq(t.notes, GEDI__MAX_NOTES);
    ck_assert_str_eq(t.note[0].here, "way 2");
    ck_assert_str_eq(t.note[0].elsewhere, "usual");
    ck_assert_str_eq(t.note[GEDI__MAX_NOTES - 1].here,
                     "another definition, which the table in CSV has");
    for (int i = 0; i < 14; i++)
        for (int k = 0; k < GEDI__MAX_NOTES; k++)
            ck_assert(
                t.cell[i].notes[k] ==
                (i > 1 && k == (i - 2 < GEDI__MAX_NOTES ? i - 2 : GEDI__MAX_NOTES - 1)));
    gedi__table_clear(&t);
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
    gedi__quantity two[] = {{"a", "loss"}, {"b", "loos"}};
    w.quantities = 2;
    w.quantity = two;
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "loos: no run has such a number; there are: seed loss ");
    w.quantities = 0;
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
    expect_in("table.csv", "A&B,moons," NMI ",0.75");
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

START_TEST(numbers_not_made_alike)
{
    gedi__comparison c;
    put_made(0, "a", "by argmax");
    put_made(1, "b", "by k-means");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs/000000000000"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__study_add(&b, path_of("runs/000000000001"), &err), GEDI_OK);
    ck_assert_msg(!gedi__compare(&s, &b, &c, &err), "%s", err.msg);
    ck_assert_int_eq(c.contrasts, 3);
    ck_assert_str_eq(c.contrast[1].path, "evaluation.c.nmi");
    ck_assert_str_eq(c.contrast[1].a_made, "by argmax");
    ck_assert_str_eq(c.contrast[1].b_made, "by k-means");
    ck_assert_ptr_null(c.contrast[0].a_made); /* the loss */
    gedi__comparison_clear(&c);
    ck_assert_msg(!gedi__compare(&s, &s, &c, &err), "%s", err.msg);
    ck_assert_ptr_null(c.contrast[1].a_made);
    gedi__comparison_clear(&c);
    gedi__study_clear(&b);
}
END_TEST

START_TEST(clauses)
{
    static const struct {
        const char *a, *b, *want;
    } cases[] = {
        {"share; at once; by x", "share; at once; by y", "by x"},
        {"share; at once", "share; at once; by y", "share; at once"},
        {"share; by x; twice", "at once; share", "by x; twice"},
        {"shares", "share", "shares"},
        {"share", "shares", "share"},
        {"a; a b", "a b", "a"},
        {"", "x", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gedi__arena arena = {0};
        const char *got = gedi__clauses_apart(&arena, cases[i].a, cases[i].b);
        ck_assert_str_eq(got, cases[i].want);
        gedi__arena_clear(&arena);
    }
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
    tcase_add_test(c, several_values);
    tcase_add_test(c, several_values_for_programs);
    tcase_add_test(c, decimals_of_columns);
    tcase_add_test(c, several_values_in_points_json);
    tcase_add_test(c, numbers_made_otherwise);
    tcase_add_test(c, what_is_better);
    tcase_add_test(c, marks_of_both_kinds);
    tcase_add_test(c, numbers_made_in_two_ways);
    tcase_add_test(c, numbers_made_alike);
    tcase_add_test(c, more_definitions_than_marks);
    tcase_add_test(c, cells_of_a_heatmap);
    tcase_add_test(c, panels_of_a_grid);
    tcase_add_test(c, tables_that_cannot_be);
    tcase_add_test(c, decimals);
    tcase_add_test(c, files_of_a_table);
    tcase_add_test(c, places_that_are_no_study);
    tcase_add_test(c, groups);
    tcase_add_test(c, groups_with_gaps);
    tcase_add_test(c, numbers_not_made_alike);
    tcase_add_test(c, clauses);
    tcase_add_test(c, two_runs_of_other_seeds);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
