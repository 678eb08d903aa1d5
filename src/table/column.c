/* column.c - descriptions of columns: made, copied, released. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/column.h"

#include <stdlib.h>
#include <string.h>

nqi_column *nqi_columns_new(size_t count)
{
    return calloc(count, sizeof(nqi_column));
}

/* 0: no memory. */
static int text_copy(char **out, const char *text)
{
    *out = text ? strdup(text) : NULL;
    return !text || *out;
}

static int column_copy(nqi_column *out, const nqi_column *from)
{
    *out = (nqi_column){.kind = from->kind,
                        .role = from->role,
                        .told = from->told,
                        .date = from->date,
                        .has_precision = from->has_precision,
                        .precision = from->precision,
                        .precision_least = from->precision_least,
                        .level_count = from->level_count,
                        .at = from->at};
    memcpy(out->gap, from->gap, sizeof out->gap);
    return text_copy(&out->name, from->name) && text_copy(&out->unit, from->unit) &&
           !nqi_names_copy(&out->levels, (const char *const *)from->levels, from->level_count);
}

nq_status nqi_columns_copy(nqi_column **out, const nqi_column *from, size_t count)
{
    *out = from ? nqi_columns_new(count) : NULL;
    if (from && !*out)
        return NQ_ERROR_MEMORY;
    for (size_t c = 0; from && c < count; c++) {
        if (!column_copy(&(*out)[c], &from[c])) {
            nqi_columns_free(*out, count);
            *out = NULL;
            return NQ_ERROR_MEMORY;
        }
    }
    return NQ_OK;
}

void nqi_columns_free(nqi_column *columns, size_t count)
{
    for (size_t c = 0; columns && c < count; c++) {
        free(columns[c].name);
        free(columns[c].unit);
        nqi_names_free(columns[c].levels, columns[c].level_count);
    }
    free(columns);
}

int nqi_columns_named(const nqi_column *columns)
{
    return columns && columns->name;
}

int nqi_column_is_written_dates(const nqi_column *column)
{
    double value;
    nqi_date_form form;
    size_t k = 0;
    if (!column->levels)
        return 0;
    while (k < column->level_count &&
           nqi_date_read(&value, &form, column->levels[k], strlen(column->levels[k])))
        k++;
    return k && k == column->level_count;
}

void nqi_column_place(nqi_column *column, const unsigned char *start, size_t stride,
                      nqi_element element)
{
    column->numbers =
        (nqi_strided){.start = start, .stride = (ptrdiff_t)stride, .element = element};
    column->gap_code = element == NQI_F32 || element == NQI_F64 ? NQI_GAP_NAN : NQI_GAP_NONE;
}
