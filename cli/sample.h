/* sample.h - what noneq sample was asked for, and how samples become pages of pictures. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_SAMPLE_H
#define NONEQ_CLI_SAMPLE_H

#include "picture.h"

typedef struct sample_values {
    int64_t rows, slices, columns, steps, particles;
    int levels;
    const char *path, *size, *given;
    picture_values picture;
} sample_values;

typedef struct sample_job {
    nq_context *context;
    const nq_model *model;
    const sample_values *values;
    const common_values *common;
} sample_job;

/* out[rows, columns]. */
nq_status sample_rows_draw(const sample_job *job, double *out);
/* Of the chain that is taken. */
size_t sample_steps(const sample_job *job);
/* Slice k of the trajectory: evenly spread times, from T down to 0. */
size_t sample_slice_time(const sample_job *job, size_t k);

/* Rows that meet --given, and how probable that is; an exit status. */
int sample_given_write(const sample_job *job);

/* Samples side by side; and a line for each, from noise to picture. Both return an exit
 * status. */
int sample_page_write(const sample_job *job);
int sample_strip_write(const sample_job *job);

#endif
