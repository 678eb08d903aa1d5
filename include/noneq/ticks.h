/* ticks.h - where an axis has ticks and what they say: as many as have room, no two together. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_TICKS_H
#define NONEQ_TICKS_H

#include <noneq/model.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { NQ_TICKS_MOST = 12, NQ_TICK_SIZE = 40 };

/* What the numbers of an axis are. Decades: logarithms to the base 10; days and seconds: since
 * 1970-01-01. */
typedef enum nq_axis_kind {
    NQ_AXIS_NUMBERS,
    NQ_AXIS_DECADES,
    NQ_AXIS_DAYS,
    NQ_AXIS_SECONDS
} nq_axis_kind;

/* Room that a label takes along the axis. */
typedef double (*nq_tick_measure)(void *user, const char *label);

typedef struct nq_axis {
    nq_axis_kind kind;
    double low, high;
    double length;          /* from low to high, as the measure counts */
    double overhang;        /* that a label may stick out at either end */
    size_t characters_most; /* of a label; 0: any */
    nq_tick_measure measure;
    void *user;
} nq_axis;

typedef struct nq_ticks {
    double value[NQ_TICKS_MOST];
    char label[NQ_TICKS_MOST][NQ_TICK_SIZE]; /* UTF-8; "" where there is no room for it */
    double shift[NQ_TICKS_MOST]; /* of a label's middle from its tick, as the measure counts:
                                  * inwards at the ends */
    size_t count;
    char note[64]; /* what goes with all labels, such as a power of ten; or "" */
} nq_ticks;

/* Equal ends have one tick; ends that are no numbers none. */
void nq_ticks_choose(nq_ticks *out, const nq_axis *axis);
/* What the values of a column are on an axis. */
nq_axis_kind nq_column_axis(const nq_model *model, size_t column);
/* A number in two digits or more: plain, or with a power of ten where that has too many. */
void nq_text_number(char *out, size_t size, double value);

#ifdef __cplusplus
}
#endif
#endif
