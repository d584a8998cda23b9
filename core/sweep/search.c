/* search.c - how far a search has come, from what lies on disk. */
#include "core/sweep/search.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/store/divergence.h"
#include "core/store/folder.h"
#include "core/store/metrics.h"
#include "core/store/summary.h"
#include "core/sweep/jobs.h"
#include "core/sweep/table.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_RUNGS = 40 };

static const char evaluation[] = "evaluation.";

/* ---- one point ---- */

typedef struct sight { /* of a run */
    bool finished, failed;
    bool validated, known; /* there are validations; they have what is searched for */
    int64_t reached; /* the last iteration in its log; of one that diverged, where */
    int64_t at;   /* the iteration of its weights, where a validation has chosen them */
    double value; /* at the end: of the last validation, else of the evaluation */
    double on_way[MAX_RUNGS];
} sight;

typedef struct look {
    gedi__plan *p;
    const gedi__search *search;
    const char *directory;
    int rungs;
    int64_t rung[MAX_RUNGS]; /* iterations after which draws are compared */
    int64_t longest;         /* of the points */
    sight *seen;             /* [points] */
    int *first, *next;       /* [draws], [points]: the points of each draw; -1: no more */
    gedi__found *out;
} look;

/* A summary of another experiment or build counts as none: the sweep says what to do with it. */
static gedi_status read_summary(const look *l, const gedi__point *point,
                                const char *folder, sight *s)
{
    json_t *o = NULL;
    char *path = gedi__store_path(folder, GEDI__FILE_SUMMARY, NULL);
    gedi_status status =
        path ? gedi__jobs_summary(path, point, &o, &s->finished, NULL) : GEDI_NOMEM;
    if (s->finished) {
        double best;
        s->reached = point->iterations;
        s->at =
            gedi__summary_value(o, "best.iteration", &best) ? (int64_t)best : INT64_MAX;
        if (!gedi__summary_value(o, gedi__search_value(l->search), &s->value))
            s->value = NAN;
    }
    json_decref(o);
    free(path);
    return status == GEDI_NOMEM ? status : GEDI_OK;
}

/* The last validation up to each comparison, and of a finished run that of its weights: test records
 * choose nothing where there are others. */
static gedi_status read_log(const look *l, const char *folder, sight *s)
{
    gedi__metrics m = {0};
    const char *name = gedi__search_value(l->search) + strlen(evaluation);
    char *path = gedi__store_path(folder, GEDI__FILE_METRICS, NULL);
    gedi_status status = path ? gedi__metrics_read(path, &m, NULL) : GEDI_NOMEM;
    free(path);
    for (int k = 0; k < l->rungs; k++)
        s->on_way[k] = NAN;
    s->validated = !status && m.validations;
    for (int v = 0; !status && v < m.validations; v++) {
        if (strcmp(m.validation_name[v], name))
            continue;
        s->known = true;
        for (int64_t i = 0; i < m.n; i++) {
            if (isnan(m.validation[v][i]))
                continue;
            for (int k = 0; k < l->rungs; k++)
                if (m.iteration[i] <= l->rung[k])
                    s->on_way[k] = m.validation[v][i];
            if (s->finished && m.iteration[i] <= s->at)
                s->value = m.validation[v][i];
        }
    }
    gedi__metrics_clear(&m);
    return status == GEDI_NOMEM ? status : GEDI_OK;
}

static gedi_status read_divergence(const char *folder, sight *s)
{
    int64_t iteration;
    gedi_status status = gedi__divergence_read(folder, &iteration, NULL, NULL, NULL);
    if (!status && iteration >= s->reached)
        s->reached = iteration + 1;
    return status == GEDI_NOMEM ? status : GEDI_OK;
}

static gedi_status see(const look *l, const gedi__point *point, sight *s, gedi_err *err)
{
    char *folder = gedi__store_point(l->directory, point->hash, NULL);
    gedi_status status = folder ? GEDI_OK : GEDI_NOMEM;
    *s = (sight){.value = NAN, .failed = point->refused != NULL};
    if (!status && s->failed) {
        free(folder);
        return GEDI_OK;
    }
    if (!status && gedi__store_has(folder, GEDI__FILE_SUMMARY))
        status = read_summary(l, point, folder, s);
    if (!status && !s->finished) {
        s->failed = gedi__store_has(folder, GEDI__FILE_ERROR) ||
                    gedi__store_has(folder, GEDI__FILE_DIVERGENCE);
        s->reached = gedi__metrics_last(folder);
        status = read_divergence(folder, s);
    }
    if (!status && s->reached && l->p->validates &&
        !strncmp(gedi__search_value(l->search), evaluation, strlen(evaluation)))
        status = read_log(l, folder, s);
    free(folder);
    return status ? gedi_no_memory(err, "%s", l->directory) : GEDI_OK;
}

/* ---- draws ---- */

