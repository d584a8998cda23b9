/* plan_shows.c - do the points of a sweep have what it is to show, and to search for? */
#include "core/evaluate/findings.h"
#include "core/store/summary.h"
#include "core/sweep/plan_parts.h"
#include "core/sweep/label.h"
#include "core/sweep/logs.h"

#include <stdio.h>
#include <string.h>

/* The label of point i for an axis or a path of its descriptor; *out is empty if it has
 * none. */
static gedi_status label_of(gedi__planner *q, int i, const char *name, gedi__text *out)
{
    const char *label = gedi__plan_label(q->p, i, name);
    if (!label)
        return gedi__descriptor_label(q->p->point[i].resolved, name, out);
    gedi__text_add(out, "%s", label);
    return out->failed ? GEDI_NOMEM : GEDI_OK;
}

/* Does a point have that name, and that label, or any where it is NULL? */
static gedi_status exists(gedi__planner *q, const char *name, const char *label,
                          bool *yes)
{
    *yes = false;
    for (int i = 0; i < q->p->points && !*yes; i++) {
        gedi__text t = {0};
        gedi_status s = label_of(q, i, name, &t);
        *yes = t.len && (!label || !strcmp(t.s, label));
        gedi__text_clear(&t);
        if (s)
            return s;
    }
    return GEDI_OK;
}

static void say_no_name(gedi__planner *q, const gedi__show *w, const char *what,
                        const char *name)
{
    const char *legal[32];
    int n = 0;
    for (int a = 0; a < q->p->sweep->axes; a++)
        for (int k = 0; k < q->p->sweep->axis[a].names && n < 32; k++)
            legal[n++] = q->p->sweep->axis[a].name[k];
    const char *near = gedi__text_nearest(name, legal, n);
    gedi__mistake(q->m, w->at,
                  "%s: %s: '%.64s' is neither an axis of the sweep nor a path of its "
                  "descriptors%s%s%s",
                  gedi__show_key(w->kind), what, name, near ? ": did you mean '" : "",
                  near ? near : "", near ? "'?" : "");
}

static gedi_status check_name(gedi__planner *q, const gedi__show *w, const char *what,
                              const char *name)
{
    bool yes = true;
    if (*name)
        GEDI_TRY(exists(q, name, NULL, &yes));
    if (!yes)
        say_no_name(q, w, what, name);
    return GEDI_OK;
}

/* ---- the numbers that are shown ---- */

#define REPORTED "evaluation."

typedef struct asked_for { /* a path, and what names it in a message */
    gedi__place at;
    const char *what, *path;
} asked_for;

