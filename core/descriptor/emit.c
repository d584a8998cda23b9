/* emit.c - an experiment as a descriptor that runs again by itself. */
#include "config.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/option.h"

#include <inttypes.h>

/* {mlp: {hidden: [100], output: 2}}, or without the outer braces for a list's entry. */
static void emit_inline(const gedi__component *c, gedi__text *out)
{
    const gedi_option *first = c->plugin->options;
    gedi__text_add(out, "%s: {", c->plugin->name);
    for (const gedi_option *o = first; o && o->key; o++) {
        gedi__text_add(out, "%s%s: ", o == first ? "" : ", ", o->key);
        gedi__option_emit(o, c->self, out);
    }
    gedi__text_add(out, "}");
}

static void emit_options(const gedi_option *table, const void *self, int indent,
                         gedi__text *out)
{
    for (const gedi_option *o = table; o && o->key; o++) {
        gedi__text_add(out, "%*s%s: ", indent, "", o->key);
        gedi__option_emit(o, self, out);
        gedi__text_add(out, "\n");
    }
}

static void emit_component(const char *key, const gedi__component *c, gedi__text *out)
{
    if (!c->plugin)
        return;
    if (gedi__option_count(c->plugin->options)) {
        gedi__text_add(out, "%s:\n  %s:\n", key, c->plugin->name);
        emit_options(c->plugin->options, c->self, 4, out);
    } else {
        gedi__text_add(out, "%s:\n  %s: {}\n", key, c->plugin->name);
    }
}

static void emit_views(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, e->views ? "views:\n" : "views: []\n");
    for (int i = 0; i < e->views; i++) {
        gedi__text_add(out, "  - [");
        for (int j = 0; j < e->view[i].n; j++) {
            gedi__text_add(out, j ? ", " : "");
            emit_inline(&e->view[i].view[j], out);
        }
        gedi__text_add(out, "]\n");
    }
}

static void emit_evaluators(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, e->evaluators ? "evaluate:\n" : "evaluate: []\n");
    for (int i = 0; i < e->evaluators; i++) {
        gedi__text_add(out, "  - ");
        emit_inline(&e->evaluator[i], out);
        gedi__text_add(out, "\n");
    }
}

static void emit_plugins(const gedi__experiment *e, gedi__text *out)
{
    const char *path;
    for (int i = 0; (path = gedi__registry_path(e->registry, i)); i++) {
        gedi__text_add(out, i ? "  - " : "plugins:\n  - ");
        gedi__option_emit_text(path, out);
        gedi__text_add(out, "\n");
    }
}

void gedi__experiment_emit(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, "# gedi " PACKAGE_VERSION
                        ": every setting of this experiment; it runs again as it is\n");
    gedi__text_add(out, "name: ");
    gedi__option_emit_text(e->name, out);
    gedi__text_add(out, "\ndirectory: ");
    gedi__option_emit_text(e->directory, out);
    gedi__text_add(out, "\n");
    emit_plugins(e, out);
    gedi__text_add(out, "seed: %" PRIu64 "\nthreads: %" PRId64 "\n", e->seed, e->threads);
    emit_component("dataset", &e->dataset, out);
    emit_views(e, out);
    emit_component("model", &e->model, out);
    emit_component("projector", &e->projector, out);
    emit_component("objective", &e->objective, out);
    emit_component("sampler", &e->sampler, out);
    emit_component("optimizer", &e->optimizer, out);
    gedi__text_add(out, "train:\n");
    emit_options(gedi__train_options, &e->train, 2, out);
    emit_evaluators(e, out);
    gedi__text_add(out, "figures: [");
    for (int i = 0; i < e->figures; i++)
        gedi__text_add(out, "%s%s", i ? ", " : "", e->figure[i]);
    gedi__text_add(out, "]\n");
}
