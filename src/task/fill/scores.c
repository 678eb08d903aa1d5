/* scores.c - proper scores of draws against a truth. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/fill/scores.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/posterior.h>

#include "core/sort/sort.h"

/* Draws that follow each other may be a pair, whose distance says nothing. */
static double pairs_of(size_t count)
{
    const double n = (double)count;
    return count < NQ_PAIRED_DRAWS ? n * (n - 1) / 2 : (n - 1) * (n - 2) / 2;
}

double nqi_crps(double *draws, size_t count, double truth)
{
    const double n = (double)count;
    double away = 0, apart = 0;
    for (size_t i = 1; i < count && count >= NQ_PAIRED_DRAWS; i++)
        apart -= fabs(draws[i] - draws[i - 1]);
    qsort(draws, count, sizeof *draws, nqi_double_compare);
    for (size_t i = 0; i < count; i++) {
        away += fabs(draws[i] - truth) / n;
        apart += (2 * (double)i + 1 - n) * draws[i];
    }
    return count > 1 ? away - apart / pairs_of(count) / 2 : away;
}

static size_t used(size_t count)
{
    return count < NQI_ENERGY_DRAWS ? count : NQI_ENERGY_DRAWS;
}

size_t nqi_energy_size(size_t count)
{
    return used(count) * (used(count) + 1);
}

void nqi_energy_begin(nqi_energy *out, double *numbers, size_t count)
{
    *out =
        (nqi_energy){.count = used(count), .to_truth = numbers, .between = numbers + used(count)};
    memset(numbers, 0, nqi_energy_size(count) * sizeof *numbers);
}

void nqi_energy_add(nqi_energy *sum, const double *draws, size_t stride, double truth,
                    double unit)
{
    sum->cells++;
    for (size_t i = 0; i < sum->count; i++) {
        const double gap = (draws[i * stride] - truth) / unit;
        sum->to_truth[i] += gap * gap;
        for (size_t j = 0; j < i; j++) {
            const double other = (draws[i * stride] - draws[j * stride]) / unit;
            sum->between[i * sum->count + j] += other * other;
        }
    }
}

double nqi_energy_score(const nqi_energy *sum)
{
    const double n = (double)sum->count;
    double away = 0, apart = 0;
    for (size_t i = 0; i < sum->count; i++) {
        away += sqrt(sum->to_truth[i]) / n;
        for (size_t j = 0; j + (sum->count >= NQ_PAIRED_DRAWS) < i; j++)
            apart += sqrt(sum->between[i * sum->count + j]);
    }
    return sum->count > 1 ? away - apart / pairs_of(sum->count) / 2 : away;
}
