/* linear.c - noisy linear functions of a row: y = A x_0 + noise, all parts as one. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "evidence/evidence.h"

static nq_status linear_check(nq_context *context, const nq_model *model, const double *a,
                              const double *y, const double *sigma, size_t observations,
                              size_t targets)
{
    const size_t columns = nq_model_columns(model);
    if (model->process.family != &nqi_family_gaussian)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "linear evidence needs a gaussian model; this one is %s",
                        nq_model_kernel(model));
    if (!observations)
        return nqi_fail(context, NQ_ERROR_ARGUMENT, "0 linear observations: expected at least 1");
    for (size_t k = 0; k < observations; k++) {
        if (!isfinite(sigma[k]) || sigma[k] <= 0)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "standard deviation of observation %zu is %.9g: expected a positive "
                            "number",
                            k + 1, sigma[k]);
        for (size_t c = 0; c < columns; c++)
            if (!isfinite(a[k * columns + c]))
                return nqi_fail(context, NQ_ERROR_ARGUMENT,
                                "observation %zu, column %zu: its coefficient is not finite",
                                k + 1, c + 1);
    }
    for (size_t j = 0; j < targets * observations; j++)
        if (!isfinite(y[j]))
            return nqi_fail(context, NQ_ERROR_SHAPE,
                            "row %zu, observation %zu: expected a finite number, found %.9g",
                            j / observations + 1, j % observations + 1, y[j]);
    return NQ_OK;
}

/* A diag(deviation), and y - A mean: the same statement on scaled rows. */
static void linear_scale(nq_evidence *out, const double *a, const double *y, const double *sigma)
{
    const nqi_scaling *scaling = &out->model->scaling;
    const size_t count = out->observations;
    for (size_t k = 0; k < count; k++) {
        double middle = 0;
        for (size_t c = 0; c < scaling->columns; c++)
            middle += a[k * scaling->columns + c] * scaling->mean[c];
        for (size_t i = 0; i < scaling->active; i++) {
            const size_t c = scaling->active_index[i];
            out->a[k * scaling->active + i] = a[k * scaling->columns + c] * scaling->deviation[c];
        }
        out->variance[k] = sigma[k] * sigma[k];
        for (size_t r = 0; r < out->targets; r++)
            out->value[r * count + k] = y[r * count + k] - middle;
    }
}

nq_status nq_evidence_linear(nq_evidence **out, nq_context *context, const nq_model *model,
                             const double *a, const double *y, const double *sigma,
                             size_t observations, size_t targets)
{
    *out = NULL;
    nq_status status = linear_check(context, model, a, y, sigma, observations, targets);
    if (status || (status = nqi_evidence_new(out, context, NQI_EVIDENCE_LINEAR, model, targets)))
        return status;
    nq_evidence *evidence = *out;
    evidence->observations = observations;
    evidence->a = calloc(observations * nq_model_dim(model), sizeof *evidence->a);
    evidence->variance = calloc(observations, sizeof *evidence->variance);
    evidence->value = calloc(targets * observations, sizeof *evidence->value);
    if (!evidence->a || !evidence->variance || !evidence->value) {
        nq_evidence_free(evidence);
        *out = NULL;
        return nqi_fail_memory(context, "linear evidence",
                               (targets + nq_model_dim(model)) * observations * sizeof(double));
    }
    linear_scale(evidence, a, y, sigma);
    return NQ_OK;
}

nq_status nqi_linear_factor_new(nqi_linear_factor *out, nq_context *context,
                                const nqi_evidence_list *list, size_t dim)
{
    const size_t count = list->observations;
    memset(out, 0, sizeof *out);
    out->observations = count;
    out->flat = 1;
    if (!count)
        return NQ_OK;
    out->a = calloc(count * (dim + 2 * count), sizeof *out->a);
    if (!out->a)
        return nqi_fail_memory(context, "linear evidence", count * (dim + 2 * count) * 8);
    out->covariance = out->a + count * dim;
    out->root = out->covariance + count * count;
    for (size_t p = 0, at = 0; p < list->linear_count; p++) {
        const size_t numbers = list->linear[p]->observations * dim;
        memcpy(out->a + at, list->linear[p]->a, numbers * sizeof *out->a);
        at += numbers;
    }
    return NQ_OK;
}

void nqi_linear_factor_free(nqi_linear_factor *factor)
{
    free(factor->a);
    memset(factor, 0, sizeof *factor);
}

static double row_product(const double *a, const double *b, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Informed: x_0 = sqrt(abar) x_t + sqrt(1 - abar) noise under pi, so that the covariance is
 * (1 - abar) A A^T + diag(sigma^2). */
void nqi_linear_factor_set(nqi_linear_factor *factor, const nqi_evidence_list *list,
                           nqi_twist twist, const nq_schedule *schedule, size_t t, size_t dim)
{
    const size_t count = factor->observations;
    const int informed = t > 0 && twist == NQI_TWIST_INFORMED;
    const double spread = informed ? schedule->one_minus_alpha_bar[t - 1] : 0;
    factor->signal = informed ? sqrt(schedule->alpha_bar[t - 1]) : 1;
    factor->log_scale = 0;
    factor->flat = !count;
    for (size_t j = 0; j < count; j++)
        for (size_t k = 0; k < count; k++)
            factor->covariance[j * count + k] =
                spread == 0 ? 0
                            : spread * row_product(factor->a + j * dim, factor->a + k * dim, dim);
    for (size_t p = 0, at = 0; p < list->linear_count; p++)
        for (size_t k = 0; k < list->linear[p]->observations; k++, at++) {
            const double variance = list->linear[p]->variance[k];
            nqi_factor one = {.variance = variance};
            if (!informed)
                one = nqi_factor_at(twist, schedule, t, variance);
            factor->covariance[at * count + at] += one.variance;
            factor->log_scale += one.log_scale;
            factor->flat |= one.flat;
        }
    if (!count)
        return;
    memcpy(factor->root, factor->covariance, count * count * sizeof *factor->root);
    factor->flat |= !nqi_cholesky(factor->root, count);
}

int nqi_cholesky(double *a, size_t n)
{
    for (size_t j = 0; j < n; j++)
        for (size_t i = j; i < n; i++) {
            const double rest = a[i * n + j] - row_product(a + i * n, a + j * n, j);
            if (i == j && !(rest > 0))
                return 0;
            a[i * n + j] = i == j ? sqrt(rest) : rest / a[j * n + j];
        }
    return 1;
}

void nqi_cholesky_forward(const double *root, size_t n, double *v)
{
    for (size_t i = 0; i < n; i++)
        v[i] = (v[i] - row_product(root + i * n, v, i)) / root[i * n + i];
}

void nqi_cholesky_backward(const double *root, size_t n, double *v)
{
    for (size_t i = n; i-- > 0;) {
        for (size_t j = i + 1; j < n; j++)
            v[i] -= root[j * n + i] * v[j];
        v[i] /= root[i * n + i];
    }
}
