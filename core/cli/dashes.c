/* dashes.c - values of a descriptor and options of other programs, given with dashes as those of a command. */
#include "core/cli/dashes.h"
#include "core/descriptor/keys.h"
#include "core/descriptor/merge.h"
#include "core/plugin/option.h"
#include "core/plugin/registry.h"

#include <stdio.h>
#include <string.h>

enum { PATH = 192 };

/* The plugin that the descriptor has for a key; NULL where it has none that can be told. */
static const char *plugin_of(const gedi__tree *root, const gedi__key *k)
{
    const gedi__tree *t = root ? gedi__tree_get(root, k->key) : NULL;
    t = t && t->kind == GEDI__LIST ? t->child : t;
    if (!t)
        return NULL;
    return t->kind == GEDI__MAP && t->child ? t->child->key
           : t->kind == GEDI__SCALAR        ? t->text
                                            : NULL;
}

/* The first plugin of the key's kind that has the option; that of the descriptor, if it is one. */
static const char *owner_of(gedi__registry *r, const gedi__tree *root, const gedi__key *k,
                            const char *option)
{
    const char *const *name, *own = plugin_of(root, k), *found = NULL;
    int n = 0;
    if (gedi__registry_names(r, (gedi_kind)k->kind, &name, &n, NULL))
        return NULL;
    for (int i = 0; i < n; i++) {
        const gedi_plugin *p;
        if (gedi__registry_find(r, (gedi_kind)k->kind, name[i], &p, NULL) ||
            !gedi__option_find(p->options, option))
            continue;
        if (own && !strcmp(own, name[i]))
            return name[i];
        found = found ? found : name[i];
    }
    return found;
}

/* Of an option of a component. Where there is a descriptor, it must be of one that this has. */
static bool path_of_component(const char *file, const char *option, char *out)
{
    gedi__registry *r = NULL;
    gedi__arena arena = {0};
    gedi__mistakes known = {0};
    gedi__tree *root = NULL;
    bool whole, is_own = false;
    *out = 0;
    if (gedi__registry_new(&r, NULL))
        return false;
    if (!file || !strcmp(file, "-") ||
        gedi__tree_load(file, NULL, &arena, &known, &root, &whole))
        root = NULL;
    for (const gedi__key *k = gedi__keys; k->key && !is_own; k++) {
        if (gedi__key_component_depth(k) != 1)
            continue;
        const char *name = owner_of(r, root, k, option), *own = plugin_of(root, k);
        is_own = name && own && !strcmp(name, own);
        if (name && (is_own || (!root && !*out)))
            snprintf(out, PATH, "%s.%.64s.%.64s", k->key, name, option);
    }
    gedi__text_clear(&known.text);
    gedi__arena_clear(&arena);
    gedi__registry_free(r);
    return *out;
}

/* How a word of a descriptor is put in, without its value. */
static bool path_of(const char *file, const char *word, char *out)
{
    char first[64];
    snprintf(first, sizeof first, "%.*s", (int)strcspn(word, "."), word);
    snprintf(out, PATH, "%.128s", word);
    if (gedi__key_find(first))
        return true;
    for (const gedi__key *k = gedi__keys; k->key; k++)
        if (k->form == GEDI__OPTIONS && gedi__option_find(k->options, word)) {
            snprintf(out, PATH, "%s.%.128s", k->key, word);
            return true;
        }
    return path_of_component(file, word, out);
}

/* What options of other programs are here; NULL of others. */
static const char *elsewhere(const char *word)
{
    static const char *const other[][2] = {
        {"multirun", "gedi sweep FILE runs all points of a sweep"},
        {"config", "the descriptor is an argument by itself: gedi run FILE"},
        {"config-name", "the descriptor is an argument by itself: gedi run FILE"},
        {"config-path", "the descriptor is an argument by itself: gedi run FILE"},
        {"ckpt",
         "checkpoints are read from a run's folder: gedi resume RUN, gedi evaluate RUN"},
        {"ckpt_path",
         "checkpoints are read from a run's folder: gedi resume RUN, gedi evaluate RUN"},
        {"resume", "gedi resume RUN goes on from the last checkpoint in a run's folder"},
        {"output", "--out FOLDER says where results go"},
        {"output_dir", "--out FOLDER says where results go"},
        {"batch_size",
         "a value of the descriptor is given without dashes: train.batch=N"},
        {"max_epochs",
         "a value of the descriptor is given without dashes: train.epochs=N"},
        {"gpus", "gedi runs on processors: threads=N says on how many"},
        {"devices", "gedi runs on processors: threads=N says on how many"},
        {"accelerator", "gedi runs on processors: threads=N says on how many"},
    };
    for (size_t k = 0; k < sizeof other / sizeof *other; k++)
        if (!strcmp(word, other[k][0]))
            return other[k][1];
    return NULL;
}

/* The first argument that is no option. */
static const char *file_of(const gedi__call *c)
{
    for (int i = 1; i < c->argc; i++)
        if (*c->argv[i] != '-')
            return c->argv[i];
    return NULL;
}

void gedi__say_dashes(const struct argp_option *rows, const gedi__call *c)
{
    for (int i = 1; i < c->argc && strcmp(c->argv[i], "--"); i++) {
        const char *word = c->argv[i] + 2;
        char key[64], path[PATH];
        size_t n = strcspn(word, "=");
        snprintf(key, sizeof key, "%.*s", (int)n, word);
        bool is_option = strncmp(c->argv[i], "--", 2) != 0 || !strcmp(key, "help") ||
                         !strcmp(key, "usage");
        for (int k = 0; rows[k].name && !is_option; k++)
            is_option = !strncmp(rows[k].name, word, n);
        const char *said = is_option ? NULL : elsewhere(key);
        if (said)
            gedi__say("--%s: %s", key, said);
        else if (!is_option && path_of(file_of(c), key, path))
            gedi__say("%.*s: a value of the descriptor is given without dashes: %s=%s",
                      (int)n + 2, c->argv[i], path,
                      word[n]           ? word + n + 1
                      : i + 1 < c->argc ? c->argv[i + 1]
                                        : "...");
    }
}
