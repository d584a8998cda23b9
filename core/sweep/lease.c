/* lease.c - one process at a time at work in a folder that several hosts share. */
#include "core/sweep/lease.h"
#include "core/base/file.h"
#include "core/store/leased.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { BEATS = 6 }; /* in the time after which a holder is taken for dead */

/* One that goes on while the machine sleeps. */
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void gedi__leases_init(gedi__leases *l, int lock, int seconds)
{
    char who[GEDI__WHO_TEXT];
    gedi__who us = gedi__who_am_i();
    *l = (gedi__leases){.clock = lock, .seconds = seconds};
    snprintf(l->text, sizeof l->text, "%.250s %d", gedi__who_text(&us, who), seconds);
}

int64_t gedi__leases_now(const gedi__leases *l)
{
    struct stat st;
    /* UTIME_NOW is the time of the file system: of an NFS server, for one. */
    if (futimens(l->clock, NULL) || fstat(l->clock, &st))
        return -1;
    return (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
}

/* What the holder has promised, behind who it is. */
static int patience_of(const gedi__leases *l, const char *text)
{
    int n = 0;
    sscanf(text, "%*s %*s %*s %*s %d", &n);
    return n > 0 ? n : l->seconds;
}

static void judge(const gedi__leases *l, gedi__sight *s)
{
    int patience = patience_of(l, s->text);
    int64_t now = gedi__leases_now(l);
    bool ended = gedi__who_has_ended(&s->who);
    s->silent = ended || (now >= 0 && now - s->beat > patience * INT64_C(1000000000));
    s->dead = ended || (s->silent && seconds() - s->since >= patience / 3.0);
}

void gedi__lease_look(const gedi__leases *l, const char *folder, gedi__sight *s)
{
    bool others;
    char text[GEDI__WHO_TEXT];
    int64_t beat = 0, generation = gedi__lease_newest(folder, 0, 0, &others);
    char *path = generation ? gedi__lease_path(folder, generation) : NULL;
    if (!path || !gedi__lease_read(path, text, &beat)) {
        memset(s, 0, sizeof *s);
    } else {
        if (generation != s->generation || beat != s->beat || strcmp(text, s->text))
            s->since = seconds();
        s->generation = generation;
        s->beat = beat;
        memcpy(s->text, text, sizeof s->text);
        s->who = gedi__who_read(text);
        judge(l, s);
    }
    free(path);
}

/* ---- ours ---- */

static gedi_status fail(const char *path, int why, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_IO, "%s: cannot be taken: %s", path, strerror(why));
}

/* Makes the file, which must not be there, and writes into it whose it is. */
static gedi_status put(gedi__leases *l, gedi__lease *lease, bool *taken, gedi_err *err)
{
    int fd =
        open(lease->path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0)
        return errno == EEXIST ? GEDI_OK : fail(lease->path, errno, err);
    int n = snprintf(lease->text, sizeof lease->text, "%s %" PRId64 "\n", l->text,
                     ++l->taken);
    errno = EIO;
    bool ok = write(fd, lease->text, (size_t)n) == n;
    int why = errno;
    if (close(fd) || !ok) {
        why = ok ? errno : why;
        unlink(lease->path);
        return fail(lease->path, why, err);
    }
    lease->beaten = seconds();
    *taken = true;
    return GEDI_OK;
}

static void remove_lease(const char *folder, int64_t generation)
{
    char *path = gedi__lease_path(folder, generation);
    if (path)
        (void)unlink(path);
    free(path);
}

static void forget(gedi__lease *lease)
{
    free(lease->path);
    *lease = (gedi__lease){0};
}

gedi_status gedi__lease_take(gedi__leases *l, const char *folder, gedi__sight *s,
                             gedi__lease *out, bool *taken, gedi_err *err)
{
    bool others;
    *taken = false;
    gedi__lease_look(l, folder, s);
    if (s->generation && !s->dead)
        return GEDI_OK;
    GEDI_TRY(gedi__folder_make(folder, err));
    *out = (gedi__lease){.generation = s->generation + 1};
    out->path = gedi__lease_path(folder, out->generation);
    if (!out->path)
        return gedi_no_memory(err, "the lease of %s", folder);
    gedi_status status = put(l, out, taken, err);
    if (*taken) {
        /* While we looked others may have come and gone: one who is there now was not judged by us. */
        (void)gedi__lease_newest(folder, out->generation, s->generation, &others);
        if (others)
            gedi__lease_drop(out);
        else if (s->generation)
            remove_lease(folder, s->generation);
        *taken = !others;
    } else {
        forget(out);
    }
    return status;
}

bool gedi__lease_hold(const gedi__leases *l, gedi__lease *lease)
{
    double now = seconds(), silent = now - lease->beaten;
    if (!lease->generation || silent < l->seconds / (double)BEATS)
        return true;
    bool ours = gedi__lease_stands(lease->path, lease->generation, lease->text);
    if (ours && !utimensat(AT_FDCWD, lease->path, NULL, AT_SYMLINK_NOFOLLOW))
        lease->beaten = now;
    else if (silent > l->seconds) /* nobody can have heard of us */
        ours = false;
    return ours;
}

void gedi__lease_drop(gedi__lease *lease)
{
    if (lease->generation &&
        gedi__lease_stands(lease->path, lease->generation, lease->text))
        (void)unlink(lease->path);
    forget(lease);
}

void gedi__lease_clean(const gedi__leases *l, const char *folder)
{
    gedi__sight s = {0};
    gedi__lease_look(l, folder, &s);
    if (s.generation && s.silent)
        remove_lease(folder, s.generation);
}
