/* arena.c - memory that is freed all at once. */
#include "core/base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

typedef struct gedi__arena_block {
    struct gedi__arena_block *next;
    size_t used, size;
    alignas(max_align_t) unsigned char data[];
} block;

enum { FIRST = 16384 };

void *gedi__arena_alloc(gedi__arena *a, size_t n)
{
    size_t unit = alignof(max_align_t);
    n = (n + unit - 1) / unit * unit;
    if (!a->head || a->head->size - a->head->used < n) {
        size_t size = a->head ? 2 * a->head->size : FIRST;
        if (size < n)
            size = n;
        block *b = calloc(1, sizeof *b + size);
        if (!b)
            return NULL;
        b->size = size;
        b->next = a->head;
        a->head = b;
    }
    void *p = a->head->data + a->head->used;
    a->head->used += n;
    return p;
}

char *gedi__arena_text(gedi__arena *a, const char *s)
{
    if (!s)
        return NULL;
    size_t n = strlen(s) + 1;
    char *t = gedi__arena_alloc(a, n);
    return t ? memcpy(t, s, n) : NULL;
}

void gedi__arena_clear(gedi__arena *a)
{
    while (a->head) {
        block *next = a->head->next;
        free(a->head);
        a->head = next;
    }
}
