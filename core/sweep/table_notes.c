/* table_notes.c - which numbers of a table are made otherwise than the others, and how. */
#include "core/store/summary.h"
#include "core/sweep/clauses.h"
#include "core/sweep/table.h"

#include <string.h>

gedi_status gedi__made_add(gedi__table *t, gedi__made **list, const char *definition,
                           int runs)
{
    while (*list && strcmp((*list)->definition, definition))
        list = &(*list)->next;
    if (!*list && !(*list = gedi__arena_alloc(&t->arena, sizeof **list)))
        return GEDI_NOMEM;
    (*list)->definition = definition;
    (*list)->runs += runs;
    return GEDI_OK;
}

/* The definition that most runs of this path have, the first among equals, as it is at a run's
 * end; *out is NULL where none is told. */
static gedi_status find_usual(gedi__table *t, const char *path, const char **out)
{
    gedi__made *all = NULL;
    int most = 0;
    *out = NULL;
    for (int i = 0; i < t->rows * t->columns; i++)
        if (!strcmp(t->in[i % t->columns].path, path))
            for (const gedi__made *m = t->cell[i].made; m; m = m->next)
                GEDI_TRY(gedi__made_add(t, &all, m->definition, m->runs));
    for (const gedi__made *m = all; m; m = m->next)
        if (m->runs > most) {
            most = m->runs;
            *out = m->definition;
        }
    if (*out && !(*out = gedi__clauses_without(&t->arena, *out, GEDI__INTERRUPTED)))
        return GEDI_NOMEM;
    return GEDI_OK;
}

/* The note that says this, a new one if there is none; -1 without memory. Behind the last
 * that has room, the last stands for all. */
static int find_note(gedi__table *t, const char *here, const char *elsewhere)
{
    static const char others[] = "another definition, which the table in CSV has";
    if (!here || !elsewhere)
        return -1;
    for (int k = 0; k < t->notes; k++)
        if (!strcmp(t->note[k].here, here) && !strcmp(t->note[k].elsewhere, elsewhere))
            return k;
    if (t->notes == GEDI__MAX_NOTES) {
        t->note[t->notes - 1] = (gedi__note){.here = others, .elsewhere = elsewhere};
        return t->notes - 1;
    }
    t->note[t->notes] = (gedi__note){.here = here, .elsewhere = elsewhere};
    return t->notes++;
}

static gedi_status note(gedi__table *t, gedi__table_cell *cell, int runs,
                        const char *here, const char *elsewhere)
{
    int k = find_note(t, here, elsewhere);
    if (k < 0)
        return GEDI_NOMEM;
    cell->notes[k] = true;
    t->note[k].partly |= runs < cell->of.n;
    return GEDI_OK;
}

/* A number of a run that had not come to its end is always told, though all are such. */
static gedi_status annotate(gedi__table *t, gedi__table_cell *cell, const char *common)
{
    gedi__arena *a = &t->arena;
    for (const gedi__made *m = cell->made; m; m = m->next) {
        const char *own = gedi__clauses_without(a, m->definition, GEDI__INTERRUPTED);
        const char *when = gedi__clauses_named(a, m->definition, GEDI__INTERRUPTED);
        if (!own || !when)
            return GEDI_NOMEM;
        if (*when)
            GEDI_TRY(note(t, cell, m->runs, when, "at the run's end"));
        if (strcmp(own, common))
            GEDI_TRY(note(t, cell, m->runs, gedi__clauses_apart(a, own, common),
                          gedi__clauses_apart(a, common, own)));
    }
    return GEDI_OK;
}

gedi_status gedi__table_annotate(gedi__table *t)
{
    const char *common = NULL;
    for (int c = 0; c < t->columns && t->show->stat != GEDI__COUNT; c++) {
        if (!c || strcmp(t->in[c].path, t->in[c - 1].path))
            GEDI_TRY(find_usual(t, t->in[c].path, &common));
        for (int r = 0; common && r < t->rows; r++)
            GEDI_TRY(annotate(t, &t->cell[r * t->columns + c], common));
    }
    return GEDI_OK;
}
