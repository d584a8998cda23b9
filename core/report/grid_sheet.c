/* grid_sheet.c - where the panels of a grid are, as their words need it. */
#include "core/report/grid_sheet.h"
#include "core/report/chart_key.h"
#include "core/report/plane.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    WIDE = 520,    /* pixels of a panel, at most, */
    NARROW = 200,  /* at least, */
    PLOTS = 300,   /* where it has several plots, whose names need it, */
    AUROCS = 116,  /* and the words of their AUROCs, */
    AUROC = 84,    /* each */
    LARGEST = 800, /* of one for print, */
    PICTURE = 900, /* and of one that is a picture with words of its own */
    SCREEN = 3200, /* of a picture for screens */
    PART = 130,    /* height of one of several plots, at least, */
    PART_MOST = 200,
    LABEL = 35,     /* above the panels, for a line of the labels of the columns */
    KEY_ASIDE = 60, /* room beside the key, and width of a column: */
    KEY_NUMBER = 110,
    KEY_MORE = 200,
    KEY_WORD = 190,
    LARGE = 28, /* sizes of letters */
    USUAL = 26,
    SMALL = 16,
};

#define ALIKE                                                                            \
    1.3 /* times as high as the lowest panel of its row is the highest, at most */

int gedi__sheet_notes(const gedi__grid_sheet *s)
{
    return s->f->notes + (s->damaged > 0);
}

const char *gedi__sheet_note(const gedi__grid_sheet *s, int i)
{
    return i < s->f->notes ? s->f->note[i] : s->note;
}

bool gedi__sheet_has_scale(const gedi__grid_sheet *s)
{
    return s->depth > 0 || s->cells;
}

static int panels_of(const gedi__grid_sheet *s)
{
    return s->f->rows * s->f->columns;
}

/* One part of the plane for all, where that is asked for, and the shapes of panels. */
static void find_shapes(gedi__grid_sheet *s)
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

/* The place of a word among n, which it joins; `most` where there is no room. */
static int place_of(char (*word)[GEDI__PLOT_WORD], int *n, int most, const char *own)
{
    int i = 0;
    while (i < *n && strcmp(word[i], own))
        i++;
    if (i == *n && i < most)
        snprintf(word[(*n)++], GEDI__PLOT_WORD, "%s", own);
    return i;
}

/* What all panels have: plots and series by name, axes. */
static void find_parts(gedi__grid_sheet *s)
{
    for (int i = 0; i < panels_of(s); i++) {
        const gedi__plot *p = &s->panel[i].plot;
        if (!s->panel[i].drawn)
            continue;
        s->cells |= p->cells_x > 0;
        for (int k = 0; k < p->parts; k++)
            place_of(s->part, &s->parts, GEDI__SHEET_PARTS, p->part[k].name);
        for (int k = 0; k < p->names; k++)
            place_of(s->series, &s->names, GEDI__SHEET_SERIES, p->series[k]);
    }
}

/* A key, where colours mean the same in all panels, and more than one thing. */
static void find_key(gedi__grid_sheet *s)
{
    bool any = false;
    for (int i = 0; i < panels_of(s); i++) {
        const gedi__plot *p = &s->panel[i].plot;
        if (!s->panel[i].drawn)
            continue;
        s->key = any && p->key != s->key ? GEDI__KEY_NONE : p->key;
        if (!s->key)
            return;
        any = true;
        s->kinds = p->kinds > s->kinds ? p->kinds : s->kinds;
    }
    if (s->key == GEDI__KEY_CLUSTERS || s->key == GEDI__KEY_CLASSES)
        s->key = s->kinds < 2 ? GEDI__KEY_NONE : s->key;
}

/* Beside the panels, in as many columns as their height needs; words are below them. */
static void arrange_key(gedi__grid_sheet *s, int high)
{
    if (s->key == GEDI__KEY_NONE)
        return;
    if (s->key == GEDI__KEY_SERIES) {
        int letters = 1;
        s->entries = s->names;
        for (int i = 0; i < s->names; i++)
            letters =
                (int)strlen(s->series[i]) > letters ? (int)strlen(s->series[i]) : letters;
        int least = GEDI__SHEET_MARGIN + gedi__key_entry(s->f->style, letters) +
                    GEDI__SHEET_MARGIN; /* a name that is cut is another */
        s->width = least > s->width ? least : s->width;
        s->key_high =
            gedi__key_below(s->f->style, s->entries, letters, s->width, &s->key_across);
        return;
    }
    bool many = s->kinds > GEDI__KEY_ENTRIES;
    s->entries = s->key == GEDI__KEY_SAMPLES ? 2
                 : many                      ? GEDI__KEY_ENTRIES + 1
                                             : s->kinds;
    int rows = high / GEDI__SHEET_KEY - 1;
    rows = rows < 1 ? 1 : rows;
    int columns = (s->entries + rows - 1) / rows;
    s->key_rows = (s->entries + columns - 1) / columns;
    s->key_wide = KEY_ASIDE + columns * (s->key == GEDI__KEY_SAMPLES ? KEY_WORD
                                         : many                      ? KEY_MORE
                                                                     : KEY_NUMBER);
}

static int aside_of(const gedi__grid_sheet *s)
{
    return s->left + GEDI__SHEET_MARGIN +
           (gedi__sheet_has_scale(s) ? GEDI__SHEET_SCALE : 0) + s->key_wide;
}

