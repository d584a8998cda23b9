/* test_view_filters.c - views that filter, recolour, cover or turn an image, against torchvision in
 * float64 (fixture/view.py), and what they draw.
 *
 * Tolerance: as in test_view.c. A blur adds up to 49 products of numbers of [0, 1] in double.
 */
#include "plugins/view/rotation.c" /* for an angle that is not drawn */
#include "tests/view.h"

extern const gedi_view gedi_view_cutout, gedi_view_equalize, gedi_view_gaussian_blur,
    gedi_view_solarize;

static const gedi_shape small = {3, 0, {HIGH, WIDE, 3}};

static void ck_row(const struct row *r, const float *x)
{
    double error = testing_error(x, r->v, r->n, 1.0);
    ck_assert_msg(error <= tolerance, "%s %g: error %g", r->name, r->factor, error);
}

START_TEST(blurs)
{
    int tried = 0;
    for (const struct row *r = rows; r < rows + ROWS; r++) {
        char options[96];
        int kernel;
        double sigma;
        float x[NUMBERS];
        if (sscanf(r->name, "blurred %d %lf", &kernel, &sigma) != 2)
            continue;
        snprintf(options, sizeof options, "p=1 kernel=%d sigma_min=%g sigma_max=%g",
                 kernel, sigma, sigma);
        component c = component_new(&gedi_view_gaussian_blur, options);
        draw(&gedi_view_gaussian_blur, &c, 0, x);
        ck_row(r, x);
        component_free(&c);
        tried++;
    }
    ck_assert_int_eq(tried, 4);
}
END_TEST

/* A point becomes the kernel, of which two numbers tell sigma. */
START_TEST(sigma_is_uniform)
{
    enum { SIDE = 9, MIDDLE = SIDE / 2 };
    component c =
        component_new(&gedi_view_gaussian_blur, "p=1 kernel=5 sigma_min=0.5 sigma_max=3");
    static double sigma[DRAWS];
    for (uint32_t i = 0; i < DRAWS; i++) {
        float x[SIDE * SIDE] = {0};
        x[MIDDLE * SIDE + MIDDLE] = 1;
        apply(&gedi_view_gaussian_blur, &c, i, GEDI_DIMS(SIDE, SIDE, 1), x);
        const float *k = x + MIDDLE * SIDE + MIDDLE;
        sigma[i] = sqrt(-0.5 / log((double)k[1] / (double)k[0]));
    }
    ck_uniform("sigma", sigma, DRAWS, 0.5, 3);
    component_free(&c);
}
END_TEST

/* A tenth of the shorter side: how far a point spreads. */
START_TEST(kernel_by_itself)
{
    static const struct {
        int high, wide, reach;
    } cases[] = {{4, 4, 1}, {32, 32, 1}, {39, 100, 1}, {100, 40, 2}, {96, 96, 4}};
    component c = component_new(&gedi_view_gaussian_blur, "p=1 sigma_min=9 sigma_max=9");
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        static float x[100 * 100];
        int high = cases[k].high, wide = cases[k].wide, reach = cases[k].reach;
        memset(x, 0, sizeof x);
        float *at = x + high / 2 * wide + wide / 2;
        *at = 1;
        apply(&gedi_view_gaussian_blur, &c, 0, GEDI_DIMS(high, wide, 1), x);
        ck_assert(at[reach] > 0 && at[-reach] > 0 && at[reach * wide] > 0);
        if (reach + 1 < wide / 2)
            ck_assert(at[reach + 1] == 0 && at[-reach - 1] == 0);
    }
    component_free(&c);
}
END_TEST

START_TEST(solarizes)
{
    int tried = 0;
    for (const struct row *r = rows; r < rows + ROWS; r++) {
        char options[64];
        float x[NUMBERS];
        if (strcmp(r->name, "solarized"))
            continue;
        snprintf(options, sizeof options, "p=1 threshold=%g", r->factor);
        component c = component_new(&gedi_view_solarize, options);
        draw(&gedi_view_solarize, &c, 0, x);
        ck_row(r, x);
        component_free(&c);
        tried++;
    }
    ck_assert_int_eq(tried, 5);
}
END_TEST

/* ---- equalize ---- */

enum { EQUALIZED_HIGH = 24, EQUALIZED_WIDE = 25 };

static int equalized_byte(const char *name, int i)
{
    int v = i * i % 509 % 256;
    return strstr(name, "dark") ? v / 8 : strstr(name, "few") ? v % 2 * 200 : v;
}

