/* pass.c - weights of training rows by what is seen of a row, and sums of what they say of it.
 *
 * Rows are in the lanes. Logs of weights are counted from those of a row that is like what is seen
 * in every cell, so that each cell makes them less, and a block of rows that has come far below the
 * best is left: only the nearest rows count where there is little noise. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "regressor/kernel/pass.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

enum {
    LANES = NQI_KERNEL_LANES,
    PARTS = 4,    /* of sums over lanes */
    LOOK = 4,     /* cells after which a block may be left */
    PRODUCTS = 16 /* cells after which the log of products is taken */
};
/* At most. */
static const nqi_real products_most = (nqi_real)(PRODUCTS * 0.6931472);
/* What lies so far below the best is nothing beside it. */
static const nqi_real nothing = sizeof(nqi_real) == 4 ? 28 : 50;

#ifdef NQI_REAL_DOUBLE
/* exp(x) of x <= 0 */
static inline double exp_below(double x)
{
    return exp(x);
}

/* log(x) of x >= 1 */
static inline double log_above(double x)
{
    return log(x);
}
#else
/* exp(x) of x <= 0, to 2e-7 of it, as vectors can have it: 2^k times a polynomial. */
static inline float exp_below(float x)
{
    const float magic = 12582912;
    const float held = x > -87 ? x : -87;
    const float shifted = held * 1.44269504F + magic, whole = shifted - magic;
    const float f = (held - whole * 0.693359375F) + whole * 2.12194440e-4F;
    float p = 1.9875691500e-4F, scale;
    int32_t bits;
    p = p * f + 1.3981999507e-3F;
    p = p * f + 8.3334519073e-3F;
    p = p * f + 4.1665795894e-2F;
    p = p * f + 1.6666665459e-1F;
    p = p * f + 5.0000001201e-1F;
    p = p * f * f + f + 1;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (int32_t)(((uint32_t)bits - 0x4B400000U + 127U) << 23);
    memcpy(&scale, &bits, sizeof scale);
    return p * scale;
}

/* log(x) of x >= 1, finite: k log 2 + 2 artanh((m - 1) / (m + 1)) of x = 2^k m, m about 1. */
static inline float log_above(float x)
{
    uint32_t bits;
    float m;
    memcpy(&bits, &x, sizeof bits);
    const int32_t k = (int32_t)((bits + 0x4AFB0DU) >> 23) - 127; /* m is in .71..1.41 */
    bits -= (uint32_t)k << 23;
    memcpy(&m, &bits, sizeof m);
    const float s = (m - 1) / (m + 1), q = s * s;
    float p = 1.0F / 9;
    p = p * q + 1.0F / 7;
    p = p * q + 1.0F / 5;
    p = p * q + 1.0F / 3;
    return (float)k * 0.693147181F + 2 * (s + s * q * p);
}
#endif

/* sum[l] += log P(seen | x[l]) */
static void add_bits(nqi_real *restrict sum, const nqi_real *restrict x,
                     const nqi_real *restrict seen)
{
    const nqi_real zero = seen[0], step = seen[1] - seen[0];
    for (int l = 0; l < LANES; l++)
        sum[l] += zero + step * x[l];
}

static void add_levels(nqi_real *restrict sum, const nqi_real *restrict x,
                       const nqi_real *restrict seen)
{
    for (int l = 0; l < LANES; l++)
        sum[l] += seen[(int)x[l]];
}

/* The log of near and far is that of the larger, and of 1 + less / larger, whose product over cells
 * is kept: there is one log for many of them. */
static void add_numbers(nqi_real *restrict sum, nqi_real *restrict product,
                        const nqi_real *restrict x, const nqi_real *restrict seen)
{
    const nqi_real y = seen[NQI_SEEN], odds = seen[NQI_ODDS], near = seen[NQI_NEAR],
                   far = seen[NQI_FAR];
    const nqi_real meeting = seen[NQI_MEETING];
    for (int l = 0; l < LANES; l++) {
        const nqi_real square = (x[l] - y) * (x[l] - y);
        const nqi_real a = -near * square, b = odds - far * square;
        const nqi_real more = a > b ? a : b, less = a > b ? b : a;
        sum[l] += more - meeting;
        product[l] *= 1 + exp_below(less - more);
    }
}

static void add_products(nqi_real *restrict sum, nqi_real *restrict product)
{
    for (int l = 0; l < LANES; l++) {
        sum[l] += log_above(product[l]);
        product[l] = 1;
    }
}

