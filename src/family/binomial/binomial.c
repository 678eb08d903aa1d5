/* binomial.c - each bit relaxes towards its mean m with rate beta_t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "family/binomial/binomial.h"

#include <math.h>
#include <stdlib.h>

void nqi_binomial_posterior(const nq_schedule *schedule, size_t t, double m, int x_t, int x_0,
                            double *one, double *zero)
{
    const size_t i = t - 1;
    const double keep = i ? schedule->alpha_bar[i - 1] : 1;
    const double forget = i ? schedule->one_minus_alpha_bar[i - 1] : 0;
    const double beta = schedule->beta[i];
    const double weight_1 =
        nqi_bit_law(1 - beta, beta, m, 1, x_t) * nqi_bit_law(keep, forget, m, x_0, 1);
    const double weight_0 =
        nqi_bit_law(1 - beta, beta, m, 0, x_t) * nqi_bit_law(keep, forget, m, x_0, 0);
    *one = weight_1 / (weight_1 + weight_0);
    *zero = weight_0 / (weight_1 + weight_0);
}

nqi_real nqi_bernoulli_kl(nqi_real one, nqi_real zero, nqi_real z)
{
    /* log sigmoid both ways, each without cancellation */
    const double x = (double)z;
    const double log_one = x < 0 ? x - log1p(exp(x)) : -log1p(exp(-x));
    const double log_zero = x > 0 ? -x - log1p(exp(-x)) : -log1p(exp(x));
    /* the larger one is near 1, where only the smaller has its logarithm's digits */
    const double a = (double)one, b = (double)zero;
    const double first = a > 0 ? a * ((a > b ? log1p(-b) : log(a)) - log_one) : 0;
    const double second = b > 0 ? b * ((b > a ? log1p(-a) : log(b)) - log_zero) : 0;
    return (nqi_real)(first + second);
}

static nqi_binomial_step step_tables(const nq_schedule *schedule, size_t t, double m)
{
    nqi_binomial_step step;
    const double keep = schedule->alpha_bar[t - 1];
    const double forget = schedule->one_minus_alpha_bar[t - 1];
    const double beta = schedule->beta[t - 1];
    const double before = t > 1 ? schedule->alpha_bar[t - 2] : 1;
    for (int x_t = 0; x_t < 2; x_t++) {
        double one[2], zero[2];
        nqi_binomial_posterior(schedule, t, m, x_t, 0, &one[0], &zero[0]);
        nqi_binomial_posterior(schedule, t, m, x_t, 1, &one[1], &zero[1]);
        step.q0[x_t] = (nqi_real)one[0];
        step.q0c[x_t] = (nqi_real)zero[0];
        step.q1[x_t] = (nqi_real)one[1];
        step.q1c[x_t] = (nqi_real)zero[1];
        /* one[1] - one[0] in closed form: the numerators' difference is
         * q(x_t|1) q(x_t|0) (q(1|1) q(0|0) - q(0|1) q(1|0)), and the bracket is alpha_bar_{t-1}. */
        const double one_to = nqi_bit_law(1 - beta, beta, m, 1, x_t);
        const double zero_to = nqi_bit_law(1 - beta, beta, m, 0, x_t);
        const double from_one = nqi_bit_law(keep, forget, m, 1, x_t);
        const double from_zero = nqi_bit_law(keep, forget, m, 0, x_t);
        step.gap[x_t] = (nqi_real)(before * one_to * zero_to / (from_one * from_zero));
        step.logit_prior[x_t] = (nqi_real)(log(m) - log1p(-m) + log(from_one) - log(from_zero));
        step.flip[x_t] = (nqi_real)nqi_bit_law(keep, forget, m, x_t, 1);
    }
    return step;
}

static int all_equal(const double *values, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (values[i] < values[0] || values[i] > values[0])
            return 0;
    return 1;
}

static nq_status tables_new(nqi_block *block)
{
    nqi_binomial_tables *tables = calloc(1, sizeof *tables);
    if (!tables)
        return NQ_ERROR_MEMORY;
    const int is_shared = all_equal(block->equilibrium, block->count);
    tables->stride = is_shared ? 0 : 1;
    tables->width = is_shared ? 1 : block->count;
    tables->step = calloc(block->schedule.steps * tables->width, sizeof *tables->step);
    tables->prior = calloc(tables->width, sizeof *tables->prior);
    block->tables = tables;
    return tables->step && tables->prior ? NQ_OK : NQ_ERROR_MEMORY;
}

