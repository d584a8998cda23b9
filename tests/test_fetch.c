/* test_fetch.c - downloads that break off, are killed, or are not what they should be; archives that
 * want to write elsewhere.
 */
#include "core/data/fetch.h"
#include "core/data/unpack.h"
#include "tests/experiment.h"
#include "tests/server.h"

#include <archive.h>
#include <archive_entry.h>
#include <openssl/evp.h>
#include <sys/resource.h>
#include <sys/stat.h>

static gedi_err err;

/* ---- a dataset of one file ---- */

enum { SIZE = 3000000 };
static uint8_t *data;
static char sum[33];
static server *web;
static int steps;
static int64_t last_first, last_done, last_total;

static void hear(void *context, const char *file, int64_t first, int64_t done,
                 int64_t total)
{
    ck_assert(context == &steps && *file);
    last_first = first;
    last_done = done;
    last_total = total;
}

static void hear_step(void *context, const char *file, const char *what)
{
    ck_assert(context == &steps && *file && *what);
    steps++;
}

static const gedi__fetch_ear ear = {&steps, hear, hear_step};
static gedi__source one = {.name = "one",
                           .folder = "folder",
                           .base = "http://127.0.0.1:9",
                           .file = {{"one.bin", sum}}};

static void sum_up(const uint8_t *bytes, long size)
{
    uint8_t md5[EVP_MAX_MD_SIZE];
    ck_assert(EVP_Digest(bytes, (size_t)size, md5, NULL, EVP_md5(), NULL));
    for (int i = 0; i < 16; i++)
        snprintf(sum + 2 * i, 3, "%02x", md5[i]);
}

static void setup(void)
{
    experiment_setup();
    data = malloc(SIZE);
    ck_assert_ptr_nonnull(data);
    for (uint32_t i = 0, x = 1; i < SIZE; i++, x = x * 1664525 + 1013904223)
        data[i] = (uint8_t)(x >> 24);
    sum_up(data, SIZE);
    web = server_start(data, SIZE);
    steps = 0;
}

static void teardown(void)
{
    server_stop(web);
    free(data);
    experiment_teardown();
}

static gedi_status fetch(void)
{
    memset(&err, 0, sizeof err);
    return gedi__fetch(&one, experiment_folder, server_url(web), &ear, &err);
}

