/* figure_images.c - groups of rows of images, each group with words at its left.
 *
 * The images are one picture of their own, NAME-images.png, that the script puts on the page pixel
 * by pixel; they take the place of a table of numbers.
 */
#include "core/base/file.h"
#include "core/report/chart.h"
#include "core/report/figure.h"
#include "core/report/image_grid.h"

#include <stdio.h>
#include <string.h>

enum {
    SIDE = 96,   /* pixels on the page of an image, at least about */
    GAP = 10,    /* between images */
    WORDS = 330, /* at the left, for those of the groups */
    LINE = 32,   /* of words */
    MARGIN = 40,
};

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
    add_label(c, g->name, strlen(g->name), y, "font 'Sans:Bold,26'");
    for (const char *s = g->note; s && *s;) {
        size_t n = strcspn(s, "\n");
        add_label(c, s, n, y += LINE, "font 'Sans,22' textcolor rgb '#505050'");
        s += n + (s[n] == '\n');
    }
}

/* A line in the gap that lies `below` pixels above the lowest image; in the images' own units, so
 * that it keeps its place where the figure is one of a grid. */
static void add_line(gedi__chart *c, int64_t below, int64_t width)
{
    double y = (double)below + GAP / 2.0 - 0.5;
    gedi__text_add(
        &c->script,
        "set arrow from first -0.5, first %g to first %lld.5, first %g nohead front "
        "linewidth 0.7 linecolor rgb '#808080'\n",
        y, (long long)width - 1, y);
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
    int left = MARGIN + (words ? WORDS : 0), top = GEDI__CHART_HEAD;
    gedi__chart_open(&c, folder, name, left + (int)width + MARGIN,
                     top + (int)height + MARGIN);
    gedi__chart_title(&c, f->title, f->subtitle);
    /* One pixel more on each side, as gnuplot mixes those at the edge with the page. */
    gedi__chart_margins(&c, left - 1, MARGIN - 1, top - 1, MARGIN - 1);
    int row_high = (int)f->high * scale + GAP, at = top;
    for (int i = 0; i < f->groups && words; i++) {
        if (i > 0)
            add_line(&c, height - (at - top), width);
        add_words(&c, &f->group[i], at, f->group[i].rows * row_high - GAP);
        at += f->group[i].rows * row_high;
    }
    gedi__text_add(&c.script,
                   "unset border\nunset tics\nunset key\n"
                   "set xrange [-1.5:%lld.5]\nset yrange [-1.5:%lld.5]\n"
                   "plot name.'-images.png' binary filetype=png with rgbimage\n",
                   (long long)width, (long long)height);
    return gedi__chart_draw(&c, err);
}
