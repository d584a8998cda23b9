/* schema.c - `gedi schema`: a JSON Schema of descriptors, from the tables they are read by.
 *
 * Draft 7, which both yaml-language-server and python3-jsonschema take. Keywords beside a
 * "$ref" are ignored there, so a description stands beside an "allOf" of one.
 */
#include "core/cli/schema.h"
#include "core/cli/cli.h"
#include "core/cli/schema_parts.h"
#include "core/descriptor/evaluations.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/groups.h"
#include "core/descriptor/merge.h"
#include "core/plugin/option.h"
#include "core/store/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- components ---- */

/* {NAME: {OPTION: VALUE}}, {NAME: } or NAME; beside it, `from`. */
static gedi_status component(gedi__registry *r, gedi_kind kind, gedi__strictness how,
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
        json_t *o = gedi__schema_either(gedi__schema_options(p->options, NULL, how),
                                        gedi__schema_type("null"));
        known = gedi__schema_with(known, name[i], gedi__schema_described(o, p->brief));
        json_array_append_new(names, json_string(name[i]));
    }
    known = gedi__schema_with(
        known, GEDI__FROM,
        gedi__schema_described(
            gedi__schema_type("string"),
            "the plugin that is replaced: options that both have stay"));
    json_t *word = json_pack("{s:o}", "enum", names);
    if (how == GEDI__OPEN)
        word = gedi__schema_either(word, gedi__schema_type("string"));
    json_t *map =
        json_pack("{s:s, s:o, s:o, s:i, s:i}", "type", "object", "properties", known,
                  "additionalProperties",
                  how == GEDI__OPEN ? json_pack("{s:[s,s]}", "type", "object", "null")
                                    : json_false(),
                  "minProperties", 1, "maxProperties", 2);
    map = gedi__schema_with(map, "if", json_pack("{s:[s]}", "required", GEDI__FROM));
    map = gedi__schema_with(map, "then", json_pack("{s:i}", "minProperties", 2));
    map = gedi__schema_with(map, "else", json_pack("{s:i}", "maxProperties", 1));
    *out = gedi__schema_either(word, map);
    return s;
}

/* What refers to a plugin in a component's definition. */
static json_t *reference_to_plugin(gedi_kind kind, const char *name, gedi__strictness how)
{
    gedi__text path = {0};
    gedi__text_add(&path, "%s/anyOf/1/properties/%s", gedi__kind_name(kind), name);
    json_t *o = path.failed ? NULL : gedi__schema_reference(path.s, how);
    gedi__text_clear(&path);
    return o;
}

/* The key whose lists have entries with options beside a plugin of that kind, or NULL. */
static const gedi__key *key_of_entries(gedi_kind kind)
{
    const gedi__key *k = gedi__key_of_kind(GEDI__OBJECTIVES, (int)kind);
    return k ? k : gedi__key_of_kind(GEDI__COMPONENTS, (int)kind);
}

static json_t *names_of(const json_t *properties)
{
    json_t *all = json_array(), *one;
    const char *name;
    json_object_foreach((json_t *)properties, name, one)
        json_array_append_new(all, json_string(name));
    return all;
}

/* Such an entry, made from the component of that kind. */
static json_t *entry(const gedi__key *k, const json_t *component, gedi__strictness how)
{
    const json_t *map = json_array_get(json_object_get(component, "anyOf"), 1);
    json_t *word = json_array_get(json_object_get(component, "anyOf"), 0);
    json_t *known = json_object(), *one = json_array(), *beside = json_array();
    const char *name;
    json_t *plugin;
    json_object_foreach(json_object_get(map, "properties"), name, plugin)
    {
        known = gedi__schema_with(known, name,
                                  reference_to_plugin((gedi_kind)k->kind, name, how));
        json_array_append_new(one, json_pack("{s:[s]}", "required", name));
    }
    for (int i = 0; i < gedi__option_count(k->options); i++) {
        const gedi_option *o = &k->options[i];
        json_t *value = gedi__schema_described(gedi__schema_option(o, how), o->help);
        if (k->form == GEDI__COMPONENTS && o->type == GEDI_TYPE_TEXT)
            value = gedi__schema_with(value, "pattern",
                                      json_string(GEDI__EVALUATION_NAME_PATTERN));
        known = gedi__schema_with(known, o->key, value);
        json_array_append_new(beside, json_string(o->key));
    }
    json_t *all =
        json_pack("{s:s, s:o, s:i, s:{s:{s:o}}}", "type", "object", "properties", known,
                  "maxProperties", 1 + gedi__option_count(k->options), "not",
                  "propertyNames", "enum", beside);
    /* One plugin, and nothing beside it but that. */
    json_t *alone = json_pack("{s:O, s:{s:o}}", "oneOf", one, "propertyNames", "enum",
                              names_of(known));
    if (how == GEDI__WHOLE) {
        all = gedi__schema_with(all, "allOf", json_pack("[o]", alone));
    } else { /* it may be another's */
        all = gedi__schema_with(all, "if", json_pack("{s:O}", "anyOf", one));
        all = gedi__schema_with(all, "then", alone);
    }
    json_decref(one);
    return gedi__schema_either(json_incref(word), all);
}

