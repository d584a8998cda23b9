/* figure_loss_grid.c - the loss terms of several methods side by side: a row for each term, whose
 * plots have one scale, a column for each method.
 */
#include "core/base/memory.h"
#include "core/report/loss_grid.h"
#include "core/report/palette.h"
#include "core/report/terms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SMALL = 22, /* sizes of letters */
    USUAL = GEDI__LOSS_USUAL,
    FEW = 40, /* points that are drawn each */
};

/* Has one of the columns beside each other, of which k is one, the term? The first of them has the numbers of the row,
 * as it is the same scale for all. */
static bool is_there(const gedi__figure_loss_grid *f, const gedi__loss_layout *l, int r,
                     int t, int k)
{
    int first = k - k % l->across;
    for (int c = first; c < f->columns && c < first + l->across; c++)
        if (gedi__loss_plot_at(f, r, t, c)->line.n)
            return true;
    return false;
}

static const char grid[] =
    "set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#e4e4e4'\n";

static void add_table(gedi__chart *c, const gedi__figure_loss_grid *f)
{
    gedi__text *t = gedi__chart_table(
        c, NULL, "plot,iteration,mean,low,high,runs,optimum,term,row,column");
    for (int i = 0; i < f->rows * f->terms * f->columns; i++)
        for (int k = 0; k < f->plot[i].line.n; k++) {
            const gedi__curve_point *p = &f->plot[i].line.point[k];
            gedi__text_add(t, "%d,%.10g,", i, p->iteration);
            gedi__chart_band(t, p->mean, p->deviation, p->runs);
            gedi__chart_number(t, f->plot[i].optimum);
            const char *word[] = {
                (f->path ? f->path : f->term)[i / f->columns % f->terms],
                f->row ? f->row[i / f->columns / f->terms] : "",
                f->column[i % f->columns]};
            for (int w = 0; w < 3; w++) {
                gedi__text_add(t, ",");
                gedi__chart_field(t, word[w]);
            }
            gedi__text_add(t, "\n");
        }
}

/* Is a line cut off somewhere? */
static bool leaves(const gedi__figure_loss_grid *f, double *scratch, int room)
{
    for (int i = 0; i < f->rows * f->terms; i++) {
        gedi__range y =
            gedi__loss_range(f, i / f->terms, i % f->terms, scratch, scratch + room);
        for (int c = 0; c < f->columns; c++) {
            const gedi__curve_line *line = &f->plot[i * f->columns + c].line;
            for (int k = 0; k < line->n; k++)
                if (line->point[k].mean > y.high || line->point[k].mean < y.low)
                    return true;
        }
    }
    return false;
}

/* The last value: "end 0.5", of runs that have not come to their end "last 0.5". */
static void end_text(const gedi__curve_line *line, bool brief, char *out, size_t size)
{
    snprintf(out, size, "no finite value");
    for (int i = line->n - 1; i >= 0; i--)
        if (isfinite(line->point[i].mean)) {
            bool stopped = line->stopped || i < line->n - 1;
            snprintf(out, size, "%s%.4g",
                     brief     ? ""
                     : stopped ? "last "
                               : "end ",
                     line->point[i].mean);
            return;
        }
}

static bool fits(const char *text, int wide)
{
    return gedi__chart_lines(text, false, SMALL, wide) < 2;
}

/* Above the plot, in one line, as the plot is where another would be: the last value, and before it the optimum, where
 * that is not the same in all plots of the row. */
