/* test_safetensors.c - the bytes we write, and everything we refuse to read. */
#include "core/base/file.h"
#include "core/store/json.h"
#include "core/store/safetensors.h"

#include <check.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char folder[32], path[64];
static gedi_err err;

static void setup(void)
{
    strcpy(folder, "safetensors-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/a.safetensors", folder);
    memset(&err, 0, sizeof err);
}

static void teardown(void)
{
    (void)unlink(path);
    ck_assert_msg(rmdir(folder) == 0, "files were left in %s", folder);
}

/* Made by hand from the format's description: w = [1, -2], n = [[258]], meta v. */
static const char made_header[] =
    "{\"w\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},"
    "\"n\":{\"dtype\":\"I64\",\"shape\":[1,1],\"data_offsets\":[8,16]},"
    "\"__metadata__\":{\"v\":\"1 \xc2\xb5\"}}";
static const char made_data[] =
    "\x00\x00\x80\x3f\x00\x00\x00\xc0\x02\x01\x00\x00\x00\x00\x00\x00";

/* Length, header padded with spaces to 8 bytes, data; returns the size of the file. */
static size_t assemble(char *out, const char *header, const void *data, size_t bytes)
{
    size_t n = strlen(header), padded = (n + 7) / 8 * 8;
    memset(out, 0, 8);
    for (int i = 0; i < 4; i++)
        out[i] = (char)(padded >> 8 * i & 0xff);
    memcpy(out + 8, header, n);
    memset(out + 8 + n, ' ', padded - n);
    memcpy(out + 8 + padded, data, bytes);
    return 8 + padded + bytes;
}

static void put(const void *data, size_t size)
{
    FILE *f = fopen(path, "wb");
    ck_assert_ptr_nonnull(f);
    ck_assert_uint_eq(fwrite(data, 1, size, f), size);
    ck_assert_int_eq(fclose(f), 0);
}

static gedi__tensors_writer *begin(void)
{
    gedi__tensors_writer *w;
    ck_assert_int_eq(gedi__tensors_write_open(path, &w, &err), GEDI_OK);
    return w;
}

START_TEST(writes_the_format)
{
    char want[512], *got;
    size_t got_size, size = assemble(want, made_header, made_data, 16);
    float numbers[] = {1, -2};
    int64_t n = 258;
    gedi__tensors_writer *w = begin();
    gedi__tensors_write_add(w, "w", GEDI__F32, GEDI_DIMS(2), numbers);
    gedi__tensors_write_add(w, "n", GEDI__I64, GEDI_DIMS(1, 1), &n);
    gedi__tensors_write_meta(w, "v", "1 \xc2\xb5");
    ck_assert_msg(!gedi__file_exists(path), "the file appeared before commit");
    ck_assert_int_eq(gedi__tensors_write_commit(w, &err), GEDI_OK);
    ck_assert_int_eq(gedi__file_read(path, &got, &got_size, &err), GEDI_OK);
    ck_assert_uint_eq(got_size, size);
    ck_assert_mem_eq(got, want, size);
    free(got);
}
END_TEST

START_TEST(reads_the_format)
{
    char file[512];
    put(file, assemble(file, made_header, made_data, 16));
    gedi__tensors *t;
    ck_assert_int_eq(gedi__tensors_read(path, &t, &err), GEDI_OK);
    ck_assert_int_eq(gedi__tensors_count(t), 2);
    const gedi__tensor *w = gedi__tensors_find(t, "w");
    ck_assert_ptr_eq(w, gedi__tensors_at(t, 0));
    ck_assert_int_eq(w->dtype, GEDI__F32);
    ck_assert(gedi_shape_equal(w->shape, GEDI_DIMS(2)));
    ck_assert_uint_eq(w->size, 8);
    ck_assert_float_eq(((const float *)w->data)[0], 1);
    ck_assert_float_eq(((const float *)w->data)[1], -2);
    const gedi__tensor *n = gedi__tensors_find(t, "n");
    ck_assert(gedi_shape_equal(n->shape, GEDI_DIMS(1, 1)));
    ck_assert_int_eq(*(const int64_t *)n->data, 258);
    ck_assert_str_eq(gedi__tensors_meta(t, "v"), "1 \xc2\xb5");
    ck_assert_ptr_null(gedi__tensors_meta(t, "x"));
    ck_assert_ptr_null(gedi__tensors_find(t, "x"));
    gedi__tensors_free(t);
}
END_TEST

