/* test_descriptor.c - descriptors that are right, and every one in tests/broken.
 *
 * tests/broken/NAME.expect holds, line by line, what must be said of NAME.yaml, or of
 * valid.yaml with each line of NAME.override in turn; * stands for any text (folders).
 * FAKES is the folder of the plugins of plugin_fake.c, BROKEN the one of tests/broken.
 */
#include "core/base/file.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/option.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static gedi__experiment *e;
static gedi__mistakes m;
static gedi_err err;
static char folder[] = "descriptor-XXXXXX";
static char *start; /* the current folder at first */

static void setup(void)
{
    ck_assert_ptr_nonnull(start = getcwd(NULL, 0));
    ck_assert_ptr_nonnull(mkdtemp(folder));
    ck_assert_int_eq(chdir(folder), 0);
    ck_assert_int_eq(mkdir("sub", 0777), 0);
}

static void teardown(void)
{
    static const char *const files[] = {"a.yaml", "b.yaml", "c.yaml", "sub/a.yaml",
                                        "sub/b.yaml"};
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        unlink(files[i]);
    rmdir("sub");
    ck_assert_int_eq(chdir(start), 0);
    rmdir(folder);
    free(start);
}

static void put(const char *file, const char *text)
{
    ck_assert_int_eq(gedi__file_write(file, text, strlen(text), &err), GEDI_OK);
}

static gedi_status read_with(const char *file, const char *const *override, int n)
{
    gedi__experiment_free(e);
    err = (gedi_err){0};
    return gedi__experiment_read(file, override, n, &e, &m, &err);
}

static void ck_read(const char *file, const char *const *override, int n)
{
    gedi_status s = read_with(file, override, n);
    ck_assert_msg(s == GEDI_OK, "%s\n%s", err.msg, m.text.s ? m.text.s : "");
    ck_assert_int_eq(m.n, 0);
}

#define REST "model: line\nobjective: push\noptimizer: slope\ntrain: {iterations: 5}\n"
#define LEAST "dataset: grid\n" REST

/* An option of a component as it would be written. */
static void ck_option(const gedi__component *c, const char *plugin, const char *key,
                      const char *want)
{
    gedi__text t = {0};
    ck_assert_ptr_nonnull(c->plugin);
    ck_assert_str_eq(c->plugin->name, plugin);
    const gedi_option *o = gedi__option_find(c->plugin->options, key);
    ck_assert_ptr_nonnull(o);
    gedi__option_emit(o, c->self, &t);
    ck_assert_msg(!strcmp(t.s, want), "%s: %s instead of %s", key, t.s, want);
    gedi__text_clear(&t);
}

/* ---- what is right ---- */

#define FULL                                                                             \
    "figures: [losses, clusters]\n"                                                      \
    "seed: 9223372036854775807\n"                                                        \
    "threads: 3\n"                                                                       \
    "dataset:\n"                                                                         \
    "  grid:\n"                                                                          \
    "    noise: 5.0e-5\n"                                                                \
    "    count: 1e4\n"                                                                   \
    "    big: -9223372036854775808\n"                                                    \
    "    shape: round\n"                                                                 \
    "    shuffle: true\n"                                                                \
    "    folder: \"a \\\"b\\\" \\\\ \\u2028 \"\n"                                        \
    "    sizes: [7, 1e1, 100]\n"                                                         \
    "    weights: [-1, 0.1]\n"                                                           \
    "views: [[], [shift: {by: -0.5}, blur, {shift: }], [blur: {}]]\n"                    \
    "model: {line: {hidden: [], output: 3}}\n"                                           \
    "projector: line\n"                                                                  \
    "objective: {pull: {low: 1, high: 2}}\n"                                             \
    "sampler: {walk: {steps: 0}}\n"                                                      \
    "optimizer: {slope: }\n"                                                             \
    "train: {iterations: 7, batch: 8, log_every: 9, checkpoint_every: 10, explode: "     \
    "11}\n"                                                                              \
    "evaluate: [tally]\n"                                                                \
    "plugins: [" FAKES ", " FAKES "/view_blur.so]\n"

