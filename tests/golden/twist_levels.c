/* twist_levels.c - twists of levels: informed, looking ahead, and of rows by all their states. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "golden/levels.h"
#include "inside.h"

static const double log_scale = 1e-5;

/* log E[r] of a belief [levels], which becomes that given r. */
static double belief_twist(const nqi_block *block, double *belief, const double *r)
{
    const size_t target = 0;
    double log_r = 0;
    nqi_real x = 0;
    nqi_proposal p = {1, &x, belief, NULL, NULL};
    const nqi_cells cells = {.value = r, .stride = 0, .target = &target};
    block->family->twisting->multiply(block, &cells, NQI_TWIST_LOOKAHEAD, 0, &p, &log_r);
    return log_r;
}

/* A column's belief in row `row` at step t, from its outputs and x_t; law: scratch of two laws of
 * all rows. */
static void belief_of(const block_chain *chain, const nqi_block *block, size_t t, size_t row,
                      nqi_real *law, double *out)
{
    const size_t ld = chain->batch.tape.ld;
    nqi_rows rows = nqi_batch_rows(&chain->batch, block, 0, 0);
    rows.t = t;
    block->family->steps->belief(block, &rows, law, law + block->levels * ld);
    for (size_t k = 0; k < block->levels; k++)
        out[k] = (double)law[k * ld + row];
}

/* The log of the informed twist, by what `untwist` takes off. */
static double informed(const nqi_block *block, size_t t, double x_t, const double *r)
{
    const size_t target = 0;
    double log_weight = 0;
    nqi_real x = (nqi_real)x_t;
    const nqi_proposal proposal = {.rows = 1, .x = &x};
    const nqi_cells cells = {.value = r, .stride = block->levels, .target = &target};
    block->family->twisting->untwist(block, &cells, NQI_TWIST_INFORMED, t, &proposal,
                                     &log_weight);
    return -log_weight;
}

/* d log E[r] / dz of one column, which is compared with the case's. */
static void check_slope(golden_case *c, const block_chain *chain, const nqi_block *block,
                        size_t t, const double *before, const double *after, const cJSON *want)
{
    const size_t ld = chain->batch.tape.ld;
    nqi_rows rows = nqi_batch_rows(&chain->batch, block, 0, 1);
    double slope[(STATES_MOST + 1) * NQI_LANES] = {0};
    rows.t = t;
    for (size_t k = 0; k < block->levels; k++)
        slope[k * ld] = after[k] - before[k];
    block->family->twisting->ahead.back(block, &rows, slope, slope + block->levels * ld);
    const double *expected = golden_list(c, want, "dlogr_dz", block->levels, NULL);
    for (size_t k = 0; k < block->levels; k++)
        golden_check_at(c, "dlogr_dz", k, (double)rows.output_gradient[k * ld], expected[k],
                        small_scale());
}

void golden_check_twist_cat(golden_case *c)
{
    const cJSON *pi = golden_input(c, "pi"), *r = golden_input(c, "r"), *z = golden_input(c, "z");
    const cJSON *slopes = golden_output(c, "dlogr_dz");
    const size_t count = (size_t)cJSON_GetArraySize(pi);
    size_t levels[COLUMNS_MOST];
    double log_informed = 0, log_r = 0;
    nqi_block_plan plans[COLUMNS_MOST];
    nqi_real law[2 * STATES_MOST * NQI_LANES];
    block_chain chain;
    if (count > COLUMNS_MOST)
        golden_damaged(c, "%zu columns are too many", count);
    for (size_t k = 0; k < count; k++) {
        const double *own = golden_list(c, cJSON_GetArrayItem(pi, (int)k), "pi", 0, &levels[k]);
        plans[k] = (nqi_block_plan){&nqi_family_categorical, 1, levels[k], own};
    }
    const double *x_t = golden_input_list(c, "x_t", count, NULL);
    block_chain_new(&chain, c, plans, count, golden_input(c, "b"), 1);
    const size_t t = golden_count(c, "t", 1, chain.process.schedule.steps);
    for (size_t k = 0; k < count; k++) {
        const nqi_block *block = &chain.process.blocks[k];
        const double *own = golden_list(c, cJSON_GetArrayItem(r, (int)k), "r", levels[k], NULL);
        const double *said = golden_list(c, cJSON_GetArrayItem(z, (int)k), "z", levels[k], NULL);
        double belief[2 * STATES_MOST];
        if (levels[k] > STATES_MOST)
            golden_damaged(c, "%zu levels are too many", levels[k]);
        *chain_x(&chain, k, 0) = (nqi_real)x_t[k];
        for (size_t m = 0; m < levels[k]; m++)
            *chain_output(&chain, block, m, 0) = (nqi_real)said[m];
        belief_of(&chain, block, t, 0, law, belief);
        memcpy(belief + levels[k], belief, levels[k] * sizeof *belief);
        log_r += belief_twist(block, belief, own);
        check_slope(c, &chain, block, t, belief + levels[k], belief,
                    cJSON_GetArrayItem(slopes, (int)k));
        log_informed += informed(block, t, x_t[k], own);
    }
    golden_check_output(c, "log_r", log_r, small_scale());
    golden_check_output(c, "log_informed", log_informed, log_scale);
    block_chain_free(&chain);
}

