/* folder.h - what lies in the folders that gedi writes, and what each of them says it is.
 *
 *   a run                                          a sweep
 *     gedi.json        that it is a run              gedi.json    that it is a sweep
 *     descriptor.yaml  fully resolved                points.json  axes, points, what to show
 *     metrics.jsonl    a line a logging step         draws.csv    of a search, the best first
 *                                                    lock         held while it runs
 *     lease-N          whose it is in a sweep that   lease-N      the same, of tables and points.json
 *                      several hosts share           slurm/       what array tasks said
 *     checkpoint.safetensors, and                    runs/HASH/   a run of its own, and
 *     checkpoint-previous.safetensors                runs/HASH/error.txt  its last words
 *     checkpoint-best.safetensors, where validation chooses
 *     summary.json     its presence: finished        figures/, tables
 *     divergence.json  why it stopped, if it diverged
 *     figures/         pictures, data, scripts; figures/moments/N/ of iteration N
 *     report.html      a page to browse; a sweep has one of all its runs
 *     evaluation-N/    an evaluation: gedi.json, descriptor.yaml, summary.json, figures/
 *     samples-N/       of `gedi sample`
 *     export/          of `gedi export`: never read again
 *
 * No other file knows these names. Each file that gedi reads again carries the version of its
 * schema, but for descriptor.yaml: people write that as well, and its unknown keys are refused by name.
 */
#ifndef GEDI_STORE_FOLDER_H
#define GEDI_STORE_FOLDER_H

#include "gedi/error.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum gedi__store_file {
    GEDI__FILE_MARK,
    GEDI__FILE_DESCRIPTOR,
    GEDI__FILE_METRICS,
    GEDI__FILE_CHECKPOINT,
    GEDI__FILE_PREVIOUS, /* the checkpoint before that */
    GEDI__FILE_BEST,     /* that of the best evaluation on the way, where one chooses */
    GEDI__FILE_SUMMARY,
    GEDI__FILE_ERROR,
    GEDI__FILE_DIVERGENCE,
    GEDI__FILE_POINTS,
    GEDI__FILE_DRAWS, /* of a sweep that searches, the best first */
    GEDI__FILE_LOCK,
    GEDI__FILE_REPORT,      /* a page to browse, of a run or a sweep */
    GEDI__FILE_LEASE,       /* numbered: core/sweep/lease.h */
    GEDI__FILE_JOBS,        /* a folder: what array tasks of Slurm said */
    GEDI__FILE_FIGURES,     /* a folder, and the following */
    GEDI__FILE_RUNS,        /* of a sweep's points */
    GEDI__FILE_EVALUATIONS, /* numbered: gedi__folder_next */
    GEDI__FILE_SAMPLES,     /* numbered */
    GEDI__FILE_EXPORTS,
    GEDI__FILES,
} gedi__store_file;

const char *gedi__store_name(gedi__store_file f);
/* FOLDER/NAME; free() it. NULL with GEDI_NOMEM in `err`. */
char *gedi__store_path(const char *folder, gedi__store_file f, gedi_err *err);
bool gedi__store_has(const char *folder, gedi__store_file f);

/* The folder of a sweep's point; free() it. NULL with GEDI_NOMEM in `err`. */
char *gedi__store_point(const char *sweep, const char *hash, gedi_err *err);
/* Where `gedi run` and `gedi sweep` work unless told otherwise; free() it. The same. */
char *gedi__store_run_place(const char *name, uint64_t seed, gedi_err *err);
char *gedi__store_sweep_place(const char *name, gedi_err *err);

/* Is that the name of an evaluation's folder in that of a run? For scandir(). */
struct dirent;
int gedi__store_is_evaluation(const struct dirent *e);

/* ---- versions ---- */

/* The version of the file's schema that this gedi writes, and reads. */
int gedi__store_schema(gedi__store_file f);

/* What to do where it is damaged, e.g. "remove it: ...". */
const char *gedi__store_remedy(gedi__store_file f);

/* Is `found` (-1: none is stated) that version? `by` is the gedi that wrote it, or NULL.
 *   Errors: GEDI_STATE, naming the file, both versions and the remedy.  */
gedi_status gedi__store_check_schema(const char *path, gedi__store_file f, int64_t found,
                                     const char *by, gedi_err *err);

/* ---- what a folder is ---- */

typedef enum gedi__folder_kind {
    GEDI__FOLDER_OTHER, /* not gedi's, or not there */
    GEDI__FOLDER_RUN,
    GEDI__FOLDER_SWEEP,
    GEDI__FOLDER_EVALUATION,
} gedi__folder_kind;

/* Makes the folder if it is not there, and writes into it what it is. */
gedi_status gedi__store_mark(const char *folder, gedi__folder_kind kind, gedi_err *err);

/* What the folder says it is.
 *   Errors: GEDI_IO, GEDI_DATA, GEDI_STATE where gedi.json cannot be understood.  */
gedi_status gedi__store_kind(const char *folder, gedi__folder_kind *kind, gedi_err *err);

/* Fails with GEDI_STATE where `folder` is not of that kind: the message says what it is, and
 * what to name instead. */
gedi_status gedi__store_require(const char *folder, gedi__folder_kind kind,
                                gedi_err *err);

/* The same for a run, whose descriptor must be there, too. */
gedi_status gedi__store_require_run(const char *folder, gedi_err *err);

/* Fails with GEDI_STATE where `folder` is of another kind than the one that is to be written. */
gedi_status gedi__store_claim(const char *folder, gedi__folder_kind kind, gedi_err *err);

#endif
