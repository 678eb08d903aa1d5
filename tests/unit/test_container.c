/* test_container.c - safetensors files: what is written reads back; what is damaged is refused. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/context.h"
#include "io/container/container.h"
#include "says.h"
#include "scratch.h"

typedef struct bench {
    scratch place; /* first: scratch_tear_down */
    nq_context context;
    const char *path;
    unsigned char file[4096];
} bench;

static int set_up(void **state)
{
    bench *b = calloc(1, sizeof *b);
    if (!b || scratch_new(&b->place))
        return -1;
    b->path = scratch_path(&b->place, "model.nq");
    *state = b;
    return 0;
}

static const float weights[6] = {1, -2.5f, 3e-30f, 0, 5, 6};
static const unsigned char bytes[3] = {7, 8, 9};
static const double doubles[2] = {0.1, -1e300};
static const uint64_t counter[1] = {UINT64_MAX};
static const nqi_tensor tensors[] = {
    {"weights", NQI_DTYPE_F32, 2, {2, 3}, weights},
    {"bytes", NQI_DTYPE_U8, 1, {3}, bytes}, /* what follows is not aligned in the file */
    {"doubles", NQI_DTYPE_F64, 1, {2}, doubles},
    {"nothing", NQI_DTYPE_F32, 2, {0, 1000000}, NULL},
    {"counter", NQI_DTYPE_U64, 0, {0}, counter},
};
static const nqi_metadata_entry metadata[] = {
    {"format", "noneq"},
    {"options", "{\"steps\": 40, \"name\": \"a \\ b\"}\n"},
    {"columns", "gr\xc3\xb6\xc3\x9f"
                "e"},
    {"empty", ""},
};
enum { TENSORS = 5, ENTRIES = 4 };

static void tensors_and_metadata_read_back(void **state)
{
    bench *b = *state;
    nqi_container *container;
    assert_int_equal(nqi_container_write(&b->context, b->path, tensors, TENSORS, metadata,
                                         ENTRIES),
                     NQ_OK);
    assert_int_equal(nqi_container_read(&container, &b->context, b->path), NQ_OK);
    for (size_t i = 0; i < TENSORS; i++) {
        const nqi_tensor *read = nqi_container_tensor(container, tensors[i].name);
        assert_non_null(read);
        assert_string_equal(read->name, tensors[i].name);
        assert_int_equal(read->dtype, tensors[i].dtype);
        assert_int_equal(read->rank, tensors[i].rank);
        assert_memory_equal(read->shape, tensors[i].shape, (size_t)read->rank * sizeof(size_t));
        const size_t count = nqi_tensor_count(read), size = count * nqi_dtype_size(read->dtype);
        unsigned char got[64];
        assert_int_equal(nqi_container_get(container, read, 0, count, got), NQ_OK);
        if (size)
            assert_memory_equal(got, tensors[i].data, size);
    }
    for (size_t i = 0; i < ENTRIES; i++)
        assert_string_equal(nqi_container_metadata(container, metadata[i].key),
                            metadata[i].value);
    assert_null(nqi_container_tensor(container, "Weights"));
    assert_null(nqi_container_tensor(container, "__metadata__"));
    assert_null(nqi_container_metadata(container, "weights"));
    nqi_container_free(container);
}

static void header_is_padded_and_data_lie_in_order(void **state)
{
    bench *b = *state;
    assert_int_equal(nqi_container_write(&b->context, b->path, tensors, TENSORS, metadata,
                                         ENTRIES),
                     NQ_OK);
    const size_t size = (size_t)scratch_get(b->path, b->file, sizeof b->file);
    const size_t header = b->file[0] | (size_t)b->file[1] << 8;
    for (int i = 2; i < 8; i++)
        assert_int_equal(b->file[i], 0);
    assert_int_equal(header % 8, 0);
    assert_int_equal(size, 8 + header + 24 + 3 + 16 + 8);
    const unsigned char *data = b->file + 8 + header;
    assert_memory_equal(data, weights, 24);
    assert_memory_equal(data + 24, bytes, 3);
    assert_memory_equal(data + 27, doubles, 16);
    assert_memory_equal(data + 43, counter, 8);
    assert_int_equal(b->file[8], '{');
    b->file[8 + header] = '\0';
    const char *text = (const char *)b->file + 8;
    assert_non_null(strstr(text, "\"bytes\":{\"dtype\":\"U8\",\"shape\":[3],"
                                 "\"data_offsets\":[24,27]}"));
}

