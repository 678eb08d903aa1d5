/* job.h - a job of filling or cleaning: what was asked, the rows, what is known of them, and what
 * comes of their draws. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FILL_JOB_H
#define NQI_TASK_FILL_JOB_H

#include <noneq/fill.h>
#include <noneq/posterior.h>

#include "task/given/few.h"
#include "task/given/given.h"
#include "task/picture/sheet.h"
#include "task/report/table.h"
#include "task/source/source.h"

enum {
    NQI_FILL_QUANTILES = 64, /* at most */
    NQI_FILL_EVIDENCE = 4    /* numbers of a row: log evidence, its error, ess, starts */
};

/* What was asked. */
typedef struct nqi_fill_plan {
    nq_fill_options options;
    nq_view_options view;
    double quantiles[NQI_FILL_QUANTILES];
    size_t quantile_count;
    size_t draws,
        each;  /* of a row: draws; and rows that are written: draws, quantiles, one mean */
    int keeps; /* known cells come back as they are; full rows are not drawn at all */
    int has_score;
    int has_table; /* for a file or for the caller */
} nqi_fill_plan;

/* The data. */
typedef struct nqi_fill_rows {
    nqi_source source;
    double *known;  /* [count][columns] what is known; NaN: nothing */
    double *unseen; /* [count][columns] cells that are taken as not known, and stay; else NaN;
                       NULL: there are none */
    double *truth;  /* the same without holes and noise, where the job made those; else NULL */
    size_t count, columns;
    size_t total;      /* rows of the data, of which the first `count` are used */
    nq_picture shape;  /* of a row; channels 0: none */
    int is_model_size; /* else rows are pictures that are drawn by windows */
} nqi_fill_rows;

/* The noise that rows have. */
typedef struct nqi_fill_noise {
    nq_noise_options options;
    enum { NQI_FILL_NOISE_NONE, NQI_FILL_NOISE_NORMAL, NQI_FILL_NOISE_FLIPS } kind;
    double *sigma; /* normal: [columns of the model]; [0] serves windows */
    double flip;   /* probability */
} nqi_fill_noise;

/* Linear observations y = a x + noise, one for each line of a file. */
typedef struct nqi_observed {
    size_t count, columns;
    double *a;     /* [count][columns] of the model */
    double *y;     /* [count] */
    double *sigma; /* [count] */
    size_t *row;   /* [count] the data's row from 1 that it is of, 0: of all */
    int by_row;    /* some are of one row */
} nqi_observed;

/* How well draws agree with a truth that they did not see: sums over cells and rows. */
typedef struct nqi_fill_sums {
    size_t cells, covered;
    double squares, scaled_squares; /* of mean of draws - truth */
    double crps, energy;            /* in deviations */
    size_t energy_rows;
    size_t texts; /* cells of text, and how many draws of them are the true ones, in cells */
    double agree;
    size_t right; /* cells of text whose most frequent draw is the true one */
} nqi_fill_sums;

typedef struct nqi_fill_job {
    nq_context *context;
    const nq_model *const *models; /* that share the draws of each row, in this order */
    size_t model_count;
    nq_model *coarse; /* that draws reduced pictures first, owned; NULL: none */
    nqi_fill_plan plan;
    nqi_fill_rows rows;
    nqi_fill_noise noise;
    nqi_conditions given;  /* names NULL: no conditions */
    nqi_observed observed; /* count 0: nothing */
    double *table;         /* [count][each][columns], or NULL */
    double *log_evidence;  /* [count][NQI_FILL_EVIDENCE] of rows that were drawn, else NaN */
    nqi_few few;           /* rows with few particles */
    const char *method;    /* that was used */
    nqi_fill_sums sums;
    nqi_picture_view view; /* where pictures are written */
    nqi_sheet sheet;
    double seconds; /* that drawing took */
} nqi_fill_job;

/* Keeps the rows as they are now as the truth. */
nq_status nqi_fill_keep_truth(nqi_fill_job *job);

/* plan.c: takes and checks the options before anything is read. */
nq_status nqi_fill_plan_make(nqi_fill_job *job, const nq_fill_options *options, int wants_table,
                             const nq_source *rows);
/* rows.c: reads the rows; whether a row is drawn, or passes through as nothing of it is missing;
 * holds the cells of those that are drawn to what the models can take. */
