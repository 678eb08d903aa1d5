/* settle.h - what becomes of a column of a text table: what settle.c and texts.c share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_SETTLE_H
#define NQI_IO_CSV_SETTLE_H

#include "io/csv/reading.h"

typedef enum nqi_csv_fate {
    NQI_CSV_IS_NUMBERS,
    NQI_CSV_IS_DATES,
    NQI_CSV_IS_TEXT,
    NQI_CSV_IS_BAD, /* numbers, but for some cells */
    NQI_CSV_IS_LOST /* left out */
} nqi_csv_fate;

/* Rows and words of each nqi_cell. */
typedef struct nqi_csv_tally {
    size_t rows[NQI_CELL_TEXT + 1];
    uint32_t words[NQI_CELL_TEXT + 1];
} nqi_csv_tally;

void nqi_csv_tally_make(nqi_csv_tally *out, const nqi_words *words);

/* texts.c: marks what is bad or left out, and keeps the levels of what is text. It may become lost
 * here, or bad. */
nq_status nqi_csv_text_keep(nqi_csv *in, size_t column, nqi_csv_fate *fate);
/* digits.c: a note on a column of numbers of which words are changed by being numbers. */
nq_status nqi_csv_digits_tell(nqi_csv *in, size_t column);

#endif
