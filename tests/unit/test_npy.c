/* test_npy.c - NumPy's array files: every element type, and what each refusal says. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "data_bench.h"
#include "io/array/npy.h"
#include "table/dataset.h"

/* A file of version 1 with this dictionary and these bytes; returns its size. */
static size_t npy_make(unsigned char *out, const char *dictionary, const void *bytes,
                       size_t count)
{
    const size_t length = strlen(dictionary);
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (unsigned char)(length & 255);
    out[9] = (unsigned char)(length >> 8);
    memcpy(out + 10, dictionary, length);
    memcpy(out + 10 + length, bytes, count);
    return 10 + length + count;
}

static nq_status npy_read(bench *b, const char *dictionary, const void *bytes, size_t count)
{
    unsigned char file[600];
    return bench_read(b, "a.npy", file, npy_make(file, dictionary, bytes, count));
}

static void refused(bench *b, nq_status status, const char *dictionary, size_t count,
                    const char *part)
{
    const unsigned char zeros[256] = {0};
    assert_int_equal(npy_read(b, dictionary, zeros, count), status);
    assert_null(b->data);
    bench_says(b, part);
}

#define HEAD(type, shape) "{'descr': '" type "', 'fortran_order': False, 'shape': " shape ", }"

#define TYPE_CASE(name, type, ...)                                                               \
    do {                                                                                         \
        const type numbers[] = {__VA_ARGS__};                                                    \
        const double expected[] = {__VA_ARGS__};                                                 \
        assert_int_equal(npy_read(b, HEAD(name, "(3, 2)"), numbers, sizeof numbers), NQ_OK);     \
        bench_holds(b, 3, 2, expected);                                                          \
    } while (0)

static void every_element_type_is_read(void **state)
{
    bench *b = *state;
    TYPE_CASE("<f4", float, 1.5f, -2, 3, 0, -0.25f, 1024);
    TYPE_CASE("<f8", double, 1.5, -2, 3, 0, -0.25, 1e20);
    TYPE_CASE("|b1", uint8_t, 1, 0, 0, 1, 1, 1);
    TYPE_CASE("|i1", int8_t, 1, -128, 127, 0, -1, 5);
    TYPE_CASE("|u1", uint8_t, 1, 255, 128, 0, 2, 5);
    TYPE_CASE("<i2", int16_t, 1, -32768, 32767, 0, -1, 5);
    TYPE_CASE("<u2", uint16_t, 1, 65535, 32768, 0, 1, 5);
    TYPE_CASE("<i4", int32_t, 1, INT32_MIN, 65536, 0, -1, 5);
    TYPE_CASE("<u4", uint32_t, 1, 2147483648u, 65536, 0, 1, 5);
    TYPE_CASE("<i8", int64_t, 1, -4294967296, 65536, 0, -1, 5);
    TYPE_CASE("<u8", uint64_t, 1, 4294967296u, 65536, 0, 1, 5);
}

static void the_other_byte_order_is_turned_round(void **state)
{
    bench *b = *state;
    const uint8_t f8[] = {0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0};
    const uint8_t i4[] = {0, 0, 1, 2, 0xff, 0xff, 0xff, 0xfe};
    const uint8_t u2[] = {1, 0, 0xff, 0xfe}, u1[] = {7, 8}, f2[] = {0x3e, 0, 0xc0, 0};
    const double fs[] = {1.5, -2}, is[] = {258, -2}, us[] = {256, 65534}, bytes[] = {7, 8};
    assert_int_equal(npy_read(b, HEAD(">f8", "(2, 1)"), f8, sizeof f8), NQ_OK);
    bench_holds(b, 2, 1, fs);
    assert_int_equal(npy_read(b, HEAD(">f2", "(2, 1)"), f2, sizeof f2), NQ_OK);
    bench_holds(b, 2, 1, fs);
    assert_int_equal(npy_read(b, HEAD(">i4", "(1, 2)"), i4, sizeof i4), NQ_OK);
    bench_holds(b, 1, 2, is);
    assert_int_equal(npy_read(b, HEAD(">u2", "(2,)"), u2, sizeof u2), NQ_OK);
    bench_holds(b, 2, 1, us);
    assert_int_equal(npy_read(b, HEAD(">u1", "(2,)"), u1, sizeof u1), NQ_OK);
    bench_holds(b, 2, 1, bytes);
}

