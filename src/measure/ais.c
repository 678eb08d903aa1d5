/* ais.c - log p(x_0) by annealed importance sampling: log mean exp of log w over forward
 * trajectories ([SD15] eq. 9, after Jarzynski).
 *
 * Trajectory s of row r is pair s * rows + r; pair p is row p mod 64 of chunk p / 64. What a pair
 * draws depends on its number alone, so that neither threads nor rounds change a result. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/ais_run.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "dist/comm.h"

enum {
    AIS_ROWS = 64,        /* pairs of a chunk */
    ROUND_LEAST = 1 << 9, /* pairs of a round, or one trajectory of every row */
    ROUND_MOST = 1 << 16,
    DEFAULT_SAMPLES = 32,
    DEFAULT_MOST = 100000
};

/* Floating-point operations of a round, about: a moment, so that a caller can stop. */
static const double round_work = 2e10;

/* Pairs are the rows of the streams. Dequantisation is beside that of a bound of the same seed. */
static nqi_stream pair_stream(const nq_ais_run *run, nqi_purpose purpose, uint32_t step,
                              size_t chunk)
{
    const uint64_t seed =
        purpose == NQI_DRAW_AIS ? run->seed : nqi_seed_child(run->seed, NQI_DRAW_AIS);
    return nqi_row_stream(seed, purpose, step, (uint64_t)chunk * AIS_ROWS);
}

static void gather_chunk(const nq_ais_run *run, nqi_ais_path *path, size_t chunk, int thread)
{
    uint64_t rows[AIS_ROWS];
    const nqi_stream stream = pair_stream(run, NQI_DRAW_DEQUANT, 0, chunk);
    for (size_t r = 0; r < AIS_ROWS; r++) {
        const size_t pair = chunk * AIS_ROWS + r;
        rows[r] = (uint64_t)(pair % run->rows) * run->stride_rows / run->rows;
    }
    nqi_model_gather(run->model, run->context->ops, run->usable.data, rows, AIS_ROWS,
                     &path->batch, &stream);
    if (run->cells)
        nqi_model_gather_roles(run->model, run->usable.data, rows, AIS_ROWS, run->roles,
                               &path->batch,
                               run->cells + (size_t)thread * run->model->scaling.columns,
                               path->roles);
    for (size_t j = 0; j < run->model->process.dim * AIS_ROWS; j++)
        path->after[j] = (double)path->batch.x_0[j];
}

static void run_chunk(void *state, size_t local, int thread)
{
    const nq_ais_run *run = state;
    nqi_ais_path *path = &run->paths[thread];
    const size_t chunk = run->first_chunk + local;
    path->batch.tape.map.hand = (nqi_hand){run->context->pool, thread};
    gather_chunk(run, path, chunk, thread);
    nqi_ais_path_start(path);
    const size_t steps = run->model->process.schedule.steps;
    for (size_t t = 1; t <= steps; t++) {
        if (nqi_hand_reaches(&path->batch.tape.map.hand, t - 1, steps))
            return;
        const nqi_stream stream = pair_stream(run, NQI_DRAW_AIS, (uint32_t)t, chunk);
        nqi_ais_path_step(path, t, &stream, NULL);
    }
    nqi_ais_path_finish(path);
    memcpy(run->log_w + local * AIS_ROWS, path->log_w, AIS_ROWS * sizeof *path->log_w);
}

static nq_status paths_alloc(nq_ais_run *run)
{
    const int threads = nq_context_threads(run->context);
    nq_status status = NQ_OK;
    run->paths = calloc((size_t)threads, sizeof *run->paths);
    if (!run->paths)
        return nqi_fail_memory(run->context, "likelihoods", (size_t)threads * sizeof *run->paths);
    for (int i = 0; i < threads && !status; i++)
        status = nqi_ais_path_new(&run->paths[i], run->context, &run->model->process,
                                  &run->model->regressor, run->context->ops, AIS_ROWS);
    return status;
}

/* Where cells have roles. */
static nq_status cells_alloc(nq_ais_run *run)
{
    const size_t threads = (size_t)nq_context_threads(run->context);
    const size_t columns = run->model->scaling.columns;
    if (!run->roles && !run->usable.has_gaps)
        return NQ_OK;
    run->cells = malloc(threads * columns * sizeof *run->cells);
    return run->cells ? NQ_OK
                      : nqi_fail_memory(run->context, "rows of data",
                                        threads * columns * sizeof *run->cells);
}

