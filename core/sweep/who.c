/* who.c - a process that leaves its name in a file, for processes of other hosts to read. */
#include "core/sweep/who.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void read_boot(char *out, int size)
{
    FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");
    if (!f || !fgets(out, size, f) || !*out)
        snprintf(out, (size_t)size, "unknown");
    if (f)
        fclose(f);
    out[strcspn(out, " \n")] = 0;
}

gedi__who gedi__who_am_i(void)
{
    gedi__who w = {0};
    snprintf(w.process, sizeof w.process, "%ld", (long)getpid());
    if (gethostname(w.host, sizeof w.host - 1) || !*w.host)
        snprintf(w.host, sizeof w.host, "unknown");
    read_boot(w.boot, sizeof w.boot);
    if (readlink("/proc/self/ns/pid", w.space, sizeof w.space - 1) < 0)
        snprintf(w.space, sizeof w.space, "unknown");
    return w;
}

char *gedi__who_text(const gedi__who *w, char out[GEDI__WHO_TEXT])
{
    snprintf(out, GEDI__WHO_TEXT, "%s %s %s %s", w->process, w->host, w->boot, w->space);
    return out;
}

gedi__who gedi__who_read(const char *text)
{
    gedi__who w = {0};
    sscanf(text, "%23[0-9] %64s %39s %39s", w.process, w.host, w.boot, w.space);
    return w;
}

bool gedi__who_is_elsewhere(const gedi__who *w)
{
    gedi__who us = gedi__who_am_i();
    return *w->host && strcmp(w->host, us.host) && strcmp(w->boot, us.boot);
}

bool gedi__who_has_ended(const gedi__who *w)
{
    gedi__who us = gedi__who_am_i();
    long process = strtol(w->process, NULL, 10);
    bool near = !strcmp(w->host, us.host) && !strcmp(w->boot, us.boot) &&
                !strcmp(w->space, us.space) && strcmp(us.boot, "unknown") &&
                strcmp(us.space, "unknown");
    return near && process > 0 && kill((pid_t)process, 0) && errno == ESRCH;
}
