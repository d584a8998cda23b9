/* figure_histograms.c - distributions over each other, a panel for each quantity.
 *
 * Bars are shares of their series, so that series of different lengths compare. The axis
 * leaves out the outermost 0.5 % on each side of every series: a few records far away would
 * take all of the width.
 */
#include "core/report/axis.h"
#include "core/report/csv.h"
#include "core/report/palette.h"
#include "core/report/panel.h"

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

#define VALUE_OF "value of " /* a panel's name, in the first line of its table */

static const char *const part_name[GEDI__CHART_TABLES] = {"1", "2", "3", "4"};

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

/* A name of a column, between no quotes. */
static void add_name(gedi__text *t, const char *name)
{
    for (; *name; name++)
        gedi__text_add(
            t, "%c",
            *name == ',' || *name == '"' || (unsigned char)*name < ' ' ? '_' : *name);
}

/* No spreadsheet computes any of it. */
static void add_head(gedi__text *t, const char *part, const gedi__sample_series *series,
                     int n)
{
    gedi__text_add(t, VALUE_OF);
    add_name(t, part);
    for (int i = 0; i < n; i++) {
        gedi__text_add(t, gedi__text_is_formula(series[i].name) ? ",_" : ",");
        add_name(t, series[i].name);
    }
    gedi__text_add(t, "\n");
}

/* One line a bin: its middle, and the shares. Returns the largest of them. */
static double add_table(gedi__chart *c, const gedi__histogram_panel *p, const char *part,
                        const axis *a, double *share)
{
    gedi__text *t = gedi__chart_table(c, part, NULL);
    double most = 0;
    add_head(t, p->name, p->of, p->series);
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
        add_panel(&c, f, k, &a, add_table(&c, &f->panel[k], part_name[k], &a, share));
    }
    gedi__text_add(&c.script, "unset multiplot\n");
    free(sorted);
    free(share);
    return gedi__chart_draw(&c, err);
}

/* ---- beside others ---- */

#define AUROC ": AUROC "

/* The next name of a head; false behind the last. */
static bool next_name(const char **at, char out[GEDI__PLOT_WORD])
{
    size_t n = strcspn(*at, ",");
    if (!**at)
        return false;
    snprintf(out, GEDI__PLOT_WORD, "%.*s", (int)n, *at);
    gedi__text_tell(out); /* a letter may be cut */
    *at += n + ((*at)[n] == ',');
    return true;
}

/* The place of a series among those of all parts, -1 without room. */
static int series_of(gedi__plot *p, const char *name)
{
    int i = 0;
    while (i < p->names && strcmp(p->series[i], name))
        i++;
    if (i == GEDI__PLOT_SERIES)
        return -1;
    if (i == p->names)
        snprintf(p->series[p->names++], sizeof p->series[0], "%s", name);
    return i;
}

/* Ascending values, equally far from each other as their ends say, and shares. */
static bool is_histogram(const gedi__csv *t)
{
    int64_t last = (t->rows - 1) * t->columns;
    if (t->rows < 2 || t->columns < 2 || t->columns > 1 + GEDI__PLOT_SERIES ||
        !(t->x[0] < t->x[last]) ||
        !(t->x[last] - t->x[0] > 1e-6 * fmax(fabs(t->x[0]), fabs(t->x[last]))))
        return false;
    for (int64_t i = 0; i < t->rows * t->columns; i++)
        if (i % t->columns
                ? !(t->x[i] >= 0 && t->x[i] <= 1)
                : i && !(t->x[i] >= t->x[i - t->columns] && t->x[i] <= t->x[last]))
            return false;
    return true;
}

/* What its table has of part k -> a name for each column, with its AUROC, NAN where none is told. */
typedef struct column {
    int series;
    double auroc;
} column;

static bool read_names(gedi__plot *p, const gedi__csv *t, int k, column *of)
{
    char name[GEDI__PLOT_WORD];
    const char *at = t->head, *word;
    gedi__plot_part *part = &p->part[k];
    if (!next_name(&at, name))
        return false;
    if (!strncmp(name, VALUE_OF, strlen(VALUE_OF)))
        snprintf(part->name, sizeof part->name, "%s", name + strlen(VALUE_OF));
    else /* of an older figure */
        snprintf(part->name, sizeof part->name, "score %d", k + 1);
    for (int i = 0; i < t->columns - 1; i++) {
        if (!next_name(&at, name))
            return false;
        of[i].auroc = NAN;
        if ((word = strstr(name, AUROC))) {
            of[i].auroc = strtod(word + strlen(AUROC), NULL);
            name[word - name] = 0;
        }
        if ((of[i].series = series_of(p, name)) < 0)
            return false;
    }
    return true;
}