static void add_end(gedi__chart *c, const gedi__loss_plot *p, bool differs, double left,
                    double y, int wide)
{
    char end[64], best[40] = "", number[40], text[160];
    differs &= isfinite(p->optimum);
    gedi__optimum_text(p->optimum, best, sizeof best);
    const char *brief = gedi__loss_optimum(p->optimum, true, number, sizeof number);
    /* The longest of these that there is room for. */
    const char *optimum[] = {best, brief, brief}, *word[] = {"optimum ", "optimum ", ""};
    int i = 0;
    for (; i < 3; i++) {
        end_text(&p->line, i == 2, end, sizeof end);
        snprintf(text, sizeof text, "%s%s  %s", differs ? word[i] : "",
                 differs ? optimum[i] : "", end);
        if (i == 2 || fits(differs ? text : end, wide))
            break;
    }
    gedi__chart_label(c, end, left + wide, y, false, SMALL, wide,
                      "right textcolor rgb '#505050'");
    if (!differs)
        return;
    snprintf(text, sizeof text, "%s%s", word[i], optimum[i]);
    gedi__chart_label(c, text, left, y, false, SMALL, wide,
                      "left textcolor rgb '#c04000'");
}

/* Axes without anything, or as plots have them: gnuplot forgets tics that are not there. */
static void unset_axes(gedi__text *s)
{
    gedi__text_add(s, "unset border\nunset tics\n");
}

static void set_axes(gedi__text *s, const gedi__loss_layout *l, gedi__range y, int border)
{
    const char *style = "out nomirror scale 0.6 textcolor rgb '#404040'";
    gedi__text_add(s, "set border %d\n", border);
    if (border & 1)
        gedi__text_add(
            s, "set xtics %.10g %s offset 0,drop\n",
            gedi__axis_spaced(l->last, l->wide,
                              GEDI__LOSS_LETTER * (gedi__loss_letters(l->last) + 1.5), 8),
            style);
    if (border & 2)
        gedi__text_add(s, "set ytics %.9g %s\n", gedi__loss_tics(y, l->high), style);
}

static void add_lines(gedi__chart *c, const gedi__figure_loss_grid *f, int r, int t,
                      int k)
{
    gedi__text *s = &c->script;
    const gedi__loss_plot *p = gedi__loss_plot_at(f, r, t, k);
    int i = (r * f->terms + t) * f->columns + k;
    unsigned colour = (unsigned)gedi__colour(k);
    gedi__text_add(s, "plot \\\n");
    if (p->line.band)
        gedi__text_add(s,
                       "    name.'.csv' skip 1 using ($1==%d?$2:NaN):4:5 with "
                       "filledcurves linecolor rgb '#%02x%06x', \\\n",
                       i, 0xd0, colour);
    gedi__curve_plot(s, &p->line, 1, i, FEW, k);
    if (isfinite(p->optimum))
        gedi__text_add(s,
                       ", \\\n    %.9g with lines dashtype (12,8) linewidth 0.9 "
                       "linecolor rgb '#d55e00'",
                       p->optimum);
    gedi__text_add(s, "\n");
}

/* Beside the last plot of a row: that of the last column up to k that has the term. Where those behind it are empty and
 * there is no room before them, at the end of the row. */
static void add_optimum(gedi__chart *c, const gedi__figure_loss_grid *f,
                        const gedi__loss_layout *l, int r, int t, int k)
{
    char text[40];
    int last = k - k % l->across + l->across - 1, own;
    last = own = last < f->columns ? last : f->columns - 1;
    while (own % l->across && !gedi__loss_plot_at(f, r, t, own)->line.n)
        own--;
    const gedi__loss_plot *p = gedi__loss_plot_at(f, r, t, own);
    const char *best = gedi__loss_optimum(p->optimum, l->brief, text, sizeof text);
    bool beside = GEDI__LOSS_SMALL * ((int)strlen(best) + 1) <= l->gap;
    if (!p->line.n || !isfinite(p->optimum) || k != (beside ? own : last) ||
        gedi__loss_differs(f, r, t))
        return;
    gedi__text_add(&c->script, "set label ");
    gedi__chart_quote(&c->script, best);
    gedi__text_add(&c->script,
                   " at graph 1, first %.9g offset character 0.5,0 left textcolor rgb "
                   "'#c04000' font 'Sans'.size(%d)\n",
                   p->optimum, SMALL);
}

