/* test_normal_f64.c - what a normal law says of numbers as outputs, against conditional laws made
 * one by one, and its slope against differences, in double. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "backend/ops.h"
#include "core/cholesky.h"
#include "nn/op/layers.h"
#include "nn/run/run.h"
#include "regressor/regressor.h"

/* A row has DIM numbers, of which the law is of N from FIRST on. */
enum { ROWS = 32, GROUP = 16, N = 3, FIRST = 1, DIM = 5, OUTPUTS = 9, OUTPUT = 2, STEPS = 2 };
enum { LAW = N + N * N + 3 * N + 8 }; /* numbers that are kept */
enum { TARGET, KNOWN, ABSENT };

static const double mean[N] = {0.5, -1, 2};
static const double covariance[N][N] = {{2, 1.2, -0.5}, {1.2, 1, 0.1}, {-0.5, 0.1, 1.5}};

/* A level of the law's number 1, with its place, its output, and its sign. */
enum { PLACED = 1, PLACED_OUTPUT = OUTPUT + 2 * N };
static const nqi_real place[4] = {PLACED, 0.3, PLACED_OUTPUT, -1};

typedef struct law {
    nqi_graph graph;
    nqi_tape tape;
    nqi_real params[LAW];
} law;

static nqi_normal_step step_of(double keep, int is_belief)
{
    return (nqi_normal_step){.root_keep = sqrt(keep),
                             .noise = (1 - keep) / keep,
                             .signal = sqrt(keep),
                             .unit = 1 / sqrt(1 - keep),
                             .is_belief = is_belief,
                             .complement = 1 - keep,
                             .limit = 12,
                             .v = 0.02,
                             .slope = 0.3,
                             .logit_beta = -2};
}

static int role_of(size_t i, size_t r)
{
    return (int)((r / (i == 0 ? 1 : i == 1 ? 3 : 9)) % 3);
}

static law *law_new(int is_belief, int backward)
{
    law *l = calloc(1, sizeof *l);
    nqi_real *table = calloc((STEPS + 1) * sizeof(nqi_normal_step), 1);
    nqi_normal_step *steps = (nqi_normal_step *)(void *)table;
    steps[1] = step_of(0.9, is_belief);
    steps[2] = step_of(0.2, is_belief);
    const nqi_normal_part part = {.place = {.first = FIRST,
                                            .count = N,
                                            .dim = DIM,
                                            .roles = 1,
                                            .output = OUTPUT,
                                            .stride = N,
                                            .levels = 1},
                                  .outputs = OUTPUTS,
                                  .steps = STEPS,
                                  .table = table};
    const int input = nqi_graph_input(&l->graph, 3 * DIM);
    l->graph.output = nqi_graph_normal(&l->graph, "base", input, &part);
    assert_false(l->graph.failed);
    assert_int_equal(l->graph.fixed_count, LAW);
    memcpy(l->params, mean, sizeof mean);
    memcpy(l->params + N, covariance, sizeof covariance);
    for (size_t i = 0; i < N; i++)
        l->params[N + N * N + 3 * i] = -1;
    assert_int_equal(nqi_tape_new(&l->tape, &l->graph, nqi_ops_ref(), ROWS, GROUP, backward),
                     NQ_OK);
    memcpy(l->params + LAW - 8, place, sizeof place);
    l->tape.params = l->params;
    l->tape.time[0] = 1;
    l->tape.time[1] = 2;
    nqi_real *x = l->tape.value[l->graph.input];
    for (size_t i = 0; i < DIM; i++)
        for (size_t r = 0; r < ROWS; r++) {
            const int role = i >= FIRST && i < FIRST + N ? role_of(i - FIRST, r) : TARGET;
            x[i * l->tape.ld + r] = role == ABSENT ? 0 : sin(1 + (double)(7 * i + r));
            x[(DIM + i) * l->tape.ld + r] = role == KNOWN;
            x[(2 * DIM + i) * l->tape.ld + r] = role == ABSENT;
        }
    return l;
}

static void law_free(law *l)
{
    nqi_tape_free(&l->tape);
    nqi_graph_free(&l->graph);
    free(l);
}

/* Mean and variance of number i of x_0 given what is seen of the row, perhaps without what is seen
 * of itself, by its own equations. */
static void given(const law *l, size_t i, size_t r, double keep, int without, double *m,
                  double *v)
{
    const nqi_real *x = l->tape.value[l->graph.input];
    double root[N * N], gap[N], both[N], own[N];
    size_t seen[N], n = 0;
    for (size_t k = 0; k < N; k++)
        if (role_of(k, r) != ABSENT && !(without && k == i))
            seen[n++] = k;
    for (size_t a = 0; a < n; a++) {
        const int known = role_of(seen[a], r) == KNOWN;
        const double noise = known ? 0 : (1 - keep) / keep;
        for (size_t b = 0; b <= a; b++)
            root[a * n + b] = covariance[seen[a]][seen[b]] + (a == b ? noise : 0);
        gap[a] = x[(FIRST + seen[a]) * l->tape.ld + r] / (known ? 1 : sqrt(keep)) - mean[seen[a]];
        both[a] = own[a] = covariance[i][seen[a]];
    }
    nqi_cholesky(root, n);
    nqi_cholesky_forward(root, n, own);
    nqi_cholesky_backward(root, n, own);
    *m = mean[i];
    *v = covariance[i][i];
    for (size_t a = 0; a < n; a++) {
        *m += own[a] * gap[a];
        *v -= own[a] * both[a];
    }
}

