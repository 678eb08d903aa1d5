/* test_expand_f64.c - levels as a 1 among zeros with their places, its gradient, and the network of
 * tables on it, in double against differences. */
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
#include "nn/op/layers.h"
#include "nn/run/run.h"
#include "regressor/regressor.h"

enum { ROWS = 16, NUMBERS = 4, LEVELS = 3, PLACED = 4, WIDTH = 1 + LEVELS + 1 + PLACED + 1 };

/* A number, a column of 3 levels without an order, a number, one of 4 levels with places. */
static const size_t levels[NUMBERS] = {0, LEVELS, 0, PLACED};
static const nqi_real places[LEVELS + PLACED] = {NAN, NAN, NAN, 0.5, -1.5, 0, 2};
static const nqi_expansion expansion = {levels, places, 0};

static void fill(nqi_real *x, size_t ld)
{
    for (size_t r = 0; r < ROWS; r++) {
        x[r] = sin((double)r);
        x[ld + r] = (double)(r % LEVELS);
        x[2 * ld + r] = cos(3 * (double)r);
        x[3 * ld + r] = (double)(r * r % 7 % PLACED);
    }
}

static void levels_become_ones_and_places(void **state)
{
    (void)state;
    nqi_graph graph = {0};
    nqi_tape tape;
    graph.output = nqi_graph_expand(&graph, nqi_graph_input(&graph, NUMBERS), &expansion);
    assert_false(graph.failed);
    assert_int_equal(graph.nodes[graph.output].width, WIDTH);
    assert_int_equal(nqi_tape_new(&tape, &graph, nqi_ops_ref(), ROWS, ROWS, 0), NQ_OK);
    const size_t ld = tape.ld;
    fill(tape.value[graph.input], ld);
    for (int again = 0; again < 2; again++) { /* nothing is left of the rows before */
        nqi_tape_forward(&tape);
        const nqi_real *x = tape.value[graph.input], *y = tape.value[graph.output];
        for (size_t r = 0; r < ROWS; r++) {
            const size_t a = (size_t)x[ld + r], b = (size_t)x[3 * ld + r];
            assert_true(y[r] == x[r] && y[(1 + LEVELS) * ld + r] == x[2 * ld + r]);
            for (size_t k = 0; k < LEVELS; k++)
                assert_true(y[(1 + k) * ld + r] == (k == a));
            for (size_t k = 0; k < PLACED; k++)
                assert_true(y[(2 + LEVELS + k) * ld + r] == (k == b));
            assert_true(y[(WIDTH - 1) * ld + r] == places[LEVELS + b]);
        }
        for (size_t r = 0; r < ROWS; r++)
            tape.value[graph.input][ld + r] = (double)((r + 1) % LEVELS);
    }
    nqi_tape_free(&tape);
    nqi_graph_free(&graph);
}

/* What a graph says, weighted, as a function of its input and parameters. */
typedef struct problem {
    nqi_graph graph;
    nqi_tape tape;
    nqi_real params[4000], gradient[4000];
} problem;

static double weight_of(size_t j)
{
    return sin(1 + 0.7 * (double)j);
}

static double loss(problem *p)
{
    const size_t ld = p->tape.ld, width = p->graph.nodes[p->graph.output].width;
    double sum = 0;
    nqi_tape_forward(&p->tape);
    for (size_t i = 0; i < width; i++)
        for (size_t r = 0; r < ROWS; r++)
            sum += weight_of(i * ROWS + r) * p->tape.value[p->graph.output][i * ld + r];
    return sum;
}

static void check_gradient(problem *p, nqi_real *at, double got)
{
    const double h = 1e-5, kept = *at;
    *at = kept + h;
    const double above = loss(p);
    *at = kept - h;
    const double below = loss(p);
    *at = kept;
    const double expected = (above - below) / (2 * h);
    if (!(fabs(got - expected) <= 2e-7 * (1 + fabs(expected))))
        fail_msg("gradient %.12g, differences %.12g", got, expected);
}

