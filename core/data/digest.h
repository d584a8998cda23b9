/* digest.h - which data a dataset has read: a line that two readings of the same data share.
 *
 *   120 + 30 records of 32x32x3, 4 classes; names 1b8f2a5c0d3e4f67; sizes ...; records ...
 *
 * What a dataset does not add is left out: points that are drawn have no checksum at all.
 */
#ifndef GEDI_DATA_DIGEST_H
#define GEDI_DATA_DIGEST_H

#include "gedi/plugin.h"

enum { GEDI__DIGEST = 192, GEDI__CHANGED = 2 * GEDI__DIGEST };

/* Of an open dataset. */
void gedi__digest(const gedi_dataset *d, const void *self, const gedi_data_info *info,
                  char out[GEDI__DIGEST]);

/* "120 + 30 records of 32x32x3, 4 classes": the length of the part that people read. */
int gedi__digest_facts(const char *digest);

/* Are they of the same data, as far as both can tell? Files are held against each other only where one
 * of the two has not read all records. */
bool gedi__digest_same(const char *a, const char *b);
/* Do only sizes of files differ, as after a damaged one was put right? */
bool gedi__digest_sizes_alone(const char *a, const char *b);

/* What has changed since `then`, into `out`: how many records there were and are, or that only their
 * contents differ. */
void gedi__digest_changes(const char *then, const char *now, char out[GEDI__CHANGED]);

#endif
