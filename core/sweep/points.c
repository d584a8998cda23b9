/* points.c - points.json: the axes of a sweep, its points, and what it shows. */
#include "core/sweep/points.h"
#include "core/store/json.h"
#include "core/sweep/besides.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define SWEEP "sweep"
#define AXES "axes"
#define POINTS "points"
#define HASH "hash"
#define TITLE "title"
#define LABELS "labels"
#define BESIDES "besides"
#define SHOWS "shows"
#define LEFT "left"
#define REFUSED "refused"
#define SEARCHED "searched"
#define DRAWN "drawn"
#define LISTED "listed" /* of these, those drawn of a list of values */
#define FIGURES "figures"
#define KIND "kind"
#define NAME "name"
#define ROWS "rows"
#define COLUMNS "columns"
#define VALUE "value"
#define FIGURE "figure"
#define STAT "stat"
#define BEST "best"
#define THRESHOLD "threshold"
#define LOW "low"
#define HIGH "high"
#define FORMAT "format"
#define WIDTH "width"
#define WHERE "where"

enum { STATS = GEDI__SUCCESS + 1, BESTS = GEDI__BEST_NONE + 1 };
static const char *const stat_word[STATS] = {"mean", "median", "min",
                                             "max",  "n",      "success"};
static const char *const format_word[] = {"png", "pdf", "svg"};
static const char *const best_word[BESTS] = {"auto", "max", "min", "none"};

static json_t *labels_of(const gedi__plan *p, int i)
{
    json_t *o = json_object();
    for (int a = 0; a < p->sweep->axes; a++)
        for (int k = 0; k < p->sweep->axis[a].names; k++) {
            const char *name = p->sweep->axis[a].name[k];
            json_object_set_new(o, name, json_string(gedi__plan_label(p, i, name)));
        }
    return o;
}

json_t *gedi__points_axes_of(const gedi__plan *p)
{
    const gedi__sweep *s = p->sweep;
    json_t *o = json_object();
    for (int a = 0; a < s->axes; a++)
        for (int k = 0; k < s->axis[a].names; k++) {
            json_t *labels = json_array();
            for (int i = 0; i < s->axis[a].levels; i++)
                json_array_append_new(labels, json_string(s->axis[a].level[i].label[k]));
            json_object_set_new(o, s->axis[a].name[k], labels);
        }
    return o;
}

/* A path, or {title: path}. */
static json_t *value_of(const gedi__show *w)
{
    json_t *several = w->quantities ? json_object() : NULL;
    for (int i = 0; i < w->quantities; i++)
        json_object_set_new(several, w->quantity[i].title,
                            json_string(w->quantity[i].path));
    return several ? several : json_string(w->value);
}

/* A label, or a list of them. */
static json_t *condition_of(const gedi__where *w)
{
    json_t *several = w->anys ? json_array() : NULL;
    for (int i = 0; i < w->anys; i++)
        json_array_append_new(several, json_string(w->any[i]));
    return several ? several : json_string(w->label);
}

static json_t *show_of(const gedi__show *w)
{
    json_t *where = json_object();
    for (int i = 0; i < w->wheres; i++)
        json_object_set_new(where, w->where[i].name, condition_of(&w->where[i]));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:o, s:o, s:f, s:f, s:f, s:o}",
        KIND, gedi__show_key(w->kind), NAME, w->name, ROWS, w->rows, COLUMNS, w->columns,
        VALUE, value_of(w), FIGURE, w->figure, FORMAT, format_word[w->format], TITLE,
        w->title, WIDTH, w->width, STAT, json_string(stat_word[w->stat]), BEST,
        json_string(best_word[w->best]), THRESHOLD, w->threshold, LOW, w->low, HIGH,
        w->high, WHERE, where);
}

static json_t *root_of(const gedi__plan *p)
{
    json_t *points = json_array(), *shows = json_array();
    for (int i = 0; i < p->points; i++)
        json_array_append_new(points,
                              json_pack("{s:s, s:s, s:o}", HASH, p->point[i].hash, TITLE,
                                        p->point[i].title, LABELS, labels_of(p, i)));
    for (int i = 0; i < p->sweep->shows; i++)
        json_array_append_new(shows, show_of(&p->sweep->show[i]));
    json_t *root = json_pack("{s:s, s:o, s:o, s:o}", SWEEP, p->name, AXES,
                             gedi__points_axes_of(p), SHOWS, shows, POINTS, points);
    if (root)
        json_object_set_new(root, BESIDES, gedi__besides_of(p));
    return root;
}

/* What depends on results is not part of what hosts that share the sweep must agree on. */
static json_t *left_of(const gedi__plan *p)
{
    json_t *o = json_object();
    for (int i = 0; i < p->points; i++)
        if (p->point[i].left)
            json_object_set_new(o, p->point[i].hash, json_integer(p->point[i].left));
    return o;
}

