/* figure_grid.c - figures of several runs side by side, drawn again from their tables.
 *
 * Runs may come from strangers. Of theirs nothing is executed: the numbers in their tables are read,
 * checked, and written anew into the folder NAME beside the picture, from which figures' own commands draw
 * them (panel.h). The only words taken over are names of histograms, as quoted texts. A figure of which no
 * table says all is put in as the picture it is. A panel whose tables are not what a figure writes is
 * empty, and a line below all says why.
 */
#include "core/report/grid_sheet.h"
#include "core/base/file.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static gedi_status read_figure(gedi__grid_sheet *s, int i, gedi_err *err)
{
    gedi__sheet_panel *p = &s->panel[i];
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

static gedi_status read_panel(gedi__grid_sheet *s, int i, gedi_err *err)
{
    gedi__sheet_panel *p = &s->panel[i];
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

static gedi_status draw(gedi__grid_sheet *s, gedi_err *err)
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
    gedi__sheet_arrange(s);
    gedi__chart_open(&c, s->folder, s->name, s->width, s->all);
    gedi__chart_style(&c, s->f->style);
    gedi__sheet_write(&c, s);
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
    gedi__grid_sheet s = {.f = f, .folder = folder, .name = name};
    s.panel = gedi__alloc((size_t)n, sizeof *s.panel, err, "figure '%s'", name);
    s.top = gedi__alloc((size_t)n, sizeof *s.top, err, "figure '%s'", name);
    s.height = gedi__alloc((size_t)n, sizeof *s.height, err, "figure '%s'", name);
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
