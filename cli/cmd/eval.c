/* eval.c - noneq eval: K, the likelihood and the entropy account of data under a model. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/verbs.h"
#include "log/metrics.h"
#include "log/rounds.h"
#include "report.h"
#include "session.h"

typedef struct eval_values {
    nq_evaluate_options evaluate;
    nq_crop_options crop; /* for its area */
} eval_values;

static const option_struct structs[] = {
    {"nq_evaluate_options", offsetof(eval_values, evaluate), "o=output"},
    {"nq_crop_options", offsetof(eval_values, crop), NULL},
    {NULL, 0, NULL},
};

/* Figures in bits, at the update that the model is of. folder NULL: does nothing. */
static int figures_log(const nq_evaluation *found, const nq_model *model, const char *folder)
{
    metrics log;
    const nq_ais *ais = found->has_ais ? &found->ais : NULL;
    const nq_parzen *parzen = found->has_parzen ? &found->parzen : NULL;
    const char *updates = nq_model_record(model, "updates");
    const metric figures[] = {
        {"eval_bits", (found->bound.bound + found->shift) * BITS_PER_NAT},
        {"eval_se_bits", found->bound.se * BITS_PER_NAT},
        {"eval_gain_bits", found->bound.gain * BITS_PER_NAT},
        {"eval_ais_bits", ais ? (ais->likelihood + found->shift) * BITS_PER_NAT : NAN},
        {"eval_ais_se_bits",
         ais && ais->trust != NQ_TRUST_AT_LEAST ? ais->se * BITS_PER_NAT : NAN},
        {"eval_parzen_bits", parzen ? parzen->likelihood * BITS_PER_NAT : NAN},
        {"eval_parzen_se_bits", parzen ? parzen->se_samples * BITS_PER_NAT : NAN},
    };
    if (metrics_open(&log, folder))
        return EXIT_FAILED;
    metrics_write(&log, updates ? strtoll(updates, NULL, 10) : 0, "eval", figures,
                  sizeof figures / sizeof *figures);
    return metrics_close(&log);
}

static int job_run(const report_job *job, const nq_evaluate_options *options)
{
    nq_evaluation found;
    const nq_status status =
        nq_evaluate(&found, NULL, job->context, job->models[0], &job->rows, options);
    int code = report_end(job->context, status);
    if (!code)
        code = figures_log(&found, job->models[0], options->log_path);
    nq_evaluation_free(&found);
    return rounds_status(code);
}

static int eval_run(const verb *self, int argc, char **argv)
{
    eval_values values;
    nq_evaluate_options *options = &values.evaluate;
    arguments words;
    report_job job = {0};
    if (!options_parse(&words, &values, self, argc, argv))
        return words.status;
    if ((options->of || options->given) && (options->entropy || options->parzen))
        return options_refuse(self, "--of and --given are not with --entropy or --parzen");
    options->output = report_output(options->output);
    options->model_path = words.operands[0];
    options->log_path = words.common.log;
    options->round = rounds_show;
    int code = units_check(self, options->units);
    if (!code && !(code = report_open(&job, &words, 1, &values.crop.area)))
        code = job_run(&job, options);
    report_close(&job);
    return code;
}

const verb verb_eval = {
    .name = "eval",
    .operands = "MODEL DATA",
    .summary = "how well a model explains data: K and K - L_null",
    .details =
        "Estimates K, the lower bound on the mean log likelihood of a row, and what it gains "
        "over the equilibrium distribution (L_null), with standard errors. --ais S estimates the "
        "likelihood itself from S trajectories per row; Ctrl-C ends that early and prints what "
        "there is. Pictures larger than the model's are cut into crops side by side; for them "
        "bits per pixel and on the 8-bit scale are given too.",
    .example = "noneq eval roll.nq test.npy --json",
    .operands_least = 2,
    .operands_most = 2,
    .structs = structs,
    .common = COMMON_THREADS | COMMON_LOG | COMMON_QUIET | COMMON_VERBOSE | COMMON_READ |
              COMMON_COLUMNS,
    .run = eval_run,
};
