/* sheets.c - pictures of a page: rows, samples, and the training rows that are nearest to some. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/sample.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/rng.h"
#include "table/dataset.h"
#include "task/page/findings.h"
#include "task/picture/sheet.h"
#include "task/report/table.h"

enum { PICTURES_MOST = 64, NEAREST_MOST = 8, TRAINED_MOST = 5000 };
/* Numbers of a sheet, so that a page stays below two megabytes. */
static const double numbers_most = 3e5;
static const double sample_work = 1e12; /* floating-point operations */

typedef struct work {
    nqi_findings *found;
    nqi_picture_view view;
    size_t count, size; /* pictures; numbers of one */
    double *picture;    /* [count][size] samples */
    double *row;        /* [size] */
    double *nearest;    /* [NEAREST_MOST][size] */
    size_t asked;       /* samples of which the nearest was looked for */
} work;

static nq_status sheet_keep(nqi_page_sheet *out, nqi_sheet *sheet, const work *w, size_t count)
{
    *out = (nqi_page_sheet){.width = sheet->page.width,
                            .height = sheet->page.height,
                            .count = count};
    return nqi_picture_to_png(&out->png, &out->size, w->found->context, sheet->pixels,
                              &sheet->page);
}

/* Of samples, or evenly spread rows. */
static nq_status sheet_make(const work *w, int which)
{
    const nq_dataset *rows = w->found->rows.rows;
    const size_t known = w->found->rows.count;
    const size_t count = which == NQI_SHEET_ROWS && known < w->count ? known : w->count;
    const size_t across = nqi_sheet_columns(count);
    nqi_sheet sheet;
    nq_status status =
        nqi_sheet_new(&sheet, w->found->context, (count + across - 1) / across, across, &w->view);
    for (size_t i = 0; i < count && !status; i++) {
        if (which == NQI_SHEET_ROWS)
            nq_dataset_row(w->row, rows, i * known / count);
        nqi_sheet_place(&sheet, i / across, i % across,
                        which == NQI_SHEET_ROWS ? w->row : w->picture + i * w->size);
    }
    if (!status)
        status = sheet_keep(&w->found->sheets[which], &sheet, w, count);
    nqi_sheet_free(&sheet);
    return status;
}

static double gap_of(const double *a, const double *b, size_t size)
{
    double sum = 0;
    for (size_t i = 0; i < size; i++)
        sum += isnan(b[i]) ? 0 : (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

/* Samples above the training pictures that are nearest by the squares of their pixels. */
static nq_status nearest_make(work *w)
{
    const nqi_page_rows *rows = &w->found->rows;
    const nq_dataset *data = rows->data.rows;
    const size_t all = nq_dataset_rows(data);
    const size_t trained = all < TRAINED_MOST ? all : TRAINED_MOST;
    double best[NEAREST_MOST];
    nqi_sheet sheet;
    nq_status status = NQ_OK;
    w->asked = w->count < NEAREST_MOST ? w->count : NEAREST_MOST;
    for (size_t k = 0; k < w->asked; k++)
        best[k] = INFINITY;
    for (size_t i = 0; i < trained && !status; i++) {
        nq_dataset_row(w->row, data, (size_t)((double)i * (double)all / (double)trained));
        for (size_t k = 0; k < w->asked; k++) {
            const double gap = gap_of(w->picture + k * w->size, w->row, w->size);
            if (gap < best[k]) {
                best[k] = gap;
                memcpy(w->nearest + k * w->size, w->row, w->size * sizeof *w->row);
            }
        }
        status =
            nqi_tell(w->found->context, "looking for nearest rows", (double)i, (double)trained);
    }
    w->found->nearest.trained = trained;
    if (status || (status = nqi_sheet_new(&sheet, w->found->context, 2, w->asked, &w->view)))
        return status;
    for (size_t k = 0; k < w->asked; k++) {
        nqi_sheet_place(&sheet, 0, k, w->picture + k * w->size);
        nqi_sheet_place(&sheet, 1, k, w->nearest + k * w->size);
    }
    status = sheet_keep(&w->found->sheets[NQI_SHEET_NEAREST], &sheet, w, w->asked);
    nqi_sheet_free(&sheet);
    return status;
}

static nq_status samples_draw(const work *w)
{
    const nq_sample_options options = {.rows = w->count,
                                       .seed = nqi_seed_child(w->found->options->seed,
                                                              NQI_PAGE_SAMPLES)};
    return nq_sample(w->picture, w->found->context, w->found->model, &options);
}

static size_t count_choose(const nqi_findings *found, size_t size)
{
    const double cost =
        nqi_regressor_cost(&found->model->regressor) * (double)nq_model_usual_steps(found->model);
    const double count = fmin(numbers_most / (double)size, fmax(sample_work / cost, 4));
    const double side = floor(sqrt(fmin(count, PICTURES_MOST)));
    return (size_t)(side * side);
}

nq_status nqi_page_sheets(nqi_findings *found)
{
    work w = {.found = found, .size = found->rows.columns};
    nq_view_options view;
    nq_view_options_init(&view, sizeof view);
    nq_status status =
        nqi_view_choose(&w.view, found->context, found->model, &view, w.size, NULL);
    if (status)
        return nqi_page_part(found->nearest.why, found, status);
    w.count = count_choose(found, w.size);
    if (!w.count) {
        snprintf(found->nearest.why, NQI_WHY, "pictures of %zu numbers are too large for a page",
                 w.size);
        return NQ_OK;
    }
    w.picture = nqi_numbers_new(found->context, w.count, w.size);
    w.row = nqi_numbers_new(found->context, 1, w.size);
    w.nearest = nqi_numbers_new(found->context, NEAREST_MOST, w.size);
    status = w.picture && w.row && w.nearest ? samples_draw(&w) : NQ_ERROR_MEMORY;
    if (!status)
        status = sheet_make(&w, NQI_SHEET_ROWS);
    if (!status)
        status = sheet_make(&w, NQI_SHEET_SAMPLES);
    if (!status && (found->rows.has_test || found->rows.data_known != NQI_ROWS_STRANGE))
        status = nearest_make(&w);
    free(w.nearest);
    free(w.row);
    free(w.picture);
    return status;
}
