/* keys.c - the one table of what a descriptor can have. */
#include "core/descriptor/keys.h"
#include "core/descriptor/evaluations.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/history.h"
#include "core/descriptor/init.h"
#include "core/descriptor/keys_text.h"
#include "core/descriptor/objectives.h"
#include "core/descriptor/sweep.h"
#include "core/descriptor/validation.h"

#include <string.h>

static const gedi_option settings[] = {
    GEDI_INT(gedi__experiment, seed, 0, 0, 9223372036854775807.0,
             "determines all random numbers"),
    GEDI_INT(gedi__experiment, threads, 0, 0, 1024,
             "how many threads compute; 0: OMP_NUM_THREADS, or one per processor"),
    GEDI_ENUM(
        gedi__experiment, convolution, 0, GEDI__CONVOLUTION_WORDS,
        "winograd: 3x3 convolutions by Winograd's algorithm where it is faster; direct: "
        "none"),
    GEDI_END,
};

#define OF_RUN(member) .offset = offsetof(gedi__experiment, member)
#define OF_STAGE(member) .staged = true, .offset = offsetof(gedi__stage, member)
#define TRAINING .varied = true, .identity = GEDI__TRAINING
#define ARTEFACT .varied = true, .identity = GEDI__ARTEFACT

const gedi__key gedi__keys[] = {
    {"base", GEDI__BASE,
     .help = "another descriptor to start from; what this one states replaces what "
             "that one states"},
    {"name", GEDI__NAME, OF_RUN(name),
     .help = "the experiment's name, in `summary.json` and in the folder of a run "
             "without `--out`; by default the file's name"},
    {"directory", GEDI__FOLDER, OF_RUN(directory),
     .help = "the folder where relative paths in options start; by default the "
             "descriptor's own"},
    {"plugins", GEDI__PLUGINS,
     .help = "folders, or single `.so` files, with plugins of your own"},
    {"seed", GEDI__VALUE, TRAINING, .turned = true, .options = settings,
     .help = "determines all random numbers; 0 by default"},
    {"threads", GEDI__VALUE, .options = settings,
     .help = "how many threads compute; by default 0: OMP_NUM_THREADS, or one per "
             "processor"},
    {"convolution", GEDI__VALUE, TRAINING, .options = settings,
     .help = "how 3x3 convolutions are computed: `winograd`, the default, where it is "
             "faster, with about twice the rounding; or `direct`, as defined"},
    {"dataset", GEDI__COMPONENT, GEDI_KIND_DATASET, .asked = true, .required = true,
     TRAINING, OF_RUN(dataset), .help = "where records come from"},
    {"views", GEDI__PIPELINES, GEDI_KIND_VIEW, .asked = true, .turned = true, TRAINING,
     OF_STAGE(view),
     .help = "a list of pipelines, each a list of views applied one after the other; the "
             "first pipeline makes x, the second x'"},
    {"model", GEDI__COMPONENT, GEDI_KIND_MODEL, .asked = true, .required = true,
     .weights = true, TRAINING, OF_RUN(model),
     .help = "the encoder: from records to features"},
    {"projector", GEDI__COMPONENT, GEDI_KIND_MODEL, .asked = true, .weights = true,
     TRAINING, OF_RUN(projector),
     .help = "a second model after the encoder, from features to the embeddings that "
             "the objective sees; optional"},
    {"objective", GEDI__OBJECTIVES, GEDI_KIND_OBJECTIVE, .asked = true, .required = true,
     .weights = true, .turned = true, TRAINING, OF_STAGE(objective),
     .count = offsetof(gedi__stage, objectives), .options = gedi__objective_options,
     .sample = gedi__objective_sample, .rules = gedi__objective_rules,
     .help = "what is minimised: one objective, or the sum of a list of them; see below"},
    {"sampler", GEDI__COMPONENT, GEDI_KIND_SAMPLER, .asked = true, .turned = true,
     TRAINING, OF_STAGE(sampler),
     .help = "how negative samples are drawn, for objectives with an energy"},
    {"optimizer", GEDI__OPTIMIZER, GEDI_KIND_OPTIMIZER, .required = true, .turned = true,
     TRAINING, .trains = true, OF_STAGE(optimizer), .help = "how weights are updated"},
    {"groups", GEDI__GROUPS, .asked = true, .turned = true, TRAINING, .trains = true,
     OF_STAGE(group), .count = offsetof(gedi__stage, groups),
     .sample = gedi__groups_sample, .rules = gedi__groups_rules,
     .help = "options of the optimizer for some of the weights; see below"},
    {"init", GEDI__INIT, .asked = true, TRAINING, .trains = true, OF_RUN(init),
     .options = gedi__init_options, .sample = gedi__init_sample,
     .rules = gedi__init_rules,
     .help = "weights that training begins with, of another run or another program; see "
             "below"},
    {"freeze", GEDI__PARAMETERS, .asked = true, TRAINING, .trains = true,
     OF_STAGE(freeze), .count = offsetof(gedi__stage, freezes),
     .help = "parameters that are not trained: a list of names, or of what names begin "
             "with, such as `[model.layer0]`"},
    {"restart", GEDI__PARAMETERS, .asked = true, .later = true, TRAINING, .trains = true,
     OF_STAGE(restart), .count = offsetof(gedi__stage, restarts),
     .help = "in a stage: a list of parameters that start afresh; see below"},
    {"train", GEDI__OPTIONS, .asked = true, .required = true, .turned = true, TRAINING,
     .trains = true, OF_STAGE(train), .options = gedi__train_options,
     .one = "iterations|epochs|hours", .read = "weights|batch",
     .kept = "log_every|checkpoint_every", .rules = gedi__train_rules,
     .help = "how long to train, in what batches, and what to keep"},
    {"stages", GEDI__STAGES, .asked = true, TRAINING, .trains = true,
     .sample = gedi__stages_sample, .rules = gedi__stages_rules,
     .help = "a list of stages, trained one after the other on the same parameters; "
             "see below"},
    {"counted", GEDI__COUNTED, .trains = true,
     .help = "iterations of each stage, written by gedi into the descriptor of a run's "
             "folder where train states epochs or hours; see train"},
    {"history", GEDI__HISTORY, .trains = true, .identity = GEDI__TRAINING, OF_RUN(turn),
     .count = offsetof(gedi__experiment, turns), .options = gedi__turn_options,
     .need = "iteration|changed|diverged", .sample = gedi__history_sample,
     .rules = gedi__history_rules,
     .help = "what a run has gone through, written by `gedi resume --from-divergence` "
             "into the descriptor of its folder; see below"},
    {"evaluate", GEDI__COMPONENTS, GEDI_KIND_EVALUATOR, .asked = true, ARTEFACT,
     OF_RUN(evaluator), .count = offsetof(gedi__experiment, evaluators),
     .options = gedi__evaluation_options, .sample = gedi__evaluate_sample,
     .rules = gedi__evaluate_rules,
     .help = "a list of evaluators; their metrics go to `summary.json`; see below"},
    {"validation", GEDI__OPTIONS, .asked = true, TRAINING, .trains = true,
     OF_RUN(validation), .read = "fraction", .options = gedi__validation_options,
     .rules = gedi__validation_rules,
     .help = "training records that are held out, and evaluation while a run trains"},
    {"figures", GEDI__FIGURES, .asked = true, ARTEFACT, OF_RUN(figure),
     .count = offsetof(gedi__experiment, figures),
     .words =
         "clusters|confusion|density|embedding|losses|ood|samples|schedules|validation|views",
     .options = gedi__figures_options, .sample = gedi__figures_sample,
     .rules = gedi__figures_rules,
     .help =
         "a list of figures to draw: `clusters`, `density` (2-D data), `confusion` (of "
         "clusters, by k-means without p(y|x), and classes), `embedding` (of features, by their principal components), `losses`, "
         "`ood` (scores, with the evaluator ood), `samples` (of the energy, after 500 "
         "steps of the sampler), `schedules` (of options), `validation` (metrics on the way), "
         "`views` (images); one of them may have options, for a picture for print as well: "
         "`{clusters: {format: pdf, title: \"\", width: 3.3in}}`; see below"},
    {"sweep", GEDI__AXES, .sample = gedi__sweep_sample, .rules = gedi__sweep_rules,
     .help = "the axes along which `gedi sweep` varies this experiment; see below"},
    {"table", GEDI__SHOW, GEDI__TABLE, .options = gedi__table_options,
     .need = "rows|value", .maps = "value|where", .sample = gedi__table_sample,
     .help = "for a sweep: a table of its runs, or a list of tables; see below"},
    {"grid", GEDI__SHOW, GEDI__GRID, .options = gedi__grid_options, .need = "figure",
     .maps = "where", .sample = gedi__grid_sample,
     .help = "for a sweep: one figure of several runs side by side, or a list of such "
             "grids"},
    {"heatmap", GEDI__SHOW, GEDI__HEATMAP, .options = gedi__heatmap_options,
     .need = "x|y|value", .maps = "where", .sample = gedi__heatmap_sample,
     .help = "for a sweep: two axes as a heat map, or a list of heat maps"},
    {"curves", GEDI__SHOW, GEDI__CURVES, .options = gedi__curves_options,
     .need = "value|lines", .maps = "where", .sample = gedi__curves_sample,
     .help =
         "for a sweep: a number over the iterations, a line for each method with a band "
         "over its runs, or a list of such curves"},
    {.key = NULL},
};

