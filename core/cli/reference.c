/* reference.c - the reference of all that a descriptor may state, in Markdown.
 *
 * Written from the tables that the program itself reads, so it cannot go stale: a test
 * compares the committed docs/descriptor.md with it.
 */
#include "core/cli/reference.h"

#include "core/cli/cli.h"
#include "core/cli/snippet.h"
#include "core/descriptor/sweep.h"
#include "core/plugin/option.h"

#include <stdio.h>

static const struct {
    const char *key, *states;
} top[] = {
    {"base",
     "another descriptor to start from: what stands here replaces what stands there"},
    {"name",
     "what the experiment is called: in `summary.json`, and in the folder of a run "
     "where `--out` is not given; the file's name unless stated"},
    {"plugins", "folders, or single `.so` files, with plugins of your own"},
    {"directory", "where relative paths in options start: the descriptor's own folder "
                  "unless stated"},
    {"seed", "all random numbers follow from it; 0 unless stated"},
    {"threads",
     "how many threads compute; 0, as many as there are processors, unless stated"},
    {"dataset", "where records come from"},
    {"views",
     "a list of pipelines, each a list of views applied one after the other; the "
     "first pipeline makes x, the second x'"},
    {"model", "the encoder: from a record to an embedding"},
    {"projector", "a second model behind the encoder, whose output the objective sees; "
                  "optional"},
    {"objective", "what is minimised"},
    {"sampler", "how negative samples are drawn; for objectives with an energy"},
    {"optimizer", "how weights are updated"},
    {"freeze",
     "a list of parameters that are not trained, or what their names begin with: "
     "`[model.layer0]`"},
    {"restart", "of a stage: a list of parameters that start anew; see below"},
    {"train", "how long, how much at once, and what is kept"},
    {"stages", "a list of stages: objectives one after the other on the same parameters; "
               "see below"},
    {"evaluate", "a list of evaluators, whose figures end up in `summary.json`"},
    {"figures", "a list of figures to draw: `clusters`, `density` (2-D data), `losses`, "
                "`ood` (scores, with the evaluator ood), "
                "`samples` (of the energy, after 500 steps of the sampler), "
                "`schedules` (of options), `views` (images)"},
    {"sweep", "axes: many experiments from this one, for `gedi sweep`; see below"},
    {"table", "of a sweep: a table of its runs, or a list of them; see below"},
    {"grid", "of a sweep: one figure of several runs side by side, or a list of them"},
    {"heatmap", "of a sweep: two axes as a heat map, or a list of them"},
};

static const char *const intro =
    "# What a descriptor may state\n"
    "\n"
    "<!-- Made by `make reference` from the tables of options; changes here are lost. "
    "-->\n"
    "\n"
    "Everywhere the same form: `<kind>: {<plugin>: {<option>: <value>}}`. An option that "
    "is not\nstated has its default. On the command line the same path overrides a "
    "value, "
    "with the same\nchecks: `gedi run FILE objective.gedi.inv=10 seed=3`. `gedi check "
    "FILE` names every mistake\nwith its line and column, and `gedi check --resolved "
    "FILE` "
    "prints every option.\n"
    "\n"
    "| key | what it states |\n"
    "|---|---|\n";

static const char *const schedule_sample =
    "optimizer: {adam: {lr: {cosine: {from: 0.03, to: 0, warmup: 500}}}}\n"
    "optimizer: {sgd: {lr: {steps: {0: 0.1, 60: 0.01, unit: epochs}}}}\n"
    "objective: {gedi: {inv: {linear: {from: 0, to: 50, over: 2000}}}}\n"
    "sampler: {sgld: {noise: {constant: {value: 0.01, warmup: 100}}}}\n";