/* Is term t the first, or the last, that the block of column k has? */
static bool is_first(const gedi__figure_loss_grid *f, const gedi__loss_layout *l, int k,
                     int t)
{
    while (t > 0 && !gedi__loss_shows(f, l, k - k % l->across, t - 1))
        t--;
    return t == 0;
}

static bool is_last(const gedi__figure_loss_grid *f, const gedi__loss_layout *l, int k,
                    int t)
{
    while (t < l->terms - 1 && !gedi__loss_shows(f, l, k - k % l->across, t + 1))
        t++;
    return t == l->terms - 1;
}

/* Plot k of a row, whose upper edge is at `top`. */
static void add_plot(gedi__chart *c, const gedi__figure_loss_grid *f,
                     const gedi__loss_layout *l, int r, int t, int k, int top,
                     gedi__range y)
{
    const gedi__loss_plot *p = gedi__loss_plot_at(f, r, t, k);
    gedi__text *s = &c->script;
    int left = l->left + k % l->across * (l->wide + l->gap);
    double middle = left + l->wide / 2.0, centre = top + l->high / 2.0;
    bool last = r == f->rows - 1 && is_last(f, l, k, t),
         numbered = k % l->across == 0 && is_there(f, l, r, t, k);
    const char *why = f->why[r * f->columns + k];
    gedi__text_add(s, "\nunset label\n");
    gedi__chart_margins(c, left, l->width - left - l->wide, top,
                        l->height - top - l->high);
    if (k % l->across == 0 && l->name)
        gedi__chart_label(c, f->term[t], left - l->tics + 30, top - 62, true, SMALL,
                          l->width - left + l->tics - 60, "left");
    else if (k % l->across == 0)
        gedi__chart_label(c, f->term[t], left - l->tics - GEDI__LOSS_TERM / 2.0, centre,
                          true, USUAL, l->high + GEDI__LOSS_END, "center rotate by 90");
    gedi__text_add(s, "set yrange [%.9g:%.9g]\nset format y '%s'\nset format x '%s'\n",
                   y.low, y.high, numbered ? GEDI__AXIS_FORMAT : "", last ? "%.0f" : "");
    unset_axes(s);
    if (!p->line.n) {
        char none[48];
        snprintf(none, sizeof none, "no such %s", f->one);
        gedi__chart_label(c,
                          !*why                  ? none
                          : is_first(f, l, k, t) ? why
                                                 : "",
                          middle, centre, false, SMALL, l->wide,
                          "center textcolor rgb '#808080'");
        /* The numbers of x are below the last row in any case, those of y before the first column. */
        if (last || numbered)
            set_axes(s, l, y, (last ? 1 : 0) + (numbered ? 2 : 0));
        add_optimum(c, f, l, r, t, k);
        gedi__text_add(s, "unset grid\nplot NaN\n%s", grid);
        return;
    }
    set_axes(s, l, y, 3);
    add_end(c, p, gedi__loss_differs(f, r, t), left, top - 22, l->wide);
    add_optimum(c, f, l, r, t, k);
    add_lines(c, f, r, t, k);
}

/* The labels of the columns from `first` on, and what is said of them in row r, whose upper edge is at `top`. */
static void add_columns(gedi__chart *c, const gedi__figure_loss_grid *f,
                        const gedi__loss_layout *l, int r, int first, int top)
{
    for (int k = first; k < f->columns && k < first + l->across; k++) {
        double middle = l->left + (k - first) * (l->wide + l->gap) + l->wide / 2.0;
        if (r == 0)
            gedi__chart_label(c, f->column[k], middle, top - l->head / 2.0 - 10, true,
                              GEDI__LOSS_LARGE, l->wide, "center");
        gedi__chart_label(c, f->said[r * f->columns + k], middle,
                          top + GEDI__LOSS_SAID / 2.0, false, SMALL, l->wide + l->gap / 2,
                          "center textcolor rgb '#505050'");
    }
}

/* The plots of a row from column `first` on, in the block whose upper edge is at `above`, and what is said above and
 * beside them. */