static nq_status binomial_prepare(nqi_block *block, nq_context *context,
                                  const nq_model_options *options)
{
    (void)context;
    (void)options;
    const nq_status status = block->tables ? NQ_OK : tables_new(block);
    if (status)
        return status;
    const nqi_binomial_tables *tables = nqi_binomial_of(block);
    for (size_t i = 0; i < tables->width; i++)
        tables->prior[i] = log(block->equilibrium[i]) - log1p(-block->equilibrium[i]);
    for (size_t t = 1; t <= block->schedule.steps; t++)
        for (size_t i = 0; i < tables->width; i++)
            tables->step[(t - 1) * tables->width + i] =
                step_tables(&block->schedule, t, block->equilibrium[i]);
    return NQ_OK;
}

static void binomial_release(nqi_block *block)
{
    nqi_binomial_tables *tables = block->tables;
    if (tables) {
        free(tables->step);
        free(tables->prior);
    }
    free(tables);
    block->tables = NULL;
}

static void binomial_draw(const nqi_block *block, const nqi_ops *ops, nqi_real *noise, size_t ld,
                          const nqi_stream *stream, size_t rows)
{
    ops->random.bits_rows((uint32_t *)(void *)noise, ld, stream, rows, block->count);
}

/* Tables of the bits from number `first` on. */
static nqi_binomial_steps steps_from(const nqi_block *block, size_t t, size_t first)
{
    const size_t stride = nqi_binomial_of(block)->stride;
    return (nqi_binomial_steps){nqi_binomial_at(block, t) + first * stride, stride};
}

static void binomial_corrupt(const nqi_block *block, const nqi_rows *rows)
{
    rows->ops->binomial.corrupt(rows->x_t, rows->x_0, nqi_bits_of(rows->noise),
                                steps_from(block, rows->t, 0),
                                nqi_rows_extent(rows, block->count));
}

static void binomial_divergence(const nqi_block *block, const nqi_rows *rows, size_t first,
                                size_t count, nqi_real *kl, nqi_real weight)
{
    const size_t at = first * rows->ld;
    const nqi_slope slope = {rows->output_gradient ? rows->output_gradient + at : NULL, weight};
    rows->ops->binomial.divergence(kl, slope, rows->output + at, rows->x_0 + at, rows->x_t + at,
                                   steps_from(block, rows->t, first),
                                   nqi_rows_extent(rows, count));
}

static void binomial_start(const nqi_block *block, const nqi_rows *rows)
{
    for (size_t i = 0; i < block->count; i++) {
        const double threshold = block->equilibrium[i] * 4294967296.0;
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++)
            rows->x_t[j] = (double)nqi_bits_of(rows->noise)[j] < threshold;
    }
}

/* p(x_0|x_1) = T_pi(x_0|x_1; beta_1): a bit is kept, or drawn from pi. */
static void last_step(const nqi_block *block, const nqi_rows *rows)
{
    const double beta = block->schedule.beta[0];
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const double one =
                nqi_bit_law(1 - beta, beta, block->equilibrium[i], rows->x_t[j] > 0, 1);
            rows->x_t[j] = (double)nqi_bits_of(rows->noise)[j] < one * 4294967296.0;
        }
}

static void binomial_reverse(const nqi_block *block, const nqi_rows *rows)
{
    if (rows->t < block->first_learned) {
        last_step(block, rows);
        return;
    }
    rows->ops->binomial.reverse(rows->x_t, rows->x_t, rows->output, nqi_bits_of(rows->noise),
                                steps_from(block, rows->t, 0),
                                nqi_rows_extent(rows, block->count));
}

static void binomial_moments(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                             nqi_real *variance)
{
    const int fixed = rows->t < block->first_learned;
    for (size_t i = 0; i < block->count; i++) {
        const nqi_binomial_step *step =
            nqi_binomial_at(block, rows->t) + i * nqi_binomial_of(block)->stride;
        const double beta = block->schedule.beta[0], m = block->equilibrium[i];
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const int x_t = rows->x_t[j] > 0;
            const double z = fixed ? 0 : (double)rows->output[j] + (double)step->logit_prior[x_t];
            const double rho = 1 / (1 + exp(-z));
            const double one =
                fixed ? nqi_bit_law(1 - beta, beta, m, x_t, 1)
                      : rho * (double)step->q1[x_t] + (1 - rho) * (double)step->q0[x_t];
            mean[j] = (nqi_real)one;
            variance[j] = (nqi_real)(one * (1 - one));
        }
    }
}

/* rho, which a step's tables are mixed by. */
static void binomial_belief(const nqi_block *block, const nqi_rows *rows, nqi_real *mean,
                            nqi_real *variance)
{
    const size_t stride = nqi_binomial_of(block)->stride;
    if (rows->t < block->first_learned) {
        binomial_moments(block, rows, mean, variance);
        return;
    }
    for (size_t i = 0; i < block->count; i++) {
        const nqi_binomial_step *step = nqi_binomial_at(block, rows->t) + i * stride;
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++) {
            const double logit =
                (double)rows->output[j] + (double)step->logit_prior[rows->x_t[j] > 0];
            const double rho = 1 / (1 + exp(-logit));
            mean[j] = (nqi_real)rho;
            variance[j] = (nqi_real)(rho * (1 - rho));
        }
    }
}

