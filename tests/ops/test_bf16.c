/* test_bf16.c - dense slots in bfloat16 against ref: each factor may be off by 2^-9 of itself. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "ops/ops_test.h"

static const size_t shapes[][3] = {{16, 16, 32},   {17, 19, 48},  {50, 33, 64},  {64, 64, 16},
                                   {5, 64, 64},    {64, 5, 64},   {70, 130, 96}, {37, 531, 272},
                                   {531, 37, 144}, {25, 1100, 32}};
enum { SHAPES = sizeof shapes / sizeof shapes[0], SIZE = 1 << 18 };

typedef struct arrays {
    float *w, *b, *x, *y;
    size_t out, in, rows;
} arrays;

static arrays arrays_make(const size_t shape[3])
{
    return (arrays){normals_new(SIZE, 1),
                    normals_new(SIZE, 2),
                    normals_new(SIZE, 3),
                    normals_new(SIZE, 4),
                    shape[0],
                    shape[1],
                    shape[2]};
}

static void arrays_free(const arrays *a)
{
    nqi_aligned_free(a->w);
    nqi_aligned_free(a->b);
    nqi_aligned_free(a->x);
    nqi_aligned_free(a->y);
}

/* The same with all factors positive: their sum of products bounds the error. */
static void absolutes(arrays *a)
{
    for (size_t i = 0; i < SIZE; i++) {
        a->w[i] = fabsf(a->w[i]);
        a->b[i] = fabsf(a->b[i]);
        a->x[i] = fabsf(a->x[i]);
        a->y[i] = fabsf(a->y[i]);
    }
}

static nqi_dense_size size_of(const arrays *a)
{
    return (nqi_dense_size){a->out, a->in, a->rows};
}

/* Each slot writes to z, of SIZE numbers. */
typedef void slot(const nqi_ops *ops, float *z, const arrays *a, int accumulate);

static void forward(const nqi_ops *ops, float *z, const arrays *a, int accumulate)
{
    const nqi_const_matrix w = {a->w, a->in}, x = {a->x, a->rows};
    ops->dense.forward((nqi_matrix){z, a->rows}, w, accumulate ? NULL : a->b, x, size_of(a),
                       accumulate);
}

static void backward_input(const nqi_ops *ops, float *z, const arrays *a, int accumulate)
{
    const nqi_const_matrix w = {a->w, a->in}, dy = {a->y, a->rows};
    ops->dense.backward_input((nqi_matrix){z, a->rows}, w, dy, size_of(a), accumulate);
}

static void backward_weight(const nqi_ops *ops, float *z, const arrays *a, int accumulate)
{
    float *scratch = floats_new(a->in * a->rows);
    float *db = a->in % 2 ? NULL : z + a->out * a->in;
    const nqi_const_matrix dy = {a->y, a->rows}, x = {a->x, a->rows};
    ops->dense.backward_weight((nqi_matrix){z, a->in}, db, dy, x, size_of(a), accumulate,
                               scratch);
    nqi_aligned_free(scratch);
}

static size_t result_size(slot *run, const arrays *a)
{
    if (run == forward)
        return a->out * a->rows;
    return run == backward_input ? a->in * a->rows : a->out * (a->in + 1);
}

static void check(slot *run, const nqi_ops *ops, const size_t shape[3], int accumulate)
{
    arrays a = arrays_make(shape);
    float *start = normals_new(SIZE, 5), *got = copy_new(start, SIZE);
    float *want = copy_new(start, SIZE), *bound = floats_new(SIZE);
    run(ops, got, &a, accumulate);
    run(nqi_ops_ref(), want, &a, accumulate);
    absolutes(&a);
    run(nqi_ops_ref(), bound, &a, accumulate);
    const size_t size = result_size(run, &a);
    int is_rounded = 0;
    for (size_t i = 0; i < SIZE; i++) {
        const double limit = i < size ? 0x1p-7 * (double)bound[i] + 1e-5 : 0;
        if (fabs((double)got[i] - (double)want[i]) > limit)
            fail_msg("%zu x %zu x %zu: number %zu is %.9g, not %.9g", a.out, a.in, a.rows, i,
                     (double)got[i], (double)want[i]);
        is_rounded |= fabs((double)got[i] - (double)want[i]) > 1e-6 * (double)bound[i] + 1e-3;
    }
    if (a.out >= 16 && a.in >= 16 && a.rows % 32 == 0)
        assert_true(is_rounded); /* so it was bfloat16 that was tested */
    float *const all[] = {start, got, want, bound};
    for (size_t i = 0; i < 4; i++)
        nqi_aligned_free(all[i]);
    arrays_free(&a);
}

static void check_slot(slot *run)
{
    const nqi_ops *ops = nqi_backends_with(kernels(), NQI_BF16);
    if (!ops)
        skip();
    for (size_t i = 0; i < 2 * SHAPES; i++)
        check(run, ops, shapes[i / 2], (int)(i % 2));
}

static void forward_is_near_ref(void **state)
{
    (void)state;
    check_slot(forward);
}

static void backward_input_is_near_ref(void **state)
{
    (void)state;
    check_slot(backward_input);
}

static void backward_weight_is_near_ref(void **state)
{
    (void)state;
    check_slot(backward_weight);
}

/* Numbers of 8 bits or fewer have exact products. */
static void small_integers_are_exact(void **state)
{
    (void)state;
    const nqi_ops *ops = nqi_backends_with(kernels(), NQI_BF16);
    if (!ops)
        skip();
    const size_t shape[3] = {33, 67, 64};
    arrays a = arrays_make(shape);
    float *const all[] = {a.w, a.b, a.x, a.y};
    for (size_t i = 0; i < 4 * SIZE; i++)
        all[i / SIZE][i % SIZE] = roundf(8 * all[i / SIZE][i % SIZE]);
    slot *const slots[] = {forward, backward_input, backward_weight};
    for (size_t i = 0; i < 3; i++) {
        float *got = floats_new(SIZE), *want = floats_new(SIZE);
        slots[i](ops, got, &a, 1);
        slots[i](nqi_ops_ref(), want, &a, 1);
        assert_memory_equal(got, want, SIZE * sizeof *got);
        nqi_aligned_free(got);
        nqi_aligned_free(want);
    }
    arrays_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_is_near_ref),
        cmocka_unit_test(backward_input_is_near_ref),
        cmocka_unit_test(backward_weight_is_near_ref),
        cmocka_unit_test(small_integers_are_exact),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
