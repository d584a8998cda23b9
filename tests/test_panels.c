/* test_panels.c - heat maps, and figures side by side. */
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "tests/panels.h"

#include <math.h>

/* ---- heat maps ---- */

static const char *const letters[] = {"a", "b \"quoted\"", "c"};
static const char *const numbers[] = {"0", "10"};
static const double six[] = {0, 0.5, 1, NAN, 0.25, INFINITY};
static const char *const words[] = {"0.00", "0.50", "1.00", "failed", "0.25", ""};

static gedi__figure_heatmap small_map(void)
{
    return (gedi__figure_heatmap){
        .title = "it's a title",
        .subtitle = "mean over seed",
        .x_name = "letter",
        .y_name = "number",
        .nx = 3,
        .ny = 2,
        .x_label = letters,
        .y_label = numbers,
        .value = six,
        .text = words,
    };
}

START_TEST(heatmap_data)
{
    gedi__figure_heatmap f = small_map();
    without_gnuplot();
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    char *csv = content("map.csv");
    ck_assert_str_eq(csv, "column,row,x,y,value,text\n"
                          "0,0,\"a\",\"0\",0,\"0.00\"\n"
                          "1,0,\"b 'quoted'\",\"0\",0.5,\"0.50\"\n"
                          "2,0,\"c\",\"0\",1,\"1.00\"\n"
                          "0,1,\"a\",\"10\",NaN,\"failed\"\n"
                          "1,1,\"b 'quoted'\",\"10\",0.25,\"0.25\"\n"
                          "2,1,\"c\",\"10\",NaN,\"\"\n");
    free(csv);
    expect_in("map.gp", "set cbrange [0:1]");
    expect_in("map.gp", "set xtics scale 0 ('a' 0, 'b \"quoted\"' 1, 'c' 2)");
    expect_in("map.gp", "'it''s a title'");
    f.low = -1;
    f.high = 2;
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    expect_in("map.gp", "set cbrange [-1:2]");
    expect_in("map.gp", "set cbtics ('-1' -1, '0' 0, '1' 1, '2' 2)\n");
    f.ny = 1; /* flat: numbers beside the colours do not touch */
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    expect_in("map.gp", "set cbtics ('0' 0, '2' 2)\n");
}
END_TEST

/* Numbers that the colours cannot show, and colours of one number. */
START_TEST(heatmap_colours)
{
    static const double same[] = {NAN, 3, 3, NAN, 3, 3};
    gedi__figure_heatmap f = small_map();
    without_gnuplot();
    f.low = 0.25;
    f.high = 1;
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    expect_in("map.gp", "set cbtics ('≤ 0.25' 0.25, '0.6' 0.6, '0.8' 0.8, '1' 1)\n");
    expect_not_in("map.gp", "≥");
    f.high = 0.5;
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    expect_in("map.gp", ", '≥ 0.5' 0.5)\n");
    f.value = same;
    f.low = f.high = 0;
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    expect_in("map.gp", "set cbtics ('3' 3)\n");
}
END_TEST

static int width_of(const char *file)
{
    int width = 0;
    const char *line;
    for (int i = 0; !width && (line = line_of(file, i)); i++)
        (void)sscanf(line, "set terminal pngcairo noenhanced size %d", &width);
    ck_assert_int_gt(width, 0);
    return width;
}

/* Notes stand below, and the picture is as wide as the longest word needs. */
START_TEST(heatmap_with_notes)
{
    static const char *const note[] = {"one note", "another's note"};
    static const char *const long_words[] = {"0.00",   "0.50", "1.00 (only 3 of 5)",
                                             "failed", "0.25", ""};
    gedi__figure_heatmap f = small_map();
    without_gnuplot();
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    int plain = width_of("map.gp");
    f.text = long_words;
    f.notes = 2;
    f.note = note;
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    expect_in("map.gp", "set label 'one note' at screen");
    expect_in("map.gp", "set label 'another''s note' at screen");
    ck_assert_int_gt(width_of("map.gp"), plain + 200);
}
END_TEST

