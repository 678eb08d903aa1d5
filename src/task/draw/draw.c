/* draw.c - drawing rows from the options to the last file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/option/options.h"
#include "model/model.h"
#include "task/draw/job.h"
#include "task/source/output.h"
#include "task/source/paths.h"

/* A size of pictures that the options name. */
static nq_status size_check(nq_context *context, const nq_draw_options *options)
{
    nq_picture size;
    if (options->picture_size &&
        (!nqi_shape_parse(&size, options->picture_size) || size.channels != 1))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "the size of pictures is HEIGHTxWIDTH, such as 256x256, not '%s'",
                        options->picture_size);
    return NQ_OK;
}

static nq_status given_check(nq_context *context, const nq_draw_options *options)
{
    if (!options->given && (options->particles || options->json))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "particles and " NQI_OPTION "json are of " NQI_OPTION
                                   "given CONDITIONS");
    if (!options->given)
        return NQ_OK;
    if (options->trajectory || options->picture_size || options->levels)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "given goes with none of " NQI_OPTION
                                   "trajectory, a size of pictures and " NQI_OPTION "levels");
    if (nqi_path_is_picture(options->output))
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        NQI_OPTION "given draws rows of tables: expected a table for " NQI_OPTION
                                   "output");
    if (options->json && options->output && strcmp(options->output, "-") == 0)
        return nqi_fail(context, NQ_ERROR_ARGUMENT,
                        "standard output takes the rows or " NQI_OPTION "json, not both");
    return NQ_OK;
}

static nq_status coarse_check(nq_context *context, const nq_draw_options *options)
{
    if (!options->coarse || (!options->given && !options->trajectory))
        return NQ_OK;
    return nqi_fail(context, NQ_ERROR_ARGUMENT,
                    NQI_OPTION "coarse goes with neither " NQI_OPTION "given nor " NQI_OPTION
                               "trajectory");
}

static nq_status files_check(const nqi_draw_job *job)
{
    const char *path = job->options.output;
    const nqi_path_use uses[] = {{NQI_PATH_INPUT, "MODEL", nqi_model_path(job->model)},
                                 {NQI_PATH_INPUT, NQI_OPTION "coarse", job->options.coarse},
                                 {NQI_PATH_OUTPUT, NQI_OPTION "output", path}};
    return nqi_paths_check(job->context, uses, sizeof uses / sizeof *uses);
}

static nq_status options_take(nqi_draw_job *job, const nq_draw_options *options, int wants_rows)
{
    nq_context *context = job->context;
    nq_draw_options *own = &job->options;
    nq_status status = nqi_options_take(own, context, &nqi_draw_options, options);
    if (status)
        return status;
    job->has_table = wants_rows || (own->output && !nqi_path_is_picture(own->output));
    if ((status = nqi_view_take(&job->view, context, own->view)) ||
        (status = size_check(context, own)))
        return status;
    status = nqi_path_is_picture(own->output) ? nqi_output_check(context, own->output)
                                              : nqi_output_check_table(context, own->output);
    if (status || (status = given_check(context, own)) || (status = coarse_check(context, own)))
        return status;
    return files_check(job);
}

static nq_status model_check(const nqi_draw_job *job)
{
    const size_t slices = job->options.trajectory, steps = nqi_draw_steps(job);
    if (slices && (slices < 2 || slices > steps + 1))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "trajectory takes 2 to %zu times for a chain of %zu steps, "
                                   "not %zu",
                        steps + 1, steps, slices);
    if (job->options.levels && !(nq_model_get_options(job->model)->dequantize > 0))
        return nqi_fail(job->context, NQ_ERROR_SHAPE,
                        NQI_OPTION "levels: the model was not trained on dequantised grey "
                                   "levels");
    return NQ_OK;
}

static nq_status job_run(char **report, nqi_draw_job *job)
{
    const nq_status status = model_check(job);
    if (status)
        return status;
    if (job->options.given)
        return nqi_draw_given(report, job);
    if (!job->options.trajectory)
        return nqi_drawn_rows(job);
    return nqi_path_is_picture(job->options.output) ? nqi_draw_strip(job)
                                                    : nqi_draw_trajectory(job);
}

/* The model, for pictures of another size where that is asked for. */
static nq_status resized_run(char **report, nqi_draw_job *job)
{
    nq_picture size;
    nq_model *resized = NULL;
    if (!job->options.picture_size)
        return job_run(report, job);
    (void)nqi_shape_parse(&size, job->options.picture_size);
    nq_status status =
        nq_model_resize(&resized, job->context, job->model, size.height, size.width);
    if (!status) {
        job->model = resized;
        status = job_run(report, job);
    }
    nq_model_free(resized);
    return status;
}

nq_status nq_draw(nq_drawn *out, char **report, nq_context *context, const nq_model *model,
                  const nq_draw_options *options)
{
    nqi_draw_job job = {.context = context, .model = model};
    if (out)
        *out = (nq_drawn){0};
    if (report)
        *report = NULL;
    job.drawn = (nq_drawn){.log_evidence = NAN, .log_evidence_se = NAN, .ess = NAN};
    nq_status status = options_take(&job, options, out != NULL);
    if (!status && job.options.coarse)
        status = nq_model_load(&job.coarse, context, job.options.coarse);
    if (!status)
        status = resized_run(report, &job);
    nq_model_free(job.coarse);
    if (!status && out) {
        *out = job.drawn;
        job.drawn = (nq_drawn){0};
    }
    nq_drawn_free(&job.drawn);
    return status;
}

void nq_drawn_free(nq_drawn *drawn)
{
    free(drawn->values);
    free(drawn->times);
    *drawn = (nq_drawn){0};
}
