/* test_rooms.c - blocks of two families in one process, and regressors without a gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/math_test.h"

#include "core/arena.h"
#include "inside.h"
#include "kernels.h"
#include "nn/op/layers.h"

enum { NUMBERS = 2, BITS = 3, DIM = NUMBERS + BITS, LD = NQI_LANES, STEPS = 12 };

static const double activity[BITS] = {0.2, 0.5, 0.7};

static nq_schedule schedule_made(void)
{
    nq_schedule s;
    assert_int_equal(nq_schedule_new(&s, NULL, "log-snr", STEPS, 0.02, 0.05), NQ_OK);
    return s;
}

/* Numbers and bits side by side, or (part 1, 2) one of them alone. */
static nqi_process process_made(int part)
{
    const nqi_block_plan plans[2] = {{.family = &nqi_family_gaussian, .count = NUMBERS},
                                     {.family = &nqi_family_binomial,
                                      .count = BITS,
                                      .equilibrium = activity}};
    nq_schedule s = schedule_made();
    nqi_process out;
    assert_int_equal(nqi_process_new(&out, NULL, &s, part ? &plans[part - 1] : plans,
                                     part ? 1 : 2, NULL),
                     NQ_OK);
    return out;
}

/* What the independent posterior of pi says of x_0: then all outputs are 0. */
static void independent_predict(const nqi_regressor *regressor, const nqi_question *q,
                                nqi_real *mean, nqi_real *variance)
{
    const size_t dim = regressor->graph.nodes[regressor->graph.input].width;
    for (size_t i = 0; i < dim; i++)
        for (size_t r = 0; r < q->rows; r++) {
            const double x = (double)q->x_t[i * q->ld + r];
            mean[i * q->ld + r] = (nqi_real)(sqrt(q->keep) * x);
            variance[i * q->ld + r] = (nqi_real)(1 - q->keep);
            if (i < NUMBERS)
                continue;
            const double m = activity[i - NUMBERS], forget = (1 - q->keep) * (x > 0 ? m : 1 - m);
            const double one = m * (q->keep * (x > 0) + forget);
            const double zero = (1 - m) * (q->keep * !(x > 0) + forget);
            mean[i * q->ld + r] = (nqi_real)(one / (one + zero));
        }
}

static const nqi_regressor_type network = {.name = "network"};
static const nqi_regressor_type independent = {.name = "independent",
                                               .predict = independent_predict};

static nqi_regressor regressor_made(const nqi_regressor_type *type, const nqi_process *process)
{
    nqi_regressor out = {.type = type};
    nqi_graph_input(&out.graph, process->dim);
    out.graph.output = nqi_graph_given(&out.graph, process->outputs);
    return out;
}

static nqi_batch batch_made(const nqi_process *process, const nqi_regressor *regressor)
{
    nqi_batch batch;
    assert_int_equal(nqi_batch_open(&batch, NULL, process, regressor, best_kernels(), LD, LD, 0),
                     NQ_OK);
    return batch;
}

/* x_0 and noise of all numbers, of which a batch takes those from `first` on. */
static void batch_fill(nqi_batch *batch, const nqi_process *process, size_t first)
{
    static const nqi_stream stream = {5, NQI_DRAW_TEST, 0, 0};
    for (size_t i = 0; i < process->dim; i++)
        for (size_t r = 0; r < LD; r++) {
            const double x = nqi_stream_normal(&stream, (first + i) * LD + r);
            const size_t j = i * LD + r;
            batch->x_0[j] = (nqi_real)(first + i < NUMBERS ? x : x > 0);
            batch->noise[j] = (nqi_real)nqi_stream_normal(&stream, 1000 + (first + i) * LD + r);
            if (first + i < NUMBERS)
                continue;
            /* bits begin with their block, whose noise is words */
            const size_t begin = first ? 0 : NUMBERS * LD, at = j - begin;
            ((uint32_t *)(void *)(batch->noise + begin))[at] =
                nqi_stream_bits(&stream, 5000 + (first + i) * LD + r);
        }
}

