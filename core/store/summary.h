/* summary.h - summary.json: the final numbers of a run, and where they come from.
 *
 *   {"schema": 1, "gedi": "0.1.0", "descriptor": name, "seed", "iterations", "parameters",
 *    "components": {"dataset": name, ..., "objectives": {"weights", "p", "energy"}},
 *    "stages": [{"objective", "optimizer", "sampler", "iterations", "loss", "terms"}, ...],
 *    "loss", "terms": {term: {"value", "optimum", "weight"}},
 *    "health": {sentinel: {"value", "failing_since", "failure"}},
 *    "records": {"train", "test"}, "evaluation": {evaluator: {name: value}},
 *    "definitions": {evaluator: {name: text}},
 *    "directions": {evaluator: {name: "more", "less" or "neither" is better}}, "time": {...}, "host": {...},
 *    "commit" of gedi, "identity" and "made" (core/store/identity.h),
 *    "best": {"metric", "iteration", "value"} where validation has chosen the weights,
 *    "descriptor_checksum" of the text of descriptor.yaml,
 *    "history": [{"iteration", "changed", "diverged"}, ...] of a run that went on after a divergence,
 *    "data": which they were (core/data/digest.h),
 *    "undrawn": why figures are missing, "unevaluated": why numbers of evaluators are, "failed": all of
 *    these as lines of "made"; absent where they are there}
 *
 * That of an evaluation has "run" and "with" (what was put in) in place of what only training
 * knows, and "interrupted": {"iteration", "of"} where the run had not come to its end. Beside
 * core/store/summary_*.c and core/store/later.c no other file knows these keys.
 */
#ifndef GEDI_STORE_SUMMARY_H
#define GEDI_STORE_SUMMARY_H

#include "core/base/text.h"
#include "core/descriptor/experiment.h"
#include "core/store/identity.h"
#include "core/store/metrics.h"

struct json_t;

/* The keys below which a summary has numbers; NULL at the end. */
extern const char *const gedi__summary_roots[];

/* Of the sources that this gedi was built from; "unknown" from a tarball. */
const char *gedi__commit(void);

/* How the clause of a definition begins that tells of a run which had not come to its end: "at
 * iteration 400 of 1000". */
#define GEDI__INTERRUPTED "at iteration "

typedef struct gedi__reported {                /* by an evaluator */
    const char *evaluator, *name, *definition; /* a dot in the name leads deeper */
    gedi_direction direction;
    double value;
} gedi__reported;

typedef struct gedi__trained_facts { /* what only training knows */
    const gedi__metrics *log;
    const gedi__term_value *term; /* of the last stage */
    int terms;
    double loss;        /* where the log has no line */
    double seconds;     /* of this process (a resumed run: since the resume) */
    int64_t iterations; /* done in that time */
    int64_t best;       /* the iteration whose weights were evaluated; 0: the last */
    double best_value;  /* of validation.metric */
} gedi__trained_facts;

typedef struct gedi__outcome { /* what was made of a run */
    const char *identity,
        *artefacts;         /* core/store/identity.h; NULL: the identity stays */
    const char *descriptor; /* the text of descriptor.yaml */
    bool drawn;             /* the figures among the artefacts are there */
    const char *failed;  /* artefacts that could not be made, a line each; NULL: none */
    const char *undrawn; /* why figures are missing, or NULL */
    const char *unevaluated; /* why numbers are, or NULL */
} gedi__outcome;

typedef struct gedi__revisit { /* a finished run, evaluated once more */
    const char *run;
    const char *descriptor;      /* the text of the evaluation's own */
    const char *const *override; /* what differs from its descriptor, as it was written */
    int overrides;
    const char *unevaluated; /* why numbers of evaluators are missing, or NULL */
    const char *undrawn;     /* why figures are */
    const char *failed;      /* as gedi__outcome's */
    int64_t
        of; /* iterations that the run is to have, where it has not come to its end; else 0 */
} gedi__revisit;

