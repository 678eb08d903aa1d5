/* likelihood.c - log weights of given trajectories, and means of weights far below zero. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "golden/chain.h"
#include "kernels.h"
#include "measure/ais.h"
#include "measure/weight/pareto.h"
#include "measure/weight/weights.h"

void golden_check_log_mean_exp(golden_case *c)
{
    size_t count;
    double ess;
    const double *log_w = golden_input_list(c, "log_w", 0, &count);
    golden_check_output(c, "log_mean_exp", nq_log_mean_exp(&ess, log_w, count), 0);
    golden_check_output(c, "ess", ess, 0);
}

/* k-hat of the largest weights, and what the log of their mean is worth. */
void golden_check_pareto_khat(golden_case *c)
{
    size_t count, held = 0;
    const double *log_w = golden_input_list(c, "log_w", 0, &count);
    const size_t most = nqi_pareto_tail(count) + 1;
    double *largest = golden_new(c, most, sizeof *largest);
    nq_pareto tail;
    nqi_weights weights = {0};
    for (size_t i = 0; i < count; i++) {
        nqi_largest_offer(largest, &held, most, log_w[i]);
        nqi_weights_add(&weights, log_w[i]);
    }
    nqi_pareto_fit(&tail, largest, count);
    golden_check_output(c, "k_hat", tail.khat, 1);
    golden_check_output(c, "sigma", tail.sigma, 0);
    golden_check_output(c, "tail", (double)tail.tail, 0);
    golden_check_output(c, "threshold", tail.threshold, 0);
    golden_check_output(c, "reliable", tail.reliable, 0);
    golden_check_output(c, "needed", tail.needed, 0);
    golden_check_output(c, "log_mean_w", nqi_weights_log_mean(&weights), 1);
    golden_check_output(c, "se", nqi_weights_se(&weights), 1);
    golden_check_output(c, "ess", nqi_weights_ess(&weights), 0);
}

/* One trajectory in each row, x_0 .. x_T. */
static void path_given(nqi_ais_path *path, const double *paths, size_t count)
{
    enum { ROWS = NQI_LANES };
    const size_t steps = path->process->schedule.steps;
    double given[ROWS] = {0};
    for (size_t r = 0; r < count; r++)
        path->after[r] = paths[r * (steps + 1)];
    nqi_ais_path_start(path);
    for (size_t t = 1; t <= steps; t++) {
        for (size_t r = 0; r < count; r++)
            given[r] = paths[r * (steps + 1) + t];
        nqi_ais_path_step(path, t, NULL, given);
    }
    nqi_ais_path_finish(path);
}

/* Variance of x_0 when every reverse step is N(A_t x_t, C_t) and the last is the forward kernel. */
static double model_variance(const nq_schedule *s, const double *a, const double *c)
{
    double variance = 1;
    for (size_t t = s->steps; t > 1; t--)
        variance = a[t - 1] * a[t - 1] * variance + c[t - 1];
    return (1 - s->beta[0]) * variance + s->beta[0];
}

void golden_check_gauss_ais(golden_case *c)
{
    nq_schedule s;
    linear_chain chain;
    nqi_ais_path path;
    size_t count;
    golden_schedule(&s, c);
    const double *a = golden_input_list(c, "A", s.steps, NULL);
    const double *spread = golden_input_list(c, "C", s.steps, NULL);
    const double *paths = golden_input_rows(c, "trajectories", s.steps + 1, &count);
    if (count > NQI_LANES)
        golden_damaged(c, "input \"trajectories\": expected at most %d", NQI_LANES);
    chain_new(&chain, c, &s, 1, NQI_LANES, 0);
    for (size_t t = 2; t <= s.steps; t++)
        chain_set_kernel(&chain, t, &a[t - 1], &spread[t - 1]);
    const nqi_regressor_type network = {.name = "chain"};
    const nqi_regressor regressor = {.type = &network,
                                     .graph = chain.graph,
                                     .params = chain.params};
    if (nqi_ais_path_new(&path, NULL, &chain.process, &regressor, best_kernels(), NQI_LANES))
        golden_damaged(c, "no memory for %zu trajectories", count);
    path_given(&path, paths, count);
    double ess;
    golden_check_list(c, "log_w", path.log_w, count, 1);
    golden_check_output(c, "log_mean_exp", nq_log_mean_exp(&ess, path.log_w, count), 1);
    golden_check_output(c, "ess", ess, 0);
    const double variance = model_variance(&s, a, spread), x_0 = golden_number(c, "x0");
    const double exact = -0.5 * (log(6.28318530717958647692 * variance) + x_0 * x_0 / variance);
    golden_check_offered(c, "exact_log_p_x0", exact, 1);
    nqi_ais_path_free(&path);
    chain_free(&chain);
    nq_schedule_free(&s);
}
