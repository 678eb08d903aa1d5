/* test_conv.c - convolutions of every table against ref, and against their own transposes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>

#include "ops/ops_test.h"

typedef struct shape {
    size_t out, in, height, width, rows;
    int accumulate;
    nqi_activation act;
} shape;

/* Maps of a point, lines, odd and even sides; the last ones are for shapes of their own. */
static const size_t maps[][2] = {{1, 1}, {1, 2}, {1, 9}, {7, 1}, {2, 3}, {3, 2}, {5, 7}, {8, 9}};
static const size_t channels[][2] = {{1, 1},  {1, 5},  {4, 1},  {3, 2},   {7, 6},
                                     {12, 3}, {13, 8}, {5, 20}, {20, 17}, {33, 33}};
static const shape large[] = {
    {.out = 20, .in = 20, .height = 28, .width = 28, .rows = 16, .act = NQI_TANH},
    {.out = 32, .in = 3, .height = 32, .width = 32, .rows = 16, .accumulate = 1},
    {.out = 16, .in = 33, .height = 11, .width = 10, .rows = 48, .act = NQI_SOFTPLUS},
    {.out = 17, .in = 16, .height = 14, .width = 13, .rows = 32, .accumulate = 1},
    {.out = 24, .in = 40, .height = 11, .width = 8, .rows = 16, .act = NQI_SIGMOID},
    {.out = 21, .in = 18, .height = 7, .width = 7, .rows = 16, .accumulate = 1},
    {.out = 33, .in = 20, .height = 4, .width = 4, .rows = 64, .act = NQI_TANH},
    {.out = 100, .in = 70, .height = 8, .width = 8, .rows = 16},
    {.out = 70, .in = 66, .height = 12, .width = 12, .rows = 16},
    {.out = 20, .in = 16, .height = 8, .width = 51, .rows = 32},
};
enum {
    MAPS = sizeof maps / sizeof maps[0],
    CHANNELS = sizeof channels / sizeof channels[0],
    LARGE = sizeof large / sizeof large[0],
    SIZE = 3 << 18 /* of every array: more than any shape here needs */
};

/* Deviation of float32 sums from ref's, for terms of size 1. Winograd's transforms make terms up
 * to some ten times larger than those that remain. */
static const double round_off = 4e-6;

typedef struct arrays {
    float *w, *b, *x, *start, *want, *got, *scratch;
} arrays;

static arrays arrays_make(void)
{
    return (arrays){normals_new(SIZE, 1),
                    normals_new(SIZE, 2),
                    normals_new(SIZE, 3),
                    normals_new(SIZE, 4),
                    floats_new(SIZE),
                    floats_new(SIZE),
                    NULL};
}

static void arrays_free(const arrays *a)
{
    float *const all[] = {a->w, a->b, a->x, a->start, a->want, a->got};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        nqi_aligned_free(all[i]);
}

/* Planes of both sides have room between them, and not the same. */
static size_t plane_of(const shape *s)
{
    return s->height * s->width * s->rows;
}

static size_t stride_y(const shape *s)
{
    return plane_of(s) + s->rows;
}

static size_t stride_x(const shape *s)
{
    return plane_of(s) + 2 * s->rows;
}

static nqi_conv_size size_of(const shape *s)
{
    return (nqi_conv_size){s->out, s->in, s->height, s->width, s->rows};
}

/* One slot of one table writes to y, which starts the same for all tables. */
typedef void slot(const nqi_ops *ops, float *y, const arrays *a, const shape *s);

static void forward(const nqi_ops *ops, float *y, const arrays *a, const shape *s)
{
    const nqi_const_matrix x = {a->x, stride_x(s)};
    ops->conv.forward((nqi_matrix){y, stride_y(s)}, a->w, s->rows == 48 ? NULL : a->b, x,
                      size_of(s), s->act, s->accumulate, a->scratch);
}

static void backward_input(const nqi_ops *ops, float *dx, const arrays *a, const shape *s)
{
    const nqi_const_matrix dy = {a->x, stride_x(s)};
    ops->conv.backward_input((nqi_matrix){dx, stride_y(s)}, a->w, dy, size_of(s), s->accumulate,
                             a->scratch);
}