static size_t round_of(const nq_ais_run *run)
{
    const nqi_process *process = &run->model->process;
    const double pair = (double)process->schedule.steps *
                        (nqi_regressor_cost(&run->model->regressor) + 100 * (double)process->dim);
    const double pairs = fmin(fmax(round_work / pair, ROUND_LEAST), ROUND_MOST);
    return pairs > (double)run->rows ? (size_t)pairs / run->rows : 1;
}

/* A group of pairs has a number of 32 bits in the key of its noise. */
static nq_status options_check(const nq_ais_run *run)
{
    if (!nq_dataset_rows(run->usable.whole))
        return nqi_fail(run->context, NQ_ERROR_SHAPE, "the data set has no rows to score");
    if (run->rows && run->most > ((uint64_t)1 << 36) / run->rows)
        return nqi_fail(run->context, NQ_ERROR_ARGUMENT,
                        "%zu trajectories for each of %zu rows: expected at most %llu in all",
                        run->most, run->rows, (unsigned long long)1 << 36);
    return NQ_OK;
}

/* Sets out with the rows that can be asked about. */
static nq_status run_begin(nq_ais_run *run)
{
    const size_t rows = run->usable.rows;
    run->stride_rows = rows;
    run->rows = run->max_rows && run->max_rows < rows ? run->max_rows : rows;
    run->goal = run->first_goal;
    run->drawn = 0;
    nq_status status = options_check(run);
    if (status || !run->rows)
        return status;
    run->round = round_of(run);
    const size_t numbers = (run->round * run->rows / AIS_ROWS + 2) * AIS_ROWS;
    free(run->log_w);
    nqi_tails_free(&run->tails);
    run->log_w = malloc(numbers * sizeof *run->log_w);
    return run->log_w ? nqi_tails_new(&run->tails, run->context, run->rows)
                      : nqi_fail_memory(run->context, "likelihoods", numbers * sizeof(double));
}

nq_status nq_ais_new(nq_ais_run **out, nq_context *context, const nq_model *model,
                     const nq_dataset *data, const nq_ais_options *options)
{
    nq_ais_options own;
    *out = NULL;
    nq_status status = nqi_options_take(&own, context, &nqi_ais_options, options);
    if (status)
        return status;
    options = &own;
    if (!(options->target_se >= 0))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "target standard error %g: expected a positive number, or 0 for none",
                        options->target_se);
    nq_ais_run *run = calloc(1, sizeof *run);
    if (!run)
        return nqi_fail_memory(context, "likelihoods", sizeof *run);
    run->context = context;
    run->seed = options->seed;
    run->target_se = options->target_se;
    run->roles = options->roles;
    run->max_rows = options->max_rows;
    run->first_goal = options->samples ? options->samples : DEFAULT_SAMPLES;
    run->most = options->most_samples ? options->most_samples : DEFAULT_MOST;
    if (run->target_se <= 0 || run->most < run->first_goal)
        run->most = run->first_goal;
    if ((status =
             nqi_model_with_steps(&run->model, &run->owned, context, model, options->steps)) ||
        (status = nqi_usable_find_given(&run->usable, context, model, data, run->roles)) ||
        (status = run_begin(run)) || (status = paths_alloc(run)) || (status = cells_alloc(run))) {
        nq_ais_run_free(run);
        return status;
    }
    *out = run;
    return NQ_OK;
}

static double weight_of(const nq_ais_run *run, size_t trajectory, size_t row)
{
    return run->log_w[trajectory * run->rows + row - run->first_chunk * AIS_ROWS];
}

/* Rows with a weight that is no number are left out, and all begins anew without them: the figures
 * of the others must not depend on such a neighbour. */
static nq_status drop_faulty(nq_ais_run *run, size_t count, int *dropped)
{
    size_t faulty = 0, *rows = malloc(run->rows * sizeof *rows);
    *dropped = 0;
    if (!rows)
        return nqi_fail_memory(run->context, "impossible rows", run->rows * sizeof *rows);
    for (size_t r = 0; r < run->rows; r++) {
        int bad = 0;
        for (size_t s = run->drawn; s < run->drawn + count && !bad; s++) {
            const double log_w = weight_of(run, s, r);
            bad = isnan(log_w) || log_w == INFINITY;
        }
        if (bad)
            rows[faulty++] = (size_t)((uint64_t)r * run->stride_rows / run->rows);
    }
    *dropped = faulty > 0;
    nq_status status = faulty ? nqi_usable_drop(&run->usable, run->context, rows, faulty) : NQ_OK;
    free(rows);
    if (!status && faulty)
        status = run_begin(run);
    return status;
}

