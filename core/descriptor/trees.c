/* trees.c - what many points of a sweep share. */
#include "core/descriptor/trees.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/merge.h"

typedef struct gedi__tree_read {
    const gedi__tree *varied;
    const gedi__tree *root;
    bool whole;
    struct gedi__tree_read *next;
} gedi__tree_read;

/* The blocks of a sweep can be long, and a point reads none of them. */
static gedi__tree *copy_of(const gedi__tree *root, gedi__arena *arena)
{
    gedi__tree top = *root, *copy;
    top.child = NULL;
    copy = gedi__tree_copy(&top, arena);
    gedi__tree **end = copy ? &copy->child : NULL;
    for (const gedi__tree *c = root->child; copy && c; c = c->next, end = &(*end)->next) {
        gedi__tree shell = *c;
        bool shared = gedi__key_is(c->key, GEDI__AXES);
        if (shared)
            shell.child = NULL;
        if (!(*end = gedi__tree_copy(&shell, arena)))
            return NULL;
        if (shared)
            (*end)->child = c->child;
    }
    return copy;
}

gedi_status gedi__trees_load(gedi__trees *t, const char *file, const gedi__tree *varied,
                             gedi__arena *arena, gedi__mistakes *m, gedi__tree **root,
                             bool *whole)
{
    gedi__tree *read;
    int before = m->n;
    const gedi__tree_read *r = t->first;
    while (r && r->varied != varied)
        r = r->next;
    *root = NULL;
    if (!r) {
        GEDI_TRY(gedi__tree_load(file, varied, &t->arena, m, &read, whole));
        gedi__tree_read *own = read ? gedi__arena_alloc(&t->arena, sizeof *own) : NULL;
        if (!read)
            return GEDI_OK;
        if (!own)
            return GEDI_NOMEM;
        *own = (gedi__tree_read){varied, read, *whole, t->first};
        if (m->n == before)
            t->first = own;
        r = own;
    }
    *whole = r->whole;
    *root = copy_of(r->root, arena);
    return *root ? GEDI_OK : GEDI_NOMEM;
}

gedi_status gedi__trees_registry(gedi__trees *t, const gedi__tree *root,
                                 gedi__registry **out, gedi_err *err)
{
    if (gedi__tree_of_form(root, GEDI__PLUGINS))
        return gedi__registry_new(out, err);
    if (!t->registry)
        GEDI_TRY(gedi__registry_new(&t->registry, err));
    *out = gedi__registry_share(t->registry);
    return GEDI_OK;
}

void gedi__trees_clear(gedi__trees *t)
{
    gedi__registry_free(t->registry);
    gedi__arena_clear(&t->arena);
    *t = (gedi__trees){0};
}
