/* plan_flaws.c - the mistakes of a sweep's points, each once, and of a descriptor whose sweep has none. */
#include "core/descriptor/tree.h"
#include "core/sweep/plan_parts.h"

#include <stdlib.h>
#include <string.h>

static gedi_status find(gedi__planner *q, int point, const char *line, size_t n,
                        bool fault)
{
    for (int i = 0; i < q->findings; i++)
        if (!strncmp(q->found[i].line, line, n) && !q->found[i].line[n]) {
            q->found[i].times++;
            q->found[i].fault |= fault;
            return GEDI_OK;
        }
    if (q->findings == q->room) {
        int room = q->room ? 2 * q->room : 16;
        gedi__flaw *f = realloc(q->found, (size_t)room * sizeof *f);
        if (!f)
            return GEDI_NOMEM;
        q->found = f;
        q->room = room;
    }
    char *copy = strndup(line, n);
    if (!copy)
        return GEDI_NOMEM;
    q->found[q->findings++] = (gedi__flaw){copy, 1, point, fault};
    return GEDI_OK;
}

gedi_status gedi__plan_gather(gedi__planner *q, int point, gedi__mistakes *own)
{
    gedi_status s = own->text.failed ? GEDI_NOMEM : GEDI_OK;
    for (const char *line = own->text.s; !s && line && *line;) {
        size_t n = strcspn(line, "\n");
        s = find(q, point, line, n, own->faults == own->n);
        line += n + (line[n] == '\n');
    }
    gedi__text_clear(&own->text);
    return s;
}

void gedi__plan_say_flaws(gedi__planner *q)
{
    for (int i = 0; i < q->findings; i++) {
        const gedi__flaw *f = &q->found[i];
        if (gedi__mistakes_have(q->m, 0, f->line, strlen(f->line)))
            continue; /* the sweep itself has said it */
        if (q->limited && (f->times < q->p->points || q->p->sweep->search->draws == 1))
            continue; /* it comes of that */
        gedi__text_add(&q->m->text, "%s", f->line);
        if (f->times < q->p->points)
            gedi__text_add(&q->m->text, " [in %d of %d points: %s%s]", f->times,
                           q->p->points, q->p->point[f->first].title,
                           f->times > 1 ? ", ..." : "");
        gedi__text_add(&q->m->text, "\n");
        q->m->n++;
        q->m->faults += f->fault;
    }
}

/* ---- where the sweep itself is wrong ---- */

/* What the first values of all axes set that could be read. */
static int first_settings(const gedi__sweep *s, gedi__setting *out)
{
    int n = 0;
    for (int a = 0; a < s->axes; a++)
        for (int k = 0; s->axis[a].levels && k < s->axis[a].level[0].settings; k++)
            out[n++] = s->axis[a].level[0].setting[k];
    return n;
}

/* An axis that could not be read may be what gives it. */
static bool is_absence(const char *line, size_t n)
{
    static const char *const word[] = {"' is missing", ": none of "};
    bool is = false;
    for (size_t i = 0; i < sizeof word / sizeof *word; i++)
        is |= memmem(line, n, word[i], strlen(word[i])) != NULL;
    return is;
}

static void say_body(gedi__planner *q, const gedi__mistakes *own)
{
    int lines = 0;
    for (const char *line = own->text.s; line && *line;) {
        size_t n = strcspn(line, "\n");
        if (!is_absence(line, n) && !gedi__mistakes_have(q->m, 0, line, n)) {
            gedi__text_add(&q->m->text, "%.*s\n", (int)n, line);
            q->m->n++;
        }
        line += n + (line[n] == '\n');
        lines++;
    }
    q->m->n += own->n - lines; /* those that are only counted */
}

gedi_status gedi__plan_read_body(gedi__planner *q, gedi_err *err)
{
    const gedi__sweep *sweep = q->p->sweep;
    gedi__mistakes own = {0};
    gedi__experiment *e = NULL;
    gedi__setting *set = gedi__arena_alloc(
        &q->p->arena, (size_t)gedi__sweep_most_settings(sweep) * sizeof *set);
    if (!set)
        return GEDI_NOMEM;
    int k = first_settings(sweep, set);
    gedi_status s = gedi__experiment_read_point(q->file, &q->trees, q->override,
                                                q->overrides, set, k, &e, &own, err);
    say_body(q, &own);
    bool failed = own.text.failed;
    gedi__text_clear(&own.text);
    gedi__experiment_free(e);
    gedi__plan_check_possible(q);
    return failed ? GEDI_NOMEM : s == GEDI_DESCRIPTOR ? GEDI_OK : s;
}
