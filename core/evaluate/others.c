/* others.c - datasets that are not the run's own, and that its evaluators look at. */
#include "core/evaluate/others.h"

#include <string.h>

gedi_status gedi__other_open(const gedi__experiment *e, const gedi_component *c,
                             gedi_shape record, gedi_data_info *info, gedi_err *err)
{
    const gedi_dataset *d = (const gedi_dataset *)c->plugin;
    gedi_open how = {.seed = e->seed, .directory = e->directory};
    gedi_err own = {0};
    char is[64], ours[64];
    memset(info, 0, sizeof *info);
    gedi_status s = d->open(c->self, &how, info, &own);
    if (s != GEDI_OK)
        return GEDI_FAIL(err, s, "dataset %s: %s", d->name, own.msg);
    if (gedi_shape_equal(info->record, record))
        return GEDI_OK;
    d->close(c->self);
    return GEDI_FAIL(err, GEDI_SHAPE,
                     "records of dataset %s have shape %s, but those of the run %s",
                     d->name, gedi_shape_text(info->record, is, sizeof is),
                     gedi_shape_text(record, ours, sizeof ours));
}

void gedi__other_close(const gedi_component *c)
{
    ((const gedi_dataset *)c->plugin)->close(c->self);
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
