/* ready.c - whether an experiment can be trained, evaluated and drawn. */
#include "core/run/ready_parts.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/lengths.h"
#include "core/descriptor/tree.h"
#include "core/descriptor/validation.h"
#include "core/evaluate/families.h"
#include "core/evaluate/others.h"
#include "core/evaluate/trial.h"
#include "core/train/checkpoint.h"
#include "core/train/init.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef gedi__readying ready;

bool gedi__ready_is_new(const gedi__readying *r, const void *of, gedi__place at,
                        const char *why)
{
    gedi__mistakes own = {0};
    int said = r->said->n, stage, n = 0;
    bool method = false;
    for (int i = 0; i < r->e->stages; i++)
        method = method || of == r->e->stage[i].objective[0].part.self;
    if (!method)
        sscanf(why, "stages.%d: %n", &stage, &n);
    gedi__mistake(&own, at, "%s", why + n);
    gedi__mistakes_join(r->said, 0, &own);
    return r->said->n > said;
}

/* What the descriptor does not state itself is mended in it all the same: its base serves others. */
static void add_heir(const ready *r, gedi__place at, const char *anew, char *why,
                     size_t size)
{
    size_t n = strlen(why);
    if (at.line && strcmp(at.source, r->e->file))
        snprintf(why + n, size - n, " (inherited by %s: state it anew there%s)",
                 r->e->file, anew);
}

/* Passes an error on: to whoever hears it, and then GEDI_OK is returned, or as it is. `of` is
 * what it is about; `anew` shows how an heir states something else, or is "". */
static gedi_status refuse_heir(const ready *r, gedi_status s, const void *of,
                               const char *anew, const gedi_err *own)
{
    if (s == GEDI_OK)
        return s;
    if (s != GEDI_NOMEM && r->a->refused) {
        char why[4 * sizeof own->msg];
        gedi__place at = gedi__experiment_place(r->e, of);
        bool put_in = at.line && *r->e->overrides; /* it may be due to them */
        snprintf(why, sizeof why, put_in ? "%s (with %s put in)" : "%s", own->msg,
                 r->e->overrides);
        add_heir(r, at, anew, why, sizeof why);
        if (gedi__ready_is_new(r, of, at, why))
            r->a->refused(r->a->context, s, at, why);
        return GEDI_OK;
    }
    if (r->err)
        *r->err = *own;
    return s;
}

static gedi_status refuse(const ready *r, gedi_status s, const void *of,
                          const gedi_err *own)
{
    return refuse_heir(r, s, of, "", own);
}

static gedi_status ask_figures(const ready *r, const gedi__shown *of)
{
    for (int i = 0; r->a->figure && i < r->e->figures; i++) {
        gedi_err own = {0};
        const char *name = r->e->figure[i];
        gedi_status s = r->a->figure(r->a->context, r->e, name, of, &own);
        GEDI_TRY(refuse_heir(r, s, name, ", such as `figures: []`", &own));
    }
    return GEDI_OK;
}

typedef struct hearing {
    const ready *r;
    const void *of; /* the evaluator that is asked */
} hearing;

static void hear(void *context, const char *line)
{
    static const char begin[] = "warning: ";
    const hearing *h = context;
    if (h->r->a->warned && !strncmp(line, begin, sizeof begin - 1))
        h->r->a->warned(h->r->a->context, gedi__experiment_place(h->r->e, h->of),
                        line + sizeof begin - 1);
}

