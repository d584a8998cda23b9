/* run_moments.c - samples at several moments of training, each a figure of its own and all of them side
 * by side.
 *
 * Each is drawn while the run trains, because checkpoints are not kept. A run that goes on from
 * one draws those after it once more, to the same bytes.
 */
#include "core/base/file.h"
#include "core/report/figure.h"
#include "core/report/run_figures.h"
#include "core/report/run_samples.h"
#include "core/report/run_sheet.h"
#include "core/store/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SHOWN = 12, COLUMNS = 4 /* at most */ };

static const char MOMENTS[] = "moments"; /* a folder of figures/ */

gedi_status gedi__run_moment(gedi_trial *t, const gedi__experiment *e,
                             const char *directory, int64_t iteration, gedi_err *err)
{
    const gedi__style usual = {0};
    gedi__text folder = {0};
    char title[256], whole[288];
    gedi__run_title(e, title, sizeof title);
    snprintf(whole, sizeof whole, "%s, iteration %lld", title, (long long)iteration);
    char *figures = gedi__store_path(directory, GEDI__FILE_FIGURES, err);
    if (!figures)
        return GEDI_NOMEM;
    gedi_status s = gedi__folder_make(figures, err);
    gedi__text_add(&folder, "%s/%s", figures, MOMENTS);
    if (s == GEDI_OK && !folder.failed)
        s = gedi__folder_make(folder.s, err);
    gedi__text_add(&folder, "/%lld", (long long)iteration);
    if (s == GEDI_OK)
        s = folder.failed ? gedi_no_memory(err, "%s", directory)
                          : gedi__draw_trial_samples(t, whole, folder.s, &usual, 1, err);
    gedi__text_clear(&folder);
    free(figures);
    return s;
}

/* ---- side by side ---- */

typedef struct moments {
    char path[SHOWN][64], note[SHOWN][40];
    gedi__panel panel[SHOWN];
} moments;

static bool is_there(const char *figures, int64_t iteration)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s/%s/%lld/samples.csv", figures, MOMENTS,
                   (long long)iteration);
    bool is = !path.failed && gedi__file_exists(path.s);
    gedi__text_clear(&path);
    return is;
}

/* The next one from `at` on; beyond `last` where there is none. */
static int64_t next(const gedi__sheet *s, int64_t at, int64_t last)
{
    while (at <= last && !is_there(s->folder, at))
        at += s->print->every;
    return at;
}

static gedi_status refuse(int64_t every, gedi_err *err)
{
    return GEDI_FAIL(
        err, GEDI_STATE,
        "figures: samples: every: there are no samples of the iterations %lld, %lld "
        "and so on, which are drawn while a run trains: leave it out, or start "
        "a new run",
        (long long)every, 2 * (long long)every);
}

gedi_status gedi__run_moments_check(const gedi__experiment *e, const char *directory,
                                    int64_t iteration, gedi_err *err)
{
    const int64_t every = gedi__samples_every(e);
    if (!every || iteration / every < gedi__experiment_iterations(e) / every)
        return GEDI_OK;
    char *figures = gedi__store_path(directory, GEDI__FILE_FIGURES, err);
    if (!figures)
        return GEDI_NOMEM;
    bool any = false;
    for (int64_t at = every; !any && at <= iteration; at += every)
        any = is_there(figures, at);
    free(figures);
    return any ? GEDI_OK : refuse(every, err);
}

/* Spread evenly over all that there are, the last of them among it. */
static int choose(const gedi__sheet *s, int64_t last, moments *m)
{
    int64_t every = s->print->every, n = 0, k = 0;
    int shown = 0;
    for (int64_t at = next(s, every, last); at <= last; at = next(s, at + every, last))
        n++;
    int wanted = n < SHOWN ? (int)n : SHOWN;
    for (int64_t at = next(s, every, last); shown < wanted;
         at = next(s, at + every, last), k++) {
        if (k != (shown + 1) * n / wanted - 1)
            continue;
        snprintf(m->path[shown], sizeof m->path[shown], "%s/%lld/samples", MOMENTS,
                 (long long)at);
        snprintf(m->note[shown], sizeof m->note[shown], "iteration %lld", (long long)at);
        m->panel[shown] = (gedi__panel){m->path[shown], m->note[shown]};
        shown++;
    }
    return shown;
}

gedi_status gedi__draw_moments(const gedi__sheet *s, gedi_err *err)
{
    moments m = {0};
    if (!gedi__store_has(s->directory, GEDI__FILE_METRICS))
        return GEDI_OK; /* evaluated once more: nothing has been trained here */
    int n = choose(s, gedi__experiment_iterations(s->e), &m);
    if (!n)
        return refuse(s->print->every, err);
    int rows = (n + COLUMNS - 1) / COLUMNS;
    gedi__figure_grid f = {.title = s->title,
                           .subtitle = "samples along the run",
                           .rows = rows,
                           .columns = (n + rows - 1) / rows,
                           .panel = m.panel,
                           .one_plane = true};
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->styles && status == GEDI_OK; i++) {
        f.style = &s->style[i];
        status = gedi__draw_grid(s->folder, GEDI__SAMPLES_ALONG, &f, err);
    }
    return status;
}
