/* plan_shows.c - do the points of a sweep have what it is to show, and to search for? */
#include "core/sweep/plan_parts.h"
#include "core/sweep/label.h"

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

static gedi_status check_name(gedi__planner *q, const gedi__show *w, const char *what,
                              const char *name)
{
    bool yes = true;
    const char *legal[32];
    int n = 0;
    if (*name)
        GEDI_TRY(exists(q, name, NULL, &yes));
    if (yes)
        return GEDI_OK;
    for (int a = 0; a < q->p->sweep->axes; a++)
        for (int k = 0; k < q->p->sweep->axis[a].names && n < 32; k++)
            legal[n++] = q->p->sweep->axis[a].name[k];
    const char *near = gedi__text_nearest(name, legal, n);
    gedi__mistake(q->m, w->at,
                  "%s: %s: '%.64s' is neither an axis of the sweep nor a path of its "
                  "descriptors%s%s%s",
                  gedi__show_key(w->kind), what, name, near ? ": did you mean '" : "",
                  near ? near : "", near ? "'?" : "");
    return GEDI_OK;
}

/* A path below evaluation.NAME needs that evaluator; of the others only a run knows. `what` names the
 * path in a message. */
static void check_value(gedi__planner *q, gedi__place at, const char *what,
                        const char *path)
{
    static const char reported[] = "evaluation.";
    char name[64];
    if (strncmp(path, reported, sizeof reported - 1))
        return;
    path += sizeof reported - 1;
    snprintf(name, sizeof name, "%.*s", (int)strcspn(path, "."), path);
    for (int i = 0; i < q->evaluators; i++)
        if (!strcmp(q->evaluator[i], name))
            return;
    const char *near = gedi__text_nearest(name, q->evaluator, q->evaluators);
    if (near)
        gedi__mistake(q->m, at, "%s: no point has the evaluator '%s': did you mean '%s'?",
                      what, name, near);
    else
        gedi__mistake(q->m, at,
                      "%s: no point has the evaluator '%s': name it in `evaluate:`, too",
                      what, name);
}

/* Were axes given on the command line? Then a show may have no points, and is no mistake. */
static bool has_other_axes(const gedi__planner *q)
{
    bool other = false;
    for (int i = 0; i < q->overrides; i++)
        other |= !strncmp(q->override[i], "sweep.", 6);
    return other;
}

/* *absent: of what the show is to select there is no point. */
static gedi_status check_wheres(gedi__planner *q, const gedi__show *w,
                                gedi__text *left_out, bool *absent)
{
    bool yes;
    *absent = false;
    for (int k = 0; k < w->wheres && !*absent; k++) {
        int before = q->m->n;
        GEDI_TRY(check_name(q, w, "where", w->where[k].name));
        if (q->m->n > before)
            continue;
        GEDI_TRY(exists(q, w->where[k].name, w->where[k].label, &yes));
        if (yes)
            continue;
        *absent = has_other_axes(q);
        if (*absent)
            gedi__text_add(left_out, "%s%s %s is left out: no point has %.64s: %.64s",
                           left_out->len ? "; " : "", gedi__show_key(w->kind), w->name,
                           w->where[k].name, w->where[k].label);
        else
            gedi__mistake(q->m, w->at, "%s: where: no point has %.64s: %.64s%s",
                          gedi__show_key(w->kind), w->where[k].name, w->where[k].label,
                          *w->where[k].label == '[' ? " (one value, not a list)" : "");
    }
    return GEDI_OK;
}

static gedi_status check_show(gedi__planner *q, int i)
{
    const gedi__show *w = &q->p->sweep->show[i];
    bool map = w->kind == GEDI__HEATMAP;
    GEDI_TRY(check_name(q, w,
                        map                       ? "y"
                        : w->kind == GEDI__CURVES ? "lines"
                                                  : "rows",
                        w->rows));
    GEDI_TRY(check_name(q, w, map ? "x" : "columns", w->columns));
    char value[32];
    snprintf(value, sizeof value, "%s: value", gedi__show_key(w->kind));
    check_value(q, w->at, value, w->value);
    for (int k = 0; k < w->quantities; k++)
        check_value(q, w->at, value, w->quantity[k].path);
    if (w->kind == GEDI__CURVES && !strncmp(w->value, "evaluation.", 11) &&
        !q->p->validates)
        gedi__mistake(
            q->m, w->at,
            "curves: value: %.64s is in the log of runs that are evaluated on the "
            "way alone: state how often, such as validation: {every: 100}",
            w->value);
    if (w->kind == GEDI__GRID && !q->drawn[i])
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
    if (strncmp(value, "evaluation.", 11))
        gedi__mistake(
            q->m, s->at,
            "search: halve: draws are compared on the way by what evaluators report, "
            "evaluation.NAME.NUMBER, and not by %.64s",
            value);
    else if (s->halve.from >= longest(q->p))
        gedi__mistake(
            q->m, s->at,
            "search: halve: no draw is trained beyond iteration %lld, so that from: "
            "%lld leaves none",
            (long long)longest(q->p), (long long)s->halve.from);
    else if (!q->every || s->halve.from % q->every)
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
