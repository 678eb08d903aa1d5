/* number_belief.c - a reverse step of real numbers as a belief about x_0; longer steps by it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "golden/chain.h"
#include "inside.h"

static const double log_two_pi = 1.83787706640934548356;

/* z and z_var of p(x_{t-1} | x_t) = N(mean, variance) at x. */
static void set_outputs(nqi_real z[2], const nqi_process *process, size_t t, double x,
                        double mean, double variance)
{
    const nqi_gaussian_step *step = gaussian_step(process, t);
    const double beta = process->schedule.beta[t - 1];
    z[0] = (nqi_real)((mean - sqrt(1 - beta) * x) / ((double)step->cs * (double)step->gain));
    z[1] = (nqi_real)(log(variance) - log1p(-variance) - log(beta) + log1p(-beta));
}

/* What the trained step says of x_0. */
static void belief_of(const nqi_process *process, size_t t, double x, double mean,
                      double variance, double *x_0, double *v)
{
    const nqi_block *block = &process->blocks[0];
    nqi_real z[2], x_t = (nqi_real)x, out[2];
    set_outputs(z, process, t, x, mean, variance);
    const nqi_rows rows = {.t = t, .rows = 1, .ld = 1, .x_t = &x_t, .output = z};
    block->family->steps->belief(block, &rows, &out[0], &out[1]);
    *x_0 = (double)out[0];
    *v = (double)out[1];
}

/* Scalars of step k of a chain: c of x_0, the coefficient of x_t, and v. */
typedef struct step_parts {
    double c, x_t, v;
} step_parts;

static step_parts parts_of(const nqi_process *process, size_t k)
{
    const nq_schedule *s = &process->schedule;
    const nqi_gaussian_step *step = gaussian_step(process, k);
    const double c = (double)step->cs / (double)step->spread;
    return (step_parts){c, sqrt(1 - s->beta[k - 1]) - c * sqrt(s->alpha_bar[k - 1]),
                        k > 1 ? exp((double)step->log_v) : 0};
}

/* By the library's own step with V as what was measured, where it can be. */
static void check_measured(golden_case *c, const nqi_process *trained, const uint32_t *time,
                           size_t steps, double v)
{
    nqi_process chain;
    const size_t t = time[steps];
    const double x = golden_number(c, "x_t");
    const double ratio = v / trained->schedule.one_minus_alpha_bar[t - 1];
    const uint32_t at = (uint32_t)t;
    const nqi_residual residual = {1, 1, &at, &ratio};
    nqi_real z[2], x_t = (nqi_real)x, out[2];
    if (!(fabs(log(ratio)) < NQI_BELIEF_LIMIT) || time[steps] - time[steps - 1] < 2)
        return;
    trained->blocks[0].residual = &residual;
    if (nqi_process_shorten(&chain, NULL, trained, time, steps))
        golden_damaged(c, "the library refuses these times");
    set_outputs(z, trained, t, x, golden_number(c, "mu_t"), golden_number(c, "Sigma_t"));
    const nqi_block *block = &chain.blocks[0];
    const nqi_rows rows = {.t = steps, .rows = 1, .ld = 1, .x_t = &x_t, .output = z};
    block->family->steps->moments(block, &rows, &out[0], &out[1]);
    golden_check_output(c, "mean", (double)out[0], golden_float_scale(1));
    golden_check_output(c, "var", (double)out[1], 0);
    nqi_process_free(&chain);
    trained->blocks[0].residual = NULL;
}

/* Of a kernel to fewer steps. */
void golden_check_respaced_belief(golden_case *c)
{
    nq_schedule s;
    nqi_process process, chain;
    double x_0, v;
    golden_schedule(&s, c);
    golden_process(&process, c, &s, 1, -1, 0);
    nqi_process_learn_last(&process, 1);
    const nqi_block *block = &process.blocks[0];
    const size_t t = golden_count(c, "t", 2, s.steps), from = golden_count(c, "s", 0, t - 1);
    const size_t steps = from ? 2 : 1;
    const uint32_t time[2][3] = {{0, (uint32_t)t}, {0, (uint32_t)from, (uint32_t)t}};
    const double complement = s.one_minus_alpha_bar[t - 1], x = golden_number(c, "x_t");
    const double variance = golden_number(c, "Sigma_t");
    const step_parts own = parts_of(&process, t);
    belief_of(&process, t, x, golden_number(c, "mu_t"), variance, &x_0, &v);
    golden_check_output(c, "c_t", own.c, 0);
    golden_check_output(c, "v_t", own.v, 0);
    golden_check_output(c, "x0_hat", x_0, golden_float_scale(1));
    golden_check_output(c, "V", v, golden_float_scale(1e-3));
    const double z = nqi_gaussian_belief_output(v / complement);
    if (v > 0 && fabs(z) < NQI_BELIEF_LIMIT)
        golden_check(c, "Sigma_t", nqi_gaussian_belief_variance(block, t, z), variance,
                     golden_float_scale(1e-3));
    if (nqi_process_shorten(&chain, NULL, &process, time[steps - 1], steps))
        golden_damaged(c, "the library refuses these times");
    const step_parts jump = parts_of(&chain, steps);
    golden_check_output(c, "beta", chain.schedule.beta[steps - 1], 0);
    golden_check_output(c, "c_s_given_t", jump.c, 0);
    golden_check_output(c, "coef_x_t", jump.x_t, 1);
    golden_check_output(c, "v_s_given_t", jump.v, golden_float_scale(1e-3));
    golden_check_output(c, "mean", jump.c * x_0 + jump.x_t * x, golden_float_scale(1));
    golden_check_output(c, "var", jump.v + jump.c * jump.c * v, golden_float_scale(1e-3));
    check_measured(c, &process, time[steps - 1], steps, v);
    nqi_process_free(&chain);
    nqi_process_free(&process);
    nq_schedule_free(&s);
}

