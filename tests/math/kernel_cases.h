/* kernel_cases.h - beliefs of kept rows against enumeration; the same in double and in what users
 * run. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_KERNEL_CASES_H
#define NQI_TESTS_KERNEL_CASES_H

#include "math_test.h"

#include "regressor/kernel/kernel.h"

enum { KEPT = 70, ASKED = 4, CELLS_MOST = 8, LAWS_MOST = 16 };

static const nqi_stream kernel_draws = {12, NQI_DRAW_TEST, 0, 0};

/* Kept rows, and rows behind noise. */
typedef struct kernel_case {
    nqi_variate cell[CELLS_MOST];
    size_t cells, laws;
    nqi_kernel kernel;
    nqi_real sample[KEPT * CELLS_MOST];
    nqi_real said[LAWS_MOST * ASKED], variance[LAWS_MOST * ASKED];
} kernel_case;

/* levels[i] of each cell, 0: a number. */
static void kernel_case_new(kernel_case *c, nq_context *context, const size_t *levels,
                            size_t cells)
{
    *c = (kernel_case){.cells = cells};
    for (size_t i = 0; i < cells; i++) {
        c->cell[i] = (nqi_variate){levels[i], c->laws};
        c->laws += levels[i] > 2 ? levels[i] : 1;
    }
    for (size_t j = 0; j < KEPT * cells; j++) {
        const size_t of = levels[j % cells];
        const double u = nqi_stream_uniform(&kernel_draws, j);
        c->sample[j] =
            (nqi_real)(of ? floor(u * (double)of) : nqi_stream_normal(&kernel_draws, 5000 + j));
    }
    for (size_t j = 0; j < c->laws * ASKED; j++) {
        c->said[j] = (nqi_real)(2 * nqi_stream_normal(&kernel_draws, 9000 + j));
        c->variance[j] = (nqi_real)(0.2 + nqi_stream_uniform(&kernel_draws, 12000 + j));
    }
    assert_ok(nqi_kernel_new(&c->kernel, context, c->cell, cells, c->sample, KEPT), context);
}

/* What row r says of level k of a cell. */
static double level_likelihood(const kernel_case *c, size_t i, size_t k, size_t r)
{
    const nqi_variate *cell = &c->cell[i];
    if (cell->levels == 2)
        return k ? exp((double)c->said[cell->law * ASKED + r]) : 1;
    return exp((double)c->said[(cell->law + k) * ASKED + r]);
}

/* Weight, mean and variance of a normal law seen through noise. */
typedef struct seen_law {
    double weight, mean, variance;
} seen_law;

static seen_law normal_seen(double mean, double variance, double y, double noise)
{
    const double all = variance + noise, precision = 1 / variance + 1 / noise;
    return (seen_law){exp(-0.5 * (y - mean) * (y - mean) / all) / sqrt(6.283185307179586 * all),
                      (mean / variance + y / noise) / precision, 1 / precision};
}

/* A cell's law under one kept row, or under none (row NULL): its weight by what is seen, and its
 * weighted P(level), or first and second moment. */
static double cell_law(double *law, const kernel_case *c, size_t i, const nqi_real *row, size_t r)
{
    const nqi_kernel_cell *cell = &c->kernel.cell[i];
    const size_t at = c->cell[i].law * ASKED + r, levels = c->cell[i].levels;
    double all = 0;
    for (size_t k = 0; k < levels; k++) {
        const double usual = c->kernel.usual[cell->at + k];
        const double p =
            row ? cell->moved * usual + ((size_t)row[i] == k) * (1 - cell->moved) : usual;
        law[k] = p * level_likelihood(c, i, k, r);
        all += law[k];
    }
    for (int s = 0; !levels && s < (row ? NQI_KERNEL_REACHES : 1); s++) {
        const double share = row ? (s ? cell->moved : 1 - cell->moved) : 1;
        const seen_law seen =
            normal_seen(row ? (double)row[i] : cell->mean, row ? cell->reach[s] : cell->variance,
                        (double)c->said[at], (double)c->variance[at]);
        all += share * seen.weight;
        law[0] = (s ? law[0] : 0) + share * seen.weight * seen.mean;
        law[1] = (s ? law[1] : 0) + share * seen.weight * (seen.mean * seen.mean + seen.variance);
    }
    return all;
}

/* The sum over kept rows but `self`, and none of them: P(what is seen), what cells add up to. */
static double rows_enumerate(double sum[CELLS_MOST][LAWS_MOST], const kernel_case *c, size_t r,
                             size_t self)
{
    const double rows = KEPT - (self < KEPT);
    double all = 0;
    memset(sum, 0, CELLS_MOST * sizeof *sum);
    for (size_t k = 0; k <= KEPT; k++) {
        double law[CELLS_MOST][LAWS_MOST], own[CELLS_MOST];
        double weight = k < KEPT ? (1 - c->kernel.apart) / rows : c->kernel.apart;
        if (k == self)
            continue;
        for (size_t i = 0; i < c->cells; i++) {
            own[i] = cell_law(law[i], c, i, k < KEPT ? c->sample + k * c->cells : NULL, r);
            weight *= own[i];
        }
        all += weight;
        for (size_t i = 0; i < c->cells; i++)
            for (size_t j = 0; j < (c->cell[i].levels ? c->cell[i].levels : 2); j++)
                sum[i][j] += weight * law[i][j] / own[i];
    }
    return all;
}

