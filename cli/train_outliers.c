/* train_outliers.c - what noneq train says of numbers that would set the scale of their column. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>

#include "message.h"
#include "number.h"
#include "session.h"
#include "train.h"

enum { TOLD = 5 };
static const double LIMIT = 40; /* deviations */

static void outlier_tell(const nq_dataset *data, const nq_outlier *outlier)
{
    const char *name = nq_dataset_column_name(data, outlier->column);
    char label[80] = "", value[NUMBER_TEXT];

    if (name)
        snprintf(label, sizeof label, " (\"%.60s\")", shown(name).text);
    message_print("row %zu, column %zu%s: %s lies %.3g deviations off the others and widens the "
                  "scale of its column; if it is an error, remove it",
                  outlier->row + 1, nq_dataset_file_column(data, outlier->column) + 1, label,
                  number_text(value, outlier->value), outlier->deviations);
}

/* A number that float64 shares with its neighbours may have stood for several. */
static void constants_tell(const train_job *job)
{
    const nq_model *model;
    double mean, deviation;
    char value[NUMBER_TEXT];

    if (nq_trainer_model(&model, job->trainer))
        return;
    for (size_t c = 0; c < nq_model_columns(model); c++) {
        nq_model_column_scaling(&mean, &deviation, model, c);
        if (deviation == 0 && fabs(mean) > 0x1p53 && fabs(mean) < 0x1p64)
            message_print("column %zu is %s in all rows as float64, which beyond 2^53 leaves out "
                          "last digits; if they matter, subtract an offset",
                          c + 1, number_text(value, mean));
    }
}

int train_tell_outliers(const train_job *job)
{
    nq_outlier outliers[TOLD];
    nq_picture picture;
    size_t count;

    nq_dataset_picture(&picture, job->whole);
    if (picture.channels || *job->model_options.image)
        return EXIT_DONE;
    const nq_status status =
        nq_dataset_outliers(outliers, &count, job->context, job->whole, LIMIT, TOLD);
    if (status)
        return session_fail(job->context, status);
    for (size_t i = 0; i < count && i < TOLD; i++)
        outlier_tell(job->whole, &outliers[i]);
    if (count > TOLD)
        message_print("%zu more columns have such a number", count - TOLD);
    constants_tell(job);
    return EXIT_DONE;
}
