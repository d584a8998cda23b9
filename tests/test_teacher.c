/* test_teacher.c - what a method may state beyond a loss of one batch: running averages, other
 * nodes in place of some, queues, state that begins as a node, numbers that are watched.
 */
#include "tests/testing.h"
#include "tests/training.h"

#include <math.h>

/* ---- a teacher ---- */

static const gedi_schedule slow = {.from = 0.9}, slower = {.from = 0.99};

static void teacher_loss(const void *self, gedi_build *b, const gedi_batch *v,
                         gedi_terms *t)
{
    gedi_node *target = gedi_average(b, v->z[1], &slow);
    (void)self;
    gedi_term(t, "distance", gedi_mean_all(gedi_square(gedi_sub(v->z[0], target))), 1.0,
              0.0);
    gedi_watch(b, "apart", gedi_mean_all(gedi_square(gedi_sub(v->z[1], target))));
}
static const gedi_objective teacher = {.name = "teacher", .loss = teacher_loss};

START_TEST(averages_follow_the_weights)
{
    static const char *const name[] = {"model.layer0.weight", "projector.layer1.bias"};
    training a = train_by((setting){.model = _i ? "{mlp: {hidden: [16], output: 4, "
                                                  "batch_norm: true}}"
                                                : NULL},
                          &teacher);
    for (int k = 0; k < 2; k++) {
        char average[64];
        snprintf(average, sizeof average, "average.%s", name[k]);
        int64_t n = param(&a, name[k])->size;
        const float *w = data(&a, name[k]), *t = data(&a, average);
        if (k == 0) /* begun as the weights */
            ck_assert_int_eq(memcmp(w, t, (size_t)n * sizeof *w), 0);
        for (int i = 0; i < 5; i++) {
            double before = t[0];
            steps(&a, 1);
            double is = t[0], is_to_be = 0.9 * before + 0.1 * w[0];
            ck_assert_msg(fabs(is - is_to_be) <= 1e-6, "%g instead of %g", is, is_to_be);
        }
        ck_assert(memcmp(w, t, (size_t)n * sizeof *w) != 0);
    }
    done(&a);
}
END_TEST

/* From 1/2 to 1, where the average stands still. */
START_TEST(a_decay_can_be_scheduled)
{
    training a = train((setting){
        .train =
            "{iterations: 10, batch: 20, average: {linear: {from: 0.5, to: 0.999999, "
            "over: 4}}}"});
    const float *w = data(&a, "model.layer0.weight"),
                *t = data(&a, "average.model.layer0.weight");
    ck_assert_int_eq(a.t->schedules, 1);
    ck_assert_str_eq(a.t->schedule[0].name, "train.average");
    for (int i = 0; i < 7; i++) {
        double decay = i < 4 ? 0.5 + 0.499999 * i / 4 : 0.999999, before = t[0];
        steps(&a, 1);
        double is_to_be = decay * before + (1 - decay) * w[0];
        ck_assert_msg(fabs(t[0] - is_to_be) <= 1e-6, "%g, not %g", t[0], is_to_be);
        ck_assert_msg(fabs(a.t->schedule[0].value - decay) <= 1e-12, "%g",
                      a.t->schedule[0].value);
        ck_assert(i || t[0] != w[0]);
    }
    done(&a);
}
END_TEST

/* At first both are one network; later they differ, and that is watched. */
START_TEST(a_teacher_is_another_network)
{
    training a = train_by((setting){0}, &teacher);
    ck_assert_int_eq(a.t->watches, 1);
    ck_assert_str_eq(a.t->watch[0].name, "apart");
    steps(&a, 1);
    ck_assert(a.t->watch[0].value == 0);
    steps(&a, 5);
    ck_assert_msg(a.t->watch[0].value > 1e-9, "%g", a.t->watch[0].value);
    done(&a);
}
END_TEST

