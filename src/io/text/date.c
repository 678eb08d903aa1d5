/* date.c - days and times as ISO 8601 writes them, as numbers since 1970-01-01 and back.
 * Days are counted in eras of 400 years that begin on a first of March (H. Hinnant:
 * chrono-compatible low-level date algorithms). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "io/text/date.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    ERA_DAYS = 146097,
    EPOCH = 719468, /* days from 0000-03-01 to 1970-01-01 */
    DAY = 86400,    /* seconds */
    DECIMALS_MOST = 6,
    FIRST_DAY = -719528, /* 0000-01-01 */
    LAST_DAY = 2932896   /* 9999-12-31 */
};
static const double powers[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

int64_t nqi_date_days(int year, int month, int day)
{
    const int y = year - (month <= 2), era = (y >= 0 ? y : y - 399) / 400;
    const int of_era = y - era * 400;
    const int of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return (int64_t)era * ERA_DAYS + of_era * 365 + of_era / 4 - of_era / 100 + of_year - EPOCH;
}

static void date_of(int *year, int *month, int *day, int64_t days)
{
    days += EPOCH;
    const int64_t era = (days >= 0 ? days : days - ERA_DAYS + 1) / ERA_DAYS;
    const int of_era = (int)(days - era * ERA_DAYS);
    const int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int of_year = of_era - (365 * y + y / 4 - y / 100), m = (5 * of_year + 2) / 153;
    *day = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = (int)(era * 400) + y + (*month <= 2);
}

static int month_days(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && is_leap ? 29 : days[month - 1];
}

/* `digits` digits at *at; -1: there are none. */
static int number_take(const char **at, const char *end, int digits)
{
    int number = 0;
    if (end - *at < digits)
        return -1;
    for (; digits > 0; digits--, ++*at) {
        if (**at < '0' || **at > '9')
            return -1;
        number = number * 10 + (**at - '0');
    }
    return number;
}

static int mark_take(const char **at, const char *end, char mark)
{
    if (*at == end || **at != mark)
        return 0;
    ++*at;
    return 1;
}

/* .fff behind the seconds, in 10^-decimals of one. */
static int fraction_take(double *seconds, nqi_date_form *form, const char **at, const char *end)
{
    int decimals = 0, number = 0;
    for (; *at < end && **at >= '0' && **at <= '9' && decimals < DECIMALS_MOST; ++*at) {
        number = number * 10 + (**at - '0');
        decimals++;
    }
    form->decimals = (char)decimals;
    *seconds = number / powers[decimals];
    return decimals > 0;
}

static int time_read(double *seconds, nqi_date_form *form, const char *at, const char *end)
{
    double fraction = 0;
    form->between = *at++;
    if (form->between != 'T' && form->between != 't' && form->between != ' ')
        return 0;
    const int hour = number_take(&at, end, 2), colon = mark_take(&at, end, ':');
    const int minute = number_take(&at, end, 2);
    int second = 0;
    if (hour < 0 || hour > 23 || !colon || minute < 0 || minute > 59)
        return 0;
    if (mark_take(&at, end, ':')) {
        form->has_seconds = 1;
        second = number_take(&at, end, 2);
        if (second < 0 || second > 59 ||
            (mark_take(&at, end, '.') && !fraction_take(&fraction, form, &at, end)))
            return 0;
    }
    if (at < end && (*at == 'Z' || *at == 'z'))
        form->zone = *at++;
    *seconds = hour * 3600 + minute * 60 + second + fraction;
    return at == end;
}

int nqi_date_read(double *value, nqi_date_form *form, const char *text, size_t length)
{
    const char *at = text, *end = text + length;
    double seconds = 0;
    *form = (nqi_date_form){.is_date = 1};
    if (length < 10 || length >= NQI_DATE_SIZE)
        return 0;
    const int year = number_take(&at, end, 4), first = mark_take(&at, end, '-');
    const int month = number_take(&at, end, 2), second = mark_take(&at, end, '-');
    const int day = number_take(&at, end, 2);
    if (year < 0 || !first || !second || month < 1 || month > 12 || day < 1 ||
        day > month_days(year, month) || (at < end && !time_read(&seconds, form, at, end)))
        return 0;
    const double days = (double)nqi_date_days(year, month, day);
    *value = form->between ? days * DAY + seconds : days;
    return 1;
}

int nqi_date_form_same(const nqi_date_form *a, const nqi_date_form *b)
{
    return a->is_date == b->is_date && a->between == b->between &&
           a->has_seconds == b->has_seconds && a->zone == b->zone;
}

/* Whole units of a time: seconds, minutes or parts of a second, as the form has them. */
static double time_round(const nqi_date_form *form, double value)
{
    if (!form->between)
        return nearbyint(value);
    const double unit = form->has_seconds ? powers[(int)form->decimals] : 1.0 / 60;
    return form->has_seconds ? nearbyint(value * unit) / unit : nearbyint(value / 60) * 60;
}

int nqi_date_write(char *out, size_t size, const nqi_date_form *form, double value)
{
    int year, month, day;
    const double per_day = form->between ? DAY : 1, x = time_round(form, value);
    if (isnan(value))
        return snprintf(out, size, "%s", "");
    double days = floor(x / per_day), rest = x - days * per_day;
    if (!(days >= FIRST_DAY))
        days = FIRST_DAY, rest = 0;
    if (days > LAST_DAY)
        days = LAST_DAY, rest = 0;
    date_of(&year, &month, &day, (int64_t)days);
    int length = snprintf(out, size, "%04d-%02d-%02d", year, month, day);
    if (!form->between)
        return length;
    const int seconds = (int)floor(rest), decimals = form->decimals;
    const int parts = (int)nearbyint((rest - seconds) * powers[decimals]);
    length += snprintf(out + length, size - (size_t)length, "%c%02d:%02d", form->between,
                       seconds / 3600, seconds / 60 % 60);
    if (form->has_seconds)
        length += snprintf(out + length, size - (size_t)length, ":%02d", seconds % 60);
    if (decimals)
        length += snprintf(out + length, size - (size_t)length, ".%0*d", decimals, parts);
    if (form->zone)
        length += snprintf(out + length, size - (size_t)length, "%c", form->zone);
    return length;
}
