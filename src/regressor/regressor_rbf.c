/* regressor_rbf.c - normalised radial basis functions beside x_t, and a linear readout per step.
 * [SD15] D.1 has the basis functions alone; the linear skip is an addition (docs/results.md says
 * what it is worth). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "nn/op/layers.h"
#include "regressor/regressor.h"

static nq_status rbf_build(nqi_graph *graph, nq_context *context,
                           const nqi_regressor_shape *shape, const nq_model_options *options)
{
    size_t widths[NQI_HIDDEN_LAYERS];
    int layers;
    const nq_status status =
        nqi_widths_parse(widths, &layers, context, "hidden", options->hidden);
    if (status)
        return status;
    if (layers != 1)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "hidden layers \"%s\": an rbf regressor has one layer, such as 16",
                        options->hidden);
    if (strcmp(options->readout, "per-step"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "readout \"%s\": an rbf regressor has a per-step readout",
                        options->readout);
    const int x = nqi_graph_input(graph, shape->dim);
    const int h = nqi_graph_rbf(graph, "rbf", x, widths[0]);
    const int features = nqi_graph_concat(graph, h, x);
    graph->output = nqi_graph_readout(graph, "readout", features, shape->outputs, shape->steps);
    return NQ_OK;
}

static double distance(const nqi_real *a, const nqi_real *b, size_t dim)
{
    double sum = 0;
    for (size_t i = 0; i < dim; i++)
        sum += ((double)a[i] - (double)b[i]) * ((double)a[i] - (double)b[i]);
    return sum;
}

/* k-means++ seeding (Arthur & Vassilvitskii 2007): each next centre is a row drawn with
 * probability proportional to its squared distance from the centres so far. */
static void choose_centres(nqi_real *centres, size_t units, size_t dim, double *nearest,
                           const nqi_stream *stream, const nqi_real *sample, size_t count)
{
    for (size_t i = 0; i < count; i++)
        nearest[i] = 1;
    for (size_t j = 0; j < units; j++) {
        double total = 0;
        for (size_t i = 0; i < count; i++)
            total += nearest[i];
        double left = total * nqi_stream_uniform(stream, j);
        size_t chosen = 0;
        for (; chosen + 1 < count && left > nearest[chosen]; chosen++)
            left -= nearest[chosen];
        memcpy(centres + j * dim, sample + chosen * dim, dim * sizeof *centres);
        for (size_t i = 0; i < count; i++) {
            const double d = distance(sample + i * dim, centres + j * dim, dim);
            nearest[i] = j == 0 ? d : fmin(nearest[i], d);
        }
    }
}

/* Lloyd's iterations; an empty cluster keeps its centre. */
static void refine_centres(nqi_real *centres, size_t units, size_t dim, double *sums,
                           const nqi_real *sample, size_t count)
{
    for (int iteration = 0; iteration < 20; iteration++) {
        memset(sums, 0, units * (dim + 1) * sizeof *sums);
        for (size_t i = 0; i < count; i++) {
            size_t best = 0;
            double least = INFINITY;
            for (size_t j = 0; j < units; j++) {
                const double d = distance(sample + i * dim, centres + j * dim, dim);
                if (d < least) {
                    least = d;
                    best = j;
                }
            }
            sums[best * (dim + 1)]++;
            for (size_t k = 0; k < dim; k++)
                sums[best * (dim + 1) + 1 + k] += (double)sample[i * dim + k];
        }
        for (size_t j = 0; j < units; j++)
            for (size_t k = 0; k < dim && sums[j * (dim + 1)] > 0; k++)
                centres[j * dim + k] =
                    (nqi_real)(sums[j * (dim + 1) + 1 + k] / sums[j * (dim + 1)]);
    }
}

/* A unit's width is its distance to the nearest other centre. */
static void choose_widths(nqi_real *log_width, const nqi_real *centres, size_t units, size_t dim)
{
    for (size_t j = 0; j < units; j++) {
        double least = INFINITY;
        for (size_t k = 0; k < units; k++)
            if (k != j)
                least = fmin(least, distance(centres + j * dim, centres + k * dim, dim));
        log_width[j] = (nqi_real)(isfinite(least) ? 0.5 * log(fmax(least, 1e-4)) : 0);
    }
}

static void rbf_init(const nqi_graph *graph, nqi_real *params, const nqi_stream *stream,
                     const nqi_real *sample, size_t count)
{
    const nqi_param *centres = nqi_graph_param(graph, "rbf.centres");
    const nqi_param *widths = nqi_graph_param(graph, "rbf.log_width");
    const size_t units = centres->shape[0], dim = centres->shape[1];
    nqi_real *c = params + nqi_param_position(graph, centres);
    double *scratch = count ? malloc((count + units * (dim + 1)) * sizeof *scratch) : NULL;
    if (scratch) {
        choose_centres(c, units, dim, scratch, stream, sample, count);
        refine_centres(c, units, dim, scratch + count, sample, count);
    } else {
        for (size_t i = 0; i < units * dim; i++)
            c[i] = (nqi_real)nqi_stream_normal(stream, i);
    }
    choose_widths(params + nqi_param_position(graph, widths), c, units, dim);
    free(scratch);
}

const nqi_regressor_type nqi_regressor_rbf = {.name = "rbf",
                                              .options = " hidden readout ",
                                              .hidden = "16",
                                              .readout = "per-step",
                                              .build = rbf_build,
                                              .init = rbf_init};
