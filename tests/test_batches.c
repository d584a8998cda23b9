/* test_batches.c - batches of images: views of pixels see [0, 1], wherever they stand in a pipeline
 * and however the dataset standardises.
 */
#include "core/train/batches.h"
#include "tests/experiment.h"

#include <math.h>

enum { RECORDS = 20, BATCH = 8, PIXELS = 32 * 32, NUMBERS = 3 * PIXELS };

static gedi_err err;

static uint8_t byte_of(int record, int at)
{
    return (uint8_t)(record * 31 + at * 17 + at / 256);
}

/* Files of CIFAR-10, each with four records. */
static void setup(void)
{
    experiment_setup();
    for (int f = 0; f < 6; f++) {
        uint8_t b[4][1 + NUMBERS];
        char name[] = "data_batch_0.bin";
        name[11] = (char)('1' + f);
        for (int i = 0; i < 4; i++) {
            b[i][0] = (uint8_t)i;
            for (int j = 0; j < NUMBERS; j++)
                b[i][1 + j] = byte_of(4 * f + i, j);
        }
        ck_assert_int_eq(
            gedi__file_write(experiment_path(f < 5 ? name : "test_batch.bin"), b,
                             sizeof b, &err),
            GEDI_OK);
    }
}

static gedi__experiment *experiment_of(const char *options, const char *views)
{
    char dataset[256];
    snprintf(dataset, sizeof dataset, "{cifar10: {path: ., %s}}", options);
    return experiment_new((setting){.dataset = dataset,
                                    .views = views,
                                    .sampler = "",
                                    .objective = "{gedi_no_gen: {clusters: 2}}",
                                    .train = "{iterations: 5, batch: 8}"});
}

/* The batch of iteration 1 under each of the first n pipelines, [n, BATCH, NUMBERS]. */
static float *batch_of(const char *options, const char *views, int n)
{
    gedi__experiment *e = experiment_of(options, views);
    gedi__batches b;
    float *x = malloc((size_t)(n * BATCH * NUMBERS) * sizeof *x);
    ck_assert_ptr_nonnull(x);
    ck_assert_msg(gedi__batches_open(&b, e, e->stage, &err) == GEDI_OK, "%s", err.msg);
    for (int v = 0; v < n; v++)
        ck_assert_int_eq(
            gedi__batches_fill(&b, 1, v, x + v * BATCH * NUMBERS, NULL, &err), GEDI_OK);
    gedi__batches_close(&b);
    gedi__experiment_free(e);
    return x;
}

static void ck_close(const char *what, const float *x, const float *y, double tolerance)
{
    double worst = 0;
    for (int i = 0; i < BATCH * NUMBERS; i++) {
        double e = fabs((double)x[i] - (double)y[i]);
        worst = isfinite(e) ? fmax(worst, e) : INFINITY;
    }
    ck_assert_msg(worst <= tolerance, "%s: off by %g", what, worst);
}

/* What the views make of standardised records is what they make of pixels, standardised. */
START_TEST(standardised)
{
    static const char *const views[] = {
        "[[], [gray_scale: {p: 1}]]",
        "[[], [color_jitter: {p: 1}]]",
        ("[[], [random_crop: {}, color_jitter: {p: 1}, horizontal_flip: {}, gray_scale: "
         "{p: 0.5}]]"), /* one text: clang asks */
        "[[], [random_crop: {}, horizontal_flip: {}]]",
    };
    float *raw = batch_of("mean: 0, std: 1", views[_i], 2);
    float *x = batch_of("mean: 0.48, std: 0.25", views[_i], 2);
    int outside = 0;
    for (int i = 0; i < 2 * BATCH * NUMBERS; i++) {
        outside += !(raw[i] >= 0 && raw[i] <= 1);
        raw[i] = (raw[i] - 0.48f) / 0.25f;
    }
    ck_assert_int_eq(outside, 0);
    /* Rounding of a standardised number, and what a step of color_jitter makes of it. */
    ck_close("no view", x, raw, 1e-6);
    ck_close(views[_i], x + BATCH * NUMBERS, raw + BATCH * NUMBERS, 1e-4);
    free(raw);
    free(x);
}
END_TEST

/* Noise is in units of the record, before or after what needs pixels. */
START_TEST(noise_in_standard_units)
{
    float *x = batch_of(
        "mean: 0.48, std: 0.25",
        "[[gray_scale: {p: 0}], [gray_scale: {p: 0}, gaussian_noise: {std: 0.5}],"
        " [gaussian_noise: {std: 0.5}, random_crop: {padding: 0}]]",
        3);
    for (int v = 1; v < 3; v++) {
        double square = 0;
        for (int i = 0; i < BATCH * NUMBERS; i++) {
            double d = (double)x[v * BATCH * NUMBERS + i] - (double)x[i];
            square += d * d / (BATCH * NUMBERS);
        }
        /* Five deviations of a variance of 24576 numbers. */
        ck_assert_msg(fabs(square / 0.25 - 1) <= 5 * sqrt(2.0 / (BATCH * NUMBERS)),
                      "view %d: variance %g", v, square);
    }
    free(x);
}
END_TEST

