/* chart.c - what all figures share: tables, a gnuplot script, a picture. */
#include "core/report/chart.h"
#include "core/base/file.h"
#include "core/report/glyphs.h"
#include "core/report/gnuplot.h"
#include "core/report/picture.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gedi__chart_open(gedi__chart *c, const char *folder, const char *name, int width,
                      int height)
{
    memset(c, 0, sizeof *c);
    c->folder = folder;
    c->name = name;
    c->width = width;
    c->height = height;
}

static const char *const format_name[] = {
    [GEDI__PNG] = "png", [GEDI__PDF] = "pdf", [GEDI__SVG] = "svg"};

/* To gnuplot's terminals by cairo a font of 26 is 26 points at 96 dots an inch, which are 8 of ours. */
static const double FONT = 96.0 / 72, POINTS = 8 / (26 * 96.0 / 72);
enum { POINTS_AN_INCH = 72, PIXELS_AN_INCH = 96 /* of SVG */, DOTS_AN_INCH = 300 };

int gedi__chart_styles(const gedi__print *print, gedi__style style[2])
{
    style[0] = (gedi__style){0};
    style[1] = (gedi__style){
        .format = (gedi__picture_format)print->format,
        .title = print->title && strcmp(print->title, "auto") ? print->title : NULL,
        .width = print->width ? gedi__text_inches(print->width) : 0};
    if (print->format != GEDI__PNG)
        return 2;
    style[0] = style[1];
    return 1;
}

void gedi__chart_style(gedi__chart *c, const gedi__style *style)
{
    if (style)
        c->style = *style;
}

int gedi__chart_width(const gedi__style *style, int usual)
{
    return style && style->width > 0 ? (int)(style->width * POINTS_AN_INCH / POINTS)
                                     : usual;
}

int gedi__chart_head(const gedi__style *style)
{
    return !style || !style->title ? GEDI__CHART_HEAD : *style->title ? 106 : 30;
}

/* Marks as large as on a screen, where the radius is 3 pixels times their size and half a line. A unit
 * is 3 points in a PDF. In an SVG it is 0.375 letters of 26, and no line goes around. */
static void add_marks(const gedi__chart *c, gedi__text *s, double scale)
{
    if (c->style.format == GEDI__SVG)
        gedi__text_add(s, "mark(n) = %.4g * (n + 0.5)\n", 3 / (0.375 * 26 * FONT));
    else
        gedi__text_add(s, "mark(n) = %.4g * n\n", scale);
}

/* Lines are higher to gnuplot's terminal for SVG than they are drawn: `up` of its characters are one of the others', and
 * what stands below an axis, which it would leave out for want of room, goes up, numbers by `drop`. */
static void add_lines(const gedi__chart *c, gedi__text *s)
{
    bool svg = c->style.format == GEDI__SVG;
    gedi__text_add(s, "up = %g\ndrop = %g\n%s", svg ? 0.776 : 1.0, svg ? 0.34 : 0.0,
                   svg ? "set xtics offset 0,drop\nset xlabel offset 0,0.67\n" : "");
}

/* What the script begins with. Fonts, lines and marks are those of the picture for screens, scaled. */
static void add_head(const gedi__chart *c, gedi__text *s)
{
    const gedi__style *style = &c->style;
    const char *format = format_name[style->format];
    double width = style->width > 0 ? style->width : c->width * POINTS / POINTS_AN_INCH;
    double height = width * c->height / c->width;
    double k = width * POINTS_AN_INCH / c->width; /* points a pixel */
    gedi__text_add(s, "# Draws %s.%s; run `gnuplot %s%s%s.gp` in this folder.\n", c->name,
                   format, c->name, style->format == GEDI__PNG ? "" : "-",
                   style->format == GEDI__PNG ? "" : format);
    gedi__text_add(s, "name = ");
    gedi__chart_quote(s, c->name);
    bool screen = style->format == GEDI__PNG && !(style->width > 0);
    int dots = style->format == GEDI__SVG ? PIXELS_AN_INCH : DOTS_AN_INCH;
    double scale = screen                       ? 1
                   : style->format == GEDI__PDF ? k
                   : style->format == GEDI__SVG ? FONT * width * dots / c->width
                                                : width * dots / c->width;
    gedi__text_add(
        s,
        "\n# Sizes of letters are those for a screen, times this.\nscale = %.5g\n"
        "size(n) = sprintf(',%%.4g', n * scale)\n",
        scale);
    /* The terminal for SVG takes what follows a colon for a part of the family's name. */
    gedi__text_add(s, "bold = 'Sans%s'\n", style->format == GEDI__SVG ? "" : ":Bold");
    if (screen)
        gedi__text_add(s, "set terminal pngcairo noenhanced size %d,%d ", c->width,
                       c->height);
    else if (style->format == GEDI__PDF)
        gedi__text_add(s,
                       "set terminal pdfcairo noenhanced fontscale 1 size %.4fin,%.4fin ",
                       width, height);
    else
        gedi__text_add(s, "set terminal %s noenhanced size %.0f,%.0f ",
                       style->format == GEDI__SVG ? "svg background rgb 'white'"
                                                  : "pngcairo",
                       width * dots, height * dots);
    gedi__text_add(s, "font 'Sans'.size(26) linewidth %.4g\n",
                   style->format == GEDI__PDF ? 1.5 * k / POINTS : 3 * scale);
    add_lines(c, s);
    add_marks(c, s, screen ? 1 : style->format == GEDI__PDF ? k : scale);
    gedi__text_add(s, "set output name.'.%s'\n", format);
    gedi__text_add(s, "set encoding utf8\n"
                      "set datafile separator comma\n"
                      "set border linewidth 0.7 linecolor rgb '#404040'\n"
                      "set tics out nomirror scale 0.6 textcolor rgb '#404040'\n");
}

