/* twist.c - twists that look ahead, of numbers: beliefs, their slopes, proposals and weights. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "family/normal.h"
#include "golden/chain.h"
#include "inside.h"
#include "posterior/lookahead.h"

enum { TWIST_DIM = 8 };

/* One row of a linear chain at step t: its belief, and the step. */
typedef struct look {
    nqi_real x_0[TWIST_DIM], v[TWIST_DIM], mean[TWIST_DIM], variance[TWIST_DIM];
    double log_r, slope[TWIST_DIM];
} look;

/* Row 0 of arrays [dim][ld]. */
static void take_row(nqi_real *out, const nqi_real *from, size_t dim, size_t ld)
{
    for (size_t i = 0; i < dim; i++)
        out[i] = from[i * ld];
}

/* log r of a belief, and its mean given the evidence: of numbers of which y is not NaN. */
static double belief_twist(const nqi_block *block, double *mean, double *variance,
                           const double *y, const double *noise)
{
    const size_t target = 0;
    double log_r = 0, tilt[TWIST_DIM] = {0};
    nqi_real x[TWIST_DIM] = {0};
    nqi_proposal p = {1, x, mean, variance, tilt};
    const nqi_cells cells = {.value = y, .stride = 0, .variance = noise, .target = &target};
    block->family->twisting->multiply(block, &cells, NQI_TWIST_LOOKAHEAD, 0, &p, &log_r);
    return log_r;
}

/* All that the library says at x_t, [dim]; y NaN: nothing is known. */
static look look_at(golden_case *c, linear_chain *chain, size_t t, const double *x_t,
                    const double *y, const double *noise)
{
    const nqi_block *block = &chain->process.blocks[0];
    const size_t ld = chain->batch.tape.ld, dim = chain->dim;
    nqi_tape *tape = &chain->batch.tape;
    nqi_real *out = golden_new(c, 4 * dim * ld, sizeof *out);
    double *slope = golden_new(c, 2 * dim * ld, sizeof *slope), mean[TWIST_DIM], v[TWIST_DIM];
    look l;
    for (size_t j = 0; j < dim * ld; j++)
        nqi_batch_x_t(&chain->batch)[j] = (nqi_real)x_t[j / ld];
    tape->time[0] = (uint32_t)t;
    tape->groups = 1;
    nqi_tape_forward(tape);
    const nqi_rows rows = nqi_batch_rows(&chain->batch, block, 0, 1);
    block->family->steps->belief(block, &rows, out, out + dim * ld);
    block->family->steps->moments(block, &rows, out + 2 * dim * ld, out + 3 * dim * ld);
    take_row(l.x_0, out, dim, ld);
    take_row(l.v, out + dim * ld, dim, ld);
    take_row(l.mean, out + 2 * dim * ld, dim, ld);
    take_row(l.variance, out + 3 * dim * ld, dim, ld);
    for (size_t i = 0; i < dim; i++) {
        mean[i] = (double)l.x_0[i];
        v[i] = (double)l.v[i];
    }
    l.log_r = belief_twist(block, mean, v, y, noise);
    for (size_t j = 0; j < dim * ld; j++)
        slope[j] = (mean[j / ld] - (double)l.x_0[j / ld]) / (double)l.v[j / ld];
    block->family->twisting->ahead.back(block, &rows, slope, slope + dim * ld);
    nqi_tape_backward(tape);
    for (size_t i = 0; i < dim; i++)
        l.slope[i] = slope[(dim + i) * ld] + (double)tape->grad[tape->graph->input][i * ld];
    return l;
}

/* z = W x_t + b of x_0 = M x_t + k, and the variance output of V. */
static void set_belief(golden_case *c, linear_chain *chain, size_t t, const double *m,
                       const double *k, const double *v)
{
    const nqi_gaussian_step *step = gaussian_step(&chain->process, t);
    const size_t dim = chain->dim;
    const double gain = (double)step->spread * (double)step->gain;
    const double slope = (double)step->cs / (double)step->spread;
    double *a = golden_new(c, dim * dim, sizeof *a), *s = golden_new(c, dim, sizeof *s);
    for (size_t i = 0; i < dim; i++)
        s[i] = exp((double)step->log_v) + slope * slope * v[i];
    chain_set_kernel(chain, t, a, s);
    const size_t bank = (t - 1) * chain->graph.bank_size;
    nqi_real *weight =
        chain->params + bank +
        nqi_param_position(&chain->graph, nqi_graph_param(&chain->graph, "readout.weight"));
    nqi_real *bias =
        chain->params + bank +
        nqi_param_position(&chain->graph, nqi_graph_param(&chain->graph, "readout.bias"));
    for (size_t i = 0; i < dim; i++) {
        for (size_t j = 0; j < dim; j++)
            weight[i * dim + j] =
                (nqi_real)((m[i * dim + j] - (i == j ? (double)step->signal : 0)) / gain);
        bias[i] = (nqi_real)(k[i] / gain);
    }
}

