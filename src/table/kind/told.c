/* told.c - columns that are what people say, or the cell that cannot be that. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "table/kind/counts.h"
#include "table/write/cell.h"

enum { DECIMALS_TRIED = 9, SHOWN = 64 };

/* The first row with this value. */
static size_t row_of(const nqi_counts *counts, double value)
{
    size_t r = 0;
    while (counts->cell[r] != value)
        r++;
    return r;
}

static nq_status cell_refuse(nq_context *context, const nq_dataset *data, size_t c,
                             const nqi_counts *counts, double value, const char *expected,
                             nqi_type told)
{
    char place[NQI_PLACE], text[SHOWN], shown[NQI_SHOWN];
    nqi_cell_text(text, sizeof text, &data->columns[c], value);
    nqi_text_show(shown, text, strlen(text));
    return nqi_fail(context, NQ_ERROR_FORMAT, "%s: expected %s, found \"%s\"; \036types says %s",
                    nqi_dataset_cell(place, data, row_of(counts, value), c, NULL), expected,
                    shown, nqi_type_name(told));
}

/* The grid of the numbers; of an array, with as few decimals as do. */
static nqi_grid grid_find(int *decimals, const nqi_counts *counts, const nqi_column *column)
{
    nqi_grid grid = {0};
    if (column->has_precision)
        return nqi_grid_find(counts, NULL, *decimals);
    for (int d = 0; d <= DECIMALS_TRIED && grid.step == 0; d++) {
        grid = nqi_grid_find(counts, NULL, d);
        *decimals = d;
    }
    return grid;
}

/* The value that is on no grid that the others could be on. */
static double digits_find(const nqi_counts *counts)
{
    for (size_t i = 0; i < counts->count; i++) {
        nqi_counts one = *counts;
        one.value += i;
        one.count = 1;
        if (nqi_grid_find(&one, NULL, DECIMALS_TRIED).step == 0)
            return counts->value[i];
    }
    return counts->value[counts->count - 1];
}

static nq_status spiked_tell(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                             size_t c, const nqi_counts *counts)
{
    nqi_grid grid = grid_find(&out->decimals, counts, &data->columns[c]);
    unsigned char *marks = malloc(counts->count);
    size_t most = 0;
    nq_status status = NQ_OK;
    if (!marks)
        return nqi_fail_memory(context, "the values of a column", counts->count);
    const size_t found = nqi_spikes_mark(marks, counts, &grid);
    for (size_t i = 1; i < counts->count && !found; i++)
        most = counts->rows[i] > counts->rows[most] ? i : most;
    if (!found && counts->rows[most] < 2)
        status = cell_refuse(context, data, c, counts, counts->value[most],
                             "a number that repeats", NQI_TYPE_SPIKED);
    if (!found)
        marks[most] = 1;
    out->kind = NQI_KIND_SPIKED;
    grid = nqi_grid_find(counts, marks, out->decimals);
    out->step = grid.step;
    out->offset = grid.offset;
    if (!status)
        status = nqi_levels_take(out, context, counts, marks, &data->columns[c]);
    free(marks);
    return status;
}

static nq_status whole_tell(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                            size_t c, const nqi_counts *counts)
{
    const nqi_grid grid = grid_find(&out->decimals, counts, &data->columns[c]);
    out->kind = NQI_KIND_WHOLE;
    out->step = grid.step;
    out->offset = grid.offset;
    if (grid.step > 0)
        return NQ_OK;
    return cell_refuse(context, data, c, counts, digits_find(counts),
                       "whole numbers or few decimals", NQI_TYPE_WHOLE);
}

/* So many levels and not more. */
static nq_status levels_tell(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                             size_t c, const nqi_counts *counts, nqi_type told)
{
    const size_t most = told == NQI_TYPE_CONSTANT ? 1
                        : told == NQI_TYPE_BIT    ? 2
                                                  : NQI_LEVELS_MOST;
    static const char *const expected[] = {"one value", "two values", "at most 4096 values"};
    if (counts->count > most)
        return cell_refuse(context, data, c, counts, counts->value[most],
                           expected[most > 2 ? 2 : most - 1], told);
    out->kind = told == NQI_TYPE_CONSTANT ? NQI_KIND_CONSTANT
                : told == NQI_TYPE_BIT    ? NQI_KIND_BIT
                : counts->count == 1      ? NQI_KIND_CONSTANT
                                          : NQI_KIND_CATEGORY;
    const nqi_grid grid = nqi_grid_find(counts, NULL, out->decimals);
    if (!data->columns[c].levels) {
        out->step = grid.step;
        out->offset = grid.offset;
    }
    return nqi_levels_take(out, context, counts, NULL, &data->columns[c]);
}

nq_status nqi_kind_tell(nqi_column_kind *out, nq_context *context, const nq_dataset *data,
                        size_t c, const nqi_counts *counts, nqi_type told)
{
    const nqi_column *column = &data->columns[c];
    if (told == NQI_TYPE_CATEGORY || told == NQI_TYPE_BIT || told == NQI_TYPE_CONSTANT)
        return levels_tell(out, context, data, c, counts, told);
    if (column->levels)
        return cell_refuse(context, data, c, counts, counts->value[0],
                           told == NQI_TYPE_DATE ? "a date such as 2024-02-29" : "a number",
                           told);
    if (told == NQI_TYPE_DATE && !column->date.is_date)
        return cell_refuse(context, data, c, counts, counts->value[0],
                           "a date such as 2024-02-29", told);
    if (told == NQI_TYPE_SPIKED)
        return spiked_tell(out, context, data, c, counts);
    if (told == NQI_TYPE_WHOLE || told == NQI_TYPE_DATE)
        return whole_tell(out, context, data, c, counts);
    out->kind = NQI_KIND_REAL;
    return NQ_OK;
}
