/* run_confusion.c - the figure `confusion`: of each class, which clusters its test records are in. */
#include "core/base/memory.h"
#include "core/report/figure.h"
#include "core/report/run_sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct confusion {
    int classes, clusters;
    bool own;           /* clusters are p(y|x)'s, not k-means' */
    double *count;      /* [clusters, classes] */
    int *order;         /* [clusters]: the row of each */
    double *share;      /* as drawn: [rows, classes] */
    char (*text)[16];   /* [rows, classes] */
    const char **words; /* [rows, classes] */
    char (*name)[16];   /* of rows, then of classes */
    const char **label;
} confusion;

static int largest(const confusion *c, int k)
{
    int best = 0;
    for (int j = 1; j < c->classes; j++)
        if (c->count[k * c->classes + j] > c->count[k * c->classes + best])
            best = j;
    return best;
}

/* Clusters by the class that most of their records have, so that a good one shows a diagonal. Row 0
 * is the lowest, so the first class comes last. */
static void sort_clusters(confusion *c)
{
    int row = 0;
    for (int j = c->classes - 1; j >= 0; j--)
        for (int k = 0; k < c->clusters; k++)
            if (largest(c, k) == j)
                c->order[row++] = k;
}

static void fill(confusion *c)
{
    for (int j = 0; j < c->classes; j++) {
        double all = 0;
        for (int k = 0; k < c->clusters; k++)
            all += c->count[k * c->classes + j];
        for (int r = 0; r < c->clusters; r++) {
            int at = r * c->classes + j;
            double n = c->count[c->order[r] * c->classes + j];
            c->share[at] = all > 0 ? n / all : NAN;
            snprintf(c->text[at], sizeof c->text[at], "%.0f", n);
            c->words[at] = c->text[at];
        }
    }
    for (int i = 0; i < c->clusters + c->classes; i++) {
        snprintf(c->name[i], sizeof c->name[i], "%d",
                 i < c->clusters ? c->order[i] : i - c->clusters);
        c->label[i] = c->name[i];
    }
}

static gedi_status draw(confusion *c, const gedi__sheet *s, gedi_err *err)
{
    gedi__figure_heatmap f = {
        .title = s->title,
        .subtitle = c->own ? "test records; colour: share of the class"
                           : "test records; colour: share of the class; " GEDI__BY_KMEANS,
        .x_name = "class",
        .y_name = "cluster",
        .nx = c->classes,
        .ny = c->clusters,
        .x_label = c->label + c->clusters,
        .y_label = c->label,
        .value = c->share,
        .text = c->words,
        .low = 0,
        .high = 1};
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->styles && status == GEDI_OK; i++) {
        f.style = &s->style[i];
        status = gedi__draw_heatmap(s->folder, "confusion", &f, err);
    }
    return status;
}

static void count(confusion *c, const int32_t *cluster, const int32_t *label, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        if (label[i] >= 0 && label[i] < c->classes)
            c->count[cluster[i] * c->classes + label[i]]++;
}

/* Of the clusters of all test records. */
static gedi_status make(confusion *c, const int32_t *cluster, const int32_t *label,
                        const gedi__sheet *s, gedi_err *err)
{
    size_t cells = (size_t)(c->classes * c->clusters),
           names = (size_t)(c->classes + c->clusters);
    c->count = calloc(cells, sizeof *c->count);
    c->order = calloc((size_t)c->clusters, sizeof *c->order);
    c->share = calloc(cells, sizeof *c->share);
    c->text = calloc(cells, sizeof *c->text);
    c->words = calloc(cells, sizeof *c->words);
    c->name = calloc(names, sizeof *c->name);
    c->label = calloc(names, sizeof *c->label);
    if (!c->count || !c->order || !c->share || !c->text || !c->words || !c->name ||
        !c->label)
        return gedi_no_memory(err, "a figure");
    count(c, cluster, label, gedi_trial_count(s->trial, GEDI_TEST));
    sort_clusters(c);
    fill(c);
    return draw(c, s, err);
}

gedi_status gedi__run_confusion(const gedi__sheet *s, gedi_err *err)
{
    gedi_trial *t = s->trial;
    const int32_t *label = gedi_trial_labels(t, GEDI_TEST);
    confusion c = {.classes = gedi_trial_classes(t)};
    int32_t *cluster;
    int64_t k;
    GEDI_TRY(gedi__run_assigned(t, GEDI_TEST, &cluster, &k, &c.own, err));
    c.clusters = (int)k;
    gedi_status status = make(&c, cluster, label, s, err);
    free(cluster);
    free(c.count);
    free(c.order);
    free(c.share);
    free(c.text);
    free(c.words);
    free(c.name);
    free(c.label);
    return status;
}
