/* gaussian.c - each number decays by sqrt(alpha_t) and gains noise of variance beta_t. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "family/gaussian/gaussian.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"

/* Beyond this nothing of float32 is left of the smaller part. */
static const double log_odds_most = 80;

static nqi_gaussian_step step_tables(const nqi_block *block, size_t i,
                                     const nqi_gaussian_tables *tables)
{
    const nq_schedule *s = &block->schedule;
    const double before = i ? s->alpha_bar[i - 1] : 1;
    const double beta = s->beta[i], spread = sqrt(s->one_minus_alpha_bar[i]);
    const double cs = sqrt(before) * beta / spread;
    const double log_v = i ? s->log_v[i] : log(beta) - tables->point_log;
    const double log_odds = fmin(fmax(2 * log(cs) - log_v, -log_odds_most), log_odds_most);
    return (nqi_gaussian_step){
        .signal = (nqi_real)sqrt(s->alpha_bar[i]),
        .spread = (nqi_real)spread,
        .root_alpha = (nqi_real)sqrt(1 - beta),
        .cs = (nqi_real)cs,
        .gain = (nqi_real)(tables->forward_form ? sqrt(beta) / cs : 1),
        .logit_beta = (nqi_real)(beta < 1 ? log(beta) - log1p(-beta) : log_odds_most),
        .log_v = (nqi_real)log_v,
        .odds = (nqi_real)exp(log_odds),
        .rest = (nqi_real)exp(-log_odds),
    };
}

/* What is measured in the place of a belief, where the network has none. */
static nq_status measured_new(nqi_block *block, nqi_gaussian_tables *tables)
{
    if (tables->belief || !block->trained->residual)
        return NQ_OK;
    tables->measured = calloc(block->schedule.steps * block->count, sizeof *tables->measured);
    for (size_t t = 1; tables->measured && t <= block->schedule.steps; t++)
        for (size_t i = 0; i < block->count; i++) {
            const double ratio = nqi_residual_at(block->trained, block->time[t], i);
            tables->measured[(t - 1) * block->count + i] =
                (nqi_real)nqi_gaussian_belief_output(ratio);
        }
    return tables->measured ? NQ_OK : NQ_ERROR_MEMORY;
}

/* Of a chain of fewer steps: forms are those that were trained. */
static nq_status short_new(nqi_block *block)
{
    const nqi_gaussian_tables *trained = nqi_gaussian_of(block->trained);
    nqi_gaussian_tables *tables = block->tables = calloc(1, sizeof *tables);
    if (!tables)
        return NQ_ERROR_MEMORY;
    tables->forward_form = trained->forward_form;
    tables->belief = trained->belief;
    tables->point_log = trained->belief || nqi_block_is_long(block, 1) ? 40 : 30;
    tables->step = calloc(block->schedule.steps, sizeof *tables->step);
    return tables->step ? measured_new(block, tables) : NQ_ERROR_MEMORY;
}

/* A step that was trained stays as it was, and the outputs of any keep their meaning. */
static nqi_gaussian_step short_step(const nqi_block *block, size_t i,
                                    const nqi_gaussian_tables *tables)
{
    const nqi_gaussian_step *trained =
        &nqi_gaussian_of(block->trained)->step[block->time[i + 1] - 1];
    nqi_gaussian_step step = *trained;
    if (nqi_block_is_long(block, i + 1)) {
        step = step_tables(block, i, tables);
        step.gain = trained->gain;
    }
    return step;
}

