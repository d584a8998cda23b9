/* identity.c - which experiment a run is, whoever runs it, where and with which gedi.
 *
 * Source:  Collet, "xxHash": XXH3, 64 bits.
 */
#include "core/store/identity.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/lengths.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/init.h"
#include "core/descriptor/validation.h"
#include "core/plugin/option.h"
#include "core/store/weights.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

static const char of_revision[] = "revision of ", of_file[] = "file of ",
                  of_content[] = "content of ", of_figure[] = "figure: ";

typedef struct writer {
    const gedi__registry *registry;
    const char *directory; /* where relative paths start */
    bool settings;         /* all of them, but not where data lie */
    gedi__text text;       /* lines as they come */
    gedi_status failed;
    gedi_err *err;
} writer;

/* ---- lines ---- */

static void add_value(writer *w, const char *path, const gedi__text *value)
{
    w->text.failed |= value->failed;
    gedi__text_add(&w->text, "%s: %s\n", path, value->s ? value->s : "");
}

static void add_component(writer *w, const char *path, const char *kind,
                          const gedi__component *c);

/* "before file: 1b8f..." of what is in a file. */
static void add_content(writer *w, const char *before, const char *of, const char *file)
{
    char *data;
    size_t size;
    if (w->failed)
        return;
    w->failed = gedi__file_read(file, &data, &size, w->err);
    if (w->failed)
        return;
    gedi__text_add(&w->text, "%s%s: %016" PRIx64 "\n", before, of,
                   (uint64_t)XXH3_64bits(data, size));
    free(data);
}

/* Of a file that an option names. */
static void add_named_file(writer *w, const char *key, const char *name)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s%s%s", *name == '/' ? "" : w->directory,
                   *name == '/' ? "" : "/", name);
    w->text.failed |= path.failed;
    if (path.s)
        add_content(w, of_content, key, path.s);
    gedi__text_clear(&path);
}

/* An option that is its default says nothing. */
static void add_option(writer *w, const char *path, const gedi_option *o,
                       const void *self)
{
    gedi__text key = {0}, value = {0}, usual = {0};
    gedi__text_add(&key, "%s.%s", path, o->key);
    w->text.failed |= key.failed;
    if (o->type == GEDI_TYPE_COMPONENTS) {
        const gedi_components *list = (const void *)((const char *)self + o->offset);
        for (int64_t i = 0; i < list->n; i++) {
            gedi__text place = {0};
            gedi__text_add(&place, "%s.%" PRId64, key.s ? key.s : "", i);
            w->text.failed |= place.failed;
            if (place.s)
                add_component(w, place.s, o->words, &list->v[i]);
            gedi__text_clear(&place);
        }
    } else {
        gedi__option_emit(o, self, &value);
        gedi__option_emit_default(o, &usual);
        w->text.failed |= value.failed || usual.failed;
        if (key.s && value.s && (w->settings || !usual.s || strcmp(value.s, usual.s)))
            add_value(w, key.s, &value);
        const char *name = gedi__option_file(o, self);
        if (key.s && name)
            add_named_file(w, key.s, name);
    }
    gedi__text_clear(&key);
    gedi__text_clear(&value);
    gedi__text_clear(&usual);
}

/* The build of a plugin: what its author says of it and, where gedi is not the author, what
 * its file says. */
static void add_build(writer *w, const char *kind, const gedi__component *c)
{
    const char *name = c->plugin->name;
    if (c->plugin->revision)
        gedi__text_add(&w->text, "%s%s %s: %" PRIu32 "\n", of_revision, kind, name,
                       c->plugin->revision);
    if (gedi__registry_is_own(w->registry, c->plugin) || w->failed)
        return;
    gedi__text of = {0};
    gedi__text_add(&of, "%s %s", kind, name);
    w->text.failed |= of.failed;
    if (of.s)
        add_content(w, of_file, of.s, gedi__registry_file(w->registry, c->plugin));
    gedi__text_clear(&of);
}

