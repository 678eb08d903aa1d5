/* ais_result.c - what the weights of all rows say: likelihoods, their errors, and what these are
 * worth. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "measure/ais_run.h"

enum { SHAPE_LEAST = 21 }; /* trajectories of which a row's shape can be estimated */
static const double care_above = 0.5, at_least_above = 0.7; /* of k-hat */
/* An error of a row of so many nats spoils any mean: its weights are a factor e^3 apart. */
static const double spoiling_error = 3;

/* t quantile of 97.5 % over the normal one, so that twice the error covers what it should also for
 * few trajectories (Cornish and Fisher's expansion). */
static double student(double degrees)
{
    const double d = fmax(degrees, 1);
    return 1 + 1.2104 / d + 1.4402 / (d * d) + 1.2987 / (d * d * d);
}

static nq_trust trust_of(double khat)
{
    return khat < care_above       ? NQ_TRUST_FULL
           : khat < at_least_above ? NQ_TRUST_CARE
                                   : NQ_TRUST_AT_LEAST;
}

/* Deviations above which half of a row would lie by chance, of as many. */
static double rows_quantile(size_t rows)
{
    const double p = 0.5 / (double)rows, t = sqrt(-2 * log(p));
    return rows < 2 ? 0
                    : t - (2.515517 + t * (0.802853 + 0.010328 * t)) /
                              (1 + t * (1.432788 + t * (0.189269 + 0.001308 * t)));
}

/* A single shape is known to (1 + k) / sqrt(tail) only: among many rows some look bad by chance.
 * Those that do beyond chance spoil the mean. */
static double spoiling_khat(size_t rows, size_t tail)
{
    const double n = (double)tail, noise = (1 + at_least_above) * sqrt(n) / (n + 10);
    return at_least_above + rows_quantile(rows) * noise;
}

/* Sums over rows, for the mean. */
typedef struct row_sums {
    double variance, bias, signed_bias;
    int spoilt; /* a row cannot be trusted at all */
} row_sums;

static void judge_row(const nq_ais_run *run, nq_ais *out, size_t r, int few, row_sums *sums)
{
    nq_pareto shape;
    if (run->drawn < SHAPE_LEAST) {
        out->row_khat[r] = out->khat;
        out->row_trust[r] =
            few || out->khat >= at_least_above ? NQ_TRUST_AT_LEAST : NQ_TRUST_CARE;
    } else {
        nqi_tails_pareto(&shape, &run->tails, r);
        out->row_khat[r] = shape.khat;
        out->row_trust[r] = trust_of(shape.khat);
        sums->spoilt |= shape.khat >= spoiling_khat(run->rows, shape.tail);
    }
    sums->spoilt |= !(out->row_se[r] < spoiling_error);
}

static void fill_row(const nq_ais_run *run, nq_ais *out, size_t r, row_sums *sums)
{
    const nqi_weights *weights = &run->tails.all[r];
    nqi_log_mean mean;
    nqi_tails_log_mean(&mean, &run->tails, r);
    const double spread = mean.se * student((double)weights->count - 1);
    out->row_se[r] = hypot(spread, mean.left);
    out->row_lower[r] = mean.plain;
    out->row_likelihood[r] = out->row_se[r] < spoiling_error ? mean.corrected : mean.plain;
    out->row_ess[r] = nqi_weights_ess(weights);
    out->row_bound[r] = weights->log_sum / (double)weights->count;
    sums->variance += mean.se * mean.se;
    *(mean.few ? &sums->signed_bias : &sums->bias) += mean.left;
    judge_row(run, out, r, mean.few, sums);
}

