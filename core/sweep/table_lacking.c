/* table_lacking.c - why finished runs of a table lack numbers: their evaluators have failed. */
#include "core/store/summary.h"
#include "core/sweep/table_parts.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_REASONS = 8 };

typedef struct reason {
    char *text;     /* "evaluator knn: ..." */
    int runs, last; /* the last that was counted */
} reason;

typedef struct reasons {
    int n;
    bool more; /* than there is room for */
    reason of[MOST_REASONS];
} reasons;

/* Counts run i, once however many numbers it lacks. Takes the text over. */
static void count(reasons *all, int i, gedi__text *t)
{
    int k = 0;
    while (k < all->n && strcmp(all->of[k].text, t->s))
        k++;
    if (k == all->n && k < MOST_REASONS) {
        all->of[all->n++] = (reason){.text = t->s, .runs = 1, .last = i};
        return;
    }
    all->more |= k == MOST_REASONS;
    if (k < MOST_REASONS && all->of[k].last != i) {
        all->of[k].runs++;
        all->of[k].last = i;
    }
    gedi__text_clear(t);
}

/* Does run i lack the number, and why? */
static gedi_status look(const gedi__study *s, int i, const char *path, reasons *all)
{
    const struct json_t *summary = s->result[i].summary;
    double value;
    gedi__text why = {0};
    if (gedi__summary_value(summary, path, &value))
        return GEDI_OK;
    gedi__summary_unevaluated(summary, path, &why);
    bool failed = why.failed;
    if (!failed && why.len)
        count(all, i, &why);
    else
        gedi__text_clear(&why);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

gedi_status gedi__table_lacking(const gedi__study *s, const gedi__table *t,
                                const int *cell_of, gedi__text *out)
{
    reasons all = {0};
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->results; i++)
        for (int c = 0; c < t->columns && cell_of[i] >= 0 && !status; c++)
            if (s->result[i].state == GEDI__FINISHED)
                status = look(s, i, t->in[c].path, &all);
    for (int k = 0; k < all.n; k++) {
        const reason *r = &all.of[k];
        gedi__text_add(out, "no value in %d run%s: %s\n", r->runs, r->runs > 1 ? "s" : "",
                       r->text);
        free(r->text);
    }
    if (all.more)
        gedi__text_add(out, "no value in others, which `gedi check` says more of\n");
    return out->failed ? GEDI_NOMEM : status;
}
