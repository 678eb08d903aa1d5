/* parzen.h - the Parzen-window part of an evaluation. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#ifndef NQI_TASK_EVALUATE_PARZEN_H
#define NQI_TASK_EVALUATE_PARZEN_H

#include <noneq/score.h>
#include <noneq/source.h>

/* What is estimated: log p of `data` around samples that are read, or drawn from the model. */
typedef struct nqi_parzen_job {
    nq_context *context;
    const nq_model *model;
    const nq_dataset *data;
    const nq_evaluate_options *options; /* parzen, parzen_valid, parzen_width, seed */
    const nq_read_options *read;        /* how its files are read; may be NULL */
    double unit;                        /* what numbers are divided by */
} nqi_parzen_job;

nq_status nqi_parzen_run(nq_parzen *out, const nqi_parzen_job *job);
/* The file of samples, where `text` names one and says no number of samples; else NULL. */
const char *nqi_parzen_path(const char *text);

#endif