gedi__text *gedi__chart_table(gedi__chart *c, const char *part, const char *columns)
{
    GEDI_ASSERT(c->tables < GEDI__CHART_TABLES);
    int i = c->tables++;
    c->table[i].part = part;
    if (columns)
        gedi__text_add(&c->table[i].text, "%s\n", columns);
    return &c->table[i].text;
}

void gedi__chart_number(gedi__text *t, double x)
{
    if (isfinite(x))
        gedi__text_add(t, "%.7g", x);
    else
        gedi__text_add(t, "NaN");
}

void gedi__chart_band(gedi__text *t, double mean, double deviation, int runs)
{
    const double number[] = {mean, mean - deviation, mean + deviation};
    for (int i = 0; i < 3; i++) {
        gedi__chart_number(t, number[i]);
        gedi__text_add(t, ",");
    }
    gedi__text_add(t, "%d,", runs);
}

void gedi__chart_quote(gedi__text *t, const char *s)
{
    gedi__text_add(t, "'");
    for (; *s; s++)
        if (*s == '\'')
            gedi__text_add(t, "''");
        else
            gedi__text_add(t, "%c", (unsigned char)*s < ' ' ? ' ' : *s);
    gedi__text_add(t, "'");
}

/* gnuplot takes a text at an axis with a % for a format of the number there, whose result has 50 bytes at most. */
void gedi__chart_tic(gedi__text *t, const char *s)
{
    enum { MOST = 49 };
    bool format = strchr(s, '%'), cut = format && strlen(s) > MOST;
    size_t n = cut ? MOST - strlen("...") : strlen(s);
    while (cut && n && ((unsigned char)s[n] & 0xc0) == 0x80)
        n--; /* a letter is there as a whole */
    gedi__text text = {0};
    for (size_t i = 0; i < n; i++)
        gedi__text_add(&text, s[i] == '%' ? "%%%%" : "%c", s[i]);
    gedi__text_add(&text, cut ? "..." : "");
    gedi__chart_quote(t, text.s ? text.s : "");
    t->failed |= text.failed;
    gedi__text_clear(&text);
}

void gedi__chart_field(gedi__text *t, const char *s)
{
    gedi__text_add(t, "\"%s", gedi__text_is_formula(s) ? "'" : "");
    for (; *s; s++)
        gedi__text_add(t, "%c", *s == '"' ? '\'' : (unsigned char)*s < ' ' ? ' ' : *s);
    gedi__text_add(t, "\"");
}

void gedi__chart_margins(gedi__chart *c, int left, int right, int top, int bottom)
{
    gedi__text_add(&c->script, "set lmargin at screen %.5f\n", (double)left / c->width);
    gedi__text_add(&c->script, "set rmargin at screen %.5f\n",
                   1 - (double)right / c->width);
    gedi__text_add(&c->script, "set tmargin at screen %.5f\n",
                   1 - (double)top / c->height);
    gedi__text_add(&c->script, "set bmargin at screen %.5f\n",
                   (double)bottom / c->height);
}

/* Writes FOLDER/NAME[-PART].SUFFIX. */
static gedi_status put(const gedi__chart *c, const char *part, const char *suffix,
                       const gedi__text *t, gedi_err *err)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s/%s%s%s.%s", c->folder, c->name, part ? "-" : "",
                   part ? part : "", suffix);
    gedi_status s;
    if (path.failed || t->failed)
        s = gedi_no_memory(err, "figure '%s'", c->name);
    else
        s = gedi__file_write(path.s, t->s, t->len, err);
    gedi__text_clear(&path);
    return s;
}

/* On a full disk gnuplot leaves the beginning of a picture, and says nothing. */
static gedi_status draw(const char *folder, const char *script, const char *png,
                        gedi_err *err)
{
    GEDI_TRY(gedi__gnuplot_run(folder, script, err));
    if (gedi__picture_is_whole(png))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_IO, "the picture is cut off: is the disk full?");
}

