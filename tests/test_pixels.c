/* test_pixels.c - images as their own features: means over cells by another way, the Frechet
 * distance of Gaussian images in closed form, and what is refused.
 */
#include "core/evaluate/pixels.h"
#include "gedi/metric.h"
#include "tests/testing.h"

#include <check.h>

static gedi_err err;

static gedi__pixels pixels_of(gedi_shape record, double mean, double std, int64_t side)
{
    gedi__pixels p;
    gedi_data_info info = {.record = record, .mean = mean, .std = std};
    ck_assert_msg(gedi__pixels_init(&p, &info, side, &err) == GEDI_OK, "%s", err.msg);
    return p;
}

/* Cells that do not end where pixels do: each pixel is repeated `side` times along both edges,
 * so that each cell has whole ones, as many as the edge has pixels. */
static double mean_of(const float *x, const int64_t *dim, int64_t side, int64_t i,
                      int64_t j, int64_t c)
{
    double sum = 0;
    for (int64_t k = i * dim[0]; k < (i + 1) * dim[0]; k++)
        for (int64_t l = j * dim[1]; l < (j + 1) * dim[1]; l++)
            sum += x[(k / side * dim[1] + l / side) * dim[2] + c];
    return sum / (double)(dim[0] * dim[1]);
}

START_TEST(means_over_cells)
{
    static const struct {
        int64_t high, wide, channels, side;
    } of[] = {{7, 5, 3, 3}, {28, 28, 1, 8}, {32, 32, 3, 8}, {6, 9, 2, 1}, {4, 4, 1, 4}};
    enum { N = 2, MOST = 32 * 32 * 3 };
    static float x[N * MOST], h[N * MOST];
    for (size_t a = 0; a < sizeof of / sizeof *of; a++) {
        gedi_shape s = GEDI_DIMS(of[a].high, of[a].wide, of[a].channels);
        gedi__pixels p = pixels_of(s, 0.4, 0.25, of[a].side);
        int64_t side = of[a].side, size = gedi_shape_size(s);
        ck_assert_int_eq(gedi__pixels_features(&p), side * side * s.dim[2]);
        testing_uniform(x, N * size, 3 + a, -3, 3);
        gedi__pixels_run(&p, x, N, h);
        const float *got = h;
        for (int64_t r = 0; r < N; r++)
            for (int64_t i = 0; i < side; i++)
                for (int64_t j = 0; j < side; j++)
                    for (int64_t c = 0; c < s.dim[2]; c++, got++) {
                        double mean = mean_of(x + r * size, s.dim, side, i, j, c);
                        ck_assert_msg(fabs(*got - (0.25 * mean + 0.4)) <= 1e-6,
                                      "case %d: %g, expected %g", (int)a, *got,
                                      0.25 * mean + 0.4);
                    }
    }
}
END_TEST

/* Side 0: every pixel, of images that are not square, too. */
START_TEST(all_pixels)
{
    enum { SIZE = 3 * 5 * 2 };
    float x[SIZE], h[SIZE];
    gedi__pixels p = pixels_of(GEDI_DIMS(3, 5, 2), 0.5, 0.5, 0);
    ck_assert_int_eq(gedi__pixels_features(&p), SIZE);
    testing_uniform(x, SIZE, 5, -1.5, 1.5);
    gedi__pixels_run(&p, x, 1, h);
    for (int i = 0; i < SIZE; i++)
        ck_assert_msg(fabs(h[i] - (0.5 + 0.5 * (double)x[i])) <= 1e-6, "%d: %g", i, h[i]);
}
END_TEST

/* Images whose pixels are normal with this mean and deviation, as a dataset with these standardises
 * them. */
static void draw_normal(float *x, int64_t n, uint64_t seed, double mean, double deviation,
                        const gedi__pixels *as)
{
    gedi_rng r = gedi_rng_at(seed, GEDI_STREAM_DATA, 0, 0);
    gedi_rng_fill_normal(&r, x, n);
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)((mean + deviation * (double)x[i] - as->shift) / as->scale);
}

/* Cells of 9 pixels: means are normal, their deviation is a third of that of pixels. */
START_TEST(distance_of_normal_images)
{
    enum { N = 8000, SIZE = 6 * 6, D = 4 };
    static float x[N * SIZE], hx[N * D], hy[N * D];
    double got[2], want = D * (0.2 * 0.2 + pow(0.2 / 3 - 0.1 / 3, 2));
    for (int k = 0; k < 2; k++) { /* however they are standardised */
        gedi__pixels p = pixels_of(GEDI_DIMS(6, 6, 1), k ? 0.5 : 0, k ? 0.25 : 1, 2);
        draw_normal(x, N * SIZE, 1, 0.5, 0.1, &p);
        gedi__pixels_run(&p, x, N, hx);
        draw_normal(x, N * SIZE, 2, 0.7, 0.2, &p); /* 7 of 100 pixels are above 1 */
        gedi__pixels_run(&p, x, N, hy);
        ck_assert_int_eq(gedi_frechet(hx, N, hy, N, D, &got[k], &err), GEDI_OK);
        ck_assert_msg(fabs(got[k] - want) <= 0.02 * want, "%g, expected %g", got[k],
                      want);
    }
    ck_assert_msg(fabs(got[0] - got[1]) <= 1e-5 * want, "%g and %g", got[0], got[1]);
}
END_TEST

static void refused(gedi_shape record, double std, int64_t side, gedi_status want,
                    const char *said)
{
    gedi__pixels p;
    gedi_data_info info = {.record = record, .std = std};
    ck_assert_int_eq(gedi__pixels_init(&p, &info, side, &err), want);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
}

START_TEST(refuses)
{
    refused(
        GEDI_DIMS(2), 0, 8, GEDI_SHAPE,
        "records, of shape [2], are images: the evaluator two_sample compares records "
        "of any kind");
    refused(GEDI_DIMS(8, 8, 3), 0, 8, GEDI_SHAPE, "of shape [8, 8, 3], are images");
    refused(GEDI_DIMS(9, 7, 1), 1, 8, GEDI_OPTION,
            "8 cells are more than the 7 pixels of an edge: take at most 7, or 0 for all "
            "pixels");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("pixels");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, means_over_cells);
    tcase_add_test(c, all_pixels);
    tcase_add_test(c, distance_of_normal_images);
    tcase_add_test(c, refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
