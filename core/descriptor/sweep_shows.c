/* sweep_shows.c - what is shown of a sweep: the blocks `table`, `grid`, `heatmap` and `curves`. */
#include "core/descriptor/fill.h"
#include "core/descriptor/print.h"
#include "core/descriptor/sweep_blocks.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <string.h>

#define WHERE                                                                            \
    GEDI_TEXT_AT(                                                                        \
        gedi__show, name, "where", "",                                                   \
        "{AXIS: VALUE} or {AXIS: [VALUE, ...]}, any of them: only the runs for "         \
        "which this holds")

#define THRESHOLD                                                                        \
    GEDI_REAL(gedi__show, threshold, GEDI__THRESHOLD, -1e30, 1e30,                       \
              "for stat: success: a run succeeds with at least this, or at most where "  \
              "less is better; one that failed does not")

#define PRINT                                                                            \
    GEDI_ENUM(gedi__show, format, 0, GEDI__PRINT_FORMATS, GEDI__PRINT_FORMAT),           \
        GEDI_TEXT(gedi__show, title, "auto", GEDI__PRINT_TITLE),                         \
        GEDI_TEXT(gedi__show, width, "", GEDI__PRINT_WIDTH)

const gedi_option gedi__table_options[] = {
    GEDI_TEXT(gedi__show, rows, "",
              "axis or path whose values are the rows; must be given"),
    GEDI_TEXT(gedi__show, columns, "",
              "the same for the columns; one column unless given"),
    GEDI_TEXT(gedi__show, value, "",
              "path in summary.json, such as evaluation.clustering.nmi, or {TITLE: PATH, "
              "...}: a column each; must be given"),
    GEDI_ENUM(
        gedi__show, stat, GEDI__MEAN, GEDI__STAT_WORDS,
        "statistic over the runs in a cell; mean comes with the sample standard "
        "deviation, success (how many runs reach the threshold) with a 95 % interval"),
    THRESHOLD,
    GEDI_ENUM(
        gedi__show, best, GEDI__BEST_AUTO, GEDI__BEST_WORDS,
        "what to look for in each column; auto: for evaluation.* the max, or the min where "
        "less is better; for others none. The best is in bold, with what a permutation "
        "test cannot tell from it (5 %, Holm's correction over the rows), unless it can tell "
        "none apart"),
    WHERE,
    GEDI_TEXT(gedi__show, name, "", "name of the files; `table' unless given"),
    GEDI_END,
};

const gedi_option gedi__grid_options[] = {
    GEDI_TEXT(gedi__show, figure, "",
              "figure of the runs, such as clusters; must be given"),
    GEDI_TEXT(gedi__show, rows, "", "axis or path whose values are the rows"),
    GEDI_TEXT(gedi__show, columns, "",
              "the same for the columns; rows or columns must be given"),
    GEDI_TEXT(gedi__show, value, "", "path in summary.json, written beside each panel"),
    WHERE,
    GEDI_TEXT(gedi__show, name, "", "name of the files; `grid-FIGURE' unless given"),
    PRINT,
    GEDI_END,
};

const gedi_option gedi__heatmap_options[] = {
    GEDI_TEXT_AT(gedi__show, columns, "x", "", "axis or path; must be given"),
    GEDI_TEXT_AT(gedi__show, rows, "y", "", "axis or path; must be given"),
    GEDI_TEXT(gedi__show, value, "", "path in summary.json; must be given"),
    GEDI_ENUM(
        gedi__show, stat, GEDI__MEAN, GEDI__STAT_WORDS,
        "statistic over the runs in a cell; success: the part that reach the threshold"),
    THRESHOLD,
    GEDI_REAL(gedi__show, low, 0.0, -1e30, 1e30, "value of the darkest colour"),
    GEDI_REAL(
        gedi__show, high, 0.0, -1e30, 1e30,
        "value of the brightest; equal to low: the colours span the values that there "
        "are"),
    WHERE,
    GEDI_TEXT(gedi__show, name, "", "name of the files; `heatmap' unless given"),
    PRINT,
    GEDI_END,
};

const gedi_option gedi__curves_options[] = {
    GEDI_TEXT(
        gedi__show, value, "",
        "what the log has: loss, learning_rate, terms.inv, health.spread, evaluation.clustering.nmi "
        "(with validation.every), watch.NAME, or a scheduled option such as "
        "optimizer.adam.lr; must be given"),
    GEDI_TEXT_AT(gedi__show, rows, "lines", "",
                 "axis or path whose values are the lines; must be given"),
    WHERE,
    GEDI_TEXT(gedi__show, name, "", "name of the files; `curves' unless given"),
    PRINT,
    GEDI_END,
};

const char *gedi__show_key(gedi__show_kind kind)
{
    return gedi__key_of_kind(GEDI__SHOW, (int)kind)->key;
}

