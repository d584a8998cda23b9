/* sweep_search.c - `search:` of a sweep: what is searched, and draws as an axis. */
#include "core/descriptor/search.h"
#include "core/descriptor/fill.h"
#include "core/descriptor/sweep_blocks.h"
#include "core/plugin/option.h"
#include "gedi/rng.h"

#include <inttypes.h>
#include <math.h>
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_TOGETHER = 10,
    ATTEMPTS = 1000, /* at a draw that is another than those before */
};

const gedi_option gedi__search_options[] = {
    GEDI_INT(
        gedi__search, tpe, 0, 0, GEDI__MAX_POINTS,
        "so many draws, each where the better of those before are dense and the others "
        "are not (tree-structured Parzen estimator)"),
    GEDI_INT(gedi__search, random, 0, 0, GEDI__MAX_POINTS,
             "so many draws, each at random; tpe or random must be given"),
    GEDI_TEXT(
        gedi__search, maximise, "",
        "path in summary.json, such as evaluation.clustering.nmi; this or minimise must "
        "be given"),
    GEDI_TEXT(gedi__search, minimise, "", "the same where less is better"),
    GEDI_TEXT_AT(
        gedi__search, maximise, "over", "",
        "{PATH: SPACE}: a list of values, or {uniform: [0, 100]}, {log: [1.0e-4, "
        "0.1]}, {integers: [1, 9]}, {log_integers: [16, 256]}; must be given"),
    GEDI_TEXT_AT(gedi__search, maximise, "halve", "",
                 "{from: ITERATION, by: 3}: successive halving"),
    GEDI_INT(
        gedi__search, together, 0, 0, GEDI__MAX_POINTS,
        "draws made from the same results, which can be run at once; 0: a tenth of them, "
        "at least 10"),
    GEDI_INT(gedi__search, seed, 0, 0, 9223372036854775807.0, "determines the draws"),
    GEDI_END,
};

const gedi_option gedi__halving_options[] = {
    GEDI_INT(
        gedi__halving, from, 0, 0, 1e12,
        "iteration after which the draws made together are compared for the first time; "
        "must be given"),
    GEDI_INT(
        gedi__halving, by, 3, 2, 100,
        "one of so many goes on, to so many times the iterations, where it is done again"),
    GEDI_END,
};

typedef struct reader {
    gedi__sweep *s;
    gedi__search *search;
    gedi__mistakes *m;
} reader;

int gedi__search_wanted(const gedi__search *s)
{
    return (int)(s->tpe ? s->tpe : s->random);
}

int gedi__search_together(const gedi__search *s)
{
    int wanted = gedi__search_wanted(s), n = (int)s->together;
    if (!n)
        n = s->random                      ? wanted
            : wanted / 10 > LEAST_TOGETHER ? wanted / 10
                                           : LEAST_TOGETHER;
    return n < wanted ? n : wanted;
}

const char *gedi__search_value(const gedi__search *s)
{
    return *s->maximise ? s->maximise : s->minimise;
}

/* ---- places and values ---- */

int gedi__space_choice(const gedi__space *s, double u)
{
    int i = (int)(u * s->choices);
    return i < s->choices ? i : s->choices - 1;
}

static double logarithmic(double low, double high, double u)
{
    return exp(log(low) + u * (log(high) - log(low)));
}

/* Four digits: what people can read, and the same wherever exp() rounds otherwise. */
static const char *real_text(const gedi__space *s, double v, char out[GEDI__DRAW_TEXT])
{
    if (v <= s->low)
        return s->low_text;
    snprintf(out, GEDI__DRAW_TEXT, "%.4g", v);
    v = strtod(out, NULL);
    return v <= s->low ? s->low_text : v >= s->high ? s->high_text : out;
}

static const char *integer_text(const gedi__space *s, double v, char out[GEDI__DRAW_TEXT])
{
    v = floor(v);
    v = v < s->low ? s->low : v > s->high ? s->high : v;
    snprintf(out, GEDI__DRAW_TEXT, "%.0f", v);
    return out;
}

const char *gedi__space_text(const gedi__space *s, double u, char out[GEDI__DRAW_TEXT])
{
    switch (s->kind) {
    case GEDI__UNIFORM:
        return real_text(s, s->low + u * (s->high - s->low), out);
    case GEDI__LOG:
        return real_text(s, logarithmic(s->low, s->high, u), out);
    case GEDI__INTEGERS:
        return integer_text(s, s->low + u * (s->high - s->low + 1), out);
    case GEDI__LOG_INTEGERS:
        return integer_text(s, logarithmic(s->low, s->high + 1, u), out);
    case GEDI__CHOICES:
        break;
    }
    return s->label[gedi__space_choice(s, u)];
}

