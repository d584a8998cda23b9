/* lock.c - one sweep at a time in a directory.
 *
 * Locks of open file descriptions, on one byte each: the kernel gives them back however a
 * process ends, so that nothing has to be cleaned up by hand.
 */
#include "core/sweep/lock.h"
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/sweep/who.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { OWN = 0, WORKERS = 1 };

/* A file system that knows no locks keeps nobody from sharing: there are leases. */
static int take(int fd, int byte, bool shared)
{
    struct flock f = {.l_type = shared ? F_RDLCK : F_WRLCK,
                      .l_whence = SEEK_SET,
                      .l_start = byte,
                      .l_len = 1};
    int refused = fcntl(fd, F_OFD_SETLK, &f);
    bool unknown = refused && (errno == ENOLCK || errno == EOPNOTSUPP || errno == ENOSYS);
    return shared && unknown ? 0 : refused;
}

static gedi_status fail(const char *path, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_IO, "%s: cannot be locked: %s", path, strerror(errno));
}

static gedi_status take_own(const gedi__lock *l, const char *directory, const char *path,
                            gedi_err *err)
{
    char text[GEDI__WHO_TEXT] = "";
    bool taken = take(l->own, OWN, l->shared) == 0;
    if (!taken && errno != EAGAIN && errno != EACCES)
        return fail(path, err);
    if (pread(l->own, text, sizeof text - 1, 0) < 0)
        return fail(path, err);
    gedi__who m = gedi__who_read(text);
    bool elsewhere = gedi__who_is_elsewhere(&m);
    if (!taken && !*text)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: processes with --join work here: join them with --join, wait "
            "for them, or choose another directory with --out",
            directory);
    if (!taken)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: another gedi sweep works here (process %s%s%s): wait for it, "
            "or choose another directory with --out",
            directory, *m.process ? m.process : "unknown", elsewhere ? " on host " : "",
            elsewhere ? m.host : "");
    if (elsewhere)
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s: a gedi sweep on host %s (process %s) has not left, and whether "
            "it still works cannot be told from here: look there, and if it "
            "does not, remove %s",
            directory, m.host, m.process, path);
    /* Of one that was killed here. Others, who could not tell, need not know of it. */
    if (l->shared && *text && ftruncate(l->own, 0))
        return fail(path, err);
    return GEDI_OK;
}

static gedi_status leave_mark(gedi__lock *l, const char *path, gedi_err *err)
{
    char text[GEDI__WHO_TEXT];
    gedi__who us = gedi__who_am_i();
    ssize_t n = (ssize_t)strlen(gedi__who_text(&us, text));
    l->marked = true;
    if (ftruncate(l->own, 0) || pwrite(l->own, text, (size_t)n, 0) != n)
        return fail(path, err);
    return GEDI_OK;
}

static gedi_status take_workers(gedi__lock *l, const char *directory, const char *path,
                                double patience, gedi_err *err)
{
    const struct timespec tick = {.tv_nsec = 20 * 1000 * 1000};
    for (double waited = 0; take(l->workers, WORKERS, l->shared); waited += 0.02) {
        if (errno != EAGAIN && errno != EACCES)
            return fail(path, err);
        if (waited >= patience)
            return GEDI_FAIL(
                err, GEDI_STATE,
                "%s: runs of a sweep that was killed are still at work here: "
                "wait for them, or end them",
                directory);
        nanosleep(&tick, NULL);
    }
    return GEDI_OK;
}

gedi_status gedi__lock_open(gedi__lock *l, const char *directory, bool shared,
                            double patience, gedi_err *err)
{
    char *path = gedi__store_path(directory, GEDI__FILE_LOCK, err);
    *l = GEDI__LOCK_NONE;
    l->shared = shared;
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = gedi__file_open(path, O_RDWR | O_CREAT | O_CLOEXEC, &l->own, err);
    if (!s)
        s = gedi__file_open(path, O_RDWR, &l->workers, err);
    if (!s)
        s = take_own(l, directory, path, err);
    if (!s)
        s = take_workers(l, directory, path, patience, err);
    if (!s && !shared)
        s = leave_mark(l, path, err);
    free(path);
    if (s)
        gedi__lock_close(l);
    return s;
}

void gedi__lock_close(gedi__lock *l)
{
    if (l->marked) /* what a kill leaves there is for other hosts */
        (void)!ftruncate(l->own, 0);
    if (l->own >= 0)
        close(l->own);
    if (l->workers >= 0)
        close(l->workers);
    *l = GEDI__LOCK_NONE;
}