static nq_status tables_new(nqi_block *block, nq_context *context,
                            const nq_model_options *options)
{
    const char *form = options && options->mean_form[0] ? options->mean_form : "x0";
    const char *variance = options && options->variance_form[0] ? options->variance_form : "free";
    if (strcmp(form, "x0") && strcmp(form, "forward") && strcmp(form, "paper"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "unknown mean form \"%s\": expected x0, forward or paper", form);
    if (strcmp(variance, "free") && strcmp(variance, "belief"))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "unknown variance form \"%s\": expected free or belief", variance);
    if (!strcmp(form, "paper") && strcmp(variance, "free"))
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "\036mean_form paper is made of the variance of a reverse step: expected "
                        "\036variance_form free");
    nqi_gaussian_tables *tables = calloc(1, sizeof *tables);
    if (!tables)
        return NQ_ERROR_MEMORY;
    tables->forward_form = !strcmp(form, "forward");
    tables->paper_form = !strcmp(form, "paper");
    tables->belief = !strcmp(variance, "belief");
    tables->point_log = tables->belief ? 40 : 30;
    tables->step = calloc(block->schedule.steps, sizeof *tables->step);
    block->tables = tables;
    return tables->step ? NQ_OK : NQ_ERROR_MEMORY;
}

static nq_status gaussian_prepare(nqi_block *block, nq_context *context,
                                  const nq_model_options *options)
{
    const nq_status status = block->tables    ? NQ_OK
                             : block->trained ? short_new(block)
                                              : tables_new(block, context, options);
    if (status)
        return status;
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    for (size_t i = 0; i < block->schedule.steps; i++)
        tables->step[i] =
            block->trained ? short_step(block, i, tables) : step_tables(block, i, tables);
    return NQ_OK;
}

static void gaussian_release(nqi_block *block)
{
    nqi_gaussian_tables *tables = block->tables;
    if (tables) {
        free(tables->step);
        free(tables->measured);
    }
    free(tables);
    block->tables = NULL;
}

static const nqi_gaussian_step *step_at(const nqi_block *block, size_t t)
{
    return &nqi_gaussian_of(block)->step[t - 1];
}

static void gaussian_draw(const nqi_block *block, const nqi_ops *ops, nqi_real *noise, size_t ld,
                          const nqi_stream *stream, size_t rows)
{
    ops->random.normal_rows(noise, ld, stream, rows, block->count);
}

static void gaussian_corrupt(const nqi_block *block, const nqi_rows *rows)
{
    rows->ops->gaussian.corrupt(rows->x_t, rows->x_0, rows->noise, step_at(block, rows->t),
                                nqi_rows_extent(rows, block->count));
}

enum { MEASURED_ROWS = 64 }; /* at a time */

/* Of numbers whose variance was measured, each a constant: no gradient. */
static void measured_divergence(const nqi_block *block, const nqi_rows *rows, size_t first,
                                size_t count, nqi_real *kl)
{
    nqi_real z_var[MEASURED_ROWS], part[MEASURED_ROWS];
    const nqi_gaussian_slopes none = {NULL, NULL, 0};
    memset(kl, 0, rows->rows * sizeof *kl);
    for (size_t i = first; i < first + count; i++)
        for (size_t r = 0; r < rows->rows; r += MEASURED_ROWS) {
            const size_t left = rows->rows - r, at = i * rows->ld + r;
            const size_t some = left < MEASURED_ROWS ? left : MEASURED_ROWS;
            for (size_t j = 0; j < some; j++)
                z_var[j] = (nqi_real)nqi_gaussian_z_var(block, rows, i, at + j);
            const nqi_gaussian_z outputs = {rows->output + at, z_var};
            const nqi_extent one = {1, some, rows->ld};
            rows->ops->gaussian.belief_divergence(part, none, outputs, rows->x_0 + at,
                                                  rows->noise + at, step_at(block, rows->t), one);
            for (size_t j = 0; j < some; j++)
                kl[r + j] += part[j];
        }
}

