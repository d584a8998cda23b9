/* search_text.c - what a search has found, for files and people. */
#include "core/sweep/search.h"
#include "core/sweep/stat.h"
#include "core/sweep/table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *gedi__search_records(const gedi__plan *p)
{
    const char *value = gedi__search_value(p->sweep->search);
    if (strncmp(value, "evaluation.", 11) || strstr(value, ".train_"))
        return "";
    return p->holds_none ? "test" : "validation";
}

const char *gedi__search_records_mean(const char *records)
{
    if (!strcmp(records, "test"))
        return "test records choose the draws: do not report the numbers of the best as a "
               "result; validation.fraction holds others out for that";
    return *records
               ? "records held out from training choose the draws; tables of the runs "
                 "are of the test records"
               : "";
}

/* "evaluation.clustering.nmi (validation)" */
static void add_value_name(const gedi__plan *p, gedi__text *out)
{
    const char *records = gedi__search_records(p);
    gedi__text_add(out, "%s", gedi__search_value(p->sweep->search));
    if (*records)
        gedi__text_add(out, " (%s)", records);
}

/* What path k is in draw d. */
static const char *value_of(const gedi__search *s, int d, int k,
                            char text[GEDI__DRAW_TEXT])
{
    return gedi__space_text(&s->space[k], s->u[(size_t)d * s->spaces + k], text);
}

/* What failed of a point of draw d, such as an evaluator beside the one that is searched for; NULL where nothing has. */
static const char *failure_of(const gedi__plan *p, const gedi__crew *c, int d)
{
    for (int i = 0; i < p->points && i < c->jobs; i++)
        if (gedi__search_draw_of(p, i) == d && c->job[i].reason.len &&
            c->job[i].state != GEDI__JOB_DONE)
            return c->job[i].reason.s;
    return NULL;
}

static void add_state(const gedi__plan *p, const gedi__found *f, const gedi__crew *c,
                      int i, gedi__text *out)
{
    const gedi__draw *d = &f->draw[i];
    if (d->failed)
        gedi__text_add(out, "failed: worse than all others");
    else if (d->left)
        gedi__text_add(out, "left at iteration %" PRId64, d->left);
    else if (d->ended && isnan(d->value))
        gedi__text_add(out, "no value");
    else if (d->ended && failure_of(p, c, i))
        gedi__text_add(out, "finished with a failure");
    else
        gedi__text_add(out, d->ended ? "finished" : "not finished");
}

/* Why draw d has no value: what failed, or which run has not the number. Of one that has, what else failed. */
static void add_reason(const gedi__plan *p, const gedi__found *f, const gedi__crew *c,
                       int d, gedi__text *out)
{
    int at = f->draw[d].at;
    const char *other = isnan(f->draw[d].value) ? NULL : failure_of(p, c, d);
    if ((!isnan(f->draw[d].value) && !other) || at >= c->jobs)
        return;
    gedi__text why = {0};
    if (other)
        gedi__text_add(&why, "%s", other);
    else if (c->job[at].reason.s)
        gedi__text_add(&why, "%s", c->job[at].reason.s);
    else if (!f->draw[d].failed)
        gedi__text_add(&why, "%s has no %s", p->point[at].hash,
                       gedi__search_value(p->sweep->search));
    if (why.len)
        gedi__text_add_csv(out, why.s);
    out->failed |= why.failed;
    gedi__text_clear(&why);
}

void gedi__found_csv(const gedi__plan *p, const gedi__found *f, const gedi__crew *c,
                     gedi__text *out)
{
    const gedi__search *s = p->sweep->search;
    char text[GEDI__DRAW_TEXT];
    gedi__text value = {0};
    gedi__text_add(out, "rank,draw");
    for (int k = 0; k < s->spaces; k++) {
        gedi__text_add(out, ",");
        gedi__text_add_csv(out, s->space[k].key->key);
    }
    gedi__text_add(out, ",");
    add_value_name(p, &value);
    gedi__text_add_csv(out, value.s ? value.s : "");
    out->failed |= value.failed;
    gedi__text_clear(&value);
    gedi__text_add(out, ",state,reason\n");
    for (int i = 0; i < f->ended; i++) {
        int d = f->order[i];
        gedi__text_add(out, "%d,%d", i + 1, d + 1);
        for (int k = 0; k < s->spaces; k++) {
            gedi__text_add(out, ",");
            gedi__text_add_csv(out, value_of(s, d, k, text));
        }
        gedi__text_add_csv_real(out, f->draw[d].value);
        gedi__text_add(out, ",");
        add_state(p, f, c, d, out);
        gedi__text_add(out, ",");
        add_reason(p, f, c, d, out);
        gedi__text_add(out, "\n");
    }
}

static void add_entry(const char *label, gedi__text *out)
{
    gedi__text_add(out, " ");
    gedi__table_label(label, out);
    gedi__text_add(out, " |");
}

void gedi__found_text(const gedi__plan *p, const gedi__found *f, const gedi__crew *c,
                      int most, gedi__text *out)
{
    const gedi__search *s = p->sweep->search;
    char text[GEDI__DRAW_TEXT];
    gedi__text_add(out, "| draw |");
    for (int k = 0; k < s->spaces; k++)
        add_entry(s->space[k].key->key, out);
    gedi__text_add(out, " ");
    add_value_name(p, out);
    gedi__text_add(out, " | |\n|---:|");
    for (int k = 0; k < s->spaces; k++)
        gedi__text_add(out, "---|");
    gedi__text_add(out, "---:|---|\n");
    for (int i = 0; i < f->ended && i < most; i++) {
        int d = f->order[i];
        gedi__text_add(out, "| %d |", d + 1);
        for (int k = 0; k < s->spaces; k++)
            add_entry(value_of(s, d, k, text), out);
        gedi__text_add(out, isnan(f->draw[d].value) ? " |" : " %.4g |", f->draw[d].value);
        gedi__text_add(out, " ");
        add_state(p, f, c, d, out);
        gedi__text_add(out, " |\n");
    }
    const char *mean = gedi__search_records_mean(gedi__search_records(p));
    if (*mean)
        gedi__text_add(out, "\n%s\n", mean);
}

