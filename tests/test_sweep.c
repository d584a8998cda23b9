/* test_sweep.c - sweeps expanded: points, labels, identities, and every mistake in
 * tests/broken/sweep, whose NAME.expect holds, line by line, what is said of NAME.yaml.
 */
#include "core/base/file.h"
#include "core/plugin/option.h"
#include "core/sweep/label.h"
#include "core/sweep/plan.h"
#include "core/sweep/stat.h"

#include <check.h>
#include <glob.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gedi__plan *p;
static gedi__mistakes m;
static gedi_err err;
static char folder[] = "sweep-XXXXXX";
static char *start;

#define LEAST                                                                            \
    "dataset: grid\nmodel: line\nobjective: push\noptimizer: slope\n"                    \
    "train: {iterations: 5}\n"

static void setup(void)
{
    ck_assert_ptr_nonnull(start = getcwd(NULL, 0));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static void teardown(void)
{
    gedi__plan_free(p);
    gedi__text_clear(&m.text);
    unlink("a.yaml");
    unlink("b.yaml");
    unlink("c.yaml");
    ck_assert_int_eq(chdir(start), 0);
    rmdir(folder);
    free(start);
}

static void put(const char *file, const char *text)
{
    ck_assert_int_eq(gedi__file_write(file, text, strlen(text), &err), GEDI_OK);
}

static gedi_status plan_with(const char *file, const char *const *override, int n,
                             int threads)
{
    gedi__plan_free(p);
    err = (gedi_err){0};
    return gedi__plan_read(file, override, n, threads, NULL, &p, &m, &err);
}

static void ck_plan(const char *text)
{
    put("a.yaml", text);
    gedi_status s = plan_with("a.yaml", NULL, 0, 1);
    ck_assert_msg(s == GEDI_OK && p, "%s\n%s", err.msg, m.text.s ? m.text.s : "");
    ck_assert_int_eq(m.n, 0);
}

/* All titles, a line each. */
static void ck_titles(const char *want)
{
    gedi__text t = {0};
    for (int i = 0; i < p->points; i++)
        gedi__text_add(&t, "%s\n", p->point[i].title);
    ck_assert_str_eq(t.s, want);
    gedi__text_clear(&t);
}

static void ck_resolved(int i, const char *part)
{
    ck_assert_msg(strstr(p->point[i].resolved, part) != NULL, "%s\nlacks '%s'",
                  p->point[i].resolved, part);
}

/* ---- points ---- */

START_TEST(the_product_of_the_axes)
{
    ck_plan(LEAST "sweep:\n  optimizer.slope.lr: [0.5, 2]\n  seed: 0..2\n");
    ck_titles("lr 0.5, seed 0\nlr 0.5, seed 1\nlr 0.5, seed 2\n"
              "lr 2, seed 0\nlr 2, seed 1\nlr 2, seed 2\n");
    ck_resolved(4, "seed: 1\n");
    ck_resolved(4, "    lr: 2\n");
    ck_assert_str_eq(gedi__plan_label(p, 4, "seed"), "1");
    ck_assert_str_eq(gedi__plan_label(p, 4, "optimizer.slope.lr"), "2");
    ck_assert_ptr_null(gedi__plan_label(p, 4, "lr"));
    ck_assert_str_eq(p->name, "a");
    ck_assert_int_eq(p->point[0].iterations, 5);
}
END_TEST

START_TEST(ranges)
{
    ck_plan(LEAST "sweep: {seed: 3..10..3}\n");
    ck_titles("seed 3\nseed 6\nseed 9\n");
    ck_plan(LEAST "sweep: {seed: 7..7, train.batch: 5}\n");
    ck_titles("seed 7, batch 5\n");
    ck_plan(LEAST "sweep: {dataset.grid.big: -1..1}\n");
    ck_titles("big -1\nbig 0\nbig 1\n");
    ck_plan(LEAST "sweep: {dataset.grid.folder: [\"0..4\", a..b]}\n");
    ck_titles("folder 0..4\nfolder a..b\n");
}
END_TEST

START_TEST(whole_blocks)
{
    ck_plan(LEAST "sweep:\n"
                  "  objective: [push, {pull: {inv: 3}}]\n"
                  "  dataset: [{grid: {noise: 1}}, {grid: {noise: 2, count: 7}}]\n"
                  "  projector: [null, line]\n");
    ck_assert_int_eq(p->points, 8);
    ck_assert_str_eq(p->point[3].title, "push, grid {noise: 2, count: 7}, line");
    ck_assert_str_eq(p->point[4].title, "pull, grid {noise: 1}, none");
    ck_resolved(4, "objective:\n  pull:\n");
    ck_resolved(4, "    inv: 3\n");
    ck_assert_ptr_null(strstr(p->point[4].resolved, "projector"));
    ck_resolved(3, "projector:\n  line:\n");
}
END_TEST

START_TEST(points_with_names)
{
    ck_plan(LEAST "sweep:\n"
                  "  method:\n"
                  "    as it is:\n"
                  "    Pull:\n"
                  "      objective: {pull: {gen: 2}}\n"
                  "      train.batch: 7\n"
                  "      sampler: walk\n"
                  "  seed: [1, 0]\n");
    ck_titles("as it is, seed 1\nas it is, seed 0\nPull, seed 1\nPull, seed 0\n");
    ck_resolved(2, "  batch: 7\n");
    ck_resolved(2, "    gen: 2\n");
    ck_resolved(2, "sampler:\n  walk:\n");
    ck_resolved(0, "  push: {}\n");
}
END_TEST

START_TEST(axes_side_by_side)
{
    ck_plan(LEAST "sweep:\n"
                  "  zip:\n"
                  "    - {seed: 0..2, train.batch: [10, 10, 20]}\n"
                  "    - {train.log_every: [1, 2], optimizer.slope.lr: [0.1, 0.2]}\n");
    ck_assert_int_eq(p->points, 6);
    ck_assert_str_eq(p->point[3].title, "seed 1, batch 10, log_every 2, lr 0.2");
    ck_assert_str_eq(gedi__plan_label(p, 4, "train.batch"), "20");
    ck_plan(LEAST "sweep: {zip: {seed: [0, 1], train.batch: [5, 6]}}\n");
    ck_titles("seed 0, batch 5\nseed 1, batch 6\n");
}
END_TEST

#define TWO "[{objective: push}, {objective: {pull: {inv: 3}}, train: {iterations: 9}}]"

/* A list of stages is called by their objectives where that tells them apart. */
START_TEST(stages_as_values)
{
    ck_plan(LEAST "sweep:\n"
                  "  stages:\n"
                  "    - null\n"
                  "    - " TWO "\n"
                  "    - [{objective: pull}, {}]\n"
                  "    - [{objective: {pull: }}, {objective: push, optimizer: keep}]\n");
    ck_titles("stages none\nstages push, pull\nstages [{objective: pull}, {}]\n"
              "stages pull, push\n");
    static const int64_t iterations[] = {5, 14, 10, 10};
    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(p->point[i].iterations, iterations[i]);
    ck_plan(LEAST
            "sweep: {stages: [[{objective: pull}], [{objective: {pull: {inv: 3}}}]]}\n");
    ck_titles("stages [{objective: pull}]\nstages [{objective: {pull: {inv: 3}}}]\n");
}
END_TEST

START_TEST(axes_that_stages_inherit)
{
    ck_plan(
        LEAST
        "stages: " TWO "\n"
        "sweep:\n  optimizer.slope.lr: [1, 2]\n  stages.1.objective.pull.inv: [4, 5]\n");
    ck_assert_int_eq(p->points, 4);
    ck_resolved(3, "  - views:\n      - []\n    objective:\n      push: {}\n"
                   "    optimizer:\n      slope:\n        lr: 2\n");
    ck_resolved(3, "        inv: 5\n");
    /* What each states itself cannot be varied around them. */
    put("a.yaml", LEAST "stages: [{train: {batch: 1}}, {train: {batch: 2}}]\n"
                        "sweep: {train.batch: [4, 5]}\n");
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_ptr_nonnull(strstr(m.text.s,
                                 "a.yaml:7:9: '4' reaches no stage, as each states "
                                 "its own: set stages.N.train.batch, N from 0 to 1"));
}
END_TEST

START_TEST(exclusions)
{
    ck_plan(LEAST "sweep:\n"
                  "  objective: [push, pull]\n"
                  "  zip: {train.batch: [1, 2, 2], train.log_every: [1, 1, 2]}\n"
                  "  seed: 0..1\n"
                  "  exclude:\n"
                  "    - {objective: push, seed: 1}\n"
                  "    - {train.batch: 2, train.log_every: 1}\n"
                  "    - {objective: pull, train.batch: [1, 2], seed: [0]}\n");
    ck_titles("push, batch 1, log_every 1, seed 0\n"
              "push, batch 2, log_every 2, seed 0\n"
              "pull, batch 1, log_every 1, seed 1\n"
              "pull, batch 2, log_every 2, seed 1\n");
}
END_TEST

START_TEST(adjustments)
{
    ck_plan(LEAST "sweep:\n"
                  "  m: {a: {objective: {pull: {inv: 1}}}, b: {}}\n"
                  "  train.batch: [10, 20]\n"
                  "  adjust:\n"
                  "    - {m: a, train.batch: 20, set: {objective.pull.inv: 5, seed: 9}}\n"
                  "    - {train.batch: [20, 10], m: b, set: {train.iterations: 3}}\n");
    ck_titles("a, batch 10\na, batch 20\nb, batch 10\nb, batch 20\n");
    ck_resolved(0, "    inv: 1\n");
    ck_resolved(0, "seed: 0\n");
    ck_resolved(1, "    inv: 5\n");
    ck_resolved(1, "seed: 9\n");
    ck_resolved(3, "seed: 0\n");
    ck_assert_int_eq(p->point[1].iterations, 5);
    ck_assert_int_eq(p->point[2].iterations, 3);
}
END_TEST

/* A sweep may leave out points for which its base has adjustments. */
START_TEST(exclusions_from_a_base)
{
    put("b.yaml", LEAST "sweep:\n  seed: [1, 2]\n"
                        "  adjust: [{seed: 2, set: {train.iterations: 7}}]\n");
    put("a.yaml", "base: b.yaml\nsweep: {exclude: [{seed: 2}]}\n");
    ck_assert_msg(plan_with("a.yaml", NULL, 0, 1) == GEDI_OK, "%s", m.text.s);
    ck_titles("seed 1\n");
    ck_assert_int_eq(p->point[0].iterations, 5);
}
END_TEST

START_TEST(a_later_axis_refines_an_earlier_one)
{
    ck_plan(LEAST "sweep:\n"
                  "  objective: [{pull: {gen: 2}}, {pull: {gen: 3}}]\n"
                  "  objective.pull.inv: [4, 5]\n");
    ck_assert_int_eq(p->points, 4);
    ck_resolved(2, "    gen: 3\n    inv: 4\n");
}
END_TEST

START_TEST(overrides_and_bases)
{
    static const char *const more[] = {"train.batch=9", "sweep.seed=4..5",
                                       "sweep.optimizer.slope.lr=[1, 2]"};
    put("b.yaml",
        LEAST "sweep:\n  seed: 0..9\n  m: {a: {objective: {pull: {gen: 2}}}}\n");
    put("a.yaml",
        "base: b.yaml\nsweep: {m: {a: {objective: {push: {}}}, b: {seed: 3}}}\n");
    put("a.yaml", "base: b.yaml\nsweep: {m: {a: {objective: {push: {}}}, b: {}}}\n"
                  "objective: {pull: {}}\n");
    ck_assert_msg(plan_with("a.yaml", more, 3, 1) == GEDI_OK, "%s", m.text.s);
    ck_titles("seed 4, a, lr 1\nseed 4, a, lr 2\nseed 4, b, lr 1\nseed 4, b, lr 2\n"
              "seed 5, a, lr 1\nseed 5, a, lr 2\nseed 5, b, lr 1\nseed 5, b, lr 2\n");
    ck_resolved(0, "  push: {}\n");
    ck_resolved(2, "  pull:\n");
    ck_resolved(0, "  batch: 9\n");
}
END_TEST

/* What the sweep's own file says is put over the base of each point. */
START_TEST(bases_as_points)
{
    static const char *const more[] = {"train.batch=9", "objective.pull.inv=7"};
    put("b.yaml", LEAST "seed: 3\nname: b\n");
    put("c.yaml", "base: b.yaml\nobjective: {pull: {inv: 3}}\n");
    put("a.yaml", "train: {log_every: 2}\n"
                  "sweep: {base: [b.yaml, ./c.yaml], seed: [1, 2]}\n"
                  "table: {rows: base, value: loss}\n");
    ck_assert_msg(plan_with("a.yaml", more, 1, 1) == GEDI_OK, "%s", m.text.s);
    ck_titles("b, seed 1\nb, seed 2\nc, seed 1\nc, seed 2\n");
    ck_assert_str_eq(p->name, "a");
    ck_resolved(0, "  push: {}\n");
    ck_resolved(2, "    inv: 3\n");
    ck_resolved(2, "  log_every: 2\n");
    ck_resolved(3, "  batch: 9\n");
    ck_assert_int_eq(plan_with("a.yaml", &more[1], 1, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s,
                     "override objective.pull.inv=7: objective is 'push' here, not "
                     "'pull': to change the plugin, override objective={pull: {...}} [in "
                     "2 of 4 points: b, seed 1, ...]\n");
    gedi__text_clear(&m.text);
    m.n = 0;
    ck_plan("sweep: {m: {one: {base: b.yaml}, two: {base: c.yaml, seed: 4}}}\n");
    ck_titles("one\ntwo\n");
    ck_resolved(0, "seed: 3\n");
    ck_resolved(1, "seed: 4\n");
}
END_TEST

/* The base belongs to the file that has the axis, not to one that is based on it. */
START_TEST(bases_of_a_base)
{
    static const char *const bases[] = {"sweep.base=[b.yaml]"};
    put("b.yaml", LEAST);
    put("c.yaml", "sweep: {base: [b.yaml], seed: 0..1}\nseed: 5\n");
    ck_plan("base: c.yaml\nsweep: {seed: 3}\ntrain: {batch: 8}\n");
    ck_titles("b, seed 3\n");
    ck_resolved(0, "  batch: 8\n");
    put("a.yaml", "train: {batch: 4}\n");
    ck_assert_msg(plan_with("a.yaml", bases, 1, 1) == GEDI_OK, "%s", m.text.s);
    ck_titles("b\n");
    ck_resolved(0, "  batch: 4\n");
}
END_TEST

START_TEST(bases_that_cannot_be)
{
    static const char missing[] = "sweep: {base: [b.yaml, none.yaml, [b.yaml]]}\n";
    put("b.yaml", LEAST "sweep: {seed: 0..1}\n");
    put("a.yaml", missing);
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(
        m.text.s,
        "a.yaml:1:16: base: b.yaml states a sweep itself: a point of a sweep is one "
        "experiment [in 1 of 3 points: b]\n"
        "a.yaml:1:24: base: none.yaml: No such file or directory [in 1 of 3 points: "
        "none]\n"
        "a.yaml:1:35: base: a list is given, but it must name a file [in 1 of 3 points: "
        "[b.yaml]]\n");
    gedi__text_clear(&m.text);
    m.n = 0;
    put("b.yaml", LEAST);
    put("a.yaml", "sweep:\n  base: [b.yaml]\n  m: {x: {base: b.yaml}}\n");
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s, "a.yaml:3:11: base: it is set in a.yaml:2, too\n");
    gedi__text_clear(&m.text);
    m.n = 0;
    put("a.yaml", "base: b.yaml\nsweep:\n  seed: [1, 2]\n"
                  "  adjust: [{seed: 1, set: {base: b.yaml}}]\n");
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s, "a.yaml:4:28: base: this is one for the whole sweep and "
                               "cannot be varied\n");
    gedi__text_clear(&m.text);
    m.n = 0;
    put("a.yaml", "base: b.yaml\nsweep:\n  base: [b.yaml]\n  seed: [1, 2]\n");
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(
        m.text.s,
        "a.yaml:1:7: base: the sweep varies it, too: leave it out here, or there\n");
}
END_TEST

