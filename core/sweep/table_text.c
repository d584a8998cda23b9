/* table_text.c - a table as Markdown, CSV or LaTeX. */
#include "core/sweep/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const stat_words[] = {"mean", "median", "min", "max",
                                         "number of runs"};

static void add_number(const gedi__table *t, double x, gedi__text *out)
{
    if (t->decimals < 0)
        gedi__text_add(out, "%.2e", x);
    else
        gedi__text_add(out, "%.*f", t->decimals, x == 0 ? 0 : x); /* no "-0" */
}

/* What is missing of a cell's runs: "2 of 5", "2 of 5, 1 failed". */
static void add_lack(const gedi__table_cell *c, gedi__text *out)
{
    gedi__text_add(out, "%d of %d", c->of.n, c->runs);
    if (c->failed)
        gedi__text_add(out, ", %d failed", c->failed);
    if (c->blank)
        gedi__text_add(out, ", %d without a value", c->blank);
}

/* A cell without a number. */
static const char *word_for(const gedi__table_cell *c)
{
    if (!c->runs)
        return "";
    return c->failed ? "failed" : c->blank == c->runs ? "no value" : "missing";
}

static void add_value(const gedi__table *t, const gedi__table_cell *c,
                      const char *plus_minus, gedi__text *out)
{
    add_number(t, gedi__numbers_stat(&c->of, (gedi__stat)t->show->stat), out);
    if (t->show->stat == GEDI__MEAN && c->of.n > 1) {
        gedi__text_add(out, "%s", plus_minus);
        add_number(t, c->of.deviation, out);
    }
}

static bool has_number(const gedi__table *t, const gedi__table_cell *c)
{
    return c->of.n || (t->show->stat == GEDI__COUNT && c->runs);
}

void gedi__table_cell_text(const gedi__table *t, const gedi__table_cell *c,
                           gedi__text *out)
{
    if (!has_number(t, c)) {
        gedi__text_add(out, "%s", word_for(c));
        if (c->failed && c->runs > 1)
            gedi__text_add(out, " (%d of %d)", c->failed, c->runs);
        return;
    }
    if (t->show->stat == GEDI__COUNT && c->of.n < c->runs) {
        add_lack(c, out);
        return;
    }
    add_value(t, c, " ± ", out);
    if (c->of.n < c->runs) {
        gedi__text_add(out, " (");
        add_lack(c, out);
        gedi__text_add(out, ")");
    }
}

void gedi__table_about(const gedi__table *t, gedi__text *out)
{
    int least = 0, most = 0;
    bool table = t->show->kind == GEDI__TABLE;
    for (int i = 0; i < t->rows * t->columns; i++) {
        int n = t->cell[i].runs;
        least = n && (!least || n < least) ? n : least;
        most = n > most ? n : most;
    }
    if (most > 1)
        gedi__text_add(out, "%s", stat_words[t->show->stat]);
    if (most > 1 && table && t->show->stat == GEDI__MEAN)
        gedi__text_add(out, " ± sample standard deviation");
    if (*t->over)
        gedi__text_add(out, " over %s", t->over);
    if (least < most)
        gedi__text_add(out, ", %d to %d runs a cell", least, most);
    else if (most > 1)
        gedi__text_add(out, ", %d runs a cell", most);
    for (int i = 0; i < t->show->wheres; i++)
        gedi__text_add(out, "%s%s %s",
                       i          ? ", "
                       : most > 1 ? "; only "
                                  : "only ",
                       t->show->where[i].name, t->show->where[i].label);
}

static void add_caption(const gedi__table *t, gedi__text *out)
{
    gedi__text about = {0};
    gedi__table_about(t, &about);
    gedi__text_add(out, "%s%s%s", t->show->value, about.len ? ": " : "",
                   about.len ? about.s : "");
    out->failed |= about.failed;
    gedi__text_clear(&about);
    if (*t->show->columns)
        gedi__text_add(out, "; columns: %s", t->show->columns);
}

static bool has_marks(const gedi__table_cell *c)
{
    bool any = false;
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        any |= c->marks[k] > 0;
    return any;
}

