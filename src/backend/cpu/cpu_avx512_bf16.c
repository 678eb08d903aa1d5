/* cpu_avx512_bf16.c - AVX-512 with dense layers in bfloat16, for training. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_avx512.inc.h"
#include "backend/cpu/kernel_bf16.inc.h"

static const nqi_ops table = {
    .name = "avx512-bf16",
    .precision = NQI_BF16,
    .over = nqi_ops_avx512,
    .dense.forward = bf16_forward,
    .dense.backward_input = bf16_backward_input,
    .dense.backward_weight = bf16_backward_weight,
};

const nqi_ops *nqi_ops_avx512_bf16(void)
{
    return &table;
}
