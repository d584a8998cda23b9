/* test_fid.c - what the evaluator fid asks of a trial, what it calls its metric, and what it
 * refuses; samples, records and their features are made by hand.
 */
#include "gedi/metric.h"
#include "tests/testing.h"
#include "tests/trial.h"

extern const gedi_evaluator gedi_evaluator_fid;

enum { RECORD = 3, D = 4, RECORDS = 30, SAMPLES = 20 };

static gedi_err err;
static struct {
    int64_t samples, steps; /* that were asked for */
    gedi_split split;
    gedi_space space;  /* and whose features */
    char path[64];     /* its own, as the options end */
    gedi_status wrong; /* with that space */
} asked;

int64_t gedi_trial_record(const gedi_trial *t)
{
    (void)t;
    return RECORD;
}

gedi_status gedi_trial_sample(gedi_trial *t, int64_t n, int64_t steps, float *x,
                              gedi_err *e)
{
    (void)t, (void)e;
    asked.samples = n;
    asked.steps = steps;
    testing_uniform(x, n * RECORD, 5, 0, 1);
    return GEDI_OK;
}

static void same_space(const gedi_space *s)
{
    ck_assert_int_eq(s->kind, asked.space.kind);
    ck_assert_int_eq(s->side, asked.space.side);
    ck_assert(s->path == asked.space.path || !strcmp(s->path, asked.space.path));
}

gedi_status gedi_trial_space_width(gedi_trial *t, const gedi_space *s, int64_t *d,
                                   gedi_err *e)
{
    (void)t;
    asked.space = *s;
    if (s->path) {
        ck_assert(strlen(s->path) < sizeof asked.path);
        asked.space.path = strcpy(asked.path, s->path);
    }
    *d = D;
    return asked.wrong ? GEDI_FAIL(e, asked.wrong, "place: wrong") : GEDI_OK;
}

gedi_status gedi_trial_space_map(gedi_trial *t, const gedi_space *s, const float *x,
                                 int64_t n, float *h, gedi_err *e)
{
    (void)t, (void)e;
    same_space(s);
    for (int64_t i = 0; i < n; i++)
        for (int64_t k = 0; k < D; k++)
            h[i * D + k] = x[i * RECORD + k % RECORD] + (float)(k == i % D);
    return GEDI_OK;
}

gedi_status gedi_trial_space_records(gedi_trial *t, const gedi_space *s, gedi_split split,
                                     float *h, gedi_err *e)
{
    (void)e;
    same_space(s);
    asked.split = split;
    testing_uniform(h, t->n[split] * D, 7, 0, 2);
    return GEDI_OK;
}

static gedi_trial trial_new(void)
{
    memset(&asked, 0, sizeof asked);
    return (gedi_trial){.n = {RECORDS, RECORDS - 9}};
}

