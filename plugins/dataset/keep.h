/* keep.h - where records of files are kept: in memory, or in their files, which are read whenever one is
 * used. The option `keep`, what `auto` chooses, and what is said of it.
 */
#ifndef GEDI_PLUGINS_DATASET_KEEP_H
#define GEDI_PLUGINS_DATASET_KEEP_H

#include "gedi/plugin.h"

#include <stdio.h>
#include <unistd.h>

enum { KEEP_AUTO, KEEP_MEMORY, KEEP_FILES };

/* A row for the options table of a struct S with an int64_t `at`; `what` they are, such as "images". */
#define KEEP_OPTION(S, at, what)                                                         \
    GEDI_ENUM_AT(S, at, "keep", KEEP_AUTO, "auto|memory|files",                          \
                 "where " what                                                           \
                 " are kept: in memory, or in their files, which are read "              \
                 "whenever they are used; auto: in memory where all of them take at "    \
                 "most half of the machine's")

static inline double keep_memory(void)
{
    return (double)sysconf(_SC_PHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);
}

static inline bool keep_in_files(int64_t keep, double bytes)
{
    return keep == KEEP_FILES || (keep == KEEP_AUTO && 2 * bytes > keep_memory());
}

/* For gedi_dataset.note, of n records that stay in their files: "images of", "32 x 32". */
static inline void keep_note(int64_t keep, double bytes, int64_t n, const char *what,
                             const char *size, char *out, size_t room)
{
    bool large = bytes >= 1e9;
    snprintf(
        out, room,
        "%lld %s %s, %.3g %s, %s: each is read from its file whenever it is used, and a "
        "damaged one is noticed then",
        (long long)n, what, size, bytes / (large ? 1e9 : 1e6), large ? "GB" : "MB",
        keep == KEEP_FILES ? "stay in their files"
                           : "are more than half of this machine's memory");
}

#endif
