/* parse.c - YAML events into a tree in which everything knows its place.
 *
 * Events rather than libyaml's documents, which drop the quotes and keep aliases as
 * shared nodes: here a setting is written where it counts, and shared through `base:`.
 */
#include "core/descriptor/tree.h"

#include <search.h>
#include <stdio.h>
#include <string.h>
#include <yaml.h>

enum {
    DEEPEST = 16,      /* a descriptor needs 6: views, pipeline, view, options, list */
    MOST_KEYS = 10000, /* of a mapping: a point of a sweep each */
};

/* A key of a mapping that is being read. */
typedef struct known_key {
    const char *key;
    int line;
} known_key;

typedef struct reader {
    yaml_parser_t parser;
    const char *data;
    size_t size;
    const char *source;
    bool placed;
    gedi__arena *arena;
    gedi__mistakes *m;
    gedi__tree *root;
    gedi__tree *open[DEEPEST]; /* the lists and maps we are in */
    gedi__tree **end[DEEPEST]; /* where their next entry is linked */
    int depth;
    const char *key[DEEPEST]; /* read in the map at this depth, value still to come */
    gedi__place key_at[DEEPEST];
    bool drop[DEEPEST];   /* the key is a duplicate: read its value, but drop it */
    void *known[DEEPEST]; /* keys of the map at this depth: a tree of tsearch() */
    int keys[DEEPEST];
    bool unusable, done;
} reader;

static gedi__place place(const reader *r, size_t line, size_t column)
{
    gedi__place at = {r->source, 0, 0};
    if (r->placed) {
        at.line = (int)line + 1;
        at.column = (int)column + 1;
    }
    return at;
}

static gedi__place mark(const reader *r, yaml_mark_t m)
{
    return place(r, m.line, m.column);
}

/* ---- what YAML itself refuses ---- */

static bool is_tab(const reader *r, yaml_mark_t m)
{
    const char *s = r->data, *end = r->data + r->size;
    for (size_t line = 0; line < m.line && s; line++)
        if ((s = memchr(s, '\n', (size_t)(end - s))))
            s++;
    for (size_t i = 0; s && i < m.column && s < end; i++)
        do
            s++;
        while (s < end && ((unsigned char)*s & 0xc0) == 0x80);
    return s && s < end && *s == '\t';
}

/* A byte that is no text; libyaml gives its offset in the file only. */
static void not_text(reader *r)
{
    size_t line = 0, start = 0, offset = r->parser.problem_offset;
    for (size_t i = 0; i < offset && i < r->size; i++)
        if (r->data[i] == '\n') {
            line++;
            start = i + 1;
        }
    gedi__mistake(r->m, place(r, line, offset - start), "this is not text: %s",
                  r->parser.problem);
}

static gedi_status syntax_error(reader *r)
{
    const yaml_parser_t *p = &r->parser;
    r->unusable = true;
    switch (p->error) {
    case YAML_MEMORY_ERROR:
        return GEDI_NOMEM;
    case YAML_READER_ERROR:
        not_text(r);
        return GEDI_OK;
    default:
        break;
    }
    const char *problem = p->problem ? p->problem : "it cannot be read";
    if (r->placed && is_tab(r, p->problem_mark))
        gedi__mistake(r->m, mark(r, p->problem_mark),
                      "a tab: YAML is indented with spaces");
    else if (r->placed && p->context)
        gedi__mistake(r->m, mark(r, p->problem_mark),
                      "YAML: %s, %s that began in line %d", problem, p->context,
                      (int)p->context_mark.line + 1);
    else
        gedi__mistake(r->m, mark(r, p->problem_mark), "YAML: %s", problem);
    return GEDI_OK;
}

/* ---- building ---- */

/* Stops reading: the rest makes no sense without what is refused here. */
static void refuse(reader *r, gedi__place at, const char *why)
{
    gedi__mistake(r->m, at, "%s", why);
    r->unusable = r->done = true;
}

