/* pooling.c - Rubin's rules. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include <noneq/pool.h>

#include "golden/golden.h"

void golden_check_rubin_pooling(golden_case *c)
{
    nq_context *context;
    nq_pooled pooled;
    size_t count;
    const double *estimates = golden_input_list(c, "q", 0, &count);
    const double *variances = golden_input_list(c, "u", count, NULL);
    const double nu = golden_number(c, "nu");
    const nq_pool_options options = {.df = isinf(nu) ? 0 : nu};
    if (!(nu > 0))
        golden_damaged(c, "input \"nu\": %g degrees of freedom", nu);
    if (nq_context_new(&context, NULL))
        golden_damaged(c, "no context");
    if (nq_pool(&pooled, context, estimates, variances, count, &options))
        golden_damaged(c, "%s", nq_context_message(context));
    nq_context_free(context);
    golden_check_output(c, "mean", pooled.mean, 0);
    golden_check_output(c, "W", pooled.within, 0);
    golden_check_output(c, "B", pooled.between, 0);
    golden_check_output(c, "T", pooled.total, 0);
    golden_check_output(c, "lambda", pooled.lambda, 0);
    golden_check_output(c, "df_old", pooled.df_old, 0);
    golden_check_output(c, "df_obs", pooled.df_observed, 0);
    golden_check_output(c, "df", pooled.df, 0);
    golden_check_output(c, "se", pooled.se, 0);
}