/* ---- the whole ---- */

/* One of the options is there, and above 0. */
static json_t *one_required(const char *one)
{
    int n;
    char word[32];
    json_t *any = json_array();
    for (const char *w = one; (w = gedi__words_next(w, &n)); w += n) {
        snprintf(word, sizeof word, "%.*s", n, w);
        json_array_append_new(any, json_pack("{s:[s], s:{s:{s:i}}}", "required", word,
                                             "properties", word, "exclusiveMinimum", 0));
    }
    return json_pack("{s:o}", "oneOf", any);
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
                inside = gedi__schema_with(inside, k->key, one_required(k->one));
        }
    return json_pack("{s:o, s:o}", "required", keys, "properties", inside);
}

/* Options of the optimizers beside `match`: whose is not known here, so any's will do; where there may be
 * others, so may their options. */
static gedi_status group(gedi__registry *r, gedi__strictness how, json_t **out,
                         gedi_err *err)
{
    const char *const *name;
    const gedi_plugin *p;
    int n;
    json_t *known = json_object(), *of;
    gedi_status s = gedi__registry_names(r, GEDI_KIND_OPTIMIZER, &name, &n, err);
    for (int i = 0; s == GEDI_OK && how == GEDI__WHOLE && i < n; i++)
        for (int k = 0; !gedi__registry_find(r, GEDI_KIND_OPTIMIZER, name[i], &p, NULL) &&
                        k < gedi__option_count(p->options);
             k++) {
            const gedi_option *o = &p->options[k];
            if (!(of = json_object_get(known, o->key))) {
                known = gedi__schema_with(
                    known, o->key,
                    json_pack("{s:[], s:s}", "anyOf", "description", o->help));
                of = json_object_get(known, o->key);
            }
            json_array_append_new(json_object_get(of, "anyOf"),
                                  gedi__schema_option(o, how));
        }
    known = gedi__schema_with(known, GEDI__MATCH, gedi__schema_parameters(1));
    *out = json_pack("{s:s, s:[s], s:o, s:b}", "type", "object", "required", GEDI__MATCH,
                     "properties", known, "additionalProperties", how != GEDI__WHOLE);
    return s;
}

/* Where the optimizer is one that is known, so are the options of its groups. */
static json_t *groups(void)
{
    const char *optimizer = gedi__key_of_form(GEDI__OPTIMIZER)->key;
    return json_pack(
        "{s:{s:{s:o}}, s:{s:{s:{s:o}}}}", "if", "properties", optimizer,
        gedi__schema_reference(gedi__kind_name(GEDI_KIND_OPTIMIZER), GEDI__WHOLE), "then",
        "properties", gedi__key_of_form(GEDI__GROUPS)->key, "items",
        gedi__schema_reference("group", GEDI__WHOLE));
}

/* A sweep's points may have what is missing, and stages what is missing around them. */
static json_t *whole(gedi__strictness how)
{
    json_t *object =
        json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                  gedi__schema_properties(how, false), "additionalProperties", 0);
    const char *sweep = gedi__key_of_form(GEDI__AXES)->key;
    const char *stages = gedi__key_of_form(GEDI__STAGES)->key;
    json_t *one = json_pack("{s:{s:{s:[s]}}, s:o}", "if", "not", "required", sweep,
                            "then", required(false));
    json_t *alone =
        json_pack("{s:{s:{s:[{s:[s]}, {s:[s], s:{s:{s:s}}}]}}, s:{s:[o,o]}}", "if", "not",
                  "anyOf", "required", sweep, "required", stages, "properties", stages,
                  "type", "array", "then", "allOf", required(true), groups());
    json_t *shown = json_object();
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->form == GEDI__SHOW)
            shown = gedi__schema_with(shown, k->key, json_pack("[s]", sweep));
    object = gedi__schema_with(object, "dependencies", shown);
    return gedi__schema_with(object, "allOf", json_pack("[o,o]", one, alone));
}

