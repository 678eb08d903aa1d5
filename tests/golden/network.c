/* network.c - forward passes of small networks through the graph. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "core/arena.h"
#include "golden/golden.h"
#include "kernels.h"
#include "nn/op/layers.h"

enum { BANKS = 2, TIME = 2, LAYERS_MOST = 16 };

/* A network with its parameters, run on one row. */
typedef struct network {
    nqi_graph graph;
    nqi_tape tape;
    nqi_real *params;
} network;

static void network_start(network *out, golden_case *c)
{
    out->params = nqi_aligned_new(nqi_graph_parameters(&out->graph), sizeof *out->params);
    if (!out->params || out->graph.failed ||
        nqi_tape_new(&out->tape, &out->graph, best_kernels(), NQI_LANES, NQI_LANES, 0))
        golden_damaged(c, "the network is too large");
    out->tape.params = out->params;
    out->tape.time[0] = TIME;
}

static void network_free(network *net)
{
    nqi_tape_free(&net->tape);
    nqi_graph_free(&net->graph);
    nqi_aligned_free(net->params);
}

static void set(network *net, const char *name, const double *values)
{
    const nqi_param *param = nqi_graph_param(&net->graph, name);
    nqi_real *at = net->params + nqi_param_position(&net->graph, param) +
                   (param->banked ? (TIME - 1) * net->graph.bank_size : 0);
    for (size_t i = 0; i < param->count; i++)
        at[i] = (nqi_real)values[i];
}

static void run(network *net, const double *x, size_t dim)
{
    nqi_real *input = net->tape.value[net->graph.input];
    for (size_t i = 0; i < dim; i++)
        for (size_t r = 0; r < NQI_LANES; r++)
            input[i * NQI_LANES + r] = (nqi_real)x[i];
    nqi_tape_forward(&net->tape);
}

static void check_node(golden_case *c, const network *net, const char *output, int node)
{
    const size_t width = net->graph.nodes[node].width;
    double *values = golden_new(c, width, sizeof *values);
    for (size_t i = 0; i < width; i++)
        values[i] = (double)net->tape.value[node][i * NQI_LANES];
    golden_check_list(c, output, values, width, golden_float_scale(1));
}

/* Centres c, one width w for all or one each, input x; h are the units. */
static void check_rbf(golden_case *c)
{
    network net = {0};
    size_t dim, count;
    const double *x = golden_input_list(c, "x", 0, &dim);
    const double *centres = golden_input_list(c, "c", 0, &count);
    const int each = cJSON_IsArray(golden_input(c, "w"));
    if (count % dim)
        golden_damaged(c, "input \"c\": expected rows of %zu numbers", dim);
    const size_t units = count / dim;
    double *log_width = golden_new(c, units, sizeof *log_width);
    for (size_t j = 0; j < units; j++)
        log_width[j] =
            log(each ? golden_input_list(c, "w", units, NULL)[j] : golden_number(c, "w"));
    net.graph.output = nqi_graph_rbf(&net.graph, "rbf", nqi_graph_input(&net.graph, dim), units);
    network_start(&net, c);
    set(&net, "rbf.centres", centres);
    set(&net, "rbf.log_width", log_width);
    run(&net, x, dim);
    check_node(c, &net, "h", net.graph.output);
    network_free(&net);
}

/* Sigmoid layers W, b; h is the last; f = sigmoid(V h + c), V being one bank of a readout. */
static void check_mlp(golden_case *c)
{
    network net = {0};
    size_t dim;
    const double *x = golden_input_list(c, "x", 0, &dim);
    const cJSON *weights = golden_input(c, "W"), *biases = golden_input(c, "b");
    const int layers = cJSON_GetArraySize(weights);
    if (layers < 1 || layers > LAYERS_MOST || cJSON_GetArraySize(biases) != layers)
        golden_damaged(c, "inputs \"W\" and \"b\": expected 1 to %d layers each", LAYERS_MOST);
    int node = nqi_graph_input(&net.graph, dim);
    for (int i = 0; i < layers; i++) {
        char name[32];
        snprintf(name, sizeof name, "hidden%d", i);
        node = nqi_graph_dense(&net.graph, name, node,
                               (size_t)cJSON_GetArraySize(cJSON_GetArrayItem(biases, i)),
                               NQI_SIGMOID);
    }
    const int hidden = node;
    const size_t out = (size_t)cJSON_GetArraySize(golden_input(c, "c"));
    node = nqi_graph_readout(&net.graph, "readout", node, out, BANKS);
    net.graph.output = nqi_graph_activate(&net.graph, node, NQI_SIGMOID);
    network_start(&net, c);
    for (int i = 0; i < layers; i++) {
        const nqi_param *weight = &net.graph.params[2 * i], *bias = weight + 1;
        set(&net, weight->name,
            golden_list(c, cJSON_GetArrayItem(weights, i), "W", weight->count, NULL));
        set(&net, bias->name,
            golden_list(c, cJSON_GetArrayItem(biases, i), "b", bias->count, NULL));
    }
    const size_t last = net.graph.nodes[hidden].width;
    set(&net, "readout.weight", golden_input_list(c, "V", out * last, NULL));
    set(&net, "readout.bias", golden_input_list(c, "c", out, NULL));
    run(&net, x, dim);
    if (golden_offers(c, "h"))
        check_node(c, &net, "h", hidden);
    check_node(c, &net, "f", net.graph.output);
    network_free(&net);
}

void golden_check_network(golden_case *c)
{
    if (golden_input_optional(c, "W"))
        check_mlp(c);
    else
        check_rbf(c);
}
