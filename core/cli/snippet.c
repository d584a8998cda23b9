/* snippet.c - a plugin's options as text: a descriptor's lines, and table cells. */
#include "core/cli/snippet.h"

#include "core/plugin/option.h"

/* "key: value", each behind `indent` spaces on a line of its own. */
static void add_lines(const gedi_option *table, int indent, gedi__text *out)
{
    for (int i = 0; i < gedi__option_count(table); i++) {
        gedi__text_add(out, "%*s%s: ", indent, "", table[i].key);
        gedi__option_emit_default(&table[i], out);
        gedi__text_add(out, "\n");
    }
}

/* "{key: value, key: value}". */
static void add_flow(const gedi_option *table, gedi__text *out)
{
    gedi__text_add(out, "{");
    for (int i = 0; i < gedi__option_count(table); i++) {
        gedi__text_add(out, "%s%s: ", i ? ", " : "", table[i].key);
        gedi__option_emit_default(&table[i], out);
    }
    gedi__text_add(out, "}");
}

void gedi__snippet_add_block(const gedi__key *k, gedi__text *out)
{
    const gedi_option *table = k->options;
    gedi__text_add(out, "%s:\n", k->key);
    if (k->one) /* the first of those one of which must be given */
        gedi__text_add(out, "  %s: 1000\n", table++->key);
    add_lines(table, 2, out);
}

void gedi__snippet_add(gedi_kind kind, const gedi_plugin *p, gedi__text *out)
{
    const gedi__key *k = gedi__keys;
    while (!gedi__key_component_depth(k) || k->kind != (int)kind)
        GEDI_ASSERT((++k)->key); /* every kind has one */
    switch (gedi__key_component_depth(k)) {
    case 3: /* the first pipeline is x as it is, the second x' */
        gedi__text_add(out, "%s:\n  - []\n  - [%s: ", k->key, p->name);
        add_flow(p->options, out);
        gedi__text_add(out, "]\n");
        return;
    case 2:
        gedi__text_add(out, "%s: [%s: ", k->key, p->name);
        add_flow(p->options, out);
        gedi__text_add(out, "]\n");
        return;
    default:
        gedi__text_add(out, "%s:\n  %s:", k->key, p->name);
        gedi__text_add(out, gedi__option_count(p->options) ? "\n" : " {}\n");
        add_lines(p->options, 4, out);
    }
}

void gedi__option_row_fill(gedi__option_row *row, const gedi_option *o)
{
    *row = (gedi__option_row){0};
    gedi__option_emit_default(o, &row->value);
    gedi__option_emit_range(o, &row->range);
    row->cell[0] = o->key;
    row->cell[1] = gedi__option_type_name(o->type);
    row->cell[2] = row->value.s;
    row->cell[3] = row->range.s;
    row->cell[4] = o->help;
}

void gedi__option_row_clear(gedi__option_row *row)
{
    gedi__text_clear(&row->value);
    gedi__text_clear(&row->range);
}
