/* schema_keys.c - the JSON Schema of what may stand at each key of a descriptor. */
#include "core/cli/schema_parts.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/init.h"
#include "core/descriptor/sweep.h"
#include "core/plugin/option.h"

#include <jansson.h>
#include <stdio.h>

#define NAME "^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$" /* GEDI__NAME_RULE */

static json_t *reference_to_entry(const gedi__key *k, gedi__strictness how)
{
    char name[64];
    snprintf(name, sizeof name, "%s" GEDI__ENTRY, gedi__kind_name((gedi_kind)k->kind));
    return gedi__schema_reference(name, how);
}

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

json_t *gedi__schema_parameters(int least)
{
    return json_pack("{s:s, s:i, s:o}", "type", "array", "minItems", least, "items",
                     gedi__schema_with(pattern(true), "type", json_string("string")));
}

/* A mapping of so many keys at least; where some may come from a base, of any number. */
static json_t *map_of(gedi__strictness how, int least)
{
    return json_pack("{s:s, s:i}", "type", "object", "minProperties",
                     how == GEDI__OPEN ? 0 : least);
}

/* The values of an axis: a list, A..B, or a mapping of names to values. */
static json_t *axis(gedi__strictness how)
{
    json_t *list = json_pack("{s:s, s:i}", "type", "array", "minItems", 1);
    json_t *any = json_pack("[o,o,o]", list, gedi__schema_scalar(), map_of(how, 1));
    if (how == GEDI__OPEN)
        json_array_append_new(any, gedi__schema_type("null"));
    return json_pack("{s:o}", "anyOf", any);
}

/* {over: {PATH: SPACE}, halve: {from: 1000}}, one of two ways to draw, and one of what to look for. */
static json_t *search(gedi__strictness how)
{
    json_t *o = gedi__schema_options(gedi__search_options, NULL, how);
    json_t *halve = gedi__schema_options(gedi__halving_options, NULL, how);
    if (how != GEDI__OPEN) {
        halve = gedi__schema_with(halve, "required", json_pack("[s]", "from"));
        o = gedi__schema_with(o, "required", json_pack("[s]", "over"));
        o = gedi__schema_with(o, "allOf",
                              json_pack("[{s:[{s:[s]},{s:[s]}]}, {s:[{s:[s]},{s:[s]}]}]",
                                        "anyOf", "required", "tpe", "required", "random",
                                        "anyOf", "required", "maximise", "required",
                                        "minimise"));
    }
    json_t *all = json_object_get(o, "properties");
    if (json_object_set_new(all, "halve", halve) ||
        json_object_set_new(all, "over", map_of(how, 1))) {
        json_decref(o);
        return NULL;
    }
    return o;
}

static json_t *axes(gedi__strictness how)
{
    json_t *maps = gedi__schema_list(gedi__schema_type("object"), GEDI__MAX_POINTS);
    json_t *zip = gedi__schema_either(
        map_of(how, 2), gedi__schema_list(map_of(how, 2), GEDI__MAX_POINTS));
    return json_pack("{s:s, s:i, s:{s:o}, s:{s:O, s:o, s:o, s:o}, s:o}", "type", "object",
                     "minProperties", how == GEDI__OPEN ? 0 : 1, "propertyNames", "not",
                     pattern(false), "properties", "exclude", maps, "adjust", maps, "zip",
                     zip, "search", search(how), "additionalProperties", axis(how));
}

static json_t *one_component(const gedi__key *k, gedi__strictness how, bool stage)
{
    json_t *o = gedi__schema_reference(gedi__kind_name((gedi_kind)k->kind), how);
    if (k->form == GEDI__OPTIMIZER && (stage || how == GEDI__OPEN))
        return gedi__schema_either(o, gedi__schema_words("enum", "keep|reset"));
    return k->required ? o : gedi__schema_either(o, gedi__schema_type("null"));
}

static json_t *stages(gedi__strictness how)
{
    json_t *one =
        json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                  gedi__schema_properties(how, true), "additionalProperties", 0);
    json_t *all = gedi__schema_with(gedi__schema_list(one, GEDI__MAX_STAGES), "minItems",
                                    json_integer(1));
    return gedi__schema_either(all, gedi__schema_type("null"));
}

/* A width is no other text: 3.3in. */
static json_t *on_paper(json_t *options)
{
    return gedi__schema_restricted(options, "width", "string",
                                   "^$|^([0-9]+\\.?[0-9]*|\\.[0-9]+)(in|cm|mm|pt)$");
}

static json_t *show(const gedi__key *k, gedi__strictness how)
{
    json_t *one = on_paper(gedi__schema_options(k->options, k->maps, how));
    one = gedi__schema_restricted(one, "name", NULL, "^$|" NAME);
    json_t *many = json_pack("{s:s, s:O}", "type", "array", "items", one);
    return gedi__schema_either(one, many);
}

