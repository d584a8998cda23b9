/* zip.h - one entry of a ZIP archive, as a stream of bytes.
 *
 * Source:  PKWARE, ".ZIP File Format Specification" 6.3.9: the central directory, with its 64-bit fields;
 *          entries that are stored or deflated, as numpy.savez and savez_compressed write
 * Differs: no encryption, and no archive of several files
 */
#ifndef GEDI_PLUGINS_DATASET_ZIP_H
#define GEDI_PLUGINS_DATASET_ZIP_H

#include "plugins/dataset/file.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    ZIP_END = 22,            /* bytes of the end record, without its comment */
    ZIP_COMMENT = 65535,     /* the longest */
    ZIP_ENTRY = 46,          /* of an entry of the directory, without its name */
    ZIP_LOCAL = 30,          /* of an entry's own head, without its name */
    ZIP_DIRECTORY = 1 << 24, /* bytes of the directory at most */
    ZIP_RATIO = 1032,        /* deflate makes a byte of at most so many */
};

typedef struct zip_entry {
    int method; /* 0: stored, 8: deflated */
    uint32_t sum;
    uint64_t packed, size, at; /* bytes in the archive, bytes unpacked, its own head */
} zip_entry;

static inline uint64_t zip_number(const uint8_t *b, int bytes)
{
    uint64_t v = 0;
    for (int i = bytes - 1; i >= 0; i--)
        v = v << 8 | b[i];
    return v;
}

static inline gedi_status zip_fail(const char *path, const char *why, gedi_err *err)
{
    return GEDI_FAIL(err, GEDI_DATA, "%.300s: %s: damaged, or not a ZIP archive", path,
                     why);
}

/* n bytes at a place of the file of `size` bytes. */
static inline gedi_status zip_get(FILE *f, const char *path, uint64_t size, uint64_t at,
                                  uint64_t n, uint8_t *to, gedi_err *err)
{
    if (at > size || n > size - at)
        return zip_fail(path, "it ends too early", err);
    if (fseeko(f, (off_t)at, SEEK_SET) || fread(to, 1, n, f) != n)
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", path,
                         ferror(f) ? strerror(errno) : "it became shorter");
    return GEDI_OK;
}

/* Where the directory begins, and how long it is. */
static inline gedi_status zip_directory(FILE *f, const char *path, uint64_t size,
                                        uint64_t *at, uint64_t *bytes, gedi_err *err)
{
    static const uint8_t mark[] = "PK\5\6";
    uint64_t room = size < ZIP_END + ZIP_COMMENT ? size : ZIP_END + ZIP_COMMENT;
    uint8_t wide[56], *b = malloc(room ? room : 1);
    if (!b)
        return gedi_no_memory(err, "%.400s", path);
    gedi_status s = zip_get(f, path, size, size - room, room, b, err);
    int64_t i = (int64_t)room - ZIP_END;
    while (s == GEDI_OK && i >= 0 && memcmp(b + i, mark, 4))
        i--;
    if (s == GEDI_OK && i < 0)
        s = zip_fail(path, "there is no directory at its end", err);
    if (s == GEDI_OK) {
        *bytes = zip_number(b + i + 12, 4);
        *at = zip_number(b + i + 16, 4);
    }
    if (s == GEDI_OK && i >= 20 && !memcmp(b + i - 20, "PK\6\7", 4)) { /* of 64 bits */
        s = zip_get(f, path, size, zip_number(b + i - 12, 8), sizeof wide, wide, err);
        if (s == GEDI_OK) {
            *bytes = zip_number(wide + 40, 8);
            *at = zip_number(wide + 48, 8);
        }
    }
    free(b);
    return s;
}

/* Fields of 32 bits that are full stand in the extra field 1, as 64 bits, in this order. */
static inline void zip_widen(zip_entry *e, const uint8_t *extra, uint64_t n)
{
    uint64_t *field[] = {&e->size, &e->packed, &e->at};
    while (n >= 4) {
        uint64_t id = zip_number(extra, 2), bytes = zip_number(extra + 2, 2), at = 4;
        if (bytes > n - 4)
            return;
        for (int k = 0; id == 1 && k < 3; k++)
            if (*field[k] == UINT32_MAX && at + 8 <= bytes + 4) {
                *field[k] = zip_number(extra + at, 8);
                at += 8;
            }
        extra += bytes + 4;
        n -= bytes + 4;
    }
}

/* The first entry of that name in a directory of n bytes; how many there are up to its end, or to where it
 * is damaged. */
static inline int zip_look_up(const uint8_t *b, uint64_t n, const char *name,
                              zip_entry *e, int *flags)
{
    size_t length = strlen(name);
    int times = 0;
    while (n >= ZIP_ENTRY && !memcmp(b, "PK\1\2", 4)) {
        uint64_t names = zip_number(b + 28, 2), extra = zip_number(b + 30, 2),
                 all = ZIP_ENTRY + names + extra + zip_number(b + 32, 2);
        if (all > n)
            return times;
        if (names == length && !memcmp(b + ZIP_ENTRY, name, length) && !times++) {
            *flags = (int)zip_number(b + 8, 2);
            *e = (zip_entry){(int)zip_number(b + 10, 2), (uint32_t)zip_number(b + 16, 4),
                             zip_number(b + 20, 4), zip_number(b + 24, 4),
                             zip_number(b + 42, 4)};
            zip_widen(e, b + ZIP_ENTRY + names, extra);
        }
        b += all;
        n -= all;
    }
    return times;
}

/* *found: whether there is such an entry; then the file stands at its bytes. */
static inline gedi_status zip_find(FILE *f, const char *path, uint64_t size,
                                   const char *name, zip_entry *e, bool *found,
                                   gedi_err *err)
{
    uint64_t at = 0, bytes = 0;
    uint8_t local[ZIP_LOCAL], *b;
    int flags = 0, times = 0;
    *found = false;
    GEDI_TRY(zip_directory(f, path, size, &at, &bytes, err));
    if (bytes > ZIP_DIRECTORY || bytes > size)
        return zip_fail(path, "its directory is too long", err);
    b = malloc(bytes ? bytes : 1);
    if (!b)
        return gedi_no_memory(err, "%.400s", path);
    gedi_status s = zip_get(f, path, size, at, bytes, b, err);
    if (s == GEDI_OK)
        times = zip_look_up(b, bytes, name, e, &flags);
    *found = times > 0;
    free(b);
    if (times > 1)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%.300s: %d entries are called %.60s: which one is meant? Save the "
            "archive anew",
            path, times, name);
    if (s || !*found)
        return s;
    if ((e->method != 0 && e->method != 8) || flags & 1)
        return GEDI_FAIL(
            err, GEDI_DATA, "%.300s: its entry %.60s is %s: save it by numpy.savez", path,
            name, flags & 1 ? "encrypted" : "packed in a way that is not read");
    GEDI_TRY(zip_get(f, path, size, e->at, sizeof local, local, err));
    if (memcmp(local, "PK\3\4", 4))
        return zip_fail(path, "an entry is not where its directory says", err);
    at = e->at + ZIP_LOCAL + zip_number(local + 26, 2) + zip_number(local + 28, 2);
    bool fits = at <= size && e->packed <= size - at &&
                (e->method ? e->size / ZIP_RATIO <= e->packed : e->size == e->packed);
    if (!fits)
        return zip_fail(path, "an entry is larger than the archive", err);
    if (fseeko(f, (off_t)at, SEEK_SET))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", path, strerror(errno));
    return GEDI_OK;
}

#endif
