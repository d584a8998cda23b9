/* source.c - a descriptor that comes through a pipe: `gedi check -`, `gedi run <(generate)`. */
#include "core/descriptor/source.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* Bytes: an endless stream ends here, and the reader of descriptors refuses it as too large. */
enum { MOST = 16 << 20 };

int gedi__source_stream(const char *name)
{
    static const char *const folder[] = {"/dev/fd/", "/proc/self/fd/"};
    if (!strcmp(name, "-") || !strcmp(name, "/dev/stdin"))
        return STDIN_FILENO;
    for (size_t i = 0; i < sizeof folder / sizeof *folder; i++) {
        const char *number = name + strlen(folder[i]);
        if (strncmp(name, folder[i], strlen(folder[i])) || !*number ||
            number[strspn(number, "0123456789")])
            continue;
        long n = strtol(number, NULL, 10);
        return n < INT_MAX ? (int)n : -1;
    }
    return -1;
}

const char *gedi__source_path(const char *name)
{
    return strcmp(name, "-") ? name : "/dev/stdin";
}

/* 0, or why not all was copied. */
static int copy(int from, int to)
{
    char part[1 << 16];
    for (size_t all = 0; all <= MOST;) {
        ssize_t n = read(from, part, sizeof part);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return n ? errno : 0;
        for (ssize_t at = 0, k; at < n; at += k)
            if ((k = write(to, part + at, (size_t)(n - at))) < 0)
                return errno;
        all += (size_t)n;
    }
    return 0;
}

gedi_status gedi__source_hold(const char *name, gedi_err *err)
{
    int from = gedi__source_stream(name);
    if (from < 0)
        return GEDI_OK;
    if (fcntl(from, F_GETFD) < 0)
        return GEDI_FAIL(err, GEDI_IO, "%s: cannot be read: %s", name, strerror(errno));
    int to = memfd_create("gedi", MFD_CLOEXEC);
    int why = to < 0 ? errno : copy(from, to);
    if (!why && dup3(to, from, from > STDERR_FILENO ? O_CLOEXEC : 0) < 0)
        why = errno;
    if (to >= 0)
        close(to);
    if (why)
        return GEDI_FAIL(err, GEDI_IO, "%s: cannot be read: %s", name, strerror(why));
    return GEDI_OK;
}
