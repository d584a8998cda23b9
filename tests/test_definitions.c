/* test_definitions.c - how numbers were made, as tables, heat maps and grids say it. */
#include "study.h"

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
    ck_table(
        &w, GEDI__MARKDOWN,
        "NMI: evaluation.c.nmi, accuracy: evaluation.c.accuracy, loss: loss\n"
        "\n"
        "| objective | NMI     | accuracy | loss  |\n"
        "|-----------|---------|----------|-------|\n"
        "| km        | 0.500 ᵃ | 0.750 ᵃ  | 1.000 |\n"
        "| first     | 0.500   | 0.750    | 1.000 |\n"
        "| second    | 0.500   | 0.750    | 1.000 |\n"
        "\n"
        "objective: its values differ also in seed: 0 at km, 1 at first, 2 at second\n"
        "\n"
        "ᵃ by k-means, best of 10; elsewhere by argmax\n");
    w.quantities = 1;
    ck_table(
        &w, GEDI__LATEX,
        "% NMI: evaluation.c.nmi\n"
        "% objective: its values differ also in seed: 0 at km, 1 at first, 2 at second\n"
        "% \\mathrm{a} by k-means, best of 10; elsewhere by argmax\n"
        "% needs \\usepackage{booktabs}\n"
        "\\begin{tabular}{@{}c@{}}\n"
        "\\begin{tabular}{lc}\n"
        "\\toprule\n"
        "objective & NMI \\\\\n"
        "\\midrule\n"
        "km & $0.500^{\\mathrm{a}}$ \\\\\n"
        "first & $0.500$ \\\\\n"
        "second & $0.500$ \\\\\n"
        "\\bottomrule\n"
        "\\end{tabular} \\\\[6pt]\n"
        "\\parbox[t]{\\linewidth}{\\footnotesize\\raggedright\n"
        "$^{\\mathrm{a}}$ by k-means, best of 10; elsewhere by argmax\\par\n"
        "}\n"
        "\\end{tabular}\n");
    ck_table(&w, GEDI__CSV,
             "objective,value," CSV_HEAD
             "km,NMI,evaluation.c.nmi,0.5,,0.5,0.5,0.5,1,1,0,0,,,"
             "\"information, at once; by k-means, best of 10\"\n"
             "first,NMI,evaluation.c.nmi,0.5,,0.5,0.5,0.5,1,1,0,0,,,"
             "\"information, at once; by argmax\"\n"
             "second,NMI,evaluation.c.nmi,0.5,,0.5,0.5,0.5,1,1,0,0,,,"
             "\"information, at once; by argmax\"\n");
}
END_TEST

/* What is best follows from the direction of the metric alone. */
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
    for (int i = 0; i < 8; i++) {
        char text[1024], hash[32];
        snprintf(hash, sizeof hash, "0000000000%02d", i);
        snprintf(
            text, sizeof text,
            "%s, \"definitions\": {\"c\": {\"nmi\": \"information\", \"fid\": \"more\"}}, "
            "\"directions\": {\"c\": {\"nmi\": \"more\", \"fid\": \"less\", \"chance\": "
            "\"neither\"}}}",
            runs[i % 2]);
        put_run(hash, i % 2 ? "b" : "a", i, text, NULL);
    }
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_table(
        &w, GEDI__MARKDOWN,
        "NMI: evaluation.c.nmi, FID: evaluation.c.fid, chance: evaluation.c.chance; "
        "mean ± sample standard deviation over seed, 4 runs a cell\n"
        "\n"
        "| objective | NMI               | FID               | chance        |\n"
        "|-----------|-------------------|-------------------|---------------|\n"
        "| a         | 1.000 ± 0.000     | **3.000 ± 0.000** | 0.500 ± 0.000 |\n"
        "| b         | **2.000 ± 0.000** | 4.000 ± 0.000     | 0.600 ± 0.000 |\n"
        "\n"
        "objective: its values differ also in seed: 0, 2, 4 and 6 at a, 1, 3, 5 and 7 at b\n"
        "\n"
        "bold: the best, with what a permutation test (of two groups, 5 %, Holm's "
        "correction over the rows) cannot tell from it\n");
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
    ck_assert_ptr_nonnull(strstr(out.s, " 1.000 †ᵃ "));
    gedi__text_clear(&out);
    gedi__table_text(&t, GEDI__LATEX, &out);
    ck_assert_ptr_nonnull(strstr(out.s, "c & $1.000^{\\dagger\\mathrm{a}}$ \\\\\n"));
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

/* And a grid below its panels, with the seeds, as they are not the same. */
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
    ck_assert_str_eq(cells, "row,column,figure,note\n"
                            ",a,../runs/000000000000/figures/clusters,\"NMI 0.500, "
                            "seed 0\"\n"
                            ",b,../runs/000000000001/figures/clusters,\"NMI 0.500ᵃ, "
                            "seed 1\"\n"
                            ",c,,\"not drawn, seed 2\"\n"
                            ",d,,\"failed, seed 3\"\n");
    free(cells);
    expect_in("figures/grid.gp",
              "set label 'ᵃ by k-means; elsewhere by argmax' at screen");
}
END_TEST

/* Marks of failures are there, too, where each panel is the only run of its cell. */
START_TEST(failures_of_a_grid)
{
    gedi__show w = {.kind = GEDI__GRID,
                    .name = "grid",
                    .rows = "",
                    .columns = "objective",
                    .figure = "clusters",
                    .value = "evaluation.clustering.nmi"};
    without_gnuplot();
    put_value("000000000000", "a", 0, 0.5, 1, "null");
    put_value("000000000001", "b", 1, 0.25, 1, "12");
    ck_assert_int_eq(gedi__folder_make(path_of("runs/000000000001/figures"), &err), 0);
    put("runs/000000000001/figures/clusters.png", "a picture");
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__show_write(&s, &w, folder, &err), GEDI_IO);
    expect_in("figures/grid.csv", "\"NMI 0.250†, seed 1\"");
    expect_in("figures/grid.gp", "set label '† cluster collapse, at the end of the run'");
    put_value("000000000002", "b", 2, 0.25, 1, "12"); /* which is not seen */
    gedi__study_clear(&s);
    ck_assert_int_eq(gedi__study_add(&s, path_of("runs"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__show_write(&s, &w, folder, &err), GEDI_IO);
    expect_in("figures/grid.csv", "\"NMI 0.250, seed 1\"");
    expect_not_in("figures/grid.gp", "cluster collapse");
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

int main(void)
{
    Suite *suite = suite_create("definitions");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, begin, end);
    tcase_add_test(c, numbers_made_otherwise);
    tcase_add_test(c, what_is_better);
    tcase_add_test(c, marks_of_both_kinds);
    tcase_add_test(c, numbers_made_in_two_ways);
    tcase_add_test(c, numbers_made_alike);
    tcase_add_test(c, more_definitions_than_marks);
    tcase_add_test(c, cells_of_a_heatmap);
    tcase_add_test(c, panels_of_a_grid);
    tcase_add_test(c, failures_of_a_grid);
    suite_add_tcase(suite, c);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
