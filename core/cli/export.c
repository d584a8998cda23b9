/* export.c - `gedi export`: features, models and logs of runs, for other programs. */
#include "core/cli/arguments.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/export/arrays.h"
#include "core/export/mlflow.h"
#include "core/export/onnx.h"
#include "core/export/tensorboard.h"
#include "core/run/run.h"
#include "core/store/folder.h"
#include "core/sweep/study.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FORMATS "npy|csv|safetensors"
#define SPLITS "test|train"

/* What is exported: an option each. The first are gedi__said. */
enum { ONNX = GEDI__SAID_SCORES + 1, TENSORBOARD, MLFLOW, WHATS, NOTHING = -1 };
static const char *const what_name[WHATS] = {
    "features", "assignments", "records", "scores", "onnx", "tensorboard", "mlflow"};

enum { KEY_WHAT = 256, KEY_SPLIT = KEY_WHAT + WHATS };

typedef struct arguments {
    gedi__arguments a;
    int what, format; /* -1: not given */
    gedi_split split;
    const char *root; /* of logs */
} arguments;

static const struct argp_option options[] = {
    {"features", KEY_WHAT, NULL, 0, "output of the encoder of every record, [N, D]", 0},
    {"assignments", KEY_WHAT + 1, NULL, 0,
     "p(y|x) of every record, [N, K], and its largest cluster", 0},
    {"records", KEY_WHAT + 2, NULL, 0, "the records as the network sees them, [N, ...]",
     0},
    {"scores", KEY_WHAT + 3, NULL, 0,
     "log p(x), the norm of its slope, max p(y|x) and its log odds, of every record", 0},
    {"onnx", KEY_WHAT + ONNX, NULL, 0, "encoder, projector and logits as an ONNX model",
     0},
    {"tensorboard", KEY_WHAT + TENSORBOARD, "DIR", 0,
     "logs, results, figures and settings as event files: a folder for each run", 0},
    {"mlflow", KEY_WHAT + MLFLOW, "DIR", 0,
     "the same in the file layout of MLflow's tracking store", 0},
    {"format", 'f', FORMATS, 0,
     "of arrays; npy is a file each (default: what --out ends with, else npy)", 0},
    {"split", KEY_SPLIT, SPLITS, 0, "whose records (default: test)", 0},
    {0},
};

