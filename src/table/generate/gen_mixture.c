/* gen_mixture.c - each column is +-m + s z with m = sqrt(1 - s^2): two humps, unit variance. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/generate/generate.h"

#include <math.h>

enum { WORD = 32, CHUNK = 4 * WORD }; /* signs in a word, and in a chunk of four */

static const char *refuse(const nqi_recipe *recipe)
{
    return recipe->noise >= 0 && recipe->noise <= 1
               ? NULL
               : "noise is the standard deviation of a component, from 0 to 1";
}

static void make_rows(const nqi_recipe *recipe, size_t first, size_t count, double *out)
{
    const double s = recipe->noise, m = sqrt(1 - s * s);
    for (size_t row = first; row < first + count; row++, out += recipe->dim) {
        uint32_t words[4] = {0};
        nqi_row_normals(out, recipe->dim, recipe, row);
        for (size_t i = 0; i < recipe->dim; i++) {
            if (i % CHUNK == 0)
                nqi_row_words(words, recipe, row, NQI_ROW_OTHER + (uint32_t)(i / CHUNK));
            const int plus = words[i % CHUNK / WORD] >> i % WORD & 1;
            out[i] = (plus ? m : -m) + s * out[i];
        }
    }
}

const nqi_generator nqi_generator_mixture = {"mixture", 1, 0.3, 0, refuse, make_rows};