/* ".png", and of the script "" or "-pdf". */
static const char *script_part(const gedi__chart *c)
{
    return c->style.format == GEDI__PNG ? NULL : format_name[c->style.format];
}

static gedi_status run(const gedi__chart *c, gedi_err *err)
{
    gedi__text picture = {0}, script = {0};
    const char *part = script_part(c);
    gedi_err why;
    gedi_status s;
    gedi__text_add(&picture, "%s/%s.%s", c->folder, c->name,
                   format_name[c->style.format]);
    gedi__text_add(&script, "%s%s%s.gp", c->name, part ? "-" : "", part ? part : "");
    if (picture.failed || script.failed)
        s = gedi_no_memory(err, "figure '%s'", c->name);
    else if (unlink(picture.s) && errno != ENOENT)
        s = GEDI_FAIL(err, GEDI_IO, "%s: the old picture cannot be replaced: %s",
                      picture.s, strerror(errno));
    else if ((s = draw(c->folder, script.s, picture.s, &why)) != GEDI_OK) {
        (void)unlink(picture.s); /* half a picture */
        GEDI_FAIL(err, s, "%s: not drawn (its data and script are kept): %s", picture.s,
                  why.msg);
    }
    gedi__text_clear(&picture);
    gedi__text_clear(&script);
    return s;
}

gedi_status gedi__chart_check_name(const char *name, gedi_err *err)
{
    if (gedi__text_is_name(name))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_USAGE, "figure '%s': its name is not " GEDI__NAME_RULE,
                     name);
}

gedi_status gedi__chart_save(gedi__chart *c, gedi_err *err)
{
    gedi_status s = gedi__chart_check_name(c->name, err);
    if (s == GEDI_OK)
        s = gedi__folder_make(c->folder, err);
    for (int i = 0; i < c->tables && s == GEDI_OK; i++)
        s = put(c, c->table[i].part, "csv", &c->table[i].text, err);
    for (int i = 0; i < c->tables; i++)
        gedi__text_clear(&c->table[i].text);
    c->tables = 0;
    return s;
}

/* A picture for print of numbers before, where its script says that gedi drew it. Every figure is drawn
 * as a PNG first, and then as what is asked for now. */
static gedi_status remove_old(const gedi__chart *c, gedi_err *err)
{
    bool failed = false;
    for (int f = GEDI__PDF; f <= GEDI__SVG; f++) {
        gedi__text picture = {0}, script = {0};
        gedi__text_add(&picture, "%s/%s.%s", c->folder, c->name, format_name[f]);
        gedi__text_add(&script, "%s/%s-%s.gp", c->folder, c->name, format_name[f]);
        failed |= picture.failed || script.failed;
        if (!failed && !unlink(script.s))
            (void)unlink(picture.s);
        gedi__text_clear(&picture);
        gedi__text_clear(&script);
    }
    return failed ? gedi_no_memory(err, "figure '%s'", c->name) : GEDI_OK;
}

/* An SVG is drawn with the fonts of who looks at it. A ? for a letter is told in the upper right corner, where no figure
 * has anything, as nothing else is sure to be read. */
static void add_script(const gedi__chart *c, gedi__text *out)
{
    const char *script = c->script.s ? c->script.s : "";
    bool missing = false;
    gedi__text own = {0};
    if (c->style.format == GEDI__SVG)
        gedi__text_add(&own, "%s", script);
    else
        gedi__glyphs_add(&own, script, &missing);
    if (missing)
        gedi__text_add(out,
                       "set label '?: a letter that no font here has' at screen 0.99, "
                       "screen %.5f right font 'Sans'.size(18) textcolor rgb '#a00000'\n",
                       1 - 16.0 / c->height);
    gedi__text_add(out, "%s", own.s ? own.s : "");
    out->failed |= own.failed;
    gedi__text_clear(&own);
}

gedi_status gedi__chart_draw(gedi__chart *c, gedi_err *err)
{
    gedi_status s = gedi__chart_save(c, err);
    if (s == GEDI_OK && c->style.format == GEDI__PNG)
        s = remove_old(c, err);
    gedi__text script = {0};
    add_head(c, &script);
    add_script(c, &script);
    script.failed |= c->script.failed;
    if (s == GEDI_OK)
        s = put(c, script_part(c), "gp", &script, err);
    gedi__text_clear(&script);
    if (s == GEDI_OK)
        s = run(c, err);
    gedi__chart_clear(c);
    return s;
}

void gedi__chart_clear(gedi__chart *c)
{
    gedi__text_clear(&c->script);
    for (int i = 0; i < c->tables; i++)
        gedi__text_clear(&c->table[i].text);
    memset(c, 0, sizeof *c);
}
