/* test_idx.c - the IDX format: every element type, and files that are not what they promise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "data_bench.h"

#define READ(b, bytes) bench_read(b, "a-idx", bytes, sizeof(bytes) - 1)

static void every_element_type_is_read(void **state)
{
    bench *b = *state;
    const double bytes[] = {255, 1}, small[] = {-1, 1}, wide[] = {-2, 258}, reals[] = {1, -2};
    assert_int_equal(READ(b, "\0\0\x08\x01\0\0\0\x02\xff\x01"), NQ_OK);
    bench_holds(b, 2, 1, bytes);
    assert_int_equal(READ(b, "\0\0\x09\x01\0\0\0\x02\xff\x01"), NQ_OK);
    bench_holds(b, 2, 1, small);
    assert_int_equal(READ(b, "\0\0\x0b\x01\0\0\0\x02\xff\xfe\x01\x02"), NQ_OK);
    bench_holds(b, 2, 1, wide);
    assert_int_equal(READ(b, "\0\0\x0c\x01\0\0\0\x02\xff\xff\xff\xfe\0\0\x01\x02"), NQ_OK);
    bench_holds(b, 2, 1, wide);
    assert_int_equal(READ(b, "\0\0\x0d\x01\0\0\0\x02\x3f\x80\0\0\xc0\0\0\0"), NQ_OK);
    bench_holds(b, 2, 1, reals);
    assert_int_equal(READ(b, "\0\0\x0e\x01\0\0\0\x02\x3f\xf0\0\0\0\0\0\0\xc0\0\0\0\0\0\0\0"),
                     NQ_OK);
    bench_holds(b, 2, 1, reals);
}

static void images_become_rows(void **state)
{
    bench *b = *state;
    const char bytes[] = "\0\0\x08\x03\0\0\0\x02\0\0\0\x01\0\0\0\x03"
                         "\x01\x02\x03\x04\x05\x06";
    const double expected[] = {1, 2, 3, 4, 5, 6};
    assert_int_equal(READ(b, bytes), NQ_OK);
    bench_holds(b, 2, 3, expected);
    assert_int_equal(bench_read_gzip(b, "a.gz", bytes, sizeof bytes - 1), NQ_OK);
    bench_holds(b, 2, 3, expected);
}

static void every_truncation_is_refused(void **state)
{
    const char bytes[] = "\0\0\x08\x02\0\0\0\x02\0\0\0\x03\x01\x02\x03\x04\x05\x06";
    for (size_t i = 0; i < sizeof bytes - 1; i++) {
        assert_int_equal(bench_read(*state, "a-idx", bytes, i), NQ_ERROR_FORMAT);
        bench_says(*state, "a-idx");
    }
    assert_int_equal(READ(*state, bytes), NQ_OK);
}

static void wrong_sizes_are_refused(void **state)
{
    bench *b = *state;
    assert_int_equal(READ(b, "\0\0\x08\x01\0\0\0\x02\x01\x02\x03"), NQ_ERROR_FORMAT);
    bench_says(b, "expected 2 bytes of data for shape 2, found more");
    assert_int_equal(READ(b, "\0\0\x08\x02\x7f\xff\xff\xff\x7f\xff\xff\xff\x01"),
                     NQ_ERROR_FORMAT);
    bench_says(b, "for shape 2147483647 x 2147483647, found 1");
    assert_int_equal(READ(b, "\0\0\x0e\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
                     NQ_ERROR_FORMAT);
    bench_says(b, "fits into memory");
    assert_int_equal(READ(b, "\0\0\x08\x02\0\0\0\x02\0\0\0\0"), NQ_ERROR_FORMAT);
    bench_says(b, "at least one row");
    assert_int_equal(READ(b, "\0\0\x08\0\0\0\0\x02"), NQ_ERROR_FORMAT);
    bench_says(b, "dimensions");
    assert_int_equal(READ(b, "\0\0\x08\xff\0\0\0\x02"), NQ_ERROR_FORMAT);
    bench_says(b, "dimensions");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(every_element_type_is_read),
        TEST(images_become_rows),
        TEST(every_truncation_is_refused),
        TEST(wrong_sizes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
