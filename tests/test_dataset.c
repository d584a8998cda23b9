/* test_dataset.c - moons, circles and Gaussian noise: geometry, statistics, seeds. */
#include "tests/component.h"
#include "tests/fixture/dataset_points.h"

#include <math.h>

extern const gedi_dataset gedi_dataset_moons, gedi_dataset_circles;
extern const gedi_view gedi_view_gaussian_noise;

static const gedi_dataset *const dataset[] = {&gedi_dataset_moons, &gedi_dataset_circles};
enum { DATASETS = sizeof dataset / sizeof dataset[0] };

/* All records of a dataset. */
typedef struct records {
    component c;
    const gedi_dataset *plugin;
    gedi_data_info info;
    float *x[GEDI_SPLITS]; /* [N, 2] */
    int32_t *label[GEDI_SPLITS];
} records;

static records records_new(const gedi_dataset *d, const char *options, uint64_t seed)
{
    records r = {.c = component_new(d, options), .plugin = d};
    gedi_open open = {.seed = seed, .directory = "."};
    gedi_err err = {0};
    ck_assert_msg(d->open(r.c.self, &open, &r.info, &err) == GEDI_OK, "%s", err.msg);
    ck_assert(gedi_shape_equal(r.info.record, GEDI_DIMS(2)));
    ck_assert_int_eq(r.info.classes, 2);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        int64_t n = r.info.count[s];
        ck_assert(r.info.labelled[s]);
        r.x[s] = malloc((size_t)n * 2 * sizeof(float));
        r.label[s] = malloc((size_t)n * sizeof(int32_t));
        ck_assert(r.x[s] && r.label[s]);
        for (int64_t i = 0; i < n; i++)
            ck_assert_int_eq(
                d->read(r.c.self, (gedi_split)s, i, r.x[s] + 2 * i, r.label[s] + i, NULL),
                GEDI_OK);
    }
    return r;
}

static void records_free(records *r)
{
    r->plugin->close(r->c.self);
    component_free(&r->c);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(r->x[s]);
        free(r->label[s]);
    }
}

static bool same_bytes(const records *a, const records *b, int split)
{
    ck_assert(a->info.count[split] == b->info.count[split]);
    return !memcmp(a->x[split], b->x[split],
                   (size_t)a->info.count[split] * 2 * sizeof(float));
}

/* ---- geometry ---- */

static void expect_points(const records *r, int split, const double (*want)[3])
{
    ck_assert_int_eq(r->info.count[split], 11);
    for (int i = 0; i < 11; i++) {
        double dx = r->x[split][2 * i] - want[i][0];
        double dy = r->x[split][2 * i + 1] - want[i][1];
        ck_assert_msg(fabs(dx) <= 1e-7 && fabs(dy) <= 1e-7, "record %d: %g and %g off", i,
                      dx, dy);
        ck_assert_int_eq(r->label[split][i], (int)want[i][2]);
    }
}

START_TEST(as_scikit_learn)
{
    records r =
        records_new(&gedi_dataset_moons, "noise=0 angles=even train=11 test=11", 0);
    expect_points(&r, GEDI_TRAIN, moons_points);
    expect_points(&r, GEDI_TEST, moons_points);
    records_free(&r);
    r = records_new(&gedi_dataset_circles,
                    "noise=0 angles=even train=11 test=11 factor=0.3", 0);
    expect_points(&r, GEDI_TRAIN, circles_points);
    expect_points(&r, GEDI_TEST, circles_points);
    records_free(&r);
}
END_TEST

/* The place of record i on its curve, in [0, 1): without noise, and moons not centred. */
static double share_of(const records *r, int split, int64_t i)
{
    static const double pi = 3.14159265358979323846;
    double x = r->x[split][2 * i], y = r->x[split][2 * i + 1];
    if (r->plugin == &gedi_dataset_moons && r->label[split][i])
        return atan2(0.5 - y, 1 - x) / pi;
    if (r->plugin == &gedi_dataset_moons)
        return atan2(y, x) / pi;
    double turn = atan2(y, x) / (2 * pi);
    return turn < 0 ? turn + 1 : turn;
}

/* Uniform: the largest distance to the uniform distribution, by Kolmogorov and Smirnov, of each
 * class in each split. Train and test, and both classes, have nothing to do with each other. */
