/* schema.c - `gedi schema`: a JSON Schema of descriptors, from the tables they are read by.
 *
 * Draft 7, which both yaml-language-server and python3-jsonschema take. Keywords beside a
 * "$ref" are ignored there, so a description stands beside an "allOf" of one.
 */
#include "core/store/json.h"
#include "core/cli/cli.h"
#include "core/cli/schema.h"
#include "core/cli/reference.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/init.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/sweep.h"
#include "core/plugin/option.h"
#include "core/plugin/schedule.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXACT = 9007199254740992 }; /* 2^53: integers up to it are doubles */
#define ENTRY "_entry" /* ends the name of a definition of entries of a list */

/* What a schema holds for: a descriptor that may take keys and plugins from elsewhere, by
 * `base` or `plugins`, or one that has all there is. */
typedef enum strictness { OPEN, WHOLE } strictness;

/* Jansson takes NULL for what it could not allocate and hands it on: one look at the end is
 * enough, if nothing is lost on the way. */
static json_t *with(json_t *o, const char *key, json_t *value)
{
    if (json_object_set_new(o, key, value)) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static json_t *list_of_one(json_t *value)
{
    return json_pack("[o]", value);
}

static json_t *either(json_t *a, json_t *b)
{
    return json_pack("{s:[o,o]}", "anyOf", a, b);
}

static json_t *type(const char *name)
{
    return json_pack("{s:s}", "type", name);
}

/* A plain scalar is a text where a text is wanted. */
static json_t *scalar(void)
{
    return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
}

static json_t *described(json_t *schema, const char *help)
{
    if (json_object_get(schema, "$ref"))
        schema = json_pack("{s:o}", "allOf", list_of_one(schema));
    return help && *help ? with(schema, "description", json_string(help)) : schema;
}

static json_t *words(const char *keyword, const char *all)
{
    int n;
    json_t *list = json_array();
    for (const char *w = all; (w = gedi__words_next(w, &n)); w += n)
        if (json_array_append_new(list, json_stringn(w, (size_t)n))) {
            json_decref(list);
            return NULL;
        }
    return json_pack("{s:o}", keyword, list);
}

/* ---- options ---- */

static json_t *number(double x, bool integer)
{
    return integer && fabs(x) <= (double)EXACT ? json_integer((json_int_t)x)
                                               : json_real(x);
}

static json_t *ranged(const gedi_option *o, bool integer)
{
    return json_pack("{s:s, s:o, s:o}", "type", integer ? "integer" : "number", "minimum",
                     number(o->min, integer), "maximum", number(o->max, integer));
}

static json_t *list(json_t *items, int most)
{
    return json_pack("{s:s, s:o, s:i}", "type", "array", "items", items, "maxItems",
                     most);
}

/* "100, 100" */
static json_t *default_list(const char *text, bool integer)
{
    json_t *all = json_array();
    for (char *end; text && *text; text = end + strspn(end, ", "))
        if (json_array_append_new(all, number(strtod(text, &end), integer))) {
            json_decref(all);
            return NULL;
        }
    return all;
}

static json_t *default_word(const gedi_option *o)
{
    int n = 0;
    const char *w = gedi__words_next(o->words, &n);
    for (int64_t i = 0; w && i < o->integer; i++)
        w = gedi__words_next(w + n, &n);
    return json_stringn(w ? w : "", (size_t)n);
}

static json_t *reference_to(const char *name, strictness how)
{
    gedi__text path = {0};
    gedi__text_add(&path, "#/definitions/%s%s", how == OPEN ? "any_" : "", name);
    json_t *o = path.failed ? NULL : json_pack("{s:s}", "$ref", path.s);
    gedi__text_clear(&path);
    return o;
}

static json_t *option(const gedi_option *o, strictness how);

/* {cosine: {from: 0.03, to: 0}}: its rows that are real have the range of the option. */
static json_t *schedule(const gedi_option *o, const gedi__schedule_kind *k)
{
    json_t *keys = json_object(), *needed = json_array();
    for (int i = 0; k->rows[i].key; i++) {
        const gedi_option *row = &k->rows[i];
        json_t *one = row->type == GEDI_TYPE_REAL ? ranged(o, false) : option(row, WHOLE);
        keys = with(keys, row->key, described(one, row->help));
        if (i < k->required)
            json_array_append_new(needed, json_string(row->key));
    }
    json_t *all = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", keys,
                            "additionalProperties", 0);
    if (k->form == GEDI_SCHEDULE_STEPS) { /* the first position is 0 */
        json_array_append_new(needed, json_string("0"));
        all = with(all, "patternProperties",
                   json_pack("{s:o}", "^[0-9]+$", ranged(o, false)));
    }
    return described(with(all, "required", needed), k->brief);
}

