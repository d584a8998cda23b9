/* evaluations.h - the list of evaluators, each under a name of its own. */
#ifndef GEDI_DESCRIPTOR_EVALUATIONS_H
#define GEDI_DESCRIPTOR_EVALUATIONS_H

#include "gedi/option.h"

/* What an entry's own name is, for a schema; "": it has none. */
#define GEDI__EVALUATION_NAME_PATTERN "^[A-Za-z0-9_]{0,63}$"

/* The options of an entry beside its plugin. */
extern const gedi_option gedi__evaluation_options[];

#endif
