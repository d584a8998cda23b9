/* run.c - the beginning of a run, in a directory that has none. */
#include "core/run/running.h"
#include "core/base/file.h"
#include "core/exec/blas.h"
#include "core/run/length.h"
#include "core/run/vacant.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/weights.h"
#include "core/train/checkpoint.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

/* Whoever only asks whether a run is at work has its lock for a moment. */
static bool is_busy(int lock)
{
    const struct timespec nap = {.tv_nsec = 5 * 1000 * 1000};
    bool busy = true;
    for (int i = 0; i < 4 && busy; i++) {
        if (i)
            nanosleep(&nap, NULL);
        busy = flock(lock, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK;
    }
    return busy;
}

gedi_status gedi__run_lock(const char *directory, int *lock, gedi_err *err)
{
    *lock = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock >= 0 && is_busy(*lock))
        return GEDI_FAIL(err, GEDI_STATE, "%s: another gedi is at work on this run",
                         directory);
    return GEDI_OK; /* also on a file system that knows no locks */
}

bool gedi__run_is_busy(const char *folder)
{
    int lock;
    gedi_err err = {0};
    bool busy = gedi__run_lock(folder, &lock, &err) == GEDI_STATE;
    if (lock >= 0)
        close(lock);
    return busy;
}

bool gedi__run_is_idle(const char *folder)
{
    int lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool idle = lock >= 0 && !is_busy(lock) && !flock(lock, LOCK_EX | LOCK_NB);
    if (lock >= 0)
        close(lock);
    return idle;
}

/* What the other run had up to its checkpoint. */
static gedi_status copy_origin(gedi__running *r, gedi_err *err)
{
    char *log;
    size_t size;
    GEDI_TRY(gedi__file_read(r->from->metrics, &log, &size, err));
    unlink(r->checkpoint); /* of an attempt that was killed, with other values perhaps */
    gedi_status s = gedi__file_write(r->metrics, log, size, err);
    free(log);
    if (s == GEDI_OK)
        s = gedi__running_open_log(r, err);
    return s == GEDI_OK ? gedi__running_save(r, err) : s;
}

static void note_origin(const gedi__running *r)
{
    gedi_err own = {0};
    char *path = realpath(r->directory, NULL);
    if (gedi__divergence_note(r->from->run, path ? path : r->directory, &own))
        gedi__running_fault(r, "%s", own.msg);
    free(path);
    gedi__running_say(r, "%s: goes on from iteration %lld of %s with %s", r->directory,
                      (long long)r->t->iteration, r->from->run,
                      r->e->turn[r->e->turns - 1].changed);
}

static gedi_status begin(gedi__running *r, gedi_err *err)
{
    GEDI_TRY(gedi__store_claim(r->directory, GEDI__FOLDER_RUN, err));
    const char *log = r->from ? r->from->metrics : NULL;
    GEDI_TRY(gedi__vacant_check(r->directory, log, err));
    GEDI_TRY(gedi__running_agree(err));
    GEDI_TRY(gedi__length_settle(r->e, r->o, err));
    GEDI_TRY(gedi__running_ready(r, r->e->stage + (r->from ? r->from->stage : 0), err));
    GEDI_TRY(gedi__weights_settle(r->e, err));
    GEDI_TRY(gedi__running_emit(r, err));
    GEDI_TRY(r->from ? gedi__checkpoint_adopt(r->t, r->from->checkpoint,
                                              r->from->identity, err)
                     : gedi__running_take_init(r, err));
    GEDI_TRY(gedi__folder_make(r->directory, err));
    GEDI_TRY(gedi__run_lock(r->directory, &r->lock, err));
    GEDI_TRY(
        gedi__vacant_check(r->directory, log, err)); /* another may have been faster */
    GEDI_TRY(gedi__store_mark(r->directory, GEDI__FOLDER_RUN, err));
    if (r->from) /* before the descriptor: with it, the folder holds a run */
        GEDI_TRY(copy_origin(r, err));
    GEDI_TRY(gedi__file_write(r->descriptor, r->text.s, r->text.len, err));
    if (r->from)
        note_origin(r);
    gedi__running_say_changed(r);
    GEDI_TRY(gedi__running_train(r, err));
    return gedi__running_finish(r, err);
}

gedi_status gedi__run_from(gedi__experiment *e, const gedi__origin *from,
                           const char *directory, const gedi__observer *o,
                           gedi__mistakes *m, gedi_err *err)
{
    gedi__running r;
    gedi_err own = {0};
    gedi_status s = gedi__running_init(&r, directory, o, &own);
    r.e = e;
    r.from = from;
    r.mistakes = m;
    gedi__threads_set((int)e->threads);
    if (s == GEDI_OK)
        s = begin(&r, &own);
    gedi__running_clear(&r);
    if (err)
        *err = own;
    return s;
}

gedi_status gedi__run(gedi__experiment *e, const char *directory, const gedi__observer *o,
                      gedi__mistakes *m, gedi_err *err)
{
    return gedi__run_from(e, NULL, directory, o, m, err);
}
