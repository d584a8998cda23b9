/* stored.h - the experiment of a run that is there, from its own descriptor. */
#ifndef GEDI_TRAIN_STORED_H
#define GEDI_TRAIN_STORED_H

#include "core/descriptor/experiment.h"

/* As gedi__experiment_read of the descriptor in a run's folder. gedi wrote it, so where it has mistakes
 * now, a plugin of its author's may have other options than it had: one that was rebuilt since is named
 * behind them. */
gedi_status gedi__stored_read(const char *descriptor, const char *const *override, int n,
                              gedi__experiment **out, gedi__mistakes *m, gedi_err *err);

#endif