START_TEST(angles_are_drawn)
{
    enum { N = 4000, BINS = 1000 };
    records r = records_new(dataset[_i], "noise=0 train=8000 test=8000", 9);
    double mean[2][2] = {{0}}, product[3] = {0};
    for (int s = 0; s < GEDI_SPLITS; s++)
        for (int k = 0; k < 2; k++) {
            int below[BINS] = {0}, sum = 0;
            double most = 0;
            for (int i = 0; i < N; i++) {
                double u = share_of(&r, s, k * N + i);
                ck_assert_msg(u >= -1e-6 && u <= 1 + 1e-6, "%g", u);
                below[(int)fmin(fmax(u, 0) * BINS, BINS - 1)]++;
                mean[s][k] += u / N;
            }
            for (int b = 0; b < BINS; b++) {
                sum += below[b];
                most = fmax(most, fabs((double)sum / N - (b + 1.0) / BINS));
            }
            ck_assert_msg(most <= 2 / sqrt(N), "split %d, class %d: %g", s, k, most);
            ck_assert_msg(most > 0.1 / sqrt(N), "split %d, class %d are even: %g", s, k,
                          most);
        }
    for (int i = 0; i < N; i++) {
        double u = share_of(&r, 0, i) - 0.5, v = share_of(&r, 1, i) - 0.5;
        double w = share_of(&r, 0, N + i) - 0.5;
        product[0] += u * v * 12 / N;
        product[1] += u * w * 12 / N;
        product[2] += u * (share_of(&r, 0, (i + 1) % N) - 0.5) * 12 / N;
    }
    for (int i = 0; i < 3; i++)
        ck_assert_msg(fabs(product[i]) <= 5 / sqrt(N), "correlation %d: %g", i,
                      product[i]);
    records_free(&r);
}
END_TEST

/* The option moves records along their curve and nothing else: the noise is the same. */
START_TEST(noise_does_not_depend_on_angles)
{
    records a = records_new(dataset[_i], "noise=0.2 train=50 test=50", 9);
    records b = records_new(dataset[_i], "noise=0 train=50 test=50", 9);
    records c = records_new(dataset[_i], "noise=0.2 angles=even train=50 test=50", 9);
    records d = records_new(dataset[_i], "noise=0 angles=even train=50 test=50", 9);
    ck_assert(!same_bytes(&b, &d, GEDI_TRAIN));
    ck_assert(!memcmp(d.x[GEDI_TRAIN], d.x[GEDI_TEST], 100 * sizeof(float)));
    ck_assert(memcmp(b.x[GEDI_TRAIN], b.x[GEDI_TEST], 100 * sizeof(float)));
    for (int i = 0; i < 100; i++) {
        double drawn = a.x[GEDI_TEST][i] - b.x[GEDI_TEST][i];
        double even = c.x[GEDI_TEST][i] - d.x[GEDI_TEST][i];
        ck_assert_msg(fabs(drawn - even) <= 1e-6, "%g and %g", drawn, even);
    }
    records_free(&a);
    records_free(&b);
    records_free(&c);
    records_free(&d);
}
END_TEST

/* Angles and noise come from words of their own. With one word for both, the length of record i's
 * noise, two numbers of two words, would be that of the angle of record 2 i. */
START_TEST(angles_and_noise_are_apart)
{
    enum { N = 2000 };
    records noisy = records_new(dataset[_i], "noise=0.5 train=8000 test=2", 9);
    records clean = records_new(dataset[_i], "noise=0 train=8000 test=2", 9);
    double product[2] = {0};
    for (int64_t i = 0; i < N; i++) {
        const float *a = noisy.x[GEDI_TRAIN] + 2 * i, *b = clean.x[GEDI_TRAIN] + 2 * i;
        double dx = (a[0] - b[0]) / 0.5, dy = (a[1] - b[1]) / 0.5;
        double length = 1 - exp(-(dx * dx + dy * dy) / 2); /* uniform, too */
        for (int k = 0; k < 2; k++)
            product[k] +=
                (length - 0.5) * (share_of(&clean, GEDI_TRAIN, 2 * i + k) - 0.5) * 12 / N;
    }
    for (int k = 0; k < 2; k++)
        ck_assert_msg(fabs(product[k]) <= 5 / sqrt(N), "correlation %d: %g", k,
                      product[k]);
    records_free(&noisy);
    records_free(&clean);
}
END_TEST

START_TEST(one_record)
{
    records r = records_new(dataset[_i], "noise=0 angles=even train=1 test=2", 0);
    ck_assert_int_eq(r.label[GEDI_TRAIN][0], 1);
    ck_assert_int_eq(r.label[GEDI_TEST][0], 0);
    ck_assert_int_eq(r.label[GEDI_TEST][1], 1);
    for (int i = 0; i < 2; i++)
        ck_assert(isfinite(r.x[GEDI_TRAIN][i]));
    records_free(&r);
}
END_TEST