static void gaussian_divergence(const nqi_block *block, const nqi_rows *rows, size_t first,
                                size_t count, nqi_real *kl, nqi_real weight)
{
    if (nqi_gaussian_of(block)->measured && nqi_block_is_long(block, rows->t)) {
        measured_divergence(block, rows, first, count, kl);
        return;
    }
    const size_t at = first * rows->ld, half = block->count * rows->ld;
    const nqi_gaussian_z outputs = {rows->output + at, rows->output + at + half};
    nqi_gaussian_slopes slopes = {NULL, NULL, weight};
    if (rows->output_gradient) {
        slopes.dz = rows->output_gradient + at;
        slopes.dz_var = slopes.dz + half;
    }
    const nqi_gaussian_ops *ops = &rows->ops->gaussian;
    (nqi_gaussian_of(block)->belief ? ops->belief_divergence
                                    : ops->divergence)(kl, slopes, outputs, rows->x_0 + at,
                                                       rows->noise + at, step_at(block, rows->t),
                                                       nqi_rows_extent(rows, count));
}

static void gaussian_start(const nqi_block *block, const nqi_rows *rows)
{
    for (size_t i = 0; i < block->count; i++)
        memcpy(rows->x_t + i * rows->ld, rows->noise + i * rows->ld,
               rows->rows * sizeof *rows->x_t);
}

/* Around the last step: N(sqrt(alpha_1) x_1, beta_1), the forward transition. */
static void last_step(const nqi_block *block, const nqi_rows *rows)
{
    const nqi_real keep = step_at(block, 1)->root_alpha;
    const nqi_real deviation = (nqi_real)sqrt(block->schedule.beta[0]);
    for (size_t i = 0; i < block->count; i++)
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++)
            rows->x_t[j] = keep * rows->x_t[j] + deviation * rows->noise[j];
}

static void measured_reverse(const nqi_block *block, const nqi_rows *rows)
{
    const nqi_gaussian_step *step = step_at(block, rows->t);
    for (size_t i = 0; i < block->count; i++) {
        const double z_var = nqi_gaussian_z_var(block, rows, i, i * rows->ld);
        const nqi_real deviation =
            (nqi_real)sqrt(nqi_gaussian_belief_variance(block, rows->t, z_var));
        for (size_t j = i * rows->ld; j < i * rows->ld + rows->rows; j++)
            rows->x_t[j] = step->root_alpha * rows->x_t[j] +
                           step->cs * step->gain * rows->output[j] + deviation * rows->noise[j];
    }
}

static void gaussian_reverse(const nqi_block *block, const nqi_rows *rows)
{
    if (rows->t < block->first_learned) {
        last_step(block, rows);
        return;
    }
    if (nqi_gaussian_of(block)->measured && nqi_block_is_long(block, rows->t)) {
        measured_reverse(block, rows);
        return;
    }
    const nqi_gaussian_z outputs = {rows->output, rows->output + block->count * rows->ld};
    const nqi_gaussian_ops *ops = &rows->ops->gaussian;
    (nqi_gaussian_of(block)->belief ? ops->belief_reverse
                                    : ops->reverse)(rows->x_t, rows->x_t, outputs, rows->noise,
                                                    step_at(block, rows->t),
                                                    nqi_rows_extent(rows, block->count));
}

static int gaussian_needs_residual(const nqi_block *block)
{
    return !nqi_gaussian_of(block)->belief;
}

static void gaussian_normal(const nqi_block *block, size_t t, nqi_normal_step *out)
{
    const nqi_gaussian_tables *tables = nqi_gaussian_of(block);
    const nqi_gaussian_step *step = &tables->step[t - 1];
    const double keep = block->schedule.alpha_bar[t - 1];
    const double complement = block->schedule.one_minus_alpha_bar[t - 1];
    const double slope = (double)step->cs / (double)step->spread;
    *out = (nqi_normal_step){.root_keep = step->signal,
                             .noise = (nqi_real)(complement / keep),
                             .signal = step->signal,
                             .unit = 1 / (step->spread * step->gain),
                             .is_belief = (nqi_real)tables->belief,
                             .complement = (nqi_real)complement,
                             .limit = NQI_BELIEF_LIMIT,
                             .v = (nqi_real)exp((double)step->log_v),
                             .slope = (nqi_real)(slope * slope),
                             .logit_beta = step->logit_beta};
}

