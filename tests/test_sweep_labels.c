/* test_sweep_labels.c - points of a sweep told apart: identities, labels, differences, statistics. */
#include "core/plugin/option.h"
#include "core/sweep/label.h"
#include "core/sweep/stat.h"
#include "tests/sweep.h"

#include <math.h>

/* ---- identities ---- */

START_TEST(a_hash_is_what_it_was)
{
    char hash[GEDI__HASH + 1];
    gedi__identity_hash("a", hash);
    ck_assert_str_eq(hash, "e6c632b61e96"); /* XXH3 of 64 bits: xxhsum -H3 */
}
END_TEST

static char *identity_of(const gedi__experiment *e)
{
    gedi__text t = {0};
    ck_assert_msg(!gedi__identity_text(e, &t, &err), "%s", err.msg);
    return t.s;
}

/* A plugin of gedi's own that has an option more, another order of options, another revision. */
START_TEST(what_a_plugin_changes_in_an_identity)
{
    gedi__experiment *e;
    put("a.yaml",
        "dataset: {grid: {}}\nmodel: {line: {}}\nobjective: {pull: {inv: 3, gen: 1}}\n"
        "optimizer: {slope: {}}\ntrain: {iterations: 5, log_every: 7}\nthreads: 3\n");
    ck_assert_msg(!gedi__experiment_read("a.yaml", NULL, 0, &e, &m, &err), "%s",
                  m.n ? m.text.s : err.msg);
    char *before = identity_of(e);
    ck_assert_ptr_nonnull(strstr(before, "\nobjective.pull.inv: 3\n"));
    ck_assert_ptr_nonnull(strstr(before, "\nseed: 0\n"));
    ck_assert_ptr_null(strstr(before, "log_every"));
    ck_assert_ptr_null(strstr(before, "threads"));
    ck_assert_ptr_null(strstr(before, "gen:")); /* its default */

    gedi__component *c = &e->stage->objective->part;
    gedi_plugin *plugin = (gedi_plugin *)c->plugin; /* the host's copy */
    const gedi_option *old = plugin->options;
    int n = gedi__option_count(old);
    gedi_option *more = calloc((size_t)n + 2, sizeof *more);
    char *self = calloc(1, plugin->self_size + sizeof(double));
    memcpy(self, c->self, plugin->self_size);
    more[0] = (gedi_option){.row = GEDI_ROW_OPTION,
                            .key = "added",
                            .type = GEDI_TYPE_REAL,
                            .real = 0.5,
                            .max = 1};
    more[0].offset = plugin->self_size;
    memcpy(self + plugin->self_size, &(double){0.5}, sizeof(double));
    for (int i = 0; i < n; i++)
        more[n - i] = old[i];
    void *was = c->self;
    c->self = self;
    plugin->options = more;
    char *after = identity_of(e);
    ck_assert_str_eq(after, before);
    memcpy(self + plugin->self_size, &(double){0.25}, sizeof(double));
    char *set = identity_of(e);
    ck_assert_ptr_nonnull(strstr(set, "\nobjective.pull.added: 0.25\n"));
    plugin->options = old;
    c->self = was;

    plugin->revision = 2;
    char *revised = identity_of(e);
    gedi__text changes = {0};
    gedi__identity_changes(before, revised, &changes);
    ck_assert_str_eq(changes.s, "objective pull has revision 2, it had 0");
    ck_assert(gedi__identity_rebuilt(before, revised));
    ck_assert(!gedi__identity_rebuilt(set, revised));
    gedi__text_clear(&changes);
    gedi__identity_changes(set, revised, &changes);
    ck_assert_str_eq(changes.s,
                     "objective.pull.added: 0.25 -> default; objective pull has "
                     "revision 2, it had 0");
    gedi__text_clear(&changes);
    free(before);
    free(after);
    free(set);
    free(revised);
    free(more);
    free(self);
    gedi__experiment_free(e);
}
END_TEST

