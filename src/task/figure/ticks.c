/* ticks.c - candidates from fine to coarse; the first whose labels all have room is taken. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <noneq/ticks.h>

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "task/figure/calendar.h"

#define MINUS "\xe2\x88\x92"
#define THIN_SPACE "\xe2\x80\x89"
#define TIMES "\xc3\x97"

enum { LABELS_LEAST = 3, LABELS_WANTED = 6, DIGITS_MOST = 9, STEPS = 10 };

/* How the numbers of an axis are written: value = offset + label * 10^power. */
typedef struct style {
    double offset;
    int power, decimals;
} style;

static const double label_gap = 5; /* between two */

/* With a point in numbers. */
static __attribute__((format(printf, 3, 4))) void print(char *out, size_t size,
                                                        const char *format, ...)
{
    va_list list;
    va_start(list, format);
    nqi_text_format(out, size, format, list);
    va_end(list);
}

static void power_text(char *out, size_t size, int power)
{
    static const char *const digits[] = {"\xe2\x81\xb0", "\xc2\xb9",     "\xc2\xb2",
                                         "\xc2\xb3",     "\xe2\x81\xb4", "\xe2\x81\xb5",
                                         "\xe2\x81\xb6", "\xe2\x81\xb7", "\xe2\x81\xb8",
                                         "\xe2\x81\xb9"};
    char plain[16];
    size_t used = (size_t)snprintf(out, size, "10%s", power < 0 ? "\xe2\x81\xbb" : "");
    snprintf(plain, sizeof plain, "%d", power < 0 ? -power : power);
    for (const char *digit = plain; *digit && used < size; digit++)
        used += (size_t)snprintf(out + used, size - used, "%s", digits[*digit - '0']);
}

/* Digits in groups of three where there are more than four before the point. */
static void number_text(char *out, size_t size, double value, int decimals)
{
    char plain[NQ_TICK_SIZE];
    print(plain, sizeof plain, "%.*f", decimals, fabs(value));
    const size_t whole = strcspn(plain, ".");
    const int is_zero = strspn(plain, "0.") == strlen(plain);
    size_t used = (size_t)snprintf(out, size, "%s", value < 0 && !is_zero ? MINUS : "");
    for (size_t i = 0; plain[i] && used < size; i++) {
        const int space = whole > 4 && i && i < whole && (whole - i) % 3 == 0;
        used +=
            (size_t)snprintf(out + used, size - used, "%s%c", space ? THIN_SPACE : "", plain[i]);
    }
}

void nq_text_number(char *out, size_t size, double value)
{
    const double most = fabs(value);
    if (most > 0 && isfinite(value) && (most < 1e-3 || most >= 1e6)) {
        const int power = (int)floor(log10(most) + 1e-9);
        char times[NQ_TICK_SIZE], digits[NQ_TICK_SIZE];
        power_text(times, sizeof times, power);
        print(digits, sizeof digits, "%.2g", most / pow(10, power));
        snprintf(out, size, "%s%s" TIMES "%s", value < 0 ? MINUS : "", digits, times);
        return;
    }
    const int decimals = most >= 10 || most == 0 ? 0 : 1 - (int)floor(log10(most));
    number_text(out, size, value, decimals);
}

/* The k-th of 1, 2 and 5 times a power of ten from `least` on. */
static double step_of(double least, int k)
{
    static const double parts[] = {1, 2, 5};
    const double power = floor(log10(least) + 1e-9);
    const double part = least / pow(10, power);
    const int first = part < 1.01 ? 0 : part < 2.01 ? 1 : part < 5.01 ? 2 : 3;
    return parts[(first + k) % 3] * pow(10, power + (first + k) / 3);
}

static int decimals_of(double step)
{
    return (int)fmax(0, -floor(log10(step) + 1e-9));
}

