/* cpu_random_generic.c - random numbers for any processor. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "backend/cpu/isa_generic.inc.h"
#include "backend/cpu/kernel_random.inc.h"
