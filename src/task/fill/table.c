/* table.c - draws, their means or their quantiles as a table or as pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "task/fill/job.h"
#include "task/report/number.h"

/* What stands in front of a table of several rows for each of the data: which row, which draw or
 * quantile, and of several models whose the draw is. */
enum { LABELS_MOST = 3 };

static size_t labels_name(const char *names[LABELS_MOST], const nqi_fill_job *job)
{
    names[0] = "row";
    names[1] = job->plan.quantile_count ? "quantile" : "draw";
    names[2] = "model";
    return job->model_count > 1 && !job->plan.quantile_count ? 3 : 2;
}

static void labels_write(double out[LABELS_MOST], const nqi_fill_job *job, size_t i)
{
    const size_t each = job->plan.each, k = i % each;
    out[0] = (double)(i / each);
    out[1] = job->plan.quantile_count ? job->plan.quantiles[k] : (double)k;
    out[2] = (double)nqi_fill_model_of(job, k) + 1;
}

/* The table behind its labels. */
static double *table_label(const nqi_fill_job *job, size_t labels)
{
    const size_t columns = job->rows.columns, rows = job->rows.count * job->plan.each;
    double *out = nqi_numbers_new(job->context, rows, columns + labels);
    for (size_t i = 0; out && i < rows; i++) {
        double *row = out + i * (columns + labels), before[LABELS_MOST];
        labels_write(before, job, i);
        memcpy(row, before, labels * sizeof *row);
        memcpy(row + labels, job->table + i * columns, columns * sizeof *row);
    }
    return out;
}

/* The data's file with other numbers: its columns, header and text. */
static nq_status like_write(const nqi_fill_job *job, int are_labelled)
{
    const size_t each = job->plan.each, count = job->rows.count * each;
    const char *labels_named[LABELS_MOST];
    const size_t labels = labels_name(labels_named, job);
    size_t *rows = malloc((count + 1) * sizeof *rows);
    double *before = nqi_numbers_new(job->context, count, labels);
    nq_status status = before ? NQ_OK : NQ_ERROR_MEMORY;
    if (before && !rows)
        status = nqi_fail_memory(job->context, "the numbers of the rows", count * sizeof *rows);
    for (size_t i = 0; i < count && !status; i++) {
        double label[LABELS_MOST];
        rows[i] = i / each;
        labels_write(label, job, i);
        memcpy(before + labels * i, label, labels * sizeof *before);
    }
    if (!status) {
        const nq_beside beside = {.rows = rows,
                                  .before = are_labelled ? labels : 0,
                                  .before_values = before,
                                  .before_names = labels_named};
        status = nq_dataset_write_like(job->plan.options.output, job->context,
                                       job->rows.source.rows, job->table, count, &beside);
    }
    free(rows);
    free(before);
    return status;
}

static nq_status table_write(const nqi_fill_job *job, int are_labelled)
{
    const nq_model *model = job->models[0], *named = job->rows.is_model_size ? model : NULL;
    const size_t columns = job->rows.columns;
    const char *before[LABELS_MOST] = {NULL};
    const size_t labels = are_labelled ? labels_name(before, job) : 0;
    nqi_table_header header;
    double *labelled = NULL;
    nq_status status =
        nqi_table_header_make(&header, job->context, named, columns, before, labels);
    if (!status && labels && !(labelled = table_label(job, labels)))
        status = NQ_ERROR_MEMORY;
    if (!status)
        status = nqi_table_write(job->plan.options.output, job->context, model,
                                 labels ? labelled : job->table, job->rows.count * job->plan.each,
                                 columns + labels, header.names);
    nqi_table_header_free(&header);
    free(labelled);
    return status;
}

/* A line for each row where it has several draws, else a nearly square page. */
static nq_status page_write(const nqi_fill_job *job)
{
    const size_t each = job->plan.each, count = job->rows.count * each;
    const size_t columns = each > 1 ? each : nqi_sheet_columns(count);
    nqi_sheet page;
    nq_status status =
        nqi_sheet_new(&page, job->context, (count + columns - 1) / columns, columns, &job->view);
    for (size_t i = 0; i < count && !status; i++)
        nqi_sheet_place(&page, i / columns, i % columns, job->table + i * job->rows.columns);
    if (!status)
        status = nqi_sheet_write(job->plan.options.output, job->context, &page);
    nqi_sheet_free(&page);
    return status;
}

nq_status nqi_fill_write(const nqi_fill_job *job)
{
    const char *path = job->plan.options.output;
    const int several = job->plan.each > 1 || job->plan.quantile_count;
    const int are_labelled = several && !nqi_path_is_numbers(path);
    if (nqi_path_is_picture(path))
        return page_write(job);
    return nq_dataset_has_text(job->rows.source.rows) ? like_write(job, are_labelled)
                                                      : table_write(job, are_labelled);
}
