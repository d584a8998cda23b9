/* idx.h - IDX files as MNIST has them, raw or gzip: images of 28 x 28, and labels.
 *
 * Source:  LeCun, Cortes & Burges, "The MNIST database": files and format IDX
 * Differs: a file is read to its end even where a limit keeps less of it, so that damage is
 *          always noticed. Of labels all are kept, so that the number of classes does not depend
 *          on a limit.
 */
#ifndef GEDI_PLUGINS_DATASET_IDX_H
#define GEDI_PLUGINS_DATASET_IDX_H

#include "plugins/dataset/file.h"
#include "plugins/dataset/images.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>
#include <zlib.h>

enum { IDX_SIDE = 28, IDX_PIXELS = IDX_SIDE * IDX_SIDE };

typedef struct idx_kind {
    const char *what;              /* for messages */
    const char *stem[GEDI_SPLITS]; /* name before "idx" */
    int rank;                      /* dimensions, the first is the number of records */
    int64_t size;                  /* bytes of one record */
} idx_kind;

static const idx_kind idx_images = {
    "images", {"train-images", "t10k-images"}, 3, IDX_PIXELS};
static const idx_kind idx_labels = {"labels", {"train-labels", "t10k-labels"}, 1, 1};

typedef struct idx_file {
    const idx_kind *kind;
    char path[4096];
    gzFile gz;     /* reads raw files, too */
    int64_t found; /* uncompressed bytes read so far */
    bool cut;      /* the gzip stream ends too early */
    int64_t count; /* records the header states */
    int64_t kept;  /* records in data */
    uint8_t *data;
} idx_file;

/* What zlib says of the file, without the descriptor that it puts before it. */
static inline const char *idx_reason(const idx_file *f, int *code)
{
    const char *text = gzerror(f->gz, code);
    int n = 0;
    (void)sscanf(text, "<fd:%*d>: %n", &n);
    return text + n;
}

/* Up to n bytes; *got is less only at the end of the file. */
static inline gedi_status idx_get(idx_file *f, uint8_t *to, unsigned n, unsigned *got,
                                  gedi_err *err)
{
    errno = 0;
    int r = gzread(f->gz, to, n), why = errno, code = Z_OK;
    const char *text = idx_reason(f, &code);
    *got = r > 0 ? (unsigned)r : 0;
    f->found += *got;
    /* The stream ends too early, but what was unpacked before still comes: the caller
     * counts it. */
    f->cut = code == Z_BUF_ERROR;
    if (r >= 0)
        return GEDI_OK;
    if (code == Z_ERRNO)
        return GEDI_FAIL(err, GEDI_IO, "%s: %s", f->path, strerror(why));
    if (code == Z_MEM_ERROR)
        return gedi_no_memory(err, "%s", f->path);
    return GEDI_FAIL(err, GEDI_DATA, "%s: damaged gzip data (%s); get the file again",
                     f->path, text);
}

static inline uint32_t idx_u32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static inline gedi_status idx_magic(const idx_file *f, uint32_t magic, gedi_err *err)
{
    const idx_kind *k = f->kind;
    const idx_kind *other = k == &idx_images ? &idx_labels : &idx_images;
    uint32_t want = 0x800u + (uint32_t)k->rank;
    if (magic == want)
        return GEDI_OK;
    if (magic == 0x800u + (uint32_t)other->rank)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: has %s (magic 0x%08x) where %s (0x%08x) belong", f->path,
                         other->what, (unsigned)magic, k->what, (unsigned)want);
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%s: magic 0x%08x, expected 0x%08x (an IDX file of unsigned bytes in %d "
        "dimension%s)",
        f->path, (unsigned)magic, (unsigned)want, k->rank, k->rank == 1 ? "" : "s");
}

static inline gedi_status idx_header(idx_file *f, gedi_err *err)
{
    uint8_t b[16] = {0};
    unsigned size = 4 + 4 * (unsigned)f->kind->rank, got = 0;
    GEDI_TRY(idx_get(f, b, size, &got, err));
    if (got >= 4)
        GEDI_TRY(idx_magic(f, idx_u32(b), err));
    if (got < size)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: truncated: a header of %u bytes expected, %u bytes found",
                         f->path, size, got);
    f->count = idx_u32(b + 4);
    uint32_t h = idx_u32(b + 8), w = idx_u32(b + 12);
    if (f->kind->rank == 3 && (h != IDX_SIDE || w != IDX_SIDE))
        return GEDI_FAIL(err, GEDI_DATA, "%s: images of %u x %u, expected %d x %d",
                         f->path, (unsigned)h, (unsigned)w, IDX_SIDE, IDX_SIDE);
    if (f->count == 0)
        return GEDI_FAIL(err, GEDI_DATA, "%s: no %s in it", f->path, f->kind->what);
    return GEDI_OK;
}

