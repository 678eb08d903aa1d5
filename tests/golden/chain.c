/* chain.c - setting, scoring and sampling a linear Gaussian chain with the library's own steps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "golden/chain.h"

#include <math.h>
#include <string.h>

#include "core/arena.h"
#include "inside.h"
#include "kernels.h"
#include "nn/op/layers.h"

void chain_new(linear_chain *out, golden_case *c, const nq_schedule *schedule, size_t dim,
               size_t rows, int forward_form)
{
    memset(out, 0, sizeof *out);
    const size_t ld = (rows + NQI_LANES - 1) / NQI_LANES * NQI_LANES;
    out->dim = dim;
    golden_process(&out->process, c, schedule, dim, -1, forward_form);
    out->graph.output =
        nqi_graph_readout(&out->graph, "readout", nqi_graph_input(&out->graph, dim), 2 * dim,
                          schedule->steps);
    out->params = nqi_aligned_new(nqi_graph_parameters(&out->graph), sizeof *out->params);
    out->bank_grad = nqi_aligned_new(out->graph.bank_size, sizeof *out->bank_grad);
    if (!out->params || !out->bank_grad ||
        nqi_batch_new(&out->batch, NULL, &out->process, &out->graph, best_kernels(), ld, ld, 2))
        golden_damaged(c, "no memory for a chain of %zu steps", schedule->steps);
    out->batch.tape.params = out->params;
    out->batch.tape.bank_grad = out->bank_grad;
    out->batch.valid_rows = rows;
}

void chain_free(linear_chain *chain)
{
    nqi_batch_free(&chain->batch);
    nqi_graph_free(&chain->graph);
    nqi_process_free(&chain->process);
    nqi_aligned_free(chain->params);
    nqi_aligned_free(chain->bank_grad);
}

static nqi_real *parameter(const linear_chain *chain, const char *name, size_t t)
{
    const nqi_param *param = nqi_graph_param(&chain->graph, name);
    return chain->params + nqi_param_position(&chain->graph, param) +
           (t - 1) * chain->graph.bank_size;
}

/* The library's mean is sqrt(alpha) x_t + cs gain z, its variance sigmoid(z_var + logit beta). */
void chain_set_kernel(linear_chain *chain, size_t t, const double *a, const double *c)
{
    const double beta = chain->process.schedule.beta[t - 1];
    const nqi_gaussian_step *step = gaussian_step(&chain->process, t);
    const double gain = (double)step->cs * (double)step->gain;
    nqi_real *weight = parameter(chain, "readout.weight", t);
    nqi_real *bias = parameter(chain, "readout.bias", t);
    for (size_t i = 0; i < chain->dim; i++) {
        for (size_t j = 0; j < chain->dim; j++) {
            const double kept = i == j ? sqrt(1 - beta) : 0;
            weight[i * chain->dim + j] = (nqi_real)((a[i * chain->dim + j] - kept) / gain);
        }
        bias[chain->dim + i] = (nqi_real)(log(c[i]) - log1p(-c[i]) - log(beta) + log1p(-beta));
    }
}

void chain_set_outputs(linear_chain *chain, size_t t, double weight, double bias, double z_var)
{
    parameter(chain, "readout.weight", t)[0] = (nqi_real)weight;
    parameter(chain, "readout.bias", t)[0] = (nqi_real)bias;
    parameter(chain, "readout.bias", t)[1] = (nqi_real)z_var;
}

void chain_score(linear_chain *chain, size_t t, double weight, int gradient)
{
    nqi_batch *batch = &chain->batch;
    batch->tape.time[0] = (uint32_t)t;
    nqi_batch_corrupt(&chain->process, batch, 0);
    nqi_tape_forward(&batch->tape);
    nqi_batch_divergence(&chain->process, batch, 0, (nqi_real)weight, gradient);
    if (gradient)
        nqi_tape_backward(&batch->tape);
}

