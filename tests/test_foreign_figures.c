/* test_foreign_figures.c - figures side by side whose files someone else may have written. */
#include "tests/panels.h"

#include <sys/stat.h>

static void put_bytes(const char *file, const char *text, size_t size)
{
    ck_assert_msg(!gedi__file_write(path_of(file), text, size, &err), "%s", err.msg);
}

static void put_text(const char *file, const char *text)
{
    put_bytes(file, text, strlen(text));
}

/* A PNG file as far as its head and its end go. */
static void put_picture(const char *file, const unsigned char size[8], size_t cut)
{
    char png[] = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR--------\0\0\0\0IEND\xae\x42\x60\x82";
    memcpy(png + 16, size, 8);
    put_bytes(file, png, sizeof png - 1 - cut);
}

/* Runs a and b with all figures; without gnuplot, which takes its time. */
static void put_runs(void)
{
    static const unsigned char size[8] = {0, 0, 6, 0, 0, 0, 6, 0};
    without_gnuplot();
    draw_runs("a");
    draw_runs("b");
    draw_others("a");
    draw_tables("a");
    put_picture("runs/a/losses.png", size, 0);
}

/* Makes a grid of run a's figure, whatever that is like, and a sound one. */
static void draw_beside(const char *figure)
{
    char path[64];
    snprintf(path, sizeof path, "../runs/a/%s", figure);
    const gedi__panel panel[] = {{path, "its note"}, {"../runs/b/clusters", NULL}};
    gedi__figure_grid f = {.rows = 1, .columns = 2, .panel = panel};
    expect_failure(gedi__draw_grid(path_of("figures"), "grid", &f, &err), GEDI_IO,
                   "gnuplot was not found");
    expect_in("figures/grid.gp", "name = 'grid/1-2'\n");
    expect_not_in("figures/grid.gp", folder);
    expect_not_in("figures/grid.gp", "gone");
    ck_assert(!exists("figures/gone") && !exists("gone"));
}

static void expect_empty(const char *figure, const char *why)
{
    char said[256];
    draw_beside(figure);
    snprintf(said, sizeof said, "'cannot be read: %.28s",
             why); /* the first of its lines */
    expect_in("figures/grid.gp", said);
    expect_in("figures/grid.gp", "set label 'cannot be read' at screen");
    expect_in("figures/grid.gp", "set label 'its note' at screen");
    expect_not_in("figures/grid.gp", "name = 'grid/1-1'\n");
}

#define TOUCH "system(\"touch gone\")\n!touch gone\nx = \"`touch gone`\"\n"

static const char *const figures[] = {"clusters", "density",   "samples",
                                      "views",    "confusion", "ood"};

/* All figures of run a in one grid, drawn by gnuplot, which has to take it. */
static void draw_all(void)
{
    static const gedi__panel panel[] = {
        {"../runs/a/clusters", NULL},  {"../runs/a/density", NULL},
        {"../runs/a/samples", NULL},   {"../runs/a/views", NULL},
        {"../runs/a/confusion", NULL}, {"../runs/a/ood", NULL}};
    gedi__figure_grid f = {.rows = 3, .columns = 2, .panel = panel};
    (void)remove(path_of("figures/grid.png"));
    setenv("PATH", own_path, 1);
    expect_tables(gedi__draw_grid(path_of("figures"), "grid", &f, &err));
    ck_assert(!have_gnuplot() || exists("figures/grid.png"));
    without_gnuplot();
    expect_not_in("figures/grid.gp", "cannot be read");
    expect_not_in("figures/grid.gp", "gone");
    ck_assert(!exists("figures/gone") && !exists("gone"));
}

/* Whoever hands a run's folder over may have written commands into all of its files. */
START_TEST(scripts_are_not_executed)
{
    char file[64];
    put_runs();
    for (int i = 0; i < 6; i++) {
        snprintf(file, sizeof file, "runs/a/%s.gp", figures[i]);
        put_text(file, "set xrange [0:1]\nset yrange [0:1]\n" TOUCH "plot x\n");
    }
    draw_all();
}
END_TEST

START_TEST(scripts_are_not_needed)
{
    char file[64];
    put_runs();
    for (int i = 0; i < 6; i++) {
        snprintf(file, sizeof file, "runs/a/%s.gp", figures[i]);
        ck_assert_int_eq(unlink(path_of(file)), 0);
        draw_beside(figures[i]);
        expect_not_in("figures/grid.gp", "cannot be read");
    }
}
END_TEST

