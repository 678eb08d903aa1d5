/* column.h - a column of Arrow arrays, one or several, as one of a data set: what its readers
 * share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_ARROW_COLUMN_H
#define NQI_TABLE_ARROW_COLUMN_H

#include "io/csv/words.h"
#include "table/arrow/format.h"
#include "table/dataset.h"

/* Cells of an array: a column's in one chunk, or all of a dictionary. */
typedef struct nqi_arrow_piece {
    const struct ArrowArray *array;
    size_t first, rows; /* from there on, after its own offset */
    size_t row;         /* of the first, from 0, for sentences; and what a cell is called there */
    const char *cell;
} nqi_arrow_piece;

/* A column while it is read. */
typedef struct nqi_arrow_column {
    nq_context *context;
    const struct ArrowSchema *schema;
    size_t place, rows; /* of all columns; of all pieces */
    const nqi_arrow_piece *pieces;
    size_t piece_count;
    const nqi_arrow_format *format; /* of its cells, or of the values of its dictionary */
    nqi_arrow_decimal decimal;
    /* What is not taken from the array: numbers, and bits that are 1 where there are some. */
    unsigned char *numbers, *valid;
    char **levels;
    size_t level_count;
} nqi_arrow_column;

/* Says what the column is. Its numbers are those of the array where there is one piece of a format
 * that can be read as it is; else they are made. The caller frees it, whatever is returned. */
nq_status nqi_arrow_column_read(nq_column *out, nqi_arrow_column *column);
void nqi_arrow_column_free(nqi_arrow_column *column);

/* `column 3 ("alcohol") of an Arrow array: ...` */
nq_status nqi_arrow_refuse(const nqi_arrow_column *column, nq_status status, const char *what);
/* Whether a cell, from the array's first on, is not null. */
int nqi_arrow_has(const struct ArrowArray *array, size_t cell);
/* Whether a piece has the buffers of a format, and its rows. */
nq_status nqi_arrow_piece_check(const nqi_arrow_column *column, const nqi_arrow_piece *piece,
                                const nqi_arrow_format *format);
/* Says that the column is the piece's numbers as they are, where they are. */
void nqi_arrow_piece_place(nq_column *out, const nqi_arrow_piece *piece,
                           const nqi_arrow_format *format);
/* numbers[rows] of `size` bytes and valid[rows] bits, which are 1. */
nq_status nqi_arrow_rooms_new(nqi_arrow_column *column, size_t size);
/* Says that the column is what was made: `gaps` bits are 0. */
void nqi_arrow_rooms_place(nq_column *out, nqi_arrow_column *column, nq_element element,
                           size_t gaps);

/* number.c: the numbers of a piece as the format's element; what a null is does not matter. */
nq_status nqi_arrow_numbers_read(unsigned char *out, const nqi_arrow_column *column,
                                 const nqi_arrow_piece *piece);
/* decimal.c: whole number * 10^-scale; 0: float64 has not all of its digits. */
int nqi_arrow_decimal_read(double *out, const nqi_arrow_decimal *decimal,
                           const unsigned char *from);

/* text.c: the words that the cells of a piece of text are, -1 of nulls. */
nq_status nqi_arrow_texts_code(int32_t *codes, const nqi_arrow_column *column,
                               const nqi_arrow_piece *piece, nqi_words *words);
nq_status nqi_arrow_levels_take(nqi_arrow_column *column, const nqi_words *words);

/* dictionary.c: a column of indices, which are of the format `index`. */
nq_status nqi_arrow_dictionary_read(nq_column *out, nqi_arrow_column *column,
                                    const nqi_arrow_format *index);

#endif
