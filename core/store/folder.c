/* folder.c - what lies in the folders that gedi writes, and what each of them says it is. */
#include "core/store/folder.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/json.h"
#include "config.h"

#include <dirent.h>
#include <inttypes.h>
#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A schema goes up when what was written before can no longer be read. 0: it has none. */
static const struct {
    const char *name;
    int schema;
    const char *remedy; /* of a damaged one; NULL: it depends */
} file[GEDI__FILES] = {
    [GEDI__FILE_MARK] = {"gedi.json", 1, NULL},
    [GEDI__FILE_DESCRIPTOR] = {"descriptor.yaml", 0, NULL},
    [GEDI__FILE_METRICS] = {"metrics.jsonl", 2, NULL},
    [GEDI__FILE_CHECKPOINT] = {"checkpoint.safetensors", 1, NULL},
    [GEDI__FILE_PREVIOUS] = {"checkpoint-previous.safetensors", 1, NULL},
    [GEDI__FILE_BEST] = {"checkpoint-best.safetensors", 1, NULL},
    [GEDI__FILE_SUMMARY] =
        {"summary.json", 1,
         "remove it: `gedi resume` makes it again from the checkpoint"},
    [GEDI__FILE_ERROR] = {"error.txt", 0, NULL},
    [GEDI__FILE_DIVERGENCE] = {"divergence.json", 1,
                               "remove it: `gedi resume` trains up to there again and "
                               "writes it anew"},
    [GEDI__FILE_POINTS] = {"points.json", 2,
                           "remove it: the same `gedi sweep` makes it again"},
    [GEDI__FILE_DRAWS] = {"draws.csv", 0, NULL},
    [GEDI__FILE_LOCK] = {"lock", 0, NULL},
    [GEDI__FILE_REPORT] = {"report.html", 0, "remove it: `gedi report` makes it again"},
    [GEDI__FILE_LEASE] = {"lease", 0, NULL},
    [GEDI__FILE_JOBS] = {"slurm", 0, NULL},
    [GEDI__FILE_FIGURES] = {"figures", 0, NULL},
    [GEDI__FILE_RUNS] = {"runs", 0, NULL},
    [GEDI__FILE_EVALUATIONS] = {"evaluation", 0, NULL},
    [GEDI__FILE_SAMPLES] = {"samples", 1, NULL},
    [GEDI__FILE_EXPORTS] = {"export", 0, NULL},
};

static const char *const kind_name[] = {
    [GEDI__FOLDER_OTHER] = "no folder of gedi",
    [GEDI__FOLDER_RUN] = "run",
    [GEDI__FOLDER_SWEEP] = "sweep",
    [GEDI__FOLDER_EVALUATION] = "evaluation",
};

const char *gedi__store_name(gedi__store_file f)
{
    return file[f].name;
}

static char *join(const char *folder, const char *name, gedi_err *err)
{
    char *path = gedi__path_join(folder, name);
    if (!path)
        gedi_no_memory(err, "the path %s/%s", folder, name);
    return path;
}

char *gedi__store_path(const char *folder, gedi__store_file f, gedi_err *err)
{
    return join(folder, file[f].name, err);
}

/* Without allocating: want of memory is no answer. */
bool gedi__store_has(const char *folder, gedi__store_file f)
{
    char path[PATH_MAX];
    int n =
        snprintf(path, sizeof path, "%s%s%s", folder, *folder ? "/" : "", file[f].name);
    return n > 0 && (size_t)n < sizeof path && gedi__file_exists(path);
}

char *gedi__store_point(const char *sweep, const char *hash, gedi_err *err)
{
    char *runs = gedi__store_path(sweep, GEDI__FILE_RUNS, err);
    char *path = runs ? join(runs, hash, err) : NULL;
    free(runs);
    return path;
}

static char *printed(gedi_err *err, const char *fmt, ...) GEDI_PRINTF(2, 3);
static char *printed(gedi_err *err, const char *fmt, ...)
{
    char *out = NULL;
    va_list ap;
    va_start(ap, fmt);
    if (vasprintf(&out, fmt, ap) < 0) {
        gedi_no_memory(err, "a path");
        out = NULL;
    }
    va_end(ap);
    return out;
}

char *gedi__store_run_place(const char *name, uint64_t seed, gedi_err *err)
{
    return printed(err, "runs/%s-seed%" PRIu64, name, seed);
}

char *gedi__store_sweep_place(const char *name, gedi_err *err)
{
    return printed(err, "sweeps/%s", name);
}

int gedi__store_is_evaluation(const struct dirent *e)
{
    const char *name = file[GEDI__FILE_EVALUATIONS].name;
    size_t n = strlen(name);
    return !strncmp(e->d_name, name, n) && e->d_name[n] == '-';
}

/* ---- versions ---- */

int gedi__store_schema(gedi__store_file f)
{
    return file[f].schema;
}

const char *gedi__store_remedy(gedi__store_file f)
{
    return file[f].remedy ? file[f].remedy : "restore it from a copy";
}

gedi_status gedi__store_check_schema(const char *path, gedi__store_file f, int64_t found,
                                     const char *by, gedi_err *err)
{
    char version[32] = "of no schema";
    if (found == file[f].schema)
        return GEDI_OK;
    if (found >= 0)
        snprintf(version, sizeof version, "of schema %" PRId64, found);
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s: %s (written by gedi %s), but gedi %s reads schema %d: read it "
                     "with the gedi that wrote it, or %s",
                     path, version, by ? by : "unknown", PACKAGE_VERSION, file[f].schema,
                     file[f].remedy ? file[f].remedy : "run the experiment again");
}

