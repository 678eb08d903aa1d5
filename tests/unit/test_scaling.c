/* test_scaling.c - the constants that standardise data, and the way back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/text.h"
#include "data_bench.h"
#include "table/scaling/scaling.h"

static void read_text(bench *b, const char *text)
{
    assert_int_equal(bench_read(b, "t.csv", text, strlen(text)), NQ_OK);
}

static void measure(nqi_scaling *out, bench *b, const char *text, nqi_scaling_mode mode)
{
    read_text(b, text);
    assert_int_equal(nqi_scaling_measure(out, &b->context, b->data, mode), NQ_OK);
}

static void near(double found, double expected)
{
    if (!(fabs(found - expected) <= 1e-12 * (1 + fabs(expected))))
        fail_msg("%.17g, not %.17g", found, expected);
}

static void columns_have_their_own_mean_and_deviation(void **state)
{
    nqi_scaling s;
    measure(&s, *state, "a,b,c\n1,7,-10\n2,7,30\n6,7,-10\n3,7,30\n", NQI_SCALE_COLUMN);
    assert_int_equal(s.columns, 3);
    assert_int_equal(s.active, 2);
    assert_int_equal(s.active_index[0], 0);
    assert_int_equal(s.active_index[1], 2);
    near(s.mean[0], 3);
    near(s.deviation[0], sqrt(3.5));
    near(s.mean[1], 7);
    assert_true(s.deviation[1] == 0);
    near(s.mean[2], 10);
    near(s.deviation[2], 20);
    near(s.log_jacobian, -log(sqrt(3.5)) - log(20));
    assert_string_equal(nqi_scaling_name(&s, 2), "c");
    nqi_scaling_free(&s);
}

static void an_image_set_has_one_mean_and_deviation_and_keeps_constant_pixels(void **state)
{
    nqi_scaling s;
    measure(&s, *state, "0,1,5\n0,3,9\n", NQI_SCALE_WHOLE);
    assert_int_equal(s.active, 3);
    for (size_t c = 0; c < 3; c++) {
        near(s.mean[c], 3);
        near(s.deviation[c], sqrt((9 + 4 + 4 + 9 + 0 + 36) / 6.0));
    }
    near(s.log_jacobian, -3 * log(s.deviation[0]));
    nqi_scaling_free(&s);
}

static void bits_pass_unscaled_and_constant_bits_stay(void **state)
{
    bench *b = *state;
    nqi_scaling s;
    measure(&s, b, "0,1,0\n1,1,0\n1,1,0\n", NQI_SCALE_NONE);
    assert_int_equal(s.active, 3);
    for (size_t c = 0; c < 3; c++)
        assert_true(s.mean[c] == 0 && s.deviation[c] == 1);
    assert_true(s.log_jacobian == 0);
    read_text(b, "1,0,1\n");
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_OK);
    nqi_scaling_free(&s);
}

static void unscaled_numbers_leave_constant_columns_out(void **state)
{
    nqi_scaling s;
    measure(&s, *state, "0,5\n2,5\n", NQI_SCALE_NONE);
    assert_int_equal(s.active, 1);
    assert_true(s.mean[0] == 0 && s.deviation[0] == 1);
    assert_true(s.mean[1] == 5 && s.deviation[1] == 0);
    nqi_scaling_free(&s);
}

/* The sum of squares less the square of the sum would lose all digits here. */
static void a_large_offset_does_not_spoil_the_deviation(void **state)
{
    bench *b = *state;
    nqi_scaling s;
    double values[1000];
    for (size_t i = 0; i < 1000; i++)
        values[i] = (double)(8388608 + i % 2);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 1000, 1, NULL), NQ_OK);
    assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_COLUMN), NQ_OK);
    near(s.mean[0], 8388608.5);
    assert_true(fabs(s.deviation[0] - 0.5) < 1e-8);
    nqi_scaling_free(&s);
}

