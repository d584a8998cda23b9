/* finetune.c - what the encoder becomes when it is trained on with labels.
 *
 * Source:  Chen et al. 2020, "A simple framework for contrastive learning of visual
 *          representations", Section 4.2: the whole network is trained on some of the labels
 * Inputs:  records  [N, ...]  without views; labels  [N]; the encoder's weights, which stay
 *          as they are: a copy is trained
 * Output:  accuracy of the test records, under the copy and a linear layer on it
 * Differs: the optimizer is an option; there are no views.
 */
#include "gedi/program.h"
#include "plugins/evaluator/features.h"
#include "plugins/evaluator/largest.h"

typedef struct finetune {
    int64_t epochs, batch;
    double labels;
    gedi_components optimizer;
    int32_t classes; /* of the data, once they are known */
    const gedi_trial *trial;
} finetune;

static const gedi_option finetune_options[] = {
    GEDI_INT(finetune, epochs, 20, 1, 1000000,
             "passes over the training records whose labels are used, without views"),
    GEDI_INT(finetune, batch, 100, 1, 10000000, "records in a batch"),
    GEDI_REAL(finetune, labels, 1.0, 1e-9, 1.0, FEATURES_LABELS_HELP),
    GEDI_COMPONENTS_BY(finetune, optimizer, "optimizer", "adam",
                       "one, e.g. [sgd: {lr: 0.01, momentum: 0.9}]"),
    GEDI_END,
};

static const gedi_metric finetune_metrics[] = {
    {"accuracy", GEDI_MORE, "",
     "share of the test records right under the encoder and a linear layer, trained on with "
     "labels"},
    GEDI_METRICS_END,
};

static void finetune_build(const void *self, gedi_build *b, gedi_node *const *in,
                           gedi_node **out)
{
    const finetune *o = self;
    gedi_init init = {.kind = GEDI_INIT_FAN_IN, .value = 1.0};
    gedi_node *h = gedi_trial_encode(o->trial, b, in[0]);
    gedi_node *logits = gedi_linear(b, "finetune", h, o->classes, true, init);
    out[0] = gedi_loss_cross_entropy(gedi_one_hot(in[1], o->classes), logits);
    out[1] = logits;
}

/* Training records with a label that is used: n of them. */
typedef struct chosen {
    int64_t n, *at;
    int32_t *label;
} chosen;

static void chosen_clear(chosen *c)
{
    free(c->at);
    free(c->label);
}

static void keep_only(chosen *c, const bool *keep)
{
    int64_t m = 0;
    for (int64_t i = 0; i < c->n; i++)
        if (keep[i]) {
            c->at[m] = c->at[i];
            c->label[m++] = c->label[i];
        }
    c->n = m;
}

static gedi_status choose(const finetune *o, gedi_trial *t, chosen *c, gedi_err *err)
{
    int64_t all = gedi_trial_count(t, GEDI_TRAIN), m;
    const int32_t *label = gedi_trial_labels(t, GEDI_TRAIN);
    c->at = malloc((size_t)all * sizeof *c->at);
    c->label = malloc((size_t)all * sizeof *c->label);
    bool *keep = malloc((size_t)all * sizeof *keep);
    gedi_status s = GEDI_OK;
    if (!c->at || !c->label || !keep)
        s = gedi_no_memory(err, "labels of %lld records", (long long)all);
    for (int64_t i = 0; s == GEDI_OK && i < all; i++)
        if (label[i] >= 0) {
            c->at[c->n] = i;
            c->label[c->n++] = label[i];
        }
    if (s == GEDI_OK && !c->n)
        s = GEDI_FAIL(err, GEDI_USAGE, "no training record has a label");
    if (s == GEDI_OK && o->labels < 1) {
        s = features_draw(t, c->label, c->n, o->labels, keep, &m, err);
        keep_only(c, keep);
    }
    free(keep);
    return s;
}

/* One pass in an order of its own; what is left over at the end is dropped. */
static gedi_status train_epoch(gedi_program *p, gedi_trial *t, const chosen *c,
                               int64_t batch, gedi_rng *rng, int64_t *order,
                               gedi_err *err)
{
    int64_t record = gedi_trial_record(t);
    float *x = gedi_program_input(p, 0), *label = gedi_program_input(p, 1);
    gedi_rng_permutation(rng, order, c->n);
    for (int64_t first = 0; first + batch <= c->n; first += batch) {
        for (int64_t i = 0; i < batch; i++) {
            int64_t k = order[first + i];
            GEDI_TRY(gedi_trial_read(t, GEDI_TRAIN, c->at[k], 1, x + i * record, err));
            label[i] = (float)c->label[k];
        }
        GEDI_TRY(gedi_program_run(p, err));
    }
    return GEDI_OK;
}

static gedi_status train(const finetune *o, gedi_program *p, gedi_trial *t,
                         const chosen *c, int64_t batch, gedi_err *err)
{
    gedi_rng rng = gedi_trial_rng(t, 2);
    gedi_status s = GEDI_OK;
    int64_t *order = malloc((size_t)c->n * sizeof *order);
    if (!order)
        return gedi_no_memory(err, "the order of %lld records", (long long)c->n);
    for (int64_t i = 0; s == GEDI_OK && i < o->epochs; i++)
        s = train_epoch(p, t, c, batch, &rng, order, err);
    free(order);
    return s;
}