static void add_cell(nqi_real *sum, nqi_real *product, const nqi_real *x,
                     const nqi_kernel_cell *cell, const nqi_real *seen)
{
    if (!cell->levels)
        add_numbers(sum, product, x, seen + cell->at);
    else if (cell->levels == 2)
        add_bits(sum, x, seen + cell->at);
    else
        add_levels(sum, x, seen + cell->at);
}

/* In parts, as vectors do. */
static nqi_real most_of(const nqi_real *restrict x)
{
    nqi_real part[PARTS];
    for (int j = 0; j < PARTS; j++)
        part[j] = x[j];
    for (int l = PARTS; l < LANES; l += PARTS)
        for (int j = 0; j < PARTS; j++)
            part[j] = x[l + j] > part[j] ? x[l + j] : part[j];
    const nqi_real a = part[0] > part[1] ? part[0] : part[1];
    const nqi_real b = part[2] > part[3] ? part[2] : part[3];
    return a > b ? a : b;
}

static nqi_real sum_of(const nqi_real *restrict x)
{
    nqi_real part[PARTS] = {0};
    for (int l = 0; l < LANES; l += PARTS)
        for (int j = 0; j < PARTS; j++)
            part[j] += x[l + j];
    return (part[0] + part[1]) + (part[2] + part[3]);
}

/* One of as many rows as the log says. */
static void leave_out(nqi_real *many)
{
    const double others = exp((double)*many) - 1;
    *many = others > 0.5 ? (nqi_real)log(others) : nqi_kernel_far_below;
}

/* Logs of a block's weights, and the best of them; far below where it was left. */
static nqi_real block_weigh(nqi_real *sum, const nqi_kernel_pass *pass, size_t block,
                            nqi_real best)
{
    const nqi_kernel *k = pass->kernel;
    const nqi_real *x = k->x + block * k->cells * LANES, *seen = nqi_kernel_seen(pass);
    nqi_real product[LANES];
    for (size_t l = 0; l < LANES; l++) {
        sum[l] = k->many[block * LANES + l];
        product[l] = 1;
    }
    if (pass->self < k->rows && k->place[pass->self] / LANES == block)
        leave_out(&sum[k->place[pass->self] % LANES]);
    for (size_t c = 0; c < k->cells; c++) {
        add_cell(sum, product, x + c * LANES, &k->cell[c], seen);
        if (c % LOOK == LOOK - 1 && most_of(sum) + products_most < best - nothing)
            return nqi_kernel_far_below;
        if (k->numbers && (c % PRODUCTS == PRODUCTS - 1 || c == k->cells - 1))
            add_products(sum, product);
    }
    return most_of(sum);
}

/* Logs to weights of which all are one. */
static void weights_norm(nqi_kernel_pass *pass, nqi_real best, double apart, double most,
                         double count)
{
    const size_t blocks = nqi_kernel_blocks(pass->kernel);
    nqi_real *weight = nqi_kernel_weights(pass), *of_block = nqi_kernel_bests(pass);
    double all = 0, own = exp(apart - (double)best);
    for (size_t b = 0; b < blocks; b++) {
        nqi_real *w = weight + b * LANES;
        if (of_block[b] < best - nothing) {
            of_block[b] = nqi_kernel_far_below;
            continue;
        }
        for (int l = 0; l < LANES; l++)
            w[l] = w[l] < best - nothing ? 0 : exp_below(w[l] - best);
        all += (double)sum_of(w);
    }
    const nqi_real scale = (nqi_real)(1 / (all + own));
    for (size_t b = 0; b < blocks; b++)
        for (int l = 0; of_block[b] > nqi_kernel_far_below && l < LANES; l++)
            weight[b * LANES + (size_t)l] *= scale;
    pass->apart = own / (all + own);
    pass->log_law = most + (double)best + log((all + own) / count);
}

/* A row counts for (1 - apart) / rows, and what is like none for apart: in units of the first. */
void nqi_kernel_weigh(nqi_kernel_pass *pass)
{
    const nqi_kernel *k = pass->kernel;
    const double rows = (double)(k->rows - (pass->self < k->rows));
    const double unit = rows > 0 ? rows / (1 - k->apart) : 1;
    double most = 0, apart = rows > 0 ? log(k->apart * unit) : 0;
    for (size_t c = 0; c < k->cells; c++) {
        const nqi_cell_logs logs = nqi_kernel_see(pass, c);
        most += logs.most;
        apart += logs.apart - logs.most;
    }
    nqi_real best = (nqi_real)fmax(apart, (double)nqi_kernel_far_below);
    for (size_t b = 0; b < nqi_kernel_blocks(k); b++) {
        nqi_real *of_block = nqi_kernel_bests(pass) + b;
        *of_block = block_weigh(nqi_kernel_weights(pass) + b * LANES, pass, b, best);
        best = *of_block > best ? *of_block : best;
    }
    weights_norm(pass, best, apart, most, unit);
}

