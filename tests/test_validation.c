/* test_validation.c - records that are held out: which they are, that no training sees them, and
 * that looking at them changes nothing.
 */
#include "core/run/validate.h"
#include "core/store/metrics.h"
#include "core/train/records.h"
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

enum { N = 200, HELD = 50 };
#define QUARTER "validation: {fraction: 0.25, every: 10}\n"

/* The dataset's numbers of the records of a split, and those records. */
static void read_split(training *a, gedi_split split, int64_t n, int64_t *at, float *x,
                       int32_t *label)
{
    gedi__batches *b = &a->t->data;
    ck_assert_int_eq(b->info.count[split], n);
    ck_assert_int_eq(gedi__records_read(gedi__source_of(b), split, 0, n, x, label, &err),
                     GEDI_OK);
    for (int64_t i = 0; i < n; i++) {
        gedi_split of = split;
        at[i] = gedi__batches_record(b, &of, i);
        ck_assert_int_eq(of, GEDI_TRAIN);
    }
}

static bool is_in(const float *row, const float *x, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (!memcmp(row, x + 2 * i, 2 * sizeof *row))
            return true;
    return false;
}

/* Over three epochs, with what is left over of each: neither their numbers nor what is in them. */
START_TEST(no_training_sees_what_is_held_out)
{
    training a = train((setting){.views = "[[]]",
                                 .objective = "{supervised: {prototypes: free}}",
                                 .sampler = "",
                                 .train = "{iterations: 30, batch: 14}",
                                 .more = QUARTER});
    int64_t at[N], seen[N] = {0};
    float x[2 * N], held[2 * HELD], index[14];
    int32_t label[N];
    read_split(&a, GEDI_TRAIN, N - HELD, at, x, label);
    for (int i = 0; i < N - HELD; i++)
        seen[at[i]]++;
    gedi__batches_validate(&a.t->data, true);
    read_split(&a, GEDI_TEST, HELD, at, held, label);
    gedi__batches_validate(&a.t->data, false);
    ck_assert_int_eq(a.t->data.info.count[GEDI_TEST], 50);
    for (int i = 0; i < HELD; i++) {
        ck_assert(i == 0 || at[i] > at[i - 1]);
        ck_assert_int_eq(seen[at[i]]++, 0);
        ck_assert(!is_in(held + 2 * i, x, N - HELD));
    }
    for (int i = 0; i < N; i++)
        ck_assert_int_eq(seen[i], 1);
    for (int k = 0; k < 30; k++) { /* an epoch has 10 batches */
        steps(&a, 1);
        gedi__batches_index(&a.t->data, k, index);
        for (int i = 0; i < 14; i++) {
            ck_assert(index[i] >= 0 && index[i] < N - HELD);
            ck_assert(is_in(a.t->view[0] + 2 * i, x, N - HELD));
            ck_assert(!is_in(a.t->view[0] + 2 * i, held, HELD));
            ck_assert(
                !memcmp(a.t->view[0] + 2 * i, x + 2 * (int)index[i], 2 * sizeof(float)));
        }
    }
    done(&a);
}
END_TEST

/* Labels of a dataset that is not balanced keep their shares, to less than one record each. */
START_TEST(what_is_held_out_has_the_shares_of_labels)
{
    training a = train((setting){.more = QUARTER});
    int64_t at[N], all[2] = {0}, held[2] = {0};
    float x[2 * N];
    int32_t label[N];
    read_split(&a, GEDI_TRAIN, N - HELD, at, x, label);
    for (int i = 0; i < N - HELD; i++)
        all[label[i]]++;
    gedi__batches_validate(&a.t->data, true);
    read_split(&a, GEDI_TEST, HELD, at, x, label);
    gedi__batches_validate(&a.t->data, false);
    for (int i = 0; i < HELD; i++)
        held[label[i]]++;
    for (int c = 0; c < 2; c++) {
        all[c] += held[c];
        ck_assert_msg(fabs((double)held[c] - 0.25 * (double)all[c]) < 1,
                      "label %d: %lld of %lld", c, (long long)held[c], (long long)all[c]);
    }
    done(&a);
}
END_TEST

