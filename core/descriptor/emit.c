/* emit.c - an experiment as a descriptor that runs again by itself. */
#include "config.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/option.h"

#include <inttypes.h>

static void emit_options(const gedi_option *table, const void *self, int indent,
                         gedi__text *out)
{
    for (const gedi_option *o = table; o && o->key; o++) {
        gedi__text_add(out, "%*s%s: ", indent, "", o->key);
        gedi__option_emit(o, self, out);
        gedi__text_add(out, "\n");
    }
}

static void emit_component(const char *key, const gedi__component *c, int indent,
                           gedi__text *out)
{
    if (!c->plugin)
        return;
    bool has = gedi__option_count(c->plugin->options) > 0;
    gedi__text_add(out, "%*s%s:\n%*s%s:%s\n", indent, "", key, indent + 2, "",
                   c->plugin->name, has ? "" : " {}");
    emit_options(c->plugin->options, c->self, indent + 4, out);
}

static void emit_views(const gedi__stage *s, int indent, gedi__text *out)
{
    gedi__text_add(out, s->views ? "views:\n" : "views: []\n");
    for (int i = 0; i < s->views; i++) {
        gedi__text_add(out, "%*s- [", indent + 2, "");
        for (int j = 0; j < s->view[i].n; j++) {
            gedi__text_add(out, j ? ", " : "");
            gedi__component_emit(&s->view[i].view[j], out);
        }
        gedi__text_add(out, "]\n");
    }
}

static void emit_names(const char *key, const char *const *name, int n, int indent,
                       gedi__text *out)
{
    if (!n)
        return;
    gedi__text_add(out, "%*s%s: [", indent, "", key);
    for (int i = 0; i < n; i++) {
        gedi__text_add(out, i ? ", " : "");
        gedi__option_emit_text(name[i], out);
    }
    gedi__text_add(out, "]\n");
}

/* All that a stage states but its views. */
static void emit_method(const gedi__stage *s, int indent, gedi__text *out)
{
    emit_component("objective", &s->objective, indent, out);
    emit_component("sampler", &s->sampler, indent, out);
    if (s->keeps_optimizer)
        gedi__text_add(out, "%*soptimizer: keep\n", indent, "");
    else
        emit_component("optimizer", &s->optimizer, indent, out);
    emit_names("freeze", s->freeze, s->freezes, indent, out);
    emit_names("restart", s->restart, s->restarts, indent, out);
    gedi__text_add(out, "%*strain:\n", indent, "");
    emit_options(gedi__train_options, &s->train, indent + 2, out);
}

/* Each with all that it inherited: nothing is left around them that they could inherit. */
static void emit_stages(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, "stages:\n");
    for (int i = 0; i < e->stages; i++) {
        gedi__text_add(out, "  - ");
        emit_views(&e->stage[i], 4, out);
        emit_method(&e->stage[i], 4, out);
    }
}

static void emit_evaluators(const gedi__experiment *e, gedi__text *out)
{
    gedi__text_add(out, e->evaluators ? "evaluate:\n" : "evaluate: []\n");
    for (int i = 0; i < e->evaluators; i++) {
        gedi__text_add(out, "  - ");
        gedi__component_emit(&e->evaluator[i], out);
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
    emit_component("dataset", &e->dataset, 0, out);
    if (e->stages == 1)
        emit_views(e->stage, 0, out);
    emit_component("model", &e->model, 0, out);
    emit_component("projector", &e->projector, 0, out);
    if (e->stages == 1)
        emit_method(e->stage, 0, out);
    else
        emit_stages(e, out);
    emit_evaluators(e, out);
    gedi__text_add(out, "figures: [");
    for (int i = 0; i < e->figures; i++)
        gedi__text_add(out, "%s%s", i ? ", " : "", e->figure[i]);
    gedi__text_add(out, "]\n");
}
