/* nearest.c - how near samples are to training rows, beside rows that were not learned from: does
 * the model copy?
 *
 * Two rows are as far apart as the mean over columns of: of numbers, the part of the training rows
 * between the two values; of levels, 1 if they differ; likewise of a gap and a value. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/sort/sort.h"
#include "task/page/findings.h"
#include "task/report/table.h"

enum { TRAINED_MOST = 50000, ASKED_MOST = 1000, ASKED_LEAST = 50, LEVEL_GAP = -2 };
static const double work_most = 1.5e9; /* cells that are compared, of each side */
static const double near_part = 0.05;

typedef struct work {
    nqi_findings *found;
    nqi_nearest *out;
    size_t columns, numbers; /* that vary; the first so many are numbers */
    size_t *column;          /* [columns] of the model */
    double *sorted;          /* [numbers][trained] ascending; gaps last */
    size_t *known;           /* [numbers] of it that are no gaps */
    float *trained;          /* [trained][columns] places of numbers, 0..1, and levels */
    size_t *row;             /* [trained] of the data */
    double *raw;             /* [columns of the model] */
} work;

/* The part of the training rows below a value, those equal to it by half. */
static float place_of(const work *w, size_t j, double value)
{
    const double *sorted = w->sorted + j * w->out->trained;
    size_t ends[2];
    if (isnan(value))
        return LEVEL_GAP;
    for (int past = 0; past < 2; past++) {
        size_t low = 0, high = w->known[j];
        while (low < high) {
            const size_t middle = low + (high - low) / 2;
            if (sorted[middle] < value || (past && sorted[middle] == value))
                low = middle + 1;
            else
                high = middle;
        }
        ends[past] = low;
    }
    return (float)((double)(ends[0] + ends[1]) / 2 / (double)(w->known[j] + (w->known[j] == 0)));
}

static void row_code(float *out, const work *w, const double *row)
{
    for (size_t j = 0; j < w->columns; j++) {
        const double x = row[w->column[j]];
        out[j] = j < w->numbers ? place_of(w, j, x) : isnan(x) ? (float)LEVEL_GAP : (float)x;
    }
}

/* Rows farther apart than `most` may get any larger number. */
static double distance_of(const work *w, const float *a, const float *b, double most)
{
    enum { PIECE = 8 };
    double sum = 0;
    most *= (double)w->columns;
    for (size_t j = 0; j < w->columns && sum <= most;) {
        const size_t end = j + PIECE < w->columns ? j + PIECE : w->columns;
        for (; j < end; j++) {
            const float gap = fabsf(a[j] - b[j]);
            sum += (double)(j < w->numbers ? (gap > 1 ? 1 : gap) : gap > 0 ? 1.0F : 0.0F);
        }
    }
    return sum / (double)w->columns;
}

/* The nearest training row, but `self`. */
static double nearest_find(size_t *nearest, const work *w, const float *row, size_t self)
{
    double best = INFINITY;
    for (size_t i = 0; i < w->out->trained; i++) {
        if (i == self)
            continue;
        const double distance = distance_of(w, row, w->trained + i * w->columns, best);
        if (distance < best) {
            best = distance;
            *nearest = i;
        }
    }
    return best;
}

static void columns_choose(work *w)
{
    const nqi_findings *found = w->found;
    for (int levels = 0; levels < 2; levels++)
        for (size_t j = 0; j < found->column_count; j++)
            if (found->columns[j].is_level == levels)
                w->column[w->columns++] = found->columns[j].column;
    for (size_t j = 0; j < found->column_count; j++)
        w->numbers += found->columns[j].is_level ? 0 : 1;
}

static nq_status trained_read(work *w)
{
    const nq_dataset *data = w->found->rows.data.rows;
    const size_t rows = nq_dataset_rows(data), trained = w->out->trained;
    nq_status status = NQ_OK;
    for (size_t i = 0; i < trained && !status; i++) {
        w->row[i] = (size_t)((double)i * (double)rows / (double)trained);
        nq_dataset_row(w->raw, data, w->row[i]);
        for (size_t j = 0; j < w->numbers; j++)
            if (!isnan(w->raw[w->column[j]]))
                w->sorted[j * trained + w->known[j]++] = w->raw[w->column[j]];
        if (i % NQI_TELL_ROWS == 0)
            status = nqi_tell_again(w->found->context);
    }
    for (size_t j = 0; j < w->numbers && !status; j++)
        status = nqi_sort(w->found->context, w->sorted + j * trained, w->known[j],
                          sizeof *w->sorted, nqi_double_compare);
    for (size_t i = 0; i < trained && !status; i++) {
        nq_dataset_row(w->raw, data, w->row[i]);
        row_code(w->trained + i * w->columns, w, w->raw);
        if (i % NQI_TELL_ROWS == 0)
            status = nqi_tell_again(w->found->context);
    }
    return status;
}

/* A sample and its training row, if it is one of the closest. */
static void example_keep(work *w, double distance, const double *row, size_t nearest)
{
    nqi_nearest *out = w->out;
    const size_t size = w->found->rows.columns;
    size_t at = out->examples;
    if (at == NQI_CLOSEST && !(distance < out->apart[--at]))
        return;
    for (; at > 0 && distance < out->apart[at - 1]; at--) {
        out->apart[at] = out->apart[at - 1];
        memcpy(out->example + 2 * at * size, out->example + 2 * (at - 1) * size,
               2 * size * sizeof *row);
    }
    out->apart[at] = distance;
    memcpy(out->example + 2 * at * size, row, size * sizeof *row);
    nq_dataset_row(out->example + (2 * at + 1) * size, w->found->rows.data.rows, w->row[nearest]);
    out->examples += out->examples < NQI_CLOSEST;
}

