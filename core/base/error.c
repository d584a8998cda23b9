/* error.c - status texts and filling a gedi_err. */
#include "core/base/memory.h"
#include "core/base/shape.h"
#include "core/base/text.h"
#include "gedi/tensor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *gedi_status_text(gedi_status s)
{
    switch (s) {
    case GEDI_OK:
        return "ok";
#define GEDI_ERROR(id, value, exit, text)                                                \
    case GEDI_##id:                                                                      \
        return text;
#include "gedi/errors.def"
#undef GEDI_ERROR
    }
    return "unknown status";
}

gedi_status gedi_fail_at(gedi_err *err, const char *file, int line, gedi_status code,
                         const char *fmt, ...)
{
    if (err) {
        /* The message may quote the old one, so it is built apart. */
        char msg[sizeof err->msg] = "";
        if (fmt) { /* the author of a plugin may err */
            va_list ap;
            va_start(ap, fmt);
            vsnprintf(msg, sizeof msg, fmt, ap);
            va_end(ap);
        }
        gedi__text_tell(msg);
        memcpy(err->msg, msg, sizeof msg);
        err->code = code;
        err->file = file;
        err->line = line;
    }
    return code;
}

gedi_status gedi_no_memory(gedi_err *err, const char *what, ...)
{
    char text[sizeof err->msg];
    va_list ap;
    va_start(ap, what);
    vsnprintf(text, sizeof text, what, ap);
    va_end(ap);
    return GEDI_FAIL(err, GEDI_NOMEM, GEDI__NO_MEMORY "%.400s", text);
}

/* A broken invariant leaves nothing to return to: the one place that aborts. */
void gedi_assert_failed(const char *expr, const char *file, int line)
{
    fprintf(stderr, "gedi: internal error: %s (%s:%d)\n", expr, file, line);
    abort();
}

gedi_status gedi__shape_check(gedi_shape s, int64_t least, gedi_err *err)
{
    char text[128];
    int64_t n = 1;
    bool fits = true;
    if (s.rank < 0 || s.rank > GEDI_MAX_RANK)
        return GEDI_FAIL(err, GEDI_SHAPE, "rank %d is not in [0, %d]", s.rank,
                         GEDI_MAX_RANK);
    gedi_shape_text(s, text, sizeof text);
    for (int i = 0; i < s.rank; i++) {
        if (s.dim[i] < least)
            return GEDI_FAIL(err, GEDI_SHAPE, "dimension %d of %s is %s: %s", i, text,
                             s.dim[i] < 0 ? "negative" : "0",
                             least ? "each must be at least 1"
                                   : "each must be at least 0");
        int64_t d = s.dim[i] ? s.dim[i] : 1; /* none, of how many? */
        fits = fits && d <= GEDI__MAX_NUMBERS / n;
        n = fits ? n * d : n;
    }
    return fits ? GEDI_OK
                : GEDI_FAIL(
                      err, GEDI_SHAPE,
                      "%s has more than 2^40 numbers, the most that is computed with",
                      text);
}

int64_t gedi_shape_size(gedi_shape s)
{
    int64_t n = 1;
    for (int i = 0; i < s.rank; i++)
        n *= s.dim[i];
    return n;
}

bool gedi_shape_equal(gedi_shape a, gedi_shape b)
{
    if (a.rank != b.rank)
        return false;
    for (int i = 0; i < a.rank; i++)
        if (a.dim[i] != b.dim[i])
            return false;
    return true;
}

const char *gedi_shape_text(gedi_shape s, char *out, size_t n)
{
    size_t at = 0;
    int w = snprintf(out, n, "[");
    for (int i = 0; i < s.rank && w >= 0 && (at += (size_t)w) < n; i++)
        w = snprintf(out + at, n - at, "%s%lld", i ? ", " : "", (long long)s.dim[i]);
    if (w >= 0 && (at += (size_t)w) < n)
        snprintf(out + at, n - at, "]");
    return out;
}
