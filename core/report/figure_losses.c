/* figure_losses.c - each loss term over the iterations, against its known optimum.
 *
 * Source:  Sansone & Manhaeve, "Unifying Self-Supervised Clustering and Energy-Based
 *          Models", figure 4 and proposition 11: the distance to the optimum shows which
 *          failure has occurred.
 * Differs: long series are drawn as the mean and the range of equal stretches.
 */
#include "core/report/axis.h"
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "core/report/stretch.h"
#include "core/report/terms.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS = 500, /* stretches, at most: what the width can show */
    WIDTH = 1600,
    LEFT = 170,  /* at least, */
    ASIDE = 65,  /* with numbers besides this */
    RIGHT = 80,  /* at least; what stands there in words needs more */
    PANEL = 290, /* height of a term's plot, */
    WIDE = 20,   /* of one, where none may be cut off */
    SHORT = 400, /* width of a plot, at least: a narrower picture is a smaller one */
    LEAST = 160, /* and in a narrow picture of more than MANY */
    MANY = 3,
    PAGE = 2800, /* height for print: 9 inches */
    NOTE = 30,   /* below a note */
    ABOVE = 110, /* its headline, */
    MORE = 40,   /* and where that is two lines */
    BELOW = 140, /* the axis of the last one */
    LETTER = 17, /* width of one, about, */
    DIGIT = 21,  /* of one of an axis, */
    BOLD = 26,   /* and of a bold one */
};

typedef struct stretch {
    double iteration, mean, low, high; /* NAN where a value is not finite */
} stretch;

static int rows_of(const gedi__figure_losses *f)
{
    return f->n < ROWS ? (int)f->n : ROWS;
}

/* Row `r` of a term. One value that is not finite blanks its stretch: it must be seen. */
static stretch stretch_at(const gedi__figure_losses *f, const gedi__series *t, int r)
{
    int64_t first = gedi__stretch_at(f->n, rows_of(f), r),
            next = gedi__stretch_at(f->n, rows_of(f), r + 1);
    double sum = 0;
    stretch s = {(double)f->iteration[gedi__stretch_middle(f->n, rows_of(f), r)], NAN,
                 INFINITY, -INFINITY};
    for (int64_t i = first; i < next; i++) {
        if (!isfinite(t->value[i])) {
            s.low = s.high = NAN;
            return s;
        }
        sum += t->value[i];
        s.low = fmin(s.low, t->value[i]);
        s.high = fmax(s.high, t->value[i]);
    }
    s.mean = sum / (double)(next - first);
    return s;
}

static void add_column(gedi__text *t, const char *name, const char *suffix)
{
    gedi__text_add(t, ",");
    for (; *name; name++)
        gedi__text_add(t, "%c",
                       *name == ',' || *name == '"' || *name < ' ' ? '_' : *name);
    gedi__text_add(t, "%s", suffix);
}

static void add_table(gedi__chart *c, const gedi__figure_losses *f, bool ranges)
{
    gedi__text *t = gedi__chart_table(c, NULL, NULL);
    gedi__text_add(t, "iteration");
    for (int k = 0; k < f->terms; k++) {
        const char *name = f->term[k].path ? f->term[k].path : f->term[k].name;
        add_column(t, name, "");
        if (ranges) {
            add_column(t, name, "_low");
            add_column(t, name, "_high");
        }
    }
    gedi__text_add(t, "\n");
    for (int r = 0; r < rows_of(f); r++) {
        gedi__text_add(t, "%.0f", stretch_at(f, &f->term[0], r).iteration);
        for (int k = 0; k < f->terms; k++) {
            stretch s = stretch_at(f, &f->term[k], r);
            double number[] = {s.mean, s.low, s.high};
            for (int i = 0; i < (ranges ? 3 : 1); i++) {
                gedi__text_add(t, ",");
                gedi__chart_number(t, number[i]);
            }
        }
        gedi__text_add(t, "\n");
    }
}

typedef struct span {
    double low, high;   /* of the axis */
    double worst, when; /* the value furthest outside, NAN if all are inside */
    double end;         /* the last finite mean, NAN if there is none */
} span;

