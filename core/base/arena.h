/* arena.h - memory that is freed all at once. */
#ifndef GEDI_BASE_ARENA_H
#define GEDI_BASE_ARENA_H

#include <stddef.h>

typedef struct gedi__arena {
    struct gedi__arena_block *head;
} gedi__arena;

/* Zeroed memory aligned for any type, or NULL. A zero-initialised arena is empty and
 * legal. */
void *gedi__arena_alloc(gedi__arena *a, size_t n);
char *gedi__arena_text(gedi__arena *a, const char *s); /* a copy of s; NULL for NULL */
void gedi__arena_clear(gedi__arena *a);

#endif
