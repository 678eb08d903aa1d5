/* calendar.h - ticks of an axis of dates: round seconds, hours, days, months and years. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NONEQ_CLI_PLOT_CALENDAR_H
#define NONEQ_CLI_PLOT_CALENDAR_H

#include "plot/ticks.h"

enum { CALENDAR_UNITS = 28 };

/* Values are days or seconds since 1970-01-01. The finest unit that gives few enough ticks;
 * CALENDAR_UNITS: none does. */
size_t calendar_first(double range, int is_days);
/* All multiples of a unit from low to high with their labels; returns how many, at most `most`. */
size_t calendar_fill(double *values, char (*labels)[TICK_TEXT], size_t most, double low,
                     double high, int is_days, size_t unit);
/* The day that labels of hours leave out; else "". */
void calendar_note(char *out, size_t size, double low, int is_days, size_t unit);
/* A whole date. */
void calendar_text(char *out, size_t size, double value, int is_days);

#endif
