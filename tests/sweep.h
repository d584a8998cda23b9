/* sweep.h - sweeps of fake plugins, expanded in a folder of their own. */
#ifndef GEDI_TESTS_SWEEP_H
#define GEDI_TESTS_SWEEP_H

#include "core/base/file.h"
#include "core/sweep/plan.h"

#include <check.h>
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

#define TWO "[{objective: push}, {objective: {pull: {inv: 3}}, train: {iterations: 9}}]"

static inline void setup(void)
{
    ck_assert_ptr_nonnull(start = getcwd(NULL, 0));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
}

static inline void teardown(void)
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

static inline void put(const char *file, const char *text)
{
    ck_assert_int_eq(gedi__file_write(file, text, strlen(text), &err), GEDI_OK);
}

static inline gedi_status plan_with(const char *file, const char *const *override, int n,
                                    int threads)
{
    gedi__plan_free(p);
    err = (gedi_err){0};
    return gedi__plan_read(file, override, n, NULL, threads, NULL, &p, &m, &err);
}

static inline void ck_plan(const char *text)
{
    put("a.yaml", text);
    gedi_status s = plan_with("a.yaml", NULL, 0, 1);
    ck_assert_msg(s == GEDI_OK && p, "%s\n%s", err.msg, m.text.s ? m.text.s : "");
    ck_assert_int_eq(m.n, 0);
}

/* All titles, a line each. */
static inline void ck_titles(const char *want)
{
    gedi__text t = {0};
    for (int i = 0; i < p->points; i++)
        gedi__text_add(&t, "%s\n", p->point[i].title);
    ck_assert_str_eq(t.s, want);
    gedi__text_clear(&t);
}

static inline void ck_resolved(int i, const char *part)
{
    ck_assert_msg(strstr(p->point[i].resolved, part) != NULL, "%s\nlacks '%s'",
                  p->point[i].resolved, part);
}

#endif