/* Two clusters of two classes are narrow; their title is not. */
START_TEST(heatmap_of_a_long_title)
{
    const gedi__style none = {.title = ""};
    gedi__figure_heatmap f = small_map();
    f.title = "gedi_no_prior on the two moons, seed 100";
    without_gnuplot();
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    ck_assert_int_ge(width_of("map.gp"), 40 + 26 * (int)strlen(f.title));
    int plain = width_of("map.gp");
    f.style = &none; /* nobody reads it there */
    expect_undrawn(gedi__draw_heatmap(folder, "map", &f, &err), "map");
    ck_assert_int_lt(width_of("map.gp"), plain);
}
END_TEST

/* A % in the list of tics is no format, and nothing else in a name is anything but letters. */
START_TEST(heatmap_of_names_with_signs)
{
    static const char odd[] = "100 % of `x`_{a}^b @c & <d> \\n \"e\" 'f' # $g",
                      longer[] =
                          "50 % of a name that is longer than gnuplot's forty-nine "
                          "letters of tics";
    static const char *const x[] = {"100 %", longer, odd};
    static const char *const y[] = {odd, "10% labels"};
    gedi__figure_heatmap f = small_map();
    f.x_label = x;
    f.y_label = y;
    f.x_name = f.y_name = f.title = odd;
    f.style = &(gedi__style){.format = GEDI__SVG};
    gedi_status s = gedi__draw_heatmap(folder, "map", &f, &err);
    expect_in("map-svg.gp", "'10%% labels' 1)");
    expect_in("map-svg.gp",
              "'100 %%' 0, '50 %% of a name that is longer than gnuplot''s f...' 1");
    if (!have_gnuplot())
        return;
    ck_assert_msg(!s, "%s", err.msg);
    expect_in("map.svg", ">10% labels<");
    expect_in("map.svg", ">100 %<");
    expect_in("map.svg", ">50 % of a name that is longer than gnuplot's f...<");
    expect_in("map.svg", "100 % of `x`_{a}^b @c &amp; &lt;d> \\n \"e\" 'f' # $g");
}
END_TEST

START_TEST(heatmap_of_nothing)
{
    gedi__figure_heatmap f = small_map();
    f.nx = 0;
    expect_failure(gedi__draw_heatmap(folder, "map", &f, &err), GEDI_USAGE,
                   "figure 'map': 0 x 2 cells; it needs 1 x 1");
    ck_assert(!exists("map.gp"));
}
END_TEST

START_TEST(heatmaps_are_drawn)
{
    gedi__figure_heatmap f = small_map();
    static const double same[] = {NAN, 3, 3, NAN, 3, 3},
                        none[] = {NAN, NAN, NAN, NAN, NAN, NAN};
    const double *values[] = {six, same, none};
    for (int i = 0; i < 3; i++) {
        f.value = values[i];
        ck_assert_msg(!gedi__draw_heatmap(folder, "map", &f, &err), "%s", err.msg);
        expect_png("map.png");
    }
    f.nx = f.ny = 1;
    ck_assert_msg(!gedi__draw_heatmap(folder, "map", &f, &err), "%s", err.msg);
}
END_TEST

/* ---- grids ---- */

static const char *const rows[] = {"one", "it's two"};

/* In a column of a page nothing has less than 6 points, however long and many its words are. */
static void expect_readable(const gedi__figure_grid *f)
{
    static const double inches[] = {3.3, 6.75};
    for (int i = 0; i < 2; i++) {
        const gedi__style narrow = {.format = GEDI__PNG, .width = inches[i]};
        gedi__figure_grid own = *f;
        own.style = &narrow;
        (void)gedi__draw_grid(path_of("figures"), "narrow", &own, &err);
        double least = smallest_letters("figures/narrow.gp");
        ck_assert_msg(least >= 6, "letters of %g points at %gin", least, inches[i]);
    }
}