/* Rows of several columns by all their states: s is x_0 + C_0 (x_1 + C_1 x_2 ...). */
typedef struct enum_case {
    golden_case *c;
    block_chain chain;
    size_t columns, states, steps, levels[COLUMNS_MOST];
    const double *data, *r[COLUMNS_MOST];
    nqi_real *law; /* [2][STATES_MOST][ld] scratch */
} enum_case;

static size_t level_in(const enum_case *e, size_t state, size_t column)
{
    for (size_t k = 0; k < column; k++)
        state /= e->levels[k];
    return state % e->levels[column];
}

static void enum_new(enum_case *e, golden_case *c)
{
    const cJSON *pi = golden_input(c, "pi"), *r = golden_input(c, "r");
    const double *counts = golden_input_list(c, "C", 0, &e->columns);
    nqi_block_plan plans[COLUMNS_MOST];
    e->c = c;
    e->states = 1;
    for (size_t k = 0; k < e->columns; k++) {
        if (k >= COLUMNS_MOST || !(counts[k] >= 2 && counts[k] <= STATES_MOST) ||
            (e->states *= (size_t)counts[k]) > STATES_MOST)
            golden_damaged(c, "too many states");
        e->levels[k] = (size_t)counts[k];
        plans[k] = (nqi_block_plan){&nqi_family_categorical, 1, e->levels[k],
                                    golden_list(c, cJSON_GetArrayItem(pi, (int)k), "pi",
                                                e->levels[k], NULL)};
        e->r[k] = golden_list(c, cJSON_GetArrayItem(r, (int)k), "r", e->levels[k], NULL);
    }
    block_chain_new(&e->chain, c, plans, e->columns, golden_input(c, "b"), e->states);
    nqi_process_learn_last(&e->chain.process, 1);
    e->steps = e->chain.process.schedule.steps;
    e->data = golden_input_list(c, "data", e->states, NULL);
    e->law = golden_new(c, 2 * STATES_MOST * e->chain.batch.tape.ld, sizeof *e->law);
}

static double evidence_at(const enum_case *e, size_t state)
{
    double product = 1;
    for (size_t k = 0; k < e->columns; k++)
        product *= e->r[k][level_in(e, state, k)];
    return product;
}

static double forward(const enum_case *e, size_t t, size_t from, size_t to)
{
    double product = 1;
    for (size_t k = 0; k < e->columns; k++) {
        const nqi_block *b = &e->chain.process.blocks[k];
        product *=
            nqi_level_law(b->schedule.alpha_bar[t - 1], b->schedule.one_minus_alpha_bar[t - 1],
                          nqi_categorical_pi(b, 0), level_in(e, from, k), level_in(e, to, k));
    }
    return product;
}

/* Outputs of the best beliefs: what the data's law says of each column at x_t. */
static void place_best(enum_case *e, size_t t)
{
    const size_t ld = e->chain.batch.tape.ld;
    nqi_real *belief = e->law;
    for (size_t k = 0; k < e->columns; k++) {
        const nqi_block *b = &e->chain.process.blocks[k];
        nqi_rows rows = nqi_batch_rows(&e->chain.batch, b, 0, 0);
        rows.t = t;
        rows.rows = e->states;
        memset(belief, 0, b->levels * ld * sizeof *belief);
        for (size_t s = 0; s < e->states; s++) {
            double total = 0;
            *chain_x(&e->chain, k, s) = (nqi_real)level_in(e, s, k);
            for (size_t x = 0; x < e->states; x++)
                total += e->data[x] * forward(e, t, x, s);
            for (size_t x = 0; x < e->states; x++)
                belief[level_in(e, x, k) * ld + s] +=
                    (nqi_real)(e->data[x] * forward(e, t, x, s) / total);
        }
        b->family->steps->outputs(b, &rows, belief, NULL,
                                  e->chain.batch.tape.value[e->chain.graph.output] +
                                      b->output_first * ld);
    }
}