/* Returns the number of finite rows. */
static int range_of(const gedi__figure_losses *f, const gedi__series *t, double *low,
                    double *high, span *s)
{
    int n = 0;
    for (int r = 0; r < rows_of(f); r++) {
        stretch at = stretch_at(f, t, r);
        if (isfinite(at.mean)) {
            low[n] = at.low;
            high[n++] = at.high;
            s->end = at.mean;
        }
    }
    if (n == 0)
        return 0;
    gedi__range range = gedi__axis_range(low, high, n);
    s->low = range.low;
    s->high = range.high;
    return n;
}

static void find_worst(const gedi__figure_losses *f, const gedi__series *t, span *s)
{
    double beyond = 0;
    for (int r = 0; r < rows_of(f); r++) {
        stretch at = stretch_at(f, t, r);
        double above = at.high - s->high, below = s->low - at.low;
        if (fmax(above, below) > beyond) {
            beyond = fmax(above, below);
            s->worst = above > below ? at.high : at.low;
            s->when = at.iteration;
        }
    }
}

static span span_of(const gedi__figure_losses *f, const gedi__series *t, double *scratch)
{
    span s = {0, 1, NAN, NAN, NAN};
    int n = range_of(f, t, scratch, scratch + ROWS, &s);
    if (isfinite(t->optimum)) {
        s.low = n ? fmin(s.low, t->optimum) : t->optimum;
        s.high = n ? fmax(s.high, t->optimum) : t->optimum;
    }
    gedi__range range = gedi__axis_room((gedi__range){s.low, s.high});
    s.low = range.low;
    s.high = range.high;
    find_worst(f, t, &s);
    return s;
}

/* What is said of a term: above its plot, and beside it. */
typedef struct words {
    char end[96], optimum[40], outside[64], when[48]; /* "": nothing */
} words;

/* The last value and how far it is from the optimum; what lies outside the axes. */
static void say(const gedi__series *t, const span *s, words *w)
{
    char more[64] = "", best[40];
    *w = (words){0};
    if (isfinite(s->end) && isfinite(t->optimum))
        snprintf(more, sizeof more, ", %.2g %s the optimum", fabs(s->end - t->optimum),
                 s->end < t->optimum ? "below" : "above");
    if (isfinite(s->end))
        snprintf(w->end, sizeof w->end, "%.4g at the end%s", s->end, more);
    else
        snprintf(w->end, sizeof w->end, "no finite value");
    if (isfinite(t->optimum))
        snprintf(w->optimum, sizeof w->optimum, "%s",
                 gedi__optimum_text(t->optimum, best, sizeof best));
    if (isfinite(s->worst)) {
        snprintf(w->outside, sizeof w->outside, "not shown: %.3g", s->worst);
        snprintf(w->when, sizeof w->when, "near iteration %.0f", s->when);
    }
}

/* Pixels of the picture, as its words need them. */
typedef struct layout {
    int width, left, right, panel, above;
    int drawn;      /* terms, the first */
    char more[128]; /* how the others are to be had, or "" */
    int height;
    bool two; /* lines above a plot: its name and its end do not fit into one */
} layout;

static double tics_of(const span *s, int high)
{
    return gedi__axis_tics(s->high - s->low, high < PANEL ? 2.5 : 4);
}

/* Of all terms. */
static layout layout_of(const gedi__figure_losses *f, double *scratch)
{
    int line = 0, words_above = 0;
    size_t beside = 0;
    layout l = {.width = gedi__chart_width(f->style, WIDTH),
                .left = LEFT,
                .right = RIGHT,
                .panel = PANEL,
                .above = ABOVE};
    for (int k = 0; k < f->terms; k++) {
        const gedi__series *t = &f->term[k];
        span s = span_of(f, t, scratch);
        words w;
        say(t, &s, &w);
        const char *right[] = {w.optimum, w.outside, w.when};
        for (int i = 0; i < 3; i++)
            beside = strlen(right[i]) > beside ? strlen(right[i]) : beside;
        int name = BOLD * (int)strlen(t->name), end = LETTER * (int)strlen(w.end);
        line = name + end > line ? name + end : line;
        words_above = name > words_above ? name : words_above;
        end = WIDE * (int)strlen(w.end);
        words_above = end > words_above ? end : words_above;
    }
    for (int k = 0; k < f->terms; k++) {
        span s = span_of(f, &f->term[k], scratch);
        for (int i = 0; i < 2; i++) {
            double step = tics_of(&s, i ? PANEL : LEAST);
            int need = ASIDE + DIGIT * gedi__axis_letters(s.low, s.high, step);
            l.left = need > l.left ? need : l.left;
        }
    }
    if (beside)
        l.right = 60 + LETTER * (int)beside;
    int least = l.right + SHORT > words_above ? l.right + SHORT : words_above;
    l.width = l.left + least > l.width ? l.left + least : l.width;
    if (l.width < WIDTH)
        l.panel = f->terms > MANY || PANEL * l.width / WIDTH < LEAST
                      ? LEAST
                      : PANEL * l.width / WIDTH;
    l.two = line + 2 * LETTER > l.width - l.left - l.right;
    l.above += l.two ? MORE : 0;
    l.drawn = f->terms;
    l.height =
        gedi__chart_head(f->style) - ABOVE / 2 + f->terms * (l.panel + l.above) + BELOW;
    return l;
}

