/* unpack.c - the folder that an archive holds, put into place as a whole, through libarchive.
 *
 * Only files and folders are taken from the archive, and only names below the folder: nothing that an
 * archive says can write anywhere else. The size that an entry states is looked at before any of it is
 * written, and is all that is ever read of it.
 */
#include "core/data/unpack.h"
#include "core/base/file.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 1 << 17 };

typedef struct unpacking {
    const char *path, *folder;
    gedi__archive most;
    char *place; /* where it is put together */
    struct archive *in;
    int64_t bytes; /* of the files so far */
    int entries;
} unpacking;

/* What lies behind "FOLDER/" in an entry's name, "" for the folder itself; NULL where it is
 * outside, or could be. */
static const char *inside(const char *name, const char *folder)
{
    size_t n = strlen(folder);
    if (!strncmp(name, "./", 2))
        name += 2;
    if (strncmp(name, folder, n) || (name[n] && name[n] != '/'))
        return NULL;
    const char *rest = name + n + (name[n] == '/');
    for (const char *s = rest; *s;) {
        size_t part = strcspn(s, "/");
        bool dots = part <= 2 && strspn(s, ".") >= part;
        if (dots) /* "", "." and ".." */
            return NULL;
        s += part;
        s += *s == '/';
    }
    return rest;
}

/* What libarchive says went wrong, with the archive: or with the disk. */
static gedi_status fail(const unpacking *u, const char *name, gedi_err *err)
{
    int why = archive_errno(u->in);
    const char *text = archive_error_string(u->in);
    bool disk =
        why == ENOSPC || why == EDQUOT || why == EFBIG || why == EIO || why == EROFS;
    if (disk)
        return GEDI_FAIL(err, GEDI_IO, "%.200s/%.150s: cannot be written: %s", u->place,
                         name, strerror(why));
    return GEDI_FAIL(err, GEDI_DATA, "%.300s: damaged archive: %.120s (a %s is expected)",
                     u->path, text ? text : "libarchive does not say why",
                     u->most.zip ? "ZIP file" : "tar file in gzip");
}

/* Once, and by gzip: libarchive would unpack it as often as it was packed. */
static gedi_status check_packing(const unpacking *u, gedi_err *err)
{
    if (u->most.zip)
        return GEDI_OK; /* no filter was allowed */
    if (archive_filter_code(u->in, 0) == ARCHIVE_FILTER_GZIP &&
        archive_filter_code(u->in, 1) == ARCHIVE_FILTER_NONE)
        return GEDI_OK;
    return GEDI_FAIL(err, GEDI_DATA,
                     "%.300s: refused: a tar file in gzip is expected, packed once",
                     u->path);
}

/* Counts the entry. */
static gedi_status check_limits(unpacking *u, struct archive_entry *e, const char *name,
                                gedi_err *err)
{
    int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;
    if (size < 0 || size > u->most.file)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.250s: refused: its entry '%.120s' has %lld bytes; at most "
                         "%lld are unpacked",
                         u->path, name, (long long)size, (long long)u->most.file);
    u->bytes += size;
    if (u->bytes > u->most.all)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%.250s: refused: up to its entry '%.120s' there are %lld bytes; "
            "at most %lld are unpacked",
            u->path, name, (long long)u->bytes, (long long)u->most.all);
    if (++u->entries > u->most.entries)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.250s: refused: more than %d entries are in it", u->path,
                         u->most.entries);
    return GEDI_OK;
}

static gedi_status write_file(const unpacking *u, const char *name, gedi_err *err)
{
    gedi_status s = GEDI_OK;
    char *path = gedi__path_join(u->place, name),
         *slash = path ? strrchr(path, '/') : NULL;
    if (!path)
        return gedi_no_memory(err, "%.300s", u->path);
    *slash = 0;
    s = gedi__folder_make(path, err);
    *slash = '/';
    int fd =
        s == GEDI_OK ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666) : -1;
    if (s == GEDI_OK && fd < 0)
        s = GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be written: %s", path,
                      strerror(errno));
    else if (s == GEDI_OK && archive_read_data_into_fd(u->in, fd) != ARCHIVE_OK)
        s = fail(u, name, err);
    if (fd >= 0 && close(fd) && s == GEDI_OK)
        s = GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be written: %s", path,
                      strerror(errno));
    free(path);
    return s;
}