static void a_gather_is_standardised_and_restore_brings_it_back(void **state)
{
    bench *b = *state;
    enum { ROWS = 37, STRIDE = 40 };
    nqi_scaling s, copy;
    double values[ROWS * 3], back[ROWS * 3];
    nqi_real scaled[2 * STRIDE];
    uint64_t rows[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        rows[r] = r;
        values[3 * r] = (double)(100 + r);
        values[3 * r + 1] = 0.1;
        values[3 * r + 2] = sin((double)r);
    }
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, ROWS, 3, NULL), NQ_OK);
    assert_int_equal(nqi_scaling_measure(&copy, &b->context, b->data, NQI_SCALE_COLUMN), NQ_OK);
    assert_int_equal(nqi_scaling_copy(&s, &copy), NQ_OK);
    nqi_scaling_free(&copy);
    nqi_scaling_gather(&s, b->data, rows, ROWS, scaled, STRIDE);
    for (size_t i = 0; i < 2; i++) {
        double sum = 0, squares = 0;
        for (size_t r = 0; r < ROWS; r++) {
            sum += (double)scaled[i * STRIDE + r];
            squares += (double)(scaled[i * STRIDE + r] * scaled[i * STRIDE + r]);
        }
        assert_true(fabs(sum / ROWS) < 1e-6 && fabs(squares / ROWS - 1) < 1e-5);
    }
    nqi_scaling_restore(&s, scaled, STRIDE, ROWS, back);
    for (size_t r = 0; r < ROWS; r++) {
        assert_true(fabs(back[3 * r] - values[3 * r]) < 1e-4);
        assert_true(back[3 * r + 1] == values[3 * r + 1]);
        assert_true(fabs(back[3 * r + 2] - values[3 * r + 2]) < 1e-6);
    }
    nqi_scaling_free(&s);
}

/* Numbers of deviation about 1 behind offsets that leave float32 nothing of them: the scaled
 * numbers are those without the offset, as far as float64 has them. */
static void an_offset_changes_no_scaled_number(void **state)
{
    bench *b = *state;
    enum { ROWS = 500 };
    static const double offsets[] = {1e9, -1.7e9, 1e12, -1e12};
    double values[ROWS], moved[ROWS];
    nqi_real scaled[2][ROWS];
    uint64_t rows[ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        rows[r] = r;
        values[r] = floor(4096 * (sin((double)r) + cos(3.7 * (double)r))) / 4096;
    }
    for (size_t k = 0; k < 4; k++) {
        nqi_scaling s[2];
        for (size_t r = 0; r < ROWS; r++)
            moved[r] = values[r] + offsets[k]; /* exact: multiples of 2^-12 */
        for (int i = 0; i < 2; i++) {
            nq_dataset_free(b->data);
            assert_int_equal(nq_dataset_from_array(&b->data, &b->context, i ? moved : values,
                                                   ROWS, 1, NULL),
                             NQ_OK);
            assert_int_equal(nqi_scaling_measure(&s[i], &b->context, b->data, NQI_SCALE_COLUMN),
                             NQ_OK);
            nqi_scaling_gather(&s[i], b->data, rows, ROWS, scaled[i], ROWS);
        }
        const double spacing = nextafter(fabs(offsets[k]), INFINITY) - fabs(offsets[k]);
        assert_true(fabs(s[1].mean[0] - offsets[k] - s[0].mean[0]) <= spacing);
        assert_true(fabs(s[1].deviation[0] / s[0].deviation[0] - 1) < 1e-12);
        for (size_t r = 0; r < ROWS; r++)
            assert_true(fabs((double)(scaled[1][r] - scaled[0][r])) <= spacing + 1e-6);
        nqi_scaling_free(&s[0]);
        nqi_scaling_free(&s[1]);
    }
}

/* Restored numbers have decimals for their deviation and no more than float64 tells apart. */
static void restored_numbers_are_decimals(void **state)
{
    bench *b = *state;
    char text[NQI_TEXT_SIZE];
    nqi_scaling s;
    double values[400], back[2];
    const nqi_real z[2] = {(nqi_real)0.123456789, (nqi_real)-1.5};
    (void)b;
    if (sizeof(nqi_real) == sizeof(double))
        return;
    for (size_t r = 0; r < 400; r++)
        values[r] = 1700000000 + (double)(r / 2 % 60);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, values, 400, 1, NULL), NQ_OK);
    assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_COLUMN), NQ_OK);
    nqi_scaling_restore(&s, z, 2, 2, back);
    for (int i = 0; i < 2; i++) {
        const double exact = (double)z[i] * s.deviation[0] + s.mean[0];
        assert_true(fabs(back[i] - exact) <= 0.5e-6 + 2.5e-7);
        assert_true(nqi_text_double(text, sizeof text, back[i]) <= 17); /* 10 digits, point, 6 */
        assert_true(nqi_scaling_round(&s, 0, back[i]) == back[i]);
    }
    nqi_scaling_free(&s);
}

