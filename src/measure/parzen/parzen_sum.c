/* parzen_sum.c - log p of rows under an equal mixture of Gaussians around samples.
 *
 * With x and s centred, |x - s|^2 = |x|^2 - 2 (x.s - |s|^2 / 2). The bracket is a dense layer
 * whose weights are samples and whose bias is -|s|^2 / 2, so the dense kernel does nearly all:
 *   log p(x) = log sum_s exp((x.s - |s|^2 / 2) / w^2) - |x|^2 / (2 w^2)
 *              - n/2 log(2 pi w^2) - log S.
 * The products are float32, which centring makes good enough; sums over samples are float64, with
 * the largest term taken out, in the order of the samples whatever the threads. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/ops.h"
#include "core/context.h"
#include "core/monitor.h"
#include "measure/parzen/parzen.h"
#include "table/dataset.h"

enum {
    ROWS = 64,             /* data rows of a work item: 784 columns of them fill a fifth of L2 */
    SAMPLES = 128,         /* samples of one call of the dense kernel */
    SLAB_MOST = 4096,      /* samples held as numbers, ... */
    SLAB_NUMBERS = 1 << 24 /* ... or so many numbers */
};
static const double LARGEST = 1e37;   /* half a square beyond it leaves float32 in a product */
static const double NEGLIGIBLE = -60; /* log of a term that no float64 sum of terms sees */
static const char what[] = "weighing samples";
static const double TWO_PI = 6.283185307179586476925286766559;

static double half_square(const nqi_real *x, size_t stride, size_t dim)
{
    double square = 0;
    for (size_t i = 0; i < dim; i++)
        square += (double)x[i * stride] * (double)x[i * stride];
    return square / 2;
}

static void slab_fill(void *state, size_t item, int thread)
{
    nqi_parzen_sum *sum = state;
    (void)thread;
    nqi_real *row = sum->slab + item * sum->dim;
    const uint64_t number = sum->first + item;
    nqi_dataset_gather(sum->samples, &number, 1, sum->shift, sum->scale, row, 1);
    sum->bias[item] = (nqi_real)-half_square(row, 1, sum->dim);
}

/* A larger term makes the sums so far smaller parts. */
static void top_raise(nqi_parzen_sum *sum, size_t row, double top)
{
    if (!(top > sum->top[row]))
        return;
    for (size_t k = 0; k < sum->widths; k++)
        sum->sum[row * sum->widths + k] *= exp((sum->top[row] - top) * sum->precision[k]);
    sum->top[row] = top;
}

/* Sample `number` is added to each width's sum, or to that of its part. */
static void product_add(nqi_parzen_sum *sum, size_t row, size_t number, double gap)
{
    double *terms = sum->sum + row * sum->widths;
    const size_t from = sum->grouped ? number * sum->widths / sum->sample_count : 0;
    const size_t to = sum->grouped ? from + 1 : sum->widths;
    for (size_t k = from; k < to; k++)
        if (gap * sum->precision[k] > NEGLIGIBLE)
            terms[k] += exp(gap * sum->precision[k]);
}

/* `number`: of the first of these samples. */
static void products_add(nqi_parzen_sum *sum, const nqi_real *product, size_t number,
                         size_t samples, size_t first, size_t rows)
{
    nqi_real largest[ROWS];
    memcpy(largest, product, sizeof largest);
    for (size_t j = 1; j < samples; j++)
        for (size_t r = 0; r < ROWS; r++)
            largest[r] = product[j * ROWS + r] > largest[r] ? product[j * ROWS + r] : largest[r];
    for (size_t r = 0; r < rows; r++)
        top_raise(sum, first + r, (double)largest[r]);
    for (size_t j = 0; j < samples; j++)
        for (size_t r = 0; r < rows; r++)
            product_add(sum, first + r, number + j,
                        (double)product[j * ROWS + r] - sum->top[first + r]);
}

/* Some rows against the whole slab. */
static void rows_run(void *state, size_t item, int thread)
{
    nqi_parzen_sum *sum = state;
    const nqi_parzen_scratch *scratch = &sum->scratch[thread];
    const size_t first = item * ROWS, left = sum->rows - first;
    const size_t rows = left < ROWS ? left : ROWS;
    uint64_t number[ROWS];
    for (size_t r = 0; r < ROWS; r++) /* padding repeats the last row */
        number[r] = (uint64_t)(first + (r < rows ? r : rows - 1)) * nq_dataset_rows(sum->data) /
                    sum->rows;
    nqi_dataset_gather(sum->data, number, ROWS, sum->shift, sum->scale, scratch->x, ROWS);
    for (size_t r = 0; r < rows; r++)
        sum->half_square[first + r] = half_square(scratch->x + r, ROWS, sum->dim);
    for (size_t s = 0; s < sum->slab_rows; s += SAMPLES) {
        if (nqi_pool_reaches(sum->context->pool, thread, s, sum->slab_rows))
            return;
        const size_t samples = sum->slab_rows - s < SAMPLES ? sum->slab_rows - s : SAMPLES;
        const nqi_const_matrix slab = {sum->slab + s * sum->dim, sum->dim},
                               x = {scratch->x, ROWS};
        sum->context->ops->dense.forward((nqi_matrix){scratch->product, ROWS}, slab,
                                         sum->bias + s, x,
                                         (nqi_dense_size){samples, sum->dim, ROWS}, 0);
        products_add(sum, scratch->product, sum->first + s, samples, first, rows);
    }
}

