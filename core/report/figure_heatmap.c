/* figure_heatmap.c - a number for each pair of values, as colour and as text. */
#include "core/report/axis.h"
#include "core/report/csv.h"
#include "core/report/palette.h"
#include "core/report/panel.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE = 170, /* pixels of a cell, */
    HIGH = 110,
    LOW = 44,     /* in a narrow picture at least, */
    LETTER = 19,  /* of a letter in it, about, */
    SMALL = 14,   /* and of the smallest */
    CAPITAL = 22, /* of a large one of the name of y, about */
    USUAL = 26,   /* sizes of letters */
    RIGHT = 260,  /* the colour scale */
    BELOW = 140,  /* labels and name of x */
    TIC = 56,     /* and of a number beside the colours, with room around it */
    NOTES = 20,   /* below the last note */
};

static const char HEAD[] = "column,row,x,y,value,text";

typedef struct scale {
    double low, high;
    bool below, above; /* numbers have no colour of their own there */
    bool one;          /* all numbers are the same */
} scale;

static scale scale_of(const gedi__figure_heatmap *f)
{
    scale s = {.low = INFINITY, .high = -INFINITY};
    for (int i = 0; i < f->nx * f->ny; i++)
        if (isfinite(f->value[i])) {
            s.low = fmin(s.low, f->value[i]);
            s.high = fmax(s.high, f->value[i]);
        }
    if (f->low < f->high) {
        scale given = {.low = f->low, .high = f->high};
        given.below = s.low < f->low;
        given.above = s.high > f->high;
        return given;
    }
    if (s.low > s.high) /* all are missing */
        s = (scale){.low = 0, .high = 1};
    double least = 1e-6 * fmax(fabs(s.high), 1); /* of what gnuplot can tell apart */
    s.one = !(s.high - s.low > least);
    if (s.one) {
        s.low -= least;
        s.high += least;
    }
    return s;
}

static void add_table(gedi__chart *c, const gedi__figure_heatmap *f)
{
    gedi__text *t = gedi__chart_table(c, NULL, HEAD);
    for (int j = 0; j < f->ny; j++)
        for (int i = 0; i < f->nx; i++) {
            gedi__text_add(t, "%d,%d,", i, j);
            gedi__chart_field(t, f->x_label[i]);
            gedi__text_add(t, ",");
            gedi__chart_field(t, f->y_label[j]);
            gedi__text_add(t, ",");
            gedi__chart_number(t, f->value[j * f->nx + i]);
            gedi__text_add(t, ",");
            gedi__chart_field(t, f->text[j * f->nx + i]);
            gedi__text_add(t, "\n");
        }
}

static void add_tics(gedi__chart *c, const char *axis, const char *const *label, int n)
{
    gedi__text_add(&c->script, "set %stics scale 0 (", axis);
    for (int i = 0; i < n; i++) {
        gedi__text_add(&c->script, i ? ", " : "");
        gedi__chart_tic(&c->script, label[i]);
        gedi__text_add(&c->script, " %d", i);
    }
    gedi__text_add(&c->script, ")\n");
}

static void add_colour_tic(gedi__text *t, const char *sign, double value)
{
    bool first = t->s[t->len - 1] == '(';
    gedi__text_add(t, "%s'%s%.4g' %.9g", first ? "" : ", ", sign, value, value);
}

/* The tics of the colours on `high` pixels, none of which touches the next: one where there is one number, signs where
 * colours end, and both ends where there is no room for more. */
static void add_colour_tics(gedi__text *t, const scale *v, int high)
{
    double length = v->high - v->low, room = TIC * length / high;
    double step = gedi__axis_spaced(length, high, TIC, 6);
    double first = ceil(v->low / step - 1e-9), last = floor(v->high / step + 1e-9);
    gedi__text_add(t, "set cbtics (");
    if (v->one) {
        gedi__text_add(t, "'%.6g' %.9g)\n", (v->low + v->high) / 2,
                       (v->low + v->high) / 2);
        return;
    }
    bool ends = last < first + 1;
    if (v->below || ends)
        add_colour_tic(t, v->below ? "≤ " : "", v->low);
    for (double i = first; i <= last && !ends; i++) {
        double at = i * step;
        if ((v->below && at < v->low + room) || (v->above && at > v->high - room))
            continue;
        add_colour_tic(t, "", i == 0 ? 0 : at);
    }
    if (v->above || ends)
        add_colour_tic(t, v->above ? "≥ " : "", v->high);
    gedi__text_add(t, ")\n");
}

static int longest(const char *const *label, int n)
{
    size_t most = 1;
    for (int i = 0; i < n; i++)
        most = strlen(label[i]) > most ? strlen(label[i]) : most;
    return (int)(most < 40 ? most : 40);
}

