/* component.c - {plugin: {option: value}} into a component of an experiment. */
#include "core/descriptor/merge.h"
#include "core/descriptor/reading.h"
#include "core/plugin/call.h"
#include "core/plugin/option.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static char *owner_of(const gedi__reading *r, const gedi__key *k)
{
    return k->staged ? (char *)r->stage : (char *)r->e;
}

void *gedi__key_target(const gedi__reading *r, const gedi__key *k)
{
    return owner_of(r, k) + k->offset;
}

int *gedi__key_count(const gedi__reading *r, const gedi__key *k)
{
    return (int *)(owner_of(r, k) + k->count);
}

/* "mlp" where the word is an option of that plugin alone, "mlp or resnet8"; or "". */
static void owners_of(gedi__reading *r, gedi_kind kind, const char *option, char *out,
                      size_t size)
{
    const char *const *name;
    int n = 0;
    size_t at = 0;
    const gedi_plugin *p;
    *out = 0;
    if (gedi__registry_names(r->e->registry, kind, &name, &n, NULL))
        return;
    for (int i = 0; i < n; i++)
        if (!gedi__registry_find(r->e->registry, kind, name[i], &p, NULL) &&
            gedi__option_find(p->options, option) && at < size)
            at +=
                (size_t)snprintf(out + at, size - at, "%s%s", at ? " or " : "", name[i]);
}

/* The one {plugin: options} of `t`, or NULL after a mistake. */
static const gedi__tree *one_plugin(gedi__reading *r, gedi_kind kind, const char *what,
                                    const gedi__tree *t)
{
    char owners[200] = "";
    const gedi__tree *c = t->kind == GEDI__MAP ? t->child : NULL;
    const gedi__tree *from = c ? gedi__tree_get(t, GEDI__FROM) : NULL;
    if (from && from->kind == GEDI__SCALAR) {
        gedi__mistake(r->m, from->key_at,
                      "%s: from: '%.64s' is not what is replaced here: name the plugin "
                      "that the base, or the descriptor around it, has in this place",
                      what, from->text);
        return NULL;
    }
    if (c && (c->next || c->kind != GEDI__MAP))
        owners_of(r, kind, c->key, owners, sizeof owners);
    if (!c)
        gedi__mistake(r->m, t->at,
                      "%s: %s is given, but it must name a plugin: {NAME: {OPTION: "
                      "VALUE}}",
                      what,
                      t->kind == GEDI__MAP ? "an empty mapping" : gedi__tree_what(t));
    else if (*owners)
        gedi__mistake(r->m, c->key_at,
                      "%s: '%.64s' is an option of %s: name the plugin, {NAME: {%.64s: "
                      "...}}",
                      what, c->key, owners, c->key);
    else if (c->next)
        gedi__mistake(r->m, c->next->key_at,
                      "%s: only one plugin can be named, but '%.64s' follows '%.64s'",
                      what, c->next->key, c->key);
    else if (c->kind != GEDI__MAP)
        gedi__mistake(
            r->m, c->at,
            "%s: the options of '%.64s' must be a mapping, {OPTION: VALUE}, but %s is "
            "given",
            what, c->key, gedi__tree_what(c));
    else
        return c;
    return NULL;
}

/* Where options that do not fit each other were written: of those, what the command line put in
 * was written last. */
static gedi__place place_of_options(const gedi__tree *c)
{
    gedi__place at = c->key_at;
    for (const gedi__tree *o = c->child; o; o = o->next)
        if (!o->at.line)
            at = o->at;
    return at;
}

/* What a component reads beside the descriptor, it reads when all of that is known. */
static gedi_status will_open(gedi__reading *r, gedi_kind kind, const gedi_plugin *p,
                             void *self, gedi__place at)
{
    gedi__opened one = {.plugin = p,
                        .kind = gedi__kind_name(kind),
                        .self = self,
                        .at = at,
                        .next = r->e->opened};
    if (kind == GEDI_KIND_OBJECTIVE) {
        one.open = ((const gedi_objective *)p)->open;
        one.close = ((const gedi_objective *)p)->close;
    } else if (kind == GEDI_KIND_EVALUATOR) {
        one.open = ((const gedi_evaluator *)p)->open;
        one.close = ((const gedi_evaluator *)p)->close;
    }
    if (!one.open)
        return GEDI_OK;
    gedi__opened *kept = gedi__arena_alloc(&r->e->arena, sizeof *kept);
    if (!kept)
        return GEDI_NOMEM;
    *kept = one;
    r->e->opened = kept;
    return GEDI_OK;
}

/* In the order of the descriptor: a mistake in what is opened is one of the descriptor, and a file that cannot
 * be read is told with them. */
static gedi_status open_from(gedi__reading *r, gedi__opened *o)
{
    gedi_err why = {0}, own = {0};
    if (!o)
        return GEDI_OK;
    GEDI_TRY(open_from(r, o->next));
    gedi_open from = {
        .seed = (uint64_t)r->e->seed, .directory = r->e->directory, .experiment = r->e};
    gedi_status s = o->open(o->self, &from, &why);
    o->is_open = s == GEDI_OK;
    const char *what = gedi__why(s, &why);
    bool said = r->m->text.s && strstr(r->m->text.s, what); /* of the same file, say */
    if (s && s != GEDI_NOMEM && !said) {
        gedi__blame(&own, s, o->kind, o->plugin->name, &why);
        bool path = s == GEDI_IO || strstr(what, strerror(ENOENT));
        gedi__mistake(r->m, o->at, "%s%s%s%s", own.msg,
                      path ? " (relative paths start at " : "",
                      path ? r->e->directory : "",
                      path ? ": where it has moved, override directory=FOLDER)" : "");
        r->m->faults += gedi__is_fault(s);
    }
    return s == GEDI_NOMEM ? s : GEDI_OK;
}