/* The corrected figure has a meaning only where its error has. */
static void fill_means(const nq_ais_run *run, nq_ais *out, const row_sums *sums)
{
    const double rows = (double)run->rows, degrees = rows * ((double)run->drawn - 1);
    double corrected = 0, spread = 0;
    if (!run->rows) {
        out->likelihood = out->lower = out->se = out->se_rows = NAN;
        out->trust = NQ_TRUST_AT_LEAST;
        return;
    }
    for (size_t r = 0; r < run->rows; r++) {
        corrected += out->row_likelihood[r] / rows;
        out->lower += out->row_lower[r] / rows;
        out->ess += out->row_ess[r] / rows;
        out->mean_log_weight += out->row_bound[r] / rows;
    }
    for (size_t r = 0; r < run->rows; r++)
        spread += pow(out->row_likelihood[r] - corrected, 2);
    out->bias = (sums->bias + fabs(sums->signed_bias)) / rows;
    out->trust = sums->spoilt ? NQ_TRUST_AT_LEAST : trust_of(out->khat);
    out->likelihood = out->trust == NQ_TRUST_AT_LEAST ? out->lower : corrected;
    out->se = hypot(sqrt(sums->variance) / rows * student(degrees), out->bias);
    /* the rows' own spread, without what the errors add to it */
    const double own = rows > 1 ? fmax(spread / (rows - 1) - sums->variance / rows, 0) : INFINITY;
    out->se_rows = sqrt(own / rows + out->se * out->se);
}

static nq_status result_alloc(const nq_ais_run *run, nq_ais *out)
{
    enum { ARRAYS = 6 };
    const size_t rows = out->all_rows, faults = run->usable.count;
    out->row_likelihood = calloc(ARRAYS * rows + 1, sizeof(double));
    out->row_trust = calloc(rows + 1, sizeof *out->row_trust);
    out->faults = calloc(faults + 1, sizeof *out->faults);
    if (!out->row_likelihood || !out->row_trust || !out->faults) {
        nq_ais_free(out);
        return nqi_fail_memory(run->context, "likelihoods", ARRAYS * rows * sizeof(double));
    }
    out->row_se = out->row_likelihood + rows;
    out->row_ess = out->row_se + rows;
    out->row_bound = out->row_ess + rows;
    out->row_lower = out->row_bound + rows;
    out->row_khat = out->row_lower + rows;
    out->impossible = faults;
    if (faults)
        memcpy(out->faults, run->usable.faults, faults * sizeof *out->faults);
    return NQ_OK;
}

/* The impossible rows among the others. */
static void spread_rows(const nq_ais_run *run, nq_ais *out)
{
    const nqi_usable *usable = &run->usable;
    size_t from = usable->rows, to = out->all_rows;
    if (run->rows < usable->rows || !usable->count)
        return;
    nqi_usable_spread(out->row_likelihood, usable, -INFINITY);
    nqi_usable_spread(out->row_lower, usable, -INFINITY);
    nqi_usable_spread(out->row_bound, usable, -INFINITY);
    nqi_usable_spread(out->row_se, usable, NAN);
    nqi_usable_spread(out->row_ess, usable, 0);
    nqi_usable_spread(out->row_khat, usable, INFINITY);
    for (size_t f = usable->count; f > 0; f--) {
        while (to > usable->faults[f - 1].row + 1)
            out->row_trust[--to] = out->row_trust[--from];
        out->row_trust[--to] = NQ_TRUST_AT_LEAST;
    }
}

nq_status nqi_ais_conclude(const nq_ais_run *run, nq_ais *out)
{
    row_sums sums = {0};
    nq_pareto pooled;
    memset(out, 0, sizeof *out);
    out->all_rows = run->rows + (run->rows == run->usable.rows ? run->usable.count : 0);
    nq_status status = result_alloc(run, out);
    if (status || (status = nqi_tails_pool(&pooled, run->context, &run->tails))) {
        nq_ais_free(out);
        return status;
    }
    out->rows = run->rows;
    out->dim = run->model->process.dim;
    out->samples = run->drawn;
    out->khat = pooled.khat;
    out->needed = pooled.khat < at_least_above ? pooled.needed : INFINITY;
    for (size_t r = 0; r < run->rows && !status; r++) {
        fill_row(run, out, r, &sums);
        status = r % 16 ? NQ_OK : nqi_tell_again(run->context);
    }
    if (status) {
        nq_ais_free(out);
        return status;
    }
    fill_means(run, out, &sums);
    for (size_t r = 0; r < run->rows; r++)
        out->rows_at_least += out->row_trust[r] == NQ_TRUST_AT_LEAST;
    out->reached =
        run->target_se <= 0 || (out->se <= run->target_se && out->trust != NQ_TRUST_AT_LEAST);
    spread_rows(run, out);
    return NQ_OK;
}
