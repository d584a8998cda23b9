/* memory.c - memory whose absence is an error with words. */
#include "core/base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *gedi__alloc(size_t n, size_t size, gedi_err *err, const char *what, ...)
{
    void *p = calloc(n ? n : 1, size ? size : 1);
    if (p)
        return p;
    char text[160];
    va_list ap;
    va_start(ap, what);
    vsnprintf(text, sizeof text, what, ap);
    va_end(ap);
    gedi_no_memory(err, "%s", text);
    return NULL;
}

char *gedi__copy_text(const char *s, gedi_err *err)
{
    size_t n = strlen(s) + 1;
    char *copy = gedi__alloc(n, 1, err, "a text of %zu characters", n - 1);
    if (copy)
        memcpy(copy, s, n);
    return copy;
}
