/* bound_loop.c - bounds with progress, and what is said of rows that are impossible. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "bound_loop.h"

#include <stdio.h>

#include "message.h"
#include "progress.h"
#include "session.h"

enum { FAULTS_TOLD = 5 };

static const double QUIET_SECONDS = 1; /* work that takes less needs no words */

static void progress_tell(void *user, double part)
{
    progress *line = user;
    char text[120], clock[24];
    const double seconds = seconds_now() - line->started;

    if (seconds < QUIET_SECONDS || part >= 1)
        return;
    duration_format(clock, sizeof clock, seconds * (1 - part) / part);
    snprintf(text, sizeof text, "K: %.0f%% of the terms, about %s left", 100 * part, clock);
    progress_text(line, text, !line->shown_any);
    line->shown_any = 1;
}

nq_status bound_estimate(nq_bound *out, nq_context *context, const nq_model *model,
                         const nq_dataset *data, nq_bound_options options, int quiet)
{
    progress line;

    progress_init(&line, quiet);
    options.progress = progress_tell;
    options.user = &line;
    const nq_status status = nq_bound_estimate(out, context, model, data, &options);
    progress_clear(&line);
    return status;
}

nq_status comparison_estimate(nq_comparison *out, nq_context *context, const nq_model *first,
                              const nq_model *second, const nq_dataset *data,
                              nq_bound_options options, int quiet)
{
    progress line;

    progress_init(&line, quiet);
    options.progress = progress_tell;
    options.user = &line;
    const nq_status status = nq_comparison_estimate(out, context, first, second, data, &options);
    progress_clear(&line);
    return status;
}

void faults_tell(const nq_model *model, const nq_row_fault *faults, size_t count)
{
    char text[300];

    for (size_t i = 0; i < count && i < FAULTS_TOLD; i++) {
        nq_row_fault_describe(text, sizeof text, model, &faults[i]);
        message_note("%s; to the model that is impossible (log 0)", text);
    }
    if (count > FAULTS_TOLD)
        message_note("and %zu more impossible rows", count - FAULTS_TOLD);
}
