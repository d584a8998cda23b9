/* figure_curves.c - a number over the iterations: a line for each method, with a band over its runs. */
#include "core/report/axis.h"
#include "core/report/chart_key.h"
#include "core/report/figure.h"
#include "core/report/palette.h"
#include "core/report/terms.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    WIDTH = 1500,
    PLOT = 760,  /* height */
    LEFT = 170,  /* at least; about */
    ASIDE = 120, /* with numbers besides this */
    RIGHT = 80,
    DIGIT = 21, /* width of one, about */
    BELOW = 180,
    LETTERS = 26, /* size of those of the name of y */
    KEY = 60,     /* besides its entries */
    SHORT = 400,  /* width of the plot, at least: a narrower picture is a smaller one */
};

/* A row for each iteration of each line; lines are counted from 0. */
static void add_table(gedi__chart *c, const gedi__figure_curves *f)
{
    gedi__text *t = gedi__chart_table(c, NULL, "iteration,line,mean,low,high,runs,name");
    for (int k = 0; k < f->lines; k++)
        for (int i = 0; i < f->line[k].n; i++) {
            const gedi__curve_point *p = &f->line[k].point[i];
            gedi__text_add(t, "%.10g,%d,", p->iteration, k);
            gedi__chart_band(t, p->mean, p->deviation, p->runs);
            gedi__chart_field(t, f->line[k].name);
            gedi__text_add(t, "\n");
        }
}

/* A name in the key, in lines of so many letters: each is an entry, those that follow without a mark. */
static void add_name(gedi__text *s, const char *name, int most)
{
    for (bool first = true; first || *name; first = false) {
        gedi__text line = {0};
        int n = gedi__chart_line(name, most);
        gedi__text_add(&line, "%.*s", n, name);
        gedi__text_add(s, "%s", first ? "" : "    NaN with lines linecolor bgnd title ");
        gedi__chart_quote(s, line.s ? line.s : "");
        gedi__text_add(s, ", \\\n");
        s->failed |= line.failed;
        gedi__text_clear(&line);
        name += n;
        name += strspn(name, " ");
    }
}

static int lines_of(const char *name, int most)
{
    int lines = 0;
    for (; !lines || *name; lines++) {
        name += gedi__chart_line(name, most);
        name += strspn(name, " ");
    }
    return lines;
}

/* What the key calls a line. */
static void add_words(const gedi__curve_line *line, gedi__text *out)
{
    gedi__text_add(out, "%s%s%s", line->name, line->more && *line->more ? ": " : "",
                   line->more ? line->more : "");
}

static int letters_of(const gedi__curve_line *line)
{
    return (int)strlen(line->name) +
           (line->more && *line->more ? 2 + (int)strlen(line->more) : 0);
}

/* The most runs that a point of the line has; *all: each has so many. */
static int runs_of(const gedi__curve_line *line, bool *all)
{
    int most = 0;
    *all = true;
    for (int i = 0; i < line->n; i++)
        most = line->point[i].runs > most ? line->point[i].runs : most;
    for (int i = 0; i < line->n; i++)
        *all &= line->point[i].runs == most;
    return most;
}

void gedi__curve_plot(gedi__text *s, const gedi__curve_line *line, int column, int row,
                      int few, int colour)
{
    bool all;
    int most = runs_of(line, &all);
    unsigned rgb = (unsigned)gedi__colour(colour);
    const char *look =
        line->n > few ? "lines" : "linespoints pointtype 7 pointsize mark(0.8)";
    if (!all)
        gedi__text_add(s,
                       "    name.'.csv' skip 1 using ($%d==%d?$%d:NaN):3 with %s "
                       "dashtype (2,4) linewidth 0.8 linecolor rgb '#%06x' notitle, \\\n",
                       column, row, 3 - column, look, rgb);
    gedi__text_add(s, "    name.'.csv' skip 1 using ($%d==%d", column, row);
    if (!all)
        gedi__text_add(s, "&&$6==%d", most);
    gedi__text_add(s, "?$%d:NaN):3 with %s linewidth 1 linecolor rgb '#%06x'", 3 - column,
                   look, rgb);
}

