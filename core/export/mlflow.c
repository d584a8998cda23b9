/* mlflow.c - a run's log in the file layout of MLflow's tracking store. */
#include "core/export/mlflow.h"
#include "core/base/file.h"
#include "core/store/checksum.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ID = 2 * GEDI__CHECKSUM, LETTERS = 250 };      /* of a name that is a file's */
enum { LOCAL = 4 };                                   /* SourceType */
static const int status[] = {[GEDI__AT_WORK] = 1,     /* RunStatus: RUNNING, ... */
                             [GEDI__ENDED_WELL] = 3,  /* FINISHED */
                             [GEDI__ENDED_BADLY] = 4, /* FAILED */
                             [GEDI__STOPPED] = 5};    /* KILLED */

typedef struct place {
    char *root; /* absolute */
    char experiment[24], run[ID + 1];
} place;

/* Both are functions of the run: written again, it is found again. MLflow's own are decimal for
 * experiments and hexadecimal for runs. */
static void name_place(place *p, const gedi__run_log *l)
{
    char sum[GEDI__CHECKSUM + 1];
    gedi__checksum(l->name, strlen(l->name), sum);
    snprintf(p->experiment, sizeof p->experiment, "%018" PRIu64,
             (uint64_t)(strtoull(sum, NULL, 16) % UINT64_C(1000000000000000000)));
    gedi__checksum(l->identity, strlen(l->identity), p->run);
    gedi__checksum(p->run, GEDI__CHECKSUM, p->run + GEDI__CHECKSUM);
}

/* Replaces ROOT/EXPERIMENT[/RUN]/FOLDER/NAME; letters that MLflow has in no name become '_'. */
static gedi_status write_file(const place *p, bool of_run, const char *folder,
                              const char *name, const void *data, size_t size,
                              gedi_err *err)
{
    gedi__text path = {0};
    char plain[LETTERS + 1];
    size_t n = 0;
    for (; name[n] && n < LETTERS; n++) {
        bool legal = strchr("_-. ", name[n]) || (name[n] >= '0' && name[n] <= '9') ||
                     (name[n] >= 'a' && name[n] <= 'z') ||
                     (name[n] >= 'A' && name[n] <= 'Z');
        plain[n] = legal ? name[n] : '_';
    }
    plain[n] = 0;
    gedi__text_add(&path, "%s/%s", p->root, p->experiment);
    if (of_run)
        gedi__text_add(&path, "/%s", p->run);
    if (*folder)
        gedi__text_add(&path, "/%s", folder);
    gedi_status s =
        path.failed ? gedi_no_memory(err, "a path") : gedi__folder_make(path.s, err);
    gedi__text_add(&path, "/%s", plain);
    if (!s)
        s = path.failed ? gedi_no_memory(err, "a path")
                        : gedi__file_write(path.s, data, size, err);
    gedi__text_clear(&path);
    return s;
}

/* The same of a text, which is cleared. */
static gedi_status write_text(const place *p, bool of_run, const char *folder,
                              const char *name, gedi__text *t, gedi_err *err)
{
    gedi_status s = t->failed ? gedi_no_memory(err, "%s", name)
                              : write_file(p, of_run, folder, name, t->s, t->len, err);
    gedi__text_clear(t);
    return s;
}

/* A scalar of YAML in single quotes. */
static void add_quoted(gedi__text *t, const char *key, const char *s)
{
    gedi__text_add(t, "%s: '", key);
    for (; *s; s++)
        gedi__text_add(t, *s == '\'' ? "''" : "%c", *s);
    gedi__text_add(t, "'\n");
}

static int64_t milliseconds(double seconds)
{
    return (int64_t)(1000 * seconds);
}

static gedi_status write_experiment(const place *p, const gedi__run_log *l, gedi_err *err)
{
    gedi__text t = {0}, uri = {0};
    gedi__text_add(&uri, "file://%s/%s", p->root, p->experiment);
    add_quoted(&t, "artifact_location", uri.failed ? "" : uri.s);
    gedi__text_add(&t, "creation_time: %" PRId64 "\n", milliseconds(l->since));
    add_quoted(&t, "experiment_id", p->experiment);
    gedi__text_add(&t, "last_update_time: %" PRId64 "\nlifecycle_stage: active\n",
                   milliseconds(l->until));
    add_quoted(&t, "name", l->name);
    t.failed |= uri.failed;
    gedi__text_clear(&uri);
    return write_text(p, false, "", "meta.yaml", &t, err);
}

