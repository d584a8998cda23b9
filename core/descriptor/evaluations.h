/* evaluations.h - the list of evaluators, each under a name of its own. */
#ifndef GEDI_DESCRIPTOR_EVALUATIONS_H
#define GEDI_DESCRIPTOR_EVALUATIONS_H

#include "gedi/option.h"

/* The options of an entry beside its plugin. */
extern const gedi_option gedi__evaluation_options[];

#endif
