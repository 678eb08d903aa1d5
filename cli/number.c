/* number.c - numbers as text with as many digits as they have. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "output.h"

const char *number_text(char out[NUMBER_TEXT], double value)
{
    enum { FEWEST = 15, MOST = 17 };

    if (fabs(value) < 0x1p64 && value == floor(value)) {
        snprintf(out, NUMBER_TEXT, "%.0f", value);
        return out;
    }
    for (int digits = FEWEST; digits <= MOST; digits++) {
        snprintf(out, NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(out, NULL) == value)
            break;
    }
    return out;
}

double number_round(double value)
{
    char text[NUMBER_TEXT];

    if (!isfinite(value))
        return value;
    snprintf(text, sizeof text, "%.10g", value);
    return strtod(text, NULL);
}

nq_status number_table_write(nq_context *context, const nq_model *model, const char *path,
                             const double *values, size_t rows, size_t columns,
                             const char *const *names)
{
    nq_picture picture;

    if (nq_model_is_recorded(model) && columns == nq_model_columns(model))
        return nq_model_write_rows(path, context, model, values, rows);
    if (nq_model_is_recorded(model) && columns > nq_model_columns(model))
        return nq_model_write_labelled(path, context, model, values, rows, names,
                                       columns - nq_model_columns(model));
    nq_model_picture(&picture, model);
    if (picture.channels && path_is_numbers(path))
        return nq_values_write_float(path, context, values, rows, columns, names);
    return nq_values_write(path, context, values, rows, columns, names);
}