void golden_check_twist_gauss(golden_case *c)
{
    nq_schedule s;
    linear_chain chain;
    size_t dim, known;
    golden_schedule(&s, c);
    const size_t t = golden_count(c, "t", 2, s.steps);
    const double *x_t = golden_input_list(c, "x_t", 0, &dim);
    if (dim > TWIST_DIM)
        golden_damaged(c, "%zu columns are too many", dim);
    const double *cols = golden_input_list(c, "cols", 0, &known);
    const double *of = golden_input_list(c, "y", known, NULL);
    const double *sigma2 = golden_input_list(c, "sigma2", known, NULL);
    double y[TWIST_DIM], noise[TWIST_DIM] = {0};
    for (size_t i = 0; i < dim; i++)
        y[i] = NAN;
    for (size_t k = 0; k < known; k++) {
        if (!(cols[k] >= 0 && cols[k] < (double)dim))
            golden_damaged(c, "\"cols\" names no column");
        y[(size_t)cols[k]] = of[k];
        noise[(size_t)cols[k]] = sigma2[k];
    }
    chain_new(&chain, c, &s, dim, NQI_LANES, 0);
    set_belief(c, &chain, t, golden_input_list(c, "M", dim * dim, NULL),
               golden_input_list(c, "k", dim, NULL), golden_input_list(c, "V", dim, NULL));
    const look l = look_at(c, &chain, t, x_t, y, noise);
    double out[4][TWIST_DIM];
    for (size_t i = 0; i < dim; i++) {
        out[0][i] = (double)l.x_0[i];
        out[1][i] = (double)l.mean[i];
        out[2][i] = (double)l.variance[i];
        out[3][i] = nqi_lookahead_mean(out[1][i], out[2][i], l.slope[i]);
    }
    golden_check_list(c, "x0_hat", out[0], dim, golden_float_scale(1));
    golden_check_output(c, "log_r", l.log_r, golden_float_scale(1));
    golden_check_list(c, "grad", l.slope, dim, golden_float_scale(1));
    golden_check_list(c, "mu", out[1], dim, golden_float_scale(1));
    golden_check_list(c, "Sigma", out[2], dim, golden_float_scale(1));
    golden_check_list(c, "proposal_mean", out[3], dim, golden_float_scale(1));
    chain_free(&chain);
    nq_schedule_free(&s);
}

/* log N(x; mean, variance), by the family. */
static double log_law(const nqi_block *block, double x, double mean, double variance)
{
    nqi_real at = (nqi_real)x;
    const nqi_proposal p = {1, &at, &mean, &variance, NULL};
    return block->family->twisting->log_law(block, &p, 0, 0);
}

/* What log weights gain along the path, and what each belief is. */
static void walk_path(golden_case *c, linear_chain *chain, const double *path, double y,
                      double noise)
{
    const nqi_block *block = &chain->process.blocks[0];
    const size_t steps = chain->process.schedule.steps;
    double *a0 = golden_new(c, steps, sizeof *a0), *v = golden_new(c, steps, sizeof *v);
    double *gained = golden_new(c, steps + 1, sizeof *gained), sum = 0, last = 0;
    for (size_t t = steps; t > 0; t--) {
        const double x_t = path[steps - t], x_s = path[steps - t + 1], one = 1;
        const look slope = look_at(c, chain, t, &one, &y, &noise);
        const look l = look_at(c, chain, t, &x_t, &y, &noise);
        const double mean = (double)l.mean[0], variance = (double)l.variance[0];
        a0[t - 1] = (double)slope.x_0[0];
        v[t - 1] = (double)l.v[0];
        gained[steps - t] += l.log_r - last;
        gained[steps - t + 1] =
            log_law(block, x_s, mean, variance) -
            log_law(block, x_s, nqi_lookahead_mean(mean, variance, l.slope[0]), variance);
        last = l.log_r;
    }
    double x_0 = path[steps], none = 0;
    gained[steps] += belief_twist(block, &x_0, &none, &y, &noise) - last;
    for (size_t k = 0; k <= steps; k++)
        sum += gained[k];
    golden_check_list(c, "a0", a0, steps, golden_float_scale(1));
    golden_check_list(c, "V", v, steps, golden_float_scale(1));
    golden_check_list(c, "log_increments", gained, steps + 1, golden_float_scale(1));
    golden_check_output(c, "log_weight", sum, golden_float_scale(1));
    double mean = 0, variance = 1;
    const nqi_factor start = {.signal = a0[steps - 1], .variance = v[steps - 1] + noise};
    golden_check_output(c, "log_r_T_mean_under_pi",
                        nqi_factor_multiply(&mean, &variance, &start, y), golden_float_scale(1));
}

void golden_check_twist_chain(golden_case *c)
{
    nq_schedule s;
    linear_chain chain;
    golden_schedule(&s, c);
    const double *a = golden_input_list(c, "A", s.steps, NULL);
    const double *variance = golden_input_list(c, "S", s.steps, NULL);
    const double *path = golden_input_list(c, "path", s.steps + 1, NULL);
    const double y = golden_number(c, "y"), noise = golden_number(c, "sigma2");
    double law, mean = 0;
    chain_new(&chain, c, &s, 1, NQI_LANES, 0);
    nqi_process_learn_last(&chain.process, 1);
    for (size_t t = 1; t <= s.steps; t++)
        chain_set_kernel(&chain, t, &a[t - 1], &variance[t - 1]);
    walk_path(c, &chain, path, y, noise);
    chain_model_covariance(&chain, &law);
    const nqi_factor factor = {.signal = 1, .variance = noise};
    golden_check_output(c, "log_evidence", nqi_factor_multiply(&mean, &law, &factor, y),
                        golden_float_scale(1));
    chain_free(&chain);
    nq_schedule_free(&s);
}
