/* table.c - runs sorted into the cells of a table. */
#include "core/sweep/table_parts.h"
#include "core/report/words.h"
#include "core/metric/health.h"
#include "core/store/summary.h"
#include "core/sweep/builds.h"
#include "core/sweep/within.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { NONE = -1 };

typedef struct maker {
    gedi__study *s;
    const gedi__show *show;
    gedi__table *t;
    int *cell_of;       /* [results]: cell, or NONE */
    double *value;      /* [results] */
    const char **build; /* [results]: of plugins that others have built otherwise */
} maker;

static gedi_status no_memory(gedi_err *err)
{
    return gedi_no_memory(err, "table");
}

/* Does the label differ among the runs of some cell? *all is that of every run, NULL where
 * they have not the same. */
static gedi_status look_at_axis(maker *m, const char *axis, bool *differ,
                                const char **all)
{
    const char *label;
    bool same = true;
    const char **first = calloc((size_t)(m->t->rows * m->t->columns), sizeof *first);
    *differ = false;
    *all = NULL;
    for (int i = 0; first && i < m->s->results; i++) {
        int c = m->cell_of[i];
        if (c == NONE || gedi__study_label(m->s, i, axis, &label))
            continue;
        *differ |= first[c] && strcmp(first[c], label) != 0;
        same &= !*all || !strcmp(*all, label);
        first[c] = *all = label;
    }
    if (!same)
        *all = NULL;
    free(first);
    return first ? GEDI_OK : GEDI_NOMEM;
}

/* Do rows, columns or a condition say what value of the axis this is? */
static bool is_named(const gedi__show *w, const char *axis)
{
    bool named = !strcmp(axis, w->rows) || !strcmp(axis, w->columns);
    for (int i = 0; i < w->wheres; i++)
        named |= !strcmp(axis, w->where[i].name) && w->where[i].anys < 2;
    return named;
}

/* An axis, in a picture by its words. */
static void add_axis(const gedi__show *w, const char *const *axes, int i, gedi__text *out)
{
    int n = 0;
    while (axes[n])
        n++;
    gedi__text_add(out, "%s%s", out->len ? ", " : "",
                   w->kind == GEDI__TABLE ? axes[i] : "");
    if (w->kind != GEDI__TABLE)
        gedi__path_words_among(axes, n, i, out);
}

/* The axes whose labels differ among the runs of some cell, and those that are the same in
 * the whole table. */
static gedi_status find_over(maker *m)
{
    const char **axes, *all;
    gedi__text over = {0}, fixed = {0};
    gedi_status s = gedi__study_axes(m->s, &axes);
    for (int a = 0; !s && axes[a]; a++) {
        bool differ;
        s = look_at_axis(m, axes[a], &differ, &all);
        if (!s && differ)
            add_axis(m->show, axes, a, &over);
        if (!s && all && *all && !is_named(m->show, axes[a])) {
            add_axis(m->show, axes, a, &fixed);
            gedi__text_add(&fixed, " %s", all);
        }
    }
    if (!s)
        s = gedi__within_cells(m->s, m->cell_of, m->show->kind != GEDI__TABLE, &over);
    m->t->over = gedi__arena_text(&m->t->arena, over.s ? over.s : "");
    m->t->fixed = gedi__arena_text(&m->t->arena, fixed.s ? fixed.s : "");
    bool failed = over.failed || fixed.failed || !m->t->over || !m->t->fixed;
    gedi__text_clear(&over);
    gedi__text_clear(&fixed);
    return s || failed ? GEDI_NOMEM : GEDI_OK;
}

/* Counts the failures that the sentinels saw to the end. Each has its mark in all tables: a mark that
 * meant another failure in the next table would be read wrongly. */
static void add_marks(gedi__table *t, gedi__table_cell *cell, const gedi__result *r)
{
    static const int order[] = {GEDI__BALANCE, GEDI__LABELS, GEDI__SPREAD};
    const char *failure;
    for (int i = 0; (failure = gedi__summary_failure(r->summary, i)); i++) {
        int k = 0;
        while (k < GEDI__FAILURES && strcmp(gedi__failure_name(order[k]), failure))
            k++;
        if (k == GEDI__MAX_MARKS || (t->mark[k] && strcmp(t->mark[k], failure)))
            continue; /* a second one of another gedi */
        t->mark[k] = failure;
        cell->marks[k]++;
    }
}

/* How a number was made: as its evaluator says, and by which builds. "" where nothing is told. */
static const char *made_of(maker *m, int i, const char *path)
{
    const char *definition = gedi__summary_definition(m->s->result[i].summary, path);
    const char *build = m->build[i];
    if (!definition || !build)
        return definition ? definition : build ? build : "";
    gedi__text t = {0};
    gedi__text_add(&t, "%s; %s", definition, build);
    const char *own = t.failed ? NULL : gedi__arena_text(&m->t->arena, t.s);
    gedi__text_clear(&t);
    return own;
}

