/* linear.c - evidence on linear functions of a row: y = A x_0 + noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "evidence/kind.h"

/* The first family of which it can be given. */
static const char *normal_name(void)
{
    size_t i = 0;
    while (!nqi_family_at(i)->twisting->is_normal)
        i++;
    return nqi_family_at(i)->name;
}

static nq_status linear_check(nq_context *context, const nq_model *model, const double *a,
                              const double *y, const double *sigma, size_t observations,
                              size_t targets)
{
    char label[NQI_LABEL];
    const size_t columns = nq_model_columns(model);
    if (model->scaling.coding)
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "linear evidence is for models of one kernel; this one is mixed: "
                        "expected known cells or weights of levels");
    if (!nqi_process_is_normal(&model->process))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "linear evidence needs a %s model; this one is %s", normal_name(),
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
                                "observation %zu, %s: its coefficient is not finite", k + 1,
                                nqi_evidence_label(label, model, c));
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
    if (status || (status = nqi_evidence_new(out, context, &nqi_evidence_linear, model, targets)))
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
