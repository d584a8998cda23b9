/* fetch.c - getting a dataset's files into the cache: download, check, unpack. */
#include "core/data/fetch.h"
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/data/transfer.h"
#include "core/data/unpack.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MD5_TEXT = 33 }; /* 32 digits */

/* One file on its way. */
typedef struct item {
    const gedi__source *s;
    const char *cache, *name, *md5;
    char *url;
    char *whole; /* the file, or the folder of an archive: there when all is done */
    char *part;  /* what came so far */
    FILE *f;     /* of part, locked */
} item;

/* Leaves nothing behind where nothing came; gives the lock back. */
static void item_clear(item *it)
{
    struct stat st; /* without a name: the sum was wrong */
    if (it->f && fstat(fileno(it->f), &st) == 0 && (!st.st_size || !st.st_nlink)) {
        (void)unlink(it->part);
        *strrchr(it->part, '/') = 0;
        if (!it->s->archive)
            (void)rmdir(it->part); /* the others' folder, if they are not there either */
    }
    if (it->f)
        fclose(it->f);
    free(it->url);
    free(it->whole);
    free(it->part);
    memset(it, 0, sizeof *it);
}

static gedi_status item_init(item *it, const gedi__source *s, const char *cache,
                             const char *from, int i, gedi_err *err)
{
    gedi__text url = {0}, part = {0};
    const char *base = from ? from : s->base;
    size_t n = strlen(base);
    *it = (item){.s = s, .cache = cache, .name = s->file[i].name, .md5 = s->file[i].md5};
    it->whole = gedi__source_place(s, cache, i);
    gedi__text_add(&url, "%s%s%s", base, n && base[n - 1] == '/' ? "" : "/", it->name);
    gedi__text_add(&part, "%s/%s%s%s.part", cache, s->archive ? "" : s->folder,
                   s->archive ? "" : "/", it->name);
    it->url = url.s;
    it->part = part.s;
    if (it->whole && !url.failed && !part.failed)
        return GEDI_OK;
    return gedi_no_memory(err, "%s", s->name);
}

/* The folder of the part. */
static gedi_status make_folder(const item *it, gedi_err *err)
{
    char *slash = strrchr(it->part, '/');
    *slash = 0;
    gedi_status s = gedi__folder_make(it->part, err);
    *slash = '/';
    return s;
}

/* Opens the part and locks it: two of us would write into each other. The one who waited for
 * nothing may have put it into place meanwhile; then `f` stays NULL. */
static gedi_status open_part(item *it, gedi_err *err)
{
    struct stat open_file, named;
    int fd;
    GEDI_TRY(make_folder(it, err));
    GEDI_TRY(
        gedi__file_open(it->part, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, &fd, err));
    it->f = fdopen(fd, "a+b");
    if (!it->f) {
        close(fd);
        return gedi_no_memory(err, "%s", it->part);
    }
    if (flock(fileno(it->f), LOCK_EX | LOCK_NB))
        return errno == EWOULDBLOCK
                   ? GEDI_FAIL(err, GEDI_STATE,
                               "%.400s: another `gedi data fetch' is at it: wait for it",
                               it->part)
                   : GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be locked: %s", it->part,
                               strerror(errno));
    bool same = fstat(fileno(it->f), &open_file) == 0 && lstat(it->part, &named) == 0 &&
                open_file.st_ino == named.st_ino && open_file.st_dev == named.st_dev;
    if (!same) {
        fclose(it->f);
        it->f = NULL;
    }
    return GEDI_OK;
}

/* The sum by which datasets are published: it finds damage, not malice. */
static gedi_status sum_of(const item *it, char text[MD5_TEXT], gedi_err *err)
{
    enum { CHUNK = 1 << 16 };
    uint8_t chunk[CHUNK], sum[EVP_MAX_MD_SIZE];
    size_t n;
    EVP_MD_CTX *m = EVP_MD_CTX_new();
    bool ok = m && EVP_DigestInit_ex(m, EVP_md5(), NULL);
    rewind(it->f);
    while (ok && (n = fread(chunk, 1, sizeof chunk, it->f)) > 0)
        ok = EVP_DigestUpdate(m, chunk, n);
    ok = ok && EVP_DigestFinal_ex(m, sum, NULL);
    EVP_MD_CTX_free(m);
    for (int i = 0; ok && i < MD5_TEXT / 2; i++)
        snprintf(text + 2 * i, 3, "%02x", sum[i]);
    if (!ok)
        return GEDI_FAIL(err, GEDI_STATE, "%.400s: OpenSSL computes no md5 sum here",
                         it->part);
    if (ferror(it->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be read: %s", it->part,
                         strerror(errno));
    return GEDI_OK;
}

/* A file with another sum is not kept: nothing could be made of it. */
static gedi_status check(const item *it, gedi_err *err)
{
    char sum[MD5_TEXT];
    GEDI_TRY(sum_of(it, sum, err));
    if (!strcmp(sum, it->md5))
        return GEDI_OK;
    (void)unlink(it->part);
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.250s: its md5 sum is %s, that of the published file is %s: damaged, or "
        "another file; it was not kept",
        it->url, sum, it->md5);
}

static gedi_status put_in_place(item *it, const gedi__fetch_ear *ear, gedi_err *err)
{
    if (it->s->archive) {
        ear->step(ear->context, it->name, "unpacking");
        gedi_status s =
            gedi__unpack(it->part, it->cache, it->s->folder, &it->s->kind, err);
        if (s == GEDI_OK || s == GEDI_DATA)
            (void)unlink(it->part);
        return s;
    }
    if (fsync(fileno(it->f)) || rename(it->part, it->whole))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: cannot be put into place: %s", it->whole,
                         strerror(errno));
    gedi__name_sync(it->whole);
    return GEDI_OK;
}

static gedi_status fetch_item(item *it, const gedi__fetch_ear *ear, gedi_err *err)
{
    char sum[MD5_TEXT] = "";
    if (gedi__file_exists(it->whole))
        return GEDI_OK;
    GEDI_TRY(open_part(it, err));
    if (!it->f)
        return GEDI_OK;
    /* Killed when all had come: there is nothing to ask the server for. */
    GEDI_TRY(sum_of(it, sum, err));
    if (strcmp(sum, it->md5)) {
        GEDI_TRY(gedi__transfer(it->url, it->f, it->part, it->name, ear, err));
        GEDI_TRY(check(it, err));
    }
    return put_in_place(it, ear, err);
}

gedi_status gedi__fetch(const gedi__source *s, const char *cache, const char *from,
                        const gedi__fetch_ear *ear, gedi_err *err)
{
    if (from && !strstr(from, "://"))
        return GEDI_FAIL(
            err, GEDI_USAGE,
            "--from: '%.200s' is no URL: it begins with https://, http:// or file://",
            from);
    for (int i = 0; i < GEDI__MOST_FILES && s->file[i].name; i++) {
        item it;
        gedi_status status = item_init(&it, s, cache, from, i, err);
        if (status == GEDI_OK)
            status = fetch_item(&it, ear, err);
        item_clear(&it);
        if (status != GEDI_OK)
            return status;
    }
    return GEDI_OK;
}
