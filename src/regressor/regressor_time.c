/* regressor_time.c - what a network sees of the time step: features, and the shares of bumps. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>

#include "regressor/regressor.h"

enum { COSINES = 15 };

nqi_real *nqi_time_features(const nqi_regressor_shape *shape, size_t *width)
{
    *width = NQI_CLOCKS * (COSINES + 1);
    nqi_real *table = calloc((shape->steps + 1) * *width, sizeof *table);
    if (!table)
        return NULL;
    for (size_t t = 0; t <= shape->steps; t++) {
        nqi_real *row = table + t * *width;
        for (size_t c = 0; c < NQI_CLOCKS; c++) {
            const double clock = shape->clock[t * NQI_CLOCKS + c];
            *row++ = (nqi_real)(2 * clock - 1);
            for (int k = 1; k <= COSINES; k++)
                *row++ = (nqi_real)cos(3.14159265358979323846 * k * clock);
        }
    }
    return table;
}

nqi_real *nqi_time_bumps(const nqi_regressor_shape *shape, size_t bumps)
{
    nqi_real *table = calloc((shape->steps + 1) * bumps, sizeof *table);
    if (!table)
        return NULL;
    const double spacing = bumps > 1 ? 1 / (double)(bumps - 1) : 1;
    for (size_t t = 0; t <= shape->steps; t++) {
        const double clock = shape->clock[t * NQI_CLOCKS + 1];
        double sum = 0;
        for (int normalise = 0; normalise < 2; normalise++)
            for (size_t j = 0; j < bumps; j++) {
                const double z = (clock - (double)j * spacing) / spacing;
                const double g = exp(-0.5 * z * z);
                if (normalise)
                    table[t * bumps + j] = (nqi_real)(g / sum);
                else
                    sum += g;
            }
    }
    return table;
}
