/* table_differs.c - what the rows and columns of a table differ in besides what they are called by. */
#include "core/descriptor/keys.h"
#include "core/report/words.h"
#include "core/sweep/besides.h"
#include "core/sweep/points.h"
#include "core/sweep/table_parts.h"
#include "core/sweep/within.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_NAMED = 6 }; /* labels in one line */

typedef struct lines {
    bool people; /* axes are named as in pictures, and all is one line */
    gedi__text *out;
} lines;

static void begin(const lines *l)
{
    gedi__text_add(l->out, "%s", !l->out->len ? "" : l->people ? "; " : "\n");
}

static void add_axis(const lines *l, const char *axis)
{
    if (l->people)
        gedi__path_words(axis, l->out);
    else
        gedi__text_add(l->out, "%s", axis);
}

/* Which labels of another axis the runs in each row have, or in each column. */
typedef struct beside {
    int lines, labels;
    const char *const *label; /* [labels] */
    bool *has;                /* [lines, labels] */
} beside;

static bool in(const beside *b, int line, int label)
{
    return b->has[line * b->labels + label];
}

static int count_in(const beside *b, int line)
{
    int n = 0;
    for (int k = 0; k < b->labels; k++)
        n += in(b, line, k);
    return n;
}

/* Lines without any, such as those of a method that has no such option, differ from none. */
static bool differs(const beside *b)
{
    int first = 0;
    while (first < b->lines && !count_in(b, first))
        first++;
    for (int i = first + 1; i < b->lines; i++)
        if (count_in(b, i) &&
            memcmp(&b->has[i * b->labels], &b->has[first * b->labels], (size_t)b->labels))
            return true;
    return false;
}

/* "AXIS: its values differ also in OTHER: 100 at 0.001, 200 and 400 at 0.0001" */
static void say(const beside *b, const char *axis, const char *const *line,
                const char *other, const lines *l)
{
    gedi__text *out = l->out;
    int named = 0;
    begin(l);
    add_axis(l, axis);
    gedi__text_add(out, ": its values differ also in ");
    add_axis(l, other);
    gedi__text_add(out, ":");
    for (int i = 0; i < b->lines; i++) {
        int n = count_in(b, i), said = 0;
        if (n && named == MOST_NAMED) {
            gedi__text_add(out, ", ...");
            return;
        }
        for (int k = 0; k < b->labels; k++)
            if (in(b, i, k))
                gedi__text_add(out, "%s%s",
                               !said++     ? named ? ", " : " "
                               : said == n ? " and "
                                           : ", ",
                               b->label[k]);
        if (n) {
            gedi__text_add(out, " at %s", line[i]);
            named++;
        }
    }
}

typedef struct side { /* the rows, or the columns */
    const char *axis;
    const char *const *label;
    int n, step, within; /* the line of a cell is cell / step % within */
} side;

/* What the lines of one side have of another axis. */
static gedi_status compare(gedi__study *s, const int *cell_of, const side *of,
                           const char *other, const lines *l)
{
    const char **label, *own;
    beside b = {.lines = of->n};
    GEDI_TRY(gedi__study_labels(s, other, &label));
    b.label = label;
    while (label[b.labels])
        b.labels++;
    b.has = calloc((size_t)(b.lines * b.labels) + 1, sizeof *b.has);
    gedi_status status = b.has ? GEDI_OK : GEDI_NOMEM;
    for (int i = 0; i < s->results && !status; i++) {
        if (cell_of[i] < 0)
            continue;
        status = gedi__study_label(s, i, other, &own);
        int k = status ? -1 : gedi__study_place(label, b.labels, own);
        if (k >= 0)
            b.has[cell_of[i] / of->step % of->within * b.labels + k] = true;
    }
    if (!status && differs(&b))
        say(&b, of->axis, of->label, other, l);
    free(b.has);
    return status;
}

/* The names of points, such as those of methods, where lines are called by what the points set: these are one
 * thing said twice. */
static bool is_name_of(const char *const *axes, const char *line, const char *other)
{
    bool is_axis = false;
    for (int a = 0; axes[a]; a++)
        is_axis |= !strcmp(axes[a], line);
    return !is_axis && !strchr(other, '.') && !gedi__key_find(other);
}

