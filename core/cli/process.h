/* process.h - what gedi is to the system that starts it: its streams and its signals. */
#ifndef GEDI_CLI_PROCESS_H
#define GEDI_CLI_PROCESS_H

#include <stdbool.h>

/* The first thing in main. Standard streams that are closed are opened to /dev/null, so that no
 * file takes their place and is written to by every message. A reader that goes away and a file
 * that may not grow further become errors of the write instead of the end of the process. */
void gedi__process_start(void);

/* True where nobody can read any more what is written to the stream: `gedi table | head`. */
bool gedi__reader_left(int fd);

#endif