/* ---- draws that are not alike ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(a, b);
}

gedi_status gedi__seen_add(gedi__seen *seen, const gedi__search *s, const double *u,
                           bool *is_new)
{
    gedi__text t = {0};
    char text[GEDI__DRAW_TEXT];
    for (int k = 0; k < s->spaces; k++)
        gedi__text_add(&t, "%s\n", gedi__space_text(&s->space[k], u[k], text));
    const char *key = t.failed ? NULL : gedi__arena_text(&seen->arena, t.s);
    gedi__text_clear(&t);
    void **node = key ? tsearch(key, &seen->root, by_text) : NULL;
    *is_new = node && *node == key;
    return node ? GEDI_OK : GEDI_NOMEM;
}

static void nothing(void *key)
{
    (void)key; /* the arena's */
}

void gedi__seen_clear(gedi__seen *seen)
{
    tdestroy(seen->root, nothing);
    gedi__arena_clear(&seen->arena);
    *seen = (gedi__seen){0};
}

gedi_status gedi__search_draw(const gedi__search *s, double *u, int i, gedi__seen *seen,
                              gedi_err *err)
{
    bool is_new = false;
    for (uint32_t attempt = 0; attempt < ATTEMPTS && !is_new; attempt++) {
        gedi_rng r =
            gedi_rng_at((uint64_t)s->seed, GEDI_STREAM_EVAL, (uint64_t)i, attempt);
        double *own = u + (size_t)i * s->spaces;
        for (int k = 0; k < s->spaces; k++)
            own[k] = gedi_rng_uniform(&r);
        if (gedi__seen_add(seen, s, own, &is_new))
            return gedi_no_memory(err, "%d draws", i);
    }
    return is_new ? GEDI_OK
                  : GEDI_FAIL(err, GEDI_STATE,
                              "search: after %d draws no other one is found", i);
}

/* How many values there are; INFINITY of real numbers. */
static double values_of(const gedi__space *s)
{
    return s->kind == GEDI__CHOICES ? s->choices
           : s->kind == GEDI__INTEGERS || s->kind == GEDI__LOG_INTEGERS
               ? s->high - s->low + 1
               : INFINITY;
}

/* ---- reading ---- */

/* A number of the kind, and its text. */
static bool read_limit(reader *r, const gedi__space *s, const gedi__tree *t, double *out)
{
    char *end;
    bool whole = s->kind == GEDI__INTEGERS || s->kind == GEDI__LOG_INTEGERS;
    if (t->kind == GEDI__SCALAR && *t->text) {
        *out = strtod(t->text, &end);
        if (!*end && isfinite(*out) &&
            (!whole || (*out == floor(*out) && fabs(*out) < 9e15)))
            return true;
    }
    gedi__mistake(r->m, t->at, "search: %s: '%.64s' is not a %snumber", s->key->key,
                  t->kind == GEDI__SCALAR ? t->text : gedi__tree_what(t),
                  whole ? "whole " : "");
    return false;
}

/* {uniform: [LOW, HIGH]} */
static gedi_status read_limits(reader *r, const gedi__tree *t, gedi__space *s)
{
    static const char *const word[] = {"uniform", "log", "integers", "log_integers"};
    const gedi__tree *of = t->child;
    int kind = 0;
    while (of && kind < GEDI__CHOICES && strcmp(of->key, word[kind]))
        kind++;
    if (of && kind == GEDI__CHOICES)
        return gedi__mistake_word(r->m, of->key_at, "space", of->key, GEDI__SPACE_WORDS);
    if (!of || of->next || of->kind != GEDI__LIST || gedi__tree_count(of) != 2) {
        gedi__mistake(
            r->m, t->at,
            "search: %s: write a list of values, or the two limits of one kind: "
            "{%s: [LOW, HIGH]}",
            t->key, of ? of->key : "uniform");
        return GEDI_OK;
    }
    const gedi__tree *low = of->child, *high = low->next;
    s->kind = (gedi__space_kind)kind;
    bool lower = read_limit(r, s, low, &s->low), upper = read_limit(r, s, high, &s->high);
    if (!lower || !upper)
        return GEDI_OK;
    s->low_text = low->text;
    s->high_text = high->text;
    s->limit[0] = low;
    s->limit[1] = high;
    bool needs_positive = s->kind == GEDI__LOG || s->kind == GEDI__LOG_INTEGERS;
    if (!(s->low < s->high))
        gedi__mistake(r->m, of->at, "search: %s: %.64s is not below %.64s", t->key,
                      low->text, high->text);
    else if (needs_positive && !(s->low > 0))
        gedi__mistake(r->m, low->at, "search: %s: a logarithm needs limits above 0",
                      t->key);
    return GEDI_OK;
}

