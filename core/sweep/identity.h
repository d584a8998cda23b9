/* identity.h - which experiment a resolved descriptor states, whoever runs it and where. */
#ifndef GEDI_SWEEP_IDENTITY_H
#define GEDI_SWEEP_IDENTITY_H

#include "core/base/text.h"

enum { GEDI__HASH = 12 }; /* hexadecimal digits */

/* The lines of gedi__experiment_emit that results depend on: not the version that wrote
 * it, the name, folders, nor the number of threads. */
void gedi__identity_text(const char *resolved, gedi__text *out);

/* The name of an identity; as a folder's name it is followed by a comparison of the texts,
 * so that two of one hash are noticed. */
void gedi__identity_hash(const char *identity, char out[GEDI__HASH + 1]);

#endif
