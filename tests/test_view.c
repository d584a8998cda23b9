/* test_view.c - views of images against torchvision in float64 (fixture/view.py), and what they
 * draw: probabilities, ranges, order.
 *
 * Tolerance: numbers of [0, 1] after at most ten roundings of 6e-8, but the hue of a dark or pale
 * pixel is a quotient of small differences: rounding of the pixel by 3e-8, divided by a range of
 * .02, times that range again. Measured at most 3e-7.
 */
#include "plugins/view/colour.h"
#include "plugins/view/rectangle.h"
#include "tests/view.h"

extern const gedi_view gedi_view_color_jitter, gedi_view_gray_scale,
    gedi_view_random_crop, gedi_view_resized_crop, gedi_view_horizontal_flip;

enum { PADDING = 2 };

static void grey(float *x, int64_t n, float factor)
{
    (void)factor;
    for (int64_t i = 0; i < n; i++)
        x[3 * i] = x[3 * i + 1] = x[3 * i + 2] = colour_grey(x + 3 * i);
}

/* ---- fixed factors ---- */

START_TEST(as_torchvision)
{
    static const struct {
        const char *name;
        void (*change)(float *x, int64_t n, float factor);
        int rows;
    } cases[] = {{"brightness", colour_brightness, 4},
                 {"contrast", colour_contrast, 4},
                 {"saturation", colour_saturation, 4},
                 {"hue", colour_hue, 7},
                 {"grey", grey, 1}};
    int tried = 0;
    for (int i = 0; i < ROWS; i++) {
        if (strcmp(rows[i].name, cases[_i].name))
            continue;
        float x[NUMBERS];
        image(x);
        cases[_i].change(x, N, (float)rows[i].factor);
        double error = testing_error(x, rows[i].v, NUMBERS, 1.0);
        ck_assert_msg(error <= tolerance, "%s %g: error %g", rows[i].name, rows[i].factor,
                      error);
        tried++;
    }
    ck_assert_int_eq(tried, cases[_i].rows);
}
END_TEST

/* Rounding, or noise before: what is outside of [0, 1] comes back into it, and is a number. */
START_TEST(outside)
{
    float x[] = {-1e-7f, -2e-7f, -1e-7f, 1.5f, 1.0000001f, -3.0f, 0, -1e-30f, 0};
    colour_hue(x, 3, 0.25f);
    for (int i = 0; i < 9; i++)
        ck_assert_msg(x[i] >= 0 && x[i] <= 1, "number %d: %g", i, (double)x[i]);
}
END_TEST

/* ---- probabilities ---- */

typedef struct chance {
    const gedi_view *view;
    const char *options, *row; /* what comes out; NULL: anything but the image */
    double p;
} chance;

static const chance chances[] = {
    {&gedi_view_gray_scale, "", "grey", 0.1},
    {&gedi_view_gray_scale, "p=0.7", "grey", 0.7},
    {&gedi_view_gray_scale, "p=0", "grey", 0},
    {&gedi_view_gray_scale, "p=1", "grey", 1},
    {&gedi_view_horizontal_flip, "", "flip", 0.5},
    {&gedi_view_horizontal_flip, "p=0.2", "flip", 0.2},
    {&gedi_view_horizontal_flip, "p=0", "flip", 0},
    {&gedi_view_horizontal_flip, "p=1", "flip", 1},
    {&gedi_view_color_jitter, "", NULL, 0.1},
    {&gedi_view_color_jitter, "p=0.8", NULL, 0.8},
    {&gedi_view_color_jitter, "p=0", NULL, 0},
    {&gedi_view_color_jitter, "p=1", NULL, 1},
    {&gedi_view_color_jitter, "brightness=0 contrast=0 saturation=0 hue=0 p=1", NULL, 0},
};
enum { CHANCES = sizeof chances / sizeof chances[0] };

START_TEST(probability)
{
    const chance *k = &chances[_i];
    component c = component_new(k->view, k->options);
    float before[NUMBERS], x[NUMBERS];
    int changed = 0;
    image(before);
    for (uint32_t i = 0; i < DRAWS; i++) {
        draw(k->view, &c, i, x);
        if (!memcmp(x, before, sizeof x))
            continue;
        changed++;
        ck_assert_msg(!k->row || same(x, row_of(k->row)->v), "%s %s: not %s",
                      k->view->name, k->options, k->row);
    }
    ck_share(k->view->name, changed, DRAWS, k->p);
    component_free(&c);
}
END_TEST

