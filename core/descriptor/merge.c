/* merge.c - one tree over another: components in one form, maps merged, plugins replaced. */
#include "core/descriptor/merge.h"
#include "core/descriptor/fill.h"
#include "core/descriptor/objectives.h"
#include "core/plugin/option.h"

#include <string.h>

gedi_status gedi__component_normalise(gedi__tree *t, gedi__arena *arena)
{
    if (t->kind == GEDI__SCALAR && !gedi__tree_is_null(t)) {
        gedi__tree *options = gedi__arena_alloc(arena, sizeof *options);
        if (!options)
            return GEDI_NOMEM;
        options->kind = GEDI__MAP;
        options->at = options->key_at = t->at;
        options->key = t->text;
        t->kind = GEDI__MAP;
        t->child = options;
    }
    if (t->kind == GEDI__MAP)
        for (gedi__tree *c = t->child; c; c = c->next)
            if (gedi__tree_is_null(c))
                c->kind = GEDI__MAP;
    return GEDI_OK;
}

/* Those that lie `depth` steps above `t`, in lists; none where it is 0. */
static gedi_status normalise_components(gedi__tree *t, int depth, gedi__arena *arena)
{
    if (depth == 1)
        return gedi__component_normalise(t, arena);
    for (gedi__tree *c = depth && t->kind == GEDI__LIST ? t->child : NULL; c; c = c->next)
        GEDI_TRY(normalise_components(c, depth - 1, arena));
    return GEDI_OK;
}

gedi_status gedi__tree_normalise(gedi__tree *root, gedi__arena *arena)
{
    for (gedi__tree *t = root->kind == GEDI__MAP ? root->child : NULL; t; t = t->next) {
        const gedi__key *k = gedi__key_find(t->key);
        if (!k)
            continue;
        int depth = gedi__key_component_depth(k);
        depth += k->form == GEDI__OBJECTIVES && t->kind == GEDI__LIST;
        GEDI_TRY(normalise_components(t, depth, arena));
        if (k->form == GEDI__STAGES && t->kind == GEDI__LIST)
            for (gedi__tree *c = t->child; c; c = c->next)
                GEDI_TRY(gedi__tree_normalise(c, arena));
    }
    return GEDI_OK;
}

void gedi__tree_replace(gedi__tree *t, const gedi__tree *from)
{
    gedi__tree *next = t->next;
    const char *key = t->key;
    *t = *from;
    t->next = next;
    t->key = key;
}

/* Another plugin replaces the base's with all its options. */
static bool is_same_plugin(const gedi__tree *a, const gedi__tree *b)
{
    return a->child && b->child && !strcmp(a->child->key, b->child->key);
}

gedi_status gedi__tree_lend(gedi__tree *t, const gedi__tree *old, gedi__arena *arena)
{
    gedi__tree *from = t->kind == GEDI__MAP ? gedi__tree_get(t, GEDI__FROM) : NULL;
    if (!from || from->kind != GEDI__SCALAR || old->kind != GEDI__MAP || !old->child ||
        strcmp(old->child->key, from->text))
        return GEDI_OK;
    gedi__tree **link = &t->child;
    while (*link != from)
        link = &(*link)->next;
    *link = from->next;
    gedi__tree *plugin = t->child;
    if (!plugin || plugin->kind != GEDI__MAP || old->child->kind != GEDI__MAP)
        return GEDI_OK;
    for (const gedi__tree *o = old->child->child; o; o = o->next) {
        if (gedi__tree_get(plugin, o->key))
            continue;
        gedi__tree *copy = gedi__tree_copy(o, arena);
        if (!copy)
            return GEDI_NOMEM;
        copy->lent = true;
        copy->at = copy->key_at = from->at; /* where it was stated it may be right */
        gedi__tree_append(plugin, copy);
    }
    return GEDI_OK;
}

/* A schedule is one value, and a component is one plugin, if it is another. */
static bool replaces(const gedi__tree *b, const gedi__tree *o, bool components)
{
    if (components && gedi__key_is_component(o->key))
        return !is_same_plugin(b, o);
    return gedi__is_schedule(o);
}

/* `over` wins: maps are merged by key, all else is replaced. Nodes move into `base`.
 * Components are at the top, where `block` is NULL, and in the points of `sweep`. */
static gedi_status merge(gedi__tree *base, gedi__tree *over, const char *block,
                         gedi__arena *arena)
{
    bool components = !block || gedi__key_is(block, GEDI__AXES);
    base->at = over->at;
    base->key_at = over->key_at;
    for (gedi__tree *o = over->child, *next; o; o = next) {
        next = o->next;
        gedi__tree *b = gedi__tree_get(base, o->key);
        if (b && !block && gedi__key_is_component(o->key))
            GEDI_TRY(gedi__tree_lend(o, b, arena));
        if (!b)
            gedi__tree_append(base, o);
        else if (b->kind == GEDI__MAP && o->kind == GEDI__MAP &&
                 !replaces(b, o, components))
            GEDI_TRY(merge(b, o, block ? block : o->key, arena));
        else
            gedi__tree_replace(b, o);
    }
    return GEDI_OK;
}

gedi_status gedi__tree_merge(gedi__tree *base, gedi__tree *over, gedi__arena *arena)
{
    return merge(base, over, NULL, arena);
}

gedi__tree *gedi__tree_over(const gedi__tree *base, gedi__tree *over, gedi__arena *arena)
{
    gedi__tree *copy = gedi__tree_copy(base, arena);
    return copy && !gedi__tree_merge(copy, over, arena) ? copy : NULL;
}
