/* groups.h - weights that the optimizer treats by options of their own. */
#ifndef GEDI_DESCRIPTOR_GROUPS_H
#define GEDI_DESCRIPTOR_GROUPS_H

#include "core/descriptor/experiment.h"

/* The entry's key beside options of the optimizer. */
#define GEDI__MATCH "match"

/* Does the group have another value than the optimizer has for all? */
bool gedi__group_differs(const gedi__stage *s, const gedi__group *g,
                         const gedi_option *o);

#endif
