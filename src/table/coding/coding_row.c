/* coding_row.c - rows of a table as numbers of a process, and back. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/gauss/gauss.h"
#include "table/coding/coding.h"

/* A cell that no level stands for has been refused before; here it is the first level. */
static size_t level_of(const nqi_code *code, double x)
{
    const size_t level = nqi_code_level(code, x);
    return level < code->level_count ? level : 0;
}

static int is_score(const nqi_code *code, size_t level)
{
    return !code->level_count || level + 1 == code->level_count;
}

void nqi_coding_levels_of(const nqi_coding *coding, const double *row, nqi_real *out,
                          size_t stride, double *raw, size_t raw_stride)
{
    for (size_t c = 0; c < coding->columns; c++) {
        const nqi_code *code = &coding->code[c];
        const size_t level = code->level_count ? level_of(code, row[c]) : 0;
        if (code->level_number != NQI_NO_NUMBER)
            out[code->level_number * stride] = (nqi_real)level;
        if (code->score_number != NQI_NO_NUMBER)
            raw[code->score_number * raw_stride] = is_score(code, level) ? row[c] : NAN;
    }
}

/* An auxiliary is one of its law, and leaves 1 / that of it to the cell. */
static double auxiliary(double u, double *share)
{
    const double y = nqi_gauss_quantile(u);
    *share = -nqi_gauss_log_density(y);
    return y;
}

void nqi_coding_score(const nqi_coding *coding, nqi_real *out, double *share, const double *raw,
                      const nqi_real *u, size_t ld, size_t rows)
{
    for (size_t i = 0; i < coding->scores; i++) {
        const nqi_warp *warp = &coding->code[coding->column_of[i]].warp;
        for (size_t j = i * ld; j < i * ld + rows; j++) {
            const double part = u ? (double)u[j] : 0.5;
            double own;
            out[j] = (nqi_real)(isnan(raw[j]) ? auxiliary(part, &own)
                                              : nqi_warp_score(warp, raw[j], part, &own));
            if (share)
                share[j] = own;
        }
    }
}

double nqi_code_level_score(const nqi_code *code, size_t level)
{
    const double value = code->level[level], part = code->frequency[level];
    const double most = nqi_gauss_quantile(1 - fmin(fmax(part, 1e-3), 0.99) / 2);
    const double score =
        isnan(value) || !code->warp.knots ? 0 : nqi_warp_score(&code->warp, value, 0.5, NULL);
    return isnan(score) ? 0 : fmax(fmin(score, most), -most);
}

/* The value of a cell, where the source's level is known. */
static double value_of(const nqi_coding *coding, const nqi_code *code, const nqi_real *x,
                       size_t stride)
{
    size_t level = 0;
    if (code->level_number != NQI_NO_NUMBER)
        level = (size_t)(double)x[code->level_number * stride];
    (void)coding;
    return code->score_number != NQI_NO_NUMBER && is_score(code, level)
               ? nqi_warp_value(&code->warp, (double)x[code->score_number * stride])
               : code->level[level];
}

void nqi_coding_restore(const nqi_coding *coding, const nqi_real *x, size_t stride, size_t count,
                        double *out)
{
    for (size_t r = 0; r < count; r++) {
        double *row = out + r * coding->columns;
        for (size_t c = 0; c < coding->columns; c++)
            if (coding->code[c].refill.source == SIZE_MAX)
                row[c] = value_of(coding, &coding->code[c], x + r, stride);
        for (size_t c = 0; c < coding->columns; c++) {
            const nqi_function *refill = &coding->code[c].refill;
            if (refill->source != SIZE_MAX)
                row[c] =
                    refill->value[level_of(&coding->code[refill->source], row[refill->source])];
        }
    }
}
