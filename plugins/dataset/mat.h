/* mat.h - whether a MATLAB file is whole: every element is there, every compressed one unpacks and
 * has the right checksum.
 *
 * libmatio takes what a truncated or damaged file still gives for the whole, so this looks first.
 *
 * Source:  The MathWorks, "MAT-File Format", level 5: a header of 128 bytes, then elements, each
 *          with a tag of type and size; type 15 is a zlib stream
 * Differs: files of other levels (4, and 7.3, which is HDF5) are refused, and variables of more than
 *          2 GiB, which level 5 does not have.
 */
#ifndef GEDI_PLUGINS_DATASET_MAT_H
#define GEDI_PLUGINS_DATASET_MAT_H

#include "gedi/error.h"
#include "plugins/dataset/file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zlib.h>

enum { MAT_HEADER = 128, MAT_TAG = 8, MAT_COMPRESSED = 15, MAT_CHUNK = 1 << 16 };
enum { MAT_MOST = INT32_MAX };                        /* bytes of a variable */
enum { MAT_INT8 = 1, MAT_INT32 = 5, MAT_UINT32 = 6 }; /* types of elements */
enum { MAT_MATRIX = 14, MAT_CLASS = 16, MAT_DIMENSIONS = 32, MAT_NAME = 4096 };

typedef struct mat_check {
    const char *path;
    FILE *f;
    bool swap;       /* numbers are in the other byte order */
    long long begin; /* of the element looked at */
    uint32_t size;   /* its bytes */
    int64_t largest; /* bytes of the largest variable so far, unpacked */
    unsigned char in[MAT_CHUNK], out[MAT_CHUNK];
} mat_check;

static inline gedi_status mat_truncated(const mat_check *m, uint32_t got, gedi_err *err)
{
    if (ferror(m->f))
        return GEDI_FAIL(err, GEDI_IO, "%.400s: %s", m->path, strerror(errno));
    return GEDI_FAIL(
        err, GEDI_DATA,
        "%.300s: truncated: the variable at byte %lld has %u bytes, %u bytes found; "
        "get the file again",
        m->path, m->begin, (unsigned)m->size, (unsigned)got);
}

