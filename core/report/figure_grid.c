/* figure_grid.c - figures of several runs side by side, drawn again from their tables.
 *
 * Runs may come from strangers. Of theirs nothing is executed and no word is taken over: the
 * numbers in their tables are read, checked, and written anew into the folder NAME beside
 * the picture, from which figures' own commands draw them (panel.h). A figure that has
 * several plots already is put in as the picture it is. A panel whose tables are not what a
 * figure writes is empty, and a line below all says why.
 */
#include "core/report/axis.h"
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "core/report/panel.h"
#include "core/report/plane.h"
#include "core/base/file.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE = 520,     /* pixels of a panel, */
    NARROW = 200,   /* at least, in a picture of a width, */
    PICTURE = 900,  /* and of one that is a picture with words of its own */
    GAP = 40,       /* between panels */
    SIDE = 110,     /* for the labels of the rows */
    ABOVE = 70,     /* for the labels of the columns */
    BELOW = 60,     /* for the note of a panel */
    MARGIN = 40,    /* around all */
    LINE = 40,      /* height of a note below all */
    BAR = 30,       /* width of a scale of colours, */
    SCALE = 220,    /* and with its numbers */
    KEY_LINE = 50,  /* height of a line of the key, */
    KEY_ASIDE = 60, /* room beside it, and width of a column: */
    KEY_NUMBER = 110,
    KEY_MORE = 200,
    KEY_WORD = 190,
};

#define ALIKE                                                                            \
    1.3 /* times as high as the lowest panel of its row is the highest, at most */

typedef struct panel {
    gedi__plot plot;
    char name[24]; /* of its tables, "2-1": row and column */
    bool drawn;    /* false: nothing to draw, */
    bool damaged;  /* or nothing that can be read */
    bool whole;    /* a picture of several plots */
} panel;

typedef struct sheet {
    const gedi__figure_grid *f;
    const char *folder, *name;
    gedi__text tables; /* the folder of the panels' tables */
    panel *panel;
    int *top;                             /* [rows], pixels */
    int *height;                          /* [rows] */
    int wide;                             /* of a panel */
    gedi__panel_key key;                  /* that all panels have */
    int kinds, entries, key_rows;         /* of it */
    int key_wide;                         /* pixels; 0: no key */
    double depth;                         /* of the scale of colours; 0: there is none */
    int width, all;                       /* of the whole picture */
    int damaged;                          /* panels */
    char why[sizeof((gedi_err *)0)->msg]; /* the first of them is */
    char note[sizeof((gedi_err *)0)->msg + 64]; /* and what is said of it */
} sheet;

static int notes_of(const sheet *s)
{
    return s->f->notes + (s->damaged > 0);
}

static const char *note_at(const sheet *s, int i)
{
    return i < s->f->notes ? s->f->note[i] : s->note;
}

/* ---- what a run has ---- */

static gedi_status read_figure(sheet *s, int i, gedi_err *err)
{
    panel *p = &s->panel[i];
    gedi__chart *c = &p->plot.chart;
    const char *figure = s->f->panel[i].path;
    if (!gedi__panel_path(figure))
        return GEDI_FAIL(err, GEDI_USAGE,
                         "the folder of row %d, column %d: its name has other than "
                         "letters, digits, '.', '_' and '-'",
                         i / s->f->columns + 1, i % s->f->columns + 1);
    gedi__panel_of *read = gedi__panel_reader(figure);
    p->whole = read == gedi__picture_panel;
    c->folder = s->tables.s;
    c->name = p->name;
    GEDI_TRY(read(s->folder, figure, &p->plot, err));
    return c->script.failed ? gedi_no_memory(err, "figure '%s'", s->name) : GEDI_OK;
}

static gedi_status read_panel(sheet *s, int i, gedi_err *err)
{
    panel *p = &s->panel[i];
    gedi_err why = {0};
    p->plot.shape = NAN;
    snprintf(p->name, sizeof p->name, "%d-%d", i / s->f->columns + 1,
             i % s->f->columns + 1);
    if (!s->f->panel[i].path)
        return GEDI_OK;
    gedi_status status = read_figure(s, i, &why);
    if (status == GEDI_NOMEM)
        return GEDI_FAIL(err, status, "%s", why.msg);
    p->drawn = status == GEDI_OK;
    p->damaged = !p->drawn;
    if (p->damaged) {
        if (!s->damaged++)
            snprintf(s->why, sizeof s->why, "%s", why.msg);
        return GEDI_OK;
    }
    s->depth = fmax(s->depth, p->plot.depth);
    return p->plot.chart.tables ? gedi__chart_save(&p->plot.chart, err) : GEDI_OK;
}

