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
    free(kernel->many);
    free(kernel->place);
    *kernel = (nqi_kernel){0};
}

/* Memory for so many rows of such cells. */
static nq_status kernel_make(nqi_kernel *out, nq_context *context, const nqi_variate *cell,
                             size_t cells, size_t rows)
{
    *out = (nqi_kernel){.cells = cells, .rows = rows, .distinct = rows};
    out->cell = calloc(cells, sizeof *out->cell);
    for (size_t c = 0; out->cell && c < cells; c++) {
        out->cell[c] =
            (nqi_kernel_cell){.levels = cell[c].levels, .law = cell[c].law, .at = out->width};
        out->width += cell[c].levels ? cell[c].levels : NUMBER_PARTS;
        out->numbers += !cell[c].levels;
    }
    const size_t blocks = nqi_kernel_blocks(out);
    out->usual = calloc(out->width, sizeof *out->usual);
    out->x = calloc(blocks * cells * NQI_KERNEL_LANES, sizeof *out->x);
    out->many = calloc(blocks * NQI_KERNEL_LANES, sizeof *out->many);
    out->place = calloc(rows, sizeof *out->place);
    return out->cell && out->usual && out->x && out->many && out->place
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

/* A row, what it is ordered by, and how many rows it stands for. */
typedef struct ordered {
    const nqi_real *x;
    nqi_real key;
    uint32_t row, count;
} ordered;

static int by_key(const void *a, const void *b)
{
    const ordered *x = a, *y = b;
    const int order = (x->key > y->key) - (x->key < y->key);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* A number that equal rows have in common, and hardly others (Fowler, Noll and Vo). */
static nqi_real digest(const nqi_real *x, size_t cells)
{
    uint64_t sum = 14695981039346656037U, bits = 0;
    for (size_t c = 0; c < cells; c++) {
        memcpy(&bits, &x[c], sizeof x[c]);
        sum = (sum ^ bits) * 1099511628211U;
        sum ^= sum >> 29;
    }
    return (nqi_real)(sum >> 40);
}

static int are_equal(const nqi_real *x, const nqi_real *y, size_t cells)
{
    size_t c = 0;
    while (c < cells && x[c] <= y[c] && x[c] >= y[c])
        c++;
    return c == cells;
}

/* Equal rows, which have one key, become the first of them: same[rows] says which each became.
 * Returns how many differ. Of rows that differ and have one key few are looked through. */
static size_t merge_rows(ordered *row, size_t rows, size_t cells, uint32_t *same)
{
    enum { BACK = 64 };
    size_t distinct = 0;
    for (size_t r = 0; r < rows; r++)
        row[r].key = digest(row[r].x, cells);
    qsort(row, rows, sizeof *row, by_key);
    for (size_t r = 0; r < rows; r++) {
        size_t at = distinct, back = 0;
        while (at > 0 && back++ < BACK && row[at - 1].key >= row[r].key &&
               !are_equal(row[at - 1].x, row[r].x, cells))
            at--;
        const int found = at > 0 && back <= BACK && row[at - 1].key >= row[r].key;
        const uint32_t self = row[r].row;
        if (found)
            row[at - 1].count++;
        else
            row[distinct++] = row[r];
        same[self] = found ? row[at - 1].row : self;
    }
    return distinct;
}

/* The variance of a column among some rows; of several levels that of their codes, in levels. */
static double spread_of(const nqi_kernel *kernel, const ordered *row, size_t count, size_t c)
{
    const size_t step = count / 256 + 1;
    double mean = 0, squares = 0, seen = 0;
    for (size_t r = 0; r < count; r += step) {
        const double x = (double)row[r].x[c], off = x - mean;
        mean += off / ++seen;
        squares += off * (x - mean);
    }
    const double levels = (double)kernel->cell[c].levels;
    return squares / seen / (levels > 2 ? levels : 1);
}

/* Halves of whole blocks by the column in which rows differ most, until each is a block. Bounded in
 * depth by the bits of a count. */
static void order_rows(const nqi_kernel *kernel, ordered *row, size_t count)
{
    const size_t blocks = (count + NQI_KERNEL_LANES - 1) / NQI_KERNEL_LANES;
    const size_t step = kernel->cells / CUTS + 1, half = blocks / 2 * NQI_KERNEL_LANES;
    size_t best = 0;
    double most = -1;
    if (blocks < 2)
        return;
    for (size_t c = 0; c < kernel->cells; c += step) {
        const double spread = spread_of(kernel, row, count, c);
        best = spread > most ? c : best;
        most = spread > most ? spread : most;
    }
    for (size_t r = 0; r < count; r++)
        row[r].key = row[r].x[best];
    qsort(row, count, sizeof *row, by_key);
    order_rows(kernel, row, half);
    order_rows(kernel, row + half, count - half);
}

/* row: those that differ, in order. same: which each of all rows became. */
static void rows_place(nqi_kernel *kernel, const ordered *row, const uint32_t *same)
{
    const size_t cells = kernel->cells;
    for (size_t at = 0; at < kernel->distinct; at++) {
        nqi_real *to =
            kernel->x + at / NQI_KERNEL_LANES * cells * NQI_KERNEL_LANES + at % NQI_KERNEL_LANES;
        kernel->place[row[at].row] = at;
        kernel->many[at] = (nqi_real)log(row[at].count);
        for (size_t c = 0; c < cells; c++)
            to[c * NQI_KERNEL_LANES] = row[at].x[c];
    }
    for (size_t at = kernel->distinct; at < nqi_kernel_blocks(kernel) * NQI_KERNEL_LANES; at++)
        kernel->many[at] = nqi_kernel_far_below;
    for (size_t r = 0; r < kernel->rows; r++)
        kernel->place[r] = kernel->place[same[r]];
}

nq_status nqi_kernel_lay_out(nqi_kernel *kernel, nq_context *context, const nqi_real *sample)
{
    const size_t rows = kernel->rows;
    ordered *row = calloc(rows, sizeof *row);
    uint32_t *same = calloc(rows, sizeof *same);
    for (size_t r = 0; row && r < rows; r++)
        row[r] = (ordered){sample + r * kernel->cells, 0, (uint32_t)r, 1};
    if (row && same) {
        kernel->distinct = merge_rows(row, rows, kernel->cells, same);
        order_rows(kernel, row, kernel->distinct);
        rows_place(kernel, row, same);
        kernel->scratch = nqi_kernel_blocks(kernel) * (NQI_KERNEL_LANES + 1) + 3 * kernel->width;
    }
    const nq_status status =
        row && same ? NQ_OK : nqi_fail_memory(context, "kept rows", rows * sizeof *row);
    free(row);
    free(same);
    return status;
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
    const double most = 1e12, least = 1e-13;
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
                 fmax(fmax(cell->reach[0], cell->reach[1]), cell->variance) <= most * most &&
                 fabs(cell->mean) <= most && from[0] > 0 && from[1] > 0 && from[3] > 0;
        from += NUMBER_FIELDS - 1;
    }
    return holds;
}

static int rows_hold(const nqi_kernel *kernel, const nqi_real *rows)
{
    const double most = 1e12;
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
