/* cpu_random_avx2.c - random numbers for x86-64 with AVX2 and FMA. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_avx2.inc.h"
#include "backend/cpu/kernel_random.inc.h"
