/* test_report.c - the figures: their data, their scripts, their pictures. */
#include "core/report/figure.h"
#include "tests/report.h"

#include <math.h>

/* ---- grids ---- */

START_TEST(grid_surrounds_points)
{
    const float points[] = {-1, 0, 3, 1, NAN, 5, 1, -1, INFINITY, 0};
    gedi__grid g = gedi__grid_around(points, 5, 100);
    double dx = (g.x1 - g.x0) / (g.nx - 1), dy = (g.y1 - g.y0) / (g.ny - 1);
    ck_assert_double_eq_tol(dx, dy, 1e-12);
    ck_assert(g.nx >= 100 || g.ny >= 100);
    /* The finite coordinates span [-1, 3] x [-1, 5]; the margin is 12 % of each. */
    ck_assert_double_eq_tol(g.x0 - dx / 2, -1 - 0.48, dx);
    ck_assert_double_eq_tol(g.x1 + dx / 2, 3 + 0.48, dx);
    ck_assert_double_eq_tol(g.y0 - dy / 2, -1 - 0.72, dy);
    ck_assert_double_eq_tol(g.y1 + dy / 2, 5 + 0.72, dy);
}
END_TEST

START_TEST(grid_of_odd_points)
{
    const float line[] = {0, 7, 1, 7, 2, 7}, one[] = {4, 5}, none[] = {NAN, NAN};
    const float *points[] = {line, one, none, NULL};
    const int n[] = {3, 1, 1, 0};
    for (int i = 0; i < 4; i++) {
        gedi__grid g = gedi__grid_around(points[i], n[i], 50);
        ck_assert(g.nx >= 2 && g.ny >= 2 && g.nx <= 51 && g.ny <= 51);
        ck_assert(g.x1 > g.x0 && g.y1 > g.y0);
        if (i < 2) {
            ck_assert(g.x0 < points[i][0] && g.x1 > points[i][2 * n[i] - 2]);
            ck_assert(g.y0 < points[i][1] && g.y1 > points[i][1]);
        }
    }
}
END_TEST

START_TEST(grid_centres_go_row_by_row)
{
    const gedi__grid g = {3, 2, 0, 4, -1, 1};
    const float want[] = {0, -1, 2, -1, 4, -1, 0, 1, 2, 1, 4, 1};
    float got[12];
    gedi__grid_centres(&g, got);
    for (int i = 0; i < 12; i++)
        ck_assert_float_eq(got[i], want[i]);
}
END_TEST

/* ---- clusters ---- */

static const float four[] = {-1, -1, 1, -1, -1, 1, 1, NAN};
static const int32_t four_in[] = {0, 0, 2, 2};
static const int32_t six_cells[] = {0, 1, -1, 2, 2, 0};

static gedi__figure_clusters small_clusters(void)
{
    return (gedi__figure_clusters){
        .clusters = 3,
        .n = 4,
        .points = four,
        .cluster = four_in,
        .grid = {3, 2, -2, 2, -1, 1},
        .region = six_cells,
        .nmi = 0.98765,
    };
}

START_TEST(clusters_data)
{
    gedi__figure_clusters f = small_clusters();
    without_gnuplot();
    expect_undrawn(gedi__draw_clusters(folder, "clusters", &f, &err), "clusters");
    char *csv = content("clusters.csv"), *regions = content("clusters-regions.csv");
    ck_assert_str_eq(csv, "x,y,cluster\n-1,-1,0\n1,-1,0\n-1,1,2\n1,NaN,2\n");
    ck_assert_str_eq(regions, "3,-2,0,2\n-1,0,1,-1\n1,2,2,0\n");
    free(csv);
    free(regions);
    expect_in("clusters.gp", "NMI 0.988, 4 test points, 3 clusters");
    expect_in("clusters.gp", "set xrange [-3:3]\nset yrange [-2:2]");
    expect_in("clusters.gp", "set size ratio -1");
    expect_in("clusters.gp", "title '0: 2'");
    expect_in("clusters.gp", "title '1: 0'");
    expect_in("clusters.gp", "title '2: 2'");
    f.region = NULL;
    f.nmi = NAN;
    expect_undrawn(gedi__draw_clusters(folder, "bare", &f, &err), "bare");
    expect_not_in("bare.gp", "NMI");
    expect_not_in("bare.gp", "regions");
    ck_assert(!exists("bare-regions.csv"));
}
END_TEST

