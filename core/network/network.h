/* network.h - encoder, projector and objective of an experiment, put together. */
#ifndef GEDI_NETWORK_NETWORK_H
#define GEDI_NETWORK_NETWORK_H

#include "core/descriptor/experiment.h"
#include "core/store/progress.h"
#include "core/nn/build.h"

struct gedi_terms {
    int n;
    gedi__term_value value[GEDI__MAX_TERMS]; /* names are the graph's */
    gedi_node *node[GEDI__MAX_TERMS];
    double own[GEDI__MAX_TERMS];              /* weights, without the objective's */
    const gedi_schedule *by[GEDI__MAX_TERMS]; /* the same, where it changes, or NULL */
    const gedi__objective *owner[GEDI__MAX_TERMS]; /* NULL: none, in tests of a plugin */
    gedi_build *build;
    bool blamed;               /* an error has been laid to a term */
    const gedi__objective *of; /* whose terms are being added */
};

/* What the network needs, found by building it once without computing. */
typedef struct gedi__network {
    const gedi__experiment *e;
    const gedi__stage *stage;
    gedi_shape record; /* of the dataset */
    gedi__params params;
    bool uses_view[GEDI_MAX_VIEWS];
    bool uses_samples;
    bool
        one_batch; /* encoder and projector take each record on its own, keep no state, and
                       no term has a derivative to what goes into or between them */
    bool averaged;                                /* evaluation reads running averages */
    const gedi__objective *labels_of, *energy_of; /* which of several; NULL: none */
    bool has_energy;
    int64_t clusters; /* K of p(y|x); 0 without */
    int64_t features; /* D of the encoder */
} gedi__network;

/* Builds once, finds what is used, allocates and fills the parameters; what the stage
 * freezes is held.
 *   Errors: what a plugin's build raises, with the component named; GEDI_DESCRIPTOR where
 * the objective wants views, an energy or a sampler that the descriptor does not give, or
 * where `freeze` or `restart` name what is not there. */
gedi_status gedi__network_init(gedi__network *net, const gedi__experiment *e,
                               const gedi__stage *stage, gedi_shape record,
                               gedi_err *err);
void gedi__network_clear(gedi__network *net);

/* Gives running averages, and states that begin as a node's value, what they begin with by the
 * parameters of now: those with fresh[index of the entry], all where it is NULL.
 *   Errors: GEDI_USAGE for a state that would begin as what depends on a batch; GEDI_NOMEM.  */
gedi_status gedi__network_start(const gedi__network *net, const bool *fresh,
                                gedi_err *err);

/* [n, record] */
gedi_shape gedi__batch_shape(gedi_shape record, int64_t n);

/* Encoder and projector of x [n, record]; z is h without a projector. */
void gedi__network_pass(const gedi__network *net, gedi_build *b, gedi_node *x,
                        gedi_node **h, gedi_node **z);
/* A batch as large as training's, of views alone: each its own input, encoded and projected. What
 * nothing depends on is never computed. */
gedi_batch gedi__network_views(const gedi__network *net, gedi_build *b);

/* A term times its weight. */
gedi_node *gedi__term_weighted(const gedi_terms *t, int i);
/* The weights that change, in an iteration of the stage. */
void gedi__terms_advance(gedi_terms *t, int64_t iteration);

/* The objectives' functions, each in its name scope: the terms of all, logits of
 * labels_of, energy of energy_of. */
void gedi__network_loss(const gedi__network *net, gedi_build *b, const gedi_batch *v,
                        gedi_terms *t);
gedi_node *gedi__network_logits(const gedi__network *net, gedi_build *b, gedi_node *z);
gedi_node *gedi__network_energy(const gedi__network *net, gedi_build *b, gedi_node *x,
                                gedi_node *z, const gedi_batch *v);

#endif