static void mean_of(const records *r, int split, double mean[2])
{
    mean[0] = mean[1] = 0.0;
    int64_t n = r->info.count[split];
    for (int64_t i = 0; i < 2 * n; i++)
        mean[i % 2] += (double)r->x[split][i] / (double)n;
}

START_TEST(moons_centred)
{
    double mean[2];
    records r = records_new(&gedi_dataset_moons, "noise=0 angles=even center=true", 0);
    mean_of(&r, GEDI_TRAIN, mean);
    ck_assert(fabs(mean[0]) <= 1e-6 && fabs(mean[1]) <= 1e-6);
    records_free(&r);
    r = records_new(&gedi_dataset_moons, "noise=0 angles=even", 0);
    mean_of(&r, GEDI_TRAIN, mean);
    ck_assert(fabs(mean[0] - 0.5) <= 1e-6 && fabs(mean[1] - 0.25) <= 1e-6);
    records_free(&r);
}
END_TEST

/* The scale multiplies arcs and noise alike; powers of two keep every bit. */
START_TEST(scaled)
{
    records a = records_new(dataset[_i], "noise=0.1 train=100 test=50", 5);
    records b = records_new(dataset[_i], "noise=0.1 train=100 test=50 scale=4", 5);
    for (int i = 0; i < 200; i++)
        ck_assert(4.0f * a.x[GEDI_TRAIN][i] == b.x[GEDI_TRAIN][i]);
    records_free(&a);
    records_free(&b);
}
END_TEST

/* ---- noise ---- */

typedef struct moments {
    double mean, variance, fourth;
} moments;

/* Of (noisy - clean)[i, axis] / std. */
static moments residual(const records *noisy, const records *clean, int split, int axis,
                        double std)
{
    int64_t n = noisy->info.count[split];
    moments m = {0};
    for (int64_t i = 0; i < n; i++) {
        double r = (double)noisy->x[split][2 * i + axis] - clean->x[split][2 * i + axis];
        r /= std;
        m.mean += r / (double)n;
        m.variance += r * r / (double)n;
        m.fourth += r * r * r * r / (double)n;
    }
    return m;
}

static double correlation(const records *noisy, const records *clean, int s1, int axis1,
                          int s2, int axis2, int64_t n, double std)
{
    double sum = 0.0;
    for (int64_t i = 0; i < n; i++) {
        double a = (double)noisy->x[s1][2 * i + axis1] - clean->x[s1][2 * i + axis1];
        double b = (double)noisy->x[s2][2 * i + axis2] - clean->x[s2][2 * i + axis2];
        sum += a * b / (std * std) / (double)n;
    }
    return sum;
}

/* Within five standard errors of N(0, 1): variance of r, r^2, r^4 is 1, 2, 96. */
START_TEST(noise_is_normal)
{
    records noisy = records_new(dataset[_i], "noise=0.2 test=10000", 7);
    records clean = records_new(dataset[_i], "noise=0 test=10000", 7);
    int64_t n = clean.info.count[GEDI_TRAIN];
    double five = 5.0 / sqrt((double)n);
    for (int s = 0; s < GEDI_SPLITS; s++)
        for (int axis = 0; axis < 2; axis++) {
            moments m = residual(&noisy, &clean, s, axis, 0.2);
            ck_assert_msg(fabs(m.mean) <= five, "mean %g", m.mean);
            ck_assert_msg(fabs(m.variance - 1.0) <= five * sqrt(2.0), "variance %g",
                          m.variance);
            ck_assert_msg(fabs(m.fourth - 3.0) <= five * sqrt(96.0), "fourth %g",
                          m.fourth);
        }
    double xy = correlation(&noisy, &clean, 0, 0, 0, 1, n, 0.2);
    double train_test = correlation(&noisy, &clean, 0, 0, 1, 0, n, 0.2);
    ck_assert_msg(fabs(xy) <= five, "x and y: %g", xy);
    ck_assert_msg(fabs(train_test) <= five, "train and test: %g", train_test);
    records_free(&noisy);
    records_free(&clean);
}
END_TEST

START_TEST(balanced_classes)
{
    records r = records_new(dataset[_i], "", 1);
    ck_assert_int_eq(r.info.count[GEDI_TRAIN], 10000);
    ck_assert_int_eq(r.info.count[GEDI_TEST], 2000);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        int64_t ones = 0;
        for (int64_t i = 0; i < r.info.count[s]; i++) {
            ck_assert(r.label[s][i] == 0 || r.label[s][i] == 1);
            ones += r.label[s][i];
        }
        ck_assert_int_eq(2 * ones, r.info.count[s]);
    }
    records_free(&r);
}
END_TEST

