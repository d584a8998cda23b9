/* test_descriptor_hostile.c - thousands of damaged descriptors: none may crash the reader.
 *
 * Every truncation, then deterministic mutations, then words in random order, then the
 * same as overrides. Whatever is accepted must survive being written and read again. The
 * sanitizers notice what is read out of bounds or not released.
 */
#include "core/base/file.h"
#include "core/descriptor/experiment.h"
#include "core/plugin/option.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MUTATIONS = 3000, SOUPS = 1500, OVERRIDES = 1500 };

static const char whole[] =
    "# a comment\n"
    "seed: 3\n"
    "threads: 2\n"
    "dataset:\n"
    "  grid: {noise: 5.0e-5, count: 1e4, shape: round, shuffle: true,\n"
    "         folder: \"a \\\"b\\\" \\u00fc\", sizes: [7, 1e1], weights: [-1, 0.1]}\n"
    "views:\n"
    "  - []\n"
    "  - [shift: {by: -0.5}, blur]\n"
    "model: {line: {hidden: [], output: 3}}\n"
    "projector: line\n"
    "objective:\n"
    "  pull:\n"
    "    low: 1\n"
    "    high: 2\n"
    "sampler: null\n"
    "optimizer: {slope: }\n"
    "train: {iterations: 7, batch: 8}\n"
    "evaluate: [tally]\n"
    "figures: [losses, clusters]\n"
    "stages:\n"
    "  - {objective: {pull: {inv: 3}}, optimizer: reset}\n"
    "  - {sampler: walk, optimizer: keep, freeze: [model.x], train: {batch: 3}}\n";

static const char *const words[] = {
    "seed",   "dataset",    "grid",    "views", "shift",    "model", "line",   "pull",
    "train",  "base",       "plugins", "null",  "~",        "0.5",   "-1",     "1e99",
    "true",   "iterations", ":",       ": ",    "- ",       "-",     "\n",     "\n  ",
    "\n\t",   "[",          "]",       "{",     "}",        ",",     "&a ",    "*a",
    "!!int ", "<<",         "|\n",     ">\n",   "\"",       "'",     "\\",     "#",
    "%",      "---\n",      "...\n",   "?",     "\xc3\xbc", "\xff",  "\x01",   ".",
    "=",      "views.",     "0",       "1",     ".yaml",    " ",     "stages", "keep",
};
enum { WORDS = sizeof words / sizeof *words };

static char folder[] = "hostile-XXXXXX";
static char a_yaml[64], b_yaml[64];
static gedi__registry *keep; /* the libraries stay loaded, which is faster */
static uint64_t state;
static long accepted, refused;

static uint64_t below(uint64_t n)
{
    state ^= state << 13, state ^= state >> 7, state ^= state << 17; /* Marsaglia 2003 */
    return state % n;
}

static void setup(void)
{
    static const char *const name[GEDI_KINDS] = {"grid", "shift", "line", "pull",
                                                 "walk", "slope", "tally"};
    const gedi_plugin *p;
    state = 88172645463325252u;
    accepted = refused = 0;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(a_yaml, sizeof a_yaml, "%s/a.yaml", folder);
    snprintf(b_yaml, sizeof b_yaml, "%s/b.yaml", folder);
    ck_assert_int_eq(gedi__registry_new(&keep, NULL), GEDI_OK);
    for (int k = 0; k < GEDI_KINDS; k++)
        ck_assert_int_eq(gedi__registry_find(keep, k, name[k], &p, NULL), GEDI_OK);
}

static void teardown(void)
{
    gedi__registry_free(keep);
    unlink(a_yaml);
    unlink(b_yaml);
    rmdir(folder);
}

static void put(const char *file, const char *text, size_t n)
{
    FILE *f = fopen(file, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(text, 1, n, f), n);
    ck_assert_int_eq(fclose(f), 0);
}

/* What was accepted is written and read to the same bytes. */
static void ck_round_trip(const gedi__experiment *e)
{
    gedi__text first = {0}, second = {0};
    gedi__mistakes m = {0};
    gedi__experiment *again = NULL;
    gedi_err err = {0};
    gedi__experiment_emit(e, &first);
    put(b_yaml, first.s, first.len);
    gedi_status s = gedi__experiment_read(b_yaml, NULL, 0, &again, &m, &err);
    ck_assert_msg(s == GEDI_OK, "%s\n%s", m.text.s ? m.text.s : err.msg, first.s);
    gedi__experiment_emit(again, &second);
    ck_assert_str_eq(first.s, second.s);
    gedi__experiment_free(again);
    gedi__text_clear(&first);
    gedi__text_clear(&second);
}

/* One line a mistake, each beginning with the file or the override. */
static void ck_mistakes(const gedi__mistakes *m)
{
    int lines = 0;
    ck_assert_int_gt(m->n, 0);
    for (const char *s = m->text.s; *s; s = strchr(s, '\n') + 1, lines++)
        ck_assert_msg(!strncmp(s, folder, strlen(folder)) || !strncmp(s, "override ", 9),
                      "%s", s);
    ck_assert_int_eq(lines, m->n);
}