static void check_properties(reader *r, gedi__place at, const yaml_char_t *anchor,
                             const yaml_char_t *tag)
{
    if (anchor)
        gedi__mistake(r->m, at,
                      "anchors (&%.64s) are not supported: use `base:` to share settings",
                      (const char *)anchor);
    if (tag)
        gedi__mistake(r->m, at, "tags (%.64s) are not supported: remove it",
                      (const char *)tag);
}

static int by_key(const void *a, const void *b)
{
    return strcmp(((const known_key *)a)->key, ((const known_key *)b)->key);
}

static void keep_none(void *known)
{
    (void)known; /* the arena owns it */
}

static void forget_keys(reader *r, int depth)
{
    tdestroy(r->known[depth], keep_none);
    r->known[depth] = NULL;
    r->keys[depth] = 0;
}

static gedi_status take_key(reader *r, const yaml_event_t *e)
{
    gedi__place at = mark(r, e->start_mark);
    const char *key = (const char *)e->data.scalar.value;
    int d = r->depth - 1;
    if (!strcmp(key, "<<") && e->data.scalar.plain_implicit) {
        refuse(r, at, "merge keys (<<) are not supported: use `base:` to share settings");
        return GEDI_OK;
    }
    if (++r->keys[d] > MOST_KEYS) {
        refuse(r, at, "too many keys: a mapping has at most 10000");
        return GEDI_OK;
    }
    known_key *own = gedi__arena_alloc(r->arena, sizeof *own), **found;
    r->key[d] = gedi__arena_text(r->arena, key);
    r->key_at[d] = at;
    if (!own || !r->key[d])
        return GEDI_NOMEM;
    *own = (known_key){r->key[d], at.line};
    if (!(found = tsearch(own, &r->known[d], by_key)))
        return GEDI_NOMEM;
    r->drop[d] = *found != own;
    if (r->drop[d] && r->placed)
        gedi__mistake(r->m, at, "duplicate key '%.64s': it is already given in line %d",
                      key, (*found)->line);
    else if (r->drop[d])
        gedi__mistake(r->m, at, "duplicate key '%.64s'", key);
    return GEDI_OK;
}

static void attach(reader *r, gedi__tree *t)
{
    t->key_at = t->at;
    if (!r->depth) {
        r->root = t;
        return;
    }
    int d = r->depth - 1;
    if (r->open[d]->kind == GEDI__MAP) {
        t->key = r->key[d];
        t->key_at = r->key_at[d];
        r->key[d] = NULL;
    }
    if (r->open[d]->kind == GEDI__LIST || !r->drop[d]) {
        *r->end[d] = t;
        r->end[d] = &t->next;
    }
}

static bool expects_key(const reader *r)
{
    int d = r->depth - 1;
    return d >= 0 && r->open[d]->kind == GEDI__MAP && !r->key[d];
}

/* Refuses a text for what gedi__text_control has found in it. */
static void refuse_control(reader *r, gedi__place at, const char *control)
{
    char why[96];
    const unsigned char *c = (const unsigned char *)control;
    if (*c == 0xe2)
        snprintf(why, sizeof why, "a text cannot contain a mark of direction (U+%04X)",
                 (*c & 0xfu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu));
    else
        snprintf(why, sizeof why, "a text cannot contain a control character (0x%02x)",
                 *c == 0xc2 ? c[1] : *c);
    refuse(r, at, why);
}

static gedi_status scalar(reader *r, const yaml_event_t *e)
{
    gedi__place at = mark(r, e->start_mark);
    check_properties(r, at, e->data.scalar.anchor, e->data.scalar.tag);
    const char *text = (const char *)e->data.scalar.value;
    if (memchr(text, 0, e->data.scalar.length)) {
        refuse(r, at, "a text cannot contain the character \\0");
        return GEDI_OK;
    }
    const char *control = gedi__text_control(text);
    if (control) {
        refuse_control(r, at, control);
        return GEDI_OK;
    }
    if (expects_key(r))
        return take_key(r, e);
    gedi__tree *t = gedi__arena_alloc(r->arena, sizeof *t);
    char *copy = gedi__arena_text(r->arena, text);
    if (!t || !copy)
        return GEDI_NOMEM;
    t->kind = GEDI__SCALAR;
    t->at = at;
    t->text = copy;
    t->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
    attach(r, t);
    return GEDI_OK;
}

