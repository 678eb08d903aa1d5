/* ais_loop.c - likelihoods by annealed importance sampling, with progress and Ctrl-C. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "ais_loop.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "interrupt.h"
#include "message.h"
#include "output.h"
#include "progress.h"
#include "session.h"

/* Ranks stop by the signal of rank 0. */
static nq_status stop_ask(nq_context *context, int *signal)
{
    *signal = interrupt_signal();
    return nq_context_share(context, signal, sizeof *signal);
}

static nq_status run_until_stopped(nq_ais_run *run, nq_ais *out, int *signal, nq_context *context,
                                   progress *line)
{
    char text[120];
    int done = 0;
    nq_status status = NQ_OK;

    while (!done && !(status = stop_ask(context, signal)) && !*signal) {
        nq_ais_free(out);
        if ((status = nq_ais_step(run, &done)) || (status = nq_ais_result(run, out)))
            break;
        snprintf(text, sizeof text,
                 "%zu trajectories per row: log likelihood %.4f +- %.4f bits, %.1f effective",
                 out->samples, out->likelihood * BITS_PER_NAT, out->se * BITS_PER_NAT, out->ess);
        progress_text(line, text, 0);
    }
    progress_clear(line);
    return status;
}

int ais_session_open(nq_context **out, ais_values *values, const char *units, const char *path,
                     const verb *self, const arguments *words)
{
    int code;

    *out = NULL;
    if (strcmp(units, "scaled") != 0 && strcmp(units, "data") != 0)
        return options_refuse(self, "--units takes scaled or data, not '%s'", units);
    if (values->target_se > 0 && !values->samples)
        values->samples = AIS_LEAST;
    if ((code = output_check_apart(path, words->operands[0])) ||
        (code = output_check_apart(path, words->operands[1])))
        return code;
    return session_open(out, &words->common);
}

int ais_loop(nq_ais *out, int *signal, nq_context *context, const nq_model *model,
             const nq_dataset *data, const ais_values *values, size_t max_rows,
             const common_values *common)
{
    nq_ais_run *run;
    progress line;
    const nq_ais_options options = {.samples = (size_t)values->samples,
                                    .most_samples = (size_t)values->most,
                                    .target_se = values->target_se / BITS_PER_NAT,
                                    .seed = (uint64_t)common->seed,
                                    .max_rows = max_rows};

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
    else if (!ais->reached)
        message_print("the standard error is %.3g bits after %zu trajectories per row, not %.3g: "
                      "more need --most",
                      ais->se * BITS_PER_NAT, ais->samples, values->target_se);
}
