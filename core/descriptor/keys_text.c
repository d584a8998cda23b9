/* keys_text.c - the long texts of the reference. */
#include "core/descriptor/keys_text.h"

const char gedi__objective_sample[] =
    "objective:\n"
    "  - swav: {prototypes: 10}\n"
    "  - jem: {clusters: 10, prototypes: unit, sphere: true, temperature: 0.1}\n"
    "    weight: 0.1\n"
    "    share: swav                       # one set of prototypes for both\n";

const char gedi__objective_rules[] =
    "A single `objective: {NAME: {}}` is minimised on its own. In a list, the terms of\n"
    "all entries are added, each multiplied by its entry's `weight`. Terms are named\n"
    "like `swav.swap`, parameters like `objective.swav.prototypes`.\n"
    "\n"
    "- `share: NAME` lets an entry use the parameters of another: parameters of the same\n"
    "  name are shared and must have the same shape.\n"
    "- p(y|x) comes from the first objective that has one. The energy comes from the\n"
    "  first objective whose terms use negative samples, which are drawn from it; if\n"
    "  none does, from the first that has an energy. `summary.json` names both.\n"
    "- In an override, name an entry by its position or its plugin:\n"
    "  `objective.1.weight=0.2`, `objective.swav.temperature=0.2`. A list replaces the\n"
    "  whole list of a base, or of the descriptor around a stage.\n"
    "\n";

const char gedi__groups_sample[] =
    "optimizer: {adamw: {lr: 1.0e-3}}\n"
    "groups:\n"
    "  - {match: [objective], lr: 1.0e-2}\n"
    "  - {match: [model.layer0, model.layer1], lr: 1.0e-4, weight_decay: 0}\n";

const char gedi__groups_rules[] =
    "`match` lists weights, or prefixes of their names up to a dot, as `freeze` does. A\n"
    "weight belongs to the first group that matches it; those that no group matches have\n"
    "the options of the optimizer alone. A group has these as well, but for what it\n"
    "states. An option can be a schedule, and counts iterations as the optimizer's do.\n"
    "\n"
    "- A name that matches no weight is a mistake, which `gedi check` finds.\n"
    "- `groups` of a stage, or of a descriptor with a base, replace those around it as a\n"
    "  whole; `groups: []` leaves none. Where a stage has `optimizer: keep`, its groups\n"
    "  may still be others.\n"
    "- In an override, give the position: `groups.0.lr=0.01`.\n"
    "- Clipping takes the norm over the weights of all groups.\n"
    "\n";

const char gedi__train_rules[] =
    "An iteration is one update of the weights. With `accumulate: k` it takes k batches of\n"
    "`batch` records: their gradients are averaged, and so are the terms that are logged.\n"
    "The k batches have the records, in the views, that one batch of k times the size\n"
    "would have, so a loss that is a mean over records gives the same numbers to rounding.\n"
    "An objective that compares the records of a batch, batch normalisation, queues and\n"
    "other states see one batch after the other; negative samples are drawn for each. An\n"
    "epoch has as many iterations as there are whole k batches in the training records.\n"
    "\n"
    "- One of `iterations`, `epochs` and `hours` says how long a stage is. Schedules end\n"
    "  with it in any case, for the number of iterations is known before the first: that\n"
    "  of `epochs` once the data are open, that of `hours` once some iterations have been\n"
    "  timed when the run begins, for up to 30 seconds. It stands as `counted` in the\n"
    "  descriptor of the run's folder, and from then on the run is one of so many\n"
    "  iterations: it resumes to the same bytes, and a machine that becomes slower makes\n"
    "  it take longer. Evaluation and checkpoints come on top. Two runs of the same hours have different\n"
    "  numbers; to repeat one, run its own descriptor.yaml. A sweep takes no hours.\n"
    "- `gedi resume RUN train.iterations=30000` makes a run longer, finished or not, and\n"
    "  `train.epochs` likewise, where no option is scheduled to end with training: then it\n"
    "  has done what a run of that length does up to here, and ends in the same weights. The\n"
    "  log has a line more where the shorter one ended. With such a schedule it is refused,\n"
    "  for the option would have had other values; `over` states an end of its own.\n"
    "  A run of hours goes on with `train.hours=0 train.iterations=30000`.\n"
    "- `clip` takes the norm over all weights that learn, but for those of a probe beside\n"
    "  the method, after the gradients of an\n"
    "  iteration are averaged. `metrics.jsonl` logs the norm before, and `explode` is held\n"
    "  against that, too.\n"
    "\n";

