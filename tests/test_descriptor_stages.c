/* test_descriptor_stages.c - descriptors with `stages:`: what a stage inherits and changes,
 * how it is written again, and values that would have no effect. What is wrong with them is in
 * tests/broken, too.
 */
#include "core/base/file.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/option.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gedi__experiment *e;
static gedi__mistakes m;
static gedi_err err;
static char folder[] = "stages-XXXXXX";
static char *start; /* the current folder at first */

static void setup(void)
{
    ck_assert_ptr_nonnull(start = getcwd(NULL, 0));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void teardown(void)
{
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    unlink("a.yaml");
    unlink("b.yaml");
    ck_assert_int_eq(chdir(start), 0);
    rmdir(folder);
    free(start);
}

static void put(const char *file, const char *text)
{
    ck_assert_int_eq(gedi__file_write(file, text, strlen(text), &err), GEDI_OK);
}

static gedi_status read_with(const char *const *override, int n)
{
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    m.n = 0;
    return gedi__experiment_read("a.yaml", override, n, &e, &m, &err);
}

static void ck_read(const char *const *override, int n)
{
    gedi_status s = read_with(override, n);
    ck_assert_msg(s == GEDI_OK, "%s\n%s", err.msg, m.text.s ? m.text.s : "");
    ck_assert_int_eq(m.n, 0);
}

/* An option of a component as it would be written. */
static void ck_option(const gedi__component *c, const char *plugin, const char *key,
                      const char *want)
{
    gedi__text t = {0};
    ck_assert_ptr_nonnull(c->plugin);
    ck_assert_str_eq(c->plugin->name, plugin);
    gedi__option_emit(gedi__option_find(c->plugin->options, key), c->self, &t);
    ck_assert_msg(!strcmp(t.s, want), "%s: %s instead of %s", key, t.s, want);
    gedi__text_clear(&t);
}

static char *emitted(void)
{
    gedi__text t = {0};
    gedi__experiment_emit(e, &t);
    ck_assert(!t.failed);
    return t.s;
}

#define AROUND                                                                           \
    "dataset: grid\nmodel: line\nviews: [[], [shift: {by: 3}]]\n"                        \
    "objective: {pull: {gen: 3, inv: 5}}\nsampler: {walk: {steps: 4}}\n"                 \
    "optimizer: {slope: {lr: 0.5}}\ntrain: {iterations: 5, batch: 7}\n"

/* ---- what a stage inherits and changes ---- */

START_TEST(a_descriptor_without_stages_has_one)
{
    put("a.yaml", AROUND);
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stages, 1);
    ck_assert_int_eq(e->stage->first, 0);
    ck_assert_int_eq(e->stage->optimizer_first, 0);
    ck_assert(!e->stage->keeps_optimizer);
    ck_assert_int_eq(gedi__experiment_iterations(e), 5);
    char *without = emitted();
    ck_assert_ptr_null(strstr(without, "stages:"));
    put("a.yaml", AROUND "stages: [{}]\n"); /* is the same, and is written so */
    ck_read(NULL, 0);
    char *with = emitted();
    ck_assert_str_eq(without, with);
    free(with);
    free(without);
}
END_TEST

/* A list is a value like any: it replaces one objective, is inherited, and is replaced. */
START_TEST(stages_have_lists_of_objectives)
{
    put("a.yaml", AROUND "stages:\n  - {objective: [{pull: {inv: 6}}, {push: {}, weight: "
                         "0.5}]}\n  - {}\n");
    const char *const set[] = {"stages.0.objective.pull.gen=2",
                               "stages.0.objective.1.weight=0.25"};
    ck_read(set, 2);
    const gedi__stage *s = e->stage;
    ck_assert_int_eq(s[0].objectives, 2);
    ck_assert_str_eq(s[0].method, "pull + push");
    ck_assert_str_eq(s[0].objective[1].scope, "objective.push");
    ck_option(&s[0].objective[0].part, "pull", "inv", "6");
    ck_option(&s[0].objective[0].part, "pull", "gen", "2");
    ck_assert(s[0].objective[1].weight.from == 0.25);
    ck_assert_int_eq(s[1].objectives, 1);
    ck_assert_str_eq(s[1].objective->scope, "objective");
    ck_option(&s[1].objective->part, "pull", "inv", "5");
    put("a.yaml", "dataset: grid\nmodel: line\noptimizer: slope\ntrain: {iterations: 2}\n"
                  "objective: [push, pull]\nstages: [{}, {objective: push}]\n");
    ck_read(NULL, 0);
    s = e->stage;
    ck_assert_str_eq(s[0].method, "push + pull");
    ck_assert_str_eq(s[1].method, "push");
}
END_TEST

