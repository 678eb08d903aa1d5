/* number.c - numbers of an Arrow array, as those of a column of a data set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "table/arrow/column.h"

/* Whole microseconds are told apart by float64 seconds for centuries. */
enum { NANO = 1000000000, MICRO = 1000000 };

static nq_status cell_refuse(const nqi_arrow_column *column, const nqi_arrow_piece *piece,
                             size_t r, const char *what)
{
    char sentence[200];
    snprintf(sentence, sizeof sentence, "%s %zu %s", piece->cell, piece->row + r + 1, what);
    return nqi_arrow_refuse(column, NQ_ERROR_UNSUPPORTED, sentence);
}

static size_t first_cell(const nqi_arrow_piece *piece)
{
    return (size_t)piece->array->offset + piece->first;
}

static void bits_read(unsigned char *out, const nqi_arrow_piece *piece)
{
    const nqi_strided bits = {.valid = piece->array->buffers[1],
                              .valid_first = first_cell(piece)};
    for (size_t r = 0; r < piece->rows; r++)
        out[r] = (unsigned char)nqi_strided_has(&bits, r);
}

/* Whole microseconds are float64 seconds as their decimal would read. */
static nq_status time_read(double *out, const nqi_arrow_column *column,
                           const nqi_arrow_piece *piece, size_t r, const unsigned char *from)
{
    const int64_t unit = column->format->unit, part = unit == NANO ? NANO / MICRO : 1;
    char what[160];
    int64_t x;
    memcpy(&x, from, sizeof x);
    if (!(x % part)) {
        *out = (double)(x / part) / (double)(unit / part);
        return NQ_OK;
    }
    snprintf(what, sizeof what,
             "is a time of %lld ns: expected whole microseconds (cast the column to "
             "timestamps in microseconds)",
             (long long)x);
    return cell_refuse(column, piece, r, what);
}

static nq_status scaled_read(double *out, const nqi_arrow_column *column,
                             const nqi_arrow_piece *piece, size_t r)
{
    const unsigned char *from = piece->array->buffers[1];
    const size_t cell = first_cell(piece) + r;
    if (column->format->way == NQI_ARROW_SCALED)
        return time_read(out, column, piece, r, from + cell * sizeof(int64_t));
    return nqi_arrow_decimal_read(out, &column->decimal, from + cell * column->decimal.size)
               ? NQ_OK
               : cell_refuse(column, piece, r,
                             "is a decimal of more than 15 digits: expected what float64 has "
                             "exactly (cast the column to float64)");
}

nq_status nqi_arrow_numbers_read(unsigned char *out, const nqi_arrow_column *column,
                                 const nqi_arrow_piece *piece)
{
    const nqi_arrow_format *format = column->format;
    nq_status status = NQ_OK;
    if (format->way == NQI_ARROW_AS_IT_IS && piece->rows)
        memcpy(out,
               (const unsigned char *)piece->array->buffers[1] + first_cell(piece) * format->size,
               piece->rows * format->size);
    if (format->way == NQI_ARROW_BITS)
        bits_read(out, piece);
    if (format->way == NQI_ARROW_AS_IT_IS || format->way == NQI_ARROW_BITS)
        return NQ_OK;
    for (size_t r = 0; r < piece->rows && !status; r++) {
        double x = (double)NAN;
        if (format->way != NQI_ARROW_NULLS && nqi_arrow_has(piece->array, piece->first + r))
            status = scaled_read(&x, column, piece, r);
        memcpy(out + r * sizeof x, &x, sizeof x);
    }
    return status;
}
