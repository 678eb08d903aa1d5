/* kernels.h - the tables that this machine runs, for tests without a context. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TESTS_KERNELS_H
#define NQI_TESTS_KERNELS_H

#include "backend/ops.h"

static inline const nqi_backends *kernels(void)
{
    static nqi_backends all;
    if (!all.count)
        nqi_backends_fill(&all);
    return &all;
}

static inline const nqi_ops *best_kernels(void)
{
    return nqi_backends_with(kernels(), NQI_EXACT);
}

#endif