typedef struct judged { /* draws that have ended with a value, at the first comparison */
    int n;
    double *x, *size; /* the value, and what the path was if it is a number */
    int *group;       /* else which of its choices */
} judged;

static void take_draws(const gedi__search *s, const gedi__found *f, int k, judged *j)
{
    const gedi__space *space = &s->space[k];
    char text[GEDI__DRAW_TEXT];
    j->n = 0;
    for (int d = 0; d < f->draws; d++) {
        if (!f->draw[d].ended || isnan(f->draw[d].early))
            continue;
        double u = s->u[(size_t)d * s->spaces + k];
        j->x[j->n] = f->draw[d].early;
        j->size[j->n] = strtod(gedi__space_text(space, u, text), NULL);
        j->group[j->n++] = space->choices ? gedi__space_choice(space, u) : 0;
    }
}

void gedi__found_importance(const gedi__plan *p, const gedi__found *f, gedi__text *out)
{
    const gedi__search *s = p->sweep->search;
    size_t n = (size_t)f->draws + 1;
    judged j = {.x = malloc(n * sizeof *j.x),
                .size = malloc(n * sizeof *j.size),
                .group = malloc(n * sizeof *j.group)};
    bool have = j.x && j.size && j.group, any = false;
    for (int k = 0; k < s->spaces && have; k++) {
        const gedi__space *space = &s->space[k];
        double share;
        take_draws(s, f, k, &j);
        have = gedi__numbers_matter(j.x, j.n, space->choices ? NULL : j.size,
                                    space->choices, j.group, &share);
        if (!have || isnan(share))
            continue;
        if (!any)
            gedi__text_add(out, "what sets the draws apart%s:",
                           s->halve.from ? ", at their first comparison" : "");
        gedi__text_add(out, "%s %s %.0f %%", any ? "," : "", space->key->key,
                       100 * share);
        any = true;
    }
    if (any)
        gedi__text_add(out, " of the variance, beyond chance");
    out->failed |= !have;
    free(j.x);
    free(j.size);
    free(j.group);
}

void gedi__found_line(const gedi__plan *p, const gedi__found *f, gedi__text *out)
{
    const gedi__search *s = p->sweep->search;
    char text[GEDI__DRAW_TEXT];
    int d = f->best;
    gedi__text_add(out, "%d of %d draws", f->ended, gedi__search_wanted(s));
    if (f->going)
        gedi__text_add(out, ", %d %s on to iteration %" PRId64, f->going,
                       f->going == 1 ? "goes" : "go", f->going_to);
    if (d < 0)
        return;
    gedi__text_add(out, "; best");
    if (s->halve.from)
        gedi__text_add(out, " at iteration %" PRId64, f->draw[d].compared);
    gedi__text_add(out, ": draw %d, %s %.4g", d + 1, gedi__search_value(s),
                   f->draw[d].worth);
    for (int k = 0; k < s->spaces; k++)
        gedi__text_add(out, "%s%s %s", k ? ", " : " (", s->space[k].key->key,
                       value_of(s, d, k, text));
    gedi__text_add(out, ")");
}

/* "draw 3", "draws 1, 4 and 6 to 9"; of many pieces "12 draws from 1 to 40". */
static void draws_text(const bool *waits, int draws, char *out, size_t size)
{
    enum { PIECES = 5 };
    int first = -1, last = 0, n = 0, pieces = 0, at = 0, piece = 0;
    for (int d = 0; d < draws; d++) {
        first = waits[d] && first < 0 ? d : first;
        last = waits[d] ? d : last;
        n += waits[d];
        pieces += waits[d] && !(d && waits[d - 1]);
    }
    if (pieces > PIECES) {
        snprintf(out, size, "%d draws from %d to %d", n, first + 1, last + 1);
        return;
    }
    at = snprintf(out, size, n == 1 ? "draw" : "draws");
    for (int d = first; d <= last && at < (int)size; d++) {
        int end = d;
        if (!waits[d])
            continue;
        while (end < last && waits[end + 1])
            end++;
        at += snprintf(out + at, size - (size_t)at, "%s%d",
                       !piece               ? " "
                       : piece < pieces - 1 ? ", "
                                            : " and ",
                       d + 1);
        if (end > d && at < (int)size)
            at += snprintf(out + at, size - (size_t)at, " to %d", end + 1);
        piece++;
        d = end;
    }
}

void gedi__search_round_text(const gedi__plan *p, const gedi__crew *c, char *out,
                             size_t size)
{
    const gedi__search *search = p->sweep->search;
    const gedi__point *far = NULL;
    bool *waits = search ? calloc((size_t)search->draws + 1, 1) : NULL;
    *out = 0;
    for (int i = 0; waits && i < c->jobs; i++) {
        if (c->job[i].state != GEDI__JOB_WAITING &&
            c->job[i].state != GEDI__JOB_ELSEWHERE)
            continue;
        waits[gedi__search_draw_of(p, i)] = true;
        far = !far || p->point[i].until > far->until ? &p->point[i] : far;
    }
    if (far) {
        draws_text(waits, search->draws, out, size);
        size_t n = strlen(out);
        if (search->halve.from)
            snprintf(out + n, size - n, " to iteration %" PRId64 " of %" PRId64,
                     far->until, far->iterations);
    }
    free(waits);
}