/* Every type, rank 0 and 4, an empty tensor, and odd sizes that leave the next unaligned;
 * places in the file differ from the order of names, too. */
START_TEST(round_trip)
{
    static const uint8_t u8[] = {0, 127, 255};
    static const double f64 = 0x1.fffffffffffffp-3;
    static const float f32[24] = {[0] = 1e-45f, [23] = 3e38f};
    static const int32_t i32[] = {INT32_MIN, INT32_MAX};
    static const uint32_t u32 = UINT32_MAX;
    static const int64_t i64 = INT64_MIN;
    static const uint64_t u64 = UINT64_MAX;
    const gedi__tensor all[] = {
        {"u8", GEDI__U8, GEDI_DIMS(3), u8, sizeof u8},
        {"f64", GEDI__F64, {0}, &f64, sizeof f64},
        {"f32", GEDI__F32, GEDI_DIMS(2, 3, 1, 4), f32, sizeof f32},
        {"none", GEDI__I32, GEDI_DIMS(5, 0), NULL, 0},
        {"i32", GEDI__I32, GEDI_DIMS(2), i32, sizeof i32},
        {"u32", GEDI__U32, GEDI_DIMS(1), &u32, sizeof u32},
        {"i64", GEDI__I64, GEDI_DIMS(1), &i64, sizeof i64},
        {"a \"quoted\"\nname", GEDI__U64, GEDI_DIMS(1), &u64, sizeof u64},
    };
    const int n = sizeof all / sizeof *all;
    gedi__tensors_writer *w = begin();
    for (int i = 0; i < n; i++)
        gedi__tensors_write_add(w, all[i].name, all[i].dtype, all[i].shape, all[i].data);
    ck_assert_int_eq(gedi__tensors_write_commit(w, &err), GEDI_OK);

    gedi__tensors *t;
    ck_assert_int_eq(gedi__tensors_read(path, &t, &err), GEDI_OK);
    ck_assert_int_eq(gedi__tensors_count(t), n);
    for (int i = 0; i < n; i++) {
        const gedi__tensor *e = gedi__tensors_at(t, i);
        const void *data;
        ck_assert_str_eq(e->name, all[i].name);
        ck_assert_uint_eq(e->size, all[i].size);
        ck_assert_uint_eq((uintptr_t)e->data % gedi__dtype_size(e->dtype), 0);
        ck_assert(!e->size || !memcmp(e->data, all[i].data, e->size));
        ck_assert_int_eq(
            gedi__tensors_get(t, all[i].name, all[i].dtype, all[i].shape, &data, &err),
            GEDI_OK);
        ck_assert_ptr_eq(data, e->data);
        ck_assert_ptr_nonnull(data);
    }
    gedi__tensors_free(t);
}
END_TEST

START_TEST(many_tensors_and_none)
{
    static float numbers[100];
    char name[16];
    for (int n = 0; n <= 100; n += 50) {
        gedi__tensors_writer *w = begin();
        for (int i = 0; i < n; i++) {
            numbers[i] = (float)i;
            snprintf(name, sizeof name, "t%d", i);
            gedi__tensors_write_add(w, name, GEDI__F32, GEDI_DIMS(1), &numbers[i]);
        }
        ck_assert_int_eq(gedi__tensors_write_commit(w, &err), GEDI_OK);
        gedi__tensors *t;
        ck_assert_int_eq(gedi__tensors_read(path, &t, &err), GEDI_OK);
        ck_assert_int_eq(gedi__tensors_count(t), n);
        for (int i = 0; i < n; i++)
            ck_assert_float_eq(*(const float *)gedi__tensors_at(t, i)->data, (float)i);
        gedi__tensors_free(t);
    }
}
END_TEST

