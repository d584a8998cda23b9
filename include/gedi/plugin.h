/* plugin.h - what a plugin states, one struct a kind.
 *
 * One .so is one component; file, object, symbol and YAML name agree:
 *   plugins/<kind>/<name>.c, <kind>_<name>.so, gedi_<kind>_<name>, `<kind>: <name>`.
 * The core allocates and zeroes `self` (self_size bytes), fills the options, and frees
 * it. `self` is const in every call but open and close. Mutable globals are forbidden.
 */
#ifndef GEDI_PLUGIN_H
#define GEDI_PLUGIN_H

#include "gedi/data.h"
#include "gedi/graph.h"
#include "gedi/loss.h"
#include "gedi/kmeans.h"
#include "gedi/metric.h"
#include "gedi/nn.h"
#include "gedi/option.h"
#include "gedi/probe.h"
#include "gedi/rng.h"
#include "gedi/schedule.h"

#include <math.h> /* NAN: an optimum that is not known */

#define GEDI_PLUGIN_ABI 2

#define GEDI_TO_TEXT2_(x) #x
#define GEDI_TO_TEXT_(x) GEDI_TO_TEXT2_(x)
/* What must be equal in host and plugin beyond the ABI number. */
#define GEDI_SIGNATURE                                                                   \
    "pointer" GEDI_TO_TEXT_(__SIZEOF_POINTER__) " order" GEDI_TO_TEXT_(                  \
        __BYTE_ORDER__) " f32 rank" GEDI_TO_TEXT_(GEDI_MAX_RANK)

typedef enum gedi_kind {
    GEDI_KIND_DATASET,
    GEDI_KIND_VIEW,
    GEDI_KIND_MODEL,
    GEDI_KIND_OBJECTIVE,
    GEDI_KIND_SAMPLER,
    GEDI_KIND_OPTIMIZER,
    GEDI_KIND_EVALUATOR,
    GEDI_KINDS
} gedi_kind;

/* The head of every plugin. `check` is optional: what the ranges of single options cannot
 * say, e.g. low < high; its message names the option. */
#define GEDI_PLUGIN_HEAD                                                                 \
    uint32_t abi, struct_size;                                                           \
    uint32_t revision; /* raise it when the mathematics changes: a new experiment */     \
    const char *sig;                                                                     \
    const char *name;  /* YAML name */                                                   \
    const char *brief; /* one line */                                                    \
    const char *cite;  /* source: authors year, title, equation; or "" */                \
    size_t self_size;                                                                    \
    const gedi_option *options;                                                          \
    gedi_status (*check)(const void *self, gedi_err *err)

typedef struct gedi_plugin {
    GEDI_PLUGIN_HEAD;
} gedi_plugin;

/* Opens the definition of the one exported object:
 *   GEDI_DEFINE(objective, jem) = { GEDI_HEAD(objective, jem), .brief = ..., }; */
#ifdef __cplusplus
/* What a definition leaves out is zero, as in C, but g++ -Wextra warns of it at its end, where no macro
 * reaches: the warning is off for the rest of the file. */
#define GEDI_DECLARE_(kind, id)                                                          \
    _Pragma("GCC diagnostic ignored \"-Wmissing-field-initializers\"")                   \
        GEDI_EXPORT const gedi_##kind gedi_##kind##_##id
#else
#define GEDI_DECLARE_(kind, id) GEDI_EXPORT extern const gedi_##kind gedi_##kind##_##id
#endif
#define GEDI_DEFINE(kind, id)                                                            \
    GEDI_DECLARE_(kind, id);                                                             \
    const gedi_##kind gedi_##kind##_##id
