/* gaussian.h - what the files of the Gaussian family share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_FAMILY_GAUSSIAN_GAUSSIAN_H
#define NQI_FAMILY_GAUSSIAN_GAUSSIAN_H

#include "diffusion/process.h"

/* nqi_family.forward_step and .log_ratio */
void nqi_gaussian_forward_step(const nqi_process *process, const nqi_batch *batch, size_t t,
                               double *after, const double *before);
void nqi_gaussian_log_ratio(const nqi_process *process, const nqi_batch *batch, size_t t,
                            double *log_w, const double *before, const double *after);

#endif
