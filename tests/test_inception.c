/* test_inception.c - the 2015 Inception network against PyTorch in double, with weights that
 * both sides draw, and what is refused as its weights.
 */
#include "core/evaluate/inception.h"
#include "core/evaluate/inception_plan.h"
#include "core/store/safetensors.h"
#include "core/train/trainer.h"
#include "core/evaluate/trial.h"
#include "tests/experiment.h"
#include "tests/testing.h"

#include "tests/fixture/inception_cases.h"

enum { FEATURES = GEDI__INCEPTION_FEATURES, RECORD = HIGH * WIDE * 3, PARTS = 5 };

static gedi_err err;
static const double mean = 0.4, std = 0.25; /* of the records' standardisation */

static float *numbers(int64_t n)
{
    float *x = calloc((size_t)n + 1, sizeof *x);
    ck_assert_ptr_nonnull(x);
    return x;
}

/* ---- the generator of fixture/inception.py ---- */

static uint64_t named(const char *name)
{
    uint64_t state = 0xcbf29ce484222325u;
    for (; *name; name++)
        state = (state ^ (unsigned char)*name) * 0x100000001b3u;
    return state;
}

static double draw(uint64_t state, int64_t i)
{
    uint64_t z = ((uint64_t)i + 1) * 0x9e3779b97f4a7c15u + state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (double)((z ^ (z >> 31)) >> 40) / (1 << 24);
}

static float *tensor(const char *name, int64_t n, double low, double high)
{
    float *x = numbers(n);
    for (int64_t i = 0; i < n; i++)
        x[i] = (float)(low + (high - low) * draw(named(name), i));
    return x;
}

/* Two images, as records that are standardised. */
static float *images(void)
{
    float *x = numbers(2 * RECORD);
    for (int64_t i = 0; i < 2 * RECORD; i++)
        x[i] = (float)((floor(256 * draw(named("image"), i)) / 255 - mean) / std);
    return x;
}

/* ---- files of weights ---- */

static const char *const part[PARTS] = {"conv.weight", "bn.weight", "bn.bias",
                                        "bn.running_mean", "bn.running_var"};

/* What is wrong with a file: one of its tensors lacks, has another shape or type, or another
 * first number; or there is a further one. Only so many convolutions are in it. */
typedef struct flaw {
    const char *tensor;
    enum { RIGHT, LACKS, SHAPE, DOUBLE, NUMBER } what;
    float number;
    const char *more;
    int64_t classes;
    int convolutions;
} flaw;

static float *draw_part(const gedi__layer *l, int p, const char *name, gedi_shape *s)
{
    static const double low[PARTS] = {0, 0.75, -0.25, -0.25, 0.5};
    static const double high[PARTS] = {0, 1.25, 0.25, 0.25, 1.5};
    if (p > 0) {
        *s = GEDI_DIMS(l->count);
        return tensor(name, l->count, low[p], high[p]);
    }
    *s = GEDI_DIMS(l->count, l->in.channels, l->window.kh, l->window.kw);
    int64_t n = gedi_shape_size(*s);
    double bound = sqrt(6.0 / (double)(n / l->count));
    return tensor(name, n, -bound, bound);
}

static void write_file(const char *path, const flaw *f)
{
    gedi__layer layer[GEDI__INCEPTION_MOST];
    float *held[PARTS * GEDI__INCEPTION_MOST], more[2048] = {0};
    int last, used = 0, convolutions = 0, n = gedi__inception_plan(layer, &last);
    gedi__tensors_writer *w;
    ck_assert_int_eq(gedi__tensors_write_open(path, &w, &err), GEDI_OK);
    for (int i = 0; i < n && convolutions < f->convolutions; i++) {
        convolutions += layer[i].kind == GEDI__CONVOLVE;
        for (int p = 0; p < PARTS && layer[i].kind == GEDI__CONVOLVE; p++) {
            char name[80];
            gedi_shape s;
            snprintf(name, sizeof name, "%s.%s", layer[i].name, part[p]);
            float *x = held[used++] = draw_part(&layer[i], p, name, &s);
            int what = f->tensor && !strcmp(f->tensor, name) ? (int)f->what : RIGHT;
            if (what == NUMBER)
                x[0] = f->number;
            s.dim[0] -= what == SHAPE;
            if (what != LACKS)
                gedi__tensors_write_add(w, name, GEDI__F32, s, x);
        }
    }
    if (f->more)
        gedi__tensors_write_add(w, f->more, GEDI__F32, GEDI_DIMS(f->classes), more);
    ck_assert_msg(gedi__tensors_write_commit(w, &err) == GEDI_OK, "%s", err.msg);
    for (int i = 0; i < used; i++)
        free(held[i]);
}