/* The bias's gradient lies behind the weight's. dy is made of the numbers that outputs start with,
 * so that it is independent of x. */
static void backward_weight(const nqi_ops *ops, float *dw, const arrays *a, const shape *s)
{
    float *db = s->accumulate ? dw + s->out * s->in * 9 : NULL;
    const nqi_const_matrix dy = {a->start, stride_y(s)}, x = {a->x, stride_x(s)};
    ops->conv.backward_weight(dw, db, dy, x, size_of(s), a->scratch);
}

/* Scratch is exactly what the table asks for, so that a sanitizer sees what lies beyond. */
static void check(slot *run, arrays *a, const shape *s, double depth)
{
    assert_true(stride_x(s) * (s->out > s->in ? s->out : s->in) <= SIZE);
    memcpy(a->want, a->start, SIZE * sizeof *a->want);
    run(nqi_ops_ref(), a->want, a, s);
    char what[128];
    snprintf(what, sizeof what, "out %zu in %zu map %zu x %zu rows %zu act %d accumulate %d",
             s->out, s->in, s->height, s->width, s->rows, (int)s->act, s->accumulate);
    for (size_t i = 1; i < TABLES; i++) {
        const nqi_ops *ops = table_at(i);
        if (!ops)
            continue;
        memcpy(a->got, a->start, SIZE * sizeof *a->got);
        a->scratch = floats_new(ops->conv.scratch(size_of(s)) + 1);
        run(ops, a->got, a, s);
        nqi_aligned_free(a->scratch);
        assert_all_near(ops->name, what, a->got, a->want, SIZE, 0,
                        round_off * (4 + 4 * sqrt(depth)));
    }
}

static double depth_of(slot *run, const shape *s)
{
    if (run == backward_weight)
        return (double)plane_of(s);
    return 9.0 * (double)(run == forward ? s->in : s->out);
}

static void check_slot(slot *run)
{
    arrays a = arrays_make();
    for (size_t at = 0; at < MAPS * CHANNELS; at++) {
        const shape s = {
            .out = channels[at % CHANNELS][0],
            .in = channels[at % CHANNELS][1],
            .height = maps[at / CHANNELS][0],
            .width = maps[at / CHANNELS][1],
            .rows = 16 * (1 + at % 3),
            .accumulate = (int)(at / 2 % 2),
            .act = (nqi_activation)(at % (NQI_SOFTPLUS + 1)),
        };
        check(run, &a, &s, depth_of(run, &s));
    }
    for (size_t i = 0; i < LARGE; i++)
        check(run, &a, &large[i], depth_of(run, &large[i]));
    arrays_free(&a);
}

static void forward_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(forward);
}

static void backward_input_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(backward_input);
}

static void backward_weight_agrees_with_ref(void **state)
{
    (void)state;
    check_slot(backward_weight);
}

static double dot(const float *x, const float *y, size_t planes, size_t stride_of_x,
                  size_t stride_of_y, size_t plane)
{
    double sum = 0;
    for (size_t p = 0; p < planes; p++)
        for (size_t i = 0; i < plane; i++)
            sum += (double)x[p * stride_of_x + i] * (double)y[p * stride_of_y + i];
    return sum;
}

/* <W x, y> = <x, W^T y> = <dL/dW, W>, where L = <W x, y>. */
static void check_transposes(const nqi_ops *ops, const shape *s)
{
    arrays a = arrays_make();
    a.scratch = floats_new(ops->conv.scratch(size_of(s)) + 1);
    const size_t plane = plane_of(s), weights = s->out * s->in * 9;
    const nqi_const_matrix x = {a.x, stride_x(s)}, dy = {a.start, stride_y(s)};
    ops->conv.forward((nqi_matrix){a.got, stride_y(s)}, a.w, NULL, x, size_of(s), NQI_IDENTITY, 0,
                      a.scratch);
    const double value = dot(a.got, a.start, s->out, stride_y(s), stride_y(s), plane);
    ops->conv.backward_input((nqi_matrix){a.want, stride_x(s)}, a.w, dy, size_of(s), 0,
                             a.scratch);
    const double of_input = dot(a.want, a.x, s->in, stride_x(s), stride_x(s), plane);
    memset(a.want, 0, weights * sizeof *a.want);
    ops->conv.backward_weight(a.want, NULL, dy, x, size_of(s), a.scratch);
    const double of_weight = dot(a.want, a.w, 1, 0, 0, weights);
    const double scale = sqrt(9.0 * (double)(s->in * s->out * plane));
    char what[64];
    snprintf(what, sizeof what, "transposes %zu x %zu", s->height, s->width);
    assert_near(ops->name, what, (float)((of_input - value) / scale), 0, 0, 4e-6);
    assert_near(ops->name, what, (float)((of_weight - value) / scale), 0, 0, 4e-6);
    nqi_aligned_free(a.scratch);
    arrays_free(&a);
}

