/* levels_by_hand.h - two columns of levels, outputs by table, and all that can happen to a row. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_LEVELS_BY_HAND_H
#define NQI_TESTS_LEVELS_BY_HAND_H

#include "math/math_test.h"

#include "family/categorical/categorical.h"
#include "inside.h"
#include "kernels.h"
#include "nn/op/layers.h"

enum { FIRST = 3, SECOND = 2, STATES = FIRST * SECOND, LD = NQI_LANES, STEPS = 5 };

static const double frequencies[FIRST + SECOND] = {0.5, 0.3, 0.2, 0.35, 0.65};

/* A process and a microbatch whose row s is state s = x_0 + 3 x_1. */
typedef struct by_hand {
    nqi_process process;
    nqi_graph graph;
    nqi_batch batch;
} by_hand;

static inline size_t level_in(size_t state, size_t column)
{
    return column ? state / FIRST : state % FIRST;
}

static inline void by_hand_open(by_hand *h, const nqi_block_plan *plans, size_t count,
                                const nq_model_options *options)
{
    nq_schedule s;
    const double beta[STEPS] = {0.02, 0.1, 0.25, 0.5, 0.8};
    memset(h, 0, sizeof *h);
    assert_int_equal(nq_schedule_from_beta(&s, NULL, beta, STEPS), NQ_OK);
    assert_int_equal(nqi_process_new(&h->process, NULL, &s, plans, count, options), NQ_OK);
    nqi_graph_input(&h->graph, h->process.dim);
    h->graph.output = nqi_graph_given(&h->graph, h->process.outputs);
    assert_int_equal(nqi_batch_new(&h->batch, NULL, &h->process, &h->graph, best_kernels(), LD,
                                   LD, 2),
                     NQ_OK);
    memset(h->batch.x_0, 0, h->process.dim * LD * sizeof(nqi_real));
    memset(nqi_batch_x_t(&h->batch), 0, h->process.dim * LD * sizeof(nqi_real));
    memset(h->batch.tape.value[h->graph.output], 0, h->process.outputs * LD * sizeof(nqi_real));
}

/* Both columns of levels. */
static inline void levels_open(by_hand *h, int learn_last)
{
    const nqi_block_plan plans[2] = {{&nqi_family_categorical, 1, FIRST, frequencies},
                                     {&nqi_family_categorical, 1, SECOND, frequencies + FIRST}};
    by_hand_open(h, plans, 2, NULL);
    nqi_process_learn_last(&h->process, learn_last);
}

static inline void by_hand_close(by_hand *h)
{
    nqi_batch_free(&h->batch);
    nqi_graph_free(&h->graph);
    nqi_process_free(&h->process);
}

/* Output k of step t at state s, some number of no meaning; size 0: what an untrained one says. */
static inline void place_state_rows(by_hand *h, size_t t, double size)
{
    nqi_real *x_t = nqi_batch_x_t(&h->batch), *z = h->batch.tape.value[h->graph.output];
    h->batch.tape.time[0] = (uint32_t)t;
    for (size_t r = 0; r < LD; r++) {
        const size_t s = r % STATES;
        x_t[r] = (nqi_real)level_in(s, 0);
        x_t[LD + r] = (nqi_real)level_in(s, 1);
        for (size_t k = 0; k < h->process.outputs; k++)
            z[k * LD + r] = (nqi_real)(size * sin((double)(7 * t + 3 * s + 5 * k)));
    }
}

static inline void place_truth(by_hand *h, size_t x_0)
{
    for (size_t r = 0; r < LD; r++) {
        h->batch.x_0[r] = (nqi_real)level_in(x_0, 0);
        h->batch.x_0[LD + r] = (nqi_real)level_in(x_0, 1);
    }
}

/* q(x_t = to | x_0 = from), or of the step t alone. */
static inline double forward_law(const by_hand *h, size_t t, size_t from, size_t to, int of_step)
{
    const nq_schedule *s = &h->process.schedule;
    const double forget = of_step ? s->beta[t - 1] : s->one_minus_alpha_bar[t - 1];
    double product = 1;
    for (size_t c = 0; c < 2; c++)
        product *= nqi_level_law(1 - forget, forget, frequencies + c * FIRST, level_in(from, c),
                                 level_in(to, c));
    return product;
}

/* K of one row. */
static inline double row_bound(by_hand *h, size_t x_0, double size)
{
    const size_t steps = h->process.schedule.steps;
    place_truth(h, x_0);
    double sum = nqi_process_entropy_given_data(&h->process, h->batch.x_0, LD, steps) -
                 nqi_process_entropy_first(&h->process, h->batch.x_0, LD) -
                 nqi_process_entropy_prior(&h->process) +
                 nqi_process_edge(&h->process, h->batch.x_0, LD);
    for (size_t t = h->process.first_learned; t <= steps; t++) {
        place_state_rows(h, t, size);
        nqi_batch_divergence(&h->process, &h->batch, 0, 1, 0);
        for (size_t s = 0; s < STATES; s++)
            sum -= forward_law(h, t, x_0, s, 0) * (double)h->batch.kl[s];
    }
    return sum;
}

/* p(x_{t-1} = to | x_t = row's) of all pairs, law[to STATES + from]. */
static inline void step_laws(by_hand *h, size_t t, double size, double *law)
{
    nqi_real mean[(FIRST + SECOND) * LD], variance[(FIRST + SECOND) * LD];
    place_state_rows(h, t, size);
    nqi_batch_moments(&h->process, &h->batch, 0, mean, variance);
    for (size_t to = 0; to < STATES; to++)
        for (size_t from = 0; from < STATES; from++)
            law[to * STATES + from] = (double)mean[level_in(to, 0) * LD + from] *
                                      (double)mean[(FIRST + level_in(to, 1)) * LD + from];
}

/* p(x_0) of the model. */
static inline void model_law(by_hand *h, double size, double *law)
{
    double step[STATES * STATES], before[STATES];
    for (size_t s = 0; s < STATES; s++)
        law[s] = frequencies[level_in(s, 0)] * frequencies[FIRST + level_in(s, 1)];
    for (size_t t = h->process.schedule.steps; t > 0; t--) {
        step_laws(h, t, size, step);
        memcpy(before, law, sizeof before);
        for (size_t to = 0; to < STATES; to++) {
            law[to] = 0;
            for (size_t from = 0; from < STATES; from++)
                law[to] += step[to * STATES + from] * before[from];
        }
    }
}

#endif