START_TEST(grid_of_tables)
{
    const gedi__panel panel[] = {{"../runs/a/clusters", "nmi 1.000"},
                                 {"../runs/b/clusters", NULL},
                                 {NULL, "failed"},
                                 {"../runs/none/clusters", "gone"}};
    gedi__figure_grid f = {.title = "clusters",
                           .subtitle = "seed 0",
                           .rows = 2,
                           .columns = 2,
                           .row = rows,
                           .column = letters,
                           .panel = panel};
    draw_runs("a");
    draw_runs("b");
    ck_assert_msg(!gedi__draw_grid(path_of("figures"), "grid", &f, &err), "%s", err.msg);
    expect_png("figures/grid.png");
    expect_in("figures/grid.gp", "name = 'grid/1-2'\n");
    expect_not_in("figures/grid.gp", folder); /* it can be moved */
    expect_not_in("figures/grid.gp", "name = 'grid/2-");
    expect_in("figures/grid.gp", "set label 'cannot be read: ../runs/none/clusters.csv: "
                                 "No such file or directory' at screen");
    expect_in("figures/grid.gp", "set label 'it''s two' at screen");
    expect_in("figures/grid.gp", "set label 'failed' at screen");
    ck_assert_int_eq(count_in("figures/grid.gp", "set terminal"), 1);
    ck_assert_int_eq(count_in("figures/grid.gp", "set output"), 1);
    ck_assert_int_eq(count_in("figures/grid.gp", "pointsize mark(0.4) "),
                     2); /* half of 0.8 */
    expect_in("figures/grid.csv", "one,a,../runs/a/clusters,nmi 1.000\n");
    expect_readable(&f);
}
END_TEST

/* A row's label is as long as its row is high, in two lines or in smaller letters. */
START_TEST(grid_of_long_labels)
{
    static const char *const label[] = {"short", "Barlow Twins without its projector",
                                        "one_word_that_is_much_longer_than_its_row"};
    const gedi__panel panel[] = {{NULL, "failed"}, {NULL, "failed"}, {NULL, "failed"}};
    gedi__figure_grid f = {.rows = 3, .columns = 1, .row = label, .panel = panel};
    without_gnuplot();
    expect_undrawn(gedi__draw_grid(folder, "grid", &f, &err), "grid");
    expect_in("grid.gp", "set label 'Barlow Twins without'.\"\\n\".'its projector' at");
    ck_assert_int_eq(count_in("grid.gp", "rotate by 90 font bold.size(28)"), 1);
    ck_assert_int_eq(count_in("grid.gp", "rotate by 90 font bold.size("), 3);
    /* In an SVG each line is a label of its own. */
    const gedi__style svg = {.format = GEDI__SVG};
    f.style = &svg;
    ck_assert_int_eq(gedi__draw_grid(folder, "grid", &f, &err), GEDI_IO);
    expect_in("grid-svg.gp", "set label 'Barlow Twins without' at");
    expect_in("grid-svg.gp", "set label 'its projector' at");
    expect_readable(&f);
}
END_TEST

START_TEST(grid_of_pictures)
{
    const gedi__panel panel[] = {{"../runs/a/losses", NULL}};
    gedi__figure_grid f = {.rows = 1, .columns = 1, .panel = panel};
    draw_runs("a");
    ck_assert_msg(!gedi__draw_grid(path_of("figures"), "grid", &f, &err), "%s", err.msg);
    expect_png("figures/grid.png");
    expect_in("figures/grid.gp", "plot name.'.png' binary filetype=png with rgbimage");
}
END_TEST

static void expect_alike(const char *one, const char *other)
{
    char *a = content(one), *b = content(other);
    ck_assert_str_eq(a, b);
    free(a);
    free(b);
}

/* Of a table of cells, whose first line and column are the axes. */
static double largest(const char *file)
{
    char *text = content(file);
    double most = -INFINITY;
    bool head = true;
    for (const char *at = text; *at; at++) {
        head = head && *at != '\n';
        if (*at == ',' && !head)
            most = fmax(most, strtod(at + 1, NULL));
    }
    free(text);
    return most;
}

/* A panel is drawn by the figure's own commands, from the numbers of its tables. Densities of
 * several models have peaks of their own, which become 0. */
