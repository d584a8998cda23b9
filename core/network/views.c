/* views.c - what an objective sees of a batch: shapes of views, and their nodes. */
#include "core/network/network.h"

gedi_shape gedi__batch_shape(gedi_shape record, int64_t n)
{
    gedi_shape s = {.rank = record.rank + 1};
    s.dim[0] = n;
    for (int i = 0; i < record.rank; i++)
        s.dim[i + 1] = record.dim[i];
    return s;
}

gedi_status gedi__record_check(const char *dataset, gedi_shape record, gedi_err *err)
{
    if (record.rank < 1 || record.rank > GEDI_MAX_RECORD_RANK)
        return GEDI_FAIL(err, GEDI_SHAPE,
                         "records of dataset %s have %d dimensions, not 1 to %d", dataset,
                         record.rank, GEDI_MAX_RECORD_RANK);
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
        if (w->accepts)
            GEDI_TRY(w->accepts(self, *out, err));
        if (w->shape)
            *out = w->shape(self, *out);
        int64_t n = out->rank > 0 ? gedi_shape_size(*out) : 0;
        if (out->rank < 1 || out->rank > GEDI_MAX_RECORD_RANK || n < 1)
            return GEDI_FAIL(
                err, GEDI_SHAPE,
                "view %s makes records of shape %s; 1 to %d dimensions, none "
                "of them empty",
                w->name, gedi_shape_text(*out, is, sizeof is), GEDI_MAX_RECORD_RANK);
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
    b->total = net->stage->train.iterations;
    b->records = net->info.count[GEDI_TRAIN];
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
    return gedi_input(b->g, "a view that the descriptor does not give",
                      gedi_node_shape(like));
}

void gedi__network_beyond(const gedi__network *net, gedi_build *b, gedi_batch *v)
{
    for (int i = net->stage->views; i < GEDI_MAX_VIEWS; i++) {
        v->x[i] = stand_in(b, v->x[0]);
        v->h[i] = stand_in(b, v->h[0]);
        v->z[i] = v->z[0] == v->h[0] ? v->h[i] : stand_in(b, v->z[0]);
    }
}

gedi_batch gedi__network_views(const gedi__network *net, gedi_build *b)
{
    gedi_batch v = gedi__network_batch(net, b);
    for (int i = 0; i < net->stage->views || i == 0; i++) {
        v.x[i] = gedi_input(b->g, "x", gedi__batch_shape(net->view[i], v.size * v.parts));
        gedi__network_pass(net, b, v.x[i], &v.h[i], &v.z[i]);
    }
    gedi__network_beyond(net, b, &v);
    return v;
}
