/* inference.h - the network as a program: records in, what is wanted of them out.
 *
 * In evaluation mode, on weights that stand. Whoever computes something of records outside the
 * training step asks for it here: trial, scores, encoder, samplers, sentinels.
 */
#ifndef GEDI_NETWORK_INFERENCE_H
#define GEDI_NETWORK_INFERENCE_H

#include "core/base/text.h"
#include "core/network/network.h"

typedef enum gedi__output {
    GEDI__FEATURES,   /* h [n, D] */
    GEDI__EMBEDDING,  /* z [n, D] */
    GEDI__DIRECTIONS, /* z / |z| [n, D] */
    GEDI__LOGITS,     /* of p(y|x) [n, K] */
    GEDI__LABELS_P,   /* p(y|x) [n, K] */
    GEDI__LOG_P,      /* log p(x) + const [n, 1] */
    GEDI__SLOPE,      /* its derivative to the records [n, record] */
    GEDI__NEXT,       /* the state after a step of the sampler [n, record] */
    GEDI__OUTPUTS
} gedi__output;

typedef struct gedi__wanted {
    unsigned
        outputs;   /* 1 << GEDI__FEATURES | ...; what the network has not is left out */
    int64_t rows;  /* n, records at a time */
    bool averaged; /* with running averages in place of weights, where there are any */
    int threads;   /* 0: as many as the experiment has */
    gedi_shape record; /* of rank 0: the dataset's, else that of a view */
    float *x;          /* memory [n, record] of the records; NULL: its own */
    float *const
        *views; /* memory [B, record] of each view of the batch that an energy may
                             depend on, NULL where there is none; NULL: none at all */
} gedi__wanted;

typedef struct gedi__inference gedi__inference;

/*   Errors: GEDI_NOMEM, what plugins raise.  */
gedi_status gedi__inference_new(const gedi__network *net, const gedi__wanted *w,
                                gedi__inference **out, gedi_err *err);
void gedi__inference_free(gedi__inference *f); /* legal for NULL */

/* Where the records are put, [n, record]. */
float *gedi__inference_records(gedi__inference *f);
/* Memory of view i of the batch, NULL where no output depends on it. */
float *gedi__inference_view(gedi__inference *f, int i);

/* Schedules have their values in this iteration of the stage; else those of its end. */
void gedi__inference_advance(gedi__inference *f, int64_t iteration);
/* Computes all outputs. `again`: the weights are as they were in the last run. */
void gedi__inference_run(gedi__inference *f, bool again);
/* The numbers; NULL where it was not wanted or the network does not have it. */
const float *gedi__inference_output(const gedi__inference *f, gedi__output which);
int64_t gedi__inference_width(const gedi__inference *f,
                              gedi__output which); /* of a row */

/* What a step of the sampler watches: how many numbers, their names, and those of the last run. */
int gedi__inference_watches(const gedi__inference *f);
const char *gedi__inference_watch(const gedi__inference *f, int i, double *value);

/* For random numbers of a sampler's step, and the number that went wrong. */
gedi__program *gedi__inference_program(gedi__inference *f);

/* Adds what all outputs are computed from, and the encoder in training mode, which evaluators train:
 * lines, as gedi__build_write has them. *views: an output depends on views of the batch.
 *   Errors: as gedi__inference_new.  */
gedi_status gedi__inference_write(const gedi__network *net, gedi__text *out, bool *views,
                                  gedi_err *err);

#endif
