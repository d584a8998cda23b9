/* test_table.c - tables of runs whose numbers are written by hand. */
#include "study.h"

#include "core/store/summary.h"

#include <math.h>
#include <sys/stat.h>

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
        "| method  | moons           | rings                    |\n"
        "|---------|-----------------|--------------------------|\n"
        "| A&B     | 0.750 ± 0.250 † | 0.250 (1 of 3, 1 failed) |\n"
        "| no\\|gen | 0.500 ± 0.000   | failed (3 of 3)          |\n"
        "\n"
        "† cluster collapse, at the end of 1 of 3 runs\n"
        "\n"
        "nothing is bold: a permutation test (of two groups, 5 %, Holm's correction over the "
        "rows) tells none from the best\n");
}
END_TEST

#define NMI "evaluation.clustering.nmi"

START_TEST(csv)
{
    open_sweep();
    ck_table(s.show, GEDI__CSV,
             "method,set," CSV_HEAD "A&B,moons," NMI
             ",0.75,0.25,0.75,0.5,1,3,3,0,0,,cluster collapse 1,\n"
             "A&B,rings," NMI ",0.25,,0.25,0.25,0.25,1,3,1,0,,,\n"
             "no|gen,moons," NMI ",0.5,0,0.5,0.5,0.5,3,3,0,0,0.4,,\n"
             "no|gen,rings," NMI ",,,,,,0,3,3,0,,,\n");
}
END_TEST

START_TEST(latex)
{
    open_sweep();
    ck_table(
        s.show, GEDI__LATEX,
        "% evaluation.clustering.nmi: mean ± sample standard deviation over seed, 3 "
        "runs a cell; columns: set\n"
        "% \\dagger cluster collapse, at the end of 1 of 3 runs\n"
        "% nothing is bold: a permutation test (of two groups, 5 %, Holm's correction over the "
        "rows) tells none from the best\n"
        "% needs \\usepackage{booktabs}\n"
        "\\begin{tabular}{@{}c@{}}\n"
        "\\begin{tabular}{lcc}\n"
        "\\toprule\n"
        "method & moons & rings \\\\\n"
        "\\midrule\n"
        "A\\&B & $0.750 \\pm 0.250^{\\dagger}$ & $0.250$ (1 of 3, 1 "
        "failed) \\\\\n"
        "no\\textbar{}gen & $0.500 \\pm 0.000$ & failed (3 of 3) \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular} \\\\[6pt]\n"
        "\\parbox[t]{\\linewidth}{\\footnotesize\\raggedright\n"
        "$^{\\dagger}$ cluster collapse, at the end of 1 of 3 runs\\par\n"
        "}\n"
        "\\end{tabular}\n");
}
END_TEST

/* What formats take for commands of their own; a path stays as it is. */
START_TEST(labels_with_signs)
{
    gedi__quantity odd[] = {{"a_b _c_ <d> *e* `f` $g\\", "loss"}, {"\"h\"", "loss"}};
    gedi__show w = {.rows = "objective.a_b.inv",
                    .columns = "",
                    .value = "",
                    .quantities = 2,
                    .quantity = odd};
    put_value("000000000000", "a_b", 0, 0.5, 1, "null");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    gedi__table t;
    gedi__text out = {0};
    ck_assert_msg(!gedi__table_make(&s, &w, &t, &err), "%s", err.msg);
    gedi__table_text(&t, GEDI__MARKDOWN, &out);
    ck_assert_ptr_nonnull(strstr(out.s, "| objective.a_b.inv | a_b \\_c\\_ \\<d> "
                                        "\\*e\\* \\`f\\` \\$g\\\\ | \"h\""));
    gedi__text_clear(&out);
    gedi__table_text(&t, GEDI__LATEX, &out);
    ck_assert_ptr_nonnull(
        strstr(out.s, "objective.a\\_b.inv & a\\_b \\_c\\_ \\textless{}d\\textgreater{} "
                      "*e* `f` \\$g\\textbackslash{} & ''h'' \\\\\n"));
    gedi__text_clear(&out);
    gedi__table_clear(&t);
}
END_TEST

