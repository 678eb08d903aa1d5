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
static void best_tell(FILE *file, const nq_train_state *state)
{
    if (isfinite(state->check_bound))
        fprintf(file,
                "; best hold-out K %.3f +- %.3f bits (fresh draws; as a sample of rows +- %.3f), "
                "at update %lld",
                state->check_bound * NQI_BITS_PER_NAT, state->check_se * NQI_BITS_PER_NAT,
                state->check_se_rows * NQI_BITS_PER_NAT, (long long)state->best_update);
    else if (isfinite(state->best_bound))
        fprintf(file, "; best hold-out K %.3f bits (largest of those looked at), at update %lld",
                state->best_bound * NQI_BITS_PER_NAT, (long long)state->best_update);
}

/* Why a run was shorter than planned. */
static void end_tell(FILE *file, const nqi_fit *fit, const nq_train_state *state)
{
    const nq_train_options *options = nq_trainer_train_options(fit->trainer);
    if (strcmp(state->stage, "anneal") != 0)
        return;
    fprintf(file, "patience  hold-out K had not risen for %lld evaluations; ended after %lld",
            (long long)options->patience, (long long)state->update);
    if (options->updates > 0)
        fprintf(file, " of %lld updates\n", (long long)options->updates);
    else
        fprintf(file, " updates\n");
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
    FILE *file = lines.print.file;
    end_tell(file, fit, state);
    nq_text_duration(duration, sizeof duration, state->seconds);
    fprintf(file, "done      K %.3f bits on training batches, K - L_null %.3f",
            state->bound * NQI_BITS_PER_NAT, (state->bound - state->null) * NQI_BITS_PER_NAT);
    best_tell(file, state);
    if (!nq_model_is_recorded(model))
        fprintf(file, "; beta_1 = %.3g", nq_model_schedule(model)->beta[0]);
    fprintf(file, "; %s", duration);
    if (*fit->result->output)
        fprintf(file, "; wrote %s", nqi_shown(fit->result->output).text);
    fprintf(file,
            "\nsteps     samples take %zu of %zu: the fewest that lose at most .02 bits a "
            "column of K\n",
            nq_model_usual_steps(model), nq_model_steps(model));
    return nqi_lines_close(&lines);
}
