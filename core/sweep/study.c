/* study.c - the runs of a sweep as they lie on disk. */
#include "core/sweep/study.h"
#include "core/base/file.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/later.h"
#include "core/store/summary.h"
#include "core/sweep/label.h"
#include "core/sweep/points.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- one run ---- */

/* Cuts `text` before its last line, and gives that. */
static char *cut_line(char *text)
{
    size_t n = strlen(text);
    while (n && strchr("\r\n ", text[n - 1]))
        text[--n] = 0;
    char *line = strrchr(text, '\n');
    if (!line)
        return text;
    *line = 0;
    return line + 1;
}

static const char *without_name(const char *line)
{
    return strncmp(line, "gedi: ", 6) ? line : line + 6;
}

const char *gedi__last_line(char *text)
{
    int mistakes, end = 0;
    const char *last = cut_line(text), *line = without_name(last);
    /* "2 mistakes": the line before says which. */
    bool counts = sscanf(line, "%d mistake%n", &mistakes, &end) == 1 && end;
    return counts && last != text ? without_name(cut_line(text)) : line;
}

void gedi__add_continued(const char *folder, gedi__text *out)
{
    int64_t iteration;
    gedi__text folders = {0};
    gedi_status s = gedi__divergence_read(folder, &iteration, NULL, &folders, NULL);
    if (folders.len)
        gedi__text_add(out, "; gone on in %s", folders.s);
    out->failed |= s == GEDI_NOMEM;
    gedi__text_clear(&folders);
}

gedi_status gedi__last_words(const char *folder, bool *failed, gedi__text *out)
{
    char *text = NULL, *path = gedi__store_path(folder, GEDI__FILE_ERROR, NULL);
    int64_t diverged = -1;
    size_t size;
    gedi__text why = {0};
    gedi_status s = path ? GEDI_OK : GEDI_NOMEM;
    if (path && gedi__file_exists(path) && !gedi__file_read(path, &text, &size, NULL))
        gedi__text_add(out, "%s", gedi__last_line(text));
    if (!s)
        s = gedi__divergence_read(folder, &diverged, &why, NULL, NULL);
    *failed = text || diverged >= 0;
    if (diverged >= 0 && !out->len)
        gedi__text_add(out, "%s", why.len ? why.s : "it has diverged");
    if (*failed)
        gedi__add_continued(folder, out);
    gedi__text_clear(&why);
    free(text);
    free(path);
    return out->failed || s == GEDI_NOMEM ? GEDI_NOMEM : GEDI_OK;
}

static gedi_status see_failure(gedi__study *s, gedi__result *r)
{
    bool failed;
    gedi__text reason = {0};
    gedi_status status = gedi__last_words(r->folder, &failed, &reason);
    if (!status && failed) {
        r->state = GEDI__FAILED;
        r->reason = gedi__arena_text(&s->arena, reason.s ? reason.s : "");
        status = r->reason ? GEDI_OK : GEDI_NOMEM;
    }
    gedi__text_clear(&reason);
    return status;
}

static gedi_status look(gedi__study *s, gedi__result *r)
{
    gedi_err err = {0};
    gedi_status status = GEDI_OK;
    char *summary = gedi__store_path(r->folder, GEDI__FILE_SUMMARY, NULL);
    if (!summary) {
        status = GEDI_NOMEM;
    } else if (!gedi__file_exists(summary)) {
        status = see_failure(s, r);
        if (!status && r->state == GEDI__MISSING) {
            status = gedi__later_add(r->folder, &r->summary, NULL);
            r->underway = r->summary != NULL;
            r->state = r->summary ? GEDI__FINISHED : r->state;
        }
    } else if (!gedi__summary_read(summary, &r->summary, &err)) {
        r->state = GEDI__FINISHED;
        status = gedi__later_add(r->folder, &r->summary, NULL);
    } else {
        r->state = GEDI__FAILED;
        r->reason = gedi__arena_text(&s->arena, err.msg);
        status = r->reason ? GEDI_OK : GEDI_NOMEM;
    }
    free(summary);
    return status;
}

/* Does the descriptor, which is another text, still state that experiment? Comments, threads and
 * folders may change, and plugins be rebuilt. Of an evaluation no identity is kept (NULL): there it
 * must be the very text. */
