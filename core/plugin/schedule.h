/* schedule.h - what a schedule can be in a descriptor: one table for reading, writing and the
 * reference. */
#ifndef GEDI_PLUGIN_SCHEDULE_H
#define GEDI_PLUGIN_SCHEDULE_H

#include "core/base/text.h"
#include "gedi/option.h"

/* {name: {rows}}. Rows fill a gedi_schedule; those that are real have the range of the option
 * that is scheduled. Steps have positions as keys beside them. */
typedef struct gedi__schedule_kind {
    const char *name;
    gedi_schedule_form form;
    int required; /* rows, from the first, that have no default */
    const gedi_option *rows;
    const char *example, *brief;
} gedi__schedule_kind;

enum { GEDI__SCHEDULE_KINDS = 4 };
extern const gedi__schedule_kind gedi__schedule_kinds[GEDI__SCHEDULE_KINDS];

/* NULL where there is none of that name. */
const gedi__schedule_kind *gedi__schedule_kind_find(const char *name);

/* "{cosine: {from: 0.03, to: 0}}, ... or ...", for messages; returns `out`. */
enum { GEDI__SCHEDULE_EXAMPLES = 256 };
const char *gedi__schedule_examples(char out[GEDI__SCHEDULE_EXAMPLES]);

/* A schedule that never changes becomes the number. */
void gedi__schedule_reduce(gedi_schedule *s);

/* As it is written in a descriptor: 0.03 or {cosine: {from: 0.03, to: 0}}. */
void gedi__schedule_emit(const gedi_schedule *s, gedi__text *out);

#endif