/* Options of one range share a definition. */
static void name_schedules(const gedi_option *o, char *out, size_t size)
{
    snprintf(out, size, "schedule_%g_%g", o->min, o->max);
}

static json_t *definition_of_schedules(const gedi_option *o)
{
    char name[64];
    name_schedules(o, name, sizeof name);
    return reference_to(name, WHOLE);
}

static json_t *schedules(const gedi_option *o)
{
    json_t *kinds = json_object();
    for (int i = 0; i < GEDI__SCHEDULE_KINDS; i++)
        kinds = with(kinds, gedi__schedule_kinds[i].name,
                     schedule(o, &gedi__schedule_kinds[i]));
    return json_pack("{s:s, s:o, s:b, s:i, s:i}", "type", "object", "properties", kinds,
                     "additionalProperties", 0, "minProperties", 1, "maxProperties", 1);
}

static json_t *option(const gedi_option *o, strictness how)
{
    switch (o->type) {
    case GEDI_TYPE_REAL:
        return with(ranged(o, false), "default", json_real(o->real));
    case GEDI_TYPE_SCHEDULE: /* a number, or {cosine: {...}} */
        return with(either(ranged(o, false), definition_of_schedules(o)), "default",
                    json_real(o->real));
    case GEDI_TYPE_INT:
        return with(ranged(o, true), "default", json_integer(o->integer));
    case GEDI_TYPE_BOOL:
        return with(type("boolean"), "default", json_boolean(o->integer));
    case GEDI_TYPE_TEXT:
        return with(scalar(), "default", json_string(o->text ? o->text : ""));
    case GEDI_TYPE_ENUM:
        return with(words("enum", o->words), "default", default_word(o));
    case GEDI_TYPE_INTS:
    case GEDI_TYPE_REALS: {
        bool integer = o->type == GEDI_TYPE_INTS;
        return with(list(ranged(o, integer), GEDI_MAX_LIST), "default",
                    default_list(o->text, integer));
    }
    case GEDI_TYPE_COMPONENTS:
        return list(reference_to(o->words, how), GEDI_MAX_LIST);
    default: /* a type that a schema says nothing of */
        return json_object();
    }
}

/* Those that may be a mapping instead, {TITLE: PATH}, are in `maps`. */
static json_t *options(const gedi_option *table, const char *maps, strictness how)
{
    json_t *all = json_object();
    for (int i = 0; i < gedi__option_count(table); i++) {
        json_t *one = option(&table[i], how);
        if (gedi__words_have(maps, table[i].key))
            one = either(one, type("object"));
        all = with(all, table[i].key, described(one, table[i].help));
    }
    return json_pack("{s:s, s:o, s:b}", "type", "object", "properties", all,
                     "additionalProperties", 0);
}

/* ---- components ---- */