START_TEST(words_are_not_executed)
{
    static const char *const path[] = {
        "< touch gone",   "|touch gone",       "-p", "../a b/clusters",
        "../.a/clusters", "../runs//clusters", ""};
    put_runs();
    put_text("runs/a/clusters.csv", "x,y,cluster\n" TOUCH);
    expect_empty("clusters", "../runs/a/clusters.csv: line 2, number 1 is none that a "
                             "figure has");
    for (size_t i = 0; i < sizeof path / sizeof *path; i++) {
        const gedi__panel panel[] = {{path[i], NULL}};
        gedi__figure_grid f = {.rows = 1, .columns = 1, .panel = panel};
        expect_failure(gedi__draw_grid(path_of("figures"), "grid", &f, &err), GEDI_IO,
                       "gnuplot was not found");
        expect_in("figures/grid.gp", "'cannot be read: the folder");
        expect_not_in("figures/grid.gp", "name = '<");
        expect_not_in("figures/grid.gp", "gone");
    }
}
END_TEST

/* Tables that are not what a figure writes. */
static const struct {
    const char *figure, *file, *text, *why;
} damaged[] = {
    {"clusters", "clusters.csv", "", "../runs/a/clusters.csv: cut off"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,2,0\n1,", "../runs/a/clusters.csv: cut"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,2,0\n1,2\n",
     "../runs/a/clusters.csv: line 3 has 2 numbers; it needs 3"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,2,0,1\n",
     "../runs/a/clusters.csv: line 2 has 4 numbers; it needs 3"},
    {"clusters", "clusters.csv", "x,y\n1,2\n",
     "../runs/a/clusters.csv: its first line is not ''x,y,cluster''"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,two,0\n",
     "../runs/a/clusters.csv: line 2, number 2"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,,0\n",
     "../runs/a/clusters.csv: line 2, number 2"},
    {"clusters", "clusters.csv", "x,y,cluster\n1, 2,0\n",
     "../runs/a/clusters.csv: line 2, number 2"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,inf,0\n",
     "../runs/a/clusters.csv: line 2, number 2"},
    {"clusters", "clusters.csv", "x,y,cluster\n0x1p3,1,0\n",
     "../runs/a/clusters.csv: line 2, number 1"},
    {"clusters", "clusters.csv", "x,y,cluster\n1e999,1,0\n",
     "../runs/a/clusters.csv: line 2, number 1"},
    {"clusters", "clusters.csv", "x,y,cluster\n1e39,1,0\n",
     "../runs/a/clusters.csv: line 2, number 1"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,1e,0\n",
     "../runs/a/clusters.csv: line 2, number 2"},
    {"clusters", "clusters.csv",
     "x,y,cluster\n1,1,00000000000000000000000000000000000001\n",
     "../runs/a/clusters.csv: line 2, number 3"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,1,-1\n",
     "../runs/a/clusters: -1 is not a whole number from 0 to 1000000000"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,1,0.5\n",
     "../runs/a/clusters: 0.5 is not a whole"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,1,4e9\n",
     "../runs/a/clusters: 4e+09 is not a whole"},
    {"clusters", "clusters.csv", "x,y,cluster\n1,1,NaN\n",
     "../runs/a/clusters: nan is not a whole"},
    {"clusters", "clusters-regions.csv", "3,-2,0,2\n",
     "../runs/a/clusters: its table has no cells"},
    {"clusters", "clusters-regions.csv", "2,-2,0\n-1,0\n1,1,0\n",
     "../runs/a/clusters-regions.csv: line 2 has"},
    {"clusters", "clusters-regions.csv", "999999999,-2,0,2\n-1,0,1,0\n1,1,0,0\n",
     "../runs/a/clusters: its table has no cells"},
    {"clusters", "clusters-regions.csv", "2,0,1\n0,-2,0\n1,0,0\n",
     "../runs/a/clusters: -2 is not a whole number from -1"},
    {"density", "density.csv", "2,NaN,1\n0,0,0\n1,0,0\n",
     "figure ''../runs/a/density'': a grid"},
    {"density", "density.csv", "2,1,0\n0,0,0\n1,0,0\n",
     "figure ''../runs/a/density'': a grid"},
    {"density", "density.csv", "2,0,1e30\n0,0,0\n1,0,0\n",
     "../runs/a/density: a plane from"},
    {"density", "density.csv", "2,1,1.0000000001\n1,0,0\n1.0000000001,0,0\n",
     "../runs/a/density: a plane from"},
    {"density", "density.csv", "2,0,1\n0,NaN,NaN\n1,NaN,NaN\n",
     "figure ''../runs/a/density'': none of the log-densities is finite"},
    {"density", "density-data.csv", "x,y,log_density\n0,0\n",
     "../runs/a/density-data.csv: line 2 has 2 numbers; it needs 3"},
    {"samples", "samples.csv", "x,y\n", "../runs/a/samples: there are no samples"},
    {"samples", "samples.csv", "x,y\nNaN,1\n", "../runs/a/samples: there are no samples"},
    {"samples", "samples-data.csv", "x,y\n`touch gone`,1\n",
     "../runs/a/samples-data.csv: line 2, number 1"},
    {"views", "views.csv", "group,rows\n0,0\n",
     "../runs/a/views: its table is not up to 64"},
    {"views", "views.csv", "group,rows\n0,1e9\n",
     "../runs/a/views: its table is not up to 64"},
    {"views", "views-images.png", "no picture at all, but of 24 bytes",
     "../runs/a/views-images.png: not a PNG picture"},
    {"confusion", "confusion.csv", "column,row,x,y,value,text\n0,0,\"0\",\"0\",0.5\n",
     "../runs/a/confusion.csv: line 2 has 5 numbers; it needs 6"},
    {"confusion", "confusion.csv",
     "column,row,x,y,value,text\n0,0,\"`touch gone`\",\"0\",0.5,\"1\"\n",
     "../runs/a/confusion.csv: line 2, number 3"},
    {"confusion", "confusion.csv",
     "column,row,x,y,value,text\n0,0,\"\"5\"\",\"0\",0.5,\"1\"\n",
     "../runs/a/confusion.csv: line 2, number 3"},
    {"confusion", "confusion.csv", "column,row,x,y,value,text\n0,0,\"0\",\"0\",0.5,\"1\n",
     "../runs/a/confusion.csv: line 2, number 6"},
    {"confusion", "confusion.csv",
     "column,row,x,y,value,text\n0,0,0,0,0.5,1\n1,1,0,0,0.5,1\n",
     "../runs/a/confusion: its table is not one line"},
    {"confusion", "confusion.csv",
     "column,row,x,y,value,text\n0,0,0,0,0.5,1\n0,0,0,0,0.5,1\n",
     "../runs/a/confusion: its table is not one line"},
    {"confusion", "confusion.csv", "column,row,x,y,value,text\n1e9,0,0,0,0.5,1\n",
     "../runs/a/confusion: its table is not one line"},
    {"confusion", "confusion.csv", "column,row,x,y,value,text\n0,0,0,0,1.5,1\n",
     "../runs/a/confusion: its table is not one line"},
    {"confusion", "confusion.csv", "column,row,x,y,value,text\n0,0,0,NaN,0.5,1\n",
     "../runs/a/confusion: its table is not one line"},
    {"ood", "ood-1.csv", "value of x\n1\n2\n", "../runs/a/ood-1.csv: not a histogram"},
    {"ood", "ood-1.csv", "value of x,a\n1,0\n", "../runs/a/ood-1.csv: not a histogram"},
    {"ood", "ood-1.csv", "value of x,a\n2,0\n1,1\n", "../runs/a/ood-1.csv: not"},
    {"ood", "ood-1.csv", "value of x,a\n1,0\n2,NaN\n", "../runs/a/ood-1.csv: not"},
    {"ood", "ood-1.csv", "value of x,a\n1,0\n2,2\n", "../runs/a/ood-1.csv: not"},
    {"ood", "ood-1.csv", "value of x,a\n-3e38,0\nNaN,0\n3e38,1\n", "../runs/a/ood-1"},
    {"ood", "ood-1.csv", "value,a,b\n1,0\n2,1\n",
     "../runs/a/ood-1.csv: line 2 has 2 numbers; it needs 3"},
    {"ood", "ood-2.csv", "\n1,0\n2,1\n", "../runs/a/ood-2.csv: its first line names no"},
    {"losses", "losses.png", "", "../runs/a/losses.png: not a PNG picture"},
    {"losses", "losses.png", "\x89PNG\r\n\x1a\n", "../runs/a/losses.png: not a PNG"},
};

