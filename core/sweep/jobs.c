/* jobs.c - what is left to do of a sweep, from what lies on disk. */
#include "core/sweep/jobs.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/later.h"
#include "core/store/metrics.h"
#include "core/store/summary.h"
#include "core/sweep/study.h"
#include "core/base/memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* One point's files. */
typedef struct place {
    char *folder, *descriptor, *summary, *checkpoint;
} place;

static bool place_init(place *l, const char *directory, const char *hash)
{
    *l = (place){.folder = gedi__store_point(directory, hash, NULL)};
    if (!l->folder)
        return false;
    l->descriptor = gedi__store_path(l->folder, GEDI__FILE_DESCRIPTOR, NULL);
    l->summary = gedi__store_path(l->folder, GEDI__FILE_SUMMARY, NULL);
    l->checkpoint = gedi__store_path(l->folder, GEDI__FILE_CHECKPOINT, NULL);
    return l->descriptor && l->summary && l->checkpoint;
}

static void place_clear(place *l)
{
    free(l->folder);
    free(l->descriptor);
    free(l->summary);
    free(l->checkpoint);
}

static void damaged(gedi__job *j, const char *why)
{
    gedi__text_add(&j->reason, "%s; to run it again, remove %s", why, j->folder);
    j->state = GEDI__JOB_FAILED;
}

/* Does descriptor.yaml state this point? It may have been written by an older gedi, or with other
 * evaluators: then it is another text, and has to be read. */
static gedi_status is_same(const place *l, const gedi__point *p, bool *same,
                           gedi_err *err)
{
    char *text;
    size_t size;
    gedi__text identity = {0};
    GEDI_TRY(gedi__file_read(l->descriptor, &text, &size, err));
    *same = !strcmp(text, p->resolved);
    free(text);
    if (*same)
        return GEDI_OK;
    gedi_status s = gedi__identity_read(l->descriptor, &identity, err);
    *same = s == GEDI_OK && !strcmp(identity.s, p->identity);
    gedi__text_clear(&identity);
    return s == GEDI_DESCRIPTOR ? GEDI_OK : s;
}

gedi_status gedi__jobs_summary(const char *path, const gedi__point *p, json_t **out,
                               bool *own, gedi_err *err)
{
    gedi__text identity = {0};
    *own = false;
    gedi_status s = gedi__summary_read(path, out, err);
    gedi__identity_kept(*out, &identity);
    if (!s && identity.failed)
        s = gedi_no_memory(err, "%s", path);
    else if (!s)
        *own = identity.s && !strcmp(identity.s, p->identity);
    gedi__text_clear(&identity);
    return s;
}

/* A run that lacks evaluators or figures waits: to be evaluated, not trained. */
static gedi_status look_at_summary(const place *l, const gedi__point *p, gedi__job *j,
                                   gedi_err *err)
{
    gedi_err why = {0};
    json_t *o = NULL;
    bool own;
    gedi_status s = gedi__jobs_summary(l->summary, p, &o, &own, &why);
    if (s && s != GEDI_NOMEM) {
        damaged(j, why.msg);
    } else if (!s && !own) {
        damaged(j, "its summary.json is of another experiment, or of another build");
    } else if (!s) {
        bool whole = gedi__artefacts_have_all(o, p->artefacts);
        if (!whole)
            s = gedi__later_add(l->folder, &o, &why);
        whole = whole || (!s && gedi__artefacts_have_all(o, p->artefacts));
        if (whole) {
            j->state = GEDI__JOB_DONE;
            j->done = j->iterations;
        }
        j->evaluates = !whole;
    }
    json_decref(o);
    return s == GEDI_NOMEM ? gedi_no_memory(err, "the runs of a sweep") : GEDI_OK;
}

