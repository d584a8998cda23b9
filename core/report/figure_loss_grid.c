/* figure_loss_grid.c - the loss terms of several methods side by side: a row for each term, whose
 * plots have one scale, a column for each method.
 */
#include "core/base/memory.h"
#include "core/report/axis.h"
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "core/report/palette.h"
#include "core/report/terms.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE = 520,    /* pixels of a plot, */
    LEAST = 180,   /* at least, */
    SCREEN = 3200, /* of a picture for screens, about, */
    HIGH = 240,    /* its height, */
    LOW = 150,     /* at least */
    MARGIN = 40,   /* around all */
    SIDE = 70,     /* for the labels of the rows, */
    TERM = 60,     /* for the name of a term, */
    TICS = 160,    /* and for numbers, at least: */
    ASIDE = 60,    /* those are as wide as their digits, and this */
    DIGIT = 21,
    HEADING = 60, /* height of a line of a column's label, */
    SAID = 45,    /* of what is said of a cell, */
    END = 60,     /* of the last value, above a plot */
    BETWEEN = 70, /* rows */
    BELOW = 160,  /* the last: numbers and the name of x */
    LETTER = 20,  /* width of one, about */
    SMALL = 22,   /* sizes of letters */
    USUAL = 26,
    LARGE = 28,
    FEW = 40, /* points that are drawn each */
};

/* A picture is drawn wider by this, with letters of 6 points instead of 8, before columns go below each other. */
#define SMALLER (8 / 6.0)

typedef struct layout {
    int across, blocks; /* columns for which there is no room are below the others */
    int left, right, wide, high, gap; /* gap: between columns */
    int tics;                         /* width of the numbers of y */
    int head, cell;                   /* for labels of columns; for what is said */
    int width, height, below, block;
    double last; /* iteration */
} layout;

static const gedi__loss_plot *plot_at(const gedi__figure_loss_grid *f, int r, int t,
                                      int c)
{
    return &f->plot[(r * f->terms + t) * f->columns + c];
}

/* The first column from k on that has the term has the numbers of the row; those before it are empty, and so leave
 * room. */
static int first_of(const gedi__figure_loss_grid *f, int r, int t, int k)
{
    while (k < f->columns - 1 && !plot_at(f, r, t, k)->line.n)
        k++;
    return k;
}

static int letters_of(double x)
{
    char s[32];
    return snprintf(s, sizeof s, "%.0f", x);
}

/* Of all plots of a term in a row, and of the optimum. */
static gedi__range range_of(const gedi__figure_loss_grid *f, int r, int t, double *low,
                            double *high)
{
    int n = 0;
    double least = INFINITY, most = -INFINITY;
    for (int c = 0; c < f->columns; c++) {
        const gedi__loss_plot *p = plot_at(f, r, t, c);
        for (int i = 0; i < p->line.n; i++) {
            const gedi__curve_point *at = &p->line.point[i];
            if (!isfinite(at->mean) || !isfinite(at->deviation))
                continue;
            low[n] = at->mean - at->deviation;
            high[n++] = at->mean + at->deviation;
        }
        if (p->line.n && isfinite(p->optimum)) {
            least = fmin(least, p->optimum);
            most = fmax(most, p->optimum);
        }
    }
    gedi__range range = {least, most};
    if (n) {
        range = gedi__axis_range(low, high, n);
        range = (gedi__range){fmin(range.low, least), fmax(range.high, most)};
    }
    if (!(range.low <= range.high))
        range = (gedi__range){0, 1};
    return gedi__axis_room(range);
}

static double tics_of(gedi__range y, int high)
{
    return gedi__axis_tics(y.high - y.low, high < 200 ? 2.5 : 4);
}

/* What the longest number of y needs. */
static int tics_width(const gedi__figure_loss_grid *f, double *scratch, int room)
{
    int most = TICS;
    for (int i = 0; i < 2 * f->rows * f->terms; i++) {
        gedi__range y =
            range_of(f, i / 2 / f->terms, i / 2 % f->terms, scratch, scratch + room);
        int own = ASIDE + DIGIT * gedi__axis_letters(y.low, y.high,
                                                     tics_of(y, i % 2 ? LOW : HIGH));
        most = own > most ? own : most;
    }
    return most;
}

