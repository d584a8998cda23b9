/* source.h - a descriptor that comes through a pipe: `gedi check -`, `gedi run <(generate)`. */
#ifndef GEDI_DESCRIPTOR_SOURCE_H
#define GEDI_DESCRIPTOR_SOURCE_H

#include "gedi/error.h"

/* The open stream that the name stands for: 0 for "-" and /dev/stdin, N for /dev/fd/N; -1 where it
 * is a file. What such a descriptor names lies in the working folder. */
int gedi__source_stream(const char *name);

/* The path to read: the name itself, but /dev/stdin for "-". */
const char *gedi__source_path(const char *name);

/* Reads a stream to its end and puts a file in memory in its place, since a descriptor is read
 * several times. Of a file nothing is done.
 *   Errors: GEDI_IO, naming it.  */
gedi_status gedi__source_hold(const char *name, gedi_err *err);

#endif
