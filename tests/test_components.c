/* test_components.c - options that are lists of plugins: read, checked, set from outside,
 * written and read again, by the example of the evaluator ood.
 */
#include "core/evaluate/others.h"
#include "core/plugin/check.h"
#include "tests/experiment.h"

#include <math.h>

static gedi_err err;

typedef struct result {
    gedi__experiment *e; /* NULL after a mistake */
    gedi__mistakes m;
} result;

/* The usual experiment with this list of evaluators, and up to two overrides. */
static result read_with(const char *evaluate, const char *one, const char *two)
{
    gedi__text t = {0};
    result r = {0};
    setting s = {.evaluate = evaluate};
    const char *const override[] = {one, two};
    const char *file = experiment_path("components.yaml");
    experiment_text(&s, &t);
    ck_assert_int_eq(gedi__file_write(file, t.s, t.len, &err), GEDI_OK);
    gedi_status st =
        gedi__experiment_read(file, override, !!one + !!two, &r.e, &r.m, &err);
    ck_assert_msg(st == (r.m.n ? GEDI_DESCRIPTOR : GEDI_OK), "%s", err.msg);
    gedi__text_clear(&t);
    return r;
}

static void result_free(result *r)
{
    gedi__experiment_free(r->e);
    gedi__text_clear(&r->m.text);
}

static const gedi_components *list_of(const result *r)
{
    ck_assert_msg(r->e != NULL, "%s", r->m.text.s ? r->m.text.s : "");
    return r->e->evaluator[0].part.self; /* its only option */
}

static double noise_of(const gedi_component *c)
{
    for (const gedi_option *o = c->plugin->options; o->key; o++)
        if (!strcmp(o->key, "noise"))
            return *(const double *)((const char *)c->self + o->offset);
    return NAN;
}

START_TEST(every_form)
{
    result r = read_with("[ood: {against: [circles, {moons: {noise: 0.3}}, moons: {}, "
                         "{circles: }]}]",
                         NULL, NULL);
    static const char *const name[] = {"circles", "moons", "moons", "circles"};
    static const double noise[] = {0.05, 0.3, 0.05, 0.05};
    const gedi_components *c = list_of(&r);
    ck_assert_int_eq(c->n, 4);
    for (int i = 0; i < 4; i++) {
        ck_assert_str_eq(c->v[i].plugin->name, name[i]);
        ck_assert_msg(noise_of(&c->v[i]) == noise[i], "%d: %g", i, noise_of(&c->v[i]));
        for (int j = 0; j < i; j++)
            ck_assert_ptr_ne(c->v[i].self, c->v[j].self);
    }
    result_free(&r);
}
END_TEST

START_TEST(from_outside)
{
    result r = read_with("[ood: {against: [circles: {}, moons]}]",
                         "evaluate.0.ood.against.0.circles.noise=0.25", NULL);
    ck_assert(noise_of(&list_of(&r)->v[0]) == 0.25);
    result_free(&r);
    r = read_with("[ood: {against: [circles]}]",
                  "evaluate.0.ood.against=[moons: {noise: 0.5}]", NULL);
    ck_assert_int_eq(list_of(&r)->n, 1);
    ck_assert_str_eq(list_of(&r)->v[0].plugin->name, "moons");
    ck_assert(noise_of(&list_of(&r)->v[0]) == 0.5);
    result_free(&r);
}
END_TEST

/* What is written is read as the same, and written as the same bytes. */
START_TEST(comes_back)
{
    gedi__text one = {0}, two = {0};
    gedi__mistakes m = {0};
    gedi__experiment *e;
    result r =
        read_with("[ood: {against: [circles, moons: {noise: 0.123}]}]", NULL, NULL);
    ck_assert_ptr_nonnull(r.e);
    gedi__experiment_emit(r.e, &one);
    ck_assert_msg(strstr(one.s, "  - ood: {against: [circles: {noise: 0.05, ") != NULL,
                  "%s", one.s);
    ck_assert_msg(strstr(one.s, "}, moons: {noise: 0.123, ") != NULL, "%s", one.s);
    const char *file = experiment_path("again.yaml");
    ck_assert_int_eq(gedi__file_write(file, one.s, one.len, &err), GEDI_OK);
    ck_assert_msg(gedi__experiment_read(file, NULL, 0, &e, &m, &err) == GEDI_OK, "%s",
                  m.text.s ? m.text.s : err.msg);
    gedi__experiment_emit(e, &two);
    ck_assert_str_eq(one.s, two.s);
    gedi__experiment_free(e);
    gedi__text_clear(&one);
    gedi__text_clear(&two);
    result_free(&r);
}
END_TEST