static void reports(const char *options, const char *name, const char *definition)
{
    float x[SAMPLES * RECORD], hx[SAMPLES * D], hy[RECORDS * D];
    double want;
    gedi_trial t = trial_new();
    ck_assert_msg(trial_evaluate(&gedi_evaluator_fid, &t, options, &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert_int_eq(t.values, 1);
    ck_assert_str_eq(t.name[0], name);
    ck_assert_str_eq(t.definition[0], definition);
    ck_assert_int_eq(asked.samples, SAMPLES);
    int64_t n = t.n[asked.split];
    gedi_trial_sample(&t, SAMPLES, asked.steps, x, &err);
    gedi_trial_space_map(&t, &asked.space, x, SAMPLES, hx, &err);
    gedi_trial_space_records(&t, &asked.space, asked.split, hy, &err);
    ck_assert_int_eq(gedi_frechet(hx, SAMPLES, hy, n, D, &want, &err), GEDI_OK);
    ck_assert_msg(fabs(t.value[0] - want) <= 1e-9 * want, "%g, expected %g", t.value[0],
                  want);
}

START_TEST(named_by_the_network)
{
    reports("samples=20", "fd_encoder",
            "FD(encoder), not FID: Frechet distance of 20 samples after 500 steps of the "
            "sampler to 21 test records, 4 features of the network");
    ck_assert_int_eq(asked.space.kind, GEDI_SPACE_ENCODER);
    ck_assert_int_eq(asked.steps, 500);
    reports(
        "samples=20 split=train network=../runs/two-stage/", "fd_two_stage",
        "FD(two_stage), not FID: Frechet distance of 20 samples after 500 steps of the "
        "sampler to 30 training records, 4 features of the network");
    ck_assert_int_eq(asked.space.kind, GEDI_SPACE_RUN);
    ck_assert_str_eq(asked.space.path, "../runs/two-stage/");
    reports(
        "samples=20 steps=7 weights=there/inception-2015.safetensors", "fid",
        "FID: Frechet distance of 20 samples after 7 steps of the sampler to 21 test "
        "records, 4 features of the 2015 Inception network "
        "(inception-2015.safetensors), images resized bilinearly to 299 x 299, without "
        "antialiasing");
    ck_assert_int_eq(asked.space.kind, GEDI_SPACE_INCEPTION);
    ck_assert_str_eq(asked.space.path, "there/inception-2015.safetensors");
    ck_assert_int_eq(asked.steps, 7);
}
END_TEST

START_TEST(of_pixels)
{
    reports(
        "samples=20 space=pixels", "fd_pixels",
        "FD(pixels), not FID: Frechet distance of 20 samples after 500 steps of the "
        "sampler to 21 test records, 4 numbers, pixels of [0, 1], averaged over 8 x 8 "
        "cells, those outside not clipped");
    ck_assert_int_eq(asked.space.kind, GEDI_SPACE_PIXELS);
    ck_assert_int_eq(asked.space.side, 8);
    ck_assert_ptr_null(asked.space.path);
    reports("samples=20 steps=7 space=pixels side=0", "fd_pixels",
            "FD(pixels), not FID: Frechet distance of 20 samples after 7 steps of the "
            "sampler to 21 test records, 4 numbers, pixels of [0, 1], those outside not "
            "clipped");
    ck_assert_int_eq(asked.space.side, 0);
}
END_TEST

static void contradicts(const char *options, const char *said)
{
    component c = component_new(&gedi_evaluator_fid, options);
    ck_assert_int_eq(gedi_evaluator_fid.check(c.self, &err), GEDI_OPTION);
    ck_assert_str_eq(err.msg, said);
    component_free(&c);
}

/* Before training and after. */
static void refused(const char *options, gedi_status space, gedi_status want,
                    const char *said)
{
    gedi_trial t = trial_new();
    t.n[GEDI_TRAIN] = 7;
    asked.wrong = space;
    component c = component_new(&gedi_evaluator_fid, options);
    for (int i = 0; i < 2; i++) {
        gedi_status s = i ? gedi_evaluator_fid.ready(c.self, &t, &err)
                          : gedi_evaluator_fid.evaluate(c.self, &t, &err);
        ck_assert_int_eq(s, want);
        ck_assert_str_eq(err.msg, said);
        ck_assert_int_eq(asked.samples, 0);
    }
    ck_assert_int_eq(t.values, 0);
    component_free(&c);
}

START_TEST(refuses)
{
    refused("samples=7", GEDI_OK, GEDI_USAGE,
            "samples: 7 are too few for a space of 4 dimensions: take at least 8");
    refused("split=train", GEDI_OK, GEDI_USAGE,
            "split: 7 training records are too few for a space of 4 dimensions: at least "
            "8 are needed");
    refused("weights=a/b", GEDI_DATA, GEDI_OPTION, "weights: place: wrong");
    refused("network=a/b", GEDI_STATE, GEDI_STATE, "network: place: wrong");
    refused("weights=a/b", GEDI_IO, GEDI_OPTION, "weights: place: wrong");
    refused("space=pixels", GEDI_SHAPE, GEDI_SHAPE, "space: place: wrong");
    refused("space=pixels side=9", GEDI_OPTION, GEDI_OPTION, "side: place: wrong");
    gedi_trial t = trial_new();
    component c = component_new(&gedi_evaluator_fid, "samples=8");
    ck_assert_int_eq(gedi_evaluator_fid.ready(c.self, &t, &err), GEDI_OK);
    ck_assert_int_eq(gedi_evaluator_fid.check(c.self, &err), GEDI_OK);
    component_free(&c);
    contradicts("weights=a.safetensors network=runs/b",
                "weights and network: 'a.safetensors' and 'runs/b' are two networks: "
                "leave one out");
    contradicts("space=pixels network=runs/b",
                "space and network: pixels are those of images, 'runs/b' is a network: "
                "leave one out");
    contradicts("space=pixels weights=a",
                "space and weights: pixels are those of images, 'a' is a network: leave "
                "one out");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fid");
    TCase *c = tcase_create("evaluator");
    tcase_add_test(c, named_by_the_network);
    tcase_add_test(c, of_pixels);
    tcase_add_test(c, refuses);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
