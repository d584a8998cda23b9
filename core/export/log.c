/* log.c - what a run's folder holds for programs that show logs. */
#include "core/export/log.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/report/picture.h"
#include "core/report/run_figures.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/summary.h"
#include "core/train/stored.h"

#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PNG ".png"

/* ---- series ---- */

static void add_series(gedi__run_log *l, const char *group, const char *name,
                       const double *value)
{
    gedi__series *s = &l->one[l->series];
    for (int64_t i = 0; i < l->metrics.n; i++)
        if (!isnan(value[i])) {
            snprintf(s->name, sizeof s->name, "%s%s", group, name);
            s->value = value;
            l->series++;
            return;
        }
}

static gedi_status add_health(gedi__run_log *l, gedi_err *err)
{
    static const char *const name[] = {"spread", "balance", "disagreement", "unsure"};
    const gedi__metrics *m = &l->metrics;
    for (int k = 0; k < 4; k++) {
        l->health[k] = gedi__alloc((size_t)m->n, sizeof(double), err, "a log");
        if (!l->health[k])
            return GEDI_NOMEM;
        for (int64_t i = 0; i < m->n; i++) {
            const gedi__health *h = &m->health[i];
            const double of[] = {h->spread, h->balance, h->disagreement, h->unsure};
            l->health[k][i] = of[k];
        }
        add_series(l, "health/", name[k], l->health[k]);
    }
    return GEDI_OK;
}

static gedi_status read_series(gedi__run_log *l, gedi_err *err)
{
    gedi__metrics *m = &l->metrics;
    if (!gedi__store_has(l->folder, GEDI__FILE_METRICS))
        return GEDI_OK;
    char *path = gedi__store_path(l->folder, GEDI__FILE_METRICS, err);
    gedi_status s = path ? gedi__metrics_read(path, m, err) : GEDI_NOMEM;
    free(path);
    if (s)
        return s;
    l->one = gedi__alloc(GEDI__MOST_SERIES, sizeof *l->one, err, "a log");
    if (!l->one)
        return GEDI_NOMEM;
    l->last = m->n ? m->iteration[m->n - 1] : 0;
    add_series(l, "", "loss", m->loss);
    add_series(l, "", "learning_rate", m->rate);
    add_series(l, "", "gradient_norm", m->norm);
    for (int i = 0; i < m->terms; i++)
        add_series(l, "terms/", m->name[i], m->value[i]);
    for (int i = 0; i < m->validations; i++)
        add_series(l, "validation/", m->validation_name[i], m->validation[i]);
    for (int i = 0; i < m->watches; i++)
        add_series(l, "watch/", m->watch_name[i], m->watch[i]);
    for (int i = 0; i < m->schedules; i++)
        add_series(l, "schedule/", m->schedule_name[i], m->schedule[i]);
    return add_health(l, err);
}

/* ---- texts of lines ---- */

static int count_lines(const char *text)
{
    int n = 0;
    for (; text && *text; text++)
        n += *text == '\n';
    return n;
}

/* "path: value" a line; what is said of plugins' files and revisions is no setting. */
static gedi_status read_settings(gedi__run_log *l, const gedi__experiment *e,
                                 gedi_err *err)
{
    gedi__text *t = &l->texts[0];
    GEDI_TRY(gedi__identity_settings(e, t, err));
    l->setting =
        gedi__alloc((size_t)count_lines(t->s), sizeof *l->setting, err, "the settings");
    if (!l->setting)
        return GEDI_NOMEM;
    for (char *line = t->s, *end; line && (end = strchr(line, '\n')); line = end + 1) {
        char *colon = strstr(line, ": ");
        *end = 0;
        if (!colon || gedi__identity_is_build(line) ||
            memchr(line, ' ', (size_t)(colon - line)))
            continue;
        *colon = 0;
        l->setting[l->settings++] = (gedi__named){line, colon + 2};
    }
    return GEDI_OK;
}

/* Of the figures that are stated those that were drawn; an earlier descriptor may have left others. */
static gedi_status keep_drawn(gedi__run_log *l, const json_t *summary, gedi_err *err)
{
    gedi__text stated = l->texts[2], *t = &l->texts[2];
    *t = (gedi__text){0};
    for (char *p = stated.s, *end; p && (end = strchr(p, '\n')); p = end + 1) {
        *end = 0;
        if (gedi__summary_drew(summary, p))
            gedi__text_add(t, "%s\n", p);
        if (!strcmp(p, "samples") && gedi__summary_drew_with(summary, p, "every"))
            gedi__text_add(t, GEDI__SAMPLES_ALONG "\n");
    }
    t->failed |= stated.failed;
    gedi__text_clear(&stated);
    return t->failed ? gedi_no_memory(err, "figures") : GEDI_OK;
}

/* Numbers of evaluators: their first dot becomes the slash of a group. */
static gedi_status read_results(gedi__run_log *l, gedi_err *err)
{
    static const char group[] = "evaluation";
    gedi__text paths = {0}, *t = &l->texts[1];
    json_t *summary = NULL;
    if (!gedi__store_has(l->folder, GEDI__FILE_SUMMARY))
        return keep_drawn(l, NULL, err);
    l->ending = GEDI__ENDED_WELL;
    char *path = gedi__store_path(l->folder, GEDI__FILE_SUMMARY, err);
    gedi_status s = path ? gedi__summary_read(path, &summary, err) : GEDI_NOMEM;
    free(path);
    if (!s)
        s = keep_drawn(l, summary, err);
    if (s) {
        json_decref(summary);
        return s;
    }
    gedi__summary_paths(summary, &paths);
    for (char *p = paths.s, *end; p && (end = strchr(p, '\n')); p = end + 1) {
        double x;
        *end = 0;
        if (strncmp(p, group, sizeof group - 1) || p[sizeof group - 1] != '.' ||
            !gedi__summary_value(summary, p, &x))
            continue;
        p[sizeof group - 1] = '/';
        gedi__text_add(t, "%s: %.9g\n", p, x);
    }
    json_decref(summary);
    l->result = gedi__alloc((size_t)count_lines(t->s), sizeof *l->result, err, "results");
    if (paths.failed || t->failed || !l->result)
        s = gedi_no_memory(err, "results");
    for (char *p = t->s, *end; !s && p && (end = strchr(p, '\n')); p = end + 1) {
        char *colon = strstr(p, ": ");
        *end = *colon = 0;
        l->result[l->results++] = (gedi__named){p, colon + 2};
    }
    gedi__text_clear(&paths);
    return s;
}