static void expect_fetched(void)
{
    char *got;
    size_t size;
    gedi_status s = fetch();
    ck_assert_msg(s == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(
        gedi__file_read(experiment_path("folder/one.bin"), &got, &size, &err), GEDI_OK);
    ck_assert(size == SIZE && !memcmp(got, data, SIZE));
    free(got);
    ck_assert(!gedi__file_exists(experiment_path("folder/one.bin.part")));
    ck_assert(gedi__source_is_there(&one, experiment_folder));
}

static void expect_failed(gedi_status status, const char *says, const char *also)
{
    gedi_status s = fetch();
    ck_assert_msg(s == status, "status %d, not %d: %s", s, status, err.msg);
    ck_assert_msg(strstr(err.msg, says), "'%s' does not say '%s'", err.msg, says);
    ck_assert_msg(strstr(err.msg, also), "'%s' does not say '%s'", err.msg, also);
    ck_assert(!gedi__file_exists(experiment_path("folder/one.bin")));
    ck_assert(!gedi__source_is_there(&one, experiment_folder));
}

static off_t kept(void)
{
    struct stat st;
    return stat(experiment_path("folder/one.bin.part"), &st) ? -1 : st.st_size;
}

/* A dataset reads x.gz and x. */
START_TEST(unpacked_by_hand)
{
    gedi__source packed = one;
    packed.file[0].name = "one.bin.gz";
    ck_assert(!gedi__source_is_there(&packed, experiment_folder));
    expect_fetched();
    ck_assert(gedi__source_is_there(&packed, experiment_folder));
    packed.file[0].name = "two.bin.gz";
    ck_assert(!gedi__source_is_there(&packed, experiment_folder));
}
END_TEST

START_TEST(whole)
{
    ck_assert(!gedi__source_is_there(&one, experiment_folder));
    expect_fetched();
    ck_assert_int_eq(web->requests, 1);
    ck_assert(last_first == 0 && last_done == SIZE && last_total == SIZE);
    expect_fetched(); /* nothing is left to do */
    ck_assert_int_eq(web->requests, 1);
}
END_TEST

/* The connection breaks once, or every million bytes: each time it goes on from there. */
START_TEST(breaks_off)
{
    web->cut = _i ? 1000000 : 1234567;
    web->once = !_i;
    expect_fetched();
    ck_assert_int_eq(web->requests, _i ? 3 : 2);
    ck_assert_int_eq(web->from[1], _i ? 1000000 : 1234567);
    ck_assert_int_eq(steps, _i ? 2 : 1);
    ck_assert(last_first == 0 && last_done == SIZE && last_total == SIZE);
}
END_TEST

/* What an earlier command left is gone on with, if the server can. */
START_TEST(goes_on)
{
    web->ranges = _i;
    ck_assert_int_eq(gedi__folder_make(experiment_path("folder"), &err), GEDI_OK);
    ck_assert_int_eq(
        gedi__file_write(experiment_path("folder/one.bin.part"), data, 777, &err),
        GEDI_OK);
    expect_fetched();
    ck_assert_int_eq(web->from[0], 777);
    ck_assert_int_eq(web->requests, _i ? 1 : 2);
    ck_assert_int_eq(last_first, _i ? 777 : 0);
    ck_assert_int_eq(last_done, SIZE);
}
END_TEST

/* All had come, but it was killed before it could be checked: the server is not asked. */
START_TEST(all_but_in_place)
{
    ck_assert_int_eq(gedi__folder_make(experiment_path("folder"), &err), GEDI_OK);
    ck_assert_int_eq(
        gedi__file_write(experiment_path("folder/one.bin.part"), data, SIZE, &err),
        GEDI_OK);
    expect_fetched();
    ck_assert_int_eq(web->requests, 0);
}
END_TEST

/* A server that always breaks off without getting further is given up; what came is kept. */
START_TEST(never_ends)
{
    web->ranges = false;
    web->cut = 500000;
    expect_failed(GEDI_IO, "; 0.5 MB are kept: run the command again to go on",
                  "127.0.0.1");
    ck_assert_int_eq(kept(), 500000);
    ck_assert_int_le(web->requests, 12);
    web->cut = 0;
    expect_fetched();
}
END_TEST

START_TEST(wrong_sum)
{
    char all[200];
    snprintf(all, sizeof all, "its md5 sum is %s, that of the published file is %s", sum,
             "00000000000000000000000000000000");
    gedi__source other = one;
    other.file[0].md5 = "00000000000000000000000000000000";
    ck_assert_int_eq(gedi__fetch(&other, experiment_folder, server_url(web), &ear, &err),
                     GEDI_DATA);
    ck_assert_msg(strstr(err.msg, all), "%s", err.msg);
    ck_assert_msg(strstr(err.msg, "it was not kept"), "%s", err.msg);
    ck_assert(kept() < 0 && !gedi__source_is_there(&one, experiment_folder));
    ck_assert(!gedi__file_exists(experiment_path("folder")));
    expect_fetched();
    /* What was left is of another file, or longer than this one. */
    for (int n = 1000; n <= SIZE + 10; n += SIZE - 990) {
        uint8_t *wrong = calloc(1, (size_t)n);
        ck_assert_ptr_nonnull(wrong);
        ck_assert_int_eq(unlink(experiment_path("folder/one.bin")), 0);
        ck_assert_int_eq(gedi__file_write(experiment_path("folder/one.bin.part"), wrong,
                                          (size_t)n, &err),
                         GEDI_OK);
        free(wrong);
        expect_failed(GEDI_DATA, "its md5 sum is", sum);
        expect_fetched();
    }
}
END_TEST

START_TEST(not_there)
{
    web->status = 404;
    expect_failed(GEDI_IO, "/data/one.bin: the server answers 404, not found; --from URL",
                  "");
    ck_assert(kept() < 0);
    ck_assert(!gedi__file_exists(experiment_path("folder")));
    ck_assert_int_eq(web->requests, 1);
    web->status = 503;
    expect_failed(GEDI_IO, "the server answers 503; --from", "");
    ck_assert_int_eq(gedi__fetch(&one, experiment_folder, NULL, &ear, &err), GEDI_IO);
    ck_assert_msg(strstr(err.msg, "http://127.0.0.1:9/one.bin: "), "%s", err.msg);
    ck_assert_int_eq(gedi__fetch(&one, experiment_folder, "some/where", &ear, &err),
                     GEDI_USAGE);
    ck_assert_msg(strstr(err.msg, "--from: 'some/where' is no URL"), "%s", err.msg);
}
END_TEST

static pid_t fetch_apart(void)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0)
        _exit(fetch() == GEDI_OK ? 0 : 1);
    return child;
}