static inline uint32_t mat_u32(const mat_check *m, const unsigned char *b)
{
    uint32_t little =
        (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
    return m->swap ? __builtin_bswap32(little) : little;
}

/* What a matrix begins with: class, sizes, name. libmatio asks for as much memory as the lengths
 * say, takes the sizes for the name where their type is another, and follows cells and structures
 * to any depth.
 *   b [n]  the first bytes of the element, behind its tag */
static inline gedi_status mat_check_matrix(const mat_check *m, const unsigned char *b,
                                           uint64_t n, gedi_err *err)
{
    bool whole = n >= MAT_CLASS + 3 * MAT_TAG;
    uint32_t class = whole ? mat_u32(m, b + MAT_TAG) & 0xff : 0,
             sizes = whole ? mat_u32(m, b + MAT_CLASS + 4) : 0;
    uint64_t name = MAT_CLASS + MAT_TAG + ((uint64_t)sizes + 7) / 8 * 8;
    whole = whole && mat_u32(m, b) == MAT_UINT32 && mat_u32(m, b + 4) == 8 &&
            mat_u32(m, b + MAT_CLASS) == MAT_INT32 && sizes >= 8 &&
            sizes <= 4 * MAT_DIMENSIONS && n >= name + MAT_TAG;
    uint32_t named = whole ? mat_u32(m, b + name) : 0;
    whole = whole && (named & 0xffff) == MAT_INT8;
    if (whole && !(named >> 16)) /* else it is short, and in its tag */
        whole = mat_u32(m, b + name + 4) <= MAT_NAME;
    if (!whole)
        return GEDI_FAIL(
            err, GEDI_DATA,
            "%.300s: damaged: the variable at byte %lld has no sizes and name; "
            "get the file again",
            m->path, m->begin);
    if (class < 4 || class > 15)
        return GEDI_FAIL(err, GEDI_DATA,
                         "%.300s: the variable at byte %lld is no array of numbers: the "
                         "published file has no other",
                         m->path, m->begin);
    return GEDI_OK;
}

/* The zlib stream that is the element. */
static inline gedi_status mat_unpack(mat_check *m, gedi_err *err)
{
    z_stream z = {0};
    int state = inflateInit(&z);
    if (state != Z_OK)
        return gedi_no_memory(err, "%.400s", m->path);
    gedi_status s = GEDI_OK;
    uint64_t unpacked = 0;
    for (uint32_t done = 0; done < m->size && s == GEDI_OK;) {
        uint32_t want = m->size - done < MAT_CHUNK ? m->size - done : MAT_CHUNK;
        size_t got = fread(m->in, 1, want, m->f);
        done += (uint32_t)got;
        if (got < want)
            s = mat_truncated(m, done, err);
        z.next_in = m->in;
        z.avail_in = (unsigned)got;
        do { /* what comes out is not kept */
            z.next_out = m->out;
            z.avail_out = MAT_CHUNK;
            state = state == Z_OK ? inflate(&z, Z_NO_FLUSH) : state;
            uint64_t more = MAT_CHUNK - z.avail_out;
            if (s == GEDI_OK && !unpacked && more >= MAT_TAG &&
                (state == Z_OK || state == Z_STREAM_END) &&
                mat_u32(m, m->out) == MAT_MATRIX)
                s = mat_check_matrix(m, m->out + MAT_TAG, more - MAT_TAG, err);
            unpacked += more;
        } while (state == Z_OK && z.avail_out == 0);
        if (s == GEDI_OK && unpacked > MAT_MOST)
            s = GEDI_FAIL(err, GEDI_DATA,
                          "%.300s: the variable at byte %lld has more than %d bytes, the "
                          "limit of MATLAB's level 5",
                          m->path, m->begin, MAT_MOST);
        state = state == Z_BUF_ERROR ? Z_OK : state; /* it waits for more */
    }
    if (s == GEDI_OK && state != Z_STREAM_END)
        s = GEDI_FAIL(
            err, GEDI_DATA,
            "%.300s: damaged data (%s) in the variable at byte %lld; get the file "
            "again",
            m->path, z.msg ? z.msg : "it ends too early", m->begin);
    inflateEnd(&z);
    m->largest = (int64_t)unpacked > m->largest ? (int64_t)unpacked : m->largest;
    return s;
}

static inline gedi_status mat_skip(mat_check *m, bool matrix, gedi_err *err)
{
    for (uint32_t done = 0; done < m->size;) {
        uint32_t want = m->size - done < MAT_CHUNK ? m->size - done : MAT_CHUNK;
        size_t got = fread(m->in, 1, want, m->f);
        if (!done && got == want && matrix)
            GEDI_TRY(mat_check_matrix(m, m->in, got, err));
        done += (uint32_t)got;
        if (got < want)
            return mat_truncated(m, done, err);
    }
    m->largest = m->size > m->largest ? m->size : m->largest;
    return GEDI_OK;
}

static inline gedi_status mat_elements(mat_check *m, gedi_err *err)
{
    for (;;) {
        unsigned char tag[MAT_TAG];
        m->begin = ftell(m->f);
        m->size = MAT_TAG;
        size_t got = fread(tag, 1, sizeof tag, m->f);
        if (got == 0 && feof(m->f))
            return GEDI_OK;
        if (got < sizeof tag)
            return mat_truncated(m, (uint32_t)got, err);
        m->size = mat_u32(m, tag + 4);
        if (mat_u32(m, tag) == MAT_COMPRESSED)
            GEDI_TRY(mat_unpack(m, err));
        else
            GEDI_TRY(mat_skip(m, mat_u32(m, tag) == MAT_MATRIX, err));
    }
}

/* *largest is how many bytes the largest variable has: one that says that it has more is damaged.
 *   Errors: GEDI_IO, GEDI_DATA, GEDI_NOMEM.  */
static inline gedi_status mat_is_whole(const char *path, int64_t *largest, gedi_err *err)
{
    unsigned char head[MAT_HEADER];
    mat_check m = {.path = path};
    GEDI_TRY(file_stream(path, &m.f, err));
    gedi_status s = GEDI_OK;
    size_t got = fread(head, 1, sizeof head, m.f);
    if (ferror(m.f))
        s = GEDI_FAIL(err, GEDI_IO, "%.400s: %s", path, strerror(errno));
    else if (got < sizeof head)
        s = GEDI_FAIL(err, GEDI_DATA,
                      "%.300s: truncated: a header of %d bytes expected, %zu bytes found",
                      path, MAT_HEADER, got);
    /* "IM" or "MI", and which level: 1 is 5, 2 is 7.3. */
    bool little = s == GEDI_OK && !memcmp(head + 124, "\0\1IM", 4);
    m.swap = s == GEDI_OK && !memcmp(head + 124, "\1\0MI", 4);
    if (little || m.swap)
        s = mat_elements(&m, err);
    else if (s == GEDI_OK)
        s = GEDI_FAIL(
            err, GEDI_DATA,
            "%.300s: not a MATLAB file of level 5: write it with -v7, or get the "
            "published one",
            path);
    fclose(m.f);
    *largest = m.largest;
    return s;
}

#endif