/* A chain of data N(0, s2), and what its longer steps believe. */
typedef struct long_chain {
    linear_chain chain; /* of the trained steps, until it is shortened */
    nqi_process trained;
    const double *a, *variance; /* [T] */
    uint32_t *time;
    size_t steps;
    double s2;
    double *slope, *v; /* [steps] x_0 = slope x_t, and its variance */
    double *short_a, *short_s;
    double *ratio; /* [steps] V / (1 - abar) */
} long_chain;

static void open_row(long_chain *l, golden_case *c, const cJSON *row, const nq_schedule *s)
{
    l->time = golden_times(c, cJSON_GetObjectItemCaseSensitive(row, "tau"), &l->steps);
    chain_new(&l->chain, c, s, 1, NQI_LANES, 0);
    nqi_process_learn_last(&l->chain.process, 1);
    for (size_t t = 1; t <= s->steps; t++) {
        nqi_real at_0[2], at_1[2];
        set_outputs(at_0, &l->chain.process, t, 0, 0, l->variance[t - 1]);
        set_outputs(at_1, &l->chain.process, t, 1, l->a[t - 1], l->variance[t - 1]);
        chain_set_outputs(&l->chain, t, (double)at_1[0], 0, (double)at_0[1]);
    }
    l->trained = l->chain.process;
    l->slope = golden_new(c, 5 * l->steps, sizeof *l->slope);
    l->v = l->slope + l->steps;
    l->short_a = l->v + l->steps;
    l->short_s = l->short_a + l->steps;
    l->ratio = l->short_s + l->steps;
    for (size_t k = 1; k <= l->steps; k++) {
        const size_t t = l->time[k];
        belief_of(&l->trained, t, 1, l->a[t - 1], l->variance[t - 1], &l->slope[k - 1],
                  &l->v[k - 1]);
    }
}

/* Each chain has its own V: the step's, or the mean over the data. */
static void shorten(long_chain *l, golden_case *c, const double *v)
{
    for (size_t k = 0; k < l->steps; k++)
        l->ratio[k] =
            fmax(v[k], 1e-300) / l->trained.schedule.one_minus_alpha_bar[l->time[k + 1] - 1];
    const nqi_residual residual = {l->steps, 1, l->time + 1, l->ratio};
    l->trained.blocks[0].residual = &residual;
    if (nqi_process_shorten(&l->chain.process, NULL, &l->trained, l->time, l->steps))
        golden_damaged(c, "the library refuses these times");
    l->trained.blocks[0].residual = NULL;
    l->chain.batch.tape.map.trained = l->chain.process.time;
    for (size_t k = 1; k <= l->steps; k++) {
        const step_parts jump = parts_of(&l->chain.process, k);
        const size_t t = l->time[k];
        const int is_long = t - l->time[k - 1] > 1;
        l->short_a[k - 1] = is_long ? jump.c * l->slope[k - 1] + jump.x_t : l->a[t - 1];
        l->short_s[k - 1] = is_long ? jump.v + jump.c * jump.c * v[k - 1] : l->variance[t - 1];
    }
}

static double number_of(golden_case *c, const cJSON *object, const char *name)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!field)
        golden_damaged(c, "a row has no \"%s\"", name);
    return golden_value(c, field, name);
}

static void check_row_list(golden_case *c, const cJSON *row, const char *name, const double *got,
                           size_t count, double scale)
{
    const double *want =
        golden_list(c, cJSON_GetObjectItemCaseSensitive(row, name), name, count, NULL);
    for (size_t i = 0; i < count; i++)
        golden_check_at(c, name, i, got[i], want[i], scale);
}

/* A variance that a belief cannot say is left to the scalar forms. */
static int is_sayable(const long_chain *l)
{
    int all = 1;
    for (size_t k = 0; k < l->steps; k++)
        all &= fabs(log(l->ratio[k])) < NQI_BELIEF_LIMIT || l->time[k + 1] - l->time[k] < 2;
    return all;
}

