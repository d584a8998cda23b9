/* test_schedule.c - schedules: their values, their nodes, what a descriptor says of them. */
#include "gedi/schedule.h"
#include "core/network/network.h"
#include "core/report/run_needs.h"
#include "core/sweep/plan.h"
#include "tests/experiment.h"
#include "tests/network.h"

#include <math.h>

static const double pi = 3.14159265358979323846;

/* ---- values ---- */

static void ck_at(const gedi_schedule *s, int64_t i, int64_t total, double want)
{
    double got = gedi_schedule_at(s, i, total);
    ck_assert_msg(fabs(got - want) <= 1e-15 * (1 + fabs(want)),
                  "at %d of %d: %.17g, not %.17g", (int)i, (int)total, got, want);
}

START_TEST(values)
{
    gedi_schedule line = {.form = GEDI_SCHEDULE_LINEAR, .from = 3, .to = 0.7};
    ck_at(&line, 0, 1000, 3);
    ck_at(&line, 500, 1000, 1.85);
    ck_at(&line, 999, 1000, 3 - 2.3 * 0.999);
    ck_assert(gedi_schedule_at(&line, 1000, 1000) == 0.7); /* exactly */
    gedi_schedule cosine = {.form = GEDI_SCHEDULE_COSINE, .from = 0.03, .to = 0.001};
    ck_at(&cosine, 0, 1000, 0.03);
    ck_at(&cosine, 250, 1000, 0.001 + 0.029 * (1 + sqrt(0.5)) / 2);
    ck_at(&cosine, 500, 1000, 0.0155);
    ck_at(&cosine, 999, 1000, 0.001 + 0.029 * (1 + cos(pi * 0.999)) / 2);
    ck_assert(gedi_schedule_at(&cosine, 1000, 1000) == 0.001);
    cosine.warmup = 200;
    ck_at(&cosine, 0, 1000, 0.03 / 200);
    ck_at(&cosine, 99, 1000, 0.015);
    ck_at(&cosine, 199, 1000, 0.03);
    ck_at(&cosine, 200, 1000, 0.03);
    ck_at(&cosine, 600, 1000, 0.0155);
    cosine.over = 400; /* with the warm-up */
    ck_at(&cosine, 300, 1000, 0.0155);
    ck_at(&cosine, 400, 1000, 0.001);
    ck_at(&cosine, 999, 1000, 0.001);
    gedi_schedule warm = GEDI_ALWAYS(2);
    warm.warmup = 10;
    ck_at(&warm, 4, 20, 1);
    ck_at(&warm, 9, 20, 2);
    ck_at(&warm, 19, 20, 2);
    ck_at(&warm, 5, 5, 1.2); /* a stage that ends before */
}
END_TEST

START_TEST(steps)
{
    gedi_schedule s = {
        .form = GEDI_SCHEDULE_STEPS, .n = 3, .at = {0, 10, 600}, .value = {0.1, 4, 0.01}};
    ck_at(&s, 0, 1000, 0.1);
    ck_at(&s, 9, 1000, 0.1);
    ck_at(&s, 10, 1000, 4);
    ck_at(&s, 599, 1000, 4);
    ck_at(&s, 600, 1000, 0.01);
    ck_at(&s, 1000, 1000, 0.01);
    ck_assert(gedi_schedule_max(&s) == 4);
    s.unit = GEDI_UNIT_EPOCHS;
    s.epoch = 7;
    s.warmup = 2;
    ck_at(&s, 0, 9000, 0.1 / 14);
    ck_at(&s, 13, 9000, 0.1);
    ck_at(&s, 69, 9000, 0.1);
    ck_at(&s, 70, 9000, 4);
}
END_TEST

