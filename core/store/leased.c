/* leased.c - leases as files of a folder, and what a run writes only while its lease stands. */
#include "core/store/leased.h"
#include "core/base/file.h"
#include "core/store/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *gedi__lease_path(const char *folder, int64_t generation)
{
    char name[48];
    snprintf(name, sizeof name, "%s-%" PRId64, gedi__store_name(GEDI__FILE_LEASE),
             generation);
    return gedi__path_join(folder, name);
}

/* The number of a lease's file; 0: it is none. */
static int64_t generation_of(const char *file)
{
    const char *name = gedi__store_name(GEDI__FILE_LEASE);
    size_t n = strlen(name);
    char *end;
    if (strncmp(file, name, n) || file[n] != '-')
        return 0;
    long long g = strtoll(file + n + 1, &end, 10);
    return *end || g < 1 ? 0 : g;
}

int64_t gedi__lease_newest(const char *folder, int64_t one, int64_t two, bool *others)
{
    int64_t most = 0;
    struct dirent *e;
    DIR *d = opendir(folder);
    *others = false;
    while (d && (e = readdir(d))) {
        int64_t g = generation_of(e->d_name);
        most = g > most ? g : most;
        *others |= g && g != one && g != two;
    }
    if (d)
        closedir(d);
    return most;
}

/* The file is opened even for its time: that a file is opened makes NFS ask the server. */
bool gedi__lease_read(const char *path, char text[GEDI__LEASE_TEXT], int64_t *beat)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    ssize_t n = fd < 0 ? -1 : read(fd, text, GEDI__LEASE_TEXT - 1);
    bool there = n >= 0 && !fstat(fd, &st);
    text[n > 0 ? n : 0] = 0;
    if (there)
        *beat = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec;
    if (fd >= 0)
        close(fd);
    return there;
}

bool gedi__lease_stands(const char *path, int64_t generation, const char *text)
{
    char now[GEDI__LEASE_TEXT];
    int64_t beat;
    if (!gedi__lease_read(path, now, &beat))
        return errno != ENOENT && errno != ESTALE; /* the disk may be back soon */
    if (strcmp(now, text))
        return false;
    char *folder = strndup(path, (size_t)(strrchr(path, '/') - path));
    char *next = folder ? gedi__lease_path(folder, generation + 1) : NULL;
    bool taken = next && gedi__lease_read(next, now, &beat);
    free(next);
    free(folder);
    return !taken;
}

/* ---- whoever writes for the holder ---- */

static struct {
    char *path;
    int64_t generation;
    char text[GEDI__LEASE_TEXT];
} fence;

static const char *why_not(void)
{
    return gedi__lease_stands(fence.path, fence.generation, fence.text)
               ? NULL
               : "another process has taken the run over, because this one was not heard "
                 "of for too long; it is the other's from here on";
}

void gedi__lease_write_while(const char *folder)
{
    bool others;
    int64_t beat;
    free(fence.path);
    fence.generation = folder ? gedi__lease_newest(folder, 0, 0, &others) : 0;
    fence.path = fence.generation ? gedi__lease_path(folder, fence.generation) : NULL;
    bool leased = fence.path && gedi__lease_read(fence.path, fence.text, &beat);
    gedi__file_guard(leased ? why_not : NULL);
}
