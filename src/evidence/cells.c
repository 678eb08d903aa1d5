/* cells.c - evidence on each coordinate by itself: known, noisy, or odds of a bit. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "evidence/evidence.h"

/* What a value of a cell may be. */
typedef enum cell_range { CELL_REAL, CELL_BIT, CELL_PROBABILITY } cell_range;

static const char *const expected[] = {"a finite number", "0 or 1", "a probability from 0 to 1"};

static int in_range(double x, cell_range range)
{
    if (range == CELL_BIT)
        return x == 0 || x == 1;
    return range == CELL_REAL ? isfinite(x) : x >= 0 && x <= 1;
}

static nq_status cell_fail(nq_context *context, const nq_model *model, size_t target,
                           size_t column, double found, cell_range range)
{
    const char *name = nq_model_column_name(model, column);
    char label[64] = "";
    if (name) {
        strcat(label, " (\"");
        strncat(label, name, 48);
        strcat(label, "\")");
    }
    return nqi_fail(context, NQ_ERROR_SHAPE, "row %zu, column %zu%s: expected %s, found %.9g",
                    target + 1, column + 1, label, expected[range], found);
}

/* One row in scaled units; sums the log of what scaling does to densities of its cells. */
static nq_status row_load(nq_evidence *evidence, nq_context *context, const double *row,
                          size_t target, cell_range range, double *log_jacobian)
{
    const nqi_scaling *scaling = &evidence->model->scaling;
    double *out = evidence->value + target * scaling->active;
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const double x = row[c];
        out[i] = NAN;
        if (isnan(x))
            continue;
        if (!in_range(x, range))
            return cell_fail(context, evidence->model, target, c, x, range);
        out[i] = (x - scaling->mean[c]) / scaling->deviation[c];
        *log_jacobian -= log(scaling->deviation[c]);
    }
    return NQ_OK;
}

static nq_status cells_new(nq_evidence **out, nq_context *context, const nq_model *model,
                           const double *values, size_t targets, cell_range range)
{
    const size_t dim = nq_model_dim(model), columns = nq_model_columns(model);
    nq_status status = nqi_evidence_new(out, context, NQI_EVIDENCE_CELLS, model, targets);
    if (status)
        return status;
    nq_evidence *evidence = *out;
    evidence->shift = calloc(targets, sizeof *evidence->shift);
    if (targets <= SIZE_MAX / sizeof(double) / (dim ? dim : 1))
        evidence->value = malloc(targets * dim * sizeof *evidence->value);
    if (!evidence->shift || !evidence->value)
        status = nqi_fail_memory(context, "evidence", targets * dim * sizeof(double));
    for (size_t r = 0; r < targets && !status; r++)
        status = row_load(evidence, context, values + r * columns, r, range, &evidence->shift[r]);
    if (status) {
        nq_evidence_free(evidence);
        *out = NULL;
    }
    return status;
}

static int is_of_bits(const nq_model *model)
{
    return !model->process.family->is_density;
}

static nq_status kind_fail(nq_context *context, const char *what, const char *wants,
                           const nq_model *model)
{
    return nqi_fail(context, NQ_ERROR_UNSUPPORTED, "%s evidence needs a %s model; this one is %s",
                    what, wants, nq_model_kernel(model));
}

nq_status nq_evidence_clamp(nq_evidence **out, nq_context *context, const nq_model *model,
                            const double *values, size_t targets)
{
    const size_t columns = nq_model_columns(model);
    const nq_status status =
        cells_new(out, context, model, values, targets, is_of_bits(model) ? CELL_BIT : CELL_REAL);
    if (status)
        return status;
    nq_evidence *evidence = *out;
    evidence->known = malloc(targets * columns * sizeof *evidence->known);
    if (!is_of_bits(model))
        evidence->variance = calloc(nq_model_dim(model), sizeof *evidence->variance);
    if (!evidence->known || (!is_of_bits(model) && !evidence->variance)) {
        nq_evidence_free(evidence);
        *out = NULL;
        return nqi_fail_memory(context, "known cells", targets * columns * sizeof(double));
    }
    memcpy(evidence->known, values, targets * columns * sizeof *evidence->known);
    return NQ_OK;
}

nq_status nq_evidence_gaussian(nq_evidence **out, nq_context *context, const nq_model *model,
                               const double *y, const double *sigma, size_t targets)
{
    const nqi_scaling *scaling = &model->scaling;
    *out = NULL;
    if (is_of_bits(model))
        return kind_fail(context, "Gaussian", "gaussian", model);
    for (size_t c = 0; c < scaling->columns; c++)
        if (!isfinite(sigma[c]) || sigma[c] <= 0)
            return nqi_fail(
                context, NQ_ERROR_ARGUMENT,
                "standard deviation of column %zu is %.9g: expected a positive number", c + 1,
                sigma[c]);
    const nq_status status = cells_new(out, context, model, y, targets, CELL_REAL);
    if (status)
        return status;
    (*out)->variance = calloc(scaling->active, sizeof *(*out)->variance);
    if (!(*out)->variance) {
        nq_evidence_free(*out);
        *out = NULL;
        return nqi_fail_memory(context, "variances", scaling->active * sizeof(double));
    }
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const double scaled = sigma[c] / scaling->deviation[c];
        (*out)->variance[i] = scaled * scaled;
    }
    return NQ_OK;
}

nq_status nq_evidence_bernoulli(nq_evidence **out, nq_context *context, const nq_model *model,
                                const double *d, size_t targets)
{
    *out = NULL;
    if (!is_of_bits(model))
        return kind_fail(context, "Bernoulli", "binomial", model);
    return cells_new(out, context, model, d, targets, CELL_PROBABILITY);
}