const char gedi__validation_rules[] =
    "With `fraction: 0.1`, a tenth of the training records is held out: no stage is trained\n"
    "on them, no pass of an objective sees them, and nothing counts them as training\n"
    "records. They are drawn by the seed, the same on every machine, with the shares of\n"
    "the labels that all have.\n"
    "\n"
    "With `every: 500`, each evaluator of `evaluate` is asked after every 500th iteration,\n"
    "with these records in place of the test records, and its numbers stand under\n"
    "`validation` in that line of `metrics.jsonl`. Training goes on from the same bytes as\n"
    "without, and takes longer by the time of an evaluation. What is killed meanwhile goes\n"
    "on from the last checkpoint and is evaluated again. Options that are scheduled have\n"
    "their last values, as in any evaluation. After training, evaluation reads the test\n"
    "records as ever. An evaluator that fails on the way is said once: training goes on, and\n"
    "the log has the numbers of the others. Only the one that `metric` names ends the run\n"
    "when it fails, with a checkpoint.\n"
    "\n"
    "With `metric: clustering.nmi`, an evaluation of the last stage whose metric is better\n"
    "than any before writes `checkpoint-best.safetensors`. After training, evaluation,\n"
    "figures, `gedi evaluate` and `gedi sample` take these weights, and `summary.json` says\n"
    "of which iteration they are. With `patience: 5`, training ends after five evaluations\n"
    "in a row that are not better; schedules do not reach their end then. The evaluator\n"
    "of the metric is part of the experiment. What is best so far stands in each\n"
    "checkpoint, so a resumed run chooses the same and ends in the same iteration.\n"
    "\n"
    "`linear_probe` trains a new probe at every evaluation. A probe that learns along with\n"
    "the method costs next to nothing: list the objective `online_probe` beside it, which\n"
    "changes no bit of the method, and evaluate by the evaluator of that name.\n"
    "\n";

const char gedi__figures_sample[] =
    "figures:\n"
    "  - losses\n"
    "  - clusters: {format: pdf, title: \"\", width: 3.3in}\n"
    "  - embedding: {colour: cluster, records: 500}\n"
    "  - samples: {every: 2000}\n";

const char gedi__figures_rules[] =
    "`embedding` shows what the encoder makes of records, the features of\n"
    "`gedi export --features`, along their first two principal components, with the share\n"
    "of the variance that each has. Directions are fixed: of a component's weights, the\n"
    "first that is as large as any is positive. Distances are those of the features, so\n"
    "one unit is as long in x as in y. Records without a class are left out where others\n"
    "have one. t-SNE and UMAP are other programs': `gedi export RUN --features` writes\n"
    "what they read, with the labels.\n"
    "\n"
    "`samples: {every: 2000}` draws the figure after every 2000th iteration as well, into\n"
    "`figures/moments/2000/` and so on, and `samples-along.png` shows them side by side,\n"
    "twelve of them at most. Each costs 500 steps of the sampler for 64 images, or 1000\n"
    "points of the plane, and a network more in memory while it is drawn. All begin with\n"
    "the same noise. Training goes on from the same bytes as without, and a killed run\n"
    "draws again what its last checkpoint has not seen. A run that is trained already\n"
    "cannot have them.\n"
    "\n";

const char gedi__init_sample[] =
    "init: {run: runs/base, only: [model]}\n"
    "\n"
    "init:\n"
    "  file: resnet.safetensors\n"
    "  layout: pytorch\n"
    "  only: [model]\n"
    "  names: {model: backbone, model.layer0.weight: backbone.stem.weight}\n";

const char gedi__init_rules[] =
    "Weights and states of the network are copied by name before the first iteration; the\n"
    "optimizer and chains are new. `only` lists names, or what they begin with up to a dot;\n"
    "the rest begins as the seed says. All that is listed, or everything without `only`,\n"
    "must be in the file with its shape. Running averages begin as the weights that were\n"
    "copied; without `only` they are copied, too. `names: {model: average.model}` begins\n"
    "with averages in place of weights. `freeze: [model]` keeps the weights as they are.\n"
    "Parameters of objectives in a list have other names than those of one alone:\n"
    "`names: {objective.swav: objective}`.\n"
    "\n"
    "Of a run, its last weights are taken, or the best where its validation chose; of a\n"
    "file, tensors of 32 bits. `names` says what a parameter, or what its name begins\n"
    "with, is called there. With `layout: pytorch`, matrices are transposed and kernels\n"
    "turned from [out, in, H, W]. If a run has seen labels, so has one that begins with its\n"
    "weights, and tables mark it; whether a file has seen them cannot be told. Where the run\n"
    "had other records of the same dataset, a note says so.\n"
    "\n"
    "The checksum of the weights is part of the experiment, the folder they lie in is not:\n"
    "other weights make another run of a sweep. A run that has its first checkpoint needs\n"
    "them no more, but `gedi sweep` reads them to know which points it has. Records that\n"
    "`validation` holds out may be among those that the other run was trained on: it knows\n"
    "of its own run only.\n"
    "\n";