START_TEST(clusters_many)
{
    enum { N = 10000, K = 30 };
    float *points = malloc(2 * N * sizeof *points);
    int32_t *cluster = malloc(N * sizeof *cluster);
    for (int i = 0; i < N; i++) {
        points[2 * i] = (float)i;
        points[2 * i + 1] = (float)(i % 7);
        cluster[i] = i % K;
    }
    gedi__figure_clusters f = {
        .title = "many",
        .clusters = K,
        .n = N,
        .points = points,
        .cluster = cluster,
        .grid = gedi__grid_around(points, N, 20),
        .nmi = NAN,
    };
    without_gnuplot();
    expect_undrawn(gedi__draw_clusters(folder, "many", &f, &err), "many");
    ck_assert_int_eq(lines_of("many.csv"), 1 + 4000);
    ck_assert_str_eq(line_of("many.csv", 1), "0,0,0");
    ck_assert_str_eq(line_of("many.csv", 4000), "9997,1,7"); /* the end is seen, too */
    expect_in("many.gp", "title '0: 334'"); /* counts are of all points */
    expect_in("many.gp", "title '19: 333'");
    expect_not_in("many.gp", "title '20: ");
    expect_in("many.gp", "title '10 more'");
    free(points);
    free(cluster);
}
END_TEST

START_TEST(clusters_refused)
{
    const int32_t outside[] = {0, 0, 3, 2}, below[] = {0, -1, 0, 0};
    const int32_t cells[] = {0, 1, 3, 2, 2, 0};
    gedi__figure_clusters f = small_clusters();
    f.cluster = outside;
    expect_failure(gedi__draw_clusters(folder, "c", &f, &err), GEDI_USAGE,
                   "figure 'c': point 2 is in cluster 3 of 3");
    f.cluster = below;
    expect_failure(gedi__draw_clusters(folder, "c", &f, &err), GEDI_USAGE,
                   "point 1 is in cluster -1 of 3");
    f = small_clusters();
    f.region = cells;
    expect_failure(gedi__draw_clusters(folder, "c", &f, &err), GEDI_USAGE,
                   "cell 2 is in cluster 3 of 3");
    f = small_clusters();
    f.clusters = 0;
    expect_failure(gedi__draw_clusters(folder, "c", &f, &err), GEDI_USAGE, "0 clusters");
    f = small_clusters();
    f.grid.nx = 1;
    expect_failure(gedi__draw_clusters(folder, "c", &f, &err), GEDI_USAGE,
                   "a grid of 1 x 2 cells; it needs 2 x 2 or more");
    f = small_clusters();
    f.grid.y1 = NAN;
    expect_failure(gedi__draw_clusters(folder, "c", &f, &err), GEDI_USAGE, "no area");
    ck_assert(!exists("c.csv"));
}
END_TEST

/* ---- density ---- */

/* The number that follows this text in a file; NAN: there is none. */
static double number_behind(const char *file, const char *text)
{
    for (int i = 0; i < lines_of(file); i++) {
        const char *line = line_of(file, i), *at = strstr(line, text);
        if (at)
            return strtod(at + strlen(text), NULL);
    }
    return NAN;
}

