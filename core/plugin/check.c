/* check.c - is what a .so exports a plugin that this gedi can use?
 *
 * Fields are trusted in the order of the checks: the ABI number says that the head is
 * where we think, the size that the slots are there, the signature that types agree.
 */
#include "core/plugin/check.h"
#include "core/base/text.h"
#include "core/base/memory.h"
#include "core/plugin/option.h"
#include "core/plugin/registry.h"
#include "core/plugin/value.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_REQUIRED = 3 };

typedef struct slot {
    const char *name;
    size_t offset;
} slot;

#define SLOT(kind, f)                                                                    \
    {                                                                                    \
#f, offsetof(gedi_##kind, f)                                                     \
    }

static const struct {
    size_t size;
    slot required[MAX_REQUIRED];
} kinds[GEDI_KINDS] = {
    [GEDI_KIND_DATASET] = {sizeof(gedi_dataset),
                           {SLOT(dataset, open), SLOT(dataset, read),
                            SLOT(dataset, close)}},
    [GEDI_KIND_VIEW] = {sizeof(gedi_view), {SLOT(view, apply)}},
    [GEDI_KIND_MODEL] = {sizeof(gedi_model), {SLOT(model, build)}},
    [GEDI_KIND_OBJECTIVE] = {sizeof(gedi_objective), {SLOT(objective, loss)}},
    [GEDI_KIND_SAMPLER] = {sizeof(gedi_sampler),
                           {SLOT(sampler, chain), SLOT(sampler, step)}},
    [GEDI_KIND_OPTIMIZER] = {sizeof(gedi_optimizer),
                             {SLOT(optimizer, slots), SLOT(optimizer, step)}},
    [GEDI_KIND_EVALUATOR] = {sizeof(gedi_evaluator),
                             {SLOT(evaluator, evaluate), SLOT(evaluator, metrics)}},
};

typedef void (*function)(void);

size_t gedi__plugin_size(gedi_kind kind)
{
    return kinds[kind].size;
}

/* A plugin may be built with an older, shorter struct, but must reach to the end of the
 * last function that is required. */
static size_t least_size(gedi_kind kind)
{
    size_t end = sizeof(gedi_plugin);
    for (int i = 0; i < MAX_REQUIRED; i++) {
        const slot *s = &kinds[kind].required[i];
        if (s->name && s->offset + sizeof(function) > end)
            end = s->offset + sizeof(function);
    }
    return end;
}

static gedi_status check_abi(gedi_kind kind, const char *file, const gedi_plugin *p,
                             gedi_err *err)
{
    if (p->abi != GEDI_PLUGIN_ABI)
        return GEDI_FAIL(
            err, GEDI_ABI,
            "%s: built for plugin ABI %u, but this gedi has ABI %d: rebuild it, "
            "`make` in its folder",
            file, (unsigned)p->abi, GEDI_PLUGIN_ABI);
    if (p->struct_size < least_size(kind))
        return GEDI_FAIL(err, GEDI_ABI,
                         "%s: its gedi_%s has %u bytes, but this gedi needs at least "
                         "%zu: rebuild it against this gedi",
                         file, gedi__kind_name(kind), (unsigned)p->struct_size,
                         least_size(kind));
    if (!p->sig || strcmp(p->sig, GEDI_SIGNATURE))
        return GEDI_FAIL(err, GEDI_ABI,
                         "%s: built for '%s', but this gedi for '%s': rebuild it against "
                         "this gedi",
                         file, p->sig ? p->sig : "nothing", GEDI_SIGNATURE);
    return GEDI_OK;
}

static gedi_status check_functions(gedi_kind kind, const char *file, const void *copy,
                                   gedi_err *err)
{
    for (int i = 0; i < MAX_REQUIRED; i++) {
        const slot *s = &kinds[kind].required[i];
        function f = NULL;
        if (!s->name)
            continue;
        memcpy(&f, (const char *)copy + s->offset, sizeof f);
        if (!f)
            return GEDI_FAIL(err, GEDI_PLUGIN,
                             "%s: it has no '%s', which every %s must have: add it "
                             "and rebuild",
                             file, s->name, gedi__kind_name(kind));
    }
    return GEDI_OK;
}

