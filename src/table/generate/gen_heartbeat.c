/* gen_heartbeat.c - bits with a pulse at every fifth place, the first place random ([SD15] 3.1). */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "table/generate/generate.h"

enum { PERIOD = 5 };

static const char *refuse(const nqi_recipe *recipe)
{
    return recipe->noise >= 0 && recipe->noise <= 1
               ? NULL
               : "noise is the probability of a flipped bit, from 0 to 1";
}

/* Bit i is 1 where (i + phase) % 5 = 0. */
static void make_rows(const nqi_recipe *recipe, size_t first, size_t count, double *out)
{
    const uint64_t flipped = (uint64_t)(recipe->noise * 0x1p32);
    for (size_t row = first; row < first + count; row++, out += recipe->dim) {
        uint32_t words[4];
        nqi_row_words(words, recipe, row, NQI_ROW_OTHER);
        const size_t phase = (size_t)((uint64_t)words[0] * PERIOD >> 32);
        for (size_t i = 0; i < recipe->dim; i++) {
            if (i % 4 == 0 && flipped)
                nqi_row_words(words, recipe, row, (uint32_t)(i / 4));
            const int beat = (i + phase) % PERIOD == 0;
            out[i] = (double)(beat ^ (words[i % 4] < flipped));
        }
    }
}

const nqi_generator nqi_generator_heartbeat = {"heartbeat", 20, 0, 0, refuse, make_rows};