START_TEST(other_tables)
{
    gedi__where moons = {.name = "set", .label = "moons"};
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
             "| seed | A&B     | no\\|gen |\n"
             "|------|---------|---------|\n"
             "| 0    | 1.000   | 1.000   |\n"
             "| 1    | 2.000   | 1.000   |\n"
             "| 2    | 3.000 † | 1.000   |\n"
             "\n"
             "† cluster collapse, at the end of the run\n");
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
             "† cluster collapse, at the end of 1 of 6 runs\n");
    w = (gedi__show){.rows = "method",
                     .columns = "set",
                     .value = "loss",
                     .stat = GEDI__MEDIAN,
                     .best = GEDI__BEST_AUTO};
    ck_table(&w, GEDI__CSV,
             "method,set," CSV_HEAD
             "A&B,moons,loss,75,25,75,50,100,3,3,0,0,,cluster collapse 1,\n"
             "A&B,rings,loss,25,,25,25,25,1,3,1,0,,,\n"
             "no|gen,moons,loss,50,0,50,50,50,3,3,0,0,,,\n"
             "no|gen,rings,loss,,,,,,0,3,3,0,,,\n");
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
        "NMI: evaluation.clustering.nmi, a\\|b & c: terms.inv, balance: "
        "health.balance.value; mean ± sample standard deviation over set, seed, 6 runs a "
        "cell\n"
        "\n"
        "| method  | NMI                              | a\\|b & c                    "
        "     | balance                          |\n"
        "|---------|----------------------------------|----------------------------"
        "------|----------------------------------|\n"
        "| A&B †   | 0.625 ± 0.323 (4 of 6, 1 failed) | 1.750 ± 0.957 (4 of 6, "
        "1 failed) | 0.100 ± 0.000 (4 of 6, 1 failed) |\n"
        "| no\\|gen | 0.500 ± 0.000 (3 of 6, 3 failed) | 1.000 ± 0.000 (3 of 6, "
        "3 failed) | 0.100 ± 0.000 (3 of 6, 3 failed) |\n"
        "\n"
        "† cluster collapse, at the end of 1 of 6 runs\n"
        "\n"
        "nothing is bold: a permutation test (of two groups, 5 %, Holm's correction over the "
        "rows) tells none from the best\n");
}
END_TEST

START_TEST(several_values_for_programs)
{
    gedi__where moons = {.name = "set", .label = "moons"};
    gedi__show w = several();
    w.wheres = 1;
    w.where = &moons;
    open_sweep();
    ck_table(&w, GEDI__CSV,
             "method,value," CSV_HEAD "A&B,NMI," NMI
             ",0.75,0.25,0.75,0.5,1,3,3,0,0,,cluster collapse 1,\n"
             "A&B,a|b & c,terms.inv,2,1,2,1,3,3,3,0,0,,cluster collapse 1,\n"
             "A&B,balance,health.balance.value,0.1,0,0.1,0.1,0.1,3,3,0,0,,cluster "
             "collapse 1,\n"
             "no|gen,NMI," NMI ",0.5,0,0.5,0.5,0.5,3,3,0,0,0.4,,\n"
             "no|gen,a|b & c,terms.inv,1,0,1,1,1,3,3,0,0,,,\n"
             "no|gen,balance,health.balance.value,0.1,0,0.1,0.1,0.1,3,3,0,0,,,\n");
    w.quantities = 2;
    w.best = GEDI__BEST_MIN;
    ck_table(
        &w, GEDI__LATEX,
        "% NMI: evaluation.clustering.nmi, a|b & c: terms.inv; mean ± sample "
        "standard deviation over seed, 3 runs a cell; only set moons\n"
        "% \\dagger cluster collapse, at the end of 1 of 3 runs\n"
        "% nothing is bold: a permutation test (of two groups, 5 %, Holm's correction over the "
        "rows) tells none from the best\n"
        "% needs \\usepackage{booktabs}\n"
        "\\begin{tabular}{@{}c@{}}\n"
        "\\begin{tabular}{lcc}\n"
        "\\toprule\n"
        "method & NMI & a\\textbar{}b \\& c \\\\\n"
        "\\midrule\n"
        "A\\&B$^{\\dagger}$ & $0.750 \\pm 0.250$ & $2.000 \\pm 1.000$ \\\\\n"
        "no\\textbar{}gen & $0.500 \\pm 0.000$ & $1.000 \\pm 0.000$ \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular} \\\\[6pt]\n"
        "\\parbox[t]{\\linewidth}{\\footnotesize\\raggedright\n"
        "$^{\\dagger}$ cluster collapse, at the end of 1 of 3 runs\\par\n"
        "}\n"
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
             "| seed | loss | inv     |\n"
             "|------|------|---------|\n"
             "| 0    | 5000 | 0.00123 |\n"
             "| 1    | 4000 | 0.00456 |\n");
}
END_TEST

