/* steps.c - how few of the trained steps lose little.
 * Chains are judged by their scores on rows that did not choose them, with rows and noise in
 * common, so that what two of them share drops out of their difference. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "measure/steps/steps.h"

#include <math.h>

#include "core/context.h"
#include "measure/bits.h"
#include "measure/steps/looking.h"
#include "measure/usable.h"

enum {
    ASKED = 256,      /* steps of a chain that are looked at to judge it, at most */
    JUDGED = 1 << 20, /* numbers of rows that a chain is judged by, about */
    FEW = 4           /* steps that are tried first where no costs were measured */
};
static const double lost_most = 0.02; /* bits a column */

static void judge_time(void *state, size_t k, int thread)
{
    const nqi_looking *l = state;
    nqi_batch *batch = &l->batches[thread];
    const nqi_process *process = l->process;
    double sum = 0;
    if (l->time[k] < process->first_learned)
        return;
    batch->tape.map.hand = (nqi_hand){l->context->pool, thread};
    nqi_look(l, batch, k, 0);
    for (size_t r = 0; r < l->rows; r++) {
        sum += (double)batch->kl[r];
        if (l->time[k] == 1)
            sum += nqi_process_entropy_first(process, batch->x_0 + r, batch->tape.ld);
    }
    l->cost[k] = sum / (double)l->rows;
}

/* Of a chain whose steps were not all looked at: between two that were, the log of the cost of one
 * is linear. */
static double whole_cost(const nqi_looking *l)
{
    const double least =
        1e-300; /* no log of less, not even one that a compiler makes too early */
    double sum = l->cost[0];
    for (size_t k = 1; k < l->count; k++) {
        const double before = l->cost[k - 1], high = l->cost[k];
        const double from = log(fmax(before, least)), to = log(fmax(high, least));
        const double between = l->time[k] - l->time[k - 1];
        const int smooth = k > 1 && before > least && high > least;
        for (double j = 1; j <= between; j++)
            sum += smooth ? exp(((between - j) * from + j * to) / between) : high;
    }
    return sum;
}

/* What K of a chain holds of divergences, on rows and noise that did not choose it. */
static nq_status judge(double *out, nq_context *context, const nq_model *model,
                       const nq_dataset *data)
{
    const size_t steps = nq_model_steps(model), count = steps < ASKED ? steps : ASKED;
    uint32_t time[ASKED];
    for (size_t k = 0; k < count; k++)
        time[k] = 1 + (uint32_t)(count < 2 ? 0 : k * (steps - 1) / (count - 1));
    nqi_looking l = {.context = context,
                     .model = model,
                     .data = data,
                     .process = &model->process,
                     .time = time,
                     .count = count,
                     .rows = nqi_looking_groups(JUDGED / (double)model->process.outputs, data),
                     .seed = 2};
    nq_status status = nqi_looking_new(&l);
    if (!status)
        status = nqi_looking_run(&l, judge_time);
    *out = status ? 0 : whole_cost(&l);
    nqi_looking_free(&l);
    return status;
}

/* Columns that vary; one of a table may have several numbers. */
static size_t columns_of(const nq_model *model)
{
    const nqi_scaling *scaling = &model->scaling;
    size_t count = scaling->active;
    for (size_t i = 1; scaling->coding && i < scaling->active; i++)
        for (size_t j = 0; j < i; j++)
            if (scaling->active_index[j] == scaling->active_index[i]) {
                count--;
                break;
            }
    return count;
}

/* What K of the best chain of so many steps is found to lose, nats a row. */
static nq_status lost_by(double *out, nq_context *context, const nq_model *model, size_t steps,
                         double all, const nq_dataset *data)
{
    nq_model *made;
    nq_status status = nq_model_shorten(&made, context, model, steps);
    if (status)
        return status;
    status = judge(out, context, made, data);
    *out -= all;
    nq_model_free(made);
    return status;
}

/* The first guess is by the ladder's own costs; without one, few. */
static nq_status guess(size_t *out, nq_context *context, const nq_model *model, double most)
{
    uint32_t time[NQI_LADDER_MOST + 1];
    const nqi_ladder *ladder = &model->ladder;
    double full, cost;
    nq_status status = NQ_OK;
    *out = FEW;
    if (!ladder->count)
        return NQ_OK;
    status = nqi_ladder_times(time, &full, context, ladder, &model->process, ladder->count);
    for (*out = model->process.first_learned; !status && *out < ladder->count; (*out)++)
        if ((status = nqi_ladder_times(time, &cost, context, ladder, &model->process, *out)) ||
            cost - full <= most)
            break;
    return status;
}

/* Few steps whose best chain is found to lose little: all are taken where none is. */
static nq_status fewest(size_t *out, nq_context *context, const nq_model *model,
                        const nq_dataset *data)
{
    const double most = lost_most / NQI_BITS_PER_NAT * (double)columns_of(model);
    size_t steps;
    double all, lost;
    nq_status status = judge(&all, context, model, data);
    *out = nq_model_steps(model);
    if (status || (status = guess(&steps, context, model, most)))
        return status;
    while (steps < nq_model_steps(model)) {
        if ((status = lost_by(&lost, context, model, steps, all, data)) || lost <= most) {
            *out = steps;
            break;
        }
        steps += steps / 4 + 1;
    }
    return status;
}

/* Of levels alone evenly spaced times are as good as any (docs/likelihood.md). */
nq_status nqi_steps_measure(nq_model *model, nq_context *context, const nq_dataset *data,
                            const nq_dataset *valid)
{
    nqi_ladder ladder = {0};
    size_t usual = 0;
    nq_status status = nqi_process_is_density(&model->process)
                           ? nqi_steps_costs(&ladder, context, model, data)
                           : NQ_OK;
    if (status)
        return status;
    nqi_ladder_free(&model->ladder);
    model->ladder = ladder;
    nqi_model_take_ladder(model);
    /* with measured variances samples lose more than K does (test_missing): only if asked for */
    if (!nqi_model_needs_residual(model))
        status = fewest(&usual, context, model, valid ? valid : data);
    model->usual_steps = status ? 0 : usual;
    return status;
}

nq_status nq_model_measure_steps(nq_model *model, nq_context *context, const nq_dataset *data,
                                 const nq_dataset *valid)
{
    nqi_usable usable = {0}, judged = {0};
    nq_status status = model->trained ? nqi_fail(context, NQ_ERROR_ARGUMENT,
                                                 "a model with fewer steps than were trained is "
                                                 "not measured: expected the trained one")
                                      : NQ_OK;
    if (!status)
        status = nqi_usable_find_given(&usable, context, model, data, NULL);
    if (!status && valid)
        status = nqi_usable_find_given(&judged, context, model, valid, NULL);
    if (!status && (!usable.rows || (valid && !judged.rows)))
        status = nqi_fail(context, NQ_ERROR_SHAPE,
                          "no row is possible to the model: expected some to measure steps by");
    if (!status)
        status = nqi_steps_measure(model, context, usable.data, valid ? judged.data : NULL);
    nqi_usable_free(&usable);
    nqi_usable_free(&judged);
    return status;
}
