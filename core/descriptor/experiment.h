/* experiment.h - a descriptor, read and checked: everything one run needs to know. */
#ifndef GEDI_DESCRIPTOR_EXPERIMENT_H
#define GEDI_DESCRIPTOR_EXPERIMENT_H

#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/plugin/registry.h"

typedef gedi_component gedi__component; /* plugin is NULL where the descriptor has none */

typedef struct gedi__pipeline { /* the views applied one after the other */
    int n;
    gedi__component *view;
} gedi__pipeline;

typedef struct gedi__train {    /* `train:`; its own table of options, like a plugin's */
    int64_t iterations, epochs; /* how long: one of the three; the others are 0 */
    double hours;
    int64_t batch;
    int64_t accumulate;       /* batches whose gradients are averaged for an update */
    int64_t log_every;        /* iterations between lines of metrics.jsonl */
    int64_t checkpoint_every; /* iterations between checkpoints */
    double explode;           /* a term or gradient beyond it stops the run */
    double clip;              /* longest gradient; 0: any */
    gedi_schedule average;    /* decay of running averages of the weights; 0: none */
    int64_t weights;          /* that evaluation reads: 0 trained, 1 averaged */
} gedi__train;

typedef struct gedi__validation { /* `validation:` */
    double fraction;              /* of the training records, that are held out */
    int64_t every;                /* iterations between evaluations; 0: none on the way */
    const char *metric; /* "clustering.nmi", by which weights are chosen; "": the last */
    int64_t patience; /* evaluations that are not better, then training ends; 0: never */
} gedi__validation;

/* A parameter, or what names begin with, and what stands in its place in a file. */
typedef struct gedi__rename {
    const char *parameter, *file;
} gedi__rename;

typedef struct gedi__init { /* `init:`; both "": weights begin as the seed says */
    const char *run, *file; /* one of them */
    int64_t layout;         /* of the file: 0 gedi's, 1 PyTorch's */
    const char *checksum;   /* of the file of weights, "": not known yet */
    int onlys, renames;
    const char **only; /* what is taken: names, or what they begin with; none: all */
    gedi__rename *rename;
} gedi__init;

/* The rows of `train:`, for the reader and for `gedi describe train`. */
extern const gedi_option gedi__train_options[];

/* One of the objectives that add up in a stage. */
typedef struct gedi__objective {
    gedi__component part;
    gedi_schedule weight; /* of all its terms */
    const char *share;    /* the objective whose parameters it has as well, or "" */
    const char *scope;    /* of its parameters: "objective", in a list "objective.swav" */
    const char *prefix;   /* of its terms: "", in a list "swav." */
} gedi__objective;

enum { GEDI__MAX_OBJECTIVES = 8, GEDI__MAX_GROUPS = 16 };

/* Weights that the optimizer treats by options of their own. */
typedef struct gedi__group {
    int names;
    const char **name; /* of weights, or what their names begin with */
    void *self;        /* all options of the optimizer, as they are for these */
} gedi__group;

/* Objectives run one after the other on the same parameters, each in a stage. A descriptor
 * without `stages:` has one. */
typedef struct gedi__stage {
    int objectives;
    gedi__objective *objective;
    const char *method; /* "jem", or "swav + jem" */
    gedi__component sampler, optimizer;
    bool keeps_optimizer; /* that of the stage before goes on, with its state */
    int groups;
    gedi__group *group; /* the first that has a weight counts */
    int views;
    gedi__pipeline view[GEDI_MAX_VIEWS];
    gedi__train train;
    int64_t length; /* iterations, stated or counted; 0: not known yet (lengths.h) */
    int freezes, restarts;
    const char *
        *freeze; /* parameters that are not trained, or what their names begin with */
    const char **restart;    /* the same, that start anew and are not taken over */
    int64_t first;           /* iterations done before it */
    int64_t optimizer_first; /* iterations done before its optimizer was new */
    int64_t
        optimizer_total; /* iterations that its optimizer does, in all stages that keep it */
} gedi__stage;