START_TEST(equalizes)
{
    component c = component_new(&gedi_view_equalize, "p=1");
    int tried = 0;
    for (const struct row *r = rows; r < rows + ROWS; r++) {
        static float x[EQUALIZED_HIGH * EQUALIZED_WIDE * 3];
        if (strncmp(r->name, "equalized", 9))
            continue;
        int channels = (int)r->factor;
        ck_assert_int_eq(r->n, EQUALIZED_HIGH * EQUALIZED_WIDE * channels);
        for (int i = 0; i < r->n; i++) /* whatever rounding has left */
            x[i] = ((float)equalized_byte(r->name, i) + (i % 3 - 1) * 0.4f) / 255.0f;
        apply(&gedi_view_equalize, &c, 0,
              GEDI_DIMS(EQUALIZED_HIGH, EQUALIZED_WIDE, channels), x);
        for (int i = 0; i < r->n; i++)
            ck_assert_msg(fabs((double)x[i] * 255 - r->v[i]) <= 1e-4,
                          "%s, number %d: %g, not %g", r->name, i, (double)x[i] * 255,
                          r->v[i]);
        tried++;
    }
    ck_assert_int_eq(tried, 3);
    component_free(&c);
}
END_TEST

/* Too few pixels, or all alike: as it is, to the bit. What lies outside of [0, 1] is within. */
START_TEST(nothing_to_equalize)
{
    component c = component_new(&gedi_view_equalize, "p=1");
    float x[NUMBERS], before[NUMBERS];
    static float alike[40 * 40], outside[40 * 40];
    image(before);
    draw(&gedi_view_equalize, &c, 0, x);
    ck_assert_mem_eq(x, before, sizeof x);
    for (int i = 0; i < 40 * 40; i++) {
        alike[i] = 0.3f;
        outside[i] = i % 2 ? 7.0f : i % 3 ? -5.0f : 0.5f;
    }
    apply(&gedi_view_equalize, &c, 0, GEDI_DIMS(40, 40, 1), alike);
    apply(&gedi_view_equalize, &c, 0, GEDI_DIMS(40, 40, 1), outside);
    for (int i = 0; i < 40 * 40; i++) {
        ck_assert(alike[i] == 0.3f);
        ck_assert(outside[i] >= 0 && outside[i] <= 1);
    }
    component_free(&c);
}
END_TEST

/* ---- cutout ---- */

/* The square, clipped, and nothing else; its middle is uniform on the image. */
START_TEST(covers)
{
    enum { TALL = 5, BROAD = 7 };
    int size = _i, often[TALL][BROAD] = {0};
    char options[64];
    snprintf(options, sizeof options, "size=%d fill=-2.5", size);
    component c = component_new(&gedi_view_cutout, options);
    for (uint32_t i = 0; i < DRAWS; i++) {
        float x[TALL * BROAD * 2];
        int found = 0;
        for (int k = 0; k < TALL * BROAD * 2; k++)
            x[k] = (float)k;
        apply(&gedi_view_cutout, &c, i, GEDI_DIMS(TALL, BROAD, 2), x);
        for (int top = 0; top < TALL; top++)
            for (int left = 0; left < BROAD; left++) {
                bool same = true;
                for (int k = 0; k < TALL * BROAD * 2; k++) {
                    int h = k / 2 / BROAD - (top - size / 2),
                        w = k / 2 % BROAD - (left - size / 2);
                    bool covered = h >= 0 && h < size && w >= 0 && w < size;
                    same = same && x[k] == (covered ? -2.5f : (float)k);
                }
                found += same;
                often[top][left] += same;
            }
        ck_assert_msg(found >= 1, "draw %d covers no square", (int)i);
    }
    for (int top = 0; top < TALL && size <= 2; top++) /* a larger one hides its middle */
        for (int left = 0; left < BROAD; left++)
            ck_share("a place", often[top][left], DRAWS, 1.0 / (TALL * BROAD));
    component_free(&c);
}
END_TEST

/* ---- rotation ---- */

START_TEST(turns)
{
    int tried = 0;
    for (const struct row *r = rows; r < rows + ROWS; r++) {
        char mode[16], options[64];
        float x[NUMBERS], out[NUMBERS];
        if (sscanf(r->name, "turned %15s", mode) != 1)
            continue;
        snprintf(options, sizeof options, "fill=0.25 interpolation=%s", mode);
        component c = component_new(&gedi_view_rotation, options);
        image(x);
        rotation_turn(c.self, r->factor, small, x, out);
        ck_row(r, out);
        component_free(&c);
        tried++;
    }
    ck_assert_int_eq(tried, 10);
}
END_TEST

/* An image that says where its pixels are tells the angle from one of them. */
START_TEST(angle_is_uniform)
{
    enum { SIDE = 21, MIDDLE = SIDE / 2 };
    component c = component_new(&gedi_view_rotation, "degrees=30 interpolation=bilinear");
    static double angle[DRAWS];
    for (uint32_t i = 0; i < DRAWS; i++) {
        float x[SIDE * SIDE * 2];
        for (int k = 0; k < SIDE * SIDE; k++) {
            x[2 * k] = (float)(k / SIDE - MIDDLE);
            x[2 * k + 1] = (float)(k % SIDE - MIDDLE);
        }
        apply(&gedi_view_rotation, &c, i, GEDI_DIMS(SIDE, SIDE, 2), x);
        const float *at = x + 2 * (MIDDLE * SIDE + MIDDLE + 5); /* right of the middle */
        ck_assert_double_eq_tol(hypot((double)at[0], (double)at[1]), 5, 1e-5);
        angle[i] = atan2((double)at[0], (double)at[1]) * 180 / M_PI;
    }
    ck_uniform("angle", angle, DRAWS, -30, 30);
    component_free(&c);
}
END_TEST