static void expect_refusal(const char *what, gedi_status s, gedi_status want,
                           const char *said)
{
    ck_assert_msg(s == want, "%s: status %d, expected %d (%s)", what, s, want, err.msg);
    ck_assert_msg(strstr(err.msg, path) && strstr(err.msg, said), "%s: '%s' lacks '%s'",
                  what, err.msg, said);
}

/* What is read of the header alone is refused where, and as, the whole file is: numbers that have no
 * checksum are as good as others. */
static void expect_same_alone(const char *what)
{
    gedi__tensors *t, *alone;
    gedi_err said = {0};
    gedi_status whole = gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &t, &said);
    gedi_status head = gedi__tensors_read_head(path, GEDI__FILE_CHECKPOINT, &alone, &err);
    ck_assert_msg(head == whole, "%s: %d, alone %d", what, (int)whole, (int)head);
    ck_assert_msg(!strcmp(err.msg, said.msg), "%s: %s, alone %s", what, said.msg,
                  err.msg);
    gedi__tensors_free(t);
    gedi__tensors_free(alone);
}

START_TEST(writer_refuses)
{
    static const struct {
        const char *name, *key, *said;
    } cases[] = {
        {"w", NULL, "tensor 'w': the name is given twice"},
        {"__metadata__", NULL, "the name is reserved"},
        {"\xff", NULL, "the name is not UTF-8"},
        {NULL, "k", "metadata 'k' is given twice"},
        {NULL, "\xc3", "key or value is not UTF-8"},
    };
    put("old", 3);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        float x = 0;
        gedi__tensors_writer *w = begin();
        gedi__tensors_write_add(w, "w", GEDI__F32, GEDI_DIMS(1), &x);
        gedi__tensors_write_meta(w, "k", "v");
        if (cases[i].name)
            gedi__tensors_write_add(w, cases[i].name, GEDI__F32, GEDI_DIMS(1), &x);
        else
            gedi__tensors_write_meta(w, cases[i].key, "v");
        gedi__tensors_write_add(w, "w", GEDI__F32, GEDI_DIMS(1), &x); /* not the first */
        expect_refusal(cases[i].said, gedi__tensors_write_commit(w, &err), GEDI_USAGE,
                       cases[i].said);
    }
    gedi__tensors_write_abandon(begin());
    gedi__tensors_write_abandon(NULL);

    char *kept;
    size_t size;
    ck_assert_int_eq(gedi__file_read(path, &kept, &size, &err), GEDI_OK);
    ck_assert_msg(size == 3 && !strcmp(kept, "old"), "the old file was not kept");
    free(kept);
}
END_TEST

START_TEST(writer_cannot_open)
{
    gedi__tensors_writer *w;
    snprintf(path, sizeof path, "%s/no/a.safetensors", folder);
    expect_refusal("no folder", gedi__tensors_write_open(path, &w, &err), GEDI_IO,
                   "cannot be written");
    ck_assert_ptr_null(w);
    gedi__tensors *t;
    expect_refusal("no file", gedi__tensors_read(path, &t, &err), GEDI_IO,
                   "No such file");
    ck_assert_ptr_null(t);
}
END_TEST

#define T(name, dtype, shape, at)                                                        \
    "\"" name "\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" at "}"

