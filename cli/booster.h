/* booster.h - who grows the trees of forests: libnoneq_xgboost, loaded when it is needed. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef CLI_BOOSTER_H
#define CLI_BOOSTER_H

#include <noneq.h>

const nq_booster *booster_lazy(void);

#endif
