/* mnist.c - MNIST and whatever has its format: IDX files, raw or gzip.
 *
 * Source:  LeCun, Cortes & Burges, "The MNIST database": files and format IDX; Xiao et
 *          al. 2017, "Fashion-MNIST": the same files with other images.
 * Inputs:  `path`: a folder with {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte,
 *          also as .gz and with a dot before idx.
 * Output:  records [28, 28, 1], (pixel / 255 - mean) / std; labels 0 .. 9
 * Differs: a file is read to its end even where a limit keeps less of it, so that damage
 *          is always noticed. Bytes are kept in memory and converted when read.
 */
#include "gedi/plugin.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { MNIST_SIDE = 28, MNIST_PIXELS = MNIST_SIDE * MNIST_SIDE, MNIST_CLASSES = 10 };

typedef struct mnist {
    const char *path;
    double mean, std;
    int64_t train_limit, test_limit;
    uint8_t *image[GEDI_SPLITS]; /* [N, 28, 28] */
    uint8_t *label[GEDI_SPLITS]; /* [N] */
    int64_t count[GEDI_SPLITS];
    float value[256]; /* of a pixel */
} mnist;

static const gedi_option mnist_options[] = {
    GEDI_TEXT(mnist, path, "",
              "folder of the IDX files, raw or .gz; empty: mnist/ in the folder that the "
              "environment variable GEDI_DATA names"),
    GEDI_REAL(mnist, mean, 0.0, -1e3, 1e3, "subtracted from pixels in [0, 1]"),
    GEDI_REAL(mnist, std, 1.0, 1e-6, 1e6, "divides them then"),
    GEDI_INT(mnist, train_limit, 0, 0, 1000000000,
             "only the first so many training records; 0: all"),
    GEDI_INT(mnist, test_limit, 0, 0, 1000000000,
             "only the first so many test records; 0: all"),
    GEDI_END,
};

/* ---- one IDX file ---- */

typedef struct mnist_kind {
    const char *what;              /* for messages */
    const char *stem[GEDI_SPLITS]; /* name before "idx" */
    int rank;                      /* dimensions, the first is the number of records */
    int64_t size;                  /* bytes of one record */
} mnist_kind;

static const mnist_kind mnist_images = {
    "images", {"train-images", "t10k-images"}, 3, MNIST_PIXELS};
static const mnist_kind mnist_labels = {"labels", {"train-labels", "t10k-labels"}, 1, 1};

typedef struct mnist_file {
    const mnist_kind *kind;
    char path[4096];
    gzFile gz;     /* reads raw files, too */
    int64_t found; /* uncompressed bytes read so far */
    bool cut;      /* the gzip stream ends too early */
    int64_t count; /* records the header states */
    int64_t kept;  /* records in data */
    uint8_t *data;
} mnist_file;

/* What zlib says of the file, without the path that it puts before it. */
static const char *mnist_reason(const mnist_file *f, int *code)
{
    const char *text = gzerror(f->gz, code);
    size_t n = strlen(f->path);
    return strncmp(text, f->path, n) || text[n] != ':' ? text : text + n + 2;
}

/* Up to n bytes; *got is less only at the end of the file. */
static gedi_status mnist_get(mnist_file *f, uint8_t *to, unsigned n, unsigned *got,
                             gedi_err *err)
{
    errno = 0;
    int r = gzread(f->gz, to, n), why = errno, code = Z_OK;
    const char *text = mnist_reason(f, &code);
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
        return GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory", f->path);
    return GEDI_FAIL(err, GEDI_DATA, "%s: damaged gzip data (%s); get the file again",
                     f->path, text);
}

static uint32_t mnist_u32(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static gedi_status mnist_magic(const mnist_file *f, uint32_t magic, gedi_err *err)
{
    const mnist_kind *k = f->kind;
    const mnist_kind *other = k == &mnist_images ? &mnist_labels : &mnist_images;
    uint32_t want = 0x800u + (uint32_t)k->rank;
    if (magic == want)
        return GEDI_OK;
    if (magic == 0x800u + (uint32_t)other->rank)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: has %s (magic 0x%08x) where %s (0x%08x) belong", f->path,
                         other->what, (unsigned)magic, k->what, (unsigned)want);
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%s: magic 0x%08x, expected 0x%08x (an IDX file of unsigned bytes in "
        "%d dimension%s)",
        f->path, (unsigned)magic, (unsigned)want, k->rank, k->rank == 1 ? "" : "s");
}