/* ---- the factors of color_jitter ---- */

static double hue_of(const float *p)
{
    float largest = fmaxf(fmaxf(p[0], p[1]), p[2]);
    return (double)colour_hue_of(p, largest, largest - fminf(fminf(p[0], p[1]), p[2]));
}

static double range_of(const float *p)
{
    return (double)(fmaxf(fmaxf(p[0], p[1]), p[2]) - fminf(fminf(p[0], p[1]), p[2]));
}

/* The shortest way round the circle. */
static double turn(double h)
{
    return h - round(h);
}

/* Two pixels that no factor up to 1.5 drives to 0 or 1. */
static const float middling[6] = {0.5f, 0.35f, 0.4f, 0.45f, 0.55f, 0.4f};

static void jitter(const component *c, uint32_t position, float *x)
{
    memcpy(x, middling, sizeof middling);
    apply(&gedi_view_color_jitter, c, position, GEDI_DIMS(1, 2, 3), x);
}

static double factor_of(int which, const float *x)
{
    switch (which) {
    case 0: /* all numbers alike */
        ck_assert_float_eq_tol(x[5] / middling[5], x[0] / middling[0], 1e-5f);
        return (double)(x[0] / middling[0]);
    case 1: /* greys move away from their mean, and so do colours from grey */
    case 2: /* colours move away from grey, greys stay */
        ck_assert_float_eq_tol(colour_grey(x) + colour_grey(x + 3),
                               colour_grey(middling) + colour_grey(middling + 3), 5e-4f);
        if (which == 2)
            ck_assert_float_eq_tol(colour_grey(x), colour_grey(middling), 5e-4f);
        return range_of(x) / range_of(middling);
    default:
        ck_assert_double_eq_tol(range_of(x), range_of(middling), 1e-6);
        return turn(hue_of(x) - hue_of(middling));
    }
}

START_TEST(ranges)
{
    static const struct {
        const char *options;
        double low, high;
    } cases[] = {{"p=1 brightness=0.3 contrast=0 saturation=0 hue=0", 0.7, 1.3},
                 {"p=1 brightness=0 contrast=0.5 saturation=0 hue=0", 0.5, 1.5},
                 {"p=1 brightness=0 contrast=0 saturation=0.2 hue=0", 0.8, 1.2},
                 {"p=1 brightness=0 contrast=0 saturation=0 hue=0.15", -0.15, 0.15},
                 {"p=1 brightness=1.2 contrast=0 saturation=0 hue=0", 0, 2.2}};
    component c = component_new(&gedi_view_color_jitter, cases[_i].options);
    double *v = malloc(DRAWS * sizeof *v);
    ck_assert_ptr_nonnull(v);
    int n = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        float x[6];
        jitter(&c, i, x);
        if (_i == 4 && fmaxf(x[0], x[4]) >= 1) /* clamped: the factor is lost */
            continue;
        v[n++] = factor_of(_i % 4, x);
    }
    ck_uniform(cases[_i].options, v, n, cases[_i].low,
               _i == 4 ? 1 / 0.55 : cases[_i].high);
    free(v);
    component_free(&c);
}
END_TEST

/* Contrast and hue do not commute: the hue changes the mean grey. Both factors can be read off
 * the result, then each order is tried. */
START_TEST(order_is_random)
{
    component c = component_new(&gedi_view_color_jitter,
                                "p=1 brightness=0 contrast=0.5 saturation=0 hue=0.3");
    double *h = malloc(DRAWS * sizeof *h), *f = malloc(DRAWS * sizeof *f);
    ck_assert(h && f);
    int first = 0, told = 0;
    double together = 0;
    for (uint32_t i = 0; i < DRAWS; i++) {
        float x[6], a[6], b[6];
        jitter(&c, i, x);
        f[i] = range_of(x) / range_of(middling);
        h[i] = turn(hue_of(x) - hue_of(middling));
        together += (f[i] - 1) * h[i];
        memcpy(a, middling, sizeof a);
        memcpy(b, middling, sizeof b);
        colour_contrast(a, 2, (float)f[i]);
        colour_hue(a, 2, (float)h[i]);
        colour_hue(b, 2, (float)h[i]);
        colour_contrast(b, 2, (float)f[i]);
        double ea = 0, eb = 0;
        for (int j = 0; j < 6; j++) {
            ea = fmax(ea, fabs((double)(x[j] - a[j])));
            eb = fmax(eb, fabs((double)(x[j] - b[j])));
        }
        ck_assert_msg(fmin(ea, eb) <= 1e-5, "draw %d is neither order: %g, %g", (int)i,
                      ea, eb);
        if (fabs(ea - eb) < 1e-4)
            continue;
        told++;
        first += ea < eb;
    }
    ck_assert_int_gt(told, DRAWS / 2);
    ck_share("contrast before hue", first, told, 0.5);
    ck_uniform("contrast", f, DRAWS, 0.5, 1.5);
    ck_uniform("hue", h, DRAWS, -0.3, 0.3);
    /* The two factors are drawn apart: five deviations of a mean of products. */
    ck_assert_msg(fabs(together / DRAWS) <= 5 * (0.5 * 0.3 / 3) / sqrt(DRAWS), "%g",
                  together);
    free(h);
    free(f);
    component_free(&c);
}
END_TEST