/* The whole network, written once for all tests. */
static void write_whole(void)
{
    experiment_setup();
    write_file(experiment_path("whole"),
               &(flaw){.convolutions = 94, .more = "fc.bias", .classes = 1008});
}

static gedi__inception *opened(int64_t channels, int threads)
{
    gedi_data_info info = {
        .record = GEDI_DIMS(HIGH, WIDE, channels), .mean = mean, .std = std};
    gedi__inception *c = NULL;
    ck_assert_msg(gedi__inception_open(experiment_path("whole"), &info, threads, &c,
                                       &err) == GEDI_OK,
                  "%s", err.msg);
    return c;
}

/* ---- the network ---- */

static void check_features(const float *h, int image)
{
    float some[FEATURES / KEPT];
    double sum[3] = {0}, size = sqrt(sums[image][1]);
    for (int k = 0; k < FEATURES; k++) {
        if (k % KEPT == 0)
            some[k / KEPT] = h[k];
        sum[0] += (double)h[k];
        sum[1] += (double)h[k] * (double)h[k];
        sum[2] += (double)h[k] * (2 * draw(named("projection"), k) - 1);
    }
    double error = testing_error(some, kept[image], FEATURES / KEPT, 0);
    ck_assert_msg(error <= 3e-6, "image %d: features differ by %g", image, error);
    for (int i = 0; i < 3; i++) {
        double scale = i == 1 ? size * size : size * sqrt(FEATURES);
        double off = fabs(sum[i] - sums[image][i]) / scale;
        ck_assert_msg(off <= 1e-5, "image %d: sum %d differs by %g", image, i, off);
    }
}

/* Any number of threads gives the same bytes. */
START_TEST(features_as_pytorch)
{
    enum { N = 3 };
    static const int image[N] = {0, 1, 1};
    float *two = images(), *x = numbers(N * RECORD), *h = numbers(2 * N * FEATURES);
    for (int i = 0; i < N; i++)
        memcpy(x + i * RECORD, two + image[i] * RECORD, RECORD * sizeof *x);
    for (int threads = 1; threads <= 2; threads++) {
        gedi__inception *c = opened(3, threads);
        gedi__inception_run(c, x, N, h + (threads - 1) * N * FEATURES);
        gedi__inception_free(c);
    }
    for (int i = 0; i < N; i++)
        check_features(h + i * FEATURES, image[i]);
    ck_assert(!memcmp(h, h + N * FEATURES, N * FEATURES * sizeof *h));
    free(two);
    free(x);
    free(h);
}
END_TEST

/* Pixels outside of [0, 1] are cut; what is not a number is not hidden. */
START_TEST(pixels_are_cut)
{
    float *x = images(), *h = numbers(3 * FEATURES);
    gedi__inception *c = opened(3, 1);
    const float black = (float)(-mean / std), white = (float)((1 - mean) / std);
    x[7] = x[RECORD + 7] = black;
    x[50] = x[RECORD + 50] = white;
    memcpy(x + RECORD, x, RECORD * sizeof *x);
    x[RECORD + 7] = -5;
    x[RECORD + 50] = 6;
    gedi__inception_run(c, x, 1, h);
    gedi__inception_run(c, x + RECORD, 1, h + FEATURES);
    double worst = 0;
    for (int k = 0; k < FEATURES; k++)
        worst = fmax(worst, fabs((double)h[k] - (double)h[FEATURES + k]));
    ck_assert_msg(worst <= 2e-5, "cut by hand and not: %g apart", worst);
    x[100] = NAN;
    gedi__inception_run(c, x, 1, h);
    ck_assert(isnan(h[0]) && isnan(h[FEATURES - 1]));
    gedi__inception_free(c);
    free(x);
    free(h);
}
END_TEST

START_TEST(gray_is_three_equal_channels)
{
    float *x = images(), gray[HIGH * WIDE], *h = numbers(2 * FEATURES);
    for (int i = 0; i < HIGH * WIDE; i++)
        x[3 * i] = x[3 * i + 1] = x[3 * i + 2] = gray[i] = x[2 * i];
    gedi__inception *c = opened(3, 1), *g = opened(1, 1);
    gedi__inception_run(c, x, 1, h);
    gedi__inception_run(g, gray, 1, h + FEATURES);
    ck_assert(!memcmp(h, h + FEATURES, FEATURES * sizeof *h));
    gedi__inception_free(c);
    gedi__inception_free(g);
    free(x);
    free(h);
}
END_TEST

