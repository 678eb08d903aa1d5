/* test_parzen_f64.c - the Parzen-window estimate in float64, to eleven digits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "unit/parzen_cases.h"
