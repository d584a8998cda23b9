/* stage.c - what a stage states: views, optimizer, frozen parts, training.
 *
 * A stage is read from its own keys merged over the descriptor around it. A descriptor
 * without `stages:` is read in the same way, as its only stage.
 */
#include "core/descriptor/reading.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const gedi_option gedi__train_options[] = {
    GEDI_INT(gedi__train, iterations, 0, 0, 1e9,
             "weight updates; this, epochs or hours must be given"),
    GEDI_INT(gedi__train, epochs, 0, 0, 1e6,
             "the same as passes over the training records"),
    GEDI_REAL(
        gedi__train, hours, 0, 0, 8760,
        "the same as a time: when the run begins, as many iterations as fit into it"),
    GEDI_INT(gedi__train, batch, 128, 1, 1e7, "records in a batch"),
    GEDI_INT(gedi__train, accumulate, 1, 1, 1e6,
             "batches whose gradients are averaged for one update"),
    GEDI_INT(gedi__train, log_every, 100, 1, 1e9,
             "iterations between two lines of metrics.jsonl"),
    GEDI_INT(gedi__train, checkpoint_every, 1000, 1, 1e9,
             "iterations between two checkpoints"),
    GEDI_REAL(gedi__train, explode, 1e8, 1, 1e30,
              "a loss term or a gradient norm beyond +-explode stops the run"),
    GEDI_REAL(
        gedi__train, clip, 0, 0, 1e30,
        "largest norm of an update's gradient: a longer one is scaled down to it; 0: "
        "none"),
    GEDI_SCHEDULED(
        gedi__train, average, 0.0, 0.0, 0.999999,
        "decay of running averages of all weights, for `weights: averaged`; 0: none"),
    GEDI_ENUM(gedi__train, weights, 0, "trained|averaged",
              "what evaluation reads after the last stage: the weights, or their running "
              "averages"),
    GEDI_END,
};

/* ---- the keys ---- */

gedi_status gedi__read_views(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__stage *s = r->stage;
    if (!gedi__need_list(r, k->key,
                         "one list of transformations a view, [[], [NAME: {}]]", t))
        return GEDI_OK;
    s->views = 0;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (s->views == GEDI_MAX_VIEWS) {
            gedi__mistake(r->m, c->at, "views: there are at most %d", GEDI_MAX_VIEWS);
            return GEDI_OK;
        }
        gedi__pipeline *p = &s->view[s->views++];
        if (gedi__need_list(r, "view", "[NAME: {OPTION: VALUE}], or [] to change nothing",
                            c))
            GEDI_TRY(gedi__read_components(r, k->kind, c, &p->view, &p->n));
    }
    return GEDI_OK;
}

/* `keep` and `reset` are written where a plugin is, and normalised like one. */
static bool is_word(const gedi__tree *t, const char *word)
{
    const gedi__tree *c = t && t->kind == GEDI__MAP ? t->child : NULL;
    return c && !c->next && !c->child && !strcmp(c->key, word);
}

gedi_status gedi__read_optimizer(gedi__reading *r, const gedi__key *k,
                                 const gedi__tree *t)
{
    gedi__stage *s = r->stage;
    if (!is_word(t, "keep"))
        return gedi__read_one(r, k, t);
    if (s == r->e->stage) {
        gedi__mistake(r->m, t->at,
                      "optimizer: `keep` goes on with that of the stage before, but no "
                      "stage is before this one");
        return GEDI_OK;
    }
    s->optimizer = s[-1].optimizer;
    s->keeps_optimizer = true;
    return GEDI_OK;
}

/* Does the name of a parameter begin with one of the parts a network has? */
static void check_part(gedi__reading *r, const char *key, const gedi__tree *t)
{
    const char *part[GEDI__MAX_KEYS];
    int parts = 0;
    const gedi__key *is = gedi__key_of_path(t->text);
    if (is && is->weights)
        return;
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->weights)
            part[parts++] = k->key;
    gedi__mistake_unknown(r->m, t->at, "parameter", t->text, key, part, parts);
}

/* Names of parameters, or what they begin with up to a dot. Whether they are there is only
 * known once the network is built. */
gedi_status gedi__read_names(gedi__reading *r, const char *key, const gedi__tree *t,
                             const char ***out, int *n)
{
    *n = 0;
    if (!gedi__need_list(r, key, "[model, objective.prototypes]", t))
        return GEDI_OK;
    *out = gedi__arena_alloc(&r->e->arena, (size_t)gedi__tree_count(t) * sizeof **out);
    if (!*out)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (c->kind != GEDI__SCALAR || !*c->text || gedi__tree_is_null(c)) {
            gedi__mistake(r->m, c->at, "%s: %s is given, but it must be a name", key,
                          gedi__tree_what(c));
            continue;
        }
        check_part(r, key, c);
        if (!((*out)[(*n)++] = gedi__arena_text(&r->e->arena, c->text)))
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

gedi_status gedi__read_parameters(gedi__reading *r, const gedi__key *k,
                                  const gedi__tree *t)
{
    int *n = gedi__key_count(r, k);
    GEDI_TRY(gedi__read_names(r, k->key, t, gedi__key_target(r, k), n));
    if (k->later && r->stage == r->e->stage && *n)
        gedi__mistake(r->m, t->at,
                      "%s: nothing can start again: no stage is before this one", k->key);
    return GEDI_OK;
}

/* Of those options one must be given; 0 is as good as nothing. */
static void need_one(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    int n;
    char word[32], first[32] = "";
    for (const char *w = k->one; (w = gedi__words_next(w, &n)); w += n) {
        snprintf(word, sizeof word, "%.*s", n, w);
        const gedi__tree *c = gedi__tree_get(t, word);
        char *end = NULL;
        bool zero = c && c->kind == GEDI__SCALAR && !strtod(c->text, &end) && !*end;
        if (!c || (zero && end > c->text))
            continue;
        if (*first)
            gedi__mistake(r->m, c->at,
                          "%s: %s is given beside %s, but only one can say how long: set "
                          "the other to 0",
                          k->key, word, first);
        else
            snprintf(first, sizeof first, "%s", word);
    }
    if (!*first)
        gedi__mistake(r->m, t->at,
                      "%s: none of iterations, epochs and hours is above 0: state one",
                      k->key);
}

gedi_status gedi__read_options(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (!k->required && gedi__tree_is_null(t) &&
        *t->text) /* none, whatever a base states */
        return GEDI_OK;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at, "%s: %s is given, but it must be a mapping: {%s: %s}",
                      k->key, gedi__tree_what(t), k->options->key,
                      k->one ? "1000" : "0.1");
        return GEDI_OK;
    }
    if (k->one && r->whole)
        need_one(r, k, t);
    char *self = gedi__key_target(r, k);
    for (const gedi_option *o = k->options; o->key; o++) {
        const gedi__tree *c = gedi__tree_get(t, o->key);
        GEDI_TRY(gedi__place_keep(r, self + o->offset, c ? c->at : t->key_at));
    }
    GEDI_TRY(gedi__options_fill(&r->fill, k->key, k->options, self, t));
    if (r->is_point && r->stage->train.hours > 0)
        gedi__mistake(
            r->m, t->at,
            "%s: runs of a sweep share the machine, so that hours mean something "
            "else for each: state iterations or epochs",
            k->key);
    return GEDI_OK;
}

