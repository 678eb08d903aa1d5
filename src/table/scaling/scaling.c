/* scaling.c - measuring and applying the constants that bring data to mean 0 and variance 1. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/scaling/scaling.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/text.h"

/* Welford's running moments of every column: B. P. Welford, Technometrics 4 (1962) 419. They are of
 * what is left when the first row is subtracted, which is exact enough whatever the offset. */
typedef struct moments {
    double *mean;    /* [columns]; in the end with the first row added */
    double *squares; /* [columns] sum of squared deviations from the mean */
    double *first;   /* [columns] the first row */
    unsigned char *varies;
    double *row;
} moments;

static void moments_free(moments *m)
{
    free(m->mean);
    free(m->squares);
    free(m->first);
    free(m->varies);
    free(m->row);
}

static int moments_new(moments *m, size_t columns)
{
    m->mean = calloc(columns, sizeof *m->mean);
    m->squares = calloc(columns, sizeof *m->squares);
    m->first = calloc(columns, sizeof *m->first);
    m->varies = calloc(columns, 1);
    m->row = calloc(columns, sizeof *m->row);
    return m->mean && m->squares && m->first && m->varies && m->row;
}

static nq_status finite_check(nq_context *context, const double *row, size_t number,
                              const nq_dataset *dataset)
{
    char place[NQI_PLACE];
    for (size_t c = 0; c < dataset->dim; c++) {
        if (isfinite(row[c]))
            continue;
        return nqi_fail(context, NQ_ERROR_SHAPE, "%s: expected a number, found %s",
                        nqi_dataset_cell(place, dataset, number, c, NULL),
                        isnan(row[c]) ? "a missing value" : "an infinite one");
    }
    return NQ_OK;
}

static nq_status moments_measure(moments *m, nq_context *context, const nq_dataset *dataset)
{
    for (size_t r = 0; r < dataset->rows; r++) {
        nq_dataset_row(m->row, dataset, r);
        nq_status status = finite_check(context, m->row, r, dataset);
        if (!status && r % NQI_TELL_ROWS == 0)
            status = nqi_tell_again(context);
        if (status)
            return status;
        if (r == 0)
            memcpy(m->first, m->row, dataset->dim * sizeof *m->first);
        const double weight = 1 / (double)(r + 1);
        for (size_t c = 0; c < dataset->dim; c++) {
            const double x = m->row[c] - m->first[c], before = x - m->mean[c];
            m->mean[c] += before * weight;
            m->squares[c] += before * (x - m->mean[c]);
            m->varies[c] |= x != 0;
        }
    }
    for (size_t c = 0; c < dataset->dim; c++)
        m->mean[c] += m->first[c];
    return NQ_OK;
}

/* The first row whose number is another than row 0's, bit by bit; 0: there is none. */
static size_t differing_row(const nq_dataset *dataset, const nqi_strided *numbers)
{
    const size_t size = nqi_element_size(numbers->element);
    const unsigned char *first = nqi_strided_at(numbers, nqi_dataset_root_row(dataset, 0));
    for (size_t r = 1; r < dataset->rows; r++)
        if (memcmp(first, nqi_strided_at(numbers, nqi_dataset_root_row(dataset, r)), size))
            return r;
    return 0;
}

/* Whole numbers of 64 bits that differ but are one float64 are no constant column. */
static nq_status integers_check(const moments *m, nq_context *context, const nq_dataset *dataset)
{
    char place[NQI_PLACE];
    size_t row = 0, column = 0;
    for (size_t c = 0; c < dataset->dim && !nqi_dataset_crops(dataset); c++) {
        const nqi_strided numbers = nqi_dataset_column_of(dataset, c).numbers;
        if (m->varies[c] || (numbers.element != NQI_I64 && numbers.element != NQI_U64) ||
            numbers.valid) /* which were looked at (table/memory/look.c) */
            continue;
        const size_t here = differing_row(dataset, &numbers);
        if (here && (!row || here < row)) {
            row = here;
            column = c;
        }
    }
    if (!row)
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_SHAPE,
                    "%s: the column's whole numbers differ, but float64 has %.17g for all of "
                    "them: expected numbers below 2^53; subtract an offset, such as the "
                    "smallest, before they are written to the file",
                    nqi_dataset_cell(place, dataset, row, column, NULL), m->first[column]);
}

/* Variance of all numbers together = mean of the columns' variances + variance of their means. */
static void measure_whole(nqi_scaling *out, const moments *m, size_t rows)
{
    const double columns = (double)out->columns;
    double mean = 0, variance = 0;
    for (size_t c = 0; c < out->columns; c++)
        mean += m->mean[c] / columns;
    for (size_t c = 0; c < out->columns; c++) {
        const double apart = m->mean[c] - mean;
        variance += (m->squares[c] / (double)rows + apart * apart) / columns;
    }
    for (size_t c = 0; c < out->columns; c++) {
        out->mean[c] = mean;
        out->deviation[c] = sqrt(variance);
    }
}