typedef struct gedi__summary {
    const gedi__experiment *e;
    const gedi__stage *last; /* the stage whose network was evaluated */
    int64_t iterations, parameters;
    bool convolves; /* the network does */
    const char *labels_of,
        *energy_of;      /* objectives that state p(y|x), an energy; NULL: none */
    int64_t train, test; /* records that there were: files may have fewer than is known */
    const gedi__reported *reported;
    int reports;
    double evaluation_seconds;
    const gedi__trained_facts *trained; /* one of these two */
    const gedi__revisit *revisit;
    const gedi__outcome *outcome; /* of a run */
    const char *data; /* which, core/data/digest.h; NULL: the file keeps what it has */
} gedi__summary;

/* Replaces `path` atomically. A run's presence means that it is finished, but for figures where it
 * says why they are missing.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__summary_write(const char *path, const gedi__summary *s, gedi_err *err);

/* json_decref() it.
 *   Errors: as gedi__json_read.  */
gedi_status gedi__summary_read(const char *path, struct json_t **out, gedi_err *err);

/* Puts what was reported later, and the outcome, in place of what the file has of them; all else in
 * it stays.
 *   Errors: those of reading and writing.  */
gedi_status gedi__summary_renew(const char *path, const gedi__summary *s, gedi_err *err);

/* Adds what `more` reports of evaluators that `o` has not. */
void gedi__summary_join(struct json_t *o, const struct json_t *more);
/* It was made with no descriptor that could be compared. */
void gedi__summary_forget_descriptor(struct json_t *summary);

/* Is that another text than the descriptor that the summary was made with? False where it does not
 * say. */
bool gedi__summary_other_descriptor(const struct json_t *summary, const char *descriptor);

/* Which data the run was trained on; NULL where the file does not say. */
const char *gedi__summary_data(const struct json_t *summary);

/* A number: "evaluation.clustering.nmi", "terms.inv". False where there is none. */
bool gedi__summary_value(const struct json_t *summary, const char *path, double *out);
/* Is it known why there is none: it is not finite, or its evaluator failed? */
bool gedi__summary_lacks(const struct json_t *summary, const char *path);
/* Is the number an end of the interval around another, <path>_low or <path>_high? */
bool gedi__summary_is_end(const struct json_t *summary, const char *path);
/* How the evaluator that reported the number says it is made; NULL where nothing does. */
const char *gedi__summary_definition(const struct json_t *summary, const char *path);
/* Which of two values of a metric is better: the larger where the file does not say, as in those
 * written before directions were; GEDI_NEITHER of numbers that are no metrics. */
gedi_direction gedi__summary_direction(const struct json_t *summary, const char *path);
/* "more", "less", "neither". */
const char *gedi__direction_word(gedi_direction d);
/* The i-th failure at the end, "cluster collapse"; NULL behind the last. */
const char *gedi__summary_failure(const struct json_t *summary, int i);
/* Why numbers of evaluators are missing and have not come since: "evaluator knn: ...; not done: ood", those of the
 * evaluator of that path, or of all where it is NULL. Adds nothing where none are, or nobody knows. */
void gedi__summary_unevaluated(const struct json_t *summary, const char *path,
                               gedi__text *out);
/* Why figures are missing: "figure losses: ...; not drawn: ood". The same. */
void gedi__summary_undrawn(const struct json_t *summary, gedi__text *out);
/* Is the figure of that name there? Where the summary does not say what was made, it may be. */
bool gedi__summary_drew(const struct json_t *summary, const char *figure);
/* Was it drawn with that option, which is 0 otherwise? The same. */
bool gedi__summary_drew_with(const struct json_t *summary, const char *figure,
                             const char *option);
/* Every path with a number, one a line. */
void gedi__summary_paths(const struct json_t *summary, gedi__text *out);
/* Lines for people: "  clustering.nmi   0.998", terms, failures. */
void gedi__summary_text(const struct json_t *summary, gedi__text *out);

#endif