/* Of as many terms as a page has room for; the others need no width. */
static layout cut(const gedi__figure_losses *f, double *scratch)
{
    gedi__figure_losses part = *f;
    layout l = layout_of(f, scratch);
    if (!f->style || !(f->style->width > 0) || l.height <= PAGE)
        return l;
    while (part.terms > 1 && l.height + NOTE + 50 > PAGE) {
        part.terms--;
        l = layout_of(&part, scratch);
    }
    snprintf(l.more, sizeof l.more, "The first %d of %d %ss: the table in CSV has all.",
             l.drawn, f->terms, f->one ? f->one : "term");
    l.height += NOTE + gedi__chart_note_height(l.more, l.width);
    return l;
}

static void add_label(gedi__text *out, const char *text, const char *place,
                      const char *style)
{
    gedi__text_add(out, "set label ");
    gedi__chart_quote(out, text);
    gedi__text_add(out, " at %s %s\n", place, style);
}

static void add_labels(gedi__chart *c, const gedi__series *t, const span *s,
                       const layout *l)
{
    char place[64];
    gedi__text *out = &c->script;
    words w;
    say(t, s, &w);
    add_label(out, t->name,
              l->two ? "graph 0,1 offset character 0,2*up"
                     : "graph 0,1 offset character 0,0.9*up",
              "left font bold.size(28)");
    add_label(out, w.end,
              l->two ? "graph 0,1 offset character 0,0.8*up"
                     : "graph 1,1 offset character 0,0.9*up",
              l->two ? "left textcolor rgb '#505050'" : "right textcolor rgb '#505050'");
    if (*w.optimum) {
        snprintf(place, sizeof place, "graph 1, first %.9g offset character 0.7,0",
                 t->optimum);
        add_label(out, w.optimum, place, "left textcolor rgb '#c04000'");
    }
    if (*w.outside) { /* beside the plot, where the optimum is not */
        const char *style = "left textcolor rgb '#505050'";
        bool low = isfinite(t->optimum) && t->optimum > s->low + 0.6 * (s->high - s->low);
        snprintf(place, sizeof place, "graph 1,%s offset character 0.7,0",
                 low ? "0.3" : "0.93");
        add_label(out, w.outside, place, style);
        snprintf(place, sizeof place, "graph 1,%s offset character 0.7,-1.1*up",
                 low ? "0.3" : "0.93");
        add_label(out, w.when, place, style);
    }
}

/* Where a stage ends, in every panel. */
static void add_borders(gedi__chart *c, const gedi__figure_losses *f)
{
    for (int64_t i = 1; f->stage && i < f->n; i++)
        if (f->stage[i] != f->stage[i - 1])
            gedi__text_add(
                &c->script,
                "set arrow from first %lld, graph 0 to first %lld, graph 1 nohead "
                "linewidth 0.9 linecolor rgb '#909090'\n",
                (long long)f->iteration[i], (long long)f->iteration[i]);
}