static gedi_status check_changed(const char *path, const char *then, gedi_err *err)
{
    gedi__text now = {0}, what = {0};
    if (!then)
        return GEDI_FAIL(err, GEDI_STATE,
                         "%s: changed since the evaluation was made: restore it, or "
                         "evaluate once more",
                         path);
    gedi_status s = gedi__identity_read(path, &now, err);
    if (s == GEDI_DESCRIPTOR) {
        gedi__text_add(&what, "it cannot be read: `gedi check` says why");
        s = GEDI_OK;
    } else if (!s && !gedi__identity_same(then, now.s) &&
               !gedi__identity_rebuilt(then, now.s)) {
        gedi__identity_changes(then, now.s, &what);
    }
    if (!s && what.failed)
        s = gedi_no_memory(err, "%s", path);
    else if (!s && what.len)
        s = GEDI_FAIL(err, GEDI_STATE,
                      "%s: changed since the run ended (%.300s): restore it, or start a "
                      "new run from it",
                      path, what.s);
    gedi__text_clear(&now);
    gedi__text_clear(&what);
    return s;
}

/* Whether the descriptor, which tells the run's labels, is the one that the summary was made with, and,
 * where `naming`, the name that the folder of a sweep's point has. A run that is not finished has no identity yet:
 * named twice it is still one, by its descriptor. */
static gedi_status identify(gedi__result *r, bool naming, gedi_err *err)
{
    gedi__text identity = {0};
    char *path = gedi__store_path(r->folder, GEDI__FILE_DESCRIPTOR, err), *text = NULL;
    size_t size;
    gedi_status s = path ? gedi__file_read(path, &text, &size, NULL) : GEDI_NOMEM;
    gedi__identity_kept(r->summary, &identity);
    bool kept = identity.len;
    if (s) /* a run without one has no labels */
        s = s == GEDI_NOMEM ? gedi_no_memory(err, "%s", r->folder) : GEDI_OK;
    else if (!r->summary)
        gedi__text_add(&identity, "%s", text);
    else if (gedi__summary_other_descriptor(r->summary, text))
        s = check_changed(path, kept ? identity.s : NULL, err);
    if (naming && identity.len)
        gedi__identity_hash(identity.s, r->hash);
    if (!s && identity.failed)
        s = gedi_no_memory(err, "%s", r->folder);
    gedi__text_clear(&identity);
    free(path);
    free(text);
    return s;
}

/* The numbers of a point must be its own: of another's summary, or a descriptor that has been changed,
 * only the sweep knows what to make. */
static gedi_status check_point(gedi__study *s, gedi__result *r)
{
    gedi_err why = {0};
    gedi_status status = identify(r, false, &why);
    if (status == GEDI_NOMEM || status == GEDI_OK)
        return status;
    r->state = GEDI__FAILED;
    r->reason = gedi__arena_text(&s->arena, why.msg);
    return r->reason ? GEDI_OK : GEDI_NOMEM;
}

/* Takes the folder over, frees it. `hash` is NULL where the summary is to tell. */
static gedi_status add_run(gedi__study *s, char *folder, const char *title,
                           const char *hash, json_t *labels, gedi_err *err)
{
    if (folder && s->results == s->room) {
        int room = s->room ? 2 * s->room : 64;
        gedi__result *more = realloc(s->result, (size_t)room * sizeof *more);
        if (more) {
            s->result = more;
            s->room = room;
        }
    }
    gedi_status status = GEDI_NOMEM, identified = GEDI_OK;
    if (folder && s->results < s->room) {
        gedi__result *r = &s->result[s->results];
        *r = (gedi__result){.labels = labels};
        r->folder = gedi__arena_text(&s->arena, folder);
        r->title = gedi__arena_text(&s->arena, title);
        if (r->folder && r->title) {
            snprintf(r->hash, sizeof r->hash, "%s", hash ? hash : "");
            status = look(s, r);
            if (!status && !hash)
                identified = identify(r, true, err);
            else if (!status && r->state == GEDI__FINISHED)
                status = check_point(s, r);
            s->results++;
        }
    }
    free(folder);
    return status ? gedi_no_memory(err, "%s", title) : identified;
}

/* ---- a sweep's directory ---- */

static gedi_status add_shows(gedi__study *s, const json_t *root, gedi_err *err)
{
    int n = gedi__points_shows(root);
    gedi__show *all = gedi__arena_alloc(&s->arena, (size_t)(s->shows + n) * sizeof *all);
    if (!all)
        return gedi_no_memory(err, "what the sweep shows");
    for (int i = 0; i < s->shows; i++)
        all[i] = s->show[i];
    s->show = all;
    for (int i = 0; i < n; i++)
        GEDI_TRY(gedi__points_show(root, i, &s->arena, &s->show[s->shows++], err));
    return GEDI_OK;
}

