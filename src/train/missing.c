/* missing.c - completing rows with gaps, at first from their columns, later from the model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/missing.h"

#include <noneq/posterior.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

enum { TRIES = 1000 };

static int row_has_gap(const nq_real *row, size_t dim)
{
    for (size_t i = 0; i < dim; i++)
        if (isnan(row[i]))
            return 1;
    return 0;
}

/* All rows as reals, [rows][dim]; the numbers of those with gaps. */
static nq_status read_rows(nqi_missing *m, nq_context *context, nq_real *values)
{
    const size_t rows = nq_dataset_rows(m->source), dim = nq_dataset_dim(m->source);
    m->rows = malloc(rows * sizeof *m->rows);
    if (!m->rows)
        return nqi_fail_memory(context, "rows with missing cells", rows * sizeof *m->rows);
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(m->source, r, values + r * dim);
        if (row_has_gap(values + r * dim, dim))
            m->rows[m->count++] = r;
    }
    return NQ_OK;
}

/* An observed value of the column: of a random row, or of the first that has one. */
static nq_real observed_value(const nq_real *values, size_t rows, size_t dim, size_t column,
                              const nqi_stream *stream, uint64_t cell)
{
    for (uint64_t k = 0; k < TRIES; k++) {
        const uint64_t row = nqi_stream_below(stream, cell * TRIES + k, rows);
        if (!isnan(values[row * dim + column]))
            return values[row * dim + column];
    }
    for (size_t r = 0; r < rows; r++)
        if (!isnan(values[r * dim + column]))
            return values[r * dim + column];
    return (nq_real)NAN;
}

static nq_status fill_from_columns(nqi_missing *m, nq_context *context, const nq_real *values,
                                   nq_real *filled, uint64_t seed)
{
    const size_t rows = nq_dataset_rows(m->source), dim = nq_dataset_dim(m->source);
    const nqi_stream stream = {seed, NQI_DRAW_INIT, 1, 0};
    for (size_t k = 0; k < m->count; k++)
        for (size_t i = 0; i < dim; i++) {
            const size_t at = m->rows[k] * dim + i;
            if (!isnan(values[at]))
                continue;
            filled[at] = observed_value(values, rows, dim, i, &stream, m->cells++);
            if (isnan(filled[at]))
                return nqi_fail(context, NQ_ERROR_SHAPE,
                                "column %zu has no value in any row: remove it", i + 1);
        }
    return NQ_OK;
}

nq_status nqi_missing_new(nqi_missing *out, nq_context *context, const nq_dataset *source,
                          uint64_t seed)
{
    const size_t rows = nq_dataset_rows(source), dim = nq_dataset_dim(source);
    memset(out, 0, sizeof *out);
    out->source = source;
    if (!nq_dataset_missing(source, NULL, NULL))
        return NQ_OK;
    nq_real *values = malloc(2 * rows * dim * sizeof *values);
    if (!values)
        return nqi_fail_memory(context, "rows with missing cells",
                               2 * rows * dim * sizeof *values);
    nq_real *filled = values + rows * dim;
    nq_status status = read_rows(out, context, values);
    if (!status) {
        memcpy(filled, values, rows * dim * sizeof *values);
        status = fill_from_columns(out, context, values, filled, seed);
    }
    if (!status)
        status = nq_dataset_from_array(&out->filled, context, filled, rows, dim,
                                       (const char *const *)source->names);
    free(values);
    if (status)
        nqi_missing_free(out);
    return status;
}

void nqi_missing_free(nqi_missing *missing)
{
    if (!missing)
        return;
    nq_dataset_free(missing->filled);
    free(missing->rows);
    missing->filled = NULL;
    missing->rows = NULL;
}

/* The filled set is this file's own copy, so its cells may change. */
static nq_real *filled_row(const nqi_missing *m, uint64_t row)
{
    return (nq_real *)m->filled->owned_values + row * m->filled->dim;
}

/* Posterior draws of `rows` rows in the place of their gaps. */
static nq_status draw_rows(nqi_missing *m, nq_context *context, const nq_model *model,
                           const uint64_t *rows, size_t count, uint64_t seed)
{
    const size_t dim = m->filled->dim;
    nq_real *values = malloc(count * dim * sizeof *values);
    nq_evidence *evidence = NULL;
    nq_posterior posterior = {0};
    nq_posterior_options options;
    nq_status status = values ? NQ_OK
                              : nqi_fail_memory(context, "rows with missing cells",
                                                count * dim * sizeof *values);
    nq_posterior_options_init(&options);
    /* one path a row: particles would cost many times what training does */
    strcpy(options.method, "noised");
    options.jumps = NQI_MISSING_JUMPS;
    options.seed = seed;
    for (size_t k = 0; !status && k < count; k++)
        nq_dataset_row(m->source, rows[k], values + k * dim);
    if (!status && !(status = nq_evidence_clamp(&evidence, context, model, values, count)))
        status = nq_posterior_sample(&posterior, context, model, evidence, &options);
    for (size_t k = 0; !status && k < count; k++)
        memcpy(filled_row(m, rows[k]), posterior.samples + k * dim, dim * sizeof *values);
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    free(values);
    return status;
}

void nqi_missing_mark(const nqi_missing *missing, const nqi_scaling *scaling,
                      const uint64_t *rows, size_t count, nq_real *observed, size_t stride)
{
    nqi_scaling_gather(scaling, missing->source, rows, count, observed, stride);
    for (size_t i = 0; i < scaling->active; i++)
        for (size_t r = 0; r < count; r++)
            observed[i * stride + r] = (nq_real)!isnan(observed[i * stride + r]);
}

nq_status nqi_missing_redraw(nqi_missing *missing, nq_context *context, const nq_model *model,
                             size_t rows, uint64_t seed)
{
    size_t left = rows < missing->count ? rows : missing->count;
    missing->rounds++;
    while (left) {
        const size_t first = (size_t)missing->next;
        const size_t here = missing->count - first < left ? missing->count - first : left;
        const nq_status status = draw_rows(missing, context, model, missing->rows + first, here,
                                           seed + (uint64_t)missing->rounds);
        if (status)
            return status;
        missing->next = (int64_t)((first + here) % missing->count);
        left -= here;
    }
    return NQ_OK;
}

nq_status nqi_complete_rows(nq_dataset **out, nq_context *context, const nq_dataset *data,
                            size_t least)
{
    const size_t rows = nq_dataset_rows(data), dim = nq_dataset_dim(data);
    nq_real *values = malloc(rows * dim * sizeof *values);
    nq_status status = NQ_OK;
    size_t count = 0;
    *out = NULL;
    if (!values)
        return nqi_fail_memory(context, "hold-out rows", rows * dim * sizeof *values);
    for (size_t r = 0; r < rows; r++) {
        nq_dataset_row(data, r, values + count * dim);
        count += row_has_gap(values + count * dim, dim) ? 0 : 1;
    }
    if (count >= least)
        status = nq_dataset_from_array(out, context, values, count, dim,
                                       (const char *const *)data->names);
    free(values);
    return status;
}
