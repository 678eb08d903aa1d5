/* test_dense.c - dense slots of every table against ref, on shapes that fill tiles or do not. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "ops/ops_test.h"

static const size_t widths[] = {1, 2, 3, 5, 7, 16, 17, 20, 50, 64, 65, 128, 130};
static const size_t row_counts[] = {16, 32, 48, 64, 128, 256};
enum {
    WIDTHS = sizeof widths / sizeof widths[0],
    ROW_COUNTS = sizeof row_counts / sizeof row_counts[0],
    MOST_WIDTH = 130,
    MOST_ROWS = 256 + 32 /* a stride larger than the rows */
};

typedef struct shape {
    size_t out, in, rows, ld, ldw;
    int accumulate;
} shape;

typedef struct arrays {
    float *w, *b, *x, *dy, *start, *want, *got, *scratch;
} arrays;

static arrays arrays_make(size_t size)
{
    return (arrays){normals_new(size, 1), normals_new(size, 2), normals_new(size, 3),
                    normals_new(size, 4), normals_new(size, 5), floats_new(size),
                    floats_new(size),     floats_new(size)};
}

static void arrays_free(const arrays *a)
{
    float *const all[] = {a->w, a->b, a->x, a->dy, a->start, a->want, a->got, a->scratch};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        nqi_aligned_free(all[i]);
}

/* The slot of one table writes `y`, whose `size` elements start the same for all tables; what lies
 * between the rows and the stride must stay. */
typedef void slot(const nqi_ops *ops, float *y, const arrays *a, const shape *s);

static nqi_dense_size size_of(const shape *s)
{
    return (nqi_dense_size){s->out, s->in, s->rows};
}

static void forward(const nqi_ops *ops, float *y, const arrays *a, const shape *s)
{
    const nqi_const_matrix w = {a->w, s->ldw}, x = {a->x, s->ld};
    ops->dense.forward((nqi_matrix){y, s->ld}, w, s->rows % 32 ? NULL : a->b, x, size_of(s),
                       s->accumulate);
}

static void backward_input(const nqi_ops *ops, float *y, const arrays *a, const shape *s)
{
    const nqi_const_matrix w = {a->w, s->ldw}, dy = {a->dy, s->ld};
    ops->dense.backward_input((nqi_matrix){y, s->ld}, w, dy, size_of(s), s->accumulate);
}

/* The bias's gradient lies behind the weight's; every other shape has none. */
static void backward_weight(const nqi_ops *ops, float *y, const arrays *a, const shape *s)
{
    float *db = s->rows % 32 ? NULL : y + s->out * s->ldw;
    const nqi_const_matrix dy = {a->dy, s->ld}, x = {a->x, s->ld};
    ops->dense.backward_weight((nqi_matrix){y, s->ldw}, db, dy, x, size_of(s), s->accumulate,
                               a->scratch);
}

static void check_shape(slot *run, const arrays *a, const shape *s, size_t size, size_t depth)
{
    memcpy(a->want, a->start, size * sizeof *a->want);
    run(nqi_ops_ref(), a->want, a, s);
    char what[96];
    snprintf(what, sizeof what, "out %zu in %zu rows %zu", s->out, s->in, s->rows);
    for (size_t i = 1; i < EXACT_TABLES; i++) {
        if (!table_at(i))
            continue;
        memcpy(a->got, a->start, size * sizeof *a->got);
        run(table_at(i), a->got, a, s);
        assert_all_near(table_at(i)->name, what, a->got, a->want, size, 0,
                        4e-6 * (4 + sqrt((double)depth)));
    }
}

static void check_slot(slot *run, int is_weight)
{
    const size_t size = (MOST_WIDTH + 1) * MOST_ROWS;
    arrays a = arrays_make(size);
    for (size_t at = 0; at < WIDTHS * WIDTHS * ROW_COUNTS; at++) {
        const size_t rows = row_counts[at % ROW_COUNTS];
        const size_t padding = at % 3 * NQI_LANES;
        const shape s = {
            .out = widths[at / ROW_COUNTS % WIDTHS],
            .in = widths[at / ROW_COUNTS / WIDTHS],
            .rows = rows,
            .ld = rows + padding,
            .ldw = widths[at / ROW_COUNTS / WIDTHS] + at % 2,
            .accumulate = (int)(at / 2 % 2),
        };
        const size_t height = run == forward ? s.out : s.in;
        const size_t depth = is_weight ? rows : run == forward ? s.in : s.out;
        check_shape(run, &a, &s, is_weight ? s.out * (s.ldw + 1) : height * s.ld, depth);
    }
    arrays_free(&a);
}

static void forward_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(forward, 0);
}

static void backward_input_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(backward_input, 0);
}

static void backward_weight_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(backward_weight, 1);
}

/* A layer wider and deeper than any block that a kernel may use. */
static void a_large_layer_agrees_with_ref(void **state)
{
    (void)state;
    const shape s = {.out = 531, .in = 777, .rows = 272, .ld = 288, .ldw = 777, .accumulate = 1};
    const size_t size = 778 * 531 + 777 * 288;
    arrays a = arrays_make(size);
    check_shape(forward, &a, &s, s.out * s.ld, s.in);
    check_shape(backward_input, &a, &s, s.in * s.ld, s.out);
    check_shape(backward_weight, &a, &s, s.out * (s.ldw + 1), s.rows);
    arrays_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_agrees_with_ref),
        cmocka_unit_test(backward_input_agrees_with_ref),
        cmocka_unit_test(backward_weight_agrees_with_ref),
        cmocka_unit_test(a_large_layer_agrees_with_ref),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