/* What title, subtitle and notes need. */
static int words_width(const gedi__figure_heatmap *f)
{
    const char *own = f->style ? f->style->title : NULL, *title = own ? own : f->title;
    int most = title ? 27 * (int)strlen(title) : 0;
    int subtitle = f->subtitle && !own ? 19 * (int)strlen(f->subtitle) : 0;
    most = subtitle > most ? subtitle : most;
    for (int i = 0; i < f->notes; i++) {
        int note = 14 * (int)strlen(f->note[i]);
        most = note > most ? note : most;
    }
    return 80 + most;
}

/* The cells and the words in them, in letters of this size, as gnuplot reads it. */
static void add_cells(gedi__chart *c, const gedi__figure_heatmap *f, const scale *v,
                      const char *size)
{
    gedi__text_add(
        &c->script,
        "set xrange [-0.5:%d.5]\n"
        "set yrange [-0.5:%d.5]\n"
        "set palette defined (%s)\n"
        "set cbrange [%.9g:%.9g]\n"
        "unset key\n"
        "set style fill solid noborder\n"
        "# What is missing is grey.\n"
        "set object rectangle from graph 0,0 to graph 1,1 behind fillcolor rgb "
        "'#e8e8e8' fillstyle solid noborder\n"
        "# Dark words on light ground, light words on dark ground.\n"
        "known(v) = v == v\n"
        "ink(v) = !known(v) || v > %.9g ? 0x202020 : 0xffffff\n"
        "plot \\\n"
        "    name.'.csv' skip 1 using 1:(known($5) ? $2 : "
        "NaN):($1-0.5):($1+0.5):($2-0.5):($2+0.5):5 \\\n"
        "        with boxxyerror linecolor palette, \\\n"
        "    name.'.csv' skip 1 using 1:(%s > 0 ? $2 : NaN):6:(ink($5)) with labels font "
        "'Sans'.size(%s) textcolor rgb variable\n",
        f->nx - 1, f->ny - 1, gedi__viridis, v->low, v->high,
        v->low + 0.55 * (v->high - v->low), size, size);
}

/* Pixels of the plot, what is beside it, and the size of letters in cells and below them. */
typedef struct layout {
    int left, wide, high, below;
    double size;
} layout;

/* Cells become narrower in a picture of a width, as far as small letters fit into them. */
static layout layout_of(const gedi__figure_heatmap *f)
{
    int label = longest(f->x_label, f->nx), text = longest(f->text, f->nx * f->ny);
    int letters = label > text ? label : text;
    int name_letters = (int)strlen(f->y_name) < 60 ? (int)strlen(f->y_name) : 60;
    layout l = {.left = 160 + longest(f->y_label, f->ny) * LETTER, .size = USUAL};
    int cell = letters * LETTER + 20 > WIDE ? letters * LETTER + 20 : WIDE, high = HIGH;
    int words = words_width(f) - l.left - RIGHT;
    l.wide = f->nx * cell > words ? f->nx * cell : words;
    int aside = l.left + RIGHT;
    int own = gedi__chart_width(f->style, aside + l.wide) - aside;
    if (own < l.wide) {
        int least = letters * SMALL + 8;
        high = high * own / l.wide > LOW ? high * own / l.wide : LOW;
        l.wide = own > f->nx * least ? own : f->nx * least;
        l.size = fmin(USUAL, l.wide / f->nx / (0.8 * letters));
    }
    /* Few rows are higher, so that the name of y fits beside them. */
    l.high =
        CAPITAL * name_letters > f->ny * high ? CAPITAL * name_letters : f->ny * high;
    l.below = BELOW;
    for (int i = 0; i < f->notes; i++)
        l.below += gedi__chart_note_height(f->note[i], aside + l.wide);
    return l;
}

static void add_plot(gedi__chart *c, const gedi__figure_heatmap *f, const layout *l)
{
    gedi__text *s = &c->script;
    scale v = scale_of(f);
    char size[32];
    snprintf(size, sizeof size, "%.3g", l->size);
    gedi__text_add(s, "set xtics font 'Sans'.size(%s)\n", size);
    add_tics(c, "x", f->x_label, f->nx);
    add_tics(c, "y", f->y_label, f->ny);
    add_colour_tics(s, &v, l->high);
    gedi__text_add(s, "set xlabel ");
    gedi__chart_quote(s, f->x_name);
    gedi__text_add(s, "\n");
    gedi__chart_label(c, f->y_name, 50, gedi__chart_head(f->style) + l->high / 2.0, false,
                      USUAL, l->high, "center rotate by 90");
    gedi__text_add(s, "set colorbox noborder\n");
    add_cells(c, f, &v, size);
}

