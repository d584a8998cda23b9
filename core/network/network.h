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

static inline const gedi_objective *gedi__objective_plugin(const gedi__objective *o)
{
    return (const gedi_objective *)o->part.plugin;
}

/* Has an objective of the stage an .energy, whatever that returns? */
static inline bool gedi__stage_states_energy(const gedi__stage *s)
{
    int i = 0;
    while (i < s->objectives && !gedi__objective_plugin(&s->objective[i])->energy)
        i++;
    return i < s->objectives;
}

/* What the network needs, found by building it once without computing. */
typedef struct gedi__network {
    const gedi__experiment *e;
    const gedi__stage *stage;
    gedi_data_info info;             /* of the dataset */
    gedi_shape view[GEDI_MAX_VIEWS]; /* of a record, as each pipeline makes it */
    gedi__params params;
    bool uses_view[GEDI_MAX_VIEWS];
    bool uses_samples, uses_label, uses_index;
    bool labelled; /* labels were trained on, in this stage or in one before */
    bool
        one_batch; /* encoder and projector take each record on its own, keep no state, and
                       no term has a derivative to what goes into or between them */
    bool features_asked; /* some term has a derivative to what goes into the projector */
    bool averaged;       /* evaluation reads running averages */
    const gedi__objective *labels_of, *energy_of; /* which of several; NULL: none */
    bool has_energy;
    int64_t clusters; /* K of p(y|x); 0 without */
    int64_t features; /* D of the encoder */
    const char *
        mixes; /* "model", "projector" or "objective": what evaluation gets of it for a record may
                          depend on others of its batch; NULL: nothing does */
} gedi__network;

/* Builds once, finds what is used, allocates and fills the parameters; what the stage
 * freezes is held.
 *   Errors: what a plugin's build raises, with the component named; GEDI_DESCRIPTOR where
 * the objective wants views, an energy or a sampler that the descriptor does not give, or
 * where `freeze` or `restart` name what is not there. */
gedi_status gedi__network_init(gedi__network *net, const gedi__experiment *e,
                               const gedi__stage *stage, const gedi_data_info *info,
                               gedi_err *err);
void gedi__network_clear(gedi__network *net);

/* GEDI_DESCRIPTOR: `key` of the descriptor names what is neither a parameter (a weight, if asked for) nor
 * the beginning of one; the message lists those that there are. */
gedi_status gedi__network_no_such(const gedi__network *net, const char *key, bool weights,
                                  const char *name, gedi_err *err);

/* Gives running averages, and states that begin as a node's value, what they begin with by the
 * parameters of now: those with fresh[index of the entry], all where it is NULL.
 *   Errors: GEDI_USAGE for a state that would begin as what depends on a batch; GEDI_NOMEM.  */
gedi_status gedi__network_start(const gedi__network *net, const bool *fresh,
                                gedi_err *err);

/* [n, record] */
gedi_shape gedi__batch_shape(gedi_shape record, int64_t n);
/*   Errors: GEDI_SHAPE for a shape that no record can have, GEDI_DATA for facts of a dataset that
 * contradict each other.  */
gedi_status gedi__record_check(const char *dataset, const gedi_data_info *info,
                               gedi_err *err);
/* P: at least 1. */
int64_t gedi__parts(const gedi_data_info *info);

/* What a pipeline makes of a record, and the most numbers that one has on the way.
 *   Errors: GEDI_SHAPE, of a view that does not take what comes before it.  */
gedi_status gedi__pipeline_shape(const gedi__pipeline *p, gedi_shape record,
                                 gedi_shape *out, int64_t *most, gedi_err *err);

/* The encoder alone: h [n, D] of x [n, record]. */
gedi_node *gedi__network_encode(const gedi__network *net, gedi_build *b, gedi_node *x);
/* Encoder and projector of x [n, record]; z is h without a projector. */
void gedi__network_pass(const gedi__network *net, gedi_build *b, gedi_node *x,
                        gedi_node **h, gedi_node **z);
/* A batch as large as training's: what there is beside views and samples. Every build of the
 * network begins with it: it tells the build of iterations and records. */
gedi_batch gedi__network_batch(const gedi__network *net, gedi_build *b);
/* The same with the views, each its own input, encoded and projected. What nothing depends on is
 * never computed. */
gedi_batch gedi__network_views(const gedi__network *net, gedi_build *b);
/* The same of records of that shape: an error says whose they are, where the first view has
 * others. */
void gedi__network_pass_of(const gedi__network *net, gedi_build *b, const char *who,
                           gedi_shape record, gedi_node *x, gedi_node **h, gedi_node **z);
/* Inputs in place of views that the descriptor does not give, or that no batch has, once the first
 * is there. */
void gedi__network_beyond(const gedi__network *net, gedi_build *b, gedi_batch *v);

/* A term times its weight. */
gedi_node *gedi__term_weighted(const gedi_terms *t, int i);
/* Can a parameter learn from it, once the parameters are known? */
bool gedi__term_trains(const gedi_terms *t, int i);
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
