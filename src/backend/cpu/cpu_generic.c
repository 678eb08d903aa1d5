/* cpu_generic.c - the vector kernels for any processor. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_generic.inc.h"
#include "backend/cpu/kernel_table.inc.h"

const nqi_ops *nqi_ops_generic(void)
{
    return &table;
}
