/* test_run_damage.c - runs whose files are damaged: what is noticed, refused and replaced. */
#include "core/exec/blas.h"
#include "core/store/metrics.h"
#include "core/store/safetensors.h"
#include "core/store/summary.h"
#include "tests/runs.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>

static const char *newest(void)
{
    return in("a", "checkpoint.safetensors");
}

static const char *previous(void)
{
    return in("a", "checkpoint-previous.safetensors");
}

/* Run "a", stopped at iteration 12: checkpoints of 10 and 12. */
static void stop_at_12(void)
{
    watcher w;
    watch(&w, 12, stop);
    ck_assert_int_eq(run((setting){0}, "a", &w), GEDI_INTERRUPTED);
}

/* Cut off anywhere, or with another iteration in it: an error that names the file. */
START_TEST(a_damaged_checkpoint_is_refused)
{
    char *data;
    size_t size;
    stop_at_12();
    ck_assert_int_eq(unlink(previous()), 0);
    succeeds(gedi__file_read(newest(), &data, &size, &err));
    for (int i = 0; i < 20; i++) {
        size_t cut = i < 10 ? (size_t)i : size * (size_t)(i - 9) / 11;
        succeeds(gedi__file_write(newest(), data, cut, &err));
        ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
        says("/a/checkpoint.safetensors: ");
        says("; there is no earlier checkpoint: remove it, and `gedi resume ");
    }
    char *at = memmem(data, size, "\"iteration\":\"12\"", 16);
    ck_assert_ptr_nonnull(at);
    static const char *const wrong[] = {"-1", "99", "x1", "1x"};
    for (int i = 0; i < 4; i++) {
        memcpy(at + 13, wrong[i], 2);
        experiment_seal(data);
        succeeds(gedi__file_write(newest(), data, size, &err));
        ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
        says("/a/checkpoint.safetensors: iteration '");
        says(" is not in [0, 30]");
    }
    free(data);
}
END_TEST

/* Anywhere: length, header, padding, numbers. */
START_TEST(every_flipped_bit_is_noticed)
{
    char *data;
    size_t size;
    uint64_t random = 42;
    int tensors = 0;
    stop_at_12();
    ck_assert_int_eq(unlink(previous()), 0);
    succeeds(gedi__file_read(newest(), &data, &size, &err));
    for (int i = 0; i < 200; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        size_t at = i < 10 ? (size_t)i : (random >> 20) % size;
        gedi__tensors *t;
        data[at] ^= (char)(1 << (random >> 60) % 8);
        succeeds(gedi__file_write(newest(), data, size, &err));
        ck_assert_msg(gedi__tensors_read_sealed(newest(), GEDI__FILE_CHECKPOINT, &t,
                                                &err) == GEDI_DATA,
                      "byte %zu of %zu: the flipped bit went unnoticed", at, size);
        tensors += strstr(err.msg, ": tensor '") != NULL;
        data[at] ^= (char)(1 << (random >> 60) % 8);
    }
    ck_assert_int_gt(tensors, 20);
    data[size - 1] ^= 1;
    succeeds(gedi__file_write(newest(), data, size, &err));
    ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
    says("/a/checkpoint.safetensors: tensor '");
    says("' is damaged: its checksum is ");
    free(data);
}
END_TEST

/* The newest is cut off, has a flipped bit, or is not there: the one before leads to the same end. */
START_TEST(the_checkpoint_before_takes_the_place_of_a_damaged_one)
{
    succeeds(run((setting){0}, "whole", NULL));
    for (int how = 0; how < 3; how++) {
        char *data;
        size_t size;
        watcher w;
        stop_at_12();
        succeeds(gedi__file_read(newest(), &data, &size, &err));
        data[size - 1] ^= how == 1;
        succeeds(gedi__file_write(newest(), data, how ? size : size / 2, &err));
        free(data);
        if (how == 2)
            ck_assert_int_eq(unlink(newest()), 0);
        watch(&w, 0, NULL);
        succeeds(resume("a", &w));
        ck_assert_ptr_nonnull(strstr(w.said, "; the checkpoint before takes its place"));
        ck_assert_ptr_nonnull(strstr(w.said, ": resuming at iteration 10 of 30"));
        ck_assert_ptr_null(strstr(w.said, "lines"));
        expect_same("whole", "a", "from the checkpoint before");
        remove_run("a");
    }
}
END_TEST

START_TEST(two_damaged_checkpoints_are_refused)
{
    stop_at_12();
    succeeds(gedi__file_write(newest(), "x", 1, &err));
    succeeds(gedi__file_write(previous(), "y", 1, &err));
    ck_assert_int_eq(resume("a", NULL), GEDI_DATA);
    says("; and so is the one before: ");
    says("; remove both, and `gedi resume ");
}
END_TEST

/* Of another version: refused, not taken for damage. */
START_TEST(a_checkpoint_of_another_schema_is_refused)
{
    char *data;
    size_t size;
    stop_at_12();
    succeeds(gedi__file_read(newest(), &data, &size, &err));
    char *at = memmem(data, size, "\"schema\":\"1\"", 12);
    ck_assert_ptr_nonnull(at);
    at[10] = '7';
    experiment_seal(data);
    succeeds(gedi__file_write(newest(), data, size, &err));
    free(data);
    ck_assert_int_eq(resume("a", NULL), GEDI_STATE);
    says("/a/checkpoint.safetensors: of schema 7 (written by gedi ");
    says("reads schema 1: ");
    ck_assert(gedi__file_exists(previous()));
}
END_TEST

/* Gone, or with a line that is garbled: said, what is good is kept, and the weights are the same. */
START_TEST(a_damaged_log_is_said)
{
    succeeds(run((setting){0}, "whole", NULL));
    for (int how = 0; how < 2; how++) {
        char *data;
        size_t size;
        watcher w;
        stop_at_12();
        succeeds(gedi__file_read(in("a", "metrics.jsonl"), &data, &size, &err));
        data[how ? 2 : 0] = '\a'; /* the first line */
        succeeds(gedi__file_write(in("a", "metrics.jsonl"), data, size, &err));
        free(data);
        if (!how)
            ck_assert_int_eq(unlink(in("a", "metrics.jsonl")), 0);
        watch(&w, 0, NULL);
        succeeds(resume("a", &w));
        ck_assert_ptr_nonnull(strstr(w.said, how ? "metrics.jsonl is damaged: 1 of "
                                                 : "metrics.jsonl is damaged: "));
        ck_assert(experiment_same_file(in("whole", "checkpoint.safetensors"),
                                       in("a", "checkpoint.safetensors")));
        remove_run("a");
    }
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("damage");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 120);
    tcase_add_test(c, a_damaged_checkpoint_is_refused);
    tcase_add_test(c, every_flipped_bit_is_noticed);
    tcase_add_test(c, the_checkpoint_before_takes_the_place_of_a_damaged_one);
    tcase_add_test(c, two_damaged_checkpoints_are_refused);
    tcase_add_test(c, a_checkpoint_of_another_schema_is_refused);
    tcase_add_test(c, a_damaged_log_is_said);
    Suite *s = suite_create("damage");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
