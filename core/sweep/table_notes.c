/* table_notes.c - which numbers of a table are made otherwise than the others, and how. */
#include "core/store/summary.h"
#include "core/sweep/clauses.h"
#include "core/sweep/points.h"
#include "core/sweep/table_parts.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum {
    MOST_HALTS = 64,
    NAMED_HALTS = 4, /* each; of more the first and the last */
};

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

/* Where runs had come to that had not come to their end: by lengths, then by iterations. */
typedef struct halts {
    int n;
    struct halt {
        long long at, of;
    } halt[MOST_HALTS];
} halts;

static void add_halt(halts *h, const char *when)
{
    struct halt own;
    int i = 0;
    if (sscanf(when, GEDI__INTERRUPTED "%lld of %lld", &own.at, &own.of) != 2)
        return;
    while (i < h->n && (h->halt[i].of < own.of ||
                        (h->halt[i].of == own.of && h->halt[i].at < own.at)))
        i++;
    bool known = i < h->n && h->halt[i].of == own.of && h->halt[i].at == own.at;
    if (known || h->n == MOST_HALTS)
        return;
    memmove(&h->halt[i + 1], &h->halt[i], (size_t)(h->n++ - i) * sizeof own);
    h->halt[i] = own;
}

/* "at iterations 300 and 411 of 2000", "at iterations 50 to 900 of 2000": one mark for all of them. */
static const char *halts_text(gedi__arena *arena, const halts *h)
{
    gedi__text t = {0};
    int n = h->n;
    bool named = n <= NAMED_HALTS;
    gedi__text_add(&t, n > 1 ? "at iterations " : GEDI__INTERRUPTED);
    for (int i = 0; i < n; i++) {
        const struct halt *own = &h->halt[i], *next = i + 1 < n ? own + 1 : NULL;
        bool first = !i || own[-1].of != own->of, last = !next || next->of != own->of;
        if (named)
            gedi__text_add(&t, "%s%lld", !i ? "" : next ? ", " : " and ", own->at);
        else if (first)
            gedi__text_add(&t, "%s%lld", i ? ", " : "", own->at);
        else if (last)
            gedi__text_add(&t, " to %lld", own->at);
        if (last)
            gedi__text_add(&t, " of %lld", own->of);
    }
    const char *out = t.failed ? NULL : gedi__arena_text(arena, t.s);
    gedi__text_clear(&t);
    return out;
}

/* What is said of all numbers of runs that had not come to their end; "" where there are none. */
static gedi_status find_halts(gedi__table *t, const char **out)
{
    halts h = {0};
    for (int i = 0; i < t->rows * t->columns; i++)
        for (const gedi__made *m = t->cell[i].made; m; m = m->next) {
            const char *when =
                gedi__clauses_named(&t->arena, m->definition, GEDI__INTERRUPTED);
            if (!when)
                return GEDI_NOMEM;
            add_halt(&h, when);
        }
    *out = h.n ? halts_text(&t->arena, &h) : "";
    return *out ? GEDI_OK : GEDI_NOMEM;
}

/* A number of a run that had not come to its end is always told, though all are such. */
static gedi_status annotate(gedi__table *t, gedi__table_cell *cell, const char *common,
                            const char *halted)
{
    gedi__arena *a = &t->arena;
    for (const gedi__made *m = cell->made; m; m = m->next) {
        const char *own = gedi__clauses_without(a, m->definition, GEDI__INTERRUPTED);
        const char *when = gedi__clauses_named(a, m->definition, GEDI__INTERRUPTED);
        if (!own || !when)
            return GEDI_NOMEM;
        if (*when)
            GEDI_TRY(note(t, cell, m->runs, *halted ? halted : when,
                          "at the end of training"));
        if (strcmp(own, common))
            GEDI_TRY(note(t, cell, m->runs, gedi__clauses_apart(a, own, common),
                          gedi__clauses_apart(a, common, own)));
    }
    return GEDI_OK;
}

gedi_status gedi__table_annotate(gedi__table *t)
{
    const char *common = NULL, *halted = "";
    GEDI_TRY(find_halts(t, &halted));
    for (int c = 0; c < t->columns && t->show->stat != GEDI__COUNT; c++) {
        if (!c || strcmp(t->in[c].path, t->in[c - 1].path))
            GEDI_TRY(find_usual(t, t->in[c].path, &common));
        for (int r = 0; common && r < t->rows; r++)
            GEDI_TRY(annotate(t, &t->cell[r * t->columns + c], common, halted));
    }
    return GEDI_OK;
}

gedi_status gedi__table_chosen(const gedi__study *s, const int *cell_of, gedi__text *out)
{
    const char *by = "";
    int drawn = 0, left = 0, others = 0;
    for (int i = 0; i < s->documents && !*by; i++)
        by = gedi__points_searched(s->document[i]);
    for (int i = 0; i < s->results; i++) {
        const gedi__result *r = &s->result[i];
        if (cell_of[i] < 0)
            continue;
        bool draw = json_object_get(r->labels, GEDI__DRAW) != NULL;
        drawn += draw && r->state == GEDI__FINISHED;
        left += draw && r->state == GEDI__MISSING && r->left;
        others += !draw && r->state == GEDI__FINISHED;
    }
    if (!drawn || !others)
        return GEDI_OK;
    gedi__text_add(out, "%s%d of the %d finished runs %s of a search%s%s",
                   out->len ? "\n" : "", drawn, drawn + others,
                   drawn == 1 ? "is a draw" : "are draws", *by ? " by " : "", by);
    if (left)
        gedi__text_add(out, ", which left %d more early", left);
    gedi__text_add(out, ": chosen by a number, they look better in it than the others");
    return out->failed ? GEDI_NOMEM : GEDI_OK;
}