START_TEST(a_stage_inherits_what_it_does_not_state)
{
    put("a.yaml", AROUND "stages:\n  - {}\n"
                         "  - {objective: {pull: {inv: 6}}, train: {batch: 8}}\n"
                         "  - {objective: push, sampler: null, views: [[blur]], "
                         "optimizer: {slope: {lr: 0.25}}}\n"
                         "  - {sampler: walk, train: {iterations: 9}}\n");
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stages, 4);
    const gedi__stage *s = e->stage;
    ck_option(&s[0].objective->part, "pull", "inv", "5");
    ck_option(&s[0].sampler, "walk", "steps", "4");
    ck_option(&s[0].optimizer, "slope", "lr", "0.5");
    ck_assert_int_eq(s[0].views, 2);
    ck_option(&s[0].view[1].view[0], "shift", "by", "3");
    ck_option(&s[1].objective->part, "pull", "gen", "3");
    ck_option(&s[1].objective->part, "pull", "inv", "6");
    ck_assert(s[1].train.batch == 8 && s[1].train.iterations == 5);
    ck_assert_str_eq(s[2].objective->part.plugin->name, "push");
    ck_assert_ptr_null(s[2].sampler.plugin);
    ck_assert_int_eq(s[2].views, 1);
    ck_assert_str_eq(s[2].view[0].view[0].plugin->name, "blur");
    ck_option(&s[2].optimizer, "slope", "lr", "0.25");
    ck_option(&s[3].objective->part, "pull", "inv",
              "5"); /* of the descriptor, not the stage before */
    ck_option(&s[3].sampler, "walk", "steps", "4");
    ck_assert(s[3].train.batch == 7 && s[3].train.iterations == 9);
}
END_TEST

START_TEST(iterations_count_on)
{
    put("a.yaml", AROUND "stages: [{}, {train: {iterations: 10}, optimizer: keep}, "
                         "{optimizer: reset}, {optimizer: keep}, {optimizer: slope}]\n");
    ck_read(NULL, 0);
    static const int64_t first[] = {0, 5, 15, 20, 25}, began[] = {0, 0, 15, 15, 25};
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(e->stage[i].first, first[i]);
        ck_assert_int_eq(e->stage[i].optimizer_first, began[i]);
        ck_assert_int_eq(gedi__stage_end(&e->stage[i]), i < 4 ? first[i + 1] : 30);
    }
    ck_assert_int_eq(gedi__experiment_iterations(e), 30);
}
END_TEST

START_TEST(an_optimizer_is_new_unless_it_is_kept)
{
    put("a.yaml",
        AROUND "stages: [{optimizer: {slope: {lr: 0.25}}}, {optimizer: keep}, {}, "
               "{optimizer: reset}, {optimizer: {keep: }}]\n");
    ck_read(NULL, 0);
    static const bool keeps[] = {false, true, false, false, true};
    static const char *const lr[] = {"0.25", "0.25", "0.5", "0.5", "0.5"};
    for (int i = 0; i < 5; i++) {
        ck_assert_int_eq(e->stage[i].keeps_optimizer, keeps[i]);
        ck_option(&e->stage[i].optimizer, "slope", "lr", lr[i]);
    }
}
END_TEST

START_TEST(what_is_frozen_and_what_starts_anew)
{
    put("a.yaml", AROUND "freeze: [model.layer0, objective]\n"
                         "stages: [{}, {freeze: [], restart: [projector]}, {}]\n");
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stage[0].freezes, 2);
    ck_assert_str_eq(e->stage[0].freeze[0], "model.layer0");
    ck_assert_str_eq(e->stage[0].freeze[1], "objective");
    ck_assert_int_eq(e->stage[1].freezes, 0);
    ck_assert_int_eq(e->stage[1].restarts, 1);
    ck_assert_str_eq(e->stage[1].restart[0], "projector");
    ck_assert_int_eq(e->stage[2].freezes, 2);
    ck_assert_int_eq(e->stage[2].restarts, 0);
}
END_TEST

START_TEST(stages_of_a_base)
{
    put("b.yaml", AROUND "stages: [{objective: push}, {}, {}]\n");
    put("a.yaml", "base: b.yaml\nobjective: {pull: {inv: 7}}\n");
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stages, 3);
    ck_assert_str_eq(e->stage[0].objective->part.plugin->name, "push");
    ck_option(&e->stage[1].objective->part, "pull", "inv", "7");
    ck_option(&e->stage[1].objective->part, "pull", "gen", "3");
    put("a.yaml", "base: b.yaml\nstages: [{}, {objective: push}]\n");
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stages, 2);
    ck_assert_str_eq(e->stage[0].objective->part.plugin->name, "pull");
    put("a.yaml", "base: b.yaml\nstages: null\n");
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stages, 1);
    put("a.yaml", "base: b.yaml\nstages:\n");
    ck_assert_int_eq(read_with(NULL, 0), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s,
                     "a.yaml:2:8: stages: nothing is given, but it must be a list: "
                     "[{objective: {NAME: {}}, train: {...}}, {...}]\n");
}
END_TEST

