/* evaluate_sweep.c - `gedi evaluate SWEEP`: every point of a sweep evaluated once more. */
#include "core/cli/evaluate_sweep.h"
#include "core/cli/sweep_watch.h"
#include "core/cli/unshown.h"
#include "core/base/memory.h"
#include "core/store/folder.h"
#include "core/store/later.h"
#include "core/evaluate/unread.h"
#include "core/sweep/crew.h"
#include "core/sweep/report.h"
#include "core/sweep/study.h"
#include "core/train/stored.h"

#include <stdio.h>
#include <stdlib.h>

/* A job for each point that has weights. */
static gedi_status take_jobs(gedi__crew *c, const gedi__study *s,
                             const gedi__arguments *a, gedi_err *err)
{
    const gedi__target *t = &a->target;
    c->job = gedi__alloc((size_t)s->results, sizeof *c->job, err, "%s", t->file);
    if (!c->job)
        return GEDI_NOMEM;
    for (int i = 0; i < s->results; i++) {
        const gedi__result *r = &s->result[i];
        if (!gedi__store_has(r->folder, GEDI__FILE_CHECKPOINT))
            continue;
        gedi__job *j = &c->job[c->jobs++];
        j->folder = r->folder;
        j->title = r->title;
        if (gedi__later_has(r->folder, t->override, t->n))
            j->state = GEDI__JOB_DONE;
    }
    if (!c->jobs)
        return GEDI_FAIL(err, GEDI_STATE,
                         "%s: no point has a checkpoint: run the sweep first", t->file);
    return GEDI_OK;
}

/* A mistake in what is put in is one of every point: it is said once, before any is evaluated. A value counts where
 * any point reads it: others have other methods. */
static int check_points(const gedi__crew *c, const gedi__target *t)
{
    gedi__mistakes said = {0};
    gedi_err err = {0};
    gedi_status s = GEDI_OK;
    for (int i = 0; i < c->jobs; i++) {
        gedi__mistakes own = {0};
        s = gedi__unread_options(c->job[i].folder, t->override, t->n, i ? &own : &said,
                                 &err);
        gedi__text_clear(&own.text);
        if (s != GEDI_DESCRIPTOR)
            break;
    }
    int code = !s       ? GEDI__EXIT_DONE
               : said.n ? gedi__say_mistakes(&said)
                        : gedi__say_err(&err);
    gedi__text_clear(&said.text);
    return code;
}

static int check_first(const gedi__crew *c, const gedi__target *t, bool unread)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    char *path = gedi__store_path(c->job[0].folder, GEDI__FILE_DESCRIPTOR, &err);
    gedi_status s =
        path ? gedi__stored_read(path, t->override, t->n, &e, &m, &err) : GEDI_NOMEM;
    if (!s)
        s = gedi__unread_keys(e, t->override, t->n, &m);
    int code = m.n > 0 ? gedi__say_mistakes(&m)
               : s     ? gedi__say_err(&err)
                       : GEDI__EXIT_DONE;
    free(path);
    gedi__text_clear(&m.text);
    gedi__experiment_free(e);
    return code || unread ? code : check_points(c, t);
}

static void tell(void *context, const gedi__crew *c, const gedi__job *ended)
{
    const int *before = context;
    int done = gedi__crew_count(c, GEDI__JOB_DONE),
        failed = gedi__crew_count(c, GEDI__JOB_FAILED);
    if (ended && ended->state == GEDI__JOB_FAILED)
        gedi__say("%s (%s): FAILED: %s", ended->title, ended->folder,
                  ended->reason.s ? ended->reason.s : "");
    else if (ended && ended->state == GEDI__JOB_DONE)
        gedi__say("%s: evaluated; %d of %d", ended->title, done - *before + failed,
                  c->jobs - *before);
}

/* One that cannot be written is said, and fails nothing: `gedi report` makes it. */
static void draw_page(const char *sweep)
{
    gedi_err err = {0};
    if (gedi__report_folder(sweep, false, &err))
        gedi__say("the report is as it was: %s; `gedi report %s' makes it", err.msg,
                  sweep);
    else
        printf("report     %s/%s\n", sweep, gedi__store_name(GEDI__FILE_REPORT));
}

static const gedi__job *job_done(const gedi__crew *c)
{
    const gedi__job *j = c->job;
    while (j->state != GEDI__JOB_DONE)
        j++;
    return j;
}

static int end(const gedi__crew *c, const gedi__study *s, const gedi__arguments *a,
               int before)
{
    const char *sweep = a->target.file;
    int done = gedi__crew_count(c, GEDI__JOB_DONE),
        failed = gedi__crew_count(c, GEDI__JOB_FAILED);
    int left = c->jobs - done - failed;
    bool unshown =
        done && gedi__say_unshown(job_done(c)->folder, a->target.override, a->target.n);
    printf("evaluated  %d of %d points", done, s->results);
    if (before)
        printf(", %d of them before", before);
    if (s->results > c->jobs)
        printf("; %d without a checkpoint", s->results - c->jobs);
    printf("\nresults    %s", sweep);
    if (done && !unshown)
        printf("; `gedi table %s --value PATH' shows them", sweep);
    puts("");
    if (done > before || failed) /* of those that failed, some numbers may be there */
        draw_page(sweep);
    if (left)
        gedi__say("stopped with %d of %d points left; the same command goes on", left,
                  c->jobs);
    return left || failed ? GEDI__EXIT_FAILED : GEDI__EXIT_DONE;
}

/* Of each point: a value that it does not read is for another. free() the list. */
static const char **arguments_of(const gedi__target *t, gedi_err *err)
{
    const char **all = gedi__alloc((size_t)t->n + 1, sizeof *all, err, "%s", t->file);
    if (!all)
        return NULL;
    all[0] = "--unread";
    for (int i = 0; i < t->n; i++)
        all[1 + i] = t->override[i];
    return all;
}

int gedi__evaluate_sweep(const gedi__arguments *a, long workers, bool unread)
{
    const char **put = NULL;
    gedi__study s = {0};
    gedi_err err = {0};
    gedi__crew c = {.workers = (int)workers,
                    .threads = gedi__threads_each(workers),
                    .command = "evaluate"};
    int before = 0, code;
    gedi_status status = gedi__study_add(&s, a->target.file, &err);
    if (!status)
        status = take_jobs(&c, &s, a, &err);
    code = status ? gedi__say_err(&err) : check_first(&c, &a->target, unread);
    if (!code && !(put = arguments_of(&a->target, &err)))
        code = gedi__say_err(&err);
    if (!code) {
        c.argument = put;
        c.arguments = a->target.n + 1;
        before = gedi__crew_count(&c, GEDI__JOB_DONE);
        c.context = &before;
        c.tick = a->quiet ? NULL : tell;
        status = gedi__crew_run(&c, &err);
        code = status && status != GEDI_INTERRUPTED ? gedi__say_err(&err)
                                                    : end(&c, &s, a, before);
        if (a->quiet)
            for (int i = 0; i < c.jobs; i++)
                if (c.job[i].state == GEDI__JOB_FAILED)
                    tell(&before, &c, &c.job[i]);
    }
    gedi__crew_clear(&c);
    free(put);
    free(c.job);
    gedi__study_clear(&s);
    return code;
}
