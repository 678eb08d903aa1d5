/* options.h - inside the structs of options: taking the caller's, and the check that guards all. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_CORE_OPTION_OPTIONS_H
#define NQI_CORE_OPTION_OPTIONS_H

#include <noneq/option.h>

extern const nq_options_type nqi_context_options, nqi_read_options, nqi_generate_options,
    nqi_crop_options, nqi_model_options, nqi_train_options, nqi_sample_options,
    nqi_posterior_options, nqi_inpaint_options, nqi_bound_options, nqi_ais_options,
    nqi_parzen_options, nqi_check_options, nqi_pool_options, nqi_score_options,
    nqi_evaluate_options, nqi_compare_options, nqi_check_report_options, nqi_describe_options,
    nqi_pool_tables_options, nqi_benchmark_options, nqi_fit_options, nqi_view_options,
    nqi_fill_options, nqi_noise_options, nqi_draw_options, nqi_page_options;

/* The caller's struct (NULL: defaults; of any version) as one of this library: fields that are zero
 * in a zeroed struct, and those that it does not have, are their defaults; every field is in its
 * range. NQ_ERROR_ARGUMENT, NQ_ERROR_UNSUPPORTED, with a sentence; *out is then of no use. */
nq_status nqi_options_take(void *out, nq_context *context, const nq_options_type *type,
                           const void *options);

/* Whether two structs of one type say different things of an option. */
int nqi_option_differs(const void *options, const void *others, const nq_option *option);

/* Holds every field of a struct of this library to its range. path: the file that they come from
 * (NQ_ERROR_FORMAT, "PATH: not a usable WHAT: ..."), or NULL (NQ_ERROR_ARGUMENT). */
nq_status nqi_options_check(nq_context *context, const void *options, const nq_options_type *type,
                            const char *path, const char *what);

#endif
