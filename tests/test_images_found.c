/* test_images_found.c - CIFAR-10, CIFAR-100 and SVHN as they are published, or their first records,
 * where $GEDI_TEST_DATA has them; without it the program counts as skipped.
 *   cifar-10-batches-bin/, cifar-100-binary/, svhn/, corrupt/svhn_train_32x32_truncated_139264.mat
 */
#include "tests/component.h"
#include "tests/experiment.h"

#include <math.h>

extern const gedi_dataset gedi_dataset_cifar10, gedi_dataset_cifar100, gedi_dataset_svhn;

enum { PIXELS = 3072 };

static const char *data;

static const struct found {
    const gedi_dataset *dataset;
    const char *folder, *options;
    int64_t least[GEDI_SPLITS]; /* records of the official files' beginnings, or more */
    int classes;
    double mean, std; /* by which GEDI's authors standardise */
} founds[] = {
    {&gedi_dataset_cifar10,
     "cifar-10-batches-bin",
     "mean=0.48 std=0.25",
     {4660, 846},
     10,
     0.48,
     0.25},
    {&gedi_dataset_cifar100,
     "cifar-100-binary",
     "mean=0.48 std=0.27",
     {1117, 916},
     100,
     0.48,
     0.27},
    {&gedi_dataset_cifar100,
     "cifar-100-binary",
     "mean=0.48 std=0.27 labels=coarse",
     {1117, 916},
     20,
     0.48,
     0.27},
    {&gedi_dataset_svhn, "svhn", "mean=0.45 std=0.19", {582, 501}, 10, 0.45, 0.19},
};
enum { FOUNDS = sizeof founds / sizeof *founds };

static gedi_status open_at(const gedi_dataset *d, component *c, const char *options,
                           const char *folder, gedi_data_info *info, gedi_err *err)
{
    *c = component_new(d, options);
    component_set(c, (const gedi_plugin *)d, "path", folder);
    return d->open(c->self, &(gedi_open){0}, info, err);
}

/* Every class is there, and standardised records are nearly so. */
static void ck_split(const gedi_dataset *d, const component *c,
                     const gedi_data_info *info, gedi_split split)
{
    double sum = 0, square = 0, all = (double)info->count[split] * PIXELS;
    bool seen[100] = {false};
    for (int64_t i = 0; i < info->count[split]; i++) {
        float x[PIXELS];
        int32_t label = -1;
        ck_assert_int_eq(d->read(c->self, split, i, x, &label, NULL), GEDI_OK);
        ck_assert_int_ge(label, 0);
        ck_assert_int_lt(label, info->classes);
        seen[label] = true;
        for (int j = 0; j < PIXELS; j++) {
            sum += (double)x[j];
            square += (double)x[j] * (double)x[j];
        }
    }
    double mean = sum / all, std = sqrt(square / all - mean * mean);
    ck_assert_msg(fabs(mean) <= 0.15 && fabs(std - 1) <= 0.1, "%s: mean %g, deviation %g",
                  d->name, mean, std);
    for (int k = 0; k < info->classes; k++)
        ck_assert_msg(seen[k], "%s: no record of class %d", d->name, k);
}

START_TEST(published)
{
    const struct found *f = &founds[_i];
    char folder[4096];
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    snprintf(folder, sizeof folder, "%s/%s", data, f->folder);
    ck_assert_msg(open_at(f->dataset, &c, f->options, folder, &info, &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(info.classes, f->classes);
    for (int s = 0; s < GEDI_SPLITS; s++) {
        ck_assert_int_ge(info.count[s], f->least[s]);
        ck_split(f->dataset, &c, &info, (gedi_split)s);
    }
    f->dataset->close(c.self);
    component_free(&c);
}
END_TEST

/* The first record of CIFAR-10 is a frog, that of the test batch a cat; CIFAR-100 begins with
 * cattle among large omnivores and herbivores. */
START_TEST(first_labels)
{
    static const struct {
        const gedi_dataset *dataset;
        const char *folder, *options;
        gedi_split split;
        int32_t label;
    } cases[] = {
        {&gedi_dataset_cifar10, "cifar-10-batches-bin", "train_limit=1 test_limit=1",
         GEDI_TRAIN, 6},
        {&gedi_dataset_cifar10, "cifar-10-batches-bin", "train_limit=1 test_limit=1",
         GEDI_TEST, 3},
        {&gedi_dataset_cifar100, "cifar-100-binary", "train_limit=1 test_limit=1",
         GEDI_TRAIN, 19},
        {&gedi_dataset_cifar100, "cifar-100-binary",
         "train_limit=1 test_limit=1 labels=coarse", GEDI_TRAIN, 11},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char folder[4096];
        float x[PIXELS];
        component c;
        gedi_data_info info;
        gedi_err err = {0};
        int32_t label = -1;
        snprintf(folder, sizeof folder, "%s/%s", data, cases[i].folder);
        ck_assert_msg(open_at(cases[i].dataset, &c, cases[i].options, folder, &info,
                              &err) == GEDI_OK,
                      "%s", err.msg);
        ck_assert_int_eq(
            cases[i].dataset->read(c.self, cases[i].split, 0, x, &label, NULL), GEDI_OK);
        ck_assert_msg(label == cases[i].label, "case %zu: label %d", i, (int)label);
        cases[i].dataset->close(c.self);
        component_free(&c);
    }
}
END_TEST

static void link_to(const char *file, const char *name)
{
    char target[4096];
    snprintf(target, sizeof target, "%s/%s", data, file);
    ck_assert_int_eq(symlink(target, experiment_path(name)), 0);
}

START_TEST(unlabelled_extra)
{
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    link_to("svhn/train_32x32.mat", "train_32x32.mat");
    link_to("svhn/test_32x32.mat", "test_32x32.mat");
    link_to("svhn/extra_32x32_X_only_unlabelled.mat", "extra_32x32.mat");
    ck_assert_msg(open_at(&gedi_dataset_svhn, &c, "extra=true", experiment_folder, &info,
                          &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_ge(info.count[GEDI_TRAIN], 582 + 181);
    ck_assert(!info.labelled[GEDI_TRAIN] && info.labelled[GEDI_TEST]);
    gedi_dataset_svhn.close(c.self);
    component_free(&c);
}
END_TEST

START_TEST(stopped_download)
{
    component c;
    gedi_data_info info;
    gedi_err err = {0};
    link_to("corrupt/svhn_train_32x32_truncated_139264.mat", "train_32x32.mat");
    link_to("svhn/test_32x32.mat", "test_32x32.mat");
    ck_assert_int_eq(open_at(&gedi_dataset_svhn, &c, "", experiment_folder, &info, &err),
                     GEDI_DATA);
    ck_assert_msg(strstr(err.msg,
                         "train_32x32.mat: truncated: the variable at byte 128 has "
                         "182004347 bytes, 139128 bytes found"),
                  "%s", err.msg);
    component_free(&c);
}
END_TEST

int main(void)
{
    enum { SKIPPED = 77 }; /* what automake takes for it */
    data = getenv("GEDI_TEST_DATA");
    if (!data || !*data) {
        printf("skipped: GEDI_TEST_DATA is not set\n");
        return SKIPPED;
    }
    Suite *s = suite_create("images_found");
    TCase *c = tcase_create("found");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_loop_test(c, published, 0, FOUNDS);
    tcase_add_test(c, first_labels);
    tcase_add_test(c, unlabelled_extra);
    tcase_add_test(c, stopped_download);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
