/* check.h - inside of nq_check_estimate: rows, draws, and where the ones stand among the others. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CHECK_CHECK_H
#define NQI_CHECK_CHECK_H

#include <noneq/check.h>

#include "check/ranks.h"
#include "measure/usable.h"
#include "model/model.h"

/* Rows that are compared, and what with. A gap that is a value of its column is infinity here, and
 * any other NaN. */
typedef struct nqi_check_rows {
    size_t columns;          /* of a row */
    size_t *column;          /* [count] those that are looked at; owned */
    unsigned char *is_level; /* [count] owned */
    size_t count;
    nqi_usable usable;        /* the data's possible rows; owned */
    double *real;             /* [rows][columns] first those without any gap; owned */
    size_t rows, whole, full; /* all; without gaps that are no values; without gaps of any kind */
    double *drawn;            /* [draws][columns] the model's own; owned */
    size_t draws;
} nqi_check_rows;

typedef struct nqi_check_job {
    nq_context *context;
    const nq_model *model;
    const nq_dataset *data;
    nq_check_options options; /* after choosing */
    nqi_check_rows rows;
    /* [count][rows] where a value stands, in 0..1, in the law of its column, and in that given the
     * rest of the row; NaN: nobody looked. Of levels the likeliest are low. Owned. */
    double *place, *place_given;
    nq_check *out;
} nqi_check_job;

/* Whether a test of the column says that it is not right. */
int nqi_check_is_flagged(const nq_check *found, const nq_check_column *column);
size_t nqi_check_flagged(const nq_check *found); /* how many columns are */
/* Of all columns together: -1 where draws are too narrow by more than chance, 1 too wide; or 0. */
int nqi_check_width(const nq_check *found);

/* Purposes of its random numbers, each a child of the seed. */
enum {
    NQI_CHECK_SAMPLE = 1,
    NQI_CHECK_TIES,
    NQI_CHECK_GIVEN,
    NQI_CHECK_SELF,
    NQI_CHECK_HIDE,
    NQI_CHECK_DENSITY,
    NQI_CHECK_FOLDS,
    NQI_CHECK_LABELS
};
nqi_stream nqi_check_stream(const nqi_check_job *job, uint64_t purpose, uint32_t step);

/* rows.c */
nq_status nqi_check_rows_read(nqi_check_job *job);
nq_status nqi_check_rows_draw(nqi_check_job *job);
void nqi_check_rows_free(nqi_check_rows *rows);
/* How many rows of the model can be drawn with so many floating-point operations. */
double nqi_check_affordable(const nq_model *model, double work);

/* Numbers that are diffused with noise of a unit's width, on the grid of that unit again. */
void nqi_check_grid(const nqi_check_job *job, double *values, size_t count);

/* hidden.c: rows of which some cells are hidden and drawn given the others, as impute does it. */
typedef struct nqi_hidden {
    double *truth;       /* [rows][columns] without gaps; owned */
    unsigned char *hide; /* [rows][count] whether a column that is looked at is hidden; owned */
    size_t rows;
    size_t *rank; /* [count][rows] of a hidden cell's value among its draws; SIZE_MAX: it is not
                     hidden; owned */
    const char *method; /* that drew; constant text */
} nqi_hidden;
nq_status nqi_hidden_new(nqi_hidden *out, const nqi_check_job *job, size_t rows);
/* Fills rank. */
nq_status nqi_hidden_draw(nqi_hidden *hidden, nqi_check_job *job, uint64_t purpose);
void nqi_hidden_free(nqi_hidden *hidden);
/* What the ranks of a column say; scratch[rows]. */
void nqi_hidden_test(nq_rank_test *out, const nqi_hidden *hidden, const nqi_check_job *job,
                     uint64_t purpose, size_t j, size_t *scratch);

/* marginal.c, given.c, self.c, density.c, classifier.c: the tests; each fills its part of out. */
nq_status nqi_check_marginal(nqi_check_job *job);
nq_status nqi_check_given(nqi_check_job *job);
nq_status nqi_check_self(nqi_check_job *job);
nq_status nqi_check_density(nqi_check_job *job);
nq_status nqi_check_classifier(nqi_check_job *job);

/* coverage.c: from the places. */
nq_status nqi_check_coverage(nqi_check_job *job);

#endif