/* Fills x_0 and noise with the 4 dim points; the rows after them are zero and do not count. */
static size_t fill_points(linear_chain *chain, const double *root)
{
    const size_t dim = chain->dim, points = 4 * dim;
    const double size = sqrt(2 * (double)dim);
    memset(chain->batch.x_0, 0, dim * chain->batch.tape.ld * sizeof(nqi_real));
    memset(chain->batch.noise, 0, dim * chain->batch.tape.ld * sizeof(nqi_real));
    for (size_t k = 0; k < 2 * dim; k++)
        for (int sign = 0; sign < 2; sign++) {
            const size_t r = 2 * k + (size_t)sign, axis = k % dim;
            const double length = sign ? -size : size;
            if (k >= dim)
                chain->batch.noise[chain_at(chain, axis, r)] = (nqi_real)length;
            for (size_t i = 0; k < dim && i < dim; i++)
                chain->batch.x_0[chain_at(chain, i, r)] =
                    (nqi_real)(length * root[i * dim + axis]);
        }
    return points;
}

double chain_kl(linear_chain *chain, size_t t, const double *root)
{
    const size_t points = fill_points(chain, root);
    double sum = 0;
    chain_score(chain, t, 1, 0);
    for (size_t r = 0; r < points; r++)
        sum += (double)chain->batch.kl[r];
    return sum / (double)points;
}

double chain_mean(linear_chain *chain, const double *root,
                  double (*of)(const nqi_process *, const nqi_real *, size_t))
{
    const size_t points = fill_points(chain, root);
    double sum = 0;
    for (size_t r = 0; r < points; r++)
        sum += of(&chain->process, chain->batch.x_0 + r, chain->batch.tape.ld);
    return sum / (double)points;
}

/* One step of the sampler: rows 0..dim-1 start at unit vectors without noise, the next dim rows at
 * 0 with unit noise, so that they end as the columns of A and of the root of C. */
static void step_columns(linear_chain *chain, size_t t)
{
    nqi_batch *batch = &chain->batch;
    const size_t bytes = chain->dim * batch->tape.ld * sizeof(nqi_real);
    nqi_real *x_t = nqi_batch_x_t(batch);
    memset(x_t, 0, bytes);
    memset(batch->noise, 0, bytes);
    for (size_t i = 0; i < chain->dim; i++) {
        x_t[chain_at(chain, i, i)] = 1;
        batch->noise[chain_at(chain, i, chain->dim + i)] = 1;
    }
    batch->tape.time[0] = (uint32_t)t;
    nqi_tape_forward(&batch->tape);
    nqi_batch_reverse(&chain->process, batch, 0);
}

void chain_model_covariance(linear_chain *chain, double *covariance)
{
    enum { DIM_MOST = 4 };
    const size_t dim = chain->dim;
    const nqi_real *x = nqi_batch_x_t(&chain->batch);
    double before[DIM_MOST * DIM_MOST];
    for (size_t i = 0; i < dim * dim; i++)
        covariance[i] = i % (dim + 1) == 0; /* x_T ~ N(0, I) */
    for (size_t t = chain->process.schedule.steps; t > 0; t--) {
        step_columns(chain, t);
        memcpy(before, covariance, dim * dim * sizeof *before);
        for (size_t i = 0; i < dim; i++)
            for (size_t j = 0; j < dim; j++) {
                double sum = 0;
                for (size_t k = 0; k < dim; k++) {
                    for (size_t l = 0; l < dim; l++)
                        sum += (double)x[chain_at(chain, i, k)] * before[k * dim + l] *
                               (double)x[chain_at(chain, j, l)];
                    sum += (double)x[chain_at(chain, i, dim + k)] *
                           (double)x[chain_at(chain, j, dim + k)];
                }
                covariance[i * dim + j] = sum;
            }
    }
}

double chain_entropy(const linear_chain *chain, size_t t)
{
    return nqi_process_entropy_given_data(&chain->process, chain->batch.x_0, chain->batch.tape.ld,
                                          t);
}

double chain_entropies(const linear_chain *chain)
{
    return chain_entropy(chain, chain->process.schedule.steps) - chain_entropy(chain, 1) -
           nqi_process_entropy_prior(&chain->process);
}
