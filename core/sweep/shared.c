/* shared.c - the points of one sweep, taken by processes of any hosts that share its folder. */
#include "core/sweep/shared.h"
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/run/run.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"
#include "core/sweep/jobs.h"
#include "core/sweep/points.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- one point ---- */

/* When the run last failed; 0: it did not. */
static int64_t failed_at(const char *folder)
{
    struct stat st;
    char *path = gedi__store_path(folder, GEDI__FILE_ERROR, NULL);
    bool there = path && !stat(path, &st);
    free(path);
    return there ? (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec : 0;
}

/* What failed with another process need not be tried by each. */
static void let_stand(const gedi__shared *s, gedi__job *j)
{
    int64_t at = j->state == GEDI__JOB_WAITING ? failed_at(j->folder) : 0;
    if (at && at >= s->since)
        j->state = GEDI__JOB_FAILED;
}

/* It is at work for as long as its log grows; where it does not, it may be stopped. */
static void mark_held(gedi__job *j, bool held)
{
    int64_t done = gedi__metrics_last(j->folder);
    if (!held || !(j->held > 0) || done != j->held_at)
        j->held = held ? gedi__seconds() : 0;
    j->held_at = j->done = done;
}

static gedi_status take(void *context, gedi__job *j, gedi_err *err)
{
    gedi__shared *s = context;
    int i = (int)(j - s->crew->job);
    bool taken;
    gedi__lease_look(&s->leases, j->folder, &s->sight[i]);
    /* A process that outlives the sweep that has begun it still writes with that lease, to its end. */
    if (s->sight[i].dead && gedi__run_is_busy(j->folder)) {
        j->state = GEDI__JOB_ELSEWHERE;
        return GEDI_OK;
    }
    GEDI_TRY(
        gedi__lease_take(&s->leases, j->folder, &s->sight[i], &s->lease[i], &taken, err));
    if (!taken || gedi__run_is_busy(j->folder)) {
        gedi__lease_drop(&s->lease[i]);
        j->state = GEDI__JOB_ELSEWHERE;
        return GEDI_OK;
    }
    gedi_status status = gedi__jobs_again(s->crew, i, s->plan, s->directory, false, err);
    if (!status)
        let_stand(s, j);
    if (!status && j->state == GEDI__JOB_WAITING)
        status = gedi__jobs_again(s->crew, i, s->plan, s->directory, true, err);
    if (status || j->state != GEDI__JOB_WAITING)
        gedi__lease_drop(&s->lease[i]);
    return status;
}

static bool hold(void *context, gedi__job *j)
{
    gedi__shared *s = context;
    return gedi__lease_hold(&s->leases, &s->lease[j - s->crew->job]);
}

static void leave(void *context, gedi__job *j)
{
    gedi__shared *s = context;
    gedi__lease_drop(&s->lease[j - s->crew->job]);
}

static gedi_status look(void *context, gedi__job *j, gedi_err *err)
{
    gedi__shared *s = context;
    int i = (int)(j - s->crew->job);
    gedi__lease_look(&s->leases, j->folder, &s->sight[i]);
    bool leased = s->sight[i].generation && !s->sight[i].dead;
    bool held = !leased && gedi__run_is_busy(j->folder);
    mark_held(j, held);
    if (leased || held)
        return GEDI_OK;
    GEDI_TRY(gedi__jobs_again(s->crew, i, s->plan, s->directory, false, err));
    let_stand(s, j);
    return GEDI_OK;
}

/* ---- all of them ---- */

static int is_visible(const struct dirent *e)
{
    return *e->d_name != '.';
}

/* How many runs in the directory, of this sweep or another, somebody is at work on; the first of them is
 * `who`. */
static gedi_status find_others(const gedi__leases *l, const char *directory, int *n,
                               gedi__who *who, gedi_err *err)
{
    struct dirent **entry = NULL;
    char *runs = gedi__store_path(directory, GEDI__FILE_RUNS, err);
    int entries = runs ? scandir(runs, &entry, is_visible, alphasort) : 0;
    bool failed = !runs;
    *n = 0;
    for (int i = 0; i < entries; i++) {
        gedi__sight sight = {0};
        char *folder = gedi__path_join(runs, entry[i]->d_name);
        failed |= !folder;
        if (folder)
            gedi__lease_look(l, folder, &sight);
        if (sight.generation && !sight.silent && !(*n)++)
            *who = sight.who;
        free(folder);
        free(entry[i]);
    }
    free(entry);
    free(runs);
    return failed ? gedi_no_memory(err, "%s", directory) : GEDI_OK;
}

/* Whoever has the lease of the sweep writes for seconds, or is dead. */
static gedi_status take_own(gedi__shared *s, gedi_err *err)
{
    const struct timespec tick = {.tv_nsec = 100 * 1000 * 1000};
    gedi__sight sight = {0};
    bool taken = false;
    for (;;) {
        GEDI_TRY(
            gedi__lease_take(&s->leases, s->directory, &sight, &s->own, &taken, err));
        if (taken)
            return GEDI_OK;
        nanosleep(&tick, NULL);
    }
}

/* Those who are at work here count on the points that points.json names. */
static gedi_status check_same(const gedi__shared *s, const gedi__who *who, bool worker,
                              gedi_err *err)
{
    bool same = false, needed = worker || s->others;
    GEDI_TRY(gedi__points_same(s->plan, s->directory, &same, err));
    if (same || !needed)
        return GEDI_OK;
    if (s->others)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: process %s on host %s is at work here on a sweep with other "
            "points or tables: wait for it, or choose another directory with "
            "--out",
            s->directory, who->process, who->host);
    return GEDI_FAIL(
        err, GEDI_STATE,
        "%s: the sweep there has other points or tables than the descriptor: "
        "it was changed since the array was submitted: submit it again",
        s->directory);
}

