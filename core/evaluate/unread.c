/* unread.c - values put into a run that is evaluated, of which nothing there depends.
 *
 * Keys say whether training alone reads them. Options of components do not, and their plugins are of
 * anyone: the network is built with and without each such value, and what evaluation computes is compared.
 */
#include "core/evaluate/unread.h"
#include "core/base/memory.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/tree.h"
#include "core/network/inference.h"
#include "core/plugin/registry.h"
#include "core/store/folder.h"
#include "core/train/sampling.h"
#include "core/train/stored.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* "stages.1.train.clip=7" in pieces. */
typedef struct pieces {
    const gedi__key
        *key;        /* of train, or of stages where no key of a stage follows; or NULL */
    int stage;       /* -1: none */
    char option[64]; /* "clip", or "" */
} pieces;

/* The row that `at` begins with, *rest behind it and its dot. */
static const gedi__key *key_at(const char *at, const char **rest)
{
    size_t n = strcspn(at, ".=");
    char word[32];
    snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : 0), at);
    *rest = at + n + (at[n] == '.');
    return gedi__key_find(word);
}

static pieces take(const char *override)
{
    pieces p = {.stage = -1};
    const char *at;
    p.key = key_at(override, &at);
    if (p.key && p.key->form == GEDI__STAGES && *at >= '0' && *at <= '9') {
        p.stage = (int)strtol(at, NULL, 10);
        at += strcspn(at, ".=");
        if (*at == '.')
            p.key = key_at(at + 1, &at);
    }
    snprintf(p.option, sizeof p.option, "%.*s", (int)strcspn(at, ".="), at);
    return p;
}

/* ---- keys ---- */

/* "seed, dataset, ..., train.weights"; of several stages, those of the last. */
static void list_read(const gedi__experiment *e, gedi__text *t)
{
    char stage[32] = "";
    if (e->stages > 1)
        snprintf(stage, sizeof stage, "stages.%d.", e->stages - 1);
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->varied && !k->trains)
            gedi__text_add(t, "%s%s%s", t->len ? ", " : "", k->staged ? stage : "",
                           k->key);
    for (const gedi__key *k = gedi__keys; k->key; k++) {
        int n;
        for (const char *w = k->read; (w = gedi__words_next(w, &n)); w += n)
            gedi__text_add(t, ", %s%s.%.*s", k->staged ? stage : "", k->key, n, w);
    }
}

/* What of it training alone reads, "train.clip"; false where evaluation reads it. */
static bool is_unread(const gedi__experiment *e, const pieces *p, char *out, size_t size)
{
    const gedi__key *k = p->key;
    if (!k)
        return false;
    if (p->stage >= 0 && p->stage < e->stages - 1) {
        snprintf(out, size, "stages.%d", p->stage);
        return true;
    }
    if (!k->trains || gedi__words_have(k->read, p->option))
        return false;
    bool one = k->read && *p->option;
    snprintf(out, size, "%s%s%s", k->key, one ? "." : "", one ? p->option : "");
    return true;
}

gedi_status gedi__unread_keys(const gedi__experiment *e, const char *const *override,
                              int n, gedi__mistakes *m)
{
    gedi__text source = {0}, read = {0};
    int before = m->n;
    for (int i = 0; i < n; i++) {
        char what[128];
        const pieces p = take(override[i]);
        if (!is_unread(e, &p, what, sizeof what))
            continue;
        gedi__text_add(&source, "override %s", override[i]);
        if (!read.len)
            list_read(e, &read);
        gedi__mistake(m, (gedi__place){source.s, 0, 0},
                      "only training reads '%s', and nothing is trained here; what can "
                      "change is in: %s",
                      what, read.s);
        gedi__text_clear(&source);
    }
    gedi__text_clear(&read);
    return m->n > before ? GEDI_DESCRIPTOR : GEDI_OK;
}

/* ---- options ---- */

static bool is_asked(const char *override)
{
    const pieces p = take(override);
    if (!p.key)
        return false;
    switch (p.key->form) {
    case GEDI__COMPONENT:
        return p.key->kind == GEDI_KIND_MODEL || p.key->kind == GEDI_KIND_SAMPLER;
    case GEDI__OBJECTIVES:
    case GEDI__PIPELINES:
        return true;
    default:
        return false;
    }
}

static bool is_view(const gedi__key *k)
{
    return k->form == GEDI__PIPELINES || k->form == GEDI__STAGES;
}

static bool draws_views(const gedi__experiment *e)
{
    int i = 0;
    while (i < e->figures && strcmp(e->figure[i], "views"))
        i++;
    return i < e->figures;
}

/* Texts of objectives, which evaluators can ask for: the rules that were learned by. */
static void write_texts(const gedi__stage *stage, gedi__text *out)
{
    for (int i = 0; i < stage->objectives; i++) {
        const gedi__component *c = &stage->objective[i].part;
        for (const gedi_option *o = c->plugin->options; o && o->key; o++)
            if (o->type == GEDI_TYPE_TEXT)
                gedi__text_add(out, "%s\n",
                               *(const char *const *)((const char *)c->self + o->offset));
    }
}

