/* figure_histograms.c - distributions over each other, a panel for each quantity.
 *
 * Bars are shares of their series, so that series of different lengths compare. The axis
 * leaves out the outermost 0.5 % on each side of every series: a few records far away would
 * take all of the width.
 */
#include "core/report/axis.h"
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "core/report/histograms.h"
#include "core/report/palette.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BINS = 80,
    WIDTH = 1700,
    LEFT = 240,
    DIGIT = 21,  /* width of one of a number below the axis */
    RIGHT = 560, /* has the names of the series, */
    LETTER = 20, /* each letter of which is about as wide */
    HEADLINE = 60,
    PANEL = 320, /* height of a plot */
    ABOVE = 150, /* its headline, and the axis of the one before */
    BELOW = 90,  /* the axis of the last one */
};

typedef struct axis {
    double low, high;
} axis;

static int by_size(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Widens the axis to what is to be seen of a series; `sorted` has room for all of it. */
static void include(axis *a, const gedi__sample_series *s, float *sorted)
{
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++)
        if (isfinite(s->x[i]))
            sorted[n++] = s->x[i];
    if (!n)
        return;
    qsort(sorted, (size_t)n, sizeof *sorted, by_size);
    int64_t cut = n / 200;
    a->low = fmin(a->low, sorted[cut]);
    a->high = fmax(a->high, sorted[n - 1 - cut]);
}

static axis axis_of(const gedi__histogram_panel *p, float *sorted)
{
    axis a = {INFINITY, -INFINITY};
    for (int i = 0; i < p->series; i++)
        include(&a, &p->of[i], sorted);
    if (a.low > a.high) /* nothing is finite */
        a = (axis){0, 1};
    double least = 1e-6 * fmax(fmax(fabs(a.low), fabs(a.high)), 1e-6);
    if (!(a.high - a.low > least)) { /* all alike */
        a.low -= least;
        a.high += least;
    }
    return a;
}

/* Shares [BINS] of the series. */
static void count(const axis *a, const gedi__sample_series *s, double *share)
{
    memset(share, 0, BINS * sizeof *share);
    for (int64_t i = 0; i < s->n; i++) {
        double at = floor((s->x[i] - a->low) / (a->high - a->low) * BINS);
        if (at == BINS && (double)s->x[i] <= a->high)
            at = BINS - 1;
        if (at >= 0 && at < BINS)
            share[(int)at] += 1.0 / (double)s->n;
    }
}

/* One line a bin: its middle, and the shares. Returns the largest of them. */
static double add_table(gedi__chart *c, const gedi__histogram_panel *p, const char *part,
                        const axis *a, double *share)
{
    gedi__text *t = gedi__chart_table(c, part, NULL);
    double most = 0;
    gedi__histogram_head(t, p->name, p->of, p->series);
    for (int i = 0; i < p->series; i++)
        count(a, &p->of[i], share + i * BINS);
    for (int b = 0; b < BINS; b++) {
        gedi__chart_number(t, a->low + (b + 0.5) * (a->high - a->low) / BINS);
        for (int i = 0; i < p->series; i++) {
            gedi__text_add(t, ",");
            gedi__chart_number(t, share[i * BINS + b]);
            most = fmax(most, share[i * BINS + b]);
        }
        gedi__text_add(t, "\n");
    }
    return most;
}

/* 1, 2 or 5 times a power of ten, three to seven of which reach up to `most`. */
static double step_of(double most)
{
    double power = pow(10, floor(log10(most / 3)));
    double times = most / 3 / power;
    return power * (times >= 5 ? 5 : times >= 2 ? 2 : 1);
}

/* More than RIGHT where a name is long: a key that is cut off says nothing of the end. */
static int right_of(const gedi__figure_histograms *f)
{
    int letters = 0;
    for (int k = 0; k < f->panels; k++)
        for (int i = 0; i < f->panel[k].series; i++) {
            int n = (int)strlen(f->panel[k].of[i].name);
            letters = n > letters ? n : letters;
        }
    int wanted = 140 + LETTER * (letters < 80 ? letters : 80);
    return wanted > RIGHT ? wanted : RIGHT;
}

/* A narrow one for print keeps room for its plots. */
static int width_of(const gedi__figure_histograms *f)
{
    int usual = WIDTH - RIGHT + right_of(f), least = LEFT + right_of(f) + 400;
    int wanted = gedi__chart_width(f->style, usual);
    return wanted > least ? wanted : least;
}