int gedi__search_draw_of(const gedi__plan *p, int point)
{
    const gedi__sweep *s = p->sweep;
    return s->level[point * s->axes + s->search->axis];
}

int gedi__search_last(const gedi__search *s)
{
    int together = gedi__search_together(s);
    return (s->draws - 1) / together * together;
}

/* Comparison k, or the end of the run where k is their number. */
static int64_t end_of(const look *l, int k, const gedi__point *point)
{
    return k < l->rungs && l->rung[k] < point->iterations ? l->rung[k]
                                                          : point->iterations;
}

/* Brings a draw as far as comparison k; true where all of its points are there, or have failed. */
static bool bring(look *l, int d, int k)
{
    bool there = true, failed = false;
    double sum = 0;
    int n = 0;
    for (int i = l->first[d]; i >= 0; i = l->next[i]) {
        const sight *s = &l->seen[i];
        gedi__point *point = &l->p->point[i];
        bool at_end = k == l->rungs;
        point->until = end_of(l, k, point);
        for (int j = k; s->failed && point->until < s->reached && j < l->rungs;)
            point->until = end_of(l, ++j, point); /* as far as when it failed */
        if (s->failed && !failed)
            l->out->draw[d].at = i;
        failed |= s->failed;
        there &= s->failed || (at_end ? s->finished : s->reached >= point->until);
        double own =
            at_end || point->until == point->iterations ? s->value : s->on_way[k];
        if (isnan(own) && !failed && !isnan(sum))
            l->out->draw[d].at = i;
        sum += own;
        n++;
    }
    gedi__draw *draw = &l->out->draw[d];
    draw->failed = failed;
    draw->value = failed || !n ? NAN : sum / n;
    if (!k)
        draw->early = draw->value;
    return there;
}

/* Is draw a before b? */
static bool is_better(const look *l, int a, int b)
{
    const gedi__draw *x = &l->out->draw[a], *y = &l->out->draw[b];
    int64_t far_x = x->left ? x->left : INT64_MAX, far_y = y->left ? y->left : INT64_MAX;
    if (isnan(x->value) != isnan(y->value))
        return isnan(y->value);
    if (!isnan(x->value) && far_x != far_y)
        return far_x > far_y;
    if (isnan(x->value) && x->failed != y->failed)
        return y->failed;
    if (x->value != y->value && !isnan(x->value))
        return (x->value > y->value) == (*l->search->maximise != 0);
    return a < b;
}

/* In place, by insertion: a search has hundreds of draws. */
static void sort(const look *l, int *d, int n)
{
    for (int i = 1; i < n; i++) {
        int one = d[i], k = i;
        for (; k > 0 && is_better(l, one, d[k - 1]); k--)
            d[k] = d[k - 1];
        d[k] = one;
    }
}

/* Those that go on from comparison k come to stand in front; their number. */
static int halve(look *l, int *d, int n, int k)
{
    int best = n / (int)l->search->halve.by;
    sort(l, d, n);
    if (best < 1)
        best = 1;
    for (int i = best; i < n; i++) {
        l->out->draw[d[i]].ended = true;
        if (!l->out->draw[d[i]].failed)
            l->out->draw[d[i]].left = l->rung[k];
    }
    return best;
}

/* Draws that were made together, numbers d[n]. */
static void judge(look *l, int *d, int n)
{
    for (int k = 0; k <= l->rungs; k++) {
        bool there = true;
        for (int i = 0; i < n; i++) {
            bool own = bring(l, d[i], k);
            if (k == l->rungs)
                l->out->draw[d[i]].ended = own;
            there &= own;
        }
        if (!there)
            return;
        for (int i = 0; i < n; i++) {
            gedi__draw *one = &l->out->draw[d[i]];
            one->compared = k < l->rungs ? l->rung[k] : l->longest;
            one->worth = one->value;
        }
        if (k < l->rungs)
            n = halve(l, d, n, k);
    }
}

static void set_rungs(look *l)
{
    int64_t most = 0, by = l->search->halve.by;
    for (int i = 0; i < l->p->points; i++)
        if (l->p->point[i].iterations > most)
            most = l->p->point[i].iterations;
    l->longest = most;
    int64_t at = l->search->halve.from;
    while (at && at < most && l->rungs < MAX_RUNGS) {
        l->rung[l->rungs++] = at;
        at = at > most / by ? most : at * by;
    }
}

static void list_points(look *l)
{
    for (int d = 0; d < l->search->draws; d++)
        l->first[d] = -1;
    for (int i = l->p->points - 1; i >= 0; i--) {
        int *first = &l->first[gedi__search_draw_of(l->p, i)];
        l->next[i] = *first;
        *first = i;
    }
}