static const char *const schedule_rules =
    "An option of type `real or schedule` is a number or one of these mappings. In\n"
    "iteration i of a stage, counted from 0, the value is\n"
    "\n"
    "- `cosine`: to + (from - to) (1 + cos(pi t)) / 2,\n"
    "- `linear`: from + (to - from) t,\n"
    "- `steps`: that of the last position that is not after i; the first position is 0,\n"
    "- `constant`: `value`.\n"
    "\n"
    "t rises from 0, when the warm-up is over, to 1 at the end of the stage, or after\n"
    "`over` iterations (with the warm-up), where it stays. In the first `warmup`\n"
    "iterations the value is multiplied by (i + 1) / warmup. With `unit: epochs`,\n"
    "`warmup`, `over` and positions count epochs: as many iterations as there are\n"
    "whole batches in the training records.\n"
    "\n"
    "- Every value must be in the option's range; a warm-up rises from 0, so an option\n"
    "  that cannot be 0 has none.\n"
    "- Each stage counts from its own first iteration, and a new optimizer from its\n"
    "  own. `optimizer: keep` goes on with the schedules of the optimizer, too: they\n"
    "  last over all stages that keep it.\n"
    "- Evaluation, and chains that draw samples after training, use the value at\n"
    "  which the last stage ends.\n"
    "- A schedule is one value: a descriptor replaces that of its base as a whole. On\n"
    "  the command line parts can be set: `optimizer.adam.lr.cosine.from=0.1`. As\n"
    "  values of a sweep, numbers and schedules mix: `optimizer.adam.lr: [0.01,\n"
    "  {cosine: {from: 0.03, to: 0}}]`.\n"
    "- `metrics.jsonl` has the values of schedules in `schedule`, and the figure\n"
    "  `schedules` draws them.\n"
    "\n";

static const char *const stages_sample =
    "stages:\n"
    "  - objective: {jem: {}}\n"
    "    train: {iterations: 5000}\n"
    "  - objective: {gedi: {inv: 50}}\n"
    "    optimizer: keep                   # as it is after the stage before; else it is "
    "new\n"
    "    freeze: [model]                   # parameters that stay as they are\n"
    "    restart: [objective.prototypes]   # parameters that start as the seed says\n"
    "    train: {iterations: 15000}\n";

static const char *const stages_rules =
    "A stage may state views, objective, sampler, optimizer, freeze, restart and\n"
    "train. It stands over the descriptor around it as a descriptor over its base:\n"
    "what it does not state it inherits, mappings are merged, lists and other\n"
    "plugins replace, and `sampler: null` leaves the sampler out. On the command\n"
    "line, `stages.1.objective.gedi.inv=10`; a value put in around the stages that\n"
    "reaches none of them is a mistake. `stages: null` leaves out those of a base.\n"
    "\n"
    "- Weights and running statistics are taken over by name from the stage before,\n"
    "  all but those in `restart`. What it did not have starts as the seed says.\n"
    "- `optimizer` is a new one in every stage, which is what `reset` says, too.\n"
    "  `keep` goes on with plugin, options and state of the stage before; what was\n"
    "  not trained there has no state yet.\n"
    "- `freeze` and `restart` list parameters, or what their names begin with up to\n"
    "  a dot, such as `model.layer0`. Frozen parameters, and running statistics\n"
    "  among them, keep their bytes; their gradients are not computed. Batch\n"
    "  normalisation still goes by the batch. Whether there are such parameters shows\n"
    "  when a run starts, before it trains; `gedi check` makes no network.\n"
    "- The replay buffer is taken over where both stages sample, as far as both\n"
    "  have room for it.\n"
    "- Iterations count on: order of the data, views, chains and `metrics.jsonl` go\n"
    "  by the iteration since the beginning of the run.\n"
    "- Evaluation, figures and `summary.json` are of the last stage; `stages` in\n"
    "  `summary.json` lists all.\n"
    "\n";