/* ---- the command line ---- */

START_TEST(overrides_reach_into_stages)
{
    static const char *const override[] = {
        "stages.1.objective.pull.inv=10",
        "stages.0.views=[[blur], [shift: {by: 2}]]",
        "stages.0.views.1.0.shift.by=1",
        "stages.2={objective: push}",
        "stages.2.optimizer=keep",
        "stages.2.train.batch=2",
        "stages.3.freeze=[model, projector]",
        "stages.3.freeze.1=objective",
        "train.batch=9",
        "train.batch=11",
    };
    put("a.yaml", AROUND "stages: [{}, {}, {}, {train: {batch: 1}}]\n");
    ck_read(override, sizeof override / sizeof *override);
    const gedi__stage *s = e->stage;
    ck_option(&s[0].objective->part, "pull", "inv", "5");
    ck_option(&s[0].view[1].view[0], "shift", "by", "1");
    ck_assert_int_eq(s[0].train.batch, 11);
    ck_option(&s[1].objective->part, "pull", "inv", "10");
    ck_option(&s[1].objective->part, "pull", "gen", "3");
    ck_assert_str_eq(s[2].objective->part.plugin->name, "push");
    ck_assert(s[2].keeps_optimizer);
    ck_assert_int_eq(s[2].train.batch, 2);
    ck_assert_str_eq(s[3].freeze[1], "objective");
    ck_assert_int_eq(s[3].train.batch, 1);
}
END_TEST

static const char lost[] = AROUND "stages:\n"
                                  "  - {objective: {pull: {inv: 1}}, train: {batch: 1}}\n"
                                  "  - {objective: push, train: {batch: 2}}\n";

/* Which of them does reach a stage, and which does not. */
START_TEST(an_override_without_effect_is_a_mistake)
{
    static const struct {
        const char *override, *lost; /* the value, NULL: it reaches */
    } c[] = {
        {"train.batch=3", "3"},
        {"train.iterations=3", NULL},
        {"train={iterations: 3, batch: 4}", "4"},
        {"objective.pull.inv=3", "3"},
        {"objective.pull.gen=4", NULL},
        {"objective=pull", NULL},
        {"objective={pull: {inv: 3}}", "3"},
        {"objective={pull: {}}", NULL},
        {"objective=push", NULL},
        {"views=[]", NULL},
        {"views=[[blur]]", NULL},
        {"sampler=null", NULL},
        {"seed=3", NULL},
        {"stages.0.train.batch=3", NULL},
    };
    put("a.yaml", lost);
    for (size_t i = 0; i < sizeof c / sizeof *c; i++) {
        char want[256];
        gedi_status s = read_with(&c[i].override, 1);
        ck_assert_msg(s == (c[i].lost ? GEDI_DESCRIPTOR : GEDI_OK), "%s: %s\n%s",
                      c[i].override, err.msg, m.text.s ? m.text.s : "");
        if (!c[i].lost)
            continue;
        int n = (int)strcspn(c[i].override, "=");
        snprintf(want, sizeof want,
                 "override %s: '%s' reaches no stage, as each states its own: set "
                 "stages.N.%.*s, N from 0 to 1\n",
                 c[i].override, c[i].lost, n, c[i].override);
        ck_assert_str_eq(m.text.s, want);
    }
}
END_TEST

/* The last one counts, as always: that the first has no effect is no mistake. */
START_TEST(an_override_that_is_overridden_is_none)
{
    static const char *const override[] = {"optimizer.slope.lr=0.125",
                                           "optimizer.slope.lr=0.75"};
    put("a.yaml", lost);
    ck_read(override, 2);
    ck_option(&e->stage[1].optimizer, "slope", "lr", "0.75");
}
END_TEST

/* ---- written again ---- */

