/* calendar.h - ticks of an axis of dates: round seconds, hours, days, months and years. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_FIGURE_CALENDAR_H
#define NQI_TASK_FIGURE_CALENDAR_H

#include <noneq/ticks.h>

enum { NQI_CALENDAR_UNITS = 28 };

/* Values are days or seconds since 1970-01-01. The finest unit that gives few enough ticks;
 * NQI_CALENDAR_UNITS: none does, or no calendar reaches so far. */
size_t nqi_calendar_first(double low, double high, int is_days);
/* All multiples of a unit from low to high with their labels; returns how many, at most `most`. */
size_t nqi_calendar_fill(double *values, char (*labels)[NQ_TICK_SIZE], size_t most, double low,
                         double high, int is_days, size_t unit);
/* The day that labels of hours leave out; else "". */
void nqi_calendar_note(char *out, size_t size, double low, int is_days, size_t unit);
/* A whole date. */
void nqi_calendar_text(char *out, size_t size, double value, int is_days);

#endif