static void add_row(gedi__chart *c, const gedi__figure_loss_grid *f,
                    const gedi__loss_layout *l, int r, int first, int above,
                    double *scratch, int room)
{
    int own = l->name + l->high + GEDI__LOSS_END;
    int high = l->cell + gedi__loss_shown(f, l, first) * own;
    int top = above + l->head + r * (high + GEDI__LOSS_BETWEEN);
    gedi__text_add(&c->script, "\nunset label\n");
    if (f->row)
        gedi__chart_label(c, f->row[r], GEDI__LOSS_MARGIN + GEDI__LOSS_SIDE / 2.0,
                          top + high / 2.0, true, GEDI__LOSS_LARGE, high,
                          "center rotate by 90");
    add_columns(c, f, l, r, first, top);
    if (r == f->rows - 1)
        gedi__chart_label(c, "iteration", (l->left + l->width - l->right) / 2.0,
                          top + high + 100, false, USUAL, l->width, "center");
    /* In a plot without anything, so that labels of a row are there once. */
    gedi__chart_margins(c, l->left, l->right, top, l->height - top - high);
    unset_axes(&c->script);
    gedi__text_add(&c->script, "plot [0:1][0:1] NaN\n");
    for (int t = 0, n = 0; t < l->terms; t++) {
        if (!gedi__loss_shows(f, l, first, t))
            continue;
        gedi__range y = gedi__loss_range(f, r, t, scratch, scratch + room);
        int at = top + l->cell + ++n * own - l->high;
        for (int k = first; k < f->columns && k < first + l->across; k++)
            add_plot(c, f, l, r, t, k, at, y);
    }
}

static void add_notes(gedi__chart *c, const gedi__figure_loss_grid *f,
                      const gedi__loss_layout *l, bool cut)
{
    int below = 30;
    gedi__chart_note(c, l->more, below);
    below += gedi__chart_note_height(l->more, c->width);
    if (cut) {
        gedi__chart_note(c, gedi__loss_cut, below);
        below += gedi__chart_note_height(gedi__loss_cut, c->width);
    }
    for (int i = f->notes - 1; i >= 0; i--) {
        gedi__chart_note(c, f->note[i], below);
        below += gedi__chart_note_height(f->note[i], c->width);
    }
}

gedi_status gedi__draw_loss_grid(const char *folder, const char *name,
                                 const gedi__figure_loss_grid *f, gedi_err *err)
{
    int points = 0;
    for (int i = 0; i < f->rows * f->terms * f->columns; i++)
        points += f->plot[i].line.n;
    if (!points)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': there is nothing to draw", name);
    double *scratch =
        gedi__alloc(2 * (size_t)points, sizeof *scratch, err, "figure '%s'", name);
    if (!scratch)
        return GEDI_NOMEM;
    bool cut = leaves(f, scratch, points);
    gedi__loss_layout l = gedi__loss_layout_of(f, cut, scratch, points);
    gedi__chart c;
    gedi__chart_open(&c, folder, name, l.width, l.height);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title, f->subtitle);
    add_notes(&c, f, &l, cut);
    add_table(&c, f);
    gedi__text_add(&c.script,
                   "set multiplot\nunset key\nset style fill solid noborder\n"
                   "%s"
                   "set xrange [0:%.10g]\n"
                   "# Rows of other plots are gaps.\n"
                   "set margins 0,0,0,0\nunset border\nunset tics\n"
                   "plot [0:1][0:1] NaN\n",
                   grid, l.last);
    int above = gedi__chart_head(f->style);
    for (int first = 0; first < f->columns; first += l.across) {
        for (int r = 0; r < f->rows; r++)
            add_row(&c, f, &l, r, first, above, scratch, points);
        above += gedi__loss_block(f, &l, first);
    }
    gedi__text_add(&c.script, "unset multiplot\n");
    free(scratch);
    return gedi__chart_draw(&c, err);
}