static void ck_plugin_path(int i, const char *want)
{
    char *real = realpath(want, NULL);
    ck_assert_ptr_nonnull(real);
    ck_assert_str_eq(gedi__registry_path(e->registry, i), real);
    free(real);
}

START_TEST(everything_is_read)
{
    put("a.yaml", FULL);
    ck_read("a.yaml", NULL, 0);
    ck_assert_uint_eq(e->seed, INT64_MAX);
    ck_assert_int_eq(e->threads, 3);
    ck_option(&e->dataset, "grid", "noise", "5e-05");
    ck_option(&e->dataset, "grid", "count", "10000");
    ck_option(&e->dataset, "grid", "big", "-9223372036854775808");
    ck_option(&e->dataset, "grid", "shape", "round");
    ck_option(&e->dataset, "grid", "shuffle", "true");
    ck_option(&e->dataset, "grid", "folder", "\"a \\\"b\\\" \\\\ \\u2028 \"");
    ck_option(&e->dataset, "grid", "sizes", "[7, 10, 100]");
    ck_option(&e->dataset, "grid", "weights", "[-1, 0.1]");
    ck_assert_int_eq(e->stage->views, 3);
    ck_assert_int_eq(e->stage->view[0].n, 0);
    ck_assert_int_eq(e->stage->view[1].n, 3);
    ck_option(&e->stage->view[1].view[0], "shift", "by", "-0.5");
    ck_assert_str_eq(e->stage->view[1].view[1].plugin->name, "blur");
    ck_option(&e->stage->view[1].view[2], "shift", "by", "1");
    ck_assert_int_eq(e->stage->view[2].n, 1);
    ck_option(&e->model, "line", "hidden", "[]");
    ck_option(&e->model, "line", "output", "3");
    ck_option(&e->projector, "line", "hidden", "[100, 100]");
    ck_option(&e->stage->objective->part, "pull", "low", "1");
    ck_option(&e->stage->sampler, "walk", "steps", "0");
    ck_option(&e->stage->optimizer, "slope", "lr", "0.001");
    ck_assert(e->stage->train.iterations == 7 && e->stage->train.batch == 8 &&
              e->stage->train.log_every == 9);
    ck_assert(e->stage->train.checkpoint_every == 10 && e->stage->train.explode == 11);
    ck_assert_int_eq(e->evaluators, 1);
    ck_assert_str_eq(e->evaluator[0].part.plugin->name, "tally");
    ck_assert_int_eq(e->figures, 2);
    ck_assert_str_eq(e->figure[0], "losses");
    ck_assert_str_eq(e->figure[1], "clusters");
    ck_plugin_path(0, FAKES);
    ck_plugin_path(1, FAKES "/view_blur.so");
}
END_TEST

START_TEST(what_is_not_given_has_defaults)
{
    put("sub/a.yaml", "%YAML 1.1\n---\n" LEAST "...\n");
    ck_read("sub/a.yaml", NULL, 0);
    ck_assert_uint_eq(e->seed, 0);
    ck_assert_int_ge(e->threads, 1);
    ck_assert_int_le(e->threads, 64);
    ck_assert_int_eq(e->stage->views, 1);
    ck_assert_int_eq(e->stage->view[0].n, 0);
    ck_assert_ptr_null(e->projector.plugin);
    ck_assert_ptr_null(e->stage->sampler.plugin);
    ck_assert_int_eq(e->evaluators, 0);
    ck_assert_int_eq(e->figures, 0);
    ck_assert(e->stage->train.batch == 128 && e->stage->train.log_every == 100);
    ck_assert(e->stage->train.checkpoint_every == 1000 && e->stage->train.explode == 1e8);
    ck_assert_str_eq(e->name, "a");
    ck_assert_int_eq(*e->directory, '/');
    ck_assert_ptr_nonnull(strstr(e->directory, folder));
    ck_assert_str_eq(e->directory + strlen(e->directory) - 4, "/sub");
}
END_TEST