/* All that evaluation reads of the network, of how its samples begin, and of views. */
static gedi_status write_read(const gedi__network *net, gedi__text *out, gedi_err *err)
{
    const gedi__component *sampler = &net->stage->sampler;
    gedi_chain c = {0};
    bool views;
    GEDI_TRY(gedi__inference_write(net, out, &views, err));
    if (sampler->plugin)
        GEDI_TRY(gedi__chain_ask(sampler, gedi_shape_size(net->info.record), &c, err));
    gedi__text_add(out, "%d %a %a %a\n", c.box, c.low, c.high, c.scale);
    write_texts(net->stage, out);
    if (views || draws_views(net->e))
        gedi__experiment_emit_keys(net->e, is_view, out);
    return out->failed ? gedi_no_memory(err, "what evaluation reads") : GEDI_OK;
}

/* Of the experiment without the i-th value, *same: the value is what it was anyway. What cannot be read or
 * built without it needs it. */
static gedi_status write_without(const gedi__trained *t, const char *descriptor,
                                 const char **override, int n, gedi__text *out,
                                 bool *same, gedi_err *err)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi__text with = {0}, without = {0};
    gedi__network net;
    gedi_status s = gedi__stored_read(descriptor, override, n, &e, &m, err);
    if (!s) {
        gedi__experiment_emit(t->e, &with);
        gedi__experiment_emit(e, &without);
        *same = with.s && without.s && !strcmp(with.s, without.s);
    }
    if (!s && !*same) {
        s = gedi__network_init(&net, e, &e->stage[e->stages - 1], &t->data.info, err);
        if (!s)
            s = write_read(&net, out, err);
        gedi__network_clear(&net);
    }
    gedi__text_clear(&with);
    gedi__text_clear(&without);
    gedi__text_clear(&m.text);
    gedi__experiment_free(e);
    return s;
}

static void refuse(const char *override, const char *descriptor, gedi__mistakes *m)
{
    gedi__text source = {0}, value = {0};
    gedi__text_add(&source, "override %s", override);
    gedi__text_add_quoted(&value, override);
    gedi__mistake(m, (gedi__place){source.s, 0, 0},
                  "only training reads this value, and nothing is trained here: the "
                  "numbers would be the same without it; to train with it: gedi run %s "
                  "%s --out NEW",
                  descriptor, value.s ? value.s : "");
    gedi__text_clear(&source);
    gedi__text_clear(&value);
}

static gedi_status check(const gedi__trained *t, const char *descriptor,
                         const char *const *override, int n, const gedi__text *with,
                         const char **rest, gedi__mistakes *m)
{
    for (int i = 0; i < n; i++) {
        gedi__text without = {0};
        gedi_err err = {0};
        bool same = false;
        if (!is_asked(override[i]))
            continue;
        for (int k = 0; k < n - 1; k++)
            rest[k] = override[k + (k >= i)];
        gedi_status s = write_without(t, descriptor, rest, n - 1, &without, &same, &err);
        if (!s && !same && without.s && !strcmp(with->s, without.s))
            refuse(override[i], descriptor, m);
        gedi__text_clear(&without);
        if (s == GEDI_NOMEM)
            return s;
    }
    return GEDI_OK;
}

/* Somebody's evaluator may train the encoder anew, from weights as they begin. */
static bool has_foreign_evaluator(const gedi__experiment *e)
{
    int i = 0;
    while (i < e->evaluators &&
           gedi__registry_is_own(e->registry, e->evaluator[i].part.plugin))
        i++;
    return i < e->evaluators;
}

static gedi_status check_options(const gedi__trained *t, const char *descriptor,
                                 const char *const *override, int n, gedi__mistakes *m,
                                 gedi_err *err)
{
    gedi__text with = {0};
    const char **rest = gedi__alloc((size_t)n, sizeof *rest, err, "overrides");
    gedi_status s = rest ? write_read(&t->net, &with, err) : GEDI_NOMEM;
    if (!s && check(t, descriptor, override, n, &with, rest, m))
        s = gedi_no_memory(err, "what evaluation reads");
    gedi__text_clear(&with);
    free(rest);
    return s;
}

gedi_status gedi__unread_options(const char *run, const char *const *override, int n,
                                 gedi__mistakes *m, gedi_err *err)
{
    gedi__trained t;
    int i = 0, before = m->n;
    while (i < n && !is_asked(override[i]))
        i++;
    if (i == n)
        return GEDI_OK;
    char *descriptor = gedi__store_path(run, GEDI__FILE_DESCRIPTOR, err);
    if (!descriptor)
        return GEDI_NOMEM;
    gedi_status s = gedi__trained_open(&t, run, override, n, m, err);
    if (!s && !has_foreign_evaluator(t.e))
        s = check_options(&t, descriptor, override, n, m, err);
    gedi__trained_close(&t);
    free(descriptor);
    return s ? s : m->n > before ? GEDI_DESCRIPTOR : GEDI_OK;
}