/* What chooses among weights has to have a value of those records. */
static gedi_status ask_chooser(const ready *r, gedi_trial *trial, int i)
{
    const gedi__experiment *e = r->e;
    const char *metric = NULL;
    bool last = r->t->stage == e->stage + e->stages - 1;
    bool chooses = last && gedi__validation_by(e, &metric) == &e->evaluator[i];
    gedi_err why = {0}, own = {0};
    const char *omits = gedi__trial_omits(trial, i, chooses ? metric : NULL, &why);
    gedi_status s = why.code;
    if (s != GEDI_OK)
        GEDI_FAIL(&own, s, "validation: of the records held out: %s", why.msg);
    else if (omits)
        s = GEDI_FAIL(
            &own, GEDI_DESCRIPTOR,
            "validation.metric: evaluator %s has no '%s' of the records held out: %s",
            e->evaluator[i].name, metric, omits);
    else
        return GEDI_OK;
    return refuse(r, s,
                  omits ? (const void *)&e->validation.metric : e->evaluator[i].part.self,
                  &own);
}

/* As the run will ask on the way, of other records than at its end. */
static gedi_status ask_validation(const ready *r)
{
    gedi_trial *trial = NULL;
    gedi_err own = {0};
    if (!r->e->validation.every || !r->t->data.holdout.at)
        return GEDI_OK;
    gedi__batches_validate(&r->t->data, true);
    gedi_status s = gedi__trial_of(r->t, &trial, &own);
    if (s != GEDI_OK)
        s = refuse(r, s, r->t->stage->objective[0].part.self, &own);
    for (int i = 0; trial && s == GEDI_OK && i < r->e->evaluators; i++)
        s = ask_chooser(r, trial, i);
    gedi__trial_free(trial);
    gedi__batches_validate(&r->t->data, false);
    return s;
}

static gedi_status ask_evaluators(const ready *r)
{
    int said = r->said->n;
    hearing h = {.r = r};
    gedi_trial *trial = NULL;
    gedi_err own = {0};
    const gedi__experiment *e = r->e;
    if (!e->evaluators)
        return GEDI_OK;
    gedi_status s = gedi__trial_of(r->t, &trial, &own);
    if (s)
        return refuse(r, s, r->t->stage->objective[0].part.self, &own);
    gedi__trial_listen(trial, HUGE_VAL, hear,
                       &h); /* to warnings, not to what takes long */
    for (int i = 0; s == GEDI_OK && i < e->evaluators; i++) {
        h.of = e->evaluator[i].part.self;
        s = gedi__others_check(e, i, r->t->net.info.record, &own);
        if (s == GEDI_OK)
            s = gedi__trial_ready(trial, i, &own);
        s = refuse(r, s, e->evaluator[i].part.self, &own);
    }
    gedi__trial_free(trial);
    return s == GEDI_OK && r->said->n == said ? ask_validation(r) : s;
}

/* What a component of that key is known by. */
static const void *part_of(const ready *r, const gedi__stage *stage, const gedi__key *k)
{
    const char *owner = k->staged ? (const char *)stage : (const char *)r->e;
    const gedi__component *part = (const gedi__component *)(owner + k->offset);
    switch (k->form) {
    case GEDI__COMPONENT:
    case GEDI__OPTIMIZER:
        return part->self;
    case GEDI__PARAMETERS:
    case GEDI__PIPELINES:
        return owner + k->offset;
    default:
        return NULL;
    }
}

/* What an error of a network is about: it begins with the key, as "freeze: ..." or "model mlp: ..." does.
 * That of an objective which lacks views is about these, where they are stated. */
static const void *subject_of(const ready *r, const gedi__stage *stage, const char *why)
{
    static const char built[] = "the network cannot be built: ";
    char word[32], group[] = "groups.";
    const void *of = NULL;
    int i, n = 0;
    sscanf(why, "stages.%d: %n", &i, &n);
    why += n;
    if (!strncmp(why, built, sizeof built - 1))
        why += sizeof built - 1;
    snprintf(word, sizeof word, "%.*s", (int)strcspn(why, " :"), why);
    const gedi__key *k =
        strstr(why, " but views: ") ? gedi__key_find("views") : gedi__key_find(word);
    if (k) {
        of = part_of(r, stage, k);
    } else if (!strncmp(word, group, sizeof group - 1) &&
               isdigit((unsigned char)word[7])) {
        long at = strtol(word + 7, NULL, 10);
        of = at < stage->groups ? stage->group[at].self : NULL;
    }
    bool placed = of && gedi__experiment_place(r->e, of).source != r->e->name;
    return placed ? of : stage->objective[0].part.self;
}

