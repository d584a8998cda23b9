/* trial.h - a trained model to be evaluated; the public part is in gedi/plugin.h. */
#ifndef GEDI_EVALUATE_TRIAL_H
#define GEDI_EVALUATE_TRIAL_H

#include "core/train/batches.h"
#include "core/evaluate/findings.h"
#include "core/network/network.h"
#include "core/train/trainer.h"

#include <signal.h>

/* A trial of the network's present weights, on the data it was made for; both are borrowed.
 *   Errors: GEDI_NOMEM, what plugins raise.  */
gedi_status gedi__trial_new(const gedi__network *net, gedi__batches *data,
                            gedi_trial **out, gedi_err *err);
void gedi__trial_free(gedi_trial *t);
/* The same of a trainer as it is now, replay buffer and all. */
gedi_status gedi__trial_of(gedi__trainer *from, gedi_trial **out, gedi_err *err);
/* The replay buffer [n, record], borrowed. */
void gedi__trial_keep_chains(gedi_trial *t, const float *x, int64_t n);

/* Runs the i-th of the experiment's evaluators. One that fails leaves nothing of what it has found.
 *   Errors: the evaluator's, with its name before the message.  */
gedi_status gedi__trial_ask(gedi_trial *t, int i, gedi_err *err);

/* Before training: asks the i-th of them whether it will be able to, if it can tell.
 *   Errors: as above.  */
gedi_status gedi__trial_ready(gedi_trial *t, int i, gedi_err *err);
/* Why it will have no value of its metric, which belongs to the trial; NULL where it will. An error is
 * gedi__trial_ready's. */
const char *gedi__trial_omits(gedi_trial *t, int i, const char *metric, gedi_err *err);

/* Work that takes longer than `patience` seconds is told of in a line, and again at twice the
 * time, and so on. */
enum { GEDI__PATIENCE = 2 };
void gedi__trial_listen(gedi_trial *t, double patience,
                        void (*say)(void *context, const char *line), void *context);

/* When *stop becomes nonzero, work for evaluators and figures ends with GEDI_INTERRUPTED as soon as it
 * can. All ranks stop when one of them is to. */
void gedi__trial_heed(gedi_trial *t, const volatile sig_atomic_t *stop);
/* Is it to stop? A call of all ranks. */
bool gedi__trial_stops(const gedi_trial *t);

/* What they have reported, borrowed. */
const gedi__findings *gedi__trial_findings(const gedi_trial *t);

/* The network that it is a trial of, borrowed. */
const gedi__network *gedi__trial_network(const gedi_trial *t);
/* The data it was made for, borrowed. */
gedi__batches *gedi__trial_data(const gedi_trial *t);

/* Shape of one record. */
gedi_shape gedi__trial_record(const gedi_trial *t);

/* For n points x [n, record]: p(y|x) [n, K] into p and log p(x) + const [n] into
 * log_density; either may be NULL. K is gedi__trial_clusters. Errors: GEDI_STATE where
 * the objective has no p(y|x) or no energy.  */
gedi_status gedi__trial_at(gedi_trial *t, const float *x, int64_t n, float *p,
                           float *log_density, gedi_err *err);
int64_t gedi__trial_clusters(const gedi_trial *t); /* 0: the objective has no p(y|x) */

#endif