static void wait_for(off_t bytes)
{
    for (int i = 0; kept() < bytes && i < 1000; i++)
        usleep(10000);
    ck_assert_int_ge(kept(), bytes);
}

/* Killed in the middle of a download, it goes on from there. While it runs, another waits its turn. */
START_TEST(killed)
{
    web->slow = 2000000;
    pid_t child = fetch_apart();
    wait_for(1000000);
    expect_failed(GEDI_STATE, "another `gedi data fetch' is at it: wait for it",
                  "one.bin.part");
    kill(child, SIGKILL);
    ck_assert_int_eq(waitpid(child, NULL, 0), child);
    off_t left = kept();
    ck_assert_int_ge(left, 1000000);
    /* The server waits in that connection: a new one takes its place. */
    server_stop(web);
    web = server_start(data, SIZE);
    expect_fetched();
    ck_assert_int_eq(web->from[0], left);
    ck_assert_int_eq(web->requests, 1);
}
END_TEST

/* No more room: the limit of a file's size stands for a full disk. */
START_TEST(no_room)
{
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct rlimit limit = {.rlim_cur = 1000000, .rlim_max = RLIM_INFINITY};
        signal(SIGXFSZ, SIG_IGN);
        if (setrlimit(RLIMIT_FSIZE, &limit))
            _exit(2);
        bool right =
            fetch() == GEDI_IO &&
            strstr(err.msg, "one.bin.part: cannot be written: File too large; 1.0 MB "
                            "are kept: run the command again");
        _exit(right ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert_int_eq(kept(), 1000000);
    expect_fetched();
    ck_assert_int_eq(web->from[1], 1000000);
}
END_TEST

/* ---- archives ---- */

typedef struct entry {
    const char *name, *content; /* content NULL: a folder */
    const char *link;           /* where a link leads */
} entry;

/* Of a format that is set; its bytes are at `data` afterwards, at most SIZE. Files have `zeros` bytes
 * where that is not 0. */
static size_t archive_fill(struct archive *a, const entry *e, int n, int64_t zeros)
{
    size_t used = 0;
    ck_assert_int_eq(archive_write_open_memory(a, data, SIZE, &used), ARCHIVE_OK);
    for (int i = 0; i < n; i++) {
        struct archive_entry *x = archive_entry_new();
        size_t size = e[i].content ? strlen(e[i].content) : 0;
        archive_entry_set_pathname(x, e[i].name);
        archive_entry_set_filetype(x, e[i].link      ? AE_IFLNK
                                      : e[i].content ? AE_IFREG
                                                     : AE_IFDIR);
        archive_entry_set_perm(x, 0644);
        archive_entry_set_size(x, zeros ? zeros : (int64_t)size);
        if (e[i].link)
            archive_entry_set_symlink(x, e[i].link);
        ck_assert_int_eq(archive_write_header(a, x), ARCHIVE_OK);
        if (size && !zeros)
            ck_assert_int_eq(archive_write_data(a, e[i].content, size), (int)size);
        archive_entry_free(x); /* zeros follow of themselves */
    }
    ck_assert_int_eq(archive_write_close(a), ARCHIVE_OK);
    archive_write_free(a);
    return used;
}

static size_t archive_of_zeros(const entry *e, int n, int64_t zeros)
{
    struct archive *a = archive_write_new();
    archive_write_add_filter_gzip(a);
    archive_write_set_format_pax_restricted(a);
    return archive_fill(a, e, n, zeros);
}

static size_t archive_of(const entry *e, int n)
{
    return archive_of_zeros(e, n, 0);
}

static gedi__source packed = {.name = "packed",
                              .folder = "cifar",
                              .archive = true,
                              .file = {{"cifar.tar.gz", sum}}};

static gedi_status fetch_packed(size_t size)
{
    web->size = (long)size;
    sum_up(data, (long)size);
    memset(&err, 0, sizeof err);
    server_stop(web); /* its memory is from before */
    web = server_start(data, (long)size);
    return gedi__fetch(&packed, experiment_folder, server_url(web), &ear, &err);
}

START_TEST(unpacks)
{
    static const entry good[] = {{"cifar/", NULL, NULL},
                                 {"cifar/a.bin", "AAA", NULL},
                                 {"./cifar/deep/er/b..bin", "BB", NULL}};
    char *got;
    size_t size;
    /* What an earlier one left while it unpacked. */
    ck_assert_int_eq(gedi__folder_make(experiment_path("cifar.part/deep"), &err),
                     GEDI_OK);
    ck_assert_int_eq(
        gedi__file_write(experiment_path("cifar.part/a.bin"), "old", 3, &err), GEDI_OK);
    ck_assert_msg(fetch_packed(archive_of(good, 3)) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(gedi__file_read(experiment_path("cifar/a.bin"), &got, &size, &err),
                     GEDI_OK);
    ck_assert_str_eq(got, "AAA");
    free(got);
    ck_assert_int_eq(
        gedi__file_read(experiment_path("cifar/deep/er/b..bin"), &got, &size, &err),
        GEDI_OK);
    ck_assert_str_eq(got, "BB");
    free(got);
    ck_assert(!gedi__file_exists(experiment_path("cifar.part")));
    ck_assert(!gedi__file_exists(experiment_path("cifar.tar.gz")));
    ck_assert(!gedi__file_exists(experiment_path("cifar.tar.gz.part")));
    ck_assert(gedi__source_is_there(&packed, experiment_folder));
}
END_TEST

static const struct {
    entry bad;
    const char *says;
} hostile[] = {
    {{"../evil", "x", NULL}, "refused: its entry '../evil' lies outside of cifar/"},
    {{"/tmp/gedi-evil", "x", NULL}, "refused: its entry '/tmp/gedi-evil' lies outside"},
    {{"cifar/../../evil", "x", NULL},
     "refused: its entry 'cifar/../../evil' lies outside"},
    {{"cifar/..", NULL, NULL}, "lies outside of cifar/"},
    {{"cifarevil", "x", NULL}, "refused: its entry 'cifarevil' lies outside"},
    {{"cifar//x", "x", NULL}, "lies outside"},
    {{"other/x", "x", NULL}, "refused: its entry 'other/x' lies outside of cifar/"},
    {{"cifar/link", "", "/etc"},
     "refused: its entry 'cifar/link' is neither a file nor a folder"},
    {{"cifar", "x", NULL}, "refused: its entry 'cifar' is neither a file nor a folder"},
};
enum { HOSTILE = sizeof hostile / sizeof hostile[0] };

START_TEST(refuses)
{
    const entry all[] = {
        {"cifar/a.bin", "AAA", NULL}, hostile[_i].bad, {"cifar/b", "B", NULL}};
    (void)unlink("evil"); /* of a test that failed */
    (void)unlink("/tmp/gedi-evil");
    ck_assert_int_eq(fetch_packed(archive_of(all, 3)), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, hostile[_i].says), "'%s' does not say '%s'", err.msg,
                  hostile[_i].says);
    ck_assert(!gedi__source_is_there(&packed, experiment_folder));
    ck_assert(!gedi__file_exists(experiment_path("cifar.part")));
    ck_assert(!gedi__file_exists(experiment_path("cifar.tar.gz.part")));
    ck_assert(!gedi__file_exists(experiment_path("evil")));
    ck_assert(!gedi__file_exists("evil") && !gedi__file_exists("/tmp/gedi-evil"));
}
END_TEST

START_TEST(damaged_archive)
{
    static const entry good[] = {{"cifar/a.bin", "AAA", NULL}};
    size_t size = archive_of(good, 1);
    ck_assert_int_eq(fetch_packed(size - 15), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, "cifar.tar.gz.part: damaged archive: "), "%s", err.msg);
    memset(data, 'x', 100);
    ck_assert_int_eq(fetch_packed(100), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, "damaged archive: "), "%s", err.msg);
    ck_assert_int_eq(fetch_packed(archive_of(good, 0)), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, "there are no files in it"), "%s", err.msg);
    ck_assert(!gedi__source_is_there(&packed, experiment_folder));
    ck_assert(!gedi__file_exists(experiment_path("cifar.part")));
}
END_TEST

