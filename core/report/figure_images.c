/* figure_images.c - groups of rows of images, each group with words at its left.
 *
 * The images are one picture of their own, NAME-images.png, that the script puts on the page pixel
 * by pixel; the table has how many rows of it each group is.
 */
#include "core/base/file.h"
#include "core/report/csv.h"
#include "core/report/figure.h"
#include "core/report/image_grid.h"
#include "core/report/panel.h"
#include "core/report/picture.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SIDE = 96,   /* pixels on the page of an image, at least about */
    GAP = 10,    /* between images */
    WORDS = 330, /* at the left, for those of the groups */
    LINE = 32,   /* of words */
    MARGIN = 40,
    GROUPS = 64, /* that are read back, at most, */
    ROWS = 1000, /* and rows of one */
};

static const char HEAD[] = "group,rows"; /* of the table */

static int rows_of(const gedi__figure_images *f)
{
    int rows = 0;
    for (int i = 0; i < f->groups; i++)
        rows += f->group[i].rows;
    return rows;
}

static void add_label(gedi__chart *c, const char *text, size_t n, int y,
                      const char *style)
{
    char line[128];
    snprintf(line, sizeof line, "%.*s", (int)n, text);
    gedi__text_add(&c->script, "set label ");
    gedi__chart_quote(&c->script, line);
    gedi__text_add(&c->script, " at screen %.5f, screen %.5f right %s\n",
                   (double)(MARGIN + WORDS - 30) / c->width, 1 - (double)y / c->height,
                   style);
}

/* The name in bold, the note's lines below it, all in the middle of the group's rows. */
static void add_words(gedi__chart *c, const gedi__image_rows *g, int top, int high)
{
    int lines = 1;
    for (const char *s = g->note; s && *s; s++)
        lines += s == g->note || s[-1] == '\n';
    int y = top + (high - lines * LINE) / 2 + LINE / 2;
    add_label(c, g->name, strlen(g->name), y, "font bold.size(26)");
    for (const char *s = g->note; s && *s;) {
        size_t n = strcspn(s, "\n");
        add_label(c, s, n, y += LINE, "font 'Sans'.size(22) textcolor rgb '#505050'");
        s += n + (s[n] == '\n');
    }
}

/* Lines between the groups and the plot of the images, whose picture is `width` x `height` pixels.
 * Lines are in the images' own units, so that they keep their place beside other figures; each is
 * in the gap above the first row of a group. */
static void add_plot(gedi__chart *c, int width, int height, int groups,
                     const gedi__image_rows *group)
{
    int rows = 0, at = 0;
    for (int i = 0; i < groups; i++)
        rows += group[i].rows;
    for (int i = 0; i < groups - 1; i++) {
        at += group[i].rows;
        double y = height - (double)at * (height + GAP) / rows + GAP / 2.0 - 0.5;
        gedi__text_add(
            &c->script,
            "set arrow from first -0.5, first %g to first %d.5, first %g nohead front "
            "linewidth 0.7 linecolor rgb '#808080'\n",
            y, width - 1, y);
    }
    gedi__text_add(&c->script,
                   "unset border\nunset tics\nunset key\n"
                   "set xrange [-1.5:%d.5]\nset yrange [-1.5:%d.5]\n"
                   "plot name.'-images.png' binary filetype=png with rgbimage\n",
                   width, height);
}

static void add_table(gedi__chart *c, const gedi__figure_images *f)
{
    gedi__text *t = gedi__chart_table(c, NULL, HEAD);
    for (int i = 0; i < f->groups; i++)
        gedi__text_add(t, "%d,%d\n", i, f->group[i].rows);
}

static gedi_status write_images(const char *folder, const char *name,
                                const gedi__image_grid *grid, gedi_err *err)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s/%s-images.png", folder, name);
    gedi_status s = path.failed ? gedi_no_memory(err, "figure '%s'", name)
                                : gedi__folder_make(folder, err);
    if (s == GEDI_OK)
        s = gedi__image_grid_write(path.s, grid, err);
    gedi__text_clear(&path);
    return s;
}

gedi_status gedi__draw_images(const char *folder, const char *name,
                              const gedi__figure_images *f, gedi_err *err)
{
    gedi__chart c;
    int64_t width, height, longer = f->wide > f->high ? f->wide : f->high;
    int scale = longer > 0 && longer < SIDE ? (int)(SIDE / longer) : 1;
    gedi__image_grid grid = {.x = f->x,
                             .n = f->n ? f->n : (int64_t)rows_of(f) * f->columns,
                             .high = f->high,
                             .wide = f->wide,
                             .channels = f->channels,
                             .columns = f->columns,
                             .black = f->black,
                             .white = f->white,
                             .scale = scale,
                             .gap = GAP};
    GEDI_TRY(write_images(folder, name, &grid, err));
    gedi__image_grid_size(&grid, &width, &height);
    bool words = f->groups > 1 || *f->group[0].name;
    int left = MARGIN + (words ? WORDS : 0), top = gedi__chart_head(f->style);
    gedi__chart_open(&c, folder, name, left + (int)width + MARGIN,
                     top + (int)height + MARGIN);
    gedi__chart_style(&c, f->style);
    gedi__chart_title(&c, f->title, f->subtitle);
    /* One pixel more on each side, as gnuplot mixes those at the edge with the page. */
    gedi__chart_margins(&c, left - 1, MARGIN - 1, top - 1, MARGIN - 1);
    int row_high = (int)f->high * scale + GAP, at = top;
    for (int i = 0; i < f->groups && words; at += f->group[i++].rows * row_high)
        add_words(&c, &f->group[i], at, f->group[i].rows * row_high - GAP);
    add_table(&c, f);
    add_plot(&c, (int)width, (int)height, f->groups, f->group);
    return gedi__chart_draw(&c, err);
}

/* ---- beside others ---- */

/* How many rows each group has, from a table that may not be there: one group, then. */
static gedi_status read_groups(const char *folder, const char *name, int *groups,
                               gedi__image_rows *group, gedi_err *err)
{
    gedi__csv t;
    GEDI_TRY(gedi__csv_read(folder, name, NULL, HEAD, true, &t, err));
    bool legal = t.rows <= GROUPS;
    for (int64_t i = 0; i < t.rows && legal; i++) {
        double rows = t.x[i * t.columns + 1];
        legal = rows >= 1 && rows <= ROWS && rows == floor(rows);
        group[i] = (gedi__image_rows){.name = "", .rows = legal ? (int)rows : 0};
    }
    *groups = (int)t.rows;
    free(t.x);
    if (legal)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DATA,
                     "%s: its table is not up to %d groups of 1 to %d rows", name,
                     (int)GROUPS, (int)ROWS);
}

gedi_status gedi__images_panel(const char *folder, const char *name, gedi__plot *p,
                               gedi_err *err)
{
    gedi__image_rows group[GROUPS];
    int groups, width, height;
    GEDI_TRY(read_groups(folder, name, &groups, group, err));
    GEDI_TRY(gedi__picture_size(folder, name, "-images.png", &width, &height, err));
    add_plot(&p->chart, width, height, groups, group);
    p->shape = (height + 2.0) / (width + 2.0);
    p->picture = true;
    return GEDI_OK;
}
