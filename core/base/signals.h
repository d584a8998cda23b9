/* signals.h - the signals that ask a run to stop and leave a checkpoint: Ctrl-C, the end of a
 * session, and what batch systems send some time before they kill.
 */
#ifndef GEDI_BASE_SIGNALS_H
#define GEDI_BASE_SIGNALS_H

#include <signal.h>
#include <stddef.h>

static const int gedi__stop_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1};
enum { GEDI__STOP_SIGNALS = sizeof gedi__stop_signals / sizeof *gedi__stop_signals };

#endif
