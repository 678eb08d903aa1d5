/* table.c - tables that tasks make in memory: their numbers, and names of their columns. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/table.h"

#include <stdio.h>
#include <stdlib.h>

#include "core/context.h"

double *nqi_numbers_new(nq_context *context, size_t rows, size_t columns)
{
    double *numbers = NULL;
    if (columns == 0 || rows <= SIZE_MAX / sizeof *numbers / columns - 1)
        numbers = malloc((rows * columns + 1) * sizeof *numbers);
    if (!numbers)
        (void)nqi_fail(context, NQ_ERROR_MEMORY, "there is no memory for %zu rows of %zu numbers",
                       rows, columns);
    return numbers;
}

static const char *name_of(const nq_model *model, size_t column)
{
    return model ? nq_model_column_name(model, column) : NULL;
}

nq_status nqi_table_header_make(nqi_table_header *out, nq_context *context, const nq_model *model,
                                size_t columns, const char *const *labels, size_t label_count)
{
    int all = 1;
    *out = (nqi_table_header){.names = NULL};
    for (size_t c = 0; c < columns && all; c++)
        all = name_of(model, c) != NULL;
    if (!label_count && !all)
        return NQ_OK;
    out->names = malloc((columns + label_count + 1) * sizeof *out->names);
    out->made = malloc((columns + 1) * sizeof *out->made);
    if (!out->names || !out->made)
        return nqi_fail_memory(context, "names of columns", columns * sizeof *out->made);
    for (size_t i = 0; i < label_count; i++)
        out->names[i] = labels[i];
    for (size_t c = 0; c < columns; c++) {
        const char *own = name_of(model, c);
        snprintf(out->made[c], sizeof *out->made, "x%zu", c + 1);
        out->names[label_count + c] = own ? own : out->made[c];
    }
    return NQ_OK;
}

void nqi_table_header_free(nqi_table_header *header)
{
    free(header->names);
    free(header->made);
    *header = (nqi_table_header){.names = NULL};
}
