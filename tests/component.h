/* component.h - a plugin that is linked into the test, with its options from a text. */
#ifndef GEDI_TESTS_COMPONENT_H
#define GEDI_TESTS_COMPONENT_H

#include "core/descriptor/fill.h"
#include "core/plugin/option.h"
#include "gedi/plugin.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

typedef struct component {
    void *self; /* the defaults and what the text says; exactly self_size bytes */
    gedi__arena arena;
} component;

static inline void component_set(component *c, const gedi_plugin *p, const char *key,
                                 const char *value)
{
    gedi_err err = {0};
    const gedi_option *o = gedi__option_find(p->options, key);
    ck_assert_msg(o != NULL, "%s has no option '%s'", p->name, key);
    if (*value == '{' || *value == '[') {
        gedi__mistakes m = {0};
        gedi__filler f = {.arena = &c->arena, .m = &m};
        gedi__tree *t = NULL;
        ck_assert_int_eq(
            gedi__tree_parse(value, strlen(value), key, false, &c->arena, &m, &t),
            GEDI_OK);
        ck_assert_int_eq(gedi__option_fill(&f, o, c->self, t), GEDI_OK);
        ck_assert_msg(m.n == 0, "%s: %s", p->name, m.text.s);
        return;
    }
    bool quoted = o->type == GEDI_TYPE_TEXT;
    gedi_status s = gedi__option_set(o, c->self, -1, value, quoted, &c->arena, &err);
    ck_assert_msg(s == GEDI_OK, "%s: %s", p->name, err.msg);
}

/* The next KEY=VALUE of the text, cut out; a space in braces ends none. */
static inline char *component_cut(char **rest)
{
    char *from = *rest + strspn(*rest, " "), *s = from;
    for (int depth = 0; *s && (depth || *s != ' '); s++)
        depth += *s == '{' ? 1 : *s == '}' ? -1 : 0;
    *rest = *s ? s + 1 : s;
    *s = 0;
    return *from ? from : NULL;
}

/* `plugin`: any plugin struct; `options`: "lr=0.1 nesterov=true". */
static inline component component_new(const void *plugin, const char *options)
{
    const gedi_plugin *p = plugin;
    gedi_err err = {0};
    component c = {.self = calloc(1, p->self_size)};
    char *text = strdup(options), *rest = text;
    ck_assert_ptr_nonnull(c.self);
    ck_assert_ptr_nonnull(text);
    ck_assert_msg(gedi__option_defaults(p->options, c.self, &err) == GEDI_OK, "%s: %s",
                  p->name, err.msg);
    for (char *w = component_cut(&rest); w; w = component_cut(&rest)) {
        char *equals = strchr(w, '=');
        ck_assert_msg(equals != NULL, "'%s' is no KEY=VALUE", w);
        *equals = 0;
        component_set(&c, p, w, equals + 1);
    }
    free(text);
    return c;
}

static inline void component_free(component *c)
{
    free(c->self);
    gedi__arena_clear(&c->arena);
    c->self = NULL;
}

#endif