static const struct broken {
    const char *header;
    size_t data;
    const char *said;
} broken[] = {
    {"", 0, "the header is not legal JSON"},
    {"{", 0, "the header is not legal JSON"},
    {"{} {}", 0, "the header is not legal JSON"},
    {"{\"\xff\":1}", 0, "the header is not legal JSON"},
    {"[]", 0, "the header is not a JSON object"},
    {"{" T("a", "F32", "[1]", "[0,4]") "," T("a", "F32", "[1]", "[0,4]") "}", 4,
     "duplicate object key near '\"a\"'"},
    {"{\"__metadata__\":1}", 0, "__metadata__ is not an object"},
    {"{\"__metadata__\":{\"k\":1}}", 0, "metadata 'k' is not a text"},
    {"{\"a\":1}", 0, "tensor 'a': dtype nothing is not one of F32"},
    {"{" T("a", "F16", "[1]", "[0,2]") "}", 2, "dtype \"F16\" is not one of F32"},
    {"{\"a\":{\"dtype\":7}}", 0, "dtype 7 is not one of F32"},
    {"{\"a\":{\"dtype\":\"F32\"}}", 0, "shape nothing is not a list of at most 5 sizes"},
    {"{" T("a", "F32", "1", "[0,4]") "}", 4, "shape 1 is not a list"},
    {"{" T("a", "F32", "[1,1,1,1,1,1]", "[0,4]") "}", 4,
     "shape [1,1,1,1,1,1] is not a list"},
    {"{" T("a", "F32", "[-1]", "[0,4]") "}", 4, "shape [-1] is not a list"},
    {"{" T("a", "F32", "[1.0]", "[0,4]") "}", 4, "shape [1.0] is not a list"},
    {"{" T("a", "F32", "[4294967296,4294967296]", "[0,0]") "}", 0, "is not a list"},
    {"{" T("a", "F32", "[4611686018427387904]", "[0,0]") "}", 0, "is not a list"},
    {"{" T("a", "F32", "[3000000000,1000000000]", "[0,0]") "}", 0, "is not a list"},
    {"{" T("a", "F32", "[99999999999999999999]", "[0,0]") "}", 0, "too big integer"},
    {"{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}", 4, "data_offsets nothing are not"},
    {"{" T("a", "F32", "[1]", "[0]") "}", 4, "data_offsets [0] are not [begin, end]"},
    {"{" T("a", "F32", "[1]", "[0,4,8]") "}", 4, "data_offsets [0,4,8] are not"},
    {"{" T("a", "F32", "[1]", "[4,0]") "}", 4, "data_offsets [4,0] are not"},
    {"{" T("a", "F32", "[1]", "[-4,0]") "}", 4, "data_offsets [-4,0] are not"},
    {"{" T("a", "F32", "[1]", "[0.0,4]") "}", 4, "data_offsets [0.0,4] are not"},
    {"{" T("a", "F32", "[1]", "{}") "}", 4, "data_offsets {} are not"},
    {"{" T("a", "F32", "[2,3]", "[0,16]") "}", 16,
     "bytes 0 to 16 are 16, but F32 [2,3] needs 24"},
    {"{" T("a", "F32", "[1]", "[0,4]") "}", 0,
     "truncated? tensor 'a' ends at byte 4 of the data, which has only 0"},
    {"{" T("a", "F32", "[1]", "[9223372036854775800,9223372036854775804]") "}", 4,
     "truncated? tensor 'a' ends at byte 9223372036854775804"},
    {"{" T("a", "F32", "[2]", "[0,8]") "," T("b", "F32", "[1]", "[4,8]") "}", 8,
     "tensors 'a' and 'b' overlap at byte 4"},
    {"{" T("a", "F32", "[1]", "[0,4]") "," T("b", "F32", "[1]", "[0,4]") "}", 4,
     "overlap at byte 0"},
    {"{" T("a", "F32", "[1]", "[4,8]") "}", 8, "bytes 0 to 4 of the data belong to no"},
    {"{" T("b", "F32", "[1]", "[8,12]") "," T("a", "F32", "[1]", "[0,4]") "}", 12,
     "bytes 4 to 8 of the data belong to no tensor"},
    {"{" T("a", "F32", "[1]", "[0,4]") "}", 5,
     "the tensors end at byte 4 of the data, which has 5"},
    {"{}", 1, "the tensors end at byte 0 of the data, which has 1"},
};

START_TEST(reader_refuses)
{
    const struct broken *b = &broken[_i];
    char file[512], zeros[32] = {0};
    gedi__tensors *t;
    put(file, assemble(file, b->header, zeros, b->data));
    expect_refusal(b->header, gedi__tensors_read(path, &t, &err), GEDI_DATA, b->said);
    ck_assert_ptr_null(t);
    expect_same_alone(b->header);
}
END_TEST