/* A twice named file: the second does not overwrite the first. */
START_TEST(twice)
{
    static const entry all[] = {{"cifar/a", "A", NULL}, {"cifar/a", "B", NULL}};
    ck_assert_int_eq(fetch_packed(archive_of(all, 2)), GEDI_IO);
    ck_assert_msg(strstr(err.msg, "cifar.part/a: cannot be written: File exists"), "%s",
                  err.msg);
}
END_TEST

static void expect_unpack_refused(size_t size, const char *says)
{
    ck_assert_int_eq(fetch_packed(size), GEDI_DATA);
    ck_assert_msg(strstr(err.msg, says), "'%s' does not say '%s'", err.msg, says);
    ck_assert(!gedi__source_is_there(&packed, experiment_folder));
    ck_assert(!gedi__file_exists(experiment_path("cifar.part")));
}

/* Few bytes that become many. */
START_TEST(too_large)
{
    static const entry two[] = {{"cifar/a", "", NULL}, {"cifar/b", "", NULL}};
    expect_unpack_refused(archive_of_zeros(two, 1, GEDI__UNPACK_FILE + 1),
                          "refused: its entry 'cifar/a' has 160000001 bytes; at most "
                          "160000000 are unpacked");
    expect_unpack_refused(archive_of_zeros(two, 2, GEDI__UNPACK_ALL / 2 + 1),
                          "refused: up to its entry 'cifar/b' there are 200000002 bytes; "
                          "at most 200000000 are unpacked");
    static char name[GEDI__UNPACK_ENTRIES + 1][16];
    static entry many[GEDI__UNPACK_ENTRIES + 1];
    for (int i = 0; i <= GEDI__UNPACK_ENTRIES; i++) {
        snprintf(name[i], sizeof name[i], "cifar/%d", i);
        many[i] = (entry){name[i], NULL, NULL};
    }
    expect_unpack_refused(archive_of(many, GEDI__UNPACK_ENTRIES + 1),
                          "refused: more than 1000 entries are in it");
}
END_TEST

