/* number_chain.c - whole chains of one number: onto a grid, and of a column with spikes. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <string.h>

#include "golden/chain.h"
#include "golden/golden.h"
#include "inside.h"
#include "table/warp/levels.h"

/* z = W x_t + b with p(x_{t-1} | x_t) = N(A x_t + B, S). */
static void set_step(linear_chain *chain, size_t t, double a, double b, double s)
{
    const double beta = chain->process.schedule.beta[t - 1];
    const nqi_gaussian_step *step = gaussian_step(&chain->process, t);
    const double gain = (double)step->cs * (double)step->gain;
    chain_set_outputs(chain, t, (a - sqrt(1 - beta)) / gain, b / gain,
                      log(s) - log1p(-s) - log(beta) + log1p(-beta));
}

/* E KL_t over noise and, where `spread` is 1, x_0 ~ N(x, 1): it is quadratic in both, and points
 * +-1 have the same moments. */
static double mean_kl(linear_chain *chain, size_t t, double x, double spread)
{
    double sum = 0;
    for (size_t r = 0; r < NQI_LANES; r++) {
        chain->batch.x_0[r] = (nqi_real)(x + (r & 2 ? spread : -spread));
        chain->batch.noise[r] = r & 1 ? 1 : -1;
    }
    chain_score(chain, t, 1, 0);
    for (size_t r = 0; r < 4; r++)
        sum += 0.25 * (double)chain->batch.kl[r];
    return sum;
}

/* H_q(X_T|X_0) - H_p(X_T) + edge of mean square `square`, and less what stands for H_q(X_1|X_0). */
static double constant(const linear_chain *chain, double square, int has_first)
{
    const nqi_process *p = &chain->process;
    const nqi_real root = (nqi_real)sqrt(square);
    return chain_entropy(chain, p->schedule.steps) - nqi_process_entropy_prior(p) +
           nqi_process_edge(p, &root, 1) -
           (has_first ? nqi_process_entropy_first(p, &root, 1) : 0);
}

/* E of -log P(x_0 = level k | x_1) over x_1 ~ q(x_1 | level k): an even sum, which is exact to
 * rounding for what falls as a normal density does. */
static double last_step_cost(const double *level, size_t count, size_t k, double beta, double a,
                             double s)
{
    const double step = 0.02;
    double sum = 0;
    for (double e = -9; e <= 9; e += step) {
        const double x_1 = sqrt(1 - beta) * level[k] + sqrt(beta) * e;
        sum -= step * exp(nqi_gauss_log_density(e)) *
               nqi_levels_bin(level, count, k, a * x_1, sqrt(s)).log_mass;
    }
    return sum;
}

static double row_number(golden_case *c, const cJSON *row, const char *name)
{
    const cJSON *field = cJSON_GetObjectItemCaseSensitive(row, name);
    if (!field)
        golden_damaged(c, "a row has no \"%s\"", name);
    return golden_value(c, field, name);
}

static void check_level(golden_case *c, linear_chain *chain, const cJSON *row, size_t k,
                        const double *level, size_t count)
{
    const size_t steps = chain->process.schedule.steps;
    const double *a = golden_input_list(c, "A", steps, NULL);
    const double *s = golden_input_list(c, "S", steps, NULL);
    const double *kl =
        golden_list(c, cJSON_GetObjectItemCaseSensitive(row, "kl_t"), "kl_t", steps, NULL);
    double paid = 0, variance = 1;
    for (size_t t = steps; t > 0; t--) {
        const double got =
            t > 1 ? mean_kl(chain, t, level[k], 0)
                  : last_step_cost(level, count, k, chain->process.schedule.beta[0], a[0], s[0]);
        golden_check_at(c, "kl_t", (k << 8) + t - 1, got, kl[t - 1],
                        fmax(1e-5, golden_float_scale(1)));
        paid += got;
        variance = a[t - 1] * a[t - 1] * variance + s[t - 1];
    }
    golden_check_at(c, "K of rows", k, constant(chain, level[k] * level[k], 0) - paid,
                    row_number(c, row, "K"), fmax(1, paid));
    golden_check_at(c, "log_p of rows", k,
                    nqi_levels_bin(level, count, k, 0, sqrt(variance)).log_mass,
                    row_number(c, row, "log_p"), 1e-5);
}

