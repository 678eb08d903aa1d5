/* regressor.c - the list of regressors, their option texts and initial weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/regressor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/arena.h"
#include "core/context.h"

/* A new regressor is a file here and its name below. */
#define NQI_REGRESSORS(X) X(rbf) X(mlp) X(image) X(table) X(tree) X(kernel) X(forest)

#define NQI_REGRESSOR_DECLARE(name) extern const nqi_regressor_type nqi_regressor_##name;
#define NQI_REGRESSOR_LIST(name) &nqi_regressor_##name,
NQI_REGRESSORS(NQI_REGRESSOR_DECLARE)

static const nqi_regressor_type *const types[] = {NQI_REGRESSORS(NQI_REGRESSOR_LIST)};
enum { TYPES = sizeof types / sizeof types[0], WIDTH_MAX = 1 << 16 };

const nqi_regressor_type *nqi_regressor_at(size_t i)
{
    return i < TYPES ? types[i] : NULL;
}

int nqi_regressor_is_of_pictures(const char *name)
{
    for (int i = 0; i < TYPES; i++)
        if (!strcmp(types[i]->name, name))
            return types[i]->of_pictures;
    return 0;
}

static const char *type_name(size_t i)
{
    return i < TYPES ? types[i]->name : NULL;
}

nq_status nqi_regressor_find(const nqi_regressor_type **out, nq_context *context,
                             const char *name)
{
    for (int i = 0; i < TYPES; i++)
        if (!strcmp(types[i]->name, name)) {
            *out = types[i];
            return NQ_OK;
        }
    return nqi_fail_unknown(context, "regressor", name, type_name);
}

static int ends_in(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);
    return n >= m && !strcmp(text + n - m, end);
}

static void init_normal(const nqi_param *param, double gain, nqi_real *weights,
                        const nqi_stream *stream)
{
    const double inputs = (double)(param->count / param->shape[0]);
    const double deviation = gain / sqrt(inputs);
    for (size_t i = 0; i < param->count; i++)
        weights[i] = (nqi_real)(deviation * nqi_stream_normal(stream, i));
}

nq_status nqi_regressor_make(nqi_regressor *out, nq_context *context,
                             const nqi_regressor_type *type, const nqi_regressor_shape *shape,
                             const nq_model_options *options)
{
    out->type = type;
    if (type->predict) {
        out->cells = shape->dim;
        if (!(out->cell = malloc(shape->dim * sizeof *out->cell)))
            return nqi_fail_memory(context, "cells of a row", shape->dim * sizeof *out->cell);
        memcpy(out->cell, shape->cell, shape->dim * sizeof *out->cell);
    }
    const nq_status status = type->build(&out->graph, context, shape, options);
    if (!status && out->graph.failed)
        return nqi_fail(
            context, NQ_ERROR_ARGUMENT,
            "the network has too many layers: expected fewer \036layers, \036scales or "
            "sizes of \036unet");
    return status;
}

nq_status nqi_regressor_fill(nqi_regressor *regressor, nq_context *context)
{
    const size_t count = nqi_graph_parameters(&regressor->graph);
    regressor->params = nqi_aligned_new(count, sizeof *regressor->params);
    return regressor->params
               ? NQ_OK
               : nqi_fail_memory(context, "the parameters", count * sizeof *regressor->params);
}

void nqi_regressor_free(nqi_regressor *regressor)
{
    if (!regressor)
        return;
    if (regressor->opened)
        regressor->type->opening.close(regressor);
    nqi_graph_free(&regressor->graph);
    nqi_aligned_free(regressor->params);
    free(regressor->cell);
    free(regressor->opened);
    regressor->opened = NULL;
    regressor->params = NULL;
    regressor->cell = NULL;
}

nq_status nqi_regressor_open(nqi_regressor *regressor, nq_context *context)
{
    const nqi_opening *opening = &regressor->type->opening;
    if (!opening->open || regressor->opened)
        return NQ_OK;
    regressor->opened = calloc(1, opening->size);
    return regressor->opened
               ? opening->open(regressor, context)
               : nqi_fail_memory(context, "a regressor that was fitted", opening->size);
}

/* One without a gradient looks at all its numbers. */
double nqi_regressor_cost(const nqi_regressor *regressor)
{
    return regressor->type->predict ? 2 * (double)nqi_graph_parameters(&regressor->graph)
                                    : nqi_graph_cost(&regressor->graph);
}

void nqi_regressor_init(nqi_regressor *regressor, uint64_t seed, const nqi_real *sample,
                        size_t count)
{
    const nqi_graph *graph = &regressor->graph;
    nqi_real *params = regressor->params;
    memset(params, 0, nqi_graph_parameters(graph) * sizeof *params);
    for (int i = 0; i < graph->param_count; i++) {
        const nqi_param *param = &graph->params[i];
        const nqi_stream stream = {seed, NQI_DRAW_PARAMS, (uint32_t)i, 0};
        if (ends_in(param->name, ".weight") && strncmp(param->name, "readout", 7))
            init_normal(param, graph->gain, params + nqi_param_position(graph, param), &stream);
    }
    const nqi_stream stream = {seed, NQI_DRAW_INIT, 0, 0};
    if (regressor->type->init)
        regressor->type->init(graph, params, &stream, sample, count);
}

void nqi_variate_say(const nqi_variate *variate, nqi_real *said, nqi_real *variance, size_t ld,
                     nqi_real x_0, int known)
{
    const nqi_real certain = 1000, vague = 1e6;
    if (!variate->levels) {
        *said = known ? x_0 : 0;
        *variance = known ? 0 : vague;
    } else if (variate->levels == 2) {
        *said = known ? (x_0 > 0 ? certain : -certain) : 0;
    } else {
        for (size_t k = 0; k < variate->levels; k++)
            said[k * ld] =
                known && k != nqi_level_of((double)x_0, variate->levels) ? -certain : 0;
    }
}

nq_status nqi_widths_parse(size_t widths[NQI_HIDDEN_LAYERS], int *count, nq_context *context,
                           const char *field, const char *text)
{
    *count = 0;
    for (const char *at = text; *at;) {
        char *end;
        const long width = strtol(at, &end, 10);
        const int is_last = !*end;
        if (end == at || width < 1 || width > WIDTH_MAX || *count == NQI_HIDDEN_LAYERS ||
            (!is_last && (*end != ',' || !end[1])))
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "\036%s \"%s\": expected up to %d widths between 1 and %d "
                            "separated by commas, such as 50,50,50",
                            field, text, NQI_HIDDEN_LAYERS, WIDTH_MAX);
        widths[(*count)++] = (size_t)width;
        at = end + !is_last;
    }
    if (!*count)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "\036%s: no widths are given", field);
    return NQ_OK;
}

nq_status nqi_activation_parse(nqi_activation *out, nq_context *context, const char *text)
{
    static const char *const names[] = {"identity", "sigmoid", "tanh", "silu", "softplus", NULL};
    for (int i = 1; names[i]; i++)
        if (!strcmp(names[i], text)) {
            *out = (nqi_activation)i;
            return NQ_OK;
        }
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    "unknown activation \"%s\": expected sigmoid, tanh, silu or softplus", text);
}
