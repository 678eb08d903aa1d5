/* counts.c - the different numbers of a column: sorted byte by byte, then counted. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/kind/counts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "table/gather/loops.h"

enum { BYTE = 256 };

static void cells_read(double *out, const nq_dataset *data, size_t c)
{
    const nqi_column column = nqi_dataset_column_of(data, c);
    for (size_t r = 0; r < data->rows; r++) /* -0 is 0 */
        out[r] = nqi_strided_read(&column.numbers, nqi_dataset_root_row(data, r)) + 0.0;
}

/* Bits that ascend as the numbers do. */
static uint64_t key_of(double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 63 ? ~bits : bits | (uint64_t)1 << 63;
}

static double number_of(uint64_t key)
{
    const uint64_t bits = key >> 63 ? key & ~((uint64_t)1 << 63) : ~key;
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Ascending; returns which of the two arrays holds them. A byte that all share moves nothing. */
static uint64_t *keys_sort(uint64_t *keys, uint64_t *other, size_t count)
{
    for (unsigned shift = 0; shift < 64; shift += 8) {
        size_t first[BYTE] = {0}, at = 0;
        for (size_t i = 0; i < count; i++)
            first[keys[i] >> shift & (BYTE - 1)]++;
        if (first[keys[0] >> shift & (BYTE - 1)] == count)
            continue;
        for (size_t b = 0; b < BYTE; b++) {
            const size_t here = first[b];
            first[b] = at;
            at += here;
        }
        for (size_t i = 0; i < count; i++)
            other[first[keys[i] >> shift & (BYTE - 1)]++] = keys[i];
        uint64_t *swap = keys;
        keys = other;
        other = swap;
    }
    return keys;
}

/* Room for a column of all rows. */
static nq_status counts_reserve(nqi_counts *counts, nq_context *context, size_t rows)
{
    if (counts->cell)
        return NQ_OK;
    counts->cell = malloc(rows * sizeof *counts->cell);
    counts->value = malloc(rows * sizeof *counts->value);
    counts->rows = malloc(rows * sizeof *counts->rows);
    return counts->cell && counts->value && counts->rows
               ? NQ_OK
               : nqi_fail_memory(context, "the values of a column", rows * 24);
}

nq_status nqi_counts_make(nqi_counts *counts, nq_context *context, const nq_dataset *data,
                          size_t column)
{
    nq_status status = nqi_tell_again(context);
    if (!status)
        status = counts_reserve(counts, context, data->rows);
    uint64_t *keys = malloc(2 * data->rows * sizeof *keys), *sorted = keys;
    if (!status && !keys)
        status = nqi_fail_memory(context, "the values of a column", data->rows * 16);
    counts->count = counts->total = 0;
    if (!status) {
        cells_read(counts->cell, data, column);
        for (size_t r = 0; r < data->rows; r++)
            if (!isnan(counts->cell[r]))
                keys[counts->total++] = key_of(counts->cell[r]);
        if (counts->total)
            sorted = keys_sort(keys, keys + data->rows, counts->total);
    }
    for (size_t i = 0; !status && i < counts->total; i++) {
        if (i && sorted[i] == sorted[i - 1]) {
            counts->rows[counts->count - 1]++;
            continue;
        }
        counts->value[counts->count] = number_of(sorted[i]);
        counts->rows[counts->count++] = 1;
    }
    free(keys);
    return status;
}

void nqi_counts_free(nqi_counts *counts)
{
    free(counts->cell);
    free(counts->value);
    free(counts->rows);
    *counts = (nqi_counts){0};
}

typedef struct level {
    double value;
    size_t rows;
    const char *text;
} level;

static int level_compare(const void *a, const void *b)
{
    const level *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows < y->rows ? 1 : -1;
    if (x->text && y->text)
        return strcmp(x->text, y->text);
    return (x->value > y->value) - (x->value < y->value);
}

nq_status nqi_levels_take(nqi_column_kind *out, nq_context *context, const nqi_counts *counts,
                          const unsigned char *marks, const nqi_column *column)
{
    level *list = malloc((counts->count + 1) * sizeof *list);
    size_t n = 0;
    for (size_t i = 0; list && i < counts->count; i++) {
        const double x = counts->value[i];
        const int is_text = column->levels && x >= 0 && x < (double)column->level_count;
        if (!marks || marks[i])
            list[n++] = (level){x, counts->rows[i], is_text ? column->levels[(size_t)x] : NULL};
    }
    out->level = malloc((n + 1) * sizeof *out->level);
    out->level_rows = malloc((n + 1) * sizeof *out->level_rows);
    if (!list || !out->level || !out->level_rows) {
        free(list);
        return nqi_fail_memory(context, "the levels of a column", n * sizeof *list);
    }
    qsort(list, n, sizeof *list, level_compare);
    for (size_t i = 0; i < n; i++) {
        out->level[i] = list[i].value;
        out->level_rows[i] = list[i].rows;
    }
    out->level_count = n;
    free(list);
    return NQ_OK;
}