/* Room for `want` bytes more behind `have`. Grows with what is really there, so that a
 * wrong count in the header does not ask for memory. */
static inline gedi_status idx_grow(idx_file *f, size_t have, size_t want, size_t *room,
                                   gedi_err *err)
{
    if (have + want <= *room)
        return GEDI_OK;
    size_t all = (size_t)(f->kept * f->kind->size), size = *room ? 2 * *room : 1u << 20;
    size = size < all ? size : all;
    uint8_t *p = realloc(f->data, size);
    if (!p)
        return gedi_no_memory(err, "%s: %zu bytes", f->path, size);
    f->data = p;
    *room = size;
    return GEDI_OK;
}

/* Everything behind the header: keeps kept records and reads on to the end. */
static inline gedi_status idx_body(idx_file *f, gedi_err *err)
{
    enum { CHUNK = 1 << 16 };
    uint8_t chunk[CHUNK];
    size_t keep = (size_t)(f->kept * f->kind->size), have = 0, room = 0;
    unsigned got = 0;
    do {
        GEDI_TRY(idx_get(f, chunk, CHUNK, &got, err));
        size_t n = got < keep - have ? got : keep - have;
        if (!n)
            continue;
        GEDI_TRY(idx_grow(f, have, n, &room, err));
        memcpy(f->data + have, chunk, n);
        have += n;
    } while (got);
    int64_t header = 4 + 4 * (int64_t)f->kind->rank;
    int64_t want = header + f->count * f->kind->size;
    if (f->found < want)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: truncated: %lld bytes expected (%lld %s of %lld bytes and a header "
            "of %lld), %lld bytes found; get the file again",
            f->path, (long long)want, (long long)f->count, f->kind->what,
            (long long)f->kind->size, (long long)header, (long long)f->found);
    if (f->found > want)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: %lld bytes expected (%lld %s), %lld bytes found: %lld too many", f->path,
            (long long)want, (long long)f->count, f->kind->what, (long long)f->found,
            (long long)(f->found - want));
    if (f->cut)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: truncated: the end of the gzip data, its checksum, is "
                         "missing; get the file again",
                         f->path);
    return GEDI_OK;
}

/* Finds the file among the spellings in use. */
static inline gedi_status idx_find(idx_file *f, const char *folder, gedi_split split,
                                   gedi_err *err)
{
    const char *stem = f->kind->stem[split];
    int rank = f->kind->rank;
    for (int i = 0; i < 4; i++) {
        int n = snprintf(f->path, sizeof f->path, "%s/%s%cidx%d-ubyte%s", folder, stem,
                         i < 2 ? '-' : '.', rank, i % 2 ? ".gz" : "");
        if (n < 0 || (size_t)n >= sizeof f->path)
            return GEDI_FAIL(err, GEDI_OPTION, "path: longer than %zu bytes: '%.80s...'",
                             sizeof f->path, folder);
        if (access(f->path, F_OK) == 0)
            return GEDI_OK;
    }
    return GEDI_FAIL(err, GEDI_OPTION,
                     "path: neither %s-idx%d-ubyte nor %s-idx%d-ubyte.gz is in '%.300s'; "
                     "put the file there or set path to the folder that has it",
                     stem, rank, stem, rank, folder);
}

/* The file, checked: all labels, and as many images as the limit of `m` keeps; the caller frees f->data whatever
 * happens. */
static inline gedi_status idx_load(idx_file *f, images *m, const char *folder,
                                   gedi_split split, gedi_err *err)
{
    GEDI_TRY(idx_find(f, folder, split, err));
    int fd;
    GEDI_TRY(file_open(f->path, &fd, err));
    f->gz = gzdopen(fd, "rb");
    if (!f->gz) {
        close(fd);
        return gedi_no_memory(err, "%s", f->path);
    }
    gzbuffer(f->gz, 1 << 17);
    gedi_status s = idx_header(f, err);
    if (s == GEDI_OK)
        s = images_keep(m, split, f->count, f->path, err);
    f->kept = f->kind == &idx_labels ? f->count : m->count[split];
    if (s == GEDI_OK)
        s = images_fit(m, split, f->kind->size, err);
    if (s == GEDI_OK)
        s = idx_body(f, err);
    gzclose(f->gz);
    return s;
}

#endif
