/* prepare.c - sizes and memory of a run, all before its first update. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <string.h>

#include "core/context.h"
#include "measure/bound.h"
#include "train/trainer.h"

enum { CONSTANT_ROWS = 4096 };

nq_status nqi_trainer_measure(nq_trainer *trainer)
{
    return nqi_bound_constants(&trainer->progress.constant, &trainer->progress.null,
                               trainer->context, trainer->model, trainer->sets.data,
                               CONSTANT_ROWS);
}

/* The kernels that microbatches of training run on; all else is done in float32. */
static nq_status choose_kernels(const nqi_ops **out, const nq_trainer *trainer)
{
    const char *precision = trainer->options.precision;
    *out = trainer->context->ops;
    if (!strcmp(precision, "float32"))
        return NQ_OK;
    if (strcmp(precision, "bf16"))
        return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                        "\036precision \"%s\": expected float32 or bf16", precision);
    *out = nqi_backends_with(trainer->context->backends, NQI_BF16);
    return *out ? NQ_OK
                : nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                           "\036precision bf16: this processor has no arithmetic for it");
}

static nq_status prepare_draw(nq_trainer *trainer)
{
    nqi_draw_needs needs = {.rates = nqi_schedule_is_learned(trainer->model),
                            .marks = trainer->gaps.rows.count > 0};
    const int fixed = !needs.rates && !trainer->model->regressor.graph.banks;
    nq_status status;
    if ((status = nqi_draw_weigh(&trainer->draw, trainer->context, &trainer->model->process,
                                 trainer->options.weighting, fixed)) ||
        (status = choose_kernels(&needs.ops, trainer)))
        return status;
    return nqi_draw_new(&trainer->draw, trainer->context, trainer->model, &needs);
}

static nq_status prepare_gradient(nq_trainer *trainer)
{
    const nqi_graph *graph = &trainer->model->regressor.graph;
    const nqi_draw *draw = &trainer->draw;
    const size_t steps = trainer->model->process.schedule.steps;
    const nq_status status = nqi_gradient_new(&trainer->gradient, trainer->context, graph, steps,
                                              draw->micros, draw->groups, trainer->options.clip);
    if (status)
        return status;
    return nqi_banks_new(&trainer->banks, trainer->context, graph, steps, draw->groups,
                         trainer->options.share > 1);
}

/* What moves, and what is kept of it. */
static nq_status prepare_learning(nq_trainer *trainer)
{
    const nq_train_options *o = &trainer->options;
    nq_model *model = trainer->model;
    const nqi_graph *graph = &model->regressor.graph;
    nq_context *context = trainer->context;
    const nqi_optimiser_kind kind = strcmp(o->optimizer, "adam") ? NQI_RMSPROP : NQI_ADAM;
    nq_status status;
    if ((status = nqi_model_copy(&trainer->best.model, context, model, 0)) ||
        (status = nqi_optimiser_new(&trainer->optimiser, context, kind, graph, context->ops,
                                    model->regressor.params, o->weight_decay, o->average)))
        return status;
    if (nqi_schedule_is_learned(model) &&
        (status = nqi_schedule_learner_new(&trainer->learner, context, &model->process.schedule)))
        return status;
    return o->fit_updates > 0 ? nqi_readout_fit_new(&trainer->fit, context, &model->process,
                                                    graph, trainer->draw.groups)
                              : NQ_OK;
}

static nq_status begin_plan(nq_trainer *trainer)
{
    const nq_train_options *o = &trainer->options;
    trainer->plan = (nqi_plan){.updates = o->updates,
                               .seconds = 60 * o->minutes,
                               .last = o->rate_last,
                               .height = 1,
                               .every = o->valid_every > 0 ? o->valid_every : 1,
                               .patience = o->patience};
    return nqi_best_remember(&trainer->best, trainer->context, trainer->sets.valid, o->patience);
}

nq_status nqi_trainer_prepare(nq_trainer *trainer)
{
    const nq_model *model = trainer->model;
    nq_train_options *o = &trainer->options;
    nq_status status;
    trainer->model->fitted_to = trainer->sets.data;
    nqi_draw_shape(&trainer->draw, &model->regressor.graph, o);
    o->batch = (nq_count)nqi_draw_batch(&trainer->draw);
    if ((status = nqi_trainer_measure(trainer)) || (status = prepare_draw(trainer)) ||
        (status = prepare_gradient(trainer)) || (status = prepare_learning(trainer)) ||
        (status = nqi_sets_leave_out(&trainer->sets, trainer->context, &model->scaling)) ||
        (status = nqi_gaps_make_filler(&trainer->gaps, trainer->context, &model->options,
                                       o->dropout, (uint64_t)o->seed)))
        return status;
    return begin_plan(trainer);
}