/* Axes that go together, or whose values were not all combined: side by side (`zip`), excluded, of several
 * sweeps. Draws of a search differ in all that is drawn. */
static gedi_status look_along(gedi__study *s, const gedi__table *t, const int *cell_of,
                              const side *of, const lines *l)
{
    const char **axes;
    gedi__text drawn = {0};
    const lines others = {l->people, &drawn};
    GEDI_TRY(gedi__study_axes(s, &axes));
    gedi_status status = GEDI_OK;
    const bool draws = gedi__study_draws(s, of->axis);
    for (int a = 0; axes[a] && !status; a++) {
        if (!strcmp(axes[a], t->show->rows) || !strcmp(axes[a], t->show->columns) ||
            !strcmp(axes[a], GEDI__DRAW) || is_name_of(axes, of->axis, axes[a]))
            continue;
        if (!gedi__study_draws(s, axes[a])) {
            status = compare(s, cell_of, of, axes[a], l);
        } else if (draws && strcmp(of->axis, GEDI__DRAW)) {
            gedi__text_add(&drawn, "%s", drawn.len ? ", " : "");
            add_axis(&others, axes[a]);
        }
    }
    if (drawn.len) {
        begin(l);
        add_axis(l, of->axis);
        gedi__text_add(l->out, ": its values were drawn together with those of %s",
                       drawn.s);
    }
    status = drawn.failed ? GEDI_NOMEM : status;
    gedi__text_clear(&drawn);
    return status;
}

/* Options that the values of an axis reset. What the first value, to which others are compared, changes of the
 * descriptor sets no two lines apart: that is a remark. */
static gedi_status add_besides(const struct json_t *document, const side *of,
                               const lines *l, gedi__text *remarks)
{
    const struct json_t *besides = gedi__points_besides(document),
                        *axes = gedi__points_axes(document);
    const char *first =
        json_string_value(json_array_get(json_object_get(axes, of->axis), 0));
    const char **others = calloc((size_t)of->n + 1, sizeof *others);
    gedi__text t = {0};
    int n = 0;
    for (int i = 0; others && i < of->n; i++)
        if (!first || strcmp(of->label[i], first))
            others[n++] = of->label[i];
    if (others)
        gedi__besides_text(besides, axes, of->axis, others, n, &t);
    for (const char *line = t.s; line && *line; line += strspn(line, "\n")) {
        size_t m = strcspn(line, "\n");
        begin(l);
        gedi__text_add(l->out, "%.*s", (int)m, line);
        line += m;
    }
    if (n < of->n)
        gedi__besides_text(besides, axes, of->axis, &first, 1, remarks);
    gedi_status s = others && !t.failed ? GEDI_OK : GEDI_NOMEM;
    gedi__text_clear(&t);
    free(others);
    return s;
}

gedi_status gedi__table_differs(gedi__study *s, const gedi__table *t, const int *cell_of,
                                bool people, gedi__text *out, gedi__text *remarks)
{
    const side both[] = {{t->show->rows, t->row, t->rows, t->columns, t->rows},
                         {t->show->columns, t->column, t->columns, 1, t->columns}};
    const lines l = {people, out};
    for (int k = 0; k < 2; k++) {
        if (!*both[k].axis)
            continue;
        for (int i = 0; i < s->documents; i++)
            GEDI_TRY(add_besides(s->document[i], &both[k], &l, remarks));
        GEDI_TRY(look_along(s, t, cell_of, &both[k], &l));
    }
    gedi__text sweeps = {0};
    GEDI_TRY(gedi__within_sweeps(s, cell_of, t->show->rows, t->show->columns, people,
                                 &sweeps));
    if (sweeps.len) {
        begin(&l);
        gedi__text_add(out, "runs of no common sweep differ also in %s", sweeps.s);
    }
    bool failed = sweeps.failed || out->failed || remarks->failed;
    gedi__text_clear(&sweeps);
    return failed ? GEDI_NOMEM : GEDI_OK;
}