gedi_status gedi__open_components(gedi__reading *r)
{
    return open_from(r, r->e->opened);
}

const char *gedi_open_text(const gedi_open *o, const char *option)
{
    const gedi__experiment *e = o->experiment;
    const gedi__stage *last = e && e->stages ? &e->stage[e->stages - 1] : NULL;
    for (int i = 0; last && i < last->objectives; i++) {
        const gedi__component *c = &last->objective[i].part;
        const gedi_option *row =
            c->plugin && option ? gedi__option_find(c->plugin->options, option) : NULL;
        if (row && row->type == GEDI_TYPE_TEXT)
            return *(const char *const *)((const char *)c->self + row->offset);
    }
    return NULL;
}

/* The plugin that an option names by default, where the descriptor gives none. */
static gedi_status fill_entries(gedi__reading *r, const gedi_option *table, void *self,
                                const gedi__tree *c)
{
    for (const gedi_option *o = table; o && o->key; o++) {
        gedi__tree list = {.kind = GEDI__LIST, .at = c->key_at, .key_at = c->key_at};
        gedi__tree name = {.kind = GEDI__SCALAR, .at = c->key_at, .key_at = c->key_at};
        if (o->type != GEDI_TYPE_COMPONENTS || !o->text || gedi__tree_get(c, o->key))
            continue;
        name.text = (char *)o->text;
        list.child = &name;
        GEDI_TRY(gedi__option_fill(&r->fill, o, self, &list));
    }
    return GEDI_OK;
}

gedi_status gedi__read_component(gedi__reading *r, gedi_kind kind, const gedi__tree *t,
                                 gedi__component *out)
{
    gedi_err why = {0};
    const gedi_plugin *p;
    int before = r->m->n;
    const gedi__tree *c = one_plugin(r, kind, t->key ? t->key : gedi__kind_name(kind), t);
    if (!c)
        return GEDI_OK;
    gedi_status s = gedi__registry_find(r->e->registry, kind, c->key, &p, &why);
    if (s == GEDI_NOMEM)
        return s;
    if (s) {
        gedi__mistake(r->m, c->key_at, "%s", why.msg);
        return GEDI_OK;
    }
    /* One without options is known by its place in memory as well. */
    void *self = gedi__arena_alloc(&r->e->arena, p->self_size ? p->self_size : 1);
    if (!self)
        return GEDI_NOMEM;
    GEDI_TRY(gedi__place_keep(r, self, c->key_at));
    s = gedi__option_defaults(p->options, self, &why);
    GEDI_ASSERT(s == GEDI_OK); /* the registry has tried them */
    GEDI_TRY(gedi__options_fill(&r->fill, c->key, p->options, self, c));
    GEDI_TRY(fill_entries(r, p->options, self, c));
    if (r->m->n == before && p->check && (s = p->check(self, &why))) {
        gedi_err own = {0};
        gedi__blame(&own, s, gedi__kind_name(kind), c->key, &why);
        gedi__mistake(r->m, place_of_options(c), "%s", own.msg);
    }
    if (r->m->n == before)
        GEDI_TRY(will_open(r, kind, p, self, place_of_options(c)));
    out->plugin = p;
    out->self = self;
    return GEDI_OK;
}

gedi_status gedi__read_entry(void *reading, gedi_kind kind, const gedi__tree *t,
                             gedi_component *out)
{
    gedi__reading *r = reading;
    gedi__tree *entry = gedi__tree_copy(t, &r->e->arena);
    if (!entry)
        return GEDI_NOMEM;
    GEDI_TRY(gedi__component_normalise(entry, &r->e->arena));
    return gedi__read_component(r, kind, entry, out);
}

gedi_status gedi__read_one(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (!k->required && gedi__tree_is_null(t)) {
        if (!*t->text)
            gedi__mistake(r->m, t->at, "%s: nothing is given: write null for none",
                          k->key);
        return GEDI_OK;
    }
    return gedi__read_component(r, k->kind, t, gedi__key_target(r, k));
}

const gedi__tree *gedi__need_list(gedi__reading *r, const char *what, const char *example,
                                  const gedi__tree *t)
{
    if (t->kind == GEDI__LIST)
        return t;
    gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a list: %s", what,
                  gedi__tree_what(t), example);
    return NULL;
}

gedi_status gedi__read_components(gedi__reading *r, gedi_kind kind,
                                  const gedi__tree *list, gedi__component **out, int *n)
{
    gedi__component *c =
        gedi__arena_alloc(&r->e->arena, (size_t)gedi__tree_count(list) * sizeof *c);
    if (!c)
        return GEDI_NOMEM;
    *out = c;
    *n = 0;
    for (const gedi__tree *t = list->child; t; t = t->next)
        GEDI_TRY(gedi__read_component(r, kind, t, &c[(*n)++]));
    return GEDI_OK;
}
