/* outliers.c - what is said of numbers that would set the scale of their column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "core/monitor.h"
#include "task/fit/fit.h"
#include "task/report/number.h"
#include "task/report/shown.h"

enum { TOLD = 5 };
static const double LIMIT = 40; /* deviations */

static void outlier_tell(const nqi_fit *fit, const nq_outlier *outlier)
{
    const nq_dataset *data = fit->data.whole.file;
    const char *name = nq_dataset_column_name(data, outlier->column);
    char label[80] = "", value[NQI_NUMBER_TEXT];
    if (name)
        snprintf(label, sizeof label, " (\"%.60s\")", nqi_shown(name).text);
    nqi_log(fit->context, NQ_LOG_WARNING,
            "row %zu, column %zu%s: %s lies %.3g deviations off the others and widens the "
            "scale of its column; if it is an error, remove it",
            outlier->row + 1, nq_dataset_file_column(data, outlier->column) + 1, label,
            nqi_number_text(value, outlier->value), outlier->deviations);
}

/* A number that float64 shares with its neighbours may have stood for several. */
static void constants_tell(const nqi_fit *fit)
{
    const nq_model *model;
    double mean, deviation;
    char value[NQI_NUMBER_TEXT];
    if (nq_trainer_model(&model, fit->trainer))
        return;
    for (size_t c = 0; c < nq_model_columns(model); c++) {
        nq_model_column_scaling(&mean, &deviation, model, c);
        if (deviation == 0 && fabs(mean) > 0x1p53 && fabs(mean) < 0x1p64)
            nqi_log(fit->context, NQ_LOG_WARNING,
                    "column %zu is %s in all rows as float64, which beyond 2^53 leaves out "
                    "last digits; if they matter, subtract an offset",
                    c + 1, nqi_number_text(value, mean));
    }
}

nq_status nqi_fit_tell_outliers(const nqi_fit *fit)
{
    const nq_dataset *data = fit->data.whole.file;
    nq_outlier outliers[TOLD];
    nq_picture picture;
    size_t count;
    nq_dataset_picture(&picture, data);
    if (picture.channels || *fit->model_options.image)
        return NQ_OK;
    const nq_status status =
        nq_dataset_outliers(outliers, &count, fit->context, data, LIMIT, TOLD);
    if (status)
        return status;
    for (size_t i = 0; i < count && i < TOLD; i++)
        outlier_tell(fit, &outliers[i]);
    if (count > TOLD)
        nqi_log(fit->context, NQ_LOG_WARNING, "%zu more columns have such a number",
                count - TOLD);
    constants_tell(fit);
    return NQ_OK;
}
