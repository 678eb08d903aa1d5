/* curve.c - how K went while a run was trained: a few points, for the training record. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/run/curve.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/text.h"
#include "measure/bits.h"

static double rounded(double nats)
{
    char text[NQI_TEXT_SIZE];
    if (!isfinite(nats))
        return NAN;
    snprintf(text, sizeof text, "%.6g", nats * NQI_BITS_PER_NAT);
    return strtod(text, NULL); /* in the locale that has just written it */
}

void nqi_curve_take(nqi_curve *curve, int64_t update, double bound, double valid)
{
    const nqi_curve_point *point = curve->point;
    if (curve->count > 1 &&
        update - point[curve->count - 1].update < point[1].update - point[0].update)
        return;
    if (curve->count == NQI_CURVE_MOST) {
        for (size_t i = 0; i < NQI_CURVE_MOST / 2; i++)
            curve->point[i] = curve->point[2 * i];
        curve->count = NQI_CURVE_MOST / 2;
    }
    curve->point[curve->count++] = (nqi_curve_point){update, rounded(bound), rounded(valid)};
}

const char *nqi_curve_text(char out[NQI_CURVE_TEXT], const nqi_curve *curve)
{
    char bound[NQI_TEXT_SIZE], valid[NQI_TEXT_SIZE];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < curve->count; i++) {
        const nqi_curve_point *at = &curve->point[i];
        nqi_text_double(bound, sizeof bound, at->bound);
        nqi_text_double(valid, sizeof valid, at->valid);
        used += (size_t)snprintf(out + used, NQI_CURVE_TEXT - used, "%s%lld,%s,%s", i ? ";" : "",
                                 (long long)at->update, bound, valid);
    }
    return out;
}

/* A number up to `end`, which is stepped over. */
static int number_read(double *out, const char **text, const char *end)
{
    char copy[NQI_TEXT_SIZE];
    const size_t length = strcspn(*text, end);
    if (length >= sizeof copy)
        return 0;
    snprintf(copy, sizeof copy, "%.*s", (int)length, *text);
    *text += length;
    *text += **text != '\0';
    *out = NAN;
    return !*copy || nqi_text_read_double(out, copy);
}

int nqi_curve_read(nqi_curve *out, const char *text)
{
    double update;
    out->count = 0;
    while (*text) {
        nqi_curve_point *at = &out->point[out->count];
        if (out->count == NQI_CURVE_MOST || !number_read(&update, &text, ",") ||
            !number_read(&at->bound, &text, ",") || !number_read(&at->valid, &text, ";") ||
            !(update >= 0 && update < 0x1p62) ||
            (out->count && !(update > (double)at[-1].update))) {
            out->count = 0;
            return 0;
        }
        at->update = (int64_t)update;
        out->count++;
    }
    return 1;
}