/* The grey of what noise left in [0, 1] or outside: a pixel view after a view of numbers. */
START_TEST(pixels_after_noise)
{
    float *x = batch_of(
        "mean: 0.5, std: 0.25",
        "[[gaussian_noise: {std: 0.5}, gray_scale: {p: 1}], [gray_scale: {p: 1}]]", 2);
    double square = 0;
    int coloured = 0;
    for (int i = 0; i < BATCH * PIXELS; i++) {
        const float *p = x + 3 * i, *q = p + BATCH * NUMBERS;
        coloured += !(p[0] == p[1] && p[1] == p[2]);
        square += pow((double)p[0] - (double)q[0], 2) / (BATCH * PIXELS);
    }
    ck_assert_int_eq(coloured, 0);
    /* Grey is a weighted sum of three independent noises. */
    double want = 0.25 * (0.2989 * 0.2989 + 0.587 * 0.587 + 0.114 * 0.114);
    ck_assert_msg(fabs(square / want - 1) <= 5 * sqrt(2.0 / (BATCH * PIXELS)),
                  "%g, not %g", square, want);
    free(x);
}
END_TEST

/* Every record of the first epoch once, as it is in the files. */
START_TEST(records)
{
    gedi__experiment *e = experiment_of("mean: 0, std: 1", "[[]]");
    gedi__batches b;
    float *x = malloc(BATCH * NUMBERS * sizeof *x);
    bool seen[RECORDS] = {false};
    ck_assert_ptr_nonnull(x);
    ck_assert_msg(gedi__batches_open(&b, e, e->stage, &err) == GEDI_OK, "%s", err.msg);
    for (int k = 0; k < RECORDS / BATCH; k++) {
        ck_assert_int_eq(gedi__batches_fill(&b, k, 0, x, NULL, &err), GEDI_OK);
        for (int i = 0; i < BATCH; i++) {
            int found = -1;
            for (int r = 0; r < RECORDS; r++)
                if (lrintf(255 * x[i * NUMBERS]) == byte_of(r, 0) &&
                    lrintf(255 * x[i * NUMBERS + 1]) == byte_of(r, PIXELS) &&
                    lrintf(255 * x[i * NUMBERS + 3]) == byte_of(r, 1))
                    found = r;
            ck_assert_int_ge(found, 0);
            ck_assert(!seen[found]);
            seen[found] = true;
        }
    }
    gedi__batches_close(&b);
    gedi__experiment_free(e);
    free(x);
}
END_TEST

/* Records of a few numbers are done together, those of figures one by one. */
START_TEST(small_records)
{
    enum { MANY = 37 };
    gedi__experiment *e = experiment_new(
        (setting){.dataset = "{moons: {train: 80, test: 10}}",
                  .views = "[[gaussian_noise: {std: 1}, gaussian_noise: {std: 0.1}], []]",
                  .train = "{iterations: 5, batch: 37}"});
    gedi__batches b;
    float x[MANY][2], one[2];
    ck_assert_msg(gedi__batches_open(&b, e, e->stage, &err) == GEDI_OK, "%s", err.msg);
    for (int v = 0; v < 2; v++) {
        ck_assert_int_eq(gedi__batches_fill(&b, 0, v, x[0], NULL, &err), GEDI_OK);
        for (int i = 0; i < MANY; i++) {
            ck_assert_int_eq(gedi__batches_look(&b, i, v, 0, one, &err), GEDI_OK);
            ck_assert_mem_eq(x[i], one, sizeof one);
        }
    }
    gedi__batches_close(&b);
    gedi__experiment_free(e);
}
END_TEST

START_TEST(no_pixels)
{
    gedi__experiment *e = experiment_new((setting){.views = "[[color_jitter: {}], []]"});
    gedi__batches b;
    ck_assert_int_eq(gedi__batches_open(&b, e, e->stage, &err), GEDI_SHAPE);
    ck_assert_msg(strstr(err.msg,
                         "view color_jitter is for images [H, W, 3], but records have "
                         "shape [2]"),
                  "%s", err.msg);
    gedi__experiment_free(e);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("batches");
    TCase *c = tcase_create("images");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, standardised, 0, 4);
    tcase_add_test(c, noise_in_standard_units);
    tcase_add_test(c, pixels_after_noise);
    tcase_add_test(c, records);
    tcase_add_test(c, small_records);
    tcase_add_test(c, no_pixels);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
