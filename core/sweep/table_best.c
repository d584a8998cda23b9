/* table_best.c - which number of a column is the best, beyond chance. */
#include "core/sweep/chance.h"
#include "core/sweep/table.h"

#include <math.h>
#include <stdlib.h>

static const double level = 0.05;

/* As the evaluator of the metric says, unless the table does. */
gedi__best gedi__table_best(const gedi__table *t, int c)
{
    static const gedi__best best[] = {[GEDI_MORE] = GEDI__BEST_MAX,
                                      [GEDI_LESS] = GEDI__BEST_MIN,
                                      [GEDI_NEITHER] = GEDI__BEST_NONE};
    return t->show->best != GEDI__BEST_AUTO ? (gedi__best)t->show->best
                                            : best[t->in[c].direction];
}

/* Is there a better and a worse in column c, and a statistic that lends itself to a test? */
static bool has_test(const gedi__table *t, int c)
{
    int64_t stat = t->show->stat;
    return stat == GEDI__SUCCESS || ((stat == GEDI__MEAN || stat == GEDI__MEDIAN) &&
                                     gedi__table_best(t, c) != GEDI__BEST_NONE);
}

/* The rank of a number among those of two cells; of equal ones the middle. */
static double rank_in(double x, const gedi__table_cell *a, const gedi__table_cell *b)
{
    const gedi__table_cell *in[] = {a, b};
    int below = 0, equal = 0;
    for (int k = 0; k < 2; k++)
        for (int i = 0; i < in[k]->n; i++) {
            below += in[k]->x[i] < x;
            equal += in[k]->x[i] == x;
        }
    return below + (equal + 1) / 2.0;
}

/* The p-value of two cells that are equally good; NAN without memory. */
static double test(const gedi__table *t, const gedi__table_cell *a,
                   const gedi__table_cell *b)
{
    int n = a->n, m = b->n;
    if (t->show->stat != GEDI__MEDIAN)
        return gedi__chance_apart(a->x, n, b->x, m);
    double *rank = malloc((size_t)(n + m) * sizeof *rank), p = NAN;
    if (rank) {
        for (int i = 0; i < n + m; i++)
            rank[i] = rank_in(i < n ? a->x[i] : b->x[i - n], a, b);
        p = gedi__chance_apart(rank, n, rank + n, m);
    }
    free(rank);
    return p;
}

/* The cell of column c with the best number; NULL where fewer than two have one, or none but
 * single runs. */
static gedi__table_cell *find_best(gedi__table *t, int c)
{
    double sign =
        t->show->stat != GEDI__SUCCESS && gedi__table_best(t, c) == GEDI__BEST_MIN ? -1
                                                                                   : 1;
    gedi__table_cell *best = NULL, *cell = t->cell + c;
    int numbers = 0;
    bool several = false;
    for (int r = 0; r < t->rows; r++, cell += t->columns) {
        if (!cell->n || !isfinite(gedi__table_shown(t, cell)))
            continue;
        numbers++;
        several |= cell->n > 1;
        if (!best ||
            sign * gedi__table_shown(t, cell) > sign * gedi__table_shown(t, best))
            best = cell;
    }
    return numbers > 1 && several ? best : NULL;
}

static gedi_status mark(gedi__table *t, int c, double *p)
{
    gedi__table_cell *best = find_best(t, c), *end = t->cell + t->rows * t->columns;
    int n = 0, worse = 0;
    if (!best)
        return GEDI_OK;
    t->tested = true;
    for (gedi__table_cell *cell = t->cell + c; cell < end; cell += t->columns)
        if (cell->n && cell != best && isnan(p[n++] = test(t, best, cell)))
            return GEDI_NOMEM;
    if (!gedi__chance_holm(p, n))
        return GEDI_NOMEM;
    n = 0;
    for (gedi__table_cell *cell = t->cell + c; cell < end; cell += t->columns)
        if (cell->n && cell != best)
            worse += (cell->p = p[n++]) <= level;
    for (gedi__table_cell *cell = t->cell + c; cell < end; cell += t->columns)
        cell->best = worse && cell->n && !(cell->p <= level);
    return GEDI_OK;
}

gedi_status gedi__table_mark_best(gedi__table *t)
{
    double *p = malloc(((size_t)t->rows + 1) * sizeof *p);
    gedi_status s = p ? GEDI_OK : GEDI_NOMEM;
    for (int i = 0; i < t->rows * t->columns; i++)
        t->cell[i].p = NAN;
    for (int c = 0; s == GEDI_OK && c < t->columns; c++)
        if (has_test(t, c))
            s = mark(t, c, p);
    free(p);
    return s;
}
