/* pool.h - noneq pool: completed tables, what is computed of each, and one answer of all. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_POOL_H
#define NONEQ_CLI_POOL_H

#include "options.h"

enum { POOL_NAME = 160, POOL_TERMS = 512 };

/* A file of draws as numbers; texts are numbered as the data set has them. */
typedef struct pool_file {
    nq_dataset *data;
    const char *path;
    double *values; /* [rows, columns] */
    size_t rows, columns;
} pool_file;

/* One completed table: rows of a file. */
typedef struct pool_table {
    const pool_file *file;
    double draw, model; /* the numbers that the file gives it; 0 where it gives none */
    size_t *rows;       /* [count] of the file */
    size_t count;
} pool_table;

typedef struct pool_tables {
    nq_context *context;
    pool_file *files;
    size_t file_count;
    pool_table *list;           /* by model */
    size_t count, rows, models; /* models 0: the files do not say */
} pool_tables;

/* What is computed of each table: q[k][t] and its variance u[k][t] of answer k, table t. */
typedef struct pool_answers {
    size_t count, tables;
    char (*names)[POOL_NAME];
    double *q, *u, *df;
} pool_answers;

/* All return an exit status and have printed the reason of a failure. */

/* pool_tables.c: reads the files that the operands name. Close it whatever is returned. */
int pool_tables_open(pool_tables *out, nq_context *context, const arguments *words);
void pool_tables_close(pool_tables *tables);
/* A column by name, or by number from 1 of the data's columns (unless POOL_NAMED), in each file:
 * place[file_count]. POOL_NUMBERS: text is refused. */
enum { POOL_NUMBERS = 1, POOL_NAMED = 2 };
int pool_column_find(size_t *place, const pool_tables *tables, const char *name, int flags);
/* The name of a column that was found. */
const char *pool_column_name(const pool_tables *tables, const size_t *place);
/* out[rows]: a column of a table. */
void pool_column_read(double *out, const pool_tables *tables, size_t table, const size_t *place);
/* The text of a number of that column; and whether the column is text. */
void pool_cell_text(char out[POOL_NAME], const pool_file *file, size_t column, double value);
int pool_column_is_text(const pool_tables *tables, const size_t *place);

/* pool_answers.c: adds answers, to be freed with pool_answers_free. Lists have commas between
 * them: columns, COLUMN=LEVEL, COLUMN:PART. */
int pool_means(pool_answers *out, const pool_tables *tables, const char *list);
int pool_proportions(pool_answers *out, const pool_tables *tables, const char *list);
int pool_quantiles(pool_answers *out, const pool_tables *tables, const char *list);
int pool_answers_add(pool_answers *out, size_t count, size_t tables);
void pool_answers_free(pool_answers *answers);
/* Copies an entry of a list without the blanks around it; 0: the list is over or too long. */
int pool_word_next(char out[POOL_NAME], const char **rest, char separator);

/* pool_regress.c: least squares of "y ~ a + b", with an intercept. */
int pool_regress(pool_answers *out, const pool_tables *tables, const char *formula);

/* least_squares.c: coefficients b[count] of y[rows] on the columns x[count][rows] and their
 * variances; x and y are used up. Returns count, or the first column that follows from those
 * before it. rows > count <= POOL_TERMS. */
size_t least_squares(double *b, double *variance, double *x, double *y, size_t rows,
                     size_t count);

#endif