START_TEST(reader_refuses_every_truncation)
{
    char file[512];
    gedi__tensors *t;
    size_t size = assemble(file, made_header, made_data, 16);
    for (size_t n = 0; n < size; n++) {
        put(file, n);
        expect_refusal("truncated", gedi__tensors_read(path, &t, &err), GEDI_DATA,
                       "truncated");
        expect_same_alone("truncated");
    }
    put(file, size);
    ck_assert_int_eq(gedi__tensors_read(path, &t, &err), GEDI_OK);
    gedi__tensors_free(t);
    expect_same_alone("whole");
}
END_TEST

/* Each bit of each byte: what is accepted must be wholly inside the file. */
START_TEST(reader_survives_every_flipped_bit)
{
    char file[512];
    size_t size = assemble(file, made_header, made_data, 16);
    int refused = 0;
    for (size_t bit = 0; bit < 8 * size; bit++) {
        gedi__tensors *t;
        file[bit / 8] ^= (char)(1 << bit % 8);
        put(file, size);
        if (gedi__tensors_read(path, &t, &err) == GEDI_OK) {
            unsigned sum = 0; /* reads all bytes: for the address sanitizer */
            for (int i = 0; i < gedi__tensors_count(t); i++)
                for (size_t k = 0; k < gedi__tensors_at(t, i)->size; k++)
                    sum += ((const unsigned char *)gedi__tensors_at(t, i)->data)[k];
            ck_assert_uint_lt(sum, 16 * 255);
        } else {
            ck_assert_int_eq(err.code, GEDI_DATA);
            refused++;
        }
        expect_same_alone("a flipped bit");
        gedi__tensors_free(t);
        file[bit / 8] ^= (char)(1 << bit % 8);
    }
    ck_assert_int_gt(refused, 400);
}
END_TEST

/* Of a sealed file, the header: a flipped bit in it is noticed, one in the numbers is not. */
START_TEST(header_alone)
{
    float x[64] = {1};
    char *file;
    size_t size;
    gedi__tensors *t;
    gedi__tensors_writer *w;
    ck_assert_int_eq(gedi__tensors_write_open(path, &w, &err), GEDI_OK);
    gedi__tensors_write_add(w, "w", GEDI__F32, GEDI_DIMS(64), x);
    gedi__tensors_write_meta(w, "iteration", "400");
    gedi__tensors_write_seal(w, GEDI__FILE_CHECKPOINT);
    ck_assert_int_eq(gedi__tensors_write_commit(w, &err), GEDI_OK);
    ck_assert_int_eq(gedi__file_read(path, &file, &size, &err), GEDI_OK);
    for (size_t k = 0; k < size; k++) {
        bool of_numbers = k >= size - sizeof x;
        file[k] ^= 1;
        put(file, size);
        ck_assert_int_ne(gedi__tensors_read_sealed(path, GEDI__FILE_CHECKPOINT, &t, &err),
                         GEDI_OK);
        gedi_status s = gedi__tensors_read_head(path, GEDI__FILE_CHECKPOINT, &t, &err);
        ck_assert_msg((s == GEDI_OK) == of_numbers, "byte %zu: %s", k, err.msg);
        if (of_numbers) {
            ck_assert_str_eq(gedi__tensors_meta(t, "iteration"), "400");
            ck_assert_int_eq(gedi__tensors_count(t), 0);
            ck_assert_ptr_null(gedi__tensors_find(t, "w"));
        }
        gedi__tensors_free(t);
        file[k] ^= 1;
    }
    free(file);
    unlink(path);
    expect_refusal("no file",
                   gedi__tensors_read_head(path, GEDI__FILE_CHECKPOINT, &t, &err),
                   GEDI_IO, path);
    ck_assert_ptr_null(t);
}
END_TEST

START_TEST(huge_header_length)
{
    static const char lengths[][8] = {
        "\xff\xff\xff\xff\xff\xff\xff\xff",
        "\xf8\xff\xff\xff\xff\xff\xff\xff",
        "\x00\x00\x00\x00\x00\x00\x00\x80",
        "\x03\x00\x00\x00\x00\x00\x00\x00",
    };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char file[10] = {[8] = '{', [9] = '}'};
        gedi__tensors *t;
        memcpy(file, lengths[i], 8);
        put(file, sizeof file);
        expect_refusal("length", gedi__tensors_read(path, &t, &err), GEDI_DATA,
                       "its header should have");
    }
}
END_TEST

