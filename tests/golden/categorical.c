/* categorical.c - one column of levels: posteriors, a step with its divergence, two levels. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "golden/levels.h"
#include "inside.h"

static const double log_scale = 1e-5;

static size_t step_of(golden_case *c, const block_chain *chain)
{
    return golden_count(c, "t", 1, chain->process.schedule.steps);
}

void golden_check_categorical_posterior(golden_case *c)
{
    block_chain chain;
    size_t levels;
    const double *pi = golden_input_list(c, "pi", 0, &levels);
    level_chain_new(&chain, c, pi, levels);
    const size_t t = step_of(c, &chain);
    const nqi_block *block = &chain.process.blocks[0];
    double *q = golden_new(c, levels * levels * levels, sizeof *q);
    double *log_q = golden_new(c, levels * levels * levels, sizeof *log_q);
    double *q_t = golden_new(c, levels * levels, sizeof *q_t);
    for (size_t j = 0; j < levels; j++)
        for (size_t i = 0; i < levels; i++) {
            nqi_categorical_posterior(q + (j * levels + i) * levels, block, 0, t, j, i);
            q_t[i * levels + j] =
                nqi_level_law(block->schedule.alpha_bar[t - 1],
                              block->schedule.one_minus_alpha_bar[t - 1], pi, i, j);
        }
    for (size_t j = 0; j < levels * levels * levels; j++)
        log_q[j] = log(q[j]);
    golden_check_list(c, "q", q, levels * levels * levels, 0);
    golden_check_list(c, "log_q", log_q, levels * levels * levels, log_scale);
    golden_check_list(c, "q_t", q_t, levels * levels, 0);
    block_chain_free(&chain);
}

/* rho_k = u_k q_t(j|k) / D of the outputs in row 0. */
static void beliefs(double *rho, const block_chain *chain, size_t t, size_t now)
{
    const nqi_block *block = &chain->process.blocks[0];
    const double keep = block->schedule.alpha_bar[t - 1];
    const double forget = block->schedule.one_minus_alpha_bar[t - 1];
    const nqi_rows rows = nqi_batch_rows(&chain->batch, block, 0, 0);
    const nqi_level_odds odds = nqi_level_odds_of(block, 0, &rows, 0);
    const double all = keep * exp(nqi_level_log_odds(&odds, now)) + forget;
    for (size_t k = 0; k < block->levels; k++) {
        const double pi = nqi_categorical_pi(block, 0)[k];
        const double part = forget + (k == now ? keep / pi : 0);
        rho[k] = pi * exp(nqi_level_log_odds(&odds, k)) * part / all;
    }
}

/* Row i of the microbatch has x_0 = i. */
static void place_outputs(golden_case *c, const block_chain *chain, const double *z, size_t now)
{
    const nqi_block *block = &chain->process.blocks[0];
    (void)c;
    for (size_t r = 0; r < chain->batch.tape.ld; r++) {
        *chain_x(chain, 0, r) = (nqi_real)now;
        chain->batch.x_0[r] = (nqi_real)(r < block->levels ? r : 0);
        for (size_t k = 0; k < block->levels; k++)
            *chain_output(chain, block, k, r) = (nqi_real)z[k];
    }
}

/* Samples of the kernel's reverse step over evenly spaced bits are as frequent as p. */
static void check_draws(golden_case *c, block_chain *chain, size_t t, const double *p, size_t now)
{
    enum { ROUNDS = 4096 };
    const size_t ld = chain->batch.tape.ld, levels = chain->process.blocks[0].levels;
    double *found = golden_new(c, levels, sizeof *found);
    chain->batch.tape.time[0] = (uint32_t)t;
    for (size_t n = 0; n < ROUNDS; n++) {
        for (size_t r = 0; r < ld; r++) {
            const double u = ((double)(n * ld + r) + 0.5) / (double)(ROUNDS * ld);
            ((uint32_t *)(void *)chain->batch.noise)[r] = (uint32_t)(u * 0x1p32);
            *chain_x(chain, 0, r) = (nqi_real)now;
        }
        nqi_batch_reverse(&chain->process, &chain->batch, 0);
        for (size_t r = 0; r < ld; r++)
            found[(size_t)*chain_x(chain, 0, r)] += 1 / (double)(ROUNDS * ld);
    }
    for (size_t k = 0; k < levels; k++)
        if (!(fabs(found[k] - p[k]) < 2.5 / (double)(ROUNDS * ld)))
            golden_check_at(c, "frequency of draws", k, found[k], p[k], 0);
}

