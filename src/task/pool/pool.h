/* pool.h - completed tables, what is computed of each, and one answer of all. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_POOL_POOL_H
#define NQI_TASK_POOL_POOL_H

#include <noneq/report.h>

#include "task/source/source.h"

enum { NQI_POOL_NAME = NQ_ANSWER_NAME, NQI_POOL_TERMS = 512 };

/* A file of draws as numbers; texts are numbered as the data set has them. */
typedef struct nqi_pool_file {
    nqi_source source;
    const nq_dataset *data; /* of it */
    const char *path;       /* or "the data" */
    double *values;         /* [rows, columns] */
    size_t rows, columns;
} nqi_pool_file;

/* One completed table: rows of a file. */
typedef struct nqi_pool_table {
    const nqi_pool_file *file;
    double draw, model; /* the numbers that the file gives it; 0 where it gives none */
    size_t *rows;       /* [count] of the file */
    size_t count;
} nqi_pool_table;

typedef struct nqi_pool_tables {
    nq_context *context;
    nqi_pool_file *files;
    size_t file_count;
    nqi_pool_table *list;       /* by model */
    size_t count, rows, models; /* models 0: the files do not say */
} nqi_pool_tables;

/* What is computed of each table: q[k][t] and its variance u[k][t] of answer k, table t. */
typedef struct nqi_pool_answers {
    size_t count, tables;
    char (*names)[NQI_POOL_NAME];
    double *q, *u, *df;
} nqi_pool_answers;

/* tables.c: reads the sources. Close it whatever is returned. */
nq_status nqi_pool_tables_open(nqi_pool_tables *out, nq_context *context,
                               const nq_source *sources, size_t count);
void nqi_pool_tables_close(nqi_pool_tables *tables);
/* A column by name, or by number from 1 of the data's columns (unless NQI_POOL_NAMED), in each
 * file: place[file_count]. NQI_POOL_NUMBERS: text is refused. */
enum { NQI_POOL_NUMBERS = 1, NQI_POOL_NAMED = 2 };
nq_status nqi_pool_column_find(size_t *place, const nqi_pool_tables *tables, const char *name,
                               int flags);
/* The name of a column that was found. */
const char *nqi_pool_column_name(const nqi_pool_tables *tables, const size_t *place);
/* out[rows]: a column of a table. */
void nqi_pool_column_read(double *out, const nqi_pool_tables *tables, size_t table,
                          const size_t *place);
/* The text of a number of that column; and whether the column is text. */
void nqi_pool_cell_text(char out[NQI_POOL_NAME], const nqi_pool_file *file, size_t column,
                        double value);
int nqi_pool_column_is_text(const nqi_pool_tables *tables, const size_t *place);

/* answers.c: adds answers, to be freed with nqi_pool_answers_free. Lists have commas between
 * them: columns, COLUMN=LEVEL, COLUMN:PART. */
nq_status nqi_pool_means(nqi_pool_answers *out, const nqi_pool_tables *tables, const char *list);
nq_status nqi_pool_proportions(nqi_pool_answers *out, const nqi_pool_tables *tables,
                               const char *list);
nq_status nqi_pool_quantiles(nqi_pool_answers *out, const nqi_pool_tables *tables,
                             const char *list);
nq_status nqi_pool_answers_add(nqi_pool_answers *out, nq_context *context, size_t count,
                               size_t tables);
void nqi_pool_answers_free(nqi_pool_answers *answers);
/* Copies an entry of a list without the blanks around it; 0: the list is over or too long. */
int nqi_pool_word_next(char out[NQI_POOL_NAME], const char **rest, char separator);

/* regress.c: least squares of "y ~ a + b", with an intercept. */
nq_status nqi_pool_regress(nqi_pool_answers *out, const nqi_pool_tables *tables,
                           const char *formula);

/* least_squares.c: coefficients b[count] of y[rows] on the columns x[count][rows] and their
 * variances; x and y are used up. Returns count, or the first column that follows from those
 * before it. rows > count <= NQI_POOL_TERMS. */
size_t nqi_least_squares(double *b, double *variance, double *x, double *y, size_t rows,
                         size_t count);

#endif