/* Nor is what is wrong with points: it names files by where they lie. */
static json_t *refused_of(const gedi__plan *p)
{
    json_t *o = json_object();
    for (int i = 0; i < p->points; i++)
        if (p->point[i].refused)
            json_object_set_new(o, p->point[i].hash, json_string(p->point[i].refused));
    return o;
}

/* The paths that values are drawn of; or only those of them that have a list of values. */
static json_t *drawn_of(const gedi__search *s, bool listed)
{
    json_t *o = json_array();
    for (int k = 0; k < s->spaces; k++)
        if (!listed || s->space[k].choices)
            json_array_append_new(o, json_string(s->space[k].key->key));
    return o;
}

/* The figures that runs draw, of all points together. */
static json_t *figures_of(const gedi__plan *p)
{
    static const char begin[] = "figure: ";
    const size_t skip = sizeof begin - 1;
    json_t *seen = json_object(), *out = json_array(), *v;
    const char *name;
    for (int i = 0; i < p->points; i++)
        for (const char *l = p->point[i].artefacts; *l; l += strcspn(l, "\n") + 1)
            if (!strncmp(l, begin, skip))
                json_object_setn_new(seen, l + skip, strcspn(l + skip, ";\n"),
                                     json_true());
    json_object_foreach(seen, name, v) json_array_append_new(out, json_string(name));
    json_decref(seen);
    return out;
}

gedi_status gedi__points_write(const gedi__plan *p, const char *directory, gedi_err *err)
{
    json_t *root = root_of(p);
    char *path = gedi__store_path(directory, GEDI__FILE_POINTS, err);
    json_object_set_new(root, FIGURES, figures_of(p));
    if (root && p->sweep->search) {
        json_object_set_new(root, SEARCHED,
                            json_string(gedi__search_value(p->sweep->search)));
        json_object_set_new(root, DRAWN, drawn_of(p->sweep->search, false));
        json_object_set_new(root, LISTED, drawn_of(p->sweep->search, true));
        json_object_set_new(root, LEFT, left_of(p));
        json_object_set_new(root, REFUSED, refused_of(p));
    }
    gedi_status s = GEDI_NOMEM;
    if (path)
        s = gedi__json_write(path, GEDI__FILE_POINTS, root, err);
    else
        json_decref(root);
    free(path);
    return s;
}

gedi_status gedi__points_same(const gedi__plan *p, const char *directory, bool *same,
                              gedi_err *err)
{
    static const char *const key[] = {AXES, SHOWS, POINTS};
    json_t *there = NULL;
    gedi_err why = {0};
    gedi_status s = gedi__points_read(directory, &there, &why);
    json_t *root = s ? NULL : root_of(p);
    *same = root != NULL;
    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
        *same = *same &&
                json_equal(json_object_get(there, key[i]), json_object_get(root, key[i]));
    json_decref(there);
    json_decref(root);
    if (s == GEDI_NOMEM || (!s && gedi__json_lacked_memory()))
        return gedi_no_memory(err, "the points of %s", directory);
    return GEDI_OK;
}

/* ---- reading ---- */

gedi_status gedi__points_read(const char *directory, json_t **out, gedi_err *err)
{
    char *path = gedi__store_path(directory, GEDI__FILE_POINTS, err);
    *out = NULL;
    gedi_status s =
        path ? gedi__json_read(path, GEDI__FILE_POINTS, out, err) : GEDI_NOMEM;
    if (!s && !json_is_array(json_object_get(*out, POINTS))) {
        s = GEDI_FAIL(err, GEDI_DATA,
                      "%s: damaged: it has no list of points; the sweep's `gedi sweep' "
                      "writes it anew",
                      path);
        json_decref(*out);
        *out = NULL;
    }
    free(path);
    return s;
}

json_t *gedi__points_axes(const json_t *root)
{
    return json_object_get(root, AXES);
}

const json_t *gedi__points_besides(const json_t *root)
{
    return json_object_get(root, BESIDES);
}

static const char *text_at(const json_t *o, const char *key)
{
    const char *text = json_string_value(json_object_get(o, key));
    return text ? text : "";
}

const char *gedi__points_searched(const json_t *root)
{
    return text_at(root, SEARCHED);
}

json_t *gedi__points_drawn(const json_t *root)
{
    return json_copy(json_object_get(root, FIGURES));
}

json_t *gedi__points_figures(const json_t *root)
{
    json_t *out = json_array(), *v;
    size_t i;
    json_array_foreach(json_object_get(root, SHOWS), i, v)
    {
        if (strcmp(text_at(v, KIND), gedi__show_key(GEDI__TABLE)))
            json_array_append(out, json_object_get(v, NAME));
    }
    return out;
}

static bool is_among(const json_t *paths, const char *path)
{
    size_t i;
    json_t *v;
    json_array_foreach(paths, i, v)
    {
        if (json_is_string(v) && !strcmp(json_string_value(v), path))
            return true;
    }
    return false;
}

bool gedi__points_draws(const json_t *root, const char *path)
{
    return is_among(json_object_get(root, DRAWN), path);
}