/* Panels become narrower in a picture of a width, and where that is not enough there are fewer beside each
 * other: letters are as large as ever. */
static void arrange_columns(gedi__grid_sheet *s)
{
    int columns = s->f->columns, blocks = 1, own = PICTURE;
    int axis = s->cells ? GEDI__SHEET_AXIS : 0;
    bool whole = false;
    for (int i = 0; i < panels_of(s); i++)
        whole |= s->panel[i].whole;
    s->right = 0;
    s->left = GEDI__SHEET_MARGIN + (s->f->row ? GEDI__SHEET_SIDE : 0) + axis;
    s->gap = GEDI__SHEET_GAP + axis;
    int aside = aside_of(s) - s->gap, usual = aside + columns * (WIDE + s->gap);
    int all = gedi__chart_width(s->f->style, usual < SCREEN ? usual : SCREEN);
    int least = s->parts ? PLOTS : NARROW;
    if (s->parts && AUROCS + AUROC * (s->names - 1) > least)
        least = AUROCS + AUROC * (s->names - 1);
    for (; !whole; blocks++) {
        s->across = (columns + blocks - 1) / blocks;
        own = (all - aside) / s->across - s->gap;
        if (own >= least || s->across == 1)
            break;
    }
    s->across = (columns + blocks - 1) / blocks;
    s->lines = s->f->rows * ((columns + s->across - 1) / s->across);
    bool print = s->f->style && s->f->style->width > 0;
    int floor = s->parts ? PLOTS : NARROW, widest = print ? LARGEST : WIDE;
    s->wide = whole ? PICTURE : own > widest ? widest : own < floor ? floor : own;
    s->width = aside + s->across * (s->wide + s->gap);
    if (print && s->width < all) { /* else its letters would be larger */
        s->left += (all - s->width) / 2;
        s->right = (all - s->width) / 2;
        s->width = all;
    }
}

/* Of a panel without plots below each other. */
static int high_of(const gedi__grid_sheet *s, int line)
{
    double shape = 0, least = INFINITY;
    int row = line % s->f->rows, first = line / s->f->rows * s->across;
    for (int c = first; c < s->f->columns && c < first + s->across; c++) {
        double own = s->panel[row * s->f->columns + c].plot.shape;
        shape = isfinite(own) ? fmax(shape, own) : shape;
        least = isfinite(own) ? fmin(least, own) : least;
    }
    /* Panels that differ little are of one height, and some of them a little narrower. */
    if (shape > 0 && shape < ALIKE * least)
        shape = least;
    shape = shape > 0 ? fmin(fmax(shape, 0.3), 1.5) : 0.6;
    return (int)(s->wide * shape);
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

/* The heights of lines, as their panels need them; returns what they take. */
static int arrange_lines(gedi__grid_sheet *s)
{
    int part = s->wide * 2 / 5;
    part = part < PART ? PART : part > PART_MOST ? PART_MOST : part;
    int at = GEDI__SHEET_MARGIN + gedi__chart_head(s->f->style) - 40;
    int room = s->wide + GEDI__SHEET_GAP / 2;
    s->note_lines = s->label_lines = 1;
    for (int i = 0; i < panels_of(s); i++)
        s->note_lines = most(s->note_lines,
                             gedi__chart_lines(s->f->panel[i].note, false, USUAL, room));
    for (int i = 0; s->f->column && i < s->f->columns; i++)
        s->label_lines =
            most(s->label_lines, gedi__chart_lines(s->f->column[i], true, LARGE, room));
    for (int i = 0; i < s->lines; i++) {
        at += s->f->column && i % s->f->rows == 0 ? LABEL * (1 + s->label_lines) : 0;
        s->top[i] = at;
        s->height[i] = s->parts ? s->parts * (GEDI__SHEET_HEAD + part + GEDI__SHEET_FOOT)
                                : high_of(s, i);
        at += s->height[i] + 25 + GEDI__SHEET_NOTE * s->note_lines + GEDI__SHEET_GAP;
        at += s->cells ? GEDI__SHEET_AXIS : 0;
    }
    return at;
}

/* One size for the words of all cells. */
static void find_letters(gedi__grid_sheet *s)
{
    s->letters = USUAL;
    for (int i = 0; i < panels_of(s); i++) {
        const gedi__plot *p = &s->panel[i].plot;
        int row = i / s->f->columns, block = i % s->f->columns / s->across;
        if (!s->panel[i].drawn || !p->cells_x)
            continue;
        double wide = s->wide / (double)p->cells_x,
               high = s->height[block * s->f->rows + row] / (double)p->cells_y;
        s->letters = fmin(s->letters, fmin(wide / (0.8 * p->cell_letters), high / 1.5));
    }
    if (!s->cells || s->letters < SMALL)
        s->letters = 0;
}

void gedi__sheet_arrange(gedi__grid_sheet *s)
{
    find_shapes(s);
    find_parts(s);
    find_key(s);
    arrange_columns(s);
    int at = arrange_lines(s);
    arrange_key(s, at - GEDI__SHEET_GAP - s->top[0]);
    if (s->key_wide) { /* which takes some of the width */
        arrange_columns(s);
        at = arrange_lines(s);
    }
    find_letters(s);
    s->all = at - GEDI__SHEET_GAP + s->key_high + GEDI__SHEET_MARGIN;
    for (int i = 0; i < gedi__sheet_notes(s); i++)
        s->all += gedi__chart_note_height(gedi__sheet_note(s, i), s->width);
}
