/* search_grow.c - what a search draws next, when all that it has drawn has ended. */
#include "core/base/memory.h"
#include "core/sweep/search.h"
#include "core/sweep/tpe.h"

#include <stdlib.h>
#include <string.h>

enum { ATTEMPTS = 1000 }; /* at a draw that is another than those before */

/* Draw i, another than those before it, which are `order`ed. */
static gedi_status propose(const gedi__search *s, const int *order, double *u, int i,
                           gedi__seen *seen, gedi_err *err)
{
    double *own = u + (size_t)i * s->spaces;
    for (uint32_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        bool is_new;
        gedi_rng r =
            gedi_rng_at((uint64_t)s->seed, GEDI_STREAM_EVAL, (uint64_t)i, attempt);
        GEDI_TRY(gedi__tpe_propose(s, u, order, i, &r, own, err));
        if (gedi__seen_add(seen, s, own, &is_new))
            return gedi_no_memory(err, "%d draws", i);
        if (is_new)
            return GEDI_OK;
    }
    return gedi__search_draw(s, u, i, seen, err);
}

/* Draws from `first` on into u[n], by what is known of those before. */
static gedi_status propose_all(const gedi__search *s, const gedi__found *f, double *u,
                               int n, gedi_err *err)
{
    bool is_new;
    gedi__seen seen = {0};
    int *order = gedi__alloc((size_t)n, sizeof *order, err, "%d draws", n);
    gedi_status status = order ? GEDI_OK : GEDI_NOMEM;
    for (int i = 0; i < s->draws && !status; i++) {
        order[i] = f->order[i];
        if (gedi__seen_add(&seen, s, u + (size_t)i * s->spaces, &is_new))
            status = gedi_no_memory(err, "%d draws", n);
    }
    for (int i = s->draws; i < n && !status; i++) {
        status = propose(s, order, u, i, &seen, err);
        order[i] = i;
    }
    gedi__seen_clear(&seen);
    free(order);
    return status;
}

/* The plan with the draws that follow. */
static gedi_status extend(gedi__plan **p, const gedi__found *f,
                          const gedi__plan_source *from, gedi__mistakes *m, gedi_err *err)
{
    const gedi__search *s = (*p)->sweep->search;
    int n = s->draws + gedi__search_together(s);
    if (n > gedi__search_wanted(s))
        n = gedi__search_wanted(s);
    double *u = gedi__alloc((size_t)n * s->spaces, sizeof *u, err, "%d draws", n);
    if (!u)
        return GEDI_NOMEM;
    memcpy(u, s->u, (size_t)s->draws * s->spaces * sizeof *u);
    gedi_status status = propose_all(s, f, u, n, err);
    gedi__plan *next = NULL;
    const gedi__draws draws = {n, u};
    if (!status)
        status = gedi__plan_read(from->file, from->override, from->n, &draws,
                                 from->threads, from->look, &next, m, err);
    if (!status) {
        gedi__plan_free(*p);
        *p = next;
    }
    free(u);
    return status;
}

int64_t gedi__search_work(const gedi__plan *p)
{
    int64_t sum = 0;
    for (int i = 0; i < p->points; i++)
        sum += 1 + p->point[i].until;
    return sum;
}

gedi_status gedi__search_grow(gedi__plan **p, const gedi__plan_source *from,
                              const char *directory, gedi__mistakes *m, gedi_err *err)
{
    gedi__found f = {0};
    gedi_status s = GEDI_OK;
    while ((*p)->sweep->search) {
        s = gedi__search_look(*p, directory, &f, err);
        bool all = f.draws == gedi__search_wanted((*p)->sweep->search);
        if (s || f.ended < f.draws || all)
            break;
        s = extend(p, &f, from, m, err);
        if (s)
            break;
    }
    gedi__found_clear(&f);
    return s;
}