static void add_panel(gedi__chart *c, const gedi__figure_losses *f, int k, bool ranges,
                      const layout *l, double *scratch)
{
    const gedi__series *t = &f->term[k];
    gedi__text *s = &c->script;
    span y = span_of(f, t, scratch);
    int column = ranges ? 2 + 3 * k : 2 + k;
    int top =
        gedi__chart_head(f->style) + k * (l->panel + l->above) + l->above - ABOVE / 2;
    gedi__text_add(s, "\n");
    gedi__chart_margins(c, l->left, l->right, top, c->height - top - l->panel);
    gedi__text_add(s, "set yrange [%.9g:%.9g]\nset ytics %.9g\n", y.low, y.high,
                   tics_of(&y, l->panel));
    add_labels(c, t, &y, l);
    if (k == l->drawn - 1)
        gedi__text_add(s, "set format x '%%.0f'\nset xlabel 'iteration'\n");
    gedi__text_add(s, "plot \\\n");
    if (ranges)
        gedi__text_add(s,
                       "    name.'.csv' skip 1 using 1:%d:%d with filledcurves "
                       "linecolor rgb '#a9cfe8', \\\n",
                       column + 1, column + 2);
    gedi__text_add(s,
                   "    name.'.csv' skip 1 using 1:%d with %s linewidth 1 linecolor rgb "
                   "'#0072b2'",
                   column,
                   f->n > 60 ? "lines" : "linespoints pointtype 7 pointsize mark(0.8)");
    if (isfinite(t->optimum))
        gedi__text_add(s,
                       ", \\\n    %.9g with lines dashtype (12,8) linewidth 0.9 "
                       "linecolor rgb '#d55e00'",
                       t->optimum);
    gedi__text_add(s, "\nunset label\n");
}

/* What the lines mean: "mean of 14 logged values ...", where one point is several. */
static void explain(const gedi__figure_losses *f, char *out, size_t size)
{
    bool known = false, staged = f->stage && f->stage[f->n - 1] > f->stage[0];
    for (int k = 0; k < f->terms; k++)
        known |= isfinite(f->term[k].optimum);
    char dashed[64];
    snprintf(dashed, sizeof dashed, "%s%s%s", known ? "dashed: the known optimum" : "",
             known && staged ? "; " : "", staged ? "upright: a stage begins" : "");
    long long least = f->n / ROWS, most = (f->n + ROWS - 1) / ROWS;
    char count[48];
    if (least < most)
        snprintf(count, sizeof count, "%lld or %lld", least, most);
    else
        snprintf(count, sizeof count, "%lld", most);
    if (f->n > ROWS)
        snprintf(out, size, "line: mean of %s logged values; band: their range%s%s",
                 count, *dashed ? "; " : "", dashed);
    else
        snprintf(out, size, "%s", dashed);
}

gedi_status gedi__draw_losses(const char *folder, const char *name,
                              const gedi__figure_losses *f, gedi_err *err)
{
    if (f->n < 1 || f->terms < 1)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "figure '%s': %lld iterations of %d terms; it needs 1 of each",
                         name, (long long)f->n, f->terms);
    double *scratch = gedi__alloc(2 * ROWS, sizeof *scratch, err, "figure '%s'", name);
    if (!scratch)
        return GEDI_NOMEM;
    gedi__chart c;
    bool ranges = f->n > ROWS;
    layout l = cut(f, scratch);
    char subtitle[160];
    explain(f, subtitle, sizeof subtitle);
    gedi__chart_open(&c, folder, name, l.width, l.height);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title ? f->title : "Loss terms",
                      *subtitle ? subtitle : NULL);
    gedi__chart_note(&c, l.more, NOTE);
    add_table(&c, f, ranges);
    char digits[32];
    double first = (double)f->iteration[0], last = (double)f->iteration[f->n - 1];
    if (first > 0 && first < 0.05 * last)
        first = 0;
    last = last > first ? last : first + 1;
    int letters = snprintf(digits, sizeof digits, "%.0f ", last);
    gedi__text_add(
        &c.script, "set xtics %.10g\n",
        gedi__axis_spaced(last - first, c.width - l.left - l.right, DIGIT * letters, 10));
    gedi__text_add(&c.script,
                   "set multiplot\n"
                   "unset key\n"
                   "set border 3\n"
                   "set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#e4e4e4'\n"
                   "set xrange [%.0f:%.0f]\n"
                   "set format x ''\nset format y '%s'\n",
                   first, last, GEDI__AXIS_FORMAT);
    add_borders(&c, f);
    for (int k = 0; k < l.drawn; k++)
        add_panel(&c, f, k, ranges, &l, scratch);
    gedi__text_add(&c.script, "unset multiplot\n");
    free(scratch);
    return gedi__chart_draw(&c, err);
}