START_TEST(seeds)
{
    records a = records_new(dataset[_i], "train=500 test=500", 3);
    records b = records_new(dataset[_i], "train=500 test=500", 3);
    records c = records_new(dataset[_i], "train=500 test=500", 4);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        ck_assert(same_bytes(&a, &b, s));
        ck_assert(!same_bytes(&a, &c, s));
    }
    /* Read again, backwards: the same bytes, so nothing depends on the order. */
    for (int64_t i = 499; i >= 0; i--) {
        float x[2];
        int32_t label;
        ck_assert_int_eq(dataset[_i]->read(a.c.self, GEDI_TEST, i, x, &label, NULL),
                         GEDI_OK);
        ck_assert(!memcmp(x, a.x[GEDI_TEST] + 2 * i, sizeof x));
        ck_assert_int_eq(label, a.label[GEDI_TEST][i]);
    }
    records_free(&a);
    records_free(&b);
    records_free(&c);
}
END_TEST

/* ---- the view gaussian_noise ---- */

static void apply(const char *options, gedi_shape shape, float *x, uint32_t record)
{
    int64_t n = gedi_shape_size(shape);
    component c = component_new(&gedi_view_gaussian_noise, options);
    float *scratch = malloc((size_t)n * sizeof *scratch);
    ck_assert_ptr_nonnull(scratch);
    for (int64_t i = 0; i < n; i++)
        scratch[i] = NAN; /* its content must not matter */
    gedi_rng rng = gedi_rng_at(11, GEDI_STREAM_VIEW, 2, record);
    gedi_view_gaussian_noise.apply(c.self, shape, x, scratch, &rng);
    free(scratch);
    component_free(&c);
}

START_TEST(view_statistics)
{
    enum { N = 100 * 100 * 3 };
    float *x = malloc(N * sizeof *x);
    ck_assert_ptr_nonnull(x);
    for (int i = 0; i < N; i++)
        x[i] = 2.0f;
    apply("std=0.5", GEDI_DIMS(100, 100, 3), x, 0);
    double mean = 0.0, square = 0.0, five = 5.0 / sqrt(N);
    for (int i = 0; i < N; i++) {
        double r = ((double)x[i] - 2.0) / 0.5;
        mean += r / N;
        square += r * r / N;
    }
    ck_assert_msg(fabs(mean) <= five, "mean %g", mean);
    ck_assert_msg(fabs(square - 1.0) <= five * sqrt(2.0), "variance %g", square);
    free(x);
}
END_TEST

START_TEST(view_positions)
{
    float a[3] = {1, 2, 3}, b[3] = {1, 2, 3}, c[3] = {1, 2, 3}, d[3] = {1, 2, 3};
    apply("", GEDI_DIMS(3), a, 0);
    apply("", GEDI_DIMS(3), b, 0);
    apply("", GEDI_DIMS(3), c, 1);
    apply("std=0", GEDI_DIMS(3), d, 0);
    ck_assert(!memcmp(a, b, sizeof a));
    for (int i = 0; i < 3; i++) {
        ck_assert(a[i] != c[i] && a[i] != (float)(i + 1));
        ck_assert(fabsf(a[i] - (float)(i + 1)) < 0.3f); /* ten times the default 0.03 */
        ck_assert(d[i] == (float)(i + 1));
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("dataset");
    TCase *c = tcase_create("plane");
    tcase_add_test(c, as_scikit_learn);
    tcase_add_test(c, moons_centred);
    tcase_add_loop_test(c, angles_are_drawn, 0, DATASETS);
    tcase_add_loop_test(c, noise_does_not_depend_on_angles, 0, DATASETS);
    tcase_add_loop_test(c, angles_and_noise_are_apart, 0, DATASETS);
    tcase_add_loop_test(c, one_record, 0, DATASETS);
    tcase_add_loop_test(c, scaled, 0, DATASETS);
    tcase_add_loop_test(c, noise_is_normal, 0, DATASETS);
    tcase_add_loop_test(c, balanced_classes, 0, DATASETS);
    tcase_add_loop_test(c, seeds, 0, DATASETS);
    suite_add_tcase(s, c);
    c = tcase_create("gaussian_noise");
    tcase_add_test(c, view_statistics);
    tcase_add_test(c, view_positions);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