/* NaN is not below it either. */
static nq_status size_check(const nqi_parzen_sum *sum)
{
    for (size_t s = 0; s < sum->slab_rows; s++)
        if (!((double)-sum->bias[s] < LARGEST))
            return nqi_fail(sum->context, NQ_ERROR_SHAPE, "sample %zu has too large numbers",
                            sum->first + s + 1);
    for (size_t r = 0; r < sum->rows; r++)
        if (!(sum->half_square[r] < LARGEST))
            return nqi_fail(sum->context, NQ_ERROR_SHAPE,
                            "row %zu has a number that is missing, infinite or too large",
                            r * nq_dataset_rows(sum->data) / sum->rows + 1);
    return NQ_OK;
}

nq_status nqi_parzen_sum_run(nqi_parzen_sum *sum)
{
    for (size_t r = 0; r < sum->rows; r++)
        sum->top[r] = -INFINITY;
    memset(sum->sum, 0, sum->rows * sum->widths * sizeof *sum->sum);
    for (sum->first = 0; sum->first < sum->sample_count; sum->first += sum->slab_most) {
        const size_t left = sum->sample_count - sum->first;
        sum->slab_rows = left < sum->slab_most ? left : sum->slab_most;
        nqi_pool *pool = sum->context->pool;
        nq_status status;
        if ((status =
                 nqi_tell(sum->context, what, (double)sum->first, (double)sum->sample_count)) ||
            (status = nqi_pool_run(pool, sum->slab_rows, slab_fill, sum)) ||
            (status = nqi_tell_region(sum->context, what, (double)sum->first,
                                      (double)sum->slab_rows, (double)sum->sample_count)) ||
            (status = nqi_pool_run(pool, (sum->rows + ROWS - 1) / ROWS, rows_run, sum)) ||
            (status = size_check(sum)))
            return status;
    }
    return NQ_OK;
}

/* log p of a row from `count` samples whose terms add to `total`. */
static double log_of(const nqi_parzen_sum *sum, size_t row, double precision, double total,
                     double count)
{
    return (sum->top[row] - sum->half_square[row]) * precision + log(total / count) -
           (double)sum->dim / 2 * log(TWO_PI / precision);
}

static double row_total(const nqi_parzen_sum *sum, size_t row)
{
    double total = 0;
    for (size_t k = 0; k < sum->widths; k++)
        total += sum->sum[row * sum->widths + k];
    return total;
}

static double row_log(const nqi_parzen_sum *sum, size_t row, size_t k)
{
    const double total = sum->grouped ? row_total(sum, row) : sum->sum[row * sum->widths + k];
    return log_of(sum, row, sum->precision[k], total, (double)sum->sample_count);
}

/* The jackknife over parts: what the mean over rows would be without each of them. */
double nqi_parzen_sum_spread(const nqi_parzen_sum *sum)
{
    const double parts = (double)sum->widths, rows = (double)sum->rows;
    const double count = (double)sum->sample_count;
    double first = 0, mean = 0, squares = 0;
    for (size_t k = 0; k < sum->widths; k++) {
        const size_t from = (k * sum->sample_count + sum->widths - 1) / sum->widths;
        const size_t to = ((k + 1) * sum->sample_count + sum->widths - 1) / sum->widths;
        double without = 0;
        for (size_t r = 0; r < sum->rows; r++) {
            const double total = row_total(sum, r) - sum->sum[r * sum->widths + k];
            const double least = 1e-300; /* no other sample is near */
            without += log_of(sum, r, sum->precision[k], fmax(total, least),
                              count - (double)(to - from)) /
                       rows;
        }
        first = k ? first : without;
        mean += (without - first) / parts;
        squares += (without - first) * (without - first) / parts;
    }
    return sqrt((parts - 1) * fmax(squares - mean * mean, 0));
}

