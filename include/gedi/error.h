/* error.h - status codes and the text that explains one failure. */
#ifndef GEDI_ERROR_H
#define GEDI_ERROR_H

#include <stdarg.h>

/* In C++ every public function has the linkage of C by this, and no header needs a block. */
#ifdef __cplusplus
#define GEDI_C_ extern "C"
#else
#define GEDI_C_
#endif
#if defined(__GNUC__)
#define GEDI_EXPORT GEDI_C_ __attribute__((visibility("default")))
#define GEDI_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define GEDI_EXPORT GEDI_C_
#define GEDI_PRINTF(f, a)
#endif

typedef enum gedi_status {
    GEDI_OK = 0,
#define GEDI_ERROR(id, value, exit, text) GEDI_##id = value,
#include "gedi/errors.def"
#undef GEDI_ERROR
} gedi_status;

/* What went wrong: owned by the caller, filled by the callee, kept whole by value. */
typedef struct gedi_err {
    gedi_status code;
    char msg[512];    /* names the thing, the value and the limit */
    const char *file; /* source file of gedi that raised it */
    int line;
} gedi_err;

/* The fixed text of a status: "shapes do not fit". Never NULL. */
GEDI_EXPORT const char *gedi_status_text(gedi_status s);

/* Fills `err` (which may be NULL) and returns `code`; use through GEDI_FAIL. */
GEDI_EXPORT gedi_status gedi_fail_at(gedi_err *err, const char *file, int line,
                                     gedi_status code, const char *fmt, ...)
    GEDI_PRINTF(5, 6);

#define GEDI_FAIL(err, code, ...)                                                        \
    gedi_fail_at((err), __FILE__, __LINE__, (code), __VA_ARGS__)

/* Fails with GEDI_NOMEM, "out of memory for <what>", and returns it. */
GEDI_EXPORT gedi_status gedi_no_memory(gedi_err *err, const char *what, ...)
    GEDI_PRINTF(2, 3);

/* Returns from the calling function when `expr` is not GEDI_OK. */
#define GEDI_TRY(expr)                                                                   \
    do {                                                                                 \
        gedi_status gedi_try_ = (expr);                                                  \
        if (gedi_try_ != GEDI_OK)                                                        \
            return gedi_try_;                                                            \
    } while (0)

/* A mistake of the program itself, checked in every build; never of user input. */
GEDI_EXPORT void gedi_assert_failed(const char *expr, const char *file, int line)
    __attribute__((noreturn));
#define GEDI_ASSERT(e) ((e) ? (void)0 : gedi_assert_failed(#e, __FILE__, __LINE__))

#endif
