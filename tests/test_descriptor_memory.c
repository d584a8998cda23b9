/* test_descriptor_memory.c - the n-th allocation fails, for every n, while a descriptor is
 * read: out of memory is said, and everything is released.
 *
 * malloc and its kin are replaced here for the whole process; glibc's own are underneath.
 * The sanitizers do the same, so with them there is nothing to test.
 */
#include "core/base/file.h"
#include "core/descriptor/experiment.h"
#include "core/sweep/label.h"
#include "core/sweep/plan.h"

#include <check.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__ 1
#endif
#endif

#if defined(__SANITIZE_ADDRESS__) || !defined(__GLIBC__)
int main(void)
{
    puts("skipped: malloc is not ours");
    return 77;
}
#else

extern void *__libc_malloc(size_t n);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *p, size_t n);
extern void __libc_free(void *p);

static bool armed;
static bool lasting; /* once memory is out, it stays out */
static bool hit;     /* an allocation did fail */
static long left;    /* allocations until one fails; negative: none does */
static long live;    /* allocated less freed while armed */

static bool fails(void)
{
    if (!armed || left < 0 || left-- > 0)
        return false;
    left = lasting ? 0 : -1;
    hit = true;
    errno = ENOMEM;
    return true;
}

static void *count(void *p)
{
    live += armed && p;
    return p;
}

void *malloc(size_t n)
{
    return fails() ? NULL : count(__libc_malloc(n));
}

void *calloc(size_t n, size_t size)
{
    return fails() ? NULL : count(__libc_calloc(n, size));
}

void *realloc(void *p, size_t n)
{
    if (!p)
        return malloc(n);
    return fails() ? NULL : __libc_realloc(p, n);
}

void free(void *p)
{
    live -= armed && p;
    __libc_free(p);
}

static char *whole; /* what is written, or the mistakes, when memory suffices */
static char folder[] = "memory-XXXXXX";
static char a_yaml[64], b_yaml[64], broken_yaml[64], sweep_yaml[64];
static gedi__registry *keep; /* dlopen's own allocations are over before we count */

static void setup(void)
{
    static const char *const name[GEDI_KINDS] = {"grid", "shift", "line", "pull",
                                                 "walk", "slope", "tally"};
    static const char a[] = "base: b.yaml\nseed: 3\nobjective: {pull: {inv: 2}}\n"
                            "views: [[], [shift: {by: 1}]]\nevaluate: [tally]\n"
                            "plugins: [.]\ndirectory: .\nfigures: [losses]\n"
                            "stages: [{}, {sampler: null, optimizer: keep, freeze: "
                            "[model]}, {optimizer: reset, restart: [model.a], groups: "
                            "[{match: [model], lr: 0.5}]}]\n";
    static const char b[] = "dataset: {grid: {folder: a, sizes: [1, 2]}}\nmodel: line\n"
                            "objective: {pull: {gen: 3}}\noptimizer: slope\n"
                            "sampler: walk\ntrain: {iterations: 5}\n";
    static const char bad[] = "base: b.yaml\nsede: 3\nobjective: {pul: {}}\n"
                              "model: {slope: {}}\ntrain: {batch: 0, batsh: 1}\nseed: &a"
                              " [1\n";
    static const char many[] =
        "sweep:\n  base: [./b.yaml]\n  m: {x: {}, y: {objective: {pull: {inv: 9}}, "
        "sampler: "
        "null}}\n  stages: [[{objective: pull}, {objective: {pull: {gen: 1}}}]]\n  zip: "
        "{seed: 0..1, "
        "train.batch: [1, 2]}\n"
        "  exclude: [{m: x, seed: 0}, {m: y, seed: 1}]\n"
        "table: [{rows: m, columns: seed, value: loss, where: {seed: 1}}, {rows: "
        "dataset, "
        "value: loss, name: b}, {rows: m, value: {a: loss, b: terms.pull}, name: c}]\n";
    const gedi_plugin *p;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(sweep_yaml, sizeof sweep_yaml, "%s/sweep.yaml", folder);
    ck_assert_int_eq(gedi__file_write(sweep_yaml, many, sizeof many - 1, NULL), GEDI_OK);
    snprintf(a_yaml, sizeof a_yaml, "%s/a.yaml", folder);
    snprintf(b_yaml, sizeof b_yaml, "%s/b.yaml", folder);
    snprintf(broken_yaml, sizeof broken_yaml, "%s/broken.yaml", folder);
    ck_assert_int_eq(gedi__file_write(a_yaml, a, sizeof a - 1, NULL), GEDI_OK);
    ck_assert_int_eq(gedi__file_write(b_yaml, b, sizeof b - 1, NULL), GEDI_OK);
    ck_assert_int_eq(gedi__file_write(broken_yaml, bad, sizeof bad - 1, NULL), GEDI_OK);
    ck_assert_int_eq(gedi__registry_new(&keep, NULL), GEDI_OK);
    for (int k = 0; k < GEDI_KINDS; k++)
        ck_assert_int_eq(gedi__registry_find(keep, k, name[k], &p, NULL), GEDI_OK);
}