/* Who came farthest and is best there, and who goes on. */
static void find_best(look *l)
{
    gedi__found *f = l->out;
    f->best = -1;
    for (int d = 0; d < f->draws; d++) {
        const gedi__draw *own = &f->draw[d], *b = f->best < 0 ? NULL : &f->draw[f->best];
        f->going += own->compared && !own->ended;
        if (!own->compared || isnan(own->worth))
            continue;
        bool better =
            !b || (own->compared != b->compared
                       ? own->compared > b->compared
                       : own->worth != b->worth &&
                             (own->worth > b->worth) == (*l->search->maximise != 0));
        f->best = better ? d : f->best;
    }
    for (int i = 0; i < l->p->points; i++) {
        const gedi__draw *own = &f->draw[gedi__search_draw_of(l->p, i)];
        if (own->compared && !own->ended && l->p->point[i].until > f->going_to)
            f->going_to = l->p->point[i].until;
    }
}

/* What has ended, the best first; which points are left. */
static void put_in_order(look *l)
{
    gedi__found *f = l->out;
    f->ended = 0;
    for (int d = 0; d < f->draws; d++)
        if (f->draw[d].ended)
            f->order[f->ended++] = d;
    for (int i = 0; i < l->p->points; i++)
        l->p->point[i].left = f->draw[gedi__search_draw_of(l->p, i)].left;
    sort(l, f->order, f->ended);
}

static gedi_status fail_validation(const look *l, const char *log, gedi_err *err)
{
    gedi__metrics m = {0};
    gedi__text t = {0};
    gedi_status s = gedi__metrics_read(log, &m, err);
    gedi__text_add(
        &t, "search: no validation has %s; there are:", gedi__search_value(l->search));
    for (int v = 0; !s && v < m.validations; v++)
        gedi__text_add(&t, " %s%s", evaluation, m.validation_name[v]);
    gedi__metrics_clear(&m);
    if (!s)
        return gedi__study_fail(&t, err);
    gedi__text_clear(&t);
    return s;
}

static gedi_status fail_summary(const look *l, const char *path, gedi_err *err)
{
    json_t *o = NULL;
    gedi_status s = gedi__summary_read(path, &o, err);
    if (!s)
        s = gedi__table_no_number(gedi__search_value(l->search), o, err);
    json_decref(o);
    return s;
}

/* A name that no run knows is misspelt: draws without it would be told apart by their numbers. */
static gedi_status check_value(const look *l, gedi_err *err)
{
    const gedi__point *any = NULL;
    bool finished = false;
    for (int i = 0; i < l->p->points; i++) {
        const sight *s = &l->seen[i];
        if (!isnan(s->value) || s->known)
            return GEDI_OK;
        if (s->finished || s->validated) {
            any = &l->p->point[i];
            finished = s->finished;
        }
    }
    if (!any)
        return GEDI_OK;
    char *folder = gedi__store_point(l->directory, any->hash, err);
    char *path =
        folder ? gedi__store_path(folder,
                                  finished ? GEDI__FILE_SUMMARY : GEDI__FILE_METRICS, err)
               : NULL;
    gedi_status s = !path      ? GEDI_NOMEM
                    : finished ? fail_summary(l, path, err)
                               : fail_validation(l, path, err);
    free(path);
    free(folder);
    return s;
}

gedi_status gedi__search_look(gedi__plan *p, const char *directory, gedi__found *out,
                              gedi_err *err)
{
    const gedi__search *s = p->sweep->search;
    look l = {.p = p, .search = s, .directory = directory, .out = out};
    gedi__found_clear(out);
    out->draws = s->draws;
    out->draw =
        gedi__alloc((size_t)s->draws, sizeof *out->draw, err, "%d draws", s->draws);
    out->order =
        gedi__alloc((size_t)s->draws, sizeof *out->order, err, "%d draws", s->draws);
    l.seen = gedi__alloc((size_t)p->points, sizeof *l.seen, err, "%d points", p->points);
    l.first = gedi__alloc((size_t)s->draws, sizeof *l.first, err, "%d draws", s->draws);
    l.next = gedi__alloc((size_t)p->points, sizeof *l.next, err, "%d points", p->points);
    bool have = out->draw && out->order && l.seen && l.first && l.next;
    gedi_status status = have ? GEDI_OK : GEDI_NOMEM;
    if (!status) {
        set_rungs(&l);
        list_points(&l);
    }
    for (int i = 0; !status && i < p->points; i++)
        status = see(&l, &p->point[i], &l.seen[i], err);
    if (!status)
        status = check_value(&l, err);
    int together = gedi__search_together(s);
    for (int first = 0; !status && first < s->draws; first += together) {
        int n = 0;
        while (n < together && first + n < s->draws) {
            out->order[n] = first + n;
            n++;
        }
        judge(&l, out->order, n);
    }
    if (!status) {
        put_in_order(&l);
        find_best(&l);
    }
    free(l.seen);
    free(l.first);
    free(l.next);
    return status;
}

void gedi__found_clear(gedi__found *f)
{
    free(f->draw);
    free(f->order);
    *f = (gedi__found){0};
}