START_TEST(an_override_that_would_be_lost)
{
    static const char *const lost[] = {"seed=3", "objective.pull.inv=3"};
    put("a.yaml", LEAST "sweep: {seed: [0, 1], objective: [pull, push]}\n");
    ck_assert_int_eq(plan_with("a.yaml", lost, 2, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(
        m.text.s,
        "override objective.pull.inv=3: objective is 'push' here, not "
        "'pull': to change the "
        "plugin, override objective={pull: {...}}\n"
        "a.yaml:6:9: seed: an override sets it, too: override sweep.seed\n"
        "a.yaml:6:23: objective, set here as a whole, would undo the override of "
        "objective.pull.inv\n");
}
END_TEST

#define POINTS                                                                           \
    LEAST "sweep:\n  m:\n    A: {}\n    B.2: {train.iterations: 7, seed: 3}\n"           \
          "    C: {train: {iterations: 8}}\n"

START_TEST(an_override_of_a_point_with_a_name)
{
    static const char *const one[] = {"sweep.m.B.2.train.iterations=9",
                                      "sweep.m.A={train.iterations: 6}"};
    put("a.yaml", POINTS);
    ck_assert_msg(plan_with("a.yaml", one, 2, 1) == GEDI_OK, "%s", m.text.s);
    ck_assert_int_eq(p->points, 3);
    ck_assert_int_eq(p->point[0].iterations, 6);
    ck_assert_int_eq(p->point[1].iterations, 9);
    ck_assert_int_eq(p->point[2].iterations, 8);
    /* In a point that has none it is put in. */
    static const char *const other[] = {"sweep.m.A.train.iterations=4"};
    ck_assert_int_eq(plan_with("a.yaml", other, 1, 1), GEDI_OK);
    ck_assert_int_eq(p->point[0].iterations, 4);
}
END_TEST

/* What is named instead is legal. */
START_TEST(an_override_that_a_point_would_lose)
{
    static const char *const lost[] = {"train.iterations=6"};
    put("a.yaml", POINTS);
    ck_assert_int_eq(plan_with("a.yaml", lost, 1, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s, "a.yaml:9:11: train.iterations: an override sets it, too: "
                               "override sweep.m.B.2.train.iterations as well\n");
    gedi__text_clear(&m.text);
    m.n = 0;
    put("a.yaml", POINTS "  exclude: [{m: B.2}]\n");
    ck_assert_int_eq(plan_with("a.yaml", lost, 1, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(
        m.text.s, "a.yaml:10:9: train, set here as a whole, would undo the override of "
                  "train.iterations: override sweep.m.C.train.iterations as well\n");
    gedi__text_clear(&m.text);
    m.n = 0;
    put("a.yaml", POINTS "  exclude: [{m: [B.2, C]}]\n");
    ck_assert_msg(plan_with("a.yaml", lost, 1, 1) == GEDI_OK, "%s", m.text.s);
    ck_assert_int_eq(p->points, 1);
    ck_assert_int_eq(p->point[0].iterations, 6);
    static const char *const all[] = {"train.iterations=6",
                                      "sweep.m.B.2.train.iterations=4",
                                      "sweep.m.C.train.iterations=5"};
    put("a.yaml", POINTS);
    ck_assert_msg(plan_with("a.yaml", all, 3, 1) == GEDI_OK, "%s", m.text.s);
    ck_assert_int_eq(p->point[0].iterations, 6);
    ck_assert_int_eq(p->point[1].iterations, 4);
    ck_assert_int_eq(p->point[2].iterations, 5);
}
END_TEST

START_TEST(no_sweep)
{
    static const char *const axis[] = {"sweep.seed=0..1"};
    put("a.yaml", LEAST);
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_OK);
    ck_assert_ptr_null(p);
    ck_assert_int_eq(plan_with("a.yaml", axis, 1, 1), GEDI_OK);
    ck_assert_int_eq(p->points, 2);
    put("a.yaml",
        "model: 3\nseed: x\n"); /* the reader of experiments says what is wrong */
    ck_assert_int_eq(plan_with("a.yaml", NULL, 0, 1), GEDI_OK);
    ck_assert_ptr_null(p);
    ck_assert_int_eq(m.n, 0);
    ck_assert_int_eq(plan_with("none.yaml", NULL, 0, 1), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s, "none.yaml: No such file or directory\n");
}
END_TEST

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
    ck_changes(0, 2,
               "stages.1.objective: {pull: {gen: 1, inv: 3, low: -1, high: 1}} -> "
               "{push: {}}\nstages.1.sampler: (not there) -> {walk: {steps: 1}}\n");
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
                          "sampler: {walk: {steps: 1}} -> (not there)\n");
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

/* ---- mistakes ---- */

static glob_t expected;

START_TEST(broken)
{
    char *want, file[256];
    size_t size;
    const char *name = expected.gl_pathv[_i], *base = strrchr(name, '/') + 1;
    ck_assert_int_eq(chdir(BROKEN "/sweep"), 0);
    ck_assert_int_eq(gedi__file_read(name, &want, &size, &err), GEDI_OK);
    snprintf(file, sizeof file, "%.*s.yaml", (int)(strrchr(base, '.') - base), base);
    gedi_status s = plan_with(file, NULL, 0, 1);
    ck_assert_msg(m.text.s && !strcmp(want, m.text.s), "%s\nexpected:\n%sfound:\n%s",
                  name, want, m.text.s ? m.text.s : "");
    ck_assert_int_eq(s, GEDI_DESCRIPTOR);
    ck_assert_ptr_null(p);
    int lines = 0;
    for (const char *l = want; (l = strchr(l, '\n')); l++)
        lines++;
    ck_assert_int_eq(m.n, lines);
    free(want);
    ck_assert_int_eq(chdir(start), 0);
    ck_assert_int_eq(chdir(folder), 0);
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    if (glob(BROKEN "/sweep/*.expect", 0, NULL, &expected) || expected.gl_pathc < 20) {
        fprintf(stderr, "%s/sweep: the broken sweeps are not there\n", BROKEN);
        return 1;
    }
    Suite *s = suite_create("sweep");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, the_product_of_the_axes);
    tcase_add_test(c, ranges);
    tcase_add_test(c, whole_blocks);
    tcase_add_test(c, points_with_names);
    tcase_add_test(c, axes_side_by_side);
    tcase_add_test(c, stages_as_values);
    tcase_add_test(c, axes_that_stages_inherit);
    tcase_add_test(c, exclusions);
    tcase_add_test(c, adjustments);
    tcase_add_test(c, exclusions_from_a_base);
    tcase_add_test(c, a_later_axis_refines_an_earlier_one);
    tcase_add_test(c, overrides_and_bases);
    tcase_add_test(c, bases_as_points);
    tcase_add_test(c, bases_of_a_base);
    tcase_add_test(c, bases_that_cannot_be);
    tcase_add_test(c, an_override_that_would_be_lost);
    tcase_add_test(c, an_override_of_a_point_with_a_name);
    tcase_add_test(c, an_override_that_a_point_would_lose);
    tcase_add_test(c, no_sweep);
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
    tcase_add_loop_test(c, broken, 0, (int)expected.gl_pathc);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    globfree(&expected);
    return failed != 0;
}
