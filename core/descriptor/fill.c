/* fill.c - a tree's values into a struct, by its table of options; words not known. */
#include "core/descriptor/fill.h"
#include "core/descriptor/keys.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- words that are not known ---- */

/* Adds ": did you mean 'inv'? (legal: gen, inv, prior)" to a message. */
static void suggest(gedi__text *t, const char *word, const char *const *legal, int n)
{
    const char *near = gedi__text_nearest(word, legal, n);
    if (near)
        gedi__text_add(t, ": did you mean '%s'?", near);
    for (int i = 0; i < n; i++)
        gedi__text_add(t, "%s%s", i ? ", " : " (legal: ", legal[i]);
    gedi__text_add(t, n ? ")" : " (it has none)");
}

void gedi__mistake_unknown(gedi__mistakes *m, gedi__place at, const char *what,
                           const char *word, const char *owner, const char *const *legal,
                           int n)
{
    gedi__text t = {0};
    gedi__text_add(&t, "unknown %s '%.64s'%s%s", what, word, owner ? " of " : "",
                   owner ? owner : "");
    suggest(&t, word, legal, n);
    gedi__mistake(m, at, "%s", t.s ? t.s : "");
    m->text.failed |= t.failed;
    gedi__text_clear(&t);
}

gedi_status gedi__mistake_word(gedi__mistakes *m, gedi__place at, const char *what,
                               const char *word, const char *legal)
{
    const char *list[GEDI__MAX_KEYS];
    int n = 0, length;
    gedi__arena arena = {0};
    gedi_status s = GEDI_OK;
    for (const char *w = legal; !s && (w = gedi__words_next(w, &length)); w += length) {
        char one[64];
        snprintf(one, sizeof one, "%.*s", length, w);
        list[n] = gedi__arena_text(&arena, one);
        s = list[n++] ? GEDI_OK : GEDI_NOMEM;
    }
    if (!s)
        gedi__mistake_unknown(m, at, what, word, NULL, list, n);
    gedi__arena_clear(&arena);
    return s;
}

static gedi_status unknown_option(const gedi__filler *f, const gedi__tree *t,
                                  const char *owner, const gedi_option *table)
{
    int n = gedi__option_count(table);
    const char **legal = calloc((size_t)n + 1, sizeof *legal);
    if (!legal)
        return GEDI_NOMEM;
    for (int i = 0; i < n; i++)
        legal[i] = table[i].key;
    gedi__mistake_unknown(f->m, t->key_at, "option", t->key, owner, legal, n);
    free(legal);
    return GEDI_OK;
}

/* ---- options ---- */

static gedi_status set_option(const gedi__filler *f, const gedi_option *o, void *self,
                              int item, const gedi__tree *t, const char *value)
{
    gedi_err why = {0};
    gedi_status s = gedi__option_set(o, self, item, value, t->quoted, f->arena, &why);
    if (s == GEDI_NOMEM)
        return s;
    if (s && t->lent)
        gedi__mistake(
            f->m, t->at,
            "%s: `from` gives it the value of the plugin that is replaced, which "
            "means something else there: state `%s` itself",
            why.msg, o->key);
    else if (s)
        gedi__mistake(f->m, t->at, "%s", why.msg);
    return GEDI_OK;
}

static gedi_status read_list(const gedi__filler *f, const gedi_option *o, void *self,
                             const gedi__tree *list)
{
    int i = 0;
    GEDI_TRY(set_option(f, o, self, -1, list, NULL));
    for (const gedi__tree *c = list->child; c && i <= GEDI_MAX_LIST; c = c->next, i++)
        if (c->kind == GEDI__SCALAR)
            GEDI_TRY(set_option(f, o, self, i, c, c->text));
        else
            gedi__mistake(f->m, c->at, "%s[%d]: %s is given inside a %s", o->key, i,
                          gedi__tree_what(c), gedi__option_type_name(o->type));
    return GEDI_OK;
}

static gedi_status read_components(const gedi__filler *f, const gedi_option *o,
                                   gedi_components *out, const gedi__tree *list)
{
    gedi_kind kind;
    GEDI_ASSERT(f->component && gedi__kind_parse(o->words, &kind));
    *out = (gedi_components){0};
    for (const gedi__tree *c = list->child; c; c = c->next) {
        if (out->n == GEDI_MAX_LIST) {
            gedi__mistake(f->m, c->at, "%s: a list has at most %d entries", o->key,
                          GEDI_MAX_LIST);
            return GEDI_OK;
        }
        gedi_component *entry = &out->v[out->n];
        GEDI_TRY(f->component(f->context, kind, c, entry));
        out->n += entry->plugin != NULL; /* not after a mistake */
    }
    return GEDI_OK;
}

gedi_status gedi__option_fill(const gedi__filler *f, const gedi_option *o, void *self,
                              const gedi__tree *t)
{
    if (t->kind == GEDI__SCALAR)
        return set_option(f, o, self, -1, t, t->text);
    if (t->kind == GEDI__MAP && o->type == GEDI_TYPE_SCHEDULE)
        return gedi__schedule_fill(f, o, self, t);
    if (t->kind == GEDI__MAP)
        gedi__mistake(f->m, t->at, "%s: a mapping is given, but its type is %s%s", o->key,
                      gedi__option_type_name(o->type),
                      gedi__is_schedule(t) ? ": it cannot be scheduled" : "");
    else if (o->type == GEDI_TYPE_INTS || o->type == GEDI_TYPE_REALS)
        return read_list(f, o, self, t);
    else if (o->type == GEDI_TYPE_COMPONENTS)
        return read_components(f, o, (gedi_components *)((char *)self + o->offset), t);
    else
        return set_option(f, o, self, 0, t, "");
    return GEDI_OK;
}

gedi_status gedi__options_fill(const gedi__filler *f, const char *owner,
                               const gedi_option *table, void *self,
                               const gedi__tree *map)
{
    for (const gedi__tree *t = map->child; t; t = t->next) {
        const gedi_option *o = gedi__option_find(table, t->key);
        if (!o && t->lent)
            continue; /* the other plugin's own */
        GEDI_TRY(o ? gedi__option_fill(f, o, self, t)
                   : unknown_option(f, t, owner, table));
    }
    return GEDI_OK;
}