/* Three ways of writing, from the plainest; returns whether there is a `way`-th. */
static int style_of(style *out, const nq_axis *along, double step, int way)
{
    const double most = fmax(fabs(along->low), fabs(along->high));
    const int power = (int)floor(log10(most) + 1e-9);
    const int range = (int)floor(log10(along->high - along->low) + 1e-9);
    *out = (style){0, 0, decimals_of(step)};
    if (way == 0) /* plain */
        return power < DIGITS_MOST && power >= -4 && power + out->decimals < DIGITS_MOST;
    if (way == 1) { /* a power of ten for all */
        out->power = 3 * (int)floor(power / 3.0);
        if (out->power == 0 || abs(out->power) > 300)
            return 0;
        out->decimals = decimals_of(step / pow(10, out->power));
        return power - out->power + out->decimals < 5;
    }
    const double unit = pow(10, range + 1); /* differences from a round number */
    out->offset = floor(along->low / unit) * unit;
    out->power = range > 3 || range < -2 ? 3 * (int)floor(range / 3.0) : 0;
    out->decimals = decimals_of(step / pow(10, out->power));
    return 1;
}

static void note_set(nq_ticks *out, const style *how)
{
    char power[24] = "";
    if (how->power)
        power_text(power, sizeof power, how->power);
    if (how->offset != 0)
        print(out->note, sizeof out->note, "%s%.12g +%s%s", how->offset < 0 ? MINUS : "",
              fabs(how->offset), how->power ? " " TIMES : "", power);
    else if (how->power)
        snprintf(out->note, sizeof out->note, TIMES "%s", power);
}

/* Moves labels inwards that stick out, and takes those away that would then touch others. Returns
 * how many are left, or 0 if two touch where they should be. */
static size_t labels_place(nq_ticks *out, const nq_axis *along)
{
    const double range = along->high - along->low;
    double end = -INFINITY;
    size_t left = 0, former = 0;
    for (size_t i = 0; i < out->count; i++) {
        const double tick =
            range > 0 ? along->length * (out->value[i] - along->low) / range : along->length / 2;
        const double half = along->measure(along->user, out->label[i]) / 2;
        const double room = half - along->overhang; /* from the end of the nq_axis */
        out->shift[i] = fmin(fmax(tick, room), along->length - room) - tick;
        const double at = tick + out->shift[i];
        const int touches = at - half < end + label_gap;
        if (2 * room > along->length || (touches && out->shift[i] < 0)) {
            out->label[i][0] = '\0';
            continue;
        }
        if (touches) {
            if (!(out->shift[former] > 0))
                return 0;
            out->label[former][0] = '\0';
            left--;
        }
        former = i;
        end = at + half;
        left++;
    }
    return left;
}

static int labels_fit(const nq_ticks *out, const nq_axis *along)
{
    for (size_t i = 0; i < out->count; i++)
        if (along->characters_most && nqi_utf8_characters(out->label[i]) > along->characters_most)
            return 0;
    return 1;
}

static void numbers_fill(nq_ticks *out, const nq_axis *along, double step, const style *how)
{
    const double first = ceil(along->low / step - 1e-9);
    out->count = 0;
    out->note[0] = '\0';
    for (size_t i = 0; i < NQ_TICKS_MOST; i++) {
        const double value = (first + (double)i) * step;
        if (value > along->high + 1e-9 * step)
            break;
        number_text(out->label[i], NQ_TICK_SIZE, (value - how->offset) / pow(10, how->power),
                    how->decimals);
        out->value[out->count++] = value;
    }
    note_set(out, how);
}

/* One tick in the middle, with its label where it has room. */
static void single(nq_ticks *out, const nq_axis *along)
{
    out->count = 1;
    out->value[0] = along->low + (along->high - along->low) / 2;
    out->note[0] = '\0';
    if (along->kind == NQ_AXIS_DAYS || along->kind == NQ_AXIS_SECONDS)
        nqi_calendar_text(out->label[0], NQ_TICK_SIZE, out->value[0],
                          along->kind == NQ_AXIS_DAYS);
    else
        nq_text_number(out->label[0], NQ_TICK_SIZE,
                       along->kind == NQ_AXIS_DECADES ? pow(10, out->value[0]) : out->value[0]);
    labels_place(out, along);
}

