/* ref.c - the reference table: plain C, written to be read. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/ref/ref.h"

static const nqi_ops table = {
    .name = "ref",
    .dense.forward = nqi_ref_dense_forward,
    .dense.backward_input = nqi_ref_dense_backward_input,
    .dense.backward_weight = nqi_ref_dense_backward_weight,
    .conv.forward = nqi_ref_conv_forward,
    .conv.backward_input = nqi_ref_conv_backward_input,
    .conv.backward_weight = nqi_ref_conv_backward_weight,
    .conv.scratch = nqi_ref_conv_scratch,
    .conv.pool = nqi_ref_pool,
    .conv.unpool = nqi_ref_unpool,
    .activate = nqi_ref_activate,
    .activate_backward = nqi_ref_activate_backward,
    .vexp = nqi_ref_vexp,
    .vlog = nqi_ref_vlog,
    .vadd = nqi_ref_vadd,
    .rbf.forward = nqi_ref_rbf_forward,
    .rbf.backward = nqi_ref_rbf_backward,
    .random.bits = nqi_ref_random_bits,
    .random.uniform = nqi_ref_random_uniform,
    .random.normal = nqi_ref_random_normal,
    .random.bits_rows = nqi_ref_random_bits_rows,
    .random.uniform_rows = nqi_ref_random_uniform_rows,
    .random.normal_rows = nqi_ref_random_normal_rows,
    .random.permute = nqi_stream_permute_run,
    .gaussian.corrupt = nqi_ref_gaussian_corrupt,
    .gaussian.divergence = nqi_ref_gaussian_divergence,
    .gaussian.reverse = nqi_ref_gaussian_reverse,
    .gaussian.belief_divergence = nqi_ref_belief_divergence,
    .gaussian.belief_reverse = nqi_ref_belief_reverse,
    .binomial.corrupt = nqi_ref_binomial_corrupt,
    .binomial.divergence = nqi_ref_binomial_divergence,
    .binomial.reverse = nqi_ref_binomial_reverse,
    .levels.corrupt = nqi_ref_levels_corrupt,
    .levels.divergence = nqi_ref_levels_divergence,
    .levels.reverse = nqi_ref_levels_reverse,
    .levels.mix = nqi_ref_law_mix,
    .levels.multiply = nqi_ref_law_multiply,
    .levels.divide = nqi_ref_law_divide,
    .adam = nqi_ref_adam,
    .rmsprop = nqi_ref_rmsprop,
    .average = nqi_ref_average,
    .adam_average = nqi_ref_adam_average,
    .sum_squares = nqi_ref_sum_squares,
};

const nqi_ops *nqi_ops_ref(void)
{
    return &table;
}
