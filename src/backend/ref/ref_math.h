/* ref_math.h - functions of one number that stay accurate at both ends. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_BACKEND_REF_MATH_H
#define NQI_BACKEND_REF_MATH_H

#include <tgmath.h>

#include "backend/ops.h"
#include "core/real.h"

/* 1 / (1 + e^-x); e^-|x| never overflows. */
static inline nqi_real sigmoid(nqi_real x)
{
    const nqi_real e = exp(-fabs(x));
    return (x < 0 ? e : 1) / (1 + e);
}

/* log(1 + e^x) */
static inline nqi_real softplus(nqi_real x)
{
    return (x > 0 ? x : 0) + log1p(exp(-fabs(x)));
}

static inline nqi_real log_sigmoid(nqi_real x)
{
    return -softplus(-x);
}

#endif