static void try(const char *const *override, int n)
{
    gedi__experiment *e = NULL;
    gedi__mistakes m = {0};
    gedi_err err = {0};
    gedi_status s = gedi__experiment_read(a_yaml, override, n, &e, &m, &err);
    ck_assert_msg(s == GEDI_OK || s == GEDI_DESCRIPTOR, "%s", err.msg);
    ck_assert_int_eq(s == GEDI_OK, e != NULL);
    if (e)
        ck_round_trip(e);
    else
        ck_mistakes(&m);
    accepted += e != NULL;
    refused += e == NULL;
    gedi__experiment_free(e);
    gedi__text_clear(&m.text);
}

START_TEST(every_truncation)
{
    for (size_t n = 0; n < sizeof whole; n++) {
        put(a_yaml, whole, n);
        try(NULL, 0);
    }
    ck_assert_int_gt(accepted, 5);
    ck_assert_int_gt(refused, 100);
}
END_TEST

/* Replaces `cut` bytes at `at` by `with`; keeps within `size`. */
static size_t splice(char *s, size_t n, size_t size, size_t at, size_t cut,
                     const char *with)
{
    size_t add = strlen(with);
    if (cut > n - at)
        cut = n - at;
    if (n - cut + add > size)
        return n;
    memmove(s + at + add, s + at + cut, n - at - cut);
    memcpy(s + at, with, add);
    return n - cut + add;
}

START_TEST(mutations)
{
    char s[2 * sizeof whole];
    for (int i = 0; i < MUTATIONS; i++) {
        size_t n = sizeof whole - 1;
        memcpy(s, whole, n);
        for (uint64_t k = 1 + below(3); k > 0; k--) {
            size_t at = below(n), from = below(n);
            char piece[24] = "";
            switch (below(4)) {
            case 0: /* another byte */
                s[at] = (char)below(256);
                break;
            case 1: /* a piece is missing */
                n = splice(s, n, sizeof s, at, below(20), "");
                break;
            case 2: /* a piece is copied to elsewhere */
                memcpy(piece, s + from, n - from < 20 ? n - from : 20);
                n = splice(s, n, sizeof s, at, below(3), piece);
                break;
            default: /* a word is put in */
                n = splice(s, n, sizeof s, at, below(6), words[below(WORDS)]);
            }
        }
        put(a_yaml, s, n);
        try(NULL, 0);
    }
    ck_assert_int_gt(accepted, 20);
    ck_assert_int_gt(refused, 1000);
}
END_TEST

static void soup(char *s, size_t size, uint64_t count)
{
    size_t n = 0;
    s[0] = 0;
    while (count-- > 0) {
        const char *w = words[below(WORDS)];
        if (n + strlen(w) + 1 > size)
            return;
        memcpy(s + n, w, strlen(w) + 1);
        n += strlen(w);
    }
}

START_TEST(words_in_any_order)
{
    char s[1024];
    for (int i = 0; i < SOUPS; i++) {
        soup(s, sizeof s, below(60));
        put(a_yaml, s, strlen(s));
        try(NULL, 0);
    }
    ck_assert_int_eq(accepted + refused, SOUPS);
}
END_TEST

START_TEST(overrides)
{
    static const char *const paths[] = {
        "",
        "seed",
        "dataset.grid.noise",
        "dataset",
        "views.1.0.shift.by",
        "views.1.0",
        "views",
        "model.line.hidden.",
        "projector",
        "train.",
        "evaluate.0",
        "plugins",
        "directory",
        "objective.pull.",
        "sampler.walk.steps",
        "stages",
        "stages.0",
        "stages.1.optimizer",
        "stages.0.objective.pull.",
        "stages.1.freeze.0",
    };
    char s[3][256];
    put(a_yaml, whole, sizeof whole - 1);
    for (int i = 0; i < OVERRIDES; i++) {
        const char *override[3];
        for (int k = 0; k < 3; k++) {
            char value[128];
            soup(value, sizeof value, 1 + below(5));
            snprintf(s[k], sizeof s[k], "%s%s%s",
                     paths[below(sizeof paths / sizeof *paths)], below(8) ? "=" : "",
                     value);
            override[k] = s[k];
        }
        try(override, 1 + (int)below(3));
    }
    ck_assert_int_gt(accepted, 5);
    ck_assert_int_gt(refused, 500);
}
END_TEST

int main(void)
{
    setenv("GEDI_PLUGIN_PATH", FAKES, 1);
    Suite *s = suite_create("descriptor_hostile");
    TCase *c = tcase_create("all");
    tcase_set_timeout(c, 300);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, every_truncation);
    tcase_add_test(c, mutations);
    tcase_add_test(c, words_in_any_order);
    tcase_add_test(c, overrides);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
