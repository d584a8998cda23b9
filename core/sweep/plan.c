/* plan.c - the points of a sweep, each read and checked as the experiment it is. */
#include "core/sweep/plan_parts.h"
#include "core/descriptor/lengths.h"
#include "core/plugin/option.h"
#include "core/store/weights.h"
#include "core/sweep/limits.h"
#include "core/sweep/search.h"

#include <stdlib.h>
#include <string.h>

const char *gedi__plan_label(const gedi__plan *p, int i, const char *name)
{
    int k;
    const gedi__sweep *s = p->sweep;
    const gedi__axis *x = gedi__sweep_axis(s, name, &k);
    return x ? x->level[s->level[i * s->axes + (x - s->axis)]].label[k] : NULL;
}

static const char *keep(gedi__planner *q, gedi__text *t)
{
    const char *s = t->failed ? NULL : gedi__arena_text(&q->p->arena, t->s ? t->s : "");
    gedi__text_clear(t);
    return s;
}

/* "JEM, moons, seed 0": numbers need to be told what they are of. */
static const char *title_of(gedi__planner *q, int i)
{
    gedi__text t = {0};
    const gedi__sweep *s = q->p->sweep;
    for (int a = 0; a < s->axes; a++)
        for (int k = 0; k < s->axis[a].names; k++) {
            const char *name = s->axis[a].name[k], *dot = strrchr(name, '.');
            bool clear = s->axis[a].named || gedi__key_is_component(name) ||
                         gedi__key_is(name, GEDI__BASE);
            gedi__text_add(&t, "%s%s%s%s", t.len ? ", " : "",
                           clear ? ""
                           : dot ? dot + 1
                                 : name,
                           clear ? "" : " ", gedi__plan_label(q->p, i, name));
        }
    return keep(q, &t);
}

/* ---- points ---- */

/* Where a length is given in epochs. Data that are not there are refused by whoever needs them:
 * a table does not. */
static gedi_status count(gedi__planner *q, gedi__experiment *e)
{
    gedi__text dataset = {0};
    if (!gedi__lengths_ask_records(e))
        return GEDI_OK;
    gedi__component_emit(&e->dataset, &dataset);
    if (dataset.failed)
        return GEDI_NOMEM;
    if (!q->counted.s || strcmp(q->counted.s, dataset.s)) {
        q->records = 0;
        if (gedi__lengths_records(e, &q->records, NULL) == GEDI_NOMEM)
            return GEDI_NOMEM;
        gedi__text_clear(&q->counted);
        q->counted = dataset;
    } else {
        gedi__text_clear(&dataset);
    }
    gedi__lengths_by_records(e, q->records);
    return GEDI_OK;
}

/* What this point has of what the sweep shows: the figure of a grid, the scheduled option of curves. */
static void note_shows(gedi__planner *q, const gedi__experiment *e)
{
    gedi__scheduled_option o;
    for (int i = 0; i < q->p->sweep->shows; i++) {
        const gedi__show *w = &q->p->sweep->show[i];
        for (int k = 0; k < e->figures; k++)
            q->drawn[i] |= !strcmp(e->figure[k], w->figure);
        for (int g = 0; g < e->stages; g++)
            for (int k = 0; gedi__stage_schedule(&e->stage[g], k, &o); k++)
                q->scheduled[i] |= !strcmp(o.name, w->value);
    }
}

static gedi_status resolve(gedi__planner *q, gedi__experiment *e, gedi__point *p,
                           gedi_err *err)
{
    gedi__text resolved = {0}, identity = {0};
    if (e->threads > q->threads) /* fewer can be asked for */
        e->threads = q->threads;
    GEDI_TRY(gedi__weights_settle(e, err));
    gedi__experiment_emit(e, &resolved);
    if (count(q, e) != GEDI_OK)
        return gedi_no_memory(err, "the length of a run");
    p->iterations = p->until = gedi__experiment_iterations(e);
    if (!q->resolved || q->every != e->validation.every)
        q->every = q->resolved ? 0 : e->validation.every;
    q->resolved++;
    q->p->validates |= e->validation.every > 0;
    q->p->holds_none |= !(e->validation.fraction > 0);
    p->resolved = keep(q, &resolved);
    if (!p->resolved)
        return GEDI_NOMEM;
    gedi_status s = gedi__identity_text(e, &identity, err);
    if (s) {
        gedi__text_clear(&identity);
        return s;
    }
    p->identity = keep(q, &identity);
    if (!p->identity)
        return GEDI_NOMEM;
    gedi__identity_hash(p->identity, p->hash);
    gedi__text artefacts = {0};
    s = gedi__artefacts_text(e, &artefacts, err);
    p->artefacts = keep(q, &artefacts);
    if (s || !p->artefacts)
        return GEDI_NOMEM;
    note_shows(q, e);
    for (int k = 0; k < e->evaluators; k++)
        GEDI_TRY(gedi__plan_add_evaluator(q, &e->evaluator[k]));
    q->p->named = e->named;
    if (!q->p->name)
        q->p->name = gedi__arena_text(&q->p->arena, e->name);
    return q->p->name ? GEDI_OK : GEDI_NOMEM;
}

