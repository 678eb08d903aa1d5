/* cpu_avx2.c - the vector kernels for x86-64 with AVX2 and FMA. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_avx2.inc.h"
#include "backend/cpu/kernel_table.inc.h"

const nqi_ops *nqi_ops_avx2(void)
{
    return &table;
}
