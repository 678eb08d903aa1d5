/* missing.c - finding rows with gaps, and keeping them completed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/gap/missing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"

enum { TRIES = 1000 };

/* All rows, [rows][dim]; the numbers of those with gaps. */
static nq_status read_rows(nqi_missing *m, nq_context *context, double *values)
{
    const size_t rows = nq_dataset_rows(m->source), dim = nq_dataset_dim(m->source);
    m->rows = malloc(rows * sizeof *m->rows);
    if (!m->rows)
        return nqi_fail_memory(context, "rows with missing cells", rows * sizeof *m->rows);
    for (size_t r = 0; r < rows; r++) {
        size_t gaps = 0;
        nq_dataset_row(values + r * dim, m->source, r);
        for (size_t i = 0; i < dim; i++)
            gaps += isnan(values[r * dim + i]) ? 1 : 0;
        if (gaps)
            m->rows[m->count++] = r;
        const nq_status status = r % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(context);
        if (status)
            return status;
    }
    return NQ_OK;
}

/* An observed value of the column: of a random row, or of the first that has one. row: scratch. */
static double observed_value(const nq_dataset *donors, size_t column, const nqi_stream *stream,
                             uint64_t cell, double *row)
{
    const size_t rows = nq_dataset_rows(donors);
    for (uint64_t k = 0; k < TRIES + rows; k++) {
        const uint64_t r =
            k < TRIES ? nqi_stream_below(stream, cell * TRIES + k, rows) : k - TRIES;
        nq_dataset_row(row, donors, r);
        if (!isnan(row[column]))
            return row[column];
    }
    return (double)NAN;
}

static nq_status fill_from_columns(nqi_missing *m, nq_context *context, const nq_dataset *donors,
                                   double *values, double *row, uint64_t seed)
{
    const size_t dim = nq_dataset_dim(m->source);
    const nqi_stream stream = {seed, NQI_DRAW_INIT, 1, 0};
    uint64_t cells = 0;
    char place[NQI_PLACE];
    for (size_t k = 0; k < m->count; k++) {
        const nq_status status = k % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(context);
        if (status)
            return status;
        for (size_t i = 0; i < dim; i++) {
            double *cell = values + m->rows[k] * dim + i;
            if (!isnan(*cell))
                continue;
            *cell = observed_value(donors, i, &stream, cells++, row);
            if (isnan(*cell))
                return nqi_fail(context, NQ_ERROR_SHAPE, "%s has no value in any row: remove it",
                                nqi_dataset_column(place, m->source, i));
        }
    }
    return NQ_OK;
}

nq_status nqi_missing_new(nqi_missing *out, nq_context *context, const nq_dataset *source,
                          const nq_dataset *donors, uint64_t seed)
{
    const size_t rows = nq_dataset_rows(source), dim = nq_dataset_dim(source);
    memset(out, 0, sizeof *out);
    out->source = source;
    if (!nq_dataset_missing(NULL, NULL, source))
        return NQ_OK;
    double *values = malloc((rows + 1) * dim * sizeof *values);
    if (!values)
        return nqi_fail_memory(context, "rows with missing cells",
                               (rows + 1) * dim * sizeof *values);
    nq_status status = read_rows(out, context, values);
    if (!status)
        status = fill_from_columns(out, context, donors ? donors : source, values,
                                   values + rows * dim, seed);
    if (!status)
        status = nqi_dataset_from_array_like(&out->filled, context, values, rows, source);
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

const nq_dataset *nqi_missing_whole(const nqi_missing *missing)
{
    return missing->filled ? missing->filled : missing->source;
}

/* Of one row: x[i * stride], NaN where a cell is missing. */
static void mark_row(nqi_real *x, size_t dim, size_t stride, int drawn)
{
    int some = 0;
    for (size_t i = 0; i < dim; i++)
        some |= !isnan(x[i * stride]);
    for (size_t i = 0; i < dim; i++)
        x[i * stride] = (nqi_real)(!isnan(x[i * stride]) ? 1 : drawn && some ? -1 : 0);
}

void nqi_missing_mark(const nqi_missing *missing, const nqi_scaling *scaling,
                      const uint64_t *rows, size_t count, nqi_real *scored, size_t stride)
{
    nqi_scaling_gather(scaling, missing->source, rows, count, scored, stride);
    for (size_t r = 0; r < count; r++)
        mark_row(scored + r, scaling->active, stride, missing->rounds > 0);
}

void nqi_missing_put(nqi_missing *missing, size_t k, size_t column, double value)
{
    /* the filled set is this file's own copy, so its cells may change */
    double *values = missing->filled->owned.values;
    values[missing->rows[k] * missing->filled->dim + column] = value;
}

void nqi_missing_fields(nqi_missing *missing, nqi_fields *fields)
{
    nqi_fields_count(fields, 22, "missing_next", &missing->next);
    nqi_fields_count(fields, 23, "missing_rounds", &missing->rounds);
    if (missing->filled)
        nqi_fields_array(fields, 12, "train.filled", NQI_DTYPE_F64, missing->filled->owned.values,
                         nq_dataset_rows(missing->filled) * nq_dataset_dim(missing->filled));
}

const char *nqi_missing_wrong(const nqi_missing *missing)
{
    return missing->next && (size_t)missing->next >= missing->count ? "missing_next" : NULL;
}
