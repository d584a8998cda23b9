/* run_figures.c - draws the figures a descriptor names, from a finished run. */
#include "core/report/run_figures.h"
#include "core/base/file.h"
#include "core/store/folder.h"
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
    {"clusters", gedi__run_clusters},     {"confusion", gedi__run_confusion},
    {"density", gedi__run_density},       {"embedding", gedi__run_embedding},
    {"losses", gedi__run_losses},         {"ood", draw_ood},
    {"samples", gedi__run_samples},       {"schedules", gedi__run_schedules},
    {"validation", gedi__run_validation}, {"views", draw_views},
};

static const struct figure *find(const char *name)
{
    const struct figure *f = figures;
    while (strcmp(f->name, name))
        GEDI_ASSERT(++f < figures + sizeof figures / sizeof *figures);
    return f;
}

/* A child that Ctrl-C has ended has failed for that. */
static gedi_status draw_one(gedi__sheet *sheet, int i, gedi_err *err)
{
    const gedi__experiment *e = sheet->e;
    if (gedi__trial_stops(sheet->trial))
        return GEDI_INTERRUPTED;
    sheet->print = &e->print[i];
    sheet->styles = gedi__chart_styles(&e->print[i], sheet->style);
    gedi_status s = find(e->figure[i])->draw(sheet, err);
    return s == GEDI_IO && gedi__trial_stops(sheet->trial) ? GEDI_INTERRUPTED : s;
}

/* Those that can be drawn, into sheet->folder. Where gnuplot is missing all fail alike: that is told once. */
static gedi_status draw_all(gedi__sheet *sheet, const gedi__undrawn *u, gedi_err *err)
{
    const gedi__experiment *e = sheet->e;
    char before[sizeof err->msg] = "";
    bool stopped = false;
    int failed = 0;
    gedi_err first = {0};
    GEDI_TRY(gedi__folder_make(sheet->folder, err));
    for (int i = 0; i < e->figures; i++) {
        gedi_err own = {0};
        gedi_status s = stopped ? GEDI_INTERRUPTED : draw_one(sheet, i, &own);
        if (s == GEDI_OK)
            continue;
        gedi__text_add(u->names, "figure: %s\n", e->figure[i]);
        stopped = s == GEDI_INTERRUPTED;
        if (stopped)
            continue;
        gedi_err why = {0};
        GEDI_FAIL(&why, s, "figure %s: %s", e->figure[i], own.msg);
        if (!failed++)
            first = why;
        else if (strcmp(before, own.msg) && u->say)
            u->say(u->context, why.msg);
        snprintf(before, sizeof before, "%s", own.msg);
    }
    if (failed > 1)
        GEDI_FAIL(&first, first.code, "%s; and %d more failed", first.msg, failed - 1);
    if (stopped)
        return GEDI_FAIL(err, GEDI_INTERRUPTED, "interrupted");
    return failed ? GEDI_FAIL(err, first.code, "%s", first.msg) : GEDI_OK;
}

gedi_status gedi__run_figures(gedi_trial *t, const gedi__experiment *e,
                              const char *directory, const gedi__undrawn *u,
                              gedi_err *err)
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
    gedi_status s = draw_all(&sheet, u, err);
    free(folder);
    return s;
}