/* Falls all the way, and rises only in the warm-up. */
START_TEST(is_monotonic)
{
    gedi_schedule s = {.form = _i ? GEDI_SCHEDULE_COSINE : GEDI_SCHEDULE_LINEAR,
                       .from = 1,
                       .to = 1e-3,
                       .warmup = 100};
    for (int64_t i = 0; i < 3000; i++) {
        double now = gedi_schedule_at(&s, i, 3000),
               next = gedi_schedule_at(&s, i + 1, 3000);
        ck_assert_msg(i < 99    ? next > now
                      : i == 99 ? next == now
                                : next < now,
                      "at %d: %.17g, then %.17g", (int)i, now, next);
    }
}
END_TEST

/* ---- nodes ---- */

START_TEST(a_constant_builds_what_a_number_does)
{
    network n;
    network_init(&n, true);
    gedi_node *x = network_input(&n, GEDI_DIMS(3, 2));
    static const double numbers[] = {3, 1, 0, -0.3, 1e-6};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        gedi_schedule s = GEDI_ALWAYS(numbers[i]);
        ck_assert(gedi_schedule_is_constant(&s));
        ck_assert_ptr_eq(gedi_scheduled(&n.build, &s),
                         gedi_scalar(n.build.g, numbers[i]));
        ck_assert_ptr_eq(gedi_scale_by(&n.build, x, &s), gedi_scale(x, numbers[i]));
        if (numbers[i] != 0)
            ck_assert_ptr_eq(gedi_divide_by(&n.build, x, &s),
                             gedi_scale(x, 1 / numbers[i]));
    }
    ck_assert_ptr_null(n.build.scheduled);
    network_clear(&n);
}
END_TEST

/* In training and evaluation alike; before it is told an iteration it stands at the end. */
START_TEST(nodes_follow)
{
    network n;
    network_init(&n, _i);
    n.build.total = 10;
    gedi_schedule s = {.form = GEDI_SCHEDULE_LINEAR, .from = 1, .to = 6};
    gedi_node *x = network_input(&n, GEDI_DIMS(2, 2));
    gedi_node *y[3] = {gedi_scheduled(&n.build, &s), gedi_scale_by(&n.build, x, &s),
                       gedi_divide_by(&n.build, x, &s)};
    ck_assert_ptr_eq(y[0], gedi_scheduled(&n.build, &s));
    network_compile(&n, y, 3);
    static const float data[] = {1, -2, 3, 4};
    network_set(&n, x, data);
    static const struct {
        int64_t at;
        float want;
    } cases[] = {{-1, 6}, {0, 1}, {5, 3.5f}, {9, 5.5f}, {10, 6}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].at >= 0)
            gedi__build_advance(&n.build, cases[i].at);
        gedi__program_run(n.program);
        ck_assert(gedi__program_output(n.program, 0)[0] == cases[i].want);
        for (int k = 0; k < 4; k++) {
            ck_assert(gedi__program_output(n.program, 1)[k] == data[k] * cases[i].want);
            ck_assert(gedi__program_output(n.program, 2)[k] == data[k] / cases[i].want);
        }
    }
    network_clear(&n);
}
END_TEST