START_TEST(density_data)
{
    const double log_density[] = {1.5, -400, NAN, -INFINITY, 2, 0};
    gedi__figure_density f = {
        .grid = {3, 2, -2, 2, -1, 1}, .log_density = log_density, .n = 3, .points = four};
    without_gnuplot();
    expect_undrawn(gedi__draw_density(folder, "density", &f, &err), "density");
    char *csv = content("density.csv"), *data = content("density-data.csv");
    ck_assert_str_eq(csv, "3,-2,0,2\n-1,1.5,-400,NaN\n1,NaN,2,0\n");
    /* In the first row of cells, -1 rounds to the left cell, 1 to the right one. */
    ck_assert_str_eq(data, "x,y,log_density\n-1,-1,-400\n1,-1,NaN\n-1,1,2\n");
    free(csv);
    free(data);
    expect_in("density.gp", "set label 'log p(x) + const' at");
    expect_in("density.gp", "dots: 3 training points");
    /* What the colours are stands beside their numbers, also where the plot is small. */
    for (int i = 0; i < 2; i++) {
        f.style = i ? &(gedi__style){.format = GEDI__PNG, .width = 3.3} : NULL;
        expect_undrawn(gedi__draw_density(folder, "wide", &f, &err), "wide");
        double label = number_behind("wide.gp", "'log p(x) + const' at screen ");
        double plot = number_behind("wide.gp", "set rmargin at screen ");
        ck_assert_msg(label > plot && label - plot < 0.25, "%g %g", plot, label);
    }
    f.style = NULL;
    f.n = 0;
    expect_undrawn(gedi__draw_density(folder, "bare", &f, &err), "bare");
    expect_in("bare.gp", "set cbrange [-400:2]");
    expect_not_in("bare.gp", "dots:");
    expect_not_in("bare.gp", "data.csv");
}
END_TEST

/* All data lie where the density is above -2; the far away -1e6 must not eat the colours. */
START_TEST(density_colours_serve_the_data)
{
    enum { N = 5000 };
    float *points = calloc(2 * N, sizeof *points);
    const double log_density[] = {-2, -2, -2, 0, 0, -1e6};
    for (int i = 0; i < N; i++)
        points[2 * i] = i % 2 ? -2 : 0, points[2 * i + 1] = i % 2 ? -1 : 1;
    gedi__figure_density f = {.grid = {3, 2, -2, 2, -1, 1},
                              .log_density = log_density,
                              .n = N,
                              .points = points};
    without_gnuplot();
    expect_undrawn(gedi__draw_density(folder, "d", &f, &err), "d");
    expect_in("d.gp", "set cbrange [-6:0]");
    expect_in("d.gp", "dots: 2000 training points; darkest: -6 or less");
    ck_assert_int_eq(lines_of("d-data.csv"), 1 + 2000);
    /* The data lie near the peak: 5 are shown all the same. */
    const double steep[] = {0, 0, 0, 0, 0, -1e6};
    f.log_density = steep;
    expect_undrawn(gedi__draw_density(folder, "d", &f, &err), "d");
    expect_in("d.gp", "set cbrange [-5:0]");
    free(points);
}
END_TEST

START_TEST(density_flat_or_not_finite)
{
    double log_density[] = {7, 7, 7, 7};
    gedi__figure_density f = {.grid = {2, 2, 0, 1, 0, 1}, .log_density = log_density};
    without_gnuplot();
    expect_undrawn(gedi__draw_density(folder, "flat", &f, &err), "flat");
    expect_in("flat.gp", "set cbrange [6.999993:7.000007]");
    for (int i = 0; i < 4; i++)
        log_density[i] = i % 2 ? NAN : INFINITY;
    expect_failure(gedi__draw_density(folder, "d", &f, &err), GEDI_USAGE,
                   "figure 'd': none of the log-densities is finite");
}
END_TEST

/* ---- losses ---- */

enum { LONG = 7000 };
static int64_t iteration[LONG];
static double falling[LONG], spiked[LONG];

static void make_series(void)
{
    for (int i = 0; i < LONG; i++) {
        iteration[i] = i + 1;
        falling[i] = log(2) + 0.25 * exp(-i / 400.0);
        spiked[i] = (i < 20 ? 500 : 0) + sin(i / 9.0);
    }
}

