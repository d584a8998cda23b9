/* entry.c - an entry of a list: one plugin, and options of the entry's own beside it. */
#include "core/descriptor/entry.h"
#include "core/plugin/option.h"

static bool is_beside(const gedi__tree *t, const gedi_option *beside)
{
    return beside && gedi__option_find(beside, t->key) != NULL;
}

gedi__tree *gedi__entry_plugin(const gedi__tree *entry, const gedi_option *beside)
{
    gedi__tree *c = entry->kind == GEDI__MAP ? entry->child : NULL;
    while (c && is_beside(c, beside))
        c = c->next;
    return c;
}

/* The entry as a component is read. NULL when out of memory. */
static gedi__tree *component_of(gedi__reading *r, const gedi__tree *entry,
                                const gedi_option *beside)
{
    gedi__tree *copy = gedi__tree_copy(entry, r->scratch);
    gedi__tree **link = copy && copy->kind == GEDI__MAP ? &copy->child : NULL;
    while (link && *link)
        if (is_beside(*link, beside))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    return copy;
}

gedi_status gedi__entry_read(gedi__reading *r, const gedi__key *k,
                             const gedi__tree *entry, gedi__component *part, void *self)
{
    gedi_status s = gedi__option_defaults(k->options, self, NULL);
    GEDI_ASSERT(s == GEDI_OK);
    gedi__tree *component = component_of(r, entry, k->options);
    if (!component)
        return GEDI_NOMEM;
    if (component->kind == GEDI__MAP && !component->child && entry->child) {
        gedi__mistake(r->m, entry->at,
                      "%s: an entry has '%.64s', but names no %s: write {NAME: {}, "
                      "%.64s: ...}",
                      k->key, entry->child->key, gedi__kind_name((gedi_kind)k->kind),
                      entry->child->key);
        return GEDI_OK;
    }
    component->key = k->key;
    GEDI_TRY(gedi__read_component(r, (gedi_kind)k->kind, component, part));
    for (const gedi__tree *c = entry->kind == GEDI__MAP ? entry->child : NULL; c;
         c = c->next)
        if (is_beside(c, k->options))
            GEDI_TRY(gedi__option_fill(&r->fill, gedi__option_find(k->options, c->key),
                                       self, c));
    return GEDI_OK;
}
