/* sweep.c - many experiments from one descriptor: its blocks read and expanded. */
#include "core/descriptor/sweep.h"
#include "core/descriptor/sweep_blocks.h"

#include <stdlib.h>

typedef struct reading {
    gedi__sweep *s;
    gedi__mistakes tree; /* kept apart until we know that there is a sweep */
    gedi__setting *set;  /* the overrides */
    int sets;
    const gedi__draws *draws;
    gedi__tree *root;
} reading;

/* The tree with its overrides put in; its texts live as long as the sweep. */
static gedi_status load(reading *r, const char *file, const char *const *override, int n)
{
    bool whole;
    gedi__arena *arena = &r->s->arena;
    GEDI_TRY(gedi__tree_load(file, NULL, arena, &r->tree, &r->root, &whole));
    r->set = gedi__arena_alloc(arena, (size_t)n * sizeof *r->set);
    if (!r->set)
        return GEDI_NOMEM;
    for (int i = 0; r->root && i < n; i++) {
        gedi__setting *s = &r->set[r->sets];
        GEDI_TRY(gedi__setting_parse(override[i], arena, &r->tree, s));
        if (s->path) {
            GEDI_TRY(gedi__tree_set(r->root, s, arena, &r->tree));
            r->sets++;
        }
    }
    return GEDI_OK;
}

static gedi_status read_axes(reading *r, const gedi__tree *sweep, gedi__mistakes *m)
{
    int before = m->n;
    if (sweep->kind != GEDI__MAP) {
        gedi__mistake(
            m, sweep->at,
            "sweep: %s is given, but it must be a mapping of axes: {seed: 0..4}",
            gedi__tree_what(sweep));
        return GEDI_OK;
    }
    GEDI_TRY(gedi__sweep_axes(r->s, sweep, r->draws, m));
    GEDI_TRY(gedi__sweep_expand(r->s, sweep, m->n > before, m));
    before = m->n;
    gedi__sweep_check_order(r->s, r->set, r->sets, m);
    if (m->n > before) /* a point would say the same in other words */
        r->s->points = 0;
    return GEDI_OK;
}

static void say_tree(const reading *r, gedi__mistakes *m)
{
    gedi__text_add(&m->text, "%s", r->tree.text.s ? r->tree.text.s : "");
    m->n += r->tree.n;
}

gedi_status gedi__sweep_read(const char *file, const char *const *override, int n,
                             const gedi__draws *draws, gedi__sweep **out,
                             gedi__mistakes *m, gedi_err *err)
{
    reading r = {.draws = draws};
    int before = m->n;
    *out = NULL;
    r.s = calloc(1, sizeof *r.s);
    gedi_status s = r.s ? load(&r, file, override, n) : GEDI_NOMEM;
    const gedi__tree *sweep =
        !s && r.root ? gedi__tree_of_form(r.root, GEDI__AXES) : NULL;
    /* Without a sweep another reader says them; where the base varies, what an override meets
     * in it only the points know. */
    bool later = !s && sweep && gedi__sweep_varies_base(sweep);
    if (!s && !later && (sweep || !r.root))
        say_tree(&r, m);
    if (!s && sweep) {
        r.s->root = r.root;
        s = read_axes(&r, sweep, m);
        if (!s)
            s = gedi__sweep_shows(r.s, r.root, m);
        if (later && !r.s->points)
            say_tree(&r, m);
    }
    bool failed = s || r.tree.text.failed || m->text.failed;
    gedi__text_clear(&r.tree.text);
    if (failed)
        s = gedi_no_memory(err, "%s", file);
    else if (m->n > before)
        s = GEDI_FAIL(err, GEDI_DESCRIPTOR, "%s: %d mistake%s", file, m->n - before,
                      m->n - before == 1 ? "" : "s");
    if (sweep && !failed)
        *out = r.s;
    else
        gedi__sweep_free(r.s);
    return s;
}

void gedi__sweep_free(gedi__sweep *s)
{
    if (!s)
        return;
    gedi__arena_clear(&s->arena);
    free(s);
}