START_TEST(losses_data)
{
    make_series();
    const double gen[] = {1, NAN, 3};
    const gedi__series term[] = {{"gen", NAN, gen, NULL}, {"a,b", 0, falling, NULL}};
    gedi__figure_losses f = {.n = 3, .iteration = iteration, .terms = 2, .term = term};
    without_gnuplot();
    expect_undrawn(gedi__draw_losses(folder, "losses", &f, &err), "losses");
    ck_assert_str_eq(line_of("losses.csv", 0), "iteration,gen,a_b");
    ck_assert_str_eq(line_of("losses.csv", 1), "1,1,0.9431472");
    ck_assert(!strncmp(line_of("losses.csv", 2), "2,NaN,", 6));
    ck_assert(!strncmp(line_of("losses.csv", 3), "3,3,", 4));
    ck_assert_ptr_null(line_of("losses.csv", 4));
    expect_in("losses.gp", "'dashed: the known optimum'");
    expect_in("losses.gp", "set label 'gen'");
    expect_in("losses.gp", "set label '3 at the end'");
    expect_in("losses.gp", "0.94 above the optimum'");
    expect_in("losses.gp", "using 1:3 with linespoints");
    ck_assert_int_eq(count_in("losses.gp", "dashtype"), 1); /* one optimum is known */
}
END_TEST

/* For print, as many as a page has room for; what is not drawn is in the table. */
START_TEST(losses_of_a_page)
{
    enum { TERMS = 35 };
    make_series();
    gedi__series term[TERMS];
    for (int i = 0; i < TERMS; i++)
        term[i] = (gedi__series){"kl", NAN, falling, NULL};
    gedi__figure_losses f = {
        .n = 3, .iteration = iteration, .terms = TERMS, .term = term, .one = "metric"};
    static const char *const width[] = {"2in", "3.3in", "6.5in"};
    without_gnuplot();
    expect_undrawn(gedi__draw_losses(folder, "all", &f, &err), "all");
    ck_assert_int_eq(count_in("all.gp", "set label 'kl'"), TERMS);
    for (int i = 0; i < 3; i++) {
        f.style =
            &(gedi__style){.format = GEDI__PNG, .width = gedi__text_inches(width[i])};
        expect_undrawn(gedi__draw_losses(folder, "page", &f, &err), "page");
        int drawn = count_in("page.gp", "set label 'kl'");
        double high = number_behind("page.gp",
                                    i ? i > 1 ? "size 1950," : "size 990," : "size 600,");
        char note[80];
        ck_assert_msg(high > 300 && high <= 9.5 * 300, "%s: %g dots", width[i], high);
        ck_assert_msg(drawn >= 4 && drawn < TERMS, "%s: %d", width[i], drawn);
        snprintf(note, sizeof note, "set label 'The first %d of 35 metrics: the table",
                 drawn);
        expect_in("page.gp", note);
        expect_in("page.gp", "set xlabel 'iteration'");
        char *csv = content("page.csv");
        ck_assert_int_eq(strcspn(csv, "\n"), strlen("iteration") + TERMS * strlen(",kl"));
        free(csv);
    }
}
END_TEST

/* In a column of 3.3 inches the end of a term stands below its name, and nothing beside a plot takes no
 * room there. */
START_TEST(losses_narrow)
{
    static const double three[] = {1, 2, 3};
    const gedi__style narrow = {.width = 3.3};
    const gedi__series term[] = {{"prior", 2.9, three, NULL}};
    gedi__figure_losses f = {
        .n = 3, .iteration = iteration, .terms = 1, .term = term, .style = &narrow};
    make_series();
    without_gnuplot();
    expect_undrawn(gedi__draw_losses(folder, "losses", &f, &err), "losses");
    expect_in("losses.gp", "set label 'prior' at graph 0,1 offset character 0,2*up left");
    expect_in("losses.gp", "'3 at the end, 0.1 above the optimum' at graph 0,1 offset "
                           "character 0,0.8*up left");
    const gedi__series bare[] = {{"a", NAN, three, NULL}};
    f.term = bare;
    expect_undrawn(gedi__draw_losses(folder, "losses", &f, &err), "losses");
    expect_in("losses.gp", "'3 at the end' at graph 1,1 offset character 0,0.9*up right");
    expect_in("losses.gp", "set rmargin at screen 0.92"); /* 80 of 1,029 pixels */
}
END_TEST

/* A margin of the first plot, as a share of the picture; NAN where the script has none. */
static double margin_of(const char *file, const char *form)
{
    const char *line;
    double x = NAN;
    for (int i = 0; (line = line_of(file, i)) != NULL; i++)
        if (sscanf(line, form, &x) == 1)
            break;
    return x;
}

