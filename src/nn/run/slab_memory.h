/* slab_memory.h - where a slab finds its arrays. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_NN_RUN_SLAB_MEMORY_H
#define NQI_NN_RUN_SLAB_MEMORY_H

#include "nn/run/slab.h"

/* Makes the tail work on pixels first..first+count-1 of each plane. */
void nqi_slab_place(nqi_slab *slab, size_t first, size_t count);

#endif