/* One of the evaluators. */
typedef struct gedi__evaluation {
    gedi__component part;
    const char
        *name; /* its metrics are evaluation.NAME.*: the plugin's, or one given to it */
} gedi__evaluation;

/* Where a run that had diverged went on with other values. */
typedef struct gedi__turn {
    int64_t iteration;    /* done before */
    const char *changed;  /* "optimizer.adam.lr: 0.1 -> 0.01; seed: 3 -> 7" */
    const char *diverged; /* why it had stopped */
} gedi__turn;

enum { GEDI__MAX_STAGES = 32, GEDI__MAX_FIGURES = 16, GEDI__MAX_TURNS = 64 };

/* Where something was written. Line 0: in no file, `source` says all, as in "override
 * seed=3". */
typedef struct gedi__place {
    const char *source;
    int line, column;
} gedi__place;

/* How a figure is to look: figures: [{clusters: {format: pdf, width: 3.3in}}]. */
#define GEDI__COLOUR_WORDS "class|cluster"
struct gedi__experiment;
typedef struct gedi__print {
    int64_t format; /* of GEDI__PRINT_FORMATS, of which png is the picture for screens */
    const char *title; /* "auto": the picture's own */
    const char *width; /* "": as wide as that */
    int64_t every;     /* of samples: iterations; 0: only after training */
    /* Of embedding alone, 0 elsewhere. */
    int64_t split;   /* a gedi_split */
    int64_t colour;  /* of GEDI__COLOUR_WORDS: 1 for clusters */
    int64_t records; /* at most */
} gedi__print;
#define GEDI__PRINT_FORMATS "png|pdf|svg"
extern const gedi_option gedi__print_options[];   /* of every figure */
extern const gedi_option gedi__figures_options[]; /* of any */
/* All of this one's. */
const gedi_option *gedi__figure_options(const char *figure);
/* Iterations between two figures of samples while a run trains; 0: none are drawn. */
int64_t gedi__samples_every(const struct gedi__experiment *e);
/* Is any of them other than by default? */
bool gedi__print_is_given(const char *figure, const gedi__print *p);
/* Is its width a length? */
bool gedi__print_has_width(const char *width);

/* A component that opens what its options name, once the whole descriptor is read. */
typedef struct gedi__opened {
    const gedi_plugin *plugin;
    const char *kind;
    gedi_status (*open)(void *self, const gedi_open *o, gedi_err *err);
    void (*close)(void *self);
    void *self;
    gedi__place at;
    bool is_open;
    struct gedi__opened *next;
} gedi__opened;

#define GEDI__CONVOLUTION_WORDS "winograd|direct"

typedef struct gedi__experiment {
    int64_t seed;        /* not negative */
    int64_t convolution; /* of GEDI__CONVOLUTION_WORDS: 1 where none is Winograd's */
    int64_t
        threads; /* 0 in the descriptor: OMP_NUM_THREADS, or one a processor; here resolved */
    gedi__component dataset, model, projector;
    int stages; /* at least 1 */
    gedi__stage *stage;
    int evaluators;
    gedi__evaluation *evaluator;
    gedi__validation validation;
    gedi__init init;
    int figures;
    const char *figure[GEDI__MAX_FIGURES]; /* "clusters", "density", "losses", "views" */
    gedi__print print[GEDI__MAX_FIGURES];  /* how each of them is to look for print */
    int turns; /* 0 but for a run that went on after a divergence */
    gedi__turn *turn;
    const char *file;      /* the descriptor, as it was named */
    const char *name;      /* `name:`, else that of the file without suffix */
    bool named;            /* not where it comes through a pipe and states no `name:` */
    const char *directory; /* relative paths in options start here: absolute; the
                            descriptor's folder, or its key `directory` */
    struct gedi__placed *placed;
    gedi__opened *opened;  /* the last component first */
    const char *overrides; /* of the command line: "seed=3, train.batch=10"; or "" */
    gedi__registry *registry;
    gedi__arena arena; /* owns all of the above but the registry, which is owned too */
} gedi__experiment;

