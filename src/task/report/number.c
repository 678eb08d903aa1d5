/* number.c - numbers and tables as tasks write them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/report/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <noneq/data.h>

#include "io/file/name.h"

const char *nqi_number_text(char out[NQI_NUMBER_TEXT], double value)
{
    enum { FEWEST = 15, MOST = 17 };
    if (fabs(value) < 0x1p64 && value == floor(value)) {
        snprintf(out, NQI_NUMBER_TEXT, "%.0f", value);
        return out;
    }
    for (int digits = FEWEST; digits <= MOST; digits++) {
        snprintf(out, NQI_NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return out;
}

double nqi_number_round(double value)
{
    char text[NQI_NUMBER_TEXT];
    if (!isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.10g", value);
    return strtod(text, NULL);
}

int nqi_path_is_numbers(const char *path)
{
    const char *ending;
    int holds_text = 1;
    for (size_t i = 0; path && (ending = nq_values_ending(&holds_text, i)); i++)
        if (nqi_path_ends(path, ending))
            return !holds_text;
    return 0;
}

nq_status nqi_table_write(const char *path, nq_context *context, const nq_model *model,
                          const double *values, size_t rows, size_t columns,
                          const char *const *names)
{
    const size_t own = nq_model_columns(model);
    nq_picture picture;
    if (nq_model_is_recorded(model) && columns == own)
        return nq_model_write_rows(path, context, model, values, rows);
    if (nq_model_is_recorded(model) && columns > own)
        return nq_model_write_labelled(path, context, model, values, rows, names, columns - own);
    nq_model_picture(&picture, model);
    if (picture.channels && nqi_path_is_numbers(path))
        return nq_values_write_float(path, context, values, rows, columns, names);
    return nq_values_write(path, context, values, rows, columns, names);
}