gedi_status gedi__shared_open(gedi__shared *s, const gedi__plan *p, const char *directory,
                              const gedi__lock *lock, int seconds, bool worker,
                              gedi_err *err)
{
    int others;
    gedi__who who = {0};
    *s = (gedi__shared){.plan = p, .directory = directory};
    s->gate = (gedi__gate){s, take, hold, leave, look, !worker};
    gedi__leases_init(&s->leases, lock->own, seconds);
    s->sight =
        gedi__alloc((size_t)p->points, sizeof *s->sight, err, "%d points", p->points);
    s->lease =
        gedi__alloc((size_t)p->points, sizeof *s->lease, err, "%d points", p->points);
    if (!s->sight || !s->lease)
        return GEDI_NOMEM;
    GEDI_TRY(take_own(s, err));
    GEDI_TRY(find_others(&s->leases, directory, &others, &who, err));
    s->others = others > 0;
    if (!worker && !s->others)
        s->since = gedi__leases_now(&s->leases);
    return check_same(s, &who, worker, err);
}

void gedi__shared_begin(gedi__shared *s, gedi__crew *c)
{
    s->crew = c;
    c->gate = &s->gate;
    gedi__lease_drop(&s->own);
}

gedi_status gedi__shared_end(gedi__shared *s, gedi_err *err)
{
    GEDI_TRY(take_own(s, err));
    for (int i = 0; i < s->crew->jobs; i++)
        gedi__lease_clean(&s->leases, s->crew->job[i].folder);
    return GEDI_OK;
}

void gedi__shared_close(gedi__shared *s)
{
    gedi__lease_drop(&s->own);
    for (int i = 0; s->lease && i < s->plan->points; i++)
        gedi__lease_drop(&s->lease[i]);
    free(s->sight);
    free(s->lease);
    s->sight = NULL;
    s->lease = NULL;
}

gedi_status gedi__shared_refuse(const char *directory, const gedi__lock *lock,
                                gedi_err *err)
{
    int n;
    gedi__leases l;
    gedi__who who = {0};
    gedi__leases_init(&l, lock->own, GEDI__LEASE_SECONDS);
    GEDI_TRY(find_others(&l, directory, &n, &who, err));
    if (!n)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_STATE,
        "%s: process %s on host %s works here with --join: join it with --join, "
        "wait for it, or choose another directory with --out",
        directory, *who.process ? who.process : "unknown",
        *who.host ? who.host : "unknown");
}

const char *gedi__shared_host(const gedi__shared *s, int i)
{
    bool there = s->sight[i].generation && !s->sight[i].dead;
    return there ? s->sight[i].who.host : "";
}
