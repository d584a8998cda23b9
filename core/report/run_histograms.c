/* run_histograms.c - the figure of the evaluators of a plugin that keep values: histograms. */
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/report/figure.h"
#include "core/report/run_sheet.h"

#include <string.h>

enum { PANELS = 4, SERIES = GEDI__MAX_HISTOGRAMS };

/* The panel of that name, made if it is not there; NULL where there are too many. */
static gedi__histogram_panel *panel_of(gedi__histogram_panel *panel, int *n,
                                       const char *name, gedi__sample_series *series)
{
    for (int k = 0; k < *n; k++)
        if (!strcmp(panel[k].name, name))
            return &panel[k];
    if (*n == PANELS)
        return NULL;
    panel[*n] = (gedi__histogram_panel){.name = name, .of = series};
    return &panel[(*n)++];
}

/* The series of an evaluator with a name of its own has that, too. NULL without memory. */
static const char *name_of(const gedi__histogram *h, gedi__arena *a)
{
    gedi__text t = {0};
    if (!strcmp(h->evaluator, h->plugin))
        return h->series;
    gedi__text_add(&t, "%s: %s", h->evaluator, h->series);
    const char *name = t.failed ? NULL : gedi__arena_text(a, t.s);
    gedi__text_clear(&t);
    return name;
}

/* Has an evaluator of the same plugin kept these very values, such as those of the run's own
 * records? Once is enough. */
static bool is_there(const gedi__findings *found, int i)
{
    const gedi__histogram *h = &found->histogram[i];
    for (const gedi__histogram *o = found->histogram; o < h; o++)
        if (!strcmp(o->plugin, h->plugin) && !strcmp(o->panel, h->panel) &&
            !strcmp(o->series, h->series) && o->n == h->n &&
            !memcmp(o->x, h->x, (size_t)h->n * sizeof *h->x))
            return true;
    return false;
}

gedi_status gedi__run_histograms(const gedi__sheet *s, const char *plugin,
                                 const char *subtitle, gedi_err *err)
{
    const gedi__findings *found = gedi__trial_findings(s->trial);
    gedi__arena names = {0};
    gedi__histogram_panel panel[PANELS];
    gedi__sample_series series[PANELS][SERIES];
    gedi__figure_histograms f = {.title = s->title, .subtitle = subtitle, .panel = panel};
    gedi_status status = GEDI_OK;
    for (int i = 0; i < found->histograms && status == GEDI_OK; i++) {
        const gedi__histogram *h = &found->histogram[i];
        if (strcmp(h->plugin, plugin) || is_there(found, i))
            continue;
        const char *name = name_of(h, &names);
        gedi__histogram_panel *p =
            panel_of(panel, &f.panels, h->panel, series[f.panels % PANELS]);
        if (!name)
            status = gedi_no_memory(err, "figure '%s'", plugin);
        else if (!p)
            status = GEDI_FAIL(err, GEDI_USAGE, "%s has more than %d histograms", plugin,
                               PANELS);
        else
            ((gedi__sample_series *)p->of)[p->series++] =
                (gedi__sample_series){name, h->n, h->x};
    }
    for (int i = 0; i < s->styles && status == GEDI_OK; i++) {
        f.style = &s->style[i];
        status = gedi__draw_histograms(s->folder, plugin, &f, err);
    }
    gedi__arena_clear(&names);
    return status;
}