START_TEST(damaged_tables)
{
    char file[64];
    size_t size;
    char *sound;
    put_runs();
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        snprintf(file, sizeof file, "runs/a/%s", damaged[i].file);
        ck_assert_msg(!gedi__file_read(path_of(file), &sound, &size, &err), "%s",
                      err.msg);
        put_text(file, damaged[i].text);
        expect_empty(damaged[i].figure, damaged[i].why);
        put_bytes(file, sound, size);
        free(sound);
    }
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++)
        draw_beside(damaged[i].figure);
    expect_not_in("figures/grid.gp", "cannot be read");
}
END_TEST

/* What is refused before memory is taken for it, or would be waited for. */
START_TEST(tables_of_huge_sizes)
{
    enum { LINES = 400000 };
    static char many[LINES * 6 + 16];
    put_runs();
    put_bytes("runs/a/clusters.csv", "x,y,cluster\n1,\0,0\n", 18);
    expect_empty("clusters", "../runs/a/clusters.csv: cut off");
    strcpy(many, "x,y,cluster\n");
    for (char *at = many + strlen(many), *end = at + LINES * 6; at < end; at += 6)
        memcpy(at, "0,0,0\n", 6);
    put_text("runs/a/clusters.csv", many);
    expect_empty("clusters", "../runs/a/clusters.csv: 1200000");
    ck_assert_int_eq(truncate(path_of("runs/a/clusters.csv"), (off_t)1 << 40), 0);
    expect_empty("clusters",
                 "../runs/a/clusters.csv: 1099511627776 bytes; the table of a "
                 "figure has up to 16777216");
    ck_assert_int_eq(unlink(path_of("runs/a/clusters.csv")), 0);
    ck_assert_int_eq(mkfifo(path_of("runs/a/clusters.csv"), 0600), 0);
    expect_empty("clusters", "../runs/a/clusters.csv: not a file");
    ck_assert_int_eq(unlink(path_of("runs/a/losses.png")), 0);
    ck_assert_int_eq(mkfifo(path_of("runs/a/losses.png"), 0600), 0);
    expect_empty("losses", "../runs/a/losses.png: not a file");
}
END_TEST