/* The plot has its room in a picture of any width, and what is said above it ends within. */
START_TEST(losses_tiny)
{
    static const double three[] = {1, 2, 3}, inches[] = {2, 2.5};
    const gedi__series term[] = {{"prior", 2.9, three, NULL}};
    make_series();
    without_gnuplot();
    for (int i = 0; i < 2; i++) {
        const gedi__style style = {.width = inches[i]};
        gedi__figure_losses f = {
            .n = 3, .iteration = iteration, .terms = 1, .term = term, .style = &style};
        expect_undrawn(gedi__draw_losses(folder, "losses", &f, &err), "losses");
        double left = margin_of("losses.gp", "set lmargin at screen %lf"),
               right = margin_of("losses.gp", "set rmargin at screen %lf");
        ck_assert_msg(right - left > 0.4, "%g in: from %g to %g", inches[i], left, right);
    }
}
END_TEST

/* Large numbers of y are within the picture: each of their letters has 21 pixels, of 1,600. */
START_TEST(losses_large)
{
    static const double far[] = {1e9, -1, 3};
    const gedi__series term[] = {{"far", NAN, far, NULL}};
    gedi__figure_losses f = {.n = 3, .iteration = iteration, .terms = 1, .term = term};
    make_series();
    without_gnuplot();
    expect_undrawn(gedi__draw_losses(folder, "losses", &f, &err), "losses");
    double left = margin_of("losses.gp", "set lmargin at screen %lf");
    ck_assert_msg(left * 1600 >= 21 * strlen("1000000000"), "%g", left);
    expect_in("losses.gp", "set format y '%.10g'\n");
}
END_TEST

/* The y axis of panel `k`. */
static void axis_of(const char *file, int k, double *low, double *high)
{
    char *script = content(file), *at = script;
    for (int i = 0; i <= k; i++) {
        at = strstr(at, "set yrange [") + strlen("set yrange [");
        ck_assert_int_eq(sscanf(at, "%lf:%lf", low, high), 2);
    }
    free(script);
}

START_TEST(losses_long)
{
    double low, high, value, least, most;
    make_series();
    spiked[3500] = NAN;
    const gedi__series term[] = {{"spiked", NAN, spiked, NULL},
                                 {"prior", log(2), falling, NULL},
                                 {"far", -3, falling, NULL}};
    gedi__figure_losses f = {.n = LONG, .iteration = iteration, .terms = 3, .term = term};
    without_gnuplot();
    expect_undrawn(gedi__draw_losses(folder, "losses", &f, &err), "losses");
    ck_assert_int_eq(lines_of("losses.csv"), 1 + 500);
    ck_assert_str_eq(line_of("losses.csv", 0),
                     "iteration,spiked,spiked_low,spiked_high,prior,prior_low,prior_high,"
                     "far,far_low,far_high");
    /* Row 250 holds the 14 values from index 3500 on: one is missing, so all is blank. */
    ck_assert(!strncmp(line_of("losses.csv", 1 + 250), "3507,NaN,NaN,NaN,0.69", 21));
    double sum = 0;
    for (int i = 14; i < 28; i++)
        sum += falling[i];
    int got = sscanf(line_of("losses.csv", 2), "21,%*f,%*f,%*f,%lf,%lf,%lf", &value,
                     &least, &most);
    ck_assert_int_eq(got, 3);
    ck_assert_double_eq_tol(value, sum / 14, 1e-6);
    ck_assert_double_eq_tol(least, falling[27], 1e-6);
    ck_assert_double_eq_tol(most, falling[14], 1e-6);

    expect_in("losses.gp",
              "'line: mean of 14 logged values; band: their range; dashed: ");
    axis_of("losses.gp", 0, &low, &high); /* without the spike */
    ck_assert_msg(low < -1 && low > -1.5 && high > 1 && high < 1.5, "[%g, %g]", low,
                  high);
    expect_in("losses.gp", "set label 'not shown: 501'");
    axis_of("losses.gp", 1, &low, &high); /* all of it, and the optimum */
    ck_assert_msg(low < log(2) && low > 0.6 && high > 0.943 && high < 1, "[%g, %g]", low,
                  high);
    expect_in("losses.gp", "set label 'ln 2 = 0.693'");
    axis_of("losses.gp", 2, &low, &high); /* an optimum far off is inside, too */
    ck_assert(low < -3 && high > 0.943);
}
END_TEST

