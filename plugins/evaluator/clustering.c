/* clustering.c - how well the clusters agree with the classes.
 *
 * Source:  gedi/metric.h names the source of each metric.
 * Inputs:  p(y|x)  [N, K]  of every record of a split; labels [N]
 *          where the objective has no p(y|x): features  [N, D]  of the encoder
 * Output:  nmi, ami, ari, accuracy, clusters_used; a record's cluster is the argmax of
 *          p(y|x), the first one among equals; without p(y|x) k-means of the features, as
 *          many clusters as there are classes. nmi_batch is the mean NMI of batches, to
 *          compare with papers that average so: it is far from 0 even for random clusters
 *          (.21 for 10 clusters, 10 classes and batches of 100), which nmi_batch_chance
 *          measures by clusters that are dealt to the records anew.
 * Differs: batches are of records in random order, so that a dataset that is sorted by
 *          class has the same value; the last batch may be smaller and then counts less,
 *          as the NMI of few records is large whatever they are.
 */
#include "gedi/plugin.h"
#include "plugins/evaluator/largest.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CLUSTERING_DEALS = 10 /* permutations that the chance level is the mean of */ };
/* Generators of this evaluator. */
enum { CLUSTERING_KMEANS, CLUSTERING_BATCHES };

typedef struct clustering {
    int64_t split;
    int64_t restarts;
    int64_t batch_size;
} clustering;

#define CLUSTERING_SPLITS "test|train"
static const gedi_split clustering_split[] = {GEDI_TEST, GEDI_TRAIN};

static const gedi_option clustering_options[] = {
    GEDI_ENUM(clustering, split, 0, CLUSTERING_SPLITS, "the records to cluster"),
    GEDI_INT(clustering, restarts, 10, 1, 1000,
             "restarts of k-means, where the objective has no p(y|x)"),
    GEDI_INT(clustering, batch_size, 100, 0, 10000000,
             "records per batch for nmi_batch; 0: no nmi_batch"),
    GEDI_END,
};

static const gedi_metric clustering_metrics[] = {
    {"nmi", GEDI_MORE, "",
     "mutual information of clusters and classes over the mean of their entropies"},
    {"ami", GEDI_MORE, "", "mutual information adjusted for chance"},
    {"ari", GEDI_MORE, "", "adjusted Rand index"},
    {"accuracy", GEDI_MORE, "",
     "share of records right under the best matching of clusters to classes"},
    {"clusters_used", GEDI_NEITHER, "clusters", "number of clusters that have a record"},
    {"nmi_batch", GEDI_MORE, "", "mean of the nmi of batches: to compare with papers"},
    {"nmi_batch_chance", GEDI_NEITHER, "",
     "nmi_batch of clusters dealt to the records at random"},
    {"kmeans", GEDI_NEITHER, "",
     "1: the clusters are those of k-means, as the objective has no p(y|x)"},
    GEDI_METRICS_END,
};

static const char *const clustering_records[] = {"test", "training"}; /* by option */

/* Where the clusters are from is said in each definition, so that values of objectives
 * with p(y|x) and without can be told apart. */
typedef struct clustering_values {
    gedi_trial *t;
    const clustering *o;
    bool kmeans;
} clustering_values;

static void clustering_say(const clustering_values *f, const char *name, double value,
                           const char *what)
{
    char by[96] = "argmax of p(y|x)", text[320];
    if (f->kmeans)
        snprintf(by, sizeof by,
                 "k-means of the encoder's output (greedy k-means++, the best of %lld)",
                 (long long)f->o->restarts);
    snprintf(text, sizeof text, "%s; clusters: %s", what, by);
    gedi_trial_report(f->t, name, value, text);
}

/* The same of a value over a whole split. */
static void clustering_say_whole(const clustering_values *f, const char *name,
                                 double value, const char *what)
{
    char text[200];
    snprintf(text, sizeof text, "%s, all %s records at once", what,
             clustering_records[f->o->split]);
    clustering_say(f, name, value, text);
}

/* *used: how many of the k clusters y [n] has. */
static gedi_status clustering_count(const int32_t *y, int64_t n, int64_t k, int64_t *used,
                                    gedi_err *err)
{
    bool *seen = calloc((size_t)k, sizeof *seen);
    if (!seen)
        return gedi_no_memory(err, "%lld clusters", (long long)k);
    *used = 0;
    for (int64_t i = 0; i < n; i++) {
        *used += !seen[y[i]];
        seen[y[i]] = true;
    }
    free(seen);
    return GEDI_OK;
}

