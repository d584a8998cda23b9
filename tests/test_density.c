/* test_density.c - the density that datasets state of themselves, against brute force and
 * against draws, and the evaluator that compares a model's with it: of models whose density is
 * known.
 */
#include "tests/testing.h"
#include "tests/trial.h"

#include <stdio.h>

extern const gedi_dataset gedi_dataset_moons, gedi_dataset_circles;
extern const gedi_evaluator gedi_evaluator_density;

static gedi_err err;
static const double pi = 3.14159265358979323846;

/* ---- the density of moons and circles ---- */

static const gedi_dataset *const dataset[] = {&gedi_dataset_moons, &gedi_dataset_circles};
enum { DATASETS = sizeof dataset / sizeof dataset[0] };

/* A point of curve k at a share of its length; moons are centred. */
static void curve(int which, int k, double share, double *x, double *y)
{
    double t = share * pi, radius = k ? 0.5 : 1;
    if (which == 0) {
        *x = k ? 0.5 - cos(t) : cos(t) - 0.5;
        *y = k ? 0.25 - sin(t) : sin(t) - 0.25;
    } else {
        *x = radius * cos(2 * t);
        *y = radius * sin(2 * t);
    }
}

static double exponent(int which, int k, double share, double s, const double *at)
{
    double x, y;
    curve(which, k, share, &x, &y);
    return -((at[0] - x) * (at[0] - x) + (at[1] - y) * (at[1] - y)) / (2 * s * s);
}

/* log p(at | k) by Simpson's rule around the largest value that a coarse scan finds. */
static double brute_force(int which, int k, double s, const double *at)
{
    enum { COARSE = 20000, FINE = 200000 };
    double most = -INFINITY, best = 0;
    for (int i = 0; i <= COARSE; i++) {
        double e = exponent(which, k, (double)i / COARSE, s, at);
        if (e > most) {
            most = e;
            best = (double)i / COARSE;
        }
    }
    /* Arcs that are open end; a circle is once around. */
    double low = which ? best - 0.5 : 0, high = which ? best + 0.5 : 1;
    double from = best, to = best, step = 1.0 / COARSE;
    while (from > low && exponent(which, k, from, s, at) > most - 60)
        from -= step;
    while (to < high && exponent(which, k, to, s, at) > most - 60)
        to += step;
    from = fmax(from, low);
    to = fmin(to, high);
    double sum = 0, width = (to - from) / FINE;
    for (int i = 0; i <= FINE; i++) {
        double e = exponent(which, k, from + width * i, s, at);
        sum += (i == 0 || i == FINE ? 1 : i % 2 ? 4 : 2) * exp(e - most);
    }
    return most + log(sum * width / 3) - log(2 * pi * s * s);
}

