/* verify.c - is what lies in a run's folder what was written? */
#include "core/run/verify.h"
#include "core/run/run.h"
#include "core/base/file.h"
#include "core/descriptor/experiment.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/identity.h"
#include "core/store/later.h"
#include "core/train/checkpoint.h"
#include "core/store/metrics.h"
#include "core/store/safetensors.h"
#include "core/store/summary.h"
#include "core/train/stored.h"

#include <dirent.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void gedi__verdict_add(gedi__verdict *v, const char *fmt, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(line, sizeof line, fmt, ap);
    va_end(ap);
    gedi__text_add(&v->damage, "%s\n", line);
    v->damages++;
}

void gedi__verdict_clear(gedi__verdict *v)
{
    gedi__text_clear(&v->damage);
    memset(v, 0, sizeof *v);
}

/* Takes a failure for damage, but for want of memory. */
static gedi_status judge(gedi_status s, const gedi_err *why, gedi__verdict *v,
                         gedi_err *err)
{
    if (s == GEDI_NOMEM)
        return GEDI_FAIL(err, s, "%s", why->msg);
    if (s != GEDI_OK)
        gedi__verdict_add(v, "%s", why->msg);
    return GEDI_OK;
}

/* NULL where it has mistakes: then the verdict says so. */
static gedi_status read_descriptor(const char *folder, gedi__experiment **e,
                                   gedi__verdict *v, gedi_err *err)
{
    gedi__mistakes m = {0};
    gedi_err why = {0};
    char *path = gedi__store_path(folder, GEDI__FILE_DESCRIPTOR, err);
    *e = NULL;
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = gedi__stored_read(path, NULL, 0, e, &m, &why);
    if (s == GEDI_DESCRIPTOR && m.text.s) {
        for (const char *l = m.text.s; *l; l += strcspn(l, "\n"), l += *l == '\n')
            gedi__verdict_add(v, "%.*s", (int)strcspn(l, "\n"), l);
        s = GEDI_OK;
    } else {
        s = judge(s, &why, v, err);
    }
    gedi__text_clear(&m.text);
    free(path);
    return s;
}

/* *iteration: where it stands; -1 where there is none, or a damaged one. *lines: of the log then. */
static gedi_status verify_checkpoint(const gedi__experiment *e, const char *folder,
                                     gedi__store_file f, const gedi__text *identity,
                                     int64_t *iteration, int64_t *lines, gedi__verdict *v,
                                     gedi_err *err)
{
    gedi_err why = {0};
    gedi__tensors *t = NULL;
    *iteration = *lines = -1;
    if (!gedi__store_has(folder, f))
        return GEDI_OK;
    char *path = gedi__store_path(folder, f, err);
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = judge(gedi__tensors_read_sealed(path, f, &t, &why), &why, v, err);
    const char *of = t ? gedi__tensors_meta(t, GEDI__IDENTITY) : NULL;
    const char *at = t ? gedi__tensors_meta(t, "iteration") : NULL;
    if (of && at)
        *iteration = strtoll(at, NULL, 10);
    *lines = t ? gedi__checkpoint_lines(t) : -1;
    if (t && gedi__checkpoint_check(t, e, path, identity->s ? identity->s : "", &why))
        gedi__verdict_add(v, "%s", why.msg);
    gedi__tensors_free(t);
    free(path);
    return s;
}

static gedi_status verify_log(const char *folder, const gedi__experiment *e,
                              int64_t iteration, int64_t lines, gedi__verdict *v,
                              gedi_err *err)
{
    gedi_err why = {0};
    int64_t kept = 0, want = lines < 0 ? gedi__metrics_expected(e, iteration) : lines;
    char *path = gedi__store_path(folder, GEDI__FILE_METRICS, err);
    if (!path)
        return GEDI_NOMEM;
    gedi_status s =
        judge(gedi__metrics_count(path, iteration, &kept, &why), &why, v, err);
    if (s == GEDI_OK && !why.code && kept != want)
        gedi__verdict_add(
            v, "%s: %lld of %lld lines up to iteration %lld are damaged or lost", path,
            (long long)(want - kept), (long long)want, (long long)iteration);
    free(path);
    return s;
}

static gedi_status verify_summary(const char *folder, gedi__verdict *v, gedi_err *err)
{
    gedi_err why = {0};
    json_t *o = NULL;
    char *path = gedi__store_path(folder, GEDI__FILE_SUMMARY, err);
    if (!path)
        return GEDI_NOMEM;
    gedi_status s = judge(gedi__summary_read(path, &o, &why), &why, v, err);
    json_decref(o);
    free(path);
    return s;
}