/* Why a stage has no trainer: its data, or what is made of them. Where the data can be read,
 * figures of the last stage can still be asked for. */
static gedi_status refuse_stage(const ready *r, gedi_status s, const gedi__stage *stage,
                                const gedi_err *own)
{
    gedi__batches data;
    const void *of = subject_of(r, stage, own->msg);
    bool last = stage == r->e->stage + r->e->stages - 1;
    if (s == GEDI_NOMEM || !r->a->refused)
        return refuse(r, s, of, own);
    gedi_status opened = gedi__batches_open(&data, r->e, stage, NULL);
    gedi_status enough = opened ? opened : gedi__batches_enough(&data, NULL);
    if (enough != GEDI_OK)
        of = enough == GEDI_DESCRIPTOR ? (const void *)&stage->train.batch
                                       : r->e->dataset.self;
    s = refuse(r, s, of, own);
    if (opened == GEDI_OK) {
        if (last)
            s = ask_figures(r, &(gedi__shown){.info = &data.info, .clusters = -1});
        gedi__batches_close(&data);
    }
    return s;
}

/* The trainer of one stage, in place of that of the one before: memory for both is not
 * needed. */
static gedi_status make_stage(ready *r, const gedi__stage *stage)
{
    gedi_err own = {0}, fits = {0};
    gedi__params names = {0};
    if (r->t) { /* the trainer goes, its names stay */
        names = r->t->net.params;
        r->t->net.params = (gedi__params){0};
    }
    gedi__trainer_free(r->t);
    r->t = NULL;
    gedi_status s = gedi__trainer_new(r->e, stage, &r->t, &own);
    if (s)
        s = refuse_stage(r, s, stage, &own);
    else if (names.n &&
             (s = gedi__checkpoint_fits(stage, &names, &r->t->net.params, &fits))) {
        GEDI_FAIL(&own, s, "stages.%d: %s", (int)(stage - r->e->stage), fits.msg);
        s = refuse(r, s, stage->objective[0].part.self, &own);
    }
    gedi__params_clear(&names);
    if (s == GEDI_OK && r->t) {
        gedi__ready_warn(r, stage);
    }
    return s;
}

/* Not of a run that is evaluated, which validates nothing. */
static gedi_status ask_validated(const ready *r)
{
    gedi_err own = {0};
    if (!r->e->validation.every || r->e->evaluators)
        return GEDI_OK;
    gedi_status s = GEDI_FAIL(&own, GEDI_DESCRIPTOR,
                              "validation.every: `evaluate:` names nothing to evaluate");
    return refuse(r, s, &r->e->validation.every, &own);
}

/* The metric by which weights are chosen. */
static gedi_status ask_metric(const ready *r)
{
    const gedi__experiment *e = r->e;
    const char *metric, *name = e->validation.metric;
    const gedi__evaluation *by = gedi__validation_by(e, &metric);
    gedi_err own = {0};
    if (!*name)
        return GEDI_OK;
    const gedi_metric *m = by && *metric ? gedi__families_find(by, metric) : NULL;
    gedi__text names = {0};
    bool family = by && gedi__families_names(by, &names);
    gedi_status s = GEDI_OK;
    if (!by)
        s = GEDI_FAIL(
            &own, GEDI_DESCRIPTOR,
            "validation.metric: '%.100s' begins with no evaluator of `evaluate:`: "
            "write EVALUATOR.METRIC, such as clustering.nmi",
            name);
    else if (!m)
        s = GEDI_FAIL(&own, GEDI_DESCRIPTOR,
                      "validation.metric: evaluator %s has no metric '%.100s': `gedi "
                      "describe evaluator/%s` lists them%s%.200s",
                      by->name, metric, by->part.plugin->name,
                      family ? "; * is one of " : "",
                      !family   ? ""
                      : names.s ? names.s
                                : "none");
    else if (m->direction == GEDI_NEITHER)
        s = GEDI_FAIL(
            &own, GEDI_DESCRIPTOR,
            "validation.metric: neither more nor less of %.100s is better, so it "
            "cannot choose",
            name);
    gedi__text_clear(&names);
    return refuse(r, s, &e->validation.metric, &own);
}

