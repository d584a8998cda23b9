/* reading.h - what the readers of a descriptor's keys share. */
#ifndef GEDI_DESCRIPTOR_READING_H
#define GEDI_DESCRIPTOR_READING_H

#include "core/descriptor/fill.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/merge.h"

/* GEDI_NOMEM is the only status that stops a reading; mistakes go into `m`. */
typedef struct gedi__reading {
    gedi__experiment *e;
    gedi__stage *stage; /* whose keys are being read */
    gedi__mistakes *m;
    gedi__filler fill;
    gedi__arena *scratch;   /* of the trees */
    const gedi__tree *root; /* the descriptor */
    const char *file;       /* the descriptor, as it was named */
    const char *folder;     /* of the descriptor, absolute */
    bool whole;             /* false: what is missing may be in a base that is missing */
    bool is_point;          /* of a sweep: its blocks are not ours */
    int settings;           /* overrides, then what the point sets */
    gedi__setting *setting;
} gedi__reading;

/* What the key is read into, and where the length of that list is. */
void *gedi__key_target(const gedi__reading *r, const gedi__key *k);
int *gedi__key_count(const gedi__reading *r, const gedi__key *k);

/* Keeps where `of` was written, for gedi__experiment_place.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__place_keep(gedi__reading *r, const void *of, gedi__place at);

/* ---- component.c ---- */

/* {plugin: options}; *out is left alone after a mistake. */
gedi_status gedi__read_component(gedi__reading *r, gedi_kind kind, const gedi__tree *t,
                                 gedi__component *out);
/* Lets those that open something do it, once all are read. */
gedi_status gedi__open_components(gedi__reading *r);
/* An entry of an option's list, of which the tree knows nothing yet; for gedi__filler. */
gedi_status gedi__read_entry(void *reading, gedi_kind kind, const gedi__tree *t,
                             gedi_component *out);
gedi_status gedi__read_components(gedi__reading *r, gedi_kind kind,
                                  const gedi__tree *list, gedi__component **out, int *n);
/* The key of one component, null where it may be left out. */
gedi_status gedi__read_one(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* A list, or NULL after a mistake. */
const gedi__tree *gedi__need_list(gedi__reading *r, const char *what, const char *example,
                                  const gedi__tree *t);

/* ---- objectives.c ---- */

/* {NAME: {}} or [{NAME: {}}, {NAME: {}, weight: W, share: NAME}] into the stage. */
gedi_status gedi__read_objectives(gedi__reading *r, const gedi__key *k,
                                  const gedi__tree *t);

/* ---- evaluations.c ---- */

/* [{NAME: {}}, {NAME: {OPTION: VALUE}, name: NAME}] into the experiment. */
gedi_status gedi__read_evaluations(gedi__reading *r, const gedi__key *k,
                                   const gedi__tree *t);

/* ---- groups.c ---- */

/* [{match: [NAME], OPTION: VALUE}] into the stage, whose optimizer must be known. */
gedi_status gedi__read_groups(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* ---- init.c ---- */

/* {run: FOLDER, only: [NAME]} or {file: FILE, names: {NAME: NAME}} into the experiment. */
gedi_status gedi__read_init(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* ---- lengths.c ---- */

/* [3900] into the experiment, whose stages must be known. */
gedi_status gedi__read_counted(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* ---- history.c ---- */

/* [{iteration: N, changed: TEXT, diverged: TEXT}] into the experiment. */
gedi_status gedi__read_history(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* ---- figures.c, folders.c ---- */

/* [clusters, {losses: {format: pdf}}] into the experiment. */
gedi_status gedi__read_figures(gedi__reading *r, const gedi__key *k, const gedi__tree *t);
gedi_status gedi__read_plugins(gedi__reading *r, const gedi__key *k, const gedi__tree *t);
gedi_status gedi__read_name(gedi__reading *r, const gedi__key *k, const gedi__tree *t);
gedi_status gedi__read_directory(gedi__reading *r, const gedi__key *k,
                                 const gedi__tree *t);

/* ---- walk.c ---- */

/* All keys of the descriptor, `plugins` first, and of its stages.
 *   Errors: GEDI_NOMEM.  */
gedi_status gedi__read_root(gedi__reading *r);

/* ---- stage.c: the keys that a stage may state ---- */

gedi_status gedi__read_views(gedi__reading *r, const gedi__key *k, const gedi__tree *t);
gedi_status gedi__read_optimizer(gedi__reading *r, const gedi__key *k,
                                 const gedi__tree *t);
/* A list of names of parameters, or what they begin with, under the name `key`. */
gedi_status gedi__read_names(gedi__reading *r, const char *key, const gedi__tree *t,
                             const char ***out, int *n);
gedi_status gedi__read_parameters(gedi__reading *r, const gedi__key *k,
                                  const gedi__tree *t);
gedi_status gedi__read_options(gedi__reading *r, const gedi__key *k, const gedi__tree *t);

/* n stages of the experiment, at their defaults. */
gedi_status gedi__stages_make(gedi__reading *r, int n);
/* What follows from all of them: where each begins. */
void gedi__stages_join(gedi__experiment *e);

/* `stage` over the descriptor around it, as a file is over its base; neither is changed.
 * NULL when out of memory. */
gedi__tree *gedi__stage_tree(const gedi__tree *around, const gedi__tree *stage,
                             gedi__arena *arena);

/* What a setting put in around n stages, `train.batch=100`, must reach one of their trees: it
 * does not where each states its own. */
void gedi__stages_check_reach(const gedi__tree *around, gedi__tree *const *tree, int n,
                              const gedi__setting *s, gedi__mistakes *m);

#endif
