/* run_histograms.c - the figure of an evaluator that keeps values: their histograms. */
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

gedi_status gedi__run_histograms(const gedi__sheet *s, const char *evaluator,
                                 const char *subtitle, gedi_err *err)
{
    const gedi__findings *found = gedi__trial_findings(s->trial);
    gedi__histogram_panel panel[PANELS];
    gedi__sample_series series[PANELS][SERIES];
    gedi__figure_histograms f = {.title = s->title, .subtitle = subtitle, .panel = panel};
    for (int i = 0; i < found->histograms; i++) {
        const gedi__histogram *h = &found->histogram[i];
        if (strcmp(h->evaluator, evaluator))
            continue;
        gedi__histogram_panel *p =
            panel_of(panel, &f.panels, h->panel, series[f.panels % PANELS]);
        if (!p)
            return GEDI_FAIL(err, GEDI_USAGE, "%s has more than %d histograms", evaluator,
                             PANELS);
        ((gedi__sample_series *)p->of)[p->series++] =
            (gedi__sample_series){h->series, h->n, h->x};
    }
    return gedi__draw_histograms(s->folder, evaluator, &f, err);
}
