/* posterior_score.c - how well draws agree with cells that were known but not shown. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

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
        return;
    }
    nq_model_column_scaling(job->model, job->sized ? c : 0, NULL, &deviation);
    for (size_t d = 0; d < count; d++)
        sum += draws[d];
    const double error = sum / (double)count - truth;
    const double scaled = deviation > 0 ? error / deviation : 0;
    qsort(draws, count, sizeof *draws, posterior_by_value);
    job->score.cells++;
    job->score.squares += error * error;
    job->score.scaled_squares += scaled * scaled;
    job->score.covered += spread >= order_statistic(draws, count, 0.05) &&
                          spread <= order_statistic(draws, count, 0.95);
}

void posterior_score_add(posterior_job *job, size_t row, const double *draws, double *scratch)
{
    const size_t count = posterior_draws(job);

    for (size_t c = 0; c < job->columns && job->truth; c++) {
        const size_t at = row * job->columns + c;

        if (isnan(job->truth[at]) || (job->keep && !isnan(job->rows[at])))
            continue;
        for (size_t d = 0; d < count; d++)
            scratch[d] = draws[d * job->columns + c];
        cell_add(job, row, c, scratch);
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
        printf("{\"rows\":%zu,\"cells\":%zu,\"draws\":%zu,", job->count, score->cells, draws);
        json_field(stdout, "rmse", rmse);
        putchar(',');
        json_field(stdout, "rmse_scaled", scaled);
        putchar(',');
        json_field(stdout, "coverage_90", coverage);
        putchar(',');
        if (score->levels) {
            json_field(stdout, "texts_agree", score->agree / (double)score->levels);
            putchar(',');
        }
        json_field_text(stdout, "method", method);
        putchar(',');
        json_field(stdout, "seconds", seconds);
        puts("}");
        return output_finish();
    }
    printf("cells             %zu in %zu rows, %zu draws each\n", score->cells + score->levels,
           job->count, draws);
    printf("method            %s, %.1f s\n", method, seconds);
    if (score->levels)
        printf("texts             %.2f %% of the draws of %zu cells are the true ones\n",
               100 * score->agree / (double)score->levels, score->levels);
    if (!score->cells)
        return output_finish();
    printf("error of means    %.6g (root mean square); %.4f deviations\n", rmse, scaled);
    if (draws < INTERVAL_DRAWS)
        printf("90 %% intervals    need at least %d draws\n", INTERVAL_DRAWS);
    else
        printf("90 %% intervals    hold %.2f %% of the true values\n", 100 * coverage);
    return output_finish();
}
