/* report.h - what an evaluation says: as text and as JSON. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_EVALUATE_REPORT_H
#define NQI_TASK_EVALUATE_REPORT_H

#include <stdio.h>

#include <noneq/score.h>

/* What is reported, in bits and in the units that were asked for. */
typedef struct nqi_evaluation_report {
    const char *model_name, *data_name, *units;
    const nq_model *model;
    const nq_bound *bound;
    const nq_ais *ais;          /* NULL: not asked for */
    const nq_exact *exact;      /* NULL: the model keeps no law of its own */
    const nq_entropy *entropy;  /* not asked for: NULL */
    const nq_parzen *parzen;    /* likewise */
    double parzen_unit;         /* what numbers were divided by for it */
    double shift;               /* nats: from scaled units to those that are wanted */
    const char *of, *given;     /* lists of columns as they were named, or NULL */
    const unsigned char *roles; /* [columns] nq_role of each, or NULL: all are targets */
    nq_picture picture;         /* channels 0: rows are no pictures */
    double white;               /* number that is white, 0: unknown */
    double grey_level;          /* width of one in the data's units, 0: unknown */
} nqi_evaluation_report;

void nqi_evaluation_json(FILE *file, const void *result);
void nqi_evaluation_text(FILE *file, const void *result);

/* What a column is to the question. */
nq_role nqi_report_role(const nqi_evaluation_report *report, size_t column);
/* columns.c: K by column: values for the key "columns", and a table. */
void nqi_columns_json(FILE *file, const nqi_evaluation_report *report);
void nqi_columns_text(FILE *file, const nqi_evaluation_report *report);

/* entropy.c: the account of [SD15] eq. 24: a value for the key "entropy", and a table with a
 * verdict. */
void nqi_entropy_json(FILE *file, const nq_entropy *entropy);
void nqi_entropy_text(FILE *file, const nqi_evaluation_report *report);

/* picture.c: the shape of pictures and bits on the 8-bit scale, keys and lines of text; the number
 * of pixels; the Parzen windows. */
void nqi_picture_json(FILE *file, const nqi_evaluation_report *report);
void nqi_picture_text(FILE *file, const nqi_evaluation_report *report);
double nqi_report_pixels(const nqi_evaluation_report *report);
void nqi_parzen_json(FILE *file, const nqi_evaluation_report *report);
void nqi_parzen_text(FILE *file, const nqi_evaluation_report *report);

#endif