const char gedi__evaluate_sample[] =
    "evaluate:\n"
    "  - knn\n"
    "  - ood: {against: [circles]}\n"
    "  - ood: {against: [svhn, cifar100]}\n"
    "    name: far                         # its metrics are evaluation.far.*\n";

const char gedi__evaluate_rules[] =
    "Metrics are `evaluation.NAME.METRIC` in `summary.json` and in tables. NAME is the\n"
    "evaluator's. To use one evaluator twice with other options, give an entry a `name`\n"
    "of letters, digits and _ that no other entry has. In an override, give the position:\n"
    "`evaluate.1.ood.against=[svhn]`, `evaluate.1.name=far`.\n"
    "\n";

const char gedi__history_sample[] =
    "history:\n"
    "  - {iteration: 400, changed: \"optimizer.adam.lr: 0.1 -> 0.01\", diverged: "
    "\"iteration 412: term 'inv' is nan\"}\n";

const char gedi__history_rules[] =
    "A run that stopped because its loss was not finite, or exploded, keeps its last good\n"
    "checkpoint. `gedi resume --from-divergence RUN optimizer.adam.lr=0.01` goes on from\n"
    "there with other values, in a new folder; RUN stays as it is, so several values can\n"
    "be tried. The new run's descriptor states its last values, and in `history` where\n"
    "each of them changed, from what, and why. That is part of its identity: it is another\n"
    "experiment than one with the last values from the beginning, and tables mark it.\n"
    "`summary.json` has the same list.\n"
    "\n"
    "- What can change: the seed, options of objective, sampler, optimizer, groups and\n"
    "  views, and train, as far as every tensor of the checkpoint keeps its name and\n"
    "  shape. The model, the dataset and the plugins stay, and so do stages that are over.\n"
    "- Iterations count on. Schedules have the value of their iteration, and with another\n"
    "  seed the batches, views and chains from there on are those of that seed, as are\n"
    "  data that a dataset generates.\n"
    "- `--previous` goes on from the checkpoint before the last, in case the weights of\n"
    "  the last were running away already.\n"
    "- Such a descriptor cannot be run from the beginning, and a base hands no history\n"
    "  on. A point of a sweep that diverged still counts as diverged, with the folder that\n"
    "  went on from it named beside the reason.\n"
    "\n";

const char gedi__stages_sample[] =
    "stages:\n"
    "  - objective: {jem: {}}\n"
    "    train: {iterations: 5000}\n"
    "  - objective: {gedi: {inv: 50}}\n"
    "    optimizer: keep                   # continues; by default each stage has a new "
    "one\n"
    "    freeze: [model]                   # parameters that are not trained\n"
    "    restart: [objective.prototypes]   # parameters initialised again\n"
    "    train: {iterations: 15000}\n";

const char gedi__stages_rules[] =
    "A stage can have its own views, objective, sampler, optimizer, groups, freeze,\n"
    "restart and train. It extends the descriptor around it as a descriptor extends its\n"
    "base: it inherits what it does not set, mappings are merged, lists and other plugins\n"
    "are replaced, and `sampler: null` removes the sampler. On the command line:\n"
    "`stages.1.objective.gedi.inv=10`. A value set outside the stages that reaches none\n"
    "of them is a mistake. `stages: null` drops the stages of a base.\n"
    "\n"
    "- Each stage takes weights and running statistics over from the one before, by\n"
    "  name, except those in `restart`. Parameters that the stage before did not have\n"
    "  are initialised from the seed.\n"
    "- Every stage has a new `optimizer`, as `reset` also says. `keep` continues with\n"
    "  the plugin, options and state of the stage before; parameters that were not\n"
    "  trained there have no state yet.\n"
    "- `freeze` and `restart` list parameters, or prefixes of their names up to a dot,\n"
    "  such as `model.layer0`. Frozen parameters, running statistics included, keep\n"
    "  their bytes, and their gradients are not computed. Batch normalisation still\n"
    "  uses the batch. A name that matches nothing is a mistake, which `gedi check`\n"
    "  finds.\n"
    "- If both stages sample, the replay buffer is kept, as far as both have room.\n"
    "- Iterations are counted from the beginning of the run: the order of the data,\n"
    "  views, chains and `metrics.jsonl` all follow that count.\n"
    "- Evaluation, figures and `summary.json` describe the last stage; `stages` in\n"
    "  `summary.json` lists all of them.\n"
    "\n";

