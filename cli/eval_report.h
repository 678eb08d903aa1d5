/* eval_report.h - what noneq eval says: as text, as JSON, and in the log. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_EVAL_REPORT_H
#define NONEQ_CLI_EVAL_REPORT_H

#include <stdio.h>

#include <noneq.h>

/* What is reported, in bits and in the units that were asked for. */
typedef struct eval_report {
    const char *model_path, *data_path, *units;
    nq_context *context;
    const nq_model *model;
    const nq_bound *bound;
    const nq_ais *ais;          /* NULL: not asked for */
    const nq_entropy *entropy;  /* likewise */
    const nq_parzen *parzen;    /* likewise */
    double parzen_unit;         /* what numbers were divided by for it */
    double shift;               /* nats: the log-Jacobian where the data's units are wanted */
    const char *of, *given;     /* lists of columns as they were named, or NULL */
    const unsigned char *roles; /* [columns] nq_role of each, or NULL: all are targets */
    nq_picture picture;         /* channels 0: rows are no pictures */
    double white;               /* number that is white, 0: unknown */
    double grey_level;          /* width of one in the data's units, 0: unknown */
} eval_report;

/* Each returns an exit status. path "-": standard output. */
int eval_report_write(const eval_report *report, const char *path, int json);
/* folder NULL: does nothing. */
int eval_report_log(const eval_report *report, const char *folder);

/* What a column is to the question. */
nq_role report_role(const eval_report *report, size_t column);
/* K by column: values for the key "columns", and a table. */
void columns_json(FILE *file, const eval_report *report);
void columns_text(FILE *file, const eval_report *report);

/* The account of [SD15] eq. 24: a value for the key "entropy", and a table with a verdict. */
void entropy_json(FILE *file, const nq_entropy *entropy);
void entropy_text(FILE *file, const eval_report *report);

/* Pictures: their shape and bits on the 8-bit scale, keys and lines of text; and the number of
 * pixels. */
void picture_json(FILE *file, const eval_report *report);
void picture_text(FILE *file, const eval_report *report);
double report_pixels(const eval_report *report);
void parzen_json(FILE *file, const eval_report *report);
void parzen_text(FILE *file, const eval_report *report);

#endif