/* ---- optima ---- */

static bool is_known(const gedi__figure_curves *f, int k)
{
    return f->optimum && f->line[k].n && isfinite(f->optimum[k]);
}

/* Lines with the optimum of line k; 0 where it has none, or one before it has the same. */
static int shared_by(const gedi__figure_curves *f, int k)
{
    int n = 0;
    for (int i = 0; i < f->lines && is_known(f, k); i++) {
        bool same = is_known(f, i) && f->optimum[i] == f->optimum[k];
        if (same && i < k)
            return 0;
        n += same;
    }
    return n;
}

/* How many there are, and the letters of the longest of them in the key. */
static int optima_of(const gedi__figure_curves *f, int *letters)
{
    int n = 0;
    char text[40];
    for (int k = 0; k < f->lines; k++) {
        if (!shared_by(f, k))
            continue;
        n++;
        int own = (int)strlen("optimum ") +
                  (int)strlen(gedi__optimum_text(f->optimum[k], text, sizeof text));
        *letters = own > *letters ? own : *letters;
    }
    return n;
}

/* In the colour of the line whose own it is; what several have is grey. */
static void add_optima(gedi__text *s, const gedi__figure_curves *f)
{
    int unused = 0, all = optima_of(f, &unused);
    char best[40];
    for (int k = 0; k < f->lines; k++) {
        int n = shared_by(f, k);
        if (n)
            gedi__text_add(
                s,
                "    %.9g with lines dashtype (12,8) linewidth 0.9 linecolor rgb "
                "'#%06x' title 'optimum %s', \\\n",
                f->optimum[k], n > 1 || all == 1 ? 0x505050 : (unsigned)gedi__colour(k),
                gedi__optimum_text(f->optimum[k], best, sizeof best));
    }
}

static void add_lines(gedi__chart *c, const gedi__figure_curves *f, int most)
{
    gedi__text *s = &c->script;
    gedi__text_add(s, "# Rows of other lines are gaps.\nplot \\\n");
    for (int k = 0; k < f->lines; k++)
        if (f->line[k].band)
            gedi__text_add(s,
                           "    name.'.csv' skip 1 using ($2==%d?$1:NaN):4:5 with "
                           "filledcurves linecolor rgb '#%02x%06x' notitle, \\\n",
                           k, 0xd0, (unsigned)gedi__colour(k));
    for (int k = 0; k < f->lines; k++) {
        gedi__text words = {0};
        if (!f->line[k].n)
            continue; /* these runs have no such number */
        gedi__curve_plot(s, &f->line[k], 2, k, 40, k);
        gedi__text_add(s, " title ");
        add_words(&f->line[k], &words);
        add_name(s, words.s ? words.s : "", most);
        s->failed |= words.failed;
        gedi__text_clear(&words);
    }
    add_optima(s, f);
    gedi__text_add(s, "    NaN notitle\n"); /* ends the list */
}

/* Entries of the key, with names in lines of so many letters. */
static int entries_of(const gedi__figure_curves *f, int most)
{
    int unused = 0, n = optima_of(f, &unused);
    for (int k = 0; k < f->lines; k++) {
        gedi__text words = {0};
        add_words(&f->line[k], &words);
        n += f->line[k].n ? lines_of(words.s ? words.s : "", most) : 0;
        gedi__text_clear(&words);
    }
    return n;
}

/* Of all bands. */
static gedi__range range_of(const gedi__figure_curves *f)
{
    gedi__range y = {INFINITY, -INFINITY};
    for (int k = 0; k < f->lines; k++)
        for (int i = 0; i < f->line[k].n; i++) {
            const gedi__curve_point *p = &f->line[k].point[i];
            y.low = fmin(y.low, p->mean - p->deviation);
            y.high = fmax(y.high, p->mean + p->deviation);
        }
    return y;
}

