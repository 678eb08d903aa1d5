/* put.h - a column of a data set as an Arrow array: what its writers share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_ARROW_PUT_H
#define NQI_TABLE_ARROW_PUT_H

#include "table/arrow/format.h"
#include "table/dataset.h"

/* What a column is written as. */
typedef struct nqi_arrow_type {
    const char *format, *values; /* of its cells; of the values that these number, or NULL */
    int64_t flags;
    char own[12]; /* room for a format that nobody else has */
} nqi_arrow_type;

/* A column while it is written. */
typedef struct nqi_arrow_put {
    nq_context *context;
    const nq_dataset *data;
    size_t column;
    nqi_column about;
    double *cells;  /* [data->rows] */
    char **levels;  /* its texts in another order, or NULL; borrowed, but for the list */
    int is_ordered; /* all of them are in an order that was asked for */
    nqi_arrow_type type;
} nqi_arrow_put;

/* order.c: numbers its texts as the other set does, which may be NULL. */
nq_status nqi_arrow_texts_order(nqi_arrow_put *put, const nq_dataset *texts);

/* type.c: what the column is by itself. */
void nqi_arrow_type_find(nqi_arrow_put *put);
/* What the column of `like` is that belongs to it, or what it is by itself. */
nq_status nqi_arrow_type_match(nqi_arrow_put *put, const struct ArrowSchema *like);

/* `row 3, column 2 ("age"): expected ..., found 1.5`, of the first cell that is x. */
nq_status nqi_arrow_cell_refuse(const nqi_arrow_put *put, double x, const char *expected);
/* `column 2 ("age"): ...` */
nq_status nqi_arrow_column_refuse(const nqi_arrow_put *put, const char *what);

/* Arrays of a format of numbers, and of one of texts, whose numbers cells[count] are; NaN is null.
 * *out is zeroed after a failure, or the caller's to release. */
nq_status nqi_arrow_numbers_put(struct ArrowArray *out, const nqi_arrow_put *put,
                                const char *format, const double *cells, size_t count);
nq_status nqi_arrow_texts_put(struct ArrowArray *out, const nqi_arrow_put *put,
                              const char *format, const double *cells, size_t count);
/* The bits of cells that are not null, and how many are. */
void nqi_arrow_valid_put(struct ArrowArray *array, const double *cells, size_t count);

/* x as a decimal, rounded where this has some behind the point; 0: it has more digits. */
int nqi_arrow_decimal_put(unsigned char *to, const nqi_arrow_decimal *decimal, double x);

#endif