/* 2^60 and 2^60 + 1 are one float64. */
static void whole_numbers_that_float64_cannot_tell_apart_are_refused(void **state)
{
    bench *b = *state;
    nqi_scaling s;
    int64_t cells[200];
    for (int k = 0; k < 2; k++) {
        for (size_t r = 0; r < 100; r++) {
            cells[2 * r] = (INT64_C(1) << 60) + (k ? 64 * (int64_t)r : r == 77);
            cells[2 * r + 1] = (int64_t)r;
        }
        nqi_table table = {.rows = 100, .dim = 2, .element = NQI_I64};
        table.buffer = malloc(sizeof cells);
        assert_non_null(table.buffer);
        memcpy(table.buffer, cells, sizeof cells);
        table.values = table.buffer;
        nq_dataset_free(b->data);
        assert_int_equal(nqi_dataset_from_table(&b->data, &b->context, &table), NQ_OK);
        assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_COLUMN),
                         NQ_ERROR_SHAPE);
        bench_says(b, k ? "column 1: its numbers around"
                        : "row 78, column 1: the column's whole numbers");
    }
}

static void refused(bench *b, const char *text, const char *part)
{
    nqi_scaling s;
    read_text(b, text);
    assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_COLUMN),
                     NQ_ERROR_SHAPE);
    bench_says(b, part);
    assert_null(s.mean);
}

static void data_that_cannot_be_scaled_are_refused(void **state)
{
    bench *b = *state;
    refused(b, "a,b\n1,2\n3,\n", "t.csv:3: column 2 (\"b\"): expected a number, found a missing");
    refused(b, "1,2\n1,2\n", "every column of the data is constant");
    refused(b, "5,5\n", "constant (1 row)");
    const double infinite[] = {1, 2, INFINITY};
    nqi_scaling s;
    nq_dataset_free(b->data);
    assert_int_equal(nq_dataset_from_array(&b->data, &b->context, infinite, 3, 1, NULL), NQ_OK);
    assert_int_equal(nqi_scaling_measure(&s, &b->context, b->data, NQI_SCALE_WHOLE),
                     NQ_ERROR_SHAPE);
    bench_says(b, "row 3, column 1: expected a number, found an infinite one");
}

static void other_data_are_checked_against_the_scaling(void **state)
{
    bench *b = *state;
    nqi_scaling s;
    measure(&s, b, "a,b\n1,0.1\n2,0.1\n", NQI_SCALE_COLUMN);
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_OK);
    read_text(b, "9,0.1\n-4,0.1\n");
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_OK);
    read_text(b, "9,0.1\n-4,0.2\n");
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_ERROR_SHAPE);
    bench_says(b, "t.csv:2: column 2 (\"b\"): expected 0.1");
    read_text(b, "9,0.1,3\n");
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_ERROR_SHAPE);
    bench_says(b, "3 columns; the model was made for 2");
    read_text(b, "9,0.1\nNA,0.1\n");
    assert_int_equal(nqi_scaling_check(&s, &b->context, b->data), NQ_ERROR_SHAPE);
    bench_says(b, "t.csv:2: column 1: ");
    nqi_scaling_free(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bench_set_up, bench_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(columns_have_their_own_mean_and_deviation),
        TEST(an_image_set_has_one_mean_and_deviation_and_keeps_constant_pixels),
        TEST(bits_pass_unscaled_and_constant_bits_stay),
        TEST(unscaled_numbers_leave_constant_columns_out),
        TEST(a_large_offset_does_not_spoil_the_deviation),
        TEST(a_gather_is_standardised_and_restore_brings_it_back),
        TEST(an_offset_changes_no_scaled_number),
        TEST(restored_numbers_are_decimals),
        TEST(whole_numbers_that_float64_cannot_tell_apart_are_refused),
        TEST(data_that_cannot_be_scaled_are_refused),
        TEST(other_data_are_checked_against_the_scaling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