/* ---- pictures ---- */

static int is_picture(const struct dirent *d)
{
    size_t n = strlen(d->d_name), m = sizeof PNG - 1;
    return n > m && !strcmp(d->d_name + n - m, PNG) && gedi__text_is_name(d->d_name);
}

static gedi_status read_pictures(gedi__run_log *l, gedi_err *err)
{
    struct dirent **entry = NULL;
    char *figures = gedi__store_path(l->folder, GEDI__FILE_FIGURES, err);
    if (!figures)
        return GEDI_NOMEM;
    int n = scandir(figures, &entry, is_picture, alphasort);
    gedi_status s = GEDI_OK;
    free(figures);
    if (n > 0 &&
        !(l->picture = gedi__alloc((size_t)n, sizeof *l->picture, err, "pictures")))
        s = GEDI_NOMEM;
    for (int i = 0; i < n; i++) {
        char *dot = strrchr(entry[i]->d_name, '.');
        *dot = 0;
        const char *drawn = l->texts[2].s;
        bool shown =
            !s && gedi__text_has_line(drawn, entry[i]->d_name, strlen(entry[i]->d_name));
        if (shown && !(l->picture[l->pictures] = gedi__copy_text(entry[i]->d_name, err)))
            s = GEDI_NOMEM;
        l->pictures += shown && !s;
        free(entry[i]);
    }
    free(entry);
    return s;
}

gedi_status gedi__run_log_picture(const gedi__run_log *l, int i, char **data,
                                  size_t *size, int *width, int *height, gedi_err *err)
{
    gedi__text path = {0};
    char *figures = gedi__store_path(l->folder, GEDI__FILE_FIGURES, err);
    if (!figures)
        return GEDI_NOMEM;
    gedi_status s = gedi__picture_size(figures, l->picture[i], PNG, width, height, err);
    gedi__text_add(&path, "%s/%s" PNG, figures, l->picture[i]);
    free(figures);
    if (!s)
        s = path.failed ? gedi_no_memory(err, "a picture")
                        : gedi__file_read(path.s, data, size, err);
    gedi__text_clear(&path);
    return s;
}

/* ---- all of it ---- */

static double written(const char *folder, gedi__store_file f)
{
    struct stat st;
    char *path = gedi__store_path(folder, f, NULL);
    double at = path && !stat(path, &st)
                    ? (double)st.st_mtim.tv_sec + 1e-9 * (double)st.st_mtim.tv_nsec
                    : 0;
    free(path);
    return at;
}

static gedi_status read_descriptor(gedi__run_log *l, gedi__mistakes *m, gedi_err *err)
{
    gedi__experiment *e = NULL;
    gedi__text identity = {0};
    char *path = gedi__store_path(l->folder, GEDI__FILE_DESCRIPTOR, err);
    gedi_status s = path ? gedi__stored_read(path, NULL, 0, &e, m, err) : GEDI_NOMEM;
    free(path);
    if (!s)
        s = read_settings(l, e, err);
    if (!s)
        s = gedi__identity_text(e, &identity, err);
    l->identity = identity.s;
    if (!s && !(l->name = gedi__copy_text(e->name, err)))
        s = GEDI_NOMEM;
    for (int i = 0; !s && i < e->figures; i++)
        gedi__text_add(&l->texts[2], "%s\n", e->figure[i]);
    if (!s)
        l->seed = e->seed;
    gedi__experiment_free(e);
    return s;
}

gedi_status gedi__run_log_read(gedi__run_log *l, const char *folder, gedi__mistakes *m,
                               gedi_err *err)
{
    memset(l, 0, sizeof *l);
    l->folder = folder;
    GEDI_TRY(gedi__store_require_run(folder, err));
    GEDI_TRY(read_descriptor(l, m, err));
    GEDI_TRY(read_series(l, err));
    GEDI_TRY(read_results(l, err));
    GEDI_TRY(read_pictures(l, err));
    l->since = written(folder, GEDI__FILE_MARK);
    l->until = written(folder, GEDI__FILE_METRICS);
    if (l->ending == GEDI__ENDED_WELL)
        l->until = written(folder, GEDI__FILE_SUMMARY);
    if (l->until < l->since)
        l->until = l->since;
    return GEDI_OK;
}

void gedi__run_log_clear(gedi__run_log *l)
{
    gedi__metrics_clear(&l->metrics);
    free(l->name);
    free(l->identity);
    free(l->one);
    for (int k = 0; k < 4; k++)
        free(l->health[k]);
    free(l->setting);
    free(l->result);
    for (int i = 0; i < l->pictures; i++)
        free(l->picture[i]);
    free(l->picture);
    for (int i = 0; i < 3; i++)
        gedi__text_clear(&l->texts[i]);
    memset(l, 0, sizeof *l);
}
