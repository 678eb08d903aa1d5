/* gradient.c - dK/dbeta of a batch with frozen noise, through the network's input as well. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "diffusion/batch.h"
#include "golden/chain.h"

typedef struct frozen_batch {
    const double *x_0, *noise; /* [rows], [T][rows] */
    const double *w, *c, *z;   /* [T] */
    size_t rows;
} frozen_batch;

static frozen_batch read_batch(golden_case *c, size_t steps)
{
    frozen_batch b;
    b.x_0 = golden_input_list(c, "x0", 0, &b.rows);
    b.noise = golden_input_list(c, "eps", steps * b.rows, NULL);
    b.w = golden_input_list(c, "w", steps, NULL);
    b.c = golden_input_list(c, "c", steps, NULL);
    b.z = golden_input_list(c, "z", steps, NULL);
    return b;
}

static void load(linear_chain *chain, const frozen_batch *b, size_t t)
{
    for (size_t r = 0; r < b->rows; r++) {
        chain->batch.x_0[r] = (nqi_real)b->x_0[r];
        chain->batch.noise[r] = (nqi_real)b->noise[(t - 1) * b->rows + r];
    }
}

void golden_check_schedule_gradient(golden_case *c)
{
    nq_schedule s;
    linear_chain chain;
    golden_schedule(&s, c);
    const frozen_batch b = read_batch(c, s.steps);
    nqi_step_gradient *sums = golden_new(c, s.steps, sizeof *sums);
    double *slope = golden_new(c, s.steps, sizeof *slope), bound, largest = 1;
    chain_new(&chain, c, &s, 1, b.rows, 1);
    bound = chain_entropies(&chain);
    for (size_t t = 2; t <= s.steps; t++) {
        chain_set_outputs(&chain, t, b.w[t - 1], b.c[t - 1], b.z[t - 1]);
        load(&chain, &b, t);
        chain_score(&chain, t, 1 / (double)b.rows, 1);
        nqi_batch_add_rates(&chain.process, &chain.batch, 0, &sums[t - 1]);
        for (size_t r = 0; r < b.rows; r++)
            bound -= (double)chain.batch.kl[r] / (double)b.rows;
    }
    nqi_schedule_gradient(slope, &chain.process, sums);
    golden_check_output(c, "K", bound, (double)s.steps);
    for (size_t i = 0; i < s.steps; i++)
        largest = slope[i] > largest ? slope[i] : -slope[i] > largest ? -slope[i] : largest;
    golden_check_list(c, "dK_db", slope, s.steps, golden_float_scale(largest));
    for (size_t i = 0; i < s.steps; i++)
        slope[i] *= s.beta[i] * (1 - s.beta[i]);
    if (golden_offers(c, "dK_dlogit_b"))
        golden_check_list(c, "dK_dlogit_b", slope, s.steps, golden_float_scale(1));
    chain_free(&chain);
    nq_schedule_free(&s);
}
