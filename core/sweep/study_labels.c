/* study_labels.c - what the runs of a study are called, by axes and by paths of their descriptors. */
#include "core/base/file.h"
#include "core/store/folder.h"
#include "core/store/summary.h"
#include "core/sweep/label.h"
#include "core/sweep/points.h"
#include "core/sweep/study.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A descriptor is parsed once for a name, however often a table asks. */
typedef struct gedi__known_label {
    const char *name, *label;
    struct gedi__known_label *next;
} gedi__known_label;

static gedi_status read_label(gedi__study *s, const gedi__result *r, const char *name,
                              const char **out)
{
    char *path = gedi__store_path(r->folder, GEDI__FILE_DESCRIPTOR, NULL), *text = NULL;
    size_t size;
    gedi__text label = {0};
    gedi_status status = path ? GEDI_OK : GEDI_NOMEM;
    *out = "";
    if (!status && !gedi__file_read(path, &text, &size, NULL))
        status = gedi__descriptor_label(text, name, &label);
    if (!status && label.len && !(*out = gedi__arena_text(&s->arena, label.s)))
        status = GEDI_NOMEM;
    gedi__text_clear(&label);
    free(text);
    free(path);
    return status;
}

gedi_status gedi__study_label(gedi__study *s, int i, const char *name, const char **out)
{
    gedi__result *r = &s->result[i];
    const gedi__known_label *k = r->known;
    *out = json_string_value(json_object_get(r->labels, name));
    while (!*out && k && strcmp(k->name, name))
        k = k->next;
    if (!*out && k)
        *out = k->label;
    if (*out)
        return GEDI_OK;
    GEDI_TRY(read_label(s, r, name, out));
    gedi__known_label *new = gedi__arena_alloc(&s->arena, sizeof *new);
    if (!new || !(new->name = gedi__arena_text(&s->arena, name)))
        return GEDI_NOMEM;
    new->label = *out;
    new->next = r->known;
    r->known = new;
    return GEDI_OK;
}

typedef struct words { /* that differ */
    gedi__arena *arena;
    const char **word;
    int n, room;
} words;

static gedi_status add_word(words *w, const char *word)
{
    for (int i = 0; i < w->n; i++)
        if (!strcmp(w->word[i], word))
            return GEDI_OK;
    if (w->n + 1 >= w->room) {
        int room = w->room ? 2 * w->room : 32;
        const char **more = gedi__arena_alloc(w->arena, (size_t)room * sizeof *more);
        if (!more)
            return GEDI_NOMEM;
        for (int i = 0; i < w->n; i++)
            more[i] = w->word[i];
        w->word = more;
        w->room = room;
    }
    w->word[w->n++] = word;
    return GEDI_OK;
}

int gedi__study_place(const char *const *label, int n, const char *wanted)
{
    for (int i = 0; i < n; i++)
        if (!strcmp(label[i], wanted))
            return i;
    return -1;
}

/* Numbers in them by their size: [4] before [8] before [8, 8] before [16]. */
static int by_numbers(const void *a, const void *b)
{
    const char *x = *(const char *const *)a, *y = *(const char *const *)b;
    while (*x && *y) {
        char *x_end, *y_end;
        double p = strtod(x, &x_end), q = strtod(y, &y_end);
        if (x_end != x && y_end != y) {
            if (p < q || p > q)
                return p < q ? -1 : 1;
            x = x_end;
            y = y_end;
        } else if (*x != *y) {
            return *x == ']' ? -1 : *y == ']' ? 1 : (unsigned char)*x - (unsigned char)*y;
        } else {
            x++;
            y++;
        }
    }
    return (unsigned char)*x - (unsigned char)*y;
}

bool gedi__study_draws(const gedi__study *s, const char *axis)
{
    bool drawn = !strcmp(axis, GEDI__DRAW);
    for (int i = 0; i < s->documents; i++)
        drawn |= gedi__points_draws(s->document[i], axis);
    return drawn;
}

gedi_status gedi__study_labels(gedi__study *s, const char *name, const char ***out)
{
    words w = {.arena = &s->arena};
    const char *label;
    size_t k;
    json_t *v;
    for (int i = 0; i < s->documents; i++) {
        json_t *axes = gedi__points_axes(s->document[i]);
        json_array_foreach(json_object_get(axes, name), k, v) if (json_is_string(v))
            GEDI_TRY(add_word(&w, json_string_value(v)));
    }
    for (int i = 0; i < s->results; i++) {
        GEDI_TRY(gedi__study_label(s, i, name, &label));
        if (*label)
            GEDI_TRY(add_word(&w, label));
    }
    if (strcmp(name, GEDI__DRAW) && gedi__study_draws(s, name) && w.n)
        qsort(w.word, (size_t)w.n, sizeof *w.word, by_numbers);
    if (!w.word && !(w.word = gedi__arena_alloc(&s->arena, sizeof *w.word)))
        return GEDI_NOMEM;
    *out = w.word; /* the arena's memory is zero: NULL follows */
    return GEDI_OK;
}

gedi_status gedi__study_axes(gedi__study *s, const char ***out)
{
    words w = {.arena = &s->arena};
    const char *name;
    json_t *v;
    for (int i = 0; i < s->documents; i++)
        json_object_foreach(gedi__points_axes(s->document[i]), name, v)
            GEDI_TRY(add_word(&w, name));
    GEDI_TRY(add_word(&w, "seed")); /* an axis of any runs */
    *out = w.word;
    return GEDI_OK;
}