/* r_t of every state, and p(x_{t-1} | x_t) into law[x_t][x_{t-1}]. */
static void step_of(enum_case *e, size_t t, double *twist, double *law)
{
    const size_t ld = e->chain.batch.tape.ld;
    double belief[STATES_MOST];
    place_best(e, t);
    for (size_t j = 0; j < e->states * e->states; j++)
        law[j] = 1;
    for (size_t s = 0; s < e->states; s++)
        twist[s] = 1;
    for (size_t k = 0; k < e->columns; k++) {
        const nqi_block *b = &e->chain.process.blocks[k];
        chain_block_law(&e->chain, b, t, e->law);
        for (size_t j = 0; j < e->states * e->states; j++)
            law[j] *= (double)e->law[level_in(e, j % e->states, k) * ld + j / e->states];
        for (size_t s = 0; s < e->states; s++) {
            belief_of(&e->chain, b, t, s, e->law, belief);
            twist[s] *= exp(belief_twist(b, belief, e->r[k]));
        }
    }
}

static double log_prior(const enum_case *e, size_t state)
{
    double sum = 0;
    for (size_t k = 0; k < e->columns; k++)
        sum += log(nqi_categorical_pi(&e->chain.process.blocks[k], 0)[level_in(e, state, k)]);
    return sum;
}

/* Increments of the path x_T .. x_0 where what is drawn is p itself. */
static void check_path(const enum_case *e, const double *twist)
{
    const double *path = golden_input_list(e->c, "path", e->steps + 1, NULL);
    double *gained = golden_new(e->c, e->steps + 1, sizeof *gained);
    for (size_t k = 0; k <= e->steps; k++) {
        if (!(path[k] >= 0 && path[k] < (double)e->states))
            golden_damaged(e->c, "\"path\" names no state");
        gained[k] = log(twist[(e->steps - k) * e->states + (size_t)path[k]]);
        gained[k] -= k ? log(twist[(e->steps - k + 1) * e->states + (size_t)path[k - 1]]) : 0;
    }
    golden_check_list(e->c, "log_increments", gained, e->steps + 1, small_scale());
}

/* r at x_0 = s, and r under the data's law. */
static double place_evidence(const enum_case *e, double *twist, double *seen)
{
    double under_data = 0;
    for (size_t s = 0; s < e->states; s++) {
        twist[s] = seen[s] = evidence_at(e, s);
        under_data += e->data[s] * twist[s];
    }
    return under_data;
}

void golden_check_twist_enum(golden_case *c)
{
    enum_case e;
    enum_new(&e, c);
    const size_t n = e.states, all = (e.steps + 1) * n;
    double *twist = golden_new(c, all, sizeof *twist), *seen = golden_new(c, all, sizeof *seen);
    double *law = golden_new(c, e.steps * n * n, sizeof *law), evidence = 0;
    double *now = golden_new(c, 2 * n, sizeof *now);
    const double under_data = place_evidence(&e, twist, seen);
    for (size_t t = 1; t <= e.steps; t++) {
        step_of(&e, t, twist + t * n, law + (t - 1) * n * n);
        for (size_t j = 0; j < n * n; j++)
            seen[t * n + j / n] += law[(t - 1) * n * n + j] * seen[(t - 1) * n + j % n];
    }
    for (size_t s = 0; s < n; s++) {
        now[s] = exp(log_prior(&e, s));
        evidence += now[s] * seen[e.steps * n + s];
    }
    for (size_t t = e.steps; t > 0; t--) {
        memset(now + n, 0, n * sizeof *now);
        for (size_t j = 0; j < n * n; j++)
            now[n + j % n] += now[j / n] * law[(t - 1) * n * n + j];
        memcpy(now, now + n, n * sizeof *now);
    }
    for (size_t s = 0; s < n; s++)
        now[s] *= evidence_at(&e, s) / evidence;
    golden_check_output(c, "log_evidence", log(evidence), small_scale());
    golden_check_output(c, "log_evidence_data", log(under_data), small_scale());
    golden_check_list(c, "twist", twist, all, golden_float_scale(1));
    golden_check_list(c, "lookahead", seen, all, golden_float_scale(1));
    golden_check_list(c, "posterior", now, n, golden_float_scale(1));
    check_path(&e, twist);
    block_chain_free(&e.chain);
}
