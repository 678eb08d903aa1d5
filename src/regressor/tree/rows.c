/* rows.c - rows as values of cells: levels as they are, numbers by bins of equal shares. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/tree/tree.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int by_size(const void *a, const void *b)
{
    const nqi_real x = *(const nqi_real *)a, y = *(const nqi_real *)b;
    return (x > y) - (x < y);
}

/* Mean and variance of each bin; bins of one repeated value are as narrow as is still a law. */
static void places_measure(nqi_tree_rows *rows, size_t c, const nqi_real *sample)
{
    const size_t bins = rows->values[c];
    const double least = 1e-6;
    double *mean = rows->place[c], *variance = mean + bins;
    size_t count[NQI_TREE_BINS] = {0};
    for (size_t r = 0; r < rows->rows; r++) {
        const size_t k = rows->code[c * rows->rows + r];
        count[k]++;
        mean[k] += (double)sample[r * rows->cells + c];
    }
    for (size_t k = 0; k < bins; k++)
        mean[k] /= (double)count[k];
    for (size_t r = 0; r < rows->rows; r++) {
        const size_t k = rows->code[c * rows->rows + r];
        const double off = (double)sample[r * rows->cells + c] - mean[k];
        variance[k] += off * off / (double)count[k];
    }
    for (size_t k = 0; k < bins; k++)
        variance[k] = fmax(variance[k], least);
}

/* Cuts a number at quantiles; equal values are never parted. */
static nq_status bins_cut(nqi_tree_rows *rows, nq_context *context, size_t c,
                          const nqi_real *sample)
{
    nqi_real *sorted = malloc(rows->rows * sizeof *sorted), edge[NQI_TREE_BINS];
    size_t bins = 0;
    if (!sorted)
        return nqi_fail_memory(context, "a column", rows->rows * sizeof *sorted);
    for (size_t r = 0; r < rows->rows; r++)
        sorted[r] = sample[r * rows->cells + c];
    qsort(sorted, rows->rows, sizeof *sorted, by_size);
    for (size_t k = 1; k < NQI_TREE_BINS; k++) {
        const nqi_real at = sorted[k * rows->rows / NQI_TREE_BINS];
        if (at > sorted[0] && (!bins || at > edge[bins - 1]))
            edge[bins++] = at;
    }
    for (size_t r = 0; r < rows->rows; r++) {
        size_t k = 0;
        while (k < bins && sample[r * rows->cells + c] >= edge[k])
            k++;
        rows->code[c * rows->rows + r] = (uint16_t)k;
    }
    free(sorted);
    rows->values[c] = bins + 1;
    if (!(rows->place[c] = calloc(2 * rows->values[c], sizeof **rows->place)))
        return nqi_fail_memory(context, "bins of a column", rows->values[c]);
    places_measure(rows, c, sample);
    return NQ_OK;
}

nq_status nqi_tree_rows_make(nqi_tree_rows *out, nq_context *context, const nqi_variate *cell,
                             size_t cells, const nqi_real *sample, size_t rows)
{
    *out = (nqi_tree_rows){.cells = cells, .rows = rows};
    out->values = calloc(cells, sizeof *out->values);
    out->place = calloc(cells, sizeof *out->place);
    out->code = malloc(rows * cells * sizeof *out->code);
    if (!out->values || !out->place || !out->code)
        return nqi_fail_memory(context, "rows of a tree", rows * cells * sizeof *out->code);
    nq_status status = NQ_OK;
    for (size_t c = 0; c < cells && !status; c++) {
        out->values[c] = cell[c].levels;
        if (!cell[c].levels)
            status = bins_cut(out, context, c, sample);
        for (size_t r = 0; cell[c].levels && r < rows; r++) {
            const double x = (double)sample[r * cells + c];
            out->code[c * rows + r] = (uint16_t)fmin(fmax(x, 0), (double)cell[c].levels - 1);
        }
        out->values_all += out->values[c];
    }
    return status;
}

void nqi_tree_rows_free(nqi_tree_rows *rows)
{
    for (size_t c = 0; rows->place && c < rows->cells; c++)
        free(rows->place[c]);
    free(rows->place);
    free(rows->values);
    free(rows->code);
    *rows = (nqi_tree_rows){0};
}
