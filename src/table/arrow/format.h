/* format.h - formats of Arrow columns, and what their numbers are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TABLE_ARROW_FORMAT_H
#define NQI_TABLE_ARROW_FORMAT_H

#include <noneq/arrow.h>
#include <noneq/columns.h>

/* How a format is read and written. */
typedef enum nqi_arrow_way {
    NQI_ARROW_AS_IT_IS,
    NQI_ARROW_BITS,    /* booleans, eight to a byte */
    NQI_ARROW_SCALED,  /* whole numbers of 64 bits by a unit */
    NQI_ARROW_DECIMAL, /* whole numbers of up to 128 bits by a power of ten */
    NQI_ARROW_TEXT,    /* text, with offsets of 32 or 64 bits */
    NQI_ARROW_VIEW,    /* text, each either in its cell or in one of several buffers */
    NQI_ARROW_NULLS
} nqi_arrow_way;

typedef struct nqi_arrow_format {
    const char *format; /* one that ends in : goes on */
    nq_element element; /* that it is read as */
    unsigned char size; /* bytes of a number as it is; of text: of an offset or view */
    nqi_arrow_way way;
    nq_date date;
    int64_t unit; /* how many make a day or a second */
} nqi_arrow_format;

/* NULL: there is none. */
const nqi_arrow_format *nqi_arrow_format_find(const char *format);
int nqi_arrow_is_text(const nqi_arrow_format *format);
/* Whether numbers of it can be the indices of a dictionary. */
int nqi_arrow_is_index(const nqi_arrow_format *format);
size_t nqi_arrow_element_size(nq_element element);

/* The whole numbers of a format that holds such alone; 0: it does not. */
int nqi_arrow_range(double *least, double *most, const nqi_arrow_format *format);

/* d:DIGITS,SCALE[,BITS]: a whole number of so many digits, by 10^scale. */
typedef struct nqi_arrow_decimal {
    int digits, scale;
    size_t size; /* bytes */
} nqi_arrow_decimal;
int nqi_arrow_decimal_find(nqi_arrow_decimal *out, const char *format); /* 0: it is none */

/* Why a format is not taken, and what helps, for a sentence. Returns out. */
enum { NQI_ARROW_WHY = 240 };
const char *nqi_arrow_format_why(char out[NQI_ARROW_WHY], const char *format);

#endif