static void gradients_are_the_transposes_of_the_forward_pass(void **state)
{
    (void)state;
    const shape small = {.out = 3, .in = 5, .height = 4, .width = 7, .rows = 16};
    for (size_t i = 0; i < TABLES; i++) {
        if (!table_at(i))
            continue;
        check_transposes(table_at(i), &small);
        check_transposes(table_at(i), &large[2]);
        check_transposes(table_at(i), &large[4]);
    }
}

/* A picture of one bright pixel: the map is then the weights, turned, around it. */
static void a_bright_pixel_draws_the_weights(void **state)
{
    (void)state;
    enum { SIDE = 3, ROWS = 16, PIXELS = SIDE * SIDE };
    const nqi_conv_size size = {1, 1, SIDE, SIDE, ROWS};
    float w[PIXELS], *x = floats_new(PIXELS * ROWS), *y = floats_new(PIXELS * ROWS);
    for (size_t i = 0; i < PIXELS; i++)
        w[i] = (float)(i + 1);
    x[4 * ROWS + 5] = 2; /* row 5 of the centre */
    for (size_t i = 0; i < TABLES; i++) {
        const nqi_ops *ops = table_at(i);
        if (!ops)
            continue;
        float *scratch = floats_new(ops->conv.scratch(size) + 1);
        ops->conv.forward((nqi_matrix){y, PIXELS * ROWS}, w, NULL,
                          (nqi_const_matrix){x, PIXELS * ROWS}, size, NQI_IDENTITY, 0, scratch);
        for (size_t at = 0; at < PIXELS * ROWS; at++)
            assert_near(ops->name, "bright pixel", y[at],
                        at % ROWS == 5 ? 2 * w[8 - at / ROWS] : 0, 0, 0);
        nqi_aligned_free(scratch);
    }
    nqi_aligned_free(x);
    nqi_aligned_free(y);
}

/* Numbers must not depend on who computes or when: the same call, the same bits. */
static void the_same_call_gives_the_same_bits(void **state)
{
    (void)state;
    slot *const slots[] = {forward, backward_input, backward_weight};
    arrays a = arrays_make();
    for (size_t at = 0; at < 3 * TABLES; at++) {
        const nqi_ops *ops = table_at(at / 3);
        const shape *s = &large[2];
        if (!ops)
            continue;
        const size_t size = ops->conv.scratch(size_of(s)) + 1;
        a.scratch = floats_new(size);
        memcpy(a.want, a.start, SIZE * sizeof *a.want);
        memcpy(a.got, a.start, SIZE * sizeof *a.got);
        slots[at % 3](ops, a.want, &a, s);
        for (size_t i = 0; i < size; i++)
            a.scratch[i] = 1e30f; /* what scratch held does not count */
        slots[at % 3](ops, a.got, &a, s);
        assert_memory_equal(a.got, a.want, SIZE * sizeof *a.got);
        nqi_aligned_free(a.scratch);
    }
    arrays_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forward_agrees_with_ref),
        cmocka_unit_test(backward_input_agrees_with_ref),
        cmocka_unit_test(backward_weight_agrees_with_ref),
        cmocka_unit_test(gradients_are_the_transposes_of_the_forward_pass),
        cmocka_unit_test(a_bright_pixel_draws_the_weights),
        cmocka_unit_test(the_same_call_gives_the_same_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
