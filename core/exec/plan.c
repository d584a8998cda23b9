/* plan.c - one piece of memory for all buffers of a program, reused by liveness. */
#include "core/exec/plan.h"

#include <stdlib.h>

enum { ALIGN = 16 }; /* floats: 64 bytes, a cache line */

static int larger_first(const void *a, const void *b)
{
    const gedi__buffer *x = *(gedi__buffer *const *)a, *y = *(gedi__buffer *const *)b;
    if (x->size != y->size)
        return x->size < y->size ? 1 : -1;
    return x < y ? -1 : x > y; /* a fixed order */
}

static size_t rounded(int64_t size)
{
    return ((size_t)size + ALIGN - 1) / ALIGN * ALIGN;
}

/* The lowest place for b among the `placed` buffers, which are sorted by offset. */
static size_t lowest_place(const gedi__buffer *b, gedi__buffer *const *placed, int n)
{
    size_t at = 0;
    for (int i = 0; i < n; i++) {
        const gedi__buffer *p = placed[i];
        if (p->last < b->first || b->last < p->first)
            continue;
        if (at + rounded(b->size) <= p->offset)
            break;
        size_t end = p->offset + rounded(p->size);
        if (end > at)
            at = end;
    }
    return at;
}

gedi_status gedi__plan(gedi__buffer *buffer, int n, size_t *total, gedi_err *err)
{
    *total = 0;
    gedi__buffer **todo = malloc(((size_t)n + 1) * sizeof(gedi__buffer *));
    gedi__buffer **placed = malloc(((size_t)n + 1) * sizeof(gedi__buffer *));
    if (!todo || !placed) {
        free(todo);
        free(placed);
        return gedi_no_memory(err, "a memory plan");
    }
    for (int i = 0; i < n; i++)
        todo[i] = &buffer[i];
    qsort(todo, (size_t)n, sizeof(gedi__buffer *), larger_first);
    for (int i = 0; i < n; i++) {
        gedi__buffer *b = todo[i];
        b->offset = lowest_place(b, placed, i);
        int at = i;
        while (at > 0 && placed[at - 1]->offset > b->offset) {
            placed[at] = placed[at - 1];
            at--;
        }
        placed[at] = b;
        if (b->offset + rounded(b->size) > *total)
            *total = b->offset + rounded(b->size);
    }
    free(todo);
    free(placed);
    return GEDI_OK;
}
