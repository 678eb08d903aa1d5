/* belief.c - what a question says of a cell, before a pass over rows; what to believe, after it. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "regressor/kernel/pass.h"

const nqi_real *nqi_kernel_sums(const nqi_kernel_pass *pass, size_t cell)
{
    return nqi_kernel_summed(pass) + pass->kernel->cell[cell].at;
}

/* What a question says of a level: log P(what is seen | level) but for a constant. */
static double level_said(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell, size_t k)
{
    const nqi_question *q = pass->question;
    if (cell->levels == 2)
        return k ? (double)q->said[cell->law * q->ld + pass->row] : 0;
    return (double)q->said[(cell->law + k) * q->ld + pass->row];
}

static nqi_cell_logs levels_see(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell)
{
    const double *usual = pass->kernel->usual + cell->at;
    nqi_real *seen = nqi_kernel_seen(pass) + cell->at, *known = nqi_kernel_known(pass) + cell->at;
    double best = -INFINITY, most = -INFINITY, all = 0;
    for (size_t k = 0; k < cell->levels; k++)
        best = fmax(best, level_said(pass, cell, k));
    for (size_t k = 0; k < cell->levels; k++) {
        known[k] = (nqi_real)exp(level_said(pass, cell, k) - best);
        all += usual[k] * (double)known[k];
    }
    for (size_t k = 0; k < cell->levels; k++) {
        const double said = level_said(pass, cell, k) - best;
        const double law = cell->moved > 0
                               ? log((1 - cell->moved) * (double)known[k] + cell->moved * all)
                               : said;
        seen[k] = (nqi_real)law;
        most = fmax(most, law);
    }
    for (size_t k = 0; k < cell->levels; k++)
        seen[k] = (nqi_real)fmax((double)seen[k] - most, (double)nqi_kernel_far_below);
    return (nqi_cell_logs){most, log(all)};
}

static double number_noise(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell)
{
    const nqi_question *q = pass->question;
    return (double)q->said_variance[cell->law * q->ld + pass->row];
}

/* log(a exp(x) + b exp(y)) of logs */
static double log_add(double x, double y)
{
    return fmax(x, y) + log1p(exp(-fabs(x - y)));
}

static double log_normal(double off, double variance)
{
    const double two_pi = 6.283185307179586;
    return -0.5 * (off * off / variance + log(two_pi * variance));
}

static nqi_cell_logs number_see(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell)
{
    const nqi_question *q = pass->question;
    const double y = (double)q->said[cell->law * q->ld + pass->row];
    const double noise = number_noise(pass, cell);
    const double near = cell->reach[0] + noise, far = cell->reach[1] + noise;
    const double log_near = log1p(-cell->moved) + log_normal(0, near);
    const double log_far = log(cell->moved) + log_normal(0, far);
    nqi_real *seen = nqi_kernel_seen(pass) + cell->at;
    seen[NQI_SEEN] = (nqi_real)y;
    seen[NQI_ODDS] = (nqi_real)(log_far - log_near);
    seen[NQI_NEAR] = (nqi_real)(0.5 / near);
    seen[NQI_FAR] = (nqi_real)(0.5 / far);
    seen[NQI_MEETING] = (nqi_real)(log_add(log_near, log_far) - log_near);
    return (nqi_cell_logs){log_add(log_near, log_far),
                           log_normal(y - cell->mean, cell->variance + noise)};
}

nqi_cell_logs nqi_kernel_see(const nqi_kernel_pass *pass, size_t cell)
{
    const nqi_kernel_cell *of = &pass->kernel->cell[cell];
    return of->levels ? levels_see(pass, of) : number_see(pass, of);
}

/* Of a cell of levels: P(what is seen) if it is drawn anew, and the weights of all rows, each by
 * what is seen under it. */
typedef struct level_laws {
    double all, fresh;
} level_laws;

/* P(level and what is seen), but for a factor of all levels: a row's own, or one that is drawn. */
static double level_belief(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell, size_t k,
                           level_laws laws)
{
    const double known = (double)nqi_kernel_known(pass)[cell->at + k];
    const double own = (1 - cell->moved) * known, anew = cell->moved * laws.all;
    const double kept = cell->moved > 0 ? own / (own + anew) : 1;
    return (double)nqi_kernel_summed(pass)[cell->at + k] * kept +
           pass->kernel->usual[cell->at + k] * known *
               (cell->moved * laws.fresh + pass->apart / laws.all);
}

static void levels_believe(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell,
                           nqi_real *mean)
{
    const nqi_real *known = nqi_kernel_known(pass) + cell->at,
                   *sum = nqi_kernel_summed(pass) + cell->at;
    const size_t ld = pass->question->ld, first = cell->levels == 2;
    level_laws laws = {0, 0};
    double total = 0;
    for (size_t k = 0; k < cell->levels; k++)
        laws.all += pass->kernel->usual[cell->at + k] * (double)known[k];
    for (size_t k = 0; k < cell->levels && cell->moved > 0; k++)
        laws.fresh +=
            (double)sum[k] / ((1 - cell->moved) * (double)known[k] + cell->moved * laws.all);
    for (size_t k = 0; k < cell->levels; k++)
        total += level_belief(pass, cell, k, laws);
    for (size_t k = first; k < cell->levels; k++)
        mean[(cell->law + k - first) * ld + pass->row] =
            (nqi_real)(level_belief(pass, cell, k, laws) / total);
}

/* A mixture of what each row makes of the number behind the noise, counted from what is seen. */
static void number_believe(const nqi_kernel_pass *pass, const nqi_kernel_cell *cell,
                           nqi_real *mean, nqi_real *variance)
{
    const nqi_real *sum = nqi_kernel_summed(pass) + cell->at;
    const double y = (double)nqi_kernel_seen(pass)[cell->at + NQI_SEEN],
                 noise = number_noise(pass, cell);
    const double apart = noise / (noise + cell->variance), gap = apart * (cell->mean - y);
    double first = pass->apart * gap;
    double second = pass->apart * (gap * gap + apart * cell->variance), all = pass->apart;
    for (int s = 0; s < NQI_KERNEL_REACHES; s++, sum += NQI_KERNEL_MOMENTS) {
        const double share = noise / (noise + cell->reach[s]);
        all += (double)sum[0];
        first += share * (double)sum[1];
        second += share * (share * (double)sum[2] + cell->reach[s] * (double)sum[0]);
    }
    const size_t at = cell->law * pass->question->ld + pass->row;
    first /= all;
    mean[at] = (nqi_real)(y + first);
    variance[at] = (nqi_real)fmax(second / all - first * first, 0);
}

void nqi_kernel_believe(const nqi_kernel_pass *pass, nqi_real *mean, nqi_real *variance)
{
    for (size_t c = 0; c < pass->kernel->cells; c++)
        if (pass->kernel->cell[c].levels)
            levels_believe(pass, &pass->kernel->cell[c], mean);
        else
            number_believe(pass, &pass->kernel->cell[c], mean, variance);
}