/* {NAME: {OPTION: VALUE}}, {NAME: } or NAME; beside it, `from`. */
static gedi_status component(gedi__registry *r, gedi_kind kind, strictness how,
                             json_t **out, gedi_err *err)
{
    const char *const *name;
    const gedi_plugin *p;
    int n;
    json_t *known = json_object(), *names = json_array();
    gedi_status s = gedi__registry_names(r, kind, &name, &n, err);
    for (int i = 0; s == GEDI_OK && i < n; i++) {
        if (gedi__registry_find(r, kind, name[i], &p, NULL))
            continue; /* a broken one cannot be named in a descriptor */
        json_t *o = either(options(p->options, NULL, how), type("null"));
        known = with(known, name[i], described(o, p->brief));
        json_array_append_new(names, json_string(name[i]));
    }
    known = with(known, GEDI__FROM,
                 described(type("string"),
                           "the plugin that is replaced: options that both have stay"));
    json_t *word = json_pack("{s:o}", "enum", names);
    if (how == OPEN)
        word = either(word, type("string"));
    json_t *map = json_pack("{s:s, s:o, s:o, s:i, s:i}", "type", "object", "properties",
                            known, "additionalProperties",
                            how == OPEN ? json_pack("{s:[s,s]}", "type", "object", "null")
                                        : json_false(),
                            "minProperties", 1, "maxProperties", 2);
    map = with(map, "if", json_pack("{s:[s]}", "required", GEDI__FROM));
    map = with(map, "then", json_pack("{s:i}", "minProperties", 2));
    map = with(map, "else", json_pack("{s:i}", "maxProperties", 1));
    *out = either(word, map);
    return s;
}

/* What refers to a plugin in a component's definition. */
static json_t *reference_to_plugin(gedi_kind kind, const char *name, strictness how)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s/anyOf/1/properties/%s", gedi__kind_name(kind), name);
    json_t *o = path.failed ? NULL : reference_to(path.s, how);
    gedi__text_clear(&path);
    return o;
}

/* The key whose lists have entries with options beside a plugin of that kind, or NULL. */
static const gedi__key *key_of_entries(gedi_kind kind)
{
    const gedi__key *k = gedi__key_of_kind(GEDI__OBJECTIVES, (int)kind);
    return k ? k : gedi__key_of_kind(GEDI__COMPONENTS, (int)kind);
}

/* Such an entry, made from the component of that kind. */
static json_t *entry(const gedi__key *k, const json_t *component, strictness how)
{
    const json_t *map = json_array_get(json_object_get(component, "anyOf"), 1);
    json_t *word = json_array_get(json_object_get(component, "anyOf"), 0);
    json_t *known = json_object(), *one = json_array(), *beside = json_array();
    const char *name;
    json_t *plugin;
    json_object_foreach(json_object_get(map, "properties"), name, plugin)
    {
        known = with(known, name, reference_to_plugin((gedi_kind)k->kind, name, how));
        json_array_append_new(one, json_pack("{s:[s]}", "required", name));
    }
    for (int i = 0; i < gedi__option_count(k->options); i++) {
        const gedi_option *o = &k->options[i];
        known = with(known, o->key, described(option(o, how), o->help));
        json_array_append_new(beside, json_string(o->key));
    }
    json_t *all =
        json_pack("{s:s, s:o, s:i, s:{s:{s:o}}}", "type", "object", "properties", known,
                  "maxProperties", 1 + gedi__option_count(k->options), "not",
                  "propertyNames", "enum", beside);
    if (how == WHOLE) { /* else it may be another's */
        all = with(all, "additionalProperties", json_false());
        all = with(all, "oneOf", one);
    } else {
        json_decref(one);
    }
    return either(json_incref(word), all);
}

static json_t *reference_to_entry(const gedi__key *k, strictness how)
{
    char name[64];
    snprintf(name, sizeof name, "%s" ENTRY, gedi__kind_name((gedi_kind)k->kind));
    return reference_to(name, how);
}

/* ---- keys ---- */

static json_t *properties(strictness how, bool stage);

/* Beginnings of the names of parameters: "^(model|objective)(\\.|$)"; or those of paths that a
 * sweep cannot vary. */
static json_t *pattern(bool weights)
{
    gedi__text t = {0};
    const char *before = "^(";
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (weights ? k->weights : !k->varied && k->form != GEDI__BASE) {
            gedi__text_add(&t, "%s%s", before, k->key);
            before = "|";
        }
    gedi__text_add(&t, ")(\\.|$)");
    json_t *o = t.failed ? NULL : json_pack("{s:s}", "pattern", t.s);
    gedi__text_clear(&t);
    return o;
}

