/* reading.h - descriptors for the fuzz targets: files, overrides, and what must hold of all that is
 * accepted. */
#ifndef GEDI_TESTS_FUZZ_READING_H
#define GEDI_TESTS_FUZZ_READING_H

#include "core/descriptor/experiment.h"
#include "tests/fuzz/fuzz.h"

enum { FUZZ_OVERRIDES = 16 };

/* What an experiment is made of where the input is only a part of it. */
#define FUZZ_EXPERIMENT                                                                  \
    "dataset: moons\nviews: [[], [gaussian_noise: {std: 0.1}]]\n"                        \
    "model: {mlp: {hidden: [8], output: 2}}\nprojector: {mlp: {output: 2}}\n"            \
    "objective: {gedi: {}}\nsampler: {sgld: {}}\nevaluate: [clustering]\n"               \
    "figures: [losses]\ntrain: {iterations: 20, batch: 10}\n"

/* Plugins stay loaded while a registry has them: opening them again would take most of the time. */
static inline void reading_keep_plugins(void)
{
    static const struct {
        gedi_kind kind;
        const char *name;
    } used[] = {{GEDI_KIND_DATASET, "moons"},  {GEDI_KIND_VIEW, "gaussian_noise"},
                {GEDI_KIND_MODEL, "mlp"},      {GEDI_KIND_OBJECTIVE, "gedi"},
                {GEDI_KIND_OBJECTIVE, "jem"},  {GEDI_KIND_SAMPLER, "sgld"},
                {GEDI_KIND_OPTIMIZER, "adam"}, {GEDI_KIND_EVALUATOR, "clustering"}};
    static gedi__registry *kept;
    gedi_err err = {0};
    if (kept)
        return;
    fuzz_must(gedi__registry_new(&kept, &err) == GEDI_OK, "no registry", err.msg);
    for (size_t i = 0; i < sizeof used / sizeof *used; i++) {
        const gedi_plugin *p;
        fuzz_must(gedi__registry_find(kept, used[i].kind, used[i].name, &p, &err) ==
                      GEDI_OK,
                  "a plugin is missing: set GEDI_PLUGIN_PATH", err.msg);
    }
}

/* Foreign plugins are programs: an input is not to name them. */
static inline bool reading_is_harmless(const char *text)
{
    return !strstr(text, "plugins") && !strchr(text, '\\');
}

/* The lines of a text, cut apart, and how many there are. */
static inline int reading_lines(char *text, const char *line[FUZZ_OVERRIDES])
{
    int n = 0;
    for (char *s = strtok(text, "\n"); s && n < FUZZ_OVERRIDES; s = strtok(NULL, "\n"))
        line[n++] = s;
    return n;
}

/* What was accepted is written, and read to the same bytes. */
static inline void reading_round_trip(const gedi__experiment *e)
{
    gedi__text first = {0}, second = {0};
    gedi__mistakes m = {0};
    gedi__experiment *again = NULL;
    gedi_err err = {0};
    gedi__experiment_emit(e, &first);
    const char *path = fuzz_file("again.yaml", first.s, first.len);
    bool read = gedi__experiment_read(path, NULL, 0, &again, &m, &err) == GEDI_OK;
    fuzz_must(read, "what was written is refused:", m.text.s ? m.text.s : err.msg);
    gedi__experiment_emit(again, &second);
    fuzz_must(!strcmp(first.s, second.s),
              "written again it is something else:", second.s);
    gedi__experiment_free(again);
    gedi__text_clear(&first);
    gedi__text_clear(&second);
    gedi__text_clear(&m.text);
}

/* Refusals have reasons, one a line. */
static inline void reading_check(gedi_status s, const void *out, const gedi__mistakes *m)
{
    int lines = 0;
    for (const char *c = m->text.s ? m->text.s : ""; *c; c++)
        lines += *c == '\n';
    fuzz_must((s == GEDI_OK) == (out != NULL), "a status that does not fit", m->text.s);
    fuzz_must(s != GEDI_DESCRIPTOR || m->n > 0, "refused without a word", NULL);
    fuzz_must(lines == m->n, "mistakes that are not a line each", m->text.s);
}

static inline void reading_experiment(const char *file, const char *const *override,
                                      int n)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    reading_keep_plugins();
    gedi_status s = gedi__experiment_read(file, override, n, &e, &m, &err);
    reading_check(s, e, &m);
    if (e)
        reading_round_trip(e);
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
}

#endif