static gedi_status find_builds(maker *m)
{
    bool *in = gedi__arena_alloc(&m->t->arena, (size_t)m->s->results + 1);
    for (int i = 0; in && i < m->s->results; i++)
        in[i] = m->cell_of[i] != NONE && m->s->result[i].state == GEDI__FINISHED;
    return in ? gedi__builds_apart(m->s, in, &m->t->arena, &m->build) : GEDI_NOMEM;
}

/* Of success: 1 of a run that reaches the threshold; one that failed does not. One that was not asked for
 * the number, or whose evaluator failed, says nothing. */
static gedi_status count_successes(maker *m, gedi__table_cell *cell, int c)
{
    double threshold = m->show->threshold;
    bool less = gedi__table_best(m->t, c) == GEDI__BEST_MIN;
    int ended = cell->of.n + cell->failed, reached = 0;
    for (int i = 0; i < cell->of.n; i++)
        reached += less ? cell->x[i] <= threshold : cell->x[i] >= threshold;
    cell->x = gedi__arena_alloc(&m->t->arena, ((size_t)ended + 1) * sizeof *cell->x);
    if (!cell->x)
        return GEDI_NOMEM;
    for (int i = 0; i < ended; i++)
        cell->x[i] = i >= ended - reached;
    cell->n = ended;
    return GEDI_OK;
}

static gedi_status keep_numbers(maker *m, gedi__table_cell *cell, int c, int n)
{
    size_t size = (size_t)n * sizeof *cell->x;
    cell->of = gedi__numbers_of(m->value, n);
    cell->n = n;
    cell->x = gedi__arena_alloc(&m->t->arena, size + 1);
    if (!cell->x)
        return GEDI_NOMEM;
    memcpy(cell->x, m->value, size);
    return m->show->stat == GEDI__SUCCESS ? count_successes(m, cell, c) : GEDI_OK;
}

/* Counts every run in its cell, and gathers the numbers of the cell. */
static gedi_status fill_cell(maker *m, int r, int c)
{
    gedi__table *t = m->t;
    gedi__table_cell *cell = &t->cell[r * t->columns + c];
    int home = r * t->columns + (m->show->quantities ? 0 : c), n = 0;
    const char *path = t->in[c].path, *made;
    for (int i = 0; i < m->s->results; i++) {
        const gedi__result *run = &m->s->result[i];
        if (m->cell_of[i] != home)
            continue;
        cell->runs++;
        cell->failed += run->state == GEDI__FAILED;
        cell->left += run->state == GEDI__MISSING && run->left;
        add_marks(t, cell, run);
        if (run->state != GEDI__FINISHED)
            continue;
        if (!gedi__summary_value(run->summary, path, &m->value[n])) {
            cell->blank++;
            continue;
        }
        n++;
        t->in[c].direction = gedi__summary_direction(run->summary, path);
        if (!(made = made_of(m, i, path)))
            return GEDI_NOMEM;
        if (*made)
            GEDI_TRY(gedi__made_add(t, &cell->made, made, 1));
    }
    return keep_numbers(m, cell, c, n);
}

/* ---- columns ---- */

/* "evaluation.clustering.nmi" of "nmi" or "clustering.nmi", as `gedi run` prints it; NULL: none. */
static const char *whole_path(const char *lines, const char *end, size_t *n)
{
    size_t m = strlen(end);
    for (const char *l = lines; l && *l; l += *n, l += *l == '\n') {
        *n = strcspn(l, "\n");
        if (*n > m + 1 && l[*n - m - 1] == '.' && !strncmp(l + *n - m, end, m))
            return l;
    }
    return NULL;
}

gedi_status gedi__table_no_number(const char *path, const struct json_t *summary,
                                  gedi_err *err)
{
    gedi__text paths = {0}, t = {0};
    gedi__summary_paths(summary, &paths);
    size_t n = 0;
    const char *meant = whole_path(paths.s, path, &n);
    if (meant)
        gedi__text_add(&t, "%s: no run has such a number: did you mean %.*s? There are: ",
                       path, (int)n, meant);
    for (size_t i = 0; i < paths.len; i++)
        if (paths.s[i] == '\n')
            paths.s[i] = i + 1 < paths.len ? ' ' : 0;
    if (!meant)
        gedi__text_add(&t, "%s: no run has such a number; there are: ", path);
    gedi__text_add(&t, "%s", paths.s ? paths.s : "none");
    t.failed |= paths.failed;
    gedi__text_clear(&paths);
    return gedi__study_fail(&t, err);
}

/* Runs know of the number, and why they have none. */
static bool is_missing(const maker *m, const char *path)
{
    for (int i = 0; i < m->s->results; i++)
        if (m->cell_of[i] != NONE && gedi__summary_lacks(m->s->result[i].summary, path))
            return true;
    return false;
}

