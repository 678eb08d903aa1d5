/* gaussian.c - linear Gaussian chains: K and log p, their limit, and a correlated pair. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "golden/chain.h"
#include "inside.h"

static const double log_two_pi = 1.83787706640934548356, log_2 = 0.69314718055994530942;

/* E log N(x; 0, model) for x of variance `data`, in one dimension. */
static double cross_entropy(double model, double data)
{
    return -0.5 * (log_two_pi + log(model) + data / model);
}

/* Variance of x_t, t >= 0, for data of variance s2. */
static double marginal(const nq_schedule *s, size_t t, double s2)
{
    return t ? s->alpha_bar[t - 1] * s2 + s->one_minus_alpha_bar[t - 1] : s2;
}

/* Outputs "log_p_x0(X)" for any X. */
static void check_log_p(golden_case *c, double variance)
{
    const cJSON *field;
    double x;
    cJSON_ArrayForEach(field, c->outputs) if (sscanf(field->string, "log_p_x0(%lf)", &x) == 1)
        golden_check_output(c, field->string, cross_entropy(variance, x * x), 1);
}

static void check_chain_tables(golden_case *c, const nq_schedule *s, double s2)
{
    double *variance = golden_new(c, s->steps, sizeof *variance);
    for (size_t t = 1; t <= s->steps; t++)
        variance[t - 1] = marginal(s, t, s2);
    if (golden_offers(c, "abar"))
        golden_check_list(c, "abar", s->alpha_bar, s->steps, 0);
    if (golden_offers(c, "one_minus_abar"))
        golden_check_list(c, "one_minus_abar", s->one_minus_alpha_bar, s->steps, 0);
    if (golden_offers(c, "marginal_var"))
        golden_check_list(c, "marginal_var", variance, s->steps, 0);
}

static void check_chain_bounds(golden_case *c, linear_chain *chain, const double *kl, double s2)
{
    const size_t steps = chain->process.schedule.steps;
    const double root = sqrt(s2);
    double paid = 0, variance;
    for (size_t i = 0; i < steps; i++)
        paid += kl[i];
    const double bound = chain_entropies(chain) - paid, scale = fmax(1, paid);
    golden_check_list(c, "kl_t", kl, steps, golden_float_scale(1));
    golden_check_offered(c, "H_T_given_0", chain_entropy(chain, steps), 1);
    golden_check_offered(c, "H_1_given_0", chain_entropy(chain, 1), 1);
    const double prior = nqi_process_entropy_prior(&chain->process);
    golden_check_offered(c, "H_prior", prior, 1);
    golden_check_output(c, "K", bound, scale);
    golden_check_offered(c, "K_bits", bound / log_2, scale);
    golden_check_output(c, "K_exact_bound", bound + chain_mean(chain, &root, nqi_process_edge),
                        scale);
    chain_model_covariance(chain, &variance);
    golden_check_offered(c, "model_var_x0", variance, 0);
    golden_check_offered(c, "E_log_p_x0", cross_entropy(variance, s2), 1);
    golden_check_offered(c, "neg_H_data", -prior - 0.5 * log(s2), 1);
    check_log_p(c, variance);
}

/* A kernel of variance 1 or more is outside what the parametrisation can say: its divergence is
 * made with the scalar form, and the chain's own steps are left out. */
static double wide_kl(const nq_schedule *s, size_t t, double a, double variance, double s2)
{
    double sum = 0;
    for (int k = 0; k < 4; k++) {
        const double x_0 = (k & 1 ? 1 : -1) * sqrt(s2), noise = k & 2 ? 1 : -1;
        const double x_t =
            sqrt(s->alpha_bar[t - 1]) * x_0 + sqrt(s->one_minus_alpha_bar[t - 1]) * noise;
        nqi_real mean, v;
        nqi_gaussian_posterior(s, t, (nqi_real)x_t, (nqi_real)x_0, &mean, &v);
        sum += (double)nqi_gaussian_kl(mean, v, (nqi_real)(a * x_t), (nqi_real)variance);
    }
    return sum / 4;
}

static void check_wide(golden_case *c, linear_chain *chain, const double *kl)
{
    double paid = 0;
    const size_t steps = chain->process.schedule.steps;
    for (size_t i = 0; i < steps; i++)
        paid += kl[i];
    golden_check_list(c, "kl_t", kl, steps, golden_float_scale(1));
    golden_check_output(c, "K", chain_entropies(chain) - paid, fmax(1, paid));
}

