/* mlp_probe.c - what a small network makes of the frozen encoder.
 *
 * Source:  Hewitt & Liang 2019, "Designing and interpreting probes with control tasks",
 *          section 3: probes with a hidden layer
 * Inputs:  features  [N, D]  of the encoder; labels  [N]
 * Output:  accuracy of the test records
 * Differs: features are computed once, of records without views
 */
#include <gedi/gedi.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int64_t hidden, batch, steps, classes;
    gedi_components optimizer;
} mlp_probe;

static const gedi_option mlp_probe_options[] = {
    GEDI_INT(mlp_probe, hidden, 64, 1, 65536, "units of the hidden layer"),
    GEDI_INT(mlp_probe, batch, 64, 1, 65536, "records in a step"),
    GEDI_INT(mlp_probe, steps, 1000, 1, 100000000, "steps of the optimizer"),
    GEDI_COMPONENTS(mlp_probe, optimizer, "optimizer", "one, e.g. [adam: {lr: 0.01}]"),
    GEDI_END,
};

static const gedi_metric mlp_probe_metrics[] = {
    {"accuracy", GEDI_MORE, "", "share of the test records right under a small network"},
    GEDI_METRICS_END,
};

static void mlp_probe_build(const void *self, gedi_build *b, gedi_node *const *in,
                            gedi_node **out)
{
    const mlp_probe *o = self;
    gedi_init init = {.kind = GEDI_INIT_FAN_IN, .value = 1.0};
    gedi_node *h = gedi_relu(gedi_linear(b, "hidden", in[0], o->hidden, true, init));
    gedi_node *logits = gedi_linear(b, "out", h, o->classes, true, init);
    out[0] = gedi_loss_cross_entropy(in[1], logits);
    out[1] = logits;
}

/* Records `at[0 .. n)` and their classes, as ones in rows of zeros, into the inputs. */
static void fill(gedi_program *p, const float *h, const int32_t *y, const int64_t *at,
                 int64_t n, int64_t d, int64_t k)
{
    float *q = memset(gedi_program_input(p, 1), 0, (size_t)(n * k) * sizeof *q);
    for (int64_t i = 0; i < n; i++) {
        memcpy(gedi_program_input(p, 0) + i * d, h + at[i] * d, (size_t)d * sizeof *h);
        if (y[at[i]] >= 0) /* -1: no label, and so no loss */
            q[i * k + y[at[i]]] = 1;
    }
}

/* The share of the labelled among n records whose largest logit is that of their class. */
static double right(const float *logits, const int32_t *y, int64_t n, int64_t k)
{
    int64_t hits = 0, labelled = 0;
    for (int64_t i = 0; i < n; i++) {
        int64_t best = 0;
        labelled += y[i] >= 0;
        for (int64_t c = 1; c < k; c++)
            best = logits[i * k + c] > logits[i * k + best] ? c : best;
        hits += best == y[i];
    }
    return (double)hits / (double)labelled;
}

/* Steps on random records of the training split. */
static gedi_status train(const mlp_probe *o, gedi_program *p, gedi_trial *t,
                         const float *h, int64_t *at, int64_t d, gedi_err *err)
{
    gedi_rng rng = gedi_trial_rng(t, 1);
    int64_t n = gedi_trial_count(t, GEDI_TRAIN);
    for (int64_t step = 0; step < o->steps; step++) {
        for (int64_t i = 0; i < o->batch; i++)
            at[i] = (int64_t)gedi_rng_below(&rng, (uint64_t)n);
        fill(p, h, gedi_trial_labels(t, GEDI_TRAIN), at, o->batch, d, o->classes);
        GEDI_TRY(gedi_program_run(p, err));
    }
    return GEDI_OK;
}

/* All test records at once, with the weights that have been learned. */
static gedi_status test(const mlp_probe *o, gedi_program *p, gedi_trial *t,
                        const float *h, int64_t *at, int64_t d, gedi_err *err)
{
    int64_t n = gedi_trial_count(t, GEDI_TEST);
    const int32_t *y = gedi_trial_labels(t, GEDI_TEST);
    for (int64_t i = 0; i < n; i++)
        at[i] = i;
    fill(p, h, y, at, n, d, o->classes);
    GEDI_TRY(gedi_program_run(p, err));
    gedi_trial_report(t, "accuracy", right(gedi_program_output(p, 1), y, n, o->classes),
                      NULL);
    return GEDI_OK;
}

static gedi_status mlp_probe_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    if (((const mlp_probe *)self)->optimizer.n != 1)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "optimizer: name one, e.g. [adam: {lr: 0.01}]");
    if (!gedi_trial_has_labels(t, GEDI_TRAIN) || !gedi_trial_has_labels(t, GEDI_TEST))
        return GEDI_FAIL(err, GEDI_USAGE, "both splits must have labels");
    return GEDI_OK;
}

static gedi_status mlp_probe_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    mlp_probe o = *(const mlp_probe *)self;
    const float *h[GEDI_SPLITS];
    int64_t d, tests = gedi_trial_count(t, GEDI_TEST);
    GEDI_TRY(mlp_probe_ready(self, t, err));
    GEDI_TRY(gedi_trial_features(t, GEDI_TRAIN, &h[GEDI_TRAIN], &d, err));
    GEDI_TRY(gedi_trial_features(t, GEDI_TEST, &h[GEDI_TEST], &d, err));
    o.classes = gedi_trial_classes(t);
    gedi_program_plan plan = {
        .build = mlp_probe_build,
        .self = &o,
        .inputs = 2,
        .outputs = 2,
        .input = {GEDI_DIMS(o.batch, d), GEDI_DIMS(o.batch, o.classes)},
        .rng = gedi_trial_rng(t, 0),
        .optimizer = &o.optimizer.v[0],
        .steps = o.steps,
    };
    gedi_program *learner = NULL, *judge = NULL;
    int64_t *at = calloc((size_t)(tests > o.batch ? tests : o.batch), sizeof *at);
    gedi_status s =
        at ? gedi_program_new(&plan, &learner, err) : gedi_no_memory(err, "a probe");
    plan.input[0] = GEDI_DIMS(tests, d);
    plan.input[1] = GEDI_DIMS(tests, o.classes);
    plan.optimizer = NULL;
    plan.weights_of = learner;
    if (s == GEDI_OK)
        s = gedi_program_new(&plan, &judge, err);
    if (s == GEDI_OK)
        s = train(&o, learner, t, h[GEDI_TRAIN], at, d, err);
    if (s == GEDI_OK)
        s = test(&o, judge, t, h[GEDI_TEST], at, d, err);
    gedi_program_free(judge);
    gedi_program_free(learner);
    free(at);
    return s;
}

GEDI_DEFINE(evaluator, mlp_probe) = {
    GEDI_HEAD(evaluator, mlp_probe),
    .brief = "accuracy of a small network trained on the frozen encoder's output",
    .cite = "Hewitt & Liang 2019, section 3",
    .self_size = sizeof(mlp_probe),
    .options = mlp_probe_options,
    .evaluate = mlp_probe_evaluate,
    .metrics = mlp_probe_metrics,
    .ready = mlp_probe_ready,
};