/* points.json has the form of what the descriptor said. */
START_TEST(several_values_in_points_json)
{
    put_sweep();
    put_points("{\"axes\": {\"method\": [\"a\"]}, \"shows\": [{\"kind\": \"table\", "
               "\"name\": \"t\", \"rows\": \"method\", \"columns\": \"\", "
               "\"value\": {\"z\": \"loss\", \"a\": \"terms.inv\"}, "
               "\"figure\": \"\", \"stat\": \"n\", \"best\": \"min\", \"where\": {}}], "
               "\"points\": []}");
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    ck_assert_str_eq(s.show->value, "");
    ck_assert_int_eq(s.show->quantities, 2);
    ck_assert_str_eq(s.show->quantity[0].title, "z");
    ck_assert_str_eq(s.show->quantity[1].path, "terms.inv");
    ck_assert_int_eq(s.show->kind, GEDI__TABLE);
    ck_assert_int_eq(s.show->stat, GEDI__COUNT);
    ck_assert_int_eq(s.show->best, GEDI__BEST_MIN);
}
END_TEST

START_TEST(tables_that_cannot_be)
{
    gedi__table t;
    gedi__where none = {.name = "set", .label = "zebra"};
    gedi__show w = {
        .rows = "method", .columns = "", .value = "evaluation.clustering.good"};
    open_sweep();
    expect_failure(
        gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
        "evaluation.clustering.good: no run has such a number; there are: seed "
        "loss evaluation.clustering.nmi terms.inv.value");
    gedi__quantity two[] = {{"a", "loss"}, {"b", "loos"}};
    w.quantities = 2;
    w.quantity = two;
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "loos: no run has such a number; there are: seed loss ");
    w.quantities = 0;
    w.value = "loss";
    w.rows = "methods";
    expect_failure(
        gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
        "methods: no run has such an axis or path: did you mean 'method'? (the "
        "axes are method, set, seed)");
    w.where = &none;
    w.wheres = 1;
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "no run has set=zebra; there are: moons, rings");
    gedi__where two_sets[] = {{.name = "set", .label = "moons"},
                              {.name = "set", .label = "rings"},
                              {.name = "zebra", .label = "1"}};
    w.where = two_sets;
    w.wheres = 2;
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "no run has set=moons and set=rings");
    w.wheres = 3;
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "zebra: no run has such an axis or path; the axes are method, set, "
                   "seed");
}
END_TEST

/* What is the same in the whole table is said, unless a condition says it. */
START_TEST(what_all_runs_share)
{
    gedi__where seed = {.name = "seed", .label = "2"};
    gedi__show w = {.rows = "objective", .columns = "", .value = "loss"};
    put_value("000000000000", "a", 2, 0.5, 1, "null");
    put_value("000000000001", "b", 2, 0.25, 1, "null");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_table(&w, GEDI__MARKDOWN,
             "loss: seed 2\n"
             "\n"
             "| objective | loss  |\n"
             "|-----------|-------|\n"
             "| a         | 50.00 |\n"
             "| b         | 25.00 |\n");
    w.wheres = 1;
    w.where = &seed;
    ck_table(&w, GEDI__MARKDOWN,
             "loss: only seed 2\n"
             "\n"
             "| objective | loss  |\n"
             "|-----------|-------|\n"
             "| a         | 50.00 |\n"
             "| b         | 25.00 |\n");
}
END_TEST