static size_t size_of_type(gedi_option_type t)
{
    switch (t) {
    case GEDI_TYPE_REAL:
        return sizeof(double);
    case GEDI_TYPE_INT:
    case GEDI_TYPE_ENUM:
        return sizeof(int64_t);
    case GEDI_TYPE_BOOL:
        return sizeof(bool);
    case GEDI_TYPE_TEXT:
        return sizeof(const char *);
    case GEDI_TYPE_INTS:
        return sizeof(gedi_ints);
    case GEDI_TYPE_REALS:
        return sizeof(gedi_reals);
    case GEDI_TYPE_COMPONENTS:
        return sizeof(gedi_components);
    case GEDI_TYPE_SCHEDULE:
        return sizeof(gedi_schedule);
    case GEDI_TYPE_END:
        break;
    }
    return 0;
}

static bool has_limits(gedi_option_type t)
{
    return t == GEDI_TYPE_REAL || t == GEDI_TYPE_INT || t == GEDI_TYPE_INTS ||
           t == GEDI_TYPE_REALS || t == GEDI_TYPE_SCHEDULE;
}

/* Words must be plain, so that they are written into YAML as they are. */
static bool words_are_legal(const char *words)
{
    gedi__words list;
    int n = gedi__words_cut(words, &list);
    for (int i = 0; i < n; i++)
        if (!gedi__is_plain_name(list.word[i]))
            return false;
    return n > 0;
}

/* What is shown of a plugin, and written into JSON. `what` is of `name`, where that is not NULL. */
static gedi_status check_line(const char *file, const char *what, const char *name,
                              const char *text, gedi_err *err)
{
    if (!*text || gedi__text_is_line(text))
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_PLUGIN,
                     "%s: %s%s%s%s is no line of text: UTF-8 without control characters",
                     file, what, name ? " '" : "", name ? name : "", name ? "'" : "");
}

static gedi_status check_option(const gedi_plugin *p, const gedi_option *o,
                                const char *file, gedi_err *err)
{
    size_t size = size_of_type(o->type);
    if (!gedi__is_plain_name(o->key))
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "%s: option '%s': a key has only letters, digits and _", file,
                         o->key);
    if (gedi__option_find(p->options, o->key) != o)
        return GEDI_FAIL(err, GEDI_PLUGIN, "%s: duplicate option '%s'", file, o->key);
    if (!size)
        return GEDI_FAIL(err, GEDI_PLUGIN, "%s: option '%s': type %d does not exist",
                         file, o->key, (int)o->type);
    if (o->offset > p->self_size || size > p->self_size - o->offset)
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "%s: option '%s', %zu bytes at %zu, is outside of a struct of "
                         "%zu: set .self_size to the size of the struct in its table",
                         file, o->key, size, o->offset, p->self_size);
    if (has_limits(o->type) && !(o->min <= o->max))
        return GEDI_FAIL(err, GEDI_PLUGIN, "%s: option '%s': its range [%g, %g] is empty",
                         file, o->key, o->min, o->max);
    if (o->type == GEDI_TYPE_TEXT && o->words && strcmp(o->words, "file"))
        return GEDI_FAIL(
            err, GEDI_PLUGIN,
            "%s: option '%s': words of a text are \"file\" or none, not '%s'", file,
            o->key, o->words);
    if (o->type == GEDI_TYPE_ENUM && !words_are_legal(o->words))
        return GEDI_FAIL(
            err, GEDI_PLUGIN,
            "%s: option '%s': '%s' is no list of words such as \"none|free\" (at most "
            "%d, %d bytes)",
            file, o->key, o->words ? o->words : "", GEDI__MAX_WORDS,
            GEDI__WORDS_SIZE - 1);
    gedi_kind kind;
    if (o->type == GEDI_TYPE_COMPONENTS &&
        (!o->words || !gedi__kind_parse(o->words, &kind)))
        return GEDI_FAIL(
            err, GEDI_PLUGIN,
            "%s: option '%s': '%s' is no kind of plugin, such as \"dataset\"", file,
            o->key, o->words ? o->words : "");
    if (!o->help || !*o->help)
        return GEDI_FAIL(err, GEDI_PLUGIN, "%s: option '%s' has no line of help", file,
                         o->key);
    return check_line(file, "the help of option", o->key, o->help, err);
}

/* Reads one row beyond a table that has no end, to see that it has none. */
__attribute__((no_sanitize("address"))) static bool has_end(const gedi_option *o)
{
    while (o->row == GEDI_ROW_OPTION)
        o++;
    return o->row == GEDI_ROW_END;
}

