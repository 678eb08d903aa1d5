/* readout_fit.c - normal equations for each time step, and their solution. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/learn/readout_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/cholesky.h"
#include "core/context.h"

/* Part of the mean diagonal added to each: normalised basis functions sum to 1, like the bias, so
 * the equations are singular without it. */
static const double ridge = 1e-13;

int nqi_readout_fit_serves(const nqi_process *process)
{
    return process->block_count == 1 && process->blocks[0].family->readouts;
}

nq_status nqi_readout_fit_new(nqi_readout_fit *out, nq_context *context,
                              const nqi_process *process, const nqi_graph *graph,
                              size_t batch_groups)
{
    memset(out, 0, sizeof *out);
    const size_t f = graph->features < 0 ? 0 : graph->nodes[graph->features].width + 1;
    const size_t dim = process->dim;
    if (!f || f > NQI_FIT_WIDTH || dim > NQI_FIT_WIDTH || dim * f * f > NQI_FIT_SIZE)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "solving readouts exactly is for a per-step readout of few features and "
                        "numbers (features^2 * numbers up to %d): use \036fit_updates 0",
                        NQI_FIT_SIZE);
    out->process = process;
    out->graph = graph;
    out->features = f;
    out->size = 1 + dim * (f * f + f + 1);
    out->sets_variance = 1;
    out->sums = calloc(process->schedule.steps * out->size, sizeof(double));
    out->groups = calloc(batch_groups * out->size, sizeof(double));
    out->scratch = calloc(f * (f + 1), sizeof(double));
    out->shown_sums = calloc(process->schedule.steps * out->size, sizeof(double));
    out->shown = calloc(nqi_graph_parameters(graph), sizeof *out->shown);
    if (out->sums && out->groups && out->scratch && out->shown_sums && out->shown)
        return NQ_OK;
    nqi_readout_fit_free(out);
    return nqi_fail_memory(context, "the readout fit",
                           process->schedule.steps * out->size * sizeof(double));
}

void nqi_readout_fit_free(nqi_readout_fit *fit)
{
    if (!fit)
        return;
    free(fit->sums);
    free(fit->groups);
    free(fit->scratch);
    free(fit->shown_sums);
    free(fit->shown);
    memset(fit, 0, sizeof *fit);
}

/* Where the sums of number i stand in a set. */
static double *number_sums(const nqi_readout_fit *fit, double *set, size_t i)
{
    const size_t f = fit->features;
    return set + 1 + i * (f * f + f + 1);
}

/* Adds one row with features phi[f], target u and weight. */
static void add_row(double *sums, const double *phi, size_t f, double u, double weight)
{
    double *targets = sums + f * f;
    for (size_t k = 0; k < f; k++) {
        const double weighted = weight * phi[k];
        for (size_t l = 0; l <= k; l++)
            sums[k * f + l] += weighted * phi[l];
        targets[k] += weighted * u;
    }
    targets[f] += weight * u * u;
}

void nqi_readout_fit_measure(nqi_readout_fit *fit, const nqi_batch *batch, size_t group,
                             size_t slot)
{
    const nqi_tape *tape = &batch->tape;
    const nqi_block *block = &fit->process->blocks[0];
    const nqi_rows rows = nqi_batch_rows(batch, block, group, 0);
    const size_t in = fit->features - 1, dim = fit->process->dim, ld = tape->ld;
    const size_t first = group * tape->group_rows, last = first + tape->group_rows;
    double *set = fit->groups + slot * fit->size;
    double phi[NQI_FIT_WIDTH];
    memset(set, 0, fit->size * sizeof *set);
    phi[in] = 1;
    for (size_t r = first; r < last && r < batch->valid_rows; r++) {
        set[0] += 1;
        for (size_t k = 0; k < in; k++)
            phi[k] = (double)tape->value[fit->graph->features][k * ld + r];
        for (size_t i = 0; i < dim; i++) {
            double u, weight;
            block->family->readouts->target(block, &rows, i, r - first, !fit->sets_variance, &u,
                                            &weight);
            add_row(number_sums(fit, set, i), phi, fit->features, u, weight);
        }
    }
}

