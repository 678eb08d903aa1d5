/* custom.c - the caller's own log r(x_0), at level t and with its gradient. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "evidence/evidence.h"

nq_status nq_evidence_custom(nq_evidence **out, nq_context *context, const nq_model *model,
                             nq_log_evidence function, void *user, int has_gradient,
                             size_t targets)
{
    const nq_status status = nqi_evidence_new(out, context, NQI_EVIDENCE_CUSTOM, model, targets);
    if (status)
        return status;
    (*out)->function = function;
    (*out)->user = user;
    (*out)->has_gradient = has_gradient;
    return NQ_OK;
}

static double ask(const nq_evidence *part, size_t target, const double *row, double *slope)
{
    const double value = part->function(part->user, target, row, slope);
    return value < INFINITY ? value : NAN; /* +infinity is no density */
}

/* log r of the row with column c set to x. */
static double ask_at(const nq_evidence *part, size_t target, double *row, size_t c, double x)
{
    const double kept = row[c];
    row[c] = x;
    const double value = ask(part, target, row, NULL);
    row[c] = kept;
    return value;
}

/* Differences over a thousandth of a deviation either way; of bits, from 0 to 1. */
static double difference(const nq_evidence *part, size_t target, double *row, size_t c)
{
    if (!part->model->process.family->is_density) {
        const double one = ask_at(part, target, row, c, 1);
        const double zero = ask_at(part, target, row, c, 0);
        return one == zero ? 0 : one - zero; /* -inf - -inf: neither is better */
    }
    const double step = 1e-3 * part->model->scaling.deviation[c];
    const double above = row[c] + step, below = row[c] - step;
    const double width = above - below;
    if (!(width > 0))
        return 0;
    const double high = ask_at(part, target, row, c, above);
    const double low = ask_at(part, target, row, c, below);
    return high == low ? 0 : (high - low) / width;
}

/* The point at which r is asked, signal x_t in the data's units, and the power of the answer.
 * Informed: r at E[x_0 | x_t] under pi, tempered because that is not x_0 yet; rows of bits must
 * stay bits. */
static double point_load(const nq_evidence *part, nqi_twist twist, size_t t, const nqi_real *x,
                         size_t stride, double *row, double *signal)
{
    const nq_model *model = part->model;
    const nqi_scaling *scaling = &model->scaling;
    const nq_schedule *schedule = &model->process.schedule;
    const int bits = !model->process.family->is_density;
    const double steps = (double)schedule->steps;
    *signal = 1;
    if (t > 0 && twist == NQI_TWIST_INFORMED && !bits)
        *signal = sqrt(schedule->alpha_bar[t - 1]);
    for (size_t c = 0; c < scaling->columns; c++)
        row[c] = scaling->mean[c];
    for (size_t i = 0; i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        row[c] = *signal * (double)x[i * stride] * scaling->deviation[c] + scaling->mean[c];
    }
    return twist == NQI_TWIST_CONSTANT ? 1 : (steps - (double)t) / steps;
}

double nqi_custom_log(const nq_evidence *part, nqi_twist twist, size_t t, size_t target,
                      const nqi_real *x, size_t stride, double *gradient, double *row,
                      double *slope)
{
    const nqi_scaling *scaling = &part->model->scaling;
    double signal;
    const double kappa = point_load(part, twist, t, x, stride, row, &signal);
    if (kappa == 0) {
        for (size_t i = 0; gradient && i < scaling->active; i++)
            gradient[i * stride] = 0;
        return 0;
    }
    const double value = ask(part, target, row, gradient && part->has_gradient ? slope : NULL);
    for (size_t i = 0; gradient && i < scaling->active; i++) {
        const size_t c = scaling->active_index[i];
        const double each = part->has_gradient ? slope[c] : difference(part, target, row, c);
        gradient[i * stride] = kappa * signal * scaling->deviation[c] * each;
    }
    return kappa * value;
}
