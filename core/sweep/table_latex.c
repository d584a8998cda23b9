/* table_latex.c - a table as LaTeX, for booktabs. */
#include "core/sweep/table_format.h"

#include <string.h>

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

static const gedi__signs signs_latex = {
    {"\\dagger", "\\ddagger", "\\S", "\\P"},
    {"\\mathrm{a}", "\\mathrm{b}", "\\mathrm{c}", "\\mathrm{d}", "\\mathrm{e}",
     "\\mathrm{f}", "\\mathrm{g}", "\\mathrm{h}"},
};

static void cell_latex(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = gedi__table_at(t, r, c);
    gedi__text signed_by = {0};
    bool words = t->show->stat == GEDI__SUCCESS; /* beside the numbers */
    if (!gedi__table_has_number(t, cell) || t->show->stat == GEDI__COUNT) {
        gedi__table_cell_text(t, r, c, out);
        return;
    }
    gedi__text_add(out, "%s", words ? "" : "$");
    gedi__text_add(out, "%s", !cell->best ? "" : words ? "\\textbf{" : "\\mathbf{");
    gedi__table_add_value(t, r, c, " \\pm ", out);
    gedi__text_add(out, "%s", cell->best ? "}" : "");
    gedi__table_add_signs(t, r, c, &signs_latex, &signed_by);
    if (signed_by.len)
        gedi__text_add(out, "%s^{%s}%s", words ? "$" : "", signed_by.s, words ? "$" : "");
    gedi__text_add(out, "%s", words ? "" : "$");
    if (gedi__table_has_lack(t, cell)) {
        gedi__text_add(out, " (");
        gedi__table_add_lack(t, cell, out);
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
    gedi__table_add_signs(t, r, -1, &signs_latex, &signed_by);
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

static bool has_signs(const gedi__table *t)
{
    bool any = t->notes > 0;
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        any |= t->mark[k] != NULL;
    return any;
}

/* Takes the text over. */
static void add_line(const char *sign, gedi__text *what, gedi__text *out)
{
    gedi__text_add(out, "$^{%s}$ ", sign);
    add_escaped(what->s ? what->s : "", out);
    gedi__text_add(out, "\\par\n");
    out->failed |= what->failed;
    gedi__text_clear(what);
}

/* What is printed beside numbers has its meaning printed below them: another row of a table around both, so that
 * they stay together wherever it is put. */
static void add_meanings(const gedi__table *t, gedi__text *out)
{
    gedi__text what = {0};
    gedi__text_add(out,
                   " \\\\[6pt]\n\\parbox[t]{\\linewidth}{\\footnotesize\\raggedright\n");
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (t->mark[k]) {
            gedi__table_mark(t, k, &what);
            add_line(signs_latex.mark[k], &what, out);
        }
    for (int k = 0; k < t->notes; k++) {
        gedi__table_add_note(t, k, &what);
        add_line(signs_latex.note[k], &what, out);
    }
    gedi__text_add(out, "}\n\\end{tabular}");
}

void gedi__table_latex(const gedi__table *t, gedi__text *out)
{
    bool signs = has_signs(t);
    gedi__text_add(out, "%% ");
    gedi__table_caption(t, out);
    gedi__text_add(out, "\n");
    gedi__table_add_legend(t, &signs_latex, "% ", "\n", out);
    gedi__text_add(out, "%% needs \\usepackage{booktabs}\n%s\\begin{tabular}{l",
                   signs ? "\\begin{tabular}{@{}c@{}}\n" : "");
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
    gedi__text_add(out, "\\bottomrule\n\\end{tabular}");
    if (signs)
        add_meanings(t, out);
    gedi__text_add(out, "\n");
}