nq_status nqi_fill_rows_read(nqi_fill_job *job, const nq_source *source);
int nqi_fill_is_drawn(const nqi_fill_job *job, const double *row);
nq_status nqi_fill_rows_check(const nqi_fill_job *job);
/* mask.c: makes the cells of the rows NaN that the option mask names: "left", "right", "top" or
 * "bottom"; LEFT,TOP,WIDTH,HEIGHT; or a file: a table with a row for each of the data's (1:
 * hidden), its columns by name or, without names, by their places in the data's file; or pictures
 * (light: hidden). Keeps the truth. */
nq_status nqi_fill_mask(nqi_fill_job *job, const nq_read_options *read);
/* unseen.c: makes cells whose value no training row had NaN in rows of which others are missing,
 * where the option unseen asks for it. out[each][columns] are the rows of one row's table: what
 * was recorded stays in them. */
nq_status nqi_fill_unseen(nqi_fill_job *job);
void nqi_fill_unseen_put(double *out, const nqi_fill_job *job, size_t row);
/* denoise.c: which kind of noise rows have, checked; adds it where that is asked for. */
nq_status nqi_fill_noise_take(nqi_fill_job *job, const nq_noise_options *options);
nq_status nqi_fill_noise_prepare(nqi_fill_job *job);

/* models.c: that the models are of the same columns. The first of a row's draws that is a model's,
 * all draws for the number behind the last; and the model of a draw. */
nq_status nqi_fill_models_check(const nqi_fill_job *job);
size_t nqi_fill_model_first(const nqi_fill_job *job, size_t model);
size_t nqi_fill_model_of(const nqi_fill_job *job, size_t draw);

/* observe.c: reads the file; the evidence of `count` rows whose numbers (from 0) in the data are
 * these (*out NULL: nothing is observed of them). Rows must be asked for one by one where some
 * observations are of one. Free it whatever is returned. */
nq_status nqi_observed_read(nqi_observed *out, nq_context *context, const nq_model *model,
                            const char *path, size_t rows);
nq_status nqi_observed_evidence(nq_evidence **out, nq_context *context, const nq_model *model,
                                const nqi_observed *observed, const size_t *numbers,
                                size_t count);
void nqi_observed_free(nqi_observed *observed);

/* evidence.c: all that is known, for a model of the job, of rows numbers[0..count-1] (from 0) of
 * the data, given [count, columns]. Reads conditions and observations. Writes the file of log
 * evidence. */
typedef struct nqi_row_evidence {
    nq_evidence *all, *own, *linear, *given, *parts[2];
} nqi_row_evidence;
nq_status nqi_fill_evidence_read(nqi_fill_job *job);
nq_status nqi_fill_evidence_make(nqi_row_evidence *out, const nqi_fill_job *job,
                                 const nq_model *model, const double *given,
                                 const size_t *numbers, size_t count);
void nqi_row_evidence_free(nqi_row_evidence *evidence);
nq_status nqi_fill_evidence_write(const nqi_fill_job *job);
/* Of a failed call that was given these rows: where its sentence begins with "row N", that is row N
 * of those, and the data's own number is put there; of a cell, its place in the data. */
nq_status nqi_fill_fail_rows(const nqi_fill_job *job, nq_status status, const size_t *numbers,
                             size_t count);

/* draw.c: draws all rows; hands each row's draws to table, score and sheet. */
nq_status nqi_fill_draw(nqi_fill_job *job);
/* table.c: one row's draws [draws, columns] to its rows of the table, scratch[draws]; and the table
 * as a file. */
void nqi_fill_summarise(const nqi_fill_job *job, size_t row, const double *draws,
                        double *scratch);
nq_status nqi_fill_write(const nqi_fill_job *job);
/* 1: the column is text, of whose draws there is no mean and no quantile, but a most frequent
 * one. */
int nqi_fill_is_text(const nqi_fill_job *job, size_t column);
/* Of sorted draws; of several the first in order. */
double nqi_most_frequent(const double *sorted, size_t count);
/* score.c: adds a row; scratch[nqi_fill_score_scratch(draws)]. The figures, and as a report. */
size_t nqi_fill_score_scratch(size_t draws);
void nqi_fill_score_add(nqi_fill_job *job, size_t row, const double *draws, double *scratch);
void nqi_fill_score_get(nq_fill_score *out, const nqi_fill_job *job);
nq_status nqi_fill_report(char **out, const nqi_fill_job *job);
/* sheet.c. draws NULL: the row was not drawn. scratch[columns]. */
nq_status nqi_fill_sheet_new(nqi_fill_job *job);
void nqi_fill_sheet_add(nqi_fill_job *job, size_t row, const double *draws, double *scratch);

#endif
