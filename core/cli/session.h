/* session.h - what `run` and `resume` share: a run watched from the command line. */
#ifndef GEDI_CLI_SESSION_H
#define GEDI_CLI_SESSION_H

#include "core/harness/run.h"

/* Signals that ask a run to stop set a flag; the second one ends the program at once. */
const volatile sig_atomic_t *gedi__session_stop(void);

/* After gedi__run or gedi__resume returned `s`: prints the final figures and where the
 * results lie, or what went wrong and how to go on. Returns the exit code. */
int gedi__session_end(gedi_status s, const char *directory, const gedi_err *err);

#endif
