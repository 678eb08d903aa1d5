/* cpu_avx512.c - the vector kernels for x86-64 with AVX-512. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_avx512.inc.h"
#include "backend/cpu/kernel_table.inc.h"

const nqi_ops *nqi_ops_avx512(void)
{
    return &table;
}
