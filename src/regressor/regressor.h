/* regressor.h - learned functions (x_t, t) -> outputs. Nothing here knows of a diffusion. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_REGRESSOR_H
#define NQI_REGRESSOR_REGRESSOR_H

#include <noneq/options.h>

#include "core/real.h"
#include "nn/graph/graph.h"

enum { NQI_CLOCKS = 2, NQI_HIDDEN_LAYERS = 16 };

/* What a regressor is built for. */
typedef struct nqi_regressor_shape {
    size_t dim;          /* numbers in a row */
    size_t seen;         /* numbers that a network sees: a row, and what is said of it */
    size_t outputs;      /* outputs for each number; output o of number i is o * dim + i */
    size_t steps;        /* T */
    const double *clock; /* [T + 1][NQI_CLOCKS], each in 0..1: where in the process step t is */
    double dropout;
    size_t channels, height, width; /* of rows that are pictures; channels 0: they are not */
} nqi_regressor_shape;

typedef struct nqi_regressor_type {
    const char *name;
    const char *options; /* fields of nq_model_options, between blanks, that not all look at */
    nq_status (*build)(nqi_graph *graph, nq_context *context, const nqi_regressor_shape *shape,
                       const nq_model_options *options);
    /* Sets the parameters that nqi_regressor_init's rule does not suit; may be NULL. sample is
     * [count][dim], typical rows. */
    void (*init)(const nqi_graph *graph, nqi_real *params, const nqi_stream *stream,
                 const nqi_real *sample, size_t count);
} nqi_regressor_type;

extern const nqi_regressor_type nqi_regressor_rbf, nqi_regressor_mlp, nqi_regressor_image;

/* The i-th of the list, or NULL. */
const nqi_regressor_type *nqi_regressor_at(size_t i);
/* By options->regressor; NQ_ERROR_ARGUMENT names the known ones. */
nq_status nqi_regressor_find(const nqi_regressor_type **out, nq_context *context,
                             const char *name);
/* Initial parameters [nqi_graph_parameters]: weights normal with variance gain / inputs, biases
 * and readouts zero, so that an untrained regressor gives 0. */
void nqi_regressor_init(const nqi_regressor_type *type, const nqi_graph *graph, nqi_real *params,
                        uint64_t seed, const nqi_real *sample, size_t count);

/* "50,50,50" to widths; returns their number. NQ_ERROR_ARGUMENT as a status. */
nq_status nqi_hidden_parse(size_t widths[NQI_HIDDEN_LAYERS], int *count, nq_context *context,
                           const char *text);
/* NQ_ERROR_ARGUMENT unless all widths are equal. */
nq_status nqi_hidden_equal(nq_context *context, const size_t *widths, int layers);
nq_status nqi_activation_parse(nqi_activation *out, nq_context *context, const char *text);

/* Features of the time step for networks that have t as an input: cosines of both clocks.
 * [T + 1][*width], malloc'ed. */
nqi_real *nqi_time_features(const nqi_regressor_shape *shape, size_t *width);
/* Residual blocks of `layers` equal widths that have features of the step as an input; the last
 * node, activated. */
int nqi_residual_layers(nqi_graph *graph, const nqi_regressor_shape *shape, int features,
                        size_t width, int layers, nqi_activation activation);
/* Shares of `bumps` readouts at each step ([SD15] eq. 70), centres evenly over the second clock:
 * [T + 1][bumps] malloc'ed, or NULL. */
nqi_real *nqi_time_bumps(const nqi_regressor_shape *shape, size_t bumps);

#endif