/* What libarchive could read, but no source has. */
START_TEST(other_kinds)
{
    static const entry good[] = {{"cifar/a.bin", "AAA", NULL}};
    static const struct {
        int (*format)(struct archive *a);
        int (*filter)(struct archive *a), (*again)(struct archive *a);
        const char *says;
    } kind[] = {
        {archive_write_set_format_zip, NULL, NULL, "damaged archive: "},
        {archive_write_set_format_cpio_newc, archive_write_add_filter_gzip, NULL,
         "damaged archive: "},
        {archive_write_set_format_pax, archive_write_add_filter_xz, NULL,
         "damaged archive: "},
        {archive_write_set_format_pax, NULL, NULL, "refused: a tar file in gzip is"},
        {archive_write_set_format_pax, archive_write_add_filter_gzip,
         archive_write_add_filter_gzip,
         "refused: a tar file in gzip is expected, packed "
         "once"},
    };
    for (size_t i = 0; i < sizeof kind / sizeof *kind; i++) {
        struct archive *a = archive_write_new();
        ck_assert_int_eq(kind[i].format(a), ARCHIVE_OK);
        if (kind[i].filter)
            ck_assert_int_eq(kind[i].filter(a), ARCHIVE_OK);
        if (kind[i].again)
            ck_assert_int_eq(kind[i].again(a), ARCHIVE_OK);
        expect_unpack_refused(archive_fill(a, good, 1, 0), kind[i].says);
        ck_assert_ptr_nonnull(strstr(err.msg, "a tar file in gzip is expected"));
    }
}
END_TEST

/* A source may state that it is a ZIP file, and what is unpacked of it. */
START_TEST(zipped)
{
    static const entry good[] = {{"cifar/", NULL, NULL},
                                 {"cifar/deep/a.txt", "AAA", NULL},
                                 {"cifar/b.txt", "BB", NULL}};
    static const entry evil[] = {{"cifar/b.txt", "BB", NULL}, {"cifar/../c", "x", NULL}};
    char *got;
    size_t size;
    packed.kind = (gedi__archive){.zip = true, .file = 3, .all = 5, .entries = 3};
    struct archive *a = archive_write_new();
    ck_assert_int_eq(archive_write_set_format_zip(a), ARCHIVE_OK);
    ck_assert_msg(fetch_packed(archive_fill(a, good, 3, 0)) == GEDI_OK, "%s", err.msg);
    ck_assert_int_eq(
        gedi__file_read(experiment_path("cifar/deep/a.txt"), &got, &size, &err), GEDI_OK);
    ck_assert_str_eq(got, "AAA");
    free(got);
    experiment_teardown();
    experiment_setup();
    for (int i = 0; i < 4; i++) {
        static const char *const says[] = {"has 3 bytes; at most 2 are unpacked",
                                           "there are 5 bytes; at most 4 are unpacked",
                                           "refused: more than 2 entries are in it",
                                           "entry 'cifar/../c' lies outside of cifar/"};
        packed.kind =
            (gedi__archive){true, i == 0 ? 2 : 3, i == 1 ? 4 : 5, i == 2 ? 2 : 3};
        a = archive_write_new();
        ck_assert_int_eq(archive_write_set_format_zip(a), ARCHIVE_OK);
        expect_unpack_refused(
            i < 3 ? archive_fill(a, good, 3, 0) : archive_fill(a, evil, 2, 0), says[i]);
    }
    expect_unpack_refused(archive_of(good, 3), "(a ZIP file is expected)");
    packed.kind = (gedi__archive){.zip = false};
}
END_TEST

