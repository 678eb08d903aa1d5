/* cmd_sample.c - noneq sample: exact ancestral samples, or their way from noise to data. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "progress.h"
#include "session.h"
#include "verbs.h"

typedef struct sample_values {
    int64_t rows, slices;
    const char *path;
} sample_values;

static const option_row rows[] = {
    {"rows", 'n', OPTION_COUNT, offsetof(sample_values, rows), "N", "100", 1, "samples to draw"},
    {"output", 'o', OPTION_TEXT, offsetof(sample_values, path), "OUT", "-", 0,
     ".npy, .csv or .tsv, perhaps with .gz; - writes CSV to standard output"},
    {"trajectory", 0, OPTION_COUNT, offsetof(sample_values, slices), "K", "0", 0,
     "keep the rows at K times evenly spread from T to 0: text gets the columns t and row in "
     "front, .npy is [K*N, columns], noise first"},
};

enum { CHUNK_ROWS = 8192 }; /* a multiple of 64, as nq_sample_options.first wants */

typedef struct sample_job {
    nq_context *context;
    const nq_model *model;
    const sample_values *values;
    const common_values *common;
} sample_job;

static nq_status rows_draw(const sample_job *job, nq_real *out)
{
    const size_t columns = nq_model_columns(job->model);
    const size_t count = (size_t)job->values->rows;
    progress line;
    nq_status status = NQ_OK;

    progress_init(&line, job->common->quiet);
    for (size_t first = 0; first < count && !status; first += CHUNK_ROWS) {
        const nq_sample_options options = {.rows = count - first < CHUNK_ROWS ? count - first
                                                                              : CHUNK_ROWS,
                                           .seed = (uint64_t)job->common->seed,
                                           .first = first};

        progress_count(&line, "sampling", first, count);
        status = nq_sample(job->context, job->model, &options, out + first * columns);
    }
    progress_clear(&line);
    return status;
}

/* Copies a slice behind its two extra columns: the time and the number of the row. */
static void slice_label(nq_real *out, const nq_real *slice, size_t count, size_t columns,
                        size_t t)
{
    for (size_t i = 0; i < count; i++) {
        nq_real *row = out + i * (columns + 2);

        row[0] = (nq_real)t;
        row[1] = (nq_real)i;
        memcpy(row + 2, slice + i * columns, columns * sizeof *slice);
    }
}

/* out[slices * rows, columns], or with two more columns in front when `labels`. */
static nq_status trajectory_draw(const sample_job *job, nq_real *out, int labels)
{
    const size_t columns = nq_model_columns(job->model), steps = nq_model_steps(job->model);
    const size_t count = (size_t)job->values->rows, slices = (size_t)job->values->slices;
    const nq_sample_options options = {.rows = count, .seed = (uint64_t)job->common->seed};
    nq_sampler *sampler = NULL;
    nq_real *slice = values_new(count, columns);
    nq_status status = slice ? NQ_OK : NQ_ERROR_MEMORY;

    if (!status)
        status = nq_sampler_new(&sampler, job->context, job->model, &options);
    for (size_t k = 0; k < slices && !status; k++) {
        const size_t t = (steps * (slices - 1 - k) + (slices - 1) / 2) / (slices - 1);

        if ((status = nq_sampler_run(sampler, t)) ||
            (status = nq_sampler_state(sampler, labels ? slice : out + k * count * columns)))
            break;
        if (labels)
            slice_label(out + k * count * (columns + 2), slice, count, columns, t);
    }
    nq_sampler_free(sampler);
    free(slice);
    return status;
}

static int rows_write(const sample_job *job)
{
    const size_t columns = nq_model_columns(job->model);
    int code;
    nq_real *out = values_new((size_t)job->values->rows, columns);
    const char **names = column_names_new(job->model, &code);
    nq_status status = NQ_OK;

    if (!out)
        code = EXIT_FAILED;
    if (!code && !(status = rows_draw(job, out)))
        status = nq_values_write(job->context, job->values->path, out, (size_t)job->values->rows,
                                 columns, names);
    if (status)
        code = session_fail(job->context, status);
    free(names);
    free(out);
    return code ? code : output_finish();
}

/* Header of a labelled table: t, row, and the model's columns (x1, x2, ... without names). */
static const char **labelled_names_new(const nq_model *model, char (**made)[24])
{
    const size_t columns = nq_model_columns(model);
    const char **names = malloc((columns + 2) * sizeof *names);

    *made = malloc((columns + 1) * sizeof **made);
    if (!names || !*made) {
        free(names);
        return NULL;
    }
    names[0] = "t";
    names[1] = "row";
    for (size_t i = 0; i < columns; i++) {
        snprintf((*made)[i], sizeof(*made)[i], "x%zu", i + 1);
        names[i + 2] = nq_model_column_name(model, i);
        if (!names[i + 2])
            names[i + 2] = (*made)[i];
    }
    return names;
}

static int trajectory_write(const sample_job *job)
{
    const sample_values *values = job->values;
    const int labels =
        !path_has_extension(values->path, ".npy") && !path_has_extension(values->path, ".npy.gz");
    const size_t width = nq_model_columns(job->model) + (labels ? 2 : 0);
    const size_t slices = (size_t)values->slices, count = (size_t)values->rows;
    char(*made)[24] = NULL;
    nq_status status;
    int code = EXIT_FAILED;

    if (slices < 2 || slices > nq_model_steps(job->model) + 1)
        return message_fail("--trajectory takes 2 to %zu times for a model of %zu steps, not %zu",
                            nq_model_steps(job->model) + 1, nq_model_steps(job->model), slices);
    nq_real *out = count > SIZE_MAX / slices ? NULL : values_new(count * slices, width);
    const char **names = out ? labelled_names_new(job->model, &made) : NULL;
    if (!names) {
        message_print("there is no memory for %zu slices of %zu rows", slices, count);
        goto done;
    }
    if ((status = trajectory_draw(job, out, labels)) ||
        (status = nq_values_write(job->context, values->path, out, count * slices, width,
                                  labels ? names : NULL)))
        code = session_fail(job->context, status);
    else
        code = output_finish();
done:
    free(names);
    free(made);
    free(out);
    return code;
}

static int sample_run(const verb *self, int argc, char **argv)
{
    sample_values values;
    arguments words;
    nq_context *context;
    nq_model *model = NULL;
    int code;

    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if (path_has_extension(values.path, ".png"))
        return message_fail("a .png grid of samples needs an image model; expected .npy, .csv or "
                            ".tsv");
    if ((code = output_check_table(values.path)) ||
        (code = output_check_apart(values.path, words.operands[0])) ||
        (code = session_open(&context, &words.common)))
        return code;
    const nq_status status = nq_model_load(&model, context, words.operands[0]);
    const sample_job job = {context, model, &values, &words.common};
    if (status)
        code = session_fail(context, status);
    else
        code = values.slices ? trajectory_write(&job) : rows_write(&job);
    nq_model_free(model);
    nq_context_free(context);
    return code;
}

const verb verb_sample = {
    .name = "sample",
    .operands = "MODEL [-n N] [-o OUT]",
    .summary = "draw exact samples of a model",
    .details = "Draws rows from a model: noise at time T, then T reverse steps. Row i depends on "
               "the seed and i alone, so 10 samples are the first 10 of 1000.",
    .example = "noneq sample roll.noneq -n 1000 -o samples.csv",
    .operands_least = 1,
    .operands_most = 1,
    .options = rows,
    .option_count = sizeof rows / sizeof *rows,
    .common = COMMON_SEED | COMMON_THREADS | COMMON_QUIET | COMMON_VERBOSE,
    .run = sample_run,
};