static void add_component(writer *w, const char *path, const char *kind,
                          const gedi__component *c)
{
    gedi__text below = {0};
    if (!c->plugin)
        return;
    gedi__text_add(&w->text, "%s: %s\n", path, c->plugin->name);
    gedi__text_add(&below, "%s.%s", path, c->plugin->name);
    w->text.failed |= below.failed;
    for (const gedi_option *o = c->plugin->options; below.s && o && o->key; o++)
        add_option(w, below.s, o, c->self);
    add_build(w, kind, c);
    gedi__text_clear(&below);
}

static void add_options(writer *w, const char *path, const gedi__key *k,
                        const gedi_option *table, const void *self)
{
    for (const gedi_option *o = table; o->key; o++)
        if (gedi__key_identity(k, o->key) == GEDI__TRAINING)
            add_option(w, path, o, self);
}

static void add_names(writer *w, const char *path, const char *const *name, int n)
{
    gedi__text value = {0};
    for (int i = 0; i < n; i++) {
        gedi__text_add(&value, "%s", i ? ", " : "[");
        gedi__option_emit_text(name[i], &value);
    }
    gedi__text_add(&value, "]");
    if (n)
        add_value(w, path, &value);
    gedi__text_clear(&value);
}

/* ---- the experiment ---- */

/* One alone goes by the key, those of a list, whose parameters have other names, by their places:
 * "objective.0: swav". */
static void add_objectives(writer *w, const char *path, const gedi__key *k,
                           const gedi__stage *s)
{
    char at[80];
    for (int i = 0; i < s->objectives; i++) {
        if (s->objectives > 1 || *s->objective->prefix)
            snprintf(at, sizeof at, "%s.%d", path, i);
        else
            snprintf(at, sizeof at, "%s", path);
        add_component(w, at, gedi__kind_name(GEDI_KIND_OBJECTIVE), &s->objective[i].part);
        add_options(w, at, k, gedi__objective_options, &s->objective[i]);
    }
}

/* What the optimizer has for all stands in its own lines. */
static void add_groups(writer *w, const char *path, const gedi__stage *s)
{
    for (int i = 0; i < s->groups; i++) {
        char at[80], match[96];
        snprintf(at, sizeof at, "%s.%d", path, i);
        snprintf(match, sizeof match, "%s." GEDI__MATCH, at);
        add_names(w, match, s->group[i].name, s->group[i].names);
        for (const gedi_option *o = s->optimizer.plugin->options; o && o->key; o++)
            if (gedi__group_differs(s, &s->group[i], o))
                add_option(w, at, o, s->group[i].self);
    }
}

static void add_pipelines(writer *w, const char *path, const gedi__stage *s)
{
    char at[120];
    for (int i = 0; i < s->views; i++)
        for (int k = 0; k < s->view[i].n; k++) {
            snprintf(at, sizeof at, "%s.%d.%d", path, i, k);
            add_component(w, at, gedi__kind_name(GEDI_KIND_VIEW), &s->view[i].view[k]);
        }
}

/* The seed always; how convolutions are computed where it is not the default. */
static void add_setting(writer *w, const char *path, const gedi__experiment *e,
                        const gedi__key *k)
{
    gedi__text value = {0};
    if (!strcmp(k->key, "convolution") && !e->convolution)
        return;
    gedi__option_emit(gedi__option_find(k->options, k->key), e, &value);
    add_value(w, path, &value);
    gedi__text_clear(&value);
}

static void add_history(writer *w, const char *path, const gedi__experiment *e)
{
    for (int i = 0; i < e->turns; i++)
        gedi__text_add(&w->text, "%s.%d: after iteration %" PRId64 ", %s\n", path, i,
                       e->turn[i].iteration, e->turn[i].changed);
}

/* The evaluator that chooses weights, which are what training leaves. */
static void add_choice(writer *w, const gedi__experiment *e)
{
    const char *metric;
    const gedi__evaluation *by = gedi__validation_by(e, &metric);
    if (*e->validation.metric && by)
        add_component(w, "validation.evaluator", "evaluator", &by->part);
}

