/* figure_grid.c - figures of several runs side by side, drawn again from their scripts.
 *
 * A panel is what the run's own script draws, from the run's own data, without what only a
 * picture that stands alone needs: title, key, tics, scale of colours. A figure that has
 * several plots already is put in as the picture it is.
 */
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "core/base/file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    WIDE = 520,    /* pixels of a panel, */
    PICTURE = 900, /* and of one that is a picture with words of its own */
    GAP = 40,      /* between panels */
    SIDE = 110,    /* for the labels of the rows */
    ABOVE = 70,    /* for the labels of the columns */
    BELOW = 60,    /* for the note of a panel */
    MARGIN = 40,   /* around all */
    LINE = 40,     /* height of a note below all */
    PNG_HEAD = 24, /* bytes that end with width and height */
};

typedef struct panel {
    char *script; /* NULL: none */
    bool picture; /* put in the PNG */
    double shape; /* height over width */
} panel;

typedef struct sheet {
    const gedi__figure_grid *f;
    const char *folder;
    panel *panel;
    int *top;       /* [rows], pixels */
    int *height;    /* [rows] */
    int wide;       /* of a panel */
    bool scaled;    /* a panel has a scale of colours */
    int width, all; /* of the whole picture */
} sheet;

/* ---- what a run has ---- */

static bool begins(const char *line, const char *with)
{
    return !strncmp(line, with, strlen(with));
}

/* The line that follows, or the end. */
static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return *line ? line + 1 : line;
}

static double side_of(const char *script, const char *range)
{
    double a, b;
    for (const char *l = script; *l; l = next_line(l))
        if (begins(l, range) && sscanf(l + strlen(range), " [%lf:%lf]", &a, &b) == 2)
            return b - a;
    return NAN;
}

static double shape_of_png(const char *path)
{
    unsigned char b[PNG_HEAD];
    FILE *f = fopen(path, "rb");
    size_t n = f ? fread(b, 1, sizeof b, f) : 0;
    if (f)
        fclose(f);
    if (n < sizeof b)
        return NAN;
    double w = b[16] << 24 | b[17] << 16 | b[18] << 8 | b[19];
    double h = b[20] << 24 | b[21] << 16 | b[22] << 8 | b[23];
    return h / w;
}

static gedi_status read_panel(sheet *s, int i, gedi_err *err)
{
    panel *p = &s->panel[i];
    gedi__text path = {0};
    size_t size;
    p->shape = NAN;
    if (!s->f->panel[i].path)
        return GEDI_OK;
    gedi__text_add(&path, "%s/%s.gp", s->folder, s->f->panel[i].path);
    gedi_status status = GEDI_OK;
    if (path.failed)
        status = gedi_no_memory(err, "figure of %d panels", i);
    else if (gedi__file_exists(path.s))
        status = gedi__file_read(path.s, &p->script, &size, err);
    if (p->script) {
        p->picture = strstr(p->script, "\nset multiplot") != NULL;
        p->shape = side_of(p->script, "set yrange") / side_of(p->script, "set xrange");
    }
    s->scaled |= p->script && strstr(p->script, "\nset cbrange") != NULL;
    if (p->picture) {
        memcpy(path.s + path.len - 2, "pn", 2);
        gedi__text_add(&path, "g");
        p->shape = path.failed ? NAN : shape_of_png(path.s);
    }
    gedi__text_clear(&path);
    return status;
}

static void arrange(sheet *s)
{
    int at = MARGIN + GEDI__CHART_HEAD - 40 + ABOVE;
    s->wide = WIDE;
    for (int i = 0; i < s->f->rows * s->f->columns; i++)
        s->wide = s->panel[i].picture ? PICTURE : s->wide;
    for (int r = 0; r < s->f->rows; r++) {
        double shape = 0;
        for (int c = 0; c < s->f->columns; c++) {
            double own = s->panel[r * s->f->columns + c].shape;
            shape = isfinite(own) ? fmax(shape, own) : shape;
        }
        shape = shape > 0 ? fmin(fmax(shape, 0.3), 1.5) : 0.6;
        s->top[r] = at;
        s->height[r] = (int)(s->wide * shape);
        at += s->height[r] + BELOW + GAP;
    }
    s->all = at - GAP + MARGIN + s->f->notes * LINE;
    s->width = MARGIN + SIDE + s->f->columns * (s->wide + GAP) - GAP + MARGIN;
}

/* ---- the script ---- */

static bool is_left_out(const char *line)
{
    static const char *const out[] = {
        "#",           "name =",     "set terminal", "set output",   "set encoding",
        "set label",   "set title",  "set lmargin",  "set rmargin",  "set tmargin",
        "set bmargin", "set key",    "set tics",     "set cblabel",  "set colorbox",
        "set border",  "set xlabel", "set ylabel",   "set datafile",
    };
    for (size_t i = 0; i < sizeof out / sizeof *out; i++)
        if (begins(line, out[i]))
            return true;
    return false;
}