static const struct {
    const char *evaluate, *said;
} wrong[] = {
    {"[ood: {against: [circle]}]",
     "there is no dataset 'circle': did you mean 'circles'?"},
    {"[ood: {against: [mlp]}]", "there is no dataset 'mlp', but model 'mlp' exists"},
    {"[ood: {against: circles}]",
     "against: 'circles' is no list of components: write [circles]"},
    {"[ood: {against: {circles: {}}}]",
     "against: a mapping is given, but its type is list of components"},
    {"[ood: {against: [[circles]]}]",
     "dataset: a list is given, but it must name a plugin: {NAME: {OPTION: VALUE}}"},
    {"[ood: {against: [{circles: {}, moons: {}}]}]",
     "dataset: only one plugin can be named, but 'moons' follows 'circles'"},
    {"[ood: {against: [circles: {noisy: 1}]}]",
     "unknown option 'noisy' of circles: did you mean 'noise'?"},
    {"[ood: {against: [circles: {noise: -1}]}]", "noise: '-1' is not in [0, "},
    {"[ood: {against: [circles: 3]}]",
     "the options of 'circles' must be a mapping, {OPTION: VALUE}"},
    {"[ood: {}]", "against: no dataset is named: write [NAME], such as [circles]"},
    {"[ood: {against: []}]", "against: no dataset is named"},
    {"[ood: {against: [moons, moons, moons, moons, moons, moons, moons, moons, moons, "
     "moons, moons, moons, moons, moons, moons, moons, moons]}]",
     "against: a list has at most 16 entries"},
};

START_TEST(mistakes)
{
    result r = read_with(wrong[_i].evaluate, NULL, NULL);
    ck_assert_msg(r.m.n == 1, "%d mistakes: %s", r.m.n, r.m.text.s ? r.m.text.s : "");
    ck_assert_msg(strstr(r.m.text.s, wrong[_i].said) != NULL, "%s", r.m.text.s);
    ck_assert_msg(strstr(r.m.text.s, "components.yaml:11:") != NULL, "%s", r.m.text.s);
    result_free(&r);
}
END_TEST

/* Every one of several is named. */
START_TEST(all_mistakes)
{
    result r = read_with("[ood: {against: [circle, circles: {noise: x, noisy: 1}]}]",
                         NULL, NULL);
    ck_assert_int_eq(r.m.n, 3);
    result_free(&r);
}
END_TEST

static gedi_status nothing(const void *self, gedi_trial *t, gedi_err *e)
{
    (void)self, (void)t, (void)e;
    return GEDI_OK;
}

/* A plugin whose row names no kind is refused when it is loaded. */
START_TEST(kinds_are_checked)
{
    typedef struct self {
        gedi_components of;
    } self;
    gedi_option options[] = {GEDI_COMPONENTS(self, of, "dataset", "some"), GEDI_END};
    static const gedi_metric metrics[] = {GEDI_METRICS_END};
    gedi_evaluator copy,
        plugin = {GEDI_HEAD(evaluator, made_up), .self_size = sizeof(self),
                  .options = options, .evaluate = nothing, .metrics = metrics};
    ck_assert_msg(gedi__plugin_check(GEDI_KIND_EVALUATOR, "made_up", "made_up.so",
                                     &plugin, &copy, &err) == GEDI_OK,
                  "%s", err.msg);
    options[0].words = "datasets";
    ck_assert_int_eq(gedi__plugin_check(GEDI_KIND_EVALUATOR, "made_up", "made_up.so",
                                        &plugin, &copy, &err),
                     GEDI_PLUGIN);
    ck_assert_str_eq(err.msg, "made_up.so: option 'of': 'datasets' is no kind of plugin, "
                              "such as \"dataset\"");
    options[0].words = NULL;
    ck_assert_int_eq(gedi__plugin_check(GEDI_KIND_EVALUATOR, "made_up", "made_up.so",
                                        &plugin, &copy, &err),
                     GEDI_PLUGIN);
}
END_TEST

/* Before anything is trained. */
START_TEST(files_are_looked_for_first)
{
    result r = read_with("[ood: {against: [circles, mnist: {path: no/such/place}]}]",
                         NULL, NULL);
    ck_assert_ptr_nonnull(r.e);
    ck_assert_int_eq(gedi__others_check(r.e, 0, GEDI_DIMS(2), &err), GEDI_OPTION);
    ck_assert_msg(strstr(err.msg, "evaluator ood: dataset mnist: ") == err.msg, "%s",
                  err.msg);
    result_free(&r);
    r = read_with("[ood: {against: [circles]}]", NULL, NULL);
    ck_assert_int_eq(gedi__others_check(r.e, 0, GEDI_DIMS(2), &err), GEDI_OK);
    ck_assert_int_eq(gedi__others_check(r.e, 0, GEDI_DIMS(28, 28, 1), &err), GEDI_SHAPE);
    ck_assert_str_eq(err.msg, "evaluator ood: records of dataset circles have shape [2], "
                              "but those of the run [28, 28, 1]");
    result_free(&r);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("components");
    TCase *c = tcase_create("components");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_add_test(c, every_form);
    tcase_add_test(c, from_outside);
    tcase_add_test(c, comes_back);
    tcase_add_loop_test(c, mistakes, 0, sizeof wrong / sizeof *wrong);
    tcase_add_test(c, all_mistakes);
    tcase_add_test(c, kinds_are_checked);
    tcase_add_test(c, files_are_looked_for_first);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
