/* identity.h - which experiment a run is, whoever runs it, where and with which gedi.
 *
 * Two runs are the same experiment if their identities are the same text: lines "path: value" in
 * the order of strcmp,
 *
 *   objective: gedi
 *   objective.gedi.inv: 10
 *   revision of objective gedi: 2
 *   file of view my_noise: 1b8f2a5c0d3e4f67
 *   content of objective.gedi_nesy.rules: 7c41...
 *
 * of all that training depends on: the components, the options that are not their defaults, the
 * revisions that are not 0, and the checksums of plugins that are not gedi's own and of files that
 * options name; and what a run
 * has gone through ("history.0: after iteration 400, seed: 3 -> 7"). So an option
 * that is added with a default changes no identity, and a plugin that was rebuilt changes it.
 */
#ifndef GEDI_STORE_IDENTITY_H
#define GEDI_STORE_IDENTITY_H

#include "core/descriptor/experiment.h"

enum { GEDI__HASH = 12 }; /* hexadecimal digits */

/* Evaluators, figures, intervals of logs and checkpoints, threads, name and folders are no part
 * of it.
 *   Errors: GEDI_IO where the file of a plugin cannot be read; GEDI_NOMEM.  */
gedi_status gedi__identity_text(const gedi__experiment *e, gedi__text *out,
                                gedi_err *err);

/* The same of the descriptor at `path`.
 *   Errors: those of reading, GEDI_DESCRIPTOR for all of its mistakes; the same.  */
gedi_status gedi__identity_read(const char *path, gedi__text *out, gedi_err *err);

/* The same lines with every option, defaults as well, but without where data lie: for
 * gedi__identity_changes in words that stay true when a default changes.
 *   Errors: the same.  */
gedi_status gedi__identity_settings(const gedi__experiment *e, gedi__text *out,
                                    gedi_err *err);

/* What is made of the weights, a line each in the descriptor's order: "evaluate: knn;
 * evaluate.knn.k: 5; file of evaluator knn: ..." of an evaluator, "figure: losses" of a figure.
 *   Errors: the same.  */
gedi_status gedi__artefacts_text(const gedi__experiment *e, gedi__text *out,
                                 gedi_err *err);
/* The line of its i-th evaluator. */
gedi_status gedi__artefact_text(const gedi__experiment *e, int i, gedi__text *out,
                                gedi_err *err);

/* ---- as a summary keeps them ---- */

struct json_t;

/* NULL: an evaluation, which is no run of its own. Artefacts: those in `text` besides those that are
 * there; figures only if they were `drawn`, and none of `failed`: the lines of evaluators and
 * "figure: NAME" of figures, NULL for none. NULL
 * members of `o` are "out of memory". */
void gedi__identity_keep(struct json_t *o, const char *identity);
void gedi__artefacts_keep(struct json_t *o, const char *artefacts, bool drawn,
                          const char *failed);
/* What could not be made, alone. */
void gedi__artefacts_fail(struct json_t *o, const char *failed);

/* "" where the summary has none. */
void gedi__identity_kept(const struct json_t *summary, gedi__text *out);
/* Has the summary that line; all of these lines? Where gedi__later_add has been, an evaluator that failed and whose
 * numbers `gedi evaluate` has made since counts, with whatever options. */
bool gedi__artefacts_have(const struct json_t *summary, const char *line, size_t n);
bool gedi__artefacts_have_all(const struct json_t *summary, const char *artefacts);

/* ---- telling two apart ---- */

/* The name of an identity; as a folder's name it is followed by a comparison of the texts,
 * so that two of one hash are noticed. */
void gedi__identity_hash(const char *identity, char out[GEDI__HASH + 1]);

/* What differs, in words: "objective my_loss was rebuilt since; seed: 1 -> 2"; nothing where the
 * two are equal. */
void gedi__identity_changes(const char *then, const char *now, gedi__text *out);

/* Has one of the two another value for the key of `line`, which is one of theirs, or none? *key is the key's
 * length. */
bool gedi__identity_differs(const char *line, const char *then, const char *now,
                            size_t *key);

/* Does the line say where data lie? They may move: "dataset.NAME.path" tells points of a sweep
 * apart, but a run goes on with what lies elsewhere now. */
bool gedi__identity_is_place(const char *line);

/* Are both the same but for where data lie? */
bool gedi__identity_same(const char *a, const char *b);

/* Fails with GEDI_STATE where the file at `path` was written for another experiment: says what
 * differs, and what to do. */
gedi_status gedi__identity_check(const char *path, const char *then, const char *now,
                                 gedi_err *err);

/* Does the line tell of a run that went on with other values? */
bool gedi__identity_is_turn(const char *line);
/* Is the line about the build of a component, "revision of view mine: 3"? */
bool gedi__identity_is_build(const char *line);
/* The value that an identity has for the line's key, *n long: "0" where a component has no such line.
 * NULL where the component is not in it. */
const char *gedi__identity_build(const char *identity, const char *line, size_t *n);

/* Do the two differ in nothing but revisions and files of plugins? */
bool gedi__identity_rebuilt(const char *then, const char *now);

/* Are they the same but for how long the last stage is? */
bool gedi__identity_lengths(const gedi__experiment *e, const char *a, const char *b);
/* And does no value on the way depend on that? Then what one has trained is the beginning of the other,
 * up to the end of the shorter. */
bool gedi__identity_is_longer(const gedi__experiment *e, const char *a, const char *b);

#endif