START_TEST(losses_odd)
{
    const double none[] = {NAN, INFINITY, -INFINITY}, flat[] = {2, 2, 2};
    const int64_t once[] = {5, 6, 7};
    const gedi__series term[] = {{"none", NAN, none, NULL}, {"it's", NAN, flat, NULL}};
    gedi__figure_losses f = {.n = 3, .iteration = once, .terms = 2, .term = term};
    without_gnuplot();
    expect_undrawn(gedi__draw_losses(folder, "odd", &f, &err), "odd");
    expect_in("odd.gp", "set label 'no finite value'");
    expect_not_in("odd.gp", "dashed");
    expect_in("odd.gp", "set label 'it''s'");
    f.n = 1;
    expect_undrawn(gedi__draw_losses(folder, "one", &f, &err), "one");
    expect_in("one.gp", "set xrange [5:6]");
    f.n = 0;
    expect_failure(gedi__draw_losses(folder, "l", &f, &err), GEDI_USAGE,
                   "figure 'l': 0 iterations of 2 terms; it needs 1 of each");
    f.n = 1;
    f.terms = 0;
    expect_failure(gedi__draw_losses(folder, "l", &f, &err), GEDI_USAGE, "of 0 terms");
}
END_TEST

/* ---- pictures ---- */

START_TEST(figures_are_drawn)
{
    if (!have_gnuplot())
        return;
    gedi__figure_clusters c = small_clusters();
    ck_assert_msg(!gedi__draw_clusters(folder, "clusters", &c, &err), "%s", err.msg);
    expect_png("clusters.png");
    c.clusters = 100;
    c.region = NULL;
    ck_assert_msg(!gedi__draw_clusters(folder, "hundred", &c, &err), "%s", err.msg);
    expect_png("hundred.png");

    const double log_density[] = {1.5, -400, NAN, -INFINITY, 2, 0};
    gedi__figure_density d = {
        .grid = {3, 2, -2, 2, -1, 1}, .log_density = log_density, .n = 4, .points = four};
    ck_assert_msg(!gedi__draw_density(folder, "density", &d, &err), "%s", err.msg);
    expect_png("density.png");

    make_series();
    const gedi__series term[] = {{"gen", NAN, spiked, NULL},
                                 {"prior", log(2), falling, NULL}};
    gedi__figure_losses l = {.n = LONG, .iteration = iteration, .terms = 2, .term = term};
    ck_assert_msg(!gedi__draw_losses(folder, "losses", &l, &err), "%s", err.msg);
    expect_png("losses.png");
    for (int i = 0; i < LONG; i++)
        spiked[i] = NAN;
    for (l.n = 1; l.n <= 3; l.n++)
        ck_assert_msg(!gedi__draw_losses(folder, "blank", &l, &err), "%s", err.msg);
    expect_png("blank.png");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("report");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, grid_surrounds_points);
    tcase_add_test(c, grid_of_odd_points);
    tcase_add_test(c, grid_centres_go_row_by_row);
    tcase_add_test(c, clusters_data);
    tcase_add_test(c, clusters_many);
    tcase_add_test(c, clusters_refused);
    tcase_add_test(c, density_data);
    tcase_add_test(c, density_colours_serve_the_data);
    tcase_add_test(c, density_flat_or_not_finite);
    tcase_add_test(c, losses_data);
    tcase_add_test(c, losses_narrow);
    tcase_add_test(c, losses_tiny);
    tcase_add_test(c, losses_of_a_page);
    tcase_add_test(c, losses_large);
    tcase_add_test(c, losses_long);
    tcase_add_test(c, losses_odd);
    tcase_add_test(c, figures_are_drawn);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
