/* lock.c - one sweep at a time in a directory.
 *
 * Locks of open file descriptions, on one byte each: the kernel gives them back however a
 * process ends, so that nothing has to be cleaned up by hand.
 */
#include "core/sweep/lock.h"
#include "core/base/file.h"
#include "core/store/folder.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { OWN = 0, WORKERS = 1 };

static int take(int fd, int byte)
{
    struct flock f = {
        .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, F_OFD_SETLK, &f);
}

static gedi_status fail(const char *path, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_IO, "%s: cannot be locked: %s", path, strerror(errno));
}

static gedi_status take_own(gedi__lock *l, const char *directory, const char *path,
                            gedi_err *err)
{
    char who[32] = "";
    if (take(l->own, OWN) == 0) {
        int n = snprintf(who, sizeof who, "%ld\n", (long)getpid());
        if (ftruncate(l->own, 0) || pwrite(l->own, who, (size_t)n, 0) != n)
            return fail(path, err);
        return GEDI_OK;
    }
    if (errno != EAGAIN && errno != EACCES)
        return fail(path, err);
    ssize_t n = pread(l->own, who, sizeof who - 1, 0);
    who[n > 0 ? strspn(who, "0123456789") : 0] = 0;
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s: another gedi sweep works here (process %s): wait for it, or "
                     "choose another directory with --out",
                     directory, *who ? who : "unknown");
}

static gedi_status take_workers(gedi__lock *l, const char *directory, const char *path,
                                double patience, gedi_err *err)
{
    const struct timespec tick = {.tv_nsec = 20 * 1000 * 1000};
    for (double waited = 0; take(l->workers, WORKERS); waited += 0.02) {
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

gedi_status gedi__lock_open(gedi__lock *l, const char *directory, double patience,
                            gedi_err *err)
{
    char *path = gedi__store_path(directory, GEDI__FILE_LOCK, err);
    *l = GEDI__LOCK_NONE;
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = gedi__file_open(path, O_RDWR | O_CREAT | O_CLOEXEC, &l->own, err);
    if (!s)
        s = gedi__file_open(path, O_RDWR, &l->workers, err);
    if (!s)
        s = take_own(l, directory, path, err);
    if (!s)
        s = take_workers(l, directory, path, patience, err);
    free(path);
    if (s)
        gedi__lock_close(l);
    return s;
}

void gedi__lock_close(gedi__lock *l)
{
    if (l->own >= 0)
        close(l->own);
    if (l->workers >= 0)
        close(l->workers);
    *l = GEDI__LOCK_NONE;
}
