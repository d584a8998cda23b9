/* show_logged.c - which numbers of a log its figures draw. */
#include "core/sweep/show_logged.h"
#include "core/sweep/show_losses.h"

#include <string.h>

static void add_series(gedi__log_series *out, const char *name, const double *value)
{
    out->name[out->n] = name;
    out->value[out->n++] = value;
}

static void choose_terms(gedi__metrics *m, gedi__log_series *out)
{
    *out = (gedi__log_series){.optimum = m->optimum};
    for (int i = 0; i < m->terms; i++)
        add_series(out, m->name[i], m->value[i]);
}

static void choose_validations(gedi__metrics *m, gedi__log_series *out)
{
    *out = (gedi__log_series){0};
    for (int i = 0; i < m->validations; i++)
        if (!gedi__metrics_is_end(m, i))
            add_series(out, m->validation_name[i], m->validation[i]);
}

static void choose_schedules(gedi__metrics *m, gedi__log_series *out)
{
    *out = (gedi__log_series){0};
    for (int i = 0; i < m->schedules; i++)
        add_series(out, m->schedule_name[i], m->schedule[i]);
}

static const gedi__logged figures[] = {
    {"losses", "Loss terms", "term", "loss term", choose_terms, GEDI__LOGGED_MOST, true},
    {"schedules", "Scheduled options", "option", "scheduled option", choose_schedules, 4,
     false},
    {"validation", "Metrics while training", "metric", "metric", choose_validations, 4,
     false},
};

const gedi__logged *gedi__logged_of(const char *name)
{
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++)
        if (!strcmp(figures[i].name, name))
            return &figures[i];
    return NULL;
}

bool gedi__show_is_logged(const char *figure)
{
    return gedi__logged_of(figure) != NULL;
}