typedef struct reader {
    gedi__sweep *s;
    gedi__mistakes *m;
} reader;

/* The right form, whole, of each kind; of a grid with its figure. */
static const char *form_of(const gedi__show *w, char *out, size_t size)
{
    const char *figure = w->kind == GEDI__GRID && *w->figure ? w->figure : "clusters";
    switch (w->kind) {
    case GEDI__TABLE:
        return "{rows: objective, value: evaluation.clustering.nmi}";
    case GEDI__HEATMAP:
        return "{x: optimizer.adam.lr, y: train.batch, value: evaluation.clustering.nmi}";
    case GEDI__CURVES:
        return "{value: terms.inv, lines: objective}";
    case GEDI__GRID:
        break;
    }
    snprintf(out, size, "{figure: %.32s, columns: objective}", figure);
    return out;
}

static void say_missing(reader *r, const gedi__tree *t, const char *key,
                        const gedi__show *w, const char *what)
{
    char form[96];
    gedi__mistake(r->m, t->at, "%s: %s missing: write it like %s: %s", key, what, key,
                  form_of(w, form, sizeof form));
}

/* What must be given and is not. A mapping of values stands for the one value. */
static void check_needs(reader *r, const gedi__tree *t, const gedi__key *k,
                        const gedi__show *w)
{
    for (const gedi_option *o = k->options; o->key; o++) {
        const char *given = *(const char *const *)((const char *)w + o->offset);
        bool whole = w->quantities && o->offset == offsetof(gedi__show, value);
        char what[48];
        snprintf(what, sizeof what, "'%.32s' is", o->key);
        if (gedi__words_have(k->need, o->key) && !*given && !whole)
            say_missing(r, t, k->key, w, what);
    }
}

/* `whole`: nothing of it was a mistake, so that what is not there was not given. */
static void check_given(reader *r, const gedi__tree *t, const gedi__key *k, bool whole,
                        const gedi__show *w)
{
    const char *key = k->key;
    if (whole)
        check_needs(r, t, k, w);
    const gedi__tree *threshold = gedi__tree_get(t, "threshold");
    if (threshold && w->stat != GEDI__SUCCESS && gedi__option_find(k->options, "stat"))
        gedi__mistake(r->m, threshold->key_at,
                      "%s: threshold: it counts in `stat: success` alone: add that, or "
                      "leave threshold out",
                      key);
    if (!gedi__print_has_width(w->width))
        gedi__mistake(r->m, t->at, GEDI__PRINT_NO_WIDTH, key, w->width);
    if (w->low > w->high)
        gedi__mistake(r->m, t->at, "%s: low: %g is above high: %g", key, w->low, w->high);
    if (whole && w->kind == GEDI__GRID && !*w->rows && !*w->columns)
        say_missing(r, t, key, w, "'rows' and 'columns' are");
    if (w->quantities && *w->columns)
        gedi__mistake(r->m, gedi__tree_get(t, "columns")->at,
                      "%s: `value` is a mapping and makes the columns: leave `columns: "
                      "%.64s` out, or name one path",
                      key, w->columns);
    if (*w->rows && !strcmp(w->rows, w->columns))
        gedi__mistake(r->m, t->at, "%s: %s are both %.64s", key,
                      w->kind == GEDI__HEATMAP ? "x and y" : "rows and columns", w->rows);
    if (*w->name && !gedi__text_is_name(w->name))
        gedi__mistake(r->m, t->at, "%s: name: '%.64s' is not " GEDI__NAME_RULE, key,
                      w->name);
}

bool gedi__where_holds(const gedi__where *w, const char *label)
{
    bool holds = !strcmp(label, w->label);
    for (int i = 0; i < w->anys && !holds; i++)
        holds = !strcmp(label, w->any[i]);
    return holds;
}

static const char *flow_of(reader *r, const gedi__tree *t)
{
    gedi__text flow = {0};
    gedi__tree_flow(t, &flow);
    return gedi__sweep_text(r->s, &flow);
}

/* axis: label, or axis: [label, label] */
static gedi_status read_condition(reader *r, const gedi__tree *t, gedi__where *w)
{
    int n = t->kind == GEDI__LIST ? gedi__tree_count(t) : 0;
    *w = (gedi__where){.name = t->key, .label = flow_of(r, t)};
    w->any = gedi__arena_alloc(&r->s->arena, (size_t)n * sizeof *w->any);
    if (!w->label || !w->any)
        return GEDI_NOMEM;
    for (const gedi__tree *c = n ? t->child : NULL; c; c = c->next)
        if (!(w->any[w->anys++] = flow_of(r, c)))
            return GEDI_NOMEM;
    return GEDI_OK;
}