static error_t parse(int key, char *arg, struct argp_state *state)
{
    arguments *a = ((gedi__arguments *)state->input)->own;
    if (key >= KEY_WHAT && key < KEY_SPLIT) {
        if (a->what != NOTHING && a->what != key - KEY_WHAT)
            argp_error(state, "--%s and --%s: one at a time", what_name[a->what],
                       what_name[key - KEY_WHAT]);
        a->what = key - KEY_WHAT;
        a->root = arg;
        return 0;
    }
    switch (key) {
    case 'f':
        a->format = gedi__argument_word(state, "--format", FORMATS, arg);
        return 0;
    case KEY_SPLIT:
        a->split = gedi__argument_word(state, "--split", SPLITS, arg) == 0 ? GEDI_TEST
                                                                           : GEDI_TRAIN;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* ---- of one run's weights ---- */

/* The place of a suffix of `path` in "a|b"; -1 where it has none of them. */
static int suffix_of(const char *path, const char *words)
{
    const char *dot = strrchr(path, '.'), *slash = strrchr(path, '/');
    int i = 0;
    if (!dot || (slash && dot < slash))
        return -1;
    for (const char *w = words;; w += strcspn(w, "|") + 1, i++) {
        size_t n = strcspn(w, "|");
        if (strlen(dot + 1) == n && !strncmp(dot + 1, w, n))
            return i;
        if (!w[n])
            return -1;
    }
}

/* The path without its suffix: --out, or WHAT-SPLIT in the folder that it names, or in export/ of the run's folder.
 * Free it. */
static char *stem_of(const arguments *a, gedi_err *err)
{
    gedi__text path = {0};
    const char *words = a->what == ONNX ? "onnx" : FORMATS;
    bool into = a->a.out && gedi__out_is_folder(a->a.out);
    if (into)
        gedi__text_add(&path, "%s%s", a->a.out,
                       a->a.out[strlen(a->a.out) - 1] == '/' ? "" : "/");
    else if (!a->a.out)
        gedi__text_add(&path, "%s/%s/", a->a.target.file,
                       gedi__store_name(GEDI__FILE_EXPORTS));
    if (a->a.out && !into) {
        int suffix = suffix_of(a->a.out, words);
        size_t n =
            suffix < 0 ? strlen(a->a.out) : (size_t)(strrchr(a->a.out, '.') - a->a.out);
        gedi__text_add(&path, "%.*s", (int)n, a->a.out);
    } else if (a->what == ONNX) {
        gedi__text_add(&path, "encoder");
    } else {
        gedi__text_add(&path, "%s-%s", what_name[a->what],
                       a->split == GEDI_TEST ? "test" : "train");
    }
    if (path.failed)
        gedi_no_memory(err, "a path");
    return path.s;
}

static gedi_status make_folder_of(const char *path, gedi_err *err)
{
    char *folder = gedi__copy_text(path, err);
    if (!folder)
        return GEDI_NOMEM;
    char *slash = strrchr(folder, '/');
    gedi_status s = GEDI_OK;
    if (slash && slash != folder) {
        *slash = 0;
        s = gedi__folder_make(folder, err);
    }
    free(folder);
    return s;
}

static gedi_status write_onnx(const arguments *a, const gedi__trained *t,
                              const char *stem, gedi_err *err)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s.onnx", stem);
    gedi_status s = path.failed ? gedi_no_memory(err, "a path")
                                : gedi__onnx_write(t, a->a.target.file, path.s, err);
    if (!s)
        printf("wrote  %s\n", path.s);
    gedi__text_clear(&path);
    return s;
}

static gedi_status write_arrays(const arguments *a, gedi__trained *t, const char *stem,
                                gedi_err *err)
{
    static const char *const ending[] = {"npy", "csv", "safetensors"};
    int named =
        a->a.out && !gedi__out_is_folder(a->a.out) ? suffix_of(a->a.out, FORMATS) : -1;
    int format = a->format >= 0 ? a->format : named >= 0 ? named : GEDI__NPY;
    if (named >= 0 && named != format)
        return GEDI_FAIL(err, GEDI_USAGE,
                         "--out: '%s' does not end with .%s, as --format has it",
                         a->a.out, ending[format]);
    gedi__text wrote = {0};
    gedi_status s = gedi__arrays_write(t, a->a.target.file, (gedi__said)a->what, a->split,
                                       (gedi__array_format)format, stem, &wrote, err);
    for (char *path = wrote.s, *end; path && (end = strchr(path, '\n')); path = end + 1)
        printf("%s  %.*s\n", path == wrote.s ? "wrote" : "     ", (int)(end - path),
               path);
    gedi__text_clear(&wrote);
    return s;
}

static int export_weights(const arguments *a)
{
    gedi__trained t = {0};
    gedi__mistakes m = {0};
    gedi_err err = {0};
    const gedi__target *run = &a->a.target;
    char *stem = NULL;
    gedi_status s = gedi__trained_open(&t, run->file, run->override, run->n, &m, &err);
    if (!s)
        s = (stem = stem_of(a, &err)) ? make_folder_of(stem, &err) : GEDI_NOMEM;
    if (!s)
        s = a->what == ONNX ? write_onnx(a, &t, stem, &err)
                            : write_arrays(a, &t, stem, &err);
    gedi__trained_close(&t);
    free(stem);
    int code = m.n > 0 ? gedi__say_mistakes(&m)
               : s     ? gedi__say_err(&err)
                       : GEDI__EXIT_DONE;
    gedi__text_clear(&m.text);
    return code;
}

/* ---- logs of runs ---- */

/* Fit for the name of a folder. */
static void plain(char *s)
{
    if (*s == '.')
        *s = '_';
    for (; *s; s++)
        if (strchr("/\\:*?\"<>|", *s))
            *s = '_';
}

/* Anyone may have written it. */
static void title_of(const gedi__result *r, char out[GEDI__FILE_NAME + 1])
{
    snprintf(out, GEDI__FILE_NAME + 1, "%s", *r->title ? r->title : "run");
    gedi__text_show(out, false);
}

static void name_result(const gedi__result *r, char out[GEDI__FILE_NAME + 1])
{
    title_of(r, out);
    plain(out);
}

/* Two runs with one name would overwrite each other: then the hash tells them apart. */
static void name_log(const gedi__study *s, int i, char out[GEDI__FILE_NAME + 1])
{
    char other[GEDI__FILE_NAME + 1];
    name_result(&s->result[i], out);
    for (int k = 0; k < s->results; k++) {
        name_result(&s->result[k], other);
        if (k == i || strcmp(out, other))
            continue;
        int room = GEDI__FILE_NAME - GEDI__HASH - 1;
        snprintf(out, GEDI__FILE_NAME + 1, "%.*s-%s", room, other, s->result[i].hash);
        return;
    }
}

/* How a run has ended that is not finished. */
static gedi__ending ending_of(const gedi__result *r)
{
    int lock;
    if (r->state == GEDI__FAILED)
        return GEDI__ENDED_BADLY;
    if (gedi__run_lock(r->folder, &lock, NULL))
        return GEDI__AT_WORK;
    if (lock >= 0)
        close(lock);
    return GEDI__STOPPED;
}

/* `name` is that of a folder. */
static gedi_status export_log(const arguments *a, const gedi__result *r, const char *name,
                              gedi__mistakes *m, gedi_err *err)
{
    gedi__run_log l;
    char title[GEDI__FILE_NAME + 1];
    gedi_status s = gedi__run_log_read(&l, r->folder, m, err);
    title_of(r, title);
    if (!s && l.ending == GEDI__AT_WORK)
        l.ending = ending_of(r);
    if (!s && a->what == MLFLOW)
        s = gedi__mlflow_write(&l, title, a->root, err);
    if (!s && a->what == TENSORBOARD) {
        char *place = gedi__path_join(a->root, name);
        s = place ? gedi__tensorboard_write(&l, place, err)
                  : gedi_no_memory(err, "a path");
        free(place);
    }
    gedi__run_log_clear(&l);
    return s;
}

static int export_logs(const arguments *a)
{
    gedi__study study = {0};
    gedi__mistakes m = {0};
    gedi_err err = {0};
    char name[GEDI__FILE_NAME + 1];
    int done = 0;
    gedi_status s = gedi__study_add(&study, a->a.target.file, &err);
    for (int i = 0; !s && i < study.results; i++) {
        const gedi__result *r = &study.result[i];
        if (!gedi__store_has(r->folder, GEDI__FILE_METRICS))
            continue; /* not begun */
        name_log(&study, i, name);
        s = export_log(a, r, name, &m, &err);
        done += !s;
    }
    gedi__study_clear(&study);
    int code = m.n > 0 ? gedi__say_mistakes(&m)
               : s     ? gedi__say_err(&err)
                       : GEDI__EXIT_DONE;
    gedi__text_clear(&m.text);
    if (!code && !done) {
        gedi__say("%s: no run has begun", a->a.target.file);
        return GEDI__EXIT_FAILED;
    }
    char count[48];
    if (!code)
        printf("%s  %s, %s\n", what_name[a->what], a->root,
               gedi__count_text(done, "run", count, sizeof count));
    return code;
}

/* ---- the command ---- */

/* A suffix that promises what is not written; others are part of the name. */
static bool is_foreign(int what, const char *path)
{
    if (what == ONNX && suffix_of(path, FORMATS) >= 0)
        return true;
    return suffix_of(path,
                     "npz|h5|hdf5|pt|pth|pkl|mat|json|parquet|arrow|feather|tsv|txt") >=
           0;
}

/* What does not go together. */
static int refuse(const arguments *a)
{
    bool log = a->what == TENSORBOARD || a->what == MLFLOW;
    if (a->what == NOTHING)
        gedi__say(
            "say what: --features, --assignments, --scores, --records, --onnx, --tensorboard DIR "
            "or --mlflow DIR");
    else if (log && a->a.target.n)
        gedi__say("%s: --%s shows runs as they were: no value can be put in",
                  a->a.target.override[0], what_name[a->what]);
    else if (log && a->a.out)
        gedi__say("--out: --%s has its own folder, %s", what_name[a->what], a->root);
    else if (a->format >= 0 && a->what >= ONNX)
        gedi__say(
            "--format: of --features, --assignments, --records and --scores, not of --%s",
            what_name[a->what]);
    else if (a->a.out && !gedi__out_is_folder(a->a.out) && is_foreign(a->what, a->a.out))
        gedi__say("--out: %s: no file of that kind is written: end it with .%s", a->a.out,
                  a->what == ONNX ? "onnx" : "npy, .csv or .safetensors");
    else
        return GEDI__EXIT_DONE;
    return GEDI__EXIT_MISTAKE;
}

int gedi__export_main(const gedi__call *c)
{
    static const gedi__usage usage = {
        .shared = "oqP",
        .place = "RUN/export/WHAT-SPLIT, RUN/export/encoder.onnx",
        .missing =
            "name the folder of a run, or of a sweep for --tensorboard and --mlflow",
        .args_doc = "RUN [KEY=VALUE...]",
        .doc =
            "Writes what a trained run says of every record of a split, its encoder, or logs "
            "of runs and sweeps, for other programs.\v"
            "Arrays come with the records' numbers and labels: columns of csv, tensors of "
            "safetensors, files PATH-record.npy and PATH-label.npy beside PATH.npy. An ONNX "
            "model takes `records' [N, ...] on the scale of its metadata mean and std, and "
            "gives `features', `embedding' and, where there is p(y|x), `logits'.",
        .own = options,
        .parse = parse,
    };
    arguments a = {.a.own = &a, .what = NOTHING, .format = -1, .split = GEDI_TEST};
    if (!gedi__arguments_read(&usage, c, &a.a))
        return GEDI__EXIT_FAILED;
    int code = refuse(&a);
    if (!code && c->note && !a.a.quiet && a.what < TENSORBOARD)
        gedi__say("%s", c->note);
    if (!code)
        code = a.what < TENSORBOARD ? export_weights(&a) : export_logs(&a);
    gedi__arguments_clear(&a.a);
    return code;
}