static const char CUT[] =
    "Spikes are cut off at the edge of their plot: the table in CSV has them.";

static layout layout_of(const gedi__figure_loss_grid *f, bool cut, int tics)
{
    layout l = {.left = MARGIN + (f->row ? SIDE : 0) + TERM + tics,
                .right = MARGIN,
                .tics = tics};
    int known = 0, lines = 1;
    char best[40];
    l.last = 1;
    for (int i = 0; i < f->rows * f->terms * f->columns; i++) {
        const gedi__curve_line *line = &f->plot[i].line;
        int n = (int)strlen(gedi__optimum_text(f->plot[i].optimum, best, sizeof best));
        known = line->n && n > known ? n : known;
        if (line->n)
            l.last = fmax(l.last, line->point[line->n - 1].iteration);
    }
    for (int i = 0; i < f->rows * f->columns; i++)
        l.cell = *f->said[i] ? SAID : l.cell;
    l.right += known ? LETTER * known : 0;
    l.gap = 40 + LETTER * (letters_of(l.last) + 1) / 2;
    int aside = l.left + l.right - l.gap, usual = aside + f->columns * (WIDE + l.gap);
    int all = gedi__chart_width(f->style, usual < SCREEN ? usual : SCREEN);
    for (l.blocks = 1;; l.blocks++) {
        l.across = (f->columns + l.blocks - 1) / l.blocks;
        l.wide = (all - aside) / l.across - l.gap;
        if (l.wide < LEAST && (SMALLER * all - aside) / l.across - l.gap >= LEAST)
            l.wide = LEAST;
        if (l.wide >= LEAST || l.across == 1)
            break;
    }
    l.blocks = (f->columns + l.across - 1) / l.across;
    l.wide = l.wide < LEAST ? LEAST : l.wide > WIDE ? WIDE : l.wide;
    l.high = 2 * l.wide / 5;
    l.high = l.high < LOW ? LOW : l.high > HIGH ? HIGH : l.high;
    l.width = aside + l.across * (l.wide + l.gap);
    for (int c = 0; c < f->columns; c++) {
        int own = gedi__chart_lines(f->column[c], true, LARGE, l.wide);
        lines = own > lines ? own : lines;
    }
    l.head = lines * HEADING;
    l.below = BELOW + (cut ? gedi__chart_note_height(CUT, l.width) : 0);
    for (int i = 0; i < f->notes; i++)
        l.below += gedi__chart_note_height(f->note[i], l.width);
    l.block = l.head + f->rows * (l.cell + f->terms * (l.high + END) + BETWEEN) -
              BETWEEN + BELOW;
    l.height = gedi__chart_head(f->style) + l.blocks * l.block + l.below - BELOW;
    return l;
}

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
        gedi__range y = range_of(f, i / f->terms, i % f->terms, scratch, scratch + room);
        for (int c = 0; c < f->columns; c++) {
            const gedi__curve_line *line = &f->plot[i * f->columns + c].line;
            for (int k = 0; k < line->n; k++)
                if (line->point[k].mean > y.high || line->point[k].mean < y.low)
                    return true;
        }
    }
    return false;
}

/* The last value, above the plot. */
static void add_end(gedi__chart *c, const gedi__curve_line *line, double right, double y,
                    int wide)
{
    char text[64] = "no finite value";
    for (int i = line->n - 1; i >= 0; i--)
        if (isfinite(line->point[i].mean)) {
            snprintf(text, sizeof text, "end %.4g", line->point[i].mean);
            break;
        }
    gedi__chart_label(c, text, right, y, false, SMALL, wide,
                      "right textcolor rgb '#505050'");
}

/* Axes without anything, or as plots have them: gnuplot forgets tics that are not there. */
static void unset_axes(gedi__text *s)
{
    gedi__text_add(s, "unset border\nunset tics\n");
}