static void an_empty_container_reads_back(void **state)
{
    bench *b = *state;
    nqi_container *container;
    assert_int_equal(nqi_container_write(&b->context, b->path, NULL, 0, NULL, 0), NQ_OK);
    assert_int_equal(nqi_container_read(&container, &b->context, b->path), NQ_OK);
    assert_null(nqi_container_tensor(container, "weights"));
    assert_null(nqi_container_metadata(container, "format"));
    nqi_container_free(container);
    nqi_container_free(NULL);
}

static void text_that_is_no_utf8_does_not_spoil_the_file(void **state)
{
    bench *b = *state;
    nqi_container *container;
    const nqi_metadata_entry latin[] = {{"columns", "gr\xf6\xdf"
                                                    "e"}};
    assert_int_equal(nqi_container_write(&b->context, b->path, tensors, 1, latin, 1), NQ_OK);
    assert_int_equal(nqi_container_read(&container, &b->context, b->path), NQ_OK);
    assert_string_equal(nqi_container_metadata(container, "columns"), "gr??e");
    nqi_container_free(container);
}

static void names_that_cannot_be_told_apart_are_not_written(void **state)
{
    bench *b = *state;
    const nqi_tensor twice[] = {tensors[0], tensors[1], tensors[0]};
    const nqi_tensor reserved = {"__metadata__", NQI_DTYPE_U8, 1, {3}, bytes};
    const nqi_tensor huge = {"huge", NQI_DTYPE_F64, 2, {SIZE_MAX / 4, 2}, doubles};
    const nqi_metadata_entry entries[] = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
    assert_int_equal(nqi_container_write(&b->context, b->path, twice, 3, NULL, 0),
                     NQ_ERROR_ARGUMENT);
    context_says(&b->context, "'weights'");
    assert_int_equal(nqi_container_write(&b->context, b->path, NULL, 0, entries, 3),
                     NQ_ERROR_ARGUMENT);
    context_says(&b->context, "'a'");
    assert_int_equal(nqi_container_write(&b->context, b->path, &reserved, 1, NULL, 0),
                     NQ_ERROR_ARGUMENT);
    assert_int_equal(nqi_container_write(&b->context, b->path, &huge, 1, NULL, 0),
                     NQ_ERROR_ARGUMENT);
    context_says(&b->context, "'huge'");
    assert_int_equal(scratch_count(&b->place), 0);
}

static void a_folder_that_is_missing_is_said(void **state)
{
    bench *b = *state;
    nqi_container *container;
    const char *path = scratch_path(&b->place, "missing/model");
    assert_int_equal(nqi_container_write(&b->context, path, tensors, 1, NULL, 0), NQ_ERROR_FILE);
    context_says(&b->context, "folder does not exist");
    assert_int_equal(nqi_container_read(&container, &b->context, path), NQ_ERROR_FILE);
    context_says(&b->context, "No such file");
    assert_null(container);
    assert_int_equal(nqi_container_read(&container, &b->context, b->place.folder), NQ_ERROR_FILE);
    context_says(&b->context, "a folder");
}

/* Puts a file together from a header and `data` bytes that count up. */
static void file_make(bench *b, const char *header, size_t data)
{
    const size_t length = strlen(header);
    memset(b->file, 0, 8);
    b->file[0] = (unsigned char)length;
    b->file[1] = (unsigned char)(length >> 8);
    memcpy(b->file + 8, header, length);
    for (size_t i = 0; i < data; i++)
        b->file[8 + length + i] = (unsigned char)i;
    assert_int_equal(scratch_put(b->path, b->file, 8 + length + data), 0);
}

