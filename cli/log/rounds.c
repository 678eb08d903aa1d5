/* rounds.c - trajectories of a likelihood on the line of progress, and Ctrl-C among them. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "log/rounds.h"

#include <stdio.h>

#include "interrupt.h"
#include "log/watch.h"
#include "session.h"

/* "-8.6487 +- 0.0014 bits", or "at least -8.6487 bits". */
static void figure_format(char *out, size_t size, const nq_ais *ais)
{
    const double bits = ais->likelihood * BITS_PER_NAT;
    if (ais->trust == NQ_TRUST_AT_LEAST)
        snprintf(out, size, "at least %.4f bits", bits);
    else
        snprintf(out, size, "%.4f +- %.4f bits", bits, ais->se * BITS_PER_NAT);
}

void rounds_show(void *user, const nq_ais_run *run, size_t drawn)
{
    char text[160], figure[60];
    nq_ais ais;
    (void)user;
    if (!drawn) {
        interrupt_catch();
        watch_own_lines();
        return;
    }
    if (!watch_is_due() || nq_ais_result(&ais, run))
        return;
    figure_format(figure, sizeof figure, &ais);
    snprintf(text, sizeof text, "%zu %s per row: log likelihood %s, %.1f effective", ais.samples,
             ais.samples == 1 ? "trajectory" : "trajectories", figure, ais.ess);
    watch_line(text);
    nq_ais_free(&ais);
}

int rounds_status(int code)
{
    return code || !interrupt_signal() ? code : 128 + interrupt_signal();
}
