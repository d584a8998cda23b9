/* objectives.c - one objective, or a list of those that add up.
 *
 * In a list each has a name scope of its own: terms are "swav.swap", parameters
 * "objective.swav.prototypes". `share: swav` gives an entry the scope of another one, so
 * that parameters of equal name are one and the same. A method beside which others only watch has
 * the names that it has alone, and so the same weights.
 */
#include "core/descriptor/objectives.h"
#include "core/descriptor/entry.h"

#include <string.h>

const gedi_option gedi__objective_options[] = {
    GEDI_SCHEDULED(gedi__objective, weight, 1.0, 0.0, 1e6,
                   "multiplies the weights of its terms"),
    GEDI_TEXT(
        gedi__objective, share, "",
        "another objective in the list, whose parameters of the same name this one uses"),
    GEDI_END,
};

static gedi__tree *plugin_in(const gedi__tree *entry)
{
    return gedi__entry_plugin(entry, gedi__objective_options);
}

bool gedi__objectives_text(const gedi__tree *t, gedi__text *out)
{
    const gedi__tree *entry = t->kind == GEDI__LIST ? t->child : t;
    size_t before = out->len;
    bool all = entry != NULL;
    for (; entry && all; entry = t->kind == GEDI__LIST ? entry->next : NULL) {
        const gedi__tree *c = plugin_in(entry);
        bool is_text = entry->kind == GEDI__SCALAR && !gedi__tree_is_null(entry);
        if (c || is_text)
            gedi__text_add(out, "%s%s", out->len > before ? " + " : "",
                           c ? c->key : entry->text);
        all = c || is_text;
    }
    if (!all && out->s && !out->failed) {
        out->len = before;
        out->s[before] = 0;
    }
    return all;
}

gedi__tree *gedi__objectives_find(const gedi__tree *list, const char *name, size_t n)
{
    for (const gedi__tree *c = list->kind == GEDI__LIST ? list->child : NULL; c;
         c = c->next) {
        gedi__tree *p = plugin_in(c);
        if (p && strlen(p->key) == n && !strncmp(p->key, name, n))
            return p;
    }
    return NULL;
}

/* ---- reading ---- */

/* What `hybrid` did is done by a list now. */
static bool is_gone(gedi__reading *r, const gedi__key *k, const gedi__tree *entry)
{
    const gedi__tree *p = plugin_in(entry);
    const gedi_plugin *found;
    if (!p || strcmp(p->key, "hybrid") ||
        gedi__registry_find(r->e->registry, k->kind, p->key, &found, NULL) == GEDI_OK)
        return false;
    gedi__mistake(r->m, p->key_at,
                  "there is no objective 'hybrid' any more: objectives add up in a list, "
                  "%s: [{barlow_twins: {}}, {jem: {clusters: 2}, weight: 1}]",
                  k->key);
    return true;
}

/* A text of the experiment: "objective.swav". */
static gedi_status keep(gedi__reading *r, gedi__text *t, const char **out)
{
    *out = t->failed ? NULL : gedi__arena_text(&r->e->arena, t->s ? t->s : "");
    gedi__text_clear(t);
    return *out ? GEDI_OK : GEDI_NOMEM;
}

static gedi__objective *find(gedi__stage *s, const char *name)
{
    for (int i = 0; i < s->objectives; i++)
        if (s->objective[i].part.plugin &&
            !strcmp(s->objective[i].part.plugin->name, name))
            return &s->objective[i];
    return NULL;
}

/* Parameters can be shared with those of the list that have their own. */
static void refuse_share(gedi__reading *r, const gedi__key *k, const gedi__tree *entry,
                         const gedi__objective *o)
{
    gedi__text others = {0};
    for (int i = 0; i < r->stage->objectives; i++) {
        const gedi__objective *other = &r->stage->objective[i];
        if (other != o && !*other->share)
            gedi__text_add(&others, "%s%s",
                           others.len ? ", " : "are: ", other->part.plugin->name);
    }
    gedi__mistake(r->m, gedi__tree_get(entry, "share")->at,
                  "%s: %s: share: '%.64s' is no other objective of the list that has "
                  "parameters of its own (there %s)",
                  k->key, o->part.plugin->name, o->share,
                  others.s ? others.s : "is none");
    r->m->text.failed |= others.failed;
    gedi__text_clear(&others);
}

