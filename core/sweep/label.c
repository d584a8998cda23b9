/* label.c - what a resolved descriptor has at a path, and what differs between two. */
#include "core/sweep/label.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/sweep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL where it is no descriptor: then it has nothing at any path. */
static gedi_status parse(const char *text, gedi__arena *arena, gedi__tree **out)
{
    gedi__mistakes m = {0};
    gedi_status s = gedi__tree_parse(text, strlen(text), "", true, arena, &m, out);
    bool failed = m.text.failed;
    gedi__text_clear(&m.text);
    return s == GEDI_NOMEM || failed ? GEDI_NOMEM : GEDI_OK;
}

static const gedi__tree *step(const gedi__tree *t, const char *word, size_t n)
{
    const gedi__tree *c = t->child;
    char *end;
    if (t->kind == GEDI__LIST) {
        long i = strtol(word, &end, 10);
        return end == word + n && n ? gedi__tree_at(t, (int)i)
                                    : gedi__objectives_find(t, word, n);
    }
    while (c && (t->kind != GEDI__MAP || strlen(c->key) != n || strncmp(c->key, word, n)))
        c = c->next;
    return c;
}

static const gedi__tree *follow(const gedi__tree *t, const char *path)
{
    while (t && *path) {
        size_t n = strcspn(path, ".");
        t = step(t, path, n);
        path += n + (path[n] == '.');
    }
    return t;
}

/* A path without "stages.1.": as it is in a descriptor without stages. */
static const char *in_stage(const char *path)
{
    const gedi__key *k = gedi__key_of_path(path);
    if (!k || k->form != GEDI__STAGES)
        return path;
    const char *number = path + strlen(k->key) + (path[strlen(k->key)] == '.');
    size_t n = strcspn(number, ".");
    return number + n + (number[n] == '.');
}

static void add_label(const gedi__tree *t, const char *path, gedi__text *out)
{
    if (gedi__key_is(in_stage(path), GEDI__OBJECTIVES) && gedi__objectives_text(t, out))
        return;
    if (gedi__key_is_component(in_stage(path)) && t->kind == GEDI__MAP && t->child)
        gedi__text_add(out, "%s", t->child->key);
    else
        gedi__tree_flow(t, out);
}

/* "jem, gedi": what each stage has there, so that its runs are not taken for those of one. */
static void add_stages(const gedi__tree *stages, const char *path, gedi__text *out)
{
    bool any = false;
    for (const gedi__tree *c = stages ? stages->child : NULL; c; c = c->next)
        any |= follow(c, path) != NULL;
    for (const gedi__tree *c = any ? stages->child : NULL; c; c = c->next) {
        const gedi__tree *t = follow(c, path);
        gedi__text_add(out, c == stages->child ? "" : ", ");
        if (t)
            add_label(t, path, out);
        else
            gedi__text_add(out, "none");
    }
}

gedi_status gedi__descriptor_label(const char *descriptor, const char *path,
                                   gedi__text *out)
{
    gedi__arena arena = {0};
    gedi__tree *root = NULL;
    gedi_status s = parse(descriptor, &arena, &root);
    const gedi__tree *t = root ? follow(root, path) : NULL;
    if (t)
        add_label(t, path, out);
    else if (root)
        add_stages(gedi__tree_of_form(root, GEDI__STAGES), path, out);
    gedi__arena_clear(&arena);
    return s || out->failed ? GEDI_NOMEM : GEDI_OK;
}

/* ---- differences ---- */

static void add_change(const char *path, const gedi__tree *a, const gedi__tree *b,
                       gedi__text *out)
{
    gedi__text_add(out, "%s: ", path);
    if (a)
        gedi__tree_flow(a, out);
    gedi__text_add(out, a ? " -> " : "(not there) -> ");
    if (b)
        gedi__tree_flow(b, out);
    gedi__text_add(out, b ? "\n" : "(not there)\n");
}

static bool are_equal(const gedi__tree *a, const gedi__tree *b, gedi__text *out)
{
    gedi__text x = {0}, y = {0};
    gedi__tree_flow(a, &x);
    gedi__tree_flow(b, &y);
    bool equal = x.s && y.s && !strcmp(x.s, y.s);
    out->failed |= x.failed || y.failed;
    gedi__text_clear(&x);
    gedi__text_clear(&y);
    return equal;
}

/* Another plugin is one change, not one of every option. */
static bool is_other_plugin(const char *path, const gedi__tree *a, const gedi__tree *b)
{
    return gedi__key_is_component(in_stage(path)) && a->child && b->child &&
           strcmp(a->child->key, b->child->key);
}

static void compare(const char *path, const gedi__tree *a, const gedi__tree *b,
                    gedi__text *out);

/* Not told: where a run is, what it is called, how many threads it has. */
static bool is_local(const char *path)
{
    const gedi__key *k = gedi__key_find(path);
    return k && k->identity == GEDI__LOCAL;
}

static void compare_entry(const char *path, const char *key, const gedi__tree *a,
                          const gedi__tree *b, gedi__text *out)
{
    gedi__text below = {0};
    gedi__text_add(&below, "%s%s%s", path, *path ? "." : "", key);
    if (below.failed)
        out->failed = true;
    else if (a && b && !is_local(below.s))
        compare(below.s, a, b, out);
    else if (!is_local(below.s))
        add_change(below.s, a, b, out);
    gedi__text_clear(&below);
}

/* Stages, or objectives in a list. */
static void compare_entries(const char *key, const gedi__tree *a, const gedi__tree *b,
                            gedi__text *out)
{
    int n = gedi__tree_count(a);
    for (int i = 0; i < n; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i);
        compare_entry(key, number, gedi__tree_at(a, i), gedi__tree_at(b, i), out);
    }
}

static void compare(const char *path, const gedi__tree *a, const gedi__tree *b,
                    gedi__text *out)
{
    if (are_equal(a, b, out))
        return;
    bool lists = a->kind == GEDI__LIST && b->kind == GEDI__LIST;
    bool apart = gedi__key_is(path, GEDI__STAGES) ||
                 gedi__key_is(in_stage(path), GEDI__OBJECTIVES);
    if (lists && apart && gedi__tree_count(a) == gedi__tree_count(b)) {
        compare_entries(path, a, b, out);
        return;
    }
    bool maps = a->kind == GEDI__MAP && b->kind == GEDI__MAP;
    if (!maps || is_other_plugin(path, a, b)) {
        add_change(path, a, b, out);
        return;
    }
    for (const gedi__tree *c = a->child; c; c = c->next)
        compare_entry(path, c->key, c, gedi__tree_get(b, c->key), out);
    for (const gedi__tree *c = b->child; c; c = c->next)
        if (!gedi__tree_get(a, c->key))
            compare_entry(path, c->key, NULL, c, out);
}

gedi_status gedi__descriptor_changes(const char *a, const char *b, gedi__text *out)
{
    gedi__arena arena = {0};
    gedi__tree *s = NULL, *t = NULL;
    gedi_status status = parse(a, &arena, &s);
    if (!status)
        status = parse(b, &arena, &t);
    if (!status && s && t)
        compare("", s, t, out);
    gedi__arena_clear(&arena);
    return status || out->failed ? GEDI_NOMEM : GEDI_OK;
}
