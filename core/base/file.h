/* file.h - reading a file whole, replacing one atomically, making folders. */
#ifndef GEDI_BASE_FILE_H
#define GEDI_BASE_FILE_H

#include "gedi/error.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* The whole file, with a NUL behind it that `size` does not count; free() it. GEDI_DATA where it has
 * more than 2 GiB, or than `most` bytes: nothing is allocated then. */
gedi_status gedi__file_read(const char *path, char **data, size_t *size, gedi_err *err);
gedi_status gedi__file_read_most(const char *path, size_t most, char **data, size_t *size,
                                 gedi_err *err);

/* Opens a file to read it; fclose() it. Every file is read through this, for what is no file, such as
 * a pipe, could be waited for without end. `name` is what a message calls it.
 *   Errors: GEDI_IO, also for what is no file; GEDI_NOMEM.  */
gedi_status gedi__file_to_read(const char *path, const char *name, FILE **f,
                               gedi_err *err);

/* Opens a file to write into it, with the flags of open(2). The folder may be a link, the file may
 * not: somebody else could have put it there, and it may lead to any file.
 *   Errors: GEDI_IO, also for what is no file.  */
gedi_status gedi__file_open(const char *path, int flags, int *fd, gedi_err *err);

/* A file that appears under its name only when it is complete: written beside it as
 * PATH.part, synced, renamed, its folder synced. A crash leaves the old file. A part that is there is
 * what a crash has left, and replaced; but a link in its place is refused. */
typedef struct gedi__replace {
    FILE *f; /* write here; errors are found at commit */
    char *path, *part;
    uint64_t device, number; /* which file the part is */
    char *old; /* NULL, or the name under which the file that is replaced is kept */
} gedi__replace;

gedi_status gedi__replace_open(gedi__replace *r, const char *path, gedi_err *err);
/* Keeps the file that is there at commit as `old`, in place of what has that name. At no moment
 * are both names without a whole file. */
gedi_status gedi__replace_keep(gedi__replace *r, const char *old, gedi_err *err);
gedi_status gedi__replace_commit(gedi__replace *r, gedi_err *err);
void gedi__replace_abandon(gedi__replace *r); /* legal after commit, too */

/* Asked before a file takes its name: why this process may not write any more, or NULL. */
void gedi__file_guard(const char *(*why_not)(void));
/* For what is written otherwise. Errors: GEDI_IO where it may not.  */
gedi_status gedi__file_may_write(const char *path, gedi_err *err);

/* Replaces `path` by these bytes. */
gedi_status gedi__file_write(const char *path, const void *data, size_t size,
                             gedi_err *err);

/* Puts the name `path` on disk: a file, or a folder, that was made or renamed survives a power cut
 * only once the folder that it lies in is there. */
void gedi__name_sync(const char *path);

/* mkdir -p; every folder that is made is on disk. */
gedi_status gedi__folder_make(const char *path, gedi_err *err);

/* Makes the first of the folders FOLDER/NAME-1, FOLDER/NAME-2, ... that is not there, so
 * that nothing is overwritten, whoever else does the same; *path is it; free() it. */
gedi_status gedi__folder_next(const char *folder, const char *name, char **path,
                              gedi_err *err);

/* rm -rf; what is not there is no failure. 0, or why something is left. */
int gedi__folder_remove(const char *path);

bool gedi__file_exists(const char *path);
bool gedi__folder_exists(const char *path);

/* "a/b" of "a" and "b"; `b` alone where it is absolute or `a` is empty or NULL. free()
 * it; NULL when out of memory. */
char *gedi__path_join(const char *a, const char *b);

#endif
