/* signals.h - the signals that ask a process to stop: Ctrl-C, the end of a session, and what batch
 * systems send some time before they kill.
 *
 * They are caught, not blocked: libraries (OpenBLAS) have threads before main() begins, and a signal that
 * the main thread blocks ends the process through one of those.
 */
#ifndef GEDI_BASE_SIGNALS_H
#define GEDI_BASE_SIGNALS_H

#include "gedi/error.h"

#include <stdbool.h>
#include <sys/types.h>

/* From here on SIGINT, SIGTERM, SIGHUP and SIGUSR1 call `on_signal`, but those that are ignored from
 * outside (nohup). `flags` are those of sigaction(). */
void gedi__on_stop(void (*on_signal)(int), int flags);

/* From here to gedi__signals_end they, and the end of a child where `children`, only wake
 * gedi__signals_wait. A pair within a pair changes nothing.  Errors: GEDI_IO: no pipe.  */
gedi_status gedi__signals_begin(bool children, gedi_err *err);
void gedi__signals_end(void);
/* Waits for one of them, so many seconds at most; true where the process was asked to stop since the last
 * call, however often. */
bool gedi__signals_wait(double seconds);
/* fork(); in the child signals are what they were before gedi__signals_begin. */
pid_t gedi__signals_fork(void);

#endif
