/* ladder_file.c - costs of steps in a model's file: tensors, which files of before do not have. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <math.h>

#include "core/context.h"
#include "model/ladder/ladder.h"

static const char *const time_name = "steps.time", *const cost_name = "steps.cost",
                         *const residual_name = "steps.residual";

size_t nqi_ladder_tensors(nqi_tensor *out, const nqi_ladder *ladder, double time[NQI_LADDER_MOST])
{
    const size_t count = ladder->count, width = ladder->of.width;
    if (!count)
        return 0;
    for (size_t k = 0; k < count; k++)
        time[k] = ladder->time[k];
    out[0] = (nqi_tensor){
        .name = time_name, .dtype = NQI_DTYPE_F64, .rank = 1, .shape = {count}, .data = time};
    out[1] = (nqi_tensor){.name = cost_name,
                          .dtype = NQI_DTYPE_F64,
                          .rank = 1,
                          .shape = {count * (count + 1) / 2},
                          .data = ladder->cost};
    out[2] = (nqi_tensor){.name = residual_name,
                          .dtype = NQI_DTYPE_F64,
                          .rank = 2,
                          .shape = {count, width},
                          .data = ladder->residual};
    return width ? 3 : 2;
}

static nq_status bad(nq_context *context, const char *path)
{
    return nqi_fail(context, NQ_ERROR_FORMAT,
                    "%s: not a usable noneq model: its costs of steps are not those of its "
                    "schedule",
                    path);
}

static int is_of(const nqi_tensor *tensor, nqi_dtype dtype, size_t elements)
{
    return tensor && tensor->dtype == dtype && nqi_tensor_count(tensor) == elements;
}

static int is_good(const nqi_ladder *ladder, size_t steps)
{
    const size_t pairs = ladder->count * (ladder->count + 1) / 2;
    int good = ladder->time[0] == 1 && ladder->time[ladder->count - 1] == steps;
    for (size_t k = 1; good && k < ladder->count; k++)
        good = ladder->time[k - 1] < ladder->time[k];
    for (size_t j = 0; good && j < pairs; j++)
        good = isfinite(ladder->cost[j]);
    for (size_t j = 0; good && j < ladder->count * ladder->of.width; j++)
        good = isfinite(ladder->residual[j]) && ladder->residual[j] > 0;
    return good;
}

/* Numbers that are no times become 0, which is none. */
static nq_status times_read(nqi_ladder *out, const nqi_container *container,
                            const nqi_tensor *time)
{
    double read[NQI_LADDER_MOST];
    const nq_status status = nqi_container_get(container, time, 0, out->count, read);
    for (size_t k = 0; k < out->count && !status; k++)
        out->time[k] = read[k] >= 1 && read[k] <= UINT32_MAX && read[k] == floor(read[k])
                           ? (uint32_t)read[k]
                           : 0;
    return status;
}

/* Sizes are checked before memory is taken. */
nq_status nqi_ladder_read(nqi_ladder *out, nq_context *context, const nqi_container *container,
                          const char *path, const nqi_process *process)
{
    const nqi_tensor *time = nqi_container_tensor(container, time_name);
    const nqi_tensor *cost = nqi_container_tensor(container, cost_name);
    const nqi_tensor *residual = nqi_container_tensor(container, residual_name);
    *out = (nqi_ladder){0};
    if (!time && !cost && !residual)
        return NQ_OK;
    const size_t count = time ? nqi_tensor_count(time) : 0;
    const size_t pairs = count * (count + 1) / 2;
    const size_t width = residual && count ? nqi_tensor_count(residual) / count : 0;
    if (!count || count > NQI_LADDER_MOST || count > process->schedule.steps ||
        (residual && width != 1 && width != process->dim) || !is_of(time, NQI_DTYPE_F64, count) ||
        !is_of(cost, NQI_DTYPE_F64, pairs) ||
        (residual && !is_of(residual, NQI_DTYPE_F64, count * width)))
        return bad(context, path);
    nq_status status = nqi_ladder_new(out, context, count, width);
    if (status)
        return status;
    if (!(status = times_read(out, container, time)) &&
        !(status = nqi_container_get(container, cost, 0, pairs, out->cost)) && residual)
        status = nqi_container_get(container, residual, 0, count * width, out->residual);
    if (!status && !is_good(out, process->schedule.steps))
        status = bad(context, path);
    if (status)
        nqi_ladder_free(out);
    return status;
}