enum { AT_ONCE = 250 }; /* test records */

/* Share of the test records with a label that `p`, built for AT_ONCE records, gets right. */
static gedi_status judge(const finetune *o, gedi_program *p, gedi_trial *t,
                         double *accuracy, gedi_err *err)
{
    const int32_t *label = gedi_trial_labels(t, GEDI_TEST);
    int64_t n = gedi_trial_count(t, GEDI_TEST), right = 0, all = 0;
    memset(gedi_program_input(p, 1), 0, AT_ONCE * sizeof(float));
    for (int64_t first = 0, m; first < n; first += m) {
        m = n - first < AT_ONCE ? n - first : AT_ONCE;
        GEDI_TRY(gedi_trial_read(t, GEDI_TEST, first, m, gedi_program_input(p, 0), err));
        GEDI_TRY(gedi_program_run(p, err));
        for (int64_t i = 0; i < m; i++) {
            all += label[first + i] >= 0;
            right += label[first + i] >= 0 &&
                     largest_of(gedi_program_output(p, 1) + i * o->classes, o->classes) ==
                         label[first + i];
        }
    }
    *accuracy = (double)right / (double)all;
    return all ? GEDI_OK : GEDI_FAIL(err, GEDI_USAGE, "no test record has a label");
}

/* That of a learner. */
static gedi_program_plan plan_of(const finetune *o, gedi_trial *t, int64_t batch,
                                 int64_t labels)
{
    return (gedi_program_plan){
        .build = finetune_build,
        .self = o,
        .inputs = 2,
        .outputs = 2,
        .input = {gedi_trial_batch(t, batch), GEDI_DIMS(batch, 1)},
        .rng = gedi_trial_rng(t, 0),
        .optimizer = &o->optimizer.v[0],
        .steps = batch ? o->epochs * (labels / batch) : 0,
        .begins_as = t,
    };
}

/* How many records have a label is not known yet. */
static gedi_status build_once(finetune o, gedi_trial *t, gedi_err *err)
{
    int64_t n = gedi_trial_count(t, GEDI_TRAIN);
    gedi_err own = {0};
    o.classes = gedi_trial_classes(t);
    o.trial = t;
    gedi_program_plan plan = plan_of(&o, t, o.batch < n ? o.batch : n, n);
    gedi_status s = gedi_program_check(&plan, &own);
    return s ? GEDI_FAIL(err, s, "batch: %lld: %s", (long long)o.batch, own.msg)
             : GEDI_OK;
}

static gedi_status finetune_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const finetune *o = self;
    if (o->optimizer.n != 1)
        return GEDI_FAIL(err, GEDI_OPTION,
                         "optimizer: name one, e.g. [adam: {lr: 0.001}]");
    GEDI_TRY(gedi_program_optimizer(&o->optimizer.v[0], err));
    GEDI_TRY(features_there(t, err));
    GEDI_TRY(features_of_classes(t, err));
    return build_once(*o, t, err);
}

static void report(const finetune *o, gedi_trial *t, const chosen *c, int64_t batch,
                   double accuracy)
{
    char text[800], by[500], labels[64];
    const features used = {.n = c->n};
    snprintf(text, sizeof text,
             "share of the test records that are right under the encoder and a linear "
             "layer, trained on with labels: %lld epochs of %s, batch %lld%s",
             (long long)o->epochs, gedi_component_text(&o->optimizer.v[0], by, sizeof by),
             (long long)batch, features_labels(&used, o->labels, labels));
    gedi_trial_report(t, "accuracy", accuracy, text);
}

static gedi_status finetune_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    finetune o = *(const finetune *)self;
    chosen c = {0};
    double accuracy = 0;
    GEDI_TRY(finetune_ready(self, t, err));
    o.classes = gedi_trial_classes(t);
    o.trial = t;
    gedi_status s = choose(&o, t, &c, err);
    int64_t batch = o.batch < c.n ? o.batch : c.n;
    gedi_program_plan plan = plan_of(&o, t, batch, c.n);
    gedi_program *learner = NULL, *tester = NULL;
    if (s == GEDI_OK)
        s = gedi_program_new(&plan, &learner, err);
    if (s == GEDI_OK)
        s = train(&o, learner, t, &c, batch, err);
    plan.input[0] = gedi_trial_batch(t, AT_ONCE);
    plan.input[1] = GEDI_DIMS(AT_ONCE, 1);
    plan.optimizer = NULL;
    plan.weights_of = learner;
    if (s == GEDI_OK)
        s = gedi_program_new(&plan, &tester, err);
    if (s == GEDI_OK)
        s = judge(&o, tester, t, &accuracy, err);
    if (s == GEDI_OK)
        report(&o, t, &c, batch, accuracy);
    gedi_program_free(tester);
    gedi_program_free(learner);
    chosen_clear(&c);
    return s;
}

GEDI_DEFINE(evaluator, finetune) = {
    GEDI_HEAD(evaluator, finetune),
    .brief = "accuracy of the encoder and a linear layer, trained on with labels",
    .cite = "Chen et al. 2020, Section 4.2",
    .self_size = sizeof(finetune),
    .options = finetune_options,
    .evaluate = finetune_evaluate,
    .metrics = finetune_metrics,
    .ready = finetune_ready,
};
