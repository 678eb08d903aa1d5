/* job.h - a job of drawing rows: what was asked, and where the rows go. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_DRAW_JOB_H
#define NQI_TASK_DRAW_JOB_H

#include <noneq/draw.h>

#include "task/picture/sheet.h"
#include "task/report/table.h"

typedef struct nqi_draw_job {
    nq_context *context;
    const nq_model *model;
    nq_model *coarse; /* that draws reduced pictures first, owned; NULL: none */
    nq_draw_options options;
    nq_view_options view;
    int has_table;  /* for a file or for the caller */
    nq_drawn drawn; /* values NULL: no table */
} nqi_draw_job;

/* Steps of the chain that is taken. */
size_t nqi_draw_steps(const nqi_draw_job *job);

/* rows.c: draws the rows into the table, and writes it. */
nq_status nqi_drawn_rows(nqi_draw_job *job);
/* The table of all rows to the file that options name. */
nq_status nqi_draw_write(const nqi_draw_job *job);
/* trajectory.c: the same of the rows at several times; and as a strip of pictures, a line for each
 * row, from noise to picture. */
nq_status nqi_draw_trajectory(nqi_draw_job *job);
nq_status nqi_draw_strip(nqi_draw_job *job);
/* coarse.c: rows out[rows, columns] that are pictures, drawn in two sizes. */
nq_status nqi_draw_coarse(const nqi_draw_job *job, double *out);
/* given.c: the same of rows that meet conditions, and how probable these are. */
nq_status nqi_draw_given(char **report, nqi_draw_job *job);

#endif
