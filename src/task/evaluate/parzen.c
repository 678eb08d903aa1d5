/* parzen.c - the Parzen-window part of an evaluation. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/evaluate/parzen.h"

#include <math.h>
#include <stdlib.h>

#include <noneq/sample.h>

#include "core/context.h"
#include "core/text.h"
#include "task/source/source.h"

/* Rows of the data that choose the width where no others are given, at most, and the most of the
 * data that they may be. */
enum { VALID_MOST_ROWS = 1000 };
static const double VALID_FRACTION = 0.1;

typedef struct parzen_rows {
    nqi_source samples, valid;
    nq_dataset *part, *rest; /* of the data: what chooses the width, and what is scored */
} parzen_rows;

/* How many samples `text` asks for; 0: it is no number. */
static int count_read(double *out, const char *text)
{
    return nqi_text_read_double(out, text) && *out == floor(*out);
}

const char *nqi_parzen_path(const char *text)
{
    double count;
    return text && !count_read(&count, text) ? text : NULL;
}

static nq_status samples_draw(nqi_source *out, const nqi_parzen_job *job, size_t count)
{
    const size_t columns = nq_model_columns(job->model);
    double *values = NULL;
    nq_sample_options options;
    nq_sample_options_init(&options, sizeof options);
    options.rows = count;
    options.seed = job->options->seed;
    if (count <= SIZE_MAX / sizeof *values / (columns + 1))
        values = malloc((count * columns + 1) * sizeof *values);
    if (!values)
        return nqi_fail(job->context, NQ_ERROR_MEMORY,
                        "there is no memory for %zu rows of %zu numbers", count, columns);
    nq_status status = nq_sample(values, job->context, job->model, &options);
    if (!status)
        status = nq_dataset_from_array(&out->file, job->context, values, count, columns, NULL);
    out->rows = out->file;
    free(values);
    return status;
}

static nq_status file_open(nqi_source *out, const nqi_parzen_job *job, const char *path)
{
    const nq_source source = {.path = path, .read = job->read};
    return nqi_source_open_for(out, job->context, &source, job->model, 0);
}

static nq_status samples_open(parzen_rows *rows, const nqi_parzen_job *job)
{
    const char *text = job->options->parzen;
    double count;
    if (!count_read(&count, text))
        return file_open(&rows->samples, job, text);
    if (!(count >= 1 && count <= 1e12))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "parzen takes a file of samples or how many to draw, not '%s'",
                        text);
    return samples_draw(&rows->samples, job, (size_t)count);
}

/* What chooses the width is never scored. */
static nq_status valid_open(parzen_rows *rows, const nqi_parzen_job *job)
{
    const double count = (double)nq_dataset_rows(job->data);
    if (job->options->parzen_width > 0)
        return NQ_OK;
    if (job->options->parzen_valid)
        return file_open(&rows->valid, job, job->options->parzen_valid);
    return nq_dataset_split(&rows->part, &rows->rest, job->context, job->data,
                            fmin(VALID_FRACTION, VALID_MOST_ROWS / count), job->options->seed);
}

static nq_status windows_estimate(nq_parzen *out, const parzen_rows *rows,
                                  const nqi_parzen_job *job)
{
    nq_parzen_options options;
    nq_parzen_options_init(&options, sizeof options);
    options.unit = job->unit;
    options.width = job->options->parzen_width;
    const nq_status status =
        nq_parzen_estimate(out, job->context, rows->samples.rows,
                           rows->rest ? rows->rest : job->data,
                           rows->part ? rows->part : rows->valid.rows, &options);
    /* another seed would also leave out other rows */
    if (!status && rows->part)
        out->se_samples =
            hypot(out->se_samples, out->se * sqrt((double)nq_dataset_rows(rows->part) /
                                                  (double)nq_dataset_rows(job->data)));
    return status;
}

nq_status nqi_parzen_run(nq_parzen *out, const nqi_parzen_job *job)
{
    parzen_rows rows = {0};
    nq_status status = samples_open(&rows, job);
    if (!status)
        status = valid_open(&rows, job);
    if (!status)
        status = windows_estimate(out, &rows, job);
    nq_dataset_free(rows.part);
    nq_dataset_free(rows.rest);
    nqi_source_free(&rows.valid);
    nqi_source_free(&rows.samples);
    return status;
}