static json_t *list_of_parameters(void)
{
    return json_pack("{s:s, s:o}", "type", "array", "items", pattern(true));
}

static json_t *axes(strictness how)
{
    json_t *maps = list(type("object"), GEDI__MAX_POINTS);
    json_t *search = options(gedi__search_options, "over|halve", how);
    return json_pack(
        "{s:s, s:{s:o}, s:{s:O, s:o, s:o, s:o}}", "type", "object", "propertyNames",
        "not", pattern(false), "properties", "exclude", maps, "adjust", maps, "zip",
        either(type("object"), list(type("object"), GEDI__MAX_POINTS)), "search", search);
}

static json_t *one_component(const gedi__key *k, strictness how, bool stage)
{
    json_t *o = reference_to(gedi__kind_name((gedi_kind)k->kind), how);
    if (k->form == GEDI__OPTIMIZER && (stage || how == OPEN))
        return either(o, words("enum", "keep|reset"));
    return k->required ? o : either(o, type("null"));
}

static json_t *stages(strictness how)
{
    json_t *one = json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                            properties(how, true), "additionalProperties", 0);
    json_t *all = with(list(one, GEDI__MAX_STAGES), "minItems", json_integer(1));
    return either(all, type("null"));
}

static json_t *show(const gedi__key *k, strictness how)
{
    json_t *one = options(k->options, k->maps, how);
    json_t *many = json_pack("{s:s, s:O}", "type", "array", "items", one);
    return either(one, many);
}

/* One, or a list of those that add up. */
static json_t *objectives(const gedi__key *k, strictness how)
{
    json_t *all = list(reference_to_entry(k, how), GEDI__MAX_OBJECTIVES);
    return either(one_component(k, how, false), with(all, "minItems", json_integer(1)));
}

/* Entries that lack nothing. */
static json_t *history(const gedi__key *k, strictness how)
{
    json_t *one = options(k->options, NULL, how), *need = words("required", k->need);
    if (json_object_update_new(one, need)) {
        json_decref(one);
        one = NULL;
    }
    return list(one, GEDI__MAX_TURNS);
}

/* {run: FOLDER, only: [model]}, or null. */
static json_t *init(const gedi__key *k, strictness how)
{
    json_t *one = options(k->options, NULL, how);
    json_t *all = json_object_get(one, "properties");
    json_t *names = json_pack("{s:s, s:{s:s}}", "type", "object", "additionalProperties",
                              "type", "string");
    if (json_object_set_new(all, GEDI__INIT_ONLY, list_of_parameters()) ||
        json_object_set_new(all, GEDI__INIT_NAMES, names)) {
        json_decref(one);
        one = NULL;
    }
    return either(one, type("null"));
}

/* {FIGURE: {format: pdf, ...}} */
static json_t *printed(const gedi__key *k, strictness how)
{
    return json_pack("{s:s, s:i, s:i, s:o, s:{s:o, s:o}, s:o}", "type", "object",
                     "minProperties", 1, "maxProperties", 1, "propertyNames",
                     words("enum", k->words), "properties", "embedding",
                     options(gedi__figure_options("embedding"), NULL, how), "samples",
                     options(gedi__figure_options("samples"), NULL, how),
                     "additionalProperties", options(gedi__print_options, NULL, how));
}

