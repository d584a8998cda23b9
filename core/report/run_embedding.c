/* run_embedding.c - the figure `embedding`: features in the plane of their first two principal
 * components.
 */
#include "core/base/memory.h"
#include "core/metric/principal.h"
#include "core/report/figure.h"
#include "core/report/run_sheet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CELLS = 100, /* along the longer side of the plane */
    LOWEST = 60, /* percent of its width that its height is, at least */
};

static const char *const split_name[] = {[GEDI_TRAIN] = "training", [GEDI_TEST] = "test"};

typedef struct embedding {
    gedi_split split;
    bool classes;         /* else clusters */
    int64_t d, k;         /* features of a record; classes or clusters */
    int64_t all;          /* records that have a class, or a cluster */
    int64_t n;            /* of them, those that are drawn */
    const float *h;       /* [records, D] */
    int32_t *cluster;     /* [records]; NULL: by classes */
    bool own;             /* clusters are p(y|x)'s, not k-means' */
    const int32_t *label; /* [records], -1 for none; NULL: all are drawn alike */
    float *x, *y;         /* [n, D], [n, 2] */
    int32_t *kind;        /* [n] */
    gedi__plane_of plane;
} embedding;

static int32_t kind_of(const embedding *m, int64_t i)
{
    if (m->classes)
        return m->label ? m->label[i] : 0;
    return m->cluster[i];
}

/* How many of the split's records have a class, or a cluster. */
static int64_t count(const embedding *m, int64_t records)
{
    int64_t n = 0;
    for (int64_t i = 0; i < records; i++)
        n += kind_of(m, i) >= 0;
    return n;
}

/* What the network says of the split. Where no record has a class, all are of one kind. */
static gedi_status see(embedding *m, const gedi__sheet *s, gedi_err *err)
{
    gedi_trial *t = s->trial;
    int64_t records = gedi_trial_count(t, m->split);
    if (records < 1)
        return GEDI_FAIL(err, GEDI_STATE, "there are no %s records",
                         split_name[m->split]);
    m->k = gedi_trial_classes(t);
    m->label = m->classes ? gedi_trial_labels(t, m->split) : NULL;
    GEDI_TRY(gedi_trial_features(t, m->split, &m->h, &m->d, err));
    if (!m->classes)
        GEDI_TRY(gedi__run_assigned(t, m->split, &m->cluster, &m->k, &m->own, err));
    if (m->classes && !(m->label && m->k > 0 && count(m, records))) {
        m->label = NULL;
        m->k = 1;
    }
    m->all = count(m, records);
    m->n = m->all < s->print->records ? m->all : s->print->records;
    return GEDI_OK;
}

/* Those that are drawn, spread evenly over all: records of one class may follow one another. */
static gedi_status choose(embedding *m, gedi_err *err)
{
    size_t n = (size_t)m->n, d = (size_t)m->d;
    m->x = gedi__alloc(n * d, sizeof *m->x, err, "a figure of %zu records", n);
    m->y = gedi__alloc(2 * n, sizeof *m->y, err, "a figure of %zu records", n);
    m->kind = gedi__alloc(n, sizeof *m->kind, err, "a figure of %zu records", n);
    if (!m->x || !m->y || !m->kind)
        return GEDI_NOMEM;
    int64_t seen = 0, at = 0;
    for (int64_t i = 0; at < m->n; i++) {
        int32_t kind = kind_of(m, i);
        if (kind < 0 || seen++ != at * m->all / m->n)
            continue;
        memcpy(m->x + at * m->d, m->h + i * m->d, d * sizeof *m->x);
        m->kind[at++] = kind;
    }
    return GEDI_OK;
}

/* "PC 1 (43 % of variance)" */
static void name_axis(const embedding *m, int i, char *out, size_t size)
{
    double share = 100 * m->plane.variance[i] / m->plane.total;
    if (m->plane.total > 0)
        snprintf(out, size,
                 share > 0 && (share < 9.95 || (share >= 99.5 && share < 99.95))
                     ? "PC %d (%.1f %% of variance)"
                     : "PC %d (%.0f %% of variance)",
                 i + 1, share);
    else
        snprintf(out, size, "PC %d (no variance)", i + 1);
}

/* A plane that is not flat, whatever the components are. */
static gedi__grid plane_around(const embedding *m)
{
    gedi__grid g = gedi__grid_around(m->y, m->n, CELLS);
    int more = (LOWEST * g.nx + 99) / 100 - g.ny;
    double cell = (g.y1 - g.y0) / (g.ny - 1);
    if (more > 0) {
        g.y0 -= cell * more / 2;
        g.y1 += cell * more / 2;
        g.ny += more;
    }
    return g;
}

static gedi_status draw(const embedding *m, const gedi__sheet *s, gedi_err *err)
{
    char subtitle[200], some[40] = "", name[2][48];
    for (int i = 0; i < 2; i++)
        name_axis(m, i, name[i], sizeof name[i]);
    const char *axis[2] = {name[0], name[1]};
    if (m->n < m->all)
        snprintf(some, sizeof some, "%lld of ", (long long)m->n);
    snprintf(subtitle, sizeof subtitle, "%lld feature%s of %s%lld %s records%s%s",
             (long long)m->d, m->d > 1 ? "s" : "", some, (long long)m->all,
             split_name[m->split], m->plane.total > 0 ? "" : ", all equal",
             m->classes || m->own ? "" : "; " GEDI__BY_KMEANS);
    gedi__figure_clusters f = {
        .title = s->title,
        .subtitle = subtitle,
        .classes = m->classes,
        .clusters = (int)m->k,
        .n = m->n,
        .points = m->y,
        .cluster = m->kind,
        .grid = plane_around(m),
        .nmi = NAN,
        .axis = axis,
    };
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->styles && status == GEDI_OK; i++) {
        f.style = &s->style[i];
        status = gedi__draw_clusters(s->folder, "embedding", &f, err);
    }
    return status;
}

gedi_status gedi__run_embedding(const gedi__sheet *s, gedi_err *err)
{
    embedding m = {.split = (gedi_split)s->print->split, .classes = !s->print->colour};
    gedi_status status = see(&m, s, err);
    if (status == GEDI_OK)
        status = choose(&m, err);
    if (status == GEDI_OK)
        status = gedi__principal_plane(m.x, m.n, m.d, m.y, &m.plane, err);
    if (status == GEDI_OK)
        status = draw(&m, s, err);
    free(m.x);
    free(m.y);
    free(m.kind);
    free(m.cluster);
    return status;
}
