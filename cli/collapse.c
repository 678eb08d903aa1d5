/* collapse.c - rows whose draws come from too few particles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "collapse.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "message.h"

/* Fewer effective particles at some step than these, or fewer starts, and intervals are narrow. */
enum { EFFECTIVE = 3, STARTS = 2 };

void collapse_begin(collapse *out)
{
    memset(out, 0, sizeof *out);
    out->least = HUGE_VAL;
    out->fewest = (size_t)-1;
}

void collapse_add(collapse *all, size_t row, double ess, size_t starts, size_t particles,
                  size_t draws)
{
    const double effective = ess * (double)particles;

    if (isnan(ess))
        return;
    all->rows++;
    all->particles = particles;
    all->least = fmin(all->least, effective);
    all->fewest = starts < all->fewest ? starts : all->fewest;
    if (effective >= EFFECTIVE && (draws < 8 || starts > STARTS))
        return;
    if (all->bad < COLLAPSE_NAMED)
        all->named[all->bad] = row;
    all->bad++;
}

void collapse_tell(const collapse *all, const char *option, int names_rows,
                   const common_values *common)
{
    char rows[COLLAPSE_NAMED * 24 + 8] = "";

    if (!all->bad || common->quiet)
        return;
    for (size_t i = 0; i < all->bad && i < COLLAPSE_NAMED && names_rows; i++)
        snprintf(rows + strlen(rows), sizeof rows - strlen(rows), "%s%zu", i ? ", " : " ",
                 all->named[i] + 1);
    message_note(
        "draws of %zu of %zu rows%s%s%s come from few particles (%.1f effective of %zu at "
        "the worst step, %zu different starts): their intervals are too narrow; expected "
        "a larger %s",
        all->bad, all->rows, *rows ? " (rows" : "", rows,
        !*rows                      ? ""
        : all->bad > COLLAPSE_NAMED ? " and more)"
                                    : ")",
        all->least, all->particles, all->fewest, option);
}