static nq_status file_read(bench *b)
{
    nqi_container *container;
    const nq_status status = nqi_container_read(&container, &b->context, b->path);
    assert_true(status ? container == NULL : container != NULL);
    nqi_container_free(container);
    return status;
}

typedef struct hostile {
    const char *header;
    size_t data; /* bytes */
    nq_status status;
    const char *message; /* part of it */
} hostile;

#define A "\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}"
#define TENSOR(dtype, shape, offsets)                                                            \
    "{\"t\":{\"dtype\":\"" dtype "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

static const hostile cases[] = {
    /* These first ones are fine: the others differ from them in one thing. */
    {"{" A "}", 4, NQ_OK, ""},
    {"{" A "}  \n\t ", 4, NQ_OK, ""},
    {"{}", 0, NQ_OK, ""},
    {TENSOR("F32", "[2,1]", "[0,8]"), 8, NQ_OK, ""},
    {TENSOR("F32", "[]", "[0,4]"), 4, NQ_OK, ""},
    {"{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[4,5]}," A "}", 5, NQ_OK, ""},
    /* The JSON. */
    {"", 0, NQ_ERROR_FORMAT, "does not begin with '{'"},
    {" {}", 0, NQ_ERROR_FORMAT, "does not begin with '{'"},
    {"[]", 0, NQ_ERROR_FORMAT, "does not begin with '{'"},
    {"{" A, 4, NQ_ERROR_FORMAT, "not valid JSON"},
    {"{\"a\":}", 0, NQ_ERROR_FORMAT, "not valid JSON"},
    {"{} {}", 0, NQ_ERROR_FORMAT, "goes on after the JSON"},
    {"{\"\xff\":1}", 0, NQ_ERROR_FORMAT, "not UTF-8"},
    {"{\"a\":1}", 0, NQ_ERROR_FORMAT, "'a' is not described"},
    {"{\"a\":[1,2,3]}", 0, NQ_ERROR_FORMAT, "'a' is not described"},
    {"{\"a\":null}", 0, NQ_ERROR_FORMAT, "'a' is not described"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4]}}", 4, NQ_ERROR_FORMAT, "'a' is not described"},
    {"{\"a\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4],\"x\":1}}", 4,
     NQ_ERROR_FORMAT, "'a' is not described"},
    {"{\"a\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"data_offsets\":[0,4]}}", 4, NQ_ERROR_FORMAT,
     "'a' is not described"},
    {"{\"a\":{\"dtype\":1,\"shape\":[4],\"data_offsets\":[0,4]}}", 4, NQ_ERROR_FORMAT,
     "'a' is not described"},
    /* Names and metadata. */
    {"{" A "," A "}", 4, NQ_ERROR_FORMAT, "'a' stands in it twice"},
    {"{\"__metadata__\":{},\"__metadata__\":{}}", 0, NQ_ERROR_FORMAT, "twice"},
    {"{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}", 0, NQ_ERROR_FORMAT, "'k' stands in it"},
    {"{\"__metadata__\":{\"k\":1}}", 0, NQ_ERROR_FORMAT, "not made of strings"},
    {"{\"__metadata__\":{\"k\":{}}}", 0, NQ_ERROR_FORMAT, "not made of strings"},
    {"{\"__metadata__\":[]}", 0, NQ_ERROR_FORMAT, "not an object"},
    {"{\"__metadata__\":\"text\"}", 0, NQ_ERROR_FORMAT, "not an object"},
    /* Shapes. */
    {TENSOR("F32", "[2,2]", "[0,8]"), 8, NQ_ERROR_FORMAT, "does not fit its data"},
    {TENSOR("F32", "[1]", "[0,8]"), 8, NQ_ERROR_FORMAT, "does not fit its data"},
    {TENSOR("F64", "[2]", "[0,8]"), 8, NQ_ERROR_FORMAT, "does not fit its data"},
    {TENSOR("F32", "[0]", "[0,4]"), 4, NQ_ERROR_FORMAT, "does not fit its data"},
    {TENSOR("F32", "[4294967296,4294967296]", "[0,0]"), 0, NQ_ERROR_FORMAT, "does not fit"},
    {TENSOR("F32", "[4611686018427387904]", "[0,0]"), 0, NQ_ERROR_FORMAT, "sizes"},
    {TENSOR("F32", "[9007199254740992,512,4]", "[0,0]"), 0, NQ_ERROR_FORMAT, "does not fit"},
    {TENSOR("F32", "[-1]", "[0,4]"), 4, NQ_ERROR_FORMAT, "not made of sizes"},
    {TENSOR("F32", "[1.5]", "[0,4]"), 4, NQ_ERROR_FORMAT, "not made of sizes"},
    {TENSOR("F32", "[1e999]", "[0,4]"), 4, NQ_ERROR_FORMAT, "not made of sizes"},
    {TENSOR("F32", "[\"1\"]", "[0,4]"), 4, NQ_ERROR_FORMAT, "not made of sizes"},
    {TENSOR("F32", "[[1]]", "[0,4]"), 4, NQ_ERROR_FORMAT, "not made of sizes"},
    {TENSOR("F32", "1", "[0,4]"), 4, NQ_ERROR_FORMAT, "not described"},
    {TENSOR("F32", "[1,1,1,1,1,1,1,1,1]", "[0,4]"), 4, NQ_ERROR_UNSUPPORTED, "dimensions"},
    {TENSOR("F16", "[2]", "[0,4]"), 4, NQ_ERROR_UNSUPPORTED, "'F16'"},
    {TENSOR("nonsense", "[2]", "[0,4]"), 4, NQ_ERROR_UNSUPPORTED, "'nonsense'"},
    /* Offsets. */
    {TENSOR("F32", "[1]", "[0,8]"), 4, NQ_ERROR_FORMAT, "outside of the file"},
    {TENSOR("F32", "[1]", "[4,8]"), 4, NQ_ERROR_FORMAT, "outside of the file"},
    {TENSOR("F32", "[1]", "[4,0]"), 4, NQ_ERROR_FORMAT, "outside of the file"},
    {TENSOR("F32", "[1]", "[9007199254740988,9007199254740992]"), 4, NQ_ERROR_FORMAT,
     "outside of the file"},
    {TENSOR("F32", "[1]", "[-4,0]"), 4, NQ_ERROR_FORMAT, "no two data offsets"},
    {TENSOR("F32", "[1]", "[0,18446744073709551620]"), 4, NQ_ERROR_FORMAT, "no two"},
    {TENSOR("F32", "[1]", "[0]"), 4, NQ_ERROR_FORMAT, "no two data offsets"},
    {TENSOR("F32", "[1]", "[]"), 4, NQ_ERROR_FORMAT, "no two data offsets"},
    {TENSOR("F32", "[1]", "[0,4,4]"), 4, NQ_ERROR_FORMAT, "no two data offsets"},
    {TENSOR("F32", "[1]", "[0,null]"), 4, NQ_ERROR_FORMAT, "no two data offsets"},
    {TENSOR("U8", "[3]", "[1,4]"), 4, NQ_ERROR_FORMAT, "hole"},
    {TENSOR("U8", "[3]", "[0,3]"), 4, NQ_ERROR_FORMAT, "goes on after its last tensor"},
    {"{}", 1, NQ_ERROR_FORMAT, "goes on after its last tensor"},
    {"{\"b\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[3,5]}," A "}", 5, NQ_ERROR_FORMAT,
     "overlaps"},
    {"{\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}," A "}", 4, NQ_ERROR_FORMAT,
     "overlaps"},
    {"{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[5,6]}," A "}", 6, NQ_ERROR_FORMAT,
     "hole"},
    {"{\"b\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[2,2]}," A "}", 4, NQ_ERROR_FORMAT,
     "'b'"},
};