/* All at once: an archive may have a hundred thousand files. */
static gedi_status sync_all(const unpacking *u, gedi_err *err)
{
    int fd = open(u->place, O_RDONLY | O_DIRECTORY | O_CLOEXEC), why = 0;
    if (fd < 0 || syncfs(fd))
        why = errno;
    if (fd >= 0)
        close(fd);
    if (why)
        return GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be written: %s", u->place,
                         strerror(why));
    return GEDI_OK;
}

static gedi_status take_entry(unpacking *u, struct archive_entry *e, gedi_err *err)
{
    const char *name = archive_entry_pathname(e);
    const char *rest = name ? inside(name, u->folder) : NULL;
    bool file = archive_entry_filetype(e) == AE_IFREG && !archive_entry_hardlink(e);
    bool folder = archive_entry_filetype(e) == AE_IFDIR;
    if (!rest)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.250s: refused: its entry '%.120s' lies outside of %s/",
                         u->path, name ? name : "without name", u->folder);
    GEDI_TRY(check_limits(u, e, name, err));
    if (folder)
        return GEDI_OK; /* those that hold files are made with them */
    if (!file || !*rest)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%.250s: refused: its entry '%.120s' is neither a file nor a folder", u->path,
            name);
    return write_file(u, rest, err);
}

static gedi_status take_all(unpacking *u, gedi_err *err)
{
    struct archive_entry *e;
    int files = 0, r = archive_read_open_filename(u->in, u->path, BLOCK);
    if (r != ARCHIVE_OK)
        return fail(u, "", err);
    GEDI_TRY(gedi__folder_make(u->place, err));
    while ((r = archive_read_next_header(u->in, &e)) == ARCHIVE_OK || r == ARCHIVE_WARN) {
        GEDI_TRY(check_packing(u, err));
        GEDI_TRY(take_entry(u, e, err));
        files += archive_entry_filetype(e) == AE_IFREG;
    }
    if (r != ARCHIVE_EOF)
        return fail(u, "", err);
    if (files == 0)
        return GEDI_FAIL(err, GEDI_DATA, "%.300s: there are no files in it", u->path);
    return sync_all(u, err);
}

static gedi_status put_in_place(const unpacking *u, const char *target, gedi_err *err)
{
    if (rename(u->place, target))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be put into place: %s", target,
                         strerror(errno));
    gedi__name_sync(target);
    return GEDI_OK;
}

gedi_status gedi__unpack(const char *path, const char *parent, const char *folder,
                         const gedi__archive *kind, gedi_err *err)
{
    char *target = gedi__path_join(parent, folder);
    unpacking u = {.path = path, .folder = folder, .in = archive_read_new()};
    if (kind)
        u.most = *kind;
    if (!u.most.file)
        u.most = (gedi__archive){u.most.zip, GEDI__UNPACK_FILE, GEDI__UNPACK_ALL,
                                 GEDI__UNPACK_ENTRIES};
    gedi_status s = GEDI_OK;
    int why = 0;
    if (!target || asprintf(&u.place, "%s.part", target) < 0)
        u.place = NULL;
    if (!u.place || !u.in)
        s = gedi_no_memory(err, "%.300s", path);
    else if ((why = gedi__folder_remove(u.place)))
        s = GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be removed: %s", u.place,
                      strerror(why));
    if (s == GEDI_OK) {
        if (u.most.zip) { /* its directory has the sizes */
            archive_read_support_format_zip_seekable(u.in);
        } else {
            archive_read_support_filter_gzip(u.in);
            archive_read_support_format_tar(u.in);
        }
        s = take_all(&u, err);
        s = s == GEDI_OK ? put_in_place(&u, target, err) : s;
        if (s != GEDI_OK)
            (void)gedi__folder_remove(u.place);
    }
    if (u.in)
        archive_read_free(u.in);
    free(u.place);
    free(target);
    return s;
}
