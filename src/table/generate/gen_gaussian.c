/* gen_gaussian.c - x_i = rho x_{i-1} + sqrt(1 - rho^2) z_i, z_i normal: unit variance. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/generate/generate.h"

#include <math.h>

static const char *refuse(const nqi_recipe *recipe)
{
    return recipe->noise > -1 && recipe->noise < 1
               ? NULL
               : "noise is the correlation of neighbours, between -1 and 1";
}

static void make_rows(const nqi_recipe *recipe, size_t first, size_t count, double *out)
{
    const double rho = recipe->noise, fresh = sqrt(1 - rho * rho);
    for (size_t row = first; row < first + count; row++, out += recipe->dim) {
        nqi_row_normals(out, recipe->dim, recipe, row);
        if (rho == 0)
            continue;
        double x = (double)out[0];
        for (size_t i = 1; i < recipe->dim; i++) {
            x = rho * x + fresh * (double)out[i];
            out[i] = x;
        }
    }
}

const nqi_generator nqi_generator_gaussian = {"gaussian", 2, 0, 0, refuse, make_rows};
