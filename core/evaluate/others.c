/* others.c - datasets that are not the run's own, and that its evaluators look at. */
#include "core/evaluate/others.h"
#include "core/network/network.h"
#include "core/plugin/call.h"

#include <string.h>

gedi_status gedi__other_open(const gedi__experiment *e, const gedi_component *c,
                             gedi_shape record, gedi_data_info *info, gedi_err *err)
{
    char is[64], ours[64];
    GEDI_TRY(gedi__dataset_open(c, e->seed, e->directory, info, err));
    gedi_status s = gedi__record_check(c->plugin->name, info, err);
    if (s == GEDI_OK && gedi_shape_equal(info->record, record))
        return GEDI_OK;
    gedi__dataset_close(c);
    if (s != GEDI_OK)
        return s;
    return GEDI_FAIL(err, GEDI_SHAPE,
                     "records of dataset %s have shape %s, but those of the run %s",
                     c->plugin->name, gedi_shape_text(info->record, is, sizeof is),
                     gedi_shape_text(record, ours, sizeof ours));
}

void gedi__other_close(const gedi_component *c)
{
    gedi__dataset_close(c);
}

static gedi_status check_one(const gedi__experiment *e, const gedi__evaluation *evaluator,
                             const gedi_components *list, gedi_shape record,
                             gedi_err *err)
{
    gedi_data_info info;
    gedi_err own = {0};
    for (int64_t i = 0; i < list->n; i++) {
        gedi_status s = gedi__other_open(e, &list->v[i], record, &info, &own);
        if (s != GEDI_OK)
            return GEDI_FAIL(err, s, "evaluator %s: %s", evaluator->name, own.msg);
        gedi__other_close(&list->v[i]);
    }
    return GEDI_OK;
}

gedi_status gedi__others_check(const gedi__experiment *e, int i, gedi_shape record,
                               gedi_err *err)
{
    const gedi__evaluation *v = &e->evaluator[i];
    for (const gedi_option *o = v->part.plugin->options; o && o->key; o++)
        if (o->type == GEDI_TYPE_COMPONENTS && !strcmp(o->words, "dataset"))
            GEDI_TRY(check_one(
                e, v, (const gedi_components *)((char *)v->part.self + o->offset), record,
                err));
    return GEDI_OK;
}
