/* coarse.c - pictures drawn in two sizes: a hole as large as each, whose means come first. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <noneq/posterior.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/rng.h"
#include "model/model.h"
#include "task/draw/job.h"

/* Pictures drawn at once, too few to be paired. Each such part has a seed of its own, so that 10
 * pictures are the first of 100. */
enum { PART = NQ_PAIRED_DRAWS - 1 };
/* Pixels of a side that are drawn at once: where nothing is known, margins are drawn twice. */
enum { WINDOW = 256 };

static nq_status part_draw(const nqi_draw_job *job, double *const *draws, size_t count,
                           size_t part, const nq_picture *picture)
{
    nq_posterior_options posterior;
    nq_inpaint_options options;
    nq_posterior_options_init(&posterior, sizeof posterior);
    nq_inpaint_options_init(&options, sizeof options);
    strcpy(posterior.method, nq_model_get_options(job->model)->roles > 0 ? "roles" : "noised");
    posterior.jumps = 1;
    posterior.steps = job->options.steps;
    posterior.seed = nqi_seed_child(job->options.seed, part);
    options.posterior = &posterior;
    options.coarse = job->coarse;
    options.most = WINDOW;
    return nq_inpaint(draws, job->context, job->model, count, picture, &options);
}

nq_status nqi_draw_coarse(const nqi_draw_job *job, double *out)
{
    const size_t rows = job->options.rows, columns = nq_model_columns(job->model);
    const double parts = ceil((double)rows / PART);
    double *draws[PART];
    nq_picture picture;
    nq_status status = NQ_OK;
    nq_model_picture(&picture, job->model);
    if (!picture.channels)
        return nqi_fail(job->context, NQ_ERROR_UNSUPPORTED,
                        NQI_OPTION "coarse is about pictures; the model is of none");
    for (size_t i = 0; i < rows * columns; i++)
        out[i] = NAN;
    for (size_t part = 0; part * PART < rows && !status; part++) {
        const size_t left = rows - part * PART, count = left < PART ? left : PART;
        for (size_t k = 0; k < PART; k++)
            draws[k] = k < count ? out + (part * PART + k) * columns : NULL;
        const nqi_portion before =
            nqi_portion_enter(job->context, (double)part / parts, (double)(part + 1) / parts);
        status = part_draw(job, draws, count, part, &picture);
        nqi_portion_leave(job->context, before);
    }
    return status;
}