void nqi_readout_fit_mask(const nqi_readout_fit *fit, nqi_real *bank_gradient)
{
    const size_t in = fit->features - 1, dim = fit->process->dim;
    memset(bank_gradient + nqi_graph_param(fit->graph, "readout.weight")->offset, 0,
           dim * in * sizeof *bank_gradient);
    memset(bank_gradient + nqi_graph_param(fit->graph, "readout.bias")->offset, 0,
           dim * sizeof *bank_gradient);
}

void nqi_readout_fit_add(nqi_readout_fit *fit, const uint32_t *time, size_t slots)
{
    for (size_t slot = 0; slot < slots; slot++) {
        double *sums = fit->sums + (time[slot] - 1) * fit->size;
        const double *from = fit->groups + slot * fit->size;
        const double keep = slot && time[slot] == time[slot - 1] ? 1 : fit->keep;
        for (size_t i = 0; i < fit->size; i++)
            sums[i] = keep * sums[i] + from[i];
    }
}

/* Sum of (u - w phi)^2 with weights, from the sums. */
static double residual(const double *sums, const double *w, size_t f)
{
    const double *targets = sums + f * f;
    double rest = targets[f];
    for (size_t k = 0; k < f; k++) {
        rest += w[k] * (w[k] * sums[k * f + k] - 2 * targets[k]);
        for (size_t l = 0; l < k; l++)
            rest += 2 * w[k] * w[l] * sums[k * f + l];
    }
    return rest;
}

/* Weights of number i at step t into its bank. */
static void write_number(const nqi_readout_fit *fit, const double *w, size_t t, size_t i,
                         double square, nqi_real *bank)
{
    const nqi_process *process = fit->process;
    const nqi_block *block = &process->blocks[0];
    const nqi_readout_solution best = block->family->readouts->solution(block, t, square);
    const size_t in = fit->features - 1, dim = process->dim;
    nqi_real *weight = bank + nqi_graph_param(fit->graph, "readout.weight")->offset;
    nqi_real *bias = bank + nqi_graph_param(fit->graph, "readout.bias")->offset;
    const double gain = best.gain;
    for (size_t k = 0; k < in; k++)
        weight[i * in + k] = (nqi_real)(w[k] / gain);
    bias[i] = (nqi_real)(w[in] / gain);
    if (!fit->sets_variance)
        return;
    memset(weight + (dim + i) * in, 0, in * sizeof *weight);
    bias[dim + i] = (nqi_real)best.second;
}

static void solve_number(nqi_readout_fit *fit, double *set, size_t t, size_t i, nqi_real *bank)
{
    const size_t f = fit->features;
    const double *sums = number_sums(fit, set, i);
    double *a = fit->scratch, *w = a + f * f, trace = 0;
    memcpy(a, sums, f * f * sizeof *a);
    memcpy(w, sums + f * f, f * sizeof *w);
    for (size_t k = 0; k < f; k++)
        trace += a[k * f + k];
    for (size_t k = 0; k < f; k++)
        a[k * f + k] += ridge * trace / (double)f;
    nqi_cholesky(a, f); /* a feature that says nothing new gets weight 0 */
    nqi_cholesky_forward(a, f, w);
    nqi_cholesky_backward(a, f, w);
    write_number(fit, w, t, i, fmax(residual(sums, w, f) / set[0], 1e-12), bank);
}

void nqi_readout_fit_solve(nqi_readout_fit *fit, nqi_real *params)
{
    for (size_t t = fit->process->first_learned; t <= fit->process->schedule.steps; t++) {
        double *set = fit->sums + (t - 1) * fit->size;
        nqi_real *bank = params + fit->graph->dense_count + (t - 1) * fit->graph->bank_size;
        for (size_t i = 0; set[0] >= (double)fit->features && i < fit->process->dim; i++)
            solve_number(fit, set, t, i, bank);
    }
}

void nqi_readout_fit_fields(nqi_readout_fit *fit, nqi_fields *fields)
{
    nqi_fields_number(fields, 6, "fit_keep", &fit->keep);
    if (fit->sums)
        nqi_fields_array(fields, 11, "train.fit", NQI_DTYPE_F64, fit->sums,
                         fit->process->schedule.steps * fit->size);
}

const char *nqi_readout_fit_wrong(const nqi_readout_fit *fit)
{
    return fit->sums && !(fit->keep >= 0 && fit->keep <= 1) ? "fit_keep" : NULL;
}