/* Files that it is made of, such as weights, must be there for a limit as for a point. */
static gedi_status try_files(gedi__planner *q, gedi__experiment *e, gedi_err *err)
{
    gedi__text identity = {0};
    if (e->threads > q->threads)
        e->threads = q->threads;
    GEDI_TRY(gedi__weights_settle(e, err));
    gedi_status s = gedi__identity_text(e, &identity, err);
    gedi__text_clear(&identity);
    return s;
}

/* Reads an experiment, resolved into *p unless that is NULL, and has it looked at. */
static gedi_status read_settings(gedi__planner *q, const gedi__setting *set, int k,
                                 gedi__point *p, gedi__mistakes *own, gedi_err *err)
{
    gedi__experiment *e = NULL;
    gedi_status s = gedi__experiment_read_point(q->file, &q->trees, q->override,
                                                q->overrides, set, k, &e, own, err);
    if (s == GEDI_OK)
        s = p ? resolve(q, e, p, err) : try_files(q, e, err);
    else if (s == GEDI_DESCRIPTOR)
        s = GEDI_OK; /* its mistakes are gathered */
    if (s == GEDI_OK && e && q->look)
        s = q->look->at(q->look->context, e, p, own, err);
    if (e) {
        gedi__experiment_free(q->last);
        q->last = e;
    }
    return s;
}

/* The first of its mistakes, and how many there are. */
static gedi_status refuse(gedi__planner *q, gedi__point *p, const gedi__mistakes *own)
{
    gedi__text t = {0};
    if (!own->n || !own->text.s)
        return GEDI_OK;
    gedi__text_add(&t, "%.*s", (int)strcspn(own->text.s, "\n"), own->text.s);
    if (own->n > 1)
        gedi__text_add(&t, ", and %d more", own->n - 1);
    p->refused = keep(q, &t);
    return p->refused ? GEDI_OK : GEDI_NOMEM;
}

static gedi_status read_point(gedi__planner *q, int i, gedi_err *err)
{
    gedi__mistakes own = {0};
    gedi__point *p = &q->p->point[i];
    p->title = title_of(q, i);
    if (!p->title)
        return GEDI_NOMEM;
    int k = gedi__sweep_point(q->p->sweep, i, q->set);
    gedi_status s = read_settings(q, q->set, k, p, &own, err);
    if (s == GEDI_OK)
        s = refuse(q, p, &own);
    if (s == GEDI_OK)
        s = gedi__plan_gather(q, i, &own);
    gedi__text_clear(&own.text);
    return s;
}

/* ---- draws that cannot be run ---- */

static gedi_status attempt(void *context, const gedi__setting *set, int k,
                           gedi__mistakes *own, gedi_err *err)
{
    return read_settings(context, set, k, NULL, own, err);
}

/* Is there a draw of which every point can be run, or may one be drawn yet? */
static gedi_status some_draw_runs(gedi__planner *q, bool *yes, gedi_err *err)
{
    const gedi__sweep *s = q->p->sweep;
    bool *bad = gedi__arena_alloc(&q->p->arena, (size_t)s->search->draws);
    *yes = false;
    for (int i = 0; bad && i < s->points; i++)
        bad[gedi__search_draw_of(q->p, i)] |= q->p->point[i].refused != NULL;
    for (int d = 0; bad && d < s->search->draws; d++)
        *yes |= !bad[d];
    const gedi__attempt by_reading = {attempt, q};
    if (bad && !*yes)
        return gedi__limits_leave_some(s, &by_reading, yes, err);
    return bad ? GEDI_OK : GEDI_NOMEM;
}

/* What could not be read has no descriptor to be named by: its labels do. */
static gedi_status name_unread(gedi__planner *q, int i)
{
    gedi__text t = {0};
    gedi__point *p = &q->p->point[i];
    const gedi__sweep *s = q->p->sweep;
    for (int a = 0; a < s->axes; a++) {
        const gedi__axis *x = &s->axis[a];
        for (int k = 0; k < x->names; k++)
            gedi__text_add(&t, "%s: %s\n", x->name[k],
                           x->level[s->level[i * s->axes + a]].label[k]);
    }
    if (!t.failed)
        gedi__identity_hash(t.s ? t.s : "", p->hash);
    p->resolved = p->identity = p->artefacts = "";
    bool failed = t.failed;
    gedi__text_clear(&t);
    return failed ? GEDI_NOMEM : GEDI_OK;
}

