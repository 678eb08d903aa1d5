/* parzen.c - the Parzen-window estimate of log p, and the choice of its width. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/likelihood.h>

#include <math.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "measure/parzen/parzen.h"

enum { PARTS = 20 }; /* of the samples, whose differences show what their choice makes */

enum {
    GRID = 20,      /* widths of the first search, GRID_LEAST to GRID_MOST, log-spaced */
    REFINEMENT = 9, /* widths of the second one, between the neighbours of the best */
    DEFAULT_VALID = 1000
};
static const double GRID_LEAST = 0.05, GRID_MOST = 1;
static const double WIDTH_LEAST = 1e-30; /* beyond it and 1 / it squares leave float32 */

/* The best of `count` widths, log-spaced from *least to *most, on the present rows; leaves its
 * neighbours in *least and *most. */
static nq_status width_search(double *best, double *least, double *most, nqi_parzen_sum *sum,
                              size_t count)
{
    const double ratio = pow(*most / *least, 1 / (double)(count - 1));
    size_t at = 0;
    double highest = -INFINITY;
    for (size_t k = 0; k < count; k++)
        sum->precision[k] = pow(*least * pow(ratio, (double)k), -2);
    sum->widths = count;
    const nq_status status = nqi_parzen_sum_run(sum);
    if (status)
        return status;
    for (size_t k = 0; k < count; k++) {
        const double mean = nqi_parzen_sum_mean(sum, k, NULL);
        if (mean > highest) {
            highest = mean;
            at = k;
        }
    }
    const double first = *least;
    *best = first * pow(ratio, (double)at);
    *least = first * pow(ratio, at > 0 ? (double)at - 1 : 0);
    *most = first * pow(ratio, (double)(at + 1 < count ? at + 1 : at));
    return NQ_OK;
}

static nq_status width_choose(double *out, nqi_parzen_sum *sum, const nq_dataset *valid,
                              size_t most)
{
    double least = GRID_LEAST, largest = GRID_MOST;
    nq_status status = nqi_parzen_sum_set(sum, valid, most ? most : DEFAULT_VALID, GRID);
    for (int i = 0; i < 2 && !status; i++) {
        const nqi_portion portion =
            nqi_portion_enter(sum->context, 0.5 * (double)i, 0.5 * (double)(i + 1));
        status = width_search(out, &least, &largest, sum, i ? REFINEMENT : GRID);
        nqi_portion_leave(sum->context, portion);
    }
    return status;
}

static nq_status set_check(nq_context *context, const char *name, const nq_dataset *set,
                           size_t dim)
{
    if (!nq_dataset_rows(set))
        return nqi_fail(context, NQ_ERROR_SHAPE, "the %s have no rows: expected at least 1",
                        name);
    if (!dim)
        return nqi_fail(context, NQ_ERROR_SHAPE, "the samples have no columns");
    if (nq_dataset_dim(set) != dim)
        return nqi_fail(context, NQ_ERROR_SHAPE,
                        "the %s have %zu columns, but the samples have %zu", name,
                        nq_dataset_dim(set), dim);
    return NQ_OK;
}

static nq_status arguments_check(nq_context *context, const nq_dataset *samples,
                                 const nq_dataset *data, const nq_dataset *valid,
                                 const nq_parzen_options *options)
{
    const size_t dim = nq_dataset_dim(samples);
    nq_status status;
    if (!isfinite(options->unit) || options->unit < 0)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "Parzen unit %g: expected a positive number, or 0 for 1", options->unit);
    if (!(options->width == 0 ||
          (options->width > WIDTH_LEAST && options->width < 1 / WIDTH_LEAST)))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "Parzen width %g: expected a positive number, or 0 to choose one",
                        options->width);
    if (options->width == 0 && !valid)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "a Parzen width or validation rows that choose it: expected one of them");
    if ((status = set_check(context, "samples", samples, dim)) ||
        (status = set_check(context, "data", data, dim)))
        return status;
    return options->width == 0 ? set_check(context, "validation rows", valid, dim) : NQ_OK;
}

/* The search for a width is a part of the work that its rows tell. */
static nq_status width_find(double *out, double *part, nqi_parzen_sum *sum,
                            const nq_dataset *data, const nq_dataset *valid, size_t most)
{
    const double rows = (double)nq_dataset_rows(valid);
    const double looked = 2 * fmin(rows, most ? (double)most : DEFAULT_VALID);
    *part = looked / (looked + (double)nq_dataset_rows(data));
    const nqi_portion portion = nqi_portion_enter(sum->context, 0, *part);
    const nq_status status = width_choose(out, sum, valid, most);
    nqi_portion_leave(sum->context, portion);
    return status;
}

static nq_status width_use(nqi_parzen_sum *sum, double part)
{
    const nqi_portion portion = nqi_portion_enter(sum->context, part, 1);
    const nq_status status = nqi_parzen_sum_run(sum);
    nqi_portion_leave(sum->context, portion);
    return status;
}

nq_status nq_parzen_estimate(nq_parzen *out, nq_context *context, const nq_dataset *samples,
                             const nq_dataset *data, const nq_dataset *valid,
                             const nq_parzen_options *options)
{
    nq_parzen_options own;
    memset(out, 0, sizeof *out);
    nq_status status = nqi_options_take(&own, context, &nqi_parzen_options, options);
    if (status || (status = arguments_check(context, samples, data, valid, &own)))
        return status;
    options = &own;
    const size_t count = nq_dataset_rows(samples), parts = count < PARTS ? count : PARTS;
    nqi_parzen_sum sum;
    double width = options->width, part = 0;
    if ((status =
             nqi_parzen_sum_new(&sum, context, samples, options->unit > 0 ? options->unit : 1)) ||
        (width == 0 &&
         (status = width_find(&width, &part, &sum, data, valid, options->valid_rows))) ||
        (status = nqi_parzen_sum_set(&sum, data, nq_dataset_rows(data), parts)))
        goto done;
    for (size_t k = 0; k < parts; k++)
        sum.precision[k] = 1 / (width * width);
    sum.grouped = 1;
    if ((status = width_use(&sum, part)))
        goto done;
    *out = (nq_parzen){.rows = sum.rows,
                       .samples = sum.sample_count,
                       .dim = sum.dim,
                       .width = width,
                       .se_samples = parts > 1 ? nqi_parzen_sum_spread(&sum) : INFINITY};
    out->likelihood = nqi_parzen_sum_mean(&sum, 0, &out->se);
done:
    nqi_parzen_sum_free(&sum);
    return status;
}
