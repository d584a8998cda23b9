/* sweep_labels.c - what the values of an axis are called, as short as tells them apart. */
#include "core/descriptor/merge.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/sweep_blocks.h"

#include <string.h>

static bool is_from(const gedi__tree *c)
{
    return !strcmp(c->key, GEDI__FROM) && c->kind == GEDI__SCALAR &&
           !gedi__tree_is_null(c);
}

/* The plugin, its name the key, where the value is {plugin: options} or {plugin: options, from: another}. */
static const gedi__tree *plugin_of(const gedi__tree *t)
{
    const gedi__tree *found = NULL;
    for (const gedi__tree *c = t->kind == GEDI__MAP ? t->child : NULL; c; c = c->next) {
        if (is_from(c))
            continue;
        if (found || (c->kind != GEDI__MAP && !gedi__tree_is_null(c)))
            return NULL;
        found = c;
    }
    return found;
}

static bool all_differ(const char *const *text, int n)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++)
            if (!strcmp(text[i], text[j]))
                return false;
    return true;
}

/* "jem, gedi": the objectives of stages, if each states one; else *out stays. */
static gedi_status objectives_of(gedi__sweep *s, const gedi__tree *stages,
                                 const char **out)
{
    gedi__text names = {0};
    for (const gedi__tree *c = stages->child; c; c = c->next) {
        const gedi__tree *o = gedi__tree_of_form(c, GEDI__OBJECTIVES);
        gedi__text_add(&names, names.len ? ", " : "");
        if (!o || !gedi__objectives_text(o, &names)) {
            gedi__text_clear(&names);
            return GEDI_OK;
        }
    }
    if (names.failed || names.len)
        *out = gedi__sweep_text(s, &names);
    return *out ? GEDI_OK : GEDI_NOMEM;
}

/* "moons-gedi" of "experiments/moons-gedi.yaml". */
static gedi_status stem_of(gedi__sweep *s, const char *file, const char **out)
{
    gedi__text stem = {0};
    const char *slash = strrchr(file, '/'), *name = slash ? slash + 1 : file;
    const char *dot = strrchr(name, '.');
    size_t n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    gedi__text_add(&stem, "%.*s", (int)n, name);
    *out = gedi__sweep_text(s, &stem);
    return *out ? GEDI_OK : GEDI_NOMEM;
}

/* The name alone. */
static gedi_status short_label(gedi__sweep *s, const char *path, const gedi__tree *value,
                               const char *text, const char **out)
{
    const gedi__tree *plugin = plugin_of(value);
    *out = plugin ? plugin->key : text;
    if (gedi__key_is(path, GEDI__OBJECTIVES) && value->kind == GEDI__LIST) {
        gedi__text names = {0};
        if (gedi__objectives_text(value, &names))
            *out = gedi__sweep_text(s, &names);
        else
            gedi__text_clear(&names);
        return *out ? GEDI_OK : GEDI_NOMEM;
    }
    if (gedi__key_is(path, GEDI__STAGES))
        return objectives_of(s, value, out);
    bool file = gedi__key_is(path, GEDI__BASE) && value->kind == GEDI__SCALAR;
    return file ? stem_of(s, text, out) : GEDI_OK;
}

/* The name with what it has: "gedi {inv: 10}". */
static gedi_status long_label(gedi__sweep *s, const char *path, const gedi__tree *value,
                              const char *text, const char **out)
{
    gedi__text flow = {0};
    const gedi__tree *plugin = plugin_of(value);
    if (gedi__key_is(path, GEDI__STAGES) || gedi__key_is(path, GEDI__BASE) || !plugin) {
        *out = text;
        return GEDI_OK;
    }
    gedi__text_add(&flow, "%s", plugin->key);
    if (plugin->child) {
        gedi__text_add(&flow, " ");
        gedi__tree_flow(plugin, &flow);
    }
    for (const gedi__tree *c = value->child; c; c = c->next)
        if (is_from(c))
            gedi__text_add(&flow, " from %s", c->text);
    *out = gedi__sweep_text(s, &flow);
    return *out ? GEDI_OK : GEDI_NOMEM;
}

gedi_status gedi__sweep_labels(gedi__sweep *s, const gedi__tree *list, const char *path,
                               const char *const *text, const char **out)
{
    int n = 0;
    for (const gedi__tree *c = list->child; c; c = c->next, n++)
        GEDI_TRY(short_label(s, path, c, text[n], &out[n]));
    if (all_differ(out, n))
        return GEDI_OK;
    n = 0;
    for (const gedi__tree *c = list->child; c; c = c->next, n++)
        GEDI_TRY(long_label(s, path, c, text[n], &out[n]));
    return GEDI_OK;
}
