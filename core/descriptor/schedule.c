/* schedule.c - {cosine: {from: 0.03, to: 0}} into a gedi_schedule. */
#include "core/plugin/schedule.h"
#include "core/descriptor/fill.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/objectives.h"
#include "core/plugin/option.h"
#include "core/plugin/value.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- those of a stage ---- */

/* The next scheduled option of a table, once *i of them have been passed; WHOSE.key. */
static bool find(const gedi_option *table, const void *self, const char *whose, int *i,
                 gedi__scheduled_option *out)
{
    for (const gedi_option *o = table; o && o->key; o++) {
        gedi_schedule *its = (gedi_schedule *)((char *)self + o->offset);
        if (o->type != GEDI_TYPE_SCHEDULE || gedi_schedule_is_constant(its) || (*i)--)
            continue;
        *out = (gedi__scheduled_option){.schedule = its, .of = self};
        snprintf(out->name, sizeof out->name, "%s.%.64s", whose, o->key);
        return true;
    }
    return false;
}

static bool find_in(const gedi__component *c, gedi_kind kind, int *i,
                    gedi__scheduled_option *out)
{
    char whose[90];
    if (!c->plugin)
        return false;
    snprintf(whose, sizeof whose, "%s.%.64s", gedi__kind_name(kind), c->plugin->name);
    return find(c->plugin->options, c->self, whose, i, out);
}

/* The same of groups, where it is not the optimizer's own. */
static bool find_in_groups(const gedi__stage *s, int *i, gedi__scheduled_option *out)
{
    char whose[32];
    for (int k = 0; k < s->groups; k++)
        for (const gedi_option *o = s->optimizer.plugin->options; o && o->key; o++) {
            gedi_option one[] = {*o, GEDI_END};
            snprintf(whose, sizeof whose, "groups.%d", k);
            if (o->type == GEDI_TYPE_SCHEDULE &&
                gedi__group_differs(s, &s->group[k], o) &&
                find(one, s->group[k].self, whose, i, out))
                return true;
        }
    return false;
}

bool gedi__stage_schedule(const gedi__stage *s, int i, gedi__scheduled_option *out)
{
    char whose[90];
    for (const gedi__objective *o = s->objective; o < s->objective + s->objectives; o++) {
        snprintf(whose, sizeof whose, "objective.%.64s", o->part.plugin->name);
        if (find_in(&o->part, GEDI_KIND_OBJECTIVE, &i, out))
            return true;
        if (find(gedi__objective_options, o, whose, &i, out)) {
            out->of = o->part.self; /* whose place is known */
            return true;
        }
    }
    if (find_in(&s->sampler, GEDI_KIND_SAMPLER, &i, out) ||
        find(gedi__train_options, &s->train, "train", &i, out))
        return true;
    bool found = find_in(&s->optimizer, GEDI_KIND_OPTIMIZER, &i, out) ||
                 find_in_groups(s, &i, out);
    out->optimizer = found;
    return found;
}

double gedi__stage_rate(const gedi__stage *s, int64_t iteration)
{
    for (const gedi_option *o = s->optimizer.plugin->options; o && o->key; o++) {
        const char *at = (const char *)s->optimizer.self + o->offset;
        if (strcmp(o->key, "lr"))
            continue;
        if (o->type == GEDI_TYPE_SCHEDULE)
            return gedi_schedule_at((const gedi_schedule *)at,
                                    iteration - s->optimizer_first, s->optimizer_total);
        return o->type == GEDI_TYPE_REAL ? *(const double *)at : NAN;
    }
    return NAN;
}

/* Schedules of groups are copies where they are the optimizer's own. */
static void set_epochs_of_groups(const gedi__stage *s, int64_t epoch)
{
    for (int k = 0; k < s->groups; k++)
        for (const gedi_option *o = s->optimizer.plugin->options; o && o->key; o++)
            if (o->type == GEDI_TYPE_SCHEDULE)
                ((gedi_schedule *)((char *)s->group[k].self + o->offset))->epoch = epoch;
}

void gedi__stage_set_epochs(const gedi__stage *s, int64_t records)
{
    gedi__scheduled_option o;
    const gedi__stage *optimizer = s; /* the stage in which it was new */
    while (optimizer->keeps_optimizer)
        optimizer--;
    for (int i = 0; gedi__stage_schedule(s, i, &o); i++)
        o.schedule->epoch = records / gedi__stage_records(o.optimizer ? optimizer : s);
    set_epochs_of_groups(s, records / gedi__stage_records(optimizer));
}

/* ---- reading ---- */

/* A schedule that is being read. */
typedef struct reading {
    const gedi__filler *f;
    const gedi_option *o; /* that is scheduled */
    const gedi__schedule_kind *kind;
    gedi_schedule s;
} reading;

bool gedi__is_schedule(const gedi__tree *t)
{
    const gedi__tree *c = t->kind == GEDI__MAP ? t->child : NULL;
    return c && !c->next && c->kind == GEDI__MAP && gedi__schedule_kind_find(c->key);
}

/* "lr.cosine.from": what messages call it. */
typedef struct label {
    char s[96];
} label;

static label label_of(const reading *r, const char *key)
{
    label l;
    snprintf(l.s, sizeof l.s, "%.40s.%s.%.32s", r->o->key, r->kind->name, key);
    return l;
}

/* One scalar by its row, under the name `l`. */
static gedi_status set(const reading *r, const gedi_option *row, const label *l,
                       void *self, const gedi__tree *t)
{
    gedi_option named = *row;
    named.key = l->s;
    if (row->type == GEDI_TYPE_REAL) {
        named.min = r->o->min;
        named.max = r->o->max;
    }
    return gedi__option_fill(r->f, &named, self, t);
}