/* One, or a list of those that add up. */
static json_t *objectives(const gedi__key *k, gedi__strictness how)
{
    json_t *all = gedi__schema_list(reference_to_entry(k, how), GEDI__MAX_OBJECTIVES);
    return gedi__schema_either(one_component(k, how, false),
                               gedi__schema_with(all, "minItems", json_integer(1)));
}

/* Entries that lack nothing. */
static json_t *history(const gedi__key *k, gedi__strictness how)
{
    json_t *one = gedi__schema_options(k->options, NULL, how),
           *need = gedi__schema_words("required", k->need);
    if (json_object_update_new(one, need)) {
        json_decref(one);
        one = NULL;
    }
    return gedi__schema_list(one, GEDI__MAX_TURNS);
}

/* {run: FOLDER, only: [model]}, or null. */
static json_t *init(const gedi__key *k, gedi__strictness how)
{
    json_t *one = gedi__schema_options(k->options, NULL, how);
    json_t *all = json_object_get(one, "properties");
    json_t *names = json_pack("{s:s, s:{s:s}}", "type", "object", "additionalProperties",
                              "type", "string");
    if (how != GEDI__OPEN)
        one = gedi__schema_with(
            one, "anyOf",
            json_pack("[{s:[s]},{s:[s]}]", "required", "run", "required", "file"));
    if (json_object_set_new(all, GEDI__INIT_ONLY, gedi__schema_parameters(1)) ||
        json_object_set_new(all, GEDI__INIT_NAMES, names)) {
        json_decref(one);
        one = NULL;
    }
    return gedi__schema_either(one, gedi__schema_type("null"));
}

static json_t *print_of(const gedi_option *options, gedi__strictness how)
{
    return gedi__schema_either(on_paper(gedi__schema_options(options, NULL, how)),
                               gedi__schema_type("null"));
}

/* {FIGURE: {format: pdf, ...}} */
static json_t *printed(const gedi__key *k, gedi__strictness how)
{
    return json_pack("{s:s, s:i, s:i, s:o, s:{s:o, s:o}, s:o}", "type", "object",
                     "minProperties", 1, "maxProperties", 1, "propertyNames",
                     gedi__schema_words("enum", k->words), "properties", "embedding",
                     print_of(gedi__figure_options("embedding"), how), "samples",
                     print_of(gedi__figure_options("samples"), how),
                     "additionalProperties", print_of(gedi__print_options, how));
}

static json_t *value_of(const gedi__key *k, gedi__strictness how, bool stage)
{
    json_t *plugin = NULL;
    switch (k->form) {
    case GEDI__NAME:
        return gedi__schema_with(gedi__schema_scalar(), "pattern", json_string(NAME));
    case GEDI__BASE:
    case GEDI__FOLDER:
        return gedi__schema_with(gedi__schema_scalar(), "minLength", json_integer(1));
    case GEDI__PLUGINS:
        return json_pack("{s:s, s:o}", "type", "array", "items", gedi__schema_scalar());
    case GEDI__VALUE:
        return gedi__schema_option(gedi__option_find(k->options, k->key), how);
    case GEDI__COMPONENT:
    case GEDI__OPTIMIZER:
        return one_component(k, how, stage);
    case GEDI__OBJECTIVES:
        return objectives(k, how);
    case GEDI__COMPONENTS:
        return json_pack("{s:s, s:o}", "type", "array", "items",
                         reference_to_entry(k, how));
    case GEDI__PIPELINES:
        plugin = gedi__schema_reference(gedi__kind_name((gedi_kind)k->kind), how);
        return gedi__schema_list(
            json_pack("{s:s, s:o}", "type", "array", "items", plugin), GEDI_MAX_VIEWS);
    case GEDI__PARAMETERS:
        return gedi__schema_parameters(0);
    case GEDI__GROUPS:
        return gedi__schema_list(gedi__schema_reference("group", how), GEDI__MAX_GROUPS);
    case GEDI__OPTIONS:
        plugin = gedi__schema_options(k->options, NULL, how);
        return k->required ? plugin
                           : gedi__schema_either(plugin, gedi__schema_type("null"));
    case GEDI__INIT:
        return init(k, how);
    case GEDI__STAGES:
        return stages(how);
    case GEDI__FIGURES:
        return json_pack(
            "{s:s, s:b, s:o}", "type", "array", "uniqueItems", 1, "items",
            gedi__schema_either(gedi__schema_words("enum", k->words), printed(k, how)));
    case GEDI__COUNTED:
        return gedi__schema_list(gedi__schema_type("integer"), GEDI__MAX_STAGES);
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

json_t *gedi__schema_properties(gedi__strictness how, bool stage)
{
    json_t *all = json_object();
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->staged || !stage)
            all = gedi__schema_with(
                all, k->key, gedi__schema_described(value_of(k, how, stage), k->help));
    return all;
}
