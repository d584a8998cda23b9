/* download.h - draws how far a download is: a line that is redrawn on a terminal, plain lines
 * elsewhere. */
#ifndef GEDI_CLI_DOWNLOAD_H
#define GEDI_CLI_DOWNLOAD_H

#include "core/data/fetch.h"

#include <stdio.h>

typedef struct gedi__download {
    FILE *out;
    bool terminal, drawn; /* the terminal's current line is ours */
    const char *file;     /* the one that began at `began` */
    double began, due;    /* seconds; the next line is not due before */
} gedi__download;

void gedi__download_start(gedi__download *d, FILE *out);
/* An ear whose context is `d`. */
gedi__fetch_ear gedi__download_ear(gedi__download *d);
/* Takes the line off the terminal. */
void gedi__download_hide(gedi__download *d);

/* "train_32x32.mat  45%  81.9 of 182.0 MB  8.2 MB/s  0:12 left"; `seconds` since the first byte. */
void gedi__download_text(const char *file, int64_t first, int64_t done, int64_t total,
                         double seconds, char *out, size_t size);

#endif