START_TEST(grid_of_all_figures)
{
    const gedi__panel panel[] = {{"../runs/a/clusters", NULL},
                                 {"../runs/a/density", NULL},
                                 {"../runs/a/samples", NULL},
                                 {"../runs/a/views", NULL}};
    gedi__figure_grid f = {.rows = 2, .columns = 2, .panel = panel};
    draw_runs("a");
    draw_others("a");
    ck_assert_msg(!gedi__draw_grid(path_of("figures"), "grid", &f, &err), "%s", err.msg);
    expect_png("figures/grid.png");
    expect_not_in("figures/grid.gp", "cannot be read");
    expect_alike("figures/grid/1-1.csv", "runs/a/clusters.csv");
    expect_alike("figures/grid/1-1-regions.csv", "runs/a/clusters-regions.csv");
    ck_assert_msg(largest("runs/a/density.csv") != 0, "a peak of 0 shows nothing");
    ck_assert_msg(fabs(largest("figures/grid/1-2.csv")) <= 1e-6, "a peak of %g",
                  largest("figures/grid/1-2.csv"));
    expect_alike("figures/grid/2-1.csv", "runs/a/samples.csv");
    expect_alike("figures/grid/2-1-data.csv", "runs/a/samples-data.csv");
    static const struct {
        const char *file, *begins;
    } same[] = {
        {"runs/a/clusters.gp", "set xrange"}, {"runs/a/clusters.gp", "array tint"},
        {"runs/a/density.gp", "set palette"}, {"runs/a/samples.gp", "set yrange"},
        {"runs/a/views.gp", "set arrow"},     {"runs/a/views.gp", "set xrange"},
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        const char *line;
        for (int k = 0; (line = line_of(same[i].file, k)) != NULL; k++)
            if (!strncmp(line, same[i].begins, strlen(same[i].begins)))
                break;
        ck_assert_msg(line != NULL, "%s", same[i].begins);
        expect_in("figures/grid.gp", line);
    }
    expect_in("figures/grid.gp", "name = '../runs/a/views'\n");
    expect_not_in("figures/grid.gp", "keyentry");
    expect_in("figures/grid.gp", "depth = ");
    expect_in("figures/grid.gp", "set cbrange [-depth:0]");
    expect_in("figures/grid.gp", "set cblabel 'log p(x) - peak'");
    expect_in("figures/grid.gp", "'one scale of colours for all'");
    expect_readable(&f);
}
END_TEST

/* Cells in letters of the usual size where they have room, else without words: never in tiny ones. */
START_TEST(grid_of_confusions)
{
    const gedi__style narrow = {.format = GEDI__PNG, .width = 3.3};
    gedi__panel panel[8];
    for (int i = 0; i < 8; i++)
        panel[i] = (gedi__panel){"../runs/a/confusion", "NMI 1.000"};
    gedi__figure_grid f = {.rows = 1, .columns = 8, .panel = panel};
    draw_tables("a");
    for (int i = 0; i < 2; i++) {
        f.style = i ? &narrow : NULL;
        ck_assert_msg(!gedi__draw_grid(path_of("figures"), "grid", &f, &err), "%s",
                      err.msg);
        expect_png("figures/grid.png");
        expect_not_in("figures/grid.gp", "cannot be read");
        expect_alike("figures/grid/1-8.csv", "runs/a/confusion.csv");
        expect_in("figures/grid.gp", "\nletters = 26\n");
        expect_in("figures/grid.gp", "if (0 % everyy == 0) set ytics add ('1' 2)\n");
        expect_in("figures/grid.gp", "if (1 % everyx == 0) set xtics add ('1' 1)\n");
        expect_in("figures/grid.gp", "set cbrange [0:1]");
        ck_assert_int_eq(count_in("figures/grid.gp", "set colorbox user"), 1);
    }
    /* Eight do not fit: letters are those of 8 points at any width, and columns go below others. */
    expect_in("figures/grid.gp", "set terminal pngcairo noenhanced size 990,");
    double scale = NAN;
    const char *line;
    for (int i = 0; isnan(scale) && (line = line_of("figures/grid.gp", i)); i++)
        (void)sscanf(line, "scale = %lf", &scale);
    ck_assert_msg(fabs(scale - 990 / 1029.6) <= 0.01, "letters are scaled by %g", scale);
    ck_assert(smallest_letters("figures/grid.gp") >= 6);
}
END_TEST

