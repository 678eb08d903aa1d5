/* test_graph.c - nodes of any number of inputs, and what a full graph says. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"

#include "core/arena.h"
#include "nn/op/layers.h"
#include "nn/run/run.h"

/* Pictures so small that they are one strip: gradients of weights are sums over strips. */
enum { LD = 32, SIDE = 5, PIXELS = SIDE * SIDE, PARTS = 5 };

/* A node of several inputs, made at once or two by two. */
typedef int joiner(nqi_graph *graph, const int *inputs, int count);

static int add_by_two(nqi_graph *graph, const int *inputs, int count)
{
    int sum = inputs[0];
    for (int k = 1; k < count; k++)
        sum = nqi_graph_add(graph, sum, inputs[k]);
    return sum;
}

static int concat_by_two(nqi_graph *graph, const int *inputs, int count)
{
    int joined = inputs[0];
    for (int k = 1; k < count; k++)
        joined = nqi_graph_concat(graph, joined, inputs[k]);
    return joined;
}

static const struct {
    joiner *at_once, *by_two;
} joiners[] = {{nqi_graph_add_all, add_by_two}, {nqi_graph_concat_all, concat_by_two}};

static nqi_graph flat_graph(joiner *join)
{
    nqi_graph graph = {0};
    const int x = nqi_graph_input(&graph, 7);
    int parts[PARTS];
    for (int k = 0; k < PARTS; k++)
        parts[k] = nqi_graph_dense(&graph, "part", x, 6, k & 1 ? NQI_TANH : NQI_IDENTITY);
    graph.output = nqi_graph_dense(&graph, "out", join(&graph, parts, PARTS), 3, NQI_IDENTITY);
    return graph;
}

/* The joined maps are read by a convolution, or within each pixel up to the output. */
static nqi_graph picture_graph(joiner *join, int is_local)
{
    nqi_graph graph = {0};
    const int x = nqi_graph_picture(&graph, 2, SIDE, SIDE);
    int parts[PARTS];
    for (int k = 0; k < PARTS; k++)
        parts[k] = k & 1 ? nqi_graph_pixel(&graph, "part", x, 3, NQI_TANH)
                         : nqi_graph_conv(&graph, "part", x, 3, NQI_TANH);
    const int joined = join(&graph, parts, PARTS);
    graph.output = is_local ? nqi_graph_pixel(&graph, "out", joined, 2, NQI_IDENTITY)
                            : nqi_graph_conv(&graph, "out", joined, 2, NQI_IDENTITY);
    return graph;
}

/* What a network gives for fixed parameters and rows, and where a fixed slope of it leads. */
typedef struct result {
    nqi_graph graph;
    nqi_tape tape;
    float *params, *gradient;
} result;

static void fill(float *out, size_t count, uint64_t seed)
{
    const nqi_stream stream = {seed, NQI_DRAW_TEST, 0, 0};
    for (size_t i = 0; i < count; i++)
        out[i] = 0.3f * (float)nqi_stream_normal(&stream, i);
}

static void result_make(result *out, nqi_graph graph)
{
    out->graph = graph;
    assert_false(graph.failed);
    const size_t count = nqi_graph_parameters(&graph);
    const nqi_node *last = &graph.nodes[graph.output];
    out->params = nqi_aligned_new(count, sizeof *out->params);
    out->gradient = nqi_aligned_new(count, sizeof *out->gradient);
    nqi_tape *tape = &out->tape;
    assert_int_equal(nqi_tape_new(tape, &out->graph, nqi_ops_ref(), LD, NQI_LANES, 2), NQ_OK);
    fill(out->params, count, 1);
    fill(tape->value[graph.input], graph.nodes[graph.input].width * LD, 2);
    tape->params = out->params;
    tape->dense_grad = out->gradient;
    tape->time[0] = tape->time[1] = 1;
    nqi_tape_forward(tape);
    fill(tape->grad[graph.output], last->width * LD, 3);
    nqi_tape_backward(tape);
}

static void result_free(result *r)
{
    nqi_tape_free(&r->tape);
    nqi_graph_free(&r->graph);
    nqi_aligned_free(r->params);
    nqi_aligned_free(r->gradient);
}