void golden_check_categorical_step(golden_case *c)
{
    block_chain chain;
    size_t levels;
    const double *pi = golden_input_list(c, "pi", 0, &levels);
    const double *z = golden_input_list(c, "z", levels, NULL);
    level_chain_new(&chain, c, pi, levels);
    const size_t t = step_of(c, &chain), now = golden_count(c, "x_t", 0, levels - 1);
    const nqi_block *block = &chain.process.blocks[0];
    const size_t ld = chain.batch.tape.ld;
    nqi_real *law = golden_new(c, levels * ld, sizeof *law);
    double *rho = golden_new(c, 5 * levels + levels * levels, sizeof *rho), *p = rho + levels;
    double *log_p = p + levels, *kl = log_p + levels, *forward = kl + levels;
    double *slope = forward + levels;
    nqi_process_learn_last(&chain.process, 1);
    place_outputs(c, &chain, z, now);
    beliefs(rho, &chain, t, now);
    chain_block_law(&chain, block, t, law);
    chain_block_kl(&chain, block, t);
    const nqi_rows rows = nqi_batch_rows(&chain.batch, block, 0, 1);
    for (size_t k = 0; k < levels; k++) {
        p[k] = (double)law[k * ld];
        log_p[k] = log(p[k]);
        kl[k] = (double)chain.kl[k];
        forward[k] = nqi_level_law(1 - block->schedule.beta[t - 1], block->schedule.beta[t - 1],
                                   pi, now, k);
        for (size_t m = 0; m < levels; m++)
            slope[k * levels + m] = (double)rows.output_gradient[m * ld + k];
    }
    golden_check_list(c, "rho", rho, levels, 0);
    golden_check_list(c, "p", p, levels, 0);
    golden_check_list(c, "log_p", log_p, levels, small_scale());
    golden_check_list(c, "kl", kl, levels, log_scale);
    golden_check_list(c, "dkl_dz", slope, levels * levels, log_scale);
    golden_check_list(c, "forward", forward, levels, 0);
    check_draws(c, &chain, t, p, now);
    block_chain_free(&chain);
}

/* The step from t down to s, of levels and (two levels) of a bit. */
static void check_jump(golden_case *c, const nqi_block_plan *plan, const double *z, size_t levels)
{
    block_chain chain;
    block_chain_new(&chain, c, plan, 1, golden_input(c, "b"), levels);
    nqi_process trained = chain.process;
    const size_t t = step_of(c, &chain), s = golden_count(c, "s", 0, t - 1), steps = s ? 2 : 1;
    const uint32_t time[2][3] = {{0, (uint32_t)t}, {0, (uint32_t)s, (uint32_t)t}};
    const size_t now = golden_count(c, "x_t", 0, levels - 1), ld = chain.batch.tape.ld;
    nqi_process_learn_last(&trained, 1);
    if (nqi_process_shorten(&chain.process, NULL, &trained, time[steps - 1], steps))
        golden_damaged(c, "the library refuses these times");
    const nqi_block *block = &chain.process.blocks[0];
    nqi_real *law = golden_new(c, 3 * levels * ld, sizeof *law), *spare = law + levels * ld;
    double *q = golden_new(c, levels * levels + 3 * levels, sizeof *q),
           *rho = q + levels * levels;
    double *p = rho + levels, *kl = p + levels;
    for (size_t r = 0; r < ld; r++) {
        *chain_x(&chain, 0, r) = (nqi_real)now;
        chain.batch.x_0[r] = (nqi_real)(r < levels ? r : 0);
        for (size_t k = 0; k < block->outputs; k++)
            *chain_output(&chain, block, k, r) =
                (nqi_real)(block->outputs > 1 ? z[k] : z[1] - z[0]);
    }
    chain_block_kl(&chain, block, steps);
    nqi_rows rows = nqi_batch_rows(&chain.batch, block, 0, 0);
    rows.t = steps;
    for (int hook = 0; hook < 2; hook++) {
        double *out = hook ? p : rho;
        (hook ? block->family->steps->moments : block->family->steps->belief)(block, &rows, law,
                                                                              spare);
        for (size_t k = 0; k < levels; k++)
            out[k] = block->levels ? (double)law[k * ld]
                     : k           ? (double)law[0]
                                   : 1 - (double)law[0];
    }
    for (size_t i = 0; i < levels; i++) {
        kl[i] = (double)chain.kl[i];
        if (block->levels)
            nqi_categorical_posterior(q + i * levels, block, 0, steps, now, i);
        else
            nqi_binomial_posterior(&block->schedule, steps, block->equilibrium[0], (int)now,
                                   (int)i, &q[i * levels + 1], &q[i * levels]);
    }
    golden_check_output(c, "beta", chain.process.schedule.beta[steps - 1], 0);
    golden_check_list(c, "q", q, levels * levels, block->levels ? 0 : 1e-5);
    golden_check_list(c, "rho", rho, levels, block->levels ? 0 : small_scale());
    golden_check_list(c, "p", p, levels, block->levels ? 0 : small_scale());
    golden_check_list(c, "kl", kl, levels, block->levels ? log_scale : small_scale());
    nqi_process_free(&chain.process);
    chain.process = trained;
    block_chain_free(&chain);
}

