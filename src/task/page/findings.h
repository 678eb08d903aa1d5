/* findings.h - what a page says of a model and rows, as numbers, part by part. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_PAGE_FINDINGS_H
#define NQI_TASK_PAGE_FINDINGS_H

#include <noneq/check.h>
#include <noneq/figure.h>
#include <noneq/page.h>

#include "measure/usable.h"
#include "task/source/source.h"
#include "train/run/curve.h"

/* Why a part is not there, as a sentence without its end; "": it is. */
enum { NQI_WHY = 600 };
typedef char nqi_why[NQI_WHY];

/* The files, the rows of them that are looked at, and samples. */
typedef struct nqi_page_rows {
    nqi_source data, test;
    const nqi_source *judge; /* of the two, whose rows judge the model */
    nq_dataset *part, *rest; /* views, owned; or NULL */
    const nq_dataset *rows;  /* evenly spread over judge */
    const nq_dataset
        *whole; /* of them those without gaps that the model cannot take; NULL: none */
    size_t columns, count, gaps; /* rows; those of them with a gap */
    nq_sides sides;              /* rows and samples, in `numbers`; of pictures none */
    double *numbers;
    nqi_acquaintance data_known, judge_known; /* with the rows of training */
    int has_test;
} nqi_page_rows;

/* A column that varies, data beside samples. */
typedef struct nqi_page_column {
    size_t column;
    int is_level; /* its values have no order */
    nq_column_figure figure;
    /* Between the two laws: of numbers the largest gap of their distribution functions, of levels
     * half the sum of gaps of their parts. */
    double distance;
    const nq_check_column *check; /* what the check found, or NULL */
    double bits, bits_se;         /* what it adds to K; NaN: unknown */
} nqi_page_column;

typedef enum nqi_measure {
    NQI_RANKS,  /* Spearman's correlation */
    NQI_LEVELS, /* Cramer's V without its bias */
    NQI_GROUPS  /* correlation ratio of ranks, without its bias */
} nqi_measure;

typedef struct nqi_pair {
    size_t a, b; /* among the columns that vary */
    nqi_measure measure;
    double of[NQ_SIDES];     /* NaN: cannot be said */
    double linear[NQ_SIDES]; /* Pearson's correlation of numbers; else NaN */
    double gap;              /* how far they are apart, 0..2 */
} nqi_pair;

typedef struct nqi_pairs {
    size_t columns; /* the first so many of those that vary */
    size_t count;
    nqi_pair *pair;         /* [count], that of a and b < a at a (a - 1) / 2 + b; owned */
    const nqi_pair **order; /* [count] the widest gaps first; owned */
    double chance;          /* a wider gap is hardly chance */
    size_t rows[NQ_SIDES];
} nqi_pairs;

/* A column or a pair that differs beyond chance. */
typedef struct nqi_difference {
    const nqi_page_column *column; /* of one of these ... */
    const nqi_pair *pair;          /* ... the other is NULL */
    double size;
} nqi_difference;

enum { NQI_CLOSEST = 3 };

/* How near samples are to training rows, beside rows that were not learned from. */
typedef struct nqi_nearest {
    nqi_why why;
    int leaves_out; /* 1: beside them are training rows, each among all others */
    size_t trained, count[NQ_SIDES];
    double *distance[NQ_SIDES]; /* [count] ascending; owned */
    double median[NQ_SIDES], copies[NQ_SIDES];
    double near, near_z; /* part of samples nearer than a twentieth of the rows; its error */
    double *example;     /* [examples][2][columns] a sample and its training row; owned */
    double apart[NQI_CLOSEST];
    size_t examples;
} nqi_nearest;

/* Pictures as files in memory. */
typedef struct nqi_page_sheet {
    void *png;
    size_t size, width, height, count;
} nqi_page_sheet;

enum { NQI_SHEET_ROWS, NQI_SHEET_SAMPLES, NQI_SHEET_NEAREST, NQI_SHEETS };

/* Lines of text that end with points. */
typedef struct nqi_page_words {
    char *summary, *verdict; /* of the page, and of the check; owned */
} nqi_page_words;

typedef struct nqi_findings {
    nq_context *context;
    const nq_model *model;
    const nq_page_options *options;
    nqi_page_rows rows;
    nqi_page_column *columns; /* [column_count] owned */
    size_t column_count, constant_count;
    nqi_pairs pairs;
    nqi_difference *differences; /* [difference_count] the largest first; owned */
    size_t difference_count;
    nq_bound bound;
    nqi_why bound_why;
    nq_ais ais;
    nqi_why ais_why;
    nq_check check;
    nqi_why check_why;
    nqi_nearest nearest;
    nqi_curve curve;
    nqi_page_sheet sheets[NQI_SHEETS];
    nqi_page_words words;
} nqi_findings;

/* Purposes of its random numbers, each a child of the seed. */
enum { NQI_PAGE_SAMPLES = 1, NQI_PAGE_BOUND, NQI_PAGE_AIS, NQI_PAGE_CHECK };

/* rows.c: opens, chooses and draws. test may be NULL. */
nq_status nqi_page_rows_open(nqi_findings *out, const nq_source *data, const nq_source *test);
nq_status nqi_page_rows_draw(nqi_findings *found);
void nqi_page_rows_free(nqi_page_rows *rows);
/* measure.c: K, the likelihood by trajectories, the check. */
nq_status nqi_page_bound(nqi_findings *found);
nq_status nqi_page_ais(nqi_findings *found);
nq_status nqi_page_check(nqi_findings *found);
/* NQ_OK, with the sentence in why, where only a part of the page is lost. */
nq_status nqi_page_part(nqi_why why, const nqi_findings *found, nq_status status);
/* columns.c, pairs.c, differ.c, nearest.c, sheets.c */
nq_status nqi_page_columns(nqi_findings *found);
nq_status nqi_page_pairs(nqi_findings *found);
nq_status nqi_page_differ(nqi_findings *found);
nq_status nqi_page_nearest(nqi_findings *found);
nq_status nqi_page_sheets(nqi_findings *found);

/* 1: the page is of pictures. */
int nqi_page_is_of_pictures(const nqi_findings *found);
/* nats to add to K and log p for the page's units: rows as recorded, or units of the data. */
double nqi_page_shift(const nqi_findings *found);
const char *nqi_page_units(const nqi_findings *found);
/* Whether a column is off by more than chance. */
int nqi_page_is_off(const nqi_findings *found, const nqi_page_column *column);

#endif