/* Divergences of step t, with outputs 0. */
static void score(const nqi_process *process, nqi_batch *batch, size_t first, uint32_t t)
{
    batch_fill(batch, process, first);
    batch->tape.time[0] = t;
    nqi_batch_corrupt(process, batch, 0);
    nqi_batch_forward(process, batch);
    nqi_batch_divergence(process, batch, 0, 1, 0);
}

static void blocks_of_two_families_add_up(void **state)
{
    (void)state;
    nqi_process all = process_made(0), parts[2] = {process_made(1), process_made(2)};
    nqi_regressor whole = regressor_made(&network, &all);
    nqi_regressor halves[2] = {regressor_made(&network, &parts[0]),
                               regressor_made(&network, &parts[1])};
    nqi_batch mixed = batch_made(&all, &whole);
    nqi_batch alone[2] = {batch_made(&parts[0], &halves[0]), batch_made(&parts[1], &halves[1])};
    assert_int_equal(all.dim, DIM);
    assert_int_equal(all.outputs, 2 * NUMBERS + BITS);
    for (uint32_t t = 1; t <= STEPS; t++) {
        nqi_real mean[DIM * LD], variance[DIM * LD];
        score(&all, &mixed, 0, t);
        score(&parts[0], &alone[0], 0, t);
        score(&parts[1], &alone[1], NUMBERS, t);
        for (size_t r = 0; r < LD; r++)
            assert_close("kl", (double)mixed.kl[r],
                         (double)alone[0].kl[r] + (double)alone[1].kl[r], 1e-6);
        nqi_batch_moments(&all, &mixed, 0, mean, variance);
        for (int k = 0; k < 2; k++) {
            nqi_real own[DIM * LD], other[DIM * LD];
            const size_t count = parts[k].dim * LD, at = k ? NUMBERS * LD : 0;
            nqi_batch_moments(&parts[k], &alone[k], 0, own, other);
            assert_memory_equal(mean + at, own, count * sizeof *own);
            assert_memory_equal(variance + at, other, count * sizeof *other);
        }
    }
    assert_close("log prior", nqi_process_log_prior(&all, mixed.x_0, LD),
                 nqi_process_log_prior(&parts[0], alone[0].x_0, LD) +
                     nqi_process_log_prior(&parts[1], alone[1].x_0, LD),
                 1e-12);
    assert_close("edge", nqi_process_edge(&all, mixed.x_0, LD),
                 nqi_process_edge(&parts[0], alone[0].x_0, LD) +
                     nqi_process_edge(&parts[1], alone[1].x_0, LD),
                 1e-12);
    assert_close("entropy", nqi_process_entropy_prior(&all),
                 nqi_process_entropy_prior(&parts[0]) + nqi_process_entropy_prior(&parts[1]),
                 1e-12);
    for (int k = 0; k < 2; k++) {
        nqi_batch_free(&alone[k]);
        nqi_regressor_free(&halves[k]);
        nqi_process_free(&parts[k]);
    }
    nqi_batch_free(&mixed);
    nqi_regressor_free(&whole);
    nqi_process_free(&all);
}

/* By itself, and below a network whose own outputs are 0. */
static void what_the_independent_posterior_says_is_no_output(void **state)
{
    (void)state;
    nqi_process process = process_made(0);
    nqi_regressor base = regressor_made(&independent, &process);
    nqi_regressor above = regressor_made(&network, &process);
    above.offset = &base;
    const nqi_regressor *both[2] = {&base, &above};
    for (int k = 0; k < 2; k++) {
        nqi_batch batch = batch_made(&process, both[k]);
        for (uint32_t t = 2; t <= STEPS; t++) {
            score(&process, &batch, 0, t);
            for (size_t j = 0; j < process.outputs * LD; j++)
                assert_close("output", (double)nqi_batch_output(&batch)[j], 0, 2e-4);
        }
        nqi_batch_free(&batch);
    }
    nqi_regressor_free(&base);
    nqi_regressor_free(&above);
    nqi_process_free(&process);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_two_families_add_up),
        cmocka_unit_test(what_the_independent_posterior_says_is_no_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
