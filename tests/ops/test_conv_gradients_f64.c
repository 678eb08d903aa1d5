/* test_conv_gradients_f64.c - gradients of convolutions and pools against central differences. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "backend/ops.h"

enum { ROWS = 16, HEIGHT = 3, WIDTH = 4, OUT = 3, IN = 2, FACTOR = 2, WINDOWS = 4 };
enum { LD = (HEIGHT * WIDTH + 1) * ROWS, WEIGHTS = OUT * IN * 9, SIZE = OUT * LD };

/* L = sum of weight times y, whose gradient by y is weight. */
typedef struct problem {
    double x[SIZE], w[WEIGHTS], b[OUT], y[SIZE], weight[SIZE];
    double dy[SIZE], dx[SIZE], dw[WEIGHTS], db[OUT];
    nqi_activation act;
    int mean;
} problem;

static void draw(double *out, size_t n, uint32_t item)
{
    const nqi_stream stream = {7, NQI_DRAW_TEST, 0, item};
    nqi_ops_ref()->random.normal(out, &stream, 0, n);
}

static problem problem_make(void)
{
    problem p;
    memset(&p, 0, sizeof p);
    draw(p.x, SIZE, 1);
    draw(p.w, WEIGHTS, 2);
    draw(p.b, OUT, 3);
    draw(p.weight, SIZE, 4);
    return p;
}

static double weighted_sum(const problem *p, size_t planes, size_t plane)
{
    double sum = 0;
    for (size_t i = 0; i < planes; i++)
        for (size_t at = i * LD; at < i * LD + plane; at++)
            sum += p->weight[at] * p->y[at];
    return sum;
}

static const nqi_conv_size size = {OUT, IN, HEIGHT, WIDTH, ROWS};
static const nqi_window_size windows = {OUT, HEIGHT, WIDTH, FACTOR, ROWS};

static double conv_loss(problem *p)
{
    nqi_ops_ref()->conv.forward((nqi_matrix){p->y, LD}, p->w, p->b, (nqi_const_matrix){p->x, LD},
                                size, p->act, 0, NULL);
    return weighted_sum(p, OUT, HEIGHT * WIDTH * ROWS);
}

static double pool_loss(problem *p)
{
    nqi_ops_ref()->conv.pool((nqi_matrix){p->y, LD}, (nqi_const_matrix){p->x, LD}, windows,
                             p->mean, 0);
    return weighted_sum(p, OUT, WINDOWS * ROWS);
}

static double unpool_loss(problem *p)
{
    nqi_ops_ref()->conv.unpool((nqi_matrix){p->y, LD}, (nqi_const_matrix){p->x, LD}, windows,
                               p->mean, 0);
    return weighted_sum(p, OUT, HEIGHT * WIDTH * ROWS);
}

/* x is a part of p; `step` leaves some numbers out, as there are many. */
static void check_gradient(double (*loss)(problem *), problem *p, double *x,
                           const double *gradient, size_t n, size_t step)
{
    const double h = 1e-5;
    for (size_t at = 0; at < n; at += step) {
        const double start = x[at];
        x[at] = start + h;
        const double above = loss(p);
        x[at] = start - h;
        const double below = loss(p);
        x[at] = start;
        const double want = (above - below) / (2 * h);
        if (!(fabs(gradient[at] - want) <= 1e-6 * (0.1 + fabs(want))))
            fail_msg("gradient %zu is %.15g, not %.15g", at, gradient[at], want);
    }
}

static void conv_gradients_match_differences(void **state)
{
    (void)state;
    const nqi_activation kinds[] = {NQI_IDENTITY, NQI_SIGMOID, NQI_TANH, NQI_SOFTPLUS};
    const nqi_ops *ops = nqi_ops_ref();
    for (size_t k = 0; k < 4; k++) {
        problem p = problem_make();
        const nqi_const_matrix dy = {p.dy, LD}, x = {p.x, LD};
        p.act = kinds[k];
        conv_loss(&p);
        for (size_t o = 0; o < OUT; o++)
            ops->activate_backward(p.act, p.dy + o * LD, p.weight + o * LD, NULL, p.y + o * LD,
                                   HEIGHT * WIDTH * ROWS, 0);
        ops->conv.backward_input((nqi_matrix){p.dx, LD}, p.w, dy, size, 0, NULL);
        ops->conv.backward_weight(p.dw, p.db, dy, x, size, NULL);
        check_gradient(conv_loss, &p, p.x, p.dx, IN * LD, 5);
        check_gradient(conv_loss, &p, p.w, p.dw, WEIGHTS, 1);
        check_gradient(conv_loss, &p, p.b, p.db, OUT, 1);
    }
}

static void pools_are_each_others_gradients(void **state)
{
    (void)state;
    const nqi_ops *ops = nqi_ops_ref();
    for (int mean = 0; mean < 2; mean++) {
        problem p = problem_make();
        const nqi_const_matrix weight = {p.weight, LD};
        p.mean = mean;
        ops->conv.unpool((nqi_matrix){p.dx, LD}, weight, windows, mean, 0);
        check_gradient(pool_loss, &p, p.x, p.dx, SIZE, 7);
        memset(p.dx, 0, sizeof p.dx);
        ops->conv.pool((nqi_matrix){p.dx, LD}, weight, windows, mean, 0);
        check_gradient(unpool_loss, &p, p.x, p.dx, SIZE, 7);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conv_gradients_match_differences),
        cmocka_unit_test(pools_are_each_others_gradients),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