static void teardown(void)
{
    gedi__registry_free(keep);
    free(whole);
    unlink(a_yaml);
    unlink(b_yaml);
    unlink(broken_yaml);
    unlink(sweep_yaml);
    rmdir(folder);
}

static bool sweeping; /* read sweeps, not experiments */

static bool says_no_memory(gedi_status s, const gedi_err *err, const char *mistakes)
{
    if (s == GEDI_NOMEM)
        return strstr(err->msg, "out of memory") != NULL;
    /* A base that could not be read may have had the sweep: its reader says so. */
    if (sweeping && s == GEDI_OK && !*mistakes)
        return true;
    /* A file that could not be opened for want of memory is a mistake like others. */
    return s == GEDI_DESCRIPTOR && strstr(mistakes, "annot allocate memory");
}

/* What was read, into `t`; *e or *p, or neither after a failure. */
static gedi_status read_counted(const char *file, const char *const *override, int n,
                                gedi__experiment **e, gedi__plan **p, gedi__mistakes *m,
                                gedi__text *t, gedi_err *err)
{
    if (!sweeping) {
        gedi_status s = gedi__experiment_read(file, override, n, e, m, err);
        if (*e)
            gedi__experiment_emit(*e, t);
        return s;
    }
    gedi_status s = gedi__plan_read(file, override, n, NULL, 1, NULL, p, m, err);
    for (int i = 0; *p && i < (*p)->points; i++)
        gedi__text_add(t, "%s %s\n%s", (*p)->point[i].hash, (*p)->point[i].title,
                       (*p)->point[i].resolved);
    if (*p &&
        gedi__descriptor_changes((*p)->point[0].resolved, (*p)->point[1].resolved, t))
        t->failed = true;
    return s;
}

/* Reads, writes and frees, all of it counted. False when an allocation failed: either
 * that is said, or libc found a way without and nothing is different. */
static bool once(const char *file, const char *const *override, int n, long fail)
{
    gedi__experiment *e = NULL;
    gedi__plan *p = NULL;
    gedi__mistakes m = {0};
    gedi__text t = {0};
    gedi_err err = {0};
    left = fail;
    live = 0;
    hit = false;
    armed = true;
    gedi_status s = read_counted(file, override, n, &e, &p, &m, &t, &err);
    armed = false;
    const char *mistakes = m.text.s ? m.text.s : "", *result = e || p ? t.s : mistakes;
    if (!whole)
        ck_assert_ptr_nonnull(whole = strdup(result));
    ck_assert_msg((hit && (t.failed || says_no_memory(s, &err, mistakes))) ||
                      (!t.failed && !strcmp(whole, result)),
                  "allocation %ld: %s\n%s", fail, err.msg, mistakes);
    armed = true;
    gedi__experiment_free(e);
    gedi__plan_free(p);
    gedi__text_clear(&t);
    gedi__text_clear(&m.text);
    armed = false;
    ck_assert_msg(live == 0, "allocation %ld: %ld are not released", fail, live);
    return !hit;
}

/* Each allocation fails alone, then each with all that follow. */
static void sweep(const char *file, const char *const *override, int n)
{
    free(whole);
    whole = NULL;
    ck_assert(once(file, override, n, -1));
    for (int mode = 0; mode < 2; mode++) {
        long fail = 0;
        lasting = mode;
        while (!once(file, override, n, fail))
            fail++;
        ck_assert_int_gt(fail, 50);
    }
}

START_TEST(a_good_one)
{
    static const char *const override[] = {"seed=4", "objective.pull.low=-3",
                                           "stages.1.train.batch=3"};
    sweep(a_yaml, override, 3);
}
END_TEST

START_TEST(broken_ones)
{
    static const char *const override[] = {
        "sede=4", "train.batsh=1",       "views=[",
        "x",      "objective={pul: {}}", "stages.0.model=3"};
    sweep(broken_yaml, NULL, 0);
    sweep(a_yaml, override, 6);
}
END_TEST

START_TEST(sweeps)
{
    static const char *const wrong[] = {
        "sweep.m={x: {sede: 3}}", "table={rows: zebra, value: {a: evaluation.b.c}}",
        "sweep={base: [b.yaml], m: {x: {}, y: {}, z: {}}}"};
    sweeping = true;
    sweep(sweep_yaml, NULL, 0);
    for (int i = 0; i < 3; i++)
        sweep(sweep_yaml, &wrong[i], 1);
    sweeping = false;
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    Suite *s = suite_create("descriptor_memory");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 120);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, a_good_one);
    tcase_add_test(c, broken_ones);
    tcase_add_test(c, sweeps);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
#endif
