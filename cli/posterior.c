/* posterior.c - draws rows given evidence in parts, and writes draws, means or quantiles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "posterior.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"
#include "output.h"
#include "progress.h"
#include "session.h"

enum { PART_ROWS = 256, SUMMARY_DRAWS = 100 }; /* parts: a multiple of 64, as `first` wants */

static int quantiles_parse(posterior_job *job, const verb *self, const char *text)
{
    char word[64];

    for (const char *rest = text; *rest;) {
        const size_t length = strcspn(rest, ",");
        double *q = &job->quantiles[job->quantile_count];

        if (job->quantile_count == QUANTILES_MOST || length >= sizeof word)
            return options_refuse(self, "--quantiles takes at most %d numbers", QUANTILES_MOST);
        memcpy(word, rest, length);
        word[length] = '\0';
        if (!number_parse(q, word) || !(*q >= 0 && *q <= 1))
            return options_refuse(self, "--quantiles takes numbers from 0 to 1, not '%s'", word);
        job->quantile_count++;
        rest += length + (rest[length] == ',');
    }
    return job->quantile_count ? EXIT_DONE
                               : options_refuse(self, "--quantiles needs at least one number");
}

int posterior_check(posterior_job *job, const verb *self, const posterior_values *values,
                    const char *model_path, const char *data_path)
{
    int code;

    job->values = values;
    if (values->mean && values->quantiles)
        return options_refuse(self, "--mean and --quantiles are two different tables; ask for "
                                    "one at a time");
    if (values->quantiles && (code = quantiles_parse(job, self, values->quantiles)))
        return code;
    if ((code = output_check_table(values->path)) ||
        (code = output_check_apart(values->path, model_path)))
        return code;
    return output_check_apart(values->path, data_path);
}

nq_real *posterior_rows(nq_context *context, const nq_model *model, const char *path,
                        size_t *count, int *code)
{
    nq_dataset *data = NULL;
    nq_real *rows = NULL;
    const nq_status status = nq_dataset_open(&data, context, path);

    *code = EXIT_FAILED;
    if (status) {
        *code = session_fail(context, status);
    } else if (nq_dataset_dim(data) != nq_model_columns(model)) {
        message_print("%s has %zu columns; the model was made for %zu", path,
                      nq_dataset_dim(data), nq_model_columns(model));
    } else if ((rows = values_new(nq_dataset_rows(data), nq_dataset_dim(data)))) {
        *code = EXIT_DONE;
        *count = nq_dataset_rows(data);
        for (size_t r = 0; r < *count; r++)
            nq_dataset_row(data, r, rows + r * nq_dataset_dim(data));
    }
    nq_dataset_free(data);
    return rows;
}

static int has_missing(const nq_real *row, size_t columns)
{
    for (size_t c = 0; c < columns; c++)
        if (isnan(row[c]))
            return 1;
    return 0;
}

static size_t draw_count(const posterior_job *job)
{
    if (job->values->draws)
        return (size_t)job->values->draws;
    return job->values->mean || job->quantile_count ? SUMMARY_DRAWS : 1;
}

/* Rows that are written for each row of data. */
static size_t row_count(const posterior_job *job)
{
    if (job->values->mean)
        return 1;
    return job->quantile_count ? job->quantile_count : draw_count(job);
}

static int by_value(const void *a, const void *b)
{
    const nq_real x = *(const nq_real *)a, y = *(const nq_real *)b;

    return (x > y) - (x < y);
}

/* Between order statistics, as R's type 7. `sorted` has `count` numbers. */
static nq_real quantile(const nq_real *sorted, size_t count, double q)
{
    const double position = q * (double)(count - 1);
    const size_t below = (size_t)position;
    const double part = position - (double)below;

    if (below + 1 >= count)
        return sorted[count - 1];
    return (nq_real)((1 - part) * (double)sorted[below] + part * (double)sorted[below + 1]);
}

/* One cell of one row: `sorted` holds its draws and is put in order. */
static void cell_summarise(const posterior_job *job, nq_real *sorted, size_t draws, nq_real *out,
                           size_t stride)
{
    double sum = 0;

    if (job->values->mean) {
        for (size_t d = 0; d < draws; d++)
            sum += (double)sorted[d];
        *out = (nq_real)(sum / (double)draws);
        return;
    }
    qsort(sorted, draws, sizeof *sorted, by_value);
    for (size_t k = 0; k < job->quantile_count; k++)
        out[k * stride] = quantile(sorted, draws, job->quantiles[k]);
}

/* Draws [draws, columns] of one row to its rows of the table. */
static void row_summarise(const posterior_job *job, const nq_real *row, const nq_real *draws,
                          nq_real *scratch, nq_real *out)
{
    const size_t columns = nq_model_columns(job->model), count = draw_count(job);

    if (!job->values->mean && !job->quantile_count) {
        memcpy(out, draws, count * columns * sizeof *out);
        return;
    }
    for (size_t c = 0; c < columns; c++) {
        for (size_t d = 0; d < count; d++)
            scratch[d] = draws[d * columns + c];
        if (!job->keep || isnan(row[c]))
            cell_summarise(job, scratch, count, out + c, columns);
        else
            for (size_t k = 0; k < row_count(job); k++)
                out[k * columns + c] = row[c];
    }
}

static nq_posterior_options library_options(const posterior_job *job, size_t first)
{
    nq_posterior_options options;

    nq_posterior_options_init(&options);
    snprintf(options.method, sizeof options.method, "%s", job->values->method);
    snprintf(options.twist, sizeof options.twist, "%s", job->values->twist);
    options.draws = draw_count(job);
    options.particles = (size_t)job->values->particles;
    options.jumps = (size_t)job->values->jumps;
    options.seed = (uint64_t)job->common->seed;
    options.first = first;
    return options;
}

