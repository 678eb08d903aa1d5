/* pairs.c - how columns go together, in rows and in samples: Spearman's correlation of numbers,
 * Cramer's V of levels (without its bias: Bergsma, Journal of the Korean Statistical Society 42
 * (2013) 323), and the correlation ratio of ranks by levels (without its bias: Kelley's epsilon
 * squared). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/sort/sort.h"
#include "task/page/findings.h"

enum { COLUMNS_MOST = 100, ROWS_MOST = 4000, LEVELS_MOST = 20, OTHERS = LEVELS_MOST - 1 };

/* A column of one side, for pairs. */
typedef struct coded {
    double *number, *rank; /* [rows] NaN: a gap; or NULL */
    unsigned char *level;  /* [rows] or NULL */
} coded;

typedef struct placed {
    double value;
    size_t row;
} placed;

static int placed_compare(const void *left, const void *right)
{
    const double a = ((const placed *)left)->value, b = ((const placed *)right)->value;
    return (a > b) - (a < b);
}

typedef struct work {
    nqi_findings *found;
    size_t rows[NQ_SIDES];
    coded *side[NQ_SIDES]; /* [columns] */
    placed *sorted;        /* [rows of both] */
} work;

static double cell(const work *w, int side, size_t i, size_t column)
{
    const nqi_page_rows *rows = &w->found->rows;
    const size_t r = i * rows->sides.count[side] / w->rows[side];
    return rows->sides.rows[side][r * rows->columns + column];
}

static double gap_as_level(double value)
{
    return isnan(value) ? (double)INFINITY : value;
}

/* Behind the values that equal the first. */
static size_t run_end(const placed *sorted, size_t first, size_t count)
{
    size_t end = first + 1;
    while (end < count && sorted[end].value == sorted[first].value)
        end++;
    return end;
}

/* Places of equal values are their mean. */
static nq_status ranks_fill(work *w, coded *out, int side, size_t column)
{
    size_t count = 0;
    for (size_t i = 0; i < w->rows[side]; i++) {
        out->number[i] = cell(w, side, i, column);
        out->rank[i] = NAN;
        if (!isnan(out->number[i]))
            w->sorted[count++] = (placed){out->number[i], i};
    }
    const nq_status status =
        nqi_sort(w->found->context, w->sorted, count, sizeof *w->sorted, placed_compare);
    for (size_t first = 0, end; first < count && !status; first = end) {
        end = run_end(w->sorted, first, count);
        for (size_t i = first; i < end; i++)
            out->rank[w->sorted[i].row] = (double)(first + end - 1) / 2;
    }
    return status;
}

/* A level, and how many rows of both sides have it. */
typedef struct counted {
    double value;
    size_t count;
} counted;

/* Keeps it among most[*kinds], the most frequent first, if there is room or it is more frequent. */
static void level_keep(counted most[OTHERS], size_t *kinds, counted level)
{
    if (*kinds == OTHERS && most[OTHERS - 1].count >= level.count)
        return;
    size_t at = *kinds < OTHERS ? (*kinds)++ : OTHERS - 1;
    for (; at > 0 && most[at - 1].count < level.count; at--)
        most[at] = most[at - 1];
    most[at] = level;
}

/* The levels that most rows of both sides have get numbers; all others share one. */
static nq_status levels_fill(work *w, size_t j, size_t column)
{
    counted most[OTHERS];
    size_t count = 0, kinds = 0;
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t i = 0; i < w->rows[side]; i++)
            w->sorted[count++] = (placed){gap_as_level(cell(w, side, i, column)), 0};
    const nq_status status =
        nqi_sort(w->found->context, w->sorted, count, sizeof *w->sorted, placed_compare);
    for (size_t first = 0, end; first < count && !status; first = end) {
        end = run_end(w->sorted, first, count);
        level_keep(most, &kinds, (counted){w->sorted[first].value, end - first});
    }
    for (int side = 0; side < NQ_SIDES; side++)
        for (size_t i = 0; i < w->rows[side]; i++) {
            const double x = gap_as_level(cell(w, side, i, column));
            size_t k = 0;
            while (k < kinds && most[k].value != x)
                k++;
            w->side[side][j].level[i] = (unsigned char)k;
        }
    return status;
}

