/* reference.c - the reference of all that a descriptor can contain, in Markdown.
 *
 * Written from the tables that the program itself reads, so it cannot go stale: a test
 * compares the committed docs/descriptor.md with it.
 */
#include "core/cli/reference.h"

#include "core/cli/cli.h"
#include "core/cli/snippet.h"
#include "core/descriptor/keys_text.h"
#include "core/plugin/option.h"

#include <stdio.h>
#include <string.h>

static const char *const intro =
    "# What a descriptor can contain\n"
    "\n"
    "<!-- Made by `make reference` from the tables of options; changes here are lost. "
    "-->\n"
    "\n"
    "Everywhere the same form: `<kind>: {<plugin>: {<option>: <value>}}`. An option "
    "that is not\n"
    "stated has its default. On the command line the same path overrides a value, "
    "with the same\n"
    "checks: `gedi run FILE objective.gedi.inv=10 seed=3`. `gedi check FILE` names "
    "every mistake\n"
    "with its line and column, and `gedi check --resolved FILE` prints every "
    "option.\n"
    "\n"
    "| key | what it states |\n"
    "|---|---|\n";

/* A cell of a Markdown table: a bar inside it would end it. */
static void add_cell(const char *s, gedi__text *out)
{
    gedi__text_add(out, " ");
    for (; s && *s; s++)
        gedi__text_add(out, *s == '|' ? "\\%c" : "%c", *s);
    gedi__text_add(out, " |");
}

static void add_options(const gedi_option *table, gedi__text *out)
{
    if (!gedi__option_count(table)) {
        gedi__text_add(out, "No options.\n\n");
        return;
    }
    gedi__text_add(out, "| option | type | default | range | meaning |\n"
                        "|---|---|---|---|---|\n");
    for (int i = 0; i < gedi__option_count(table); i++) {
        gedi__option_row row;
        gedi__option_row_fill(&row, &table[i]);
        gedi__text_add(out, "|");
        for (int c = 0; c < GEDI__OPTION_CELLS; c++)
            add_cell(row.cell[c], out);
        gedi__text_add(out, "\n");
        out->failed |= row.value.failed || row.range.failed;
        gedi__option_row_clear(&row);
    }
    gedi__text_add(out, "\n");
}

/* "- `fid` (less is better): Frechet distance ...". */
static void add_metrics(const gedi_evaluator *e, const char *before, gedi__text *out)
{
    static const char *const better[] = {"more is better", "less is better",
                                         "neither is better"};
    gedi__text_add(out, "%sMetrics:\n%s", before, before);
    for (const gedi_metric *m = e->metrics; m->name; m++)
        gedi__text_add(out, "- `%s` (%s%s%s): %s\n", m->name, m->unit,
                       *m->unit ? ", " : "", better[m->direction], m->definition);
}

void gedi__reference_add_states(gedi_kind kind, const gedi_plugin *p, const char *before,
                                gedi__text *out)
{
    if (kind == GEDI_KIND_EVALUATOR)
        add_metrics((const gedi_evaluator *)p, before, out);
    if (kind != GEDI_KIND_OBJECTIVE)
        return;
    const gedi_objective *o = (const gedi_objective *)p;
    gedi__text_add(out, "%sStates: a loss%s%s.\n", before,
                   o->logits ? ", assignments p(y|x)" : "; no assignments p(y|x)",
                   o->energy ? ", an energy" : "; no energy");
}

static gedi_status add_kind(gedi__registry *r, gedi_kind kind, gedi__text *out,
                            gedi_err *err)
{
    const char *const *names;
    int n;
    GEDI_TRY(gedi__registry_names(r, kind, &names, &n, err));
    gedi__text_add(out, "## %s\n\n", gedi__kind_name(kind));
    for (int i = 0; i < n; i++) {
        const gedi_plugin *p;
        GEDI_TRY(gedi__registry_find(r, kind, names[i], &p, err));
        gedi__text_add(out, "### %s/%s\n\n%s\n", gedi__kind_name(kind), p->name,
                       p->brief);
        if (p->cite && *p->cite)
            gedi__text_add(out, "\nSource: %s\n", p->cite);
        gedi__reference_add_states(kind, p, "\n", out);
        gedi__text_add(out, "\n");
        add_options(p->options, out);
        gedi__text_add(out, "```yaml\n");
        gedi__snippet_add(kind, p, out);
        gedi__text_add(out, "```\n\n");
    }
    return GEDI_OK;
}

bool gedi__reference_is_block(const gedi__key *k)
{
    return k->form == GEDI__OPTIONS || k->sample;
}

/* No key: what stands in place of a number, wherever an option is scheduled. */
static const gedi__key schedule = {
    .key = "schedule",
    .help = "how an option of type `real or schedule` changes over a stage",
    .sample = gedi__schedule_sample,
    .rules = gedi__schedule_rules,
};

const gedi__key *gedi__reference_find(const char *word)
{
    const gedi__key *k = gedi__key_find(word);
    return !k && !strcmp(word, schedule.key) ? &schedule : k;
}

static void add_block(const gedi__key *k, gedi__text *out)
{
    gedi__text_add(out, "## %s\n\n", k->key);
    if (k->options)
        add_options(k->options, out);
    if (k->sample)
        gedi__text_add(out, "```yaml\n%s```\n\n", k->sample);
    if (k->rules)
        gedi__text_add(out, "%s", k->rules);
}

int gedi__reference_print(gedi__registry *r)
{
    gedi__text out = {0};
    gedi_err err = {0};
    gedi__text_add(&out, "%s", intro);
    for (const gedi__key *k = gedi__keys; k->key; k++)
        gedi__text_add(&out, "| `%s` | %s |\n", k->key, k->help);
    gedi__text_add(&out, "\n");
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (gedi__reference_is_block(k))
            add_block(k, &out);
    add_block(&schedule, &out);
    gedi_status s = GEDI_OK;
    for (int k = 0; s == GEDI_OK && k < GEDI_KINDS; k++)
        s = add_kind(r, (gedi_kind)k, &out, &err);
    if (s == GEDI_OK) { /* one newline at the end, not two */
        if (out.s && out.len)
            out.s[--out.len] = 0;
        return gedi__print_text(&out);
    }
    gedi__text_clear(&out);
    gedi__say_err(&err);
    return GEDI__EXIT_FAILED;
}
