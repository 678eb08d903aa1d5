/* readout_fit.c - normal equations for each time step, and their solution. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/readout_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

/* Part of the mean diagonal added to each: normalised basis functions sum to 1, like the bias, so
 * the equations are singular without it. */
static const double ridge = 1e-9;

nq_status nqi_readout_fit_new(nqi_readout_fit *out, nq_context *context,
                              const nqi_process *process, const nqi_graph *graph,
                              size_t batch_groups)
{
    memset(out, 0, sizeof *out);
    if (graph->features < 0 || graph->nodes[graph->features].width >= NQI_FIT_WIDTH ||
        process->dim > NQI_FIT_WIDTH)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "solving readouts exactly needs a per-step readout of fewer than %d "
                        "features: use --fit-updates 0",
                        NQI_FIT_WIDTH);
    out->process = process;
    out->graph = graph;
    out->features = graph->nodes[graph->features].width + 1;
    const size_t f = out->features, dim = process->dim;
    out->size = 1 + f * f + f * dim + dim;
    out->keep = 0.9;
    out->sums = calloc(process->schedule.steps * out->size, sizeof(double));
    out->groups = calloc(batch_groups * out->size, sizeof(double));
    out->scratch = calloc(f * (f + dim), sizeof(double));
    if (out->sums && out->groups && out->scratch)
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
    memset(fit, 0, sizeof *fit);
}

/* Adds one row with features phi[f] and targets u[dim]. */
static void add_row(const nqi_readout_fit *fit, double *count, const double *phi,
                    const double *u)
{
    const size_t f = fit->features, dim = fit->process->dim;
    double *products = count + 1, *targets = products + f * f, *squares = targets + f * dim;
    *count += 1;
    for (size_t k = 0; k < f; k++) {
        for (size_t l = 0; l <= k; l++)
            products[k * f + l] += phi[k] * phi[l];
        for (size_t i = 0; i < dim; i++)
            targets[k * dim + i] += phi[k] * u[i];
    }
    for (size_t i = 0; i < dim; i++)
        squares[i] += u[i] * u[i];
}

void nqi_readout_fit_measure(nqi_readout_fit *fit, const nqi_batch *batch, size_t group,
                             size_t slot)
{
    const nqi_tape *tape = &batch->tape;
    const nqi_gaussian_step *step = &fit->process->gaussian[tape->time[group] - 1];
    const size_t in = fit->features - 1, dim = fit->process->dim;
    const size_t first = group * tape->group_rows, last = first + tape->group_rows;
    double *sums = fit->groups + slot * fit->size;
    double phi[NQI_FIT_WIDTH], u[NQI_FIT_WIDTH];
    memset(sums, 0, fit->size * sizeof *sums);
    phi[in] = 1;
    for (size_t r = first; r < last && r < batch->valid_rows; r++) {
        for (size_t k = 0; k < in; k++)
            phi[k] = (double)tape->value[fit->graph->features][k * tape->ld + r];
        for (size_t i = 0; i < dim; i++)
            u[i] = (double)step->spread * (double)batch->x_0[i * tape->ld + r] -
                   (double)step->signal * (double)batch->noise[i * tape->ld + r];
        add_row(fit, sums, phi, u);
    }
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

/* Cholesky factor of the lower triangle in place; a pivot that vanishes is a feature that says
 * nothing new and gets weight 0. */
static void factorise(double *a, size_t n)
{
    for (size_t j = 0; j < n; j++) {
        double pivot = a[j * n + j];
        for (size_t k = 0; k < j; k++)
            pivot -= a[j * n + k] * a[j * n + k];
        a[j * n + j] = pivot > 0 ? sqrt(pivot) : INFINITY;
        for (size_t i = j + 1; i < n; i++) {
            double sum = a[i * n + j];
            for (size_t k = 0; k < j; k++)
                sum -= a[i * n + k] * a[j * n + k];
            a[i * n + j] = sum / a[j * n + j];
        }
    }
}

/* b[n][dim] becomes the solution of L L^T x = b. */
static void substitute(const double *l, double *b, size_t n, size_t dim)
{
    for (size_t c = 0; c < dim; c++) {
        for (size_t i = 0; i < n; i++) {
            for (size_t k = 0; k < i; k++)
                b[i * dim + c] -= l[i * n + k] * b[k * dim + c];
            b[i * dim + c] /= l[i * n + i];
        }
        for (size_t i = n; i-- > 0;) {
            for (size_t k = i + 1; k < n; k++)
                b[i * dim + c] -= l[k * n + i] * b[k * dim + c];
            b[i * dim + c] /= l[i * n + i];
        }
    }
}

/* E (u - z)^2 of output i under weights w, from the sums. */
static double residual(const nqi_readout_fit *fit, const double *sums, const double *w,
                       size_t i)
{
    const size_t f = fit->features, dim = fit->process->dim;
    const double *products = sums + 1, *targets = products + f * f, *squares = targets + f * dim;
    double rest = squares[i];
    for (size_t k = 0; k < f; k++) {
        rest += w[k * dim + i] * (w[k * dim + i] * products[k * f + k] - 2 * targets[k * dim + i]);
        for (size_t l = 0; l < k; l++)
            rest += 2 * w[k * dim + i] * w[l * dim + i] * products[k * f + l];
    }
    return fmax(rest / sums[0], 1e-12);
}

static void write_bank(const nqi_readout_fit *fit, const double *sums, const double *w, size_t t,
                       nq_real *bank)
{
    const nqi_process *process = fit->process;
    const nqi_gaussian_step *step = &process->gaussian[t - 1];
    const size_t f = fit->features, in = f - 1, dim = process->dim;
    nq_real *weight = bank + nqi_graph_param(fit->graph, "readout.weight")->offset;
    nq_real *bias = bank + nqi_graph_param(fit->graph, "readout.bias")->offset;
    const double gain = (double)step->gain, cs = (double)step->cs;
    const double v = exp(process->schedule.log_v[t - 1]);
    for (size_t i = 0; i < dim; i++) {
        for (size_t k = 0; k < in; k++) {
            weight[i * in + k] = (nq_real)(w[k * dim + i] / gain);
            weight[(dim + i) * in + k] = 0;
        }
        bias[i] = (nq_real)(w[in * dim + i] / gain);
        /* The best constant variance: S = v + (cs)^2 E (u - z)^2. */
        const double s = fmin(v + cs * cs * residual(fit, sums, w, i), 0.9999);
        bias[dim + i] = (nq_real)(log(s) - log1p(-s) - (double)step->logit_beta);
    }
}

void nqi_readout_fit_solve(nqi_readout_fit *fit, nq_real *params)
{
    const size_t f = fit->features, dim = fit->process->dim;
    double *a = fit->scratch, *w = a + f * f;
    for (size_t t = 2; t <= fit->process->schedule.steps; t++) {
        const double *sums = fit->sums + (t - 1) * fit->size;
        if (sums[0] < (double)f)
            continue;
        double trace = 0;
        memcpy(a, sums + 1, f * f * sizeof *a);
        memcpy(w, sums + 1 + f * f, f * dim * sizeof *w);
        for (size_t k = 0; k < f; k++)
            trace += a[k * f + k];
        for (size_t k = 0; k < f; k++)
            a[k * f + k] += ridge * trace / (double)f;
        factorise(a, f);
        substitute(a, w, f, dim);
        write_bank(fit, sums, w, t,
                   params + fit->graph->dense_count + (t - 1) * fit->graph->bank_size);
    }
}