static gedi_status mnist_header(mnist_file *f, gedi_err *err)
{
    uint8_t b[16] = {0};
    unsigned size = 4 + 4 * (unsigned)f->kind->rank, got = 0;
    GEDI_TRY(mnist_get(f, b, size, &got, err));
    if (got >= 4)
        GEDI_TRY(mnist_magic(f, mnist_u32(b), err));
    if (got < size)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%s: truncated: a header of %u bytes expected, %u bytes found",
                         f->path, size, got);
    f->count = mnist_u32(b + 4);
    uint32_t h = mnist_u32(b + 8), w = mnist_u32(b + 12);
    if (f->kind->rank == 3 && (h != MNIST_SIDE || w != MNIST_SIDE))
        return GEDI_FAIL(err, GEDI_DATA, "%s: images of %u x %u, expected %d x %d",
                         f->path, (unsigned)h, (unsigned)w, MNIST_SIDE, MNIST_SIDE);
    if (f->count == 0)
        return GEDI_FAIL(err, GEDI_DATA, "%s: no %s in it", f->path, f->kind->what);
    return GEDI_OK;
}

/* Room for `want` bytes more behind `have`. Grows with what is really there, so that a
 * wrong count in the header does not ask for memory. */
static gedi_status mnist_grow(mnist_file *f, size_t have, size_t want, size_t *room,
                              gedi_err *err)
{
    if (have + want <= *room)
        return GEDI_OK;
    size_t all = (size_t)(f->kept * f->kind->size), size = *room ? 2 * *room : 1u << 20;
    size = size < all ? size : all;
    uint8_t *p = realloc(f->data, size);
    if (!p)
        return GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory for %zu bytes", f->path,
                         size);
    f->data = p;
    *room = size;
    return GEDI_OK;
}

