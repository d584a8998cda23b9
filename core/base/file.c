/* file.c - reading a file whole, replacing one atomically, making folders. */
#include "core/base/file.h"
#include "core/base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MOST = INT32_MAX }; /* bytes of a file that is read whole */

gedi_status gedi__file_to_read(const char *path, const char *name, FILE **f,
                               gedi_err *err)
{
    struct stat st;
    /* A pipe without a writer would make it wait. */
    int fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int why = fd < 0 || fstat(fd, &st) ? errno : 0;
    bool file = !why && S_ISREG(st.st_mode);
    *f = file ? fdopen(fd, "rb") : NULL;
    if (*f)
        return GEDI_OK;
    if (fd >= 0)
        close(fd);
    if (file || why == ENOMEM)
        return gedi_no_memory(err, "%s", name);
    /* A socket cannot be opened at all. */
    return GEDI_FAIL(err, GEDI_IO, "%s: %s", name,
                     why && why != ENXIO ? strerror(why) : "not a file");
}

gedi_status gedi__file_read(const char *path, char **data, size_t *size, gedi_err *err)
{
    return gedi__file_read_most(path, FILE_MOST, data, size, err);
}

gedi_status gedi__file_read_most(const char *path, size_t most, char **data, size_t *size,
                                 gedi_err *err)
{
    *data = NULL;
    *size = 0;
    FILE *f;
    struct stat st;
    GEDI_TRY(gedi__file_to_read(path, path, &f, err));
    if (fstat(fileno(f), &st)) {
        int why = errno;
        fclose(f);
        return GEDI_FAIL(err, GEDI_IO, "%s: %s", path, strerror(why));
    }
    size_t n = (size_t)st.st_size;
    if (n > most) {
        fclose(f);
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: has %zu bytes; at most %zu are read of such a file: is it "
                         "the right one?",
                         path, n, most);
    }
    char *p = gedi__alloc(n + 1, 1, err, "%s, %zu bytes", path, n);
    if (!p) {
        fclose(f);
        return GEDI_NOMEM;
    }
    size_t got = fread(p, 1, n, f);
    fclose(f);
    if (got != n) {
        free(p);
        return GEDI_FAIL(err, GEDI_IO, "%s: %zu of %zu bytes read", path, got, n);
    }
    p[n] = 0;
    *data = p;
    *size = n;
    return GEDI_OK;
}

/* As gedi__file_open; `name` is what a message calls the file. */
static gedi_status open_as(const char *path, const char *name, int flags, int *fd,
                           gedi_err *err)
{
    struct stat st;
    /* A pipe without a reader would make it wait. */
    *fd = open(path, flags | O_NOFOLLOW | O_NONBLOCK, 0666);
    int why = *fd < 0 ? errno : 0;
    if (*fd >= 0 && fstat(*fd, &st) == 0 && S_ISREG(st.st_mode))
        return GEDI_OK;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    bool there = lstat(path, &st) == 0;
    if (there && S_ISLNK(st.st_mode))
        return GEDI_FAIL(err, GEDI_IO,
                         "%s: is a symbolic link; nothing is written through one, for it "
                         "may lead to any file: remove it",
                         path);
    if (there && !S_ISREG(st.st_mode))
        return GEDI_FAIL(err, GEDI_IO, "%s: is in the way, and not a file: remove it",
                         path);
    return GEDI_FAIL(err, GEDI_IO, "%s: cannot be written: %s", name, strerror(why));
}

gedi_status gedi__file_open(const char *path, int flags, int *fd, gedi_err *err)
{
    return open_as(path, path, flags, fd, err);
}

static gedi_status open_part(gedi__replace *r, gedi_err *err)
{
    struct stat st;
    int fd;
    if (lstat(r->part, &st) == 0 && S_ISREG(st.st_mode))
        (void)unlink(
            r->part); /* of a process that was killed; if it stays, open() fails */
    GEDI_TRY(
        open_as(r->part, r->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, &fd, err));
    if (!fstat(fd, &st)) {
        r->device = st.st_dev;
        r->number = st.st_ino;
    }
    r->f = fdopen(fd, "wb");
    if (r->f)
        return GEDI_OK;
    close(fd);
    (void)unlink(r->part);
    return gedi_no_memory(err, "%s", r->path);
}

gedi_status gedi__replace_open(gedi__replace *r, const char *path, gedi_err *err)
{
    memset(r, 0, sizeof *r);
    r->path = strdup(path);
    if (!r->path || asprintf(&r->part, "%s.part", path) < 0) {
        r->part = NULL;
        gedi__replace_abandon(r);
        return gedi_no_memory(err, "%s", path);
    }
    gedi_status s = open_part(r, err);
    if (s != GEDI_OK) {
        free(r->part); /* what is there is not ours to remove */
        r->part = NULL;
        gedi__replace_abandon(r);
    }
    return s;
}