static void assert_same(const nqi_graph *at_once, const nqi_graph *by_two)
{
    result a, b;
    result_make(&a, *at_once);
    result_make(&b, *by_two);
    const nqi_node *last = &a.graph.nodes[a.graph.output], *first = &a.graph.nodes[a.graph.input];
    const size_t pixel = sizeof(float) * LD;
    assert_int_equal(nqi_graph_parameters(&a.graph), nqi_graph_parameters(&b.graph));
    for (size_t c = 0; c < (last->map.channels ? last->map.channels : 1); c++) {
        const size_t at = c * last->map.plane * LD;
        assert_memory_equal(a.tape.value[a.graph.output] + at, b.tape.value[b.graph.output] + at,
                            (last->map.channels ? PIXELS : last->width) * pixel);
    }
    assert_memory_equal(a.tape.grad[a.graph.input], b.tape.grad[b.graph.input],
                        first->width * pixel);
    assert_memory_equal(a.gradient, b.gradient, nqi_graph_parameters(&a.graph) * sizeof(float));
    result_free(&a);
    result_free(&b);
}

static void joining_all_at_once_is_joining_two_by_two(void **state)
{
    (void)state;
    for (size_t j = 0; j < sizeof joiners / sizeof *joiners; j++) {
        nqi_graph at_once = flat_graph(joiners[j].at_once),
                  by_two = flat_graph(joiners[j].by_two);
        assert_int_equal(by_two.node_count, at_once.node_count + PARTS - 2);
        assert_same(&at_once, &by_two);
        for (int is_local = 0; is_local < 2; is_local++) {
            at_once = picture_graph(joiners[j].at_once, is_local);
            by_two = picture_graph(joiners[j].by_two, is_local);
            assert_same(&at_once, &by_two);
        }
    }
}

static void inputs_that_come_late_join_the_earlier_ones(void **state)
{
    (void)state;
    nqi_graph graph = {0};
    float *table = calloc(2, sizeof *table);
    const int x = nqi_graph_picture(&graph, 1, 4, 4);
    const int pixel = nqi_graph_pixel(&graph, "pixel", x, 3, NQI_IDENTITY);
    const int time = nqi_graph_time(&graph, table, 1, 1);
    const int flat = nqi_graph_dense(&graph, "flat", time, 3, NQI_IDENTITY);
    nqi_graph_pixel_shift(&graph, pixel, flat);
    const nqi_node *node = &graph.nodes[pixel];
    assert_int_equal(node->input_count, 2);
    assert_int_equal(nqi_node_input(&graph, node, 0), x);
    assert_int_equal(nqi_node_input(&graph, node, 1), flat);
    assert_int_equal(graph.nodes[flat].input_count, 1);
    assert_int_equal(nqi_node_input(&graph, &graph.nodes[flat], 0), time);
    assert_false(graph.failed);
    nqi_graph_free(&graph);
}

static void full_graphs_say_so(void **state)
{
    (void)state;
    nqi_graph nodes = {0}, links = {0}, params = {0}, tables = {0};
    int inputs[NQI_GRAPH_LINKS];
    for (int i = 0; i < NQI_GRAPH_LINKS; i++)
        inputs[i] = 0;
    nqi_graph_input(&nodes, 1);
    for (int i = 1; i < NQI_GRAPH_NODES; i++)
        nqi_graph_activate(&nodes, i - 1, NQI_TANH);
    assert_false(nodes.failed);
    nqi_graph_activate(&nodes, 0, NQI_TANH);
    assert_true(nodes.failed);

    nqi_graph_input(&links, 1);
    nqi_graph_add_all(&links, inputs, NQI_GRAPH_LINKS);
    assert_false(links.failed);
    nqi_graph_add(&links, 0, 0);
    assert_true(links.failed);

    nqi_graph_input(&params, 1);
    for (int i = 0; i < NQI_GRAPH_PARAMS / 2; i++)
        nqi_graph_dense(&params, "dense", 0, 1, NQI_IDENTITY);
    assert_false(params.failed);
    nqi_graph_dense(&params, "dense", 0, 1, NQI_IDENTITY);
    assert_true(params.failed);

    for (int i = 0; i < NQI_GRAPH_TABLES; i++)
        nqi_graph_time(&tables, calloc(2, sizeof(float)), 1, 1);
    assert_false(tables.failed);
    nqi_graph_time(&tables, calloc(2, sizeof(float)), 1, 1);
    assert_true(tables.failed);
    nqi_graph_free(&tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joining_all_at_once_is_joining_two_by_two),
        cmocka_unit_test(inputs_that_come_late_join_the_earlier_ones),
        cmocka_unit_test(full_graphs_say_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
