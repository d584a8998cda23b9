/* conformance.h - every plugin that the registry finds, and every choice of its options. */
#ifndef GEDI_TESTS_CONFORMANCE_H
#define GEDI_TESTS_CONFORMANCE_H

#include "config.h"

#include "core/plugin/registry.h"
#include "core/plugin/value.h"
#include "tests/component.h"

#include <stdio.h>

static gedi__registry *conformance_registry;

/* Opened once, by main: tests run in processes forked from it. */
static inline void conformance_open(void)
{
    gedi_err err = {0};
    if (gedi__registry_new(&conformance_registry, &err) != GEDI_OK) {
        fprintf(stderr, "%s\n", err.msg);
        exit(EXIT_FAILURE);
    }
}

/* How many plugins of a kind there are: as many tests. */
static inline int conformance_count(gedi_kind kind)
{
    const char *const *names;
    gedi_err err = {0};
    int n = 0;
    if (gedi__registry_names(conformance_registry, kind, &names, &n, &err) != GEDI_OK)
        fprintf(stderr, "%s\n", err.msg);
    return n;
}

static inline const char *conformance_name(gedi_kind kind, int i)
{
    const char *const *names;
    gedi_err err = {0};
    int n = 0;
    ck_assert_msg(gedi__registry_names(conformance_registry, kind, &names, &n, &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    ck_assert_int_lt(i, n);
    return names[i];
}

static inline const gedi_plugin *conformance_find(gedi_kind kind, const char *name)
{
    const gedi_plugin *p = NULL;
    gedi_err err = {0};
    ck_assert_msg(gedi__registry_find(conformance_registry, kind, name, &p, &err) ==
                      GEDI_OK,
                  "%s", err.msg);
    return p;
}

static inline const gedi_plugin *conformance_plugin(gedi_kind kind, int i)
{
    return conformance_find(kind, conformance_name(kind, i));
}

/* A plugin that does nothing without rules gets these, of so many classes: the format has the
 * path of the file and the query, "rules=%s query=%s ". "" for others, and *can is whether this build
 * has rules at all. */
static inline const char *conformance_rules(const gedi_plugin *p, int classes,
                                            const char *format, bool *can)
{
    static char text[8192];
    char file[4096];
    const char *root = getenv("abs_top_srcdir");
    bool needs = gedi__option_find(p->options, "rules") != NULL;
    *text = 0;
#ifdef RULES_BY
    *can = true;
#else
    *can = !needs;
#endif
    snprintf(file, sizeof file, "%s/tests/classes.pl", root ? root : ".");
    if (needs)
        snprintf(text, sizeof text, format, file,
                 classes == 2 ? "pair(x1,1)" : "triple(x1,1)");
    return text;
}

/* As `objective:` has it: what stands beside others comes in a list with one. */
static inline const char *conformance_objective(const gedi_plugin *p, const char *text)
{
    static char list[2][10000];
    static int at;
    at = !at;
    snprintf(list[at], sizeof list[at],
             ((const gedi_objective *)p)->beside ? "[gedi: {prototypes: free}, %s]"
                                                 : "%s",
             text);
    return list[at];
}

/* The v-th choice, "key=word": all defaults, then each word of each enumeration and each
 * boolean that is not the default. False behind the last. */
static inline bool conformance_choice(const gedi_plugin *p, int v, char *text, size_t n)
{
    *text = 0;
    for (const gedi_option *o = p->options; v > 0 && o && o->key; o++) {
        gedi__words words;
        int choices = o->type == GEDI_TYPE_ENUM   ? gedi__words_cut(o->words, &words) - 1
                      : o->type == GEDI_TYPE_BOOL ? 1
                                                  : 0;
        if (v > choices) {
            v -= choices;
            continue;
        }
        if (o->type == GEDI_TYPE_BOOL)
            snprintf(text, n, "%s=%s", o->key, o->integer ? "false" : "true");
        else
            snprintf(text, n, "%s=%s", o->key, words.word[v <= o->integer ? v - 1 : v]);
        return true;
    }
    return v == 0;
}

/* False where the plugin refuses the combination itself. */
static inline bool conformance_accepts(const gedi_plugin *p, const component *c)
{
    gedi_err err = {0};
    if (!p->check || p->check(c->self, &err) == GEDI_OK)
        return true;
    ck_assert_msg(*err.msg, "%s: check fails without a message", p->name);
    return false;
}

/* A dataset that states its density, if it does, has some at each of its records. */
static inline void conformance_density(const gedi_dataset *d, const void *self,
                                       const float *x, int64_t n)
{
    gedi_mixture m = {0};
    double sum = 0;
    gedi_err err = {0};
    if (!d->density)
        return;
    double *log_p = malloc((size_t)n * GEDI_MAX_COMPONENTS * sizeof *log_p);
    ck_assert_ptr_nonnull(log_p);
    gedi_status s = d->density(self, x, n, &m, log_p, &err);
    ck_assert_msg(s == GEDI_OK, "%s: %s", d->name, err.msg);
    ck_assert(m.components > 0 && m.components <= GEDI_MAX_COMPONENTS);
    for (int64_t k = 0; k < m.components; k++)
        sum += m.weight[k];
    ck_assert_msg(fabs(sum - 1) <= 1e-9, "%s: weights of %g", d->name, sum);
    for (int64_t i = 0; i < n; i++) {
        double p = 0;
        for (int64_t k = 0; k < m.components; k++)
            p += m.weight[k] * exp(log_p[i * m.components + k]);
        ck_assert_msg(p > 0 && isfinite(p), "%s: density %g at record %d", d->name, p,
                      (int)i);
    }
    free(log_p);
}

#endif