static void measure_columns(nqi_scaling *out, const moments *m, size_t rows,
                            nqi_scaling_mode mode, int keep_constant)
{
    for (size_t c = 0; c < out->columns; c++) {
        if (!m->varies[c] && !keep_constant) {
            out->mean[c] = m->first[c];
            out->deviation[c] = 0;
        } else if (mode == NQI_SCALE_NONE) {
            out->mean[c] = 0;
            out->deviation[c] = 1;
        } else {
            out->mean[c] = m->mean[c];
            out->deviation[c] = sqrt(m->squares[c] / (double)rows);
        }
    }
}

/* known: what is known of the columns, or NULL. */
static nq_status scaling_allocate(nqi_scaling *out, size_t columns, const nqi_column *known)
{
    *out = (nqi_scaling){.columns = columns};
    out->active_index = calloc(columns, sizeof *out->active_index);
    out->mean = calloc(columns, sizeof *out->mean);
    out->deviation = calloc(columns, sizeof *out->deviation);
    if (!out->active_index || !out->mean || !out->deviation ||
        nqi_columns_copy(&out->column, known, columns)) {
        nqi_scaling_free(out);
        return NQ_ERROR_MEMORY;
    }
    return NQ_OK;
}

/* Beyond 2^53 float64 leaves out whole numbers: with few of them in a deviation, what varies may be
 * what was lost. */
static nq_status spacing_check(const nqi_scaling *scaling, nq_context *context, size_t c)
{
    enum { LEAST = 1000 }; /* numbers in a deviation */
    const double mean = fabs(scaling->mean[c]);
    char label[NQI_LABEL];
    if (mean < 0x1p53 || scaling->deviation[c] >= LEAST * (nextafter(mean, INFINITY) - mean))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_SHAPE,
                    "%s: its numbers around %.17g differ by some %.3g, and float64 tells numbers "
                    "of that size apart by steps of %.4g: expected numbers below 2^53; subtract "
                    "an offset, such as the smallest, before they are written to the file",
                    nqi_column_label(label, c, nqi_scaling_name(scaling, c)), scaling->mean[c],
                    scaling->deviation[c], nextafter(mean, INFINITY) - mean);
}

/* What follows from mean and deviation. */
static nq_status scaling_finish(nqi_scaling *scaling, nq_context *context)
{
    char label[NQI_LABEL];
    nq_status status;
    for (size_t c = 0; c < scaling->columns; c++) {
        if (!isfinite(scaling->mean[c]) || !isfinite(scaling->deviation[c]))
            return nqi_fail(context, NQ_ERROR_DIVERGED,
                            "%s: its variance is too large to compute with",
                            nqi_column_label(label, c, nqi_scaling_name(scaling, c)));
        if (scaling->deviation[c] == 0)
            continue;
        if ((status = spacing_check(scaling, context, c)))
            return status;
        scaling->active_index[scaling->active++] = c;
        scaling->log_jacobian -= log(scaling->deviation[c]);
    }
    return NQ_OK;
}

/* Of crops: every column is a pixel and stays active. */
static nq_status measure_pixels(nqi_scaling *out, nq_context *context, const nq_dataset *dataset,
                                nqi_scaling_mode mode)
{
    double mean, deviation;
    nq_status status = nqi_pixels_measure(&mean, &deviation, context, dataset);
    if (status)
        return status;
    if (deviation == 0)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "every pixel of the pictures is the same: there is nothing to model");
    if (scaling_allocate(out, dataset->dim, dataset->columns))
        return nqi_fail_memory(context, "the scaling of the data", dataset->dim * 3 * 8);
    for (size_t c = 0; c < out->columns; c++) {
        out->mean[c] = mode == NQI_SCALE_NONE ? 0 : mean;
        out->deviation[c] = mode == NQI_SCALE_NONE ? 1 : deviation;
    }
    if ((status = scaling_finish(out, context)))
        nqi_scaling_free(out);
    return status;
}