/* "† cluster collapse, ‡ label inconsistency, at the end of at least one run" */
static void add_legend(const gedi__table *t, const char *const *sign, gedi__text *out)
{
    for (int k = 0; k < GEDI__MAX_MARKS && t->mark[k]; k++)
        gedi__text_add(out, "%s%s %s", k ? ", " : "", sign[k], t->mark[k]);
    gedi__text_add(out, ", at the end of at least one run\n");
}

static void add_marks(const gedi__table_cell *c, const char *const *sign, gedi__text *out)
{
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (c->marks[k])
            gedi__text_add(out, "%s", sign[k]);
}

/* ---- Markdown ---- */

static const char *const signs[GEDI__MAX_MARKS] = {"†", "‡", "§", "¶"};

static int width_of(const char *s)
{
    int n = 0;
    for (; s && *s; s++)
        n += (*s & 0xc0) != 0x80;
    return n;
}

static void add_padded(const char *s, int width, gedi__text *out)
{
    gedi__text_add(out, " %s%*s |", s ? s : "", width - width_of(s), "");
}

static void cell_markdown(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = &t->cell[r * t->columns + c];
    gedi__text_add(out, cell->best ? "**" : "");
    gedi__table_cell_text(t, cell, out);
    gedi__text_add(out, cell->best ? "**" : "");
    if (has_marks(cell))
        gedi__text_add(out, " ");
    add_marks(cell, signs, out);
}

/* A bar would end the cell. */
static void label_markdown(const char *s, gedi__text *out)
{
    for (; *s; s++)
        gedi__text_add(out, *s == '|' ? "\\%c" : "%c", *s);
}

/* The text of row r (-1: the head) in column c (-1: the row's label). */
static void add_entry(const gedi__table *t, int r, int c, gedi__text *out)
{
    if (c < 0)
        label_markdown(r < 0 ? t->show->rows : t->row[r], out);
    else if (r < 0)
        label_markdown(t->column[c], out);
    else
        cell_markdown(t, r, c, out);
}

static int column_width(const gedi__table *t, int c)
{
    int width = 3;
    for (int r = -1; r < t->rows; r++) {
        gedi__text s = {0};
        add_entry(t, r, c, &s);
        int w = width_of(s.s);
        width = w > width ? w : width;
        gedi__text_clear(&s);
    }
    return width;
}

static void add_rule(const gedi__table *t, gedi__text *out)
{
    gedi__text_add(out, "|");
    for (int c = -1; c < t->columns; c++) {
        for (int i = -2; i < column_width(t, c); i++)
            gedi__text_add(out, "-");
        gedi__text_add(out, "|");
    }
    gedi__text_add(out, "\n");
}

static void add_markdown(const gedi__table *t, gedi__text *out)
{
    add_caption(t, out);
    gedi__text_add(out, "\n\n");
    for (int r = -1; r < t->rows; r++) {
        gedi__text_add(out, "|");
        for (int c = -1; c < t->columns; c++) {
            gedi__text s = {0};
            add_entry(t, r, c, &s);
            add_padded(s.s, column_width(t, c), out);
            out->failed |= s.failed;
            gedi__text_clear(&s);
        }
        gedi__text_add(out, "\n");
        if (r < 0)
            add_rule(t, out);
    }
    if (*t->mark) {
        gedi__text_add(out, "\n");
        add_legend(t, signs, out);
    }
}

/* ---- CSV ---- */

static void add_field(const char *s, gedi__text *out)
{
    if (!strpbrk(s, ",\"\n")) {
        gedi__text_add(out, "%s", s);
        return;
    }
    gedi__text_add(out, "\"");
    for (; *s; s++)
        gedi__text_add(out, *s == '"' ? "\"%c" : "%c", *s);
    gedi__text_add(out, "\"");
}

static void add_real(double x, gedi__text *out)
{
    if (isfinite(x))
        gedi__text_add(out, ",%.9g", x);
    else
        gedi__text_add(out, ",");
}

/* "cluster collapse 3; label inconsistency 1": how many runs show it. */
static void add_failures(const gedi__table *t, const gedi__table_cell *c, gedi__text *out)
{
    const char *between = "";
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (c->marks[k]) {
            gedi__text_add(out, "%s%s %d", between, t->mark[k], c->marks[k]);
            between = "; ";
        }
}

