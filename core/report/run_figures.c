/* run_figures.c - draws the figures a descriptor names, from a finished run. */
#include "core/report/run_figures.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"
#include "core/report/figure.h"
#include "core/report/run_needs.h"
#include "core/train/records.h"
#include "core/report/run_sheet.h"
#include "core/report/run_views.h"
#include "core/base/memory.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

gedi_status gedi__run_records(const gedi__batches *data, gedi_split split, int64_t *n,
                              float **x, gedi_err *err)
{
    int64_t all = data->info.count[split] * data->parts;
    if (*n > all)
        *n = all;
    *x = gedi__alloc((size_t)(*n * data->record + 1), sizeof **x, err,
                     "a figure of %lld records", (long long)*n);
    if (!*x)
        return GEDI_NOMEM;
    gedi_status s =
        gedi__records_read(gedi__source_of(data), split, 0, *n, *x, NULL, err);
    if (s != GEDI_OK) {
        free(*x);
        *x = NULL;
    }
    return s;
}

/* Columns of the log that are drawn, each in a panel. */
typedef int chooser(gedi__metrics *m, gedi__series *series);

static int choose_terms(gedi__metrics *m, gedi__series *series)
{
    for (int i = 0; i < m->terms; i++)
        series[i] = (gedi__series){m->name[i], m->optimum[i], m->value[i]};
    return m->terms;
}

static int choose_schedules(gedi__metrics *m, gedi__series *series)
{
    for (int i = 0; i < m->schedules; i++)
        series[i] = (gedi__series){m->schedule_name[i], NAN, m->schedule[i]};
    return m->schedules;
}

/* Of the lines on which the run was evaluated; the others go. */
static int choose_validation(gedi__metrics *m, gedi__series *series)
{
    int64_t kept = 0;
    for (int64_t i = 0; i < m->n; i++) {
        bool any = false;
        for (int k = 0; k < m->validations; k++) {
            any = any || isfinite(m->validation[k][i]);
            m->validation[k][kept] = m->validation[k][i];
        }
        m->iteration[kept] = m->iteration[i];
        m->stage[kept] = m->stage[i];
        kept += any;
    }
    m->n = kept;
    for (int i = 0; i < m->validations; i++)
        series[i] = (gedi__series){m->validation_name[i], NAN, m->validation[i]};
    return m->validations;
}

static gedi_status draw_log(const gedi__sheet *sheet, const char *name, chooser *choose,
                            gedi_err *err)
{
    gedi__metrics m;
    gedi__series series[GEDI__MAX_SERIES];
    char *path = gedi__store_path(sheet->directory, GEDI__FILE_METRICS, err);
    if (!path)
        return GEDI_NOMEM;
    bool trained = gedi__file_exists(path); /* not where a run is evaluated once more */
    gedi_status s = trained ? gedi__metrics_read(path, &m, err) : GEDI_OK;
    free(path);
    if (!trained)
        return GEDI_OK;
    if (s != GEDI_OK)
        return s;
    int n = choose(&m, series);
    gedi__figure_losses f = {
        .title = sheet->title,
        .n = m.n,
        .iteration = m.iteration,
        .stage = m.stage,
        .terms = n,
        .term = series,
    };
    for (int i = 0; m.n > 0 && i < sheet->styles && s == GEDI_OK; i++) {
        f.style =
            &sheet->style[i]; /* a run may be too short to be evaluated on its way */
        s = gedi__draw_losses(sheet->folder, name, &f, err);
    }
    gedi__metrics_clear(&m);
    return s;
}

static gedi_status draw_losses(const gedi__sheet *sheet, gedi_err *err)
{
    return draw_log(sheet, "losses", choose_terms, err);
}

static gedi_status draw_schedules(const gedi__sheet *sheet, gedi_err *err)
{
    return draw_log(sheet, "schedules", choose_schedules, err);
}

static gedi_status draw_validation(const gedi__sheet *sheet, gedi_err *err)
{
    return draw_log(sheet, "validation", choose_validation, err);
}

void gedi__run_title(const gedi__experiment *e, char *out, size_t size)
{
    size_t at = 0;
    for (int i = 0; i < e->stages && at < size; i++)
        at += (size_t)snprintf(out + at, size - at, "%s%s", i ? ", " : "",
                               e->stage[i].method);
    if (at < size)
        snprintf(out + at, size - at, " on %s, seed %llu", e->dataset.plugin->name,
                 (unsigned long long)e->seed);
}

static gedi_status draw_ood(const gedi__sheet *s, gedi_err *err)
{
    return gedi__run_histograms(
        s, "ood",
        "scores of test records, larger for what the model takes for its own data", err);
}

static gedi_status draw_views(const gedi__sheet *s, gedi_err *err)
{
    return gedi__run_views(gedi__trial_data(s->trial), s->folder, err);
}

/* The names are those of the descriptor's reader, core/descriptor/keys.c; what each needs is in
 * run_needs.c. */
static const struct figure {
    const char *name;
    gedi_status (*draw)(const gedi__sheet *s, gedi_err *err);
} figures[] = {
    {"clusters", gedi__run_clusters}, {"confusion", gedi__run_confusion},
    {"density", gedi__run_density},   {"embedding", gedi__run_embedding},
    {"losses", draw_losses},          {"ood", draw_ood},
    {"samples", gedi__run_samples},   {"schedules", draw_schedules},
    {"validation", draw_validation},  {"views", draw_views},
};

static const struct figure *find(const char *name)
{
    const struct figure *f = figures;
    while (strcmp(f->name, name))
        GEDI_ASSERT(++f < figures + sizeof figures / sizeof *figures);
    return f;
}

gedi_status gedi__run_figures(gedi_trial *t, const gedi__experiment *e,
                              const char *directory, gedi_err *err)
{
    gedi__shown of = gedi__shown_of(gedi__trial_network(t));
    GEDI_TRY(gedi__run_figures_check(e, &of, err));
    char *folder = gedi__store_path(directory, GEDI__FILE_FIGURES, err);
    if (!folder)
        return GEDI_NOMEM;
    char title[256];
    gedi__run_title(e, title, sizeof title);
    gedi__sheet sheet = {
        .trial = t, .e = e, .title = title, .directory = directory, .folder = folder};
    gedi_status first = gedi__folder_make(folder, err);
    for (int i = 0; first == GEDI_OK && i < e->figures; i++) {
        gedi_err own = {0};
        sheet.print = &e->print[i];
        sheet.styles = gedi__chart_styles(&e->print[i], sheet.style);
        gedi_status s = find(e->figure[i])->draw(&sheet, &own);
        if (s != GEDI_OK) /* gnuplot missing or a full disk: the next would fail alike */
            first = GEDI_FAIL(err, s, "figure %s: %s", e->figure[i], own.msg);
    }
    free(folder);
    return first;
}