const char gedi__sweep_sample[] =
    "sweep:\n"
    "  method:                          # named points, and what each of them sets\n"
    "    GEDI: {objective: {gedi: {inv: 50}}}\n"
    "    JEM:  {objective: jem, train.iterations: 20000}\n"
    "  dataset: [{moons: {noise: 0.05}}, {circles: {noise: 0.05}}]\n"
    "  optimizer.adam.lr: [1.0e-3, 1.0e-4]\n"
    "  zip: {train.batch: [100, 400], sampler.sgld.steps: [1, 5]}   # side by side\n"
    "  seed: 0..4                       # a range, both ends included; 0..40..10 has a "
    "step\n"
    "  exclude: [{method: JEM, dataset: circles}, {seed: [3, 4], dataset: moons}]\n"
    "  adjust:                          # further settings for some points\n"
    "    - {method: GEDI, dataset: circles, set: {objective.gedi.inv: 10}}\n";

const char gedi__sweep_rules[] =
    "The order of the axes matters: the first changes slowest and comes first in\n"
    "tables. A path sets its value, as an override does, and never merges. A list of\n"
    "`zip` mappings makes several such axes. On the command line, `sweep.seed=0..9`\n"
    "replaces an axis, or adds it to a descriptor without a sweep;\n"
    "`sweep.method.JEM.train.iterations=500` sets a value in a named point.\n"
    "A component that replaces another begins with its own defaults. With `from` it\n"
    "keeps the options that both have, so that the point changes one thing:\n"
    "`no inv: {objective: {gedi_no_inv: {}, from: gedi}}`; so it does over a base and in a\n"
    "stage. `gedi sweep --dry-run` and tables say which options differ besides. Tables and\n"
    "figures say as well in which other axes their rows and columns differ, where these are\n"
    "zipped or not combined with all values.\n"
    "`base: [a.yaml, b.yaml]` is an axis as well: its points are those descriptors, each\n"
    "extended by the sweep's own file.\n"
    "\n"
    "`search` is an axis whose values are drawn where those before were good:\n"
    "\n"
    "    search:\n"
    "      tpe: 50                                # draws, or random: 50\n"
    "      maximise: evaluation.clustering.nmi    # or minimise\n"
    "      over:\n"
    "        optimizer.adam.lr: {log: [1.0e-4, 1.0e-1]}      # or uniform, integers, log_integers\n"
    "        model.mlp.hidden: [[50], [100, 100]]            # one of these\n"
    "      together: 10                           # made from the same results\n"
    "      halve: {from: 1000, by: 3}             # only the best third goes on from there\n"
    "      seed: 0                                # of the draws\n"
    "\n"
    "Its names are `draw` and the paths; docs/search.md has the rest.\n"
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

const char gedi__curves_sample[] =
    "curves: {value: terms.inv, lines: objective, where: {dataset: moons}, format: pdf, width: "
    "3.3in}\n";

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
    "- `steps`: the value at the last position up to i; the first position is 0,\n"
    "- `constant`: `value`.\n"
    "\n"
    "t rises from 0 at the end of the warm-up to 1 at the end of the stage, or after\n"
    "`over` iterations (including the warm-up), and then stays there. During the first\n"
    "`warmup` iterations the value is multiplied by (i + 1) / warmup. With `unit:\n"
    "epochs`, `warmup`, `over` and positions count epochs; an epoch has as many\n"
    "iterations as there are whole batches, of `accumulate` each, in the training records.\n"
    "\n"
    "- Every value must be in the option's range. A warm-up starts at 0, so an option\n"
    "  that cannot be 0 cannot have one.\n"
    "- Each stage counts from its own first iteration, and a new optimizer from its\n"
    "  own. `optimizer: keep` continues the optimizer's schedules as well: they extend\n"
    "  over all stages that keep it.\n"
    "- Evaluation, and sampling after training, use the value at the end of the last\n"
    "  stage.\n"
    "- A schedule is one value: a descriptor replaces that of its base as a whole. On\n"
    "  the command line its parts can be set: `optimizer.adam.lr.cosine.from=0.1`. A\n"
    "  sweep can mix numbers and schedules: `optimizer.adam.lr: [0.01, {cosine:\n"
    "  {from: 0.03, to: 0}}]`.\n"
    "- `metrics.jsonl` logs the values under `schedule`; the figure `schedules` draws\n"
    "  them.\n"
    "\n";