/* A choice that stands twice would be drawn twice as often, and counted as two. */
static void refuse_twice(reader *r, const gedi__tree *t, const gedi__space *s)
{
    for (int i = 1; i < s->choices; i++)
        for (int k = 0; k < i; k++)
            if (!strcmp(s->label[i], s->label[k])) {
                gedi__mistake(r->m, gedi__tree_at(s->list, i)->at,
                              "search: %s: duplicate '%.64s'", t->key, s->label[i]);
                return;
            }
}

static gedi_status read_choices(reader *r, const gedi__tree *t, gedi__space *s)
{
    s->kind = GEDI__CHOICES;
    GEDI_TRY(gedi__sweep_list(r->s, t, r->m, &s->list));
    if (!s->list)
        return GEDI_OK;
    s->choices = gedi__tree_count(s->list);
    s->label = gedi__arena_alloc(&r->s->arena, (size_t)s->choices * sizeof *s->label);
    if (!s->label)
        return GEDI_NOMEM;
    GEDI_TRY(gedi__sweep_values(r->s, s->list, t->key, s->label));
    refuse_twice(r, t, s);
    return GEDI_OK;
}

static gedi_status read_space(reader *r, const gedi__tree *t)
{
    gedi__space *s = &r->search->space[r->search->spaces++];
    *s = (gedi__space){.key = t};
    if (!gedi__sweep_check_path(t, r->m))
        return GEDI_OK;
    return t->kind == GEDI__MAP ? read_limits(r, t, s) : read_choices(r, t, s);
}

static gedi_status read_over(reader *r, const gedi__tree *block, const gedi__tree *t)
{
    int n = t && t->kind == GEDI__MAP ? gedi__tree_count(t) : 0;
    if (n < 1 || n > GEDI__MAX_SEARCHED) {
        gedi__mistake(
            r->m, t ? t->at : block->at,
            "search: `over` must be a mapping of 1 to %d paths to what they may "
            "be: {optimizer.adam.lr: {log: [1.0e-4, 0.1]}}",
            GEDI__MAX_SEARCHED);
        return GEDI_OK;
    }
    r->search->space =
        gedi__arena_alloc(&r->s->arena, (size_t)n * sizeof *r->search->space);
    if (!r->search->space)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next)
        GEDI_TRY(read_space(r, c));
    return GEDI_OK;
}

static gedi_status read_halving(reader *r, const gedi__tree *t)
{
    gedi__filler f = {.arena = &r->s->arena, .m = r->m};
    gedi__halving *h = &r->search->halve;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(
            r->m, t->at,
            "search: halve: %s is given, but it must be a mapping: {from: 1000}",
            gedi__tree_what(t));
        return GEDI_OK;
    }
    GEDI_TRY(gedi__option_defaults(gedi__halving_options, h, NULL));
    int before = r->m->n;
    GEDI_TRY(gedi__options_fill(&f, "halve", gedi__halving_options, h, t));
    if (r->m->n == before && !h->from)
        gedi__mistake(r->m, t->at, "search: halve: 'from' is missing");
    return GEDI_OK;
}

/* 0 and "" are the defaults, and as good as nothing. */
static bool is_given(const gedi__tree *t, const char *key)
{
    const gedi__tree *v = gedi__tree_get(t, key);
    return v && (v->kind != GEDI__SCALAR || (*v->text && strcmp(v->text, "0") != 0));
}

/* One of each two must be given. What is given may be wrong by itself, which has been said. */
static void check_choices(reader *r, const gedi__tree *t)
{
    bool tpe = is_given(t, "tpe"), maximise = is_given(t, "maximise");
    if (tpe == is_given(t, "random"))
        gedi__mistake(r->m, t->at,
                      "search: %s: say how many draws there are to be by one",
                      tpe ? "tpe and random are both given"
                      : gedi__tree_get(t, "tpe") || gedi__tree_get(t, "random")
                          ? "neither tpe nor random is above 0"
                          : "neither tpe nor random is given");
    if (maximise == is_given(t, "minimise"))
        gedi__mistake(r->m, t->at,
                      "search: %s: say by one what is looked for, such as maximise: "
                      "evaluation.clustering.nmi",
                      maximise ? "maximise and minimise are both given"
                               : "neither maximise nor minimise is given");
}

static void check_draws(reader *r, const gedi__tree *t)
{
    const gedi__search *s = r->search;
    double values = 1;
    for (int k = 0; k < s->spaces; k++)
        values *= values_of(&s->space[k]);
    if (values < 2.0 * gedi__search_wanted(s))
        gedi__mistake(
            r->m, t->at,
            "search: %d draws of the %.0f that there are: so many are no search; "
            "make the paths axes of the sweep",
            gedi__search_wanted(s), values);
}

