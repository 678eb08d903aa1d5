/* test_parzen.c - the Parzen-window estimate of the library that users run. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "unit/parzen_cases.h"