static json_t *value_of(const gedi__key *k, strictness how, bool stage)
{
    json_t *plugin = NULL;
    switch (k->form) {
    case GEDI__NAME:
        return with(scalar(), "pattern",
                    json_string("^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$"));
    case GEDI__BASE:
    case GEDI__FOLDER:
        return json_pack("{s:s, s:i}", "type", "string", "minLength", 1);
    case GEDI__PLUGINS:
        return json_pack("{s:s, s:{s:s}}", "type", "array", "items", "type", "string");
    case GEDI__VALUE:
        return option(gedi__option_find(k->options, k->key), how);
    case GEDI__COMPONENT:
    case GEDI__OPTIMIZER:
        return one_component(k, how, stage);
    case GEDI__OBJECTIVES:
        return objectives(k, how);
    case GEDI__COMPONENTS:
        return json_pack("{s:s, s:o}", "type", "array", "items",
                         reference_to_entry(k, how));
    case GEDI__PIPELINES:
        plugin = reference_to(gedi__kind_name((gedi_kind)k->kind), how);
        return list(json_pack("{s:s, s:o}", "type", "array", "items", plugin),
                    GEDI_MAX_VIEWS);
    case GEDI__PARAMETERS:
        return list_of_parameters();
    case GEDI__GROUPS: /* options are those of whichever optimizer it is */
        return list(json_pack("{s:s, s:[s], s:{s:o}}", "type", "object", "required",
                              GEDI__MATCH, "properties", GEDI__MATCH,
                              list_of_parameters()),
                    GEDI__MAX_GROUPS);
    case GEDI__OPTIONS:
        return options(k->options, NULL, how);
    case GEDI__INIT:
        return init(k, how);
    case GEDI__STAGES:
        return stages(how);
    case GEDI__FIGURES:
        return json_pack("{s:s, s:b, s:o}", "type", "array", "uniqueItems", 1, "items",
                         either(words("enum", k->words), printed(k, how)));
    case GEDI__COUNTED:
        return list(type("integer"), GEDI__MAX_STAGES);
    case GEDI__HISTORY:
        return history(k, how);
    case GEDI__AXES:
        return axes(how);
    case GEDI__SHOW:
        return show(k, how);
    case GEDI__FORMS:
        break;
    }
    return NULL;
}

static json_t *properties(strictness how, bool stage)
{
    json_t *all = json_object();
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->staged || !stage)
            all = with(all, k->key, described(value_of(k, how, stage), k->help));
    return all;
}

/* ---- the whole ---- */

/* One of the options is there. */
static json_t *one_required(const char *one)
{
    int n;
    json_t *any = json_array();
    for (const char *w = one; (w = gedi__words_next(w, &n)); w += n)
        json_array_append_new(
            any, json_pack("{s:o}", "required", list_of_one(json_stringn(w, (size_t)n))));
    return json_pack("{s:o}", "anyOf", any);
}

/* Keys that must be there: those of the experiment, or of its only stage with the options
 * that they need. */
static json_t *required(bool staged)
{
    json_t *keys = json_array(), *inside = json_object();
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->required && k->staged == staged) {
            json_array_append_new(keys, json_string(k->key));
            if (k->one)
                inside = with(inside, k->key, one_required(k->one));
        }
    return json_pack("{s:o, s:o}", "required", keys, "properties", inside);
}

/* A sweep's points may have what is missing, and stages what is missing around them. */
static json_t *whole(void)
{
    json_t *object = json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                               properties(WHOLE, false), "additionalProperties", 0);
    const char *sweep = gedi__key_of_form(GEDI__AXES)->key;
    const char *stages = gedi__key_of_form(GEDI__STAGES)->key;
    json_t *one = json_pack("{s:{s:{s:[s]}}, s:o}", "if", "not", "required", sweep,
                            "then", required(false));
    json_t *alone =
        json_pack("{s:{s:{s:[{s:[s]}, {s:[s], s:{s:{s:s}}}]}}, s:o}", "if", "not",
                  "anyOf", "required", sweep, "required", stages, "properties", stages,
                  "type", "array", "then", required(true));
    json_t *shown = json_object();
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->form == GEDI__SHOW)
            shown = with(shown, k->key, json_pack("[s]", sweep));
    object = with(object, "dependencies", shown);
    return with(object, "allOf", json_pack("[o,o]", one, alone));
}

static json_t *open(void)
{
    return json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                     properties(OPEN, false), "additionalProperties", 0);
}

static json_t *add_schedules(json_t *all, const gedi_option *table)
{
    char name[64];
    for (int i = 0; i < gedi__option_count(table); i++) {
        name_schedules(&table[i], name, sizeof name);
        if (table[i].type == GEDI_TYPE_SCHEDULE && !json_object_get(all, name))
            all = with(all, name, schedules(&table[i]));
    }
    return all;
}

