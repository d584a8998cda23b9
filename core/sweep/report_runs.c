/* report_runs.c - every run of a report: labels, numbers, what differs, its descriptor. */
#include "core/base/file.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/tree.h"
#include "core/plugin/option.h"
#include "core/run/run.h"
#include "core/store/folder.h"
#include "core/store/leased.h"
#include "core/store/metrics.h"
#include "core/store/summary.h"
#include "core/sweep/report_parts.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_DESCRIPTOR = 1 << 18 }; /* bytes of one that is shown */

/* ---- which lines of a descriptor are no defaults ---- */

typedef struct changes {
    const char *identity; /* lines "path: value", each begun by "\n" */
    json_t *line;         /* [numbers] */
    bool failed;
} changes;

/* Is it no component's option, and this its default? An identity tells the seed in any case. */
static bool is_default(changes *c, const char *path, const char *value)
{
    const gedi__key *key = gedi__key_of_path(path);
    const char *dot = strchr(path, '.');
    const gedi_option *o = NULL;
    if (key && key->options)
        o = gedi__option_find(key->options, dot ? dot + 1 : path);
    gedi__text usual = {0};
    if (!o)
        return false;
    gedi__option_emit_default(o, &usual);
    c->failed |= usual.failed;
    size_t n = strcspn(value, "\n");
    bool yes = usual.s && usual.len == n && !strncmp(usual.s, value, n);
    gedi__text_clear(&usual);
    return yes;
}

static bool is_changed(changes *c, const char *path)
{
    gedi__text key = {0};
    gedi__text_add(&key, "\n%s: ", path);
    c->failed |= key.failed;
    const char *line = key.s ? strstr(c->identity, key.s) : NULL;
    bool yes = line && !is_default(c, path, line + key.len);
    gedi__text_clear(&key);
    return yes;
}

/* A value: no component, and no list of some. */
static bool is_value(const gedi__tree *t)
{
    return t->kind == GEDI__SCALAR ||
           (t->kind == GEDI__LIST && (!t->child || t->child->kind == GEDI__SCALAR));
}

/* Walks a tree; the entries of `evaluate` have names in place of numbers, as an identity tells them. */
static void look(changes *c, const gedi__tree *t, const char *path, bool numbered)
{
    int i = 0;
    if (is_value(t) && *path && is_changed(c, path)) {
        json_t *last = json_array_get(c->line, json_array_size(c->line) - 1);
        if (!last || json_integer_value(last) != t->key_at.line)
            json_array_append_new(c->line, json_integer(t->key_at.line));
    }
    for (const gedi__tree *e = t->child; e; e = e->next, i++) {
        gedi__text own = {0};
        const char *dot = *path ? "." : "";
        if (t->kind == GEDI__MAP)
            gedi__text_add(&own, "%s%s%s", path, dot, e->key);
        else if (numbered)
            gedi__text_add(&own, "%s%s%d", path, dot, i);
        else
            gedi__text_add(&own, "%s", path);
        c->failed |= own.failed;
        if (own.s)
            look(c, e, own.s, strcmp(own.s, "evaluate") != 0);
        gedi__text_clear(&own);
    }
}

static json_t *changed_lines(const char *descriptor, const char *identity, bool *failed)
{
    gedi__arena arena = {0};
    gedi__mistakes m = {0};
    gedi__tree *root = NULL;
    changes c = {.identity = identity, .line = json_array()};
    gedi_status s =
        gedi__tree_parse(descriptor, strlen(descriptor), "", true, &arena, &m, &root);
    if (!s && root)
        look(&c, root, "", true);
    gedi__text_clear(&m.text);
    gedi__arena_clear(&arena);
    *failed |= s == GEDI_NOMEM || c.failed;
    return c.line;
}

/* "\n" and a line each of what training and evaluation depend on; options that are their defaults have none. */
static void settings_of(const json_t *summary, gedi__text *out)
{
    static const char *const of[] = {"identity", "made"};
    const json_t *v;
    size_t i;
    for (int k = 0; k < 2; k++)
        json_array_foreach(json_object_get(summary, of[k]), i, v)
        {
            gedi__text_add(out, "\n");
            for (const char *c = json_string_value(v); c && *c; c++)
                if (c[0] == ';' && c[1] == ' ' && k == 1) {
                    gedi__text_add(out, "\n");
                    c++;
                } else {
                    gedi__text_add(out, "%c", *c);
                }
        }
}