/* The core runs the schedules of what a stage states, and of nothing else. */
static gedi_status check_scheduled(gedi_kind kind, const gedi_option *o, const char *file,
                                   gedi_err *err)
{
    if (o->type != GEDI_TYPE_SCHEDULE || kind == GEDI_KIND_OBJECTIVE ||
        kind == GEDI_KIND_SAMPLER || kind == GEDI_KIND_OPTIMIZER)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_PLUGIN,
                     "%s: option '%s' is scheduled, which only those of an objective, a "
                     "sampler or an optimizer can be: declare it with GEDI_REAL",
                     file, o->key);
}

static gedi_status check_options(gedi_kind kind, const gedi_plugin *p, const char *file,
                                 gedi_err *err)
{
    /* Datasets alone keep in `self` what they have opened. */
    if (!p->options && p->self_size && kind != GEDI_KIND_DATASET)
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "%s: it has a struct of %zu bytes but no table of options: add "
                         ".options, or leave out .self_size",
                         file, p->self_size);
    if (p->options && !has_end(p->options))
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "%s: its table of options has no end: add GEDI_END as its last "
                         "row",
                         file);
    for (const gedi_option *o = p->options; o && o->key; o++)
        GEDI_TRY(check_option(p, o, file, err));
    for (const gedi_option *o = p->options; o && o->key; o++)
        GEDI_TRY(check_scheduled(kind, o, file, err));
    if (!gedi__option_count(p->options))
        return GEDI_OK;
    gedi_err why = {0};
    void *self = gedi__alloc(1, p->self_size, err, "the options of %s", file);
    if (!self)
        return GEDI_NOMEM;
    gedi_status s = gedi__option_defaults(p->options, self, &why);
    free(self);
    return s ? GEDI_FAIL(err, GEDI_PLUGIN, "%s: %s", file, why.msg) : GEDI_OK;
}

static gedi_status check_metrics(const gedi_metric *m, const char *file, gedi_err *err)
{
    for (; m->name; m++) {
        GEDI_TRY(check_line(file, "the name of a metric", NULL, m->name, err));
        if (!m->unit || !m->definition)
            return GEDI_FAIL(err, GEDI_PLUGIN,
                             "%s: metric '%s' has no %s: add %s and rebuild", file,
                             m->name, m->unit ? "definition" : "unit",
                             m->unit ? "one line that says what it is"
                                     : "it to the row, \"\" for a plain number");
        GEDI_TRY(check_line(file, "the unit of metric", m->name, m->unit, err));
        GEDI_TRY(
            check_line(file, "the definition of metric", m->name, m->definition, err));
        if (m->direction != GEDI_MORE && m->direction != GEDI_LESS &&
            m->direction != GEDI_NEITHER)
            return GEDI_FAIL(
                err, GEDI_PLUGIN,
                "%s: metric '%s': its direction is %d: GEDI_MORE, GEDI_LESS or "
                "GEDI_NEITHER is",
                file, m->name, (int)m->direction);
    }
    return GEDI_OK;
}

gedi_status gedi__plugin_check(gedi_kind kind, const char *name, const char *file,
                               const void *exported, void *copy, gedi_err *err)
{
    const gedi_plugin *theirs = exported;
    GEDI_TRY(check_abi(kind, file, theirs, err));
    size_t size = gedi__plugin_size(kind);
    memset(copy, 0, size);
    memcpy(copy, exported, theirs->struct_size < size ? theirs->struct_size : size);
    gedi_plugin *p = copy;
    if (!p->name || strcmp(p->name, name))
        return GEDI_FAIL(err, GEDI_PLUGIN,
                         "%s: it calls itself '%s', but its file says '%s': the two must "
                         "agree",
                         file, p->name ? p->name : "", name);
    p->brief = p->brief ? p->brief : "";
    p->cite = p->cite ? p->cite : "";
    GEDI_TRY(check_line(file, "its brief", NULL, p->brief, err));
    GEDI_TRY(check_line(file, "its cite", NULL, p->cite, err));
    GEDI_TRY(check_functions(kind, file, copy, err));
    if (kind == GEDI_KIND_EVALUATOR)
        GEDI_TRY(check_metrics(((const gedi_evaluator *)copy)->metrics, file, err));
    return check_options(kind, p, file, err);
}