static void row_compare(const kernel_case *c, const nqi_kernel_pass *pass, const nqi_real *mean,
                        const nqi_real *variance, double tolerance)
{
    const size_t r = pass->row;
    double sum[CELLS_MOST][LAWS_MOST];
    const double all = rows_enumerate(sum, c, r, pass->self);
    double log_all = log(all);
    for (size_t i = 0; i < c->cells; i++) {
        const size_t at = c->cell[i].law * ASKED + r, levels = c->cell[i].levels;
        double most = 0;
        for (size_t k = 0; k < levels; k++) {
            most = fmax(most, level_likelihood(c, i, k, r));
            if (levels > 2 || k)
                assert_close("P(level)", (double)mean[at + (levels > 2 ? k * ASKED : 0)],
                             sum[i][k] / all, tolerance);
        }
        log_all -= levels ? log(most) : 0;
        if (levels)
            continue;
        const double first = sum[i][0] / all;
        assert_close("mean", (double)mean[at], first, tolerance);
        assert_close("variance", (double)variance[at], sum[i][1] / all - first * first,
                     4 * tolerance);
    }
    assert_close("log law", pass->log_law, log_all, 4 * tolerance);
}

static void kernel_check(const kernel_case *c, size_t self, double tolerance)
{
    nqi_real mean[LAWS_MOST * ASKED], variance[LAWS_MOST * ASKED];
    nqi_real *scratch = calloc(c->kernel.scratch, sizeof *scratch);
    const nqi_question question = {.said = c->said,
                                   .said_variance = c->variance,
                                   .rows = ASKED,
                                   .ld = ASKED};
    for (size_t r = 0; r < ASKED; r++) {
        nqi_kernel_pass pass = {&c->kernel, &question, r, self, scratch, 0, 0};
        nqi_kernel_weigh(&pass);
        nqi_kernel_sum(&pass);
        nqi_kernel_believe(&pass, mean, variance);
        row_compare(c, &pass, mean, variance, tolerance);
    }
    free(scratch);
}

static const size_t bits_of_cases[8] = {2, 2, 2, 2, 2, 2, 2, 2};
static const size_t mixed_of_cases[5] = {2, 4, 0, 3, 0};

static void kernels_check(double tolerance)
{
    nq_context *context = context_open(1);
    for (int k = 0; k < 2; k++) {
        static kernel_case c;
        kernel_case_new(&c, context, k ? mixed_of_cases : bits_of_cases, k ? 5 : 8);
        kernel_check(&c, NQI_NO_ROW, tolerance);
        kernel_check(&c, 3, tolerance); /* left out */
        nqi_kernel_free(&c.kernel);
    }
    nq_context_free(context);
}

/* Rows that do not reach: the best that can be said where the law is that of the rows. */
static void empirical_check(double tolerance)
{
    nq_context *context = context_open(1);
    static kernel_case c;
    kernel_case_new(&c, context, mixed_of_cases, 5);
    c.kernel.apart = 1e-30;
    for (size_t i = 0; i < c.cells; i++) {
        c.kernel.cell[i].moved = 1e-30;
        c.kernel.cell[i].reach[0] = c.kernel.cell[i].reach[1] = 1e-12;
    }
    nqi_real mean[LAWS_MOST * ASKED], variance[LAWS_MOST * ASKED];
    nqi_real *scratch = calloc(c.kernel.scratch, sizeof *scratch);
    const nqi_question question = {.said = c.said,
                                   .said_variance = c.variance,
                                   .rows = ASKED,
                                   .ld = ASKED};
    for (size_t r = 0; r < ASKED; r++) {
        nqi_kernel_pass pass = {&c.kernel, &question, r, NQI_NO_ROW, scratch, 0, 0};
        double all = 0, first[5] = {0}, second[5] = {0};
        nqi_kernel_weigh(&pass);
        nqi_kernel_sum(&pass);
        nqi_kernel_believe(&pass, mean, variance);
        for (size_t k = 0; k < KEPT; k++) {
            const nqi_real *row = c.sample + k * c.cells;
            double q = 1;
            for (size_t i = 0; i < c.cells; i++) {
                const double off = (double)row[i] - (double)c.said[c.cell[i].law * ASKED + r];
                q *= c.cell[i].levels
                         ? level_likelihood(&c, i, (size_t)row[i], r)
                         : exp(-0.5 * off * off / (double)c.variance[c.cell[i].law * ASKED + r]);
            }
            all += q;
            for (size_t i = 0; i < c.cells; i++) {
                first[i] += q * (double)row[i];
                second[i] += q * (double)row[i] * (double)row[i];
            }
        }
        for (size_t i = 0; i < c.cells; i++) {
            const size_t at = c.cell[i].law * ASKED + r, levels = c.cell[i].levels;
            double found = levels > 2 ? 0 : (double)mean[at];
            for (size_t k = 1; levels > 2 && k < levels; k++)
                found += (double)k * (double)mean[at + k * ASKED];
            assert_close("E x_0", found, first[i] / all, tolerance);
            if (!levels)
                assert_close("Var x_0", (double)variance[at],
                             second[i] / all - first[i] * first[i] / all / all, 4 * tolerance);
        }
    }
    free(scratch);
    nqi_kernel_free(&c.kernel);
    nq_context_free(context);
}

#endif
