/* grid_script.c - the commands that draw the panels of a grid, and the words around them. */
#include "core/report/axis.h"
#include "core/report/chart_key.h"
#include "core/report/grid_sheet.h"
#include "core/report/palette.h"
#include "core/report/plane.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char GREY[] = "center textcolor rgb '#505050'";

enum { LARGE = 28, USUAL = 26, SMALL = 22 }; /* sizes of letters */

/* One bar for all panels, beside the first row. */
static void add_scale(gedi__chart *c, const gedi__grid_sheet *s)
{
    double left = s->width - s->right - GEDI__SHEET_MARGIN - GEDI__SHEET_SCALE +
                  GEDI__SHEET_GAP,
           high = s->height[0], length = s->depth > 0 ? s->depth : 1;
    gedi__text words = {0}; /* of others the line below the title says it */
    double size = gedi__chart_fit(&words, s->depth > 0 ? "log p(x) - peak" : "", false,
                                  26, (int)high + GEDI__SHEET_GAP, NULL);
    gedi__text_add(&c->script, "set cbtics %.9g\n",
                   gedi__axis_spaced(length, high, GEDI__SHEET_KEY, 6));
    gedi__text_add(
        &c->script,
        "set colorbox user noborder origin screen %.5f, screen %.5f size screen "
        "%.5f, screen %.5f\n"
        "set cblabel %s offset 1.5,0 font 'Sans'.size(%.3g)\n",
        left / c->width, 1 - (s->top[0] + high) / c->height,
        (double)GEDI__SHEET_BAR / c->width, high / c->height, words.s ? words.s : "''",
        size);
    c->script.failed |= words.failed;
    gedi__text_clear(&words);
}

/* ---- the key ---- */

static void add_series_key(gedi__chart *c, const gedi__grid_sheet *s)
{
    for (int i = 0; i < s->names; i++) {
        gedi__text_add(&c->script,
                       ", \\\n    keyentry with lines linewidth 1 linecolor rgb "
                       "'#%06x' title ",
                       (unsigned)gedi__colour(i));
        gedi__chart_quote(&c->script, s->series[i]);
    }
}

/* Beside the panels its first line is as high as their upper edge. `below`: pixels of the notes. */
static void add_key(gedi__chart *c, const gedi__grid_sheet *s, int below)
{
    if (s->key == GEDI__KEY_SERIES)
        gedi__key_set(c, s->key_across, below - 20);
    else
        gedi__text_add(
            &c->script,
            "set key at screen %.5f,%.5f left top Left reverse samplen 0.5 spacing 1.2*up "
            "maxrows %d\n",
            (s->width - s->right - s->key_wide) / (double)s->width,
            1 - (s->top[0] - 10.0) / s->all, s->key_rows);
    if (s->key == GEDI__KEY_CLASSES || s->key == GEDI__KEY_CLUSTERS)
        gedi__text_add(&c->script, "set key title '%s' left\n",
                       s->key == GEDI__KEY_CLASSES ? "class" : "cluster");
    gedi__text_add(&c->script, "plot [0:1][0:1] NaN notitle");
    if (s->key == GEDI__KEY_SERIES)
        add_series_key(c, s);
    else if (s->key == GEDI__KEY_SAMPLES)
        gedi__samples_key(c);
    else
        gedi__clusters_key(c, s->kinds);
    gedi__text_add(&c->script, "\n");
}

/* ---- a panel ---- */

/* Its rectangle on the page, pixels. */
typedef struct place {
    int left, top, high;
} place;

static int place_in(const char (*word)[GEDI__PLOT_WORD], int n, const char *own)
{
    int i = 0;
    while (i < n - 1 && strcmp(word[i], own))
        i++;
    return i;
}