START_TEST(get_says_what_is_wrong)
{
    char file[512];
    gedi__tensors *t;
    const void *data;
    put(file, assemble(file, made_header, made_data, 16));
    ck_assert_int_eq(gedi__tensors_read(path, &t, &err), GEDI_OK);
    expect_refusal("missing",
                   gedi__tensors_get(t, "bias", GEDI__F32, GEDI_DIMS(3), &data, &err),
                   GEDI_DATA, "no tensor 'bias' (expected F32 [3])");
    expect_refusal("type",
                   gedi__tensors_get(t, "w", GEDI__I32, GEDI_DIMS(2), &data, &err),
                   GEDI_DATA, "tensor 'w' is F32 [2], expected I32 [2]");
    expect_refusal("shape",
                   gedi__tensors_get(t, "w", GEDI__F32, GEDI_DIMS(2, 1), &data, &err),
                   GEDI_DATA, "tensor 'w' is F32 [2], expected F32 [2, 1]");
    ck_assert_ptr_null(data);
    gedi__tensors_free(t);
}
END_TEST

/* ---- out of memory: jansson's allocations fail from the n-th on ---- */

static int allowed;

static void *limited(size_t n)
{
    if (allowed-- > 0)
        return malloc(n);
    errno = ENOMEM; /* as malloc does */
    return NULL;
}

static gedi_status write_and_read(void)
{
    float x = 1;
    gedi__tensors *t = NULL;
    gedi__tensors_writer *w;
    GEDI_TRY(gedi__tensors_write_open(path, &w, &err));
    gedi__tensors_write_add(w, "w", GEDI__F32, GEDI_DIMS(1), &x);
    gedi__tensors_write_meta(w, "k", "v");
    gedi_status s = gedi__tensors_write_commit(w, &err);
    ck_assert_msg(s == GEDI_OK || s == GEDI_NOMEM, "writing: %s", err.msg);
    GEDI_TRY(s);
    GEDI_TRY(gedi__tensors_read(path, &t, &err));
    gedi__tensors_free(t);
    gedi_status head = gedi__tensors_read_head(path, GEDI__FILE_CHECKPOINT, &t, &err);
    gedi__tensors_free(t);
    return head == GEDI_NOMEM ? head : GEDI_OK; /* it is not sealed */
}

START_TEST(no_memory)
{
    int n = 0;
    gedi_status s = GEDI_NOMEM;
    json_object_seed(1);
    gedi__json_use_malloc(limited);
    for (; n < 1000 && s != GEDI_OK; n++) {
        allowed = n;
        s = write_and_read();
        ck_assert_msg(s == GEDI_OK || s == GEDI_NOMEM, "%d allocations: %s", n, err.msg);
    }
    gedi__json_use_malloc(malloc);
    ck_assert_int_eq(s, GEDI_OK);
    ck_assert_int_gt(n, 20);
}
END_TEST

int main(void)
{
    Suite *s = suite_create("safetensors");
    TCase *c = tcase_create("all");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, writes_the_format);
    tcase_add_test(c, reads_the_format);
    tcase_add_test(c, round_trip);
    tcase_add_test(c, many_tensors_and_none);
    tcase_add_test(c, writer_refuses);
    tcase_add_test(c, writer_cannot_open);
    tcase_add_loop_test(c, reader_refuses, 0, sizeof broken / sizeof *broken);
    tcase_add_test(c, reader_refuses_every_truncation);
    tcase_add_test(c, reader_survives_every_flipped_bit);
    tcase_add_test(c, header_alone);
    tcase_add_test(c, huge_header_length);
    tcase_add_test(c, get_says_what_is_wrong);
    tcase_add_test(c, no_memory);
    tcase_set_timeout(c,
                      300); /* every bit of a file, under sanitizers, on a busy machine */
    suite_add_tcase(s, c);
    SRunner *r = srunner_create(s);
    srunner_run_all(r, CK_NORMAL);
    int failed = srunner_ntests_failed(r);
    srunner_free(r);
    return failed != 0;
}