/* gnuplot leaves a line that never changes no room, and gives neighbouring tics one number. */
static bool is_flat(gedi__range y)
{
    return y.high - y.low <= 1e-9 * fabs(y.high);
}

static void add_range(gedi__chart *c, gedi__range y)
{
    double room = y.high == 0 ? 1 : fabs(y.high) / 2;
    gedi__text_add(&c->script, "set format y '%s'\n", GEDI__AXIS_FORMAT);
    if (is_flat(y))
        gedi__text_add(&c->script, "set yrange [%.9g:%.9g]\n", y.low - room,
                       y.high + room);
}

/* About what gnuplot leaves for the name and the numbers of y. */
static int left_of(gedi__range y)
{
    int letters = is_flat(y) ? 0
                             : gedi__axis_letters(y.low, y.high,
                                                  gedi__axis_tics(y.high - y.low, 8));
    int own = ASIDE + DIGIT * letters;
    return own > LEFT ? own : LEFT;
}

gedi_status gedi__draw_curves(const char *folder, const char *name,
                              const gedi__figure_curves *f, gedi_err *err)
{
    int points = 0;
    double last = 1;
    for (int k = 0; k < f->lines; k++)
        for (int i = 0; i < f->line[k].n; i++, points++)
            last = fmax(last, f->line[k].point[i].iteration);
    if (!points)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': there is nothing to draw", name);
    gedi__chart c;
    int width = gedi__chart_width(f->style, WIDTH), head = gedi__chart_head(f->style);
    gedi__range y = range_of(f);
    int left = left_of(y), letters = 1, entries = optima_of(f, &letters);
    for (int k = 0; k < f->lines; k++) {
        int own = f->line[k].n ? letters_of(&f->line[k]) : 0;
        letters = own > letters ? own : letters;
        entries += f->line[k].n > 0;
    }
    char digits[32];
    int across, most = letters, least = left + SHORT + RIGHT;
    width = width > least ? width : least;
    if (KEY + gedi__key_entry(f->style, letters) > width) { /* names of several lines */
        most = letters = gedi__key_letters(f->style, width - KEY);
        entries = entries_of(f, most);
    }
    int room = width - left - RIGHT + KEY, notes = 0; /* a key is as wide as a plot */
    for (int i = 0; i < f->notes; i++)
        notes += gedi__chart_note_height(f->note[i], width);
    int below =
        BELOW + notes + gedi__key_below(f->style, entries, letters, room, &across);
    int plot = width < WIDTH ? PLOT * width / WIDTH : PLOT;
    gedi__chart_open(&c, folder, name, width, head + plot + below);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title, f->subtitle);
    gedi__chart_margins(&c, 0, RIGHT, head, below);
    add_table(&c, f);
    gedi__text_add(&c.script, "unset lmargin # as wide as the numbers need it\n"
                              "set border 3\n# The number: ");
    gedi__chart_quote(&c.script, f->path);
    gedi__text_add(&c.script, "\n");
    gedi__text_add(
        &c.script,
        "set grid ytics linetype 1 linewidth 0.5 linecolor rgb '#e4e4e4'\n"
        "set xrange [0:%.10g]\nset format x '%%.0f'\nset xlabel 'iteration'\n"
        "set xtics %.10g\nset style fill solid noborder\n"
        "set ylabel ",
        last,
        gedi__axis_spaced(last, width - left - RIGHT,
                          DIGIT * snprintf(digits, sizeof digits, "%.0f ", last), 10));
    double size = gedi__chart_fit(&c.script, f->y_name, false, LETTERS, plot, NULL);
    gedi__text_add(&c.script, " font 'Sans'.size(%.3g)\n", size);
    gedi__key_set(&c, across, 15 + notes);
    add_range(&c, y);
    for (int i = 0, at = 30 + notes; i < f->notes; i++) {
        at -= gedi__chart_note_height(f->note[i], width);
        gedi__chart_note(&c, f->note[i], at);
    }
    add_lines(&c, f, most);
    return gedi__chart_draw(&c, err);
}
