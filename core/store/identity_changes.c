/* identity_changes.c - telling two identities apart, and saying what differs. */
#include "core/descriptor/keys.h"
#include "core/descriptor/lengths.h"
#include "core/store/identity.h"
#include "core/store/identity_lines.h"

#include <stdio.h>
#include <string.h>

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
    *file = !strncmp(line, GEDI__OF_FILE, sizeof GEDI__OF_FILE - 1);
    if (*file)
        return line + sizeof GEDI__OF_FILE - 1;
    return strncmp(line, GEDI__OF_REVISION, sizeof GEDI__OF_REVISION - 1)
               ? NULL
               : line + sizeof GEDI__OF_REVISION - 1;
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
    return !strncmp(line, GEDI__OF_CONTENT, sizeof GEDI__OF_CONTENT - 1);
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
    if (!strncmp(line, GEDI__OF_CONTENT, sizeof GEDI__OF_CONTENT - 1)) {
        size_t n = 0;
        const char *name = value_in(now, line + sizeof GEDI__OF_CONTENT - 1, &n);
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

static bool is_any(const char *line)
{
    (void)line;
    return true;
}

/* Of the lines of that kind. */
static void add_changes(const char *then, const char *now, bool (*of)(const char *line),
                        gedi__text *out)
{
    size_t n;
    for (const char *l = then; *l; l = next_line(l))
        if (of(l))
            add_change(l, then, now, out);
    for (const char *l = now; *l; l = next_line(l))
        if (of(l) && !value_in(then, l, &n))
            add_change(l, then, now, out);
}

void gedi__identity_changes(const char *then, const char *now, gedi__text *out)
{
    add_changes(then, now, is_any, out);
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
    /* Beside a plugin that was rebuilt, other values may be put in that a run could go on with. */
    add_changes(then, now, is_build, &what);
    bool rebuilt = what.len || gedi__identity_rebuilt(then, now);
    if (!rebuilt)
        gedi__identity_changes(then, now, &what);
    gedi_status s = GEDI_NOMEM;
    if (what.failed)
        gedi_no_memory(err, "the differences of %s", path);
    else if (rebuilt)
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