static void clustering_shuffle(gedi_rng *r, int32_t *x, int32_t *y, int64_t n)
{
    for (int64_t i = n - 1; i > 0; i--) {
        int64_t j = (int64_t)gedi_rng_below(r, (uint64_t)i + 1);
        int32_t at = y[i];
        y[i] = y[j];
        y[j] = at;
        if (x) {
            at = x[i];
            x[i] = x[j];
            x[j] = at;
        }
    }
}

static gedi_status clustering_mean(const clustering *o, const int32_t *truth,
                                   int32_t classes, const int32_t *y, int32_t k,
                                   int64_t n, double *mean, gedi_err *err)
{
    double sum = 0.0, nmi;
    for (int64_t at = 0, m; at < n; at += m) {
        m = o->batch_size < n - at ? o->batch_size : n - at;
        GEDI_TRY(gedi_nmi(truth + at, classes, y + at, k, m, &nmi, err));
        sum += nmi * (double)m;
    }
    *mean = sum / (double)n;
    return GEDI_OK;
}

/* Mixes truth and y [n]. */
static gedi_status clustering_batches(const clustering_values *f, int32_t *truth,
                                      int32_t *y, int64_t n, int64_t k, gedi_err *err)
{
    int32_t classes = gedi_trial_classes(f->t);
    gedi_rng r = gedi_trial_rng(f->t, CLUSTERING_BATCHES);
    double batch, chance = 0.0, one;
    clustering_shuffle(&r, truth, y, n);
    GEDI_TRY(clustering_mean(f->o, truth, classes, y, (int32_t)k, n, &batch, err));
    for (int i = 0; i < CLUSTERING_DEALS; i++) {
        clustering_shuffle(&r, NULL, y, n);
        GEDI_TRY(clustering_mean(f->o, truth, classes, y, (int32_t)k, n, &one, err));
        chance += one / CLUSTERING_DEALS;
    }
    char text[160];
    snprintf(
        text, sizeof text,
        "mean of the nmi of batches of %lld %s records in random order, by their size "
        "(see nmi_batch_chance)",
        (long long)f->o->batch_size, clustering_records[f->o->split]);
    clustering_say(f, "nmi_batch", batch, text);
    snprintf(text, sizeof text,
             "nmi_batch of clusters that are dealt to the records at random, mean of %d "
             "deals",
             CLUSTERING_DEALS);
    clustering_say(f, "nmi_batch_chance", chance, text);
    return GEDI_OK;
}

static void clustering_say_agreement(const clustering_values *f, const gedi_agreement *a)
{
    clustering_say_whole(f, "nmi", a->nmi,
                         "mutual information of clusters and classes over the arithmetic "
                         "mean of entropies");
    clustering_say_whole(f, "ami", a->ami,
                         "mutual information adjusted for chance, arithmetic mean of "
                         "entropies");
    clustering_say_whole(f, "ari", a->ari, "adjusted Rand index");
    clustering_say_whole(f, "accuracy", a->accuracy,
                         "share of records right under the best one-to-one matching of "
                         "clusters to classes");
}

/* The labels and clusters of the records that have a label, to the front of `truth` and y;
 * how many these are. */
static int64_t clustering_keep_labelled(const int32_t *label, int64_t n, int32_t *truth,
                                        int32_t *y)
{
    int64_t m = 0;
    for (int64_t i = 0; i < n; i++)
        if (label[i] >= 0) {
            truth[m] = label[i];
            y[m++] = y[i];
        }
    return m;
}

/* Of n records with a label; truth and y are mixed. */
static gedi_status clustering_agree(const clustering_values *f, int32_t *truth,
                                    int32_t *y, int64_t n, int64_t k, gedi_err *err)
{
    gedi_agreement a;
    GEDI_TRY(gedi_agree(truth, gedi_trial_classes(f->t), y, (int32_t)k, n, &a, err));
    clustering_say_agreement(f, &a);
    return f->o->batch_size ? clustering_batches(f, truth, y, n, k, err) : GEDI_OK;
}

