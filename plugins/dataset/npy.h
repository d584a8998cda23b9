/* npy.h - one array of NumPy, of a file NAME.npy or of an archive .npz.
 *
 * Source:  numpy.lib.format, "A simple file format for NumPy arrays", versions 1.0, 2.0 and 3.0
 * Inputs:  the order of C, up to 4 dimensions; bool, integers of 1 to 8 bytes and floats of 4 and 8, of
 *          either byte order
 * Differs: no Fortran order, no objects (pickles run code), no records, no complex numbers, float16 or
 *          dates: each is refused by name
 */
#ifndef GEDI_PLUGINS_DATASET_NPY_H
#define GEDI_PLUGINS_DATASET_NPY_H

#include "plugins/dataset/zip.h"

#include <ctype.h>

enum { NPY_RANK = 4, NPY_HEAD = 1 << 16 };

typedef struct npy_array {
    char name[512]; /* "FILE" or "FILE: ENTRY", for messages */
    FILE *f;
    bool zipped, deflated, open;
    z_stream z;
    uint8_t in[1 << 14]; /* packed */
    uint64_t packed;     /* bytes of it that are left in the file */
    uint64_t left;       /* unpacked bytes that are left */
    uint32_t sum, wanted;
    /* of the header */
    char type; /* 'b' bool, 'i', 'u', 'f' */
    int bytes; /* of a number */
    bool big;  /* the first byte is the highest */
    int rank;  /* 1 .. NPY_RANK */
    int64_t dim[NPY_RANK];
} npy_array;

static inline void npy_array_close(npy_array *a)
{
    if (a->open)
        (void)inflateEnd(&a->z);
    if (a->f)
        fclose(a->f);
    a->f = NULL;
    a->open = false;
}

/* ---- bytes ---- */

static inline gedi_status npy_fail(const npy_array *a, const char *why, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_DATA, "%.400s: %s", a->name, why);
}

