/* families.c - metrics whose names have a `*`, as far as an evaluator says what it stands for. */
#include "core/evaluate/families.h"
#include "core/evaluate/findings.h"

#include <stdio.h>
#include <string.h>

enum { NAME = 160, MOST = 64 }; /* an author may never say that it was the last */

static const gedi_evaluator *plugin_of(const gedi__evaluation *v)
{
    return (const gedi_evaluator *)v->part.plugin;
}

/* What the i-th star is, a line of text. */
static bool star(const gedi__evaluation *v, int i, char *out, size_t size)
{
    bool (*names)(const void *self, int i, char *out, size_t size) = plugin_of(v)->names;
    *out = 0;
    if (!names || i >= MOST || !names(v->part.self, i, out, size))
        return false;
    out[size - 1] = 0;
    gedi__text_tell(out);
    return true;
}

/* "*.log_p" of moons is "moons.log_p". */
static void fill_in(const char *pattern, const char *by, char *out, size_t size)
{
    int n = (int)strcspn(pattern, "*");
    snprintf(out, size, "%.*s%s%s", n, pattern, by, pattern + n + 1);
}

bool gedi__families_names(const gedi__evaluation *v, gedi__text *out)
{
    char by[NAME];
    for (int i = 0; star(v, i, by, sizeof by); i++)
        gedi__text_add(out, "%s%s", i ? ", " : "", by);
    return plugin_of(v)->names;
}

typedef struct search {
    const char *name;
    bool found;
} search;

static gedi_status compare(void *context, const char *name)
{
    search *s = context;
    s->found |= !strcmp(s->name, name);
    return GEDI_OK;
}

const gedi_metric *gedi__families_find(const gedi__evaluation *v, const char *name)
{
    search s = {.name = name};
    const gedi_metric *m = gedi__metric_find(plugin_of(v)->metrics, name);
    if (!m || !strchr(m->name, '*') || !plugin_of(v)->names)
        return m;
    (void)gedi__families_each(v, compare, &s);
    return s.found ? m : NULL;
}

gedi_status gedi__families_each(const gedi__evaluation *v,
                                gedi_status (*add)(void *context, const char *name),
                                void *context)
{
    char by[NAME], name[2 * NAME];
    for (const gedi_metric *m = plugin_of(v)->metrics; m->name; m++) {
        bool family = strchr(m->name, '*') && plugin_of(v)->names;
        if (!family)
            GEDI_TRY(add(context, m->name));
        for (int i = 0; family && star(v, i, by, sizeof by); i++) {
            fill_in(m->name, by, name, sizeof name);
            GEDI_TRY(add(context, name));
        }
    }
    return GEDI_OK;
}
