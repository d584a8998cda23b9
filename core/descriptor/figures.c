/* figures.c - the figures of a descriptor, each a name or a name with options. */
#include "core/descriptor/print.h"
#include "core/descriptor/reading.h"
#include "core/plugin/option.h"

#include <string.h>

/* {clusters: {format: pdf}}: the options of that figure. */
static gedi_status read_print(gedi__reading *r, const gedi__key *k, const char *figure,
                              const gedi__tree *t, gedi__print *print)
{
    int before = r->m->n;
    const gedi_option *options = gedi__figure_options(figure);
    *print = (gedi__print){0};
    GEDI_TRY(gedi__option_defaults(options, print, NULL));
    if (!t || gedi__tree_is_null(t))
        return GEDI_OK;
    GEDI_TRY(gedi__options_fill(&r->fill, t->key, options, print, t));
    if (r->m->n == before && !gedi__print_has_width(print->width))
        gedi__mistake(r->m, t->at, GEDI__PRINT_NO_WIDTH, k->key, print->width);
    return GEDI_OK;
}

static gedi_status read_figure(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    const char **figure = gedi__key_target(r, k);
    int *n = gedi__key_count(r, k);
    const gedi__tree *own = t->kind == GEDI__MAP ? t->child : NULL;
    if (t->kind != GEDI__SCALAR && (!own || own->next)) {
        gedi__mistake(r->m, t->at,
                      "%s: %s is given, but it must be a name, or one with options: "
                      "{clusters: {format: pdf}}",
                      k->key, gedi__tree_what(t));
        return GEDI_OK;
    }
    const char *name = own ? own->key : t->text;
    if (!gedi__words_have(k->words, name))
        return gedi__mistake_word(r->m, t->at, "figure", name, k->words);
    for (int i = 0; i < *n; i++)
        if (!strcmp(figure[i], name)) {
            gedi__mistake(r->m, t->at, "%s: duplicate '%s'", k->key, name);
            return GEDI_OK;
        }
    GEDI_TRY(read_print(r, k, name, own, &r->e->print[*n]));
    figure[*n] = gedi__arena_text(&r->e->arena, name);
    return figure[*n] ? gedi__place_keep(r, figure[(*n)++], t->at) : GEDI_NOMEM;
}

gedi_status gedi__read_figures(gedi__reading *r, const gedi__key *k, const gedi__tree *t)
{
    if (gedi__need_list(r, k->key, "[clusters, losses]", t))
        for (const gedi__tree *c = t->child; c; c = c->next)
            GEDI_TRY(read_figure(r, k, c));
    return GEDI_OK;
}
