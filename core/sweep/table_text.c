/* table_text.c - a table as Markdown, CSV or LaTeX. */
#include "core/sweep/chance.h"
#include "core/sweep/table.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const stat_words[] = {"mean", "median",         "min",
                                         "max",  "number of runs", "runs with success"};

void gedi__table_number(const gedi__table *t, int c, double x, gedi__text *out)
{
    int decimals = t->in[c].decimals;
    if (decimals < 0)
        gedi__text_add(out, "%.2e", x);
    else
        gedi__text_add(out, "%.*f", decimals, x == 0 ? 0 : x); /* no "-0" */
}

static const gedi__table_cell *cell_at(const gedi__table *t, int r, int c)
{
    return &t->cell[r * t->columns + c];
}

/* What is missing of a cell's runs: "2 of 5", "2 of 5, 1 failed"; of success, where all count,
 * "1 failed", "2 missing". */
static void add_lack(const gedi__table *t, const gedi__table_cell *c, gedi__text *out)
{
    int missing = c->runs - c->n;
    if (t->show->stat == GEDI__SUCCESS) {
        if (c->failed)
            gedi__text_add(out, "%d failed%s", c->failed, missing ? ", " : "");
        if (missing)
            gedi__text_add(out, "%d missing", missing);
        return;
    }
    gedi__text_add(out, "%d of %d", c->of.n, c->runs);
    if (c->failed)
        gedi__text_add(out, ", %d failed", c->failed);
    if (c->blank)
        gedi__text_add(out, ", %d without a value", c->blank);
}

const char *gedi__table_word(const gedi__table_cell *c)
{
    if (!c->runs)
        return "";
    return c->failed             ? "failed"
           : c->left == c->runs  ? "left"
           : c->blank == c->runs ? "no value"
                                 : "missing";
}

static int successes_of(const gedi__table *t, const gedi__table_cell *c)
{
    return (int)lrint(gedi__table_shown(t, c) * c->n);
}

/* "19 of 20 [0.76, 0.99]": of all runs that ended. */
static void add_successes(const gedi__table *t, const gedi__table_cell *c,
                          gedi__text *out)
{
    double low, high;
    gedi__chance_wilson(successes_of(t, c), c->n, &low, &high);
    gedi__text_add(out, "%d of %d [%.2f, %.2f]", successes_of(t, c), c->n, low, high);
}

static void add_value(const gedi__table *t, int r, int c, const char *plus_minus,
                      gedi__text *out)
{
    const gedi__numbers *v = &cell_at(t, r, c)->of;
    if (t->show->stat == GEDI__SUCCESS) {
        add_successes(t, cell_at(t, r, c), out);
        return;
    }
    gedi__table_number(t, c, gedi__numbers_stat(v, (gedi__stat)t->show->stat), out);
    if (t->show->stat == GEDI__MEAN && v->n > 1) {
        gedi__text_add(out, "%s", plus_minus);
        gedi__table_number(t, c, v->deviation, out);
    }
}

/* Is something said of the runs without a number? */
static bool has_lack(const gedi__table *t, const gedi__table_cell *c)
{
    return c->n < c->runs || (t->show->stat == GEDI__SUCCESS && c->failed);
}

static bool has_number(const gedi__table *t, const gedi__table_cell *c)
{
    return c->n || (t->show->stat == GEDI__COUNT && c->runs);
}

