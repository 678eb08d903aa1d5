/* posterior_table.c - draws, their means or their quantiles as a table or as pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw_scores.h"
#include "message.h"
#include "number.h"
#include "output.h"
#include "posterior.h"
#include "session.h"

int posterior_is_text(const posterior_job *job, size_t column)
{
    return job->sized && nq_model_column_is_text(job->model, column);
}

/* Between order statistics, as R's type 7. `sorted` has `count` numbers. */
static double quantile(const double *sorted, size_t count, double q)
{
    const double position = q * (double)(count - 1);
    const size_t below = (size_t)position;
    const double part = position - (double)below;

    if (below + 1 >= count)
        return sorted[count - 1];
    return (1 - part) * sorted[below] + part * sorted[below + 1];
}

/* The value that most draws have; of several the first in order. */
static double most_frequent(const double *sorted, size_t count)
{
    size_t best = 0, most = 0;

    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && sorted[end] == sorted[i];)
            end++;
        if (end - i > most) {
            most = end - i;
            best = i;
        }
    }
    return sorted[best];
}

/* One cell of one row: `sorted` holds its draws and is put in order. */
static void cell_summarise(const posterior_job *job, size_t column, double *sorted, size_t draws,
                           double *out)
{
    const size_t like = job->sized ? column : 0; /* pixels of large pictures are all alike */
    double sum = 0;

    if (posterior_is_text(job, column)) {
        qsort(sorted, draws, sizeof *sorted, draw_order);
        *out = most_frequent(sorted, draws);
        for (size_t k = 1; k < job->quantile_count; k++)
            out[k * job->columns] = *out;
        return;
    }
    if (job->values->mean) {
        for (size_t d = 0; d < draws; d++)
            sum += sorted[d];
        *out = nq_model_column_round(job->model, like, sum / (double)draws);
        return;
    }
    qsort(sorted, draws, sizeof *sorted, draw_order);
    for (size_t k = 0; k < job->quantile_count; k++)
        out[k * job->columns] =
            nq_model_column_round(job->model, like, quantile(sorted, draws, job->quantiles[k]));
}

void posterior_summarise(const posterior_job *job, const double *row, const double *draws,
                         double *scratch, double *out)
{
    const size_t columns = job->columns, count = posterior_draws(job);

    if (!job->values->mean && !job->quantile_count) {
        memcpy(out, draws, count * columns * sizeof *out);
        return;
    }
    for (size_t c = 0; c < columns; c++) {
        for (size_t d = 0; d < count; d++)
            scratch[d] = draws[d * columns + c];
        if (!job->keep || isnan(row[c]))
            cell_summarise(job, c, scratch, count, out + c);
        else
            for (size_t k = 0; k < posterior_each(job); k++)
                out[k * columns + c] = row[c];
    }
}

/* What stands in front of a table of several rows for each of the data: which row, which draw or
 * quantile, and of several models whose the draw is. */
enum { LABELS_MOST = 3 };

static size_t labels_name(const char *names[LABELS_MOST], const posterior_job *job)
{
    names[0] = "row";
    names[1] = job->quantile_count ? "quantile" : "draw";
    names[2] = "model";
    return job->model_count > 1 && !job->quantile_count ? 3 : 2;
}

static void labels_write(double out[LABELS_MOST], const posterior_job *job, size_t i)
{
    const size_t each = posterior_each(job), k = i % each;

    out[0] = (double)(i / each);
    out[1] = job->quantile_count ? job->quantiles[k] : (double)k;
    out[2] = (double)posterior_model_of(job, k) + 1;
}

/* The table behind its labels. */
static double *table_label(const posterior_job *job, const double *table, size_t labels)
{
    const size_t columns = job->columns, each = posterior_each(job);
    double *out = values_new(job->count * each, columns + labels);

    for (size_t i = 0; out && i < job->count * each; i++) {
        double *row = out + i * (columns + labels), before[LABELS_MOST];

        labels_write(before, job, i);
        memcpy(row, before, labels * sizeof *row);
        memcpy(row + labels, table + i * columns, columns * sizeof *table);
    }
    return out;
}