/* All mistakes found, one a line: "file:line:column: message". Behind so many bytes they are only
 * counted. */
enum { GEDI__MISTAKES_TEXT = 1 << 18 };
typedef struct gedi__mistakes {
    int n;
    int faults; /* those of them that are no mistake of what was written: of a file, a plugin */
    gedi__text text;
} gedi__mistakes;

/* Reads `file` (with `base:` inheritance), applies `override` ("objective.gedi.inv=10"),
 * loads the plugins named, checks everything. GEDI_DESCRIPTOR when there are mistakes:
 * all of them are in `m`, err->msg says how many. Other errors (NOMEM) in err only. */
gedi_status gedi__experiment_read(const char *file, const char *const *override, int n,
                                  gedi__experiment **out, gedi__mistakes *m,
                                  gedi_err *err);
/* The same as it is stored, without the overrides of a later command, but for that of `directory`: where
 * its files lie now. */
gedi_status gedi__experiment_read_stored(const char *file, const char *const *override,
                                         int n, gedi__experiment **out, gedi__mistakes *m,
                                         gedi_err *err);
void gedi__experiment_free(gedi__experiment *e);

/* Where it was written, for what is found wrong later: a component by its `self`, a figure by
 * its text, an option of `train` by its field. Of anything else: the descriptor's name. */
gedi__place gedi__experiment_place(const gedi__experiment *e, const void *of);

/* Does it have another name than its plugin? */
bool gedi__evaluation_is_named(const gedi__evaluation *v);

/* What follows from the lengths of all stages: where each begins. */
void gedi__stages_join(gedi__experiment *e);
/* Iterations of all stages. */
int64_t gedi__experiment_iterations(const gedi__experiment *e);
/* Iterations done when a stage is over. */
int64_t gedi__stage_end(const gedi__stage *s);

/* Adds to the history.
 *   Errors: GEDI_STATE beyond GEDI__MAX_TURNS; GEDI_NOMEM.  */
gedi_status gedi__experiment_turn(gedi__experiment *e, int64_t iteration,
                                  const char *changed, const char *diverged,
                                  gedi_err *err);

/* A scheduled option of a stage that is no constant. */
typedef struct gedi__scheduled_option {
    gedi_schedule *schedule;
    const void *of; /* whose option it is: for gedi__experiment_place */
    char name[160]; /* "optimizer.adam.lr" */
    bool optimizer; /* counts from optimizer_first, others from the first of the stage */
} gedi__scheduled_option;

/* The i-th of training, objective, sampler and optimizer; false behind the last. */
bool gedi__stage_schedule(const gedi__stage *s, int i, gedi__scheduled_option *out);
/* The optimizer's option `lr` in an iteration of the run; NAN where it has none. */
double gedi__stage_rate(const gedi__stage *s, int64_t iteration);
/* Records that an iteration takes. */
int64_t gedi__stage_records(const gedi__stage *s);
/* Tells all schedules how long an epoch is, once it is known how many records there are. */
void gedi__stage_set_epochs(const gedi__stage *s, int64_t records);

/* The same for one point of a sweep: the k settings are put in after the overrides, and
 * the blocks of a sweep (`sweep`, `table`, `grid`, `heatmap`) may stand beside. Files come from
 * `trees` where they were read before. */
struct gedi__setting;
struct gedi__trees;
gedi_status gedi__experiment_read_point(const char *file, struct gedi__trees *trees,
                                        const char *const *override, int n,
                                        const struct gedi__setting *set, int k,
                                        gedi__experiment **out, gedi__mistakes *m,
                                        gedi_err *err);

/* The fully resolved descriptor: every option of every component with its value, absolute
 * paths, no base. Reading it gives the same experiment, and emitting that the same bytes.
 */
void gedi__experiment_emit(const gedi__experiment *e, gedi__text *out);
/* The same lines, of keys that are wanted. */
struct gedi__key;
void gedi__experiment_emit_keys(const gedi__experiment *e,
                                bool (*wanted)(const struct gedi__key *),
                                gedi__text *out);

#endif
