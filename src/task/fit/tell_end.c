/* tell_end.c - what is said of a fit that is done: the figures of its model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "task/fit/fit.h"
#include "task/report/lines.h"
#include "task/report/number.h"
#include "task/report/shown.h"

/* Chosen as the best of many, it looks better than it is; so K is that of fresh noise. */
static void best_tell(FILE *page, const nq_train_state *state)
{
    if (isfinite(state->check_bound))
        fprintf(page,
                "; best hold-out K %.3f +- %.3f bits (fresh draws; as a sample of rows +- %.3f), "
                "at update %lld",
                state->check_bound * NQI_BITS_PER_NAT, state->check_se * NQI_BITS_PER_NAT,
                state->check_se_rows * NQI_BITS_PER_NAT, (long long)state->best_update);
    else if (isfinite(state->best_bound))
        fprintf(page, "; best hold-out K %.3f bits (largest of those looked at), at update %lld",
                state->best_bound * NQI_BITS_PER_NAT, (long long)state->best_update);
}

/* Why a run was shorter than planned. */
static void end_tell(FILE *page, const nqi_fit *fit, const nq_train_state *state)
{
    const nq_train_options *options = nq_trainer_train_options(fit->trainer);
    if (strcmp(state->stage, "anneal") != 0)
        return;
    fprintf(page, "patience  hold-out K had not risen for %lld evaluations; ended after %lld",
            (long long)options->patience, (long long)state->update);
    if (options->updates > 0)
        fprintf(page, " of %lld updates\n", (long long)options->updates);
    else
        fprintf(page, " updates\n");
}

nq_status nqi_fit_tell_end(const nqi_fit *fit)
{
    const nq_train_state *state = &fit->result->state;
    const nq_model *model;
    nqi_lines lines;
    char duration[32];
    nq_status status = nq_trainer_model(&model, fit->trainer);
    if (status || (status = nqi_lines_open(&lines, fit->context)))
        return status;
    FILE *page = lines.page.file;
    end_tell(page, fit, state);
    nq_text_duration(duration, sizeof duration, state->seconds);
    fprintf(page, "done      K %.3f bits on training batches, K - L_null %.3f",
            state->bound * NQI_BITS_PER_NAT, (state->bound - state->null) * NQI_BITS_PER_NAT);
    best_tell(page, state);
    if (!nq_model_is_recorded(model))
        fprintf(page, "; beta_1 = %.3g", nq_model_schedule(model)->beta[0]);
    fprintf(page, "; %s", duration);
    if (*fit->result->output)
        fprintf(page, "; wrote %s", nqi_shown(fit->result->output).text);
    fprintf(page,
            "\nsteps     samples take %zu of %zu: the fewest that lose at most .02 bits a "
            "column of K\n",
            nq_model_usual_steps(model), nq_model_steps(model));
    return nqi_lines_close(&lines);
}
