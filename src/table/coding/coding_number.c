/* coding_number.c - where columns stand in a row of the process, and which level a value is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "table/coding/coding.h"

/* Gaps come last. */
static int value_compare(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

nq_status nqi_code_order(nqi_code *code)
{
    if (!code->level_count)
        return NQ_OK;
    free(code->by_value);
    code->by_value = malloc(code->level_count * sizeof *code->by_value);
    if (!code->by_value)
        return NQ_ERROR_MEMORY;
    for (size_t k = 0; k < code->level_count; k++) { /* levels are few thousand at most */
        size_t at = k;
        for (; at && value_compare(code->level[code->by_value[at - 1]], code->level[k]) > 0; at--)
            code->by_value[at] = code->by_value[at - 1];
        code->by_value[at] = (uint32_t)k;
    }
    return NQ_OK;
}

size_t nqi_code_level(const nqi_code *code, double x)
{
    size_t low = 0, high = code->level_count;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (value_compare(code->level[code->by_value[middle]], x) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < code->level_count && !value_compare(code->level[code->by_value[low]], x))
        return code->by_value[low];
    return code->kind == NQI_KIND_SPIKED && isfinite(x) ? code->level_count - 1
                                                        : code->level_count;
}

/* A column that is a constant, or follows from another, has no number. */
static int has_levels(const nqi_code *code)
{
    return code->level_count > 1 && code->refill.source == SIZE_MAX;
}

static int has_score(const nqi_code *code)
{
    return code->warp.knots > 0 && code->refill.source == SIZE_MAX;
}

static size_t place(nqi_coding *coding, size_t column)
{
    coding->column_of[coding->numbers] = column;
    return coding->numbers++;
}

nq_status nqi_coding_number(nqi_coding *coding)
{
    free(coding->column_of);
    coding->column_of = calloc(2 * coding->columns, sizeof *coding->column_of);
    if (!coding->column_of)
        return NQ_ERROR_MEMORY;
    coding->numbers = 0;
    for (size_t c = 0; c < coding->columns; c++) {
        nqi_code *code = &coding->code[c];
        code->level_number = NQI_NO_NUMBER;
        code->score_number = has_score(code) ? place(coding, c) : NQI_NO_NUMBER;
    }
    coding->scores = coding->numbers;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < coding->columns; c++) {
            nqi_code *code = &coding->code[c];
            if (has_levels(code) && (code->level_count > 2) == pass)
                code->level_number = place(coding, c);
        }
        if (!pass)
            coding->bits = coding->numbers - coding->scores;
    }
    return NQ_OK;
}

size_t nqi_coding_levels(const nqi_coding *coding, size_t number)
{
    return number < coding->scores ? 0 : coding->code[coding->column_of[number]].level_count;
}

static int follows(const nqi_coding *coding, size_t column, const double *row)
{
    const nqi_function *refill = &coding->code[column].refill;
    const nqi_code *source = &coding->code[refill->source];
    const size_t level = nqi_code_level(source, row[refill->source]);
    const double value = level < source->level_count ? refill->value[level] : NAN;
    return isnan(row[column]) ? isnan(value) : row[column] == value;
}

/* A number that the grid has within its ends; those of arrays may have been rounded. */
static int is_on_grid(const nqi_grid *grid, double x)
{
    const double near = 1e-3 * grid->step;
    return isfinite(x) &&
           (!(grid->step > 0) || (x >= grid->least - near && x <= grid->most + near &&
                                  fabs(x - nqi_grid_snap(grid, x)) <= near));
}

/* A cell that a code has. */
static int is_held(const nqi_code *code, double x)
{
    const size_t level = code->level_count ? nqi_code_level(code, x) : 0;
    if (code->warp.knots && (!code->level_count || level + 1 == code->level_count))
        return is_on_grid(&code->warp.grid, x);
    return level < code->level_count;
}

size_t nqi_coding_fault(const nqi_coding *coding, const double *row)
{
    for (size_t c = 0; c < coding->columns; c++) {
        const nqi_code *code = &coding->code[c];
        if (code->refill.source != SIZE_MAX ? !follows(coding, c, row) : !is_held(code, row[c]))
            return c;
    }
    return coding->columns;
}

static void *copied(const void *from, size_t bytes)
{
    void *out = from && bytes ? malloc(bytes) : NULL;
    return out ? memcpy(out, from, bytes) : NULL;
}

static nq_status code_copy(nqi_code *out, const nqi_code *from, const nqi_code *source)
{
    const size_t n = from->level_count;
    *out = *from;
    out->level = copied(from->level, n * sizeof *out->level);
    out->by_value = copied(from->by_value, n * sizeof *out->by_value);
    out->frequency = copied(from->frequency, n * sizeof *out->frequency);
    out->refill.value =
        source ? copied(from->refill.value, source->level_count * sizeof *out->refill.value)
               : NULL;
    out->warp = (nqi_warp){0};
    if ((n && !(out->level && out->by_value && out->frequency)) || (source && !out->refill.value))
        return NQ_ERROR_MEMORY;
    return from->warp.knots ? nqi_warp_copy(&out->warp, &from->warp) : NQ_OK;
}

nq_status nqi_coding_copy(nqi_coding *out, const nqi_coding *from)
{
    nq_status status = NQ_OK;
    *out =
        (nqi_coding){.columns = from->columns, .code = calloc(from->columns, sizeof *out->code)};
    for (size_t c = 0; out->code && !status && c < from->columns; c++) {
        const size_t source = from->code[c].refill.source;
        status = code_copy(&out->code[c], &from->code[c],
                           source == SIZE_MAX ? NULL : &from->code[source]);
    }
    if (!out->code || status || nqi_coding_number(out)) {
        nqi_coding_free(out);
        return NQ_ERROR_MEMORY;
    }
    return NQ_OK;
}

void nqi_coding_free(nqi_coding *coding)
{
    for (size_t c = 0; coding->code && c < coding->columns; c++) {
        nqi_code *code = &coding->code[c];
        free(code->level);
        free(code->by_value);
        free(code->frequency);
        free(code->refill.value);
        nqi_warp_free(&code->warp);
    }
    free(coding->code);
    free(coding->column_of);
    *coding = (nqi_coding){0};
}
