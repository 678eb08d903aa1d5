/* gaussian_path.c - trajectories of real numbers: a forward step, and log p - log q of a step. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "family/gaussian/gaussian.h"

void nqi_gaussian_forward_step(const nqi_process *process, const nqi_batch *batch, size_t t,
                               double *after, const double *before)
{
    const double beta = process->schedule.beta[t - 1];
    const double keep = sqrt(1 - beta), spread = sqrt(beta);
    for (size_t j = 0; j < process->dim * batch->tape.ld; j++)
        after[j] = keep * before[j] + spread * (double)batch->noise[j];
}

/* log pi(x_{t-1}) - log pi(x_t), the kernel being reversible */
static void add_prior_ratio(double *log_w, const double *before, const double *after, size_t rows)
{
    for (size_t r = 0; r < rows; r++)
        log_w[r] += 0.5 * (after[r] - before[r]) * (after[r] + before[r]);
}

/* With e = exp(-(z_var + logit beta)), S = 1 / (1 + e). Both errors are differences of float64
 * states whose leading digits agree. */
void nqi_gaussian_log_ratio(const nqi_process *process, const nqi_batch *batch, size_t t,
                            double *log_w, const double *before, const double *after)
{
    const size_t ld = batch->tape.ld, i_t = t - 1;
    const nq_schedule *s = &process->schedule;
    const double beta = s->beta[i_t], keep = sqrt(1 - beta), log_beta = log(beta);
    const double logit_beta = log_beta - log1p(-beta);
    const double abar_before = i_t ? s->alpha_bar[i_t - 1] : 1;
    const double shift = process->forward_form
                             ? sqrt(beta)
                             : sqrt(abar_before) * beta / sqrt(s->one_minus_alpha_bar[i_t]);
    for (size_t i = 0; i < process->dim; i++) {
        const double *now = before + i * ld, *next = after + i * ld;
        if (t < process->first_learned) {
            add_prior_ratio(log_w, now, next, ld);
            continue;
        }
        const nqi_real *z = nqi_batch_output(batch) + i * ld;
        const nqi_real *z_var = z + process->dim * ld;
        for (size_t r = 0; r < ld; r++) {
            const double e = exp(-((double)z_var[r] + logit_beta));
            const double error_p = now[r] - keep * next[r] - shift * (double)z[r];
            const double error_q = next[r] - keep * now[r];
            log_w[r] += 0.5 * (log_beta + log1p(e) + error_q * error_q / beta -
                               error_p * error_p * (1 + e));
        }
    }
}