/* ---- random_crop ---- */

enum { PLACES = 2 * PADDING + 1, PADDED = WIDE + 2 * PADDING };

static bool is_piece(const float *x, int top, int left)
{
    const double *whole = row_of("padded")->v;
    for (int h = 0; h < HIGH; h++)
        for (int k = 0; k < 3 * WIDE; k++)
            if ((float)whole[((top + h) * PADDED + left) * 3 + k] != x[h * WIDE * 3 + k])
                return false;
    return true;
}

START_TEST(pieces)
{
    component c = component_new(&gedi_view_random_crop, "padding=2");
    int often[PLACES][PLACES] = {0};
    float x[NUMBERS];
    for (uint32_t i = 0; i < DRAWS; i++) {
        draw(&gedi_view_random_crop, &c, i, x);
        int found = 0;
        for (int top = 0; top < PLACES; top++)
            for (int left = 0; left < PLACES; left++)
                if (is_piece(x, top, left)) {
                    often[top][left]++;
                    found++;
                }
        ck_assert_msg(found == 1, "draw %d is %d pieces of the padded image", (int)i,
                      found);
    }
    for (int top = 0; top < PLACES; top++)
        for (int left = 0; left < PLACES; left++)
            ck_share("a place", often[top][left], DRAWS, 1.0 / (PLACES * PLACES));
    component_free(&c);
}
END_TEST

START_TEST(no_padding)
{
    component c = component_new(&gedi_view_random_crop, "padding=0");
    float x[NUMBERS], before[NUMBERS];
    image(before);
    for (uint32_t i = 0; i < 20; i++) {
        draw(&gedi_view_random_crop, &c, i, x);
        ck_assert_mem_eq(x, before, sizeof x);
    }
    component_free(&c);
}
END_TEST

/* ---- resized_crop ---- */

START_TEST(resampled)
{
    int tried = 0;
    for (const struct row *k = rows; k < rows + ROWS; k++) {
        rectangle r;
        long long v[6];
        float x[NUMBERS], out[200];
        if (sscanf(k->name, "resampled %lld %lld %lld %lld %lld %lld", &v[0], &v[1],
                   &v[2], &v[3], &v[4], &v[5]) != 6)
            continue;
        image(x);
        r = (rectangle){.top = v[0], .left = v[1], .high = v[2], .wide = v[3]};
        rectangle_resize(x, WIDE, 3, r, v[4], v[5], out);
        ck_assert_int_eq(k->n, 3 * v[4] * v[5]);
        double error = testing_error(out, k->v, k->n, 1.0);
        ck_assert_msg(error <= tolerance, "%s: error %g", k->name, error);
        tried++;
    }
    ck_assert_int_eq(tried, 6);
}
END_TEST