/* Each once: runs of a sweep have mostly the same. */
static gedi_status add_paths(words *w, char *lines)
{
    for (char *l = lines, *next; l && *l; l = next) {
        next = l + strcspn(l, "\n");
        next += *next ? (*next = 0, 1) : 0;
        if (gedi__study_place(w->word, w->n, l) >= 0)
            continue;
        const char *own = gedi__arena_text(w->arena, l);
        if (!own || add_word(w, own))
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

gedi_status gedi__study_paths(gedi__study *s, const char ***out)
{
    words w = {.arena = &s->arena};
    *out = gedi__arena_alloc(&s->arena, sizeof **out); /* where there is none */
    gedi_status status = *out ? GEDI_OK : GEDI_NOMEM;
    for (int i = 0; i < s->results && !status; i++) {
        gedi__text lines = {0};
        gedi__summary_paths(s->result[i].summary, &lines);
        status = lines.failed ? GEDI_NOMEM : add_paths(&w, lines.s);
        gedi__text_clear(&lines);
    }
    *out = w.n ? w.word : *out;
    return status;
}

static bool ends_with(const char *axis, const char *name)
{
    size_t n = strlen(axis), m = strlen(name);
    return m && n > m && axis[n - m - 1] == '.' && !strcmp(axis + n - m, name);
}

gedi_status gedi__study_axis(gedi__study *s, const char *name, const char **out,
                             gedi_err *err)
{
    const char **axes, **labels, *only = NULL;
    int n = 0;
    gedi__text t = {0};
    *out = name;
    if (gedi__study_axes(s, &axes) || gedi__study_labels(s, name, &labels))
        return gedi_no_memory(err, "%s", name);
    if (*labels)
        return GEDI_OK;
    gedi__text_add(&t, "%s: several axes end so, name one of them:", name);
    for (int i = 0; axes[i]; i++)
        if (ends_with(axes[i], name)) {
            gedi__text_add(&t, "%s%s", n++ ? ", " : " ", axes[i]);
            only = axes[i];
        }
    if (n > 1)
        return gedi__study_fail(&t, err);
    *out = n ? only : name;
    bool failed = t.failed;
    gedi__text_clear(&t);
    return failed ? gedi_no_memory(err, "%s", name) : GEDI_OK;
}

/* ---- what is not there ---- */

gedi_status gedi__study_fail(gedi__text *message, gedi_err *err)
{
    static const char more[] = " ...";
    size_t n = sizeof err->msg - sizeof more;
    if (message->len >= sizeof err->msg) {
        while (n && message->s[n] != ' ')
            n--;
        memcpy(message->s + n, more, sizeof more);
    }
    gedi_status s = message->failed ? gedi_no_memory(err, "runs")
                                    : GEDI_FAIL(err, GEDI_USAGE, "%s", message->s);
    gedi__text_clear(message);
    return s;
}

gedi_status gedi__study_no_name(gedi__study *s, const char *name, gedi_err *err)
{
    gedi__text t = {0};
    const char **axes;
    if (gedi__study_axes(s, &axes))
        return gedi_no_memory(err, "%s", name);
    int n = 0;
    while (axes[n])
        n++;
    const char *near = gedi__text_nearest(name, axes, n);
    gedi__text_add(&t, "%s: no run has such an axis or path%s%s%s", name,
                   near ? ": did you mean '" : "", near ? near : "", near ? "'?" : "");
    gedi__text_add(&t, near ? " (the axes are" : "; the axes are");
    for (int i = 0; i < n; i++)
        gedi__text_add(&t, "%s%s", i ? ", " : " ", axes[i]);
    gedi__text_add(&t, near ? ")" : "");
    return gedi__study_fail(&t, err);
}

gedi_status gedi__study_no_label(gedi__study *s, const char *name, const char *label,
                                 gedi_err *err)
{
    words w = {.arena = &s->arena};
    gedi__text t = {0};
    for (int i = 0; i < s->results; i++) {
        const char *own;
        if (gedi__study_label(s, i, name, &own) || (*own && add_word(&w, own)))
            return gedi_no_memory(err, "%s", name);
    }
    if (!w.n)
        return gedi__study_no_name(s, name, err);
    gedi__text_add(&t, "no run has %s=%s; there are:", name, label);
    for (int i = 0; i < w.n; i++)
        gedi__text_add(&t, "%s%s", i ? ", " : " ", w.word[i]);
    return gedi__study_fail(&t, err);
}

gedi_status gedi__study_keep(gedi__study *s, const char *name, const char *label,
                             gedi_err *err)
{
    int n = 0;
    for (int i = 0; i < s->results; i++) {
        const char *own;
        if (gedi__study_label(s, i, name, &own))
            return gedi_no_memory(err, "%s", name);
        if (!strcmp(own, label)) {
            gedi__result r = s->result[i];
            s->result[i] = s->result[n];
            s->result[n++] = r;
        }
    }
    if (!n)
        return gedi__study_no_label(s, name, label, err);
    for (int i = n; i < s->results; i++)
        json_decref(s->result[i].summary);
    s->results = n;
    return GEDI_OK;
}
