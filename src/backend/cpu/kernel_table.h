/* kernel_table.h - all kernels, as the table of the instruction set that was included before. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_KERNEL_TABLE_H
#define NQI_BACKEND_CPU_KERNEL_TABLE_H

#include "backend/cpu/random.h"

#include "backend/cpu/kernel_math.h"

#include "backend/cpu/kernel_activation.h"
#include "backend/cpu/kernel_dense.h"

#include "backend/cpu/kernel_conv.h"
#include "backend/cpu/kernel_conv_weight.h"
#include "backend/cpu/kernel_winograd.h"

#include "backend/cpu/kernel_winograd_weight.h"

#include "backend/cpu/kernel_conv_slots.h"

#include "backend/cpu/kernel_binomial.h"
#include "backend/cpu/kernel_gaussian.h"
#include "backend/cpu/kernel_levels.h"
#include "backend/cpu/kernel_optimiser.h"
#include "backend/cpu/kernel_pool.h"
#include "backend/cpu/kernel_rbf.h"

/* Dense layers may be another's. */
#ifndef DENSE
#define DENSE(slot) dense_##slot
#endif

static const nqi_ops table = {
    .name = ISA_NAME,
    .dense_forward = DENSE(forward),
    .dense_backward_input = DENSE(backward_input),
    .dense_backward_weight = DENSE(backward_weight),
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
    .adam = adam,
    .rmsprop = rmsprop,
    .average = average,
    .adam_average = adam_average,
    .sum_squares = sum_squares,
};

#endif
