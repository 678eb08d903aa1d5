/* kernel_table.inc.h - all kernels, as the table of an instruction set. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
/* Template; takes an isa: ISA(slot), ISA_NAME. Defines `table`, of all slots. */
#ifndef NQI_BACKEND_CPU_KERNEL_TABLE_H
#define NQI_BACKEND_CPU_KERNEL_TABLE_H

#include "backend/cpu/kernel_activation.inc.h"
#include "backend/cpu/kernel_binomial.inc.h"
#include "backend/cpu/kernel_conv_slots.inc.h"
#include "backend/cpu/kernel_dense.inc.h"
#include "backend/cpu/kernel_gaussian.inc.h"
#include "backend/cpu/kernel_levels.inc.h"
#include "backend/cpu/kernel_optimiser.inc.h"
#include "backend/cpu/kernel_pool.inc.h"
#include "backend/cpu/kernel_rbf.inc.h"
#include "backend/cpu/random.h"

static const nqi_ops table = {
    .name = ISA_NAME,
    .dense.forward = dense_forward,
    .dense.backward_input = dense_backward_input,
    .dense.backward_weight = dense_backward_weight,
    .conv.forward = conv_forward,
    .conv.backward_input = conv_backward_input,
    .conv.backward_weight = conv_backward_weight,
    .conv.scratch = conv_scratch,
    .conv.pool = pool,
    .conv.unpool = unpool,
    .activate = activate,
    .activate_backward = activate_backward,
    .vexp = vexp,
    .vlog = vlog,
    .vadd = vadd,
    .rbf.forward = rbf_forward,
    .rbf.backward = rbf_backward,
    .random.bits = ISA(random_bits),
    .random.uniform = ISA(random_uniform),
    .random.normal = ISA(random_normal),
    .random.bits_rows = ISA(random_bits_rows),
    .random.uniform_rows = ISA(random_uniform_rows),
    .random.normal_rows = ISA(random_normal_rows),
    .random.permute = ISA(random_permute),
    .gaussian.corrupt = gaussian_corrupt,
    .gaussian.divergence = gaussian_divergence,
    .gaussian.reverse = gaussian_reverse,
    .gaussian.belief_divergence = belief_divergence,
    .gaussian.belief_reverse = belief_reverse,
    .binomial.corrupt = binomial_corrupt,
    .binomial.divergence = binomial_divergence,
    .binomial.reverse = binomial_reverse,
    .levels.corrupt = levels_corrupt,
    .levels.divergence = levels_divergence,
    .levels.reverse = levels_reverse,
    .levels.mix = law_mix,
    .levels.multiply = law_multiply,
    .levels.divide = law_divide,
    .adam = adam,
    .rmsprop = rmsprop,
    .average = average,
    .adam_average = adam_average,
    .sum_squares = sum_squares,
};

#endif