static void set_axes(gedi__text *s, const layout *l, gedi__range y, int border)
{
    const char *style = "out nomirror scale 0.6 textcolor rgb '#404040'";
    gedi__text_add(
        s, "set border %d\nset xtics %.10g %s offset 0,drop\n", border,
        gedi__axis_spaced(l->last, l->wide, LETTER * (letters_of(l->last) + 1.5), 8),
        style);
    if (border & 2)
        gedi__text_add(s, "set ytics %.9g %s\n", tics_of(y, l->high), style);
}

static void add_lines(gedi__chart *c, const gedi__figure_loss_grid *f, int r, int t,
                      int k)
{
    gedi__text *s = &c->script;
    const gedi__loss_plot *p = plot_at(f, r, t, k);
    int i = (r * f->terms + t) * f->columns + k;
    unsigned colour = (unsigned)gedi__colour(k);
    gedi__text_add(s, "plot \\\n");
    if (p->line.band)
        gedi__text_add(s,
                       "    name.'.csv' skip 1 using ($1==%d?$2:NaN):4:5 with "
                       "filledcurves linecolor rgb '#%02x%06x', \\\n",
                       i, 0xd0, colour);
    gedi__text_add(
        s,
        "    name.'.csv' skip 1 using ($1==%d?$2:NaN):3 with %s linewidth 1 "
        "linecolor rgb '#%06x'",
        i, p->line.n > FEW ? "lines" : "linespoints pointtype 7 pointsize mark(0.8)",
        colour);
    if (isfinite(p->optimum))
        gedi__text_add(s,
                       ", \\\n    %.9g with lines dashtype (12,8) linewidth 0.9 "
                       "linecolor rgb '#d55e00'",
                       p->optimum);
    gedi__text_add(s, "\n");
}

/* Beside the last plot of a row that has it. */
static void add_optimum(gedi__chart *c, const gedi__figure_loss_grid *f, const layout *l,
                        int r, int t, int k)
{
    const gedi__loss_plot *p = plot_at(f, r, t, k);
    char best[40];
    for (int next = k + 1; next < f->columns && next % l->across; next++)
        if (plot_at(f, r, t, next)->line.n)
            return;
    if (!isfinite(p->optimum))
        return;
    gedi__text_add(&c->script, "set label ");
    gedi__chart_quote(&c->script, gedi__optimum_text(p->optimum, best, sizeof best));
    gedi__text_add(&c->script,
                   " at graph 1, first %.9g offset character 0.5,0 left textcolor rgb "
                   "'#c04000' font 'Sans'.size(%d)\n",
                   p->optimum, SMALL);
}

/* Plot k of a row, whose upper edge is at `top`. */
static void add_plot(gedi__chart *c, const gedi__figure_loss_grid *f, const layout *l,
                     int r, int t, int k, int top, gedi__range y)
{
    const gedi__loss_plot *p = plot_at(f, r, t, k);
    gedi__text *s = &c->script;
    int left = l->left + k % l->across * (l->wide + l->gap);
    double middle = left + l->wide / 2.0, centre = top + l->high / 2.0;
    bool last = r == f->rows - 1 && t == f->terms - 1;
    const char *why = f->why[r * f->columns + k];
    gedi__text_add(s, "\nunset label\n");
    gedi__chart_margins(c, left, l->width - left - l->wide, top,
                        l->height - top - l->high);
    if (k % l->across == 0)

        gedi__chart_label(c, f->term[t], left - l->tics - TERM / 2.0, centre, true, USUAL,
                          l->high + END, "center rotate by 90");
    gedi__text_add(s, "set yrange [%.9g:%.9g]\nset format y '%s'\nset format x '%s'\n",
                   y.low, y.high,
                   k == first_of(f, r, t, k - k % l->across) ? GEDI__AXIS_FORMAT : "",
                   last ? "%.0f" : "");
    unset_axes(s);
    if (!p->line.n) {
        char none[48];
        snprintf(none, sizeof none, "no such %s", f->one);
        gedi__chart_label(c,
                          !*why ? none
                          : t   ? ""
                                : why,
                          middle, centre, false, SMALL, l->wide,
                          "center textcolor rgb '#808080'");
        if (last) /* the numbers of x are below the last row in any case */
            set_axes(s, l, y, 1);
        gedi__text_add(s, "plot NaN\n");
        return;
    }
    set_axes(s, l, y, 3);
    add_end(c, &p->line, left + l->wide, top - 22, l->wide);
    add_optimum(c, f, l, r, t, k);
    add_lines(c, f, r, t, k);
}