START_TEST(statistics_of_a_teacher_are_its_own)
{
    training a = train_by((setting){.model = NORMED}, &teacher);
    const gedi__params *p = &a.t->net.params;
    int own = 0, differ = 0;
    steps(&a, 6);
    for (int i = 0; i < p->n; i++) {
        const gedi__param *q = p->param[i];
        if (!q->of || q->of->trained)
            continue;
        own++;
        differ += memcmp(gedi__param_data(p, q), gedi__param_data(p, q->of),
                         (size_t)q->size * sizeof(float)) != 0;
        for (int64_t k = 0; k < q->size; k++) {
            double x = gedi__param_data(p, q)[k], y = gedi__param_data(p, q->of)[k];
            ck_assert_msg(fabs(x - y) <= 0.5 * (1 + fabs(y)), "%s: %g beside %g", q->name,
                          x, y);
        }
    }
    ck_assert_int_gt(own, 0);
    ck_assert_int_gt(differ, 0);
    done(&a);
}
END_TEST

START_TEST(averages_are_in_checkpoints)
{
    const char *file = experiment_path("a.safetensors");
    setting s = {.model = NORMED};
    training a = train_by(s, &teacher), b = train_by(s, &teacher);
    steps(&a, 4);
    ck_assert_msg(gedi__checkpoint_write(a.t, file, NULL, "x", &err) == GEDI_OK, "%s",
                  err.msg);
    ck_assert_msg(gedi__checkpoint_read(b.t, file, "x", &err) == GEDI_OK, "%s", err.msg);
    steps(&a, 3);
    steps(&b, 3);
    for (int i = 0; i < a.t->net.params.n; i++) {
        const char *name = a.t->net.params.param[i]->name;
        ck_assert_msg(!memcmp(data(&a, name), data(&b, name),
                              (size_t)param(&a, name)->size * sizeof(float)),
                      "%s", name);
    }
    done(&a);
    done(&b);
}
END_TEST

/* ---- queues, and state that begins as a node ---- */

static void queue_loss(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    gedi_node *past = gedi_queue(b, "queue", 50, v->x[0]);
    gedi_init one = {.kind = GEDI_INIT_CONSTANT, .value = 1.5};
    gedi_node *w = gedi_param(b, "scale", GEDI_DIMS(2), one);
    (void)self;
    gedi_state_from(b, "copy", gedi_scale(w, 2.0));
    gedi_term(t, "term", gedi_mean_all(gedi_mul(gedi_square(v->z[0]), w)), 1.0, NAN);
    gedi_watch(b, "size", gedi_mean_all(gedi_square(past)));
}
static const gedi_objective queueing = {.name = "queueing", .loss = queue_loss};

START_TEST(a_queue_keeps_the_last_rows)
{
    float x[3][40];
    training a = train_by((setting){0}, &queueing);
    ck_assert(data(&a, "objective.queue")[0] != 0); /* not zeros at first */
    for (int i = 0; i < 3; i++) {
        steps(&a, 1);
        memcpy(x[i], a.t->view[0], sizeof x[i]);
    }
    const float *q = data(&a, "objective.queue");
    ck_assert_int_eq(memcmp(q, x[2], sizeof x[2]), 0);
    ck_assert_int_eq(memcmp(q + 40, x[1], sizeof x[1]), 0);
    ck_assert_int_eq(memcmp(q + 80, x[0], 20 * sizeof(float)), 0);
    for (int k = 0; k < 2; k++)
        ck_assert(data(&a, "objective.copy")[k] == 3.0f);
    done(&a);
}
END_TEST

/* ---- the same subgraph again ---- */

static void replacing_loss(const void *self, gedi_build *b, const gedi_batch *v,
                           gedi_terms *t)
{
    gedi_node *x = v->x[0], *moved = gedi_affine(x, 1.0, 0.5);
    gedi_node *there = gedi_replace(v->z[0], &x, &moved, 1);
    (void)self, (void)b;
    gedi_term(t, "moved", gedi_mean_all(gedi_square(gedi_sub(there, v->z[0]))), 1.0, NAN);
    gedi_term(t, "other", gedi_mean_all(v->z[1]), 1.0, NAN);
}
static const gedi_objective replacing = {.name = "replacing", .loss = replacing_loss};

