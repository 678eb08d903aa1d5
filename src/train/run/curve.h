/* curve.h - how K went while a run was trained: a few points, for the training record. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TRAIN_RUN_CURVE_H
#define NQI_TRAIN_RUN_CURVE_H

#include <stddef.h>
#include <stdint.h>

enum { NQI_CURVE_MOST = 60, NQI_CURVE_TEXT = 96 * NQI_CURVE_MOST };

/* Bits per row, to six digits: what the text says is all that there is. */
typedef struct nqi_curve_point {
    int64_t update;
    double bound, valid; /* K of recent batches, and of hold-out rows (NaN: there are none) */
} nqi_curve_point;

typedef struct nqi_curve {
    nqi_curve_point point[NQI_CURVE_MOST];
    size_t count;
} nqi_curve;

/* Adds a point, K in nats. Where there is no more room every other point goes, and later ones come
 * at twice the distance. */
void nqi_curve_take(nqi_curve *curve, int64_t update, double bound, double valid);
/* "UPDATE,BOUND,VALID;..."; what is NaN is empty. Returns out. */
const char *nqi_curve_text(char out[NQI_CURVE_TEXT], const nqi_curve *curve);
/* 0: the text is no such curve, and *out is empty. */
int nqi_curve_read(nqi_curve *out, const char *text);

#endif