static void hostile_files_are_refused_with_a_reason(void **state)
{
    bench *b = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        file_make(b, cases[i].header, cases[i].data);
        const nq_status status = file_read(b);
        if (status != cases[i].status)
            fail_msg("%s: status %d, expected %d", cases[i].header, (int)status,
                     (int)cases[i].status);
        if (status) {
            context_says(&b->context, cases[i].message);
            context_says(&b->context, b->path);
        }
    }
}

static void header_lengths_that_lie_are_refused(void **state)
{
    bench *b = *state;
    const uint64_t lengths[] = {9, 1000, 99999999, 100000001, (uint64_t)1 << 40, UINT64_MAX};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        unsigned char file[16] = {0};
        for (int k = 0; k < 8; k++)
            file[k] = (unsigned char)(lengths[i] >> 8 * k);
        file[8] = '{';
        file[9] = '}';
        assert_int_equal(scratch_put(b->path, file, sizeof file), 0);
        assert_int_equal(file_read(b), NQ_ERROR_FORMAT);
        context_says(&b->context, lengths[i] > 48 << 20 ? "48 MB" : "longer than the file");
    }
}

static void deep_nesting_is_refused(void **state)
{
    bench *b = *state;
    enum { DEPTH = 1000000 };
    unsigned char *file = malloc(8 + 5 + DEPTH);
    assert_non_null(file);
    memset(file, '[', 8 + 5 + DEPTH);
    for (int k = 0; k < 8; k++)
        file[k] = (unsigned char)((uint64_t)(5 + DEPTH) >> 8 * k);
    memcpy(file + 8, "{\"a\":", 5);
    assert_int_equal(scratch_put(b->path, file, 8 + 5 + DEPTH), 0);
    free(file);
    assert_int_equal(file_read(b), NQ_ERROR_FORMAT);
    context_says(&b->context, "not valid JSON");
}