/* A list that has not room for all ends with a whole word. */
START_TEST(long_lists)
{
    gedi__text text = {0};
    gedi__table t;
    gedi__show w = {.rows = "objective", .columns = "", .value = "zebra"};
    gedi__text_add(&text, "{\"a\": {");
    for (int i = 0; i < 60; i++)
        gedi__text_add(&text, "%s\"number%d\": 1", i ? ", " : "", i);
    gedi__text_add(&text, "}}");
    put_run("000000000000", "a", 0, text.s, NULL);
    gedi__text_clear(&text);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    expect_failure(gedi__table_make(&s, &w, &t, &err), GEDI_USAGE,
                   "zebra: no run has such a number; there are: a.number0 a.number1 ");
    size_t n = strlen(err.msg);
    ck_assert_uint_gt(n, sizeof err.msg - 16);
    ck_assert_str_eq(err.msg + n - 4, " ...");
    for (int i = 0; i < 60; i++) { /* the last word is one of them */
        gedi__text_add(&text, " a.number%d ...", i);
        if (n > text.len && !strcmp(err.msg + n - text.len, text.s))
            n = 0;
        gedi__text_clear(&text);
    }
    ck_assert_uint_eq(n, 0);
}
END_TEST

/* Run i of experiment `of`: two runs of one seed and method are one experiment. */
static void put_again(int i, int of, double nmi)
{
    char hash[16];
    snprintf(hash, sizeof hash, "0000000000%02d", i);
    put_value(hash, "a", of, nmi, 1, "null");
}

