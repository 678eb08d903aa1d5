/* score.c - how well draws agree with cells that were known but not shown. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "core/sort/sort.h"
#include "task/fill/job.h"
#include "task/fill/noise.h"
#include "task/fill/scores.h"

/* From so many draws on, a 90 % interval has both its ends among them. */
enum { INTERVAL_DRAWS = 19 };

/* Order statistic (count + 1) q, counted from 1 and interpolated (R's type 6): between those of .05
 * and .95 falls a further draw of the same law with probability .9, whatever the law. */
static double order_statistic(const double *sorted, size_t count, double q)
{
    const double position = q * (double)(count + 1) - 1;
    const double below = fmin(fmax(floor(position), 0), (double)(count - 1));
    const size_t i = (size_t)below;
    const double part = fmin(fmax(position - below, 0), 1);
    return i + 1 < count ? (1 - part) * sorted[i] + part * (double)sorted[i + 1] : sorted[i];
}

static void text_add(nqi_fill_job *job, double truth, double *draws)
{
    const size_t count = job->plan.draws;
    nqi_fill_sums *sums = &job->sums;
    for (size_t d = 0; d < count; d++)
        sums->agree += (draws[d] == truth) / (double)count;
    sums->texts++;
    qsort(draws, count, sizeof *draws, nqi_double_compare);
    sums->right += nqi_most_frequent(draws, count) == truth;
}

static void number_add(nqi_fill_job *job, size_t at, size_t column, double *draws)
{
    const size_t count = job->plan.draws;
    const nq_model *model = job->models[0];
    const double truth = job->rows.truth[at], width = nq_model_get_options(model)->dequantize;
    const uint64_t seed = nqi_noise_seed(job->plan.options.seed, 1);
    /* A grey level stands for all numbers that round to it, as the model was taught. */
    const double spread = truth + width * (nqi_noise_uniform(seed, at) - 0.5);
    nqi_fill_sums *sums = &job->sums;
    double sum = 0, deviation = 0;
    nq_model_column_scaling(NULL, &deviation, model, job->rows.is_model_size ? column : 0);
    for (size_t d = 0; d < count; d++)
        sum += draws[d];
    const double error = sum / (double)count - truth;
    const double scaled = deviation > 0 ? error / deviation : 0;
    const double crps = nqi_crps(draws, count, truth); /* it sorts them */
    sums->cells++;
    sums->squares += error * error;
    sums->scaled_squares += scaled * scaled;
    sums->crps += deviation > 0 ? crps / deviation : 0;
    sums->covered += spread >= order_statistic(draws, count, 0.05) &&
                     spread <= order_statistic(draws, count, 0.95);
}

/* The deviation of a column in training; 1 of one that had none. */
static double unit_of(const nqi_fill_job *job, size_t c)
{
    double deviation = 0;
    nq_model_column_scaling(NULL, &deviation, job->models[0], job->rows.is_model_size ? c : 0);
    return deviation > 0 ? deviation : 1;
}

size_t nqi_fill_score_scratch(size_t draws)
{
    return draws + nqi_energy_size(draws);
}

void nqi_fill_score_add(nqi_fill_job *job, size_t row, const double *draws, double *scratch)
{
    const nqi_fill_rows *rows = &job->rows;
    const size_t count = job->plan.draws;
    nqi_energy energy;
    nqi_energy_begin(&energy, scratch + count, count);
    for (size_t c = 0; c < rows->columns && rows->truth && job->plan.has_score; c++) {
        const size_t at = row * rows->columns + c;
        if (isnan(rows->truth[at]) || (job->plan.keeps && !isnan(rows->known[at])))
            continue;
        for (size_t d = 0; d < count; d++)
            scratch[d] = draws[d * rows->columns + c];
        if (nqi_fill_is_text(job, c)) {
            text_add(job, rows->truth[at], scratch);
            continue;
        }
        nqi_energy_add(&energy, scratch, 1, rows->truth[at], unit_of(job, c));
        number_add(job, at, c, scratch);
    }
    if (energy.cells) {
        job->sums.energy += nqi_energy_score(&energy);
        job->sums.energy_rows++;
    }
}

void nqi_fill_score_get(nq_fill_score *out, const nqi_fill_job *job)
{
    const nqi_fill_sums *sums = &job->sums;
    const double cells = (double)sums->cells, texts = (double)sums->texts;
    const int has_ends = job->plan.draws >= INTERVAL_DRAWS;
    *out = (nq_fill_score){.cells = sums->cells,
                           .texts = sums->texts,
                           .rmse = sqrt(sums->squares / cells),
                           .rmse_scaled = sqrt(sums->scaled_squares / cells),
                           .crps = sums->crps / cells,
                           .energy = sums->energy / (double)sums->energy_rows,
                           .coverage_90 = has_ends ? (double)sums->covered / cells : (double)NAN,
                           .texts_agree = sums->agree / texts,
                           .texts_right = (double)sums->right / texts};
}
