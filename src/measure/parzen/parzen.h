/* parzen.h - rows under an equal mixture of Gaussians around samples, for some widths at once. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_PARZEN_H
#define NQI_MEASURE_PARZEN_H

#include <noneq/likelihood.h>

#include "core/arena.h"
#include "core/real.h"

/* Scratch of a thread. */
typedef struct nqi_parzen_scratch {
    nqi_arena arena;
    nqi_real *x;       /* [dim][rows of a work item] */
    nqi_real *product; /* [samples of a call][rows] x.s - |s|^2 / 2 */
} nqi_parzen_scratch;

typedef struct nqi_parzen_sum {
    nq_context *context;
    const nq_dataset *samples;
    size_t sample_count, dim;
    double *shift, *scale;       /* [dim] mean of the samples, 1 / unit */
    nqi_real *slab;              /* [slab_most][dim] samples, centred and in units */
    nqi_real *bias;              /* [slab_most] -|s|^2 / 2 */
    size_t slab_most;            /* samples that are held in memory as numbers */
    size_t first, slab_rows;     /* samples in the slab */
    nqi_parzen_scratch *scratch; /* [threads] */

    /* One set of rows under some widths. */
    const nq_dataset *data;
    size_t rows;       /* used: evenly spread over the data */
    double *precision; /* [widths] 1 / width^2 */
    size_t widths;
    int grouped;         /* all widths are one: number k is for the k-th part of the samples */
    double *half_square; /* [rows] |x|^2 / 2 */
    double *top;         /* [rows] largest product so far */
    double *sum;         /* [rows][widths] of exp((product - top) / width^2) */
} nqi_parzen_sum;

/* Memory, and the samples' mean; numbers are divided by `unit`. Free it whatever is returned. */
nq_status nqi_parzen_sum_new(nqi_parzen_sum *out, nq_context *context, const nq_dataset *samples,
                             double unit);
void nqi_parzen_sum_free(nqi_parzen_sum *sum);
/* At most `most` rows of `data`, evenly spread, and room for `widths` widths. */
nq_status nqi_parzen_sum_set(nqi_parzen_sum *sum, const nq_dataset *data, size_t most,
                             size_t widths);
/* All samples for these rows, given precision[widths]. NQ_ERROR_SHAPE: a number is not finite. */
nq_status nqi_parzen_sum_run(nqi_parzen_sum *sum);
/* Mean over the rows of log p under width number k; se (of that mean) may be NULL. */
double nqi_parzen_sum_mean(const nqi_parzen_sum *sum, size_t k, double *se);
/* Of grouped sums: the standard error of that mean for the choice of samples. */
double nqi_parzen_sum_spread(const nqi_parzen_sum *sum);

#endif
