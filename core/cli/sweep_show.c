/* sweep_show.c - the end of a sweep: what a search has found, tables, figures, the page. */
#include "core/cli/sweep_show.h"
#include "core/cli/cli.h"

#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/sweep/points.h"
#include "core/sweep/report.h"
#include "core/sweep/show.h"
#include "core/sweep/table.h"

#include <stdio.h>
#include <stdlib.h>

/* A full disk may have taken no error.txt. Runs and jobs are in the order of the points. */
static void fail_runs(gedi__study *s, const gedi__crew *c)
{
    for (int i = 0; i < s->results && i < c->jobs; i++)
        if (c->job[i].state == GEDI__JOB_FAILED && s->result[i].state == GEDI__MISSING)
            s->result[i].state = GEDI__FAILED;
}

/* One that cannot be written is said, and fails nothing: `gedi report` makes it. */
static gedi_status write_page(gedi__study *s, const char *directory)
{
    gedi_err err = {0};
    char *path = gedi__store_path(directory, GEDI__FILE_REPORT, &err);
    gedi__reported_on r = {.s = s, .place = &directory, .places = 1};
    gedi_status status = path ? gedi__report_write(&r, path, &err) : GEDI_NOMEM;
    if (status)
        gedi__say("no report: %s; `gedi report %s' makes it", err.msg, directory);
    free(path);
    return status;
}

enum { BEST_DRAWS = 5 }; /* that are printed; the file has all */

gedi_status gedi__sweep_keep_draws(const gedi__plan *p, const gedi__found *f,
                                   const char *directory, const gedi__crew *c,
                                   gedi_err *err)
{
    gedi__text csv = {0};
    char *path = gedi__store_path(directory, GEDI__FILE_DRAWS, err);
    gedi__found_csv(p, f, c, &csv);
    gedi_status s = path ? GEDI_OK : GEDI_NOMEM;
    if (!s)
        s = csv.failed ? gedi_no_memory(err, "%s", path)
                       : gedi__file_write(path, csv.s, csv.len, err);
    if (!s)
        s = gedi__points_write(p, directory, err);
    gedi__text_clear(&csv);
    free(path);
    return s;
}

/* What a search has found: the best draws into `out`. */
static gedi_status show_draws(const gedi__plan *p, const gedi__found *f,
                              const char *directory, const gedi__crew *c, gedi__text *out,
                              gedi_err *err)
{
    gedi__text matters = {0};
    gedi_status s = gedi__sweep_keep_draws(p, f, directory, c, err);
    gedi__found_text(p, f, c, BEST_DRAWS, out); /* though no disk takes it */
    gedi__text_add(out, "\n");
    gedi__found_importance(p, f, &matters);
    gedi__text_add(out, "%s%s", matters.s ? matters.s : "", matters.len ? "\n\n" : "");
    out->failed |= matters.failed;
    gedi__text_clear(&matters);
    return s;
}

/* Writes one table, as text into `out`, too: though no disk takes it. */
static gedi_status write_table(gedi__study *s, const gedi__show *w, const char *directory,
                               gedi__text *out, gedi_err *err)
{
    gedi__table t;
    gedi_status status = gedi__show_write(s, w, directory, err);
    if (gedi__table_make(s, w, &t, NULL))
        return status;
    gedi__table_text(&t, GEDI__MARKDOWN, out);
    gedi__text_add(out, "\n");
    gedi__table_clear(&t);
    return status;
}

/* Those of the tables, or all figures; what cannot be shown is said and the rest goes on. */
static int show_all(gedi__study *s, bool tables, const char *directory, bool *any,
                    gedi__text *out)
{
    int code = GEDI__EXIT_DONE;
    for (int i = 0; i < s->shows; i++) {
        const gedi__show *w = &s->show[i];
        gedi_err err = {0};
        if ((w->kind == GEDI__TABLE) != tables)
            continue;
        gedi_status status = tables ? write_table(s, w, directory, out, &err)
                                    : gedi__show_write(s, w, directory, &err);
        *any |= !status;
        if (status == GEDI_USAGE && w->kind == GEDI__CURVES) {
            /* Which terms a log has no plan could know: what was trained has not failed. */
            gedi__say("warning: curves %s: %s", w->name, err.msg);
        } else if (status) {
            gedi__say("%s: %s", gedi__show_key(w->kind), err.msg);
            code = GEDI__EXIT_FAILED;
        }
    }
    return code;
}

int gedi__sweep_show(const gedi__plan *p, const gedi__found *f, const char *directory,
                     const gedi__crew *c)
{
    gedi__study s = {0};
    gedi_err err = {0};
    gedi__text out = {0};
    bool tables = false, figures = false;
    int code = GEDI__EXIT_DONE;
    if (p->sweep->search && show_draws(p, f, directory, c, &out, &err))
        code = gedi__say_err(&err);
    if (gedi__study_add(&s, directory, &err)) {
        gedi__study_clear(&s);
        gedi__text_clear(&out);
        return gedi__say_err(&err);
    }
    fail_runs(&s, c);
    int tabled = show_all(&s, true, directory, &tables, &out);
    int printed = gedi__print_text(&out);
    fflush(stdout);
    int drawn = show_all(&s, false, directory, &figures, NULL);
    bool page = !write_page(&s, directory);
    gedi__study_clear(&s);
    gedi__text_add(&out, "results  %s\n", directory);
    if (figures)
        gedi__text_add(&out, "figures  %s/%s\n", directory,
                       gedi__store_name(GEDI__FILE_FIGURES));
    if (page)
        gedi__text_add(&out, "report   %s/%s\n", directory,
                       gedi__store_name(GEDI__FILE_REPORT));
    int closed = gedi__print_lines(&out);
    return code ? code : tabled ? tabled : printed ? printed : drawn ? drawn : closed;
}