static gedi_status write_run(const place *p, const gedi__run_log *l, const char *title,
                             gedi_err *err)
{
    gedi__text t = {0}, uri = {0};
    gedi__text_add(&uri, "file://%s/%s/%s/artifacts", p->root, p->experiment, p->run);
    add_quoted(&t, "artifact_uri", uri.failed ? "" : uri.s);
    if (l->ending != GEDI__AT_WORK)
        gedi__text_add(&t, "end_time: %" PRId64 "\n", milliseconds(l->until));
    else
        gedi__text_add(&t, "end_time: null\n");
    add_quoted(&t, "entry_point_name", "");
    add_quoted(&t, "experiment_id", p->experiment);
    gedi__text_add(&t, "lifecycle_stage: active\n");
    add_quoted(&t, "run_id", p->run);
    add_quoted(&t, "run_name", title);
    add_quoted(&t, "run_uuid", p->run);
    add_quoted(&t, "source_name", "gedi");
    gedi__text_add(&t, "source_type: %d\n", LOCAL);
    add_quoted(&t, "source_version", "");
    gedi__text_add(&t, "start_time: %" PRId64 "\nstatus: %d\ntags: []\n",
                   milliseconds(l->since), status[l->ending]);
    add_quoted(&t, "user_id", "gedi");
    t.failed |= uri.failed;
    gedi__text_clear(&uri);
    return write_text(p, true, "", "meta.yaml", &t, err);
}

/* MLflow makes folders of the slashes in a metric's name. */
static gedi_status write_metric(const place *p, const char *name, gedi__text *t,
                                gedi_err *err)
{
    char folder[GEDI__SCHEDULE_NAME + 32];
    const char *slash = strchr(name, '/');
    if (!slash)
        return write_text(p, true, "metrics", name, t, err);
    snprintf(folder, sizeof folder, "metrics/%.*s", (int)(slash - name), name);
    return write_text(p, true, folder, slash + 1, t, err);
}

static gedi_status write_metrics(const place *p, const gedi__run_log *l, gedi_err *err)
{
    gedi_status s = GEDI_OK;
    for (int k = 0; !s && k < l->series; k++) {
        gedi__text t = {0};
        for (int64_t i = 0; i < l->metrics.n; i++)
            if (!isnan(l->one[k].value[i]))
                gedi__text_add(&t, "%" PRId64 " %.9g %" PRId64 "\n",
                               milliseconds(l->until), l->one[k].value[i],
                               l->metrics.iteration[i]);
        s = write_metric(p, l->one[k].name, &t, err);
    }
    for (int k = 0; !s && k < l->results; k++) {
        gedi__text t = {0};
        gedi__text_add(&t, "%" PRId64 " %s %" PRId64 "\n", milliseconds(l->until),
                       l->result[k].value, l->last);
        s = write_metric(p, l->result[k].name, &t, err);
    }
    return s;
}

static gedi_status write_pictures(const place *p, const gedi__run_log *l, gedi_err *err)
{
    gedi_status s = GEDI_OK;
    for (int i = 0; !s && i < l->pictures; i++) {
        char *data = NULL, name[GEDI__FILE_NAME + 8];
        size_t size;
        int width, height;
        s = gedi__run_log_picture(l, i, &data, &size, &width, &height, err);
        snprintf(name, sizeof name, "%s.png", l->picture[i]);
        if (!s)
            s = write_file(p, true, "artifacts", name, data, size, err);
        free(data);
    }
    return s;
}

gedi_status gedi__mlflow_write(const gedi__run_log *l, const char *title,
                               const char *root, gedi_err *err)
{
    place p;
    GEDI_TRY(gedi__folder_make(root, err));
    p.root = realpath(root, NULL);
    if (!p.root)
        return gedi_no_memory(err, "the path of %s", root);
    name_place(&p, l);
    gedi_status s = write_experiment(&p, l, err);
    for (int i = 0; !s && i < l->settings; i++)
        s = write_file(&p, true, "params", l->setting[i].name, l->setting[i].value,
                       strlen(l->setting[i].value), err);
    if (!s)
        s = write_metrics(&p, l, err);
    if (!s)
        s = write_file(&p, true, "tags", "mlflow.runName", title, strlen(title), err);
    if (!s)
        s = write_pictures(&p, l, err);
    if (!s) /* last: a run without it is none to MLflow */
        s = write_run(&p, l, title, err);
    free(p.root);
    return s;
}