/* ---- in a trial ---- */

typedef struct subject {
    gedi__experiment *e;
    gedi__trainer *t;
} subject;

/* Files of MNIST with 64 images of noise, in idx/. */
static void write_images(void)
{
    enum { COUNT = 64, SIZE = 28 * 28 };
    static const char *const set[] = {"train", "t10k"};
    static unsigned char image[16 + COUNT * SIZE] = {0, 0, 8, 3,  0, 0, 0, COUNT,
                                                     0, 0, 0, 28, 0, 0, 0, 28};
    unsigned char label[8 + COUNT] = {0, 0, 8, 1, 0, 0, 0, COUNT};
    char name[64];
    for (int64_t i = 0; i < COUNT * SIZE; i++)
        image[16 + i] = (unsigned char)(256 * draw(named("idx"), i));
    ck_assert_int_eq(gedi__folder_make(experiment_path("idx"), &err), GEDI_OK);
    for (int i = 0; i < 2; i++) {
        snprintf(name, sizeof name, "idx/%s-images-idx3-ubyte", set[i]);
        ck_assert_int_eq(
            gedi__file_write(experiment_path(name), image, sizeof image, &err), GEDI_OK);
        snprintf(name, sizeof name, "idx/%s-labels-idx1-ubyte", set[i]);
        ck_assert_int_eq(
            gedi__file_write(experiment_path(name), label, sizeof label, &err), GEDI_OK);
    }
}

static subject subject_new(const char *evaluate)
{
    subject u = {.e = experiment_new(
                     (setting){.dataset = "{mnist: {path: idx, mean: 0.5, std: 0.5}}",
                               .evaluate = evaluate})};
    ck_assert_msg(gedi__trainer_new(u.e, u.e->stage, &u.t, &err) == GEDI_OK, "%s",
                  err.msg);
    return u;
}

static void subject_free(subject *u)
{
    gedi__trainer_free(u->t);
    gedi__experiment_free(u->e);
}

