/* leased.h - leases as files of a folder: what they are for stands in core/sweep/lease.h. */
#ifndef GEDI_STORE_LEASED_H
#define GEDI_STORE_LEASED_H

#include <stdbool.h>
#include <stdint.h>

enum { GEDI__LEASE_TEXT = 320 }; /* bytes of such a file, at most */

/* FOLDER/lease-GENERATION; free() it. */
char *gedi__lease_path(const char *folder, int64_t generation);
/* The newest there; 0: none. *others: there is one besides these two. */
int64_t gedi__lease_newest(const char *folder, int64_t one, int64_t two, bool *others);
/* What stands in it and when it was touched; false where it is gone. */
bool gedi__lease_read(const char *path, char text[GEDI__LEASE_TEXT], int64_t *beat);
/* Is it still in its place with that text, and nobody's after it? */
bool gedi__lease_stands(const char *path, int64_t generation, const char *text);

/* From here on this process writes files only while the lease that `folder` has now stands; as it likes where
 * there is none. It may have been stopped, with its whole host, and a process of another host has gone on with the run. */
void gedi__lease_write_while(const char *folder);

#endif