START_TEST(the_same_experiment_has_the_same_hash)
{
    char hash[GEDI__HASH + 1];
    ck_plan(LEAST "threads: 3\nsweep: {seed: [3], train.batch: [100]}\n");
    strcpy(hash, p->point[0].hash);
    ck_resolved(0, "threads: 1\n");
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 7), GEDI_OK);
    ck_resolved(0, "threads: 3\n"); /* what is asked for, as far as there are so many */
    ck_assert_str_eq(hash, p->point[0].hash);
    ck_plan("name: other\ndirectory: /\nthreads: 3\n" LEAST
            "sweep: {train.batch: [1e2], seed: [3]}\n");
    ck_assert_str_eq(hash, p->point[0].hash);
    ck_plan(LEAST "seed: 3\nsweep: {train.batch: [101]}\n");
    ck_assert_str_ne(hash, p->point[0].hash);
}
END_TEST

/* ---- labels and differences of descriptors ---- */

/* Of the first point. */
static void ck_label(const char *path, const char *want)
{
    gedi__text t = {0};
    ck_assert_int_eq(gedi__descriptor_label(p->point[0].resolved, path, &t), GEDI_OK);
    ck_assert_str_eq(t.s ? t.s : "", want);
    gedi__text_clear(&t);
}

START_TEST(labels_of_paths)
{
    ck_plan("views: [[], [shift: {by: 2}]]\n" LEAST
            "sweep: {objective: [{pull: {inv: 3}}]}\n");
    ck_label("objective", "pull");
    ck_label("objective.pull.inv", "3");
    ck_label("model.line.hidden", "[100, 100]");
    ck_label("views.1", "[{shift: {by: 2}}]");
    ck_label("views.7", "");
    ck_label("objective.push", "");
    ck_label("seed.x", "");
    ck_label("zebra", "");
}
END_TEST

static void ck_changes(int i, int k, const char *want)
{
    gedi__text t = {0};
    const gedi__point *q = p->point;
    ck_assert_int_eq(gedi__descriptor_changes(q[i].resolved, q[k].resolved, &t), GEDI_OK);
    ck_assert_str_eq(t.s ? t.s : "", want);
    gedi__text_clear(&t);
}

/* An entry of a list is named by its number or by its plugin. */
START_TEST(labels_of_lists_of_objectives)
{
    ck_plan(LEAST "sweep: {objective: [[push, {pull: {inv: 3}, weight: 2}], push]}\n");
    ck_assert_str_eq(p->sweep->axis[0].level[0].label[0], "push + pull");
    ck_assert_str_eq(p->sweep->axis[0].level[1].label[0], "push");
    ck_label("objective", "push + pull");
    ck_label("objective.pull.inv", "3");
    ck_label("objective.1.weight", "2");
    ck_label("objective.slide", "");
    ck_plan("dataset: grid\nmodel: line\nobjective: [push, pull]\noptimizer: slope\n"
            "train: {iterations: 5}\n"
            "sweep: {objective.1.weight: [1, 2], objective.pull.inv: [1, 4]}\n");
    ck_assert_int_eq(p->points, 4);
    ck_label("objective.1.weight", "1");
    ck_changes(0, 3, "objective.1.pull.inv: 1 -> 4\nobjective.1.weight: 1 -> 2\n");
}
END_TEST

/* What each of the stages has, so that they are not taken for one. */
START_TEST(labels_of_stages)
{
    ck_plan(LEAST "stages: " TWO "\nsweep: {seed: [0]}\n");
    ck_label("objective", "push, pull");
    ck_label("objective.pull.inv", "none, 3");
    ck_label("train.batch", "128, 128");
    ck_label("stages.1.train.iterations", "9");
    ck_label("stages.1.objective", "pull");
    ck_label("model", "line");
    ck_label("objective.pull.zebra", "");
    ck_label("zebra", "");
}
END_TEST

START_TEST(differences_of_stages)
{
    ck_plan(LEAST
            "sweep:\n"
            "  m:\n"
            "    a: {stages: [{}, {objective: {pull: {inv: 3}}}]}\n"
            "    b: {stages: [{train: {batch: 2}}, {objective: {pull: {inv: 4}}}]}\n"
            "    c: {stages: [{}, {sampler: walk}]}\n"
            "    d: {stages: [{}, {}, {}]}\n");
    ck_changes(0, 0, "");
    ck_changes(0, 1,
               "stages.0.train.batch: 128 -> 2\nstages.1.objective.pull.inv: 3 -> 4\n");
    ck_changes(
        0, 2,
        "stages.1.objective: {pull: {gen: 1, inv: 3, low: -1, high: 1}} -> "
        "{push: {}}\nstages.1.sampler: (not there) -> {walk: {steps: 1, pace: slow}}\n");
    gedi__text t = {0};
    ck_assert_int_eq(
        gedi__descriptor_changes(p->point[0].resolved, p->point[3].resolved, &t),
        GEDI_OK);
    ck_assert(!strncmp(t.s, "stages: [{", 10)); /* another number of them: as a whole */
    gedi__text_clear(&t);
}
END_TEST

