/* warn.c - what is legal in an experiment, and yet hardly meant. */
#include "core/run/ready_parts.h"
#include "core/base/text.h"
#include "core/descriptor/validation.h"
#include "core/train/records.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef gedi__readying ready;

/* What of a schedule lies beyond its end: "its warm-up takes 500 iterations". False: nothing. */
static bool lies_beyond(const gedi_schedule *s, int64_t total, char *what, size_t size)
{
    int64_t one = s->unit == GEDI_UNIT_EPOCHS ? s->epoch : 1;
    int64_t last = s->n ? s->at[s->n - 1] * one : 0;
    if (s->warmup * one > total)
        snprintf(what, size, "its warm-up takes %" PRId64 " iterations", s->warmup * one);
    else if (last >= total)
        snprintf(what, size, "its last step is at iteration %" PRId64, last);
    else if (s->over * one > total)
        snprintf(what, size, "it reaches `to` at iteration %" PRId64, s->over * one);
    else
        return false;
    return true;
}

/* Of a short trial run this is no mistake. */
static void warn_of_schedules(const ready *r, const gedi__stage *stage)
{
    gedi__scheduled_option o;
    char what[96], why[384];
    for (int i = 0; r->a->warned && gedi__stage_schedule(stage, i, &o); i++) {
        int64_t total = o.optimizer ? stage->optimizer_total : stage->length;
        if (!lies_beyond(o.schedule, total, what, sizeof what))
            continue;
        snprintf(why, sizeof why, "%s: %s, but training has only %" PRId64 " iterations",
                 o.name, what, total);
        r->a->warned(r->a->context, gedi__experiment_place(r->e, o.of), why);
    }
}

/* How records are read, where the dataset says something of it. */
static void warn_of_data(const ready *r)
{
    const gedi__component *c = &r->e->dataset;
    const gedi_dataset *d = (const gedi_dataset *)c->plugin;
    gedi__place at = gedi__experiment_place(r->e, c->self);
    char note[256] = "", why[384];
    if (!r->a->warned || !d->note)
        return;
    d->note(c->self, note, sizeof note);
    note[sizeof note - 1] = 0; /* the author of a plugin may fill it */
    gedi__text_tell(note);
    snprintf(why, sizeof why, "dataset %s: %s", d->name, note);
    if (*note && gedi__ready_is_new(r, c->self, at, why))
        r->a->warned(r->a->context, at, why);
}

/* Of so many records, spread over the split, is there a label? Where they cannot be read, others say it. */
static bool has_label(const ready *r, gedi_split split, int64_t look)
{
    const gedi__batches *data = &r->t->data;
    int64_t n = data->info.count[split] * data->parts;
    float *x = calloc((size_t)data->record, sizeof *x);
    bool found = !x;
    for (int64_t i = 0; i < look && !found; i++) {
        int32_t label = -1;
        int64_t at = (int64_t)((double)i * (double)n / (double)look);
        found =
            gedi__records_read(gedi__source_of(data), split, at, 1, x, &label, NULL) ||
            label != -1;
    }
    free(x);
    return found;
}

/* What a dataset says of its labels is seen only where they are used: after training, perhaps. */
static void warn_of_labels(const ready *r)
{
    enum { LOOK = 1024 }; /* the first has one, as a rule */
    static const char *const name[] = {"training", "test"};
    const gedi__component *c = &r->e->dataset;
    gedi__place at = gedi__experiment_place(r->e, c->self);
    for (int k = 0; k < GEDI_SPLITS; k++) {
        int64_t n = r->t->data.info.count[k] * r->t->data.parts;
        int64_t look = n < LOOK ? n : LOOK;
        char why[384];
        if (!r->t->net.info.labelled[k] || !n || has_label(r, (gedi_split)k, look))
            continue;
        snprintf(why, sizeof why,
                 "dataset %s: it is to have labels, but none of %s%" PRId64
                 " %s records has one (all are -1): what needs them will find none",
                 c->plugin->name, look < n ? "" : "its ", look, name[k]);
        if (gedi__ready_is_new(r, c->self, at, why))
            r->a->warned(r->a->context, at, why);
    }
}

/* A method that compares views leaves one out: the descriptor has more than it can take. One that
 * takes the first alone stands beside others, with their views. */
static void warn_of_views(const ready *r, const gedi__stage *stage)
{
    const bool *uses = r->t->net.uses_view;
    const void *of = stage->objective[0].part.self;
    gedi__place at = gedi__experiment_place(r->e, of);
    char why[384];
    int i = 1;
    while (i < stage->views && uses[i])
        i++;
    if (!r->a->warned || i < 2 || i >= stage->views)
        return;
    snprintf(why, sizeof why,
             "objective %s does not use view %d, although views: has %d pipelines: leave "
             "it out",
             stage->method, i + 1, stage->views);
    if (gedi__ready_is_new(r, of, at, why))
        r->a->warned(r->a->context, at, why);
}