/* One part of the plane for all, where that is asked for, and the shapes of panels. */
static void find_shapes(sheet *s)
{
    gedi__grid all = {0};
    int n = s->f->rows * s->f->columns;
    for (int i = 0; i < n; i++)
        if (s->panel[i].drawn)
            all = gedi__plane_both(&all, &s->panel[i].plot.plane);
    for (int i = 0; i < n; i++) {
        gedi__plot *p = &s->panel[i].plot;
        if (!s->panel[i].drawn || !p->plane.nx)
            continue;
        if (s->f->one_plane)
            p->plane = all;
        p->shape = gedi__plane_shape(&p->plane);
    }
}

/* A key, where colours mean the same in all panels, and more than one thing. */
static void find_key(sheet *s)
{
    bool any = false;
    for (int i = 0; i < s->f->rows * s->f->columns; i++) {
        const gedi__plot *p = &s->panel[i].plot;
        if (!s->panel[i].drawn)
            continue;
        s->key = any && p->key != s->key ? GEDI__KEY_NONE : p->key;
        if (!s->key)
            return;
        any = true;
        s->kinds = p->kinds > s->kinds ? p->kinds : s->kinds;
    }
    if (s->key != GEDI__KEY_SAMPLES && s->kinds < 2)
        s->key = GEDI__KEY_NONE;
}

/* Beside the panels, in as many columns as their height needs. */
static void arrange_key(sheet *s, int high)
{
    if (!s->key)
        return;
    bool many = s->kinds > GEDI__KEY_ENTRIES;
    s->entries = s->key == GEDI__KEY_SAMPLES ? 2
                 : many                      ? GEDI__KEY_ENTRIES + 1
                                             : s->kinds;
    int rows = high / KEY_LINE - 1;
    rows = rows < 1 ? 1 : rows;
    int columns = (s->entries + rows - 1) / rows;
    s->key_rows = (s->entries + columns - 1) / columns;
    s->key_wide = KEY_ASIDE + columns * (s->key == GEDI__KEY_SAMPLES ? KEY_WORD
                                         : many                      ? KEY_MORE
                                                                     : KEY_NUMBER);
}

/* Panels are narrower in a picture of a width, so that letters are as large as ever. */
static int wide_of(const sheet *s)
{
    int aside = MARGIN + SIDE - GAP + MARGIN + (s->depth > 0 ? SCALE : 0) + s->key_wide;
    int columns = s->f->columns;
    for (int i = 0; i < s->f->rows * columns; i++)
        if (s->panel[i].whole)
            return PICTURE;
    int own = (gedi__chart_width(s->f->style, aside + columns * (WIDE + GAP)) - aside) /
                  columns -
              GAP;
    return own > WIDE ? WIDE : own < NARROW ? NARROW : own;
}

/* The heights of rows, as their panels need them; returns what they take. */
static int arrange_rows(sheet *s)
{
    int at = MARGIN + gedi__chart_head(s->f->style) - 40 + ABOVE;
    for (int r = 0; r < s->f->rows; r++) {
        double shape = 0, least = INFINITY;
        for (int c = 0; c < s->f->columns; c++) {
            double own = s->panel[r * s->f->columns + c].plot.shape;
            shape = isfinite(own) ? fmax(shape, own) : shape;
            least = isfinite(own) ? fmin(least, own) : least;
        }
        /* Panels that differ little are of one height, and some of them a little narrower. */
        if (shape > 0 && shape < ALIKE * least)
            shape = least;
        shape = shape > 0 ? fmin(fmax(shape, 0.3), 1.5) : 0.6;
        s->top[r] = at;
        s->height[r] = (int)(s->wide * shape);
        at += s->height[r] + BELOW + GAP;
    }
    return at;
}

static void arrange(sheet *s)
{
    find_shapes(s);
    find_key(s);
    s->wide = wide_of(s);
    int at = arrange_rows(s);
    arrange_key(s, at - GAP - s->top[0]);
    if (s->key) { /* which takes some of the width */
        s->wide = wide_of(s);
        at = arrange_rows(s);
    }
    s->all = at - GAP + MARGIN;
    s->width = MARGIN + SIDE + s->f->columns * (s->wide + GAP) - GAP + MARGIN +
               (s->depth > 0 ? SCALE : 0) + s->key_wide;
    for (int i = 0; i < notes_of(s); i++)
        s->all += gedi__chart_note_height(note_at(s, i), s->width);
}

/* ---- the script ---- */

