/* test_files.c - files that somebody else has made: links and pipes where gedi writes, sizes that are
 * never read, and memory that ends while one is; folders that survive a power cut.
 */
#include "core/store/json.h"
#include "core/store/metrics.h"
#include "core/store/safetensors.h"
#include "core/store/summary.h"
#include "core/sweep/lock.h"
#include "tests/experiment.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static gedi_err err;

/* ---- what is put on disk: fsync of the C library is replaced ---- */

enum { MOST_SYNCED = 64 };
static ino_t synced[MOST_SYNCED];
static int syncs;

int fsync(int fd)
{
    struct stat st;
    if (syncs < MOST_SYNCED && fstat(fd, &st) == 0)
        synced[syncs++] = st.st_ino;
    return (int)syscall(SYS_fsync, fd);
}

static bool is_synced(const char *path)
{
    struct stat st;
    ck_assert_int_eq(stat(path, &st), 0);
    for (int i = 0; i < syncs; i++)
        if (synced[i] == st.st_ino)
            return true;
    return false;
}

/* A new folder is one only when its parent is on disk. */
START_TEST(new_folders_are_on_disk)
{
    char *next;
    syncs = 0;
    ck_assert_int_eq(gedi__folder_make(experiment_path("a/b/c"), &err), GEDI_OK);
    ck_assert_int_eq(syncs, 3);
    ck_assert(is_synced(experiment_folder));
    ck_assert(is_synced(experiment_path("a")) && is_synced(experiment_path("a/b")));
    syncs = 0;
    ck_assert_int_eq(gedi__folder_make(experiment_path("a/b/c"), &err), GEDI_OK);
    ck_assert_int_eq(syncs, 0);
    ck_assert_int_eq(gedi__folder_next(experiment_path("a"), "run", &next, &err),
                     GEDI_OK);
    ck_assert(is_synced(experiment_path("a")));
    free(next);
}
END_TEST

/* ---- links ---- */

static const char mine[] = "what must stay as it is\n";

static void put(const char *name, const char *text)
{
    ck_assert_int_eq(gedi__file_write(experiment_path(name), text, strlen(text), &err),
                     GEDI_OK);
}

static void expect_text(const char *name, const char *text)
{
    char *got;
    size_t size;
    ck_assert_int_eq(gedi__file_read(experiment_path(name), &got, &size, &err), GEDI_OK);
    ck_assert_str_eq(got, text);
    free(got);
}

static void expect_refused(gedi_status s, const char *name, const char *says)
{
    ck_assert_msg(s == GEDI_IO, "status %d: %s", s, err.msg);
    ck_assert_msg(strstr(err.msg, name) && strstr(err.msg, says), "%s: '%s' lacks '%s'",
                  name, err.msg, says);
}

static gedi_status write_file(void)
{
    return gedi__file_write(experiment_path("f"), "new", 3, &err);
}

static gedi_status write_log(void)
{
    FILE *f = NULL;
    int64_t kept;
    gedi_status s =
        gedi__metrics_open(experiment_path("metrics.jsonl"), 10, &f, &kept, &err);
    if (f)
        fclose(f);
    return s;
}

static gedi_status write_lock(void)
{
    gedi__lock l;
    gedi_status s = gedi__lock_open(&l, experiment_folder, false, 0, &err);
    if (s == GEDI_OK)
        gedi__lock_close(&l);
    return s;
}

static gedi_status write_tensors(void)
{
    gedi__tensors_writer *w;
    float x = 1;
    GEDI_TRY(gedi__tensors_write_open(experiment_path("a.safetensors"), &w, &err));
    gedi__tensors_write_add(w, "x", GEDI__F32, GEDI_DIMS(1), &x);
    return gedi__tensors_write_commit(w, &err);
}

static const struct {
    gedi_status (*write)(void);
    const char *opens; /* the file that is opened */
} writers[] = {
    {write_file, "f.part"},
    {write_log, "metrics.jsonl"},
    {write_lock, "lock"},
    {write_tensors, "a.safetensors.part"},
};
enum { WRITERS = sizeof writers / sizeof writers[0] };