/* A term is there to be trained on. Where no weight learns by it, its curve is flat or noise. */
static void warn_of_terms(const ready *r, const gedi__stage *stage)
{
    const gedi_terms *t = &r->t->terms;
    char why[384];
    for (int i = 0; r->a->warned && i < t->n; i++) {
        const void *of = t->owner[i]->part.self;
        gedi__place at = gedi__experiment_place(r->e, of);
        if (gedi__term_trains(t, i))
            continue;
        snprintf(why, sizeof why,
                 "objective %s: nothing learns by term '%s': it has no derivative to a "
                 "weight%s (gedi_watch logs a number that nothing is to learn by)",
                 gedi__objective_plugin(t->owner[i])->name, t->value[i].name,
                 stage->freezes ? " that is not frozen" : "");
        if (gedi__ready_is_new(r, of, at, why))
            r->a->warned(r->a->context, at, why);
    }
}

/* Evaluation fills its batches up, and takes other ones than training does. */
static void warn_of_mixing(const ready *r, const gedi__stage *stage)
{
    const gedi__network *net = &r->t->net;
    const gedi__component *of = !net->mixes                    ? NULL
                                : !strcmp(net->mixes, "model") ? &r->e->model
                                : !strcmp(net->mixes, "projector")
                                    ? &r->e->projector
                                    : &net->labels_of->part;
    char why[384];
    if (!r->a->warned || !of || stage != &r->e->stage[r->e->stages - 1])
        return;
    gedi__place at = gedi__experiment_place(r->e, of->self);
    snprintf(
        why, sizeof why,
        "%s %s: what it makes of a record in evaluation is not known to depend on that "
        "record alone: numbers change with the batches in which records come",
        net->mixes, of->plugin->name);
    if (gedi__ready_is_new(r, of->self, at, why))
        r->a->warned(r->a->context, at, why);
}

/* A label beyond those that p(y|x) has ends the run, in whichever iteration it is met. */
static void warn_of_classes(const ready *r)
{
    const gedi__network *net = &r->t->net;
    char why[384];
    if (!r->a->warned || !net->labelled || !net->clusters ||
        net->info.classes <= net->clusters)
        return;
    const void *of = net->labels_of->part.self;
    gedi__place at = gedi__experiment_place(r->e, of);
    snprintf(why, sizeof why,
             "objective %s tells %" PRId64
             " classes apart, but dataset %s has %d: a record "
             "of another ends the run",
             gedi__objective_plugin(net->labels_of)->name, net->clusters,
             r->e->dataset.plugin->name, (int)net->info.classes);
    if (gedi__ready_is_new(r, of, at, why))
        r->a->warned(r->a->context, at, why);
}

/* What an objective has a function for, and yet not: evaluation goes another way. */
static void warn_of_null(const ready *r, const gedi__objective *o, const char *slot,
                         const char *then)
{
    const void *of = o->part.self;
    gedi__place at = gedi__experiment_place(r->e, of);
    char why[384];
    snprintf(why, sizeof why, "objective %s: its .%s gives NULL: %s",
             gedi__objective_plugin(o)->name, slot, then);
    if (gedi__ready_is_new(r, of, at, why))
        r->a->warned(r->a->context, at, why);
}

static void warn_of_slots(const ready *r)
{
    const gedi__network *net = &r->t->net;
    if (net->labels_of && !net->clusters)
        warn_of_null(r, net->labels_of, "logits",
                     "without p(y|x) clusters are found by k-means of features");
    if (net->energy_of && !net->has_energy)
        warn_of_null(r, net->energy_of, "energy",
                     "nothing can be drawn from it or scored by it");
}

void gedi__ready_warn(const ready *r, const gedi__stage *stage)
{
    if (!r->a->warned)
        return;
    warn_of_data(r);
    warn_of_labels(r);
    warn_of_schedules(r, stage);
    warn_of_views(r, stage);
    warn_of_terms(r, stage);
    warn_of_classes(r);
    warn_of_slots(r);
    warn_of_mixing(r, stage);
}

/* Asked for, but beyond the end. */
void gedi__ready_warn_of_validation(const ready *r)
{
    const gedi__experiment *e = r->e;
    int64_t all = gedi__experiment_iterations(e);
    char why[256];
    if (!r->a->warned || !e->validation.every || e->validation.every <= all)
        return;
    snprintf(why, sizeof why,
             "validation.every: nothing is evaluated on the way: it is %" PRId64
             ", and training has only %" PRId64 " iterations%s",
             e->validation.every, all,
             *e->validation.metric ? "; the last weights are kept, not the best" : "");
    r->a->warned(r->a->context, gedi__experiment_place(e, &e->validation.every), why);
}
