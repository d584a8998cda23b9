/* test_figure_samples.c - the figures of samples and of scores. */
#include "core/report/figure.h"
#include "tests/report.h"

#include <math.h>

/* ---- samples ---- */

static void axis_of(const char *file, double *low, double *high)
{
    const char *line = "";
    int got = 0;
    for (int i = 0; line && got != 2; i++)
        if ((line = line_of(file, i)))
            got = sscanf(line, "set xrange [%lf:%lf]", low, high);
    ck_assert_int_eq(got, 2);
}

START_TEST(samples_data)
{
    static const float sample[] = {10, 0, 0, 1, -1, 0.5f}, data[] = {0, 0, 1, 1};
    gedi__figure_samples f = {.title = "of it",
                              .subtitle = "3 samples",
                              .n = 3,
                              .samples = sample,
                              .data = 2,
                              .points = data};
    without_gnuplot();
    expect_undrawn(gedi__draw_samples(folder, "samples", &f, &err), "samples");
    ck_assert_int_eq(lines_of("samples.csv"), 4);
    ck_assert_str_eq(line_of("samples.csv", 0), "x,y");
    ck_assert_str_eq(line_of("samples.csv", 1), "10,0");
    ck_assert_str_eq(line_of("samples.csv", 3), "-1,0.5");
    ck_assert_int_eq(lines_of("samples-data.csv"), 3);
    expect_in("samples.gp", "'of it'");
    expect_in("samples.gp", "'3 samples'");
    double low, high; /* a sample far from the data is shown, too */
    axis_of("samples.gp", &low, &high);
    ck_assert(low < -1 && high > 10);
    f.n = 0;
    expect_failure(gedi__draw_samples(folder, "none", &f, &err), GEDI_USAGE,
                   "figure 'none': there are no samples");
}
END_TEST

/* Sorted points: those that are drawn are of all of them. */
START_TEST(samples_many)
{
    enum { MANY = 10000 };
    static float x[2 * MANY];
    for (int i = 0; i < MANY; i++)
        x[2 * i] = (float)i;
    gedi__figure_samples f = {.n = MANY, .samples = x, .data = MANY, .points = x};
    without_gnuplot();
    expect_undrawn(gedi__draw_samples(folder, "many", &f, &err), "many");
    ck_assert_int_eq(lines_of("many.csv"), 1 + 4000);
    ck_assert_int_eq(lines_of("many-data.csv"), 1 + 2000);
    ck_assert_str_eq(line_of("many-data.csv", 2000), "9995,0");
}
END_TEST

START_TEST(samples_are_drawn)
{
    float x[200];
    for (int i = 0; i < 200; i++)
        x[i] = sinf((float)i);
    gedi__figure_samples f = {.n = 50, .samples = x, .data = 50, .points = x + 100};
    if (!have_gnuplot())
        return;
    ck_assert_msg(gedi__draw_samples(folder, "samples", &f, &err) == GEDI_OK, "%s",
                  err.msg);
    expect_png("samples.png");
}
END_TEST

/* ---- histograms ---- */

enum { MANY = 1000 };

