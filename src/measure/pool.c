/* pool.c - Rubin's rules: T = W + (1 + 1/M) B, and how many degrees of freedom that has. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/pool.h>

#include <math.h>

#include "core/context.h"
#include "core/gauss/student.h"
#include "core/option/options.h"

static double mean_of(const double *values, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum / (double)count;
}

static double squares_about(const double *values, size_t count, double mean)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return sum;
}

static nq_status check(nq_context *context, const double *estimates, const double *variances,
                       size_t count, const nq_pool_options *options)
{
    if (count < 2)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "pooling needs the answers of two completed tables or more, not %zu: how "
                        "they differ is what gaps cost",
                        count);
    if (!(options->df >= 0))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "degrees of freedom are positive, not %g (0: infinite)", options->df);
    if (!(options->level >= 0 && options->level < 1))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the probability of an interval is between 0 and 1, not %g",
                        options->level);
    if (options->models > 1 && count % options->models)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "%zu answers are not equally many of each of %zu models", count,
                        options->models);
    for (size_t i = 0; i < count; i++)
        if (!isfinite(estimates[i]) || !isfinite(variances[i]) || variances[i] < 0)
            return nqi_fail(context, NQ_ERROR_ARGUMENT,
                            "answer %zu of %zu is %g with variance %g: expected finite numbers, "
                            "and no negative variance",
                            i + 1, count, estimates[i], variances[i]);
    return NQ_OK;
}

/* What gaps add to the variance, in parts with degrees of freedom of their own. */
typedef struct part {
    double variance, df;
} part;

/* Each answer by a model of its own, or all by one. */
static part between_all(nq_pooled *out, const double *estimates)
{
    const double count = (double)out->count;
    out->between = squares_about(estimates, out->count, out->mean) / (count - 1);
    return (part){(1 + 1 / count) * out->between, count - 1};
}

static part between_models(nq_pooled *out, const double *estimates, size_t models)
{
    const double count = (double)models;
    double sum = 0;
    for (size_t i = 0; i < models; i++) {
        const size_t each = out->count / models;
        const double gap = mean_of(estimates + i * each, each) - out->mean;
        sum += gap * gap;
    }
    out->between = sum / (count - 1);
    return (part){(1 + 1 / count) * out->between, count - 1};
}

static part between_draws(nq_pooled *out, const double *estimates, size_t models)
{
    const size_t each = out->count / models;
    const double df = (double)models * (double)(each - 1);
    double sum = 0;
    for (size_t i = 0; i < models; i++)
        sum += squares_about(estimates + i * each, each, mean_of(estimates + i * each, each));
    out->within_models = sum / df;
    return (part){(1 - 1 / (double)each) * out->within_models, df};
}

/* 1 / df of a sum of variances that are estimated apart (Satterthwaite), the rest of T being sure.
 */
static double inverse_df(double total, part a, part b)
{
    const double x = a.variance / total, y = b.variance / total;
    return x * x / a.df + (b.variance > 0 ? y * y / b.df : 0);
}

static void freedom(nq_pooled *out, part a, part b, double df)
{
    const double inverse = out->total > 0 ? inverse_df(out->total, a, b) : 0;
    const double known = out->total > 0 ? out->within / out->total : 1; /* 1 - lambda */
    out->lambda = out->total > 0 ? (a.variance + b.variance) / out->total : 0;
    out->df_old = inverse > 0 ? 1 / inverse : INFINITY;
    out->df_observed = isinf(df) ? INFINITY : (df + 1) / (df + 3) * df * known;
    out->df = isinf(out->df_observed) ? out->df_old
              : isinf(out->df_old)
                  ? out->df_observed
                  : out->df_old * out->df_observed / (out->df_old + out->df_observed);
}

static void interval(nq_pooled *out, double level)
{
    const double tail = (1 - level) / 2;
    const double t = out->df > 0 ? nqi_student_quantile(tail, out->df) : INFINITY;
    const double half = out->se > 0 ? t * out->se : 0;
    out->low = out->mean - half;
    out->high = out->mean + half;
}

nq_status nq_pool(nq_pooled *out, nq_context *context, const double *estimates,
                  const double *variances, size_t count, const nq_pool_options *options)
{
    nq_pool_options own;
    const nq_pool_options *o = &own;
    *out = (nq_pooled){.count = count};
    nq_status status = nqi_options_take(&own, context, &nqi_pool_options, options);
    if (status || (status = check(context, estimates, variances, count, o)))
        return status;
    const int nested = o->models > 1 && o->models < count;
    out->mean = mean_of(estimates, count);
    out->within = mean_of(variances, count);
    const part a =
        nested ? between_models(out, estimates, o->models) : between_all(out, estimates);
    const part b = nested ? between_draws(out, estimates, o->models) : (part){0, 1};
    out->total = out->within + a.variance + b.variance;
    out->se = sqrt(out->total);
    freedom(out, a, b, o->df > 0 ? o->df : INFINITY);
    interval(out, o->level > 0 ? o->level : 0.95);
    return NQ_OK;
}

double nq_student_quantile(double p, double df)
{
    if (!(p > 0 && p < 1 && df > 0))
        return NAN;
    return p < 0.5 ? -nqi_student_quantile(p, df) : nqi_student_quantile(1 - p, df);
}
