/* sheet.h - pictures side by side on one page, and the page as a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_SHEET_H
#define NONEQ_CLI_SHEET_H

#include "picture.h"

typedef struct sheet {
    size_t rows, columns; /* places for pictures */
    picture_view view;    /* of one picture */
    nq_picture page;
    double *pixels; /* of the page, 0..1 */
} sheet;

/* A white page; places are 2 pixels apart. All return an exit status, and have printed why. */
int sheet_new(sheet *out, size_t rows, size_t columns, const picture_view *view);
/* Missing numbers are hatched. */
void sheet_place(sheet *page, size_t row, size_t column, const double *picture);
int sheet_write(const sheet *page, nq_context *context, const char *path);
void sheet_free(sheet *page); /* copes with a zeroed sheet */

/* Columns of a nearly square page of `count` pictures. */
size_t sheet_columns(size_t count);
/* Refuses a name that is no picture's, or cannot be written later. */
int sheet_check_path(const char *path);
/* True for names of pictures: .png .pgm .ppm. */
int path_is_picture(const char *path);

#endif
