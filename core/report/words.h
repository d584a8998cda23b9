/* words.h - what numbers and options are called in pictures: "NMI", "weight of L_INV". */
#ifndef GEDI_REPORT_WORDS_H
#define GEDI_REPORT_WORDS_H

#include "core/base/text.h"

/* Of a path in summary.json, in the log, or of an option: evaluation.clustering.nmi -> "NMI",
 * terms.inv.value -> "L_INV", objective.gedi.inv -> "weight of L_INV", optimizer.adam.lr -> "learning
 * rate"; of others the last word, of an axis with a name of its own that name. */
void gedi__path_words(const char *path, gedi__text *out);

/* Of path i among n; what other paths are called, too, is followed by what they differ in: "accuracy (knn)". */
void gedi__path_words_among(const char *const *path, int n, int i, gedi__text *out);

/* Whose number it is, of n letters: " (linear probe)". */
void gedi__path_words_evaluator(const char *name, size_t n, gedi__text *out);

#endif
