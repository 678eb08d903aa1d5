/* xgboost.h - trees by XGBoost, for nq_context_use_booster; libnoneq_xgboost, which is built where
 * XGBoost is. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_XGBOOST_H
#define NONEQ_XGBOOST_H

#include <noneq/booster.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The library's own; one thread of XGBoost for each thread of noneq. */
const nq_booster *nq_xgboost(void);

#ifdef __cplusplus
}
#endif
#endif
