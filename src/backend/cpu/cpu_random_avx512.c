/* cpu_random_avx512.c - random numbers for x86-64 with AVX-512. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_avx512.inc.h"
#include "backend/cpu/kernel_random.inc.h"
