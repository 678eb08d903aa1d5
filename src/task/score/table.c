/* table.c - scores of rows as a table: CSV, numbers alone, or JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/file.h>

#include "core/context.h"
#include "task/report/json.h"
#include "task/report/number.h"
#include "task/report/print.h"
#include "task/score/score.h"

enum { COLUMNS_BOUND = 4, COLUMNS_AIS = 8, NAME_MORE = 32, JSON_ROWS = 4096 };
static const char *const names_bound[] = {"row", "bound_bits", "bound_nats", "se_bits"};
static const char *const names_ais[] = {
    "row",   "log_likelihood_bits", "log_likelihood_nats", "se_bits", "ess", "khat",
    "trust", "at_least_bits"};

/* As many numbers of each row as there are names. */
typedef struct score_table {
    double *values;
    const char **names;
    char *texts; /* of the names that were made */
    size_t columns, count;
    size_t own; /* columns before those of the shares */
} score_table;

static void table_free(score_table *table)
{
    free(table->values);
    free(table->names);
    free(table->texts);
}

/* "bits_age", or bits_1 of a column without a name. Returns where the next name goes. */
static char *share_name(char *out, const nq_model *model, size_t column)
{
    const char *name = nq_model_column_name(model, column);
    if (name)
        return out + sprintf(out, "bits_%s", name) + 1;
    return out + sprintf(out, "bits_%zu", column + 1) + 1;
}

static void names_make(score_table *table, const nqi_scoring *scoring)
{
    const char *const *names = scoring->options->ais ? names_ais : names_bound;
    char *text = table->texts;
    for (size_t c = 0; c < table->columns; c++) {
        table->names[c] = c < table->own ? names[c] : text;
        if (c >= table->own)
            text = share_name(text, scoring->model, c - table->own);
    }
}

static nq_status table_new(score_table *out, const nqi_scoring *scoring)
{
    const nq_scores *scores = scoring->scores;
    size_t bytes = 1;
    *out = (score_table){.own = scoring->options->ais ? COLUMNS_AIS : COLUMNS_BOUND,
                         .count = scores->rows};
    out->columns = out->own + scores->columns;
    for (size_t c = 0; c < scores->columns; c++) {
        const char *name = nq_model_column_name(scoring->model, c);
        bytes += NAME_MORE + (name ? strlen(name) : 0);
    }
    out->values = calloc(out->count + 1, out->columns * sizeof *out->values);
    out->names = malloc(out->columns * sizeof *out->names);
    out->texts = malloc(bytes);
    if (out->values && out->names && out->texts) {
        names_make(out, scoring);
        return NQ_OK;
    }
    table_free(out);
    return nqi_fail_memory(scoring->context, "a table of scores",
                           out->count * out->columns * sizeof *out->values);
}

static void row_fill(double *row, const nq_scores *scores, size_t r)
{
    row[0] = (double)r;
    row[1] = nqi_number_round(scores->score[r] * NQI_BITS_PER_NAT);
    row[2] = nqi_number_round(scores->score[r]);
    row[3] = nqi_number_round(scores->se[r] * NQI_BITS_PER_NAT);
    if (!scores->trust)
        return;
    row[4] = nqi_number_round(scores->ess[r]);
    row[5] = nqi_number_round(scores->khat[r]);
    row[6] = (double)scores->trust[r];
    row[7] = nqi_number_round(scores->lower[r] * NQI_BITS_PER_NAT);
}

/* Of rows that are all impossible, columns have no shares. */
static void table_fill(score_table *table, const nq_scores *scores)
{
    const double *shares = scores->column_score;
    for (size_t r = 0; r < table->count; r++) {
        double *row = table->values + r * table->columns;
        row_fill(row, scores, r);
        for (size_t c = 0; c < scores->columns; c++)
            row[table->own + c] =
                shares ? nqi_number_round(shares[r * scores->columns + c] * NQI_BITS_PER_NAT)
                       : NAN;
    }
}

static void row_json(FILE *file, const score_table *table, size_t r)
{
    fputs(r ? ",\n{" : "\n{", file);
    for (size_t c = 0; c < table->columns; c++) {
        fputs(c ? "," : "", file);
        nqi_json_string(file, table->names[c]);
        putc(':', file);
        nqi_json_value_any(file, table->values[r * table->columns + c]);
    }
    putc('}', file);
}

/* Rows first..first+JSON_ROWS-1, with what stands before the first and after the last. */
static nq_status part_json(nq_file *file, const nqi_scoring *scoring, const score_table *table,
                           size_t first)
{
    const size_t left = table->count - first;
    const size_t end = first + (left < JSON_ROWS ? left : JSON_ROWS);
    nqi_print print;
    char *text;
    nq_status status = nqi_print_open(&print, scoring->context);
    if (status)
        return status;
    if (!first) {
        fprintf(print.file, "{\"rows\":%zu,", table->count);
        nqi_json_field_text(print.file, "units", scoring->scores->units);
        fputs(",\"scores\":[", print.file);
    }
    for (size_t r = first; r < end; r++)
        row_json(print.file, table, r);
    if (end == table->count)
        fputs("]}\n", print.file);
    if (!(status = nqi_print_close(&text, &print, scoring->context)))
        status = nq_file_put(file, text, strlen(text));
    free(text);
    return status;
}

static nq_status table_json(const nqi_scoring *scoring, const score_table *table)
{
    nq_file *file;
    nq_status status = nq_file_open(&file, scoring->context, scoring->options->output);
    if (status)
        return status;
    size_t first = 0;
    do {
        status = part_json(file, scoring, table, first);
        first += JSON_ROWS;
    } while (!status && first < table->count);
    if (!status)
        return nq_file_commit(file);
    nq_file_abandon(file);
    return status;
}

/* Columns of the data that the model does not use stand between the row's number and its scores. */
static nq_status table_carried(const nqi_scoring *scoring, const score_table *table)
{
    const size_t count = table->count, columns = table->columns, after = columns - 1;
    double *numbers = malloc((count * columns + 1) * sizeof *numbers);
    double *scores = numbers ? numbers + count : NULL;
    const nq_beside beside = {.before = 1,
                              .before_values = numbers,
                              .before_names = table->names,
                              .after = after,
                              .after_values = scores,
                              .after_names = table->names + 1,
                              .carried_only = 1};
    if (!numbers)
        return nqi_fail_memory(scoring->context, "a table of scores",
                               count * columns * sizeof *numbers);
    for (size_t r = 0; r < count; r++) {
        numbers[r] = table->values[r * columns];
        memcpy(scores + r * after, table->values + r * columns + 1, after * sizeof *scores);
    }
    const nq_status status = nq_dataset_write_like(scoring->options->output, scoring->context,
                                                   scoring->rows, NULL, count, &beside);
    free(numbers);
    return status;
}

static nq_status table_write(const nqi_scoring *scoring, const score_table *table)
{
    const char *path = scoring->options->output;
    const nq_dataset *rows = scoring->rows;
    if (scoring->options->json)
        return table_json(scoring, table);
    if (!nqi_path_is_numbers(path) && nq_dataset_has_text(rows) &&
        nq_dataset_file_columns(rows) > nq_dataset_dim(rows))
        return table_carried(scoring, table);
    return nq_values_write(path, scoring->context, table->values, table->count, table->columns,
                           table->names);
}

nq_status nqi_scores_write(const nqi_scoring *scoring)
{
    score_table table;
    nq_status status = table_new(&table, scoring);
    if (status)
        return status;
    table_fill(&table, scoring->scores);
    status = table_write(scoring, &table);
    table_free(&table);
    return status;
}