static gedi_status begin(reader *r, gedi__place at, gedi__tree_kind kind)
{
    if (expects_key(r)) {
        refuse(r, at, "a key must be a word, not a list or mapping");
        return GEDI_OK;
    }
    if (r->depth == DEEPEST) {
        refuse(r, at, "lists and mappings are nested too deeply");
        return GEDI_OK;
    }
    gedi__tree *t = gedi__arena_alloc(r->arena, sizeof *t);
    if (!t)
        return GEDI_NOMEM;
    t->kind = kind;
    t->at = at;
    attach(r, t);
    r->open[r->depth] = t;
    r->end[r->depth] = &t->child;
    r->key[r->depth] = NULL;
    r->drop[r->depth++] = false;
    return GEDI_OK;
}

static gedi_status take(reader *r, const yaml_event_t *e)
{
    gedi__place at = mark(r, e->start_mark);
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (!r->root)
            return GEDI_OK;
        gedi__mistake(r->m, at, "a second document begins: a file has only one");
        r->done = true;
        return GEDI_OK;
    case YAML_ALIAS_EVENT:
        refuse(r, at, "aliases (*) are not supported: use `base:` to share settings");
        return GEDI_OK;
    case YAML_SCALAR_EVENT:
        return scalar(r, e);
    case YAML_SEQUENCE_START_EVENT:
        check_properties(r, at, e->data.sequence_start.anchor,
                         e->data.sequence_start.tag);
        return begin(r, at, GEDI__LIST);
    case YAML_MAPPING_START_EVENT:
        check_properties(r, at, e->data.mapping_start.anchor, e->data.mapping_start.tag);
        return begin(r, at, GEDI__MAP);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        forget_keys(r, --r->depth);
        return GEDI_OK;
    case YAML_STREAM_END_EVENT:
        r->done = true;
        return GEDI_OK;
    default:
        return GEDI_OK;
    }
}

static gedi_status read_events(reader *r)
{
    gedi_status s = GEDI_OK;
    while (!s && !r->done) {
        yaml_event_t e;
        if (!yaml_parser_parse(&r->parser, &e))
            return syntax_error(r);
        s = take(r, &e);
        yaml_event_delete(&e);
    }
    return s;
}

/* A file without a document, or one that holds nothing. */
static gedi_status check_empty(reader *r)
{
    if (r->root && !(r->placed && gedi__tree_is_null(r->root)))
        return GEDI_OK;
    if (r->placed) {
        gedi__mistake(r->m, place(r, 0, 0),
                      "the file is empty: a descriptor begins with a key such as "
                      "`dataset:`");
        r->root = NULL;
        return GEDI_OK;
    }
    r->root = gedi__arena_alloc(r->arena, sizeof *r->root);
    if (!r->root)
        return GEDI_NOMEM;
    r->root->text = "";
    r->root->at = r->root->key_at = place(r, 0, 0);
    return GEDI_OK;
}

gedi_status gedi__tree_parse(const char *data, size_t size, const char *source,
                             bool placed, gedi__arena *arena, gedi__mistakes *m,
                             gedi__tree **out)
{
    reader r = {.data = data,
                .size = size,
                .source = source,
                .placed = placed,
                .arena = arena,
                .m = m};
    *out = NULL;
    if (!yaml_parser_initialize(&r.parser))
        return GEDI_NOMEM;
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)data, size);
    gedi_status s = read_events(&r);
    while (r.depth)
        forget_keys(&r, --r.depth);
    yaml_parser_delete(&r.parser);
    if (!s && !r.unusable)
        s = check_empty(&r);
    if (!s && !r.unusable)
        *out = r.root;
    return s;
}
