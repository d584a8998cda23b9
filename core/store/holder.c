/* holder.c - which process of this host has a run's folder locked, from what Linux shows of locks. */
#include "core/store/holder.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number of a process with a lock on that file; 0: none is shown. The kernel names the device by another
 * number than stat does on some file systems, so that the inode alone counts. */
static long find_holder(const char *folder)
{
    struct stat st;
    char line[256];
    long found = 0;
    FILE *f = stat(folder, &st) ? NULL : fopen("/proc/locks", "re");
    while (f && !found && fgets(line, sizeof line, f)) {
        long process;
        unsigned long long inode;
        if (sscanf(line, "%*s FLOCK %*s %*s %ld %*[^:]:%*[^:]:%llu", &process, &inode) ==
                2 &&
            inode == (unsigned long long)st.st_ino)
            found = process;
    }
    if (f)
        fclose(f);
    return found;
}

/* As by SIGSTOP; in its `stat` the letter stands behind its name, which may have brackets too. */
static int is_stopped(long process)
{
    char path[64], text[512] = "";
    snprintf(path, sizeof path, "/proc/%ld/stat", process);
    FILE *f = fopen(path, "re");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = 0;
    if (f)
        fclose(f);
    const char *end = strrchr(text, ')');
    return end && (!strncmp(end, ") T", 3) || !strncmp(end, ") t", 3));
}

const char *gedi__holder_text(const char *folder, char out[GEDI__HOLDER])
{
    char host[65] = "";
    long process = find_holder(folder);
    if (gethostname(host, sizeof host - 1))
        host[0] = 0;
    if (process <= 0)
        snprintf(out, GEDI__HOLDER, "a process that cannot be seen from host %s", host);
    else if (is_stopped(process))
        snprintf(out, GEDI__HOLDER,
                 "process %ld of host %s, which is stopped (`kill -CONT %ld' wakes it)",
                 process, host, process);
    else
        snprintf(out, GEDI__HOLDER, "process %ld of host %s", process, host);
    return out;
}