/* A trial takes the standardisation and the threads from the run. */
START_TEST(space_of_a_trial)
{
    write_images();
    subject u = subject_new("[]");
    gedi_trial *t;
    gedi_space space = {.kind = GEDI_SPACE_INCEPTION, .path = "whole"};
    gedi_data_info info = u.t->data.info;
    int64_t n = gedi_shape_size(info.record), d;
    float *x = tensor("records", 2 * n, -1.25, 1.25), *h = numbers(4 * FEATURES);
    ck_assert_int_eq(gedi__trial_new(&u.t->net, &u.t->data, &t, &err), GEDI_OK);
    ck_assert_msg(gedi_trial_space_width(t, &space, &d, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(d, FEATURES);
    ck_assert_int_eq(gedi_trial_space_map(t, &space, x, 2, h, &err), GEDI_OK);
    gedi__inception *c;
    ck_assert_int_eq(gedi__inception_open(experiment_path("whole"), &info, 1, &c, &err),
                     GEDI_OK);
    gedi__inception_run(c, x, 2, h + 2 * FEATURES);
    ck_assert(!memcmp(h, h + 2 * FEATURES, 2 * FEATURES * sizeof *h));
    /* Another one, and this again. */
    ck_assert_int_eq(
        gedi_trial_space_width(t, &(gedi_space){.kind = GEDI_SPACE_ENCODER}, &d, &err),
        GEDI_OK);
    ck_assert_int_eq(d, 4);
    ck_assert_int_eq(gedi_trial_space_map(t, &space, x + n, 1, h, &err), GEDI_OK);
    ck_assert(!memcmp(h, h + 3 * FEATURES, FEATURES * sizeof *h));
    /* The same path, but a run; the same kind, but another path. */
    space.kind = GEDI_SPACE_RUN;
    ck_assert_int_eq(gedi_trial_space_width(t, &space, &d, &err), GEDI_STATE);
    space.kind = GEDI_SPACE_INCEPTION;
    ck_assert_int_eq(gedi_trial_space_width(t, &space, &d, &err), GEDI_OK);
    space.path = "nowhere";
    ck_assert_int_eq(gedi_trial_space_width(t, &space, &d, &err), GEDI_IO);
    gedi__inception_free(c);
    gedi__trial_free(t);
    subject_free(&u);
    free(x);
    free(h);
}
END_TEST

/* Pixels take the standardisation from the run, too; another side is another space. */
START_TEST(pixels_of_a_trial)
{
    enum { N = 64 }; /* images */
    write_images();
    subject u = subject_new("[]");
    gedi_trial *t;
    gedi_space space = {.kind = GEDI_SPACE_PIXELS, .side = 7};
    float *x = numbers(N * 28 * 28), *h = numbers(N * 49), *records = numbers(N * 49);
    int64_t d;
    ck_assert_int_eq(gedi__trial_new(&u.t->net, &u.t->data, &t, &err), GEDI_OK);
    ck_assert_msg(gedi_trial_space_width(t, &space, &d, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(d, 49);
    ck_assert_int_eq(gedi_trial_read(t, GEDI_TEST, 0, N, x, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_space_map(t, &space, x, N, h, &err), GEDI_OK);
    ck_assert_int_eq(gedi_trial_space_records(t, &space, GEDI_TEST, records, &err),
                     GEDI_OK);
    ck_assert(!memcmp(h, records, N * 49 * sizeof *h));
    double sum = 0; /* over the cell in the last corner of the last image */
    for (int i = 24; i < 28; i++)
        for (int j = 24; j < 28; j++)
            sum += 0.5 + 0.5 * (double)x[((N - 1) * 28 + i) * 28 + j];
    ck_assert_msg(fabs(h[N * 49 - 1] - sum / 16) <= 1e-6, "%g, expected %g",
                  h[N * 49 - 1], sum / 16);
    space.side = 4;
    ck_assert_int_eq(gedi_trial_space_width(t, &space, &d, &err), GEDI_OK);
    ck_assert_int_eq(d, 16);
    gedi__trial_free(t);
    subject_free(&u);
    free(x);
    free(h);
    free(records);
}
END_TEST

/* Asks each evaluator; the first error. */
static gedi_status ready(const subject *u)
{
    gedi_trial *trial;
    gedi_status s = gedi__trial_new(&u->t->net, &u->t->data, &trial, &err);
    for (int i = 0; s == GEDI_OK && i < u->t->e->evaluators; i++)
        s = gedi__trial_ready(trial, i, &err);
    gedi__trial_free(trial);
    return s;
}

static void not_ready(const char *evaluate, gedi_status want, const char *said)
{
    subject u = subject_new(evaluate);
    ck_assert_int_eq(ready(&u), want);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
    subject_free(&u);
}

START_TEST(known_before_training)
{
    write_images();
    not_ready("[clustering: {}, fid: {weights: whole, samples: 4095}]", GEDI_USAGE,
              "evaluator fid: samples: 4095 are too few for a space of 2048 dimensions: "
              "take at least 4096");
    not_ready("[fid: {weights: whole}]", GEDI_USAGE,
              "evaluator fid: split: 64 test records are too few for a space of 2048 "
              "dimensions: at least 4096 are needed");
    not_ready("[fid: {weights: nowhere}]", GEDI_OPTION,
              "nowhere: No such file or directory; it is to be");
    subject u = subject_new("[clustering: {}, fid: {samples: 8}]");
    ck_assert_int_eq(ready(&u), GEDI_OK);
    subject_free(&u);
}
END_TEST

/* ---- refusals ---- */

#define DOCS                                                                             \
    "it is to be a safetensors file of pytorch-fid's pt_inception-2015-12-05, which "    \
    "docs/fid.md says how to make"

static void refused(const char *path, gedi_shape record, double deviation,
                    gedi_status want, const char *said)
{
    gedi_data_info info = {.record = record, .std = deviation};
    gedi__inception *c = (gedi__inception *)&info;
    ck_assert_int_eq(gedi__inception_open(path, &info, 1, &c, &err), want);
    ck_assert_ptr_null(c);
    ck_assert_msg(strstr(err.msg, said) != NULL, "'%s' lacks '%s'", err.msg, said);
}

static void refused_file(const flaw *f, const char *said)
{
    write_file(experiment_path("flawed"), f);
    refused(experiment_path("flawed"), GEDI_DIMS(8, 8, 3), 1, GEDI_DATA, said);
}

START_TEST(records_refused)
{
    const char *path = experiment_path("whole");
    refused(path, GEDI_DIMS(2), 1, GEDI_SHAPE,
            "takes images, [H, W, 1] or [H, W, 3], but records have shape [2]");
    refused(path, GEDI_DIMS(8, 8, 4), 1, GEDI_SHAPE, "shape [8, 8, 4]");
    refused(path, GEDI_DIMS(8, 8, 3), 0, GEDI_SHAPE,
            "the dataset does not say that its records are images");
}
END_TEST

START_TEST(files_refused)
{
    const char *path = experiment_path("flawed");
    refused(experiment_path("nowhere"), GEDI_DIMS(8, 8, 3), 1, GEDI_IO,
            "nowhere: No such file or directory; " DOCS);
    refused(experiment_folder, GEDI_DIMS(8, 8, 3), 1, GEDI_IO, "not a file; " DOCS);
    ck_assert_int_eq(gedi__file_write(path, "PK\3\4 a .pth file", 17, &err), GEDI_OK);
    refused(
        path, GEDI_DIMS(8, 8, 3), 1, GEDI_DATA,
        "flawed: an archive, as NumPy and PyTorch write them, and no safetensors file");
    write_file(path, &(flaw){.convolutions = 2});
    char *data;
    size_t size;
    ck_assert_int_eq(gedi__file_read(path, &data, &size, &err), GEDI_OK);
    ck_assert_int_eq(gedi__file_write(path, data, size - 1, &err), GEDI_OK);
    free(data);
    refused(path, GEDI_DIMS(8, 8, 3), 1, GEDI_DATA, "flawed: truncated? tensor '");
}
END_TEST

START_TEST(tensors_refused)
{
    const char *first = "Conv2d_1a_3x3.conv.weight",
               *var = "Conv2d_2a_3x3.bn.running_var";
    refused_file(&(flaw){.convolutions = 3},
                 "no tensor 'Conv2d_3b_1x1.conv.weight' (expected F32 [80, 64, 1, 1]); "
                 "" DOCS);
    refused_file(&(flaw){first, LACKS, .convolutions = 1},
                 "no tensor 'Conv2d_1a_3x3.conv.weight' (expected F32 [32, 3, 3, 3])");
    refused_file(
        &(flaw){first, SHAPE, .convolutions = 1},
        "tensor 'Conv2d_1a_3x3.conv.weight' is F32 [31, 3, 3, 3], expected F32 [32, 3, "
        "3, 3]");
    refused_file(&(flaw){var, LACKS, .convolutions = 2},
                 "no tensor 'Conv2d_2a_3x3.bn.running_var' (expected F32 [32])");
    refused_file(&(flaw){var, NUMBER, -0.5f, .convolutions = 2},
                 "number 0 of tensor 'Conv2d_2a_3x3.bn.running_var' is -0.5, which is no "
                 "variance");
    refused_file(&(flaw){var, NUMBER, NAN, .convolutions = 2},
                 "number 0 of tensor 'Conv2d_2a_3x3.bn.running_var' is nan");
    refused_file(&(flaw){first, NUMBER, INFINITY, .convolutions = 1},
                 "number 0 of tensor 'Conv2d_1a_3x3.conv.weight' is inf");
}
END_TEST

/* The same network with the same names, but trained by others. */
START_TEST(torchvision_is_refused)
{
    refused_file(&(flaw){.convolutions = 1, .more = "fc.bias", .classes = 1000},
                 "flawed: these weights are torchvision's, for 1000 classes; FID is "
                 "defined with those of 2015, for 1008: take pytorch-fid's "
                 "pt_inception-2015-12-05, as docs/fid.md says");
    refused_file(&(flaw){.convolutions = 1, .more = "AuxLogits.fc.bias", .classes = 1000},
                 "these weights are torchvision's");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("inception");
    TCase *c = tcase_create("network");
    tcase_set_timeout(c, 300);
    tcase_add_unchecked_fixture(c, write_whole, experiment_teardown);
    tcase_add_test(c, features_as_pytorch);
    tcase_add_test(c, pixels_are_cut);
    tcase_add_test(c, gray_is_three_equal_channels);
    tcase_add_test(c, space_of_a_trial);
    tcase_add_test(c, pixels_of_a_trial);
    tcase_add_test(c, known_before_training);
    suite_add_tcase(s, c);
    c = tcase_create("parts");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, records_refused);
    tcase_add_test(c, files_refused);
    tcase_add_test(c, tensors_refused);
    tcase_add_test(c, torchvision_is_refused);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
