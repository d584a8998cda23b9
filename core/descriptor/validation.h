/* validation.h - records that no training sees, and what is asked of them on the way. */
#ifndef GEDI_DESCRIPTOR_VALIDATION_H
#define GEDI_DESCRIPTOR_VALIDATION_H

#include "core/descriptor/reading.h"

extern const gedi_option gedi__validation_options[];

/* What single options cannot say, once everything is read. */
void gedi__validation_check(gedi__reading *r);

/* Does it say anything? */
bool gedi__validation_is_given(const gedi__validation *v);

/* The evaluator whose metric chooses, and what the metric is called there; NULL where there is
 * none of that name. */
const gedi__evaluation *gedi__validation_by(const gedi__experiment *e,
                                            const char **metric);

/* Is the network evaluated after that iteration? */
bool gedi__validation_due(const gedi__experiment *e, int64_t iteration);

#endif