/* Everything behind the header: keeps kept records and reads on to the end. */
static gedi_status mnist_body(mnist_file *f, gedi_err *err)
{
    enum { CHUNK = 1 << 16 };
    uint8_t chunk[CHUNK];
    size_t keep = (size_t)(f->kept * f->kind->size), have = 0, room = 0;
    unsigned got = 0;
    do {
        GEDI_TRY(mnist_get(f, chunk, CHUNK, &got, err));
        size_t n = got < keep - have ? got : keep - have;
        if (!n)
            continue;
        GEDI_TRY(mnist_grow(f, have, n, &room, err));
        memcpy(f->data + have, chunk, n);
        have += n;
    } while (got);
    int64_t header = 4 + 4 * (int64_t)f->kind->rank;
    int64_t want = header + f->count * f->kind->size;
    if (f->found < want)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%s: truncated: %lld bytes expected (%lld %s of %lld bytes and a "
            "header of %lld), %lld bytes found; get the file again",
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
static gedi_status mnist_find(mnist_file *f, const char *folder, gedi_split split,
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
    if (access(folder, F_OK))
        return GEDI_FAIL(
            err, GEDI_OPTION,
            "path: the folder '%.300s' does not exist; it should hold the IDX "
            "files, such as %s-idx%d-ubyte.gz",
            folder, stem, rank);
    return GEDI_FAIL(err, GEDI_OPTION,
                     "path: neither %s-idx%d-ubyte nor %s-idx%d-ubyte.gz is in '%.300s'; "
                     "put the file there or set path to the folder that has it",
                     stem, rank, stem, rank, folder);
}

/* The file, checked; the caller frees f->data whatever happens. */
static gedi_status mnist_load(mnist_file *f, const char *folder, gedi_split split,
                              int64_t limit, gedi_err *err)
{
    GEDI_TRY(mnist_find(f, folder, split, err));
    errno = 0;
    f->gz = gzopen(f->path, "rb");
    if (!f->gz)
        return errno ? GEDI_FAIL(err, GEDI_IO, "%s: %s", f->path, strerror(errno))
                     : GEDI_FAIL(err, GEDI_NOMEM, "%s: out of memory", f->path);
    gzbuffer(f->gz, 1 << 17);
    gedi_status s = mnist_header(f, err);
    if (s == GEDI_OK && limit > f->count)
        s = GEDI_FAIL(err, GEDI_OPTION,
                      "%s_limit: %lld is more than the %lld records of %s",
                      split == GEDI_TRAIN ? "train" : "test", (long long)limit,
                      (long long)f->count, f->path);
    f->kept = limit ? limit : f->count;
    if (s == GEDI_OK)
        s = mnist_body(f, err);
    gzclose(f->gz);
    return s;
}

/* ---- the dataset ---- */

/* The folder that `path` means, from option, descriptor's folder and environment. */
static gedi_status mnist_folder(const mnist *o, const char *directory, char *out,
                                size_t n, gedi_err *err)
{
    const char *data = getenv("GEDI_DATA");
    const char *folder = *o->path ? o->path : "mnist";
    const char *root = *o->path ? directory : data;
    if (!*o->path && (!data || !*data))
        return GEDI_FAIL(err, GEDI_OPTION,
                         "path: not set: the folder of the IDX files of MNIST or "
                         "Fashion-MNIST (Debian's dataset-fashion-mnist has them in "
                         "/usr/share/datasets/fashion-mnist); or put them into mnist/ of "
                         "the folder that the environment variable GEDI_DATA names");
    bool whole = *folder == '/' || !root || !*root;
    int w = snprintf(out, n, "%s%s%s", whole ? "" : root, whole ? "" : "/", folder);
    if (w < 0 || (size_t)w >= n)
        return GEDI_FAIL(err, GEDI_OPTION, "path: longer than %zu bytes: '%.80s...'", n,
                         folder);
    return GEDI_OK;
}

static gedi_status mnist_check_labels(const mnist_file *images, const mnist_file *labels,
                                      gedi_err *err)
{
    if (images->count != labels->count)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.200s has %lld labels for the %lld images of %.200s",
                         labels->path, (long long)labels->count, (long long)images->count,
                         images->path);
    for (int64_t i = 0; i < labels->kept; i++)
        if (labels->data[i] >= MNIST_CLASSES)
            return GEDI_FAIL(
                err, GEDI_DATA, "%s: label %d of record %lld is not in [0, %d]",
                labels->path, labels->data[i], (long long)i, MNIST_CLASSES - 1);
    return GEDI_OK;
}

static gedi_status mnist_open_split(mnist *o, const char *folder, gedi_split split,
                                    int64_t limit, gedi_err *err)
{
    mnist_file images = {.kind = &mnist_images}, labels = {.kind = &mnist_labels};
    gedi_status s = mnist_load(&images, folder, split, limit, err);
    if (s == GEDI_OK)
        s = mnist_load(&labels, folder, split, limit, err);
    if (s == GEDI_OK)
        s = mnist_check_labels(&images, &labels, err);
    o->image[split] = images.data;
    o->label[split] = labels.data;
    o->count[split] = images.kept;
    return s;
}

static void mnist_close(void *self)
{
    mnist *o = self;
    for (int s = 0; s < GEDI_SPLITS; s++) {
        free(o->image[s]);
        free(o->label[s]);
        o->image[s] = o->label[s] = NULL;
    }
}

static gedi_status mnist_open(void *self, const gedi_open *open, gedi_data_info *info,
                              gedi_err *err)
{
    mnist *o = self;
    char folder[4000];
    GEDI_TRY(mnist_folder(o, open->directory, folder, sizeof folder, err));
    gedi_status s = mnist_open_split(o, folder, GEDI_TRAIN, o->train_limit, err);
    if (s == GEDI_OK)
        s = mnist_open_split(o, folder, GEDI_TEST, o->test_limit, err);
    if (s != GEDI_OK) {
        mnist_close(o);
        return s;
    }
    for (int i = 0; i < 256; i++)
        o->value[i] = (float)((i / 255.0 - o->mean) / o->std);
    *info = (gedi_data_info){
        .record = GEDI_DIMS(MNIST_SIDE, MNIST_SIDE, 1),
        .count = {o->count[GEDI_TRAIN], o->count[GEDI_TEST]},
        .classes = MNIST_CLASSES,
        .labelled = {true, true},
    };
    return GEDI_OK;
}

static gedi_status mnist_read(const void *self, gedi_split split, int64_t i, float *x,
                              int32_t *label, gedi_err *err)
{
    const mnist *o = self;
    (void)err;
    GEDI_ASSERT(i >= 0 && i < o->count[split]);
    const uint8_t *p = o->image[split] + i * MNIST_PIXELS;
    for (int j = 0; j < MNIST_PIXELS; j++)
        x[j] = o->value[p[j]];
    *label = o->label[split][i];
    return GEDI_OK;
}

GEDI_DEFINE(dataset, mnist) = {
    GEDI_HEAD(dataset, mnist),
    .brief = "MNIST, Fashion-MNIST: grey images of 28 x 28 in IDX files, raw or gzip",
    .cite = "LeCun, Cortes & Burges, The MNIST database; Xiao et al. 2017, Fashion-MNIST",
    .self_size = sizeof(mnist),
    .options = mnist_options,
    .open = mnist_open,
    .read = mnist_read,
    .close = mnist_close,
};