static inline gedi_status npy_short(const npy_array *a, gedi_err *err)
{
    if (ferror(a->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", a->name, strerror(errno));
    return npy_fail(a, "truncated", err);
}

static inline gedi_status npy_inflate(npy_array *a, uint8_t *to, size_t n, gedi_err *err)
{
    a->z.next_out = to;
    for (size_t done = 0; done < n; done = (size_t)(a->z.next_out - to)) {
        size_t step = n - done < 1 << 30 ? n - done : 1 << 30;
        if (!a->z.avail_in && a->packed) {
            size_t want = a->packed < sizeof a->in ? (size_t)a->packed : sizeof a->in;
            if (fread(a->in, 1, want, a->f) != want)
                return npy_short(a, err);
            a->packed -= want;
            a->z.next_in = a->in;
            a->z.avail_in = (uInt)want;
        }
        a->z.avail_out = (uInt)step;
        int r = inflate(&a->z, Z_NO_FLUSH);
        if (r == Z_MEM_ERROR)
            return gedi_no_memory(err, "%.400s", a->name);
        bool more = a->z.next_out > to + done || a->z.avail_in;
        if ((r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR) ||
            (r == Z_STREAM_END && a->z.next_out < to + n) || (!more && !a->packed))
            return npy_fail(a, "its packed bytes are damaged", err);
    }
    return GEDI_OK;
}

/* The next n bytes; at the last one of an archive's entry its checksum is held against it. */
static inline gedi_status npy_get(npy_array *a, void *to, size_t n, gedi_err *err)
{
    if (n > a->left)
        return npy_fail(a, "truncated", err);
    if (a->deflated)
        GEDI_TRY(npy_inflate(a, to, n, err));
    else if (fread(to, 1, n, a->f) != n)
        return npy_short(a, err);
    a->left -= n;
    if (a->zipped)
        a->sum = (uint32_t)crc32_z(a->sum, to, n);
    if (a->zipped && !a->left && a->sum != a->wanted)
        return npy_fail(a, "its checksum is wrong: damaged", err);
    return GEDI_OK;
}

/* ---- the header: a dictionary of Python ---- */

static inline const char *npy_skip(const char *s)
{
    return s + strspn(s, " \t\r\n");
}

/* 'text' or "text", cut out; NULL where there is none. */
static inline char *npy_quoted(char **s)
{
    char quote = **s, *from = *s + 1, *end;
    if ((quote != '\'' && quote != '"') || !(end = strchr(from, quote)))
        return NULL;
    *end = 0;
    *s = end + 1;
    return from;
}

/* A type such as "<f4": byte order, kind, bytes. */
static inline gedi_status npy_type(npy_array *a, const char *text, gedi_err *err)
{
    static const char *const known[] = {"b1", "u1", "u2", "u4", "u8", "i1",
                                        "i2", "i4", "i8", "f4", "f8"};
    const char *kind = text + strspn(text, "<>|=");
    a->big = *text == '>';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(kind, known[i])) {
            a->type = kind[0];
            a->bytes = kind[1] - '0';
            return GEDI_OK;
        }
    return GEDI_FAIL(
        err, GEDI_DATA, "%.350s: numbers of type '%.20s': %s", a->name, text,
        *kind == 'O'
            ? "Python objects are not read, because reading them runs code: save an "
              "array of numbers"
            : "bool, integers, float32 and float64 are read: convert it by astype");
}

static inline gedi_status npy_shape(npy_array *a, char **s, gedi_err *err)
{
    char *at = *s + 1;
    if (**s != '(')
        return npy_fail(a, "its shape is no tuple", err);
    for (a->rank = 0; *(at = (char *)npy_skip(at)) != ')'; a->rank++) {
        char *end = at;
        errno = 0;
        long long n = isdigit((unsigned char)*at) ? strtoll(at, &end, 10) : -1;
        if (n < 0 || errno)
            return npy_fail(a, "its shape is no tuple of numbers", err);
        if (a->rank == NPY_RANK)
            return npy_fail(a, "more than 4 dimensions: records are vectors or images",
                            err);
        a->dim[a->rank] = n;
        at = (char *)npy_skip(end);
        at += *at == ',';
    }
    *s = at + 1;
    return GEDI_OK;
}

static inline gedi_status npy_value(npy_array *a, const char *key, char **s,
                                    gedi_err *err)
{
    static const char yes[] = "True", no[] = "False";
    if (!strcmp(key, "shape"))
        return npy_shape(a, s, err);
    if (!strcmp(key, "descr") && **s == '[')
        return npy_fail(a, "records of several fields are not read", err);
    if (!strcmp(key, "descr")) {
        char *text = npy_quoted(s);
        return text ? npy_type(a, text, err) : npy_fail(a, "its header is damaged", err);
    }
    if (strcmp(key, "fortran_order"))
        return npy_fail(a, "its header has a key that NumPy does not write", err);
    if (!strncmp(*s, yes, sizeof yes - 1))
        return npy_fail(a,
                        "in Fortran order, column by column: save "
                        "numpy.ascontiguousarray of it",
                        err);
    if (strncmp(*s, no, sizeof no - 1))
        return npy_fail(a, "its order is neither True nor False", err);
    *s += sizeof no - 1;
    return GEDI_OK;
}

static inline gedi_status npy_dictionary(npy_array *a, char *s, gedi_err *err)
{
    s = (char *)npy_skip(s);
    if (*s++ != '{')
        return npy_fail(a, "its header is no dictionary", err);
    a->rank = -1;
    while (*(s = (char *)npy_skip(s)) && *s != '}') {
        char *key = npy_quoted(&s);
        s = (char *)npy_skip(s);
        if (!key || *s != ':')
            return npy_fail(a, "its header is damaged", err);
        s = (char *)npy_skip(s + 1);
        GEDI_TRY(npy_value(a, key, &s, err));
        s = (char *)npy_skip(s);
        s += *s == ',';
    }
    if (*s != '}' || !a->type || a->rank < 0)
        return npy_fail(a, "its header is not complete", err);
    return GEDI_OK;
}

/* Numbers in all, which must be what the bytes behind the header are. */
static inline gedi_status npy_check_size(const npy_array *a, gedi_err *err)
{
    uint64_t n = (uint64_t)a->bytes, most = UINT64_MAX / 2;
    for (int i = 0; i < a->rank; i++) {
        uint64_t d = (uint64_t)a->dim[i];
        n = d && n > most / d ? most : n * d;
    }
    if (n == a->left)
        return GEDI_OK;
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.350s: its header states %llu bytes, but %llu are there: truncated, or "
        "damaged",
        a->name, (unsigned long long)n, (unsigned long long)a->left);
}

