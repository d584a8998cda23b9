/* tree.c - what is done with a tree in which everything knows its place, and what is said of it. */
#include "core/descriptor/tree.h"
#include "core/descriptor/keys.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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

/* A mistake's line, and where it is. */
typedef struct placed {
    const char *text, *source; /* the source's name: its letters up to the first place */
    size_t n, source_n;
    long file, line, column; /* file: how many before it are named first */
    int order;
} placed;

/* "FILE:LINE:COLUMN: ..." */
static void find_place(placed *p)
{
    const char *end = p->text + p->n;
    p->file = LONG_MAX;
    for (const char *c = p->text; (c = memchr(c, ':', (size_t)(end - c))); c++) {
        char *after, *last;
        long line = strtol(c + 1, &after, 10);
        if (after == c + 1 || after >= end || *after != ':')
            continue;
        long column = strtol(after + 1, &last, 10);
        if (last == after + 1 || last >= end || *last != ':')
            continue;
        p->source = p->text;
        p->source_n = (size_t)(c - p->text);
        p->line = line;
        p->column = column;
        return;
    }
}

static int by_place(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    if (x->column != y->column)
        return x->column < y->column ? -1 : 1;
    return x->order - y->order;
}

/* Numbers the files in the order in which they are named. */
static void number_files(placed *p, int n)
{
    for (int i = 0; i < n; i++) {
        int k = 0;
        while (p[i].source && (!p[k].source || p[k].source_n != p[i].source_n ||
                               strncmp(p[k].source, p[i].source, p[i].source_n)))
            k++;
        if (p[i].source)
            p[i].file = k;
    }
}

gedi_status gedi__mistakes_sort(gedi__mistakes *m, size_t from)
{
    int n = 0;
    if (from >= m->text.len)
        return GEDI_OK;
    for (const char *c = m->text.s + from; *c; c++)
        n += *c == '\n';
    char *copy = strdup(m->text.s + from);
    placed *p = calloc((size_t)n + 1, sizeof *p);
    if (!copy || !p) {
        free(copy);
        free(p);
        return GEDI_NOMEM;
    }
    const char *c = copy;
    for (int i = 0; i < n; i++, c += p[i - 1].n + 1) {
        p[i] = (placed){.text = c, .n = strcspn(c, "\n"), .order = i};
        find_place(&p[i]);
    }
    number_files(p, n);
    qsort(p, (size_t)n, sizeof *p, by_place);
    m->text.len = from;
    for (int i = 0; i < n; i++)
        gedi__text_add(&m->text, "%.*s\n", (int)p[i].n, p[i].text);
    free(copy);
    free(p);
    return m->text.failed ? GEDI_NOMEM : GEDI_OK;
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