static json_t *open(void)
{
    return json_pack("{s:s, s:o, s:b}", "type", "object", "properties",
                     gedi__schema_properties(GEDI__OPEN, false), "additionalProperties",
                     0);
}

/* For all ranges that there are. */
static gedi_status all_schedules(gedi__registry *r, json_t **all, gedi_err *err)
{
    const char *const *name;
    const gedi_plugin *p;
    int n;
    for (const gedi__key *k = gedi__keys; k->key; k++)
        *all = gedi__schema_add_schedules(*all, k->options);
    for (int k = 0; k < GEDI_KINDS; k++) {
        GEDI_TRY(gedi__registry_names(r, (gedi_kind)k, &name, &n, err));
        for (int i = 0; i < n; i++)
            if (!gedi__registry_find(r, (gedi_kind)k, name[i], &p, NULL))
                *all = gedi__schema_add_schedules(*all, p->options);
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
        s = component(r, kind, k % 2 ? GEDI__OPEN : GEDI__WHOLE, &one, err);
        all = gedi__schema_with(all, name, one);
        if (key_of_entries(kind)) {
            snprintf(name, sizeof name, "%s%s" GEDI__ENTRY, k % 2 ? "any_" : "",
                     gedi__kind_name(kind));
            all = gedi__schema_with(
                all, name,
                entry(key_of_entries(kind), one, k % 2 ? GEDI__OPEN : GEDI__WHOLE));
        }
    }
    for (int k = 0; s == GEDI_OK && k < 2; k++) {
        json_t *one = NULL;
        s = group(r, k ? GEDI__OPEN : GEDI__WHOLE, &one, err);
        all = gedi__schema_with(all, k ? "any_group" : "group", one);
    }
    all = gedi__schema_with(all, "whole", whole(GEDI__WHOLE));
    all = gedi__schema_with(all, "plugged", whole(GEDI__PLUGGED));
    *out = gedi__schema_with(all, "open", open());
    return s;
}

static gedi_status make(gedi__registry *r, json_t **out, gedi_err *err)
{
    json_t *all = NULL;
    gedi_status s = definitions(r, &all, err);
    json_t *alone =
        json_pack("{s:{s:[s]}, s:{s:s}, s:{s:s}}", "if", "required",
                  gedi__key_of_form(GEDI__PLUGINS)->key, "then", "$ref",
                  "#/definitions/plugged", "else", "$ref", "#/definitions/whole");
    *out = json_pack("{s:s, s:s, s:s, s:{s:[s]}, s:{s:s}, s:o, s:o}", "$schema",
                     "http://json-schema.org/draft-07/schema#", "title",
                     "A descriptor of gedi", "type", "object", "if", "required",
                     gedi__key_of_form(GEDI__BASE)->key, "then", "$ref",
                     "#/definitions/open", "else", alone, "definitions", all);
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

/* What it lacks, and why: `gedi list` calls them broken. */
static void say_broken(gedi__registry *r)
{
    const char *const *name;
    const gedi_plugin *p;
    int n;
    for (int k = 0; k < GEDI_KINDS; k++) {
        gedi_kind kind = (gedi_kind)k;
        if (gedi__registry_names(r, kind, &name, &n, NULL))
            continue; /* told before */
        for (int i = 0; i < n; i++) {
            gedi_err why = {0};
            if (gedi__registry_find(r, kind, name[i], &p, &why))
                gedi__say("warning: %s %s is not in the schema: BROKEN: %s",
                          gedi__kind_name(kind), name[i], why.msg);
        }
    }
}

int gedi__schema_main(const gedi__call *c)
{
    static const struct argp argp = {
        .args_doc = "",
        .doc =
            "Prints a JSON Schema of descriptors, with every plugin that is found: an "
            "editor completes and checks with it. Broken plugins are warned of.\v"
            "One with the built-in plugins is installed, in share/gedi/schema.json; name it at the top of a descriptor: # yaml-language-server: $schema=FILE",
    };
    if (gedi__argp(c, &argp, NULL))
        return GEDI__EXIT_FAILED;
    gedi__registry *r = NULL;
    gedi_err err = {0};
    gedi_status s = gedi__registry_new(&r, &err);
    char *text = s ? NULL : gedi__schema_text(r, &err);
    int code = text ? GEDI__EXIT_DONE : gedi__say_err(&err);
    if (text) {
        puts(text);
        say_broken(r);
    }
    free(text);
    gedi__registry_free(r);
    return code;
}
