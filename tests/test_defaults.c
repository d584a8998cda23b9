/* test_defaults.c - a default may change only together with its plugin's revision: what equals its
 * default is no part of a run's identity, so runs of before would be taken for new ones.
 *
 * tests/defaults.txt lists all options: "KIND NAME REVISION OPTION DEFAULT". `make defaults` writes
 * it anew, unless a default has changed that may not.
 */
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/descriptor/evaluations.h"
#include "core/descriptor/experiment.h"
#include "core/descriptor/objectives.h"
#include "core/plugin/option.h"
#include "core/plugin/registry.h"

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void list_options(const char *kind, const char *name, unsigned revision,
                         const gedi_option *table, gedi__text *out)
{
    gedi__text_add(out, "%s %s %u\n", kind, name, revision);
    for (const gedi_option *o = table; o && o->key; o++) {
        gedi__text value = {0};
        gedi__option_emit_default(o, &value);
        gedi__text_add(out, "%s %s %u %s %s\n", kind, name, revision, o->key,
                       value.s ? value.s : "-");
        gedi__text_clear(&value);
    }
}

/* Without assertions, which work in tests alone. */
static void must(gedi_status s, const gedi_err *err)
{
    if (s == GEDI_OK)
        return;
    fprintf(stderr, "%s\n", err->msg);
    exit(EXIT_FAILURE);
}

/* Descriptors' own keys, then the plugins that this build has. */
static void list_all(gedi__text *out)
{
    gedi__registry *r;
    gedi_err err = {0};
    list_options("key", "train", 0, gedi__train_options, out);
    list_options("key", "objective", 0, gedi__objective_options, out);
    list_options("key", "evaluate", 0, gedi__evaluation_options, out);
    must(gedi__registry_new(&r, &err), &err);
    for (gedi_kind k = 0; k < GEDI_KINDS; k++) {
        const char *const *names;
        int n;
        must(gedi__registry_names(r, k, &names, &n, &err), &err);
        for (int i = 0; i < n; i++) {
            const gedi_plugin *p;
            must(gedi__registry_find(r, k, names[i], &p, &err), &err);
            list_options(gedi__kind_name(k), names[i], p->revision, p->options, out);
        }
    }
    gedi__registry_free(r);
}

static char *path(void)
{
    const char *top = getenv("abs_top_srcdir");
    return gedi__path_join(top ? top : ".", "tests/defaults.txt");
}

/* Does `text` have the line? */
static bool has(const char *text, const char *line)
{
    size_t n = strlen(line);
    for (const char *at = text; (at = strstr(at, line)); at++)
        if ((at == text || at[-1] == '\n') && at[n] == '\n')
            return true;
    return false;
}

/* Appends to `faults` where both have an option of one plugin and revision with two defaults. */
static void compare(char *before, const char *now, gedi__text *faults)
{
    char *rest = NULL;
    for (char *line = strtok_r(before, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest)) {
        char option[256];
        int n = 0;
        if (sscanf(line, "%*s %*s %*u %*s %n", &n) == EOF || !n || has(now, line))
            continue;
        snprintf(option, sizeof option, "\n%.*s", n, line);
        const char *other = strstr(now, option);
        if (other)
            gedi__text_add(faults,
                           "was \"%s\", is \"%.*s\": raise the plugin's .revision\n",
                           line, (int)strcspn(other + 1, "\n"), other + 1);
    }
}

START_TEST(no_default_changes_alone)
{
    gedi__text now = {0}, faults = {0};
    gedi_err err = {0};
    char *file = path(), *before;
    size_t size;
    list_all(&now);
    ck_assert_msg(gedi__file_read(file, &before, &size, &err) == GEDI_OK, "%s", err.msg);
    char *copy = strdup(before);
    ck_assert(copy && now.s && !now.failed);
    compare(copy, now.s, &faults);
    ck_assert_msg(!faults.len, "%s", faults.s);
    /* Lines of plugins that this build lacks are left alone. */
    for (char *rest = NULL, *line = strtok_r(now.s, "\n", &rest); line;
         line = strtok_r(NULL, "\n", &rest))
        ck_assert_msg(has(before, line),
                      "\"%s\" is not in tests/defaults.txt: make defaults", line);
    free(copy);
    free(before);
    free(file);
    gedi__text_clear(&now);
}
END_TEST

START_TEST(a_changed_default_is_found)
{
    static const struct {
        const char *before, *now;
        bool fault;
    } cases[] = {
        {"view a 0 p 0.5\n", "view a 0\nview a 0 p 0.5\n", false},
        {"view a 0 p 0.5\n", "view a 0\nview a 0 p 0.25\n", true},
        {"view a 0 p 0.5\n", "view a 1\nview a 1 p 0.25\n", false},
        {"view a 0 p 0.5\n", "view a 0\nview a 0 q 0.25\n", false},
        {"view a 0 words one two\n", "view a 0\nview a 0 words one\n", true},
        {"view a 0 p 0.5\nview b 0 p 0.5\n", "view b 0\nview b 0 p 0.5\n", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        gedi__text faults = {0};
        char *before = strdup(cases[i].before);
        compare(before, cases[i].now, &faults);
        ck_assert_msg((faults.len > 0) == cases[i].fault, "case %zu: %s", i,
                      faults.s ? faults.s : "no fault");
        gedi__text_clear(&faults);
        free(before);
    }
}
END_TEST

/* `make defaults`. */
static int write_list(void)
{
    gedi__text now = {0}, faults = {0};
    gedi_err err = {0};
    char *file = path(), *before = NULL;
    size_t size;
    list_all(&now);
    if (gedi__file_read(file, &before, &size, &err) == GEDI_OK)
        compare(before, now.s, &faults);
    bool failed = faults.len > 0;
    if (failed)
        fputs(faults.s, stderr);
    else if (gedi__file_write(file, now.s, now.len, &err) != GEDI_OK) {
        fprintf(stderr, "%s\n", err.msg);
        failed = true;
    }
    gedi__text_clear(&now);
    gedi__text_clear(&faults);
    free(before);
    free(file);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "--write"))
        return write_list();
    Suite *s = suite_create("defaults");
    TCase *c = tcase_create("defaults");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, no_default_changes_alone);
    tcase_add_test(c, a_changed_default_is_found);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
