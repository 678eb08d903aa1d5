/* coding.c - the columns of a table as numbers of a process: made, numbered, copied. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/coding/coding.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"

/* Levels of a column while they are gathered. */
static nq_status levels_new(nqi_code *code, size_t count)
{
    code->level = calloc(count, sizeof *code->level);
    code->frequency = calloc(count, sizeof *code->frequency);
    code->level_count = count;
    return code->level && code->frequency ? NQ_OK : NQ_ERROR_MEMORY;
}

/* Gaps take their place among the levels by how many they are. */
static void gap_place(nqi_code *code, double gaps, double rows)
{
    size_t at = code->level_count - 1;
    for (; at > 0 && code->frequency[at - 1] < gaps / rows; at--) {
        code->level[at] = code->level[at - 1];
        code->frequency[at] = code->frequency[at - 1];
    }
    code->level[at] = NAN;
    code->frequency[at] = gaps / rows;
}

static nq_status make_category(nqi_code *code, const nqi_column_kind *kind, size_t rows)
{
    const size_t gaps = rows - kind->rows;
    if (levels_new(code, kind->level_count + (gaps > 0)))
        return NQ_ERROR_MEMORY;
    for (size_t k = 0; k < kind->level_count; k++) {
        code->level[k] = kind->level[k];
        code->frequency[k] = (double)kind->level_rows[k] / (double)rows;
    }
    if (gaps)
        gap_place(code, (double)gaps, (double)rows);
    return NQ_OK;
}

/* Spikes and gaps by frequency, then all other numbers. */
static nq_status make_spikes(nqi_code *code, const nqi_column_kind *kind, size_t rows)
{
    const size_t gaps = rows - kind->rows;
    const size_t spikes = kind->kind == NQI_KIND_SPIKED ? kind->level_count : 0;
    size_t left = kind->rows;
    if (levels_new(code, spikes + (gaps > 0) + 1))
        return NQ_ERROR_MEMORY;
    code->level_count--;
    for (size_t k = 0; k < spikes; k++) {
        code->level[k] = kind->level[k];
        code->frequency[k] = (double)kind->level_rows[k] / (double)rows;
        left -= kind->level_rows[k];
    }
    if (gaps)
        gap_place(code, (double)gaps, (double)rows);
    code->level[code->level_count] = INFINITY;
    code->frequency[code->level_count++] = fmax((double)left, 0.5) / (double)rows;
    return NQ_OK;
}

/* Numbers of a column that no level stands for. */
static double *numbers_of(const nq_dataset *data, size_t column, const nqi_code *code,
                          size_t *count)
{
    const size_t others = code->level_count ? code->level_count - 1 : 0;
    double *numbers = malloc(data->rows * sizeof *numbers);
    double *row = malloc(data->dim * sizeof *row);
    *count = 0;
    for (size_t r = 0; numbers && row && r < data->rows; r++) {
        nq_dataset_row(row, data, r);
        if (!isnan(row[column]) && nqi_code_level(code, row[column]) == others)
            numbers[(*count)++] = row[column];
    }
    if (!row) {
        free(numbers);
        numbers = NULL;
    }
    free(row);
    return numbers;
}

static void moments_of(double *mean, double *deviation, const double *numbers, size_t count)
{
    double sum = 0, squares = 0;
    const double first = count ? numbers[0] : 0;
    for (size_t i = 0; i < count; i++)
        sum += (numbers[i] - first) / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += pow(numbers[i] - first - sum, 2) / (double)count;
    *mean = first + sum;
    *deviation = squares > 0 ? sqrt(squares) : 1;
}

/* Every second number. */
static size_t half_of(double *out, const double *numbers, size_t count, size_t first)
{
    size_t kept = 0;
    for (size_t i = first; i < count; i += 2)
        out[kept++] = numbers[i];
    return kept;
}

/* What a smooth map of one half's law gains on the other half over mean and deviation, in nats. */
static nq_status half_gain(double *gain, nq_context *context, const nqi_grid *grid,
                           const double *known, size_t known_count, const double *fresh,
                           size_t fresh_count)
{
    nqi_warp linear, smooth;
    double mean, deviation;
    moments_of(&mean, &deviation, known, known_count);
    nq_status status = nqi_warp_linear(&linear, context, grid, mean, deviation);
    if (status)
        return status;
    if (!(status = nqi_warp_fit(&smooth, context, NQI_WARP_SMOOTH, grid, known, known_count))) {
        for (size_t i = 0; i < fresh_count; i++)
            *gain += nqi_warp_log_mass(&smooth, fresh[i]) - nqi_warp_log_mass(&linear, fresh[i]);
        nqi_warp_free(&smooth);
    }
    nqi_warp_free(&linear);
    return status;
}