static bool watches(const gedi__objective *o)
{
    return ((const gedi_objective *)o->part.plugin)->beside;
}

/* Names of terms and parameters, once the plugins of all entries are known. */
static gedi_status name_entry(gedi__reading *r, const gedi__key *k,
                              const gedi__tree *entry, gedi__objective *o)
{
    gedi__text scope = {0}, prefix = {0};
    const char *name = o->part.plugin->name;
    const gedi__objective *other = *o->share ? find(r->stage, o->share) : NULL;
    if (find(r->stage, name) != o)
        gedi__mistake(r->m, entry->at,
                      "%s: duplicate '%s': its terms would have the same names", k->key,
                      name);
    if (*o->share && (!other || other == o || *other->share))
        refuse_share(r, k, entry, o);
    else if (*o->share && (watches(o) || watches(other)))
        gedi__mistake(
            r->m, gedi__tree_get(entry, "share")->at,
            "%s: %s: share: %s stands beside the others, and its parameters are "
            "its own",
            k->key, name, watches(o) ? name : o->share);
    gedi__text_add(&scope, "%s.%s", k->key, *o->share ? o->share : name);
    gedi__text_add(&prefix, "%s.", name);
    gedi_status s = keep(r, &scope, &o->scope), t = keep(r, &prefix, &o->prefix);
    return s ? s : t;
}

/* The only one that does not watch; NULL where there are several. */
static gedi__objective *only_method(gedi__stage *s)
{
    gedi__objective *only = NULL;
    for (int i = 0; i < s->objectives; i++) {
        if (watches(&s->objective[i]))
            continue;
        if (only)
            return NULL;
        only = &s->objective[i];
    }
    return s->objectives > 1 ? only : NULL;
}

static gedi_status read_list(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__stage *s = r->stage;
    const gedi__tree *c = t->child;
    bool all = true;
    for (int i = 0; i < s->objectives; i++, c = c->next) {
        gedi__objective *o = &s->objective[i];
        if (!is_gone(r, k, c))
            GEDI_TRY(gedi__entry_read(r, k, c, &o->part, o));
        all = all && o->part.plugin;
    }
    c = t->child;
    for (int i = 0; all && i < s->objectives; i++, c = c->next)
        GEDI_TRY(name_entry(r, k, c, &s->objective[i]));
    gedi__objective *only = all ? only_method(s) : NULL;
    if (only) {
        only->scope = k->key;
        only->prefix = "";
    }
    return GEDI_OK;
}

gedi_status gedi__read_objectives(gedi__reading *r, const gedi__key *k,
                                  const gedi__tree *t)
{
    gedi__stage *s = r->stage;
    gedi__text method = {0};
    bool is_list = t->kind == GEDI__LIST;
    int n = is_list ? gedi__tree_count(t) : 1;
    if (n < 1) {
        gedi__mistake(r->m, t->at,
                      "%s: the list is empty: name at least one, %s: [{NAME: {}}]",
                      k->key, k->key);
        return GEDI_OK;
    }
    if (n > GEDI__MAX_OBJECTIVES) {
        gedi__mistake(r->m, t->at, "%s: %d are listed, but at most %d can add up", k->key,
                      n, GEDI__MAX_OBJECTIVES);
        return GEDI_OK;
    }
    s->objective = gedi__arena_alloc(&r->e->arena, (size_t)n * sizeof *s->objective);
    if (!s->objective)
        return GEDI_NOMEM;
    s->objectives = n;
    *s->objective = (gedi__objective){
        .weight = GEDI_ALWAYS(1), .share = "", .scope = k->key, .prefix = ""};
    gedi__objectives_text(t, &method);
    GEDI_TRY(keep(r, &method, &s->method));
    if (is_list)
        return read_list(r, k, t);
    return is_gone(r, k, t) ? GEDI_OK
                            : gedi__read_component(r, k->kind, t, &s->objective->part);
}