/* Planted where the download is to go: what it leads to stays as it is. */
START_TEST(link_in_the_way)
{
    char *got;
    size_t size;
    ck_assert_int_eq(gedi__folder_make(experiment_path("folder"), &err), GEDI_OK);
    ck_assert_int_eq(gedi__file_write(experiment_path("mine"), "mine", 4, &err), GEDI_OK);
    ck_assert_int_eq(symlink("../mine", experiment_path("folder/one.bin.part")), 0);
    expect_failed(GEDI_IO, "folder/one.bin.part: is a symbolic link", "remove it");
    ck_assert_int_eq(web->requests, 0);
    ck_assert_int_eq(gedi__file_read(experiment_path("mine"), &got, &size, &err),
                     GEDI_OK);
    ck_assert_str_eq(got, "mine");
    free(got);
    ck_assert_int_eq(unlink(experiment_path("folder/one.bin.part")), 0);
    expect_fetched();
}
END_TEST

START_TEST(no_room_to_unpack)
{
    static char much[200001];
    memset(much, 'a', sizeof much - 1);
    const entry big = {"cifar/a.bin", much, NULL};
    size_t size = archive_of(&big, 1);
    ck_assert_int_lt(size, 100000);
    pid_t child = fork();
    ck_assert_int_ge(child, 0);
    if (child == 0) {
        struct rlimit limit = {.rlim_cur = 100000, .rlim_max = RLIM_INFINITY};
        signal(SIGXFSZ, SIG_IGN);
        gedi_status s = gedi__file_write(experiment_path("big.tar.gz"), data, size, &err);
        if (s != GEDI_OK || setrlimit(RLIMIT_FSIZE, &limit))
            _exit(2);
        s = gedi__unpack(experiment_path("big.tar.gz"), experiment_folder, "cifar", NULL,
                         &err);
        bool right =
            s == GEDI_IO &&
            strstr(err.msg, "cifar.part/a.bin: cannot be written: File too large");
        if (!right)
            fprintf(stderr, "%s\n", err.msg);
        _exit(right ? 0 : 1);
    }
    int status;
    ck_assert_int_eq(waitpid(child, &status, 0), child);
    ck_assert_int_eq(status, 0);
    ck_assert(!gedi__file_exists(experiment_path("cifar.part")));
    ck_assert(!gedi__file_exists(experiment_path("cifar")));
}
END_TEST

int main(void)
{
    Suite *s = suite_create("fetch");
    TCase *c = tcase_create("fetch");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_set_timeout(c, 60);
    tcase_add_test(c, unpacked_by_hand);
    tcase_add_test(c, whole);
    tcase_add_loop_test(c, breaks_off, 0, 2);
    tcase_add_loop_test(c, goes_on, 0, 2);
    tcase_add_test(c, all_but_in_place);
    tcase_add_test(c, never_ends);
    tcase_add_test(c, wrong_sum);
    tcase_add_test(c, not_there);
    tcase_add_test(c, killed);
    tcase_add_test(c, no_room);
    tcase_add_test(c, unpacks);
    tcase_add_loop_test(c, refuses, 0, HOSTILE);
    tcase_add_test(c, damaged_archive);
    tcase_add_test(c, twice);
    tcase_add_test(c, zipped);
    tcase_add_test(c, no_room_to_unpack);
    tcase_add_test(c, too_large);
    tcase_add_test(c, other_kinds);
    tcase_add_test(c, link_in_the_way);
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
