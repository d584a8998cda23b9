/* tree.c - what is done with a tree in which everything knows its place, and what is said of it. */
#include "core/descriptor/tree.h"
#include "core/descriptor/keys.h"

#include <stdio.h>
#include <string.h>

void gedi__mistake(gedi__mistakes *m, gedi__place at, const char *fmt, ...)
{
    char line[1024];
    size_t from = m->text.len;
    va_list ap;
    if (from > GEDI__MISTAKES_TEXT) {
        m->n++;
        return;
    }
    va_start(ap, fmt);
    int n = vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    if (at.line)
        gedi__text_add(&m->text, "%s:%d:%d: %s", at.source, at.line, at.column, line);
    else
        gedi__text_add(&m->text, "%s: %s", at.source, line);
    if (m->text.s)
        gedi__text_tell(m->text.s + from);
    gedi__text_add(&m->text, "%s\n", n >= (int)sizeof line ? "..." : "");
    m->n++;
}

bool gedi__mistakes_have(const gedi__mistakes *m, size_t from, const char *line, size_t n)
{
    return from < m->text.len && gedi__text_has_line(m->text.s + from, line, n);
}

void gedi__mistakes_join(gedi__mistakes *m, size_t from, gedi__mistakes *more)
{
    m->text.failed |= more->text.failed;
    for (const char *line = more->text.s; line && *line;) {
        size_t n = strcspn(line, "\n");
        if (!gedi__mistakes_have(m, from, line, n)) {
            gedi__text_add(&m->text, "%.*s\n", (int)n, line);
            m->n++;
        }
        line += n + (line[n] == '\n');
    }
    gedi__text_clear(&more->text);
    more->n = 0;
}

gedi__tree *gedi__tree_of_form(const gedi__tree *map, gedi__form form)
{
    gedi__tree *t = map->kind == GEDI__MAP ? map->child : NULL;
    while (t && !gedi__key_is(t->key, form))
        t = t->next;
    return t;
}

const gedi__tree *gedi__tree_take(gedi__tree *map, const char *key)
{
    gedi__tree **link = &map->child;
    while (*link && strcmp((*link)->key, key))
        link = &(*link)->next;
    const gedi__tree *t = *link;
    if (t)
        *link = t->next;
    return t;
}

gedi__tree *gedi__tree_get(const gedi__tree *map, const char *key)
{
    gedi__tree *t = map->kind == GEDI__MAP ? map->child : NULL;
    while (t && strcmp(t->key, key))
        t = t->next;
    return t;
}

gedi__tree *gedi__tree_at(const gedi__tree *list, int i)
{
    gedi__tree *t = list->kind == GEDI__LIST && i >= 0 ? list->child : NULL;
    while (t && i-- > 0)
        t = t->next;
    return t;
}

int gedi__tree_count(const gedi__tree *t)
{
    int n = 0;
    for (const gedi__tree *c = t->child; c; c = c->next)
        n++;
    return n;
}

bool gedi__tree_is_null(const gedi__tree *t)
{
    return t->kind == GEDI__SCALAR && !t->quoted &&
           (!*t->text || !strcmp(t->text, "~") || !strcmp(t->text, "null"));
}

gedi__tree *gedi__tree_copy(const gedi__tree *t, gedi__arena *arena)
{
    gedi__tree *copy = gedi__arena_alloc(arena, sizeof *copy);
    if (!copy)
        return NULL;
    *copy = *t;
    copy->next = copy->child = NULL;
    gedi__tree **end = &copy->child;
    for (const gedi__tree *c = t->child; c; c = c->next, end = &(*end)->next)
        if (!(*end = gedi__tree_copy(c, arena)))
            return NULL;
    return copy;
}

gedi__tree *gedi__tree_without(const gedi__tree *map, const char *keys,
                               gedi__arena *arena)
{
    gedi__tree *copy = gedi__tree_copy(map, arena);
    gedi__tree **link = copy ? &copy->child : NULL;
    while (link && *link)
        if (gedi__words_have(keys, (*link)->key))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    return copy;
}

void gedi__tree_append(gedi__tree *parent, gedi__tree *entry)
{
    gedi__tree **end = &parent->child;
    while (*end)
        end = &(*end)->next;
    entry->next = NULL;
    *end = entry;
}

const char *gedi__tree_what(const gedi__tree *t)
{
    if (t->kind != GEDI__SCALAR)
        return t->kind == GEDI__MAP ? "a mapping" : "a list";
    if (gedi__tree_is_null(t))
        return "nothing";
    return *t->text ? "a value" : "an empty text";
}