static const nqi_steps steps = {.draw = gaussian_draw,
                                .corrupt = gaussian_corrupt,
                                .divergence = gaussian_divergence,
                                .start = gaussian_start,
                                .reverse = gaussian_reverse,
                                .read = nqi_gaussian_read,
                                .unread = nqi_gaussian_unread,
                                .outputs = nqi_gaussian_outputs,
                                .said = nqi_gaussian_said,
                                .moments = nqi_gaussian_moments,
                                .belief = nqi_gaussian_belief,
                                .jump_cost = nqi_gaussian_jump_cost,
                                .normal = gaussian_normal,
                                .needs_residual = gaussian_needs_residual};

/* The finest scale that is modelled. Few rows do not tell structure at a fine scale from chance,
 * and a density there is memorised: as with the shrinkage of a covariance, what they tell falls
 * with columns / rows. */
static double choose_beta_1(const nqi_facts *facts)
{
    const double least = 1e-4, most = 0.1;
    const double ratio = (double)facts->dim / (double)facts->rows;
    return fmin(fmax(most * ratio * ratio, least), most);
}

static void gaussian_choose(nq_model_options *options, const nqi_facts *facts)
{
    if (options->dequantize == -1)
        options->dequantize = facts->grey_level;
    if (!(options->beta_1 > 0) && facts->rates_are_chosen && options->steps != 1)
        options->beta_1 = facts->is_picture ? 1e-4 : choose_beta_1(facts);
}

const nqi_family nqi_family_gaussian = {
    .name = "gaussian",
    .outputs = 2,
    .rate_most = 0.999, /* a rate of 1 has no logit, and float32 divides by what is left */
    .is_density = 1,
    .constant_fraction = "constant-fraction-gaussian",
    .options = " mean_form variance_form base ",
    /* Small tables of real numbers overfit without dropout: on 1440 rows of wine and 927 of
     * concrete, hold-out K rose by .55 and 1.8 nats. Bits did not gain (docs/results.md). */
    .defaults = {.schedule = "log-snr",
                 .steps = 200,
                 .dropout = 0.1,
                 .choose = gaussian_choose,
                 .brief = {"log-snr", 50, 0}},
    .expected = "a finite number",
    .prepare = gaussian_prepare,
    .release = gaussian_release,
    .steps = &steps,
    .account = &nqi_gaussian_account,
    .paths = &nqi_gaussian_paths,
    .twisting = &nqi_gaussian_twisting,
    .rates = &nqi_gaussian_rates,
    .readouts = &nqi_gaussian_readouts,
};

/* m_t as sqrt(alpha_t) x_t plus a multiple of x_0 - sqrt(abar_t) x_t, which is what the data adds
 * to the kernel; the two weights are products and ratios, without cancellation. */
void nqi_gaussian_posterior(const nq_schedule *schedule, size_t t, nqi_real x_t, nqi_real x_0,
                            nqi_real *mean, nqi_real *variance)
{
    const size_t i = t - 1;
    const double before = i ? schedule->alpha_bar[i - 1] : 1;
    const double before_complement = i ? schedule->one_minus_alpha_bar[i - 1] : 0;
    const double complement = schedule->one_minus_alpha_bar[i], beta = schedule->beta[i];
    const double weight_0 = sqrt(before) * beta / complement;
    const double weight_t = sqrt(1 - beta) * before_complement / complement;
    *mean = (nqi_real)(weight_0 * (double)x_0 + weight_t * (double)x_t);
    *variance = (nqi_real)(beta * before_complement / complement);
}

nqi_real nqi_gaussian_kl(nqi_real mean_0, nqi_real variance_0, nqi_real mean_1,
                         nqi_real variance_1)
{
    const double d = log((double)variance_1) - log((double)variance_0);
    const double gap = (double)mean_0 - (double)mean_1;
    return (nqi_real)(0.5 * (d + expm1(-d) + gap * gap / (double)variance_1));
}
