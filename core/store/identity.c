/* identity.c - which experiment a run is, whoever runs it, where and with which gedi.
 *
 * Source:  Collet, "xxHash": XXH3, 64 bits.
 */
#include "core/store/identity.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/init.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/validation.h"
#include "core/plugin/option.h"
#include "core/store/identity_lines.h"
#include "core/store/weights.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <xxhash.h>

/* One alone goes by the key, those of a list, whose parameters have other names, by their places:
 * "objective.0: swav". */
static void add_objectives(gedi__lines *w, const char *path, const gedi__key *k,
                           const gedi__stage *s)
{
    char at[80];
    for (int i = 0; i < s->objectives; i++) {
        if (s->objectives > 1 || *s->objective->prefix)
            snprintf(at, sizeof at, "%s.%d", path, i);
        else
            snprintf(at, sizeof at, "%s", path);
        gedi__lines_component(w, at, gedi__kind_name(GEDI_KIND_OBJECTIVE),
                              &s->objective[i].part);
        gedi__lines_options(w, at, k, gedi__objective_options, &s->objective[i]);
    }
}

/* What the optimizer has for all stands in its own lines. */
static void add_groups(gedi__lines *w, const char *path, const gedi__stage *s)
{
    for (int i = 0; i < s->groups; i++) {
        char at[80], match[96];
        snprintf(at, sizeof at, "%s.%d", path, i);
        snprintf(match, sizeof match, "%s." GEDI__MATCH, at);
        gedi__lines_names(w, match, s->group[i].name, s->group[i].names);
        for (const gedi_option *o = s->optimizer.plugin->options; o && o->key; o++)
            if (gedi__group_differs(s, &s->group[i], o))
                gedi__lines_option(w, at, o, s->group[i].self);
    }
}

static void add_pipelines(gedi__lines *w, const char *path, const gedi__stage *s)
{
    char at[120];
    for (int i = 0; i < s->views; i++)
        for (int k = 0; k < s->view[i].n; k++) {
            snprintf(at, sizeof at, "%s.%d.%d", path, i, k);
            gedi__lines_component(w, at, gedi__kind_name(GEDI_KIND_VIEW),
                                  &s->view[i].view[k]);
        }
}

/* The seed always; how convolutions are computed where it is not the default. */
static void add_setting(gedi__lines *w, const char *path, const gedi__experiment *e,
                        const gedi__key *k)
{
    gedi__text value = {0};
    if (!strcmp(k->key, "convolution") && !e->convolution)
        return;
    gedi__option_emit(gedi__option_find(k->options, k->key), e, &value);
    gedi__lines_value(w, path, &value);
    gedi__text_clear(&value);
}

static void add_history(gedi__lines *w, const char *path, const gedi__experiment *e)
{
    for (int i = 0; i < e->turns; i++)
        gedi__text_add(&w->text, "%s.%d: after iteration %" PRId64 ", %s\n", path, i,
                       e->turn[i].iteration, e->turn[i].changed);
}

/* The evaluator that chooses weights, which are what training leaves. */
static void add_choice(gedi__lines *w, const gedi__experiment *e)
{
    const char *metric;
    const gedi__evaluation *by = gedi__validation_by(e, &metric);
    if (*e->validation.metric && by)
        gedi__lines_component(w, "validation.evaluator", "evaluator", &by->part);
}

/* Which weights, wherever they lie. */
static void add_init(gedi__lines *w, const char *path, const gedi__experiment *e)
{
    const gedi__init *i = &e->init;
    char at[80], sum[GEDI__WEIGHTS_SUM + 1] = "";
    gedi__text only = {0}, names = {0};
    if (!gedi__init_is_given(i) || w->failed)
        return;
    if (!*i->checksum)
        w->failed = gedi__weights_sum(e, sum, w->err);
    gedi__text_add(&w->text, "%s%s: %s\n", GEDI__OF_CONTENT, path,
                   *sum ? sum : i->checksum);
    if (i->layout)
        gedi__lines_option(w, path, gedi__option_find(gedi__init_options, "layout"), i);
    snprintf(at, sizeof at, "%s." GEDI__INIT_ONLY, path);
    gedi__init_emit_only(i, &only);
    if (i->onlys)
        gedi__lines_value(w, at, &only);
    snprintf(at, sizeof at, "%s." GEDI__INIT_NAMES, path);
    gedi__init_emit_names(i, &names);
    if (i->renames)
        gedi__lines_value(w, at, &names);
    gedi__text_clear(&only);
    gedi__text_clear(&names);
}