gedi_status gedi__draw_heatmap(const char *folder, const char *name,
                               const gedi__figure_heatmap *f, gedi_err *err)
{
    if (f->nx < 1 || f->ny < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': %d x %d cells; it needs 1 x 1",
                         name, f->nx, f->ny);
    layout l = layout_of(f);
    gedi__chart c;
    gedi__chart_open(&c, folder, name, l.left + l.wide + RIGHT,
                     gedi__chart_head(f->style) + l.high + l.below);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title, f->subtitle);
    gedi__chart_margins(&c, l.left, RIGHT, gedi__chart_head(f->style), l.below);
    int below = NOTES;
    for (int i = f->notes - 1; i >= 0; i--) {
        gedi__chart_note(&c, f->note[i], below);
        below += gedi__chart_note_height(f->note[i], c.width);
    }
    add_table(&c, f);
    add_plot(&c, f, &l);
    return gedi__chart_draw(&c, err);
}

/* ---- beside others ---- */

enum { MOST = 64 }; /* rows and columns of a panel: those of `confusion` are fewer */

static int largest_of(const gedi__csv *t, int column)
{
    double most = -1;
    for (int64_t i = 0; i < t->rows; i++)
        most = fmax(most, t->x[i * t->columns + column]);
    return most >= 0 && most < MOST ? (int)most + 1 : 0;
}

/* Each cell once, a share as its value, and whole numbers as labels and words -> the cells' rows of the table. */
static bool find_cells(const gedi__csv *t, int nx, int ny, const double **cell)
{
    for (int64_t i = 0; i < t->rows; i++) {
        const double *x = t->x + i * t->columns;
        for (int k = 0; k < 6; k++)
            if (k != 4 && !(x[k] >= 0 && x[k] <= 1e9 && x[k] == floor(x[k])))
                return false;
        int at = x[0] < nx && x[1] < ny ? (int)x[1] * nx + (int)x[0] : -1;
        if (at < 0 || cell[at] || x[4] < 0 || x[4] > 1)
            return false;
        cell[at] = x;
    }
    return true; /* and so all of them, where there are as many rows */
}

static int digits_of(double x)
{
    char s[32];
    return snprintf(s, sizeof s, "%.0f", x);
}

static void add_labels(gedi__chart *c, const double *const *cell, int n, int stride,
                       int of, const char *axis, gedi__plot *p)
{
    for (int i = 0; i < n; i++) {
        double label = cell[i * stride][of];
        int own = digits_of(label);
        p->label_letters = own > p->label_letters ? own : p->label_letters;
        gedi__text_add(&c->script, "if (%d %% every%s == 0) set %stics add ('%.0f' %d)\n",
                       *axis == 'y' ? n - 1 - i : i, axis, axis, label, i);
    }
}

static void add_panel(const double *const *cell, int nx, int ny, gedi__plot *p)
{
    gedi__chart *c = &p->chart;
    gedi__figure_heatmap f = {.nx = nx, .ny = ny};
    scale v = {.low = 0, .high = 1};
    gedi__text *t = gedi__chart_table(c, NULL, HEAD);
    for (int i = 0; i < nx * ny; i++) {
        const double *x = cell[i];
        gedi__text_add(t, "%.0f,%.0f,\"%.0f\",\"%.0f\",", x[0], x[1], x[2], x[3]);
        gedi__chart_number(t, x[4]);
        gedi__text_add(t, ",\"%.0f\"\n", x[5]);
        int own = digits_of(x[5]);
        p->cell_letters = own > p->cell_letters ? own : p->cell_letters;
    }
    for (int i = 0; i < 2; i++)
        gedi__text_add(&c->script,
                       "set %ctics scale 0 offset %s font 'Sans'.size(20) ()\n", "xy"[i],
                       i ? "0.5,0" : "0,0.4*up+drop");
    add_labels(c, cell, nx, 1, 2, "x", p);
    add_labels(c, cell, ny, nx, 3, "y", p);
    add_cells(c, &f, &v, "letters");
    p->cells_x = nx;
    p->cells_y = ny;
    p->shape = 0.75 * ny / nx;
}

gedi_status gedi__confusion_panel(const char *folder, const char *name, gedi__plot *p,
                                  gedi_err *err)
{
    gedi__csv t;
    GEDI_TRY(gedi__csv_read(folder, name, NULL, HEAD, false, &t, err));
    int nx = largest_of(&t, 0), ny = largest_of(&t, 1);
    gedi_status s = GEDI_OK;
    const double **cell =
        gedi__alloc((size_t)(nx * ny + 1), sizeof *cell, err, "%s", name);
    if (!cell)
        s = GEDI_NOMEM;
    else if (nx < 1 || ny < 1 || t.rows != nx * ny || !find_cells(&t, nx, ny, cell))
        s = GEDI_FAIL(
            err, GEDI_DATA,
            "%s: its table is not one line for each of up to %d x %d cells, with "
            "whole numbers and a share",
            name, (int)MOST, (int)MOST);
    else
        add_panel(cell, nx, ny, p);
    free(cell);
    gedi__csv_clear(&t);
    return s;
}