static void add_label(gedi__chart *c, const char *text, double x, double y,
                      const char *style)
{
    if (!text || !*text)
        return;
    gedi__text_add(&c->script, "set label ");
    gedi__chart_quote(&c->script, text);
    gedi__text_add(&c->script, " at screen %.5f, screen %.5f %s\n", x / c->width,
                   1 - y / c->height, style);
}

/* One bar for all panels, beside the first row, from the first of them that has colours. */
static void add_scale(gedi__chart *c, const sheet *s)
{
    double left = s->width - MARGIN - SCALE + GAP, high = s->height[0];
    gedi__text_add(&c->script, "set cbtics %.9g\n",
                   gedi__axis_spaced(s->depth, high, KEY_LINE, 6));
    gedi__text_add(
        &c->script,
        "set colorbox user noborder origin screen %.5f, screen %.5f size screen "
        "%.5f, screen %.5f\n"
        "set cblabel 'log p(x) - peak' offset 1.5,0\n",
        left / c->width, 1 - (s->top[0] + high) / c->height, (double)BAR / c->width,
        high / c->height);
}

/* The key's first line is as high as the upper edge of the panels. */
static void add_key(gedi__chart *c, const sheet *s)
{
    gedi__text_add(
        &c->script,
        "set key at screen %.5f,%.5f left top Left reverse samplen 0.5 spacing 1.2 "
        "maxrows %d\n",
        (s->width - s->key_wide) / (double)s->width, 1 - (s->top[0] - 10.0) / s->all,
        s->key_rows);
    if (s->key != GEDI__KEY_SAMPLES)
        gedi__text_add(&c->script, "set key title '%s' left\n",
                       s->key == GEDI__KEY_CLASSES ? "class" : "cluster");
    gedi__text_add(&c->script, "plot [0:1][0:1] NaN notitle");
    if (s->key == GEDI__KEY_SAMPLES)
        gedi__samples_key(c);
    else
        gedi__clusters_key(c, s->kinds);
    gedi__text_add(&c->script, "\n");
}

/* Of the room that it has: in two lines, or in smaller letters. */
static void add_fitted(gedi__chart *c, const char *text, bool bold, double x, double y,
                       int room, const char *style)
{
    if (!text || !*text)
        return;
    int lines;
    gedi__text words = {0};
    double size = gedi__chart_fit(&words, text, bold, bold ? 28 : 26, room, &lines);
    if (lines > 1 && strstr(style, "rotate"))
        x -= 18; /* its first line is where it is put */
    else if (lines > 1 && bold)
        y -= 30;
    gedi__text_add(&c->script,
                   "set label %s at screen %.5f, screen %.5f %s font %s.size(%.3g)\n",
                   words.s ? words.s : "''", x / c->width, 1 - y / c->height, style,
                   bold ? "bold" : "'Sans'", size);
    c->script.failed |= words.failed;
    gedi__text_clear(&words);
}

static void add_panel(gedi__chart *c, const sheet *s, int r, int k, bool scale)
{
    const gedi__panel *p = &s->f->panel[r * s->f->columns + k];
    const panel *own = &s->panel[r * s->f->columns + k];
    int left = MARGIN + SIDE + k * (s->wide + GAP), top = s->top[r], high = s->height[r];
    double middle = left + s->wide / 2.0;
    gedi__text *out = &c->script;
    gedi__text_add(out, "\nreset\nset datafile separator comma\nunset key\n");
    gedi__chart_margins(c, left, c->width - left - s->wide, top, c->height - top - high);
    if (k == 0 && s->f->row)
        add_fitted(c, s->f->row[r], true, MARGIN + 30, top + high / 2.0, high + BELOW,
                   "center rotate by 90");
    if (r == 0 && s->f->column)
        add_fitted(c, s->f->column[k], true, middle, top - 35, s->wide + GAP / 2,
                   "center");
    const char *grey = "center textcolor rgb '#505050'";
    if (own->damaged)
        add_label(c, "cannot be read", middle, top + high / 2.0, grey);
    bool below = own->drawn || own->damaged;
    add_fitted(c, p->note, false, middle, below ? top + high + 28 : top + high / 2.0,
               s->wide + GAP / 2, grey);
    gedi__text_add(out, "set border linewidth 0.7 linecolor rgb '#808080'\n"
                        "unset xtics\nunset ytics\nunset colorbox\n");
    if (!own->drawn) {
        gedi__text_add(out, "plot [0:1][0:1] NaN\n");
        return;
    }
    if (scale)
        add_scale(c, s);
    gedi__text_add(out, "name = ");
    if (own->plot.picture) {
        gedi__chart_quote(out, p->path);
        gedi__text_add(out, "\n");
    } else {
        gedi__text_add(out, "'%s/%s'\n", s->name, own->name);
    }
    if (own->plot.plane.nx)
        gedi__plane_range(c, &own->plot.plane);
    gedi__text_add(out, "%s", own->plot.chart.script.s);
}

