/* ready_parts.h - what ready.c, which asks, and warn.c, which warns, have in common. */
#ifndef GEDI_RUN_READY_PARTS_H
#define GEDI_RUN_READY_PARTS_H

#include "core/run/ready.h"

typedef struct gedi__readying {
    const gedi__experiment *e;
    const gedi__asking *a;
    gedi__trainer *t;     /* the last that was made; NULL where it was refused */
    gedi__mistakes *said; /* whatever was refused or warned of */
    gedi_err *err;
} gedi__readying;

/* Data that several stages share are wrong in each, but said once: false where the place has heard
 * it, of whichever stage. What is wrong with a method may be due to keys of the stage itself. */
bool gedi__ready_is_new(const gedi__readying *r, const void *of, gedi__place at,
                        const char *why);

/* Of a stage whose trainer was made. */
void gedi__ready_warn(const gedi__readying *r, const gedi__stage *stage);
void gedi__ready_warn_of_validation(const gedi__readying *r);

#endif
