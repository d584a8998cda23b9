/* test_sweep.c - sweeps expanded: their points, and every mistake in
 * tests/broken/sweep, whose NAME.expect holds, line by line, what is said of NAME.yaml.
 */
#include "tests/sweep.h"

#include <glob.h>

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

/* It is drawn from logs: no point has to draw them. */
START_TEST(grid_of_losses)
{
    ck_plan(LEAST "sweep: {seed: 0..1}\n"
                  "grid: {figure: losses, rows: \"\", columns: seed}\n");
    ck_assert_int_eq(p->points, 2);
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
        "a.yaml:6:9: seed: an override sets it, too: override sweep.seed\n"
        "a.yaml:6:23: objective, set here as a whole, would undo the override of "
        "objective.pull.inv\n"
        "override objective.pull.inv=3: objective is 'push' here, not "
        "'pull': to change the "
        "plugin, override objective={pull: {...}}\n");
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
    tcase_add_test(c, grid_of_losses);
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
    tcase_add_loop_test(c, broken, 0, (int)expected.gl_pathc);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    globfree(&expected);
    return failed != 0;
}