#define GEDI_HEAD(kind, id)                                                              \
    .abi = GEDI_PLUGIN_ABI, .struct_size = sizeof(gedi_##kind), .sig = GEDI_SIGNATURE,   \
    .name = #id

#ifdef __cplusplus
/* The same for C++ before C++20, which has no `.brief = ...`: the body fills `p`.
 *   GEDI_FILL(objective, jem, p) { p.brief = ...; }  */
#define GEDI_FILL(kind, id, p)                                                           \
    static void gedi_fill_##id(gedi_##kind &p);                                          \
    static gedi_##kind gedi_filled_##id()                                                \
    {                                                                                    \
        gedi_##kind filled = {};                                                         \
        filled.abi = GEDI_PLUGIN_ABI;                                                    \
        filled.struct_size = sizeof filled;                                              \
        filled.sig = GEDI_SIGNATURE;                                                     \
        filled.name = #id;                                                               \
        gedi_fill_##id(filled);                                                          \
        return filled;                                                                   \
    }                                                                                    \
    GEDI_DEFINE(kind, id) = gedi_filled_##id();                                          \
    static void gedi_fill_##id(gedi_##kind &p)
#endif

/* ---- dataset: how to read record i ---- */

typedef enum gedi_split { GEDI_TRAIN, GEDI_TEST, GEDI_SPLITS } gedi_split;

typedef struct gedi_data_info {
    gedi_shape record;          /* [D] or [H, W, C]; of one part where it has several */
    int64_t count[GEDI_SPLITS]; /* records in each split */
    int32_t classes;            /* 0 where there are no labels at all */
    bool labelled[GEDI_SPLITS];
    /* Of images: records are (pixel - mean) / std of pixels in [0, 1]. 0: no images. */
    double mean, std;
    /* P: a record is several of these, as three digits are that obey a + b = c. 0: one. */
    int64_t parts;
} gedi_data_info;

/* A density that is a sum of K others, its components, by their weights. */
#define GEDI_MAX_COMPONENTS 16
typedef struct gedi_mixture {
    int64_t components;                 /* K */
    double weight[GEDI_MAX_COMPONENTS]; /* of each; they add up to 1 */
} gedi_mixture;

typedef struct gedi_open {
    uint64_t seed; /* of the run; synthetic data draw from GEDI_STREAM_DATA */
    const char
        *directory; /* relative paths in options start here (the descriptor's folder) */
    const struct gedi__experiment *experiment; /* for gedi_open_text; may be NULL */
} gedi_open;

/* A text option of the objective that is trained last, such as "rules"; of several, of the first that
 * has it. So an evaluator need not be told again. NULL where none has it.  */
GEDI_EXPORT const char *gedi_open_text(const gedi_open *o, const char *option);

/* Tells data from others: a checksum of what a dataset has read. */
typedef struct gedi_digest gedi_digest;
/* Adds bytes that were read: pixels, labels. */
GEDI_EXPORT void gedi_digest_records(gedi_digest *s, const void *data, size_t n);
/* Adds a file that may not have been read: what it is called below the dataset's folder, and its size in
 * bytes, or -1. Compared only where one of two has no records. */
GEDI_EXPORT void gedi_digest_file(gedi_digest *s, const char *name, int64_t size);

typedef struct gedi_dataset {
    GEDI_PLUGIN_HEAD;
    /* Reads or makes the data; on failure frees what it allocated. */
    gedi_status (*open)(void *self, const gedi_open *o, gedi_data_info *info,
                        gedi_err *err);
    /* Record i of a split into x [P, record]; label [P], each -1 where there is none. Called by
     * many threads. */
    gedi_status (*read)(const void *self, gedi_split split, int64_t i, float *x,
                        int32_t *label, gedi_err *err);
    void (*close)(void *self);
    /* Optional: the density that records (each part of one) are drawn from, where it is known:
     * *m, and log p(x | k) [n, K] of any points x [n, record], on the scale of `read`. Component
     * k has the records of label k, where there are labels. n may be 0. Called while it is open.
     *   Errors: GEDI_OPTION where these options leave no density.  */
    gedi_status (*density)(const void *self, const float *x, int64_t n, gedi_mixture *m,
                           double *log_p, gedi_err *err);
    /* Optional: what is said before training of how records are read, such as their size; one
     * line into `out` of `n` bytes, "" for nothing. Called while it is open. */
    void (*note)(const void *self, char *out, size_t n);
    /* Optional, of data that come from files: adds all that `read` gives out to `d`, so that a run does
     * not go on with other data. Called while it is open. */
    void (*digest)(const void *self, gedi_digest *s);
} gedi_dataset;

/* ---- view: one random transformation, T(x'|x), of one record ---- */

typedef struct gedi_view {
    GEDI_PLUGIN_HEAD;
    /* Changes x (shape `record`) in place; `scratch` has the same size and any content.
     * Randomness only from `rng`, which is at this record's own position. Each part of a record
     * comes by itself. */
    void (*apply)(const void *self, gedi_shape record, float *x, float *scratch,
                  gedi_rng *rng);
    /* Optional: refuses shapes it cannot serve (GEDI_SHAPE). */
    gedi_status (*accepts)(const void *self, gedi_shape record, gedi_err *err);
    /* Optional: what `apply` makes of a record of that shape, where it is another: then x and
     * scratch have room for the larger. */
    gedi_shape (*shape)(const void *self, gedi_shape record);
    /* It computes with colours: x is pixels in [0, 1]. The harness undoes the dataset's
     * standardisation before and does it again after, wherever in a pipeline the view stands. */
    bool pixels;
    /* Optional, for records of a few numbers, of which each is done before it is called: `apply`
     * on `count` of them that follow each other; scratch is as large as x. `first` is at the
     * position of the first record; those of the others have the next minors. The bytes must be
     * the same. */
    void (*apply_each)(const void *self, gedi_shape record, int64_t count, float *x,
                       float *scratch, const gedi_rng *first);
} gedi_view;

/* ---- model: [B, ...] -> [B, D]; encoder and projector are both models ---- */

typedef struct gedi_model {
    GEDI_PLUGIN_HEAD;
    gedi_node *(*build)(const void *self, gedi_build *b, gedi_node *x);
} gedi_model;

/* ---- objective ---- */

#define GEDI_MAX_VIEWS 16
#define GEDI_VIEWS_ROOM 32 /* for indices that no batch has, so that they are noticed */

/* What an objective sees of one batch of B records of P parts each (1, unless the dataset says
 * otherwise); part p of record b is row b P + p. Nodes that no term uses are never computed: a
 * loss that uses only z[0] asks for one view, and one without zs needs no sampler. Views may have
 * other shapes than the records. A view that the descriptor does not give is an error when used.
 * So is v->z[16]: the room behind the views holds nodes that are refused. An index below 0 or
 * beyond the room reads another field, and nothing can notice it: take it from v->views. */
struct gedi_batch {
    int64_t size;                  /* B */
    int64_t parts;                 /* P */
    int views;                     /* how many the descriptor gives */
    gedi_node *x[GEDI_VIEWS_ROOM]; /* inputs [B P, ...] */
    gedi_node *h[GEDI_VIEWS_ROOM]; /* encoder, [B P, D] */
    gedi_node *z[GEDI_VIEWS_ROOM]; /* projector, [B P, D]; h without a projector */
    gedi_node *xs, *hs, *zs;       /* the same for negative samples */
    /* Of the loss alone: an energy, which is also asked of records that are in no batch, gets
     * NULL for both. */
    gedi_node
        *label; /* [B P, 1], -1 for none; NULL where training records have no labels */
    gedi_node *index; /* [B, 1]: number of the training record, 0 .. N - 1 */
    /* The iteration of the stage, from 0, and how many it has, [1]; exact to 2^24. */
    gedi_node *iteration, *total;
};

/* A table with a row for each training record, [N, columns]: a state, "objective.<name>" in
 * checkpoints. gedi_gather(table, v->index) are the rows of the batch; `pass` fills it. */
GEDI_EXPORT gedi_node *gedi_table(gedi_build *b, const char *name, int64_t columns,
                                  gedi_init init);

/* A pass over the training records, between two iterations. */
typedef struct gedi_pass gedi_pass;

GEDI_EXPORT int64_t gedi_pass_count(const gedi_pass *p);    /* N */
GEDI_EXPORT int64_t gedi_pass_features(const gedi_pass *p); /* numbers of h in a record */
GEDI_EXPORT int64_t gedi_pass_embedding(const gedi_pass *p); /* of z */
/* Records first .. first + n - 1, without views and in evaluation mode: h [n, features] and
 * z [n, embedding], either NULL where it is not wanted. */
GEDI_EXPORT gedi_status gedi_pass_read(gedi_pass *p, int64_t first, int64_t n, float *h,
                                       float *z, gedi_err *err);
/* The numbers of a state or table of the objective, to be changed; NULL where there is none. */
GEDI_EXPORT float *gedi_pass_state(gedi_pass *p, const char *name, gedi_shape *shape);
/* Of the stage, done before this pass: 0 at first. The epoch is the one that begins. */
GEDI_EXPORT int64_t gedi_pass_iteration(const gedi_pass *p);
GEDI_EXPORT int64_t gedi_pass_epoch(const gedi_pass *p);
/* A generator of this pass, the n-th. */
GEDI_EXPORT gedi_rng gedi_pass_rng(const gedi_pass *p, uint32_t n);

typedef struct gedi_terms gedi_terms;

/* Adds `weight` * `value` to the loss; `value` has one element and is logged unweighted
 * next to its known `optimum` (NAN: not known). A term of weight 0 is not computed.
 *   Errors: GEDI_USAGE for a weight that is not finite, or an infinite optimum.  */
GEDI_EXPORT void gedi_term(gedi_terms *t, const char *name, gedi_node *value,
                           double weight, double optimum);
/* The same with a weight that may be scheduled; a schedule that is 0 throughout is not
 * computed. */
GEDI_EXPORT void gedi_term_by(gedi_terms *t, const char *name, gedi_node *value,
                              const gedi_schedule *weight, double optimum);

/* Logs a number that is not trained on, one element, as "watch.<name>" in metrics.jsonl and
 * summary.json: in `loss` of objectives, and in `step` of a sampler, the mean over an iteration's
 * steps. At most 16 of all objectives, and 16 of the sampler.
 *   Errors: GEDI_SHAPE; GEDI_USAGE for a name that is taken, one too many, or anywhere else.  */
GEDI_EXPORT void gedi_watch(gedi_build *b, const char *name, gedi_node *value);

typedef struct gedi_objective {
    GEDI_PLUGIN_HEAD;
    void (*loss)(const void *self, gedi_build *b, const gedi_batch *v, gedi_terms *t);
    /* Optional: logits of p(y|x) from an embedding, [B, D] -> [B, K]. */
    gedi_node *(*logits)(const void *self, gedi_build *b, gedi_node *z);
    /* Optional: energy of records, -log p(x) up to a constant, [B, 1], from their embeddings
     * z [B, D]; x [B, ...] and the current batch `v` are there for energies that depend on
     * them. B is the number of records that are asked, often another than the batch has. */
    gedi_node *(*energy)(const void *self, gedi_build *b, gedi_node *x, gedi_node *z,
                         const gedi_batch *v);
    /* Optional, both or none: `pass` is called before the first iteration of a stage and then
     * every pass_every epochs, at least 1, for example to cluster all records. */
    int64_t (*pass_every)(const void *self);
    gedi_status (*pass)(const void *self, gedi_pass *p, gedi_err *err);
    /* Optional: reads what its options name, such as a file of rules, before anything else is
     * called and before any training; on failure it frees what it allocated. `close` frees it. */
    gedi_status (*open)(void *self, const gedi_open *o, gedi_err *err);
    void (*close)(void *self);
    /* It watches others, in a list with them: x, h and z come to it without a derivative, so its
     * terms train its own parameters alone, the norm of the gradient (`train.clip`, `train.explode`)
     * is without these, and labels that it reads have not been seen by the network. */
    bool beside;
} gedi_objective;

/* ---- sampler: negative samples from an energy ---- */

typedef struct gedi_chain {
    int64_t steps;  /* T transitions an iteration */
    int64_t buffer; /* replay buffer: records kept; 0: every chain starts afresh */
    double reinit;  /* share of chains that start afresh */
    bool box; /* start in the data's bounding box times `scale`, else in [low, high] */
    double low, high, scale;
} gedi_chain;

typedef struct gedi_sampler {
    GEDI_PLUGIN_HEAD;
    /* How chains are kept and started; the harness does it. */
    void (*chain)(const void *self, gedi_chain *c);
    /* One transition as a graph: x [B, ...], energy [B, 1] of x -> next x. Randomness
     * from gedi_random_normal and gedi_random_uniform. */
    gedi_node *(*step)(const void *self, gedi_build *b, gedi_node *x, gedi_node *energy);
} gedi_sampler;

/* ---- optimizer: one step on the flat parameter vector ---- */

typedef struct gedi_segment { /* one parameter's place in the vector */
    const char *name;
    gedi_shape shape;
    int64_t offset, size;
} gedi_segment;

typedef struct gedi_update {
    int64_t step;       /* 1 for the first */
    int64_t size;       /* P */
    float *w;           /* [P], updated in place */
    const float *g;     /* [P], gradient of the loss */
    float *const *slot; /* slots(self) vectors [P], zero at first */
    const gedi_segment *segment;
    int segments;
    /* For gedi_schedule_at: iterations done by this optimizer before the step, and how many it
     * does in all, over the stages that keep it. */
    int64_t iteration, total;
} gedi_update;

typedef struct gedi_optimizer {
    GEDI_PLUGIN_HEAD;
    int (*slots)(
        const void *self); /* vectors of state it needs, at most GEDI_MAX_SLOTS */
    void (*step)(const void *self, const gedi_update *u);
} gedi_optimizer;

#define GEDI_MAX_SLOTS 4

/* ---- evaluator: metrics of a trained model ---- */

typedef struct gedi_trial gedi_trial;

GEDI_EXPORT int64_t gedi_trial_count(const gedi_trial *t, gedi_split split);
GEDI_EXPORT int32_t gedi_trial_classes(const gedi_trial *t);
/* The same of a dataset that is an option's, which is opened for it: *n.
 *   Errors: GEDI_SHAPE for records of another shape than the run's; the dataset's.  */
GEDI_EXPORT gedi_status gedi_trial_count_of(const gedi_trial *t,
                                            const gedi_component *dataset,
                                            gedi_split split, int64_t *n, gedi_err *err);
/* P: parts of a record. A trial counts parts, one after the other, as records. */
GEDI_EXPORT int64_t gedi_trial_parts(const gedi_trial *t);
/* What there is to ask for: labels of a split; an energy, and with it log p(x) and its slope;
 * clusters, and with them p(y|x). Nothing is computed. */
GEDI_EXPORT bool gedi_trial_has_labels(const gedi_trial *t, gedi_split split);
GEDI_EXPORT bool gedi_trial_has_energy(const gedi_trial *t);
GEDI_EXPORT bool gedi_trial_has_clusters(const gedi_trial *t);
/* The density of the data is stated by the dataset. */
GEDI_EXPORT bool gedi_trial_has_density(const gedi_trial *t);
/* [N], -1 for a record without one; NULL where the split has no labels. */
GEDI_EXPORT const int32_t *gedi_trial_labels(gedi_trial *t, gedi_split split);
/* p(y|x) of every record, [N, K]; computed at the first call, owned by the trial.
 *   Errors: GEDI_STATE where the objective has no p(y|x).  */
GEDI_EXPORT gedi_status gedi_trial_assignments(gedi_trial *t, gedi_split split,
                                               const float **p, int64_t *k,
                                               gedi_err *err);
/* Output of the encoder of every record, [N, D]. */
GEDI_EXPORT gedi_status gedi_trial_features(gedi_trial *t, gedi_split split,
                                            const float **h, int64_t *d, gedi_err *err);
/* n samples of the energy, x [n, record]: chains that begin as the run's sampler begins new
 * ones, after so many steps. The first of more samples are the same.
 *   Errors: GEDI_STATE where the objective has no energy or the run no sampler; GEDI_NUMERIC
 *   where a chain is not finite.  */
GEDI_EXPORT gedi_status gedi_trial_sample(gedi_trial *t, int64_t n, int64_t steps,
                                          float *x, gedi_err *err);
/* Records first .. first + n - 1 of a split into x [n, record], as the network sees them.
 *   Errors: GEDI_USAGE where they are not there; the dataset's.  */
GEDI_EXPORT gedi_status gedi_trial_read(gedi_trial *t, gedi_split split, int64_t first,
                                        int64_t n, float *x, gedi_err *err);
/* What the model says of any points x [n, record]: log p(x) up to a constant, [n].
 *   Errors: GEDI_STATE where the objective has no energy; GEDI_NUMERIC where it is not
 *   finite.  */
GEDI_EXPORT gedi_status gedi_trial_log_p(gedi_trial *t, const float *x, int64_t n,
                                         float *log_p, gedi_err *err);
/* What is true of them: the density of the data, *m, and log p(x | k) of its components into
 * log_p [n, K]; -INFINITY where there is none. n = 0: *m alone.
 *   Errors: GEDI_STATE where the dataset states none; the dataset's; GEDI_NUMERIC.  */
GEDI_EXPORT gedi_status gedi_trial_density(gedi_trial *t, const float *x, int64_t n,
                                           gedi_mixture *m, double *log_p, gedi_err *err);
/* The chains of the replay buffer as training has left them, x [n, record]; they belong to the
 * trial.
 *   Errors: GEDI_STATE where the run has none.  */
GEDI_EXPORT gedi_status gedi_trial_chains(gedi_trial *t, const float **x, int64_t *n,
                                          gedi_err *err);
/* A space in which records are compared. */
typedef enum gedi_space_kind {
    GEDI_SPACE_ENCODER, /* the run's own encoder */
    GEDI_SPACE_RUN,     /* the encoder of another run, whose folder is `path` */
    GEDI_SPACE_INCEPTION, /* the 2015 Inception network with the weights in the file `path` */
    GEDI_SPACE_PIXELS, /* of images: pixels of [0, 1], averaged over side x side cells */
} gedi_space_kind;

typedef struct gedi_space {
    gedi_space_kind kind;
    const char *path; /* relative: to the descriptor's folder; NULL where there is none */
    int64_t side;     /* of pixels; 0: no averaging */
} gedi_space;

/* Features in such a space. width: *d is D. map: x [n, record] -> h [n, D]. records: all of a
 * split -> h [N, D].
 *   Errors: GEDI_STATE, GEDI_DATA where there is no such run that is trained; GEDI_IO,
 *   GEDI_DATA for a file without these weights; GEDI_SHAPE where the space is for records of
 *   another shape; GEDI_OPTION for more cells than pixels; the dataset's.  */
GEDI_EXPORT gedi_status gedi_trial_space_width(gedi_trial *t, const gedi_space *space,
                                               int64_t *d, gedi_err *err);
GEDI_EXPORT gedi_status gedi_trial_space_map(gedi_trial *t, const gedi_space *space,
                                             const float *x, int64_t n, float *h,
                                             gedi_err *err);
GEDI_EXPORT gedi_status gedi_trial_space_records(gedi_trial *t, const gedi_space *space,
                                                 gedi_split split, float *h,
                                                 gedi_err *err);
/* Numbers in one record. */
GEDI_EXPORT int64_t gedi_trial_record(const gedi_trial *t);
/* What the model says of N records, each [N]; NULL where the objective does not state it. */
typedef struct gedi_record_scores {
    int64_t n;
    const float *log_p; /* log p(x) up to a constant; of an energy */
    const float *slope; /* |d log p(x) / dx|_2 */
    const float *max_p; /* max p(y|x): 1 where the model is sure. Rank by the log odds. */
} gedi_record_scores;
/* Of a split of a dataset: an option's, or the run's own where it is NULL. What it gives
 * belongs to the trial.
 *   Errors: GEDI_STATE where the objective has neither an energy nor p(y|x); GEDI_SHAPE for
 *   records of another shape than the run's; GEDI_DATA for a split without records; the
 *   dataset's.  */
GEDI_EXPORT gedi_status gedi_trial_scores(gedi_trial *t, const gedi_component *dataset,
                                          gedi_split split, gedi_record_scores *out,
                                          gedi_err *err);
/* log(max p / (1 - max p)) [N], from the logits, so that it tells apart what max p rounds to
 * 1; NULL without p(y|x). Belongs to the scores, which gedi_trial_scores must have filled. */
GEDI_EXPORT const float *gedi_record_log_odds(const gedi_record_scores *s);
/* Keeps values for the figure that has the evaluator's name: histograms, a panel for each
 * score, the series in a panel over each other. The values are copied. */
GEDI_EXPORT void gedi_trial_histogram(gedi_trial *t, const char *panel,
                                      const char *series, const float *x, int64_t n);
/* A generator of this evaluation, the n-th. */
GEDI_EXPORT gedi_rng gedi_trial_rng(const gedi_trial *t, uint32_t n);
/* Which of two values is better. Tables mark the best accordingly. */
typedef enum gedi_direction { GEDI_MORE, GEDI_LESS, GEDI_NEITHER } gedi_direction;

/* A row of an evaluator's table, which ends with GEDI_METRICS_END. A `*` in the name stands
 * for any text, so "*.log_p" is a family; the first row that fits a name counts. */
typedef struct gedi_metric {
    const char *name;
    gedi_direction direction;
    const char *unit;       /* "nats", "records"; "" for a plain number */
    const char *definition; /* one line */
} gedi_metric;

#define GEDI_METRICS_END                                                                 \
    {                                                                                    \
        NULL, GEDI_NEITHER, NULL, NULL                                                   \
    }

/* Keeps one value of a metric, which the evaluator's table must have: it appears in
 * summary.json as evaluation.<evaluator>.<name>; a name is UTF-8 without control characters, may
 * have dots, and is reported once. `how` says how it is made in this run, in clauses with "; "
 * between: tables mark values that are made otherwise than the others. NULL: as the definition
 * says. <name>_low and <name>_high are ends of an interval around <name>, with rows of their own:
 * what is printed has all three in one line. */
GEDI_EXPORT void gedi_trial_report(gedi_trial *t, const char *name, double value,
                                   const char *how);

/* By `ready`: there will be no value of a metric in this run (`*` in it stands for any text), and why.
 * A run whose `validation.metric` it is cannot choose and is refused before it is trained. */
GEDI_EXPORT void gedi_trial_omit(gedi_trial *t, const char *metric, const char *why);

/* Tells the user of something that is no reason to stop: one sentence. By `ready`: before
 * anything is trained. */
GEDI_EXPORT void gedi_trial_warn(gedi_trial *t, const char *sentence);

/* A parameter of an objective, under the name that gedi_param made it by: *n numbers, as evaluation
 * reads them. NULL where no objective has one.  */
GEDI_EXPORT const float *gedi_trial_parameter(const gedi_trial *t, const char *name,
                                              int64_t *n);

typedef struct gedi_evaluator {
    GEDI_PLUGIN_HEAD;
    gedi_status (*evaluate)(const void *self, gedi_trial *t, gedi_err *err);
    const gedi_metric *metrics; /* all that it may report */
    /* Optional: called before anything is trained, fails where evaluate is bound to, for
     * example where a file is missing. The network of the trial is not trained yet. */
    gedi_status (*ready)(const void *self, gedi_trial *t, gedi_err *err);
    /* Optional: as those of an objective. */
    gedi_status (*open)(void *self, const gedi_open *o, gedi_err *err);
    void (*close)(void *self);
    /* Optional: of one that is open, what `gedi describe --rules` prints, as plain lines or as a graph
     * in Graphviz's language.
     *   Errors: GEDI_NOMEM.  */
    gedi_status (*print)(const void *self, bool graph, char **text, gedi_err *err);
    /* Optional: what `*` in the names of metrics stands for with these options, the i-th from 0; false
     * behind the last. So a metric of another name is refused before anything is trained. */
    bool (*names)(const void *self, int i, char *out, size_t size);
} gedi_evaluator;

#endif