/* To a file, to none, in a circle; a pipe that nobody reads; a folder. All stay. */
START_TEST(what_is_in_the_way_is_refused)
{
    static const char *const to[] = {"mine", "nowhere", NULL};
    gedi_status (*write)(void) = writers[_i].write;
    const char *name = writers[_i].opens;
    struct stat st;
    put("mine", mine);
    for (int i = 0; i < 3; i++) {
        ck_assert_int_eq(symlink(to[i] ? to[i] : name, experiment_path(name)), 0);
        expect_refused(write(), name, ": is a symbolic link; nothing is written");
        ck_assert_ptr_nonnull(strstr(err.msg, "remove it"));
        ck_assert(lstat(experiment_path(name), &st) == 0 && S_ISLNK(st.st_mode));
        ck_assert_int_eq(unlink(experiment_path(name)), 0);
    }
    expect_text("mine", mine);
    ck_assert(!gedi__file_exists(experiment_path("nowhere")));
    ck_assert_int_eq(mkfifo(experiment_path(name), 0600), 0);
    expect_refused(write(), name, ": is in the way, and not a file: remove it");
    ck_assert_int_eq(unlink(experiment_path(name)), 0);
    ck_assert_int_eq(mkdir(experiment_path(name), 0700), 0);
    expect_refused(write(), name, ": is in the way, and not a file: remove it");
    ck_assert_int_eq(rmdir(experiment_path(name)), 0);
    ck_assert_msg(write() == GEDI_OK, "%s", err.msg);
}
END_TEST

/* What a killed process left is replaced, not written into: it may have a second name. */
START_TEST(a_part_that_was_left_is_replaced)
{
    put("mine", mine);
    ck_assert_int_eq(link(experiment_path("mine"), experiment_path("f.part")), 0);
    ck_assert_msg(write_file() == GEDI_OK, "%s", err.msg);
    expect_text("f", "new");
    expect_text("mine", mine);
    ck_assert(!gedi__file_exists(experiment_path("f.part")));
}
END_TEST

/* The file itself may be a link: it is replaced, and what it led to stays. */
START_TEST(a_link_is_replaced)
{
    struct stat st;
    put("mine", mine);
    ck_assert_int_eq(symlink("mine", experiment_path("f")), 0);
    ck_assert_int_eq(write_file(), GEDI_OK);
    expect_text("mine", mine);
    expect_text("f", "new");
    ck_assert(lstat(experiment_path("f"), &st) == 0 && S_ISREG(st.st_mode));
}
END_TEST

/* ---- sizes ---- */

static const char *sparse(const char *name, off_t size)
{
    const char *path = experiment_path(name);
    FILE *f = fopen(path, "ab");
    ck_assert_ptr_nonnull(f);
    ck_assert_int_eq(ftruncate(fileno(f), size), 0);
    ck_assert_int_eq(fclose(f), 0);
    return path;
}

static void expect_too_large(gedi_status s, const char *says)
{
    ck_assert_msg(s == GEDI_DATA, "status %d: %s", s, err.msg);
    ck_assert_msg(strstr(err.msg, says), "'%s' lacks '%s'", err.msg, says);
}

static long most_memory(void)
{
    struct rusage u;
    ck_assert_int_eq(getrusage(RUSAGE_SELF, &u), 0);
    return u.ru_maxrss; /* KiB */
}

START_TEST(large_files_are_not_read)
{
    char *data;
    size_t size;
    json_t *o;
    gedi__tensors *t;
    long before = most_memory();
    expect_too_large(gedi__file_read(sparse("f", (off_t)1 << 31), &data, &size, &err),
                     "f: has 2147483648 bytes; at most 2147483647 are read");
    expect_too_large(gedi__summary_read(sparse("summary.json", (64 << 20) + 1), &o, &err),
                     "summary.json: has 67108865 bytes; at most 67108864 are read");
    expect_too_large(
        gedi__tensors_read(sparse("a.safetensors", ((off_t)1 << 34) + 1), &t, &err),
        "a.safetensors: has 17179869185 bytes; at most 17179869184 are read");
    ck_assert_int_lt(most_memory() - before, 50000);
}
END_TEST