/* Weights that the first stage begins with, which a run that has begun needs no more. */
static gedi_status ask_init(const ready *r)
{
    gedi__init_taken taken;
    gedi_err own = {0};
    if (!r->t || r->a->begun)
        return GEDI_OK;
    return refuse(r, gedi__init_take(r->t, &taken, &own), &r->e->init, &own);
}

/* Evaluators look at the last stage, and at the others on the way. */
static gedi_status ask_stage(ready *r, int i)
{
    bool last = i == r->e->stages - 1;
    return r->t && (last || r->e->validation.every) ? ask_evaluators(r) : GEDI_OK;
}

static gedi_status refuse_history(const ready *r)
{
    gedi_err own = {0};
    const gedi__turn *t = r->e->turn;
    gedi_status s = GEDI_FAIL(
        &own, GEDI_DESCRIPTOR,
        "history: this run changed its values on its way (%.160s, after iteration %lld), "
        "which one run from the beginning cannot repeat: train with the values of before "
        "and go on by `gedi resume --from-divergence`, or leave `history` out",
        t->changed, (long long)t->iteration);
    return refuse(r, s, t, &own);
}

/* Lengths that are not known do not keep anything else from being asked. Data that cannot be
 * opened are refused where a trainer asks for them. */
static gedi_status set_lengths(gedi__experiment *e)
{
    int64_t records;
    gedi_status s = gedi__lengths_ask_records(e)
                        ? gedi__lengths_records(e, &records, NULL)
                        : GEDI_STATE;
    if (s == GEDI_OK)
        gedi__lengths_by_records(e, records);
    for (int i = 0; i < e->stages; i++)
        if (!e->stage[i]
                 .length) /* hours are long enough for any schedule, as far as is known */
            gedi__length_set(e, i, e->stage[i].train.hours > 0 ? 1000000000 : 1);
    return s == GEDI_NOMEM ? s : GEDI_OK;
}

gedi_status gedi__ready(gedi__experiment *e, const gedi__asking *a, gedi__trainer **last,
                        gedi_err *err)
{
    gedi__mistakes said = {0};
    ready r = {.e = e, .a = a, .said = &said, .err = err};
    *last = NULL;
    if (set_lengths(e) != GEDI_OK)
        return gedi_no_memory(err, "the length of a run");
    gedi_status s = e->turns && !a->begun ? refuse_history(&r) : GEDI_OK;
    if (s == GEDI_OK)
        s = ask_validated(&r);
    if (s == GEDI_OK)
        s = ask_metric(&r);
    if (s == GEDI_OK)
        gedi__ready_warn_of_validation(&r);
    for (int i = 0; s == GEDI_OK && i < e->stages; i++) {
        s = make_stage(&r, &e->stage[i]);
        if (s == GEDI_OK && !i)
            s = ask_init(&r);
        if (s == GEDI_OK)
            s = ask_stage(&r, i);
    }
    if (s == GEDI_OK && r.t) {
        const gedi__shown of = gedi__shown_of(&r.t->net);
        s = ask_figures(&r, &of);
    }
    if (s == GEDI_OK && said.text.failed)
        s = gedi_no_memory(err, "mistakes");
    gedi__text_clear(&said.text);
    if (s == GEDI_OK)
        *last = r.t;
    else
        gedi__trainer_free(r.t);
    return s;
}