/* Numbers and figures that were not made are no damage, but are missing. Of an evaluation only another has them. */
static gedi_status note_missing(const char *folder, bool run, gedi__verdict *v,
                                gedi_err *err)
{
    json_t *o = NULL;
    gedi__text numbers = {0}, figures = {0};
    char *path = gedi__store_path(folder, GEDI__FILE_SUMMARY, err);
    gedi_status s = path ? GEDI_OK : GEDI_NOMEM;
    if (path && !gedi__summary_read(path, &o, NULL) && run) /* a damaged one is told of */
        s = gedi__later_add(folder, &o, err);
    if (s == GEDI_OK) {
        gedi__summary_unevaluated(o, NULL, &numbers);
        gedi__summary_undrawn(o, &figures);
    }
    if (numbers.len)
        gedi__text_add(&v->damage, "%s: numbers are missing: %s", folder, numbers.s);
    if (numbers.len && run)
        gedi__text_add(&v->damage, "; `gedi resume %s` asks again", folder);
    if (figures.len)
        gedi__text_add(&v->damage, "%s%s: figures are missing: %s",
                       numbers.len ? "\n" : "", folder, figures.s);
    if (figures.len && run)
        gedi__text_add(&v->damage, "; `gedi resume %s` draws them", folder);
    if (numbers.len || figures.len)
        gedi__text_add(&v->damage, "\n");
    if (numbers.failed || figures.failed)
        s = gedi_no_memory(err, "%s", folder);
    gedi__text_clear(&numbers);
    gedi__text_clear(&figures);
    json_decref(o);
    free(path);
    return s;
}

static gedi_status verify_divergence(const char *folder, gedi__verdict *v, gedi_err *err)
{
    gedi_err why = {0};
    int64_t iteration;
    return judge(gedi__divergence_read(folder, &iteration, NULL, NULL, &why), &why, v,
                 err);
}

static gedi_status verify_training(const char *folder, const gedi__experiment *e,
                                   gedi__verdict *v, gedi_err *err)
{
    gedi__text identity = {0};
    int64_t newest, before, lines, lines_before;
    gedi_status s = gedi__identity_text(e, &identity, err);
    if (s == GEDI_OK)
        s = verify_checkpoint(e, folder, GEDI__FILE_CHECKPOINT, &identity, &newest,
                              &lines, v, err);
    if (s == GEDI_OK)
        s = verify_checkpoint(e, folder, GEDI__FILE_PREVIOUS, &identity, &before,
                              &lines_before, v, err);
    if (s == GEDI_OK)
        s = verify_checkpoint(e, folder, GEDI__FILE_BEST, &identity, &before,
                              &lines_before, v, err);
    gedi__text_clear(&identity);
    if (s == GEDI_OK && newest >= 0)
        s = verify_log(folder, e, newest, lines, v, err);
    return s;
}

gedi_status gedi__verify_evaluation(const char *folder, gedi__verdict *v, gedi_err *err)
{
    v->evaluations++;
    if (gedi__store_has(folder, GEDI__FILE_SUMMARY)) {
        GEDI_TRY(verify_summary(folder, v, err));
        return note_missing(folder, false, v, err);
    }
    int lock;
    if (gedi__run_lock(folder, &lock, NULL) == GEDI_OK) /* nobody is at work on it */
        gedi__verdict_add(v,
                          "%s: the evaluation was not finished: the next `gedi evaluate` "
                          "of its run takes the folder, or remove it",
                          folder);
    if (lock >= 0)
        close(lock);
    return GEDI_OK;
}

static gedi_status verify_evaluations(const char *folder, gedi__verdict *v, gedi_err *err)
{
    struct dirent **entry = NULL;
    int n = scandir(folder, &entry, gedi__store_is_evaluation, versionsort);
    gedi_status s = GEDI_OK;
    for (int i = 0; i < n; i++) {
        char *path = s ? NULL : gedi__path_join(folder, entry[i]->d_name);
        if (path)
            s = gedi__verify_evaluation(path, v, err);
        else if (!s)
            s = gedi_no_memory(err, "%s", folder);
        free(path);
        free(entry[i]);
    }
    free(entry);
    return s;
}

gedi_status gedi__verify_run(const char *folder, gedi__verdict *v, gedi_err *err)
{
    gedi__experiment *e;
    GEDI_TRY(read_descriptor(folder, &e, v, err));
    gedi_status s = e ? verify_training(folder, e, v, err) : GEDI_OK;
    if (s == GEDI_OK)
        s = verify_divergence(folder, v, err);
    gedi__experiment_free(e);
    bool finished = gedi__store_has(folder, GEDI__FILE_SUMMARY);
    v->finished += finished;
    v->unfinished += !finished;
    if (s == GEDI_OK && finished) {
        s = verify_summary(folder, v, err);
        if (s == GEDI_OK)
            s = note_missing(folder, true, v, err);
        if (!gedi__store_has(folder, GEDI__FILE_CHECKPOINT))
            gedi__verdict_add(v, "%s: it is finished, but %s is missing", folder,
                              gedi__store_name(GEDI__FILE_CHECKPOINT));
    }
    return s == GEDI_OK ? verify_evaluations(folder, v, err) : s;
}