static void add_descriptor(const gedi__result *r, json_t *o, bool *failed)
{
    gedi__text settings = {0};
    char *path = gedi__store_path(r->folder, GEDI__FILE_DESCRIPTOR, NULL), *text = NULL;
    size_t size;
    *failed |= !path;
    settings_of(r->summary, &settings);
    *failed |= settings.failed;
    if (path && !gedi__file_read_most(path, MOST_DESCRIPTOR, &text, &size, NULL)) {
        json_object_set_new(o, "descriptor", gedi__report_lines(text));
        json_object_set_new(o, "changed",
                            changed_lines(text, settings.s ? settings.s : "", failed));
    }
    gedi__text_clear(&settings);
    free(text);
    free(path);
}

/* ---- numbers ---- */

/* The paths of all runs, in the order in which they come. */
static gedi_status collect_paths(gedi__study *s, json_t *index, json_t *paths,
                                 gedi_err *err)
{
    for (int i = 0; i < s->results; i++) {
        gedi__text lines = {0};
        if (!s->result[i].summary)
            continue;
        gedi__summary_paths(s->result[i].summary, &lines);
        if (lines.failed)
            return gedi_no_memory(err, "the numbers of %s", s->result[i].folder);
        for (char *l = lines.s, *next; l && *l; l = next) {
            next = l + strcspn(l, "\n");
            next += *next ? (*next = 0, 1) : 0;
            if (json_object_get(index, l) ||
                gedi__summary_is_end(s->result[i].summary, l))
                continue;
            json_t *o = json_object();
            const char *how = gedi__summary_definition(s->result[i].summary, l);
            json_object_set_new(o, "path", gedi__report_word(l));
            json_object_set_new(o, "better",
                                json_string(gedi__direction_word(
                                    gedi__summary_direction(s->result[i].summary, l))));
            if (how)
                json_object_set_new(o, "definition", gedi__report_word(how));
            json_object_set_new(index, l, json_true());
            json_array_append_new(paths, o);
        }
        gedi__text_clear(&lines);
    }
    return GEDI_OK;
}

static json_t *values_of(const gedi__result *r, const json_t *paths)
{
    json_t *out = json_array();
    const json_t *o;
    size_t i;
    json_array_foreach(paths, i, o)
    {
        double x;
        const char *path = json_string_value(json_object_get(o, "path"));
        bool has = r->summary && path && gedi__summary_value(r->summary, path, &x);
        json_array_append_new(out, has && isfinite(x) ? json_real(x) : json_null());
    }
    return out;
}

/* {place among the paths: definition}, where it is not that of the first run. */
static json_t *made_of(const gedi__result *r, const json_t *paths)
{
    json_t *out = json_object();
    const json_t *o;
    size_t i;
    json_array_foreach(paths, i, o)
    {
        char place[24];
        const char *path = json_string_value(json_object_get(o, "path"));
        const char *usual = json_string_value(json_object_get(o, "definition"));
        const char *own =
            r->summary && path ? gedi__summary_definition(r->summary, path) : NULL;
        if (!own || !usual || !strcmp(own, usual))
            continue;
        snprintf(place, sizeof place, "%zu", i);
        json_object_set_new(out, place, gedi__report_word(own));
    }
    return out;
}

/* ---- a run ---- */

/* Nobody is at work on it: not here, and nobody of another host has left a lease, which locks need not tell. */
static bool is_stopped(const gedi__result *r)
{
    bool others;
    return gedi__run_is_idle(r->folder) && !gedi__lease_newest(r->folder, 0, 0, &others);
}

static const char *state_of(const gedi__result *r, int64_t iteration)
{
    bool started =
        r->underway || (r->state == GEDI__MISSING && !r->left && iteration > 0);
    return started                      ? is_stopped(r) ? "stopped" : "started"
           : r->state == GEDI__FINISHED ? "finished"
           : r->state == GEDI__FAILED   ? "failed"
           : r->left                    ? "left"
                                        : "to do";
}