/* The first n letters of `key` are all of the row's. */
static const gedi__key *find(const char *key, size_t n)
{
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (!strncmp(k->key, key, n) && !k->key[n])
            return k;
    return NULL;
}

const gedi__key *gedi__key_find(const char *key)
{
    return find(key, strlen(key));
}

const gedi__key *gedi__key_of_path(const char *path)
{
    return find(path, strcspn(path, "."));
}

const gedi__key *gedi__key_of_kind(gedi__form form, int kind)
{
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->form == form && k->kind == kind)
            return k;
    return NULL;
}

const gedi__key *gedi__key_of_form(gedi__form form)
{
    const gedi__key *k = gedi__keys;
    while (k->key && k->form != form)
        k++;
    return k->key ? k : NULL;
}

bool gedi__key_is(const char *key, gedi__form form)
{
    const gedi__key *k = gedi__key_find(key);
    return k && k->form == form;
}

bool gedi__key_is_component(const char *key)
{
    const gedi__key *k = gedi__key_find(key);
    return k && gedi__key_component_depth(k) == 1;
}

int gedi__key_component_depth(const gedi__key *k)
{
    switch (k->form) {
    case GEDI__COMPONENT:
    case GEDI__OBJECTIVES:
    case GEDI__OPTIMIZER:
        return 1;
    case GEDI__COMPONENTS:
        return 2;
    case GEDI__PIPELINES:
        return 3;
    default:
        return 0;
    }
}

gedi__identity_part gedi__key_identity(const gedi__key *k, const char *option)
{
    return gedi__words_have(k->kept, option) ? GEDI__ARTEFACT : k->identity;
}

const char *gedi__words_next(const char *at, int *n)
{
    if (!at || !*at)
        return NULL;
    at += *at == '|';
    *n = (int)strcspn(at, "|");
    return at;
}

bool gedi__words_have(const char *words, const char *word)
{
    int n;
    for (const char *w = words; (w = gedi__words_next(w, &n)); w += n)
        if (strlen(word) == (size_t)n && !strncmp(w, word, (size_t)n))
            return true;
    return false;
}
