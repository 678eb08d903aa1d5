/* data_open.h - data files as the rows that a model takes: pictures cut to its size. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_DATA_OPEN_H
#define NONEQ_CLI_DATA_OPEN_H

#include "options.h"

/* Row of a verb's table, for a text in its struct of values. */
#define AREA_OPTION(verb_values, field)                                                          \
    {                                                                                            \
        "area", 0, OPTION_TEXT, offsetof(verb_values, field), "LEFT,TOP,WIDTH,HEIGHT", NULL, 0,  \
            "use only this rectangle of each picture, in pixels; width or height 0: to the edge" \
    }

typedef struct data_rows {
    nq_dataset *file; /* as it is */
    nq_dataset *rows; /* what is used: the model's columns, or crops */
} data_rows;

/* LEFT,TOP,WIDTH,HEIGHT; 0: the text is none. */
int area_read(nq_area *out, const char *text);

/* The others return an exit status and have printed the reason of a failure. */

/* text NULL: everywhere (zeroed). */
int area_parse(nq_area *out, const verb *self, const char *text);

/* Opens a file as the reading options say, and tells the notes on it. for_model, keep_text: as in
 * nq_read_options. */
int data_file_open(nq_dataset **out, nq_context *context, const char *path,
                   const common_values *common, int for_model, int keep_text);
/* "note: " and each sentence, on standard error, unless --quiet. */
void data_notes_tell(const nq_dataset *data, const common_values *common);

/* The columns of data->file as the model has them, in data->rows. */
int data_match(data_rows *data, nq_context *context, const nq_model *model,
               const common_values *common);
void data_rows_close(data_rows *data);

/* The same in two steps: states the shape of flat rows and refuses pictures of other channels or
 * smaller than `wanted`; then cuts. mirror 1: also left to right; stride as in nq_crop_options. */
int data_shape(nq_dataset *file, nq_context *context, const char *path, const nq_picture *wanted);
int data_crop(nq_dataset **out, nq_context *context, const nq_dataset *file,
              const nq_picture *wanted, const nq_area *area, size_t stride, int mirror);
/* Whether the rows must be cut to be of this shape within this area. */
int data_is_larger(const nq_dataset *file, const nq_picture *wanted, const nq_area *area);

#endif
