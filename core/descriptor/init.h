/* init.h - the weights of another run, or another program, that a run begins with. */
#ifndef GEDI_DESCRIPTOR_INIT_H
#define GEDI_DESCRIPTOR_INIT_H

#include "core/descriptor/experiment.h"

#define GEDI__INIT_ONLY "only"
#define GEDI__INIT_NAMES "names"

extern const gedi_option gedi__init_options[];

/* Does the experiment begin with such weights? */
bool gedi__init_is_given(const gedi__init *i);

/* The file of weights, or the folder of the run: absolute; free() it; NULL when out of memory. */
char *gedi__init_place(const gedi__experiment *e);

/* What a parameter is called in the file: the longest of `names` that it is or begins with gives
 * way to what stands there. False where that is longer than `size`. */
bool gedi__init_name(const gedi__init *i, const char *parameter, char *out, size_t size);

/* "[model, objective.prototypes]" and "{model: backbone}". */
void gedi__init_emit_only(const gedi__init *i, gedi__text *out);
void gedi__init_emit_names(const gedi__init *i, gedi__text *out);

#endif
