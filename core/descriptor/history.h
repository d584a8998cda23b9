/* history.h - what a run has gone through: where it went on with other values. */
#ifndef GEDI_DESCRIPTOR_HISTORY_H
#define GEDI_DESCRIPTOR_HISTORY_H

#include "gedi/option.h"

/* The options of an entry. */
extern const gedi_option gedi__turn_options[];

#endif
