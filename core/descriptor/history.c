/* history.c - what a run has gone through: where it went on with other values.
 *
 * A descriptor with a history states its last values. It is written by gedi alone, into the folder
 * of a run that went on from one that had diverged.
 */
#include "core/descriptor/history.h"
#include "core/descriptor/reading.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <string.h>

const gedi_option gedi__turn_options[] = {
    GEDI_INT(gedi__turn, iteration, 0, 0, 1e12, "iterations done with the values before"),
    GEDI_TEXT(gedi__turn, changed, "", "which values changed there, and to what"),
    GEDI_TEXT(gedi__turn, diverged, "", "why the run before had stopped"),
    GEDI_END,
};

static void check_turn(gedi__reading *r, const gedi__key *k, const gedi__tree *t,
                       const gedi__turn *turn)
{
    char word[32];
    int n;
    for (const char *w = k->need; (w = gedi__words_next(w, &n)); w += n) {
        snprintf(word, sizeof word, "%.*s", n, w);
        if (!gedi__tree_get(t, word))
            gedi__mistake(r->m, t->at, "%s: '%s' is missing", k->key, word);
    }
    if (turn > r->e->turn && turn->iteration < turn[-1].iteration)
        gedi__mistake(r->m, t->at,
                      "%s: iteration %lld comes after iteration %lld: the first is first",
                      k->key, (long long)turn->iteration, (long long)turn[-1].iteration);
}

static gedi_status read_turn(gedi__reading *r, const gedi__key *k, const gedi__tree *t,
                             gedi__turn *turn)
{
    gedi_status s = gedi__option_defaults(k->options, turn, NULL);
    if (s != GEDI_OK)
        return s;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a mapping", k->key,
                      gedi__tree_what(t));
        return GEDI_OK;
    }
    GEDI_TRY(gedi__options_fill(&r->fill, k->key, k->options, turn, t));
    check_turn(r, k, t, turn);
    return GEDI_OK;
}

gedi_status gedi__read_history(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__experiment *e = r->e;
    int n = gedi__tree_count(t);
    if (t->at.line && strcmp(t->at.source, r->file))
        return GEDI_OK; /* of a base: what is made of it begins at the beginning */
    if (r->is_point) {
        gedi__mistake(r->m, t->key_at,
                      "%s: a point of a sweep begins at iteration 0 and has none",
                      k->key);
        return GEDI_OK;
    }
    if (!gedi__need_list(r, k->key, "[{iteration: 400, changed: TEXT, diverged: TEXT}]",
                         t))
        return GEDI_OK;
    if (n > GEDI__MAX_TURNS) {
        gedi__mistake(r->m, t->at, "%s: %d are listed, but there are at most %d", k->key,
                      n, GEDI__MAX_TURNS);
        return GEDI_OK;
    }
    e->turn = gedi__arena_alloc(&e->arena, (size_t)n * sizeof *e->turn);
    if (!e->turn)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next)
        GEDI_TRY(read_turn(r, k, c, &e->turn[e->turns++]));
    return gedi__place_keep(r, e->turn, t->key_at);
}

gedi_status gedi__experiment_turn(gedi__experiment *e, int64_t iteration,
                                  const char *changed, const char *diverged,
                                  gedi_err *err)
{
    if (e->turns == GEDI__MAX_TURNS)
        return GEDI_FAIL(err, GEDI_STATE,
                         "the run has gone on %d times already, and that is the limit",
                         e->turns);
    gedi__turn *all = gedi__arena_alloc(&e->arena, (size_t)(e->turns + 1) * sizeof *all);
    gedi__turn new = {iteration, gedi__arena_text(&e->arena, changed),
                      gedi__arena_text(&e->arena, diverged)};
    if (!all || !new.changed || !new.diverged)
        return gedi_no_memory(err, "the history of a run");
    for (int i = 0; i < e->turns; i++)
        all[i] = e->turn[i];
    all[e->turns++] = new;
    e->turn = all;
    return GEDI_OK;
}