/* Mistakes of all points; but those of a draw are its failure where another one can be run. */
static gedi_status judge_points(gedi__planner *q, gedi_err *err)
{
    bool spared = false;
    if (q->p->sweep->search && q->m->n == q->before)
        GEDI_TRY(some_draw_runs(q, &spared, err));
    if (!spared)
        gedi__plan_say_flaws(q);
    for (int i = 0; spared && i < q->p->points; i++)
        if (!q->p->point[i].resolved)
            GEDI_TRY(name_unread(q, i));
    return GEDI_OK;
}

/* ---- the whole ---- */

static gedi_status read_all(gedi__planner *q, gedi_err *err)
{
    gedi__plan *p = q->p;
    p->points = p->sweep->points;
    p->point = gedi__arena_alloc(&p->arena, (size_t)p->points * sizeof *p->point);
    q->drawn = gedi__arena_alloc(&p->arena, (size_t)p->sweep->shows * sizeof *q->drawn);
    q->scheduled =
        gedi__arena_alloc(&p->arena, (size_t)p->sweep->shows * sizeof *q->scheduled);
    q->set = gedi__arena_alloc(&p->arena, (size_t)gedi__sweep_most_settings(p->sweep) *
                                              sizeof *q->set);
    if (!p->point || !q->drawn || !q->scheduled || !q->set)
        return GEDI_NOMEM;
    const gedi__attempt by_reading = {attempt, q};
    int before = q->m->n;
    if (p->sweep->search && q->tries)
        GEDI_TRY(gedi__limits_check(p->sweep, &by_reading, q->m, err));
    q->limited = q->m->n > before;
    for (int i = 0; i < p->points; i++)
        GEDI_TRY(read_point(q, i, err));
    GEDI_TRY(judge_points(q, err));
    bool any = false, all = true; /* were read: of others nothing is known */
    for (int i = 0; i < p->points; i++) {
        any |= !p->point[i].refused;
        all &= p->point[i].resolved != NULL;
    }
    if (q->m->n > q->before) {
        if (!all) {
            gedi__plan_check_possible(q);
            return GEDI_OK;
        }
        gedi__plan_check_search(q);
        return gedi__plan_check_shows(q);
    }
    GEDI_TRY(gedi__plan_check_twins(p, q->file, q->m));
    if (!any)
        return GEDI_OK;
    gedi__plan_check_search(q);
    return gedi__plan_check_shows(q);
}

static void planner_clear(gedi__planner *q)
{
    for (int i = 0; i < q->findings; i++)
        free(q->found[i].line);
    free(q->found);
    gedi__experiment_free(q->last);
    gedi__trees_clear(&q->trees);
    gedi__text_clear(&q->counted);
}

gedi_status gedi__plan_read(const char *file, const char *const *override, int n,
                            const gedi__draws *draws, int64_t threads,
                            const gedi__look *look, gedi__plan **out, gedi__mistakes *m,
                            gedi_err *err)
{
    gedi__planner q = {
        .m = m, .file = file, .override = override, .overrides = n, .before = m->n};
    gedi__sweep *sweep;
    size_t said = m->text.len;
    *out = NULL;
    gedi_status s = gedi__sweep_read(file, override, n, draws, &sweep, m, err);
    if (!sweep)
        return s;
    q.threads = threads;
    q.look = look;
    q.tries = !draws;
    q.p = calloc(1, sizeof *q.p);
    if (!q.p) {
        gedi__sweep_free(sweep);
        return gedi_no_memory(err, "%s", file);
    }
    q.p->sweep = sweep;
    s = sweep->points ? read_all(&q, err) : gedi__plan_read_body(&q, err);
    planner_clear(&q);
    if (s != GEDI_NOMEM && gedi__mistakes_sort(m, said))
        s = GEDI_NOMEM;
    if (s == GEDI_NOMEM || m->text.failed)
        s = gedi_no_memory(err, "%s", file);
    else if (!s && m->n > q.before)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %d mistake%s", file, m->n - q.before,
                      m->n - q.before == 1 ? "" : "s");
    if (s)
        gedi__plan_free(q.p);
    else
        *out = q.p;
    return s;
}

void gedi__plan_free(gedi__plan *p)
{
    if (!p)
        return;
    gedi__sweep_free(p->sweep);
    gedi__arena_clear(&p->arena);
    free(p);
}
