/* calendar.c - seconds since 1970 (UTC) and the calendar, in steps that people count in. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/figure/calendar.h"

#include <math.h>
#include <stdio.h>
#include <time.h>

#include "io/text/date.h"

enum { TICKS_FEW = 8, YEAR = 12 };

static const double day = 86400, month = 30.44 * 86400;
static const double limit = 2e14; /* six million years, which a time_t has */

/* Seconds, and below 0 months. */
static const int units[NQI_CALENDAR_UNITS] = {
    1,         5,          15,         30,         60,          300,         900,
    1800,      3600,       3 * 3600,   6 * 3600,   12 * 3600,   86400,       2 * 86400,
    604800,    2 * 604800, -1,         -3,         -6,          -YEAR,       -2 * YEAR,
    -5 * YEAR, -10 * YEAR, -20 * YEAR, -50 * YEAR, -100 * YEAR, -200 * YEAR, -500 * YEAR,
};

static double unit_length(size_t unit)
{
    return units[unit] < 0 ? -units[unit] * month : units[unit];
}

static struct tm date_of(double seconds)
{
    struct tm date = {0};
    const time_t whole = (time_t)floor(fmin(fmax(seconds, -limit), limit));
    gmtime_r(&whole, &date);
    return date;
}

/* Seconds at the beginning of a month, which is counted from the year 0. */
static double month_start(double count)
{
    const double year = floor(count / YEAR);
    return day * (double)nqi_date_days((int)year, (int)(count - YEAR * year) + 1, 1);
}

static double month_of(double seconds)
{
    const struct tm date = date_of(seconds);
    return YEAR * (date.tm_year + 1900.0) + date.tm_mon;
}

static void label_text(char *out, size_t size, double seconds, size_t unit)
{
    const struct tm date = date_of(seconds);
    const int midnight = !date.tm_hour && !date.tm_min && !date.tm_sec;
    const char *form = units[unit] <= -YEAR ? "%Y"
                       : units[unit] < 0    ? "%Y-%m"
                       : units[unit] >= day ? "%Y-%m-%d"
                       : midnight           ? "%m-%d"
                       : units[unit] < 60   ? "%H:%M:%S"
                                            : "%H:%M";
    if (!strftime(out, size, form, &date))
        *out = '\0';
}

size_t nqi_calendar_first(double low, double high, int is_days)
{
    const double scale = is_days ? day : 1, seconds = scale * (high - low);
    if (scale * fmax(fabs(low), fabs(high)) > limit)
        return NQI_CALENDAR_UNITS;
    size_t unit = is_days ? 12 : 0; /* days have no hours */
    while (unit < NQI_CALENDAR_UNITS && seconds > TICKS_FEW * unit_length(unit))
        unit++;
    return unit;
}

size_t nqi_calendar_fill(double *values, char (*labels)[NQ_TICK_SIZE], size_t most, double low,
                         double high, int is_days, size_t unit)
{
    const double scale = is_days ? day : 1, length = unit_length(unit);
    const double months = units[unit] < 0 ? -units[unit] : 0;
    const double start = low * scale;
    double at = months > 0 ? floor(month_of(start) / months) : ceil(start / length);
    size_t count = 0;
    for (; count < most; at++) {
        const double seconds = months > 0 ? month_start(at * months) : at * length;
        if (seconds < start)
            continue;
        if (seconds > high * scale)
            break;
        label_text(labels[count], NQ_TICK_SIZE, seconds, unit);
        values[count++] = seconds / scale;
    }
    return count;
}

void nqi_calendar_text(char *out, size_t size, double value, int is_days)
{
    const struct tm date = date_of(is_days ? day * value : value);
    if (!strftime(out, size, is_days ? "%Y-%m-%d" : "%Y-%m-%d %H:%M:%S", &date))
        *out = '\0';
}

void nqi_calendar_note(char *out, size_t size, double low, int is_days, size_t unit)
{
    *out = '\0';
    if (units[unit] > 0 && units[unit] < day)
        nqi_calendar_text(out, size, is_days ? low : low / day, 1);
}