void golden_check_linear_chain(golden_case *c)
{
    nq_schedule s;
    golden_schedule(&s, c);
    const double s2 = golden_number(c, "s2"), root = sqrt(s2);
    const double *a = golden_input_list(c, "A", s.steps, NULL);
    const double *variance = golden_input_list(c, "C", s.steps, NULL);
    double *kl = golden_new(c, s.steps, sizeof *kl);
    check_chain_tables(c, &s, s2);
    for (int form = 0; form < 2; form++) {
        linear_chain chain;
        int wide = 0;
        chain_new(&chain, c, &s, 1, NQI_LANES, form);
        for (size_t t = 2; t <= s.steps; t++) {
            const int is_wide = variance[t - 1] >= 1;
            if (!is_wide)
                chain_set_kernel(&chain, t, &a[t - 1], &variance[t - 1]);
            kl[t - 1] = is_wide ? wide_kl(&s, t, a[t - 1], variance[t - 1], s2)
                                : chain_kl(&chain, t, &root);
            wide |= is_wide;
        }
        if (wide)
            check_wide(c, &chain, kl);
        else
            check_chain_bounds(c, &chain, kl, s2);
        chain_free(&chain);
    }
    nq_schedule_free(&s);
}

/* The exact reverse kernel of data N(0, s2). */
static void set_exact(linear_chain *chain, size_t t, double s2)
{
    const nq_schedule *s = &chain->process.schedule;
    const double ratio = marginal(s, t - 1, s2) / marginal(s, t, s2);
    const double a = sqrt(1 - s->beta[t - 1]) * ratio, variance = s->beta[t - 1] * ratio;
    chain_set_kernel(chain, t, &a, &variance);
}

/* Rows [T, K_exact_bound, E log p, K]; first rate and last signal are .01 / T. */
static void check_limit_row(golden_case *c, size_t index, const double *row, double s2)
{
    nq_schedule s;
    linear_chain chain;
    double paid = 0, variance;
    const double root = sqrt(s2);
    if (!(row[0] >= 2 && row[0] <= 1e6))
        golden_damaged(c, "output \"rows\": %g steps", row[0]);
    golden_log_snr(&s, c, (size_t)row[0], 0.01 / row[0], 0.01 / row[0]);
    chain_new(&chain, c, &s, 1, NQI_LANES, 0);
    for (size_t t = 2; t <= s.steps; t++) {
        set_exact(&chain, t, s2);
        paid += chain_kl(&chain, t, &root);
    }
    const double bound = chain_entropies(&chain) - paid, scale = fmax(1, paid);
    chain_model_covariance(&chain, &variance);
    golden_check_at(c, "K_exact_bound of rows", index,
                    bound + chain_mean(&chain, &root, nqi_process_edge), row[1], scale);
    golden_check_at(c, "E log p of rows", index, cross_entropy(variance, s2), row[2], 1);
    golden_check_at(c, "K of rows", index, bound, row[3], scale);
    chain_free(&chain);
    nq_schedule_free(&s);
}

void golden_check_gauss_limit(golden_case *c)
{
    size_t count;
    const double s2 = golden_number(c, "s2");
    const double *rows = golden_rows(c, "rows", 4, &count);
    for (size_t i = 0; i < count; i++)
        check_limit_row(c, i, rows + 4 * i, s2);
    golden_check_offered(c, "neg_H", cross_entropy(s2, s2), 1);
}

/* E log N(x; 0, model) for x of covariance `data`, in two dimensions. */
static double cross_entropy_2d(const double *model, const double *data)
{
    const double determinant = model[0] * model[3] - model[1] * model[2];
    const double trace =
        model[3] * data[0] - model[1] * data[2] - model[2] * data[1] + model[0] * data[3];
    return -log_two_pi - 0.5 * (log(determinant) + trace / determinant);
}

void golden_check_linear_chain_2d(golden_case *c)
{
    nq_schedule s;
    golden_schedule(&s, c);
    const double rho = golden_number(c, "rho");
    const double *a = golden_input_list(c, "A", 4 * (s.steps - 1), NULL);
    const double *variance = golden_input_list(c, "C", 2 * (s.steps - 1), NULL);
    const double root[4] = {1, 0, rho, sqrt(1 - rho * rho)}, data[4] = {1, rho, rho, 1};
    double *kl = golden_new(c, s.steps, sizeof *kl), paid = 0, covariance[4];
    for (int form = 0; form < 2; form++) {
        linear_chain chain;
        chain_new(&chain, c, &s, 2, NQI_LANES, form);
        paid = 0;
        for (size_t t = 2; t <= s.steps; t++) {
            chain_set_kernel(&chain, t, a + 4 * (t - 2), variance + 2 * (t - 2));
            paid += kl[t - 2] = chain_kl(&chain, t, root);
        }
        golden_check_list(c, "kl_t", kl, s.steps - 1, golden_float_scale(1));
        golden_check_output(c, "K", chain_entropies(&chain) - paid, fmax(1, paid));
        chain_model_covariance(&chain, covariance);
        golden_check_list(c, "model_cov_x0", covariance, 4, 1);
        golden_check_offered(c, "E_log_p_x0", cross_entropy_2d(covariance, data), 1);
        golden_check_offered(c, "neg_H_data", cross_entropy_2d(data, data), 1);
        golden_check_offered(c, "L_null", chain_mean(&chain, root, nqi_process_log_prior), 1);
        chain_free(&chain);
    }
    nq_schedule_free(&s);
}