static inline gedi_status npy_head(npy_array *a, gedi_err *err)
{
    uint8_t b[12];
    GEDI_TRY(npy_get(a, b, 8, err));
    if (memcmp(b, "\223NUMPY", 6))
        return npy_fail(a, "no array of NumPy: it does not begin as one", err);
    if (b[6] < 1 || b[6] > 3)
        return npy_fail(a, "of a version of the format that is not known", err);
    int wide = b[6] == 1 ? 2 : 4;
    GEDI_TRY(npy_get(a, b, (size_t)wide, err));
    uint64_t n = zip_number(b, wide);
    if (n > NPY_HEAD)
        return npy_fail(a, "its header is too long", err);
    char *text = calloc(n + 1, 1);
    if (!text)
        return gedi_no_memory(err, "%.400s", a->name);
    gedi_status s = npy_get(a, text, n, err);
    if (s == GEDI_OK)
        s = npy_dictionary(a, text, err);
    free(text);
    return s == GEDI_OK ? npy_check_size(a, err) : s;
}

/* ---- opening ---- */

static inline gedi_status npy_open_entry(npy_array *a, const char *path, const char *name,
                                         uint64_t size, bool *found, gedi_err *err)
{
    zip_entry e;
    char entry[300];
    snprintf(entry, sizeof entry, "%.250s.npy", name);
    GEDI_TRY(zip_find(a->f, path, size, entry, &e, found, err));
    if (!*found)
        return GEDI_OK;
    snprintf(a->name, sizeof a->name, "%.350s: %.100s", path, entry);
    a->zipped = true;
    a->deflated = e.method == 8;
    a->packed = e.packed;
    a->left = e.size;
    a->wanted = e.sum;
    a->open = a->deflated && inflateInit2(&a->z, -MAX_WBITS) == Z_OK;
    if (a->deflated && !a->open)
        return gedi_no_memory(err, "%.400s", a->name);
    return GEDI_OK;
}

/* The array `name` of the archive `path`, or, not `zipped`, of a file in the folder `path`; its header is
 * read. *found: whether there is one. npy_array_close() it whatever happens.  */
static inline gedi_status npy_array_open(npy_array *a, const char *path, bool zipped,
                                         const char *name, bool *found, gedi_err *err)
{
    struct stat st;
    char file[4096 + 300];
    *a = (npy_array){.f = NULL};
    *found = false;
    snprintf(file, sizeof file, "%.4000s%s%.250s%s", path, zipped ? "" : "/",
             zipped ? "" : name, zipped ? "" : ".npy");
    snprintf(a->name, sizeof a->name, "%.500s", file);
    if (!zipped && access(file, F_OK) && errno == ENOENT)
        return GEDI_OK;
    GEDI_TRY(file_stream(file, &a->f, err));
    if (fstat(fileno(a->f), &st))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", file, strerror(errno));
    a->left = (uint64_t)st.st_size;
    *found = true;
    if (zipped)
        GEDI_TRY(npy_open_entry(a, path, name, a->left, found, err));
    return *found ? npy_head(a, err) : GEDI_OK;
}

/* ---- numbers ---- */

/* Number i of bytes as they are stored. */
static inline double npy_number(const npy_array *a, const uint8_t *b, int64_t i)
{
    uint8_t own[8] = {0};
    union {
        uint64_t u;
        uint32_t half;
        double d;
        float f;
    } v;
    b += i * a->bytes;
    for (int k = 0; k < a->bytes; k++)
        own[k] = b[a->big ? a->bytes - 1 - k : k];
    v.u = zip_number(own, 8);
    if (a->type == 'f' && a->bytes == 8)
        return v.d;
    if (a->type == 'f') {
        v.half = (uint32_t)zip_number(own, 4);
        return (double)v.f;
    }
    uint64_t half = UINT64_C(1) << (8 * a->bytes - 1);
    bool minus = a->type == 'i' && v.u >= half;
    return minus ? -(double)(half - (v.u - half)) : (double)v.u;
}

#endif
