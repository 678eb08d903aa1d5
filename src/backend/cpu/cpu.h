/* cpu.h - the backends of vector kernels, of which each machine runs some. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_CPU_H
#define NQI_BACKEND_CPU_H

#include "backend/ops.h"

/* Files named *.inc.h are templates: each is compiled once for every instruction set, and says on
 * top what it takes and what it makes. A backend is a file cpu_<isa>.c, which includes
 *   isa_<isa>.inc.h     the parameters of all others: how wide vectors are, and what C's vector
 *                       types do not express
 *   kernel_*.inc.h      kernels in terms of them, as static functions
 *   kernel_table.inc.h  all kernels, and the table of them. */

/* Float32 builds only; those with avx on x86-64 only. Ask only for what the machine runs. */
const nqi_ops *nqi_ops_avx512(void);
const nqi_ops *nqi_ops_avx2(void);
const nqi_ops *nqi_ops_generic(void);
/* avx512 but for dense layers, whose factors are rounded to bfloat16. */
const nqi_ops *nqi_ops_avx512_bf16(void);

#endif
