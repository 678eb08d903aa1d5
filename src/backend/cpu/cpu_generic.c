/* cpu_generic.c - the vector kernels for any processor. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_generic.h"

#include "backend/cpu/kernel_table.h"

const nqi_ops *nqi_ops_generic(void)
{
    return &table;
}
