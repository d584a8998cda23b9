/* table_text.c - what a table says, in words: cells, caption, marks and legend. */
#include "core/report/words.h"
#include "core/sweep/chance.h"
#include "core/sweep/table_format.h"

#include <math.h>
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

const gedi__table_cell *gedi__table_at(const gedi__table *t, int r, int c)
{
    return &t->cell[r * t->columns + c];
}

void gedi__table_add_lack(const gedi__table *t, const gedi__table_cell *c,
                          gedi__text *out)
{
    int missing = c->runs - c->n - c->blank;
    if (t->show->stat == GEDI__SUCCESS) {
        const char *before = "";
        if (c->failed)
            gedi__text_add(out, "%d failed", c->failed), before = ", ";
        if (missing)
            gedi__text_add(out, "%s%d missing", before, missing), before = ", ";
        if (c->blank)
            gedi__text_add(out, "%s%d without a value", before, c->blank);
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

int gedi__table_successes(const gedi__table *t, const gedi__table_cell *c)
{
    return (int)lrint(gedi__table_shown(t, c) * c->n);
}

/* "19 of 20 [0.76, 0.99]": of all runs that ended. */
static void add_successes(const gedi__table *t, const gedi__table_cell *c,
                          gedi__text *out)
{
    double low, high;
    gedi__chance_wilson(gedi__table_successes(t, c), c->n, &low, &high);
    gedi__text_add(out, "%d of %d [%.2f, %.2f]", gedi__table_successes(t, c), c->n, low,
                   high);
}

void gedi__table_add_value(const gedi__table *t, int r, int c, const char *plus_minus,
                           gedi__text *out)
{
    const gedi__numbers *v = &gedi__table_at(t, r, c)->of;
    if (t->show->stat == GEDI__SUCCESS) {
        add_successes(t, gedi__table_at(t, r, c), out);
        return;
    }
    gedi__table_number(t, c, gedi__numbers_stat(v, (gedi__stat)t->show->stat), out);
    if (t->show->stat == GEDI__MEAN && v->n > 1) {
        gedi__text_add(out, "%s", plus_minus);
        gedi__table_number(t, c, v->deviation, out);
    }
}

bool gedi__table_has_lack(const gedi__table *t, const gedi__table_cell *c)
{
    return c->n < c->runs || (t->show->stat == GEDI__SUCCESS && c->failed);
}

bool gedi__table_has_number(const gedi__table *t, const gedi__table_cell *c)
{
    return c->n || (t->show->stat == GEDI__COUNT && c->runs);
}

void gedi__table_cell_text(const gedi__table *t, int r, int c, gedi__text *out)
{
    const gedi__table_cell *cell = gedi__table_at(t, r, c);
    if (!gedi__table_has_number(t, cell)) {
        gedi__text_add(out, "%s", gedi__table_word(cell));
        if (cell->failed && cell->runs > 1)
            gedi__text_add(out, " (%d of %d)", cell->failed, cell->runs);
        return;
    }
    if (t->show->stat == GEDI__COUNT && cell->of.n < cell->runs) {
        gedi__table_add_lack(t, cell, out);
        return;
    }
    gedi__table_add_value(t, r, c, " ± ", out);
    if (gedi__table_has_lack(t, cell)) {
        gedi__text_add(out, " (");
        gedi__table_add_lack(t, cell, out);
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
    for (int i = 0; i < t->show->wheres; i++) {
        gedi__text_add(out, "%s", i ? ", " : out->len ? "; only " : "only ");
        if (table)
            gedi__text_add(out, "%s", t->show->where[i].name);
        else
            gedi__path_words(t->show->where[i].name, out);
        gedi__text_add(out, " %s", t->show->where[i].label);
    }
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

const gedi__signs gedi__signs_plain = {
    {"†", "‡", "§", "¶"},
    {"ᵃ", "ᵇ", "ᶜ", "ᵈ", "ᵉ", "ᶠ", "ᵍ", "ʰ"},
};

static void add_notes(const gedi__table *t, int r, int c, const gedi__signs *sign,
                      gedi__text *out)
{
    for (int k = 0; k < t->notes; k++)
        if (gedi__table_at(t, r, c)->notes[k])
            gedi__text_add(out, "%s", sign->note[k]);
}

void gedi__table_signs(const gedi__table *t, int r, int c, gedi__text *out)
{
    add_notes(t, r, c, &gedi__signs_plain, out);
}

static bool is_of_all(const gedi__table *t, int k)
{
    bool all = true;
    for (int i = 0; i < t->rows * t->columns; i++)
        all &= t->cell[i].notes[k] || !t->cell[i].of.n;
    return all;
}

void gedi__table_add_note(const gedi__table *t, int k, gedi__text *out)
{
    const gedi__note *n = &t->note[k];
    gedi__text_add(out, "%s%s", n->partly ? "not all runs of the cell: " : "", n->here);
    if (n->partly || !is_of_all(t, k))
        gedi__text_add(out, "; elsewhere %s", n->elsewhere);
}

void gedi__table_note(const gedi__table *t, int k, gedi__text *out)
{
    gedi__text_add(out, "%s ", gedi__signs_plain.note[k]);
    gedi__table_add_note(t, k, out);
}

/* The cell whose failures are marked in row r and column c (-1: the row's label): several
 * values of a row are of the same runs. NULL for none. */
static const gedi__table_cell *failing_at(const gedi__table *t, int r, int c)
{
    if (t->show->quantities)
        return c < 0 ? gedi__table_at(t, r, 0) : NULL;
    return c < 0 ? NULL : gedi__table_at(t, r, c);
}

void gedi__table_add_signs(const gedi__table *t, int r, int c, const gedi__signs *sign,
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
    gedi__table_add_signs(t, r, c, &gedi__signs_plain, out);
}

/* The cells of mark k, one of each row where several values are of the same runs. */
typedef struct marked {
    int n, least, most; /* cells; runs of one */
    bool alike;         /* as many of as many runs in all of them */
    int runs;           /* of the first */
} marked;

static marked marked_by(const gedi__table *t, int k)
{
    marked m = {.alike = true};
    for (int r = 0; r < t->rows; r++)
        for (int c = -1; c < t->columns; c++) {
            const gedi__table_cell *cell = failing_at(t, r, c);
            int own = cell ? cell->marks[k] : 0;
            if (!own)
                continue;
            if (!m.n++) {
                m.least = m.most = own;
                m.runs = cell->runs;
            }
            m.alike &= own == m.least && own == m.most && cell->runs == m.runs;
            m.least = own < m.least ? own : m.least;
            m.most = own > m.most ? own : m.most;
        }
    return m;
}

/* "2 of 5 runs (A, moons) and 1 of 5 (B, rings)" */
static void add_each(const gedi__table *t, int k, int n, gedi__text *out)
{
    int i = 0;
    for (int r = 0; r < t->rows; r++)
        for (int c = -1; c < t->columns; c++) {
            const gedi__table_cell *cell = failing_at(t, r, c);
            if (!cell || !cell->marks[k])
                continue;
            bool column = c >= 0 && *t->show->columns;
            gedi__text_add(out, "%s%d of %d%s (%s%s%s)",
                           !i          ? ""
                           : i < n - 1 ? ", "
                                       : " and ",
                           cell->marks[k], cell->runs, !i ? " runs" : "", t->row[r],
                           column ? ", " : "", column ? t->column[c] : "");
            i++;
        }
}

void gedi__table_mark(const gedi__table *t, int k, gedi__text *out)
{
    enum { NAMED = 4 }; /* cells, each; of more the least and the most */
    marked m = marked_by(t, k);
    gedi__text_add(out, "%s, at the end of ", t->mark[k]);
    if (m.alike && m.runs == 1)
        gedi__text_add(out, "the run");
    else if (m.alike)
        gedi__text_add(out, "%d of %d runs%s", m.most, m.runs,
                       m.n > 1 ? " of each cell" : "");
    else if (m.n <= NAMED)
        add_each(t, k, m.n, out);
    else if (m.least == m.most)
        gedi__text_add(out, "%d run%s of each cell", m.most, m.most > 1 ? "s" : "");
    else
        gedi__text_add(out, "%d to %d runs of a cell: the table in CSV has how many",
                       m.least, m.most);
}

static bool has_best(const gedi__table *t)
{
    bool best = false;
    for (int i = 0; i < t->rows * t->columns; i++)
        best |= t->cell[i].best;
    return best;
}

static void add_lines(const char *line, const char *before, const char *after,
                      gedi__text *out)
{
    while (*line) {
        size_t n = strcspn(line, "\n");
        gedi__text_add(out, "%s%.*s%s", before, (int)n, line, after);
        line += n + (line[n] == '\n');
    }
}

void gedi__table_add_legend(const gedi__table *t, const gedi__signs *sign,
                            const char *before, const char *after, gedi__text *out)
{
    for (int k = 0; k < GEDI__MAX_MARKS; k++)
        if (t->mark[k]) {
            gedi__text_add(out, "%s%s ", before, sign->mark[k]);
            gedi__table_mark(t, k, out);
            gedi__text_add(out, "%s", after);
        }
    bool left = false;
    for (int i = 0; i < t->rows * t->columns; i++)
        left |= t->cell[i].left > 0;
    if (left)
        gedi__text_add(out,
                       "%sleft: trained no further by the search, as others did better%s",
                       before, after);
    add_lines(t->differs, before, after, out);
    add_lines(t->remarks, before, after, out);
    for (int k = 0; k < t->notes; k++) {
        gedi__text_add(out, "%s%s ", before, sign->note[k]);
        gedi__table_add_note(t, k, out);
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
    gedi__table_add_legend(t, &gedi__signs_plain, "\n", "", out);
}

void gedi__table_text(const gedi__table *t, gedi__table_format format, gedi__text *out)
{
    switch (format) {
    case GEDI__MARKDOWN:
        gedi__table_markdown(t, out);
        return;
    case GEDI__CSV:
        gedi__table_csv(t, out);
        return;
    case GEDI__LATEX:
        gedi__table_latex(t, out);
        return;
    }
}