/* Largest, smallest and least normal ones; zero of either sign; one third. */
static void float16_is_read_exactly(void **state)
{
    bench *b = *state;
    const uint16_t numbers[] = {0x7bff, 0x0001, 0x0400, 0x8000, 0x3555, 0xfc00};
    const double expected[] = {65504, 0x1p-24, 0x1p-14, -0.0, 0.333251953125, -INFINITY};
    assert_int_equal(npy_read(b, HEAD("<f2", "(3, 2)"), numbers, sizeof numbers), NQ_OK);
    bench_holds(b, 3, 2, expected);
    assert_int_equal(npy_read(b, HEAD("<f2", "(3, 2)"), numbers, 11), NQ_ERROR_FORMAT);
    bench_says(b, "expected 12 bytes of data for shape (3, 2), found 11");
}

#define FORTRAN(type, shape) "{'descr': '" type "', 'fortran_order': True, 'shape': " shape ", }"

static void fortran_order_is_put_row_by_row(void **state)
{
    bench *b = *state;
    const int16_t columns[] = {0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11};
    const double rows[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
    assert_int_equal(npy_read(b, FORTRAN("<i2", "(4, 3)"), columns, sizeof columns), NQ_OK);
    bench_holds(b, 4, 3, rows);
    const uint8_t cube[] = {0, 6,  3, 9, 1, 7,
                            4, 10, 2, 8, 5, 11}; /* a[i, j, k] = 6 i + 3 j + k */
    assert_int_equal(npy_read(b, FORTRAN("|u1", "(2, 2, 3)"), cube, sizeof cube), NQ_OK);
    bench_holds(b, 2, 6, rows);
    const uint8_t line[] = {0, 1, 2};
    assert_int_equal(npy_read(b, FORTRAN("|u1", "(3,)"), line, sizeof line), NQ_OK);
    bench_holds(b, 3, 1, rows);
}

static void aligned_plain_files_are_mapped(void **state)
{
    bench *b = *state;
    const float numbers[] = {1, 2, 3, 4, 5, 6};
    const double expected[] = {1, 2, 3, 4, 5, 6};
    const char padded[] = HEAD("<f4", "(2, 3)") "   ";
    _Static_assert((10 + sizeof padded - 1) % 4 == 0, "the numbers are aligned");
    assert_int_equal(npy_read(b, padded, numbers, sizeof numbers), NQ_OK);
    assert_non_null(b->data->owned.map);
    bench_holds(b, 2, 3, expected);
    unsigned char file[300];
    const size_t count = npy_make(file, padded, numbers, sizeof numbers);
    assert_int_equal(bench_read_gzip(b, "a.npy.gz", file, count), NQ_OK);
    assert_null(b->data->owned.map);
    bench_holds(b, 2, 3, expected);
}

static void shapes_become_rows_and_the_rest(void **state)
{
    bench *b = *state;
    const uint8_t numbers[24] = {0, 1, 2, 3};
    static const struct {
        const char *head;
        size_t rows, dim;
    } cases[] = {{HEAD("|u1", "(24,)"), 24, 1},
                 {HEAD("|u1", "(4, 6)"), 4, 6},
                 {HEAD("|u1", "(2, 3, 4)"), 2, 12},
                 {HEAD("|u1", "(1,24)"), 1, 24},
                 {HEAD("|u1", "(2L, 3L, 2L, 2L)"), 2, 12}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(npy_read(b, cases[i].head, numbers, 24), NQ_OK);
        assert_int_equal(nq_dataset_rows(b->data), cases[i].rows);
        assert_int_equal(nq_dataset_dim(b->data), cases[i].dim);
    }
}

static void later_versions_have_longer_headers(void **state)
{
    bench *b = *state;
    const char head[] = HEAD("|u1", "(2,)");
    unsigned char file[300] = "\x93NUMPY\x02\x00";
    file[8] = sizeof head - 1;
    memcpy(file + 12, head, sizeof head - 1);
    file[12 + sizeof head - 1] = 7;
    for (unsigned char version = 2; version <= 3; version++) {
        file[6] = version;
        assert_int_equal(bench_read(b, "a.npy", file, 12 + sizeof head + 1), NQ_OK);
        assert_true(bench_cell(b, 0, 0) == 7);
    }
    file[6] = 4;
    assert_int_equal(bench_read(b, "a.npy", file, 12 + sizeof head + 1), NQ_ERROR_FORMAT);
    bench_says(b, "version 1, 2 or 3");
}

static void keys_may_come_in_any_order_and_quotes(void **state)
{
    bench *b = *state;
    const double expected[] = {0, 0};
    const uint8_t zeros[2] = {0};
    assert_int_equal(npy_read(b, "{\"shape\":(2,), \"fortran_order\":False,\"descr\":\"|u1\"}\n",
                              zeros, 2),
                     NQ_OK);
    bench_holds(b, 2, 1, expected);
}

static void what_cannot_be_read_says_what_to_do(void **state)
{
    bench *b = *state;
    const nq_status no = NQ_ERROR_UNSUPPORTED;
    refused(b, no, HEAD("|O", "(2, 3)"), 24, "a.astype('<f8')");
    refused(b, no, HEAD("<c8", "(2, 3)"), 48, "type '<c8'");
    refused(b, no, HEAD("<f16", "(2, 3)"), 96, "type '<f16'");
    refused(b, no, HEAD("<M8[s]", "(2, 3)"), 48, "type '<M8[s]'");
    refused(b, no, "{'descr': [('shape', '<f4')], 'fortran_order': False, 'shape': (2,)}", 8,
            "structured array");
}

static void damaged_headers_are_refused(void **state)
{
    static const char *const heads[] = {
        "",
        "{}",
        "['descr']",
        "{'descr': '<f4', 'fortran_order': False}",
        "{'descr': '<f4', 'shape': (2, 3)}",
        "{'descr': <f4, 'fortran_order': False, 'shape': (2, 3)}",
        "{'descr': '<f4', 'fortran_order': Maybe, 'shape': (2, 3)}",
        HEAD("<f4", "()"),
        HEAD("<f4", "(0, 3)"),
        HEAD("<f4", "(3, 0)"),
        HEAD("<f4", "(-3, 1)"),
        HEAD("<f4", "(3; 1)"),
        HEAD("<f4", "(3,,1)"),
        HEAD("<f4", "3"),
        HEAD("<f4", "(3, 2"),
        HEAD("<f4", "(99999999999999999999999, 1)"),
        HEAD("<f4", "(4294967296, 4294967296)"),
        HEAD("<f4", "(4611686018427387904, 1)"),
        HEAD("<f4", "(1, 4294967296, 4294967296, 2)"),
    };
    for (size_t i = 0; i < sizeof heads / sizeof heads[0]; i++)
        refused(*state, NQ_ERROR_FORMAT, heads[i], 24, "a.npy");
}

static void a_file_of_another_size_than_its_shape_is_refused(void **state)
{
    bench *b = *state;
    refused(b, NQ_ERROR_FORMAT, HEAD("<f4", "(2, 3)"), 23,
            "expected 24 bytes of data for shape (2, 3), found 23");
    refused(b, NQ_ERROR_FORMAT, HEAD("<f4", "(2, 3)"), 25, "found more");
    refused(b, NQ_ERROR_FORMAT, HEAD("<f4", "(250000000000, 3)"), 24, "found 24");
    unsigned char file[300];
    const unsigned char zeros[24] = {0};
    const size_t count = npy_make(file, HEAD("<f4", "(2, 3)"), zeros, 24);
    assert_int_equal(bench_read_gzip(b, "a.npy.gz", file, count - 1), NQ_ERROR_FORMAT);
    bench_says(b, "found 23");
}

static void every_truncation_is_refused(void **state)
{
    bench *b = *state;
    unsigned char file[300];
    const unsigned char numbers[24] = {0};
    const size_t count = npy_make(file, HEAD("<f4", "(2, 3)"), numbers, sizeof numbers);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(bench_read(b, "a.npy", file, i), NQ_ERROR_FORMAT);
    assert_int_equal(bench_read(b, "a.npy", file, count), NQ_OK);
}

static void missing_cells_are_nan(void **state)
{
    bench *b = *state;
    const float numbers[] = {1, 2, 3, NAN, NAN, 6};
    size_t row, column;
    assert_int_equal(npy_read(b, HEAD("<f4", "(3, 2)"), numbers, sizeof numbers), NQ_OK);
    assert_int_equal(nq_dataset_missing(&row, &column, b->data), 2);
    assert_int_equal(row, 1);
    assert_int_equal(column, 1);
    assert_true(isnan(bench_cell(b, 2, 0)));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_element_type_is_read),
        TEST(the_other_byte_order_is_turned_round),
        TEST(float16_is_read_exactly),
        TEST(fortran_order_is_put_row_by_row),
        TEST(aligned_plain_files_are_mapped),
        TEST(shapes_become_rows_and_the_rest),
        TEST(later_versions_have_longer_headers),
        TEST(keys_may_come_in_any_order_and_quotes),
        TEST(what_cannot_be_read_says_what_to_do),
        TEST(damaged_headers_are_refused),
        TEST(a_file_of_another_size_than_its_shape_is_refused),
        TEST(every_truncation_is_refused),
        TEST(missing_cells_are_nan),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