/* Which weights, wherever they lie. */
static void add_init(writer *w, const char *path, const gedi__experiment *e)
{
    const gedi__init *i = &e->init;
    char at[80], sum[GEDI__WEIGHTS_SUM + 1] = "";
    gedi__text only = {0}, names = {0};
    if (!gedi__init_is_given(i) || w->failed)
        return;
    if (!*i->checksum)
        w->failed = gedi__weights_sum(e, sum, w->err);
    gedi__text_add(&w->text, "%s%s: %s\n", of_content, path, *sum ? sum : i->checksum);
    if (i->layout)
        add_option(w, path, gedi__option_find(gedi__init_options, "layout"), i);
    snprintf(at, sizeof at, "%s." GEDI__INIT_ONLY, path);
    gedi__init_emit_only(i, &only);
    if (i->onlys)
        add_value(w, at, &only);
    snprintf(at, sizeof at, "%s." GEDI__INIT_NAMES, path);
    gedi__init_emit_names(i, &names);
    if (i->renames)
        add_value(w, at, &names);
    gedi__text_clear(&only);
    gedi__text_clear(&names);
}

/* One key of the experiment, or of a stage of it; `prefix` is "stages.1." or "". */
static void add_key(writer *w, const gedi__experiment *e, const gedi__stage *s,
                    const gedi__key *k, const char *prefix)
{
    char path[64];
    const char *owner = k->staged ? (const char *)s : (const char *)e;
    const void *at = owner + k->offset;
    snprintf(path, sizeof path, "%s%s", prefix, k->key);
    if (k->form == GEDI__VALUE)
        add_setting(w, path, e, k);
    else if (k->form == GEDI__COMPONENT)
        add_component(w, path, gedi__kind_name((gedi_kind)k->kind), at);
    else if (k->form == GEDI__OBJECTIVES)
        add_objectives(w, path, k, s);
    else if (k->form == GEDI__OPTIMIZER && s->keeps_optimizer)
        gedi__text_add(&w->text, "%s: keep\n", path);
    else if (k->form == GEDI__OPTIMIZER)
        add_component(w, path, gedi__kind_name(GEDI_KIND_OPTIMIZER), at);
    else if (k->form == GEDI__GROUPS)
        add_groups(w, path, s);
    else if (k->form == GEDI__PIPELINES)
        add_pipelines(w, path, s);
    else if (k->form == GEDI__PARAMETERS)
        add_names(w, path, *(const char *const *const *)at,
                  *(const int *)(owner + k->count));
    else if (k->form == GEDI__INIT)
        add_init(w, path, e);
    else if (k->form == GEDI__HISTORY)
        add_history(w, path, e);
    else if (k->form == GEDI__OPTIONS)
        add_options(w, path, k, k->options, at);
    if (at == (const void *)&e->validation)
        add_choice(w, e);
}

static void add_experiment(writer *w, const gedi__experiment *e)
{
    char prefix[32];
    for (const gedi__key *k = gedi__keys; k->key; k++) {
        if (k->identity != GEDI__TRAINING)
            continue;
        for (int i = 0; i < (k->staged ? e->stages : 1); i++) {
            *prefix = 0;
            if (k->staged && e->stages > 1)
                snprintf(prefix, sizeof prefix, "stages.%d.", i);
            add_key(w, e, &e->stage[i], k, prefix);
        }
    }
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Sorted, so that a plugin may sort its options otherwise; equal lines, such as the files of two
 * views, once. */
static gedi_status finish(writer *w, gedi__text *out)
{
    int n = 0;
    gedi_status s = w->failed;
    char **line = NULL, *rest = NULL;
    if (!s && w->text.failed)
        s = gedi_no_memory(w->err, "the identity of a run");
    if (!s && !(line = gedi__alloc(w->text.len + 1, sizeof *line, w->err,
                                   "the identity of a run")))
        s = GEDI_NOMEM;
    for (char *l = s ? NULL : strtok_r(w->text.s, "\n", &rest); l;
         l = strtok_r(NULL, "\n", &rest))
        line[n++] = l;
    if (n)
        qsort(line, (size_t)n, sizeof *line, by_text);
    for (int i = 0; i < n; i++)
        if ((!i || strcmp(line[i], line[i - 1])) &&
            !(w->settings && gedi__identity_is_place(line[i])))
            gedi__text_add(out, "%s\n", line[i]);
    free(line);
    gedi__text_clear(&w->text);
    if (!s && out->failed)
        s = gedi_no_memory(w->err, "the identity of a run");
    return s;
}

gedi_status gedi__identity_text(const gedi__experiment *e, gedi__text *out, gedi_err *err)
{
    writer w = {.registry = e->registry, .directory = e->directory, .err = err};
    add_experiment(&w, e);
    return finish(&w, out);
}

gedi_status gedi__identity_read(const char *path, gedi__text *out, gedi_err *err)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi_status s = gedi__experiment_read(path, NULL, 0, &e, &m, err);
    if (s == GEDI_OK)
        s = gedi__identity_text(e, out, err);
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    return s;
}

