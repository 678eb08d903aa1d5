/* kernel.c - kept rows: laws of their columns, blocks of such as are alike, a file's numbers. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/kernel/kernel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Parts that a number has of a pass; columns that are looked at for a cut; what a file has of a
 * number, and of a law before its columns. */
enum { NUMBER_PARTS = 6, CUTS = 64, NUMBER_FIELDS = 5, HEADER = 3 };
/* Reaches before any fit, in deviations, and part of rows that is further off. */
static const double near_first = 0.1, far_first = 0.6, moved_first = 0.2, apart_first = 0.05;

void nqi_kernel_free(nqi_kernel *kernel)
{
    if (!kernel)
        return;
    free(kernel->cell);
    free(kernel->usual);
    free(kernel->x);
    free(kernel->place);
    *kernel = (nqi_kernel){0};
}

/* Memory for so many rows of such cells. */
static nq_status kernel_make(nqi_kernel *out, nq_context *context, const nqi_variate *cell,
                             size_t cells, size_t rows)
{
    *out = (nqi_kernel){.cells = cells, .rows = rows};
    out->cell = calloc(cells, sizeof *out->cell);
    for (size_t c = 0; out->cell && c < cells; c++) {
        out->cell[c] =
            (nqi_kernel_cell){.levels = cell[c].levels, .law = cell[c].law, .at = out->width};
        out->width += cell[c].levels ? cell[c].levels : NUMBER_PARTS;
    }
    const size_t blocks = nqi_kernel_blocks(out);
    out->usual = calloc(out->width, sizeof *out->usual);
    out->x = calloc(blocks * cells * NQI_KERNEL_LANES, sizeof *out->x);
    out->place = calloc(rows, sizeof *out->place);
    out->scratch = blocks * (NQI_KERNEL_LANES + 1) + 3 * out->width;
    return out->cell && out->usual && out->x && out->place
               ? NQ_OK
               : nqi_fail_memory(context, "kept rows", rows * cells * sizeof *out->x);
}

/* As frequent as Krichevsky and Trofimov have it: no level is impossible. */
static void levels_measure(nqi_kernel *kernel, size_t c, const nqi_real *sample)
{
    const nqi_kernel_cell *cell = &kernel->cell[c];
    double *usual = kernel->usual + cell->at;
    const double all = (double)kernel->rows + 0.5 * (double)cell->levels;
    for (size_t k = 0; k < cell->levels; k++)
        usual[k] = 0.5 / all;
    for (size_t r = 0; r < kernel->rows; r++)
        usual[nqi_level_of((double)sample[r * kernel->cells + c], cell->levels)] += 1 / all;
}

static void number_measure(nqi_kernel *kernel, size_t c, const nqi_real *sample)
{
    nqi_kernel_cell *cell = &kernel->cell[c];
    const double rows = (double)kernel->rows, least = 1e-6;
    double squares = 0;
    for (size_t r = 0; r < kernel->rows; r++)
        cell->mean += (double)sample[r * kernel->cells + c] / rows;
    for (size_t r = 0; r < kernel->rows; r++) {
        const double off = (double)sample[r * kernel->cells + c] - cell->mean;
        squares += off * off;
    }
    cell->variance = fmax(squares / rows, least);
    cell->reach[0] = fmax(near_first * near_first * cell->variance, least);
    cell->reach[1] = fmax(far_first * far_first * cell->variance, least);
}

nq_status nqi_kernel_new(nqi_kernel *out, nq_context *context, const nqi_variate *cell,
                         size_t cells, const nqi_real *sample, size_t rows)
{
    nq_status status = kernel_make(out, context, cell, cells, rows);
    out->apart = apart_first;
    for (size_t c = 0; c < cells && !status; c++) {
        out->cell[c].moved = moved_first;
        if (cell[c].levels)
            levels_measure(out, c, sample);
        else
            number_measure(out, c, sample);
    }
    return status ? status : nqi_kernel_lay_out(out, context, sample);
}