/* x1, x2, ... where the model has no names. NULL without memory. */
static const char **label_names(const posterior_job *job, char (**made)[24])
{
    const char *before[LABELS_MOST];
    const size_t columns = job->columns, labels = labels_name(before, job);
    const char **names = malloc((columns + labels) * sizeof *names);

    *made = malloc(columns * sizeof **made);
    if (!names || !*made) {
        free(names);
        message_print("out of memory");
        return NULL;
    }
    memcpy(names, before, labels * sizeof *names);
    for (size_t c = 0; c < columns; c++) {
        snprintf((*made)[c], sizeof(*made)[c], "x%zu", c + 1);
        names[c + labels] = job->sized ? nq_model_column_name(job->model, c) : NULL;
        if (!names[c + labels])
            names[c + labels] = (*made)[c];
    }
    return names;
}

/* The data's file with other numbers: its columns, header and text. */
static int like_write(const posterior_job *job, const double *table, int are_labelled)
{
    const size_t each = posterior_each(job), count = job->count * each;
    const char *names[LABELS_MOST];
    const size_t labels = labels_name(names, job);
    size_t *rows = malloc((count + 1) * sizeof *rows);
    double *before = values_new(count, labels);
    int code = EXIT_FAILED;

    if (!rows)
        message_print("out of memory: the numbers of the rows");
    for (size_t i = 0; rows && before && i < count; i++) {
        double label[LABELS_MOST];

        rows[i] = i / each;
        labels_write(label, job, i);
        memcpy(before + labels * i, label, labels * sizeof *before);
    }
    if (rows && before) {
        const nq_beside options = {.rows = rows,
                                   .before = are_labelled ? labels : 0,
                                   .before_values = before,
                                   .before_names = names};
        const char *path = job->values->path ? job->values->path : "-";
        const nq_status status =
            nq_dataset_write_like(path, job->context, job->data.rows, table, count, &options);

        code = status ? session_fail(job->context, status) : output_finish();
    }
    free(rows);
    free(before);
    return code;
}

static int table_write(const posterior_job *job, const double *table, int are_labelled)
{
    const char *before[LABELS_MOST];
    const size_t columns = job->columns, rows = job->count * posterior_each(job);
    const size_t labels = are_labelled ? labels_name(before, job) : 0;
    char(*made)[24] = NULL;
    const char **names = NULL;
    int code = EXIT_DONE;
    double *labelled = labels ? table_label(job, table, labels) : NULL;

    if (labels)
        names = label_names(job, &made);
    else if (job->sized)
        names = column_names_new(job->model, &code);
    if (!code && labels && (!labelled || !names))
        code = EXIT_FAILED;
    if (!code) {
        const nq_status status =
            number_table_write(job->context, job->model,
                               job->values->path ? job->values->path : "-",
                               labels ? labelled : table, rows, columns + labels, names);

        code = status ? session_fail(job->context, status) : output_finish();
    }
    free(names);
    free(made);
    free(labelled);
    return code;
}

/* A line for each row where it has several draws, else a nearly square page. */
static int page_write(const posterior_job *job, const double *table)
{
    const size_t each = posterior_each(job), count = job->count * each;
    const size_t columns = each > 1 ? each : sheet_columns(count);
    sheet page;
    int code = sheet_new(&page, (count + columns - 1) / columns, columns, &job->view);

    for (size_t i = 0; i < count && !code; i++)
        sheet_place(&page, i / columns, i % columns, table + i * job->columns);
    if (!code)
        code = sheet_write(&page, job->context, job->values->path);
    sheet_free(&page);
    return code;
}

int posterior_write(const posterior_job *job, const double *table)
{
    const char *path = job->values->path;
    const int several = posterior_each(job) > 1 || job->quantile_count;

    const int labels = several && !path_is_numbers(path);

    if (path_is_picture(path))
        return page_write(job, table);
    return nq_dataset_has_text(job->data.rows) ? like_write(job, table, labels)
                                               : table_write(job, table, labels);
}
