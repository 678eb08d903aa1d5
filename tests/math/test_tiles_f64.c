/* test_tiles_f64.c - large pictures in tiles, in float64, to twelve digits. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/tile_cases.h"
