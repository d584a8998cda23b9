/* emit.c - an experiment as a descriptor that runs again by itself. */
#include "config.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/init.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/lengths.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/validation.h"
#include "core/plugin/option.h"

static void emit_options(const gedi_option *table, const void *self, int indent,
                         gedi__text *out)
{
    for (const gedi_option *o = table; o && o->key; o++) {
        gedi__text_add(out, "%*s%s: ", indent, "", o->key);
        gedi__option_emit(o, self, out);
        gedi__text_add(out, "\n");
    }
}

static void emit_component(const char *key, const gedi__component *c, int indent,
                           gedi__text *out)
{
    if (!c->plugin)
        return;
    bool has = gedi__option_count(c->plugin->options) > 0;
    gedi__text_add(out, "%*s%s:\n%*s%s:%s\n", indent, "", key, indent + 2, "",
                   c->plugin->name, has ? "" : " {}");
    emit_options(c->plugin->options, c->self, indent + 4, out);
}

static void emit_pipelines(const gedi__stage *s, const char *key, int indent,
                           gedi__text *out)
{
    gedi__text_add(out, "%*s%s:%s\n", indent, "", key, s->views ? "" : " []");
    for (int i = 0; i < s->views; i++) {
        gedi__text_add(out, "%*s- [", indent + 2, "");
        for (int j = 0; j < s->view[i].n; j++) {
            gedi__text_add(out, j ? ", " : "");
            gedi__component_emit(&s->view[i].view[j], out);
        }
        gedi__text_add(out, "]\n");
    }
}

static void emit_optimizer(const gedi__stage *s, const char *key, int indent,
                           gedi__text *out)
{
    if (s->keeps_optimizer)
        gedi__text_add(out, "%*s%s: keep\n", indent, "", key);
    else
        emit_component(key, &s->optimizer, indent, out);
}

/* With what differs from the optimizer's options, which may change where a run goes on. */
static void emit_groups(const gedi__stage *s, const char *key, int indent,
                        gedi__text *out)
{
    if (s->groups)
        gedi__text_add(out, "%*s%s:\n", indent, "", key);
    for (int n = 0; n < s->groups; n++) {
        const gedi__group *g = &s->group[n];
        gedi__text_add(out, "%*s- {" GEDI__MATCH ": [", indent + 2, "");
        for (int i = 0; i < g->names; i++) {
            gedi__text_add(out, i ? ", " : "");
            gedi__option_emit_text(g->name[i], out);
        }
        gedi__text_add(out, "]");
        for (const gedi_option *o = s->optimizer.plugin->options; o && o->key; o++)
            if (gedi__group_differs(s, g, o)) {
                gedi__text_add(out, ", %s: ", o->key);
                gedi__option_emit(o, g->self, out);
            }
        gedi__text_add(out, "}\n");
    }
}

/* A list stays one: its terms and parameters have other names. */
static void emit_objectives(const gedi__stage *s, const char *key, int indent,
                            gedi__text *out)
{
    if (s->objectives == 1 && !*s->objective->prefix) {
        emit_component(key, &s->objective->part, indent, out);
        return;
    }
    gedi__text_add(out, "%*s%s:\n", indent, "", key);
    for (const gedi__objective *o = s->objective; o < s->objective + s->objectives; o++) {
        gedi__text_add(out, "%*s- {", indent + 2, "");
        gedi__component_emit(&o->part, out);
        for (const gedi_option *row = gedi__objective_options; row->key; row++) {
            gedi__text_add(out, ", %s: ", row->key);
            gedi__option_emit(row, o, out);
        }
        gedi__text_add(out, "}\n");
    }
}

static void emit_evaluations(const char *key, const gedi__evaluation *v, int n,
                             gedi__text *out)
{
    gedi__text_add(out, "%s:%s\n", key, n ? "" : " []");
    for (int i = 0; i < n; i++) {
        bool named = gedi__evaluation_is_named(&v[i]);
        gedi__text_add(out, "  - %s", named ? "{" : "");
        gedi__component_emit(&v[i].part, out);
        if (named) {
            gedi__text_add(out, ", name: ");
            gedi__option_emit_text(v[i].name, out);
            gedi__text_add(out, "}");
        }
        gedi__text_add(out, "\n");
    }
}

