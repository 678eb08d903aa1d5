/* test_tiles.c - large pictures in tiles, in the library that users run. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "math/tile_cases.h"