static double scalar_kl(const long_chain *l, size_t k)
{
    const nq_schedule *s = &l->chain.process.schedule;
    double sum = 0;
    for (int j = 0; j < 4; j++) {
        const double x_0 = (j & 1 ? 1 : -1) * sqrt(l->s2), noise = j & 2 ? 1 : -1;
        const double x_t =
            sqrt(s->alpha_bar[k - 1]) * x_0 + sqrt(s->one_minus_alpha_bar[k - 1]) * noise;
        const double mean = l->short_a[k - 1] * x_t, variance = l->short_s[k - 1];
        nqi_real q_mean, v;
        nqi_gaussian_posterior(s, k, (nqi_real)x_t, (nqi_real)x_0, &q_mean, &v);
        sum += k > 1
                   ? (double)nqi_gaussian_kl(q_mean, v, (nqi_real)mean, (nqi_real)variance)
                   : 0.5 * (log_two_pi + log(variance) + (x_0 - mean) * (x_0 - mean) / variance);
    }
    return sum / 4;
}

static void check_bounds(golden_case *c, long_chain *l, const cJSON *want, int learned)
{
    linear_chain *chain = &l->chain;
    const double root = sqrt(l->s2);
    const int sayable = is_sayable(l);
    double *kl = golden_new(c, l->steps, sizeof *kl), paid = 0, variance = 1;
    nqi_process_learn_last(&chain->process, learned);
    const nqi_real x_0 = (nqi_real)root;
    const double first = nqi_process_entropy_first(&chain->process, &x_0, 1);
    for (size_t k = 1; k <= l->steps; k++) {
        if (k > 1 || learned)
            kl[k - 1] =
                sayable ? chain_kl(chain, k, &root) + (k > 1 ? 0 : first) : scalar_kl(l, k);
        paid += kl[k - 1];
    }
    const double bound = chain_entropy(chain, l->steps) -
                         nqi_process_entropy_prior(&chain->process) - (learned ? 0 : first) -
                         paid;
    check_row_list(c, want, "kl_t", kl, l->steps, golden_float_scale(1));
    golden_check(c, "K_paper", bound, number_of(c, want, "K_paper"), fmax(1, paid));
    golden_check(c, "K", bound + chain_mean(chain, &root, nqi_process_edge),
                 number_of(c, want, "K"), fmax(1, paid));
    if (sayable) {
        chain_model_covariance(chain, &variance);
    } else {
        for (size_t k = l->steps; k > 0; k--)
            variance = k > 1 || learned
                           ? l->short_a[k - 1] * l->short_a[k - 1] * variance + l->short_s[k - 1]
                           : (1 - chain->process.schedule.beta[0]) * variance +
                                 chain->process.schedule.beta[0];
    }
    golden_check(c, "model_var_x0", variance, number_of(c, want, "model_var_x0"), 0);
    golden_check(c, "E_log_p", -0.5 * (log_two_pi + log(variance) + l->s2 / variance),
                 number_of(c, want, "E_log_p"), 1);
}

static void check_chain_row(golden_case *c, long_chain *l, const cJSON *row)
{
    double *measured = golden_new(c, l->steps, sizeof *measured);
    shorten(l, c, l->v);
    check_row_list(c, row, "b", l->chain.process.schedule.beta, l->steps, 0);
    check_row_list(c, row, "A", l->short_a, l->steps, golden_float_scale(1));
    check_row_list(c, row, "S", l->short_s, l->steps, golden_float_scale(1e-3));
    check_bounds(c, l, cJSON_GetObjectItemCaseSensitive(row, "learned"), 1);
    check_bounds(c, l, cJSON_GetObjectItemCaseSensitive(row, "fixed"), 0);
    nqi_process_free(&l->chain.process);
    for (size_t k = 0; k < l->steps; k++) {
        const nq_schedule *s = &l->trained.schedule;
        const size_t t = l->time[k + 1];
        const double gap = 1 - l->slope[k] * sqrt(s->alpha_bar[t - 1]);
        measured[k] =
            l->s2 * gap * gap + l->slope[k] * l->slope[k] * s->one_minus_alpha_bar[t - 1];
    }
    shorten(l, c, measured);
    check_row_list(c, row, "measured_V", measured, l->steps, golden_float_scale(1e-3));
    check_row_list(c, row, "measured_S", l->short_s, l->steps, golden_float_scale(1e-3));
    check_bounds(c, l, cJSON_GetObjectItemCaseSensitive(row, "measured_learned"), 1);
    nqi_process_free(&l->chain.process);
}

void golden_check_respaced_gauss_chain(golden_case *c)
{
    nq_schedule s;
    const cJSON *row;
    golden_schedule(&s, c);
    long_chain l = {.s2 = golden_number(c, "s2"),
                    .a = golden_input_list(c, "A", s.steps, NULL),
                    .variance = golden_input_list(c, "S", s.steps, NULL)};
    cJSON_ArrayForEach(row, golden_output(c, "rows"))
    {
        open_row(&l, c, row, &s);
        check_chain_row(c, &l, row);
        l.chain.process = l.trained;
        chain_free(&l.chain);
    }
    nq_schedule_free(&s);
}
