/* init.c - the weights of another run, or another program, that a run begins with.
 *
 * init: {run: runs/base, only: [model]}, or
 * init: {file: net.safetensors, layout: pytorch, only: [model], names: {model: backbone}}.
 */
#include "core/descriptor/init.h"
#include "core/base/file.h"
#include "core/descriptor/reading.h"
#include "core/nn/params.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <string.h>

const gedi_option gedi__init_options[] = {
    GEDI_TEXT(gedi__init, run, "",
              "folder of the run whose weights this one begins with"),
    GEDI_TEXT(gedi__init, file, "",
              "safetensors file of weights, in place of a run; of any program"),
    GEDI_ENUM(gedi__init, layout, 0, "gedi|pytorch",
              "of the file: gedi: linear [in, out], kernels [H, W, in, out]; pytorch: "
              "[out, in], [out, in, H, W]"),
    GEDI_TEXT(gedi__init, checksum, "",
              "of the file of weights; written by gedi into the descriptor of a run's "
              "folder"),
    GEDI_END,
};

bool gedi__init_is_given(const gedi__init *i)
{
    return (i->run && *i->run) || (i->file && *i->file);
}

char *gedi__init_place(const gedi__experiment *e)
{
    return gedi__path_join(e->directory, *e->init.run ? e->init.run : e->init.file);
}

bool gedi__init_name(const gedi__init *i, const char *parameter, char *out, size_t size)
{
    const char *from = "", *to = "";
    for (int k = 0; k < i->renames; k++)
        if (gedi__name_is_under(parameter, i->rename[k].parameter) &&
            strlen(i->rename[k].parameter) > strlen(from)) {
            from = i->rename[k].parameter;
            to = i->rename[k].file;
        }
    return (size_t)snprintf(out, size, "%s%s", to, parameter + strlen(from)) < size;
}

void gedi__init_emit_only(const gedi__init *i, gedi__text *out)
{
    for (int k = 0; k < i->onlys; k++) {
        gedi__text_add(out, "%s", k ? ", " : "[");
        gedi__option_emit_text(i->only[k], out);
    }
    gedi__text_add(out, "]");
}

void gedi__init_emit_names(const gedi__init *i, gedi__text *out)
{
    for (int k = 0; k < i->renames; k++) {
        gedi__text_add(out, "%s", k ? ", " : "{");
        gedi__option_emit_text(i->rename[k].parameter, out);
        gedi__text_add(out, ": ");
        gedi__option_emit_text(i->rename[k].file, out);
    }
    gedi__text_add(out, "}");
}

/* ---- reading ---- */

static gedi_status read_renames(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__init *i = gedi__key_target(r, k);
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at,
                      "%s." GEDI__INIT_NAMES
                      ": %s is given, but it must be a mapping from "
                      "names of parameters to names in the file: {model: backbone}",
                      k->key, gedi__tree_what(t));
        return GEDI_OK;
    }
    i->rename =
        gedi__arena_alloc(&r->e->arena, (size_t)gedi__tree_count(t) * sizeof *i->rename);
    if (!i->rename)
        return GEDI_NOMEM;
    for (const gedi__tree *c = t->child; c; c = c->next) {
        if (c->kind != GEDI__SCALAR || gedi__tree_is_null(c)) {
            gedi__mistake(r->m, c->at,
                          "%s." GEDI__INIT_NAMES
                          ".%.64s: %s is given, but it must be a name "
                          "in the file",
                          k->key, c->key, gedi__tree_what(c));
            continue;
        }
        gedi__rename *one = &i->rename[i->renames++];
        one->parameter = gedi__arena_text(&r->e->arena, c->key);
        one->file = gedi__arena_text(&r->e->arena, c->text);
        if (!one->parameter || !one->file)
            return GEDI_NOMEM;
    }
    return GEDI_OK;
}

/* Takes what is no option out of the mapping, and says so. */
static void drop_unknown(gedi__reading *r, const gedi__key *k, gedi__tree *options)
{
    static const char *const legal[] = {
        "run", "file", GEDI__INIT_ONLY, GEDI__INIT_NAMES, "layout", "checksum"};
    gedi__tree **link = &options->child;
    while (*link) {
        if (gedi__option_find(k->options, (*link)->key)) {
            link = &(*link)->next;
            continue;
        }
        gedi__mistake_unknown(r->m, (*link)->key_at, "option", (*link)->key, k->key,
                              legal, sizeof legal / sizeof *legal);
        *link = (*link)->next;
    }
}

/* What single options cannot say. */
static void check(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    const gedi__init *i = gedi__key_target(r, k);
    if (*i->run && *i->file)
        gedi__mistake(
            r->m, t->at,
            "%s: run and file are given, but weights come from one of them: set "
            "the other to \"\"",
            k->key);
    else if (!*i->run && !*i->file)
        gedi__mistake(r->m, t->at,
                      "%s: neither run nor file is given: whose weights? Such as {run: "
                      "runs/base, only: [model]}",
                      k->key);
    if (*i->run && i->layout)
        gedi__mistake(r->m, t->at,
                      "%s.layout: a run of gedi has gedi's layout: leave it out", k->key);
}

gedi_status gedi__read_init(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    gedi__init *i = gedi__key_target(r, k);
    if (gedi__tree_is_null(t)) /* none, whatever a base states */
        return GEDI_OK;
    if (t->kind != GEDI__MAP) {
        gedi__mistake(r->m, t->at,
                      "%s: %s is given, but it must be a mapping: {run: runs/base, only: "
                      "[model]}",
                      k->key, gedi__tree_what(t));
        return GEDI_OK;
    }
    const gedi__tree *only = gedi__tree_get(t, GEDI__INIT_ONLY);
    const gedi__tree *names = gedi__tree_get(t, GEDI__INIT_NAMES);
    gedi__tree *options =
        gedi__tree_without(t, GEDI__INIT_ONLY "|" GEDI__INIT_NAMES, r->scratch);
    if (!options)
        return GEDI_NOMEM;
    drop_unknown(r, k, options);
    GEDI_TRY(gedi__place_keep(r, i, t->at));
    GEDI_TRY(gedi__options_fill(&r->fill, k->key, k->options, i, options));
    if (only && only->kind == GEDI__LIST && !only->child)
        gedi__mistake(r->m, only->at,
                      "%s." GEDI__INIT_ONLY
                      ": the list is empty: leave it out to take all "
                      "weights",
                      k->key);
    if (only)
        GEDI_TRY(gedi__read_names(r, "init." GEDI__INIT_ONLY, only, &i->only, &i->onlys));
    if (names)
        GEDI_TRY(read_renames(r, k, names));
    check(r, k, t);
    return GEDI_OK;
}