gedi_status gedi__identity_settings(const gedi__experiment *e, gedi__text *out,
                                    gedi_err *err)
{
    writer w = {
        .registry = e->registry, .directory = e->directory, .settings = true, .err = err};
    add_experiment(&w, e);
    return finish(&w, out);
}

static gedi_status add_evaluator(const gedi__experiment *e, const gedi__evaluation *v,
                                 gedi__text *out, gedi_err *err)
{
    gedi__text own = {0};
    writer w = {.registry = e->registry, .directory = e->directory, .err = err};
    add_component(&w, "evaluate", "evaluator", &v->part);
    if (gedi__evaluation_is_named(v))
        gedi__text_add(&w.text, "evaluate.name: %s\n", v->name);
    gedi_status s = finish(&w, &own);
    for (const char *l = s ? "" : own.s; *l; l += strcspn(l, "\n") + 1)
        gedi__text_add(out, "%s%.*s", l == own.s ? "" : "; ", (int)strcspn(l, "\n"), l);
    gedi__text_add(out, "\n");
    gedi__text_clear(&own);
    return s;
}

/* "figure: clusters; format: pdf; title: auto; width: 3.3in": so another look is another picture. */
static void add_figure(const gedi__experiment *e, int i, gedi__text *out)
{
    gedi__text_add(out, "%s%s", of_figure, e->figure[i]);
    bool given = gedi__print_is_given(e->figure[i], &e->print[i]);
    for (const gedi_option *o = gedi__figure_options(e->figure[i]); given && o->key;
         o++) {
        gedi__text_add(out, "; %s: ", o->key);
        gedi__option_emit(o, &e->print[i], out);
    }
    gedi__text_add(out, "\n");
}

gedi_status gedi__artefacts_text(const gedi__experiment *e, gedi__text *out,
                                 gedi_err *err)
{
    for (int i = 0; i < e->evaluators; i++)
        GEDI_TRY(add_evaluator(e, &e->evaluator[i], out, err));
    for (int i = 0; i < e->figures; i++)
        add_figure(e, i, out);
    if (out->failed)
        return gedi_no_memory(err, "the artefacts of a run");
    return GEDI_OK;
}

void gedi__identity_hash(const char *identity, char out[GEDI__HASH + 1])
{
    char all[17];
    snprintf(all, sizeof all, "%016" PRIx64,
             (uint64_t)XXH3_64bits(identity, strlen(identity)));
    memcpy(out, all, GEDI__HASH);
    out[GEDI__HASH] = 0;
}

/* ---- what differs ---- */