/* Empty options are left out: one of two is. */
static void emit_init(const gedi__init *i, const char *key, gedi__text *out)
{
    if (!gedi__init_is_given(i))
        return;
    gedi__text_add(out, "%s:\n", key);
    for (const gedi_option *o = gedi__init_options; o->key; o++) {
        const void *value = (const char *)i + o->offset;
        if (o->type == GEDI_TYPE_TEXT && !**(const char *const *)value)
            continue;
        gedi__text_add(out, "  %s: ", o->key);
        gedi__option_emit(o, i, out);
        gedi__text_add(out, "\n");
    }
    if (i->onlys) {
        gedi__text_add(out, "  " GEDI__INIT_ONLY ": ");
        gedi__init_emit_only(i, out);
        gedi__text_add(out, "\n");
    }
    if (i->renames) {
        gedi__text_add(out, "  " GEDI__INIT_NAMES ": ");
        gedi__init_emit_names(i, out);
        gedi__text_add(out, "\n");
    }
}

/* Where it cannot be read from `train`. */
static void emit_counted(const gedi__experiment *e, const gedi__key *k, gedi__text *out)
{
    bool any = false;
    for (int i = 0; i < e->stages; i++)
        any = any || !e->stage[i].train.iterations;
    if (!any || !gedi__lengths_known(e))
        return;
    gedi__text_add(out, "%s: [", k->key);
    for (int i = 0; i < e->stages; i++)
        gedi__text_add(out, "%s%lld", i ? ", " : "", (long long)e->stage[i].length);
    gedi__text_add(out, "]\n");
}

static void emit_history(const gedi__experiment *e, const gedi__key *k, gedi__text *out)
{
    if (e->turns)
        gedi__text_add(out, "%s:\n", k->key);
    for (int i = 0; i < e->turns; i++) {
        gedi__text_add(out, "  - {");
        for (const gedi_option *row = k->options; row->key; row++) {
            gedi__text_add(out, "%s%s: ", row == k->options ? "" : ", ", row->key);
            gedi__option_emit(row, &e->turn[i], out);
        }
        gedi__text_add(out, "}\n");
    }
}

/* Texts in one line: quoted, or plain where they are words of ours. */
static void emit_list(const char *key, const char *const *text, int n, bool quoted,
                      int indent, gedi__text *out)
{
    gedi__text_add(out, "%*s%s: [", indent, "", key);
    for (int i = 0; i < n; i++) {
        gedi__text_add(out, i ? ", " : "");
        if (quoted)
            gedi__option_emit_text(text[i], out);
        else
            gedi__text_add(out, "%s", text[i]);
    }
    gedi__text_add(out, "]\n");
}

/* Names, and what is to be printed otherwise: [clusters: {format: pdf, ...}, losses]. */
static void emit_figures(const gedi__experiment *e, const char *key, int indent,
                         gedi__text *out)
{
    gedi__text_add(out, "%*s%s: [", indent, "", key);
    for (int i = 0; i < e->figures; i++) {
        gedi__text_add(out, "%s%s", i ? ", " : "", e->figure[i]);
        const gedi_option *first = gedi__figure_options(e->figure[i]);
        bool given = gedi__print_is_given(e->figure[i], &e->print[i]);
        for (const gedi_option *o = first; given && o->key; o++) {
            gedi__text_add(out, "%s%s: ", o == first ? ": {" : ", ", o->key);
            gedi__option_emit(o, &e->print[i], out);
            gedi__text_add(out, "%s", o[1].key ? "" : "}");
        }
    }
    gedi__text_add(out, "]\n");
}

static void emit_plugins(const gedi__experiment *e, const char *key, gedi__text *out)
{
    const char *path;
    for (int i = 0; (path = gedi__registry_path(e->registry, i)); i++) {
        if (!i)
            gedi__text_add(out, "%s:\n", key);
        gedi__text_add(out, "  - ");
        gedi__option_emit_text(path, out);
        gedi__text_add(out, "\n");
    }
}