/* y [n] is mixed. */
static gedi_status clustering_report(const clustering_values *f, gedi_split split,
                                     int32_t *y, int64_t n, int64_t k, gedi_err *err)
{
    const int32_t *label = gedi_trial_labels(f->t, split);
    int64_t used = 0, m = 0;
    char text[160];
    GEDI_TRY(clustering_count(y, n, k, &used, err));
    int32_t *truth = malloc((size_t)n * sizeof *truth);
    if (!truth)
        return gedi_no_memory(err, "%lld records", (long long)n);
    if (label)
        m = clustering_keep_labelled(label, n, truth, y);
    gedi_status s = m ? clustering_agree(f, truth, y, m, k, err) : GEDI_OK;
    free(truth);
    if (s == GEDI_OK && m) {
        snprintf(text, sizeof text,
                 "number of clusters that have a record, all %s records at once",
                 clustering_records[f->o->split]);
        clustering_say(f, "clusters_used", (double)used, text);
    } else if (s == GEDI_OK) {
        clustering_say(f, "clusters_used", (double)used,
                       "number of clusters that have a record (the split has no labels, "
                       "so there is no nmi, ami, ari and accuracy)");
    }
    return s;
}

/* Clusters of an objective that has none itself. */
static gedi_status clustering_kmeans(const clustering *o, gedi_trial *t, gedi_split split,
                                     int64_t n, int64_t k, int32_t *y, gedi_err *err)
{
    const float *h;
    int64_t d;
    gedi_rng rng = gedi_trial_rng(t, CLUSTERING_KMEANS);
    GEDI_TRY(gedi_trial_features(t, split, &h, &d, err));
    return gedi_kmeans(h, n, d, k, (int)o->restarts, 100, &rng, y, NULL, err);
}

/* Without labels the clusters are counted, and nothing else. */
static void clustering_omit(const clustering *o, gedi_trial *t)
{
    static const char *const name[] = {"nmi", "ami", "ari", "accuracy", "nmi_batch*"};
    bool labelled = gedi_trial_has_labels(t, clustering_split[o->split]);
    for (size_t i = 0; !labelled && i < sizeof name / sizeof *name; i++)
        gedi_trial_omit(t, name[i], "the records have no labels");
    if (!o->batch_size)
        gedi_trial_omit(t, "nmi_batch*", "batch_size is 0");
}

static gedi_status clustering_ready(const void *self, gedi_trial *t, gedi_err *err)
{
    const clustering *o = self;
    gedi_split split = clustering_split[o->split];
    if (gedi_trial_count(t, split) < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "split: the %s split has no records",
                         split == GEDI_TEST ? "test" : "train");
    clustering_omit(o, t);
    if (gedi_trial_has_clusters(t))
        return GEDI_OK;
    if (gedi_trial_classes(t) < 1)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "the objective has no p(y|x), and the data have no classes, of "
                         "which k-means would take the number");
    if (gedi_trial_count(t, split) < gedi_trial_classes(t))
        return GEDI_FAIL(err, GEDI_USAGE,
                         "the objective has no p(y|x), and %lld records are too few for "
                         "k-means into %d clusters, one for each class",
                         (long long)gedi_trial_count(t, split), gedi_trial_classes(t));
    return GEDI_OK;
}

static gedi_status clustering_evaluate(const void *self, gedi_trial *t, gedi_err *err)
{
    const clustering *o = self;
    gedi_split split = clustering_split[o->split];
    int64_t n = gedi_trial_count(t, split), k = 0;
    GEDI_TRY(clustering_ready(self, t, err));
    const float *p = NULL;
    gedi_status s = GEDI_OK;
    bool kmeans = !gedi_trial_has_clusters(t);
    if (!kmeans)
        GEDI_TRY(gedi_trial_assignments(t, split, &p, &k, err));
    int32_t *y = malloc((size_t)n * sizeof *y);
    if (!y)
        return gedi_no_memory(err, "%lld records", (long long)n);
    if (kmeans) {
        k = gedi_trial_classes(t);
        s = clustering_kmeans(o, t, split, n, k, y, err);
        gedi_trial_report(t, "kmeans", 1, NULL);
    } else {
        s = largest_of_each(p, n, k, y, err);
    }
    if (s == GEDI_OK)
        s = clustering_report(&(clustering_values){t, o, kmeans}, split, y, n, k, err);
    free(y);
    return s;
}

GEDI_DEFINE(evaluator, clustering) = {
    GEDI_HEAD(evaluator, clustering),
    .revision = 1, /* k-means begins with greedy k-means++ */
    .brief = "agreement of the clusters with the classes: NMI, AMI, ARI, accuracy",
    .cite =
        "Vinh et al. 2010 (NMI, AMI); Hubert & Arabie 1985 (ARI); Kuhn 1955 (accuracy)",
    .self_size = sizeof(clustering),
    .options = clustering_options,
    .evaluate = clustering_evaluate,
    .metrics = clustering_metrics,
    .ready = clustering_ready,
};