START_TEST(no_views_at_all)
{
    put("a.yaml", LEAST "views: []\nthreads: 0\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_int_eq(e->stage->views, 0);
    ck_assert_int_ge(e->threads, 1);
}
END_TEST

START_TEST(mapping_merges_and_lists_replace)
{
    put("sub/b.yaml", "base: ../c.yaml\n"
                      "dataset: {grid: {noise: 1, count: 2}}\n"
                      "objective: {pull: {inv: 1, gen: 2}}\n"
                      "views: [[], [shift: {}]]\n"
                      "train: {batch: 4, iterations: 100}\n"
                      "seed: 8\n");
    put("c.yaml", "seed: 7\n"
                  "dataset: {grid: {noise: 2, shape: flat}}\n"
                  "projector: {line: {output: 9}}\n"
                  "sampler: walk\n");
    put("a.yaml", "base: sub/b.yaml\ndataset: grid\nmodel: line\noptimizer: slope\n"
                  "objective: {pull: {inv: 3}}\nviews: [[blur: {}]]\n"
                  "train: {iterations: 5}\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_uint_eq(e->seed, 8);
    ck_option(&e->dataset, "grid", "noise", "1");
    ck_option(&e->dataset, "grid", "count", "2");
    ck_option(&e->dataset, "grid", "shape", "flat");
    ck_option(&e->stage->objective->part, "pull", "inv", "3");
    ck_option(&e->stage->objective->part, "pull", "gen", "2");
    ck_option(&e->projector, "line", "output", "9");
    ck_assert_ptr_nonnull(e->stage->sampler.plugin);
    ck_assert_int_eq(e->stage->views, 1);
    ck_assert_int_eq(e->stage->view[0].n, 1);
    ck_assert(e->stage->train.iterations == 5 && e->stage->train.batch == 4);
    ck_assert_str_eq(e->name, "a");
    const char *last = strrchr(e->directory, '/');
    ck_assert(last && strcmp(folder, "/sub") != 0);
}
END_TEST

START_TEST(another_plugin_replaces_the_base)
{
    put("b.yaml", "dataset: {grid: {noise: 1}}\nmodel: line\noptimizer: slope\n"
                  "objective: {pull: {inv: 1}}\ntrain: {iterations: 5}\n"
                  "projector: line\nsampler: walk\nevaluate: [tally]\n");
    put("a.yaml", "base: b.yaml\nobjective: push\nprojector: null\nsampler: ~\n"
                  "dataset: {grid: }\nevaluate: []\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_str_eq(e->stage->objective->part.plugin->name, "push");
    ck_assert_ptr_null(e->projector.plugin);
    ck_assert_ptr_null(e->stage->sampler.plugin);
    ck_option(&e->dataset, "grid", "noise", "1");
    ck_assert_int_eq(e->evaluators, 0);
}
END_TEST

START_TEST(overrides_are_applied)
{
    static const char *const override[] = {
        "seed=1",
        "seed=3",
        "dataset={grid: {noise: 0.05}}",
        "dataset.grid.count=12",
        "model.line.hidden=[5, 6]",
        "model.line.hidden.1=7",
        "objective={pull: {inv: 2}}",
        "objective.pull.gen=4",
        "views=[[], [shift: {by: 2}, blur]]",
        "views.1.0.shift.by=0.1",
        "views.0=[blur]",
        "projector=null",
        "sampler.walk.steps=9",
        "optimizer=slope",
        "train.batch=77",
        "evaluate=[tally]",
        "evaluate.0.tally={}",
        "figures=[losses]",
        "figures.0=density",
        "dataset.grid.folder=\"a=b.c\"",
    };
    put("a.yaml", LEAST "projector: line\n");
    ck_read("a.yaml", override, sizeof override / sizeof *override);
    ck_assert_uint_eq(e->seed, 3);
    ck_option(&e->dataset, "grid", "noise", "0.05");
    ck_option(&e->dataset, "grid", "count", "12");
    ck_option(&e->dataset, "grid", "folder", "\"a=b.c\"");
    ck_option(&e->model, "line", "hidden", "[5, 7]");
    ck_option(&e->stage->objective->part, "pull", "inv", "2");
    ck_option(&e->stage->objective->part, "pull", "gen", "4");
    ck_option(&e->stage->view[1].view[0], "shift", "by", "0.1");
    ck_assert_str_eq(e->stage->view[0].view[0].plugin->name, "blur");
    ck_assert_ptr_null(e->projector.plugin);
    ck_option(&e->stage->sampler, "walk", "steps", "9");
    ck_assert(e->stage->train.batch == 77 && e->stage->train.iterations == 5);
    ck_assert_int_eq(e->evaluators, 1);
    ck_assert_str_eq(e->figure[0], "density");
}
END_TEST

START_TEST(an_override_replaces_what_it_names)
{
    static const char *const override[] = {"dataset={grid: {count: 3}}", "train={}",
                                           "train.iterations=4"};
    put("a.yaml", "dataset: {grid: {noise: 1}}\n" REST);
    ck_read("a.yaml", override, 3);
    ck_option(&e->dataset, "grid", "noise", "0.05");
    ck_option(&e->dataset, "grid", "count", "3");
    ck_assert_int_eq(e->stage->train.iterations, 4);
}
END_TEST

/* That of the file, unless stated; and what is based on it has a name of its own. */
START_TEST(what_an_experiment_is_called)
{
    put("a.yaml", LEAST);
    ck_read("a.yaml", NULL, 0);
    ck_assert_str_eq(e->name, "a");
    put("sub/b.yaml", "name: b-2\n" LEAST);
    ck_read("sub/b.yaml", NULL, 0);
    ck_assert_str_eq(e->name, "b-2");
    put("a.yaml", "base: sub/b.yaml\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_str_eq(e->name, "a");
    ck_read("a.yaml", (const char *const[]){"name=c"}, 1);
    ck_assert_str_eq(e->name, "c");
}
END_TEST

/* ---- paths ---- */

START_TEST(relative_directory)
{
    put("sub/b.yaml", LEAST "directory: .\n");
    put("a.yaml", "base: sub/b.yaml\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_str_eq(e->directory + strlen(e->directory) - 4, "/sub");
    put("a.yaml", "base: sub/b.yaml\ndirectory: /no/such/folder\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_str_eq(e->directory, "/no/such/folder");
    ck_read("sub/b.yaml", (const char *const[]){"directory=.."}, 1);
    ck_assert_str_eq(e->directory + strlen(e->directory) - strlen(folder), folder);
    put("a.yaml", LEAST "directory: gone\n");
    ck_read("a.yaml", NULL, 0);
    ck_assert_str_eq(e->directory + strlen(e->directory) - 5, "/gone");
    ck_assert_int_eq(*e->directory, '/');
}
END_TEST

START_TEST(plugins_start_at_the_file_that_names_them)
{
    put("sub/b.yaml", LEAST "plugins: [.]\n");
    put("a.yaml", "base: sub/b.yaml\nseed: 1\n");
    ck_read("a.yaml", NULL, 0);
    ck_plugin_path(0, "sub");
    ck_read("a.yaml", (const char *const[]){"plugins=[sub, .]"}, 1);
    ck_plugin_path(0, "sub");
    ck_plugin_path(1, ".");
}
END_TEST

/* ---- emitting ---- */

static void emit(gedi__text *t)
{
    gedi__experiment_emit(e, t);
    ck_assert(!t->failed);
}

static const char *const emitted[] = {
    FULL,
    LEAST,
    LEAST "views: []\nfigures: [density]\n",
    LEAST "directory: \"/a \\\"b\\\"\"\n",
    "dataset: {grid: {noise: 0.1, weights: [0.30000000000000004, 1e-300]}}\n" REST,
    "dataset: {grid: {folder: \"null\", big: 9007199254740993}}\n" REST,
    "dataset: {grid: {folder: '~ # \xc3\xbc \xf0\x9f\x98\x80'}}\n" REST,
};

START_TEST(emitted_text_reads_back_from_elsewhere)
{
    gedi__text first = {0}, second = {0};
    put("a.yaml", emitted[_i]);
    ck_read("a.yaml", NULL, 0);
    emit(&first);
    ck_assert_ptr_nonnull(strstr(first.s, "# gedi "));
    put("sub/b.yaml", first.s);
    unlink("a.yaml");
    char *directory = strdup(e->directory);
    ck_read("sub/b.yaml", NULL, 0);
    ck_assert_str_eq(e->directory, directory);
    emit(&second);
    ck_assert_str_eq(first.s, second.s);
    gedi__text_clear(&first);
    gedi__text_clear(&second);
    free(directory);
}
END_TEST

START_TEST(emitted_paths_are_quoted)
{
    gedi__text first = {0}, second = {0};
    ck_assert_int_eq(mkdir("s: \"\xc3\xbc #", 0777), 0);
    put("a.yaml", LEAST "plugins: ['s: \"\xc3\xbc #']\ndirectory: 's: \"\xc3\xbc #'\n");
    ck_read("a.yaml", NULL, 0);
    emit(&first);
    put("a.yaml", first.s);
    ck_read("a.yaml", NULL, 0);
    ck_plugin_path(0, "s: \"\xc3\xbc #");
    emit(&second);
    ck_assert_str_eq(first.s, second.s);
    rmdir("s: \"\xc3\xbc #");
    gedi__text_clear(&first);
    gedi__text_clear(&second);
}
END_TEST

START_TEST(emitted_text)
{
    gedi__text t = {0};
    put("a.yaml", "directory: /d\nthreads: 2\ndataset: grid\nviews: [[], [shift, blur]]\n"
                  "evaluate: [tally]\nfigures: [losses, density]\nsampler: walk\n" REST);
    ck_read("a.yaml", NULL, 0);
    emit(&t);
    char *body = strchr(t.s, '\n') + 1;
    ck_assert_str_eq(body, "name: \"a\"\n"
                           "directory: \"/d\"\n"
                           "seed: 0\n"
                           "threads: 2\n"
                           "convolution: winograd\n"
                           "dataset:\n"
                           "  grid:\n"
                           "    noise: 0.05\n"
                           "    count: 100\n"
                           "    big: 0\n"
                           "    shape: square\n"
                           "    shuffle: false\n"
                           "    folder: \"\"\n"
                           "    sizes: [3, 4]\n"
                           "    weights: []\n"
                           "views:\n"
                           "  - []\n"
                           "  - [shift: {by: 1}, blur: {}]\n"
                           "model:\n"
                           "  line:\n"
                           "    hidden: [100, 100]\n"
                           "    output: 2\n"
                           "objective:\n"
                           "  push: {}\n"
                           "sampler:\n"
                           "  walk:\n"
                           "    steps: 1\n"
                           "    pace: slow\n"
                           "optimizer:\n"
                           "  slope:\n"
                           "    lr: 0.001\n"
                           "train:\n"
                           "  iterations: 5\n"
                           "  epochs: 0\n"
                           "  hours: 0\n"
                           "  batch: 128\n"
                           "  accumulate: 1\n"
                           "  log_every: 100\n"
                           "  checkpoint_every: 1000\n"
                           "  explode: 100000000\n"
                           "  clip: 0\n"
                           "  average: 0\n"
                           "  weights: trained\n"
                           "evaluate:\n"
                           "  - tally: {}\n"
                           "figures: [losses, density]\n");
    gedi__text_clear(&t);
}
END_TEST

/* ---- what is wrong ---- */

START_TEST(no_file)
{
    ck_assert_int_eq(read_with("none.yaml", NULL, 0), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s, "none.yaml: No such file or directory\n");
    ck_assert_str_eq(err.msg, "none.yaml: 1 mistake");
    ck_assert_ptr_null(e);
    ck_assert_int_eq(read_with("sub", NULL, 0), GEDI_DESCRIPTOR);
    ck_assert_ptr_nonnull(strstr(m.text.s, "\nsub: not a file\n"));
    ck_assert_int_eq(m.n, 2);
    ck_assert_str_eq(err.msg, "sub: 1 mistake");
}
END_TEST

START_TEST(large_file)
{
    gedi__text t = {0};
    for (int i = 0; i < 30000; i++)
        gedi__text_add(&t, "key%05d: 1\n", i);
    put("a.yaml", t.s);
    ck_assert_int_eq(read_with("a.yaml", NULL, 0), GEDI_DESCRIPTOR);
    ck_assert_str_eq(m.text.s,
                     "a.yaml: too large for a descriptor (more than 256 KiB)\n");
    gedi__text_clear(&t);
}
END_TEST

/* Does `text` match `pattern`, in which * stands for any text within a line? */
static bool matches(const char *pattern, const char *text)
{
    for (; *pattern && *pattern != '*'; pattern++, text++)
        if (*pattern != *text)
            return false;
    if (!*pattern)
        return !*text;
    do
        if (matches(pattern + 1, text))
            return true;
    while (*text && *text++ != '\n');
    return false;
}

START_TEST(matching)
{
    ck_assert(matches("a*c\n", "abbc\n") && matches("*", "") && matches("a*", "a"));
    ck_assert(!matches("a*c", "ab\nc") && !matches("a", "ab") && !matches("ab", "a"));
}
END_TEST

static glob_t expected;

static void read_each_line(char *overrides)
{
    char *rest = NULL;
    for (char *line = strtok_r(overrides, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        const char *one[] = {line};
        ck_assert_msg(read_with("valid.yaml", one, 1) == GEDI_DESCRIPTOR, "%s", line);
    }
}

START_TEST(broken)
{
    char *want, *overrides, file[256];
    size_t size;
    const char *name = expected.gl_pathv[_i];
    int stem = (int)(strrchr(name, '.') - name);
    ck_assert_int_eq(chdir(BROKEN), 0);
    ck_assert_int_eq(gedi__file_read(name, &want, &size, &err), GEDI_OK);
    snprintf(file, sizeof file, "%.*s.override", stem, name);
    if (gedi__file_read(file, &overrides, &size, &err) == GEDI_OK) {
        read_each_line(overrides);
        free(overrides);
    } else {
        const char *base = strrchr(name, '/') + 1;
        snprintf(file, sizeof file, "%.*s.yaml", stem - (int)(base - name), base);
        ck_assert_int_eq(read_with(file, NULL, 0), GEDI_DESCRIPTOR);
    }
    int lines = 0;
    for (const char *s = want; (s = strchr(s, '\n')); s++)
        lines++;
    ck_assert_msg(matches(want, m.text.s), "%s\nexpected:\n%sfound:\n%s", name, want,
                  m.text.s);
    ck_assert_int_eq(m.n, lines);
    free(want);
    /* back, so that teardown finds its folder */
    ck_assert_int_eq(chdir(start), 0);
    ck_assert_int_eq(chdir(folder), 0);
}
END_TEST

START_TEST(unbroken)
{
    ck_read(BROKEN "/valid.yaml", NULL, 0);
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    if (glob(BROKEN "/*.expect", 0, NULL, &expected) || expected.gl_pathc < 60) {
        fprintf(stderr, "%s: the broken descriptors are not there\n", BROKEN);
        return 1;
    }
    Suite *s = suite_create("descriptor");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, everything_is_read);
    tcase_add_test(c, what_is_not_given_has_defaults);
    tcase_add_test(c, no_views_at_all);
    tcase_add_test(c, mapping_merges_and_lists_replace);
    tcase_add_test(c, another_plugin_replaces_the_base);
    tcase_add_test(c, overrides_are_applied);
    tcase_add_test(c, an_override_replaces_what_it_names);
    tcase_add_test(c, what_an_experiment_is_called);
    tcase_add_test(c, relative_directory);
    tcase_add_test(c, plugins_start_at_the_file_that_names_them);
    tcase_add_loop_test(c, emitted_text_reads_back_from_elsewhere, 0,
                        sizeof emitted / sizeof *emitted);
    tcase_add_test(c, emitted_paths_are_quoted);
    tcase_add_test(c, emitted_text);
    tcase_add_test(c, no_file);
    tcase_add_test(c, large_file);
    tcase_add_test(c, matching);
    tcase_add_loop_test(c, broken, 0, (int)expected.gl_pathc);
    tcase_add_test(c, unbroken);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    globfree(&expected);
    return failed != 0;
}