/* Up to the ": ", or of all of a line that has none, such as one that is damaged. */
static size_t key_length(const char *line)
{
    size_t n = strcspn(line, "\n"), i = 0;
    while (i + 1 < n && strncmp(line + i, ": ", 2))
        i++;
    return i + 1 < n ? i : n;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

/* The value behind the key that `line` has; *n is its length. NULL where there is none. */
static const char *value_in(const char *text, const char *line, size_t *n)
{
    size_t key = key_length(line);
    for (const char *l = text; *l; l = next_line(l))
        if (key_length(l) == key && !strncmp(l, line, key)) {
            const char *value = l + key + (l[key] == ':' ? 2 : 0);
            *n = strcspn(value, "\n");
            return value;
        }
    return NULL;
}

/* What component a line of its build is about; NULL for other lines. */
static const char *component_in(const char *line, bool *file)
{
    *file = !strncmp(line, of_file, sizeof of_file - 1);
    if (*file)
        return line + sizeof of_file - 1;
    return strncmp(line, of_revision, sizeof of_revision - 1)
               ? NULL
               : line + sizeof of_revision - 1;
}

/* Is the component that a line of its build is about in that identity? */
static bool has_component(const char *text, const char *component, size_t n)
{
    size_t kind = strcspn(component, " ");
    const char *name = component + kind + 1;
    n -= kind + 1;
    for (const char *l = text; *l; l = next_line(l)) {
        size_t key = key_length(l);
        if (l[key] == ':' && !strncmp(l + key + 2, name, n) && l[key + 2 + n] == '\n')
            return true;
    }
    return false;
}

bool gedi__identity_is_turn(const char *line)
{
    const gedi__key *k = gedi__key_of_form(GEDI__HISTORY);
    size_t n = strlen(k->key);
    return !strncmp(line, k->key, n) && line[n] == '.';
}

static bool is_build(const char *line)
{
    bool file;
    return component_in(line, &file) != NULL;
}

static bool is_content(const char *line)
{
    return !strncmp(line, of_content, sizeof of_content - 1);
}

bool gedi__identity_is_build(const char *line)
{
    return is_build(line);
}

const char *gedi__identity_build(const char *identity, const char *line, size_t *n)
{
    bool file;
    const char *value = value_in(identity, line, n), *of = component_in(line, &file);
    if (value || !has_component(identity, of, (size_t)(line + key_length(line) - of)))
        return value;
    *n = 1;
    return "0";
}

bool gedi__identity_differs(const char *line, const char *then, const char *now,
                            size_t *key)
{
    size_t old = 0, new = 0;
    const char *a = value_in(then, line, &old), *b = value_in(now, line, &new);
    *key = key_length(line);
    return !a || !b || old != new || strncmp(a, b, old) != 0;
}

static void add_change(const char *line, const char *then, const char *now,
                       gedi__text *out)
{
    size_t old = 0, new = 0, key;
    bool file;
    if (!gedi__identity_differs(line, then, now, &key))
        return;
    const char *a = value_in(then, line, &old), *b = value_in(now, line, &new);
    const char *of = component_in(line, &file), *between = out->len ? "; " : "";
    if (!strncmp(line, of_content, sizeof of_content - 1)) {
        size_t n = 0;
        const char *name = value_in(now, line + sizeof of_content - 1, &n);
        if (a && b)
            gedi__text_add(out, "%sthe %.*s, %.*s, has changed", between, (int)key, line,
                           name ? (int)n : 4, name ? name : "file");
        return; /* else the option's own line says so */
    }
    if (!of) {
        gedi__text_add(out, "%s%.*s: %.*s -> %.*s", between, (int)key, line,
                       a ? (int)old : 7, a ? a : "default", b ? (int)new : 7,
                       b ? b : "default");
        return;
    }
    int n = (int)(line + key - of);
    if (!has_component(then, of, (size_t)n) || !has_component(now, of, (size_t)n))
        return; /* it is not there at all on one side: its own line says so */
    if (file)
        gedi__text_add(out, "%s%.*s was rebuilt since", between, n, of);
    else
        gedi__text_add(out, "%s%.*s has revision %.*s, it had %.*s", between, n, of,
                       b ? (int)new : 1, b ? b : "0", a ? (int)old : 1, a ? a : "0");
}

void gedi__identity_changes(const char *then, const char *now, gedi__text *out)
{
    size_t n;
    for (const char *l = then; *l; l = next_line(l))
        add_change(l, then, now, out);
    for (const char *l = now; *l; l = next_line(l))
        if (!value_in(then, l, &n))
            add_change(l, then, now, out);
}

/* Are all lines of `a` in `b`, too, but for those? */
static bool has_all_but(const char *a, const char *b, bool (*but)(const char *line))
{
    size_t n, k;
    for (const char *l = a; *l; l = next_line(l)) {
        const char *own = value_in(a, l, &n), *other = value_in(b, l, &k);
        if (!but(l) && (!other || n != k || strncmp(own, other, n)))
            return false;
    }
    return true;
}

static bool differ_only(const char *a, const char *b, bool (*in)(const char *line))
{
    return strcmp(a, b) && has_all_but(a, b, in) && has_all_but(b, a, in);
}

bool gedi__identity_rebuilt(const char *then, const char *now)
{
    return differ_only(then, now, is_build);
}

bool gedi__identity_is_place(const char *line)
{
    static const char begins[] = "dataset.";
    static const char *const ends[] = {".path", ".keep"}; /* the same records from each */
    size_t n = key_length(line), b = sizeof begins - 1;
    for (int i = 0; i < 2; i++) {
        size_t e = strlen(ends[i]);
        if (n > b + e && !strncmp(line, begins, b) && !strncmp(line + n - e, ends[i], e))
            return true;
    }
    return false;
}

static const char *next_but_places(const char *line)
{
    while (*line && gedi__identity_is_place(line))
        line = next_line(line);
    return line;
}

bool gedi__identity_same(const char *a, const char *b)
{
    for (;; a = next_line(a), b = next_line(b)) {
        a = next_but_places(a);
        b = next_but_places(b);
        size_t n = strcspn(a, "\n");
        if (!*a || !*b || n != strcspn(b, "\n") || strncmp(a, b, n))
            return !*a && !*b;
    }
}

/* Does the line state how long the last stage is? */
static bool is_length(const gedi__experiment *e, const char *line)
{
    char prefix[40];
    if (e->stages > 1)
        snprintf(prefix, sizeof prefix, "stages.%d.train.", e->stages - 1);
    else
        snprintf(prefix, sizeof prefix, "train.");
    size_t n = strlen(prefix);
    return !strncmp(line, prefix, n) &&
           (!strncmp(line + n, "iterations: ", 12) || !strncmp(line + n, "epochs: ", 8) ||
            !strncmp(line + n, "hours: ", 7));
}

static const char *next_but_length(const gedi__experiment *e, const char *line)
{
    while (*line && (gedi__identity_is_place(line) || is_length(e, line)))
        line = next_line(line);
    return line;
}

bool gedi__identity_is_longer(const gedi__experiment *e, const char *a, const char *b)
{
    char name[160];
    return gedi__identity_lengths(e, a, b) && !gedi__length_matters(e, name, sizeof name);
}

bool gedi__identity_lengths(const gedi__experiment *e, const char *a, const char *b)
{
    for (;; a = next_line(a), b = next_line(b)) {
        a = next_but_length(e, a);
        b = next_but_length(e, b);
        size_t n = strcspn(a, "\n");
        if (!*a || !*b || n != strcspn(b, "\n") || strncmp(a, b, n))
            return !*a && !*b;
    }
}

gedi_status gedi__identity_check(const char *path, const char *then, const char *now,
                                 gedi_err *err)
{
    gedi__text what = {0};
    if (gedi__identity_same(then, now))
        return GEDI_OK;
    gedi__identity_changes(then, now, &what);
    gedi_status s = GEDI_NOMEM;
    if (what.failed)
        gedi_no_memory(err, "the differences of %s", path);
    else if (gedi__identity_rebuilt(then, now))
        s = GEDI_FAIL(err, GEDI_STATE,
                      "%s: %s: put the build back that it was trained with, or start a "
                      "new run",
                      path, what.s ? what.s : "a plugin was rebuilt");
    else if (differ_only(then, now, is_content))
        s = GEDI_FAIL(err, GEDI_STATE,
                      "%s: %s: put back what it was trained with, or start a new run",
                      path, what.s ? what.s : "a file was changed");
    else
        s = GEDI_FAIL(err, GEDI_STATE,
                      "%s: written for another experiment than descriptor.yaml beside it "
                      "(%.300s): restore descriptor.yaml, or start a new run from it",
                      path, what.s ? what.s : "its identity is damaged");
    gedi__text_clear(&what);
    return s;
}