typedef bool wanted(const gedi__key *k);

static void emit_value(const gedi__experiment *e, const gedi__key *k, const void *at,
                       gedi__text *out)
{
    gedi__text_add(out, "%s: ", k->key);
    if (k->options)
        gedi__option_emit(gedi__option_find(k->options, k->key), e, out);
    else
        gedi__option_emit_text(*(const char *const *)at, out);
    gedi__text_add(out, "\n");
}

static void emit_stages(const gedi__experiment *e, const char *key, wanted *is,
                        gedi__text *out);

/* One key of the experiment, or of a stage of it. */
static void emit_key(const gedi__experiment *e, const gedi__stage *s, const gedi__key *k,
                     int indent, wanted *is, gedi__text *out)
{
    const char *owner = k->staged ? (const char *)s : (const char *)e;
    const void *at = owner + k->offset;
    int n = k->count ? *(const int *)(owner + k->count) : 0;
    switch (k->form) {
    case GEDI__NAME:
    case GEDI__FOLDER:
    case GEDI__VALUE:
        emit_value(e, k, at, out);
        return;
    case GEDI__PLUGINS:
        emit_plugins(e, k->key, out);
        return;
    case GEDI__COMPONENT:
        emit_component(k->key, at, indent, out);
        return;
    case GEDI__OBJECTIVES:
        emit_objectives(s, k->key, indent, out);
        return;
    case GEDI__OPTIMIZER:
        emit_optimizer(s, k->key, indent, out);
        return;
    case GEDI__GROUPS:
        emit_groups(s, k->key, indent, out);
        return;
    case GEDI__COMPONENTS:
        emit_evaluations(k->key, *(const gedi__evaluation *const *)at, n, out);
        return;
    case GEDI__PIPELINES:
        emit_pipelines(s, k->key, indent, out);
        return;
    case GEDI__PARAMETERS:
        if (n)
            emit_list(k->key, *(const char *const *const *)at, n, true, indent, out);
        return;
    case GEDI__OPTIONS:
        if (!k->required && !gedi__validation_is_given(at))
            return;
        gedi__text_add(out, "%*s%s:\n", indent, "", k->key);
        emit_options(k->options, at, indent + 2, out);
        return;
    case GEDI__INIT:
        emit_init(at, k->key, out);
        return;
    case GEDI__FIGURES:
        emit_figures(e, k->key, indent, out);
        return;
    case GEDI__COUNTED:
        emit_counted(e, k, out);
        return;
    case GEDI__HISTORY:
        emit_history(e, k, out);
        return;
    case GEDI__STAGES:
        emit_stages(e, k->key, is, out);
        return;
    default: /* of several experiments: this is one */
        return;
    }
}

/* Each with all that it inherited: nothing is left around them that they could inherit. */
static void emit_stages(const gedi__experiment *e, const char *key, wanted *is,
                        gedi__text *out)
{
    if (e->stages < 2)
        return;
    gedi__text_add(out, "%s:\n", key);
    for (const gedi__stage *s = e->stage; s < e->stage + e->stages; s++) {
        size_t first = out->len;
        for (const gedi__key *k = gedi__keys; k->key; k++)
            if (k->staged && is(k))
                emit_key(e, s, k, 4, is, out);
        if (!out->failed)
            out->s[first + 2] = '-';
    }
}

void gedi__experiment_emit_keys(const gedi__experiment *e, wanted *is, gedi__text *out)
{
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (is(k) && (!k->staged || e->stages == 1))
            emit_key(e, e->stage, k, 0, is, out);
}

static bool is_any(const gedi__key *k)
{
    (void)k;
    return true;
}

void gedi__experiment_emit(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, "# gedi " PACKAGE_VERSION
                        ": every setting of this experiment; it runs again as it is\n");
    gedi__experiment_emit_keys(e, is_any, out);
}