static void every_truncation_is_refused(void **state)
{
    bench *b = *state;
    assert_int_equal(nqi_container_write(&b->context, b->path, tensors, TENSORS, metadata,
                                         ENTRIES),
                     NQ_OK);
    const size_t size = (size_t)scratch_get(b->path, b->file, sizeof b->file);
    for (size_t cut = 0; cut < size; cut++) {
        assert_int_equal(truncate(b->path, 0), 0);
        assert_int_equal(scratch_put(b->path, b->file, cut), 0);
        assert_int_equal(file_read(b), NQ_ERROR_FORMAT);
    }
    assert_int_equal(scratch_put(b->path, b->file, size), 0);
    assert_int_equal(file_read(b), NQ_OK);
}

/* Whatever a flipped bit does, the sanitizers find nothing, and what is accepted has sizes that
 * fit the file. */
static void every_flipped_bit_of_the_header_is_survived(void **state)
{
    bench *b = *state;
    int refused = 0;
    assert_int_equal(nqi_container_write(&b->context, b->path, tensors, TENSORS, metadata,
                                         ENTRIES),
                     NQ_OK);
    const size_t size = (size_t)scratch_get(b->path, b->file, sizeof b->file);
    const size_t header = 8 + (b->file[0] | (size_t)b->file[1] << 8);
    for (size_t bit = 0; bit < 8 * header; bit++) {
        b->file[bit / 8] ^= (unsigned char)(1 << bit % 8);
        assert_int_equal(scratch_put(b->path, b->file, size), 0);
        const nq_status status = file_read(b);
        assert_true(status == NQ_OK || status == NQ_ERROR_FORMAT ||
                    status == NQ_ERROR_UNSUPPORTED);
        refused += status != NQ_OK;
        b->file[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_true(refused > 1000);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, scratch_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tensors_and_metadata_read_back),
        TEST(header_is_padded_and_data_lie_in_order),
        TEST(an_empty_container_reads_back),
        TEST(text_that_is_no_utf8_does_not_spoil_the_file),
        TEST(names_that_cannot_be_told_apart_are_not_written),
        TEST(a_folder_that_is_missing_is_said),
        TEST(hostile_files_are_refused_with_a_reason),
        TEST(header_lengths_that_lie_are_refused),
        TEST(deep_nesting_is_refused),
        TEST(every_truncation_is_refused),
        TEST(every_flipped_bit_of_the_header_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
