/* lengths.c - how many iterations a stage has, where it states epochs or hours. */
#include "core/descriptor/lengths.h"
#include "core/descriptor/reading.h"
#include "core/plugin/call.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gedi__lengths_known(const gedi__experiment *e)
{
    bool all = true;
    for (int i = 0; i < e->stages; i++)
        all = all && e->stage[i].length > 0;
    return all;
}

bool gedi__lengths_ask_records(const gedi__experiment *e)
{
    bool any = false;
    for (int i = 0; i < e->stages; i++)
        any = any || (!e->stage[i].length && e->stage[i].train.epochs);
    return any;
}

int64_t gedi__lengths_held(const gedi__experiment *e, int64_t records)
{
    return (int64_t)floor(e->validation.fraction * (double)records + 0.5);
}

gedi_status gedi__lengths_records(const gedi__experiment *e, int64_t *n, gedi_err *err)
{
    gedi_data_info info;
    GEDI_TRY(
        gedi__dataset_open(&e->dataset, (uint64_t)e->seed, e->directory, &info, err));
    *n = info.count[GEDI_TRAIN] - gedi__lengths_held(e, info.count[GEDI_TRAIN]);
    gedi__dataset_close(&e->dataset);
    return GEDI_OK;
}

void gedi__lengths_by_records(gedi__experiment *e, int64_t n)
{
    for (int i = 0; i < e->stages; i++) {
        gedi__stage *s = &e->stage[i];
        int64_t epoch = n / gedi__stage_records(s);
        if (!s->length &&
            s->train.epochs) /* fewer records than a batch are refused later */
            s->length = s->train.epochs * (epoch > 0 ? epoch : 1);
    }
    gedi__stages_join(e);
}

void gedi__lengths_take(gedi__experiment *e, const gedi__experiment *was)
{
    for (int i = 0; i < e->stages && i < was->stages; i++) {
        const gedi__train *a = &e->stage[i].train, *b = &was->stage[i].train;
        bool same = a->iterations == b->iterations && a->epochs == b->epochs &&
                    a->hours == b->hours && a->batch == b->batch &&
                    a->accumulate == b->accumulate;
        if (same && !e->stage[i].length)
            e->stage[i].length = was->stage[i].length;
    }
    gedi__stages_join(e);
}

/* Where the optimizer of a stage is kept, its schedules end with the last that keeps it. */
bool gedi__length_matters(const gedi__experiment *e, char *name, size_t size)
{
    const gedi__stage *last = e->stage + e->stages - 1;
    gedi__scheduled_option o;
    for (const gedi__stage *s = last;; s--) {
        for (int i = 0; gedi__stage_schedule(s, i, &o); i++) {
            bool ramp = o.schedule->form == GEDI_SCHEDULE_COSINE ||
                        o.schedule->form == GEDI_SCHEDULE_LINEAR;
            if (!ramp || o.schedule->over || (s != last && !o.optimizer))
                continue;
            snprintf(name, size, "%s", o.name);
            return true;
        }
        if (!s->keeps_optimizer)
            return false;
    }
}

void gedi__length_set(gedi__experiment *e, int stage, int64_t iterations)
{
    e->stage[stage].length = iterations;
    gedi__stages_join(e);
}

/* ---- what was counted before ---- */

/* May a setting change how long a stage is? "train.batch", "stages.1.train", "stages". */
static bool is_of_length(const char *path)
{
    static const char words[] = "iterations|epochs|hours|batch|accumulate";
    const gedi__key *k = gedi__key_of_path(path);
    if (k && k->form == GEDI__STAGES) {
        path += strcspn(path, ".");
        path += *path == '.';
        path += strcspn(path, ".");
        path += *path == '.';
        k = gedi__key_of_path(path);
    }
    const char *dot = strchr(path, '.');
    return !*path ||
           (k && k->form == GEDI__OPTIONS && (!dot || gedi__words_have(words, dot + 1)));
}

static bool is_overridden(const gedi__reading *r)
{
    bool any = false;
    for (int i = 0; i < r->settings; i++)
        any = any || is_of_length(r->setting[i].path);
    return any;
}

static bool read_number(gedi__reading *r, const gedi__key *k, const gedi__tree *t,
                        int64_t *out)
{
    char *end = NULL;
    *out = t->kind == GEDI__SCALAR ? strtoll(t->text, &end, 10) : 0;
    bool is = end && end > t->text && !*end && *out > 0;
    if (!is)
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be iterations", k->key,
                      gedi__tree_what(t));
    return is;
}

gedi_status gedi__read_counted(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__experiment *e = r->e;
    int n = gedi__tree_count(t), i = 0;
    if ((t->at.line && strcmp(t->at.source, r->file)) || r->is_point || is_overridden(r))
        return GEDI_OK; /* it is another experiment, which is counted by itself */
    if (!gedi__need_list(r, k->key, "the iterations of each stage, [3900]", t))
        return GEDI_OK;
    if (n != e->stages) {
        gedi__mistake(r->m, t->at, "%s: %d number%s for %d stage%s", k->key, n,
                      n == 1 ? "" : "s", e->stages, e->stages == 1 ? "" : "s");
        return GEDI_OK;
    }
    for (const gedi__tree *c = t->child; c; c = c->next, i++) {
        int64_t *length = &e->stage[i].length, stated = e->stage[i].train.iterations;
        if (read_number(r, k, c, length) && stated && stated != *length)
            gedi__mistake(r->m, c->at,
                          "%s: stages.%d has %lld iterations by its train, not %lld",
                          k->key, i, (long long)stated, (long long)*length);
    }
    return GEDI_OK;
}