START_TEST(rectangles)
{
    enum { SIDE = 1000 };
    rectangle_range range = {0.1, 0.5, 1.5};
    double *area = malloc(3 * DRAWS * sizeof *area), *aspect = area + DRAWS,
           *place = aspect + DRAWS;
    ck_assert_ptr_nonnull(area);
    for (uint32_t i = 0; i < DRAWS; i++) {
        gedi_rng rng = gedi_rng_at(11, GEDI_STREAM_VIEW, 3, i);
        rectangle r = rectangle_draw(range, SIDE, SIDE, &rng);
        ck_assert(r.top >= 0 && r.left >= 0 && r.high >= 1 && r.wide >= 1 &&
                  r.top + r.high <= SIDE && r.left + r.wide <= SIDE);
        area[i] = (double)(r.high * r.wide) / (SIDE * SIDE);
        aspect[i] = log((double)r.wide / (double)r.high);
        place[i] = ((double)r.top + 0.5) / (double)(SIDE - r.high + 1);
    }
    /* Sides are rounded to pixels, here by at most 2e-3 of each. */
    for (int i = 0; i < DRAWS; i++) {
        ck_assert(area[i] >= 0.099 && area[i] <= 0.501 && fabs(aspect[i]) <= 0.41);
        area[i] = fmin(fmax(area[i], 0.1), 0.5);
        aspect[i] = fmin(fmax(aspect[i], -log(1.5)), log(1.5));
    }
    ck_uniform("area", area, DRAWS, 0.1, 0.5);
    ck_uniform("log of the aspect", aspect, DRAWS, -log(1.5), log(1.5));
    ck_uniform("place", place, DRAWS, 0, 1);
    free(area);
}
END_TEST

/* What can never fit: the middle, as large as the aspect allows. */
START_TEST(rectangles_that_do_not_fit)
{
    gedi_rng rng = gedi_rng_at(11, GEDI_STREAM_VIEW, 4, 0);
    rectangle_range range = {1, 1, 4.0 / 3.0};
    rectangle r = rectangle_draw(range, 12, 1000, &rng);
    ck_assert(r.top == 0 && r.high == 12 && r.wide == 16 && r.left == 492);
    r = rectangle_draw(range, 1000, 12, &rng);
    ck_assert(r.left == 0 && r.wide == 12 && r.high == 16 && r.top == 492);
}
END_TEST

/* In place, from a larger and to a larger image; all of it with one aspect and all its area. */
/* Numbers that are uniform on [low, high] but for a rounding of 2 %. */
static void ck_range(const char *what, const double *v, int n, double low, double high)
{
    double least = INFINITY, most = -INFINITY, mean = 0, width = high - low;
    for (int i = 0; i < n; i++) {
        least = fmin(least, v[i]);
        most = fmax(most, v[i]);
        mean += v[i] / n;
    }
    bool right = least > low - 0.02 * width && least < low + 0.02 * width &&
                 most < high + 0.02 * width && most > high - 0.02 * width &&
                 fabs(mean - (low + high) / 2) < 5 * width / sqrt(12.0 * n);
    ck_assert_msg(right, "%s: %g to %g with the mean %g, not uniform on [%g, %g]", what,
                  least, most, mean, low, high);
}

/* An image that says where its pixels are tells from two of them which rectangle they are of. */
START_TEST(resized_crop_cuts_as_its_options_say)
{
    enum { SIDE = 400, OUT = 4, CUTS = 500 };
    component c = component_new(&gedi_view_resized_crop,
                                "height=4 width=4 scale_min=0.1 scale_max=0.3 aspect=2");
    float *x = malloc(sizeof(float) * SIDE * SIDE * 3);
    static double area[CUTS], aspect[CUTS];
    ck_assert_ptr_nonnull(x);
    for (uint32_t k = 0; k < CUTS; k++) {
        for (int i = 0; i < SIDE * SIDE; i++) {
            x[3 * i] = (float)(i % SIDE) / SIDE;
            x[3 * i + 1] = (float)(i / SIDE) / SIDE;
            x[3 * i + 2] = 0;
        }
        apply(&gedi_view_resized_crop, &c, k, GEDI_DIMS(SIDE, SIDE, 3), x);
        const float *at = x + 3 * (OUT + 1); /* row 1, column 1 */
        double wide = 4.0 * (double)(at[3] - at[0]),
               high = 4.0 * (double)(at[3 * OUT + 1] - at[1]);
        area[k] = wide * high;
        aspect[k] = log(wide / high);
    }
    ck_range("area", area, CUTS, 0.1, 0.3);
    ck_range("log of the aspect", aspect, CUTS, -log(2), log(2));
    free(x);
    component_free(&c);
}
END_TEST

