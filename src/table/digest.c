/* digest.c - h = (h ^ word) * odd, and its high half into its low one, for each 8 bytes.
 * For a given word both are permutations of 64 bits, so a single change is never lost. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/digest.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"

enum { ROWS = 64 }; /* that are located at a time */

static uint64_t add_word(uint64_t h, uint64_t word)
{
    h = (h ^ word) * 0x9e3779b97f4a7c15u;
    return h ^ h >> 32;
}

static uint64_t add_bytes(uint64_t h, const void *bytes, size_t count)
{
    const unsigned char *at = bytes;
    uint64_t word;
    for (; count >= sizeof word; at += sizeof word, count -= sizeof word) {
        memcpy(&word, at, sizeof word);
        h = add_word(h, word);
    }
    if (!count)
        return h;
    word = 0;
    memcpy(&word, at, count);
    return add_word(h, word);
}

/* Columns that do not lie side by side, as if they did; `row`: of the set that has the numbers. */
static uint64_t add_cells(uint64_t h, const nq_dataset *dataset, uint64_t row)
{
    enum { CELLS = 64 }; /* whole words, whatever their type */
    unsigned char cells[CELLS * sizeof(double)];
    for (size_t first = 0; first < dataset->dim; first += CELLS) {
        const size_t count = dataset->dim - first < CELLS ? dataset->dim - first : CELLS;
        size_t used = 0;
        for (size_t c = 0; c < count; c++) {
            const nqi_strided *from = &dataset->columns[first + c].numbers;
            const size_t size = nqi_element_size(from->element);
            memcpy(cells + used, nqi_strided_at(from, row), size);
            if (!nqi_strided_has(from, row)) { /* whatever stands there */
                memset(cells + used, 0, size);
                h = add_word(h, first + c + 1);
            }
            used += size;
        }
        h = add_bytes(h, cells, used);
    }
    return h;
}

/* Rows whose columns lie side by side. */
static uint64_t add_pieces(uint64_t h, const nq_dataset *dataset)
{
    const size_t bytes = dataset->dim * nqi_element_size(dataset->layout.element);
    uint64_t rows[ROWS];
    nqi_place places[ROWS];
    for (size_t first = 0; first < dataset->rows; first += ROWS) {
        const size_t count = dataset->rows - first < ROWS ? dataset->rows - first : ROWS;
        for (size_t k = 0; k < count; k++)
            rows[k] = first + k;
        nqi_dataset_locate_rows(dataset, rows, count, places);
        for (size_t k = 0; k < count; k++)
            h = add_bytes(h, places[k].start, bytes);
    }
    return h;
}

static uint64_t add_rows(uint64_t h, const nq_dataset *dataset)
{
    if (!dataset->layout.is_apart && !dataset->layout.offsets[0])
        return add_pieces(h, dataset);
    for (size_t row = 0; row < dataset->rows; row++)
        h = add_cells(h, dataset, nqi_dataset_root_row(dataset, row));
    return h;
}

/* Columns of one type are told by it, others each by its own. */
static uint64_t add_types(uint64_t h, const nq_dataset *dataset)
{
    if (!dataset->layout.is_apart)
        return add_word(h, (uint64_t)dataset->layout.element);
    for (size_t c = 0; c < dataset->dim; c++)
        h = add_word(h, (uint64_t)dataset->columns[c].numbers.element);
    return h;
}

/* Where the rows of a view are among its parent's, down to the crops; of these, how they lie. */
static uint64_t add_views(uint64_t h, const nq_dataset *dataset)
{
    for (; dataset->view.kind != NQI_VIEW_CROPS; dataset = dataset->view.parent) {
        h = add_word(add_word(h, dataset->view.kind), dataset->view.first);
        h = add_bytes(h, dataset->view.list,
                      dataset->view.list_count * sizeof *dataset->view.list);
    }
    const nqi_crops *crops = &dataset->view.crops;
    h = add_word(add_word(h, crops->top), crops->left);
    h = add_word(add_word(h, crops->step_x), crops->step_y);
    h = add_word(add_word(h, crops->down), crops->across);
    return add_word(h, (uint64_t)crops->mirror);
}

/* Crops may be too many to visit: their pixels are read, each once. */
static uint64_t add_pixels(uint64_t h, const nq_dataset *crops)
{
    const uint64_t runs = nqi_crops_runs(crops);
    for (uint64_t i = 0; i < runs; i++) {
        const nqi_run run = nqi_crops_run(crops, i);
        h = add_bytes(h, run.start, run.count * nqi_element_size(crops->layout.element));
    }
    return h;
}

/* What the numbers of columns of text stand for. */
static uint64_t add_levels(uint64_t h, const nq_dataset *dataset)
{
    for (size_t c = 0; dataset->columns && c < dataset->dim; c++) {
        const nqi_column *column = &dataset->columns[c];
        for (size_t i = 0; i < column->level_count; i++) {
            const size_t length = strlen(column->levels[i]);
            h = add_bytes(add_word(h, length), column->levels[i], length);
        }
        if (column->level_count)
            h = add_word(add_word(h, c), column->level_count);
    }
    return h;
}

uint64_t nqi_digest_values(const nq_dataset *dataset)
{
    const nq_dataset *crops = nqi_dataset_crops(dataset);
    uint64_t h = add_word(add_word(1, dataset->rows), dataset->dim);
    h = add_levels(add_types(h, dataset), dataset);
    h = add_word(add_word(h, dataset->picture.height), dataset->picture.width);
    return crops ? add_pixels(add_views(h, dataset), crops) : add_rows(h, dataset);
}

nq_status nqi_digest_rows(uint64_t *out, nq_context *context, const nq_dataset *dataset)
{
    *out = 0;
    if (nqi_dataset_crops(dataset))
        return NQ_OK;
    double *row = malloc(dataset->dim * sizeof *row);
    if (!row)
        return nqi_fail_memory(context, "a row of data", dataset->dim * sizeof *row);
    nq_status status = NQ_OK;
    for (size_t r = 0; r < dataset->rows && !status; r++) {
        status = r % NQI_TELL_ROWS ? NQ_OK : nqi_tell_again(context);
        nq_dataset_row(row, dataset, r);
        for (size_t c = 0; c < dataset->dim; c++) /* one zero, one NaN */
            row[c] = isnan(row[c]) ? (double)NAN : row[c] + 0.;
        *out += add_bytes(1, row, dataset->dim * sizeof *row);
    }
    free(row);
    return status;
}

uint64_t nqi_digest_names(const nq_dataset *dataset)
{
    uint64_t h = 1;
    if (!nqi_columns_named(dataset->columns))
        return 0;
    for (size_t i = 0; i < dataset->dim; i++) {
        const char *name = dataset->columns[i].name;
        h = add_bytes(add_word(h, strlen(name)), name, strlen(name));
    }
    return h;
}