double nqi_parzen_sum_mean(const nqi_parzen_sum *sum, size_t k, double *se)
{
    const double rows = (double)sum->rows;
    double mean = 0, squares = 0;
    for (size_t r = 0; r < sum->rows; r++)
        mean += row_log(sum, r, k) / rows;
    for (size_t r = 0; r < sum->rows && se; r++)
        squares += pow(row_log(sum, r, k) - mean, 2);
    if (se)
        *se = sum->rows > 1 ? sqrt(squares / (rows - 1) / rows) : INFINITY;
    return mean;
}

nq_status nqi_parzen_sum_set(nqi_parzen_sum *sum, const nq_dataset *data, size_t most,
                             size_t widths)
{
    const size_t rows = nq_dataset_rows(data) < most ? nq_dataset_rows(data) : most;
    const size_t numbers = rows * (2 + widths) + widths;
    free(sum->top);
    sum->data = data;
    sum->rows = rows;
    sum->widths = widths;
    sum->top = calloc(numbers, sizeof *sum->top);
    if (!sum->top)
        return nqi_fail_memory(sum->context, "a Parzen estimate", numbers * sizeof *sum->top);
    sum->half_square = sum->top + rows;
    sum->sum = sum->half_square + rows;
    sum->precision = sum->sum + rows * widths;
    return NQ_OK;
}

static nq_status samples_centre(nqi_parzen_sum *sum, double unit)
{
    double *row = malloc(sum->dim * sizeof *row);
    if (!row)
        return nqi_fail_memory(sum->context, "a sample", sum->dim * sizeof *row);
    nq_status status = NQ_OK;
    for (size_t s = 0; s < sum->sample_count && !status; s++) {
        status = s % NQI_TELL_ROWS ? NQ_OK : nqi_tell(sum->context, what, 0, 1);
        nq_dataset_row(row, sum->samples, s);
        for (size_t i = 0; i < sum->dim; i++) {
            if (!isfinite(row[i]) && !status)
                status = nqi_fail(sum->context, NQ_ERROR_SHAPE,
                                  "sample %zu, column %zu: the number is missing or infinite",
                                  s + 1, i + 1);
            sum->shift[i] += row[i] / (double)sum->sample_count;
        }
    }
    for (size_t i = 0; i < sum->dim; i++)
        sum->scale[i] = 1 / unit;
    free(row);
    return status;
}

static nq_status scratch_new(nqi_parzen_scratch *out, nq_context *context, size_t dim)
{
    const size_t bytes = nqi_arena_need(dim * ROWS, sizeof(nqi_real)) +
                         nqi_arena_need(SAMPLES * ROWS, sizeof(nqi_real));
    if (dim > SIZE_MAX / sizeof(double) / (2 * ROWS) || nqi_arena_new(&out->arena, bytes))
        return nqi_fail_memory(context, "a Parzen estimate", bytes);
    out->x = nqi_arena_take(&out->arena, dim * ROWS, sizeof(nqi_real));
    out->product = nqi_arena_take(&out->arena, SAMPLES * ROWS, sizeof(nqi_real));
    return NQ_OK;
}

static size_t slab_size(size_t samples, size_t dim)
{
    const size_t most = SLAB_NUMBERS / dim < SAMPLES ? SAMPLES : SLAB_NUMBERS / dim;
    const size_t rows = most < SLAB_MOST ? most : SLAB_MOST;
    return samples < rows ? samples : rows;
}

nq_status nqi_parzen_sum_new(nqi_parzen_sum *out, nq_context *context, const nq_dataset *samples,
                             double unit)
{
    const size_t dim = nq_dataset_dim(samples), count = nq_dataset_rows(samples);
    const size_t slab = slab_size(count, dim), threads = (size_t)nq_context_threads(context);
    *out = (nqi_parzen_sum){.context = context,
                            .samples = samples,
                            .sample_count = count,
                            .dim = dim,
                            .slab_most = slab};
    out->shift = calloc(2 * dim, sizeof *out->shift);
    out->slab = nqi_aligned_new(slab * (dim + 1), sizeof *out->slab);
    out->scratch = calloc(threads, sizeof *out->scratch);
    if (!out->shift || !out->slab || !out->scratch)
        return nqi_fail_memory(context, "a Parzen estimate", slab * (dim + 1) * sizeof(nqi_real));
    out->scale = out->shift + dim;
    out->bias = out->slab + slab * dim;
    nq_status status = NQ_OK;
    for (size_t i = 0; i < threads && !status; i++)
        status = scratch_new(&out->scratch[i], context, dim);
    return status ? status : samples_centre(out, unit);
}

void nqi_parzen_sum_free(nqi_parzen_sum *sum)
{
    for (int i = 0; sum->scratch && i < nq_context_threads(sum->context); i++)
        nqi_arena_free(&sum->scratch[i].arena);
    free(sum->scratch);
    nqi_aligned_free(sum->slab);
    free(sum->shift);
    free(sum->top);
    memset(sum, 0, sizeof *sum);
}