/* Logits of three records, as evaluation computes them. */
static void evaluate(const char *objective, float *logits)
{
    static const float data[] = {0.5f, -1, 2, 3, -0.25f, 0};
    gedi__experiment *e = experiment_new((setting){.objective = objective});
    gedi__network net;
    gedi_build b;
    gedi__program *p;
    gedi_err err = {0};
    int n;
    ck_assert_msg(gedi__network_init(&net, e, e->stage, info_of(GEDI_DIMS(2)), &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_eq(gedi__build_init(&b, &net.params, false, &err), GEDI_OK);
    gedi_node *x = gedi_input(b.g, "x", GEDI_DIMS(3, 2)), *h, *z;
    (void)gedi__network_batch(&net, &b);
    gedi__network_pass(&net, &b, x, &h, &z);
    gedi_node *y = gedi__network_logits(&net, &b, z);
    gedi__binding *bind = gedi__build_bindings(&b, 0, &n);
    ck_assert_int_eq(gedi__program_new(b.g, &y, 1, bind, n, 1, &p, &err), GEDI_OK);
    memcpy(gedi__program_input(p, x), data, sizeof data);
    gedi__program_run(p);
    memcpy(logits, gedi__program_output(p, 0), 6 * sizeof *logits);
    free(bind);
    gedi__program_free(p);
    gedi__build_clear(&b);
    gedi__network_clear(&net);
    gedi__experiment_free(e);
}

START_TEST(evaluation_uses_the_end)
{
    float end[6], scheduled[6];
    evaluate("{gedi: {temperature: 0.5}}", end);
    evaluate("{gedi: {temperature: {cosine: {from: 4, to: 0.5}}}}", scheduled);
    for (int i = 0; i < 6; i++) {
        ck_assert(fabsf(end[i]) > 1e-6f);
        ck_assert(fabsf(end[i] - scheduled[i]) <= 1e-6f * fabsf(end[i]));
    }
}
END_TEST

/* A weight that is 0 throughout is no term, however it is written. */
START_TEST(what_is_always_0_is_not_computed)
{
    static const char *const zero[] = {"0", "{linear: {from: 0, to: 0, warmup: 3}}",
                                       "{steps: {0: 0, 5: 0}}"};
    char objective[96];
    gedi__network net;
    gedi_err err = {0};
    snprintf(objective, sizeof objective, "{gedi: {gen: %s}}", zero[_i]);
    gedi__experiment *e = experiment_new((setting){.objective = objective});
    ck_assert_int_eq(gedi__network_init(&net, e, e->stage, info_of(GEDI_DIMS(2)), &err),
                     GEDI_OK);
    ck_assert(!net.uses_samples && net.uses_view[1]);
    gedi__network_clear(&net);
    gedi__experiment_free(e);
}
END_TEST

/* ---- in a descriptor ---- */

static const gedi_schedule *rate(const gedi__experiment *e)
{
    gedi__scheduled_option o;
    ck_assert(gedi__stage_schedule(e->stage, 0, &o));
    ck_assert_str_eq(o.name, "optimizer.adam.lr");
    return o.schedule;
}

static const struct {
    const char *given, *resolved;
} forms[] = {
    {"0.5", "0.5"},
    {"{constant: {value: 0.5}}", "0.5"},
    {"{cosine: {from: 0.5, to: 5.0e-1}}", "0.5"},
    {"{linear: {from: 0, to: 0, warmup: 5}}", "0"},
    {"{steps: {0: 0.5, 7: 0.5}}", "0.5"},
    {"{cosine: {to: 0, from: 0.03}}", "{cosine: {from: 0.03, to: 0}}"},
    {"{cosine: {from: 1, to: 0, unit: iterations, over: 0}}",
     "{cosine: {from: 1, to: 0}}"},
    {"{linear: {unit: epochs, warmup: 1e1, to: 0, from: 1, over: 20}}",
     "{linear: {from: 1, to: 0, warmup: 10, over: 20, unit: epochs}}"},
    {"{steps: {warmup: 3, 6000: 0.01, 0: 0.1, 1e3: 2}}",
     "{steps: {0: 0.1, 1000: 2, 6000: 0.01, warmup: 3}}"},
    {"{constant: {value: 0.03, warmup: 500}}", "{constant: {value: 0.03, warmup: 500}}"},
};

/* Read, written in one form, and read back to the same bytes. */
START_TEST(resolved)
{
    char optimizer[128], want[128];
    gedi__text once = {0}, twice = {0};
    gedi__mistakes m = {0};
    gedi_err err;
    snprintf(optimizer, sizeof optimizer, "{adam: {lr: %s}}", forms[_i].given);
    snprintf(want, sizeof want, "    lr: %s\n", forms[_i].resolved);
    gedi__experiment *e = experiment_new((setting){.optimizer = optimizer}), *again;
    gedi__experiment_emit(e, &once);
    ck_assert_msg(strstr(once.s, want) != NULL, "%s", once.s);
    const char *file = experiment_path("resolved.yaml");
    ck_assert_int_eq(gedi__file_write(file, once.s, once.len, &err), GEDI_OK);
    ck_assert_int_eq(gedi__experiment_read(file, NULL, 0, &again, &m, &err), GEDI_OK);
    gedi__experiment_emit(again, &twice);
    ck_assert_str_eq(once.s, twice.s);
    gedi__text_clear(&once);
    gedi__text_clear(&twice);
    gedi__experiment_free(e);
    gedi__experiment_free(again);
}
END_TEST

/* A file's descriptor, with overrides; what is wrong is in `m`. */
static gedi__experiment *read_file(const char *file, const char *const *override, int n,
                                   gedi__mistakes *m)
{
    gedi_err err;
    gedi__experiment *e;
    return gedi__experiment_read(file, override, n, &e, m, &err) == GEDI_OK ? e : NULL;
}

static const char *put_setting(const char *name, setting s)
{
    gedi__text t = {0};
    gedi_err err;
    experiment_text(&s, &t);
    const char *file = experiment_path(name);
    ck_assert_int_eq(gedi__file_write(file, t.s, t.len, &err), GEDI_OK);
    gedi__text_clear(&t);
    return file;
}

/* Line 9 is `optimizer: {adam: {lr: `, 23 letters. */
static const struct {
    const char *given, *said;
} broken[] = {
    {"cosine",
     ":9:24: lr: 'cosine' is not a real number; nor is it a schedule: {cosine:"},
    {"[1]", ":9:24: lr: a list is given, but its type is real or schedule"},
    {"{}", ":9:24: lr: an empty mapping is given, but a schedule has one form: {cosine"},
    {"{cosin: {from: 1, to: 0}}",
     ":9:25: unknown schedule 'cosin' of lr: did you mean 'cosine'? (legal: cosine, "
     "linear, steps, constant)"},
    {"{linear: {from: 1, to: 0}, steps: {}}",
     ":9:51: lr: a mapping of several keys is given, but a schedule has one form"},
    {"{linear: 3}", ":9:33: lr.linear: a value is given, but it must be a mapping: {lin"},
    {"{linear: {from: 1}}", ":9:33: lr.linear: 'to' is missing: write {linear: {from"},
    {"{linear: {from: 1, to: -2}}", ":9:47: lr.linear.to: '-2' is not in [0, 1000]"},
    {"{linear: {from: x, to: 2}}", ":9:40: lr.linear.from: 'x' is not a real number"},
    {"{linear: {from: 1, ot: 2}}",
     ":9:43: unknown key 'ot' of linear: did you mean 'to'? (legal: from, to, warmup, "
     "over, unit)"},
    {"{linear: {from: 1, to: 2, warmup: 1.5}}",
     ":9:58: lr.linear.warmup: '1.5' is not an integer"},
    {"{linear: {from: 1, to: 2, warmup: 5, over: 5}}",
     ":9:67: lr.linear.over: 5 is not more than the warm-up, 5"},
    {"{linear: {from: 1, to: 2, unit: days}}", ":9:56: lr.linear.unit: 'days' is not"},
    {"{steps: {}}", ":9:32: lr.steps: no step is at position 0: write {steps: {0: 0.1"},
    {"{steps: {5: 1}}", ":9:32: lr.steps: no step is at position 0"},
    {"{steps: {0: 1, 5: 2000}}", ":9:42: lr.steps.5: '2000' is not in [0, 1000]"},
    {"{steps: {0: 1, 5: 2, 5.0: 2}}",
     ":9:45: lr.steps.5.0: another step is at the same position"},
    {"{steps: {0: 1, 5.5: 2}}", ":9:39: lr.steps.5.5: '5.5' is not an integer"},
    {"{steps: {0: 1, five: 2}}",
     ":9:39: unknown key 'five' of steps (legal: warmup, unit, positions such as 6000)"},
    {"1, eps: {linear: {from: 1, to: 0}}",
     ":9:32: eps: a mapping is given, but its type is real: it cannot be scheduled"},
};

START_TEST(mistakes)
{
    char optimizer[128];
    gedi__mistakes m = {0};
    snprintf(optimizer, sizeof optimizer, "{adam: {lr: %s}}", broken[_i].given);
    const char *file = put_setting("broken.yaml", (setting){.optimizer = optimizer});
    ck_assert_ptr_null(read_file(file, NULL, 0, &m));
    ck_assert_int_eq(m.n, 1);
    ck_assert_msg(strstr(m.text.s, broken[_i].said) != NULL, "%s\nnot\n%s", m.text.s,
                  broken[_i].said);
    gedi__text_clear(&m.text);
}
END_TEST

/* A warm-up rises from 0, which a temperature cannot be. */
START_TEST(warmup_keeps_the_range)
{
    gedi__mistakes m = {0};
    const char *file = put_setting(
        "broken.yaml",
        (setting){.objective = "{info_nce: {temperature: {constant: {value: 1, warmup: "
                               "9}}}}"});
    ck_assert_ptr_null(read_file(file, NULL, 0, &m));
    ck_assert_ptr_nonnull(strstr(m.text.s,
                                 "temperature.constant.warmup: it rises from 0, "
                                 "which is not in [0.0001, 10000]: write {linear"));
    gedi__text_clear(&m.text);
}
END_TEST

/* An override sets a schedule, or a part of one. */
START_TEST(overrides)
{
    gedi__mistakes m = {0};
    const char *const set[] = {"optimizer.adam.lr={cosine: {from: 0.03, to: 0}}",
                               "optimizer.adam.lr.cosine.from=0.25",
                               "optimizer.adam.lr.cosine.warmup=7"};
    const char *file = put_setting("plain.yaml", (setting){.seed = NULL});
    gedi__experiment *e = read_file(file, set, 3, &m);
    ck_assert_msg(e != NULL, "%s", m.text.s);
    const gedi_schedule *s = rate(e);
    ck_assert_int_eq(s->form, GEDI_SCHEDULE_COSINE);
    ck_assert(s->from == 0.25 && s->to == 0);
    ck_assert_int_eq(s->warmup, 7);
    gedi__experiment_free(e);
}
END_TEST

/* A file replaces the schedule of its base as a whole. */
START_TEST(a_base_is_replaced)
{
    static const char *const over[] = {"{linear: {from: 1, to: 0.5}}",
                                       "{steps: {0: 1, 40: 2}}", "0.125"};
    static const char *const want[] = {"lr: {linear: {from: 1, to: 0.5}}\n",
                                       "lr: {steps: {0: 1, 40: 2}}\n", "lr: 0.125\n"};
    gedi__mistakes m = {0};
    gedi__text t = {0};
    gedi_err err;
    char text[128];
    put_setting(
        "base.yaml",
        (setting){.optimizer = "{adam: {lr: {steps: {0: 3, 20: 1}}, eps: 0.25}}"});
    const char *file = experiment_path("over.yaml");
    int n = snprintf(text, sizeof text, "base: base.yaml\noptimizer: {adam: {lr: %s}}\n",
                     over[_i]);
    ck_assert_int_eq(gedi__file_write(file, text, (size_t)n, &err), GEDI_OK);
    gedi__experiment *e = read_file(file, NULL, 0, &m);
    ck_assert_msg(e != NULL, "%s", m.text.s);
    gedi__experiment_emit(e, &t);
    ck_assert_msg(strstr(t.s, want[_i]) != NULL, "%s", t.s);
    ck_assert_ptr_nonnull(strstr(t.s, "eps: 0.25\n"));
    gedi__text_clear(&t);
    gedi__experiment_free(e);
}
END_TEST

/* The figure of schedules needs one. */
START_TEST(the_figure_needs_a_schedule)
{
    gedi_err err = {0};
    gedi__experiment *e = experiment_new(
        (setting){.optimizer = _i ? "{adam: {lr: {linear: {from: 1, to: 0}}}}" : NULL,
                  .more = "figures: [schedules]\n"});
    const gedi_data_info info = {.record = GEDI_DIMS(2)};
    gedi_status s = gedi__run_figures_check(e, &(gedi__shown){.info = &info}, &err);
    ck_assert_int_eq(s, _i ? GEDI_OK : GEDI_DESCRIPTOR);
    if (!_i)
        ck_assert_ptr_nonnull(
            strstr(err.msg, "figures: schedules needs an option that is scheduled"));
    gedi__experiment_free(e);
}
END_TEST

/* A number and schedules side by side; labels are as short as tells them apart. */
START_TEST(in_a_sweep)
{
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi__plan *p = NULL;
    const char *file = put_setting(
        "sweep.yaml",
        (setting){.more = _i ? "sweep: {optimizer.adam.lr: [0.25, {cosine: {from: 3, to: "
                               "0}}, {cosine: {from: 5, to: 0}}]}\n"
                             : "sweep: {optimizer.adam.lr: [0.25, {cosine: {from: 3, to: "
                               "0}}, {linear: {from: 1, to: 0}}]}\n"});
    static const char *const label[2][3] = {
        {"lr 0.25", "lr cosine", "lr linear"},
        {"lr 0.25", "lr cosine {from: 3, to: 0}", "lr cosine {from: 5, to: 0}"}};
    static const char *const want[2][3] = {
        {"lr: 0.25\n", "lr: {cosine: {from: 3, to: 0}}\n",
         "lr: {linear: {from: 1, to: 0}}\n"},
        {"lr: 0.25\n", "lr: {cosine: {from: 3, to: 0}}\n",
         "lr: {cosine: {from: 5, to: 0}}\n"}};
    gedi_status s = gedi__plan_read(file, NULL, 0, NULL, 1, NULL, &p, &m, &err);
    ck_assert_msg(s == GEDI_OK && p, "%s\n%s", err.msg, m.text.s ? m.text.s : "");
    ck_assert_int_eq(p->points, 3);
    for (int i = 0; i < 3; i++) {
        ck_assert_str_eq(p->point[i].title, label[_i][i]);
        ck_assert_ptr_nonnull(strstr(p->point[i].resolved, want[_i][i]));
    }
    gedi__plan_free(p);
    gedi__text_clear(&m.text);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("schedule");
    TCase *pure = tcase_create("values and nodes"), *files = tcase_create("descriptor");
    tcase_add_test(pure, values);
    tcase_add_test(pure, steps);
    tcase_add_loop_test(pure, is_monotonic, 0, 2);
    tcase_add_test(pure, a_constant_builds_what_a_number_does);
    tcase_add_loop_test(pure, nodes_follow, 0, 2);
    tcase_add_checked_fixture(files, experiment_setup, experiment_teardown);
    tcase_add_test(files, evaluation_uses_the_end);
    tcase_add_loop_test(files, what_is_always_0_is_not_computed, 0, 3);
    tcase_add_loop_test(files, resolved, 0, sizeof forms / sizeof *forms);
    tcase_add_loop_test(files, mistakes, 0, sizeof broken / sizeof *broken);
    tcase_add_test(files, warmup_keeps_the_range);
    tcase_add_test(files, overrides);
    tcase_add_loop_test(files, a_base_is_replaced, 0, 3);
    tcase_add_loop_test(files, the_figure_needs_a_schedule, 0, 2);
    tcase_add_loop_test(files, in_a_sweep, 0, 2);
    suite_add_tcase(suite, pure);
    suite_add_tcase(suite, files);
    SRunner *r = srunner_create(suite);
    srunner_run_all(r, CK_ENV);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