void gedi__table_cell_text(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = cell_at(t, r, c);
    if (!has_number(t, cell)) {
        gedi__text_add(out, "%s", gedi__table_word(cell));
        if (cell->failed && cell->runs > 1)
            gedi__text_add(out, " (%d of %d)", cell->failed, cell->runs);
        return;
    }
    if (t->show->stat == GEDI__COUNT && cell->of.n < cell->runs) {
        add_lack(t, cell, out);
        return;
    }
    add_value(t, r, c, " ± ", out);
    if (has_lack(t, cell)) {
        gedi__text_add(out, " (");
        add_lack(t, cell, out);
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
    bool success = t->show->stat == GEDI__SUCCESS;
    if (most > 1 || success)
        gedi__text_add(out, "%s", stat_words[t->show->stat]);
    if (most > 1 && table && t->show->stat == GEDI__MEAN)
        gedi__text_add(out, " ± sample standard deviation");
    if (success)
        gedi__text_add(out, " (at %s %g)%s",
                       gedi__table_best(t, 0) == GEDI__BEST_MIN ? "most" : "least",
                       t->show->threshold, table ? " [95 % interval]" : "");
    if (*t->over)
        gedi__text_add(out, " over %s", t->over);
    if (least < most)
        gedi__text_add(out, ", %d to %d runs a cell", least, most);
    else if (most > 1)
        gedi__text_add(out, ", %d runs a cell", most);
    for (int i = 0; i < t->show->wheres; i++)
        gedi__text_add(out, "%s%s %s",
                       i          ? ", "
                       : out->len ? "; only "
                                  : "only ",
                       t->show->where[i].name, t->show->where[i].label);
    if (*t->fixed)
        gedi__text_add(out, "%s%s", out->len ? "; " : "", t->fixed);
}

void gedi__table_caption(const gedi__table *t, gedi__text *out)
{
    gedi__text about = {0};
    const gedi__show *w = t->show;
    gedi__table_about(t, &about);
    gedi__text_add(out, "%s", w->value);
    for (int i = 0; i < w->quantities; i++)
        gedi__text_add(out, "%s%s: %s", i ? ", " : "", w->quantity[i].title,
                       w->quantity[i].path);
    gedi__text_add(out, "%s%s",
                   !about.len      ? ""
                   : w->quantities ? "; "
                                   : ": ",
                   about.len ? about.s : "");
    out->failed |= about.failed;
    gedi__text_clear(&about);
    if (*w->columns)
        gedi__text_add(out, "; columns: %s", w->columns);
}

/* ---- marks ---- */

typedef struct signs { /* of a format */
    const char *mark[GEDI__MAX_MARKS], *note[GEDI__MAX_NOTES];
} signs;

static const signs signs_markdown = {
    {"†", "‡", "§", "¶"},
    {"ᵃ", "ᵇ", "ᶜ", "ᵈ", "ᵉ", "ᶠ", "ᵍ", "ʰ"},
};

static void add_notes(const gedi__table *t, int r, int c, const signs *sign,
                      gedi__text *out)
{
    for (int k = 0; k < t->notes; k++)
        if (cell_at(t, r, c)->notes[k])
            gedi__text_add(out, "%s", sign->note[k]);
}

void gedi__table_signs(const gedi__table *t, int r, int c, gedi__text *out)
{
    add_notes(t, r, c, &signs_markdown, out);
}

static void add_note(const gedi__table *t, int k, const signs *sign, gedi__text *out)
{
    const gedi__note *n = &t->note[k];
    gedi__text_add(out, "%s %s%s; elsewhere %s", sign->note[k],
                   n->partly ? "not all runs of the cell: " : "", n->here, n->elsewhere);
}

void gedi__table_note(const gedi__table *t, int k, gedi__text *out)
{
    add_note(t, k, &signs_markdown, out);
}

/* The cell whose failures are marked in row r and column c (-1: the row's label): several
 * values of a row are of the same runs. NULL for none. */
static const gedi__table_cell *failing_at(const gedi__table *t, int r, int c)
{
    if (t->show->quantities)
        return c < 0 ? cell_at(t, r, 0) : NULL;
    return c < 0 ? NULL : cell_at(t, r, c);
}

static void add_signs(const gedi__table *t, int r, int c, const signs *sign,
                      gedi__text *out)
{
    const gedi__table_cell *cell = failing_at(t, r, c);
    for (int k = 0; cell && k < GEDI__MAX_MARKS; k++)
        if (cell->marks[k])
            gedi__text_add(out, "%s", sign->mark[k]);
    if (c >= 0)
        add_notes(t, r, c, sign, out);
}

void gedi__table_marks(const gedi__table *t, int r, int c, gedi__text *out)
{
    add_signs(t, r, c, &signs_markdown, out);
}

static bool has_best(const gedi__table *t)
{
    bool best = false;
    for (int i = 0; i < t->rows * t->columns; i++)
        best |= t->cell[i].best;
    return best;
}

/* "† cluster collapse, ‡ label inconsistency, at the end of at least one run", a line for each
 * note, and what bold means. */
static void add_legend(const gedi__table *t, const signs *sign, const char *before,
                       const char *after, gedi__text *out)
{
    bool any = false;
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (t->mark[k]) {
            gedi__text_add(out, "%s%s %s", any ? ", " : before, sign->mark[k],
                           t->mark[k]);
            any = true;
        }
    if (any)
        gedi__text_add(out, ", at the end of at least one run%s", after);
    bool left = false;
    for (int i = 0; i < t->rows * t->columns; i++)
        left |= t->cell[i].left > 0;
    if (left)
        gedi__text_add(out,
                       "%sleft: trained no further by the search, as others did better%s",
                       before, after);
    for (const char *line = t->besides; line && *line;) {
        size_t n = strcspn(line, "\n");
        gedi__text_add(out, "%s%.*s%s", before, (int)n, line, after);
        line += n + (line[n] == '\n');
    }
    for (int k = 0; k < t->notes; k++) {
        gedi__text_add(out, "%s", before);
        add_note(t, k, sign, out);
        gedi__text_add(out, "%s", after);
    }
    if (t->tested)
        gedi__text_add(
            out, "%s%s (%s5 %%, Holm's correction over the rows)%s%s", before,
            has_best(t) ? "bold: the best, with what a permutation test"
                        : "nothing is bold: a permutation test",
            t->show->stat == GEDI__MEDIAN ? "of two groups, ranks, " : "of two groups, ",
            has_best(t) ? " cannot tell from it" : " tells none from the best", after);
}

void gedi__table_legend(const gedi__table *t, gedi__text *out)
{
    add_legend(t, &signs_markdown, "\n", "", out);
}

/* ---- Markdown ---- */

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
    const char *bold = cell_at(t, r, c)->best ? "**" : "";
    gedi__text_add(out, "%s", bold);
    gedi__table_cell_text(t, r, c, out);
    gedi__text_add(out, "%s", bold);
}

