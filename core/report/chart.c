/* chart.c - what all figures share: tables, a gnuplot script, a picture. */
#include "core/report/chart.h"
#include "core/base/file.h"
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
    gedi__text *s = &c->script;
    gedi__text_add(s, "# Draws %s.png; run `gnuplot %s.gp` in this folder.\n", name,
                   name);
    gedi__text_add(s, "name = ");
    gedi__chart_quote(s, name);
    gedi__text_add(s,
                   "\nset terminal pngcairo noenhanced size %d,%d font 'Sans,26' "
                   "linewidth 3\n",
                   width, height);
    gedi__text_add(s, "set output name.'.png'\n"
                      "set encoding utf8\n"
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

void gedi__chart_field(gedi__text *t, const char *s)
{
    gedi__text_add(t, "\"%s", gedi__text_is_formula(s) ? "'" : "");
    for (; *s; s++)
        gedi__text_add(t, "%c", *s == '"' ? '\'' : (unsigned char)*s < ' ' ? ' ' : *s);
    gedi__text_add(t, "\"");
}

static void head_line(gedi__chart *c, const char *text, int y, const char *style)
{
    if (!text)
        return;
    gedi__text_add(&c->script, "set label ");
    gedi__chart_quote(&c->script, text);
    gedi__text_add(&c->script, " at screen %.4f,%.4f left %s\n", 40.0 / c->width,
                   1 - (double)y / c->height, style);
}

void gedi__chart_title(gedi__chart *c, const char *title, const char *subtitle)
{
    head_line(c, title, 50, "font 'Sans:Bold,32'");
    head_line(c, subtitle, 105, "font 'Sans,26' textcolor rgb '#505050'");
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

static gedi_status run(const gedi__chart *c, gedi_err *err)
{
    gedi__text png = {0}, script = {0};
    gedi_err why;
    gedi_status s;
    gedi__text_add(&png, "%s/%s.png", c->folder, c->name);
    gedi__text_add(&script, "%s.gp", c->name);
    if (png.failed || script.failed)
        s = gedi_no_memory(err, "figure '%s'", c->name);
    else if (unlink(png.s) && errno != ENOENT)
        s = GEDI_FAIL(err, GEDI_IO, "%s: the old picture cannot be replaced: %s", png.s,
                      strerror(errno));
    else if ((s = draw(c->folder, script.s, png.s, &why)) != GEDI_OK) {
        (void)unlink(png.s); /* half a picture */
        GEDI_FAIL(err, s, "%s: not drawn (its data and script are kept): %s", png.s,
                  why.msg);
    }
    gedi__text_clear(&png);
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

gedi_status gedi__chart_draw(gedi__chart *c, gedi_err *err)
{
    gedi_status s = gedi__chart_save(c, err);
    if (s == GEDI_OK)
        s = put(c, NULL, "gp", &c->script, err);
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