static gedi_status add_points(gedi__study *s, const char *directory, gedi_err *err)
{
    json_t **more = realloc(s->document, (size_t)(s->documents + 1) * sizeof(json_t *));
    if (!more)
        return gedi_no_memory(err, "%s", directory);
    json_t *root;
    gedi__stored_point p;
    s->document = more;
    GEDI_TRY(gedi__points_read(directory, &root, err));
    s->document[s->documents++] = root;
    GEDI_TRY(add_shows(s, root, err));
    for (int i = 0; gedi__points_at(root, i, &p); i++) {
        if (strlen(p.hash) != GEDI__HASH || strchr(p.hash, '/'))
            return GEDI_FAIL(err, GEDI_DATA,
                             "%s/%s: point %d has no hash: run the sweep again",
                             directory, gedi__store_name(GEDI__FILE_POINTS), i);
        char *folder = gedi__store_point(directory, p.hash, err);
        GEDI_TRY(add_run(s, folder, p.title, p.hash, p.labels, err));
        gedi__result *r = &s->result[s->results - 1];
        r->left = p.left;
        r->document = s->documents;
        if (r->left && r->underway) { /* it stays so, whatever evaluates it later */
            json_decref(r->summary);
            r->summary = NULL;
            r->underway = false;
            r->state = GEDI__MISSING;
        }
        if (p.refused) {
            r->state = GEDI__FAILED;
            r->reason = p.refused;
        }
    }
    return GEDI_OK;
}

/* ---- a directory of runs ---- */

/* A run, or an evaluation: that is laid out as one. What cannot be understood is neither. */
static bool is_run(const char *folder)
{
    gedi__folder_kind kind;
    return !gedi__store_kind(folder, &kind, NULL) &&
           (kind == GEDI__FOLDER_RUN || kind == GEDI__FOLDER_EVALUATION);
}

static int is_visible(const struct dirent *e)
{
    return *e->d_name != '.';
}

static gedi_status add_folders(gedi__study *s, const char *directory, gedi_err *err)
{
    struct dirent **entry = NULL;
    int n = scandir(directory, &entry, is_visible, versionsort), before = s->results;
    gedi_status status = GEDI_OK;
    for (int i = 0; i < n; i++) {
        char *folder = gedi__path_join(directory, entry[i]->d_name);
        if (!status && folder && is_run(folder))
            status = add_run(s, folder, entry[i]->d_name, NULL, NULL, err);
        else
            free(folder);
        free(entry[i]);
    }
    free(entry);
    if (!status && s->results == before)
        status =
            GEDI_FAIL(err, GEDI_STATE,
                      "%s is neither a sweep nor a run, and holds no runs: %s, which "
                      "says what a folder is, is missing",
                      directory, gedi__store_name(GEDI__FILE_MARK));
    return status;
}

int gedi__study_others(const gedi__plan *p, const char *directory)
{
    struct dirent **entry = NULL;
    char *runs = gedi__store_path(directory, GEDI__FILE_RUNS, NULL);
    int n = runs ? scandir(runs, &entry, is_visible, versionsort) : 0, others = 0;
    bool failed = !runs;
    for (int i = 0; i < n; i++) {
        int k = 0;
        while (k < p->points && strcmp(p->point[k].hash, entry[i]->d_name))
            k++;
        char *run = gedi__path_join(runs, entry[i]->d_name);
        failed |= !run;
        others += k == p->points && run && gedi__store_has(run, GEDI__FILE_SUMMARY);
        free(run);
        free(entry[i]);
    }
    free(entry);
    free(runs);
    return failed ? -1 : others;
}

gedi_status gedi__study_add(gedi__study *s, const char *directory, gedi_err *err)
{
    gedi__folder_kind kind;
    GEDI_TRY(gedi__store_kind(directory, &kind, err));
    if (kind == GEDI__FOLDER_SWEEP)
        return add_points(s, directory, err);
    if (kind == GEDI__FOLDER_OTHER)
        return add_folders(s, directory, err);
    return add_run(s, strdup(directory), directory, NULL, NULL, err);
}

void gedi__study_clear(gedi__study *s)
{
    for (int i = 0; i < s->results; i++)
        json_decref(s->result[i].summary);
    for (int i = 0; i < s->documents; i++)
        json_decref(s->document[i]);
    free(s->result);
    free(s->document);
    gedi__arena_clear(&s->arena);
    memset(s, 0, sizeof *s);
}
