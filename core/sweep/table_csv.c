/* table_csv.c - a table as CSV, a line a cell. */
#include "core/sweep/chance.h"
#include "core/sweep/table_format.h"

#include <math.h>

/* "cluster collapse 3; label inconsistency 1": how many runs show it. */
static void add_failures(const gedi__table *t, const gedi__table_cell *c, gedi__text *out)
{
    gedi__text all = {0};
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (c->marks[k])
            gedi__text_add(&all, "%s%s %d", all.len ? "; " : "", t->mark[k], c->marks[k]);
    gedi__text_add_csv(out, all.len ? all.s : "");
    out->failed |= all.failed;
    gedi__text_clear(&all);
}

/* All definitions of a cell, between bars. */
static void add_definitions(const gedi__table_cell *c, gedi__text *out)
{
    gedi__text all = {0};
    for (const gedi__made *m = c->made; m; m = m->next)
        gedi__text_add(&all, "%s%s", all.len ? " | " : "", m->definition);
    gedi__text_add_csv(out, all.len ? all.s : "");
    out->failed |= all.failed;
    gedi__text_clear(&all);
}

/* threshold, successes, of how many, and the interval */
static void csv_successes(const gedi__table *t, const gedi__table_cell *c,
                          gedi__text *out)
{
    double low = NAN, high = NAN;
    if (c->n)
        gedi__chance_wilson(gedi__table_successes(t, c), c->n, &low, &high);
    gedi__text_add(out, ",%g,%d,%d", t->show->threshold,
                   c->n ? gedi__table_successes(t, c) : 0, c->n);
    gedi__text_add_csv_real(out, low);
    gedi__text_add_csv_real(out, high);
}

static void line_csv(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = gedi__table_at(t, r, c);
    const gedi__numbers *v = &cell->of;
    gedi__text_add_csv(out, t->row[r]);
    gedi__text_add(out, ",");
    gedi__text_add_csv(out, t->column[c]);
    gedi__text_add(out, ",");
    gedi__text_add_csv(out, t->in[c].path);
    gedi__text_add_csv_real(out, v->mean);
    gedi__text_add_csv_real(out, v->deviation);
    gedi__text_add_csv_real(out, v->median);
    gedi__text_add_csv_real(out, v->min);
    gedi__text_add_csv_real(out, v->max);
    gedi__text_add(out, ",%d,%d,%d,%d", v->n, cell->runs, cell->failed, cell->best);
    gedi__text_add_csv_real(out, cell->p);
    gedi__text_add(out, ",");
    add_failures(t, cell, out);
    gedi__text_add(out, ",");
    add_definitions(cell, out);
    if (t->show->stat == GEDI__SUCCESS)
        csv_successes(t, cell, out);
    gedi__text_add(out, "\n");
}

void gedi__table_csv(const gedi__table *t, gedi__text *out)
{
    const char *columns = *t->show->columns ? t->show->columns : "value";
    gedi__text_add_csv(out, t->show->rows);
    gedi__text_add(out, ",");
    gedi__text_add_csv(out, columns);
    gedi__text_add(out,
                   ",path,mean,std,median,min,max,n,runs,failed,best,p,failures,"
                   "definition%s\n",
                   t->show->stat == GEDI__SUCCESS ? ",threshold,successes,ended,low,high"
                                                  : "");
    for (int r = 0; r < t->rows; r++)
        for (int c = 0; c < t->columns; c++)
            if (gedi__table_at(t, r, c)->runs)
                line_csv(t, r, c, out);
}