START_TEST(resized_crops)
{
    component c = component_new(&gedi_view_resized_crop,
                                "height=7 width=2 scale_min=1 aspect=1.25");
    gedi_shape from = GEDI_DIMS(HIGH, WIDE, 3),
               to = gedi_view_resized_crop.shape(c.self, from);
    float x[NUMBERS], want[NUMBERS], scratch[NUMBERS];
    rectangle all = {.high = HIGH, .wide = WIDE};
    gedi_rng rng = gedi_rng_at(11, GEDI_STREAM_VIEW, 5, 0);
    int whole = 0;
    ck_assert(gedi_shape_equal(to, GEDI_DIMS(7, 2, 3)));
    image(x);
    rectangle_resize(x, WIDE, 3, all, 7, 2, want);
    for (int i = 0; i < 50; i++) {
        image(x);
        gedi_view_resized_crop.apply(c.self, from, x, scratch, &rng);
        whole += !memcmp(x, want, 7 * 2 * 3 * sizeof *x);
    }
    ck_assert_int_gt(whole, 0);
    component_free(&c);
}
END_TEST

/* Every width, odd or even. */
START_TEST(flips)
{
    component c = component_new(&gedi_view_horizontal_flip, "p=1");
    for (int wide = 1; wide <= 6; wide++) {
        float x[2 * 6 * 2];
        for (int i = 0; i < 4 * wide; i++)
            x[i] = (float)i;
        apply(&gedi_view_horizontal_flip, &c, 0, GEDI_DIMS(2, wide, 2), x);
        for (int i = 0; i < 4 * wide; i++) {
            int row = i / (2 * wide), column = i / 2 % wide;
            ck_assert_int_eq((int)x[i], 2 * (row * wide + wide - 1 - column) + i % 2);
        }
    }
    component_free(&c);
}
END_TEST

/* ---- shapes ---- */

START_TEST(shapes)
{
    static const struct {
        const gedi_view *view;
        const char *options;
        gedi_shape shape;
        const char *says;
    } cases[] = {
        {&gedi_view_color_jitter,
         "",
         {3, 0, {8, 8, 1}},
         "view color_jitter is for images [H, W, 3], but records have shape [8, 8, 1]"},
        {&gedi_view_gray_scale,
         "",
         {1, 0, {2}},
         "view gray_scale is for images [H, W, 3], but records have shape [2]"},
        {&gedi_view_horizontal_flip,
         "",
         {2, 0, {8, 8}},
         "view horizontal_flip is for images [H, W, C], but records have shape [8, 8]"},
        {&gedi_view_random_crop,
         "",
         {1, 0, {9}},
         "view random_crop is for images [H, W, C], but records have shape [9]"},
        {&gedi_view_random_crop,
         "padding=8",
         {3, 0, {8, 9, 1}},
         "view random_crop: padding 8 must be less than height and width of records of "
         "shape "
         "[8, 9, 1]"},
        {&gedi_view_resized_crop,
         "",
         {1, 0, {9}},
         "view resized_crop is for images [H, W, C], but records have shape [9]"},
        {&gedi_view_random_crop, "padding=8", {3, 0, {9, 8, 1}}, "[9, 8, 1]"},
        {&gedi_view_random_crop, "padding=7", {3, 0, {8, 9, 1}}, NULL},
        {&gedi_view_horizontal_flip, "", {3, 0, {8, 8, 5}}, NULL},
        {&gedi_view_color_jitter, "", {3, 0, {1, 1, 3}}, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        component c = component_new(cases[i].view, cases[i].options);
        gedi_err err = {0};
        gedi_status s = cases[i].view->accepts(c.self, cases[i].shape, &err);
        ck_assert_int_eq(s, cases[i].says ? GEDI_SHAPE : GEDI_OK);
        ck_assert_msg(!cases[i].says || strstr(err.msg, cases[i].says), "'%s'", err.msg);
        component_free(&c);
    }
}
END_TEST

int main(void)
{
    Suite *s = suite_create("view");
    TCase *c = tcase_create("view");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, as_torchvision, 0, 5);
    tcase_add_test(c, outside);
    tcase_add_loop_test(c, probability, 0, CHANCES);
    tcase_add_loop_test(c, ranges, 0, 5);
    tcase_add_test(c, order_is_random);
    tcase_add_test(c, pieces);
    tcase_add_test(c, no_padding);
    tcase_add_test(c, resampled);
    tcase_add_test(c, rectangles);
    tcase_add_test(c, rectangles_that_do_not_fit);
    tcase_add_test(c, resized_crops);
    tcase_add_test(c, resized_crop_cuts_as_its_options_say);
    tcase_add_test(c, flips);
    tcase_add_test(c, shapes);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
