/* faults.h - what is said of rows that are impossible. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_FAULTS_H
#define NONEQ_CLI_FAULTS_H

#include <noneq.h>

/* One line on standard error for each of the first few impossible rows. */
void faults_tell(const nq_model *model, const nq_row_fault *faults, size_t count);

#endif
