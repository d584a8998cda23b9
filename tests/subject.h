/* subject.h - a network that is trained for some steps, and a trial of it. */
#ifndef GEDI_TESTS_SUBJECT_H
#define GEDI_TESTS_SUBJECT_H

#include "core/train/trainer.h"
#include "core/evaluate/trial.h"
#include "tests/experiment.h"

typedef struct subject {
    gedi__experiment *e;
    gedi__trainer *t;
    gedi_trial *trial;
} subject;

static inline subject subject_new(int steps, setting s)
{
    gedi_err err = {0};
    subject u = {.e = experiment_new(s)};
    ck_assert_msg(gedi__trainer_new(u.e, u.e->stage, &u.t, &err) == GEDI_OK, "%s",
                  err.msg);
    for (int i = 0; i < steps; i++)
        ck_assert_msg(gedi__trainer_step(u.t, &err) == GEDI_OK, "%s", err.msg);
    ck_assert_msg(gedi__trial_of(u.t, &u.trial, &err) == GEDI_OK, "%s", err.msg);
    return u;
}

static inline void subject_free(subject *u)
{
    gedi__trial_free(u->trial);
    gedi__trainer_free(u->t);
    gedi__experiment_free(u->e);
}

#endif
