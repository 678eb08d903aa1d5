/* block_memory.h - where a block finds its arrays. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_BLOCK_MEMORY_H
#define NQI_NN_BLOCK_MEMORY_H

#include "nn/block.h"

/* Makes the tail work on pixels first..first+count-1 of each plane. */
void nqi_slab_place(nqi_slab *block, size_t first, size_t count);

#endif
