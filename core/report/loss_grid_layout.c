/* loss_grid_layout.c - where the plots of a grid of losses are, and how far their axes go. */
#include "core/report/loss_grid.h"
#include "core/report/terms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    WIDE = 520,    /* pixels of a plot, */
    LEAST = 150,   /* at least, */
    SCREEN = 3200, /* of a picture for screens, about, */
    HIGH = 240,    /* its height, */
    LOW = 150,     /* at least */
    PAGE = 2100,   /* of all for print, and for screens: */
    LONG = 4200,
    NAME = 40,       /* a line of the name of a term, above its row */
    ASIDE_LINES = 2, /* lines of such a name that there is room for beside it */
    TICS = 120,      /* for the numbers of y, at least: */
    ASIDE = 55,      /* those are as wide as their digits, and this */
    DIGIT = 17,
    HEADING = 60, /* height of a line of a column's label */
    BELOW = 160,  /* the last row: numbers and the name of x */
};

/* A picture is drawn wider by this, with its smallest letters of 6 points, before columns go below each other. */
#define SMALLER 1.02

const gedi__loss_plot *gedi__loss_plot_at(const gedi__figure_loss_grid *f, int r, int t,
                                          int c)
{
    return &f->plot[(r * f->terms + t) * f->columns + c];
}

int gedi__loss_letters(double x)
{
    char s[32];
    return snprintf(s, sizeof s, "%.0f", x);
}

