/* trial.h - a trial made by hand, so that no model has to be trained: these gedi_trial_*
 * take the place of the library's.
 */
#ifndef GEDI_TESTS_TRIAL_H
#define GEDI_TESTS_TRIAL_H

#include "core/evaluate/findings.h"
#include "tests/component.h"

#include <math.h>
#include <stdio.h>

enum { TRIAL_VALUES = 32 };

struct gedi_trial {
    int64_t n[GEDI_SPLITS], k, d;
    const float *p[GEDI_SPLITS]; /* [N, K] */
    const float *h[GEDI_SPLITS]; /* [N, D] */
    const int32_t *label[GEDI_SPLITS];
    int32_t classes;
    const gedi_metric *metrics; /* of the evaluator that is asked */
    char warned[512];           /* the last warning */
    const float *parameter;     /* of whatever name that begins with "chances": [2] */
    int values;
    char name[TRIAL_VALUES][64], definition[TRIAL_VALUES][256]; /* theirs may be gone */
    double value[TRIAL_VALUES];
};

int64_t gedi_trial_count(const gedi_trial *t, gedi_split split)
{
    return t->n[split];
}

int32_t gedi_trial_classes(const gedi_trial *t)
{
    return t->classes;
}

bool gedi_trial_has_labels(const gedi_trial *t, gedi_split split)
{
    return t->label[split] != NULL;
}

bool gedi_trial_has_clusters(const gedi_trial *t)
{
    return t->k > 0;
}

const int32_t *gedi_trial_labels(gedi_trial *t, gedi_split split)
{
    return t->label[split];
}

gedi_status gedi_trial_assignments(gedi_trial *t, gedi_split split, const float **p,
                                   int64_t *k, gedi_err *err)
{
    if (!t->k)
        return GEDI_FAIL(err, GEDI_STATE, "no p(y|x)");
    *p = t->p[split];
    *k = t->k;
    return GEDI_OK;
}

gedi_status gedi_trial_features(gedi_trial *t, gedi_split split, const float **h,
                                int64_t *d, gedi_err *err)
{
    (void)err;
    *h = t->h[split];
    *d = t->d;
    return GEDI_OK;
}

void gedi_trial_omit(gedi_trial *t, const char *metric, const char *why)
{
    (void)t, (void)metric, (void)why;
}

void gedi_trial_warn(gedi_trial *t, const char *sentence)
{
    snprintf(t->warned, sizeof t->warned, "%s", sentence);
}

const float *gedi_trial_parameter(const gedi_trial *t, const char *name, int64_t *n)
{
    *n = 2;
    return strncmp(name, "chances", 7) ? NULL : t->parameter;
}

gedi_rng gedi_trial_rng(const gedi_trial *t, uint32_t n)
{
    (void)t;
    return gedi_rng_at(0, GEDI_STREAM_EVAL, 0, n);
}

void gedi_trial_report(gedi_trial *t, const char *name, double value, const char *how)
{
    const gedi_metric *m = gedi__metric_find(t->metrics, name);
    ck_assert_msg(m != NULL, "%s is not in the table of metrics", name);
    const char *definition = how ? how : m->definition;
    ck_assert_int_lt(t->values, TRIAL_VALUES);
    ck_assert(strlen(name) < sizeof t->name[0]);
    ck_assert(strlen(definition) < sizeof t->definition[0]);
    strcpy(t->name[t->values], name);
    strcpy(t->definition[t->values], definition);
    t->value[t->values++] = value;
}

static inline gedi_status trial_evaluate(const gedi_evaluator *e, gedi_trial *t,
                                         const char *options, gedi_err *err)
{
    component c = component_new(e, options);
    t->metrics = e->metrics;
    gedi_status s = e->evaluate(c.self, t, err);
    component_free(&c);
    return s;
}

static inline gedi_status trial_ready(const gedi_evaluator *e, gedi_trial *t,
                                      const char *options, gedi_err *err)
{
    component c = component_new(e, options);
    gedi_status s = e->ready(c.self, t, err);
    component_free(&c);
    return s;
}

/* A metric that was reported, whose definition says this. */
static inline double trial_value(const gedi_trial *t, const char *name,
                                 const char *definition)
{
    for (int i = 0; i < t->values; i++)
        if (!strcmp(t->name[i], name)) {
            ck_assert_msg(strstr(t->definition[i], definition) != NULL,
                          "%s: '%s' does not say '%s'", name, t->definition[i],
                          definition);
            return t->value[i];
        }
    ck_abort_msg("%s was not reported", name);
    return NAN;
}

#endif