/* Its header states a length that the file has, but that no header has. */
START_TEST(a_large_header_is_not_parsed)
{
    static const uint64_t length = (1 << 24) + 8;
    gedi__tensors *t;
    ck_assert_int_eq(gedi__file_write(experiment_path("a.safetensors"), &length, 8, &err),
                     GEDI_OK);
    expect_too_large(
        gedi__tensors_read(sparse("a.safetensors", 20 << 20), &t, &err),
        "its header should have 16777224 bytes, but 20971512 follow (and the "
        "limit is 16777216)");
}
END_TEST

/* ---- memory ends: jansson's allocations fail from the n-th on ---- */

static int allowed;

static void *limited(size_t n)
{
    if (allowed-- > 0)
        return malloc(n);
    errno = ENOMEM;
    return NULL;
}

static gedi_status read_summary(void)
{
    json_t *o;
    GEDI_TRY(gedi__summary_read(experiment_path("summary.json"), &o, &err));
    json_decref(o);
    return GEDI_OK;
}

static gedi_status count_lines(void)
{
    int64_t kept;
    GEDI_TRY(gedi__metrics_count(experiment_path("metrics.jsonl"), 10, &kept, &err));
    ck_assert_int_eq(kept, 3); /* none was taken for damaged */
    return GEDI_OK;
}

static gedi_status read_log(void)
{
    gedi__metrics m;
    GEDI_TRY(gedi__metrics_read(experiment_path("metrics.jsonl"), &m, &err));
    gedi__metrics_clear(&m);
    return GEDI_OK;
}

static gedi_status (*const readers[])(void) = {read_summary, count_lines, read_log};

START_TEST(no_memory_is_no_damage)
{
    int64_t kept;
    FILE *f;
    const char *log = experiment_path("metrics.jsonl");
    gedi__progress p = {.stages = 1, .loss = 1, .gradient_norm = 1};
    ck_assert_int_eq(gedi__metrics_open(log, 0, &f, &kept, &err), GEDI_OK);
    for (p.iteration = 1; p.iteration <= 3; p.iteration++)
        ck_assert_int_eq(gedi__metrics_write(f, &p, &err), GEDI_OK);
    ck_assert_int_eq(fclose(f), 0);
    json_t *o = json_pack("{s:s, s:[f, i], s:{s:s}}", "name", "a run", "loss", 0.5, 7,
                          "time", "training", "long");
    ck_assert_int_eq(
        gedi__json_write(experiment_path("summary.json"), GEDI__FILE_SUMMARY, o, &err),
        GEDI_OK);
    gedi_status s = GEDI_NOMEM;
    int n = 0;
    json_object_seed(1);
    gedi__json_use_malloc(limited);
    for (; n < 2000 && s != GEDI_OK; n++) {
        allowed = n;
        s = readers[_i]();
        ck_assert_msg(s == GEDI_OK ||
                          (s == GEDI_NOMEM && strstr(err.msg, "out of memory")),
                      "%d allocations: %s", n, err.msg);
    }
    gedi__json_use_malloc(malloc);
    ck_assert_int_eq(s, GEDI_OK);
    ck_assert_int_gt(n, 20);
}
END_TEST

int main(void)
{
    TCase *c = tcase_create("files");
    tcase_add_checked_fixture(c, experiment_setup, experiment_teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, new_folders_are_on_disk);
    tcase_add_loop_test(c, what_is_in_the_way_is_refused, 0, WRITERS);
    tcase_add_test(c, a_part_that_was_left_is_replaced);
    tcase_add_test(c, a_link_is_replaced);
    tcase_add_test(c, large_files_are_not_read);
    tcase_add_test(c, a_large_header_is_not_parsed);
    tcase_add_loop_test(c, no_memory_is_no_damage, 0, sizeof readers / sizeof *readers);
    Suite *s = suite_create("files");
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