/* One key of the experiment, or of a stage of it; `prefix` is "stages.1." or "". */
static void add_key(gedi__lines *w, const gedi__experiment *e, const gedi__stage *s,
                    const gedi__key *k, const char *prefix)
{
    char path[64];
    const char *owner = k->staged ? (const char *)s : (const char *)e;
    const void *at = owner + k->offset;
    snprintf(path, sizeof path, "%s%s", prefix, k->key);
    if (k->form == GEDI__VALUE)
        add_setting(w, path, e, k);
    else if (k->form == GEDI__COMPONENT)
        gedi__lines_component(w, path, gedi__kind_name((gedi_kind)k->kind), at);
    else if (k->form == GEDI__OBJECTIVES)
        add_objectives(w, path, k, s);
    else if (k->form == GEDI__OPTIMIZER && s->keeps_optimizer)
        gedi__text_add(&w->text, "%s: keep\n", path);
    else if (k->form == GEDI__OPTIMIZER)
        gedi__lines_component(w, path, gedi__kind_name(GEDI_KIND_OPTIMIZER), at);
    else if (k->form == GEDI__GROUPS)
        add_groups(w, path, s);
    else if (k->form == GEDI__PIPELINES)
        add_pipelines(w, path, s);
    else if (k->form == GEDI__PARAMETERS)
        gedi__lines_names(w, path, *(const char *const *const *)at,
                          *(const int *)(owner + k->count));
    else if (k->form == GEDI__INIT)
        add_init(w, path, e);
    else if (k->form == GEDI__HISTORY)
        add_history(w, path, e);
    else if (k->form == GEDI__OPTIONS)
        gedi__lines_options(w, path, k, k->options, at);
    if (at == (const void *)&e->validation)
        add_choice(w, e);
}

static void add_experiment(gedi__lines *w, const gedi__experiment *e)
{
    char prefix[32];
    for (const gedi__key *k = gedi__keys; k->key; k++) {
        if (k->identity != GEDI__TRAINING)
            continue;
        for (int i = 0; i < (k->staged ? e->stages : 1); i++) {
            *prefix = 0;
            if (k->staged && e->stages > 1)
                snprintf(prefix, sizeof prefix, "stages.%d.", i);
            add_key(w, e, &e->stage[i], k, prefix);
        }
    }
}

gedi_status gedi__identity_text(const gedi__experiment *e, gedi__text *out, gedi_err *err)
{
    gedi__lines w = {.registry = e->registry, .directory = e->directory, .err = err};
    add_experiment(&w, e);
    return gedi__lines_end(&w, out);
}

gedi_status gedi__identity_read(const char *path, gedi__text *out, gedi_err *err)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi_status s = gedi__experiment_read(path, NULL, 0, &e, &m, err);
    if (s == GEDI_OK)
        s = gedi__identity_text(e, out, err);
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    return s;
}

gedi_status gedi__identity_settings(const gedi__experiment *e, gedi__text *out,
                                    gedi_err *err)
{
    gedi__lines w = {
        .registry = e->registry, .directory = e->directory, .settings = true, .err = err};
    add_experiment(&w, e);
    return gedi__lines_end(&w, out);
}

gedi_status gedi__artefact_text(const gedi__experiment *e, int i, gedi__text *out,
                                gedi_err *err)
{
    const gedi__evaluation *v = &e->evaluator[i];
    gedi__text own = {0};
    gedi__lines w = {.registry = e->registry, .directory = e->directory, .err = err};
    gedi__lines_component(&w, "evaluate", "evaluator", &v->part);
    if (gedi__evaluation_is_named(v))
        gedi__text_add(&w.text, "evaluate.name: %s\n", v->name);
    gedi_status s = gedi__lines_end(&w, &own);
    for (const char *l = s ? "" : own.s; *l; l += strcspn(l, "\n") + 1)
        gedi__text_add(out, "%s%.*s", l == own.s ? "" : "; ", (int)strcspn(l, "\n"), l);
    gedi__text_add(out, "\n");
    gedi__text_clear(&own);
    return s;
}

/* "figure: clusters; format: pdf; title: auto; width: 3.3in": so another look is another picture. */
static void add_figure(const gedi__experiment *e, int i, gedi__text *out)
{
    gedi__text_add(out, "%s%s", "figure: ", e->figure[i]);
    bool given = gedi__print_is_given(e->figure[i], &e->print[i]);
    for (const gedi_option *o = gedi__figure_options(e->figure[i]); given && o->key;
         o++) {
        gedi__text_add(out, "; %s: ", o->key);
        gedi__option_emit(o, &e->print[i], out);
    }
    gedi__text_add(out, "\n");
}

gedi_status gedi__artefacts_text(const gedi__experiment *e, gedi__text *out,
                                 gedi_err *err)
{
    for (int i = 0; i < e->evaluators; i++)
        GEDI_TRY(gedi__artefact_text(e, i, out, err));
    for (int i = 0; i < e->figures; i++)
        add_figure(e, i, out);
    if (out->failed)
        return gedi_no_memory(err, "the artefacts of a run");
    return GEDI_OK;
}

void gedi__identity_hash(const char *identity, char out[GEDI__HASH + 1])
{
    char all[17];
    snprintf(all, sizeof all, "%016" PRIx64,
             (uint64_t)XXH3_64bits(identity, strlen(identity)));
    memcpy(out, all, GEDI__HASH);
    out[GEDI__HASH] = 0;
}