/* Of a run whose experiment another one is too: which, and which of them counts, as in tables: who got furthest. */
static void add_experiment(const gedi__study *s, const gedi__result *r, json_t *o)
{
    bool again = false;
    for (int i = 0; i < s->results && !again; i++)
        again = &s->result[i] != r && gedi__study_same(&s->result[i], r);
    if (!again)
        return;
    json_object_set_new(o, "experiment", gedi__report_word(r->hash));
    json_object_set_new(o, "came", json_integer(r->state));
}

static json_t *failures_of(const gedi__result *r)
{
    json_t *out = json_array();
    const char *failure;
    for (int i = 0; (failure = gedi__summary_failure(r->summary, i)); i++)
        json_array_append_new(out, gedi__report_word(failure));
    return out;
}

/* What made it: gedi, machine, time. Borrowed from the summary. */
static void add_versions(const gedi__result *r, json_t *o)
{
    static const char *const key[] = {"gedi", "commit", "components", "host", "time"};
    for (int i = 0; i < 5; i++) {
        json_t *v = json_object_get(r->summary, key[i]);
        if (v)
            json_object_set(o, key[i], v);
    }
}

static void add_reason(json_t *o, const char *key, gedi__text *why, bool *failed)
{
    if (why->len)
        json_object_set_new(o, key, gedi__report_word(why->s));
    *failed |= why->failed;
    gedi__text_clear(why);
}

/* Why numbers and figures of a run that ended are missing. */
static void add_missing(const gedi__result *r, json_t *o, bool *failed)
{
    gedi__text numbers = {0}, figures = {0};
    gedi__summary_unevaluated(r->summary, NULL, &numbers);
    gedi__summary_undrawn(r->summary, &figures);
    add_reason(o, "missing", &numbers, failed);
    add_reason(o, "undrawn", &figures, failed);
}

static gedi_status add_run(gedi__study *s, int i, const char *const *axes,
                           const json_t *paths, json_t *runs, gedi_err *err)
{
    const gedi__result *r = &s->result[i];
    const char *label;
    bool failed = false;
    bool ended = r->summary && !r->underway;
    int64_t iteration = ended ? 0 : gedi__metrics_last(r->folder);
    double evaluated; /* at a checkpoint, which may be later than the last record */
    if (r->underway &&
        gedi__summary_value(r->summary, "interrupted.iteration", &evaluated))
        iteration = (int64_t)fmax((double)iteration, evaluated);
    json_t *o = json_object(), *labels = json_array();
    json_array_append_new(runs, o);
    json_object_set_new(o, "title", gedi__report_word(r->title));
    json_object_set_new(o, "folder", gedi__report_word(r->folder));
    json_object_set_new(o, "state", json_string(state_of(r, iteration)));
    add_experiment(s, r, o);
    if (iteration > 0)
        json_object_set_new(o, "iteration", json_integer(iteration));
    if (r->reason)
        json_object_set_new(o, "reason", gedi__report_word(r->reason));
    add_missing(r, o, &failed);
    for (int a = 0; axes[a]; a++) {
        failed |= gedi__study_label(s, i, axes[a], &label) != GEDI_OK;
        json_array_append_new(labels, failed ? NULL : gedi__report_word(label));
    }
    json_object_set_new(o, "labels", labels);
    json_object_set_new(o, "values", values_of(r, paths));
    json_object_set_new(o, "made", made_of(r, paths));
    json_object_set_new(o, "failures", failures_of(r));
    add_versions(r, o);
    add_descriptor(r, o, &failed);
    return failed ? gedi_no_memory(err, "%s", r->folder) : GEDI_OK;
}

gedi_status gedi__report_runs(gedi__study *s, const char *const *axes, json_t *root,
                              gedi_err *err)
{
    json_t *index = json_object(), *paths = json_array(), *runs = json_array();
    json_object_set_new(root, "paths", paths);
    json_object_set_new(root, "runs", runs);
    gedi_status status = collect_paths(s, index, paths, err);
    for (int i = 0; i < s->results && !status; i++)
        status = add_run(s, i, axes, paths, runs, err);
    if (!status)
        gedi__report_differs(s, runs);
    json_decref(index);
    return status;
}
