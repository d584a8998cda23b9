/* who.h - a process that leaves its name in a file, for processes of other hosts to read. */
#ifndef GEDI_SWEEP_WHO_H
#define GEDI_SWEEP_WHO_H

#include "core/store/leased.h"

#include <stdbool.h>
#include <stddef.h>

enum { GEDI__WHO_TEXT = GEDI__LEASE_TEXT };

typedef struct gedi__who { /* "" where a file does not say */
    char process[24], host[65], boot[40];
    char space
        [40]; /* in which the number of the process counts: a container has its own */
} gedi__who;

/* This process. */
gedi__who gedi__who_am_i(void);
/* "PROCESS HOST BOOT SPACE"; returns `out`. */
char *gedi__who_text(const gedi__who *w, char out[GEDI__WHO_TEXT]);
gedi__who gedi__who_read(const char *text);

/* Two containers of one kernel differ in their host only, and share its locks; one host restarted
 * differs in its boot only. True where neither is the same. */
bool gedi__who_is_elsewhere(const gedi__who *w);
/* Can be told from here that it has ended? A process whose number is taken again seems to live. */
bool gedi__who_has_ended(const gedi__who *w);

#endif
