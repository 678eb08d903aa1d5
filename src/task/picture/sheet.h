/* sheet.h - pictures side by side on one page, and the page as a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_PICTURE_SHEET_H
#define NQI_TASK_PICTURE_SHEET_H

#include "task/picture/view.h"

typedef struct nqi_sheet {
    size_t rows, columns;  /* places for pictures */
    nqi_picture_view view; /* of one picture */
    nq_picture page;
    double *pixels; /* of the page, 0..1; NULL: there is none */
} nqi_sheet;

/* A white page; places are 2 pixels apart. NQ_ERROR_MEMORY, NQ_ERROR_UNSUPPORTED (too large). */
nq_status nqi_sheet_new(nqi_sheet *out, nq_context *context, size_t rows, size_t columns,
                        const nqi_picture_view *view);
/* Missing numbers are hatched. */
void nqi_sheet_place(nqi_sheet *sheet, size_t row, size_t column, const double *picture);
nq_status nqi_sheet_write(const char *path, nq_context *context, const nqi_sheet *sheet);
void nqi_sheet_free(nqi_sheet *sheet); /* copes with a zeroed sheet */

/* Columns of a nearly square page of `count` pictures. */
size_t nqi_sheet_columns(size_t count);
/* True for names of pictures: .png .pgm .ppm. NULL: no. */
int nqi_path_is_picture(const char *path);
/* Refuses a name that is no picture's, or cannot be written later. NQ_ERROR_FILE. */
nq_status nqi_sheet_check_path(nq_context *context, const char *path);

#endif
