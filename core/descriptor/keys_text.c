/* keys_text.c - the long texts of the reference. */
#include "core/descriptor/keys_text.h"

const char gedi__objective_sample[] =
    "objective:\n"
    "  - swav: {prototypes: 10}\n"
    "  - jem: {clusters: 10, prototypes: unit, sphere: true, temperature: 0.1}\n"
    "    weight: 0.1\n"
    "    share: swav                       # one set of prototypes for both\n";

const char gedi__objective_rules[] =
    "A single `objective: {NAME: {}}` is minimised as it is. In a list, all terms add\n"
    "up, each multiplied by its entry's `weight`. Terms have names such as `swav.swap`,\n"
    "parameters such as `objective.swav.prototypes`.\n"
    "\n"
    "- `share: NAME` gives an entry the parameters of another one: those of equal name\n"
    "  are one and the same, and must have the same shape.\n"
    "- p(y|x) is that of the first objective that has one. The energy is that of the\n"
    "  first whose terms use negative samples, as these are drawn from it; where none\n"
    "  does, of the first that has an energy. `summary.json` names both.\n"
    "- An override names an entry by its position or its plugin:\n"
    "  `objective.1.weight=0.2`, `objective.swav.temperature=0.2`. A list replaces that\n"
    "  of a base or of the descriptor around a stage as a whole.\n"
    "\n";

const char gedi__stages_sample[] =
    "stages:\n"
    "  - objective: {jem: {}}\n"
    "    train: {iterations: 5000}\n"
    "  - objective: {gedi: {inv: 50}}\n"
    "    optimizer: keep                   # as it is after the stage before; else it is "
    "new\n"
    "    freeze: [model]                   # parameters that stay as they are\n"
    "    restart: [objective.prototypes]   # parameters that start as the seed says\n"
    "    train: {iterations: 15000}\n";

const char gedi__stages_rules[] =
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
    "  normalisation still goes by the batch. Parameters that there are not are a\n"
    "  mistake, which `gedi check` finds.\n"
    "- The replay buffer is taken over where both stages sample, as far as both\n"
    "  have room for it.\n"
    "- Iterations count on: order of the data, views, chains and `metrics.jsonl` go\n"
    "  by the iteration since the beginning of the run.\n"
    "- Evaluation, figures and `summary.json` are of the last stage; `stages` in\n"
    "  `summary.json` lists all.\n"
    "\n";

const char gedi__sweep_sample[] =
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

const char gedi__sweep_rules[] =
    "The order of the axes counts: what stands first changes slowest, and in tables\n"
    "it comes first. A path sets, as an override does: it never merges. A list of\n"
    "`zip` mappings makes several such axes. On the command line `sweep.seed=0..9`\n"
    "replaces an axis, or adds it to a descriptor that states no sweep;\n"
    "`sweep.method.JEM.train.iterations=500` puts a value into a point with a name.\n"
    "`base: [a.yaml, b.yaml]` is an axis, too: its points are those descriptors, and\n"
    "what the sweep's own file says is put over each, as over a base of its own.\n"
    "\n";

const char gedi__table_sample[] =
    "table:\n"
    "  - {rows: objective, columns: dataset, value: "
    "evaluation.clustering.nmi}\n"
    "  - {rows: objective, name: both, value: {NMI: "
    "evaluation.clustering.nmi, spread: health.spread.value}}\n";

const char gedi__grid_sample[] =
    "grid: {figure: clusters, rows: dataset, columns: objective, where: "
    "{seed: 0}}\n";

const char gedi__heatmap_sample[] =
    "heatmap: {x: objective.gedi.inv, y: objective.gedi.prior, value: "
    "evaluation.clustering.nmi}\n";

const char gedi__schedule_sample[] =
    "optimizer: {adam: {lr: {cosine: {from: 0.03, to: 0, warmup: 500}}}}\n"
    "optimizer: {sgd: {lr: {steps: {0: 0.1, 60: 0.01, unit: epochs}}}}\n"
    "objective: {gedi: {inv: {linear: {from: 0, to: 50, over: 2000}}}}\n"
    "sampler: {sgld: {noise: {constant: {value: 0.01, warmup: 100}}}}\n";

const char gedi__schedule_rules[] =
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