static void outputs_are_those_of_the_conditional_law(void **state)
{
    (void)state;
    for (int is_belief = 0; is_belief < 2; is_belief++) {
        law *l = law_new(is_belief, 0);
        const size_t ld = l->tape.ld;
        nqi_tape_forward(&l->tape);
        const nqi_real *y = l->tape.value[l->graph.output];
        for (size_t r = 0; r < ROWS; r++)
            for (size_t i = 0; i < N; i++) {
                const double keep = r < GROUP ? 0.9 : 0.2;
                const nqi_normal_step step = step_of(keep, is_belief);
                const double got = y[(OUTPUT + i) * ld + r];
                const double got_v = y[(OUTPUT + N + i) * ld + r];
                const double x_t = l->tape.value[l->graph.input][(FIRST + i) * ld + r];
                double m, v;
                if (role_of(i, r) != TARGET) {
                    assert_true(got == 0 && got_v == 0);
                    continue;
                }
                given(l, i, r, keep, 0, &m, &v);
                const double own = step.v + step.slope * v;
                const double z =
                    is_belief ? log(v / (1 - keep)) : log(own / (1 - own)) - step.logit_beta;
                assert_true(fabs(got - (m - step.signal * x_t) * step.unit) < 1e-6);
                assert_true(fabs(got_v - z) < 1e-6);
            }
        for (size_t r = 0; r < ROWS; r++) {
            const double own = covariance[PLACED][PLACED], z = place[1];
            double m, v;
            assert_true(y[r] == 0 && y[ld + r] == 0);
            given(l, PLACED, r, r < GROUP ? 0.9 : 0.2, 1, &m, &v);
            const double gained =
                0.5 * (pow(z - mean[PLACED], 2) / own - pow(z - m, 2) / v + log(own / v));
            assert_true(fabs(y[PLACED_OUTPUT * ld + r] + fmin(fmax(gained, -8), 8)) < 1e-6);
        }
        law_free(l);
    }
}

/* Sum of the mean outputs, each with a weight. */
static double weight_of(size_t i, size_t r)
{
    return cos((double)(3 * i + r));
}

static double loss(law *l)
{
    double sum = 0;
    nqi_tape_forward(&l->tape);
    for (size_t i = 0; i < N; i++)
        for (size_t r = 0; r < ROWS; r++)
            sum +=
                weight_of(i, r) * l->tape.value[l->graph.output][(OUTPUT + i) * l->tape.ld + r];
    return sum;
}

static void its_slope_by_noisy_numbers_is_that_of_differences(void **state)
{
    (void)state;
    law *l = law_new(1, 2);
    nqi_real gradient[LAW] = {0};
    const size_t ld = l->tape.ld;
    nqi_real *x = l->tape.value[l->graph.input];
    l->tape.dense_grad = gradient;
    (void)loss(l);
    nqi_tape_clear(&l->tape);
    memset(l->tape.grad[l->graph.output], 0, OUTPUTS * ld * sizeof *x);
    for (size_t i = 0; i < N; i++)
        for (size_t r = 0; r < ROWS; r++)
            l->tape.grad[l->graph.output][(OUTPUT + i) * ld + r] = weight_of(i, r);
    nqi_tape_backward(&l->tape);
    for (size_t i = 0; i < DIM; i++)
        for (size_t r = 0; r < ROWS; r++) {
            const double h = 1e-5, got = l->tape.grad[l->graph.input][i * ld + r];
            const int inside = i >= FIRST && i < FIRST + N;
            double apart = 0;
            for (int side = -1; side < 2; side += 2) {
                x[i * ld + r] += side * h;
                apart += side * loss(l) / (2 * h);
                x[i * ld + r] -= side * h;
            }
            if (inside && role_of(i - FIRST, r) == TARGET)
                assert_true(fabs(got - apart) < 1e-6);
            else
                assert_true(got == 0);
        }
    for (size_t j = 0; j < LAW; j++)
        assert_true(gradient[j] == 0); /* it is not trained */
    law_free(l);
}

/* Number 0 of a row says whether the law's first number counts: where it does not, that one is as
 * if it were absent, and has no output. */
static void numbers_that_do_not_count_are_left_out(void **state)
{
    (void)state;
    law *l = law_new(1, 0);
    const size_t ld = l->tape.ld;
    nqi_real *x = l->tape.value[l->graph.input], absent[OUTPUTS * ROWS];
    for (size_t r = 0; r < ROWS; r++) {
        x[r] = 2;
        x[(2 * DIM + FIRST) * ld + r] = 1;
        x[(DIM + FIRST) * ld + r] = 0;
    }
    nqi_tape_forward(&l->tape);
    const nqi_real *y = l->tape.value[l->graph.output];
    for (size_t j = 0; j < OUTPUTS * ROWS; j++)
        absent[j] = y[j / ROWS * ld + j % ROWS];
    l->params[N + N * N] = 0;
    l->params[N + N * N + 1] = 3;
    l->params[N + N * N + 2] = 2;
    for (int known = 0; known < 2; known++) { /* by the level, the roles being others */
        for (size_t r = 0; r < ROWS; r++) {
            x[r] = known ? 2 : 1;
            x[(2 * DIM + FIRST) * ld + r] = 0;
            x[(DIM + FIRST) * ld + r] = known;
        }
        nqi_tape_forward(&l->tape);
        for (size_t j = 0; j < OUTPUTS * ROWS; j++)
            assert_true(y[j / ROWS * ld + j % ROWS] == absent[j]);
    }
    for (size_t r = 0; r < ROWS; r++)
        x[r] = 1; /* a known one counts but for a gap */
    nqi_tape_forward(&l->tape);
    assert_true(y[(OUTPUT + 1) * ld] != absent[(OUTPUT + 1) * ROWS]);
    law_free(l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(outputs_are_those_of_the_conditional_law),
        cmocka_unit_test(its_slope_by_noisy_numbers_is_that_of_differences),
        cmocka_unit_test(numbers_that_do_not_count_are_left_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