static gedi_status fill(reader *r, const gedi__tree *t)
{
    gedi__search *s = r->search;
    gedi__tree *block = gedi__tree_copy(t, &r->s->arena);
    if (!block)
        return GEDI_NOMEM;
    const gedi__tree *over = gedi__tree_take(block, "over");
    const gedi__tree *halve = gedi__tree_take(block, "halve");
    gedi__filler f = {.arena = &r->s->arena, .m = r->m};
    int before = r->m->n;
    GEDI_TRY(gedi__option_defaults(gedi__search_options, s, NULL));
    GEDI_TRY(gedi__options_fill(&f, "search", gedi__search_options, s, block));
    s->halve = (gedi__halving){0};
    if (halve)
        GEDI_TRY(read_halving(r, halve));
    GEDI_TRY(read_over(r, t, over));
    check_choices(r, t);
    if (r->m->n == before)
        check_draws(r, t);
    return GEDI_OK;
}

/* ---- draws as an axis ---- */

/* The value as a tree: what a descriptor would have at that path. */
static const gedi__tree *tree_of(reader *r, const gedi__space *s, double u)
{
    char text[GEDI__DRAW_TEXT];
    if (s->kind == GEDI__CHOICES)
        return gedi__tree_at(s->list, gedi__space_choice(s, u));
    gedi__tree *t = gedi__arena_alloc(&r->s->arena, sizeof *t);
    if (!t || !(t->text = gedi__arena_text(&r->s->arena, gedi__space_text(s, u, text))))
        return NULL;
    t->at = t->key_at = s->key->at;
    return t;
}

static gedi_status put_level(reader *r, int i, gedi__axis_point *l)
{
    const gedi__search *s = r->search;
    const double *u = s->u + (size_t)i * s->spaces;
    char text[GEDI__DRAW_TEXT];
    snprintf(text, sizeof text, "%d", i + 1);
    if (!(l->label[0] = gedi__arena_text(&r->s->arena, text)))
        return GEDI_NOMEM;
    for (int k = 0; k < s->spaces; k++) {
        const gedi__space *space = &s->space[k];
        const gedi__tree *t = tree_of(r, space, u[k]);
        l->label[k + 1] =
            gedi__arena_text(&r->s->arena, gedi__space_text(space, u[k], text));
        if (!t || !l->label[k + 1])
            return GEDI_NOMEM;
        l->setting[l->settings++] =
            (gedi__setting){space->key->key, t, space->key->key_at};
    }
    return GEDI_OK;
}

static gedi_status make_axis(reader *r)
{
    gedi__search *s = r->search;
    s->axis = r->s->axes;
    gedi__axis *x = gedi__sweep_new_axis(r->s, s->spaces + 1, s->draws, s->spaces);
    if (!x)
        return GEDI_NOMEM;
    x->name[0] = GEDI__DRAW;
    for (int k = 0; k < s->spaces; k++)
        x->name[k + 1] = s->space[k].key->key;
    for (int i = 0; i < s->draws; i++)
        GEDI_TRY(put_level(r, i, &x->level[i]));
    return GEDI_OK;
}

/* The draws that are given, or the first ones. */
static gedi_status take_draws(reader *r, const gedi__draws *given)
{
    gedi__search *s = r->search;
    gedi_err why = {0};
    s->draws = given       ? given->n
               : s->random ? gedi__search_wanted(s)
                           : gedi__search_together(s);
    size_t size = (size_t)s->draws * s->spaces * sizeof *s->u;
    double *u = gedi__arena_alloc(&r->s->arena, size);
    if (!u)
        return GEDI_NOMEM;
    s->u = u;
    if (given)
        memcpy(u, given->u, size);
    gedi__seen seen = {0};
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->draws && !given && !status; i++)
        status = gedi__search_draw(s, u, i, &seen, &why);
    gedi__seen_clear(&seen);
    if (status == GEDI_STATE)
        gedi__mistake(r->m, s->at, "%s", why.msg);
    return status == GEDI_STATE ? GEDI_OK : status;
}

gedi_status gedi__sweep_search(gedi__sweep *s, const gedi__tree *t,
                               const gedi__draws *given, gedi__mistakes *m)
{
    reader r = {s, gedi__arena_alloc(&s->arena, sizeof *r.search), m};
    int before = m->n;
    if (!r.search)
        return GEDI_NOMEM;
    r.search->at = t->at;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(m, t->at,
                      "search: %s is given, but it must be a mapping: {tpe: 50, "
                      "maximise: evaluation.clustering.nmi, over: {PATH: ...}}",
                      gedi__tree_what(t));
        return GEDI_OK;
    }
    GEDI_TRY(fill(&r, t));
    if (m->n == before)
        GEDI_TRY(take_draws(&r, given));
    if (m->n > before)
        return GEDI_OK;
    s->search = r.search;
    return make_axis(&r);
}
