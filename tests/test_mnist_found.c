/* test_mnist_found.c - MNIST-like files as they are found, where the machine has them.
 *
 * Each is named and left out where it is missing; the program then counts as skipped.
 *   $GEDI_TEST_DATA/corrupt/mnist_t10k-images-idx3-ubyte_truncated_2359296
 *   /usr/share/datasets/fashion-mnist, from Debian's package dataset-fashion-mnist
 */
#include "tests/component.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

extern const gedi_dataset gedi_dataset_mnist, gedi_dataset_fashion_mnist;

static const char fashion[] = "/usr/share/datasets/fashion-mnist";
static char broken[4096];

static gedi_status open_folder(component *c, const char *path, gedi_data_info *info,
                               gedi_err *err)
{
    component_set(c, (const gedi_plugin *)&gedi_dataset_mnist, "path", path);
    gedi_open open = {0};
    return gedi_dataset_mnist.open(c->self, &open, info, err);
}

/* fashion_mnist finds Debian's files by itself. Counts, and the mean and deviation that are published for the training images. */
START_TEST(fashion_mnist)
{
    component c = component_new(&gedi_dataset_fashion_mnist, "");
    gedi_data_info info;
    gedi_open how = {0};
    gedi_err err = {0};
    ck_assert_msg(gedi_dataset_fashion_mnist.open(c.self, &how, &info, &err) == GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(info.count[GEDI_TRAIN], 60000);
    ck_assert_int_eq(info.count[GEDI_TEST], 10000);
    double sum = 0.0, square = 0.0, all = 60000.0 * 784.0;
    int of_label[10] = {0};
    for (int i = 0; i < 60000; i++) {
        float x[784];
        int32_t label = -1;
        ck_assert_int_eq(
            gedi_dataset_fashion_mnist.read(c.self, GEDI_TRAIN, i, x, &label, NULL),
            GEDI_OK);
        of_label[label]++;
        for (int j = 0; j < 784; j++) {
            sum += (double)x[j];
            square += (double)x[j] * (double)x[j];
        }
    }
    double mean = sum / all;
    ck_assert_double_eq_tol(mean, 0.2860, 5e-5);
    ck_assert_double_eq_tol(sqrt(square / all - mean * mean), 0.3530, 5e-5);
    for (int k = 0; k < 10; k++)
        ck_assert_int_eq(of_label[k], 6000);
    gedi_dataset_fashion_mnist.close(c.self);
    component_free(&c);
}
END_TEST

/* A download that stopped at 2359296 of 7840016 bytes, beside three good files. */
START_TEST(stopped_download)
{
    static const char *const good[] = {"train-images-idx3-ubyte.gz",
                                       "train-labels-idx1-ubyte.gz",
                                       "t10k-labels-idx1-ubyte.gz"};
    char folder[] = "found-XXXXXX", link[256], target[256];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (int i = 0; i < 3; i++) {
        snprintf(target, sizeof target, "%s/%s", fashion, good[i]);
        snprintf(link, sizeof link, "%s/%s", folder, good[i]);
        ck_assert_int_eq(symlink(target, link), 0);
    }
    snprintf(link, sizeof link, "%s/t10k-images-idx3-ubyte", folder);
    ck_assert_int_eq(symlink(broken, link), 0);
    component c = component_new(&gedi_dataset_mnist, "");
    gedi_data_info info;
    gedi_err err = {0};
    ck_assert_int_eq(open_folder(&c, folder, &info, &err), GEDI_DATA);
    ck_assert_msg(strstr(err.msg,
                         "truncated: 7840016 bytes expected (10000 images of 784 "
                         "bytes and a header of 16), 2359296 bytes found"),
                  "%s", err.msg);
    component_free(&c);
    ck_assert_int_eq(unlink(link), 0);
    for (int i = 0; i < 3; i++) {
        snprintf(link, sizeof link, "%s/%s", folder, good[i]);
        ck_assert_int_eq(unlink(link), 0);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}
END_TEST

int main(void)
{
    enum { SKIPPED = 77 }; /* what automake takes for it */
    const char *data = getenv("GEDI_TEST_DATA");
    snprintf(broken, sizeof broken,
             "%s/corrupt/mnist_t10k-images-idx3-ubyte_truncated_2359296",
             data ? data : "$GEDI_TEST_DATA");
    bool have_fashion = access(fashion, R_OK) == 0,
         have_broken = access(broken, R_OK) == 0;
    Suite *s = suite_create("mnist_found");
    TCase *c = tcase_create("found");
    tcase_set_timeout(c, 120);
    if (have_fashion)
        tcase_add_test(c, fashion_mnist);
    else
        printf("skipped: %s is not there\n", fashion);
    if (have_fashion && have_broken)
        tcase_add_test(c, stopped_download);
    else
        printf("skipped: %s is not there\n", have_broken ? fashion : broken);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    if (failed)
        return EXIT_FAILURE;
    return have_fashion && have_broken ? EXIT_SUCCESS : SKIPPED;
}