static double binomial_jump_cost(const nqi_block *block, const nqi_jump *jump, size_t i,
                                 const nqi_real *law, size_t stride, double variance, double x_t)
{
    const double m = block->equilibrium[i], pi[2] = {1 - m, m};
    const nqi_real rho[2] = {1 - law[0], law[0]};
    (void)stride;
    (void)variance;
    return nqi_jump_levels(jump, pi, rho, 1, 2, x_t > 0);
}

static void binomial_outputs(const nqi_block *block, const nqi_rows *rows, const nqi_real *mean,
                             const nqi_real *variance, nqi_real *output)
{
    const nqi_real least = 0x1p-26f;
    (void)variance;
    for (size_t i = 0; i < block->count; i++) {
        const size_t first = i * rows->ld, end = first + rows->rows;
        const nqi_binomial_step *step =
            nqi_binomial_at(block, rows->t) + i * nqi_binomial_of(block)->stride;
        for (size_t j = first; j < end; j++) {
            const nqi_real one = mean[j] > least ? mean[j] : least, zero = 1 - mean[j];
            output[j] = one / (zero > least ? zero : least);
        }
        rows->ops->vlog(output + first, output + first, rows->rows);
        for (size_t j = first; j < end; j++)
            output[j] -= step->logit_prior[rows->x_t[j] > 0];
    }
}

static void binomial_said(const nqi_block *block, const nqi_rows *rows, nqi_real *value,
                          nqi_real *variance)
{
    const nqi_binomial_tables *tables = nqi_binomial_of(block);
    (void)variance;
    for (size_t i = 0; i < block->count; i++) {
        const nqi_binomial_step *step = nqi_binomial_at(block, rows->t) + i * tables->stride;
        const double prior = tables->prior[i * tables->stride];
        const nqi_real said[2] = {(nqi_real)((double)step->logit_prior[0] - prior),
                                  (nqi_real)((double)step->logit_prior[1] - prior)};
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++)
            value[j] = said[rows->x_t[j] > 0];
    }
}

static const nqi_steps steps = {.draw = binomial_draw,
                                .corrupt = binomial_corrupt,
                                .divergence = binomial_divergence,
                                .start = binomial_start,
                                .reverse = binomial_reverse,
                                .outputs = binomial_outputs,
                                .said = binomial_said,
                                .moments = binomial_moments,
                                .belief = binomial_belief,
                                .jump_cost = binomial_jump_cost};

/* The data's mean activity, kept off 0 and 1 (Krichevsky-Trofimov), or the one number of the
 * options. */
static double measure(const nq_model_options *options, double sum, double rows, size_t levels)
{
    (void)levels;
    return options->activity > 0 ? options->activity : (sum + 0.5) / (rows + 1);
}

static int is_mean(double number)
{
    return number > 0 && number < 1;
}

static const nqi_equilibrium equilibrium = {.name = "activity",
                                            .fixed =
                                                "it is of bits, which have a mean for each pixel",
                                            .measure = measure,
                                            .holds = is_mean};

static void binomial_choose(nq_model_options *options, const nqi_facts *facts)
{
    (void)facts;
    if (options->dequantize == -1)
        options->dequantize = 0;
}

static int binomial_holds(double x)
{
    return x == 0 || x == 1;
}

const nqi_family nqi_family_binomial = {
    .name = "binomial",
    .outputs = 1,
    .rate_most = 1,
    .tables_for_each = 1,
    .constant_fraction = "constant-fraction",
    .options = " activity ",
    .defaults = {.schedule = "constant-fraction",
                 .scale = "none",
                 .steps = 200,
                 .learn_last = 1, /* a probability, and worth many steps */
                 .network = {.narrow = 32,
                             .narrow_work = 1.2e13, /* msnbc's hold-out K rises to the end */
                             .wide = 768,
                             .dropout_few = 0.2,
                             .dropout = 0.1,
                             .decay = 0.2,
                             .offset = "tree"},
                 .work = 6e12,
                 .choose = binomial_choose,
                 /* a learned last step of bits costs nothing */
                 .brief = {"constant-fraction", 40, 1}},
    .holds = binomial_holds,
    .expected = "0 or 1",
    .prepare = binomial_prepare,
    .release = binomial_release,
    .equilibrium = &equilibrium,
    .steps = &steps,
    .account = &nqi_binomial_account,
    .paths = &nqi_binomial_paths,
    .twisting = &nqi_binomial_twisting,
};
