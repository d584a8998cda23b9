/* training.h - a trainer and its experiment, step by step. */
#ifndef GEDI_TESTS_TRAINING_H
#define GEDI_TESTS_TRAINING_H

#include "core/exec/blas.h"
#include "core/train/checkpoint.h"
#include "tests/experiment.h"

#define NORMED "{mlp: {hidden: [16], output: 4, batch_norm: true}}"

static gedi_err err;

static void setup(void)
{
    memset(&err, 0, sizeof err);
    experiment_setup();
}

typedef struct training {
    gedi__experiment *e;
    gedi__trainer *t;
} training;

/* `o` in place of the objective, unless it is NULL. */
static inline gedi_status begin(training *a, setting s, const gedi_objective *o)
{
    *a = (training){.e = experiment_new(s)};
    if (o)
        a->e->stage->objective->part = (gedi__component){(const gedi_plugin *)o, NULL};
    gedi__threads_set((int)a->e->threads);
    return gedi__trainer_new(a->e, a->e->stage, &a->t, &err);
}

static inline training train_by(setting s, const gedi_objective *o)
{
    training a;
    ck_assert_msg(begin(&a, s, o) == GEDI_OK, "%s", err.msg);
    return a;
}

static inline training train(setting s)
{
    return train_by(s, NULL);
}

static inline void done(training *a)
{
    gedi__trainer_free(a->t);
    gedi__experiment_free(a->e);
}

static inline void steps(training *a, int n)
{
    for (int i = 0; i < n; i++)
        ck_assert_msg(gedi__trainer_step(a->t, &err) == GEDI_OK, "%s", err.msg);
}

static inline const gedi__param *param(const training *a, const char *name)
{
    const gedi__params *p = &a->t->net.params;
    for (int i = 0; i < p->n; i++)
        if (!strcmp(p->param[i]->name, name))
            return p->param[i];
    ck_abort_msg("there is no parameter %s", name);
    return NULL;
}

static inline float *data(const training *a, const char *name)
{
    return gedi__param_data(&a->t->net.params, param(a, name));
}

static inline bool has_param(const training *a, const char *name)
{
    const gedi__params *p = &a->t->net.params;
    for (int i = 0; i < p->n; i++)
        if (!strcmp(p->param[i]->name, name))
            return true;
    return false;
}

static inline bool same_weights(const training *a, const training *b)
{
    const gedi__params *p = &a->t->net.params, *q = &b->t->net.params;
    return p->trained == q->trained && p->trained > 0 &&
           !memcmp(p->w, q->w, (size_t)p->trained * sizeof *p->w);
}

#endif
