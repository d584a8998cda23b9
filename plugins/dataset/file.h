/* file.h - opening the files of a dataset: what is no file is refused, for a pipe in its place would be
 * waited for.
 */
#ifndef GEDI_PLUGINS_DATASET_FILE_H
#define GEDI_PLUGINS_DATASET_FILE_H

#include "gedi/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A descriptor to read the file; close() it.
 *   Errors: GEDI_IO.  */
static inline gedi_status file_open(const char *path, int *fd, gedi_err *err)
{
    struct stat st;
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    int why = *fd < 0 || fstat(*fd, &st) ? errno : 0;
    if (!why && S_ISREG(st.st_mode))
        return GEDI_OK;
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    /* A socket cannot be opened at all. */
    return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", path,
                     why && why != ENXIO ? strerror(why) : "not a file");
}

/* The same as a stream; fclose() it. */
static inline gedi_status file_stream(const char *path, FILE **f, gedi_err *err)
{
    int fd;
    *f = NULL;
    GEDI_TRY(file_open(path, &fd, err));
    *f = fdopen(fd, "rb");
    if (*f)
        return GEDI_OK;
    close(fd);
    return gedi_no_memory(err, "%.400s", path);
}

#endif
