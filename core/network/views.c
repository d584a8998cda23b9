/* views.c - what an objective sees of a batch: shapes of views, and their nodes. */
#include "core/network/network.h"
#include "core/graph/node.h"
#include "core/plugin/call.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

gedi_shape gedi__batch_shape(gedi_shape record, int64_t n)
{
    gedi_shape s = {.rank = record.rank + 1};
    s.dim[0] = n;
    for (int i = 0; i < record.rank; i++)
        s.dim[i + 1] = record.dim[i];
    return s;
}

enum { MOST_NUMBERS = INT32_MAX }; /* of a record */
static const int64_t MOST_RECORDS = INT64_C(1) << 40;

#define DIMENSIONS "each dimension is at least 1, all together at most %d"

/* How many numbers a record of that shape has; 0 where there can be no such record. */
static int64_t numbers_of(gedi_shape s)
{
    int64_t n = 1;
    for (int i = 0; i < s.rank; i++) {
        if (s.dim[i] < 1 || s.dim[i] > MOST_NUMBERS / n)
            return 0;
        n *= s.dim[i];
    }
    return n;
}

gedi_status gedi__record_check(const char *dataset, const gedi_data_info *info,
                               gedi_err *err)
{
    int rank = info->record.rank;
    char is[64];
    if (rank < 1 || rank > GEDI_MAX_RECORD_RANK)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "records of dataset %s have %d dimensions, not 1 to %d", dataset,
                         rank, GEDI_MAX_RECORD_RANK);
    if (!numbers_of(info->record))
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "records of dataset %s have shape %s: " DIMENSIONS, dataset,
                         gedi_shape_text(info->record, is, sizeof is), MOST_NUMBERS);
    for (int s = 0; s < GEDI_SPLITS; s++)
        if (info->count[s] < 0 || info->count[s] > MOST_RECORDS)
            return GEDI_FAIL(
                err, GEDI_DATA, "dataset %s has %lld %s records, not 0 to %lld", dataset,
                (long long)info->count[s], s == GEDI_TEST ? "test" : "training",
                (long long)MOST_RECORDS);
    if (info->parts < 0 || info->parts > MOST_NUMBERS / numbers_of(info->record))
        return GEDI_FAIL(err, GEDI_DATA,
                         "dataset %s: records of %lld parts: not 0 to %lld of %lld "
                         "number%s each",
                         dataset, (long long)info->parts,
                         (long long)(MOST_NUMBERS / numbers_of(info->record)),
                         (long long)numbers_of(info->record),
                         numbers_of(info->record) == 1 ? "" : "s");
    if (!isfinite((float)info->mean) || !isfinite((float)info->std) || info->std < 0 ||
        (info->std > 0 && (float)info->std == 0))
        return GEDI_FAIL(err, GEDI_DATA,
                         "dataset %s: mean %g and std %g of its pixels: both are finite, "
                         "std is above 0, or 0 where records are no images",
                         dataset, isnan(info->mean) ? NAN : info->mean,
                         isnan(info->std) ? NAN : info->std);
    if ((info->labelled[GEDI_TRAIN] || info->labelled[GEDI_TEST]) && info->classes < 1)
        return GEDI_FAIL(err, GEDI_DATA, "dataset %s has labels, but %d classes", dataset,
                         (int)info->classes);
    return GEDI_OK;
}