static nq_status side_ask(work *w, int side, float *code)
{
    nqi_nearest *out = w->out;
    const nqi_page_rows *rows = &w->found->rows;
    const size_t asked = out->count[side];
    nq_status status = NQ_OK;
    for (size_t i = 0; i < asked && !status; i++) {
        const int leaves_out = side == NQ_SIDE_DATA && out->leaves_out;
        const size_t of = leaves_out ? out->trained : rows->sides.count[side];
        const size_t r = i * of / asked;
        const double *row = rows->sides.rows[side] + (leaves_out ? 0 : r) * rows->columns;
        size_t nearest = 0;
        if (!leaves_out)
            row_code(code, w, row);
        out->distance[side][i] =
            nearest_find(&nearest, w, leaves_out ? w->trained + r * w->columns : code,
                         leaves_out ? r : SIZE_MAX);
        out->copies[side] += (out->distance[side][i] == 0) / (double)asked;
        if (side == NQ_SIDE_SAMPLES)
            example_keep(w, out->distance[side][i], row, nearest);
        status = nqi_tell(w->found->context, "looking for nearest rows",
                          (double)((size_t)side * asked + i), (double)(NQ_SIDES * asked));
    }
    if (!status)
        status = nqi_sort(w->found->context, out->distance[side], asked,
                          sizeof *out->distance[side], nqi_double_compare);
    out->median[side] = asked ? out->distance[side][asked / 2] : NAN;
    return status;
}

/* Whether more samples are nearer than a twentieth of the rows than chance has it. */
static void near_fill(nqi_nearest *out)
{
    const size_t rows = out->count[NQ_SIDE_DATA], samples = out->count[NQ_SIDE_SAMPLES];
    const double limit = out->distance[NQ_SIDE_DATA][(size_t)(near_part * (double)rows)];
    double nearer[NQ_SIDES] = {0, 0};
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t i = 0; i < out->count[side]; i++)
            nearer[side] += (out->distance[side][i] < limit) / (double)out->count[side];
    const double part = fmax(nearer[NQ_SIDE_DATA], near_part);
    out->near = nearer[NQ_SIDE_SAMPLES];
    out->near_z = (out->near - nearer[NQ_SIDE_DATA]) /
                  sqrt(part * (1 - part) * (1 / (double)rows + 1 / (double)samples));
}

static nq_status work_new(work *w)
{
    const size_t trained = w->out->trained, columns = w->found->column_count;
    w->column = malloc((columns + 1) * sizeof *w->column);
    w->known = calloc(columns + 1, sizeof *w->known);
    w->row = malloc((trained + 1) * sizeof *w->row);
    w->raw = malloc((w->found->rows.columns + 1) * sizeof *w->raw);
    w->sorted = nqi_numbers_new(w->found->context, columns, trained);
    w->trained = malloc((trained * columns + 1) * sizeof *w->trained);
    for (int side = 0; side < NQ_SIDES; side++)
        w->out->distance[side] =
            malloc((w->out->count[side] + 1) * sizeof *w->out->distance[side]);
    w->out->example = calloc((2 * NQI_CLOSEST * w->found->rows.columns + 1), sizeof(double));
    if (w->column && w->known && w->row && w->raw && w->sorted && w->trained &&
        w->out->distance[0] && w->out->distance[1] && w->out->example)
        return NQ_OK;
    return nqi_fail_memory(w->found->context, "nearest rows",
                           trained * columns * sizeof *w->trained);
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Why rows near each other say nothing here, or NULL. */
static const char *why_not(const nqi_findings *found)
{
    const nqi_page_rows *rows = &found->rows;
    if (!found->column_count)
        return "no column varies";
    if (!rows->has_test && rows->data_known == NQI_ROWS_STRANGE)
        return "the training rows are not at hand: give them as DATA, and rows to judge by with "
               "" NQI_OPTION "test";
    if (nq_dataset_rows(rows->data.rows) < ASKED_LEAST)
        return "there are fewer than 50 training rows";
    return NULL;
}

nq_status nqi_page_nearest(nqi_findings *found)
{
    nqi_nearest *out = &found->nearest;
    work w = {.found = found, .out = out};
    const char *why = why_not(found);
    if (why) {
        nqi_options_named(out->why, NQI_WHY, found->context, why);
        return NQ_OK;
    }
    const double cells = (double)found->column_count;
    out->trained = least_of(nq_dataset_rows(found->rows.data.rows), TRAINED_MOST);
    out->leaves_out = !found->rows.has_test;
    const double affordable = work_most / (cells * (double)out->trained);
    const size_t most = (size_t)fmin(fmax(affordable, ASKED_LEAST), ASKED_MOST);
    out->count[NQ_SIDE_SAMPLES] = least_of(found->rows.sides.count[NQ_SIDE_SAMPLES], most);
    out->count[NQ_SIDE_DATA] =
        least_of(out->leaves_out ? out->trained : found->rows.sides.count[NQ_SIDE_DATA], most);
    nq_status status = work_new(&w);
    if (!status) {
        columns_choose(&w);
        status = trained_read(&w);
    }
    float *code = malloc((w.columns + 1) * sizeof *code);
    if (!status && !code)
        status = nqi_fail_memory(found->context, "a row", w.columns * sizeof *code);
    for (int side = 0; side < NQ_SIDES && !status; side++)
        status = side_ask(&w, side, code);
    if (!status)
        near_fill(out);
    free(code);
    free(w.trained);
    free(w.sorted);
    free(w.raw);
    free(w.row);
    free(w.known);
    free(w.column);
    return status;
}
