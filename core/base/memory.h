/* memory.h - memory whose absence is an error with words. */
#ifndef GEDI_BASE_MEMORY_H
#define GEDI_BASE_MEMORY_H

#include "gedi/error.h"

#include <stddef.h>

/* How gedi_no_memory begins, for errors of a graph: GEDI__NO_MEMORY "a node". */
#define GEDI__NO_MEMORY "out of memory for "

/* `n` zeroed items of `size` bytes, never a pointer to nothing: 0 items are legal. NULL with
 * GEDI_NOMEM in `err`: "out of memory for <what>". free() it. */
void *gedi__alloc(size_t n, size_t size, gedi_err *err, const char *what, ...)
    GEDI_PRINTF(4, 5);
/* The same for one item that a type names: gedi__trial *t = GEDI__NEW(t, err, "a trial"). */
#define GEDI__NEW(p, err, ...) gedi__alloc(1, sizeof *(p), (err), __VA_ARGS__)
/* A copy of a text. */
char *gedi__copy_text(const char *s, gedi_err *err);

#endif