/* Half as large marks, for panels are about half as wide. */
static void add_line(gedi__text *out, const char *line, size_t n)
{
    static const char word[] = "pointsize ";
    const size_t w = sizeof word - 1;
    for (size_t i = 0; i < n; i++) {
        char *end;
        gedi__text_add(out, "%c", line[i]);
        if (i + 1 < w || strncmp(line + i + 1 - w, word, w))
            continue;
        double size = strtod(line + i + 1, &end);
        if (end == line + i + 1)
            continue;
        gedi__text_add(out, "%.3g", size / 2);
        i += (size_t)(end - (line + i + 1));
    }
}

static void add_script(gedi__text *out, const char *script)
{
    for (const char *line = script; *line; line = next_line(line))
        if (!is_left_out(line))
            add_line(out, line, (size_t)(next_line(line) - line));
}

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

static void add_panel(gedi__chart *c, const sheet *s, int r, int k)
{
    const gedi__panel *p = &s->f->panel[r * s->f->columns + k];
    const panel *own = &s->panel[r * s->f->columns + k];
    int left = MARGIN + SIDE + k * (s->wide + GAP), top = s->top[r], high = s->height[r];
    double middle = left + s->wide / 2.0;
    gedi__text *out = &c->script;
    gedi__text_add(out, "\nreset\nset datafile separator comma\nunset key\n");
    gedi__chart_margins(c, left, c->width - left - s->wide, top, c->height - top - high);
    if (k == 0 && s->f->row)
        add_label(c, s->f->row[r], MARGIN + 30, top + high / 2.0,
                  "center rotate by 90 font 'Sans:Bold,28'");
    if (r == 0 && s->f->column)
        add_label(c, s->f->column[k], middle, top - 35, "center font 'Sans:Bold,28'");
    add_label(c, p->note, middle, own->script ? top + high + 28 : top + high / 2.0,
              "center textcolor rgb '#505050'");
    gedi__text_add(out, "set border linewidth 0.7 linecolor rgb '#808080'\n"
                        "unset xtics\nunset ytics\nunset colorbox\n");
    if (!own->script) {
        gedi__text_add(out, "plot [0:1][0:1] NaN\n");
        return;
    }
    gedi__text_add(out, "name = ");
    gedi__chart_quote(out, p->path);
    gedi__text_add(out, "\n");
    if (own->picture)
        gedi__text_add(out, "set size ratio -1\nset autoscale fix\nunset border\n"
                            "plot name.'.png' binary filetype=png with rgbimage\n");
    else
        add_script(out, own->script);
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

static gedi_status draw(sheet *s, const char *name, gedi_err *err)
{
    gedi__chart c;
    GEDI_TRY(gedi__folder_make(s->folder, err)); /* paths start there */
    for (int i = 0; i < s->f->rows * s->f->columns; i++)
        GEDI_TRY(read_panel(s, i, err));
    arrange(s);
    gedi__chart_open(&c, s->folder, name, s->width, s->all);
    char about[256];
    const char *own = "each panel has its own scale of colours";
    const char *given = s->f->subtitle ? s->f->subtitle : "";
    snprintf(about, sizeof about, "%s%s%s", given, *given && s->scaled ? "; " : "",
             s->scaled ? own : "");
    gedi__chart_title(&c, s->f->title, about);
    add_table(&c, s->f);
    gedi__text_add(&c.script, "set multiplot\n"
                              "unset key\nunset border\nunset tics\n");
    for (int i = 0; i < s->f->notes; i++)
        add_label(&c, s->f->note[i], MARGIN,
                  s->all - MARGIN - (s->f->notes - 1 - i) * LINE,
                  "left font 'Sans,22' textcolor rgb '#505050'");
    gedi__text_add(&c.script, "plot [0:1][0:1] NaN\n");
    for (int r = 0; r < s->f->rows; r++)
        for (int k = 0; k < s->f->columns; k++)
            add_panel(&c, s, r, k);
    gedi__text_add(&c.script, "unset multiplot\n");
    return gedi__chart_draw(&c, err);
}

gedi_status gedi__draw_grid(const char *folder, const char *name,
                            const gedi__figure_grid *f, gedi_err *err)
{
    if (f->rows < 1 || f->columns < 1)
        return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': %d x %d panels; it needs 1 x 1",
                         name, f->rows, f->columns);
    int n = f->rows * f->columns;
    sheet s = {.f = f, .folder = folder};
    s.panel = calloc((size_t)n, sizeof *s.panel);
    s.top = calloc((size_t)f->rows, sizeof *s.top);
    s.height = calloc((size_t)f->rows, sizeof *s.height);
    gedi_status status = s.panel && s.top && s.height
                             ? draw(&s, name, err)
                             : gedi_no_memory(err, "figure '%s'", name);
    for (int i = 0; s.panel && i < n; i++)
        free(s.panel[i].script);
    free(s.panel);
    free(s.top);
    free(s.height);
    return status;
}
