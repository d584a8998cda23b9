/* schema_option.c - the JSON Schema of options, and what all of the schema is put together with. */
#include "core/cli/schema_parts.h"
#include "core/plugin/option.h"
#include "core/plugin/schedule.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double EXACT = 9007199254740992.0; /* 2^53: integers up to it are doubles */
static const double BEYOND = 9223372036854775808.0; /* 2^63, which no integer reaches */

json_t *gedi__schema_with(json_t *o, const char *key, json_t *value)
{
    if (json_object_set_new(o, key, value)) {
        json_decref(o);
        return NULL;
    }
    return o;
}

json_t *gedi__schema_either(json_t *a, json_t *b)
{
    return json_pack("{s:[o,o]}", "anyOf", a, b);
}

json_t *gedi__schema_type(const char *name)
{
    return json_pack("{s:s}", "type", name);
}

json_t *gedi__schema_scalar(void)
{
    return json_pack("{s:[s,s,s]}", "type", "string", "number", "boolean");
}

json_t *gedi__schema_described(json_t *schema, const char *help)
{
    if (json_object_get(schema, "$ref"))
        schema = json_pack("{s:[o]}", "allOf", schema);
    return help && *help ? gedi__schema_with(schema, "description", json_string(help))
                         : schema;
}

json_t *gedi__schema_words(const char *keyword, const char *all)
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

/* A word as YAML reads it where it stands without quotes: 1, true; NULL where that is a text. */
static json_t *plain(const char *word, int n)
{
    json_t *o = json_loadb(word, (size_t)n, JSON_DECODE_ANY, NULL);
    if (json_is_number(o) || json_is_boolean(o))
        return o;
    json_decref(o);
    return NULL;
}

static json_t *choice(const char *words)
{
    int n;
    json_t *o = gedi__schema_words("enum", words);
    for (const char *w = words; (w = gedi__words_next(w, &n)); w += n) {
        json_t *other = plain(w, n);
        if (other && json_array_append_new(json_object_get(o, "enum"), other)) {
            json_decref(o);
            return NULL;
        }
    }
    return o;
}

static json_t *number(double x, bool integer)
{
    if (integer && fabs(x) >= BEYOND)
        return json_integer(x < 0 ? INT64_MIN : INT64_MAX);
    return integer && fabs(x) <= EXACT ? json_integer((json_int_t)x) : json_real(x);
}

static json_t *ranged(const gedi_option *o, bool integer)
{
    return json_pack("{s:s, s:o, s:o}", "type", integer ? "integer" : "number", "minimum",
                     number(o->min, integer), "maximum", number(o->max, integer));
}

json_t *gedi__schema_list(json_t *items, int most)
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

json_t *gedi__schema_reference(const char *name, gedi__strictness how)
{
    gedi__text path = {0};
    gedi__text_add(&path, "#/definitions/%s%s", how == GEDI__WHOLE ? "" : "any_", name);
    json_t *o = path.failed ? NULL : json_pack("{s:s}", "$ref", path.s);
    gedi__text_clear(&path);
    return o;
}

/* {cosine: {from: 0.03, to: 0}}: its rows that are real have the range of the option. */
static json_t *schedule(const gedi_option *o, const gedi__schedule_kind *k)
{
    json_t *keys = json_object(), *needed = json_array();
    for (int i = 0; k->rows[i].key; i++) {
        const gedi_option *row = &k->rows[i];
        json_t *one = row->type == GEDI_TYPE_REAL ? ranged(o, false)
                                                  : gedi__schema_option(row, GEDI__WHOLE);
        keys = gedi__schema_with(keys, row->key, gedi__schema_described(one, row->help));
        if (i < k->required)
            json_array_append_new(needed, json_string(row->key));
    }
    json_t *all = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", keys,
                            "additionalProperties", 0);
    if (k->form == GEDI_SCHEDULE_STEPS) { /* 6000, 6e3; the first position is 0 */
        all = gedi__schema_with(
            all, "patternProperties",
            json_pack("{s:o}", "^([0-9]+(\\.0*)?|[0-9]+(\\.[0-9]*)?[eE]\\+?[0-9]+)$",
                      ranged(o, false)));
        all = gedi__schema_with(all, "not",
                                json_pack("{s:{s:{s:s}}}", "propertyNames", "not",
                                          "pattern", "^0+(\\.0*)?([eE]\\+?[0-9]+)?$"));
    }
    return gedi__schema_described(gedi__schema_with(all, "required", needed), k->brief);
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
    return gedi__schema_reference(name, GEDI__WHOLE);
}