/* The labels of the columns from `first` on, and what is said of them in row r, whose upper edge is at `top`. */
static void add_columns(gedi__chart *c, const gedi__figure_loss_grid *f, const layout *l,
                        int r, int first, int top)
{
    for (int k = first; k < f->columns && k < first + l->across; k++) {
        double middle = l->left + (k - first) * (l->wide + l->gap) + l->wide / 2.0;
        if (r == 0)
            gedi__chart_label(c, f->column[k], middle, top - l->head / 2.0 - 10, true,
                              LARGE, l->wide, "center");
        gedi__chart_label(c, f->said[r * f->columns + k], middle, top + SAID / 2.0, false,
                          SMALL, l->wide + l->gap / 2, "center textcolor rgb '#505050'");
    }
}

/* The plots of a row from column `first` on, and what is said above and beside them. */
static void add_row(gedi__chart *c, const gedi__figure_loss_grid *f, const layout *l,
                    int r, int first, double *scratch, int room)
{
    int high = l->cell + f->terms * (l->high + END);
    int top = gedi__chart_head(f->style) + first / l->across * l->block + l->head +
              r * (high + BETWEEN);
    gedi__text_add(&c->script, "\nunset label\n");
    if (f->row)
        gedi__chart_label(c, f->row[r], MARGIN + SIDE / 2.0, top + high / 2.0, true,
                          LARGE, high, "center rotate by 90");
    add_columns(c, f, l, r, first, top);
    if (r == f->rows - 1)
        gedi__chart_label(c, "iteration", (l->left + l->width - l->right) / 2.0,
                          top + high + 100, false, USUAL, l->width, "center");
    /* In a plot without anything, so that labels of a row are there once. */
    gedi__chart_margins(c, l->left, l->right, top, l->height - top - high);
    unset_axes(&c->script);
    gedi__text_add(&c->script, "plot [0:1][0:1] NaN\n");
    for (int t = 0; t < f->terms; t++) {
        gedi__range y = range_of(f, r, t, scratch, scratch + room);
        int at = top + l->cell + t * (l->high + END) + END;
        for (int k = first; k < f->columns && k < first + l->across; k++)
            add_plot(c, f, l, r, t, k, at, y);
    }
}

static void add_notes(gedi__chart *c, const gedi__figure_loss_grid *f, bool cut)
{
    int below = 30;
    if (cut) {
        gedi__chart_note(c, CUT, below);
        below += gedi__chart_note_height(CUT, c->width);
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
    layout l = layout_of(f, cut, tics_width(f, scratch, points));
    gedi__chart c;
    gedi__chart_open(&c, folder, name, l.width, l.height);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title, f->subtitle);
    add_notes(&c, f, cut);
    add_table(&c, f);
    gedi__text_add(&c.script,
                   "set multiplot\nunset key\nset style fill solid noborder\n"
                   "set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#e4e4e4'\n"
                   "set xrange [0:%.10g]\n"
                   "# Rows of other plots are gaps.\n"
                   "set margins 0,0,0,0\nunset border\nunset tics\n"
                   "plot [0:1][0:1] NaN\n",
                   l.last);
    for (int first = 0; first < f->columns; first += l.across)
        for (int r = 0; r < f->rows; r++)
            add_row(&c, f, &l, r, first, scratch, points);
    gedi__text_add(&c.script, "unset multiplot\n");
    free(scratch);
    return gedi__chart_draw(&c, err);
}
