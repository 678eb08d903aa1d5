/* test_delegate.c - a backend of a few slots works as whole ones do: the others are those of the
 * backend that it is over, and at last the reference's. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ops/ops_test.h"

static void add_one_more(float *y, const float *x, size_t n)
{
    for (size_t i = 0; i < n; i++)
        y[i] += x[i] + 1;
}

static double count_numbers(const float *x, size_t n)
{
    (void)x;
    return (double)n;
}

static const nqi_ops toy = {.name = "toy", .vadd = add_one_more};

static const nqi_ops *toy_table(void)
{
    return &toy;
}

static const nqi_ops over_toy = {.name = "over toy",
                                 .precision = NQI_BF16,
                                 .over = toy_table,
                                 .sum_squares = count_numbers};

/* The slots from `dense` on, as they lie in memory. */
static const char *slots_of(const nqi_ops *ops)
{
    return (const char *)ops + offsetof(nqi_ops, dense);
}

enum { SLOTS_SIZE = sizeof(nqi_ops) - offsetof(nqi_ops, dense) };

static void a_backend_of_one_slot_is_the_reference_but_for_it(void **state)
{
    (void)state;
    nqi_ops all;
    nqi_ops_complete(&all, &toy);
    assert_string_equal(all.name, "toy");
    assert_int_equal(all.precision, NQI_EXACT);
    assert_true(all.vadd == add_one_more);
    all.vadd = nqi_ops_ref()->vadd;
    assert_memory_equal(slots_of(&all), slots_of(nqi_ops_ref()), SLOTS_SIZE);
}

static void a_backend_over_another_has_its_slots_too(void **state)
{
    (void)state;
    nqi_ops all;
    nqi_ops_complete(&all, &over_toy);
    assert_string_equal(all.name, "over toy");
    assert_int_equal(all.precision, NQI_BF16);
    assert_true(all.vadd == add_one_more && all.sum_squares == count_numbers);
    all.vadd = nqi_ops_ref()->vadd;
    all.sum_squares = nqi_ops_ref()->sum_squares;
    assert_memory_equal(slots_of(&all), slots_of(nqi_ops_ref()), SLOTS_SIZE);
}

/* What is its own is called, and what is not gives the reference's numbers. */
static void a_partial_backend_computes(void **state)
{
    (void)state;
    enum { WIDTH = 3, ROWS = 16 };
    const nqi_dense_size size = {WIDTH, WIDTH, ROWS};
    float *w = normals_new(WIDTH * WIDTH, 1), *x = normals_new(WIDTH * ROWS, 2);
    float *got = floats_new(WIDTH * ROWS), *want = floats_new(WIDTH * ROWS);
    const nqi_const_matrix weight = {w, WIDTH}, from = {x, ROWS};
    nqi_ops all;
    nqi_ops_complete(&all, &toy);
    all.dense.forward((nqi_matrix){got, ROWS}, weight, NULL, from, size, 0);
    nqi_ops_ref()->dense.forward((nqi_matrix){want, ROWS}, weight, NULL, from, size, 0);
    assert_memory_equal(got, want, WIDTH * ROWS * sizeof *got);
    all.vadd(got, x, ROWS);
    for (size_t r = 0; r < ROWS; r++)
        assert_true(got[r] == want[r] + (x[r] + 1));
    float *const arrays[] = {w, x, got, want};
    for (size_t i = 0; i < 4; i++)
        nqi_aligned_free(arrays[i]);
}

/* Of the tables of this machine, one is over another: all but its dense slots are that one's. */
static void bfloat16_differs_in_dense_slots_alone(void **state)
{
    (void)state;
    const nqi_ops *rounded = nqi_backends_with(kernels(), NQI_BF16);
    const nqi_ops *exact = nqi_backends_named(kernels(), "avx512");
    if (!rounded)
        skip();
    nqi_ops all = *rounded;
    assert_true(all.dense.forward != exact->dense.forward);
    assert_true(all.dense.backward_input != exact->dense.backward_input);
    assert_true(all.dense.backward_weight != exact->dense.backward_weight);
    all.dense = exact->dense;
    assert_memory_equal(slots_of(&all), slots_of(exact), SLOTS_SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_backend_of_one_slot_is_the_reference_but_for_it),
        cmocka_unit_test(a_backend_over_another_has_its_slots_too),
        cmocka_unit_test(a_partial_backend_computes),
        cmocka_unit_test(bfloat16_differs_in_dense_slots_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