static json_t *schedules(const gedi_option *o)
{
    json_t *kinds = json_object();
    for (int i = 0; i < GEDI__SCHEDULE_KINDS; i++)
        kinds = gedi__schema_with(kinds, gedi__schedule_kinds[i].name,
                                  schedule(o, &gedi__schedule_kinds[i]));
    return json_pack("{s:s, s:o, s:b, s:i, s:i}", "type", "object", "properties", kinds,
                     "additionalProperties", 0, "minProperties", 1, "maxProperties", 1);
}

json_t *gedi__schema_option(const gedi_option *o, gedi__strictness how)
{
    switch (o->type) {
    case GEDI_TYPE_REAL:
        return gedi__schema_with(ranged(o, false), "default", json_real(o->real));
    case GEDI_TYPE_SCHEDULE: /* a number, or {cosine: {...}} */
        return gedi__schema_with(
            gedi__schema_either(ranged(o, false), definition_of_schedules(o)), "default",
            json_real(o->real));
    case GEDI_TYPE_INT:
        return gedi__schema_with(ranged(o, true), "default", json_integer(o->integer));
    case GEDI_TYPE_BOOL:
        return gedi__schema_with(gedi__schema_type("boolean"), "default",
                                 json_boolean(o->integer));
    case GEDI_TYPE_TEXT:
        return gedi__schema_with(gedi__schema_scalar(), "default",
                                 json_string(o->text ? o->text : ""));
    case GEDI_TYPE_ENUM:
        return gedi__schema_with(choice(o->words), "default", default_word(o));
    case GEDI_TYPE_INTS:
    case GEDI_TYPE_REALS: {
        bool integer = o->type == GEDI_TYPE_INTS;
        return gedi__schema_with(gedi__schema_list(ranged(o, integer), GEDI_MAX_LIST),
                                 "default", default_list(o->text, integer));
    }
    case GEDI_TYPE_COMPONENTS:
        return gedi__schema_list(gedi__schema_reference(o->words, how), GEDI_MAX_LIST);
    default: /* a type that a schema says nothing of */
        return json_object();
    }
}

json_t *gedi__schema_options(const gedi_option *table, const char *maps,
                             gedi__strictness how)
{
    json_t *all = json_object();
    for (int i = 0; i < gedi__option_count(table); i++) {
        json_t *one = gedi__schema_option(&table[i], how);
        if (gedi__words_have(maps, table[i].key))
            one = gedi__schema_either(one, gedi__schema_type("object"));
        all = gedi__schema_with(all, table[i].key,
                                gedi__schema_described(one, table[i].help));
    }
    return json_pack("{s:s, s:o, s:b}", "type", "object", "properties", all,
                     "additionalProperties", 0);
}

json_t *gedi__schema_restricted(json_t *options, const char *key, const char *type,
                                const char *pattern)
{
    json_t *all = json_object_get(options, "properties");
    json_t *old = json_object_get(all, key);
    if (!old)
        return options;
    json_t *o = json_pack("{s:[O, {s:s}]}", "allOf", old, "pattern", pattern);
    if (type)
        json_array_append_new(json_object_get(o, "allOf"), gedi__schema_type(type));
    if (json_object_set_new(all, key, o)) {
        json_decref(options);
        return NULL;
    }
    return options;
}

json_t *gedi__schema_add_schedules(json_t *all, const gedi_option *table)
{
    char name[64];
    for (int i = 0; i < gedi__option_count(table); i++) {
        name_schedules(&table[i], name, sizeof name);
        if (table[i].type == GEDI_TYPE_SCHEDULE && !json_object_get(all, name))
            all = gedi__schema_with(all, name, schedules(&table[i]));
    }
    return all;
}
