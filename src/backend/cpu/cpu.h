/* cpu.h - the tables of vector kernels; ask only for one that the machine runs. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_H
#define NQI_BACKEND_CPU_H

#include "backend/ops.h"

/* Float32 builds only; the first two on x86-64 only. */
const nqi_ops *nqi_ops_avx512(void);
const nqi_ops *nqi_ops_avx2(void);
const nqi_ops *nqi_ops_generic(void);

#endif
