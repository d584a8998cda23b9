/* table_arrange.c - which runs a table has, and in which of its rows and columns each stands. */
#include "core/sweep/table_parts.h"

#include <string.h>

enum { NONE = -1 };

typedef struct arranger {
    gedi__study *s;
    const gedi__show *show;
    gedi__table *t;
    int *cell_of; /* [results]: cell, or NONE */
} arranger;

static gedi_status no_memory(gedi_err *err)
{
    return gedi_no_memory(err, "table");
}

gedi_status gedi__table_selects(gedi__study *s, const gedi__show *show, int i, bool *yes)
{
    *yes = true;
    for (int k = 0; k < show->wheres && *yes; k++) {
        const char *label;
        GEDI_TRY(gedi__study_label(s, i, show->where[k].name, &label));
        *yes = gedi__where_holds(&show->where[k], label);
    }
    return GEDI_OK;
}

/* The labels for `name` that selected runs have, in the order of the axis. Without a name
 * there is one, `only`. */
static gedi_status labels_for(arranger *m, const char *name, const char *only, int *n,
                              const char ***out)
{
    const char **all, *label;
    *n = 0;
    *out = gedi__arena_alloc(&m->t->arena, sizeof **out);
    if (!*out)
        return GEDI_NOMEM;
    if (!*name) {
        (*out)[(*n)++] = only;
        return GEDI_OK;
    }
    GEDI_TRY(gedi__study_labels(m->s, name, &all));
    int most = 0;
    while (all[most])
        most++;
    bool *used = gedi__arena_alloc(&m->t->arena, (size_t)most);
    *out = gedi__arena_alloc(&m->t->arena, (size_t)most * sizeof **out);
    if (!used || !*out)
        return GEDI_NOMEM;
    for (int i = 0; i < m->s->results; i++) {
        GEDI_TRY(gedi__study_label(m->s, i, name, &label));
        if (m->cell_of[i] != NONE && *label)
            used[gedi__study_place(all, most, label)] = true;
    }
    for (int i = 0; i < most; i++)
        if (used[i])
            (*out)[(*n)++] = all[i];
    return GEDI_OK;
}

/* The row or column of result i; NONE where it has no such label. */
static gedi_status place(gedi__study *s, int i, const char *name, const char **word,
                         int n, int *out)
{
    const char *label;
    *out = 0;
    if (!*name)
        return GEDI_OK;
    GEDI_TRY(gedi__study_label(s, i, name, &label));
    *out = gedi__study_place(word, n, label);
    return GEDI_OK;
}

gedi_status gedi__table_cell_of(gedi__study *s, const gedi__table *t, int i, int *cell)
{
    bool yes;
    int r, c;
    *cell = NONE;
    GEDI_TRY(gedi__table_selects(s, t->show, i, &yes));
    GEDI_TRY(place(s, i, t->show->rows, t->row, t->rows, &r));
    GEDI_TRY(place(s, i, t->show->columns, t->column, t->columns, &c));
    if (yes && r != NONE && c != NONE)
        *cell = r * t->columns + c;
    return GEDI_OK;
}

/* Why the conditions leave no run: one that no run fulfils, or all of them together. */
static gedi_status fail_where(arranger *m, gedi_err *err)
{
    const gedi__show *w = m->show;
    gedi__text t = {0};
    const char *label;
    for (int k = 0; k < w->wheres; k++) {
        bool any = false;
        for (int i = 0; i < m->s->results && !any; i++) {
            if (gedi__study_label(m->s, i, w->where[k].name, &label))
                return no_memory(err);
            any = gedi__where_holds(&w->where[k], label);
        }
        if (!any)
            return gedi__study_no_label(m->s, w->where[k].name, w->where[k].label, err);
    }
    gedi__text_add(&t, "%s", w->wheres ? "no run has" : "table: no run is there");
    for (int k = 0; k < w->wheres; k++)
        gedi__text_add(&t, "%s %s=%s", k ? " and" : "", w->where[k].name,
                       w->where[k].label);
    return gedi__study_fail(&t, err);
}

/* A column for each of several values, else for each label. */
static gedi_status make_columns(arranger *m)
{
    gedi__table *t = m->t;
    const gedi__show *w = m->show;
    if (w->quantities) {
        t->columns = w->quantities;
        t->column = gedi__arena_alloc(&t->arena, (size_t)t->columns * sizeof *t->column);
        for (int c = 0; t->column && c < t->columns; c++)
            t->column[c] = w->quantity[c].title;
    } else {
        GEDI_TRY(labels_for(m, w->columns, w->value, &t->columns, &t->column));
    }
    t->in = gedi__arena_alloc(&t->arena, (size_t)t->columns * sizeof *t->in);
    if (!t->column || !t->in)
        return GEDI_NOMEM;
    for (int c = 0; c < t->columns; c++)
        t->in[c].path = w->quantities ? w->quantity[c].path : w->value;
    return GEDI_OK;
}

gedi_status gedi__table_arrange(gedi__study *s, gedi__table *t, int *cell_of,
                                gedi_err *err)
{
    arranger own = {s, t->show, t, cell_of}, *m = &own;
    int selected = 0;
    for (int i = 0; i < m->s->results; i++) {
        bool yes;
        if (gedi__table_selects(m->s, m->show, i, &yes))
            return no_memory(err);
        m->cell_of[i] = yes ? 0 : NONE;
        selected += yes;
    }
    if (!selected)
        return fail_where(m, err);
    if (labels_for(m, m->show->rows, m->show->value, &t->rows, &t->row) ||
        make_columns(m))
        return no_memory(err);
    if (!t->rows)
        return gedi__study_no_name(m->s, m->show->rows, err);
    if (!t->columns)
        return gedi__study_no_name(m->s, m->show->columns, err);
    for (int i = 0; i < m->s->results; i++)
        if (gedi__table_cell_of(m->s, t, i, &m->cell_of[i]))
            return no_memory(err);
    t->twins = gedi__study_once(m->s, m->cell_of);
    return GEDI_OK;
}