gedi_status gedi__pipeline_shape(const gedi__pipeline *p, gedi_shape record,
                                 gedi_shape *out, int64_t *most, gedi_err *err)
{
    char is[64];
    *out = record;
    *most = gedi_shape_size(record);
    for (int k = 0; k < p->n; k++) {
        const gedi_view *w = (const gedi_view *)p->view[k].plugin;
        const void *self = p->view[k].self;
        gedi_err own = {0};
        gedi_status s = w->accepts ? w->accepts(self, *out, &own) : GEDI_OK;
        if (s != GEDI_OK && !*own.msg)
            GEDI_FAIL(&own, s, "it does not accept records of shape %s",
                      gedi_shape_text(*out, is, sizeof is));
        if (s != GEDI_OK)
            return gedi__blame(err, s, "view", w->name, &own);
        if (w->shape)
            *out = w->shape(self, *out);
        if (out->rank < 1 || out->rank > GEDI_MAX_RECORD_RANK)
            return GEDI_FAIL(err, GEDI_SHAPE,
                             "view %s makes records of %d dimensions, not 1 to %d",
                             w->name, out->rank, GEDI_MAX_RECORD_RANK);
        int64_t n = numbers_of(*out);
        if (!n)
            return GEDI_FAIL(err, GEDI_SHAPE,
                             "view %s makes records of shape %s: " DIMENSIONS, w->name,
                             gedi_shape_text(*out, is, sizeof is), MOST_NUMBERS);
        *most = n > *most ? n : *most;
    }
    return GEDI_OK;
}

int64_t gedi__parts(const gedi_data_info *info)
{
    return info->parts > 1 ? info->parts : 1;
}

gedi_batch gedi__network_batch(const gedi__network *net, gedi_build *b)
{
    gedi_batch v = {.size = net->stage->train.batch,
                    .parts = gedi__parts(&net->info),
                    .views = net->stage->views};
    b->total = net->stage->length;
    b->records = net->info.count[GEDI_TRAIN];
    b->classes = net->info.classes;
    v.iteration = gedi__build_iteration(b);
    v.total = gedi_scalar(b->g, (double)b->total);
    v.index = gedi_input(b->g, "index", GEDI_DIMS(v.size, 1));
    if (net->info.labelled[GEDI_TRAIN])
        v.label = gedi_input(b->g, "label", GEDI_DIMS(v.size * v.parts, 1));
    return v;
}

/* An input in place of what an objective may ask for although it is not there. */
static gedi_node *stand_in(gedi_build *b, const gedi_node *like)
{
    return gedi_input(b->g, GEDI__NO_VIEW, gedi_node_shape(like));
}

void gedi__network_beyond(const gedi__network *net, gedi_build *b, gedi_batch *v)
{
    for (int i = net->stage->views; i < GEDI_MAX_VIEWS; i++) {
        v->x[i] = stand_in(b, v->x[0]);
        v->h[i] = stand_in(b, v->h[0]);
        v->z[i] = v->z[0] == v->h[0] ? v->h[i] : stand_in(b, v->z[0]);
    }
    gedi_node **part[] = {v->x, v->h, v->z};
    for (size_t k = 0; k < sizeof part / sizeof *part; k++) {
        gedi_node *none = stand_in(b, part[k][0]);
        for (int i = GEDI_MAX_VIEWS; i < GEDI_VIEWS_ROOM; i++)
            part[k][i] = none;
    }
}

void gedi__network_pass_of(const gedi__network *net, gedi_build *b, const char *who,
                           gedi_shape record, gedi_node *x, gedi_node **h, gedi_node **z)
{
    char *msg = b->g->err.msg, is[64], first[64];
    bool fine = gedi_graph_status(b->g, NULL) == GEDI_OK;
    gedi__network_pass(net, b, x, h, z);
    size_t n = strlen(msg);
    if (fine && gedi_graph_status(b->g, NULL) != GEDI_OK &&
        !gedi_shape_equal(record, net->view[0]))
        snprintf(msg + n, sizeof b->g->err.msg - n,
                 " (%s records of %s, view 1 makes %s: the encoder must take both)", who,
                 gedi_shape_text(record, is, sizeof is),
                 gedi_shape_text(net->view[0], first, sizeof first));
}

gedi_batch gedi__network_views(const gedi__network *net, gedi_build *b)
{
    gedi_batch v = gedi__network_batch(net, b);
    char who[32];
    for (int i = 0; i < net->stage->views || i == 0; i++) {
        v.x[i] = gedi_input(b->g, "x", gedi__batch_shape(net->view[i], v.size * v.parts));
        snprintf(who, sizeof who, "view %d makes", i + 1);
        gedi__network_pass_of(net, b, who, net->view[i], v.x[i], &v.h[i], &v.z[i]);
    }
    gedi__network_beyond(net, b, &v);
    return v;
}
