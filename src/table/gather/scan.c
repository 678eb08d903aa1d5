/* scan.c - what the numbers of a data set show: which columns are bits, and missing cells. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdint.h>

#include "table/gather/loops.h"

static int is_real(const nq_dataset *dataset)
{
    return dataset->layout.element == NQI_F32 || dataset->layout.element == NQI_F64;
}

/* Pixels, row after row. */
static void scan_rows(nq_dataset *dataset, nqi_look *s)
{
    int found = 0;
    for (size_t row = 0; row < dataset->rows; row++) {
        nqi_loops_of[dataset->layout.element].scan(s, nqi_dataset_locate(dataset, row).start,
                                                   dataset->dim);
        if (!found && s->missing > 0) {
            found = 1;
            dataset->found.missing_row = row;
            dataset->found.missing_column = s->first_missing;
        }
        if (!s->binary && !is_real(dataset))
            break; /* integers are never missing */
    }
}

/* The first missing cell in the order of rows; 0 when no row shows one. */
static int missing_find(nq_dataset *dataset)
{
    const size_t *const *offsets = dataset->layout.offsets;
    const size_t size = nqi_element_size(dataset->layout.element);
    for (size_t row = 0; row < dataset->rows; row++) {
        const nqi_place place = nqi_dataset_locate(dataset, row);
        for (size_t c = 0; c < dataset->dim; c++) {
            nqi_look s = {0};
            nqi_loops_of[dataset->layout.element].scan(
                &s, place.start + offsets[place.is_mirrored][c] * size, 1);
            if (s.missing) {
                dataset->found.missing_row = row;
                dataset->found.missing_column = c;
                return 1;
            }
        }
    }
    return 0;
}

static void scan_pixels(nq_dataset *dataset, const nq_dataset *crops, nqi_look *s)
{
    const uint64_t runs = nqi_crops_runs(crops);
    for (uint64_t i = 0; i < runs; i++) {
        const nqi_run run = nqi_crops_run(crops, i);
        nqi_loops_of[crops->layout.element].scan(s, run.start, run.count);
        if (!s->binary && !is_real(dataset))
            break;
    }
    if (s->missing > 0 && !missing_find(dataset))
        s->missing = 0; /* a slice that does not show them */
}

enum { PART = 64 }; /* rows whose columns are looked at one after the other */

/* Some rows of a column. *first: the first of them that has no number here, and not more. */
static void column_look(nqi_column *column, const uint64_t *rows, size_t count, size_t *first)
{
    nqi_look look = {.binary = column->kind == NQI_KIND_BIT};
    nqi_loops_of[column->numbers.element].look(&look, &column->numbers, rows, count);
    column->kind = look.binary ? NQI_KIND_BIT : NQI_KIND_REAL;
    column->gaps += look.missing;
    *first = look.first_missing;
}

/* Rows first..first+count-1 of every column that may yet show something; 0: none may. */
static int part_look(nq_dataset *dataset, size_t first, size_t count, nqi_look *all)
{
    uint64_t rows[PART];
    size_t first_row = count, here;
    int some = 0;
    for (size_t k = 0; k < count; k++)
        rows[k] = nqi_dataset_root_row(dataset, first + k);
    for (size_t c = 0; c < dataset->dim; c++) {
        nqi_column *column = &dataset->columns[c];
        if (column->kind == NQI_KIND_REAL && column->gap_code == NQI_GAP_NONE)
            continue;
        some = 1;
        column_look(column, rows, count, &here);
        if (here < first_row && !all->missing) {
            first_row = here;
            dataset->found.missing_row = first + here;
            dataset->found.missing_column = c;
        }
    }
    all->missing += first_row < count;
    return some;
}

/* Each column by itself: all are bits until a number shows that they are not. */
static void scan_columns(nq_dataset *dataset, nqi_look *s)
{
    int some = 1;
    for (size_t c = 0; c < dataset->dim; c++)
        dataset->columns[c].kind = NQI_KIND_BIT;
    for (size_t row = 0; row < dataset->rows && some; row += PART) {
        const size_t left = dataset->rows - row;
        some = part_look(dataset, row, left < PART ? left : PART, s);
    }
    s->missing = 0;
    for (size_t c = 0; c < dataset->dim; c++) {
        s->missing += dataset->columns[c].gaps;
        s->binary &= dataset->columns[c].kind == NQI_KIND_BIT;
    }
}

void nqi_dataset_scan(nq_dataset *dataset)
{
    const nq_dataset *crops = nqi_dataset_crops(dataset);
    nqi_look s = {.binary = 1};
    if (crops)
        scan_pixels(dataset, crops, &s);
    else if (dataset->columns)
        scan_columns(dataset, &s);
    else
        scan_rows(dataset, &s);
    dataset->found.is_binary = s.binary;
    dataset->found.missing = s.missing;
}
