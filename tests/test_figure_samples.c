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
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