void golden_check_respaced_levels(golden_case *c)
{
    size_t levels;
    const double *pi = golden_input_list(c, "pi", 0, &levels);
    const double *z = golden_input_list(c, "z", levels, NULL);
    const nqi_block_plan column = {.family = &nqi_family_categorical,
                                   .count = 1,
                                   .levels = levels,
                                   .equilibrium = pi};
    const nqi_block_plan bit = {.family = &nqi_family_binomial,
                                .count = 1,
                                .equilibrium = pi + 1};
    check_jump(c, &column, z, levels);
    if (levels == 2)
        check_jump(c, &bit, z, levels);
}

/* The same by a block of two levels and by a bit. */
void golden_check_categorical_binomial(golden_case *c)
{
    const double m = golden_number(c, "m"), pi[2] = {1 - m, m};
    const double *z = golden_input_list(c, "z", 2, NULL);
    const nqi_block_plan plans[2] = {
        {.family = &nqi_family_categorical, .count = 1, .levels = 2, .equilibrium = pi},
        {.family = &nqi_family_binomial, .count = 1, .equilibrium = &m}};
    for (int f = 0; f < 2; f++) {
        block_chain chain;
        block_chain_new(&chain, c, &plans[f], 1, golden_input(c, "b"), NQI_LANES);
        const nqi_block *block = &chain.process.blocks[0];
        const size_t t = step_of(c, &chain), ld = chain.batch.tape.ld;
        double post[4], rate[2], kl[4], entropy[2], edge[2], law[2];
        nqi_real p[2 * NQI_LANES], spare[2 * NQI_LANES];
        for (size_t r = 0; r < ld; r++) { /* row 2 x_t + x_0 */
            *chain_x(&chain, 0, r) = (nqi_real)(r / 2 % 2);
            chain.batch.x_0[r] = (nqi_real)(r % 2);
            for (size_t k = 0; k < block->outputs; k++)
                *chain_output(&chain, block, k, r) = (nqi_real)(f ? z[1] - z[0] : z[k]);
        }
        chain_block_kl(&chain, block, t);
        const nqi_rows rows = nqi_batch_rows(&chain.batch, block, 0, 0);
        block->family->steps->moments(block, &rows, p, spare);
        for (size_t r = 0; r < 4; r++) {
            if (f)
                nqi_binomial_posterior(&block->schedule, t, m, (int)r / 2, (int)r % 2, &law[1],
                                       &law[0]);
            else
                nqi_categorical_posterior(law, block, 0, t, r / 2, r % 2);
            post[r] = law[1];
            kl[r] = (double)chain.kl[r];
            rate[r / 2] = (double)p[(block->levels ? ld : 0) + r];
            entropy[r % 2] =
                nqi_process_entropy_given_data(&chain.process, chain.batch.x_0 + r, ld, t);
            edge[r % 2] = nqi_process_edge(&chain.process, chain.batch.x_0 + r, ld);
        }
        golden_check_list(c, "post_one", post, 4, 0);
        golden_check_list(c, "rate", rate, 2, 0);
        golden_check_list(c, "kl", kl, 4, f ? small_scale() : log_scale);
        golden_check_list(c, "H_t_given_0", entropy, 2, log_scale);
        golden_check_list(c, "edge", edge, 2, log_scale);
        block_chain_free(&chain);
    }
}
