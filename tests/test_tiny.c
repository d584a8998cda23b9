/* test_tiny.c - the synthetic images: each class covers the share of its box that geometry says, colours
 * tell nothing, and everything comes from the seed.
 */
#include "tests/component.h"

#include <math.h>
#include <stdio.h>

extern const gedi_dataset gedi_dataset_tiny;

static const gedi_dataset *const set = &gedi_dataset_tiny;

static component open_with(const char *options, uint64_t seed, gedi_data_info *info)
{
    gedi_err err = {0};
    component c = component_new(set, options);
    ck_assert_msg(set->open(c.self, &(gedi_open){.seed = seed, .directory = "."}, info,
                            &err) == GEDI_OK,
                  "%s", err.msg);
    return c;
}

static void close_it(component *c)
{
    set->close(c->self);
    component_free(c);
}

enum { SIDE = 64, PIXELS = SIDE * SIDE };

/* Of a disc pi / 4, of a square all, of a triangle half, of a cross 5 / 9, of a ring pi / 4 (1 - .36), of
 * stripes 3 of 5, of checks 13 of 25. The box is what is covered, to a pixel. */
START_TEST(shapes)
{
    static const double share[] = {M_PI / 4,        1,   0.5, 5.0 / 9,
                                   M_PI / 4 * 0.64, 0.6, 0.6, 13.0 / 25};
    gedi_data_info info;
    component c = open_with("side=64 classes=8 color=grey noise=0 mean=0 std=1 train=400",
                            3, &info);
    int bright = 0;
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(SIDE, SIDE, 1)));
    ck_assert(info.classes == 8 && info.count[GEDI_TRAIN] == 400);
    for (int i = 0; i < 400; i++) {
        static float x[PIXELS];
        int32_t label;
        int top = SIDE, left = SIDE, bottom = -1, right = -1;
        double sum = 0, ground, least = 1, most = 0;
        ck_assert_int_eq(set->read(c.self, GEDI_TRAIN, i, x, &label, NULL), GEDI_OK);
        ck_assert_int_eq(label, i % 8);
        ground = x[0] == x[SIDE - 1] ? (double)x[0] : (double)x[PIXELS - 1];
        for (int k = 0; k < PIXELS; k++) {
            least = fmin(least, (double)x[k]);
            most = fmax(most, (double)x[k]);
        }
        ck_assert(least >= 0 && least <= 0.41 && most >= 0.59 && most <= 1);
        bright += ground < 0.5;
        for (int k = 0; k < PIXELS; k++) {
            double cover = fabs((double)x[k] - ground) / (most - least);
            sum += cover;
            if (cover < 0.5)
                continue;
            top = k / SIDE < top ? k / SIDE : top;
            bottom = k / SIDE > bottom ? k / SIDE : bottom;
            left = k % SIDE < left ? k % SIDE : left;
            right = k % SIDE > right ? k % SIDE : right;
        }
        int high = bottom - top + 1, wide = right - left + 1;
        ck_assert_msg(high >= 28 && high <= 53 && wide >= 28 && wide <= 53,
                      "record %d: %d x %d", i, high, wide);
        double is = sum / (high * wide);
        ck_assert_msg(fabs(is - share[label]) <= 0.06, "record %d, class %d: %g, not %g",
                      i, label, is, share[label]);
    }
    ck_assert(bright > 150 && bright < 250); /* five deviations of a half */
    close_it(&c);
}
END_TEST

/* The same seed, the same bytes; another, others. Training and test records differ. */
START_TEST(seeds)
{
    gedi_data_info info;
    float x[768], y[768], z[768];
    int32_t label;
    component a = open_with("", 1, &info), b = open_with("", 1, &info),
              other = open_with("", 2, &info);
    ck_assert(gedi_shape_equal(info.record, GEDI_DIMS(16, 16, 3)));
    ck_assert(info.mean == 0.5 && info.std == 0.3 && info.labelled[GEDI_TEST]);
    for (int i = 0; i < 128; i++) {
        set->read(a.self, GEDI_TRAIN, i, x, &label, NULL);
        set->read(b.self, GEDI_TRAIN, i, y, &label, NULL);
        set->read(other.self, GEDI_TRAIN, i, z, &label, NULL);
        ck_assert(!memcmp(x, y, sizeof x) && memcmp(x, z, sizeof x));
        set->read(a.self, GEDI_TEST, i, y, &label, NULL);
        ck_assert(memcmp(x, y, sizeof x));
    }
    close_it(&a);
    close_it(&b);
    close_it(&other);
}
END_TEST

/* Where there is noise, it has the deviation that is stated; the shape is the same. */
START_TEST(noise)
{
    gedi_data_info info;
    static float x[3 * PIXELS], y[3 * PIXELS];
    int32_t label;
    double sum = 0, square = 0;
    int n = 0;
    component still = open_with("side=64 noise=0 mean=0 std=1 train=8", 1, &info);
    component loud = open_with("side=64 noise=0.05 mean=0 std=1 train=8", 1, &info);
    for (int i = 0; i < 8; i++) {
        set->read(still.self, GEDI_TRAIN, i, x, &label, NULL);
        set->read(loud.self, GEDI_TRAIN, i, y, &label, NULL);
        for (int k = 0; k < 3 * PIXELS; k++) {
            double d = (double)y[k] - (double)x[k];
            if (x[k] < 0.2f || x[k] > 0.8f) /* may be cut off */
                continue;
            sum += d;
            square += d * d;
            n++;
        }
    }
    ck_assert(n > 10000);
    ck_assert_double_le(fabs(sum / n), 5 * 0.05 / sqrt(n));
    ck_assert_double_eq_tol(sqrt(square / n), 0.05, 0.002);
    close_it(&still);
    close_it(&loud);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("tiny");
    TCase *c = tcase_create("tiny");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, shapes);
    tcase_add_test(c, seeds);
    tcase_add_test(c, noise);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