/* The same runs named twice, and other runs of the same experiments, count once. */
START_TEST(experiments_that_are_there_twice)
{
    static const char want[] =
        "loss: mean ± sample standard deviation over seed, 4 runs a cell\n"
        "\n"
        "| objective | loss                             |\n"
        "|-----------|----------------------------------|\n"
        "| a         | 50.00 ± 25.00 (3 of 4, 1 failed) |\n";
    gedi__show w = {.rows = "objective", .columns = "", .value = "loss"};
    gedi__table t;
    put_again(0, 0, 0.25);
    put_again(1, 1, 0.5);
    put_run("000000000002", "a", 2, NULL, "gedi: killed\n");
    put_again(3, 0, 0.25);
    put_again(4, 2, 0.75);
    for (int i = 0; i < 2; i++)
        ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(s.results, 10);
    ck_table(&w, GEDI__MARKDOWN, want);
    ck_assert_int_eq(gedi__table_make(&s, &w, &t, &err), GEDI_OK);
    ck_assert_int_eq(t.twins, 6);
    gedi__table_clear(&t);
    gedi__study_clear(&s);
    open_sweep();
    ck_assert_int_eq(gedi__study_add(&s, folder, &err), GEDI_OK);
    ck_assert_int_eq(gedi__table_make(&s, s.show, &t, &err), GEDI_OK);
    ck_assert_int_eq(t.twins, 12);
    ck_assert_int_eq(t.cell[0].runs, 3);
    ck_assert(t.cell[0].of.deviation == 0.25);
    gedi__table_clear(&t);
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

/* Terms of several objectives have dots in their names. */
START_TEST(a_key_may_have_dots)
{
    double value = 0;
    put_run(
        "000000000000", "a", 0,
        "{\"terms\": {\"swav.swap\": {\"value\": 0.5}, \"swav.other\": {\"value\": 3}}}",
        NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert(gedi__summary_value(s.result[0].summary, "terms.swav.swap", &value) &&
              value == 0.5);
    ck_assert(gedi__summary_value(s.result[0].summary, "terms.swav.swap.value", &value) &&
              value == 0.5);
    ck_assert(!gedi__summary_value(s.result[0].summary, "terms.swav", &value));
    ck_assert(!gedi__summary_value(s.result[0].summary, "terms.swav.zebra", &value));
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

/* lr for optimizer.adam.lr, as tables label it. */
START_TEST(an_axis_by_the_end_of_its_name)
{
    const char *name;
    put_points("{\"sweep\": \"x\", \"axes\": {\"optimizer.adam.lr\": [\"1\", \"2\"], "
               "\"objective.gedi.inv\": [\"3\"], \"model.mlp.gain\": [\"4\"], "
               "\"projector.mlp.gain\": [\"5\"]}, \"shows\": [], \"points\": []}");
    ck_assert_msg(!gedi__study_add(&s, folder, &err), "%s", err.msg);
    static const char *const means[][2] = {{"lr", "optimizer.adam.lr"},
                                           {"adam.lr", "optimizer.adam.lr"},
                                           {"optimizer.adam.lr", "optimizer.adam.lr"},
                                           {"inv", "objective.gedi.inv"},
                                           {"projector.mlp.gain", "projector.mlp.gain"},
                                           {"nv", "nv"}};
    for (size_t i = 0; i < sizeof means / sizeof *means; i++) {
        ck_assert_int_eq(gedi__study_axis(&s, means[i][0], &name, &err), GEDI_OK);
        ck_assert_str_eq(name, means[i][1]);
    }
    ck_assert_int_eq(gedi__study_axis(&s, "gain", &name, &err), GEDI_USAGE);
    ck_assert_str_eq(err.msg, "gain: several axes end so, name one of them: "
                              "model.mlp.gain, projector.mlp.gain");
}
END_TEST

START_TEST(places_that_are_no_study)
{
    expect_failure(
        gedi__study_add(&s, folder, &err), GEDI_STATE,
        "is neither a sweep nor a run, and holds no runs: gedi.json, which says "
        "what a folder is, is missing");
    put_points("{\"points\": [{}]}");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA,
                   "points.json: point 0 has no hash: run the sweep again");
    put("points.json", "[1, 2]");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA, "not a JSON object");
    put("points.json", "{\"a\": ");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA,
                   "points.json:1: not a JSON");
    put_points("{\"points\": [{\"hash\": \"../../../../\"}]}");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA, "has no hash");
    put_points("{\"shows\": [{\"kind\": \"tabel\"}], \"points\": []}");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_DATA,
                   "points.json: kind 'tabel' is none of those that gedi knows");
    put("points.json", "{\"schema\": 7, \"gedi\": \"9.1\", \"points\": []}");
    expect_failure(gedi__study_add(&s, folder, &err), GEDI_STATE,
                   "points.json: of schema 7 (written by gedi 9.1), but gedi ");
    put_run("000000000000", "a", 0, "{\"loss\": ", NULL);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(s.result[0].state, GEDI__FAILED);
    ck_assert_ptr_nonnull(
        strstr(s.result[0].reason, "summary.json:1: not a JSON object"));
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
    tcase_add_test(c, labels_with_signs);
    tcase_add_test(c, other_tables);
    tcase_add_test(c, several_values);
    tcase_add_test(c, several_values_for_programs);
    tcase_add_test(c, decimals_of_columns);
    tcase_add_test(c, several_values_in_points_json);
    tcase_add_test(c, tables_that_cannot_be);
    tcase_add_test(c, what_all_runs_share);
    tcase_add_test(c, long_lists);
    tcase_add_test(c, experiments_that_are_there_twice);
    tcase_add_test(c, decimals);
    tcase_add_test(c, a_key_may_have_dots);
    tcase_add_test(c, files_of_a_table);
    tcase_add_test(c, an_axis_by_the_end_of_its_name);
    tcase_add_test(c, places_that_are_no_study);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