static const char *const sweep_sample =
    "sweep:\n"
    "  method:                          # points with names: what each of them sets\n"
    "    GEDI: {objective: {gedi: {inv: 50}}}\n"
    "    JEM:  {objective: jem, train.iterations: 20000}\n"
    "  dataset: [{moons: {noise: 0.05}}, {circles: {noise: 0.05}}]\n"
    "  optimizer.adam.lr: [1.0e-3, 1.0e-4]\n"
    "  zip: {train.batch: [100, 400], sampler.sgld.steps: [1, 5]}   # side by side\n"
    "  seed: 0..4                       # a range, both ends included; 0..40..10 has a "
    "step\n"
    "  exclude: [{method: JEM, dataset: circles}, {seed: [3, 4], dataset: moons}]\n"
    "  adjust:                          # what some points set besides, after the axes\n"
    "    - {method: GEDI, dataset: circles, set: {objective.gedi.inv: 10}}\n";

static const char *const sweep_rules =
    "The order of the axes counts: what stands first changes slowest, and in tables\n"
    "it comes first. A path sets, as an override does: it never merges. A list of\n"
    "`zip` mappings makes several such axes. On the command line `sweep.seed=0..9`\n"
    "replaces an axis, or adds it to a descriptor that states no sweep;\n"
    "`sweep.method.JEM.train.iterations=500` puts a value into a point with a name.\n"
    "`base: [a.yaml, b.yaml]` is an axis, too: its points are those descriptors, and\n"
    "what the sweep's own file says is put over each, as over a base of its own.\n"
    "\n";

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

void gedi__reference_add_states(gedi_kind kind, const gedi_plugin *p, const char *before,
                                gedi__text *out)
{
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

bool gedi__reference_block(int i, gedi__block *out)
{
    const gedi__block blocks[] = {
        {.key = "train",
         .states = "how long, how much at once, and what is kept",
         .options = gedi__train_options},
        {.key = "schedule",
         .states = "how an option of type `real or schedule` changes over a stage",
         .sample = schedule_sample,
         .rules = schedule_rules},
        {.key = "stages",
         .states =
             "objectives that run one after the other on the same parameters, in one "
             "run",
         .sample = stages_sample,
         .rules = stages_rules},
        {.key = "sweep",
         .states = "the product of axes: many experiments from one descriptor, for `gedi "
                   "sweep`",
         .sample = sweep_sample,
         .rules = sweep_rules},
        {.key = "table",
         .states = "a table of a sweep's runs, or a list of them",
         .sample = "table:\n"
                   "  - {rows: objective, columns: dataset, value: "
                   "evaluation.clustering.nmi}\n"
                   "  - {rows: objective, name: both, value: {NMI: "
                   "evaluation.clustering.nmi, spread: health.spread.value}}\n",
         .options = gedi__show_options[GEDI__TABLE]},
        {.key = "grid",
         .states = "one figure of several runs side by side, or a list of them",
         .sample = "grid: {figure: clusters, rows: dataset, columns: objective, where: "
                   "{seed: 0}}\n",
         .options = gedi__show_options[GEDI__GRID]},
        {.key = "heatmap",
         .states = "two axes of a sweep as a heat map, or a list of them",
         .sample = "heatmap: {x: objective.gedi.inv, y: objective.gedi.prior, value: "
                   "evaluation.clustering.nmi}\n",
         .options = gedi__show_options[GEDI__HEATMAP]},
    };
    if (i < 0 || i >= (int)(sizeof blocks / sizeof *blocks))
        return false;
    *out = blocks[i];
    return true;
}

static void add_blocks(gedi__text *out)
{
    gedi__block b;
    for (int i = 0; gedi__reference_block(i, &b); i++) {
        gedi__text_add(out, "## %s\n\n", b.key);
        if (b.options)
            add_options(b.options, out);
        else
            gedi__text_add(out, "States %s.\n\n", b.states);
        if (b.sample)
            gedi__text_add(out, "```yaml\n%s```\n\n", b.sample);
        if (b.rules)
            gedi__text_add(out, "%s", b.rules);
    }
}

int gedi__reference_print(gedi__registry *r)
{
    gedi__text out = {0};
    gedi_err err = {0};
    gedi__text_add(&out, "%s", intro);
    for (size_t i = 0; i < sizeof top / sizeof *top; i++)
        gedi__text_add(&out, "| `%s` | %s |\n", top[i].key, top[i].states);
    gedi__text_add(&out, "\n");
    add_blocks(&out);
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
