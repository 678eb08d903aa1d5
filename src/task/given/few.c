/* few.c - rows whose draws come from too few particles. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/given/few.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"

/* Fewer effective particles at some step than these, or fewer starts, and intervals are narrow. */
enum { EFFECTIVE = 3, STARTS = 2 };

void nqi_few_begin(nqi_few *out)
{
    memset(out, 0, sizeof *out);
    out->least = HUGE_VAL;
    out->fewest = (size_t)-1;
}

void nqi_few_add(nqi_few *all, size_t row, double ess, size_t starts, size_t particles,
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
    if (all->bad < NQI_FEW_NAMED)
        all->named[all->bad] = row;
    all->bad++;
}

void nqi_few_tell(nq_context *context, const nqi_few *all, int names_rows)
{
    char rows[NQI_FEW_NAMED * 24 + 8] = "";
    if (!all->bad)
        return;
    for (size_t i = 0; i < all->bad && i < NQI_FEW_NAMED && names_rows; i++)
        snprintf(rows + strlen(rows), sizeof rows - strlen(rows), "%s%zu", i ? ", " : " ",
                 all->named[i] + 1);
    const char *end = !*rows ? "" : all->bad > NQI_FEW_NAMED ? " and more)" : ")";
    nqi_log(context, NQ_LOG_NOTE,
            "draws of %zu of %zu rows%s%s%s come from few particles (%.1f effective of %zu at "
            "the worst step, %zu different starts): their intervals are too narrow; expected a "
            "larger " NQI_OPTION "particles",
            all->bad, all->rows, *rows ? " (rows" : "", rows, end, all->least, all->particles,
            all->fewest);
}