/* The variables of a table of cells: sizes of letters, and labels that do not touch. */
static void set_cells(gedi__chart *c, const gedi__grid_sheet *s, const gedi__plot *p,
                      const place *at)
{
    enum { DIGIT = 16, LINE = 28 };
    int x = DIGIT * (p->label_letters + 1) * p->cells_x / s->wide + 1,
        y = LINE * p->cells_y / at->high + 1;
    gedi__text_add(&c->script, "letters = %.3g\neveryx = %d\neveryy = %d\n", s->letters,
                   x, y);
    double middle = at->left + s->wide / 2.0;
    gedi__chart_label(c, "class", middle, at->top + at->high + 55, false, USUAL, s->wide,
                      GREY);
    gedi__chart_label(c, "cluster", at->left - 65, at->top + at->high / 2.0, false, USUAL,
                      at->high, "center rotate by 90 textcolor rgb '#505050'");
}

/* The variables of several plots below each other, and the names of all of them. */
static void set_parts(gedi__chart *c, const gedi__grid_sheet *s, const gedi__plot *p,
                      const place *at)
{
    enum { DIGIT = 17, MANY = 6 };
    int high = at->high / s->parts;
    gedi__text *out = &c->script;
    gedi__text_add(out,
                   "wide = %d\nleft_edge = %.5f\npixel_wide = %.3g\npixel_high = %.3g\n",
                   s->wide, (double)at->left / c->width, 1.0 / c->width, 1.0 / c->height);
    for (int k = 0; k < s->parts; k++) {
        int upper = at->top + k * high + GEDI__SHEET_HEAD;
        bool there = false;
        for (int i = 0; i < p->parts; i++)
            there |= place_in((const char(*)[GEDI__PLOT_WORD])s->part, s->parts,
                              p->part[i].name) == k;
        /* In one line, as there is another below it. */
        double size = fmin(SMALL, s->wide / (0.6 * (double)strlen(s->part[k])));
        gedi__text_add(out, "set label ");
        gedi__chart_quote(out, s->part[k]);
        gedi__text_add(out, " at screen %.5f, screen %.5f left font 'Sans'.size(%.3g)\n",
                       (double)at->left / c->width, 1 - (upper - 52.0) / c->height,
                       fmax(size, 20));
        if (!there)
            gedi__chart_label(c, "no such score", at->left + s->wide / 2.0,
                              upper + (high - GEDI__SHEET_HEAD - GEDI__SHEET_FOOT) / 2.0,
                              false, USUAL, s->wide, GREY);
    }
    for (int i = 0; i < p->parts; i++) {
        const gedi__plot_part *part = &p->part[i];
        int k = place_in((const char(*)[GEDI__PLOT_WORD])s->part, s->parts, part->name);
        int upper = at->top + k * high + GEDI__SHEET_HEAD;
        int lower = at->top + (k + 1) * high - GEDI__SHEET_FOOT;
        gedi__text_add(out, "upper%d = %.5f\nlower%d = %.5f\nstep%d = %.9g\n", i + 1,
                       1 - (double)upper / c->height, i + 1,
                       1 - (double)lower / c->height, i + 1,
                       gedi__axis_numbered(part->low, part->high, s->wide, DIGIT, MANY));
    }
    for (int i = 0; i < p->names; i++) {
        int k =
            place_in((const char(*)[GEDI__PLOT_WORD])s->series, s->names, p->series[i]);
        gedi__text_add(out, "tone%d = 0x%06x\nlight%d = 0x%06x\n", i + 1,
                       (unsigned)gedi__colour(k), i + 1, (unsigned)gedi__tint(k, 0.35));
    }
}

static void add_words(gedi__chart *c, const gedi__grid_sheet *s, int r, int k,
                      const place *at)
{
    const gedi__panel *p = &s->f->panel[r * s->f->columns + k];
    const gedi__sheet_panel *own = &s->panel[r * s->f->columns + k];
    double middle = at->left + s->wide / 2.0, centre = at->top + at->high / 2.0;
    int room = s->wide + GEDI__SHEET_GAP / 2, axis = s->cells ? GEDI__SHEET_AXIS : 0;
    if (k % s->across == 0 && s->f->row)
        gedi__chart_label(c, s->f->row[r], GEDI__SHEET_MARGIN + s->right + 30, centre,
                          true, LARGE, at->high + GEDI__SHEET_NOTE,
                          "center rotate by 90");
    if (r == 0 && s->f->column) {
        const char *name = s->f->column[k];
        int lines = gedi__chart_lines(name, true, LARGE, room);
        gedi__chart_label(c, name, middle, at->top - 5 - 30 * lines, true, LARGE, room,
                          "center");
    }
    if (own->damaged)
        gedi__chart_label(c, "cannot be read", middle, centre, false, USUAL, room, GREY);
    double below = own->drawn || own->damaged ? at->top + at->high + axis + 28 : centre;
    gedi__chart_label(c, p->note, middle, below, false, USUAL, room, GREY);
}