static void add_panel(gedi__chart *c, const gedi__figure_histograms *f, int k,
                      const axis *a, double most)
{
    const gedi__histogram_panel *p = &f->panel[k];
    gedi__text *s = &c->script;
    int top = gedi__chart_head(f->style) + k * (PANEL + ABOVE) + HEADLINE;
    gedi__text_add(s, "\n");
    gedi__chart_margins(c, LEFT, right_of(f), top, c->height - top - PANEL);
    gedi__text_add(
        s,
        "set xrange [%.9g:%.9g]\nset xtics %.9g\nset yrange [0:%.9g]\nset ytics %.9g\n"
        "set key at screen %.5f,%.5f left top Left reverse samplen 1.5 spacing "
        "1.3*up\nset label ",
        a->low, a->high,
        gedi__axis_numbered(a->low, a->high, c->width - LEFT - right_of(f), DIGIT, 8),
        most > 0 ? 1.08 * most : 1, most > 0 ? step_of(most) : 1,
        1 - (right_of(f) - 30.0) / c->width, 1 - (top - 10.0) / c->height);
    gedi__chart_quote(s, p->name);
    gedi__text_add(s, " at graph 0,1 offset character 0,0.9*up left font bold.size(28)\n"
                      "plot \\\n");
    for (int i = 0; i < p->series; i++) {
        if (i == 0) /* what the others are compared with is filled */
            gedi__text_add(
                s,
                "    name.'-%d.csv' skip 1 using 1:2 with boxes fillstyle solid "
                "noborder linecolor rgb '#%06x' notitle, \\\n",
                k + 1, (unsigned)gedi__tint(0, 0.35));
        gedi__text_add(s,
                       "    name.'-%d.csv' skip 1 using 1:%d with histeps linewidth 1 "
                       "linecolor rgb '#%06x' title ",
                       k + 1, i + 2, (unsigned)gedi__colour(i));
        gedi__chart_quote(s, p->of[i].name);
        gedi__text_add(s, i == p->series - 1 ? "\n" : ", \\\n");
    }
    gedi__text_add(s, "unset label\n");
}

static gedi_status check(const char *name, const gedi__figure_histograms *f,
                         gedi_err *err)
{
    if (f->panels < 1 || f->panels > GEDI__CHART_TABLES)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "figure '%s': %d histograms; it can have 1 to %d", name,
                         f->panels, GEDI__CHART_TABLES);
    for (int k = 0; k < f->panels; k++)
        for (int i = 0; i < f->panel[k].series; i++)
            if (f->panel[k].of[i].n < 1)
                return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': %s has no values", name,
                                 f->panel[k].of[i].name);
    return GEDI_OK;
}

gedi_status gedi__draw_histograms(const char *folder, const char *name,
                                  const gedi__figure_histograms *f, gedi_err *err)
{
    int64_t longest = 0, most_series = 0;
    GEDI_TRY(check(name, f, err));
    for (int k = 0; k < f->panels; k++) {
        most_series = f->panel[k].series > most_series ? f->panel[k].series : most_series;
        for (int i = 0; i < f->panel[k].series; i++)
            longest = f->panel[k].of[i].n > longest ? f->panel[k].of[i].n : longest;
    }
    float *sorted = malloc((size_t)longest * sizeof *sorted);
    double *share = malloc((size_t)(most_series * BINS) * sizeof *share);
    if (!sorted || !share) {
        free(sorted);
        free(share);
        return gedi_no_memory(err, "figure '%s'", name);
    }
    gedi__chart c;
    gedi__chart_open(&c, folder, name, width_of(f),
                     gedi__chart_head(f->style) + f->panels * (PANEL + ABOVE) -
                         (ABOVE - HEADLINE) + BELOW);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title ? f->title : "Histograms", f->subtitle);
    gedi__text_add(&c.script,
                   "set multiplot\nset boxwidth 1 relative\nset border 3\n"
                   "set format x '%s'\nset ytics nomirror\n"
                   "set ylabel 'share of records' offset -0.5,0\n",
                   GEDI__AXIS_FORMAT);
    for (int k = 0; k < f->panels; k++) {
        axis a = axis_of(&f->panel[k], sorted);
        add_panel(&c, f, k, &a,
                  add_table(&c, &f->panel[k], gedi__histogram_part[k], &a, share));
    }
    gedi__text_add(&c.script, "unset multiplot\n");
    free(sorted);
    free(share);
    return gedi__chart_draw(&c, err);
}