/* Histograms of a score are in one line whatever others a run has, and a series has one colour in all. */
START_TEST(grid_of_scores)
{
    const gedi__panel panel[] = {{"../runs/a/ood", "seed 0"}, {"../runs/b/ood", NULL}};
    static const char other[] = "value of -log10 |d|,cifar: AUROC 1e99\n0,0.5\n1,1\n";
    gedi__figure_grid f = {.rows = 1, .columns = 2, .panel = panel};
    draw_tables("a");
    draw_tables("b");
    ck_assert(
        !gedi__file_write(path_of("runs/b/ood-1.csv"), other, sizeof other - 1, &err));
    ck_assert_int_eq(unlink(path_of("runs/b/ood-2.csv")), 0);
    ck_assert_msg(!gedi__draw_grid(path_of("figures"), "grid", &f, &err), "%s", err.msg);
    expect_png("figures/grid.png");
    expect_not_in("figures/grid.gp", "cannot be read");
    expect_in("figures/grid.gp", "set label 'log p(x) + const' at");
    ck_assert_int_eq(count_in("figures/grid.gp", "set label '-log10 |d|' at"), 2);
    ck_assert_int_eq(count_in("figures/grid.gp", "set label 'no such score' at"), 1);
    expect_in("figures/grid.gp", "set label '0.875' at");
    ck_assert_int_eq(count_in("figures/grid.gp", "set label 'AUROC' at"), 2);
    expect_not_in("figures/grid.gp", "set label '10"); /* which is none */
    static const char *const name[] = {"title 'the run''s data'", "title 'svhn'",
                                       "title 'cifar'"};
    for (int i = 0; i < 3; i++)
        ck_assert_int_eq(count_in("figures/grid.gp", name[i]), 1);
    /* cifar is the first of its run, and the third of all. */
    expect_in("figures/grid.gp", "tone1 = 0x009e73\n");
    expect_in("figures/grid/1-1-2.csv", "value of -log10 |d|,svhn\n");
    expect_readable(&f);
}
END_TEST

/* A name is a file's and stands in a script. */
START_TEST(names_of_figures)
{
    static const char *const name[] = {
        "|touch gone;", "a\nsystem('touch gone')", "../a", "-p", ".a", "", "a b"};
    gedi__figure_heatmap map = small_map();
    const gedi__panel panel[] = {{NULL, NULL}};
    gedi__figure_grid grid = {.rows = 1, .columns = 1, .panel = panel};
    for (size_t i = 0; i < sizeof name / sizeof *name; i++) {
        expect_failure(gedi__draw_heatmap(path_of("figures"), name[i], &map, &err),
                       GEDI_USAGE, "is not 1 to 100 letters, digits, '.', '_' and '-'");
        expect_failure(gedi__draw_grid(path_of("figures"), name[i], &grid, &err),
                       GEDI_USAGE, "is not 1 to 100 letters, digits, '.', '_' and '-'");
        ck_assert(!exists("figures") && !exists("gone"));
    }
}
END_TEST

/* What a spreadsheet would compute is a text. */
START_TEST(fields_of_tables)
{
    static const struct {
        const char *text, *field;
    } cases[] = {
        {"=cmd|' /C calc'!A0", "\"'=cmd|' /C calc'!A0\""},
        {"@SUM(1)", "\"'@SUM(1)\""},
        {"-1e-3", "\"-1e-3\""},
        {"+x", "\"'+x\""},
        {"a\nb\t\"c\"\x1b[0m", "\"a b 'c' [0m\""},
        {"it's ≤", "\"it's ≤\""},
        {"", "\"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gedi__text t = {0};
        gedi__chart_field(&t, cases[i].text);
        ck_assert_str_eq(t.s, cases[i].field);
        gedi__text_clear(&t);
    }
}
END_TEST

START_TEST(grid_of_nothing)
{
    gedi__figure_grid f = {.rows = 0, .columns = 2};
    expect_failure(gedi__draw_grid(folder, "grid", &f, &err), GEDI_USAGE,
                   "figure 'grid': 0 x 2 panels; it needs 1 x 1");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("panels");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, heatmap_data);
    tcase_add_test(c, heatmap_colours);
    tcase_add_test(c, heatmap_with_notes);
    tcase_add_test(c, heatmap_of_a_long_title);
    tcase_add_test(c, heatmap_of_names_with_signs);
    tcase_add_test(c, heatmap_of_nothing);
    tcase_add_test(c, grid_of_nothing);
    tcase_add_test(c, names_of_figures);
    tcase_add_test(c, fields_of_tables);
    if (have_gnuplot()) {
        tcase_add_test(c, heatmaps_are_drawn);
        tcase_add_test(c, grid_of_tables);
        tcase_add_test(c, grid_of_long_labels);
        tcase_add_test(c, grid_of_pictures);
        tcase_add_test(c, grid_of_all_figures);
        tcase_add_test(c, grid_of_confusions);
        tcase_add_test(c, grid_of_scores);
    }
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
