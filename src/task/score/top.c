/* top.c - the least likely rows, for people. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "core/context.h"
#include "task/report/number.h"
#include "task/report/print.h"
#include "task/report/shown.h"
#include "task/score/score.h"

typedef struct ranked_row {
    size_t row;
    double score;
} ranked_row;

static int ranked_compare(const void *left, const void *right)
{
    const ranked_row *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->row < b->row ? -1 : 1;
}

/* As the file has it; nothing of a gap. */
static void cell_print(FILE *file, const nqi_scoring *scoring, size_t column, double value)
{
    char text[512] = "";
    if (!isnan(value))
        nq_dataset_cell_text(text, sizeof text, scoring->rows, column, value);
    fprintf(file, "%s%s", column ? "," : "", nqi_shown(text).text);
}

/* The row's score, and its numbers as they are in the data. */
static void row_print(FILE *file, const nqi_scoring *scoring, const ranked_row *entry,
                      double *values)
{
    const size_t dim = nq_dataset_dim(scoring->rows);
    char text[NQI_NUMBER_TEXT];
    nq_dataset_row(values, scoring->rows, entry->row);
    fprintf(file, "%12zu %14.4f %14.4f  ", entry->row, entry->score * NQI_BITS_PER_NAT,
            entry->score);
    for (size_t i = 0; i < dim; i++)
        if (nq_model_is_recorded(scoring->model))
            cell_print(file, scoring, i, values[i]);
        else
            fprintf(file, "%s%s", i ? "," : "", nqi_number_text(text, values[i]));
    putc('\n', file);
}

static void rows_rank(ranked_row *order, const nq_scores *scores)
{
    for (size_t r = 0; r < scores->rows; r++)
        order[r] = (ranked_row){r, scores->score[r]};
    qsort(order, scores->rows, sizeof *order, ranked_compare);
}

nq_status nqi_scores_top(char **report, const nqi_scoring *scoring)
{
    const nq_scores *scores = scoring->scores;
    const size_t bytes = scores->rows * sizeof(ranked_row);
    ranked_row *order = malloc(bytes + 1);
    double *values = malloc((nq_dataset_dim(scoring->rows) + 1) * sizeof *values);
    nqi_print print = {0};
    nq_status status = order && values
                           ? nqi_print_open(&print, scoring->context)
                           : nqi_fail_memory(scoring->context, "a rank of rows", bytes);
    if (!status) {
        rows_rank(order, scores);
        fprintf(print.file, "%12s %14s %14s  %s\n", "row (from 0)",
                scoring->options->ais ? "log p, bits" : "bound, bits", "nats", "values");
        for (size_t k = 0; k < scoring->options->top && k < scores->rows; k++)
            row_print(print.file, scoring, &order[k], values);
        status = nqi_print_close(report, &print, scoring->context);
    }
    free(order);
    free(values);
    return status;
}
