/* identity_lines.c - the lines that an identity is made of, "path: value", as they are written.
 *
 * Source:  Collet, "xxHash": XXH3, 64 bits.
 */
#include "core/store/identity_lines.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/plugin/option.h"
#include "core/store/identity.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

void gedi__lines_value(gedi__lines *w, const char *path, const gedi__text *value)
{
    w->text.failed |= value->failed;
    gedi__text_add(&w->text, "%s: %s\n", path, value->s ? value->s : "");
}

/* "before file: 1b8f..." of what is in a file. */
static void add_content(gedi__lines *w, const char *before, const char *of,
                        const char *file)
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
static void add_named_file(gedi__lines *w, const char *key, const char *name)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s%s%s", *name == '/' ? "" : w->directory,
                   *name == '/' ? "" : "/", name);
    w->text.failed |= path.failed;
    if (path.s)
        add_content(w, GEDI__OF_CONTENT, key, path.s);
    gedi__text_clear(&path);
}

void gedi__lines_option(gedi__lines *w, const char *path, const gedi_option *o,
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
                gedi__lines_component(w, place.s, o->words, &list->v[i]);
            gedi__text_clear(&place);
        }
    } else {
        gedi__option_emit(o, self, &value);
        gedi__option_emit_default(o, &usual);
        w->text.failed |= value.failed || usual.failed;
        if (key.s && value.s && (w->settings || !usual.s || strcmp(value.s, usual.s)))
            gedi__lines_value(w, key.s, &value);
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
static void add_build(gedi__lines *w, const char *kind, const gedi__component *c)
{
    const char *name = c->plugin->name;
    if (c->plugin->revision)
        gedi__text_add(&w->text, "%s%s %s: %" PRIu32 "\n", GEDI__OF_REVISION, kind, name,
                       c->plugin->revision);
    if (gedi__registry_is_own(w->registry, c->plugin) || w->failed)
        return;
    gedi__text of = {0};
    gedi__text_add(&of, "%s %s", kind, name);
    w->text.failed |= of.failed;
    if (of.s)
        add_content(w, GEDI__OF_FILE, of.s, gedi__registry_file(w->registry, c->plugin));
    gedi__text_clear(&of);
}

void gedi__lines_component(gedi__lines *w, const char *path, const char *kind,
                           const gedi__component *c)
{
    gedi__text below = {0};
    if (!c->plugin)
        return;
    gedi__text_add(&w->text, "%s: %s\n", path, c->plugin->name);
    gedi__text_add(&below, "%s.%s", path, c->plugin->name);
    w->text.failed |= below.failed;
    for (const gedi_option *o = c->plugin->options; below.s && o && o->key; o++)
        gedi__lines_option(w, below.s, o, c->self);
    add_build(w, kind, c);
    gedi__text_clear(&below);
}

void gedi__lines_options(gedi__lines *w, const char *path, const gedi__key *k,
                         const gedi_option *table, const void *self)
{
    for (const gedi_option *o = table; o->key; o++)
        if (gedi__key_identity(k, o->key) == GEDI__TRAINING)
            gedi__lines_option(w, path, o, self);
}

void gedi__lines_names(gedi__lines *w, const char *path, const char *const *name, int n)
{
    gedi__text value = {0};
    for (int i = 0; i < n; i++) {
        gedi__text_add(&value, "%s", i ? ", " : "[");
        gedi__option_emit_text(name[i], &value);
    }
    gedi__text_add(&value, "]");
    if (n)
        gedi__lines_value(w, path, &value);
    gedi__text_clear(&value);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

gedi_status gedi__lines_end(gedi__lines *w, gedi__text *out)
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
