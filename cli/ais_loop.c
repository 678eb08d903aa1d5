/* ais_loop.c - likelihoods by annealed importance sampling, with progress and Ctrl-C. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ais_loop.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interrupt.h"
#include "log/progress.h"
#include "message.h"
#include "session.h"

/* Ranks stop by the signal of rank 0. */
static nq_status stop_ask(nq_context *context, int *signal)
{
    *signal = interrupt_signal();
    return nq_context_share(context, signal, sizeof *signal);
}

/* "-8.6487 +- 0.0014 bits", or "at least -8.6487 bits". */
static void figure_format(char *out, size_t size, const nq_ais *ais)
{
    const double bits = ais->likelihood * BITS_PER_NAT;

    if (ais->trust == NQ_TRUST_AT_LEAST)
        snprintf(out, size, "at least %.4f bits", bits);
    else
        snprintf(out, size, "%.4f +- %.4f bits", bits, ais->se * BITS_PER_NAT);
}

static nq_status show(nq_ais_run *run, nq_ais *out, progress *line)
{
    char text[160], figure[60];

    nq_ais_free(out);
    const nq_status status = nq_ais_result(out, run);
    if (status)
        return status;
    figure_format(figure, sizeof figure, out);
    snprintf(text, sizeof text, "%zu trajectories per row: log likelihood %s, %.1f effective",
             out->samples, figure, out->ess);
    progress_text(line, text, 0);
    return NQ_OK;
}

/* A result takes a while with many rows, so that one is made when it is shown, and in the end. */
static nq_status run_until_stopped(nq_ais_run *run, nq_ais *out, int *signal, nq_context *context,
                                   progress *line)
{
    int done = 0, drawn = 0;
    nq_status status = NQ_OK;

    while (!done && !(status = stop_ask(context, signal)) && !*signal) {
        if ((status = nq_ais_step(&done, run)))
            break;
        drawn = 1;
        if (!done && progress_is_due(line) && (status = show(run, out, line)))
            break;
    }
    progress_clear(line);
    if (status || !drawn)
        return status;
    nq_ais_free(out);
    return nq_ais_result(out, run);
}

int ais_session_open(nq_context **out, ais_values *values, const char *units, const verb *self,
                     const arguments *words)
{
    *out = NULL;
    if (units && strcmp(units, "scaled") != 0 && strcmp(units, "data") != 0 &&
        strcmp(units, "recorded") != 0)
        return options_refuse(self, "--units takes scaled or data, not '%s'", units);
    if (values->target_se > 0 && !values->samples)
        values->samples = AIS_LEAST;
    return session_open(out, &words->common);
}

int units_settle(const char **units, const nq_model *model, const char *path)
{
    const int is_recorded = nq_model_is_recorded(model);
    const int asks_scaled = *units && strcmp(*units, "scaled") == 0;
    const int asks_recorded = *units && strcmp(*units, "recorded") == 0;

    if (is_recorded ? asks_scaled : asks_recorded) {
        message_print(is_recorded ? "--units %s: '%s' is a model of rows as recorded, which have "
                                    "no other units"
                                  : "--units %s: '%s' is no model of columns of several kinds; "
                                    "expected scaled or data",
                      *units, path);
        return EXIT_USAGE;
    }
    *units = is_recorded ? "recorded" : *units ? *units : "scaled";
    return EXIT_DONE;
}

int ais_loop(nq_ais *out, int *signal, nq_context *context, const nq_model *model,
             const nq_dataset *data, const unsigned char *roles, const ais_values *values,
             size_t max_rows, const common_values *common)
{
    nq_ais_run *run;
    progress line;
    const nq_ais_options options = {.samples = (size_t)values->samples,
                                    .most_samples = (size_t)values->most,
                                    .target_se = values->target_se / BITS_PER_NAT,
                                    .seed = (uint64_t)common->seed,
                                    .max_rows = max_rows,
                                    .roles = roles};

    *out = (nq_ais){0};
    *signal = 0;
    interrupt_catch();
    progress_init(&line, common->quiet);
    nq_status status = nq_ais_new(&run, context, model, data, &options);
    if (!status)
        status = run_until_stopped(run, out, signal, context, &line);
    nq_ais_run_free(run);
    if (status)
        return session_fail(context, status);
    return *signal && !out->samples ? 128 + *signal : EXIT_DONE;
}

void ais_warn(const nq_ais *ais, const ais_values *values, int signal)
{
    if (signal)
        message_print("stopped after %zu trajectories per row", ais->samples);
    else if (!ais->reached && ais->trust == NQ_TRUST_AT_LEAST)
        message_print(
            "after %zu trajectories per row too few of them carry the sum for an error: "
            "the target cannot be said to be reached",
            ais->samples);
    else if (!ais->reached)
        message_print(
            "the error is %.3g bits after %zu trajectories per row, not %.3g: more need "
            "--most",
            ais->se * BITS_PER_NAT, ais->samples, values->target_se);
}

const char *ais_trust_name(nq_trust trust)
{
    static const char *const names[] = {"full", "care", "at least"};

    return names[trust];
}