/* A row, and what it is ordered by. */
typedef struct ordered {
    nqi_real key;
    uint32_t row;
} ordered;

static int by_key(const void *a, const void *b)
{
    const ordered *x = a, *y = b;
    const int order = (x->key > y->key) - (x->key < y->key);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* The variance of a column among some rows; of levels that their codes differ. */
static double spread_of(const nqi_kernel *kernel, const ordered *row, size_t count, size_t c,
                        const nqi_real *sample)
{
    const size_t step = count / 256 + 1;
    double mean = 0, squares = 0, seen = 0;
    for (size_t r = 0; r < count; r += step) {
        const double off = (double)sample[row[r].row * kernel->cells + c] - mean;
        mean += off / ++seen;
        squares += off * ((double)sample[row[r].row * kernel->cells + c] - mean);
    }
    const double levels = (double)kernel->cell[c].levels;
    return squares / seen / (levels > 2 ? levels : 1);
}

/* Halves of whole blocks by the column in which rows differ most, until each is a block. Bounded in
 * depth by the bits of a count. */
static void order_rows(const nqi_kernel *kernel, ordered *row, size_t count,
                       const nqi_real *sample)
{
    const size_t blocks = (count + NQI_KERNEL_LANES - 1) / NQI_KERNEL_LANES;
    const size_t step = kernel->cells / CUTS + 1, half = blocks / 2 * NQI_KERNEL_LANES;
    size_t best = 0;
    double most = -1;
    if (blocks < 2)
        return;
    for (size_t c = 0; c < kernel->cells; c += step) {
        const double spread = spread_of(kernel, row, count, c, sample);
        best = spread > most ? c : best;
        most = spread > most ? spread : most;
    }
    for (size_t r = 0; r < count; r++)
        row[r].key = sample[row[r].row * kernel->cells + best];
    qsort(row, count, sizeof *row, by_key);
    order_rows(kernel, row, half, sample);
    order_rows(kernel, row + half, count - half, sample);
}

nq_status nqi_kernel_lay_out(nqi_kernel *kernel, nq_context *context, const nqi_real *sample)
{
    const size_t cells = kernel->cells, rows = kernel->rows;
    ordered *row = calloc(rows, sizeof *row);
    if (!row)
        return nqi_fail_memory(context, "kept rows", rows * sizeof *row);
    for (size_t r = 0; r < rows; r++)
        row[r].row = (uint32_t)r;
    order_rows(kernel, row, rows, sample);
    for (size_t at = 0; at < rows; at++) {
        const nqi_real *from = sample + row[at].row * cells;
        nqi_real *to =
            kernel->x + at / NQI_KERNEL_LANES * cells * NQI_KERNEL_LANES + at % NQI_KERNEL_LANES;
        kernel->place[row[at].row] = at;
        for (size_t c = 0; c < cells; c++)
            to[c * NQI_KERNEL_LANES] = from[c];
    }
    free(row);
    return NQ_OK;
}

/* Numbers before those of rows. */
static size_t laws_size(const nqi_variate *cell, size_t cells)
{
    size_t size = HEADER;
    for (size_t c = 0; c < cells; c++)
        size += cell[c].levels ? 1 + cell[c].levels : NUMBER_FIELDS;
    return size;
}

nq_status nqi_kernel_pack(nqi_real **out, size_t *count, nq_context *context,
                          const nqi_kernel *kernel)
{
    *count = HEADER + kernel->rows * kernel->cells;
    for (size_t c = 0; c < kernel->cells; c++)
        *count += kernel->cell[c].levels ? 1 + kernel->cell[c].levels : NUMBER_FIELDS;
    nqi_real *to = *out = malloc(*count * sizeof *to);
    if (!to)
        return nqi_fail_memory(context, "kept rows", *count * sizeof *to);
    *to++ = (nqi_real)kernel->cells;
    *to++ = (nqi_real)kernel->rows;
    *to++ = (nqi_real)kernel->apart;
    for (const nqi_kernel_cell *cell = kernel->cell; cell < kernel->cell + kernel->cells;
         cell++) {
        const double of_number[] = {cell->reach[0], cell->reach[1], cell->mean, cell->variance};
        *to++ = (nqi_real)cell->moved;
        for (size_t k = 0; k < (cell->levels ? cell->levels : NUMBER_FIELDS - 1); k++)
            *to++ = (nqi_real)(cell->levels ? kernel->usual[cell->at + k] : of_number[k]);
    }
    for (size_t r = 0; r < kernel->rows; r++) {
        const size_t at = kernel->place[r];
        const nqi_real *from = kernel->x +
                               at / NQI_KERNEL_LANES * kernel->cells * NQI_KERNEL_LANES +
                               at % NQI_KERNEL_LANES;
        for (size_t c = 0; c < kernel->cells; c++)
            *to++ = from[c * NQI_KERNEL_LANES];
    }
    return NQ_OK;
}

/* Laws of columns. 0: they are none. */
static int laws_read(nqi_kernel *kernel, const nqi_real *from)
{
    const double most = 1e12, least = 1e-12;
    int holds = kernel->apart > 0 && kernel->apart <= 0.5;
    for (size_t c = 0; c < kernel->cells && holds; c++) {
        nqi_kernel_cell *cell = &kernel->cell[c];
        cell->moved = (double)*from++;
        holds = cell->moved > 0 && cell->moved < 1;
        for (size_t k = 0; k < cell->levels; k++, from++) {
            kernel->usual[cell->at + k] = (double)*from;
            holds &= *from > 0 && *from <= 1;
        }
        if (cell->levels)
            continue;
        cell->reach[0] = (double)from[0];
        cell->reach[1] = (double)from[1];
        cell->mean = (double)from[2];
        cell->variance = (double)from[3];
        holds &= fmin(fmin(cell->reach[0], cell->reach[1]), cell->variance) >= least &&
                 fmax(fmax(cell->reach[0], cell->reach[1]), cell->variance) <= most &&
                 fabs(cell->mean) <= most && from[0] > 0 && from[1] > 0 && from[3] > 0;
        from += NUMBER_FIELDS - 1;
    }
    return holds;
}

static int rows_hold(const nqi_kernel *kernel, const nqi_real *rows)
{
    const double most = 1e6;
    int holds = 1;
    for (size_t j = 0; j < kernel->rows * kernel->cells; j++) {
        const double x = (double)rows[j], levels = (double)kernel->cell[j % kernel->cells].levels;
        holds &= levels > 0 ? x >= 0 && x < levels && floor(x) >= x : fabs(x) <= most;
    }
    return holds;
}

nq_status nqi_kernel_unpack(nqi_kernel *out, nq_context *context, const nqi_real *packed,
                            size_t count, const nqi_variate *cell, size_t cells)
{
    const size_t size = laws_size(cell, cells);
    const double rows = count > size ? (double)(count - size) / (double)cells : 0;
    *out = (nqi_kernel){0};
    int holds = rows >= 1 && rows <= NQI_KERNEL_ROWS && floor(rows) >= rows &&
                (double)packed[0] - (double)cells == 0 && (double)packed[1] - rows == 0;
    nq_status status = holds ? kernel_make(out, context, cell, cells, (size_t)rows) : NQ_OK;
    if (status)
        return status;
    if (holds) {
        out->apart = (double)packed[2];
        holds = laws_read(out, packed + HEADER) && rows_hold(out, packed + size);
    }
    if (holds)
        return nqi_kernel_lay_out(out, context, packed + size);
    return nqi_fail(context, NQ_ERROR_FORMAT,
                    "the file's kept rows are none of %zu numbers: it is damaged", cells);
}
