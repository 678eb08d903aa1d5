/* digest.c - h = (h ^ word) * odd, and its high half into its low one, for each 8 bytes.
 * For a given word both are permutations of 64 bits, so a single change is never lost. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/digest.h"

#include <string.h>

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

/* Columns that do not lie side by side, as if they did. */
static uint64_t add_cells(uint64_t h, const nq_dataset *dataset, const nqi_place *place)
{
    enum { CELLS = 64 }; /* whole words, whatever their type */
    const size_t size = nqi_element_size(dataset->element);
    const size_t *offsets = dataset->offsets[place->is_mirrored];
    unsigned char cells[CELLS * sizeof(double)];
    for (size_t first = 0; first < dataset->dim; first += CELLS) {
        const size_t count = dataset->dim - first < CELLS ? dataset->dim - first : CELLS;
        for (size_t c = 0; c < count; c++)
            memcpy(cells + c * size, place->start + offsets[first + c] * size, size);
        h = add_bytes(h, cells, count * size);
    }
    return h;
}

static uint64_t add_rows(uint64_t h, const nq_dataset *dataset)
{
    const size_t bytes = dataset->dim * nqi_element_size(dataset->element);
    uint64_t rows[ROWS];
    nqi_place places[ROWS];
    for (size_t first = 0; first < dataset->rows; first += ROWS) {
        const size_t count = dataset->rows - first < ROWS ? dataset->rows - first : ROWS;
        for (size_t k = 0; k < count; k++)
            rows[k] = first + k;
        nqi_dataset_locate_rows(dataset, rows, count, places);
        for (size_t k = 0; k < count; k++)
            h = dataset->offsets[0] ? add_cells(h, dataset, &places[k])
                                    : add_bytes(h, places[k].start, bytes);
    }
    return h;
}

/* Where the rows of a view are among its parent's, down to the crops; of these, how they lie. */
static uint64_t add_views(uint64_t h, const nq_dataset *dataset)
{
    for (; dataset->view != NQI_VIEW_CROPS; dataset = dataset->parent) {
        h = add_word(add_word(h, dataset->view), dataset->first);
        h = add_bytes(h, dataset->list, dataset->list_count * sizeof *dataset->list);
    }
    const nqi_crops *crops = &dataset->crops;
    h = add_word(add_word(h, crops->top), crops->left);
    h = add_word(add_word(h, crops->step_x), crops->step_y);
    h = add_word(add_word(h, crops->down), crops->across);
    return add_word(h, (uint64_t)crops->mirror);
}

/* Crops may be too many to walk: their pixels are read, each once. */
static uint64_t add_pixels(uint64_t h, const nq_dataset *crops)
{
    const uint64_t runs = nqi_crops_runs(crops);
    for (uint64_t i = 0; i < runs; i++) {
        const nqi_run run = nqi_crops_run(crops, i);
        h = add_bytes(h, run.start, run.count * nqi_element_size(crops->element));
    }
    return h;
}

uint64_t nqi_digest_values(const nq_dataset *dataset)
{
    const nq_dataset *crops = nqi_dataset_crops(dataset);
    uint64_t h = add_word(add_word(1, dataset->rows), dataset->dim);
    h = add_word(h, (uint64_t)dataset->element);
    h = add_word(add_word(h, dataset->picture.height), dataset->picture.width);
    return crops ? add_pixels(add_views(h, dataset), crops) : add_rows(h, dataset);
}

uint64_t nqi_digest_names(const nq_dataset *dataset)
{
    uint64_t h = 1;
    for (size_t i = 0; dataset->names && i < dataset->dim; i++) {
        const size_t length = strlen(dataset->names[i]);
        h = add_bytes(add_word(h, length), dataset->names[i], length);
    }
    return dataset->names ? h : 0;
}