/* `6000: 0.01`, put in its place among the others. */
static gedi_status read_step(reading *r, const gedi__tree *t)
{
    static const gedi_option value_row = {.type = GEDI_TYPE_REAL},
                             at_row = {.type = GEDI_TYPE_INT, .min = 0, .max = 1e9};
    gedi_schedule *s = &r->s;
    int64_t at = -1, k = s->n;
    double value = 0;
    label l = label_of(r, t->key);
    gedi__tree position = {.kind = GEDI__SCALAR, .at = t->key_at, .text = t->key};
    GEDI_TRY(set(r, &at_row, &l, &at, &position));
    GEDI_TRY(set(r, &value_row, &l, &value, t));
    if (s->n == GEDI_MAX_STEPS) {
        gedi__mistake(r->f->m, t->key_at, "%s: there are at most %d steps", l.s,
                      GEDI_MAX_STEPS);
        return GEDI_OK;
    }
    for (; k > 0 && s->at[k - 1] >= at; k--) {
        s->at[k] = s->at[k - 1];
        s->value[k] = s->value[k - 1];
    }
    s->at[k] = at;
    s->value[k] = value;
    s->n++;
    if (k + 1 < s->n && s->at[k + 1] == at && at >= 0)
        gedi__mistake(r->f->m, t->key_at, "%s: another step is at the same position",
                      l.s);
    return GEDI_OK;
}

static gedi_status read_key(reading *r, const gedi__tree *t)
{
    const gedi_option *rows = r->kind->rows, *row = gedi__option_find(rows, t->key);
    label l = label_of(r, t->key);
    if (row)
        return set(r, row, &l, &r->s, t);
    bool negative = *t->key == '-' && isdigit((unsigned char)t->key[1]);
    if (r->kind->form == GEDI_SCHEDULE_STEPS && negative) {
        gedi__mistake(
            r->f->m, t->key_at,
            "%s: a step cannot be before the beginning: its position is at least 0", l.s);
        return GEDI_OK;
    }
    if (r->kind->form == GEDI_SCHEDULE_STEPS && isdigit((unsigned char)*t->key))
        return read_step(r, t);
    const char *legal[8];
    int n = 0;
    for (; rows[n].key; n++)
        legal[n] = rows[n].key;
    if (r->kind->form == GEDI_SCHEDULE_STEPS)
        legal[n++] = "positions such as 6000";
    gedi__mistake_unknown(r->f->m, t->key_at, "key", t->key, r->kind->name, legal, n);
    return GEDI_OK;
}

/* What single keys cannot say; `c` is the mapping of the keys. */
static void check(const reading *r, const gedi__tree *c)
{
    const gedi_schedule *s = &r->s;
    const gedi_option *o = r->o;
    gedi__mistakes *m = r->f->m;
    const gedi__tree *warmup = gedi__tree_get(c, "warmup");
    const char *name = r->kind->name;
    char range[80];
    for (int i = 0; i < r->kind->required; i++)
        if (!gedi__tree_get(c, r->kind->rows[i].key))
            gedi__mistake(m, c->at, "%s.%s: '%s' is missing: write %s", o->key, name,
                          r->kind->rows[i].key, r->kind->example);
    if (s->form == GEDI_SCHEDULE_STEPS && (!s->n || s->at[0] != 0))
        gedi__mistake(m, c->at, "%s.%s: no step is at position 0: write %s", o->key, name,
                      r->kind->example);
    if (s->over && s->over <= s->warmup)
        gedi__mistake(m, gedi__tree_get(c, "over")->at,
                      "%s.%s.over: %lld is not more than the warm-up, %lld", o->key, name,
                      (long long)s->over, (long long)s->warmup);
    if (s->warmup && !(o->min <= 0 && o->max >= 0))
        gedi__mistake(m, warmup->at,
                      "%s.%s.warmup: it rises from 0, which is not in %s: write "
                      "{linear: {from: FIRST, to: LAST, over: N}}",
                      o->key, name, gedi__option_range(o, range, sizeof range));
}

gedi_status gedi__schedule_fill(const gedi__filler *f, const gedi_option *o, void *self,
                                const gedi__tree *t)
{
    char examples[GEDI__SCHEDULE_EXAMPLES];
    const gedi__tree *c = t->child;
    int before = f->m->n;
    if (!c || c->next) {
        gedi__mistake(f->m, c ? c->next->key_at : t->at,
                      "%s: %s is given, but a schedule has one form: %s", o->key,
                      c ? "a mapping of several keys" : "an empty mapping",
                      gedi__schedule_examples(examples));
        return GEDI_OK;
    }
    reading r = {.f = f, .o = o, .kind = gedi__schedule_kind_find(c->key)};
    if (!r.kind) {
        const char *legal[GEDI__SCHEDULE_KINDS];
        for (int i = 0; i < GEDI__SCHEDULE_KINDS; i++)
            legal[i] = gedi__schedule_kinds[i].name;
        gedi__mistake_unknown(f->m, c->key_at, "schedule", c->key, o->key, legal,
                              GEDI__SCHEDULE_KINDS);
        return GEDI_OK;
    }
    if (c->kind != GEDI__MAP) {
        gedi__mistake(f->m, c->at, "%s.%s: %s is given, but it must be a mapping: %s",
                      o->key, c->key, gedi__tree_what(c), r.kind->example);
        return GEDI_OK;
    }
    r.s.form = r.kind->form;
    for (const gedi__tree *k = c->child; k; k = k->next)
        GEDI_TRY(read_key(&r, k));
    if (f->m->n == before)
        check(&r, c);
    if (f->m->n == before) {
        gedi__schedule_reduce(&r.s);
        *(gedi_schedule *)((char *)self + o->offset) = r.s;
    }
    return GEDI_OK;
}