START_TEST(emitted_stages)
{
    put("a.yaml", "directory: /d\nthreads: 2\ndataset: {grid: {sizes: []}}\nmodel: line\n"
                  "objective: push\noptimizer: slope\ntrain: {iterations: 5}\n"
                  "sampler: walk\nstages:\n  - {views: [[], [shift]]}\n"
                  "  - {sampler: null, optimizer: keep, freeze: [model, 'objective.\"a']"
                  ", restart: [projector], views: [], train: {log_every: 2}}\n");
    ck_read(NULL, 0);
    char *first = emitted();
    const char *stages = strstr(first, "model:\n");
    ck_assert_ptr_nonnull(stages);
    ck_assert_str_eq(stages, "model:\n"
                             "  line:\n"
                             "    hidden: [100, 100]\n"
                             "    output: 2\n"
                             "stages:\n"
                             "  - views:\n"
                             "      - []\n"
                             "      - [shift: {by: 1}]\n"
                             "    objective:\n"
                             "      push: {}\n"
                             "    sampler:\n"
                             "      walk:\n"
                             "        steps: 1\n"
                             "        pace: slow\n"
                             "    optimizer:\n"
                             "      slope:\n"
                             "        lr: 0.001\n"
                             "    train:\n"
                             "      iterations: 5\n"
                             "      epochs: 0\n"
                             "      hours: 0\n"
                             "      batch: 128\n"
                             "      accumulate: 1\n"
                             "      log_every: 100\n"
                             "      checkpoint_every: 1000\n"
                             "      explode: 100000000\n"
                             "      clip: 0\n"
                             "      average: 0\n"
                             "      weights: trained\n"
                             "  - views: []\n"
                             "    objective:\n"
                             "      push: {}\n"
                             "    optimizer: keep\n"
                             "    freeze: [\"model\", \"objective.\\\"a\"]\n"
                             "    restart: [\"projector\"]\n"
                             "    train:\n"
                             "      iterations: 5\n"
                             "      epochs: 0\n"
                             "      hours: 0\n"
                             "      batch: 128\n"
                             "      accumulate: 1\n"
                             "      log_every: 2\n"
                             "      checkpoint_every: 1000\n"
                             "      explode: 100000000\n"
                             "      clip: 0\n"
                             "      average: 0\n"
                             "      weights: trained\n"
                             "evaluate: []\n"
                             "figures: []\n");
    put("a.yaml", first);
    ck_read(NULL, 0);
    char *second = emitted();
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
}
END_TEST

/* What is frozen without stages is written without them. */
START_TEST(emitted_freeze)
{
    put("a.yaml", AROUND "freeze: [model]\n");
    ck_read(NULL, 0);
    char *first = emitted();
    ck_assert_ptr_nonnull(strstr(first, "    lr: 0.5\nfreeze: [\"model\"]\ntrain:\n"));
    put("a.yaml", first);
    ck_read(NULL, 0);
    ck_assert_int_eq(e->stage->freezes, 1);
    free(first);
}
END_TEST

/* With what differs from the optimizer, kept ones among them; a stage has its own, or those
 * around it. */
START_TEST(emitted_groups)
{
    put("a.yaml", AROUND "groups: [{match: [model.layer0, \"objective\"], lr: 0.25}]\n"
                         "stages: [{}, {optimizer: keep}, {optimizer: {slope: {lr: "
                         "0.25}}}, {groups: []}, {groups: [{lr: 2, match: [projector]}, "
                         "{match: [model]}]}]\n");
    const char *const set[] = {"stages.4.groups.0.lr=3"};
    ck_read(set, 1);
    static const int groups[] = {1, 1, 1, 0, 2};
    for (int i = 0; i < 5; i++)
        ck_assert_int_eq(e->stage[i].groups, groups[i]);
    const gedi__group *g = e->stage[1].group;
    ck_assert_int_eq(g->names, 2);
    ck_assert_str_eq(g->name[1], "objective");
    ck_assert(*(const double *)g->self == 0.25); /* slope has this option alone */
    ck_assert(*(const double *)e->stage[4].group[0].self == 3);
    ck_assert(*(const double *)e->stage[4].group[1].self == 0.5);
    char *first = emitted();
    const char *once = strstr(first, "    optimizer: keep\n    groups:\n      - {match: "
                                     "[\"model.layer0\", \"objective\"], lr: 0.25}\n");
    ck_assert_ptr_nonnull(once);
    ck_assert_ptr_nonnull(strstr(once, "        lr: 0.25\n    groups:\n      - {match: "
                                       "[\"model.layer0\", \"objective\"]}\n"));
    ck_assert_ptr_nonnull(strstr(once, "      - {match: [\"projector\"], lr: 3}\n"
                                       "      - {match: [\"model\"]}\n"));
    put("a.yaml", first);
    ck_read(NULL, 0);
    char *second = emitted();
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    Suite *s = suite_create("descriptor_stages");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_descriptor_without_stages_has_one);
    tcase_add_test(c, stages_have_lists_of_objectives);
    tcase_add_test(c, a_stage_inherits_what_it_does_not_state);
    tcase_add_test(c, iterations_count_on);
    tcase_add_test(c, an_optimizer_is_new_unless_it_is_kept);
    tcase_add_test(c, what_is_frozen_and_what_starts_anew);
    tcase_add_test(c, stages_of_a_base);
    tcase_add_test(c, overrides_reach_into_stages);
    tcase_add_test(c, an_override_without_effect_is_a_mistake);
    tcase_add_test(c, an_override_that_is_overridden_is_none);
    tcase_add_test(c, emitted_stages);
    tcase_add_test(c, emitted_freeze);
    tcase_add_test(c, emitted_groups);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