/* The size is in the head; the rest is not looked at but for its end. */
START_TEST(pictures_of_huge_sizes)
{
    static const unsigned char size[][8] = {
        {0, 0, 0x4e, 0x21, 0, 0, 0, 1},       /* 20001 x 1 */
        {0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20}, /* 20000 x 20000 */
        {0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1},
        {0, 0, 0, 0, 0, 0, 0, 1},
    };
    static const char *const said[] = {"20001 x 1", "20000 x 20000", "4294967295 x 1",
                                       "0 x 1"};
    char why[128];
    put_runs();
    for (int i = 0; i < 4; i++) {
        put_picture("runs/a/losses.png", size[i], 0);
        snprintf(why, sizeof why, "../runs/a/losses.png: %s pixels; a figure has up to",
                 said[i]);
        expect_empty("losses", why);
    }
    put_picture("runs/a/losses.png", size[0], 3);
    expect_empty("losses", "../runs/a/losses.png: the picture is cut off");
}
END_TEST

/* Numbers that a float holds, and gnuplot has to draw. */
START_TEST(tables_of_extremes)
{
    put_runs();
    put_text("runs/a/clusters.csv", "x,y,cluster\n3e38,-3e38,1000000000\nNaN,0,7\n");
    put_text("runs/a/clusters-regions.csv",
             "2,-3e38,3e38\n-3e38,-1,1000000000\n3e38,3,4\n");
    put_text("runs/a/density.csv", "2,1e-38,2e-38\n1e-38,3e38,-3e38\n2e-38,NaN,1e-300\n");
    put_text("runs/a/samples.csv", "x,y\n3e38,-3e38\n-3e38,3e38\n");
    put_text("runs/a/ood-1.csv", "value of `touch away`,'\\\"$(touch away)\xff,=1+1\n"
                                 "-1e38,0,0\n1e38,1,1\n");
    put_text("runs/a/confusion.csv",
             "column,row,x,y,value,text\n0,0,999999999,999999999,NaN,1000000000\n");
    draw_all();
    ck_assert(!exists("figures/away") && !exists("away"));
    ck_assert_int_eq(unlink(path_of("runs/a/clusters-regions.csv")), 0);
    put_text("runs/a/density-data.csv", "x,y,log_density\n");
    put_text("runs/a/samples-data.csv", "x,y\n");
    draw_all();
    put_text("runs/a/clusters.csv", "x,y,cluster\nNaN,0,7\n");
    expect_empty("clusters", "../runs/a/clusters: there are no points");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("foreign figures");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, scripts_are_not_executed);
    tcase_add_test(c, scripts_are_not_needed);
    tcase_add_test(c, words_are_not_executed);
    tcase_add_test(c, damaged_tables);
    tcase_add_test(c, tables_of_huge_sizes);
    tcase_add_test(c, pictures_of_huge_sizes);
    tcase_add_test(c, tables_of_extremes);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