gedi__range gedi__loss_range(const gedi__figure_loss_grid *f, int r, int t, double *low,
                             double *high)
{
    int n = 0;
    double least = INFINITY, most = -INFINITY;
    for (int c = 0; c < f->columns; c++) {
        const gedi__loss_plot *p = gedi__loss_plot_at(f, r, t, c);
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

double gedi__loss_tics(gedi__range y, int high)
{
    return gedi__axis_tics(y.high - y.low, high < 200 ? 2.5 : 4);
}

/* What the longest number of y needs. */
static int tics_width(const gedi__figure_loss_grid *f, double *scratch, int room)
{
    int most = TICS;
    for (int i = 0; i < 2 * f->rows * f->terms; i++) {
        gedi__range y = gedi__loss_range(f, i / 2 / f->terms, i / 2 % f->terms, scratch,
                                         scratch + room);
        int own =
            ASIDE + DIGIT * gedi__axis_letters(y.low, y.high,
                                               gedi__loss_tics(y, i % 2 ? LOW : HIGH));
        most = own > most ? own : most;
    }
    return most;
}

const char gedi__loss_cut[] =
    "Spikes are cut off at the edge of their plot: the table in CSV has them.";

/* Is a name too long to stand beside its row? */
static bool is_long(const gedi__figure_loss_grid *f)
{
    for (int i = 0; i < f->terms; i++)
        if (gedi__chart_lines(f->term[i], true, GEDI__LOSS_USUAL, LOW + GEDI__LOSS_END) >
            ASIDE_LINES)
            return true;
    return false;
}

const char *gedi__loss_optimum(double optimum, bool brief, char *out, size_t size)
{
    const char *text = gedi__optimum_text(optimum, out, size);
    const char *number = strstr(text, "= ");
    return brief && number ? number + 2 : text;
}

static bool has(const gedi__figure_loss_grid *f, const gedi__loss_layout *l, int first,
                int t)
{
    for (int r = 0; r < f->rows; r++)
        for (int c = first; c < f->columns && c < first + l->across; c++)
            if (gedi__loss_plot_at(f, r, t, c)->line.n)
                return true;
    return false;
}

bool gedi__loss_shows(const gedi__figure_loss_grid *f, const gedi__loss_layout *l,
                      int first, int t)
{
    if (l->blocks == 1 || has(f, l, first, t))
        return true;
    for (int k = 0; k < l->terms; k++)
        if (has(f, l, first, k))
            return false;
    return t == 0;
}

int gedi__loss_shown(const gedi__figure_loss_grid *f, const gedi__loss_layout *l,
                     int first)
{
    int n = 0;
    for (int t = 0; t < l->terms; t++)
        n += gedi__loss_shows(f, l, first, t);
    return n;
}

bool gedi__loss_differs(const gedi__figure_loss_grid *f, int r, int t)
{
    double one = NAN;
    for (int c = 0; c < f->columns; c++) {
        const gedi__loss_plot *p = gedi__loss_plot_at(f, r, t, c);
        if (!p->line.n || !isfinite(p->optimum))
            continue;
        if (isfinite(one) && p->optimum != one)
            return true;
        one = p->optimum;
    }
    return false;
}

/* Columns beside each other, and how wide their plots are. */
static void arrange_columns(gedi__loss_layout *l, const gedi__figure_loss_grid *f)
{
    bool print = f->style && f->style->width > 0;
    int aside = l->left + l->right - l->gap, usual = aside + f->columns * (WIDE + l->gap);
    int all = gedi__chart_width(f->style, usual < SCREEN ? usual : SCREEN);
    for (l->blocks = 1;; l->blocks++) {
        l->across = (f->columns + l->blocks - 1) / l->blocks;
        l->wide = (all - aside) / l->across - l->gap;
        if (l->wide < LEAST && (SMALLER * all - aside) / l->across - l->gap >= LEAST)
            l->wide = LEAST;
        if (l->wide >= LEAST || l->across == 1)
            break;
    }
    l->blocks = (f->columns + l->across - 1) / l->across;
    l->wide = l->wide < LEAST ? LEAST : l->wide > WIDE && !print ? WIDE : l->wide;
    l->high = 2 * l->wide / 5;
    l->high = l->high < LOW ? LOW : l->high > HIGH ? HIGH : l->high;
    l->width = aside + l->across * (l->wide + l->gap);
}

/* Room on the right for the longest optimum. */
static int optima_width(const gedi__figure_loss_grid *f, bool brief)
{
    int most = 0;
    char text[40];
    for (int i = 0; i < f->rows * f->terms * f->columns; i++) {
        const gedi__loss_plot *p = &f->plot[i];
        if (gedi__loss_differs(f, i / f->columns / f->terms, i / f->columns % f->terms))
            continue; /* said above each plot */
        int n = (int)strlen(gedi__loss_optimum(p->optimum, brief, text, sizeof text));
        most = p->line.n && n > most ? n : most;
    }
    return GEDI__LOSS_SMALL * most;
}

/* With optima in full, unless so fewer columns are beside each other. */
static void arrange(gedi__loss_layout *l, const gedi__figure_loss_grid *f)
{
    gedi__loss_layout brief = *l;
    l->right += optima_width(f, false);
    arrange_columns(l, f);
    if (l->blocks == 1)
        return;
    brief.brief = true;
    brief.right += optima_width(f, true);
    arrange_columns(&brief, f);
    if (brief.blocks < l->blocks)
        *l = brief;
}

/* Height of a row of plots with what is above them. */
static int row_of(const gedi__loss_layout *l)
{
    return l->name + l->high + GEDI__LOSS_END;
}

int gedi__loss_block(const gedi__figure_loss_grid *f, const gedi__loss_layout *l,
                     int first)
{
    int row = l->cell + gedi__loss_shown(f, l, first) * row_of(l) + GEDI__LOSS_BETWEEN;
    return l->head + f->rows * row - GEDI__LOSS_BETWEEN + BELOW;
}

static int height_of(const gedi__figure_loss_grid *f, const gedi__loss_layout *l)
{
    int all = 0;
    for (int first = 0; first < f->columns; first += l->across)
        all += gedi__loss_block(f, l, first);
    return all;
}

/* As many rows as a page has room for; what is said of the others. */
static void choose_terms(gedi__loss_layout *l, const gedi__figure_loss_grid *f)
{
    int page = f->style && f->style->width > 0 ? PAGE : LONG;
    l->terms = f->terms;
    while (l->terms > f->fewest && height_of(f, l) > page)
        l->terms--;
    if (l->terms == f->terms)
        return;
    snprintf(l->more, sizeof l->more,
             "The first %d of %d %ss: `curves` draws any other, and the table in CSV has "
             "all.",
             l->terms, f->terms, f->one);
}

gedi__loss_layout gedi__loss_layout_of(const gedi__figure_loss_grid *f, bool cut,
                                       double *scratch, int room)
{
    int tics = tics_width(f, scratch, room);
    bool aside = !is_long(f);
    gedi__loss_layout l = {.left = GEDI__LOSS_MARGIN + (f->row ? GEDI__LOSS_SIDE : 0) +
                                   (aside ? GEDI__LOSS_TERM : 0) + tics,
                           .right = GEDI__LOSS_MARGIN,
                           .name = aside ? 0 : NAME,
                           .tics = tics};
    int lines = 1;
    l.last = 1;
    for (int i = 0; i < f->rows * f->terms * f->columns; i++) {
        const gedi__curve_line *line = &f->plot[i].line;
        if (line->n)
            l.last = fmax(l.last, line->point[line->n - 1].iteration);
    }
    for (int i = 0; i < f->rows * f->columns; i++)
        l.cell = *f->said[i] ? GEDI__LOSS_SAID : l.cell;
    l.gap = 40 + GEDI__LOSS_LETTER * (gedi__loss_letters(l.last) + 1) / 2;
    arrange(&l, f);
    for (int c = 0; c < f->columns; c++) {
        int own = gedi__chart_lines(f->column[c], true, GEDI__LOSS_LARGE, l.wide);
        lines = own > lines ? own : lines;
    }
    l.head = lines * HEADING;
    choose_terms(&l, f);
    l.below = BELOW + (cut ? gedi__chart_note_height(gedi__loss_cut, l.width) : 0);
    for (int i = 0; i < f->notes; i++)
        l.below += gedi__chart_note_height(f->note[i], l.width);
    l.below += gedi__chart_note_height(l.more, l.width);
    l.height = gedi__chart_head(f->style) + height_of(f, &l) + l.below - BELOW;
    return l;
}