START_TEST(histograms_data)
{
    static float a[MANY], b[2 * MANY];
    for (int i = 0; i < MANY; i++)
        a[i] = (float)i / MANY; /* uniform in [0, 1) */
    for (int i = 0; i < 2 * MANY; i++)
        b[i] = i % 2 ? NAN : 0.25f;
    b[0] = 1e9f; /* one alone does not take all of the width */
    const gedi__sample_series of[] = {{"ours", MANY, a},
                                      {"theirs: it's, 3", 2 * MANY, b}};
    const gedi__histogram_panel panel[] = {{"s(x)", 2, of}, {"again", 1, of}};
    gedi__figure_histograms f = {
        .title = "of it", .subtitle = "scores", .panels = 2, .panel = panel};
    without_gnuplot();
    expect_undrawn(gedi__draw_histograms(folder, "ood", &f, &err), "ood");
    ck_assert_str_eq(line_of("ood-1.csv", 0), "value of s(x),ours,theirs: it's_ 3");
    ck_assert_int_eq(lines_of("ood-1.csv"), 1 + 80);
    ck_assert_str_eq(line_of("ood-2.csv", 0), "value of again,ours");
    double sum[2] = {0}, x, last = -1, ours, theirs;
    for (int i = 1; i <= 80; i++) {
        ck_assert_int_eq(
            sscanf(line_of("ood-1.csv", i), "%lf,%lf,%lf", &x, &ours, &theirs), 3);
        ck_assert_msg(x > last && x > 0 && x < 1, "bin %d is at %g", i, x);
        ck_assert_msg(fabs(ours - 0.0125) <= 0.002, "bin %d has %g", i, ours);
        last = x;
        sum[0] += ours;
        sum[1] += theirs;
    }
    ck_assert_msg(fabs(sum[0] - 0.99) <= 0.005, "%g of ours are shown", sum[0]);
    /* Half are no numbers, and one lies outside. */
    ck_assert_msg(fabs(sum[1] - 0.4995) <= 1e-6, "%g of theirs are shown", sum[1]);
    expect_in("ood.gp", "title 'theirs: it''s, 3'");
    expect_in("ood.gp", "set label 's(x)'");
    expect_in("ood.gp", "'scores'");
    ck_assert_int_eq(count_in("ood.gp", "with boxes"), 2);
    ck_assert_int_eq(count_in("ood.gp", "with histeps"), 3);
}
END_TEST

START_TEST(histograms_odd)
{
    const float same[] = {3, 3, 3}, none[] = {NAN, INFINITY};
    const gedi__sample_series of[] = {
        {"same", 3, same}, {"none", 2, none}, {"empty", 0, same}};
    gedi__histogram_panel panel = {"p", 2, of};
    gedi__figure_histograms f = {.panels = 1, .panel = &panel};
    without_gnuplot();
    expect_undrawn(gedi__draw_histograms(folder, "odd", &f, &err), "odd");
    expect_not_in("odd-1.csv", "NaN");
    double x, share, other, sum = 0;
    for (int i = 1; i <= 80; i++) {
        ck_assert_int_eq(
            sscanf(line_of("odd-1.csv", i), "%lf,%lf,%lf", &x, &share, &other), 3);
        ck_assert(fabs(x - 3) < 1e-3 && other == 0);
        sum += share;
    }
    ck_assert(fabs(sum - 1) <= 1e-6);
    panel = (gedi__histogram_panel){"p", 1, of + 1};
    expect_undrawn(gedi__draw_histograms(folder, "none", &f, &err), "none");
    panel = (gedi__histogram_panel){"p", 3, of};
    expect_failure(gedi__draw_histograms(folder, "h", &f, &err), GEDI_USAGE,
                   "figure 'h': empty has no values");
    f.panels = 5;
    expect_failure(gedi__draw_histograms(folder, "h", &f, &err), GEDI_USAGE,
                   "figure 'h': 5 histograms; it can have 1 to 4");
    f.panels = 0;
    expect_failure(gedi__draw_histograms(folder, "h", &f, &err), GEDI_USAGE,
                   "0 histograms");
}
END_TEST

START_TEST(histograms_are_drawn)
{
    float x[MANY];
    for (int i = 0; i < MANY; i++)
        x[i] = sinf((float)i);
    const gedi__sample_series of[] = {{"ours", MANY, x}, {"theirs", MANY / 3, x}};
    const gedi__histogram_panel panel[] = {
        {"one", 2, of}, {"two", 1, of}, {"three", 2, of}};
    gedi__figure_histograms f = {.panels = 3, .panel = panel};
    if (!have_gnuplot())
        return;
    ck_assert_msg(gedi__draw_histograms(folder, "h", &f, &err) == GEDI_OK, "%s", err.msg);
    expect_png("h.png");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("figure_samples");
    TCase *c = tcase_create("samples");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, samples_data);
    tcase_add_test(c, samples_many);
    tcase_add_test(c, samples_are_drawn);
    suite_add_tcase(s, c);
    c = tcase_create("histograms");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, histograms_data);
    tcase_add_test(c, histograms_odd);
    tcase_add_test(c, histograms_are_drawn);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