/* What is there of the point. */
static gedi_status look(const place *l, const gedi__point *p, gedi__job *j, gedi_err *err)
{
    bool same = true, failed;
    gedi_err why = {0};
    if (gedi__file_exists(l->descriptor)) {
        gedi_status s = is_same(l, p, &same, &why);
        if (s == GEDI_NOMEM)
            return GEDI_FAIL(err, s, "%s", why.msg);
        if (s)
            damaged(j, why.msg);
        else if (!same)
            damaged(j, "its descriptor.yaml was changed and states another experiment");
    } else if (gedi__file_exists(l->summary) || gedi__file_exists(l->checkpoint)) {
        damaged(j, "its descriptor.yaml is missing");
    }
    if (j->state == GEDI__JOB_WAITING && gedi__file_exists(l->summary))
        GEDI_TRY(look_at_summary(l, p, j, err));
    if (j->state != GEDI__JOB_WAITING)
        return GEDI_OK;
    j->done = gedi__metrics_last(l->folder);
    if (gedi__last_words(l->folder, &failed, &j->reason))
        return gedi_no_memory(err, "the runs of a sweep");
    /* One that failed later on has no part that could stand: its draw has failed. */
    if (j->part && j->done >= j->iterations && !j->reason.len)
        j->state = GEDI__JOB_DONE;
    return GEDI_OK;
}

/* What training does not depend on may be another than when the run began. */
static gedi_status write(const place *l, const gedi__point *p, gedi_err *err)
{
    GEDI_TRY(gedi__store_mark(l->folder, GEDI__FOLDER_RUN, err));
    return gedi__file_write(l->descriptor, p->resolved, strlen(p->resolved), err);
}

static gedi_status look_again(gedi__job *j, const gedi__point *p, const char *directory,
                              bool writes, gedi_err *err)
{
    place l;
    gedi_status s = GEDI_OK;
    if (p->refused) {
        gedi__text_clear(&j->reason);
        gedi__text_add(&j->reason, "%s", p->refused);
        j->state = GEDI__JOB_FAILED;
        return j->reason.failed ? gedi_no_memory(err, "%s", directory) : GEDI_OK;
    }
    if (!place_init(&l, directory, p->hash))
        s = gedi_no_memory(err, "%s", directory);
    gedi__text_clear(&j->reason);
    j->state = GEDI__JOB_WAITING;
    j->evaluates = false;
    if (!s)
        s = look(&l, p, j, err);
    if (!s && writes && j->state == GEDI__JOB_WAITING)
        s = write(&l, p, err);
    place_clear(&l);
    return s;
}

gedi_status gedi__jobs_again(gedi__crew *c, int i, const gedi__plan *p,
                             const char *directory, bool writes, gedi_err *err)
{
    return look_again(&c->job[i], &p->point[i], directory, writes, err);
}

static gedi_status open_job(gedi__job *j, const gedi__point *p, const char *directory,
                            bool writes, gedi_err *err)
{
    char *folder = gedi__store_point(directory, p->hash, err);
    if (!folder)
        return GEDI_NOMEM;
    j->folder = folder; /* freed by close */
    j->title = p->title;
    j->iterations = p->until;
    j->part = p->until < p->iterations;
    return look_again(j, p, directory, writes, err);
}

static gedi_status open_all(gedi__crew *c, const gedi__plan *p, const char *directory,
                            bool writes, gedi_err *err)
{
    c->job = gedi__alloc((size_t)p->points + 1, sizeof *c->job, err, "%s", directory);
    if (!c->job)
        return GEDI_NOMEM;
    for (int i = 0; i < p->points; i++) {
        c->jobs++;
        GEDI_TRY(open_job(&c->job[i], &p->point[i], directory, writes, err));
    }
    return GEDI_OK;
}

gedi_status gedi__jobs_open(gedi__crew *c, const gedi__plan *p, const char *directory,
                            gedi_err *err)
{
    return open_all(c, p, directory, true, err);
}

gedi_status gedi__jobs_look(gedi__crew *c, const gedi__plan *p, const char *directory,
                            gedi_err *err)
{
    return open_all(c, p, directory, false, err);
}

void gedi__jobs_close(gedi__crew *c)
{
    gedi__crew_clear(c);
    for (int i = 0; i < c->jobs; i++)
        free((char *)c->job[i].folder);
    free(c->job);
    c->job = NULL;
    c->jobs = 0;
}