static double correlation(const double *x, const double *y, size_t rows)
{
    double n = 0, mean_x = 0, mean_y = 0, xx = 0, yy = 0, xy = 0;
    for (size_t i = 0; i < rows; i++) {
        if (isnan(x[i]) || isnan(y[i]))
            continue;
        const double dx = x[i] - mean_x, dy = y[i] - mean_y;
        mean_x += dx / ++n;
        mean_y += dy / n;
        xx += dx * (x[i] - mean_x);
        yy += dy * (y[i] - mean_y);
        xy += dx * (y[i] - mean_y);
    }
    return n > 2 && xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static double cramer(const unsigned char *a, const unsigned char *b, size_t rows)
{
    double table[LEVELS_MOST][LEVELS_MOST] = {{0}}, of_a[LEVELS_MOST] = {0};
    double of_b[LEVELS_MOST] = {0}, phi = -1, kinds_a = 0, kinds_b = 0;
    const double n = (double)rows;
    for (size_t i = 0; i < rows; i++) {
        table[a[i]][b[i]]++;
        of_a[a[i]]++;
        of_b[b[i]]++;
    }
    for (size_t k = 0; k < LEVELS_MOST; k++) {
        kinds_a += of_a[k] > 0;
        kinds_b += of_b[k] > 0;
        for (size_t l = 0; l < LEVELS_MOST; l++)
            if (table[k][l] > 0)
                phi += table[k][l] * table[k][l] / (of_a[k] * of_b[l]);
    }
    if (kinds_a < 2 || kinds_b < 2 || rows < 3)
        return NAN;
    phi = fmax(0, phi - (kinds_a - 1) * (kinds_b - 1) / (n - 1));
    const double fewer_a = kinds_a - (kinds_a - 1) * (kinds_a - 1) / (n - 1);
    const double fewer_b = kinds_b - (kinds_b - 1) * (kinds_b - 1) / (n - 1);
    const double most = fmin(fewer_a, fewer_b) - 1;
    return most > 0 ? fmin(sqrt(phi / most), 1) : NAN;
}

static double ratio(const unsigned char *level, const double *rank, size_t rows)
{
    double n[LEVELS_MOST] = {0}, sum[LEVELS_MOST] = {0}, all = 0, total = 0, square = 0;
    double between = 0, kinds = 0;
    for (size_t i = 0; i < rows; i++) {
        if (isnan(rank[i]))
            continue;
        n[level[i]]++;
        sum[level[i]] += rank[i];
        all++;
        total += rank[i];
        square += rank[i] * rank[i];
    }
    for (size_t k = 0; k < LEVELS_MOST; k++)
        if (n[k] > 0) {
            between += sum[k] * sum[k] / n[k];
            kinds++;
        }
    if (kinds < 2 || all <= kinds)
        return NAN;
    const double spread = square - total * total / all;
    const double within = (square - between) / (all - kinds);
    between -= total * total / all;
    return spread > 0 ? sqrt(fmax(0, fmin(1, (between - (kinds - 1) * within) / spread))) : NAN;
}

static void pair_measure(nqi_pair *out, const work *w, size_t a, size_t b)
{
    *out = (nqi_pair){.a = a, .b = b};
    for (int side = 0; side < NQ_SIDES; side++) {
        const coded *first = &w->side[side][a], *second = &w->side[side][b];
        const size_t rows = w->rows[side];
        out->linear[side] = NAN;
        if (first->level && second->level) {
            out->measure = NQI_LEVELS;
            out->of[side] = cramer(first->level, second->level, rows);
        } else if (first->level || second->level) {
            out->measure = NQI_GROUPS;
            out->of[side] = first->level ? ratio(first->level, second->rank, rows)
                                         : ratio(second->level, first->rank, rows);
        } else {
            out->measure = NQI_RANKS;
            out->of[side] = correlation(first->rank, second->rank, rows);
            out->linear[side] = correlation(first->number, second->number, rows);
        }
    }
    out->gap = fabs(out->of[0] - out->of[1]);
    if (isnan(out->gap))
        out->gap = 0;
}

static int gap_compare(const void *left, const void *right)
{
    const nqi_pair *a = *(const nqi_pair *const *)left, *b = *(const nqi_pair *const *)right;
    if (a->gap != b->gap)
        return a->gap < b->gap ? 1 : -1;
    return (a > b) - (a < b);
}

static nq_status pairs_fill(const work *w)
{
    nqi_pairs *out = &w->found->pairs;
    nq_status status = NQ_OK;
    out->pair = calloc(out->count + 1, sizeof *out->pair);
    out->order = calloc(out->count + 1, sizeof *out->order);
    if (!out->pair || !out->order)
        return nqi_fail_memory(w->found->context, "pairs of columns",
                               out->count * sizeof *out->pair);
    for (size_t a = 1; a < out->columns && !status; a++)
        for (size_t b = 0; b < a && !status; b++) {
            const size_t at = a * (a - 1) / 2 + b;
            pair_measure(&out->pair[at], w, a, b);
            out->order[at] = &out->pair[at];
            status = nqi_tell(w->found->context, "comparing pairs of columns", (double)at,
                              (double)out->count);
        }
    return status ? status
                  : nqi_sort(w->found->context, out->order, out->count, sizeof *out->order,
                             gap_compare);
}

/* 1: a column is levels, of text or of a text's kind; two numbers have an order. */
static int is_levels(const nqi_findings *found, size_t j)
{
    const nqi_page_column *column = &found->columns[j];
    return column->is_level && nq_model_column_is_text(found->model, column->column);
}

static nq_status column_code(work *w, size_t j)
{
    const int levels = is_levels(w->found, j);
    nq_status status = NQ_OK;
    for (int side = 0; side < NQ_SIDES; side++) {
        coded *out = &w->side[side][j];
        if (levels)
            out->level = calloc(w->rows[side] + 1, 1);
        else
            out->number = malloc((2 * w->rows[side] + 1) * sizeof *out->number);
        if (!out->level && !out->number)
            return nqi_fail_memory(w->found->context, "a column", w->rows[side] * 2 * 8);
        out->rank = levels ? NULL : out->number + w->rows[side];
    }
    if (levels)
        return levels_fill(w, j, w->found->columns[j].column);
    for (int side = 0; side < NQ_SIDES && !status; side++)
        status = ranks_fill(w, &w->side[side][j], side, w->found->columns[j].column);
    return status;
}

/* Some three and a half standard errors of a difference of correlations near 0. */
static double chance_of(const nqi_pairs *pairs)
{
    return 3.5 * sqrt(1 / (double)pairs->rows[0] + 1 / (double)pairs->rows[1]);
}

nq_status nqi_page_pairs(nqi_findings *found)
{
    nqi_pairs *out = &found->pairs;
    work w = {.found = found};
    nq_status status = NQ_OK;
    out->columns = found->column_count < COLUMNS_MOST ? found->column_count : COLUMNS_MOST;
    out->count = out->columns < 2 ? 0 : out->columns * (out->columns - 1) / 2;
    if (!out->count)
        return NQ_OK;
    for (int side = 0; side < NQ_SIDES; side++) {
        const size_t rows = found->rows.sides.count[side];
        out->rows[side] = w.rows[side] = rows < ROWS_MOST ? rows : ROWS_MOST;
        w.side[side] = calloc(out->columns, sizeof *w.side[side]);
    }
    w.sorted = malloc((w.rows[0] + w.rows[1]) * sizeof *w.sorted);
    if (!w.side[0] || !w.side[1] || !w.sorted)
        status = nqi_fail_memory(found->context, "pairs of columns", sizeof *w.sorted);
    for (size_t j = 0; j < out->columns && !status; j++)
        status = column_code(&w, j);
    if (!status)
        status = pairs_fill(&w);
    out->chance = chance_of(out);
    for (int side = 0; side < NQ_SIDES; side++) {
        for (size_t j = 0; w.side[side] && j < out->columns; j++) {
            free(w.side[side][j].number);
            free(w.side[side][j].level);
        }
        free(w.side[side]);
    }
    free(w.sorted);
    return status;
}