void golden_check_grid_chain(golden_case *c)
{
    nq_schedule s;
    linear_chain chain;
    size_t count, k = 0;
    golden_schedule(&s, c);
    const double *level = golden_input_list(c, "levels", 0, &count);
    const double *a = golden_input_list(c, "A", s.steps, NULL);
    const double *variance = golden_input_list(c, "S", s.steps, NULL);
    chain_new(&chain, c, &s, 1, NQI_LANES, 0);
    nqi_process_learn_last(&chain.process, 1);
    for (size_t t = 2; t <= s.steps; t++)
        set_step(&chain, t, a[t - 1], 0, variance[t - 1]);
    const cJSON *row;
    cJSON_ArrayForEach(row, golden_output(c, "rows"))
    {
        while (k < count && level[k] != row_number(c, row, "level"))
            k++;
        if (k == count)
            golden_damaged(c, "a row's level is not among the levels, or not in their order");
        check_level(c, &chain, row, k, level, count);
    }
    chain_free(&chain);
    nq_schedule_free(&s);
}

/* The number's part of a spiked cell. c_t moves by itself: q(c_t | c_0). */
typedef struct spiked {
    linear_chain chain;
    size_t steps, levels;    /* the last level is "other" */
    const double *rate, *pi; /* of the category */
    const double *a, *b, *s; /* [T], [T][levels], [T] */
} spiked;

static double number_bound(spiked *m, size_t level, double y, double scale)
{
    const int is_spike = level + 1 < m->levels;
    double bound = constant(&m->chain, is_spike ? 1 : y * y, 1), keep = 1;
    for (size_t t = 1; t <= m->steps; t++) {
        keep *= 1 - m->rate[t - 1];
        for (size_t k = 0; k < m->levels && t >= m->chain.process.first_learned; k++) {
            set_step(&m->chain, t, m->a[t - 1], m->b[(t - 1) * m->levels + k], m->s[t - 1]);
            bound -= ((k == level ? keep : 0) + (1 - keep) * m->pi[k]) *
                     mean_kl(&m->chain, t, is_spike ? 0 : y, is_spike ? 1 : 0);
        }
    }
    return bound + (is_spike ? nqi_auxiliary_entropy : -log(scale));
}

static void check_spiked_rows(golden_case *c, spiked *m, const char *last)
{
    size_t spikes, index = 0;
    const double *spike = golden_input_list(c, "spikes", 0, &spikes);
    const double mean = golden_number(c, "mean"), scale = golden_number(c, "scale");
    const cJSON *row, *rows = cJSON_GetObjectItemCaseSensitive(golden_output(c, last), "rows");
    if (!rows || spikes + 1 != m->levels)
        golden_damaged(c, "expected rows, and one level more than spikes");
    cJSON_ArrayForEach(row, rows)
    {
        size_t level = 0;
        const double value = row_number(c, row, "value");
        while (level < spikes && spike[level] != value)
            level++;
        const double got = number_bound(m, level, (value - mean) / scale, scale);
        golden_check_at(c, "K_number", index, got, row_number(c, row, "K_number"), 1);
        golden_check_at(c, "K", index++, got + row_number(c, row, "K_category"),
                        row_number(c, row, "K"), 1);
    }
}

/* Rates "b_real" as a schedule. */
static void real_schedule(nq_schedule *out, golden_case *c)
{
    size_t steps;
    const double *beta = golden_input_list(c, "b_real", 0, &steps);
    if (nq_schedule_from_beta(out, NULL, beta, steps))
        golden_damaged(c, "the library refuses its rates");
}

void golden_check_spiked(golden_case *c)
{
    nq_schedule s;
    spiked m = {0};
    real_schedule(&s, c);
    m.steps = s.steps;
    m.pi = golden_input_list(c, "pi", 0, &m.levels);
    m.rate = golden_input_list(c, "b_cat", s.steps, NULL);
    m.a = golden_input_list(c, "A", s.steps, NULL);
    m.b = golden_input_list(c, "B", s.steps * m.levels, NULL);
    m.s = golden_input_list(c, "S", s.steps, NULL);
    for (int learned = 0; learned < 2; learned++) {
        chain_new(&m.chain, c, &s, 1, NQI_LANES, 0);
        nqi_process_learn_last(&m.chain.process, learned);
        check_spiked_rows(c, &m, learned ? "learned" : "fixed");
        chain_free(&m.chain);
    }
    nq_schedule_free(&s);
}
