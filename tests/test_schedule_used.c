/* test_schedule_used.c - every plugin uses each option that it declares as scheduled.
 *
 * Two runs differ in one option, from the second iteration on: the first must end in the same
 * weights, the second in others.
 */
#include "core/train/trainer.h"
#include "tests/conformance.h"
#include "tests/experiment.h"

#include <math.h>

/* A start in the option's range that has an effect, and what follows it. */
static void values_of(const gedi_option *o, double *start, double *then)
{
    *start = o->real != 0 ? o->real : fmin(0.5, o->max);
    *then = fmax(o->min, *start * 0.75); /* near: options may depend on each other */
    ck_assert_msg(*then != *start, "%s: no two values in its range", o->key);
}

/* Weights after one and after four iterations; *n of each. */
static float *weights_of(gedi_kind kind, const char *what, int64_t *n)
{
    setting s = {.optimizer = "{sgd: {lr: 0.01}}"};
    *(kind == GEDI_KIND_OBJECTIVE ? &s.objective
      : kind == GEDI_KIND_SAMPLER ? &s.sampler
                                  : &s.optimizer) = what;
    gedi__experiment *e = experiment_new(s);
    gedi__trainer *t;
    gedi_err err = {0};
    ck_assert_msg(gedi__trainer_new(e, e->stage, &t, &err) == GEDI_OK, "%s: %s", what,
                  err.msg);
    *n = t->net.params.trained;
    float *w = calloc((size_t)(2 * *n), sizeof *w);
    ck_assert_ptr_nonnull(w);
    for (int i = 0; i < 4; i++) {
        ck_assert_msg(gedi__trainer_step(t, &err) == GEDI_OK, "%s: %s", what, err.msg);
        if (i == 0 || i == 3)
            memcpy(w + (i ? *n : 0), t->net.params.w, (size_t)*n * sizeof *w);
    }
    gedi__trainer_free(t);
    gedi__experiment_free(e);
    return w;
}

/* With one choice of the other options, "key=word". */
static bool has_effect(gedi_kind kind, const gedi_plugin *p, const gedi_option *o,
                       const char *choice)
{
    char with[2][9000], other[128] = "";
    bool can;
    double start, then;
    int64_t n;
    const char *equals = strchr(choice, '=');
    values_of(o, &start, &then);
    if (equals)
        snprintf(other, sizeof other, "%.*s: %s, ", (int)(equals - choice), choice,
                 equals + 1);
    for (int i = 0; i < 2; i++) /* the first changes when all is over */
        snprintf(with[i], sizeof with[i], "{%s: {%s%s%s: {steps: {0: %.9g, %d: %.9g}}}}",
                 p->name, conformance_rules(p, 2, "rules: %s, query: \"%s\", ", &can),
                 other, o->key, start, i ? 1 : 1000, then);
    bool method = kind == GEDI_KIND_OBJECTIVE;
    float *a = weights_of(kind, method ? conformance_objective(p, with[0]) : with[0], &n);
    float *b = weights_of(kind, method ? conformance_objective(p, with[1]) : with[1], &n);
    size_t bytes = (size_t)n * sizeof *a;
    ck_assert_msg(!memcmp(a, b, bytes), "%s: the first iteration differs", with[1]);
    bool differs = memcmp(a + n, b + n, bytes) != 0;
    for (int64_t i = 0; i < 2 * n; i++)
        ck_assert_msg(isfinite(a[i]) && isfinite(b[i]), "%s", with[1]);
    free(a);
    free(b);
    return differs;
}

/* An option may count with one choice of the others alone. */
static void ck_used(gedi_kind kind, const gedi_plugin *p, const gedi_option *o)
{
    char choice[128];
    bool used = false;
    for (int v = 0; !used && conformance_choice(p, v, choice, sizeof choice); v++) {
        component c = component_new(p, choice);
        bool accepts = conformance_accepts(p, &c);
        component_free(&c);
        if (accepts)
            used = has_effect(kind, p, o, choice);
    }
    ck_assert_msg(used, "%s/%s declares %s as scheduled, but does not use it",
                  gedi__kind_name(kind), p->name, o->key);
}

static void ck_plugin(gedi_kind kind, int i)
{
    const gedi_plugin *p = conformance_plugin(kind, i);
    bool can;
    conformance_rules(p, 2, "%s%s", &can);
    for (const gedi_option *o = p->options; can && o && o->key; o++)
        if (o->type == GEDI_TYPE_SCHEDULE)
            ck_used(kind, p, o);
}

START_TEST(of_objectives)
{
    ck_plugin(GEDI_KIND_OBJECTIVE, _i);
}
END_TEST

START_TEST(of_samplers)
{
    ck_plugin(GEDI_KIND_SAMPLER, _i);
}
END_TEST

START_TEST(of_optimizers)
{
    ck_plugin(GEDI_KIND_OPTIMIZER, _i);
}
END_TEST

/* What a method's weights, temperatures and rates are is what a user schedules first. */
START_TEST(the_usual_ones_are_declared)
{
    static const struct {
        gedi_kind kind;
        const char *name, *key;
    } usual[] = {{GEDI_KIND_OPTIMIZER, "adam", "lr"},
                 {GEDI_KIND_OPTIMIZER, "adam", "weight_decay"},
                 {GEDI_KIND_OPTIMIZER, "sgd", "momentum"},
                 {GEDI_KIND_SAMPLER, "sgld", "noise"},
                 {GEDI_KIND_SAMPLER, "sgld", "step_size"},
                 {GEDI_KIND_OBJECTIVE, "gedi", "inv"},
                 {GEDI_KIND_OBJECTIVE, "gedi", "temperature"},
                 {GEDI_KIND_OBJECTIVE, "swav", "temperature"}};
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        const gedi_plugin *p = conformance_find(usual[i].kind, usual[i].name);
        const gedi_option *o = gedi__option_find(p->options, usual[i].key);
        ck_assert_ptr_nonnull(o);
        ck_assert_int_eq(o->type, GEDI_TYPE_SCHEDULE);
    }
}
END_TEST

int main(void)
{
    conformance_open();
    TCase *c = tcase_create("schedules are used");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, of_objectives, 0, conformance_count(GEDI_KIND_OBJECTIVE));
    tcase_add_loop_test(c, of_samplers, 0, conformance_count(GEDI_KIND_SAMPLER));
    tcase_add_loop_test(c, of_optimizers, 0, conformance_count(GEDI_KIND_OPTIMIZER));
    tcase_add_test(c, the_usual_ones_are_declared);
    Suite *s = suite_create("schedule_used");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    gedi__registry_free(conformance_registry);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