void gedi__name_sync(const char *path)
{
    char *folder = strdup(path);
    if (!folder)
        return;
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = 0;
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

/* 0, or why what was written is not in the file. */
static int flush_to_disk(FILE *f)
{
    errno = 0;
    if (ferror(f)) { /* an earlier write failed and its reason is lost: ask once more */
        clearerr(f);
        return (fputc(0, f) == EOF || fflush(f)) && errno ? errno : EIO;
    }
    if (fflush(f) || fsync(fileno(f)))
        return errno ? errno : EIO;
    return 0;
}

gedi_status gedi__replace_keep(gedi__replace *r, const char *old, gedi_err *err)
{
    r->old = strdup(old);
    return r->old ? GEDI_OK : gedi_no_memory(err, "%s", old);
}

/* A second name for the file, then the new one takes the first: 0, or why not. Where there are no
 * second names, the file itself is renamed, and for a moment `old` alone is there. */
static int keep_old(const char *path, const char *old)
{
    char *part = NULL;
    if (access(path, F_OK))
        return 0; /* the first of its name */
    if (asprintf(&part, "%s.part", old) < 0)
        return ENOMEM;
    (void)unlink(part);
    bool failed = link(path, part) ? rename(path, old) : rename(part, old);
    int why = failed ? errno : 0;
    free(part);
    return why;
}

/* Of a process that was stopped for long, the part may be another's by now. */
static bool is_ours(const gedi__replace *r)
{
    struct stat st;
    return !lstat(r->part, &st) && st.st_dev == r->device && st.st_ino == r->number;
}

static const char *(*guard)(void);

void gedi__file_guard(const char *(*why_not)(void))
{
    guard = why_not;
}

gedi_status gedi__file_may_write(const char *path, gedi_err *err)
{
    const char *why = guard ? guard() : NULL;
    return why ? GEDI_FAIL(err, GEDI_IO, "%s: not written: %s", path, why) : GEDI_OK;
}

static gedi_status check_may(const gedi__replace *r, gedi_err *err)
{
    GEDI_TRY(gedi__file_may_write(r->path, err));
    return is_ours(r) ? GEDI_OK
                      : GEDI_FAIL(err, GEDI_IO,
                                  "%s: not written: another process writes it", r->path);
}

static gedi_status cannot(const gedi__replace *r, int why, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_IO, "%s: cannot be written: %s%s", r->path, strerror(why),
                     gedi__file_exists(r->path) ? " (the old file is kept)" : "");
}

static gedi_status take_name(gedi__replace *r, gedi_err *err)
{
    GEDI_TRY(check_may(r, err));
    int why = r->old ? keep_old(r->path, r->old) : 0;
    if (!why && r->old)
        GEDI_TRY(check_may(r, err)); /* that took its time */
    if (!why && rename(r->part, r->path))
        why = errno;
    return why ? cannot(r, why, err) : GEDI_OK;
}

gedi_status gedi__replace_commit(gedi__replace *r, gedi_err *err)
{
    int why = flush_to_disk(r->f);
    if (fclose(r->f) && !why)
        why = errno;
    r->f = NULL;
    gedi_status s = why ? cannot(r, why, err) : take_name(r, err);
    if (s == GEDI_OK) {
        gedi__name_sync(r->path);
        free(r->part);
        r->part = NULL;
    }
    gedi__replace_abandon(r);
    return s;
}

void gedi__replace_abandon(gedi__replace *r)
{
    if (r->f)
        fclose(r->f);
    if (r->part && is_ours(r))
        (void)unlink(r->part);
    free(r->part);
    free(r->path);
    free(r->old);
    memset(r, 0, sizeof *r);
}

gedi_status gedi__file_write(const char *path, const void *data, size_t size,
                             gedi_err *err)
{
    gedi__replace r;
    GEDI_TRY(gedi__replace_open(&r, path, err));
    fwrite(data, 1, size, r.f);
    return gedi__replace_commit(&r, err);
}

bool gedi__folder_exists(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* 0, or why there is no new folder. */
static int make_one(const char *path)
{
    if (mkdir(path, 0777))
        return errno;
    gedi__name_sync(path);
    return 0;
}

gedi_status gedi__folder_make(const char *path, gedi_err *err)
{
    char *p = gedi__copy_text(path, err);
    if (!p)
        return GEDI_NOMEM;
    gedi_status s = GEDI_OK;
    for (char *c = p; s == GEDI_OK; c++) {
        if (*c && *c != '/')
            continue;
        char keep = *c;
        *c = 0;
        int why = *p ? make_one(p) : 0; /* stat() has another reason */
        if (why && !gedi__folder_exists(p))
            s = GEDI_FAIL(err, GEDI_IO, "%s: folder cannot be made: %s", p,
                          strerror(why));
        *c = keep;
        if (!keep)
            break;
    }
    free(p);
    return s;
}

gedi_status gedi__folder_next(const char *folder, const char *name, char **path,
                              gedi_err *err)
{
    for (int i = 1;; i++) {
        char *numbered = NULL;
        if (asprintf(&numbered, "%s-%d", name, i) < 0)
            numbered = NULL;
        *path = numbered ? gedi__path_join(folder, numbered) : NULL;
        free(numbered);
        if (!*path)
            return gedi_no_memory(err, "%s", folder);
        int why = make_one(*path);
        if (!why)
            return GEDI_OK;
        if (why != EEXIST) {
            GEDI_FAIL(err, GEDI_IO, "%s: folder cannot be made: %s", *path,
                      strerror(why));
            free(*path);
            *path = NULL;
            return GEDI_IO;
        }
        free(*path);
    }
}

static int remove_one(const char *path, const struct stat *st, int what, struct FTW *at)
{
    (void)st, (void)what, (void)at;
    return remove(path);
}

int gedi__folder_remove(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) == 0 || errno == ENOENT)
        return 0;
    return errno;
}

bool gedi__file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

char *gedi__path_join(const char *a, const char *b)
{
    char *out = NULL;
    if (!a || !*a || *b == '/')
        return strdup(b);
    size_t n = strlen(a);
    return asprintf(&out, "%s%s%s", a, a[n - 1] == '/' ? "" : "/", b) < 0 ? NULL : out;
}