/* Where runs are finished, each path has a number in one of them, or it is known why not. */
static gedi_status check_values(maker *m, gedi_err *err)
{
    gedi__table *t = m->t;
    const gedi__result *any = NULL;
    for (int i = 0; i < m->s->results && !any; i++)
        if (m->cell_of[i] != NONE && m->s->result[i].state == GEDI__FINISHED)
            any = &m->s->result[i];
    for (int c = 0; any && t->show->stat != GEDI__COUNT && c < t->columns; c++) {
        int n = 0;
        for (int i = 0; i < t->rows * t->columns; i++)
            if (!strcmp(t->in[i % t->columns].path, t->in[c].path))
                n += t->cell[i].of.n;
        if (!n && !is_missing(m, t->in[c].path))
            return gedi__table_no_number(t->in[c].path, any->summary, err);
    }
    return GEDI_OK;
}

double gedi__table_shown(const gedi__table *t, const gedi__table_cell *c)
{
    double successes = 0;
    if (t->show->stat != GEDI__SUCCESS)
        return gedi__numbers_stat(&c->of, (gedi__stat)t->show->stat);
    for (int i = 0; i < c->n; i++)
        successes += c->x[i];
    return successes / c->n;
}

/* Of the numbers of column c, and of others of the same path: three digits of the largest,
 * at least three behind the point below 10. */
static int decimals_of(const gedi__table *t, int c)
{
    double most = 0;
    if (t->show->stat == GEDI__COUNT)
        return 0;
    for (int i = 0; i < t->rows * t->columns; i++)
        if (t->cell[i].n && isfinite(gedi__table_shown(t, &t->cell[i])) &&
            !strcmp(t->in[i % t->columns].path, t->in[c].path))
            most = fmax(most, fabs(gedi__table_shown(t, &t->cell[i])));
    if (most == 0)
        return 3;
    int size = (int)floor(log10(most));
    return size > 5 || size < -5 ? -1
           : size >= 3           ? 0
           : size >= 1           ? 3 - size
           : size < -1           ? 2 - size
                                 : 3;
}

/* ---- the whole ---- */

/* Keeps what was gathered, and clears it. */
static const char *keep(maker *m, gedi__text *t)
{
    const char *s = t->failed ? NULL : gedi__arena_text(&m->t->arena, t->len ? t->s : "");
    gedi__text_clear(t);
    return s;
}

/* What stands below the cells in words. */
static gedi_status add_lines(maker *m)
{
    gedi__text differs = {0}, remarks = {0};
    gedi_status s = gedi__table_differs(m->s, m->t, m->cell_of,
                                        m->show->kind != GEDI__TABLE, &differs, &remarks);
    if (!s && m->show->stat != GEDI__COUNT &&
        (gedi__table_lacking(m->s, m->t, m->cell_of, &remarks) ||
         gedi__table_equal(m->s, m->t, m->cell_of, &remarks) ||
         gedi__table_chosen(m->s, m->cell_of, &remarks)))
        s = GEDI_NOMEM;
    m->t->differs = keep(m, &differs);
    m->t->remarks = keep(m, &remarks);
    return m->t->differs && m->t->remarks ? s : GEDI_NOMEM;
}

static gedi_status make(maker *m, gedi_err *err)
{
    gedi__table *t = m->t;
    GEDI_TRY(gedi__table_arrange(m->s, t, m->cell_of, err));
    t->cell =
        gedi__arena_alloc(&t->arena, (size_t)(t->rows * t->columns) * sizeof *t->cell);
    if (!t->cell || find_over(m) || find_builds(m))
        return no_memory(err);
    for (int r = 0; r < t->rows; r++)
        for (int c = 0; c < t->columns; c++)
            if (fill_cell(m, r, c))
                return no_memory(err);
    GEDI_TRY(check_values(m, err));
    for (int c = 0; c < t->columns; c++)
        t->in[c].decimals = decimals_of(t, c);
    if (add_lines(m))
        return no_memory(err);
    return gedi__table_mark_best(t) || gedi__table_annotate(t) ? no_memory(err) : GEDI_OK;
}

gedi_status gedi__table_make(gedi__study *s, const gedi__show *show, gedi__table *out,
                             gedi_err *err)
{
    maker m = {.s = s, .show = show, .t = out};
    *out = (gedi__table){.show = show};
    m.cell_of = calloc((size_t)s->results + 1, sizeof *m.cell_of);
    m.value = calloc((size_t)s->results + 1, sizeof *m.value);
    gedi_status status = m.cell_of && m.value ? make(&m, err) : no_memory(err);
    free(m.cell_of);
    free(m.value);
    if (status)
        gedi__table_clear(out);
    return status;
}

void gedi__table_clear(gedi__table *t)
{
    gedi__arena_clear(&t->arena);
    memset(t, 0, sizeof *t);
}
