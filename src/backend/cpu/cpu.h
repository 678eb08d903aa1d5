/* cpu.h - the tables of vector kernels; ask only for one that the machine runs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_H
#define NQI_BACKEND_CPU_H

#include "backend/ops.h"

/* Float32 builds only; those with avx on x86-64 only. */
const nqi_ops *nqi_ops_avx512(void);
const nqi_ops *nqi_ops_avx2(void);
const nqi_ops *nqi_ops_generic(void);
/* avx512 but for dense layers, whose factors are rounded to bfloat16: never the best. */
const nqi_ops *nqi_ops_avx512_bf16(void);

#endif
