/* words.h - the different cells of a column, each kept once and known by a number. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_IO_CSV_WORDS_H
#define NQI_IO_CSV_WORDS_H

#include "core/grow.h"
#include "io/csv/dialect.h"
#include "io/text/date.h"

typedef struct nqi_word {
    size_t at; /* in the texts */
    uint32_t length, hash;
    double value;       /* of a number or a date, else NaN */
    size_t rows;        /* that have it */
    size_t row;         /* the first of them */
    unsigned char kind; /* nqi_cell */
    signed char decimals;
    nqi_date_form date;
} nqi_word;

/* Zeroed: none. */
typedef struct nqi_words {
    nqi_word *list; /* [count], in the order in which they first stood */
    uint32_t count, room;
    uint32_t *slots; /* [slot_count], a power of two: number + 1, or 0 */
    uint32_t slot_count, last;
    nqi_bytes texts;
} nqi_words;

/* The number of a text; *is_new: it stands there for the first time, and what it is is left to the
 * caller. UINT32_MAX: no memory. */
uint32_t nqi_words_put(nqi_words *words, const char *text, size_t length, int *is_new);
/* Borrowed until the next put, length bytes without an end. */
const char *nqi_words_text(const nqi_words *words, uint32_t word);
void nqi_words_free(nqi_words *words); /* leaves it zeroed */

#endif