static void density_at(const gedi_dataset *d, const void *self, const float *x, int64_t n,
                       double *log_p)
{
    gedi_mixture m;
    ck_assert_msg(d->density(self, x, n, &m, log_p, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(m.components, 2);
    ck_assert(m.weight[0] == 0.5 && m.weight[1] == 0.5);
}

/* On the curves and off, at the centre of a circle, at the ends of a moon and past them, far. */
START_TEST(as_brute_force)
{
    static const double noise[] = {0.01, 0.05, 0.3, 2};
    static const float at[][2] = {
        {0, 0},       {1, 0},          {0.5f, -0.25f}, {-0.5f, 0.75f}, {0.51f, -0.3f},
        {0.2f, 0.3f}, {-1.5f, -0.25f}, {-1.7f, -0.9f}, {1.5f, 0.6f},   {0.5f, 0},
        {-1, 1e-7f},  {3, -4},         {-70, 20},      {1e3f, -2e4f}};
    enum { POINTS = sizeof at / sizeof *at };
    int which = _i % DATASETS;
    char options[64];
    snprintf(options, sizeof options, "noise=%g%s", noise[_i / DATASETS],
             which ? "" : " center=true");
    component c = component_new(dataset[which], options);
    double got[2 * POINTS];
    density_at(dataset[which], c.self, at[0], POINTS, got);
    for (int i = 0; i < POINTS; i++)
        for (int k = 0; k < 2; k++) {
            const double x[] = {at[i][0], at[i][1]};
            double want = brute_force(which, k, noise[_i / DATASETS], x);
            ck_assert_msg(fabs(got[2 * i + k] - want) <= 1e-10 * (1 + fabs(want)),
                          "noise %g, (%g, %g), curve %d: %.15g, expected %.15g",
                          noise[_i / DATASETS], x[0], x[1], k, got[2 * i + k], want);
        }
    component_free(&c);
}
END_TEST

/* A scale of 4 moves points and thins the density by 16; a move of the moons moves it. */
START_TEST(scale_and_centre)
{
    static const float small[] = {0.75f, -0.125f}, large[] = {3, -0.5f};
    double one[2], four[2];
    component a = component_new(dataset[_i], "noise=0.1");
    component b = component_new(dataset[_i], "noise=0.1 scale=4");
    density_at(dataset[_i], a.self, small, 1, one);
    density_at(dataset[_i], b.self, large, 1, four);
    for (int k = 0; k < 2; k++)
        ck_assert(fabs(one[k] - four[k] - log(16)) <= 1e-12);
    component_free(&a);
    component_free(&b);
    static const float off[] = {0.25f, -0.375f};
    a = component_new(&gedi_dataset_moons, "noise=0.1");
    b = component_new(&gedi_dataset_moons, "noise=0.1 center=true");
    density_at(&gedi_dataset_moons, a.self, small, 1, one);
    density_at(&gedi_dataset_moons, b.self, off, 1, four);
    for (int k = 0; k < 2; k++)
        ck_assert(fabs(one[k] - four[k]) <= 1e-12);
    component_free(&a);
    component_free(&b);
}
END_TEST

/* Without noise the distance to a curve is too small for chi^2; with it, records fill cells as
 * the density says, each class its own component: chi^2 within five standard deviations. */
START_TEST(as_draws)
{
    enum { SIDE = 24, FINER = 8, CELLS = SIDE * SIDE, N = 200000 };
    static double want[2][CELLS], got[2][CELLS];
    static float point[FINER * FINER][2];
    double log_p[2 * FINER * FINER], width = 4.0 / SIDE, square = 0;
    gedi_open open = {.seed = 3, .directory = "."};
    gedi_data_info info;
    component c =
        component_new(dataset[_i], _i ? "noise=0.1 train=200000 test=2"
                                      : "noise=0.1 train=200000 test=2 center=true");
    ck_assert_int_eq(dataset[_i]->open(c.self, &open, &info, &err), GEDI_OK);
    for (int cell = 0; cell < CELLS; cell++) {
        for (int i = 0; i < FINER * FINER; i++) {
            point[i][0] = (float)(width * (cell % SIDE + (i % FINER + 0.5) / FINER) - 2);
            point[i][1] = (float)(width * (cell / SIDE + (i / FINER + 0.5) / FINER) - 2);
        }
        density_at(dataset[_i], c.self, point[0], FINER * FINER, log_p);
        for (int i = 0; i < 2 * FINER * FINER; i++)
            want[i % 2][cell] += exp(log_p[i]) * width * width / (FINER * FINER) * N / 2;
    }
    for (int64_t i = 0; i < N; i++) {
        float x[2];
        int32_t label;
        dataset[_i]->read(c.self, GEDI_TRAIN, i, x, &label, &err);
        int64_t column = (int64_t)((x[0] + 2) / width),
                row = (int64_t)((x[1] + 2) / width);
        if (column >= 0 && column < SIDE && row >= 0 && row < SIDE)
            got[label][row * SIDE + column]++;
    }
    int cells = 0;
    for (int i = 0; i < 2 * CELLS; i++) {
        double w = want[i / CELLS][i % CELLS], g = got[i / CELLS][i % CELLS];
        if (w < 10)
            continue;
        square += (g - w) * (g - w) / w;
        cells++;
    }
    ck_assert_int_gt(cells, 150);
    ck_assert_msg(fabs(square - cells) <= 5 * sqrt(2.0 * cells), "chi^2 %g of %d cells",
                  square, cells);
    dataset[_i]->close(c.self);
    component_free(&c);
}
END_TEST

START_TEST(no_noise_no_density)
{
    float x[2] = {0};
    double log_p[2];
    gedi_mixture m;
    component c = component_new(dataset[_i], "noise=0");
    ck_assert_int_eq(dataset[_i]->density(c.self, x, 1, &m, log_p, &err), GEDI_OPTION);
    ck_assert_str_eq(err.msg, "noise: 0 leaves the records on two curves, which have no "
                              "density in the plane: set it above 0, for example 0.05");
    component_free(&c);
}
END_TEST

/* ---- a trial of a model whose density is known ---- */

static struct {
    int64_t d;
    bool energy, known;
    const gedi_dataset
        *plugin; /* whose density is the true one; else normal components: */
    const void *self;
    int64_t components;
    double weight[2], mean[2], s; /* means on the first axis */
    enum { MODEL_NORMAL, MODEL_SLOPE, MODEL_TRUE, MODEL_NAN } model;
    double at, width; /* of the model on the first axis: N(at, width^2), or its slope */
} world;

int64_t gedi_trial_record(const gedi_trial *t)
{
    (void)t;
    return world.d;
}

bool gedi_trial_has_energy(const gedi_trial *t)
{
    (void)t;
    return world.energy;
}

bool gedi_trial_has_density(const gedi_trial *t)
{
    (void)t;
    return world.known;
}

static double log_normal(const float *x, double at, double s)
{
    double square = ((double)x[0] - at) * ((double)x[0] - at);
    for (int64_t j = 1; j < world.d; j++)
        square += (double)x[j] * x[j];
    return -square / (2 * s * s) - (double)world.d / 2 * log(2 * pi * s * s);
}

gedi_status gedi_trial_density(gedi_trial *t, const float *x, int64_t n, gedi_mixture *m,
                               double *log_p, gedi_err *e)
{
    (void)t;
    if (world.plugin)
        return world.plugin->density(world.self, x, n, m, log_p, e);
    *m = (gedi_mixture){world.components, {world.weight[0], world.weight[1]}};
    for (int64_t i = 0; i < n * m->components; i++)
        log_p[i] = log_normal(x + i / m->components * world.d,
                              world.mean[i % m->components], world.s);
    return GEDI_OK;
}

gedi_status gedi_trial_log_p(gedi_trial *t, const float *x, int64_t n, float *log_p,
                             gedi_err *e)
{
    gedi_mixture m;
    double *p = calloc((size_t)n * 2, sizeof *p);
    ck_assert_ptr_nonnull(p);
    if (world.model == MODEL_TRUE)
        ck_assert_int_eq(gedi_trial_density(t, x, n, &m, p, e), GEDI_OK);
    for (int64_t i = 0; i < n; i++) {
        const float *at = x + i * world.d;
        double most = fmax(p[2 * i], p[2 * i + 1]);
        if (world.model == MODEL_NORMAL)
            log_p[i] = (float)(log_normal(at, world.at, world.width) + 5);
        else if (world.model == MODEL_SLOPE)
            log_p[i] = (float)(world.at * at[0] - 3);
        else
            log_p[i] =
                (float)(most + log(exp(p[2 * i] - most) + exp(p[2 * i + 1] - most)));
    }
    free(p);
    return world.model == MODEL_NAN
               ? GEDI_FAIL(e, GEDI_NUMERIC, "log p(x) of the model is nan")
               : GEDI_OK;
}

static const float test_records[] = {0.1f,  0.2f, -0.3f, 0.1f, 0.4f, 0,
                                     -0.2f, 0.3f, 9,     9,    9,    9};

gedi_status gedi_trial_read(gedi_trial *t, gedi_split split, int64_t first, int64_t n,
                            float *x, gedi_err *e)
{
    (void)t, (void)e;
    ck_assert_int_eq(split, GEDI_TEST);
    ck_assert((first + n) * world.d <= (int64_t)(sizeof test_records / sizeof(float)));
    memcpy(x, test_records + first * world.d, (size_t)(n * world.d) * sizeof *x);
    return GEDI_OK;
}

/* Three of four are in the middle. */
gedi_status gedi_trial_chains(gedi_trial *t, const float **x, int64_t *n, gedi_err *e)
{
    static const float chains[] = {0, 0, 0.1f, 0, 0, -0.2f, 1.9f, 1.9f};
    (void)t;
    if (world.d != 2)
        return GEDI_FAIL(e, GEDI_STATE, "no chains");
    *x = chains;
    *n = 4;
    return GEDI_OK;
}

static gedi_trial trial_of(int64_t d)
{
    memset(&world, 0, sizeof world);
    world.d = d;
    world.energy = world.known = true;
    return (gedi_trial){.n = {[GEDI_TEST] = 2}};
}

static void evaluate(gedi_trial *t, const char *options)
{
    ck_assert_msg(trial_evaluate(&gedi_evaluator_density, t, options, &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert_msg(trial_ready(&gedi_evaluator_density, t, options, &err) == GEDI_OK, "%s",
                  err.msg);
    for (int i = 0; i < t->values; i++)
        ck_assert_msg(isfinite(t->value[i]), "%s is %g", t->name[i], t->value[i]);
}

static void is(const gedi_trial *t, const char *name, double want, double tolerance)
{
    double got = trial_value(t, name, "");
    ck_assert_msg(fabs(got - want) <= tolerance, "%s: %.9g, expected %.9g", name, got,
                  want);
}

/* Of two normal densities in 1, 2 and 3 dimensions: formulas. */
START_TEST(of_normal_densities)
{
    static const char *const cells[] = {"", "low=-4 high=4 cells=400",
                                        "low=-4 high=4 cells=200",
                                        "low=-4 high=4 cells=60"};
    double s = 0.5, w = 0.8, at = 0.3, d = _i;
    gedi_trial t = trial_of(_i);
    world.components = 1;
    world.weight[0] = 1;
    world.s = s;
    world.at = at;
    world.width = w;
    evaluate(&t, cells[_i]);
    is(&t, "kl", d * log(w / s) + (d * s * s + at * at) / (2 * w * w) - d / 2, 1e-4);
    ck_assert(trial_value(&t, "quadrature_error", "") <= 1e-4);
    double log_q = 0, log_p = 0;
    for (int i = 0; i < 2; i++) {
        log_q += log_normal(test_records + i * _i, at, w) / 2;
        log_p += log_normal(test_records + i * _i, 0, s) / 2;
    }
    is(&t, "log_likelihood", log_q, 1e-4);
    is(&t, "log_likelihood_true", log_p, 1e-4);
    ck_assert_int_eq(t.values, _i == 2 ? 6 : 5); /* one component: no log_ratio */
    if (_i == 2)
        is(&t, "chains_near_data", 0.75, 0);
    t.values = 0;
    world.at = 0;
    evaluate(&t, cells[_i]);
    double r2 = 2 * log(100) * s * s; /* of 99 % in the plane */
    if (_i == 2)
        is(&t, "mass_near_data", 1 - exp(-r2 / (2 * w * w)), 5e-4);
    if (_i == 1)
        is(&t, "mass_near_data", erf(2.5758293 * s / w / sqrt(2)), 2e-3);
}
END_TEST

/* A box that misses .6 % of p: a truncated normal density, whose entropy is known, and a uniform
 * model. */
START_TEST(of_a_box_that_cuts)
{
    gedi_trial t = trial_of(1);
    double s = 0.5, high = 1.375, a = high / s, inside = erf(a / sqrt(2));
    world.components = 1;
    world.weight[0] = 1;
    world.s = s;
    world.model = MODEL_SLOPE; /* of 0 */
    evaluate(&t, "low=-1.375 high=1.375");
    double entropy = log(sqrt(2 * pi * exp(1)) * s * inside) -
                     a * exp(-a * a / 2) / sqrt(2 * pi) / inside;
    is(&t, "kl", log(2 * high) - entropy, 1e-4);
    is(&t, "log_likelihood", -log(2 * high), 1e-5);
    is(&t, "log_likelihood_true",
       (log_normal(test_records, 0, s) + log_normal(test_records + 1, 0, s)) / 2 -
           log(inside),
       1e-4);
}
END_TEST

/* The model is the slope c x: apart by 2 c at the means -1 and 1, whatever its constant. */
START_TEST(of_two_components)
{
    gedi_trial t = trial_of(2);
    world.components = 2;
    world.weight[0] = 2.0 / 3;
    world.weight[1] = 1.0 / 3;
    world.mean[0] = -1;
    world.mean[1] = 1;
    world.s = 0.1;
    world.model = MODEL_SLOPE;
    world.at = 0.7;
    evaluate(&t, "");
    is(&t, "log_ratio", -1.4, 1e-5);
    is(&t, "log_ratio_true", log(2), 1e-6);
    /* KL: -entropy of p, and c x averaged over it; log z of c x on the box. */
    double entropy = log(2 * pi * 0.01) + 1 - 2.0 / 3 * log(2.0 / 3) - log(1.0 / 3) / 3;
    double z = log(4 * (exp(1.4) - exp(-1.4)) / 0.7);
    is(&t, "kl", z - entropy - 0.7 * (-2.0 / 3 + 1.0 / 3), 1e-4);
}
END_TEST

/* The true density as the model: nothing is between them. Moons are equally dense, the outer
 * circle is half as dense as the inner one. */
START_TEST(of_the_true_density)
{
    static const char *const noise[] = {"0.05", "0.01"};
    char options[64];
    gedi_trial t = trial_of(2);
    world.plugin = dataset[_i % 2];
    snprintf(options, sizeof options, "noise=%s%s", noise[_i / 2],
             _i % 2 ? "" : " center=true");
    component c = component_new(world.plugin, options);
    world.self = c.self;
    world.model = MODEL_TRUE;
    evaluate(&t, _i / 2 ? "" : "cells=200");
    is(&t, "kl", 0, 1e-5);
    is(&t, "quadrature_error", 0, 1e-5);
    is(&t, "mass_near_data", 0.99, 1e-3);
    is(&t, "log_ratio", _i % 2 ? log(0.5) : 0, 0.02);
    is(&t, "log_ratio_true", trial_value(&t, "log_ratio", ""), 1e-5);
    is(&t, "log_likelihood_true", trial_value(&t, "log_likelihood", ""), 1e-4);
    component_free(&c);
}
END_TEST

/* A uniform model, and moons: what it has near the data is the area of the region. */
START_TEST(of_a_uniform_model)
{
    gedi_trial t = trial_of(2);
    world.plugin = &gedi_dataset_moons;
    component c = component_new(world.plugin, "center=true");
    world.self = c.self;
    world.model = MODEL_SLOPE; /* of 0 */
    evaluate(&t, "cells=200");
    is(&t, "log_ratio", 0, 1e-6);
    is(&t, "log_likelihood", -log(16), 1e-5);
    /* Of 2 pi of curve, 2 x 2.58 noises wide, 16 are the box. */
    is(&t, "mass_near_data", 2 * pi * 2 * 2.6 * 0.05 / 16, 0.01);
    component_free(&c);
}
END_TEST

static void refused(gedi_trial *t, const char *options, gedi_status want,
                    const char *said)
{
    t->values = 0;
    ck_assert_int_eq(trial_evaluate(&gedi_evaluator_density, t, options, &err), want);
    ck_assert_str_eq(err.msg, said);
    ck_assert_int_eq(t->values, 0);
    if (world.model == MODEL_NAN) /* which nobody knows before */
        return;
    ck_assert_int_eq(trial_ready(&gedi_evaluator_density, t, options, &err), want);
    ck_assert_str_eq(err.msg, said);
}

START_TEST(refuses)
{
    gedi_trial t = trial_of(2);
    world.components = 1;
    world.weight[0] = world.s = world.width = 1;
    refused(&t, "low=-0.25 high=0.25", GEDI_OPTION,
            "low and high: 1 of 2 test records are outside of [-0.25, 0.25], which holds "
            "0.039 of the true mass: widen it");
    world.s = 0.02;
    refused(&t, "cells=20", GEDI_OPTION,
            "cells: 20 along each axis give the true density a mass of 8.84e-10 in place "
            "of 1: take more");
    world.s = 0.3;
    world.model = MODEL_NAN;
    refused(&t, "", GEDI_NUMERIC, "log p(x) of the model is nan");
    world.model = MODEL_NORMAL;
    world.known = false;
    refused(&t, "", GEDI_STATE,
            "the density of these data is not known, as that of moons and circles is: "
            "two_sample needs samples alone");
    world.energy = false;
    refused(&t, "", GEDI_STATE,
            "the objective has no energy, so the model has no density: evaluate one that "
            "has, such as gedi or jem");
    world.energy = world.known = true;
    world.d = 4;
    refused(&t, "", GEDI_SHAPE,
            "records have 4 numbers: a box of cells serves up to 3; two_sample compares "
            "samples of any size");
    world.d = 3;
    refused(&t, "", GEDI_OPTION,
            "cells: 400 along each of 3 axes are 64000000, above 16777216: take at most "
            "256");
    world.plugin = &gedi_dataset_circles;
    component c = component_new(world.plugin, "noise=0");
    world.self = c.self;
    world.d = 2;
    refused(&t, "", GEDI_OPTION,
            "noise: 0 leaves the records on two curves, which have no density in the "
            "plane: set it above 0, for example 0.05");
    component_free(&c);
    c = component_new(&gedi_evaluator_density, "low=1 high=1");
    ck_assert_int_eq(gedi_evaluator_density.check(c.self, &err), GEDI_OPTION);
    ck_assert_str_eq(err.msg, "low: 1 is not below high, 1");
    component_free(&c);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("density");
    TCase *c = tcase_create("dataset");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, as_brute_force, 0, 4 * DATASETS);
    tcase_add_loop_test(c, scale_and_centre, 0, DATASETS);
    tcase_add_loop_test(c, as_draws, 0, DATASETS);
    tcase_add_loop_test(c, no_noise_no_density, 0, DATASETS);
    suite_add_tcase(s, c);
    c = tcase_create("evaluator");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, of_normal_densities, 1, 4);
    tcase_add_test(c, of_a_box_that_cuts);
    tcase_add_test(c, of_two_components);
    tcase_add_loop_test(c, of_the_true_density, 0, 4);
    tcase_add_test(c, of_a_uniform_model);
    tcase_add_test(c, refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