/* Lanes of what is summed of a cell. */
typedef struct lane_sums {
    nqi_real part[NQI_KERNEL_REACHES * NQI_KERNEL_MOMENTS][LANES];
} lane_sums;

static void sum_bits(lane_sums *restrict sums, const nqi_real *restrict w,
                     const nqi_real *restrict x)
{
    for (int l = 0; l < LANES; l++) {
        const nqi_real one = w[l] * x[l];
        sums->part[0][l] += w[l] - one;
        sums->part[1][l] += one;
    }
}

/* Rows of one level wait for each other less where some have a sum of their own. */
static void sum_levels(lane_sums *restrict sums, const nqi_real *restrict w,
                       const nqi_real *restrict x)
{
    for (int l = 0; l < LANES; l += 4)
        for (int j = 0; j < 4; j++)
            sums->part[j][(int)x[l + j]] += w[l + j];
}

static void sum_many_levels(nqi_real *restrict sum, const nqi_real *restrict w,
                            const nqi_real *restrict x)
{
    for (int l = 0; l < LANES; l++)
        sum[(int)x[l]] += w[l];
}

static void sum_numbers(lane_sums *restrict sums, const nqi_real *restrict w,
                        const nqi_real *restrict x, const nqi_real *restrict seen)
{
    const nqi_real y = seen[NQI_SEEN], odds = seen[NQI_ODDS], near = seen[NQI_NEAR],
                   far = seen[NQI_FAR];
    for (int l = 0; l < LANES; l++) {
        const nqi_real off = x[l] - y, square = off * off;
        const nqi_real gap = odds + (near - far) * square;
        const nqi_real less = exp_below(gap > 0 ? -gap : gap), more = w[l] / (1 + less);
        const nqi_real is_far = gap > 0 ? more : less * more;
        const nqi_real is_near = gap > 0 ? less * more : more;
        sums->part[0][l] += is_near;
        sums->part[1][l] += is_near * off;
        sums->part[2][l] += is_near * square;
        sums->part[3][l] += is_far;
        sums->part[4][l] += is_far * off;
        sums->part[5][l] += is_far * square;
    }
}

static void lanes_add(nqi_real *sum, const lane_sums *lanes, size_t levels)
{
    const size_t parts = levels == 2 ? 2 : levels ? 0 : NQI_KERNEL_REACHES * NQI_KERNEL_MOMENTS;
    for (size_t j = 0; j < parts; j++)
        sum[j] = sum_of(lanes->part[j]);
    for (size_t k = 0; levels > 2 && levels <= LANES && k < levels; k++)
        sum[k] =
            (lanes->part[0][k] + lanes->part[1][k]) + (lanes->part[2][k] + lanes->part[3][k]);
}

static void cell_sum(const nqi_kernel_pass *pass, size_t c)
{
    const nqi_kernel *k = pass->kernel;
    const nqi_kernel_cell *cell = &k->cell[c];
    const nqi_real *seen = nqi_kernel_seen(pass) + cell->at;
    nqi_real *sum = nqi_kernel_summed(pass) + cell->at;
    lane_sums lanes;
    memset(&lanes, 0, sizeof lanes);
    for (size_t b = 0; b < nqi_kernel_blocks(k); b++) {
        const nqi_real *w = nqi_kernel_weights(pass) + b * LANES,
                       *x = k->x + (b * k->cells + c) * LANES;
        if (!(nqi_kernel_bests(pass)[b] > nqi_kernel_far_below))
            continue;
        if (!cell->levels)
            sum_numbers(&lanes, w, x, seen);
        else if (cell->levels == 2)
            sum_bits(&lanes, w, x);
        else if (cell->levels <= LANES)
            sum_levels(&lanes, w, x);
        else
            sum_many_levels(sum, w, x);
    }
    lanes_add(sum, &lanes, cell->levels);
}

void nqi_kernel_sum(const nqi_kernel_pass *pass)
{
    memset(nqi_kernel_summed(pass), 0, pass->kernel->width * sizeof *pass->scratch);
    for (size_t c = 0; c < pass->kernel->cells; c++)
        cell_sum(pass, c);
}
