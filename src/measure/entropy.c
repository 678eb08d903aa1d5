/* entropy.c - what the entropy of each reverse step lies between ([SD15] eq. 24), and what the
 * model pays there.
 *
 * The upper bound says that a step of the diffusion does not lower the entropy of x_t. With the
 * divergence from pi falling, H(X_t) - H(X_{t-1}) is at least a multiple of
 *   Gaussian: n - sum of the columns' variances,
 *   bits: sum_i logit(m_i) (c_i - m_i), c_i the mean of column i,
 *   levels: sum_k log(pi_k) (c_k - pi_k), c_k how frequent level k is:
 * the bound holds where these are not negative. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/likelihood.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "measure/usable.h"

static const double tolerance = 0.01; /* of the condition, per number */

/* Means and, by Welford's update, variances of what rows say of each column (nqi_process_laws): of
 * numbers the column's own, of levels how frequent each is. The rows that a bound used. */
static nq_status measure_columns(double *mean, double *variance, nq_context *context,
                                 const nq_model *model, const nq_dataset *data, size_t rows)
{
    const size_t laws = model->process.laws;
    double *law = malloc(laws * sizeof *law);
    nqi_row_reader reader;
    nq_status status = nqi_row_reader_new(&reader, context, model);
    if (status || !law) {
        free(law);
        if (!status)
            nqi_row_reader_free(&reader);
        return status ? status : nqi_fail_memory(context, "a row", 2 * laws * sizeof *law);
    }
    for (size_t r = 0; r < rows && !status; r++) {
        status = r % NQI_TELL_ROWS
                     ? NQ_OK
                     : nqi_tell(context, "looking at rows", (double)r, (double)rows);
        (void)nqi_row_reader_read(&reader, data, (uint64_t)r * nq_dataset_rows(data) / rows, 1);
        nqi_process_laws(&model->process, law, reader.x_0, 1);
        for (size_t i = 0; i < laws; i++) {
            const double gap = law[i] - mean[i];
            mean[i] += gap / (double)(r + 1);
            variance[i] += gap * (law[i] - mean[i]);
        }
    }
    for (size_t i = 0; i < laws; i++)
        variance[i] /= (double)rows;
    nqi_row_reader_free(&reader);
    free(law);
    return status;
}

static void check_condition(nq_entropy *out, const nqi_process *process, const double *mean,
                            const double *variance)
{
    const double rise = nqi_process_entropy_rise(process, mean, variance, &out->largest_variance);
    out->upper_holds = rise >= -tolerance * (double)process->dim;
}

/* Where p(x_0|x_1) is learned, the bound's divergence at t = 1 is its cross-entropy, up to a
 * constant that entropy_first takes back: less what the forward kernel pays it is a cost like the
 * others. */
static double first_cost(const nqi_process *process, const nq_bound *bound)
{
    if (process->first_learned > 1)
        return 0;
    return bound->kl[0] + nqi_process_entropy_first(process, NULL, 0) - bound->entropy_first;
}

static void fill_steps(nq_entropy *out, const nqi_process *process, const double *mean,
                       const nq_bound *bound)
{
    double paid = 0;
    for (size_t t = 1; t <= out->steps; t++) {
        const double step = nqi_process_entropy_step(process, mean, t);
        out->upper[t - 1] = step;
        out->lower[t - 1] = step + nqi_process_entropy_mean(process, mean, t - 1) -
                            nqi_process_entropy_mean(process, mean, t);
        out->kl[t - 1] = t > 1 ? bound->kl[t - 1] : first_cost(process, bound);
        out->kl_se[t - 1] = bound->kl_se[t - 1];
        paid += out->kl[t - 1];
        out->kl_sum[t - 1] = paid;
    }
}

static nq_status account_alloc(nq_entropy *out, nq_context *context, size_t steps)
{
    out->lower = calloc(5 * steps, sizeof(double));
    if (!out->lower)
        return nqi_fail_memory(context, "the entropy account", 5 * steps * sizeof(double));
    out->upper = out->lower + steps;
    out->kl = out->upper + steps;
    out->kl_se = out->kl + steps;
    out->kl_sum = out->kl_se + steps;
    out->steps = steps;
    return NQ_OK;
}

nq_status nq_entropy_account(nq_entropy *out, nq_context *context, const nq_model *model,
                             const nq_dataset *data, const nq_bound *bound)
{
    nq_model *shorter = NULL;
    memset(out, 0, sizeof *out);
    if (bound->steps && bound->steps < nq_model_steps(model)) {
        const nq_status status = nq_model_shorten(&shorter, context, model, bound->steps);
        if (status)
            return status;
        const nq_status told = nq_entropy_account(out, context, shorter, data, bound);
        nq_model_free(shorter);
        return told;
    }
    const nqi_process *process = &model->process;
    if (bound->steps != process->schedule.steps || bound->dim != process->dim || !bound->rows ||
        bound->rows > nq_dataset_rows(data))
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the bound (%zu rows of %zu, %zu steps) is not one of this model and "
                        "data (%zu rows of %zu, %zu steps)",
                        bound->rows, bound->dim, bound->steps, nq_dataset_rows(data),
                        process->dim, process->schedule.steps);
    nqi_usable usable;
    nq_status status = nqi_usable_find(&usable, context, model, data);
    double *mean = calloc(2 * process->laws, sizeof *mean);
    if (!status && !mean)
        status = nqi_fail_memory(context, "column means", 2 * process->laws * sizeof *mean);
    if (status || (status = account_alloc(out, context, bound->steps)) ||
        (status = measure_columns(mean, mean + process->laws, context, model, usable.data,
                                  bound->rows)))
        goto fail;
    out->dim = process->dim;
    out->data_upper = -bound->bound;
    check_condition(out, process, mean, mean + process->laws);
    fill_steps(out, process, mean, bound);
    free(mean);
    nqi_usable_free(&usable);
    return NQ_OK;
fail:
    free(mean);
    nqi_usable_free(&usable);
    nq_entropy_free(out);
    return status;
}

void nq_entropy_free(nq_entropy *entropy)
{
    if (!entropy)
        return;
    free(entropy->lower); /* and the other arrays, which stand behind it */
    memset(entropy, 0, sizeof *entropy);
}