/* The best of all steps in all styles: enough labels in the plainest style, else the most. */
static void numbers_choose(nq_ticks *out, const nq_axis *along)
{
    const double least = (along->high - along->low) / LABELS_WANTED;
    size_t best = 0;
    for (int way = 0; way < 3 && best < LABELS_LEAST; way++)
        for (int k = 0; k < STEPS && best < LABELS_LEAST; k++) {
            const double step = step_of(least, k);
            nq_ticks next;
            style how;
            if (!style_of(&how, along, step, way))
                continue;
            numbers_fill(&next, along, step, &how);
            if (!labels_fit(&next, along))
                continue;
            const size_t labels = labels_place(&next, along);
            if (labels > best) {
                best = labels;
                *out = next;
            }
        }
    if (!best)
        single(out, along);
}

static void decades_fill(nq_ticks *out, const nq_axis *along, double step)
{
    const int plain = along->low > -4.5 && along->high < 4.5;
    out->count = 0;
    out->note[0] = '\0';
    for (double value = ceil(along->low / step - 1e-9) * step;
         value <= along->high + 1e-9 && out->count < NQ_TICKS_MOST; value += step) {
        char *label = out->label[out->count];
        if (plain)
            number_text(label, NQ_TICK_SIZE, pow(10, value), (int)fmax(0, -value));
        else
            power_text(label, NQ_TICK_SIZE, (int)value);
        out->value[out->count++] = value;
    }
}

/* Powers of ten, each, every second, ...; few decades have round numbers instead. */
static void decades_choose(nq_ticks *out, const nq_axis *along)
{
    if (along->high - along->low < 1.5 && along->high < 300 && along->low > -300) {
        nq_axis plain = *along;
        plain.kind = NQ_AXIS_NUMBERS;
        plain.low = pow(10, along->low);
        plain.high = pow(10, along->high);
        numbers_choose(out, &plain);
        for (size_t i = 0; i < out->count; i++)
            out->value[i] = log10(out->value[i]);
        if (labels_place(out, along))
            return;
        single(out, along);
        return;
    }
    for (double step = ceil((along->high - along->low) / LABELS_WANTED);
         step < 2 * (along->high - along->low); step = ceil(1.5 * step)) {
        decades_fill(out, along, step);
        if (labels_place(out, along))
            return;
    }
    single(out, along);
}

static void calendar_choose(nq_ticks *out, const nq_axis *along)
{
    const int is_days = along->kind == NQ_AXIS_DAYS;
    for (size_t unit = nqi_calendar_first(along->low, along->high, is_days);
         unit < NQI_CALENDAR_UNITS; unit++) {
        out->count = nqi_calendar_fill(out->value, out->label, NQ_TICKS_MOST, along->low,
                                       along->high, is_days, unit);
        out->note[0] = '\0';
        if (out->count && labels_place(out, along)) {
            nqi_calendar_note(out->note, sizeof out->note, along->low, is_days, unit);
            return;
        }
    }
    single(out, along);
}

void nq_ticks_choose(nq_ticks *out, const nq_axis *along)
{
    const double most = fmax(fabs(along->low), fabs(along->high));
    memset(out, 0, sizeof *out);
    if (!isfinite(along->low) || !isfinite(along->high) || !isfinite(along->high - along->low))
        return;
    if (!(along->high - along->low > 1e-12 * most) || most < 1e-290)
        single(out, along);
    else if (along->kind == NQ_AXIS_DECADES)
        decades_choose(out, along);
    else if (along->kind == NQ_AXIS_NUMBERS)
        numbers_choose(out, along);
    else
        calendar_choose(out, along);
}