/* The same on every machine: numbers that one of them gave. Another seed draws others. */
START_TEST(a_seed_holds_out_the_same_records)
{
    static const int64_t golden[] = {5, 6, 13, 18, 26, 27, 30, 31};
    const setting s = {.dataset = "{moons: {train: 40, test: 10}}",
                       .train = "{iterations: 3, batch: 20}",
                       .more = "validation: {fraction: 0.2, every: 1}\n"};
    setting other = s;
    other.seed = "2";
    training a = train(s), b = train(other);
    const int64_t *at = a.t->data.holdout.at + 32;
    for (int i = 0; i < 8; i++)
        ck_assert_msg(
            at[i] == golden[i], "%lld, %lld, %lld, %lld, %lld, %lld, %lld, %lld",
            (long long)at[0], (long long)at[1], (long long)at[2], (long long)at[3],
            (long long)at[4], (long long)at[5], (long long)at[6], (long long)at[7]);
    ck_assert(memcmp(at, b.t->data.holdout.at + 32, 8 * sizeof *at));
    done(&a);
    done(&b);
}
END_TEST

/* Evaluation between iterations leaves no trace in what is trained; it is asked of the records that
 * are held out. */
START_TEST(looking_changes_nothing)
{
    static const setting s = {.model = NORMED,
                              .evaluate = "[clustering: {}, knn: {}, linear_probe: {}]",
                              .train = "{iterations: 30, batch: 20, accumulate: 2}",
                              .more = QUARTER};
    training a = train(s), b = train(s);
    gedi__validated found;
    bool told[3] = {false};
    for (int i = 0; i < 12; i++) {
        steps(&a, 1);
        steps(&b, 1);
        ck_assert_msg(gedi__validate(a.t, NULL, told, &found, &err) == GEDI_OK, "%s",
                      err.msg);
        ck_assert_int_gt(found.n, 4);
        ck_assert_str_eq(found.value[0].evaluator, "clustering");
        gedi__validated_clear(&found);
        ck_assert_int_eq(a.t->data.info.count[GEDI_TEST], 50);
    }
    ck_assert(!memcmp(a.t->net.params.w, b.t->net.params.w,
                      (size_t)a.t->net.params.trained * sizeof(float)));
    ck_assert(!memcmp(a.t->net.params.state, b.t->net.params.state,
                      (size_t)a.t->net.params.kept * sizeof(float)));
    ck_assert(!memcmp(a.t->chains.buffer, b.t->chains.buffer, 60 * 2 * sizeof(float)));
    done(&a);
    done(&b);
}
END_TEST

/* A table of an objective has a row for each record that is trained on. */
START_TEST(tables_have_the_records_that_are_trained_on)
{
    training a = train((setting){.objective = "{sela: {every: 1}}",
                                 .sampler = "",
                                 .model = "{mlp: {hidden: [16], output: 10}}",
                                 .projector = "",
                                 .more = QUARTER});
    ck_assert_int_eq(param(&a, "objective.classes")->shape.dim[0], N - HELD);
    steps(&a, 15);
    done(&a);
}
END_TEST

START_TEST(what_cannot_be_held_out_is_refused)
{
    static const struct {
        const char *more, *says;
    } table[] = {
        {"validation: {fraction: 0.001, every: 1}\n",
         "validation.fraction: 0.001 of the 200 training records of dataset moons are none"},
        {"validation: {fraction: 0.9, every: 1}\n",
         "train.batch is 21, but dataset moons has 20 training records that are not held "
         "out"},
    };
    training a;
    setting s = {.more = table[_i].more, .train = "{iterations: 30, batch: 21}"};
    ck_assert_int_eq(begin(&a, s, NULL), GEDI_DESCRIPTOR);
    ck_assert_str_eq(err.msg, table[_i].says);
    gedi__experiment_free(a.e);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("validation");
    TCase *c = tcase_create("validation");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_add_test(c, no_training_sees_what_is_held_out);
    tcase_add_test(c, what_is_held_out_has_the_shares_of_labels);
    tcase_add_test(c, a_seed_holds_out_the_same_records);
    tcase_add_test(c, looking_changes_nothing);
    tcase_add_test(c, tables_have_the_records_that_are_trained_on);
    tcase_add_loop_test(c, what_cannot_be_held_out_is_refused, 0, 2);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