bool gedi__points_lists(const json_t *root, const char *path)
{
    return is_among(json_object_get(root, LISTED), path);
}

/* The place of a text among n words, into *out. */
static gedi_status read_word(const json_t *o, const char *key, const char *const *word,
                             int n, int64_t *out, gedi_err *err)
{
    const char *text = text_at(o, key);
    for (*out = 0; *out < n; ++*out)
        if (!strcmp(word[*out], text))
            return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DATA, "%s: %s '%.64s' is none of those that gedi knows",
                     gedi__store_name(GEDI__FILE_POINTS), key, text);
}

static gedi_status read_words(const json_t *o, gedi__show *w, gedi_err *err)
{
    int64_t kind;
    const char *key[GEDI__SHOW_KINDS];
    for (int i = 0; i < GEDI__SHOW_KINDS; i++)
        key[i] = gedi__show_key((gedi__show_kind)i);
    GEDI_TRY(read_word(o, KIND, key, GEDI__SHOW_KINDS, &kind, err));
    w->kind = (gedi__show_kind)kind;
    w->format = 0; /* sweeps of before have none */
    if (json_object_get(o, FORMAT))
        GEDI_TRY(read_word(o, FORMAT, format_word, 3, &w->format, err));
    GEDI_TRY(read_word(o, STAT, stat_word, STATS, &w->stat, err));
    return read_word(o, BEST, best_word, BESTS, &w->best, err);
}

static const char *text_of(const json_t *v)
{
    return json_string_value(v) ? json_string_value(v) : "";
}

static gedi_status read_condition(const char *name, const json_t *v, gedi__arena *arena,
                                  gedi__where *w, gedi_err *err)
{
    gedi__text all = {0};
    size_t n = json_array_size(v);
    *w = (gedi__where){.name = name, .label = text_of(v)};
    if (!json_is_array(v))
        return GEDI_OK;
    w->any = gedi__arena_alloc(arena, n * sizeof *w->any);
    for (size_t i = 0; w->any && i < n; i++) {
        w->any[w->anys++] = text_of(json_array_get(v, i));
        gedi__text_add(&all, "%s%s", i ? ", " : "[", w->any[i]);
    }
    gedi__text_add(&all, n ? "]" : "[]");
    w->label = all.failed ? NULL : gedi__arena_text(arena, all.s);
    gedi__text_clear(&all);
    return w->any && w->label ? GEDI_OK : gedi_no_memory(err, "what the sweep shows");
}

gedi_status gedi__points_show(const json_t *root, int i, gedi__arena *arena,
                              gedi__show *w, gedi_err *err)
{
    const json_t *o = json_array_get(json_object_get(root, SHOWS), (size_t)i);
    const json_t *threshold = json_object_get(o, THRESHOLD);
    const char *name;
    json_t *v, *where = json_object_get(o, WHERE), *value = json_object_get(o, VALUE);
    *w = (gedi__show){0};
    GEDI_TRY(read_words(o, w, err));
    w->name = text_at(o, NAME);
    w->rows = text_at(o, ROWS);
    w->columns = text_at(o, COLUMNS);
    w->value = text_at(o, VALUE);
    w->figure = text_at(o, FIGURE);
    w->title = json_object_get(o, TITLE) ? text_at(o, TITLE) : "auto";
    w->width = text_at(o, WIDTH);
    w->threshold = threshold ? json_number_value(threshold) : GEDI__THRESHOLD;
    w->low = json_number_value(json_object_get(o, LOW));
    w->high = json_number_value(json_object_get(o, HIGH));
    w->where = gedi__arena_alloc(arena, json_object_size(where) * sizeof *w->where);
    w->quantity = gedi__arena_alloc(arena, json_object_size(value) * sizeof *w->quantity);
    if (!w->where || !w->quantity)
        return gedi_no_memory(err, "what the sweep shows");
    json_object_foreach(value, name, v) w->quantity[w->quantities++] =
        (gedi__quantity){name, json_string_value(v) ? json_string_value(v) : ""};
    json_object_foreach(where, name, v)
    {
        GEDI_TRY(read_condition(name, v, arena, &w->where[w->wheres], err));
        w->wheres++;
    }
    return GEDI_OK;
}

bool gedi__points_at(const json_t *root, int i, gedi__stored_point *out)
{
    const json_t *list = json_object_get(root, POINTS);
    if ((size_t)i >= json_array_size(list))
        return false;
    const json_t *o = json_array_get(list, (size_t)i);
    *out = (gedi__stored_point){text_at(o, HASH), text_at(o, TITLE),
                                json_object_get(o, LABELS), 0, NULL};
    out->left =
        json_integer_value(json_object_get(json_object_get(root, LEFT), out->hash));
    out->refused =
        json_string_value(json_object_get(json_object_get(root, REFUSED), out->hash));
    return true;
}

int gedi__points_shows(const json_t *root)
{
    return (int)json_array_size(json_object_get(root, SHOWS));
}
