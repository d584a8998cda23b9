/* limits.c - can the paths of a search be what their spaces say? */
#include "core/sweep/limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMPANY = 8 }; /* draws beside which a limit is tried until it is held for wrong */

typedef struct trial {
    const gedi__sweep *s;
    const gedi__attempt *attempt;
    gedi__setting *set; /* room for those of a point */
    const gedi__space *space;
    const gedi__tree *value;
    gedi__mistakes *m;
    gedi_err *err;
} trial;

/* Was the line, "file:line:column: message", said of the value or of a part of it? */
static bool is_at(const gedi__tree *t, const char *line)
{
    char place[32] = ": ";
    size_t n = strlen(t->at.source);
    if (t->at.line)
        snprintf(place, sizeof place, ":%d:%d: ", t->at.line, t->at.column);
    if (!strncmp(line, t->at.source, n) && !strncmp(line + n, place, strlen(place)))
        return true;
    for (const gedi__tree *c = t->child; c; c = c->next)
        if (is_at(c, line))
            return true;
    return false;
}

/* Those of the mistakes that are the value's own. */
static void keep_own(const gedi__tree *value, const gedi__mistakes *all,
                     gedi__mistakes *own)
{
    for (const char *line = all->text.s; line && *line;) {
        size_t n = strcspn(line, "\n") + 1;
        if (is_at(value, line)) {
            gedi__text_add(&own->text, "%.*s", (int)n, line);
            own->n++;
        }
        line += n;
    }
    own->text.failed |= all->text.failed;
}

/* Point i with the value in place of what was drawn. */
static gedi_status put_in(const trial *t, int i, gedi__mistakes *own)
{
    gedi__mistakes all = {0};
    int k = gedi__sweep_point(t->s, i, t->set);
    for (int j = 0; j < k; j++)
        if (t->set[j].path == t->space->key->key)
            t->set[j].value = t->value;
    gedi_status s = t->attempt->read(t->attempt->context, t->set, k, &all, t->err);
    keep_own(t->value, &all, own);
    gedi__text_clear(&all.text);
    return s ? s : own->text.failed ? GEDI_NOMEM : GEDI_OK;
}

/* Do two points differ in nothing but what was drawn and the seed? */
static bool is_alike(const gedi__sweep *s, int i, int j)
{
    const int *x = s->level + i * s->axes, *y = s->level + j * s->axes;
    for (int a = 0; a < s->axes; a++)
        if (x[a] != y[a] && a != s->search->axis &&
            strcmp(s->axis[a].name[0], "seed") != 0)
            return false;
    return true;
}

/* Wrong is what is wrong in all points that are like point i. */
static gedi_status try_value(const trial *t, int i)
{
    gedi__mistakes first = {0};
    gedi_status s = GEDI_OK;
    int tries = 0;
    for (int j = i; !s && j < t->s->points && tries < COMPANY; j++) {
        gedi__mistakes own = {0};
        if (!is_alike(t->s, i, j))
            continue;
        s = put_in(t, j, &own);
        bool good = !own.n;
        if (!tries++)
            first = own;
        else
            gedi__text_clear(&own.text);
        if (good) {
            gedi__text_clear(&first.text);
            return s;
        }
    }
    if (!s)
        gedi__mistakes_join(t->m, 0, &first);
    gedi__text_clear(&first.text);
    return s;
}

enum { LOW, HIGH, BETWEEN, TRIED };
#define SOMEWHERE 0.38196601 /* between the limits, where a whole number is unlikely */

/* A limit as a draw that hits it has it, or some number between both, which an option of integers takes from
 * spaces of integers alone. */
static gedi__tree limit_of(const gedi__space *s, int k, char text[GEDI__DRAW_TEXT])
{
    gedi__tree t = *s->limit[k == HIGH];
    t.next = NULL;
    if (k == BETWEEN)
        t.text = gedi__space_text(s, SOMEWHERE, text);
    else if (s->kind == GEDI__INTEGERS || s->kind == GEDI__LOG_INTEGERS) {
        snprintf(text, GEDI__DRAW_TEXT, "%.0f", k == HIGH ? s->high : s->low);
        t.text = text;
    }
    return t;
}

static gedi_status try_space(trial *t, int i)
{
    char text[GEDI__DRAW_TEXT];
    bool listed = t->space->kind == GEDI__CHOICES;
    int before = t->m->n;
    for (int k = 0; k < (listed ? t->space->choices : TRIED); k++) {
        gedi__tree limit;
        if (!listed && k == BETWEEN && t->m->n > before)
            break; /* it would be said again */
        if (listed)
            t->value = gedi__tree_at(t->space->list, k);
        else
            t->value = (limit = limit_of(t->space, k, text), &limit);
        GEDI_TRY(try_value(t, i));
    }
    return GEDI_OK;
}

gedi_status gedi__limits_check(const gedi__sweep *s, const gedi__attempt *attempt,
                               gedi__mistakes *m, gedi_err *err)
{
    trial t = {.s = s, .attempt = attempt, .m = m, .err = err};
    t.set = calloc((size_t)gedi__sweep_most_settings(s) + 1, sizeof *t.set);
    gedi_status status = t.set ? GEDI_OK : gedi_no_memory(err, "a search");
    for (int i = 0; !status && i < s->points; i++) {
        int j = 0;
        while (j < i && !is_alike(s, i, j))
            j++;
        for (int k = 0; j == i && !status && k < s->search->spaces; k++) {
            t.space = &s->search->space[k];
            status = try_space(&t, i);
        }
    }
    free(t.set);
    return status;
}
