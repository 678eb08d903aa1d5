/* eval_parzen.c - the Parzen-window part of noneq eval. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "eval_parzen.h"

#include <math.h>
#include <stdlib.h>

#include "data_open.h"
#include "log/progress.h"
#include "message.h"
#include "session.h"

/* Rows of the data that choose the width where no others are given, at most, and the most of the
 * data that they may be. */
enum { VALID_MOST_ROWS = 1000 };
static const double VALID_FRACTION = 0.1;

enum { CHUNK_ROWS = 512 }; /* samples between two lines of progress; a multiple of 64 */

typedef struct parzen_job {
    nq_context *context;
    const nq_model *model;
    const parzen_values *values;
    const common_values *common;
    data_rows samples, valid;
    nq_dataset *part, *rest; /* of the data: what chooses the width, and what is scored */
} parzen_job;

static nq_status samples_draw(const parzen_job *job, double *out, size_t count)
{
    const size_t columns = nq_model_columns(job->model);
    progress line;
    nq_status status = NQ_OK;

    progress_init(&line, job->common->quiet);
    for (size_t first = 0; first < count && !status; first += CHUNK_ROWS) {
        const nq_sample_options options = {
            .rows = count - first < CHUNK_ROWS ? count - first : CHUNK_ROWS,
            .seed = (uint64_t)job->common->seed,
            .first = first,
        };
        status = nq_sample(out + first * columns, job->context, job->model, &options);
        progress_count(&line, "samples", first + options.rows, count);
    }
    progress_clear(&line);
    return status;
}

static int samples_make(parzen_job *job, size_t count)
{
    const size_t columns = nq_model_columns(job->model);
    double *values = values_new(count, columns);

    if (!values)
        return EXIT_FAILED;
    nq_status status = samples_draw(job, values, count);
    if (!status)
        status =
            nq_dataset_from_array(&job->samples.file, job->context, values, count, columns, NULL);
    job->samples.rows = job->samples.file;
    free(values);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

static int samples_open(parzen_job *job)
{
    const char *text = job->values->samples;
    const nq_area everywhere = {0};
    int64_t count;

    if (!count_parse(&count, text))
        return data_rows_open(&job->samples, job->context, text, job->model, &everywhere,
                              job->common, 0);
    if (count < 1)
        return message_fail("--parzen takes a file of samples or how many to draw, not '%s'",
                            text);
    return samples_make(job, (size_t)count);
}

/* What chooses the width is never scored. */
static int valid_open(parzen_job *job, const nq_dataset *data)
{
    const nq_area everywhere = {0};
    const double rows = (double)nq_dataset_rows(data);

    if (job->values->width > 0)
        return EXIT_DONE;
    if (job->values->valid)
        return data_rows_open(&job->valid, job->context, job->values->valid, job->model,
                              &everywhere, job->common, 0);
    const nq_status status = nq_dataset_split(&job->part, &job->rest, job->context, data,
                                              fmin(VALID_FRACTION, VALID_MOST_ROWS / rows),
                                              (uint64_t)job->common->seed);
    return status ? session_fail(job->context, status) : EXIT_DONE;
}

int eval_parzen(nq_parzen *out, nq_context *context, const nq_model *model,
                const nq_dataset *data, const parzen_values *values, double unit,
                const common_values *common)
{
    parzen_job job = {.context = context, .model = model, .values = values, .common = common};
    const nq_parzen_options options = {.unit = unit, .width = values->width};
    int code;

    if (!(code = samples_open(&job)) && !(code = valid_open(&job, data))) {
        const nq_status status =
            nq_parzen_estimate(out, context, job.samples.rows, job.rest ? job.rest : data,
                               job.part ? job.part : job.valid.rows, &options);

        code = status ? session_fail(context, status) : EXIT_DONE;
        /* another seed would also leave out other rows */
        if (!code && job.part)
            out->se_samples =
                hypot(out->se_samples, out->se * sqrt((double)nq_dataset_rows(job.part) /
                                                      (double)nq_dataset_rows(data)));
    }
    nq_dataset_free(job.part);
    nq_dataset_free(job.rest);
    data_rows_close(&job.valid);
    data_rows_close(&job.samples);
    return code;
}