/* ---- what a folder is ---- */

gedi_status gedi__store_mark(const char *folder, gedi__folder_kind kind, gedi_err *err)
{
    GEDI_TRY(gedi__folder_make(folder, err));
    char *path = gedi__store_path(folder, GEDI__FILE_MARK, err);
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = gedi__json_write(path, GEDI__FILE_MARK,
                                     json_pack("{s:s}", "kind", kind_name[kind]), err);
    free(path);
    return s;
}

static gedi_status read_mark(const char *path, gedi__folder_kind *kind, gedi_err *err)
{
    json_t *o;
    GEDI_TRY(gedi__json_read(path, GEDI__FILE_MARK, &o, err));
    const char *name = json_string_value(json_object_get(o, "kind"));
    int k = GEDI__FOLDER_EVALUATION;
    while (k > GEDI__FOLDER_OTHER && (!name || strcmp(name, kind_name[k])))
        k--;
    *kind = (gedi__folder_kind)k;
    gedi_status s =
        k ? GEDI_OK
          : GEDI_FAIL(err, GEDI_DATA, "%s: kind '%.64s' is not run, sweep or evaluation",
                      path, name ? name : "");
    json_decref(o);
    return s;
}

gedi_status gedi__store_kind(const char *folder, gedi__folder_kind *kind, gedi_err *err)
{
    char *path = gedi__store_path(folder, GEDI__FILE_MARK, err);
    *kind = GEDI__FOLDER_OTHER;
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = gedi__file_exists(path) ? read_mark(path, kind, err) : GEDI_OK;
    free(path);
    return s;
}

static int is_visible(const struct dirent *e)
{
    return *e->d_name != '.';
}

/* The first point of a sweep, as an example; "HASH" where there is none. */
static void example_of(const char *sweep, char *out, size_t size)
{
    struct dirent **entry = NULL;
    char *runs = gedi__store_path(sweep, GEDI__FILE_RUNS, NULL);
    int n = runs ? scandir(runs, &entry, is_visible, alphasort) : 0;
    snprintf(out, size, "%.*s", (int)size - 1, n > 0 ? entry[0]->d_name : "HASH");
    for (int i = 0; i < n; i++)
        free(entry[i]);
    free(entry);
    free(runs);
}

static gedi_status refuse_other(const char *folder, gedi__folder_kind wanted,
                                gedi_err *err)
{
    struct stat st;
    const char *kind = kind_name[wanted];
    if (stat(folder, &st))
        return GEDI_FAIL(err, GEDI_STATE, "%s holds no %s: there is no such folder",
                         folder, kind);
    if (!S_ISDIR(st.st_mode))
        return GEDI_FAIL(
            err, GEDI_STATE,
            "%s holds no %s: it is a file: name the folder that `gedi %s` has "
            "made of it",
            folder, kind, wanted == GEDI__FOLDER_SWEEP ? "sweep" : "run");
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s holds no %s: %s, which says what a folder is, is missing",
                     folder, kind, file[GEDI__FILE_MARK].name);
}

gedi_status gedi__store_require(const char *folder, gedi__folder_kind wanted,
                                gedi_err *err)
{
    gedi__folder_kind kind;
    char example[64];
    GEDI_TRY(gedi__store_kind(folder, &kind, err));
    if (kind == wanted)
        return GEDI_OK;
    if (kind == GEDI__FOLDER_OTHER)
        return refuse_other(folder, wanted, err);
    if (kind == GEDI__FOLDER_RUN)
        return GEDI_FAIL(err, GEDI_STATE, "%s is a run: name a %s", folder,
                         kind_name[wanted]);
    if (kind == GEDI__FOLDER_EVALUATION)
        return GEDI_FAIL(err, GEDI_STATE,
                         "%s is an evaluation: name its run, the folder it lies in",
                         folder);
    example_of(folder, example, sizeof example);
    return GEDI_FAIL(
        err, GEDI_STATE,
        "%s is a sweep: name one of its points, for example %s/%s/%s, or use `gedi "
        "table %s`",
        folder, folder, file[GEDI__FILE_RUNS].name, example, folder);
}

gedi_status gedi__store_require_run(const char *folder, gedi_err *err)
{
    GEDI_TRY(gedi__store_require(folder, GEDI__FOLDER_RUN, err));
    if (!gedi__store_has(folder, GEDI__FILE_DESCRIPTOR))
        return GEDI_FAIL(err, GEDI_STATE, "%s holds no run: %s is missing", folder,
                         file[GEDI__FILE_DESCRIPTOR].name);
    return GEDI_OK;
}

gedi_status gedi__store_claim(const char *folder, gedi__folder_kind wanted, gedi_err *err)
{
    gedi__folder_kind kind;
    GEDI_TRY(gedi__store_kind(folder, &kind, err));
    if (kind == wanted || kind == GEDI__FOLDER_OTHER)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_STATE,
                     "%s is %s %s: choose another folder for the %s with --out", folder,
                     kind == GEDI__FOLDER_EVALUATION ? "an" : "a", kind_name[kind],
                     kind_name[wanted]);
}
