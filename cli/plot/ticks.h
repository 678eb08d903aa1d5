/* ticks.h - where an axis has ticks and what they say: as many as have room, no two together. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_TICKS_H
#define NONEQ_CLI_PLOT_TICKS_H

#include <stddef.h>

enum { TICKS_MOST = 12, TICK_TEXT = 40 };

/* What the numbers of an axis are. Decades: logarithms to the base 10. */
typedef enum axis_kind { AXIS_NUMBERS, AXIS_DECADES, AXIS_DAYS, AXIS_SECONDS } axis_kind;

/* Room that a label takes along the axis. */
typedef double tick_measure(void *user, const char *label);

typedef struct axis {
    axis_kind kind;
    double low, high;
    double length;          /* from low to high, as the measure counts */
    double overhang;        /* that a label may stick out at either end */
    size_t characters_most; /* of a label */
    tick_measure *measure;
    void *user;
} axis;

typedef struct ticks {
    double value[TICKS_MOST];
    char label[TICKS_MOST][TICK_TEXT]; /* "" where there is no room for it */
    double shift[TICKS_MOST]; /* of a label's middle from its tick, as the measure counts: inwards
                               * at the ends */
    size_t count;
    char note[64]; /* what goes with all labels, such as a power of ten; or "" */
} ticks;

/* Equal ends have one tick; ends that are no numbers none. */
void ticks_choose(ticks *out, const axis *along);

/* A number in two digits or more: plain, or with a power of ten where that has too many. */
void number_short(char *out, size_t size, double value);

#endif