/* Rows numbers[0..count-1] of the data; `first` of all that are drawn. */
static nq_status part_draw(const posterior_job *job, const size_t *numbers, size_t count,
                           size_t first, nq_real *scratch, nq_real *out)
{
    const size_t columns = nq_model_columns(job->model), each = row_count(job);
    const nq_posterior_options options = library_options(job, first);
    nq_evidence *evidence = NULL;
    nq_posterior posterior = {0};
    nq_status status;

    for (size_t i = 0; i < count; i++)
        memcpy(scratch + i * columns, job->rows + numbers[i] * columns,
               columns * sizeof *scratch);
    if (!(status = job->evidence(&evidence, job, scratch, count)))
        status = nq_posterior_sample(&posterior, job->context, job->model, evidence, &options);
    for (size_t i = 0; i < count && !status; i++)
        row_summarise(job, job->rows + numbers[i] * columns,
                      posterior.samples + i * posterior.draws * columns, scratch,
                      out + numbers[i] * each * columns);
    nq_posterior_free(&posterior);
    nq_evidence_free(evidence);
    return status;
}

/* Numbers of the rows that are drawn; the others are copied to the table. */
static size_t rows_choose(const posterior_job *job, size_t *numbers, nq_real *out)
{
    const size_t columns = nq_model_columns(job->model), each = row_count(job);
    size_t chosen = 0;

    for (size_t r = 0; r < job->count; r++) {
        const nq_real *row = job->rows + r * columns;

        if (!job->keep || has_missing(row, columns)) {
            numbers[chosen++] = r;
            continue;
        }
        for (size_t k = 0; k < each; k++)
            memcpy(out + (r * each + k) * columns, row, columns * sizeof *out);
    }
    return chosen;
}

static nq_status table_draw(const posterior_job *job, size_t *numbers, nq_real *scratch,
                            nq_real *out)
{
    const size_t chosen = rows_choose(job, numbers, out);
    nq_status status = NQ_OK;
    progress line;

    progress_init(&line, job->common->quiet);
    for (size_t first = 0; first < chosen && !status; first += PART_ROWS) {
        const size_t left = chosen - first;

        progress_count(&line, "drawing", first, chosen);
        status = part_draw(job, numbers + first, left < PART_ROWS ? left : PART_ROWS, first,
                           scratch, out);
    }
    progress_clear(&line);
    return status;
}

/* The table behind two columns that say which row of the data, and which draw or quantile. */
static nq_real *table_label(const posterior_job *job, const nq_real *table)
{
    const size_t columns = nq_model_columns(job->model), each = row_count(job);
    nq_real *out = values_new(job->count * each, columns + 2);

    for (size_t i = 0; out && i < job->count * each; i++) {
        nq_real *row = out + i * (columns + 2);

        row[0] = (nq_real)(i / each);
        row[1] = (nq_real)(job->quantile_count ? job->quantiles[i % each] : (double)(i % each));
        memcpy(row + 2, table + i * columns, columns * sizeof *table);
    }
    return out;
}

/* x1, x2, ... where the model has no names. NULL without memory. */
static const char **label_names(const posterior_job *job, char (**made)[24])
{
    const size_t columns = nq_model_columns(job->model);
    const char **names = malloc((columns + 2) * sizeof *names);

    *made = malloc(columns * sizeof **made);
    if (!names || !*made) {
        free(names);
        message_print("out of memory");
        return NULL;
    }
    names[0] = "row";
    names[1] = job->quantile_count ? "quantile" : "draw";
    for (size_t c = 0; c < columns; c++) {
        snprintf((*made)[c], sizeof(*made)[c], "x%zu", c + 1);
        names[c + 2] = nq_model_column_name(job->model, c);
        if (!names[c + 2])
            names[c + 2] = (*made)[c];
    }
    return names;
}

static int table_write(const posterior_job *job, const nq_real *table, int labels)
{
    const size_t columns = nq_model_columns(job->model), rows = job->count * row_count(job);
    char(*made)[24] = NULL;
    int code = EXIT_DONE;
    nq_real *labelled = labels ? table_label(job, table) : NULL;
    const char **names = labels ? label_names(job, &made) : column_names_new(job->model, &code);

    if (!code && labels && (!labelled || !names))
        code = EXIT_FAILED;
    if (!code) {
        const nq_status status =
            nq_values_write(job->context, job->values->path, labels ? labelled : table, rows,
                            columns + (labels ? 2 : 0), names);

        code = status ? session_fail(job->context, status) : output_finish();
    }
    free(names);
    free(made);
    free(labelled);
    return code;
}

int posterior_write(const posterior_job *job)
{
    const size_t columns = nq_model_columns(job->model), each = row_count(job);
    const size_t larger =
        draw_count(job) > PART_ROWS * columns ? draw_count(job) : PART_ROWS * columns;
    const char *path = job->values->path;
    const int labels = (each > 1 || job->quantile_count) && !path_has_extension(path, ".npy") &&
                       !path_has_extension(path, ".npy.gz");
    int code = EXIT_FAILED;

    if (job->count > SIZE_MAX / each)
        return message_fail("there is no memory for %zu rows of each of %zu", each, job->count);
    nq_real *out = values_new(job->count * each, columns), *scratch = values_new(larger, 1);
    size_t *numbers = malloc((job->count + 1) * sizeof *numbers);
    if (out && scratch && numbers) {
        const nq_status status = table_draw(job, numbers, scratch, out);

        code = status ? session_fail(job->context, status) : table_write(job, out, labels);
    }
    free(out);
    free(scratch);
    free(numbers);
    return code;
}
