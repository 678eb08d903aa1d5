/* posterior_score.c - how well draws agree with cells that were known but not shown. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "draw_scores.h"
#include "json.h"
#include "message.h"
#include "noise.h"
#include "posterior.h"

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

/* Of sorted draws. */
static double most_frequent(const double *sorted, size_t count)
{
    double best = sorted[0];
    size_t most = 0;

    for (size_t i = 0, run = 0; i < count; i++) {
        run = i && sorted[i] == sorted[i - 1] ? run + 1 : 1;
        if (run > most) {
            most = run;
            best = sorted[i];
        }
    }
    return best;
}

static void cell_add(posterior_job *job, size_t row, size_t c, double *draws)
{
    const size_t count = posterior_draws(job), at = row * job->columns + c;
    const double width = nq_model_get_options(job->model)->dequantize;
    const double truth = job->truth[at];
    /* A grey level stands for all numbers that round to it, as the model was taught. */
    const double spread =
        truth + width * (noise_uniform(noise_seed((uint64_t)job->common->seed, 1), at) - 0.5);
    double sum = 0, deviation = 0;

    if (posterior_is_text(job, c)) {
        for (size_t d = 0; d < count; d++)
            job->score.agree += (draws[d] == truth) / (double)count;
        job->score.levels++;
        qsort(draws, count, sizeof *draws, draw_order);
        job->score.right += most_frequent(draws, count) == truth;
        return;
    }
    nq_model_column_scaling(NULL, &deviation, job->model, job->sized ? c : 0);
    for (size_t d = 0; d < count; d++)
        sum += draws[d];
    const double error = sum / (double)count - truth;
    const double scaled = deviation > 0 ? error / deviation : 0;
    const double crps = crps_of(draws, count, truth); /* it sorts them */
    job->score.cells++;
    job->score.squares += error * error;
    job->score.scaled_squares += scaled * scaled;
    job->score.crps += deviation > 0 ? crps / deviation : 0;
    job->score.covered += spread >= order_statistic(draws, count, 0.05) &&
                          spread <= order_statistic(draws, count, 0.95);
}

/* The deviation of a column in training; 1 of one that had none. */
static double unit_of(const posterior_job *job, size_t c)
{
    double deviation = 0;

    nq_model_column_scaling(NULL, &deviation, job->model, job->sized ? c : 0);
    return deviation > 0 ? deviation : 1;
}

size_t posterior_score_scratch(size_t draws)
{
    return draws + energy_size(draws);
}

void posterior_score_add(posterior_job *job, size_t row, const double *draws, double *scratch)
{
    const size_t count = posterior_draws(job);
    energy row_energy;

    energy_begin(&row_energy, scratch + count, count);
    for (size_t c = 0; c < job->columns && job->truth; c++) {
        const size_t at = row * job->columns + c;

        if (isnan(job->truth[at]) || (job->keep && !isnan(job->rows[at])))
            continue;
        for (size_t d = 0; d < count; d++)
            scratch[d] = draws[d * job->columns + c];
        if (!posterior_is_text(job, c))
            energy_add(&row_energy, scratch, 1, job->truth[at], unit_of(job, c));
        cell_add(job, row, c, scratch);
    }
    if (row_energy.cells) {
        job->score.energy += energy_score(&row_energy);
        job->score.energy_rows++;
    }
}

int posterior_score_print(const posterior_job *job, double seconds)
{
    const posterior_score *score = &job->score;
    const double cells = (double)score->cells;
    const double rmse = sqrt(score->squares / cells);
    const double scaled = sqrt(score->scaled_squares / cells);
    const size_t draws = posterior_draws(job);
    const double coverage = draws < INTERVAL_DRAWS ? NAN : (double)score->covered / cells;
    const char *named = *job->values->method ? job->values->method : "chosen by window";
    const char *method = job->method ? job->method : named;

    if (job->common->json) {
        printf("{\"rows\":%zu,\"cells\":%zu,\"draws\":%zu,\"models\":%zu,", job->count,
               score->cells, draws, job->model_count);
        json_field(stdout, "rmse", rmse);
        putchar(',');
        json_field(stdout, "rmse_scaled", scaled);
        putchar(',');
        json_field(stdout, "crps", score->crps / cells);
        putchar(',');
        json_field(stdout, "energy", score->energy / (double)score->energy_rows);
        putchar(',');
        json_field(stdout, "coverage_90", coverage);
        putchar(',');
        if (score->levels) {
            json_field(stdout, "texts_agree", score->agree / (double)score->levels);
            putchar(',');
            json_field(stdout, "texts_right", (double)score->right / (double)score->levels);
            putchar(',');
        }
        json_field(stdout, "least_ess",
                   job->few.rows ? job->few.least / (double)job->few.particles : NAN);
        printf(",\"collapsed_rows\":%zu,", job->few.bad);
        json_field_text(stdout, "method", method);
        putchar(',');
        json_field(stdout, "seconds", seconds);
        puts("}");
        return output_finish();
    }
    printf("cells             %zu in %zu rows, %zu draws each", score->cells + score->levels,
           job->count, draws);
    if (job->model_count > 1)
        printf(" of %zu models", job->model_count);
    putchar('\n');
    printf("method            %s, %.1f s\n", method, seconds);
    if (score->levels)
        printf(
            "texts             %.2f %% of the draws of %zu cells are the true ones, %.2f %% of "
            "the most frequent\n",
            100 * score->agree / (double)score->levels, score->levels,
            100 * (double)score->right / (double)score->levels);
    if (!score->cells)
        return output_finish();
    printf("error of means    %.6g (root mean square); %.4f deviations\n", rmse, scaled);
    printf("CRPS, energy      %.4f per cell, %.4f per row, in deviations\n", score->crps / cells,
           score->energy / (double)score->energy_rows);
    if (draws < INTERVAL_DRAWS)
        printf("90 %% intervals    need at least %d draws\n", INTERVAL_DRAWS);
    else
        printf("90 %% intervals    hold %.2f %% of the true values\n", 100 * coverage);
    return output_finish();
}