nq_status nqi_scaling_measure(nqi_scaling *out, nq_context *context, const nq_dataset *dataset,
                              nqi_scaling_mode mode)
{
    const size_t columns = dataset->dim;
    moments m = {0};
    nq_status status;
    *out = (nqi_scaling){0};
    if (mode != NQI_SCALE_COLUMN && nqi_dataset_crops(dataset))
        return measure_pixels(out, context, dataset, mode);
    if (!moments_new(&m, columns) || scaling_allocate(out, columns, dataset->columns)) {
        status = nqi_fail_memory(context, "the scaling of the data", columns * 6 * 8);
        goto fail;
    }
    if ((status = moments_measure(&m, context, dataset)) ||
        (status = integers_check(&m, context, dataset)))
        goto fail;
    if (!memchr(m.varies, 1, columns)) {
        status = nqi_fail(context, NQ_ERROR_SHAPE,
                          "every column of the data is constant (%zu row%s): there is nothing "
                          "to model",
                          dataset->rows, dataset->rows == 1 ? "" : "s");
        goto fail;
    }
    for (size_t c = 0; out->column && c < columns; c++)
        out->column[c].kind = nqi_dataset_kind(dataset, c);
    if (mode == NQI_SCALE_WHOLE)
        measure_whole(out, &m, dataset->rows);
    else
        measure_columns(out, &m, dataset->rows, mode,
                        mode == NQI_SCALE_NONE && nq_dataset_is_binary(dataset));
    if ((status = scaling_finish(out, context)))
        goto fail;
    moments_free(&m);
    return NQ_OK;
fail:
    moments_free(&m);
    nqi_scaling_free(out);
    return status;
}

nq_status nqi_scaling_copy(nqi_scaling *out, const nqi_scaling *from)
{
    const size_t columns = from->columns;
    const nq_status status = scaling_allocate(out, columns, from->column);
    if (status)
        return status;
    if (!from->coding)
        memcpy(out->active_index, from->active_index, from->active * sizeof *out->active_index);
    memcpy(out->mean, from->mean, columns * sizeof *out->mean);
    memcpy(out->deviation, from->deviation, columns * sizeof *out->deviation);
    out->active = from->active;
    out->log_jacobian = from->log_jacobian;
    if (!from->coding)
        return NQ_OK;
    out->coding = calloc(1, sizeof *out->coding);
    if (!out->coding || nqi_coding_copy(out->coding, from->coding) || nqi_scaling_coded(out)) {
        nqi_scaling_free(out);
        return NQ_ERROR_MEMORY;
    }
    return NQ_OK;
}

void nqi_scaling_free(nqi_scaling *scaling)
{
    nqi_columns_free(scaling->column, scaling->columns);
    if (scaling->coding)
        nqi_coding_free(scaling->coding);
    free(scaling->coding);
    free(scaling->active_index);
    free(scaling->mean);
    free(scaling->deviation);
    *scaling = (nqi_scaling){0};
}

const char *nqi_scaling_name(const nqi_scaling *scaling, size_t column)
{
    return scaling->column ? scaling->column[column].name : NULL;
}

void nqi_scaling_gather(const nqi_scaling *scaling, const nq_dataset *dataset,
                        const uint64_t *rows, size_t count, nqi_real *out, size_t stride)
{
    nqi_dataset_gather_columns(dataset, rows, count, scaling->active_index, scaling->active,
                               scaling->mean, scaling->deviation, out, stride);
}

static nq_status constants_check(const nqi_scaling *scaling, nq_context *context,
                                 const nq_dataset *dataset, const double *row, size_t number)
{
    char place[NQI_PLACE], only[NQI_TEXT_SIZE], found[NQI_TEXT_SIZE];
    for (size_t c = 0; c < scaling->columns; c++) {
        if (scaling->deviation[c] != 0 || row[c] == scaling->mean[c])
            continue;
        nqi_text_double(only, sizeof only, scaling->mean[c]);
        nqi_text_double(found, sizeof found, row[c]);
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "%s: expected %s, the only value in training, found %s; to the model "
                        "that is impossible",
                        nqi_dataset_cell(place, dataset, number, c, nqi_scaling_name(scaling, c)),
                        only, found);
    }
    return NQ_OK;
}

nq_status nqi_scaling_check(const nqi_scaling *scaling, nq_context *context,
                            const nq_dataset *dataset)
{
    if (dataset->dim != scaling->columns)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the data have %zu columns; the model was made for %zu", dataset->dim,
                        scaling->columns);
    double mean, deviation;
    if (scaling->coding)
        return NQ_OK; /* what cannot be is found row by row: usable.h */
    if (scaling->active == scaling->columns && nqi_dataset_crops(dataset))
        return nqi_pixels_measure(&mean, &deviation, context, dataset);
    double *row = malloc(dataset->dim * sizeof *row);
    if (!row)
        return nqi_fail_memory(context, "a row of data", dataset->dim * sizeof *row);
    nq_status status = NQ_OK;
    for (size_t r = 0; r < dataset->rows && !status; r++) {
        nq_dataset_row(row, dataset, r);
        status = finite_check(context, row, r, dataset);
        if (!status)
            status = constants_check(scaling, context, dataset, row, r);
        if (!status && r % NQI_TELL_ROWS == 0)
            status = nqi_tell_again(context);
    }
    free(row);
    return status;
}
