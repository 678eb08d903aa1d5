/* ais_run.h - a likelihood in the making: what its drawing and its conclusion share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_MEASURE_AIS_RUN_H
#define NQI_MEASURE_AIS_RUN_H

#include "measure/ais.h"
#include "measure/usable.h"
#include "measure/weight/tails.h"

struct nq_ais_run {
    nq_context *context;
    const nq_model *model;
    nq_model *owned;   /* that, where it is a shorter one */
    nqi_usable usable; /* the rows that can be asked about */
    size_t max_rows;   /* of the options, 0: all */
    uint64_t seed;
    const unsigned char *roles; /* [columns] the caller's, or NULL: all are targets */
    double *cells; /* [threads][columns] a row of data, where cells have roles; else NULL */
    double target_se;
    size_t rows, stride_rows; /* rows used; data row of row r is r * stride_rows / rows */
    size_t drawn;             /* trajectories of each row so far */
    size_t first_goal;        /* trajectories before the first look at the error */
    size_t goal, most;        /* when to look next, and the last time */
    size_t round;             /* trajectories of each row in a round */
    size_t first_chunk;       /* of this round */
    nqi_ais_path *paths;      /* one for each thread */
    nqi_tails tails;          /* of all rows' weights */
    double *log_w;            /* [chunks of a round][rows of a chunk] */
};

/* The estimate from what has been drawn, at least one trajectory of each row. */
nq_status nqi_ais_conclude(const nq_ais_run *run, nq_ais *out);

#endif
