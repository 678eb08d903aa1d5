/* cpu_avx512_bf16.c - AVX-512 with dense layers in bfloat16, for training. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#define ISA_NAME "avx512-bf16"
#include "backend/cpu/isa_avx512.h"

#define DENSE(slot) bf16_##slot
#include "backend/cpu/kernel_dense.h"

#include "backend/cpu/kernel_bf16.h"

#include "backend/cpu/kernel_table.h"

const nqi_ops *nqi_ops_avx512_bf16(void)
{
    return &table;
}