START_TEST(differences_of_descriptors)
{
    gedi__text t = {0};
    ck_plan(LEAST "sweep:\n"
                  "  m:\n"
                  "    a: {objective: {pull: {inv: 3}}, sampler: walk}\n"
                  "    b: {objective: {pull: {inv: 4}}, seed: 1}\n"
                  "    c: {objective: push}\n");
    ck_assert_int_eq(m.n, 0);
    const gedi__point *q = p->point;
    ck_assert_int_eq(gedi__descriptor_changes(q[0].resolved, q[1].resolved, &t), GEDI_OK);
    ck_assert_str_eq(t.s, "seed: 0 -> 1\nobjective.pull.inv: 3 -> 4\n"
                          "sampler: {walk: {steps: 1, pace: slow}} -> (not there)\n");
    gedi__text_clear(&t);
    ck_assert_int_eq(gedi__descriptor_changes(q[1].resolved, q[2].resolved, &t), GEDI_OK);
    ck_assert_str_eq(t.s,
                     "seed: 1 -> 0\nobjective: {pull: {gen: 1, inv: 4, low: -1, high: "
                     "1}} -> {push: {}}\n");
    gedi__text_clear(&t);
    ck_assert_int_eq(gedi__descriptor_changes(q[1].resolved, q[1].resolved, &t), GEDI_OK);
    ck_assert_uint_eq(t.len, 0);
    gedi__text_clear(&t);
}
END_TEST

/* ---- statistics ---- */

START_TEST(students_t)
{
    /* Tables of the two-sided 95 % quantile. */
    static const struct {
        int freedom;
        double t;
    } known[] = {{1, 12.7062047}, {2, 4.30265273}, {3, 3.18244631},  {4, 2.77644511},
                 {5, 2.57058184}, {9, 2.26215716}, {30, 2.04227246}, {999, 1.96234146}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double t = gedi__student(known[i].freedom, 0.95);
        ck_assert_msg(fabs(t - known[i].t) < 1e-7, "%d: %.9g", known[i].freedom, t);
    }
    ck_assert(isnan(gedi__student(0, 0.95)));
}
END_TEST

START_TEST(statistics)
{
    double x[] = {4, 1, 2, 9};
    gedi__numbers v = gedi__numbers_of(x, 4);
    ck_assert(v.mean == 4 && v.median == 3 && v.min == 1 && v.max == 9);
    ck_assert(fabs(v.deviation - sqrt(38.0 / 3)) < 1e-12);
    v = gedi__numbers_of(x, 3); /* now sorted: 1, 2, 4 */
    ck_assert(v.median == 2 && v.n == 3);
    v = gedi__numbers_of(x, 1);
    ck_assert(v.mean == 1 && isnan(v.deviation));
    double same[] = {0.1, 0.1, 0.1}; /* whose sum over 3 is rounded */
    v = gedi__numbers_of(same, 3);
    ck_assert(v.mean == 0.1 && v.deviation == 0);
    v = gedi__numbers_of(x, 0);
    ck_assert(v.n == 0 && isnan(v.mean));
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    Suite *s = suite_create("labels");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_hash_is_what_it_was);
    tcase_add_test(c, the_same_experiment_has_the_same_hash);
    tcase_add_test(c, what_a_plugin_changes_in_an_identity);
    tcase_add_test(c, labels_of_paths);
    tcase_add_test(c, labels_of_lists_of_objectives);
    tcase_add_test(c, labels_of_stages);
    tcase_add_test(c, differences_of_descriptors);
    tcase_add_test(c, differences_of_stages);
    tcase_add_test(c, students_t);
    tcase_add_test(c, statistics);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