/* In order of trajectories, so that rounds leave no trace in the sums. */
static nq_status add_round(nq_ais_run *run, size_t count)
{
    const nq_status status = nqi_tails_reserve(&run->tails, run->context, run->drawn + count);
    if (status)
        return status;
    for (size_t s = run->drawn; s < run->drawn + count; s++)
        for (size_t r = 0; r < run->rows; r++)
            nqi_tails_add(&run->tails, r, weight_of(run, s, r));
    run->drawn += count;
    return NQ_OK;
}

/* The error is looked at when the number of trajectories has doubled, and never in between: to
 * stop at the first lucky moment would make it too small. */
static nq_status look(nq_ais_run *run, int *done)
{
    nq_ais now;
    *done = run->drawn >= run->goal && run->drawn >= run->most;
    if (run->drawn < run->goal || *done)
        return NQ_OK;
    const nq_status status = nqi_ais_conclude(run, &now);
    *done = status || now.reached;
    nq_ais_free(&now);
    if (!*done)
        run->goal = run->goal < run->most / 2 ? 2 * run->goal : run->most;
    return status;
}

nq_status nq_ais_step(int *done, nq_ais_run *run)
{
    const size_t left = run->goal - run->drawn;
    const size_t count = left < run->round ? left : run->round;
    const size_t first = run->drawn * run->rows, end = first + count * run->rows;
    int dropped = 0;
    run->first_chunk = first / AIS_ROWS;
    *done = !left || !run->rows;
    if (*done)
        return NQ_OK;
    const size_t chunks = (end + AIS_ROWS - 1) / AIS_ROWS - run->first_chunk;
    const nqi_result result = {run->log_w, AIS_ROWS * sizeof *run->log_w};
    nq_status status = nqi_tell_region(run->context, "drawing trajectories", (double)run->drawn,
                                       (double)count, (double)run->most);
    if (!status)
        status = nqi_ranks_run(run->context, chunks, run_chunk, run);
    if (!status)
        status = nqi_ranks_gather(run->context, chunks, &result, 1);
    if (!status)
        status = drop_faulty(run, count, &dropped);
    if (!status && !dropped)
        status = add_round(run, count);
    if (!status && !dropped)
        status = look(run, done);
    *done |= status != NQ_OK || !run->rows;
    return status;
}

nq_status nq_ais_result(nq_ais *out, const nq_ais_run *run)
{
    memset(out, 0, sizeof *out);
    if (!run->drawn && run->rows)
        return nqi_fail(run->context, NQ_ERROR_ARGUMENT,
                        "no trajectory has been drawn yet: expected at least one step");
    return nqi_ais_conclude(run, out);
}

nq_status nq_ais_estimate(nq_ais *out, nq_context *context, const nq_model *model,
                          const nq_dataset *data, const nq_ais_options *options)
{
    nq_ais_run *run;
    int done = 0;
    memset(out, 0, sizeof *out);
    nq_status status = nq_ais_new(&run, context, model, data, options);
    while (!status && !done)
        status = nq_ais_step(&done, run);
    if (!status)
        status = nq_ais_result(out, run);
    nq_ais_run_free(run);
    return status;
}

void nq_ais_run_free(nq_ais_run *run)
{
    if (!run)
        return;
    for (int i = 0; run->paths && i < nq_context_threads(run->context); i++)
        nqi_ais_path_free(&run->paths[i]);
    free(run->paths);
    nqi_tails_free(&run->tails);
    nqi_usable_free(&run->usable);
    free(run->log_w);
    free(run->cells);
    nq_model_free(run->owned);
    free(run);
}

void nq_ais_free(nq_ais *ais)
{
    if (!ais)
        return;
    free(ais->row_likelihood); /* and the other arrays of numbers, which stand behind it */
    free(ais->row_trust);
    free(ais->faults);
    memset(ais, 0, sizeof *ais);
}