/* ---- what all have ---- */

START_TEST(probability)
{
    static const struct {
        const gedi_view *view;
        const char *options;
        double p;
    } cases[] = {
        {&gedi_view_gaussian_blur, "", 0.5},
        {&gedi_view_gaussian_blur, "p=0.1", 0.1},
        {&gedi_view_solarize, "", 0.5},
        {&gedi_view_solarize, "p=0.2", 0.2},
        {&gedi_view_cutout, "size=2", 1},
        {&gedi_view_cutout, "size=2 p=0.3", 0.3},
        {&gedi_view_rotation, "interpolation=bilinear", 1},
        {&gedi_view_rotation, "p=0.3 interpolation=bilinear", 0.3},
        {&gedi_view_gaussian_blur, "p=0", 0},
        {&gedi_view_rotation, "degrees=0", 0},
    };
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        component c = component_new(cases[k].view, cases[k].options);
        float before[NUMBERS], x[NUMBERS];
        int changed = 0;
        image(before);
        for (uint32_t i = 0; i < DRAWS; i++) {
            draw(cases[k].view, &c, i, x);
            changed += memcmp(x, before, sizeof x) != 0;
        }
        ck_share(cases[k].options, changed, DRAWS, cases[k].p);
        component_free(&c);
    }
}
END_TEST

/* As often as stated; an image of enough pixels that is not yet equalized. */
START_TEST(equalize_probability)
{
    component c = component_new(&gedi_view_equalize, "p=0.3");
    int changed = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        float x[600], before[600];
        for (int k = 0; k < 600; k++)
            x[k] = before[k] = (float)(k % 7) / 20;
        apply(&gedi_view_equalize, &c, i, GEDI_DIMS(24, 25, 1), x);
        changed += memcmp(x, before, sizeof x) != 0;
    }
    ck_share("equalize", changed, DRAWS, 0.3);
    component_free(&c);
}
END_TEST

START_TEST(refusals)
{
    static const gedi_view *const all[] = {&gedi_view_cutout, &gedi_view_equalize,
                                           &gedi_view_gaussian_blur, &gedi_view_rotation,
                                           &gedi_view_solarize};
    gedi_err err = {0};
    for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
        char says[96];
        component c = component_new(all[k], "");
        snprintf(says, sizeof says,
                 "view %s is for images [H, W, C], but records have shape [9]",
                 all[k]->name);
        ck_assert_int_eq(all[k]->accepts(c.self, (gedi_shape){1, 0, {9}}, &err),
                         GEDI_SHAPE);
        ck_assert_str_eq(err.msg, says);
        ck_assert_int_eq(all[k]->accepts(c.self, small, &err), GEDI_OK);
        component_free(&c);
    }
    component c = component_new(&gedi_view_gaussian_blur, "kernel=9");
    ck_assert_int_eq(gedi_view_gaussian_blur.accepts(c.self, small, &err), GEDI_SHAPE);
    ck_assert_msg(strstr(err.msg, "a kernel of 9 reaches 4 pixels"), "%s", err.msg);
    component_free(&c);
    c = component_new(&gedi_view_gaussian_blur, "kernel=4");
    ck_assert_int_eq(gedi_view_gaussian_blur.check(c.self, &err), GEDI_OPTION);
    ck_assert_msg(strstr(err.msg, "kernel: 4 is even"), "%s", err.msg);
    component_free(&c);
    c = component_new(&gedi_view_gaussian_blur, "sigma_min=3");
    ck_assert_int_eq(gedi_view_gaussian_blur.check(c.self, &err), GEDI_OPTION);
    ck_assert_msg(strstr(err.msg, "sigma_min: 3 is above sigma_max 2"), "%s", err.msg);
    component_free(&c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("view_filters");
    TCase *c = tcase_create("view_filters");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, blurs);
    tcase_add_test(c, sigma_is_uniform);
    tcase_add_test(c, kernel_by_itself);
    tcase_add_test(c, solarizes);
    tcase_add_test(c, equalizes);
    tcase_add_test(c, nothing_to_equalize);
    tcase_add_loop_test(c, covers, 1, 5);
    tcase_add_test(c, turns);
    tcase_add_test(c, angle_is_uniform);
    tcase_add_test(c, probability);
    tcase_add_test(c, equalize_probability);
    tcase_add_test(c, refusals);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
