/* tell.h - what long work tells of itself as it goes on. */
#ifndef GEDI_EVALUATE_TELL_H
#define GEDI_EVALUATE_TELL_H

#include "gedi/error.h"

#include <stdint.h>

/* Called after each piece of work; `total` of them are needed. An error ends the work. NULL: nobody
 * listens. */
typedef gedi_status gedi__tell(void *context, int64_t done, int64_t total, gedi_err *err);

#endif