static void problem_run(problem *p)
{
    const size_t parameters = nqi_graph_parameters(&p->graph);
    assert_true(parameters < sizeof p->params / sizeof *p->params);
    assert_int_equal(nqi_tape_new(&p->tape, &p->graph, nqi_ops_ref(), ROWS, ROWS, 2), NQ_OK);
    const size_t ld = p->tape.ld, width = p->graph.nodes[p->graph.output].width;
    for (size_t i = 0; i < parameters; i++)
        p->params[i] = 0.3 * sin((double)(i * i % 101));
    p->tape.params = p->params;
    p->tape.time[0] = 3;
    p->tape.dense_grad = p->gradient;
    fill(p->tape.value[p->graph.input], ld);
    (void)loss(p);
    nqi_tape_clear(&p->tape);
    for (size_t i = 0; i < width; i++)
        for (size_t r = 0; r < ld; r++)
            p->tape.grad[p->graph.output][i * ld + r] = r < ROWS ? weight_of(i * ROWS + r) : 0;
    nqi_tape_backward(&p->tape);
    for (size_t i = 0; i < parameters; i++)
        check_gradient(p, &p->params[i], p->gradient[i]);
}

static void check_input(problem *p)
{
    const size_t ld = p->tape.ld;
    for (size_t i = 0; i < NUMBERS; i++)
        for (size_t r = 0; r < ROWS; r++) {
            const double got = p->tape.grad[p->graph.input][i * ld + r];
            if (levels[i])
                assert_true(got == 0);
            else
                check_gradient(p, &p->tape.value[p->graph.input][i * ld + r], got);
        }
    nqi_tape_free(&p->tape);
    nqi_graph_free(&p->graph);
}

static void gradients_pass_to_numbers_and_not_to_levels(void **state)
{
    (void)state;
    static problem p;
    memset(&p, 0, sizeof p);
    const int input = nqi_graph_input(&p.graph, NUMBERS);
    const int seen = nqi_graph_expand(&p.graph, input, &expansion);
    const int more = nqi_graph_expand(&p.graph, input, &expansion); /* gradients add up */
    p.graph.output =
        nqi_graph_dense(&p.graph, "a", nqi_graph_add(&p.graph, seen, more), 3, NQI_TANH);
    problem_run(&p);
    check_input(&p);
}

static void table_network_has_layers_that_add_and_an_exact_gradient(void **state)
{
    (void)state;
    enum { STEPS = 5, OUTPUTS = 6 };
    static problem p;
    const nqi_regressor_type *type;
    double clock[(STEPS + 1) * NQI_CLOCKS];
    nqi_regressor network = {0};
    nq_model_options options;
    memset(&p, 0, sizeof p);
    nq_model_options_init(&options, sizeof options);
    strcpy(options.hidden, "7,7");
    strcpy(options.activation, "silu");
    strcpy(options.readout, "embedding");
    for (size_t i = 0; i < (STEPS + 1) * NQI_CLOCKS; i++)
        clock[i] = (double)i / ((STEPS + 1) * NQI_CLOCKS);
    const nqi_regressor_shape shape = {.dim = NUMBERS,
                                       .seen = NUMBERS,
                                       .outputs = OUTPUTS,
                                       .steps = STEPS,
                                       .clock = clock,
                                       .expansion = &expansion};
    assert_int_equal(nqi_regressor_find(&type, NULL, "table"), NQ_OK);
    assert_int_equal(nqi_regressor_make(&network, NULL, type, &shape, &options), NQ_OK);
    const nqi_param *weight = nqi_graph_param(&network.graph, "input.weight");
    assert_non_null(weight);
    assert_non_null(nqi_graph_param(&network.graph, "layer2.weight"));
    assert_null(nqi_graph_param(&network.graph, "layer3.weight"));
    assert_non_null(nqi_graph_param(&network.graph, "readout.step.weight"));
    p.graph = network.graph;
    problem_run(&p);
    check_input(&p);
    strcpy(options.hidden, "7,8");
    assert_int_not_equal(nqi_regressor_make(&network, NULL, type, &shape, &options), NQ_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_become_ones_and_places),
        cmocka_unit_test(gradients_pass_to_numbers_and_not_to_levels),
        cmocka_unit_test(table_network_has_layers_that_add_and_an_exact_gradient),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