/* For all ranges that there are. */
static gedi_status all_schedules(gedi__registry *r, json_t **all, gedi_err *err)
{
    const char *const *name;
    const gedi_plugin *p;
    int n;
    for (const gedi__key *k = gedi__keys; k->key; k++)
        *all = add_schedules(*all, k->options);
    for (int k = 0; k < GEDI_KINDS; k++) {
        GEDI_TRY(gedi__registry_names(r, (gedi_kind)k, &name, &n, err));
        for (int i = 0; i < n; i++)
            if (!gedi__registry_find(r, (gedi_kind)k, name[i], &p, NULL))
                *all = add_schedules(*all, p->options);
    }
    return GEDI_OK;
}

static gedi_status definitions(gedi__registry *r, json_t **out, gedi_err *err)
{
    json_t *all = json_object();
    gedi_status s = all_schedules(r, &all, err);
    for (int k = 0; s == GEDI_OK && k < 2 * GEDI_KINDS; k++) {
        gedi_kind kind = (gedi_kind)(k / 2);
        json_t *one = NULL;
        char name[64];
        snprintf(name, sizeof name, "%s%s", k % 2 ? "any_" : "", gedi__kind_name(kind));
        s = component(r, kind, k % 2 ? OPEN : WHOLE, &one, err);
        all = with(all, name, one);
        if (key_of_entries(kind)) {
            snprintf(name, sizeof name, "%s%s" ENTRY, k % 2 ? "any_" : "",
                     gedi__kind_name(kind));
            all = with(all, name, entry(key_of_entries(kind), one, k % 2 ? OPEN : WHOLE));
        }
    }
    all = with(all, "whole", whole());
    *out = with(all, "open", open());
    return s;
}

static gedi_status make(gedi__registry *r, json_t **out, gedi_err *err)
{
    json_t *all = NULL;
    gedi_status s = definitions(r, &all, err);
    *out = json_pack(
        "{s:s, s:s, s:s, s:{s:[{s:[s]}, {s:[s]}]}, s:{s:s}, s:{s:s}, s:o}", "$schema",
        "http://json-schema.org/draft-07/schema#", "title", "A descriptor of gedi",
        "type", "object", "if", "anyOf", "required", gedi__key_of_form(GEDI__BASE)->key,
        "required", gedi__key_of_form(GEDI__PLUGINS)->key, "then", "$ref",
        "#/definitions/open", "else", "$ref", "#/definitions/whole", "definitions", all);
    if (s == GEDI_OK && !*out)
        s = gedi_no_memory(err, "the schema");
    return s;
}

char *gedi__schema_text(gedi__registry *r, gedi_err *err)
{
    json_t *schema = NULL;
    char *text = NULL;
    gedi_status s = make(r, &schema, err);
    if (!s && !(text = gedi__json_text(schema, JSON_INDENT(1) | JSON_REAL_PRECISION(17))))
        gedi_no_memory(err, "the schema");
    json_decref(schema);
    return text;
}

int gedi__schema_main(const gedi__call *c)
{
    static const struct argp argp = {
        .args_doc = "",
        .doc =
            "Prints a JSON Schema of descriptors, with every plugin that is found: an "
            "editor completes and checks with it.\v"
            "One with the built-in plugins is installed, in share/gedi/schema.json; name it at the top of a descriptor: # yaml-language-server: $schema=FILE",
    };
    if (gedi__argp(c, &argp, NULL))
        return GEDI__EXIT_FAILED;
    gedi__registry *r = NULL;
    gedi_err err = {0};
    gedi_status s = gedi__registry_new(&r, &err);
    char *text = s ? NULL : gedi__schema_text(r, &err);
    int code = text ? GEDI__EXIT_DONE : gedi__say_err(&err);
    if (text)
        puts(text);
    free(text);
    gedi__registry_free(r);
    return code;
}
