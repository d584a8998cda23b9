/* run_logs.c - the figures of what a run has logged: losses, schedules, validation. */
#include "core/base/file.h"
#include "core/report/figure.h"
#include "core/report/run_sheet.h"
#include "core/report/words.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"

#include <math.h>
#include <stdlib.h>

/* Columns of the log that are drawn, each in a panel. */
typedef int chooser(gedi__metrics *m, gedi__series *series);

static int choose_terms(gedi__metrics *m, gedi__series *series)
{
    for (int i = 0; i < m->terms; i++)
        series[i] = (gedi__series){
            .name = m->name[i], .optimum = m->optimum[i], .value = m->value[i]};
    return m->terms;
}

static int choose_schedules(gedi__metrics *m, gedi__series *series)
{
    for (int i = 0; i < m->schedules; i++)
        series[i] = (gedi__series){
            .name = m->schedule_name[i], .optimum = NAN, .value = m->schedule[i]};
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
    int n = 0;
    for (int i = 0; i < m->validations; i++)
        if (!gedi__metrics_is_end(m, i))
            series[n++] = (gedi__series){
                .name = m->validation_name[i], .optimum = NAN, .value = m->validation[i]};
    return n;
}

/* What the log names by a path is named for people; `word` [n] keeps the names. */
static gedi_status name_series(gedi__series *series, int n, gedi__text *word)
{
    const char *path[GEDI__MAX_SERIES];
    for (int i = 0; i < n; i++)
        path[i] = series[i].name;
    for (int i = 0; i < n; i++) {
        gedi__path_words_among(path, n, i, &word[i]);
        if (word[i].failed)
            return GEDI_NOMEM;
        series[i].path = series[i].name;
        series[i].name = word[i].s ? word[i].s : "";
    }
    return GEDI_OK;
}

static gedi_status draw_log(const gedi__sheet *sheet, const char *name, const char *one,
                            chooser *choose, gedi_err *err)
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
        .one = one,
    };
    gedi__text word[GEDI__MAX_SERIES] = {0};
    if (choose != choose_terms && name_series(series, n, word))
        s = gedi_no_memory(err, "figure '%s'", name);
    for (int i = 0; m.n > 0 && i < sheet->styles && s == GEDI_OK; i++) {
        f.style =
            &sheet->style[i]; /* a run may be too short to be evaluated on its way */
        s = gedi__draw_losses(sheet->folder, name, &f, err);
    }
    for (int i = 0; i < n; i++)
        gedi__text_clear(&word[i]);
    gedi__metrics_clear(&m);
    return s;
}

gedi_status gedi__run_losses(const gedi__sheet *sheet, gedi_err *err)
{
    return draw_log(sheet, "losses", "term", choose_terms, err);
}

gedi_status gedi__run_schedules(const gedi__sheet *sheet, gedi_err *err)
{
    return draw_log(sheet, "schedules", "option", choose_schedules, err);
}

gedi_status gedi__run_validation(const gedi__sheet *sheet, gedi_err *err)
{
    return draw_log(sheet, "validation", "metric", choose_validation, err);
}