/* Real numbers with long tails: each half foretells the other better through a smooth map. */
static nq_status wants_map(int *out, nq_context *context, const nqi_grid *grid,
                           const double *numbers, size_t count)
{
    const double least = 0.1; /* nats per row: a map that bends takes noise in its column away */
    double gain = 0, *halves = malloc((count + 1) * sizeof *halves);
    *out = 0;
    if (!halves)
        return nqi_fail_memory(context, "a column", count * sizeof *halves);
    const size_t even = half_of(halves, numbers, count, 0);
    double *odd = halves + even;
    const size_t rest = half_of(odd, numbers, count, 1);
    nq_status status = NQ_OK;
    if (rest >= 50 && !(status = half_gain(&gain, context, grid, halves, even, odd, rest)))
        status = half_gain(&gain, context, grid, odd, rest, halves, even);
    *out = gain > least * (double)count;
    free(halves);
    return status;
}

/* Numbers on a grid by their place among all; real ones by mean and deviation, or a smooth map. */
static nq_status make_warp(nqi_code *code, nq_context *context, const nq_dataset *data,
                           size_t column, const nqi_column_kind *kind)
{
    const nqi_grid grid = {kind->step, kind->offset, kind->least, kind->most};
    size_t count;
    int is_map = 0;
    double mean, deviation;
    double *numbers = numbers_of(data, column, code, &count);
    if (!numbers)
        return nqi_fail_memory(context, "a column", data->rows * sizeof *numbers);
    moments_of(&mean, &deviation, numbers, count);
    nq_status status = NQ_OK;
    if (!(kind->step > 0))
        status = wants_map(&is_map, context, &grid, numbers, count);
    if (!status && ((kind->step > 0 && count) || is_map))
        status = nqi_warp_fit(&code->warp, context, is_map ? NQI_WARP_SMOOTH : NQI_WARP_SCORES,
                              &grid, numbers, count);
    else if (!status)
        status = nqi_warp_linear(&code->warp, context, &grid, mean, deviation);
    free(numbers);
    return status;
}

static nq_status make_code(nqi_code *code, nq_context *context, const nq_dataset *data,
                           size_t column, const nqi_column_kind *kind)
{
    nq_status status = NQ_OK;
    const int has_gaps = kind->rows < data->rows;
    const int is_number = kind->kind == NQI_KIND_REAL || kind->kind == NQI_KIND_WHOLE;
    code->kind = kind->kind;
    if (kind->kind == NQI_KIND_CONSTANT && has_gaps)
        code->kind = NQI_KIND_CATEGORY;
    else if (is_number && has_gaps)
        code->kind = NQI_KIND_SPIKED;
    if (kind->kind == NQI_KIND_SPIKED || (is_number && has_gaps))
        status = make_spikes(code, kind, data->rows);
    else if (!is_number)
        status = make_category(code, kind, data->rows);
    if (!status)
        status = nqi_code_order(code);
    if (status)
        return nqi_fail_memory(context, "levels of a column", kind->level_count * 16);
    return is_number || kind->kind == NQI_KIND_SPIKED
               ? make_warp(code, context, data, column, kind)
               : NQ_OK;
}

/* The values of a column that follows from another, by the levels that the other has here: gaps may
 * have a place among them. */
static nq_status refill_order(nqi_coding *coding, size_t column, const nqi_column_kind *kind)
{
    nqi_function *refill = &coding->code[column].refill;
    const nqi_code *source = &coding->code[refill->source];
    double *value = calloc(source->level_count, sizeof *value);
    size_t at = 0;
    for (size_t k = 0; value && k < source->level_count; k++)
        value[k] = refill->value[isnan(source->level[k]) ? kind->level_count : at++];
    free(refill->value);
    refill->value = value;
    return value ? NQ_OK : NQ_ERROR_MEMORY;
}

nq_status nqi_coding_make(nqi_coding *out, nq_context *context, const nq_dataset *data,
                          const nqi_column_kind *kinds, nqi_function *functions)
{
    nq_status status = NQ_OK;
    *out = (nqi_coding){.columns = data->dim, .code = calloc(data->dim, sizeof *out->code)};
    if (!out->code)
        return nqi_fail_memory(context, "codes of columns", data->dim * sizeof *out->code);
    for (size_t c = 0; c < data->dim && !status; c++) {
        out->code[c].refill = functions[c];
        functions[c].value = NULL;
        if (!(status = nqi_tell(context, "looking at columns", (double)c, (double)data->dim)))
            status = make_code(&out->code[c], context, data, c, &kinds[c]);
    }
    for (size_t c = 0; c < data->dim && !status; c++)
        if (out->code[c].refill.source != SIZE_MAX &&
            refill_order(out, c, &kinds[out->code[c].refill.source]))
            status = nqi_fail_memory(context, "values of a column", 0);
    if (!status && nqi_coding_number(out))
        status = nqi_fail_memory(context, "numbers of a row", data->dim);
    if (status)
        nqi_coding_free(out);
    return status;
}
