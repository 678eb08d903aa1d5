/* rounds.c - likelihoods by annealed importance sampling, round by round, until there is enough of
 * them or the monitor wants an end. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "task/score/rounds.h"

#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "measure/ais_run.h"
#include "task/report/number.h"

/* What the monitor says; of several ranks the first one's. */
static nq_status answer_ask(int *answer, const nq_ais_run *run)
{
    const nq_status status =
        nqi_tell(run->context, "drawing trajectories", (double)run->drawn, (double)run->most);
    *answer = nqi_answer(run->context);
    return status ? status : nq_context_share(run->context, answer, sizeof *answer);
}

static nq_status run_until_told(nq_ais_run *run, int *answer, const nqi_listener *listener)
{
    int done = 0, any = 0;
    nq_status status = NQ_OK;
    if (listener->round)
        listener->round(listener->user, run, 0);
    while (!done && !(status = answer_ask(answer, run)) && *answer == NQ_GO_ON) {
        if ((status = nq_ais_step(&done, run)))
            break;
        any = 1;
        if (listener->round && run->drawn)
            listener->round(listener->user, run, run->drawn);
    }
    if (!status && (*answer == NQ_STOP || !any))
        return nqi_fail(run->context, NQ_ERROR_STOPPED,
                        "stopped by the monitor while drawing trajectories");
    return status;
}

void nqi_rounds_warn(nq_context *context, const nq_ais *ais, const nq_ais_options *options,
                     int finished)
{
    if (!finished)
        nqi_log(context, NQ_LOG_WARNING, "stopped after %zu %s per row", ais->samples,
                ais->samples == 1 ? "trajectory" : "trajectories");
    else if (!ais->reached && ais->trust == NQ_TRUST_AT_LEAST)
        nqi_log(context, NQ_LOG_WARNING,
                "after %zu trajectories per row too few of them carry the sum for an error: "
                "the target cannot be said to be reached",
                ais->samples);
    else if (!ais->reached)
        nqi_log(context, NQ_LOG_WARNING,
                "the error is %.3g bits after %zu trajectories per row, not %.3g: more "
                "need " NQI_OPTION "most",
                ais->se * NQI_BITS_PER_NAT, ais->samples, options->target_se * NQI_BITS_PER_NAT);
}

nq_status nqi_rounds_draw(nq_ais *out, int *finished, nq_context *context, const nq_model *model,
                          const nq_dataset *data, const nq_ais_options *options,
                          const nqi_listener *listener)
{
    nq_ais_run *run;
    int answer = NQ_GO_ON;
    const int before = nqi_watch_finishes(context, 1);
    *out = (nq_ais){0};
    *finished = 1;
    context->watch.answer = NQ_GO_ON; /* of an earlier call */
    nq_status status = nq_ais_new(&run, context, model, data, options);
    if (!status)
        status = run_until_told(run, &answer, listener);
    *finished = answer != NQ_FINISH;
    if (!status)
        status = nq_ais_result(out, run);
    nq_ais_run_free(run);
    if (status || *finished)
        nqi_watch_finishes(context, before);
    return status;
}

const char *nqi_trust_name(nq_trust trust)
{
    static const char *const names[] = {"full", "care", "at least"};
    return names[trust];
}