static bool is_of_word(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* A bar would end the cell, others begin code, emphasis, HTML or a formula; `_` does only
 * at the edge of a word, so that paths stay as they are. */
void gedi__table_label(const char *s, gedi__text *out)
{
    for (const char *c = s; *c; c++) {
        bool inside = c > s && is_of_word(c[-1]) && is_of_word(c[1]);
        bool special = strchr("|\\`*<$", *c) || (*c == '_' && !inside);
        gedi__text_add(out, special ? "\\%c" : "%c", *c);
    }
}

/* The text of row r (-1: the head) in column c (-1: the row's label). */
static void add_entry(const gedi__table *t, int r, int c, gedi__text *out)
{
    gedi__text signed_by = {0};
    if (c < 0)
        gedi__table_label(r < 0 ? t->show->rows : t->row[r], out);
    else if (r < 0)
        gedi__table_label(t->column[c], out);
    else
        cell_markdown(t, r, c, out);
    if (r >= 0)
        add_signs(t, r, c, &signs_markdown, &signed_by);
    if (signed_by.len)
        gedi__text_add(out, " %s", signed_by.s);
    out->failed |= signed_by.failed;
    gedi__text_clear(&signed_by);
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

static void add_rule(const gedi__table *t, const int *width, gedi__text *out)
{
    gedi__text_add(out, "|");
    for (int c = -1; c < t->columns; c++) {
        for (int i = -2; i < width[c + 1]; i++)
            gedi__text_add(out, "-");
        gedi__text_add(out, "|");
    }
    gedi__text_add(out, "\n");
}

/* Words that are not in cells, which may be a stranger's as well. */
static void words_markdown(gedi__text *words, gedi__text *out)
{
    gedi__table_label(words->len ? words->s : "", out);
    out->failed |= words->failed;
    gedi__text_clear(words);
}

static void add_markdown(const gedi__table *t, gedi__text *out)
{
    gedi__text above = {0}, below = {0};
    /* The label's, then those of the columns: of all rows, so found once. */
    int *width = calloc((size_t)t->columns + 1, sizeof *width);
    out->failed |= !width;
    for (int c = -1; width && c < t->columns; c++)
        width[c + 1] = column_width(t, c);
    gedi__table_caption(t, &above);
    words_markdown(&above, out);
    gedi__text_add(out, "\n\n");
    for (int r = -1; width && r < t->rows; r++) {
        gedi__text_add(out, "|");
        for (int c = -1; c < t->columns; c++) {
            gedi__text s = {0};
            add_entry(t, r, c, &s);
            add_padded(s.s, width[c + 1], out);
            out->failed |= s.failed;
            gedi__text_clear(&s);
        }
        gedi__text_add(out, "\n");
        if (r < 0)
            add_rule(t, width, out);
    }
    free(width);
    /* A paragraph each: lines that follow one another would be joined. */
    add_legend(t, &signs_markdown, "\n", "\n", &below);
    words_markdown(&below, out);
}

/* ---- CSV ---- */

/* "cluster collapse 3; label inconsistency 1": how many runs show it. */
static void add_failures(const gedi__table *t, const gedi__table_cell *c, gedi__text *out)
{
    gedi__text all = {0};
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (c->marks[k])
            gedi__text_add(&all, "%s%s %d", all.len ? "; " : "", t->mark[k], c->marks[k]);
    gedi__text_add_csv(out, all.len ? all.s : "");
    out->failed |= all.failed;
    gedi__text_clear(&all);
}

/* All definitions of a cell, between bars. */
static void add_definitions(const gedi__table_cell *c, gedi__text *out)
{
    gedi__text all = {0};
    for (const gedi__made *m = c->made; m; m = m->next)
        gedi__text_add(&all, "%s%s", all.len ? " | " : "", m->definition);
    gedi__text_add_csv(out, all.len ? all.s : "");
    out->failed |= all.failed;
    gedi__text_clear(&all);
}

/* threshold, successes, of how many, and the interval */
static void csv_successes(const gedi__table *t, const gedi__table_cell *c,
                          gedi__text *out)
{
    double low = NAN, high = NAN;
    if (c->n)
        gedi__chance_wilson(successes_of(t, c), c->n, &low, &high);
    gedi__text_add(out, ",%g,%d,%d", t->show->threshold, c->n ? successes_of(t, c) : 0,
                   c->n);
    gedi__text_add_csv_real(out, low);
    gedi__text_add_csv_real(out, high);
}

static void line_csv(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = cell_at(t, r, c);
    const gedi__numbers *v = &cell->of;
    gedi__text_add_csv(out, t->row[r]);
    gedi__text_add(out, ",");
    gedi__text_add_csv(out, t->column[c]);
    gedi__text_add(out, ",");
    gedi__text_add_csv(out, t->in[c].path);
    gedi__text_add_csv_real(out, v->mean);
    gedi__text_add_csv_real(out, v->deviation);
    gedi__text_add_csv_real(out, v->median);
    gedi__text_add_csv_real(out, v->min);
    gedi__text_add_csv_real(out, v->max);
    gedi__text_add(out, ",%d,%d,%d,%d", v->n, cell->runs, cell->failed, cell->best);
    gedi__text_add_csv_real(out, cell->p);
    gedi__text_add(out, ",");
    add_failures(t, cell, out);
    gedi__text_add(out, ",");
    add_definitions(cell, out);
    if (t->show->stat == GEDI__SUCCESS)
        csv_successes(t, cell, out);
    gedi__text_add(out, "\n");
}

/* A line a cell, with all there is to know of it: for programs. */
static void add_csv(const gedi__table *t, gedi__text *out)
{
    const char *columns = *t->show->columns ? t->show->columns : "value";
    gedi__text_add_csv(out, t->show->rows);
    gedi__text_add(out, ",");
    gedi__text_add_csv(out, columns);
    gedi__text_add(out,
                   ",path,mean,std,median,min,max,n,runs,failed,best,p,failures,"
                   "definition%s\n",
                   t->show->stat == GEDI__SUCCESS ? ",threshold,successes,ended,low,high"
                                                  : "");
    for (int r = 0; r < t->rows; r++)
        for (int c = 0; c < t->columns; c++)
            if (cell_at(t, r, c)->runs)
                line_csv(t, r, c, out);
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
        else if (*s == '|')
            gedi__text_add(out, "\\textbar{}");
        else if (*s == '<')
            gedi__text_add(out, "\\textless{}");
        else if (*s == '>')
            gedi__text_add(out, "\\textgreater{}");
        else if (*s == '"')
            gedi__text_add(out, "''");
        else
            gedi__text_add(out, "%c", *s);
}

static const signs signs_latex = {
    {"\\dagger", "\\ddagger", "\\S", "\\P"},
    {"\\mathrm{a}", "\\mathrm{b}", "\\mathrm{c}", "\\mathrm{d}", "\\mathrm{e}",
     "\\mathrm{f}", "\\mathrm{g}", "\\mathrm{h}"},
};

static void cell_latex(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = cell_at(t, r, c);
    gedi__text signed_by = {0};
    bool words = t->show->stat == GEDI__SUCCESS; /* beside the numbers */
    if (!has_number(t, cell) || t->show->stat == GEDI__COUNT) {
        gedi__table_cell_text(t, r, c, out);
        return;
    }
    gedi__text_add(out, "%s", words ? "" : "$");
    gedi__text_add(out, "%s", !cell->best ? "" : words ? "\\textbf{" : "\\mathbf{");
    add_value(t, r, c, " \\pm ", out);
    gedi__text_add(out, "%s", cell->best ? "}" : "");
    add_signs(t, r, c, &signs_latex, &signed_by);
    if (signed_by.len)
        gedi__text_add(out, "%s^{%s}%s", words ? "$" : "", signed_by.s, words ? "$" : "");
    gedi__text_add(out, "%s", words ? "" : "$");
    if (has_lack(t, cell)) {
        gedi__text_add(out, " (");
        add_lack(t, cell, out);
        gedi__text_add(out, ")");
    }
    out->failed |= signed_by.failed;
    gedi__text_clear(&signed_by);
}

static void row_latex(const gedi__table *t, int r, gedi__text *out)
{
    gedi__text signed_by = {0};
    if (strchr("[*", *t->row[r])) /* an argument of the command before, else */
        gedi__text_add(out, "{}");
    add_escaped(t->row[r], out);
    add_signs(t, r, -1, &signs_latex, &signed_by);
    if (signed_by.len)
        gedi__text_add(out, "$^{%s}$", signed_by.s);
    for (int c = 0; c < t->columns; c++) {
        gedi__text_add(out, " & ");
        cell_latex(t, r, c, out);
    }
    gedi__text_add(out, " \\\\\n");
    out->failed |= signed_by.failed;
    gedi__text_clear(&signed_by);
}

static void add_latex(const gedi__table *t, gedi__text *out)
{
    gedi__text_add(out, "%% ");
    gedi__table_caption(t, out);
    gedi__text_add(out, "\n");
    add_legend(t, &signs_latex, "% ", "\n", out);
    gedi__text_add(out, "%% needs \\usepackage{booktabs}\n\\begin{tabular}{l");
    for (int c = 0; c < t->columns; c++)
        gedi__text_add(out, "c");
    gedi__text_add(out, "}\n\\toprule\n");
    add_escaped(t->show->rows, out);
    for (int c = 0; c < t->columns; c++) {
        gedi__text_add(out, " & ");
        add_escaped(t->column[c], out);
    }
    gedi__text_add(out, " \\\\\n\\midrule\n");
    for (int r = 0; r < t->rows; r++)
        row_latex(t, r, out);
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