static void say_not_there(gedi__planner *q, const asked_for *a, const char *why,
                          const char *near)
{
    gedi__mistake(q->m, a->at, "%s: %.100s: %s%s%s%s", a->what, a->path, why,
                  near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
}

/* A path below evaluation.NAME needs that evaluator, and a metric of it. */
static void check_reported(gedi__planner *q, const asked_for *a)
{
    const char *legal[256], *name[GEDI__MOST_EVALUATORS];
    const char *path = a->path + sizeof REPORTED - 1, *plugin = NULL, *called = NULL,
               *names = NULL;
    size_t length = strcspn(path, ".");
    const char *metric = path + length + (path[length] == '.');
    int n = 0;
    char own[64], near[160], why[384];
    for (int i = 0; i < q->evaluators; i++) {
        const gedi__asked *v = &q->evaluator[i];
        name[i] = v->name;
        if (strlen(v->name) != length || strncmp(v->name, path, length))
            continue;
        if (gedi__metric_find(v->metric, metric))
            return;
        plugin = v->plugin;
        called = v->name;
        names = v->names;
        for (const gedi_metric *m = v->metric; m->name && n < 256; m++)
            if (!strchr(m->name, '*'))
                legal[n++] = m->name;
    }
    snprintf(own, sizeof own, "%.*s", (int)length, path);
    const char *meant = plugin ? gedi__text_nearest(metric, legal, n)
                               : gedi__text_nearest(own, name, q->evaluators);
    if (!plugin && meant)
        gedi__mistake(q->m, a->at,
                      "%s: no point has the evaluator '%s': did you mean '%s'?", a->what,
                      own, meant);
    else if (!plugin)
        gedi__mistake(q->m, a->at,
                      "%s: no point has the evaluator '%s': name it in `evaluate:`, too",
                      a->what, own);
    else {
        int at = snprintf(why, sizeof why, "%s has no such metric", called);
        if (meant)
            snprintf(near, sizeof near, REPORTED "%s.%s", called, meant);
        else
            snprintf(why + at, sizeof why - (size_t)at,
                     ": `gedi describe evaluator/%s` lists them%s%.160s", plugin,
                     names ? "; * is one of " : "",
                     !names   ? ""
                     : *names ? names
                              : "none");
        say_not_there(q, a, why, meant ? near : NULL);
    }
}

/* "clustering.nmi" and "nmi" are evaluation.clustering.nmi; false where no evaluator has such a metric. */
static bool complete(const gedi__planner *q, const char *path, char *out, size_t size)
{
    for (int i = 0; i < q->evaluators; i++) {
        const gedi__asked *v = &q->evaluator[i];
        size_t n = strlen(v->name);
        bool named = !strncmp(path, v->name, n) && path[n] == '.';
        const char *metric = named ? path + n + 1 : path;
        for (const gedi_metric *m = v->metric; m->name; m++)
            if (named ? gedi__metric_find(m, metric) != NULL : !strcmp(m->name, metric)) {
                snprintf(out, size, REPORTED "%s.%s", v->name, metric);
                return true;
            }
    }
    return false;
}

/* A path in a summary begins with a key of it. Which terms there are only a run knows. */
static void check_value(gedi__planner *q, gedi__place at, const char *what,
                        const char *path)
{
    const asked_for a = {at, what, path};
    char root[64], near[160];
    size_t n = strcspn(path, ".");
    int keys = 0;
    if (!*path)
        return;
    if (!strncmp(path, REPORTED, sizeof REPORTED - 1)) {
        check_reported(q, &a);
        return;
    }
    snprintf(root, sizeof root, "%.*s", (int)n, path);
    for (; gedi__summary_roots[keys]; keys++)
        if (!strcmp(gedi__summary_roots[keys], root))
            return;
    bool known = complete(q, path, near, sizeof near);
    const char *meant = gedi__text_nearest(root, gedi__summary_roots, keys);
    if (!known && meant)
        snprintf(near, sizeof near, "%s%.100s", meant, path + n);
    say_not_there(q, &a,
                  known || meant ? "no run will have such a number"
                                 : "no run will have such a number: write "
                                   "evaluation.EVALUATOR.METRIC, terms.NAME, "
                                   "health.NAME.value or loss",
                  known || meant ? near : NULL);
}

static bool begins(const char *path, const char *with)
{
    return !strncmp(path, with, strlen(with));
}

/* A path in the logs of runs. Which terms and watched numbers there are only a run knows. */
static gedi_status check_logged(gedi__planner *q, int i, const char *what)
{
    const gedi__show *w = &q->p->sweep->show[i];
    const asked_for a = {w->at, what, w->value};
    const char *const *always = gedi__log_always;
    char near[160];
    int n = 0;
    bool option;
    if (begins(w->value, REPORTED)) {
        check_reported(q, &a);
        return GEDI_OK;
    }
    for (; always[n]; n++)
        if (!strcmp(always[n], w->value))
            return GEDI_OK;
    if (!*w->value || begins(w->value, "terms.") || begins(w->value, "watch.") ||
        q->scheduled[i])
        return GEDI_OK;
    GEDI_TRY(exists(q, w->value, NULL, &option));
    const char *meant = complete(q, w->value, near, sizeof near)
                            ? near
                            : gedi__text_nearest(w->value, always, n);
    say_not_there(q, &a,
                  meant    ? "no log will have such a number"
                  : option ? "no log will have it: no point has a schedule there"
                           : "no log will have such a number: write loss, learning_rate, "
                             "terms.NAME, health.NAME, evaluation.EVALUATOR.METRIC, "
                             "watch.NAME or the path of a scheduled option",
                  meant);
    return GEDI_OK;
}

/* Were axes given on the command line? Then a show may have no points, and is no mistake. */
static bool has_other_axes(const gedi__planner *q)
{
    bool other = false;
    for (int i = 0; i < q->overrides; i++)
        other |= !strncmp(q->override[i], "sweep.", 6);
    return other;
}

/* The label that no point has: of several, the first; NULL where there is none. */
static gedi_status find_absent(gedi__planner *q, const gedi__where *w, const char **label)
{
    bool yes;
    *label = w->label;
    GEDI_TRY(exists(q, w->name, w->label, &yes));
    for (int i = 0; i < w->anys && !yes; i++) {
        bool own;
        *label = w->any[i];
        GEDI_TRY(exists(q, w->name, w->any[i], &own));
        if (!own)
            return GEDI_OK;
    }
    if (yes || w->anys)
        *label = NULL;
    return GEDI_OK;
}

/* *absent: of what the show is to select there is no point. */
static gedi_status check_wheres(gedi__planner *q, const gedi__show *w,
                                gedi__text *left_out, bool *absent)
{
    const char *label;
    *absent = false;
    for (int k = 0; k < w->wheres && !*absent; k++) {
        int before = q->m->n;
        GEDI_TRY(check_name(q, w, "where", w->where[k].name));
        if (q->m->n > before)
            continue;
        GEDI_TRY(find_absent(q, &w->where[k], &label));
        if (!label)
            continue;
        *absent = has_other_axes(q);
        if (*absent)
            gedi__text_add(left_out, "%s%s %s is left out: no point has %.64s: %.64s",
                           left_out->len ? "; " : "", gedi__show_key(w->kind), w->name,
                           w->where[k].name, label);
        else
            gedi__mistake(q->m, w->at, "%s: where: no point has %.64s: %.64s",
                          gedi__show_key(w->kind), w->where[k].name, label);
    }
    return GEDI_OK;
}

static const char *rows_of(const gedi__show *w)
{
    return w->kind == GEDI__HEATMAP ? "y" : w->kind == GEDI__CURVES ? "lines" : "rows";
}

static gedi_status check_show(gedi__planner *q, int i)
{
    const gedi__show *w = &q->p->sweep->show[i];
    bool map = w->kind == GEDI__HEATMAP;
    GEDI_TRY(check_name(q, w, rows_of(w), w->rows));
    GEDI_TRY(check_name(q, w, map ? "x" : "columns", w->columns));
    char value[32];
    snprintf(value, sizeof value, "%s: value", gedi__show_key(w->kind));
    if (w->kind != GEDI__CURVES)
        check_value(q, w->at, value, w->value);
    else
        GEDI_TRY(check_logged(q, i, value));
    for (int k = 0; k < w->quantities; k++)
        check_value(q, w->at, value, w->quantity[k].path);
    if (w->kind == GEDI__CURVES && !strncmp(w->value, "evaluation.", 11) &&
        !q->p->validates)
        gedi__mistake(
            q->m, w->at,
            "curves: value: %.64s is in the log of runs that are evaluated on the "
            "way alone: state how often, such as validation: {every: 100}",
            w->value);
    /* Losses are drawn from logs, as every run has. */
    if (w->kind == GEDI__GRID && !q->drawn[i] && strcmp(w->figure, "losses"))
        gedi__mistake(
            q->m, w->at,
            "grid: no point draws the figure '%.64s': name it in `figures:`, too",
            w->figure);
    return GEDI_OK;
}

static int64_t longest(const gedi__plan *p)
{
    int64_t most = 0;
    for (int i = 0; i < p->points; i++)
        most = p->point[i].iterations > most ? p->point[i].iterations : most;
    return most;
}

void gedi__plan_check_search(gedi__planner *q)
{
    const gedi__search *s = q->p->sweep->search;
    if (!s)
        return;
    const char *value = gedi__search_value(s);
    for (int i = 0; i < q->p->sweep->shows; i++)
        if (!strcmp(q->p->sweep->show[i].name, GEDI__DRAWS))
            gedi__mistake(q->m, q->p->sweep->show[i].at,
                          "name: '" GEDI__DRAWS "' is what the search writes: give this "
                          "another one");
    check_value(q, s->at, *s->maximise ? "search: maximise" : "search: minimise", value);
    if (!s->halve.from)
        return;
    bool compared = !strncmp(value, "evaluation.", 11);
    if (!compared)
        gedi__mistake(
            q->m, s->at,
            "search: halve: draws are compared on the way by what evaluators report, "
            "evaluation.NAME.NUMBER, and not by %.64s",
            value);
    if (s->halve.from >= longest(q->p))
        gedi__mistake(
            q->m, s->at,
            "search: halve: no draw is trained beyond iteration %lld, so that from: "
            "%lld leaves none",
            (long long)longest(q->p), (long long)s->halve.from);
    else if (compared && (!q->every || s->halve.from % q->every))
        gedi__mistake(
            q->m, s->at,
            "search: halve: after iteration %lld draws are compared by a validation: "
            "let there be one, such as by validation.every=%lld",
            (long long)s->halve.from, (long long)s->halve.from);
}

gedi_status gedi__plan_check_shows(gedi__planner *q)
{
    gedi__sweep *s = q->p->sweep;
    gedi__text left_out = {0};
    int kept = 0;
    gedi_status status = GEDI_OK;
    for (int i = 0; i < s->shows && !status; i++) {
        bool absent = false;
        status = check_wheres(q, &s->show[i], &left_out, &absent);
        if (!status && !absent)
            status = check_show(q, i);
        if (!absent)
            s->show[kept++] = s->show[i];
    }
    s->shows = kept;
    q->p->left_out = gedi__arena_text(&q->p->arena, left_out.s ? left_out.s : "");
    bool failed = left_out.failed || !q->p->left_out;
    gedi__text_clear(&left_out);
    return status ? status : failed ? GEDI_NOMEM : GEDI_OK;
}

/* ---- where points have mistakes ---- */

/* Neither an axis, even one that could not be read, nor a path of any descriptor. */
static void check_possible(gedi__planner *q, const gedi__show *w, const char *what,
                           const char *name)
{
    int k;
    const gedi__sweep *s = q->p->sweep;
    if (*name && !gedi__key_of_path(name) && strcmp(name, GEDI__DRAW) != 0 &&
        !gedi__sweep_axis(s, name, &k) &&
        !gedi__tree_get(gedi__tree_of_form(s->root, GEDI__AXES), name))
        say_no_name(q, w, what, name);
}

void gedi__plan_check_possible(gedi__planner *q)
{
    for (int i = 0; i < q->p->sweep->shows; i++) {
        const gedi__show *w = &q->p->sweep->show[i];
        bool logged = w->kind == GEDI__CURVES;
        char value[32];
        snprintf(value, sizeof value, "%s: value", gedi__show_key(w->kind));
        check_possible(q, w, rows_of(w), w->rows);
        check_possible(q, w, w->kind == GEDI__HEATMAP ? "x" : "columns", w->columns);
        for (int k = 0; k < w->wheres; k++)
            check_possible(q, w, "where", w->where[k].name);
        if (!logged && !begins(w->value, REPORTED))
            check_value(q, w->at, value, w->value);
        for (int k = 0; k < w->quantities; k++)
            if (!begins(w->quantity[k].path, REPORTED))
                check_value(q, w->at, value, w->quantity[k].path);
    }
}
