/* limits.c - can the paths of a search be what their spaces say? */
#include "core/sweep/limits.h"
#include "gedi/rng.h"

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

/* ---- draws that may come ---- */

enum { GUESSES = 32 }; /* at a draw that can be run, until none is thought to be */

/* Point i with another draw in place of its own. `tree` and `text` are room for what its values are. */
static gedi_status put_draw(const trial *t, int i, const double *u, gedi__tree *tree,
                            char (*text)[GEDI__DRAW_TEXT], gedi__mistakes *own)
{
    const gedi__search *search = t->s->search;
    int n = gedi__sweep_point(t->s, i, t->set);
    for (int k = 0; k < search->spaces; k++) {
        const gedi__space *space = &search->space[k];
        tree[k] = (gedi__tree){.at = space->key->at, .key_at = space->key->at};
        if (space->kind != GEDI__CHOICES)
            tree[k].text = gedi__space_text(space, u[k], text[k]);
        for (int j = 0; j < n; j++)
            if (t->set[j].path == space->key->key)
                t->set[j].value =
                    space->kind == GEDI__CHOICES
                        ? gedi__tree_at(space->list, gedi__space_choice(space, u[k]))
                        : &tree[k];
    }
    return t->attempt->read(t->attempt->context, t->set, n, own, t->err);
}

/* Can all points that have the first draw be run with this one? */
static gedi_status try_draw(const trial *t, const double *u, bool *yes)
{
    const gedi__sweep *s = t->s;
    gedi__tree tree[GEDI__MAX_SEARCHED];
    char text[GEDI__MAX_SEARCHED][GEDI__DRAW_TEXT];
    *yes = true;
    for (int i = 0; i < s->points && *yes; i++) {
        gedi__mistakes own = {0};
        if (s->level[i * s->axes + s->search->axis] != 0)
            continue;
        gedi_status status = put_draw(t, i, u, tree, text, &own);
        *yes = !own.n;
        gedi__text_clear(&own.text);
        GEDI_TRY(status);
    }
    return GEDI_OK;
}

gedi_status gedi__limits_leave_some(const gedi__sweep *s, const gedi__attempt *attempt,
                                    bool *yes, gedi_err *err)
{
    const gedi__search *search = s->search;
    trial t = {.s = s, .attempt = attempt, .err = err};
    double u[GEDI__MAX_SEARCHED];
    *yes = false;
    if (search->draws == gedi__search_wanted(search))
        return GEDI_OK;
    t.set = calloc((size_t)gedi__sweep_most_settings(s) + 1, sizeof *t.set);
    gedi_status status = t.set ? GEDI_OK : gedi_no_memory(err, "a search");
    for (int i = 0; i < GUESSES && !status && !*yes; i++) {
        gedi_rng r = gedi_rng_at((uint64_t)search->seed, GEDI_STREAM_EVAL,
                                 (uint64_t)(search->draws + i), 0);
        for (int k = 0; k < search->spaces; k++)
            u[k] = gedi_rng_uniform(&r);
        status = try_draw(&t, u, yes);
    }
    free(t.set);
    return status;
}