/* ---- stages among each other ---- */

gedi_status gedi__stages_make(gedi__reading *r, int n)
{
    gedi__experiment *e = r->e;
    e->stages = n;
    e->stage = gedi__arena_alloc(&e->arena, (size_t)n * sizeof *e->stage);
    if (!e->stage)
        return GEDI_NOMEM;
    for (int i = 0; i < n; i++) {
        gedi_status s =
            gedi__option_defaults(gedi__train_options, &e->stage[i].train, NULL);
        GEDI_ASSERT(s == GEDI_OK);
        e->stage[i].views = 1; /* one that changes nothing */
    }
    r->stage = e->stage;
    return GEDI_OK;
}

void gedi__stages_join(gedi__experiment *e)
{
    for (int i = 0; i < e->stages; i++) {
        gedi__stage *s = &e->stage[i];
        if (s->train.iterations)
            s->length = s->train.iterations;
        s->first = i ? gedi__stage_end(s - 1) : 0;
        s->optimizer_first = s->keeps_optimizer ? s[-1].optimizer_first : s->first;
    }
    for (int i = e->stages - 1; i >= 0; i--) {
        gedi__stage *s = &e->stage[i];
        bool kept = i + 1 < e->stages && s[1].keeps_optimizer;
        s->optimizer_total =
            kept ? s[1].optimizer_total : gedi__stage_end(s) - s->optimizer_first;
    }
}

int64_t gedi__stage_end(const gedi__stage *s)
{
    return s->first + s->length;
}

int64_t gedi__stage_records(const gedi__stage *s)
{
    return s->train.batch * s->train.accumulate;
}

int64_t gedi__experiment_iterations(const gedi__experiment *e)
{
    return gedi__stage_end(&e->stage[e->stages - 1]);
}

gedi__tree *gedi__stage_tree(const gedi__tree *around, const gedi__tree *stage,
                             gedi__arena *arena)
{
    gedi__tree *over = gedi__tree_copy(stage, arena);
    if (!over)
        return NULL;
    gedi__tree **link = &over->child;
    while (*link) /* a new optimizer is what is made of the one around in any case */
        if (gedi__key_is((*link)->key, GEDI__OPTIMIZER) && is_word(*link, "reset"))
            *link = (*link)->next;
        else
            link = &(*link)->next;
    return gedi__tree_over(around, over, arena);
}

/* ---- settings that reach no stage ---- */

/* A value's text; of a plugin without options, its name. */
static const char *text_of(const gedi__tree *t)
{
    bool value = t->kind == GEDI__SCALAR && t->text && *t->text;
    return value ? t->text : t->child ? NULL : t->key;
}

/* A copy shares its texts: so a value is found again wherever it was merged into. A plugin is there where any
 * of that name is, whose options it resets. */
static bool has_text(const gedi__tree *t, const char *text, bool key)
{
    bool has = key ? t->key && !strcmp(t->key, text) : t->text == text;
    for (const gedi__tree *c = t->child; c && !has; c = c->next)
        has = has_text(c, text, key);
    return has;
}

/* A value of `t` that is in the descriptor around the stages and in none of their trees, or
 * NULL. */
static const gedi__tree *lost_value(const gedi__tree *around, gedi__tree *const *tree,
                                    int n, const gedi__tree *t)
{
    const gedi__tree *lost = NULL;
    const char *text = text_of(t);
    bool key = text && text == t->key;
    if (text && has_text(around, text, key))
        lost = t;
    for (int i = 0; i < n && lost; i++)
        if (has_text(tree[i], text, key))
            lost = NULL;
    for (const gedi__tree *c = t->child; c && !lost; c = c->next)
        lost = lost_value(around, tree, n, c);
    return lost;
}

void gedi__stages_check_reach(const gedi__tree *around, gedi__tree *const *tree, int n,
                              const gedi__setting *s, gedi__mistakes *m)
{
    const gedi__tree *lost = lost_value(around, tree, n, s->value);
    if (lost)
        gedi__mistake(
            m, s->at,
            "'%.64s' reaches no stage, as each states its own: set stages.N.%s, N "
            "from 0 to %d",
            text_of(lost), s->path, n - 1);
}