/* The table of part k, written anew; returns the largest share. */
static double copy_table(gedi__plot *p, const gedi__csv *t, int k, const column *of)
{
    gedi__sample_series series[GEDI__PLOT_SERIES];
    double most = 0;
    gedi__text *out = gedi__chart_table(&p->chart, part_name[k], NULL);
    for (int i = 0; i < t->columns - 1; i++)
        series[i].name = p->series[of[i].series];
    add_head(out, p->part[k].name, series, t->columns - 1);
    for (int64_t i = 0; i < t->rows; i++)
        for (int c = 0; c < t->columns; c++) {
            double x = t->x[i * t->columns + c];
            gedi__chart_number(out, x);
            gedi__text_add(out, c < t->columns - 1 ? "," : "\n");
            most = c ? fmax(most, x) : most;
        }
    return most;
}

/* Below its name, each in the colour of its series: "AUROC 0.576 0.557". */
static void add_aurocs(gedi__text *s, const column *of, int n)
{
    enum { WORD = 8, NUMBER = 6 };
    int letters = WORD;
    for (int i = 0; i < n; i++)
        letters += isfinite(of[i].auroc) ? NUMBER : 0;
    if (letters == WORD)
        return;
    gedi__text_add(
        s,
        "small = wide / %d < 14 ? wide / (0.7 * %d) : 20\n"
        "set label 'AUROC' at graph 0, screen upper_now + 22 * pixel_high left "
        "textcolor rgb '#505050' font 'Sans'.size(small)\n",
        letters, letters);
    letters = WORD;
    for (int i = 0; i < n; i++) {
        if (!isfinite(of[i].auroc))
            continue;
        gedi__text_add(
            s,
            "set label '%.3f' at screen left_edge + %d * 0.7 * small * "
            "pixel_wide, screen upper_now + 22 * pixel_high left textcolor rgb "
            "tone%d font 'Sans'.size(small)\n",
            of[i].auroc, letters, of[i].series + 1);
        letters += NUMBER;
    }
}

static void add_part(gedi__plot *p, const gedi__csv *t, int k, const column *of)
{
    gedi__text *s = &p->chart.script;
    gedi__plot_part *part = &p->part[k];
    double most = copy_table(p, t, k, of);
    double half =
        (t->x[(t->rows - 1) * t->columns] - t->x[0]) / (double)(t->rows - 1) / 2;
    part->low = t->x[0] - half;
    part->high = t->x[(t->rows - 1) * t->columns] + half;
    gedi__text_add(
        s,
        "%supper_now = upper%d\nset tmargin at screen upper%d\n"
        "set bmargin at screen lower%d\n"
        "set border 1\nset boxwidth 1 relative\n"
        "set xtics step%d out nomirror scale 0.6 offset 0,0.4*up+drop textcolor rgb "
        "'#404040' font 'Sans'.size(20)\nset format x '%s'\n"
        "set xrange [%.9g:%.9g]\nset yrange [0:%.9g]\n",
        k ? "unset label\n" : "", k + 1, k + 1, k + 1, k + 1, GEDI__AXIS_FORMAT,
        part->low, part->high, most > 0 ? 1.08 * most : 1);
    add_aurocs(s, of, t->columns - 1);
    gedi__text_add(s, "plot \\\n");
    for (int i = 0; i < t->columns - 1; i++) {
        int series = of[i].series + 1;
        if (i == 0)
            gedi__text_add(s,
                           "    name.'-%d.csv' skip 1 using 1:2 with boxes fillstyle "
                           "solid noborder linecolor rgb light%d notitle, \\\n",
                           k + 1, series);
        gedi__text_add(s,
                       "    name.'-%d.csv' skip 1 using 1:%d with histeps linewidth 1 "
                       "linecolor rgb tone%d notitle%s",
                       k + 1, i + 2, series, i < t->columns - 2 ? ", \\\n" : "\n");
    }
}

gedi_status gedi__histograms_panel(const char *folder, const char *name, gedi__plot *p,
                                   gedi_err *err)
{
    for (int k = 0; k < GEDI__PLOT_PARTS; k++) {
        gedi__csv t;
        column of[GEDI__PLOT_SERIES];
        GEDI_TRY(
            gedi__csv_read(folder, name, part_name[k], GEDI__CSV_NAMED, k > 0, &t, err));
        if (!t.x)
            break;
        gedi_status s = GEDI_OK;
        if (is_histogram(&t) && read_names(p, &t, k, of))
            add_part(p, &t, k, of);
        else
            s = GEDI_FAIL(err, GEDI_DATA,
                          "%s-%d.csv: not a histogram: values that ascend, and 1 to %d "
                          "shares of each",
                          name, k + 1, (int)GEDI__PLOT_SERIES);
        gedi__csv_clear(&t);
        if (s != GEDI_OK)
            return s;
        p->parts++;
    }
    p->key = GEDI__KEY_SERIES;
    return GEDI_OK;
}