static void add_table(gedi__chart *c, const gedi__figure_grid *f)
{
    gedi__text *t = gedi__chart_table(c, NULL, "row,column,figure,note");
    for (int r = 0; r < f->rows; r++)
        for (int k = 0; k < f->columns; k++) {
            const gedi__panel *p = &f->panel[r * f->columns + k];
            const char *field[] = {f->row ? f->row[r] : "", f->column ? f->column[k] : "",
                                   p->path ? p->path : "", p->note ? p->note : ""};
            for (int i = 0; i < 4; i++) {
                gedi__text_add_csv(t, field[i]);
                gedi__text_add(t, i < 3 ? "," : "\n");
            }
        }
}

/* What stands above and below all panels. */
static void add_words(gedi__chart *c, const sheet *s)
{
    char about[256];
    const char *given = s->f->subtitle ? s->f->subtitle : "";
    snprintf(about, sizeof about, "%s%s%s", given, *given && s->depth > 0 ? "; " : "",
             s->depth > 0 ? "one scale of colours for all" : "");
    gedi__chart_title(c, s->f->title, about);
    if (s->depth > 0)
        gedi__text_add(&c->script, "depth = %.9g\n", s->depth);
    gedi__text_add(&c->script, "set multiplot\n"
                               "unset key\nunset border\nunset tics\n");
    double below = MARGIN;
    for (int i = notes_of(s) - 1; i >= 0; i--) {
        gedi__chart_note(c, note_at(s, i), below);
        below += gedi__chart_note_height(note_at(s, i), s->width);
    }
    if (s->key)
        add_key(c, s);
    else
        gedi__text_add(&c->script, "plot [0:1][0:1] NaN\n");
}

static gedi_status draw(sheet *s, gedi_err *err)
{
    gedi__chart c;
    GEDI_TRY(gedi__folder_make(s->folder, err)); /* paths start there */
    for (int i = 0; i < s->f->rows * s->f->columns; i++)
        GEDI_TRY(read_panel(s, i, err));
    if (s->damaged == 1)
        snprintf(s->note, sizeof s->note, "cannot be read: %s", s->why);
    else
        snprintf(s->note, sizeof s->note, "%d cannot be read, the first: %s", s->damaged,
                 s->why);
    arrange(s);
    gedi__chart_open(&c, s->folder, s->name, s->width, s->all);
    gedi__chart_style(&c, s->f->style);
    add_table(&c, s->f);
    add_words(&c, s);
    bool scale = s->depth > 0;
    for (int i = 0; i < s->f->rows * s->f->columns; i++) {
        bool own = scale && s->panel[i].drawn && s->panel[i].plot.depth > 0;
        add_panel(&c, s, i / s->f->columns, i % s->f->columns, own);
        scale = scale && !own;
    }
    gedi__text_add(&c.script, "unset multiplot\n");
    return gedi__chart_draw(&c, err);
}

gedi_status gedi__draw_grid(const char *folder, const char *name,
                            const gedi__figure_grid *f, gedi_err *err)
{
    if (f->rows < 1 || f->columns < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': %d x %d panels; it needs 1 x 1",
                         name, f->rows, f->columns);
    GEDI_TRY(gedi__chart_check_name(name, err)); /* before a folder has it */
    int n = f->rows * f->columns;
    sheet s = {.f = f, .folder = folder, .name = name};
    s.panel = gedi__alloc((size_t)n, sizeof *s.panel, err, "figure '%s'", name);
    s.top = gedi__alloc((size_t)f->rows, sizeof *s.top, err, "figure '%s'", name);
    s.height = gedi__alloc((size_t)f->rows, sizeof *s.height, err, "figure '%s'", name);
    gedi__text_add(&s.tables, "%s/%s", folder, name);
    gedi_status status = s.panel && s.top && s.height && !s.tables.failed
                             ? draw(&s, err)
                             : gedi_no_memory(err, "figure '%s'", name);
    for (int i = 0; s.panel && i < n; i++)
        gedi__chart_clear(&s.panel[i].plot.chart);
    gedi__text_clear(&s.tables);
    free(s.panel);
    free(s.top);
    free(s.height);
    return status;
}
