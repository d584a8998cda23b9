/* run_sheet.h - what every figure of a run is drawn from; one function a figure. */
#ifndef GEDI_REPORT_RUN_SHEET_H
#define GEDI_REPORT_RUN_SHEET_H

#include "core/evaluate/trial.h"
#include "core/report/chart.h"

enum { GEDI__MOST_CONFUSED = 40 }; /* clusters, and classes: what can still be read */

typedef struct gedi__sheet {
    gedi_trial *trial;
    const gedi__experiment *e;
    const char *title;        /* "gedi on moons, seed 0" */
    const char *directory;    /* of the run */
    const char *folder;       /* of the figures */
    const gedi__print *print; /* of the figure that is drawn */
    int styles;               /* of the figure that is drawn: for a screen, for print */
    gedi__style style[2];
} gedi__sheet;

gedi_status gedi__run_clusters(const gedi__sheet *s, gedi_err *err); /* run_plane.c */
gedi_status gedi__run_confusion(const gedi__sheet *s,
                                gedi_err *err); /* run_confusion.c */
gedi_status gedi__run_density(const gedi__sheet *s, gedi_err *err);
gedi_status gedi__run_embedding(const gedi__sheet *s,
                                gedi_err *err); /* run_embedding.c */
/* What the evaluators of a plugin have kept, as the figure of its name; run_histograms.c. */
gedi_status gedi__run_histograms(const gedi__sheet *s, const char *plugin,
                                 const char *subtitle, gedi_err *err);
gedi_status gedi__run_losses(const gedi__sheet *s, gedi_err *err); /* run_logs.c */
gedi_status gedi__run_schedules(const gedi__sheet *s, gedi_err *err);
gedi_status gedi__run_validation(const gedi__sheet *s, gedi_err *err);
gedi_status gedi__run_samples(const gedi__sheet *s, gedi_err *err); /* run_samples.c */

/* The figure samples-along, of those that gedi__run_moment has drawn; run_moments.c. */
gedi_status gedi__draw_moments(const gedi__sheet *s, gedi_err *err);

/* Most probable clusters of n records: p [n, K]. run_clusters.c. */
void gedi__run_argmax(const float *p, int64_t n, int64_t k, int32_t *out);
/* Without p(y|x): k-means of the features of all records, as evaluator clustering does by default, with the same random
 * numbers, so that its figures and this one are of the same clusters. */
gedi_status gedi__run_kmeans(gedi_trial *t, gedi_split split, int32_t *out /* [N] */,
                             int64_t *k, gedi_err *err);
/* Whichever there are, of all records; free() *out. own: they are p(y|x)'s. */
gedi_status gedi__run_assigned(gedi_trial *t, gedi_split split, int32_t **out, int64_t *k,
                               bool *own, gedi_err *err);
#define GEDI__BY_KMEANS "clusters: k-means of the encoder's output"

/* At most n records of a split, as many as there are: x [*n, record]; free() it. */
gedi_status gedi__run_records(const gedi__batches *data, gedi_split split, int64_t *n,
                              float **x, gedi_err *err);

#endif
