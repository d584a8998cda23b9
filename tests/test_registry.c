/* test_registry.c - finding and loading plugins; every fault has a message of its own.
 *
 * FAKES is the folder of the .so made from plugin_fake.c and plugin_bad.c.
 */
#include "core/plugin/registry.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/plugin/check.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static gedi__registry *registry;
static gedi_err err;
static char folder[] = "registry-XXXXXX"; /* of this test, in the current folder */

static void setup(void)
{
    ck_assert_int_eq(unsetenv("GEDI_PLUGIN_PATH"), 0);
    ck_assert_int_eq(gedi__registry_new(&registry, &err), GEDI_OK);
    ck_assert_int_eq(gedi__registry_add_path(registry, FAKES, &err), GEDI_OK);
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void remove_file(const char *name)
{
    char *path = gedi__path_join(folder, name);
    unlink(path);
    free(path);
}

static void teardown(void)
{
    gedi__registry_free(registry);
    remove_file("objective_text.so");
    remove_file("objective_push.so");
    remove_file("notes.txt");
    rmdir(folder);
}

static char *put(const char *name, const char *text)
{
    char *path = gedi__path_join(folder, name);
    ck_assert_int_eq(gedi__file_write(path, text, strlen(text), &err), GEDI_OK);
    return path;
}

static const char *find(gedi_kind kind, const char *name, gedi_status want)
{
    const gedi_plugin *p;
    err = (gedi_err){0};
    ck_assert_msg(gedi__registry_find(registry, kind, name, &p, &err) == want, "%s: %s",
                  name, err.msg);
    ck_assert_int_eq(!p, want != GEDI_OK);
    return err.msg;
}

/* Both must be there: what is wrong, and the way out. */
static void ck_says(const char *msg, const char *text)
{
    ck_assert_msg(strstr(msg, text) != NULL, "'%s' is not in: %s", text, msg);
}

START_TEST(kinds)
{
    gedi_kind kind;
    for (int k = 0; k < GEDI_KINDS; k++) {
        ck_assert(gedi__kind_parse(gedi__kind_name((gedi_kind)k), &kind));
        ck_assert_int_eq(kind, k);
    }
    ck_assert(!gedi__kind_parse("projector", &kind));
    ck_assert(!gedi__kind_parse("", &kind));
}
END_TEST

START_TEST(loads_every_kind)
{
    static const char *const name[GEDI_KINDS] = {"grid", "shift", "line", "pull",
                                                 "walk", "slope", "tally"};
    for (int k = 0; k < GEDI_KINDS; k++) {
        const gedi_plugin *p, *again;
        ck_assert_msg(gedi__registry_find(registry, k, name[k], &p, &err) == GEDI_OK,
                      "%s", err.msg);
        ck_assert_str_eq(p->name, name[k]);
        const char *file = gedi__registry_file(registry, p);
        ck_assert_ptr_nonnull(strstr(file, name[k]));
        ck_assert_int_eq(*file, '/');
        ck_assert_int_eq(gedi__registry_find(registry, k, name[k], &again, &err), 0);
        ck_assert_ptr_eq(p, again);
    }
    gedi_plugin stranger;
    ck_assert_ptr_null(gedi__registry_file(registry, &stranger));
}
END_TEST

START_TEST(early_struct_is_filled_with_zeros)
{
    const gedi_plugin *p;
    ck_assert_int_eq(
        gedi__registry_find(registry, GEDI_KIND_OBJECTIVE, "early", &p, &err), GEDI_OK);
    const gedi_objective *o = (const gedi_objective *)p;
    ck_assert(o->loss != NULL);
    ck_assert(o->logits == NULL && o->energy == NULL);
    ck_assert_str_eq(p->cite, "");
}
END_TEST

static const struct fault {
    const char *name;
    gedi_status code;
    const char *says[3];
} faults[] = {
    {"oldabi",
     GEDI_ABI,
     {"/objective_oldabi.so: built for plugin ABI 1, but this gedi has ABI 2: rebuild it",
      "`make` in its folder"}},
    {"short",
     GEDI_ABI,
     {"/objective_short.so: its gedi_objective has ",
      " bytes, but this gedi needs at least ", "rebuild it against this gedi"}},
    {"signature",
     GEDI_ABI,
     {"/objective_signature.so: built for 'pointer2 order4321', but this gedi for "
      "'" GEDI_SIGNATURE "'",
      "rebuild it against this gedi"}},
    {"alias",
     GEDI_PLUGIN,
     {"/objective_alias.so: it calls itself 'other', but its file says 'alias'"}},
    {"private",
     GEDI_PLUGIN,
     {"/objective_private.so: it needs gedi__kind_name, which is private to gedi"}},
    {"nothing",
     GEDI_PLUGIN,
     {"/objective_nothing.so: it has no 'loss', which every objective must "
      "have"}},
    {"fault",
     GEDI_PLUGIN,
     {"/objective_fault.so: the default of option rate: '2' is not in [0, 1]"}},
    {"absent",
     GEDI_PLUGIN,
     {"/objective_absent.so: it does not export gedi_objective_absent",
      "GEDI_DEFINE(objective, absent)"}},
    {"pul",
     GEDI_PLUGIN,
     {"there is no objective 'pul': did you mean 'pull'? (there are: "}},
    {"grid", GEDI_PLUGIN, {"there is no objective 'grid', but dataset 'grid' exists"}},
    {"zzzzzz",
     GEDI_PLUGIN,
     {"there is no objective 'zzzzzz' (there are: ", "; searched: "}},
    {"", GEDI_PLUGIN, {"there is no objective ''"}},
    {"../pull", GEDI_PLUGIN, {"there is no objective '../pull'"}},
};

START_TEST(refuses)
{
    const struct fault *f = &faults[_i];
    const char *msg = find(GEDI_KIND_OBJECTIVE, f->name, f->code);
    for (int i = 0; i < 3 && f->says[i]; i++)
        ck_says(msg, f->says[i]);
    /* A file that was refused is refused again, and the others still load. */
    find(GEDI_KIND_OBJECTIVE, f->name, f->code);
    find(GEDI_KIND_OBJECTIVE, "pull", GEDI_OK);
}
END_TEST

START_TEST(refuses_what_is_no_library)
{
    free(put("objective_text.so", "this is no library"));
    ck_assert_int_eq(gedi__registry_add_path(registry, folder, &err), GEDI_OK);
    const char *msg = find(GEDI_KIND_OBJECTIVE, "text", GEDI_PLUGIN);
    ck_says(msg, "/objective_text.so: cannot be loaded: ");
}
END_TEST

START_TEST(paths)
{
    char *file = put("objective_push.so", "not a library");
    char *notes = put("notes.txt", "");
    char *real = realpath(FAKES, NULL);
    ck_assert_str_eq(gedi__registry_path(registry, 0), real);
    free(real);
    ck_assert_ptr_null(gedi__registry_path(registry, 1));
    ck_assert_int_eq(gedi__registry_add_path(registry, "no/such", &err), GEDI_PLUGIN);
    ck_assert_str_eq(err.msg, "plugins: 'no/such': No such file or directory");
    ck_assert_int_eq(gedi__registry_add_path(registry, "", &err), GEDI_PLUGIN);
    ck_assert_int_eq(gedi__registry_add_path(registry, notes, &err), GEDI_PLUGIN);
    ck_says(err.msg, "is neither a folder nor called <kind>_<name>.so");
    ck_assert_ptr_null(gedi__registry_path(registry, 1));
    /* A single file: found under its own name only, and never beside another of that name. */
    ck_assert_int_eq(gedi__registry_add_path(registry, file, &err), GEDI_OK);
    ck_assert_int_eq(*gedi__registry_path(registry, 1), '/');
    ck_says(gedi__registry_path(registry, 1), "/objective_push.so");
    ck_assert_ptr_null(gedi__registry_path(registry, 2));
    ck_says(find(GEDI_KIND_OBJECTIVE, "push", GEDI_PLUGIN),
            "/objective_push.so has the name of ");
    find(GEDI_KIND_OBJECTIVE, "pull", GEDI_OK);
    gedi__registry_free(registry);
    ck_assert_int_eq(gedi__registry_new(&registry, &err), GEDI_OK);
    ck_assert_int_eq(gedi__registry_add_path(registry, file, &err), GEDI_OK);
    ck_says(find(GEDI_KIND_OBJECTIVE, "push", GEDI_PLUGIN), "cannot be loaded");
    free(file);
    free(notes);
}
END_TEST

START_TEST(environment)
{
    gedi__registry_free(registry);
    ck_assert_int_eq(setenv("GEDI_PLUGIN_PATH", "/no/such::" FAKES ":", 1), 0);
    ck_assert_int_eq(gedi__registry_new(&registry, &err), GEDI_OK);
    ck_assert_ptr_null(gedi__registry_path(registry, 0));
    find(GEDI_KIND_VIEW, "blur", GEDI_OK);
    ck_says(find(GEDI_KIND_VIEW, "xyzxyz", GEDI_PLUGIN), "/no/such (does not exist)");
}
END_TEST

START_TEST(names)
{
    const char *const *name;
    int n, fakes = 0;
    ck_assert_int_eq(gedi__registry_add_path(registry, FAKES, &err), GEDI_OK);
    for (int again = 0; again < 2; again++) {
        ck_assert_int_eq(gedi__registry_names(registry, GEDI_KIND_VIEW, &name, &n, &err),
                         GEDI_OK);
        for (int i = 1; i < n; i++)
            ck_assert_int_lt(strcmp(name[i - 1], name[i]), 0);
        for (int i = 0; i < n; i++)
            fakes += !strcmp(name[i], "blur") || !strcmp(name[i], "shift");
    }
    ck_assert_int_eq(fakes, 4);
}
END_TEST

/* ---- the same checks on structs made here, for what no .so is worth ---- */

typedef struct two {
    double a;
    int64_t b;
} two;

static gedi_status two_open(void *self, const gedi_open *o, gedi_data_info *i,
                            gedi_err *e)
{
    (void)self, (void)o, (void)i, (void)e;
    return GEDI_OK;
}

static gedi_status two_read(const void *self, gedi_split split, int64_t i, float *x,
                            int32_t *label, gedi_err *e)
{
    (void)self, (void)split, (void)i, (void)x, (void)label, (void)e;
    return GEDI_OK;
}

static void two_close(void *self)
{
    (void)self;
}

static void two_apply(const void *self, gedi_shape record, float *x, float *scratch,
                      gedi_rng *rng)
{
    (void)self, (void)record, (void)x, (void)scratch, (void)rng;
}

static gedi_option rows[3];
static gedi_dataset dataset;

static void make(void)
{
    rows[0] = (gedi_option)GEDI_REAL(two, a, 0.5, 0, 1, "first");
    rows[1] = (gedi_option)GEDI_INT(two, b, 5, 0, 9, "second");
    rows[2] = (gedi_option)GEDI_END;
    dataset = (gedi_dataset){
        GEDI_HEAD(dataset, two), .brief = "two",   .self_size = sizeof(two),
        .options = rows,         .open = two_open, .read = two_read,
        .close = two_close,
    };
}

static gedi_status examine(gedi_dataset *copy)
{
    err = (gedi_err){0};
    return gedi__plugin_check(GEDI_KIND_DATASET, "two", "F", &dataset, copy, &err);
}

static void ck_refused(const char *why)
{
    gedi_dataset copy;
    ck_assert_int_eq(examine(&copy), GEDI_PLUGIN);
    ck_assert_str_eq(err.msg, why);
    make();
}

START_TEST(checks_the_struct)
{
    gedi_dataset copy;
    make();
    ck_assert_msg(examine(&copy) == GEDI_OK, "%s", err.msg);
    ck_assert_mem_eq(&copy.open, &dataset.open, sizeof copy.open);
    dataset.struct_size += 64; /* built with a later gedi */
    ck_assert_msg(examine(&copy) == GEDI_OK, "%s", err.msg);
    dataset.sig = NULL;
    ck_assert_int_eq(examine(&copy), GEDI_ABI);
    make();
    dataset.struct_size = 0;
    ck_assert_int_eq(examine(&copy), GEDI_ABI);
    make();
    dataset.name = NULL;
    ck_refused("F: it calls itself '', but its file says 'two': the two must agree");
    dataset.open = NULL;
    ck_refused("F: it has no 'open', which every dataset must have: add it and "
               "rebuild");
    dataset.read = NULL;
    ck_refused("F: it has no 'read', which every dataset must have: add it and "
               "rebuild");
    dataset.close = NULL;
    ck_refused("F: it has no 'close', which every dataset must have: add it and "
               "rebuild");
    dataset.options = NULL;
    dataset.self_size = 0;
    ck_assert_int_eq(examine(&copy), GEDI_OK);
}
END_TEST

START_TEST(checks_the_options)
{
    make();
    rows[1].key = "a";
    ck_refused("F: duplicate option 'a'");
    rows[0].key = "a b";
    ck_refused("F: option 'a b': a key has only letters, digits and _");
    rows[0].type = (gedi_option_type)42;
    ck_refused("F: option 'a': type 42 does not exist");
    dataset.self_size = 8;
    ck_refused("F: option 'b', 8 bytes at 8, is outside of a struct of 8: set .self_size "
               "to the size of the struct in its table");
    rows[1].offset = SIZE_MAX - 3;
    ck_refused(
        "F: option 'b', 8 bytes at 18446744073709551612, is outside of a struct of "
        "16: set .self_size to the size of the struct in its table");
    rows[0].min = 2;
    ck_refused("F: option 'a': its range [2, 1] is empty");
    rows[1].integer = 10;
    ck_refused("F: the default of option b: '10' is not in [0, 9]");
    rows[0].help = NULL;
    ck_refused("F: option 'a' has no line of help");
    rows[0].help = "";
    ck_refused("F: option 'a' has no line of help");
    rows[1].type = GEDI_TYPE_ENUM;
    ck_refused("F: option 'b': '' is no list of words such as \"none|free\" (at most 32, "
               "511 bytes)");
    rows[1].type = GEDI_TYPE_ENUM;
    rows[1].words = "one||two";
    ck_refused("F: option 'b': 'one||two' is no list of words such as \"none|free\" (at "
               "most 32, 511 bytes)");
    rows[1].type = GEDI_TYPE_ENUM;
    rows[1].words = "one|two";
    ck_refused("F: the default of option b: 5 is no index into 'one|two'");
    dataset.self_size = sizeof(gedi_schedule) + 8;
    rows[0].type = GEDI_TYPE_SCHEDULE;
    ck_refused(
        "F: option 'a' is scheduled, which only those of an objective, a sampler or "
        "an optimizer can be: declare it with GEDI_REAL");
    rows[2].row = 0;
    ck_refused("F: its table of options has no end: add GEDI_END as its last row");
}
END_TEST

START_TEST(misses_a_table_of_options)
{
    gedi_plugin copy_of_model[8], model = {
                                      .abi = GEDI_PLUGIN_ABI,
                                      .struct_size = sizeof(gedi_view),
                                      .sig = GEDI_SIGNATURE,
                                      .name = "two",
                                      .self_size = 16,
                                  };
    gedi_view view = {.apply = two_apply};
    memcpy(&view, &model, sizeof model);
    err = (gedi_err){0};
    ck_assert_int_eq(
        gedi__plugin_check(GEDI_KIND_VIEW, "two", "F", &view, copy_of_model, &err),
        GEDI_PLUGIN);
    ck_assert_str_eq(err.msg, "F: it has a struct of 16 bytes but no table of options: "
                              "add .options, or leave out .self_size");
}
END_TEST

int main(void)
{
    Suite *s = suite_create("registry");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, kinds);
    tcase_add_test(c, loads_every_kind);
    tcase_add_test(c, early_struct_is_filled_with_zeros);
    tcase_add_loop_test(c, refuses, 0, sizeof faults / sizeof *faults);
    tcase_add_test(c, refuses_what_is_no_library);
    tcase_add_test(c, paths);
    tcase_add_test(c, environment);
    tcase_add_test(c, names);
    tcase_add_test(c, checks_the_struct);
    tcase_add_test(c, checks_the_options);
    tcase_add_test(c, misses_a_table_of_options);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
