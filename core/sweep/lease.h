/* lease.h - one process at a time at work in a folder that several hosts share.
 *
 * Locks need not reach from one host to another, nor end with it. A lease does: a file in the folder,
 * lease-N, that its holder touches a few times a minute. One that was not touched for as long as it states
 * is of a holder that is dead, and the next takes lease-(N+1): nothing is ever removed that could have become
 * another's in the meantime. Times are those of the file system that the folder lies on, never a host's.
 */
#ifndef GEDI_SWEEP_LEASE_H
#define GEDI_SWEEP_LEASE_H

#include "core/sweep/who.h"
#include "gedi/error.h"

#include <stdint.h>

enum { GEDI__LEASE_SECONDS = 60 }; /* after which a holder is taken for dead */

typedef struct
    gedi__leases { /* what a process needs to look at leases, and to take some */
    int clock; /* a file there; its times are set to learn what time the file system has */
    int seconds;               /* what its own leases state, at least 1 */
    char text[GEDI__WHO_TEXT]; /* what stands in its own leases */
    int64_t taken;             /* so many, so that no two have the same text */
} gedi__leases;

/* What was seen of a folder's lease; zero at first, and kept from one look to the next. */
typedef struct gedi__sight {
    int64_t generation; /* 0: nobody holds it */
    gedi__who who;
    bool silent; /* the holder has ended, or was not heard of for as long as it states */
    bool dead;   /* and that was seen long enough */
    char text[GEDI__WHO_TEXT];
    int64_t beat; /* when it was touched */
    double since; /* this is how it was, by our own clock */
} gedi__sight;

typedef struct gedi__lease { /* zero-initialised: not held */
    char *path;
    int64_t generation;
    char text[GEDI__WHO_TEXT];
    double beaten; /* by our own clock */
} gedi__lease;

/* `directory` is that of the sweep; `lock` a file in it, opened for writing, that stays the caller's. */
void gedi__leases_init(gedi__leases *l, int lock, int seconds);
/* What time it is on the file system, in nanoseconds; -1: it does not say. */
int64_t gedi__leases_now(const gedi__leases *l);

/* A holder is dead where its process has ended on this host, or was not heard of for as long as its
 * lease states, while it was looked at for a third of that: a clock that was set does not kill. */
void gedi__lease_look(const gedi__leases *l, const char *folder, gedi__sight *s);

/* Makes the folder, if it is not there, and takes its lease where nobody lives who has it: *taken. Drop it.
 *   Errors: GEDI_IO, GEDI_NOMEM.  */
gedi_status gedi__lease_take(gedi__leases *l, const char *folder, gedi__sight *s,
                             gedi__lease *out, bool *taken, gedi_err *err);
/* Tells the others that it lives, as often as is needed: call it often. False where another has the lease,
 * because this process was not heard of: what it does there it must stop at once. */
bool gedi__lease_hold(const gedi__leases *l, gedi__lease *lease);
void gedi__lease_drop(gedi__lease *lease); /* legal where it is not held */

/* Removes what is left of holders that were not heard of, where nobody will need the folder's lease again. */
void gedi__lease_clean(const gedi__leases *l, const char *folder);

#endif
