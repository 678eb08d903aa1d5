/* pass.h - inside of a pass over kept rows: where its parts are. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_REGRESSOR_KERNEL_PASS_H
#define NQI_REGRESSOR_KERNEL_PASS_H

#include "regressor/kernel/kernel.h"

enum { NQI_KERNEL_MOMENTS = 3 }; /* that are summed for each reach of a number */

/* What a number takes of the parts: the value that is seen, the log of far against near where they
 * meet, half precisions of both, the log of their sum there. */
enum { NQI_SEEN, NQI_ODDS, NQI_NEAR, NQI_FAR, NQI_MEETING };

/* Parts of the scratch: logs of weights, the best of each block, and parts of cells. */
static inline nqi_real *nqi_kernel_weights(const nqi_kernel_pass *pass)
{
    return pass->scratch;
}

static inline nqi_real *nqi_kernel_bests(const nqi_kernel_pass *pass)
{
    return pass->scratch + nqi_kernel_blocks(pass->kernel) * NQI_KERNEL_LANES;
}

/* log P(what is seen | level of a row), counted from the largest; of a number the above. */
static inline nqi_real *nqi_kernel_seen(const nqi_kernel_pass *pass)
{
    return nqi_kernel_bests(pass) + nqi_kernel_blocks(pass->kernel);
}

/* P(what is seen | level), the largest 1. */
static inline nqi_real *nqi_kernel_known(const nqi_kernel_pass *pass)
{
    return nqi_kernel_seen(pass) + pass->kernel->width;
}

static inline nqi_real *nqi_kernel_summed(const nqi_kernel_pass *pass)
{
    return nqi_kernel_known(pass) + pass->kernel->width;
}

/* Logs of what a cell adds: of a row that is most like what is seen, and of one that is like no
 * training row. */
typedef struct nqi_cell_logs {
    double most, apart;
} nqi_cell_logs;

/* What a pass needs to know of a cell, into its parts. */
nqi_cell_logs nqi_kernel_see(const nqi_kernel_pass *pass, size_t cell);

#endif
