/* score.h - rows being scored: what the files of this task share. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_SCORE_SCORE_H
#define NQI_TASK_SCORE_SCORE_H

#include <noneq/score.h>

#include "task/source/source.h"

typedef struct nqi_scoring {
    nq_context *context;
    const nq_score_options *options;
    const nq_model *model; /* that is asked */
    const nq_dataset *rows;
    const nq_scores *scores;
} nqi_scoring;

/* The table of options->output, as text, numbers or JSON. */
nq_status nqi_scores_write(const nqi_scoring *scoring);
/* The least likely rows, options->top of them, for free(). */
nq_status nqi_scores_top(char **report, const nqi_scoring *scoring);

#endif