/* Beside another view, x[0] was a slice next to z[0]: nothing would have been replaced. */
START_TEST(an_embedding_at_another_point)
{
    training a = train_by((setting){0}, &replacing);
    steps(&a, 1);
    ck_assert_msg(a.t->terms.value[0].value > 1e-6, "%g", a.t->terms.value[0].value);
    done(&a);
}
END_TEST

/* ---- what is refused ---- */

static void two_decays(const void *self, gedi_build *b, const gedi_batch *v,
                       gedi_terms *t)
{
    (void)self, (void)t;
    gedi_average(b, v->z[0], &slow);
    gedi_average(b, v->z[1], &slower);
}
static void no_weight(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t)
{
    (void)self, (void)t;
    gedi_average(b, v->x[0], &slow);
}
static void vain_replacement(const void *self, gedi_build *b, const gedi_batch *v,
                             gedi_terms *t)
{
    (void)self, (void)t, (void)b;
    gedi_replace(v->z[0], &v->x[1], &v->x[0], 1);
}
static void watched_twice(const void *self, gedi_build *b, const gedi_batch *v,
                          gedi_terms *t)
{
    (void)self, (void)t;
    gedi_watch(b, "a", gedi_mean_all(v->z[0]));
    gedi_watch(b, "a", gedi_mean_all(v->z[1]));
}
static void begins_as_data(const void *self, gedi_build *b, const gedi_batch *v,
                           gedi_terms *t)
{
    (void)self;
    gedi_state_from(b, "s", v->x[0]);
    gedi_term(t, "a", gedi_mean_all(v->z[0]), 1.0, NAN);
}

static void updated_twice(const void *self, gedi_build *b, const gedi_batch *v,
                          gedi_terms *t)
{
    gedi_node *s = gedi_state(b, "s", GEDI_DIMS(1), 0), *mean = gedi_mean_all(v->z[0]);
    (void)self;
    gedi_state_update(b, s, mean);
    gedi_state_update(b, gedi_state(b, "s", GEDI_DIMS(1), 0), gedi_neg(mean)); /* fine */
    gedi_state_update(b, s, gedi_square(mean));
    gedi_term(t, "a", mean, 1.0, NAN);
}
static void logits_as_energies(const void *self, gedi_build *b, const gedi_batch *v,
                               gedi_terms *t)
{
    (void)self, (void)b;
    gedi_term(t, "gen", gedi_loss_gen(v->z[0], v->z[1]), 1.0, NAN);
}

static const struct {
    void (*loss)(const void *, gedi_build *, const gedi_batch *, gedi_terms *);
    const char *says;
} refused[] = {
    {two_decays, "average.model.layer0.weight has another decay already"},
    {no_weight, "gedi_average: what it is to average depends on no weight"},
    {vain_replacement, "does not depend on 'x'"},
    {updated_twice, "gedi_state_update: objective.s is updated already in this step"},
    {logits_as_energies,
     "gedi_loss_gen: energies are [20, 2] and [20, 2], not one column"},
    {watched_twice, "gedi_watch: 'a' is watched twice"},
    {begins_as_data,
     "objective odd: state objective.s cannot begin as what depends on 'x'"},
};
enum { REFUSED = sizeof refused / sizeof *refused };

START_TEST(what_is_refused)
{
    training a;
    gedi_objective o = {.name = "odd", .loss = refused[_i].loss};
    ck_assert(begin(&a, (setting){0}, &o) != GEDI_OK);
    ck_assert_msg(strstr(err.msg, refused[_i].says) != NULL, "%s", err.msg);
    gedi__experiment_free(a.e);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("teacher");
    tcase_add_checked_fixture(c, setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, averages_follow_the_weights, 0, 2);
    tcase_add_test(c, a_teacher_is_another_network);
    tcase_add_test(c, statistics_of_a_teacher_are_its_own);
    tcase_add_test(c, a_decay_can_be_scheduled);
    tcase_add_test(c, averages_are_in_checkpoints);
    tcase_add_test(c, a_queue_keeps_the_last_rows);
    tcase_add_test(c, an_embedding_at_another_point);
    tcase_add_loop_test(c, what_is_refused, 0, REFUSED);
    Suite *s = suite_create("teacher");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? 1 : 0;
}