/* Panel (r, k); its colours are those of the scale, which it draws if `scale`. */
static void add_panel(gedi__chart *c, const gedi__grid_sheet *s, int r, int k, bool scale)
{
    const gedi__sheet_panel *own = &s->panel[r * s->f->columns + k];
    int line = k / s->across * s->f->rows + r;
    place at = {s->left + k % s->across * (s->wide + s->gap), s->top[line],
                s->height[line]};
    gedi__text *out = &c->script;
    gedi__text_add(out, "\nreset\nset datafile separator comma\nunset key\n");
    gedi__chart_margins(c, at.left, c->width - at.left - s->wide, at.top,
                        c->height - at.top - at.high);
    add_words(c, s, r, k, &at);
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
        gedi__chart_quote(out, s->f->panel[r * s->f->columns + k].path);
        gedi__text_add(out, "\n");
    } else {
        gedi__text_add(out, "'%s/%s'\n", s->name, own->name);
    }
    if (own->plot.plane.nx)
        gedi__plane_range(c, &own->plot.plane);
    if (own->plot.cells_x)
        set_cells(c, s, &own->plot, &at);
    if (own->plot.parts)
        set_parts(c, s, &own->plot, &at);
    gedi__text_add(out, "%s", own->plot.chart.script.s);
}

/* ---- the whole ---- */

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

/* What holds for all panels. */
static void explain(const gedi__grid_sheet *s, gedi__text *out)
{
    const char *given = s->f->subtitle ? s->f->subtitle : "";
    const char *about = s->depth > 0 ? "one scale of colours for all"
                        : s->letters > 0
                            ? "numbers: test records; colour: share of the class"
                        : s->cells ? "colour: share of the class"
                        : s->parts ? "shares of records, each plot on axes of its own"
                                   : "";
    gedi__text_add(out, "%s%s%s", given, *given && *about ? "; " : "", about);
}

/* What stands above and below all panels. */
static void add_frame(gedi__chart *c, const gedi__grid_sheet *s)
{
    gedi__text about = {0};
    explain(s, &about);
    gedi__chart_title(c, s->f->title, about.s);
    c->script.failed |= about.failed;
    gedi__text_clear(&about);
    if (s->depth > 0)
        gedi__text_add(&c->script, "depth = %.9g\n", s->depth);
    gedi__text_add(&c->script, "set multiplot\n"
                               "unset key\nunset border\nunset tics\n");
    int below = GEDI__SHEET_MARGIN;
    for (int i = gedi__sheet_notes(s) - 1; i >= 0; i--) {
        gedi__chart_note(c, gedi__sheet_note(s, i), below);
        below += gedi__chart_note_height(gedi__sheet_note(s, i), s->width);
    }
    if (s->key)
        add_key(c, s, below);
    else
        gedi__text_add(&c->script, "plot [0:1][0:1] NaN\n");
}

void gedi__sheet_write(gedi__chart *c, const gedi__grid_sheet *s)
{
    bool scale = gedi__sheet_has_scale(s);
    add_table(c, s->f);
    add_frame(c, s);
    for (int i = 0; i < s->f->rows * s->f->columns; i++) {
        const gedi__plot *p = &s->panel[i].plot;
        bool own = scale && s->panel[i].drawn && (p->depth > 0 || p->cells_x);
        add_panel(c, s, i / s->f->columns, i % s->f->columns, own);
        scale = scale && !own;
    }
    gedi__text_add(&c->script, "unset multiplot\n");
}