/* A line a cell, with all there is to know of it: for programs. */
static void add_csv(const gedi__table *t, gedi__text *out)
{
    const char *columns = *t->show->columns ? t->show->columns : "value";
    add_field(t->show->rows, out);
    gedi__text_add(out, ",");
    add_field(columns, out);
    gedi__text_add(out, ",mean,std,median,min,max,n,runs,failed,best,failures\n");
    for (int r = 0; r < t->rows; r++)
        for (int c = 0; c < t->columns; c++) {
            const gedi__table_cell *cell = &t->cell[r * t->columns + c];
            const gedi__numbers *v = &cell->of;
            if (!cell->runs)
                continue;
            add_field(t->row[r], out);
            gedi__text_add(out, ",");
            add_field(t->column[c], out);
            add_real(v->mean, out);
            add_real(v->deviation, out);
            add_real(v->median, out);
            add_real(v->min, out);
            add_real(v->max, out);
            gedi__text_add(out, ",%d,%d,%d,%d,", v->n, cell->runs, cell->failed,
                           cell->best);
            add_failures(t, cell, out);
            gedi__text_add(out, "\n");
        }
}

/* ---- LaTeX ---- */

static void add_escaped(const char *s, gedi__text *out)
{
    for (; *s; s++)
        if (strchr("&%$#_{}", *s))
            gedi__text_add(out, "\\%c", *s);
        else if (*s == '\\')
            gedi__text_add(out, "\\textbackslash{}");
        else if (*s == '~' || *s == '^')
            gedi__text_add(out, "\\%c{}", *s);
        else
            gedi__text_add(out, "%c", *s);
}

static const char *const commands[GEDI__MAX_MARKS] = {"\\dagger", "\\ddagger", "\\S",
                                                      "\\P"};

static void cell_latex(const gedi__table *t, const gedi__table_cell *c, gedi__text *out)
{
    if (!has_number(t, c) || t->show->stat == GEDI__COUNT) {
        gedi__table_cell_text(t, c, out);
        return;
    }
    gedi__text_add(out, c->best ? "$\\mathbf{" : "$");
    add_value(t, c, " \\pm ", out);
    gedi__text_add(out, c->best ? "}" : "");
    if (has_marks(c)) {
        gedi__text_add(out, "^{");
        add_marks(c, commands, out);
        gedi__text_add(out, "}");
    }
    gedi__text_add(out, "$");
    if (c->of.n < c->runs) {
        gedi__text_add(out, " (");
        add_lack(c, out);
        gedi__text_add(out, ")");
    }
}

static void add_latex(const gedi__table *t, gedi__text *out)
{
    gedi__text caption = {0};
    add_caption(t, &caption);
    gedi__text_add(out, "%% %s\n", caption.s ? caption.s : "");
    if (*t->mark) {
        gedi__text_add(out, "%% ");
        add_legend(t, commands, out);
    }
    gedi__text_add(out, "%% needs \\usepackage{booktabs}\n\\begin{tabular}{l");
    out->failed |= caption.failed;
    gedi__text_clear(&caption);
    for (int c = 0; c < t->columns; c++)
        gedi__text_add(out, "c");
    gedi__text_add(out, "}\n\\toprule\n");
    add_escaped(t->show->rows, out);
    for (int c = 0; c < t->columns; c++) {
        gedi__text_add(out, " & ");
        add_escaped(t->column[c], out);
    }
    gedi__text_add(out, " \\\\\n\\midrule\n");
    for (int r = 0; r < t->rows; r++) {
        add_escaped(t->row[r], out);
        for (int c = 0; c < t->columns; c++) {
            gedi__text_add(out, " & ");
            cell_latex(t, &t->cell[r * t->columns + c], out);
        }
        gedi__text_add(out, " \\\\\n");
    }
    gedi__text_add(out, "\\bottomrule\n\\end{tabular}\n");
}

void gedi__table_text(const gedi__table *t, gedi__table_format format, gedi__text *out)
{
    switch (format) {
    case GEDI__MARKDOWN:
        add_markdown(t, out);
        return;
    case GEDI__CSV:
        add_csv(t, out);
        return;
    case GEDI__LATEX:
        add_latex(t, out);
        return;
    }
}