/* where: {axis: label} */
static gedi_status read_where(reader *r, gedi__tree *block, gedi__show *w)
{
    const gedi__tree *t = gedi__tree_take(block, "where");
    if (!t)
        return GEDI_OK;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at,
                      "where: %s is given, but it must be a mapping of axes to "
                      "values: {seed: 0}",
                      gedi__tree_what(t));
        return GEDI_OK;
    }
    w->where =
        gedi__arena_alloc(&r->s->arena, (size_t)gedi__tree_count(t) * sizeof *w->where);
    if (!w->where)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next)
        GEDI_TRY(read_condition(r, c, &w->where[w->wheres++]));
    return GEDI_OK;
}

/* value: {title: path}, of a table; another form is an option like others. */
static gedi_status read_quantities(reader *r, gedi__tree *block, gedi__show *w)
{
    const gedi__tree *t = gedi__tree_get(block, "value");
    if (w->kind != GEDI__TABLE || !t || t->kind == GEDI__SCALAR)
        return GEDI_OK;
    t = gedi__tree_take(block, "value");
    if (t->kind == GEDI__LIST) {
        gedi__mistake(r->m, t->at,
                      "table: value: a list is given, but several values are a mapping "
                      "of titles to paths: {NMI: evaluation.clustering.nmi}");
        return GEDI_OK;
    }
    if (!t->child)
        gedi__mistake(r->m, t->at,
                      "table: value: the mapping is empty: {NMI: "
                      "evaluation.clustering.nmi}");
    w->quantity = gedi__arena_alloc(&r->s->arena,
                                    (size_t)gedi__tree_count(t) * sizeof *w->quantity);
    if (!w->quantity)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (c->kind == GEDI__SCALAR && !gedi__tree_is_null(c) && *c->text)
            w->quantity[w->quantities++] = (gedi__quantity){c->key, c->text};
        else
            gedi__mistake(r->m, c->at,
                          "table: value: %.64s: %s is given, but it must be a path in "
                          "summary.json, such as evaluation.clustering.nmi",
                          c->key, gedi__tree_what(c));
    }
    return GEDI_OK;
}

static gedi_status name_files(reader *r, const gedi__key *k, gedi__show *w)
{
    if (*w->name)
        return GEDI_OK;
    gedi__text name = {0};
    gedi__text_add(&name, "%s%s%s", k->key, *w->figure ? "-" : "", w->figure);
    w->name = gedi__sweep_text(r->s, &name);
    return w->name ? GEDI_OK : GEDI_NOMEM;
}

static gedi_status read_show(reader *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__show *w = &r->s->show[r->s->shows];
    *w = (gedi__show){.kind = (gedi__show_kind)k->kind, .at = t->at};
    w->name = w->rows = w->columns = w->value = w->figure = w->width = "";
    w->title = "auto";
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a mapping: {%s: ...}",
                      k->key, gedi__tree_what(t), k->options->key);
        return GEDI_OK;
    }
    gedi__tree *block = gedi__tree_copy(t, &r->s->arena);
    if (!block)
        return GEDI_NOMEM;
    int before = r->m->n;
    GEDI_TRY(read_where(r, block, w));
    GEDI_TRY(read_quantities(r, block, w));
    GEDI_TRY(gedi__option_defaults(k->options, w, NULL));
    gedi__filler f = {.arena = &r->s->arena, .m = r->m};
    GEDI_TRY(gedi__options_fill(&f, k->key, k->options, w, block));
    check_given(r, t, k, r->m->n == before, w);
    GEDI_TRY(name_files(r, k, w));
    for (int i = 0; i < r->s->shows; i++) {
        const gedi__show *o = &r->s->show[i];
        if (strcmp(o->name, w->name))
            continue;
        gedi__mistake(r->m, t->at,
                      "%s: the name '%.64s' is taken, by a %s before: set another `name`",
                      k->key, w->name, gedi__key_of_kind(GEDI__SHOW, o->kind)->key);
        break;
    }
    r->s->shows++;
    return GEDI_OK;
}

gedi_status gedi__sweep_shows(gedi__sweep *s, const gedi__tree *root, gedi__mistakes *m)
{
    reader r = {s, m};
    int most = 0;
    for (const gedi__key *k = gedi__keys; k->key; k++) {
        const gedi__tree *t = k->form == GEDI__SHOW ? gedi__tree_get(root, k->key) : NULL;
        most += t ? 1 + gedi__tree_count(t) : 0;
    }
    s->show = gedi__arena_alloc(&s->arena, (size_t)most * sizeof *s->show);
    if (!s->show)
        return GEDI_NOMEM;
    for (const gedi__key *k = gedi__keys; k->key; k++) {
        const gedi__tree *t = k->form == GEDI__SHOW ? gedi__tree_get(root, k->key) : NULL;
        if (t && t->kind == GEDI__LIST)
            for (const gedi__tree *c = t->child; c; c = c->next)
                GEDI_TRY(read_show(&r, k, c));
        else if (t)
            GEDI_TRY(read_show(&r, k, t));
    }
    return GEDI_OK;
}
