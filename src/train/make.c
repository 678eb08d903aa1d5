/* make.c - a run from options, or from a model, on the caller's rows. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdio.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "table/digest.h"
#include "train/trainer.h"

nq_status nqi_trainer_match(nq_trainer *trainer, const nq_dataset **data)
{
    return nqi_sets_match(&trainer->sets, trainer->context, &trainer->model->scaling, data);
}

nq_status nqi_trainer_complete(nq_trainer *trainer, const nq_dataset *data,
                               const nq_dataset *valid)
{
    nqi_sets *sets = &trainer->sets;
    const nq_status status = nqi_sets_match_valid(sets, trainer->context, data, &valid);
    if (status)
        return status;
    sets->data = data;
    sets->valid = valid;
    if (trainer->model && trainer->model->scaling.coding) /* gaps are levels */
        return NQ_OK;
    return nqi_gaps_complete(&trainer->gaps, trainer->context, &sets->data, &sets->valid,
                             (uint64_t)trainer->options.seed);
}

/* The family that a model of these options and data will have, and what is dropped in training. */
static nq_status family_of(const nqi_family **out, nq_trainer *trainer, const nq_dataset *data,
                           const nq_model_options *options)
{
    nq_model_options own;
    nq_status status = nqi_options_take(&own, trainer->context, &nqi_model_options, options);
    if (!status)
        status = nqi_trainer_check_fitted(trainer, own.regressor);
    if (!status)
        status = nqi_model_kernel(&own, trainer->context, data);
    if (status)
        return status;
    *out = nqi_family_find(own.kernel);
    trainer->options.dropout = nqi_trainer_dropout(&trainer->options, *out, &own, data);
    return NQ_OK;
}

/* A missing cell is a level, or completed, as the kernel has it. */
static nq_status check_missing(const nq_trainer *trainer, int is_mixed)
{
    const char *as = trainer->options.missing_as;
    if (!*as || !strcmp(as, is_mixed ? "level" : "fill"))
        return NQ_OK;
    if (is_mixed && !strcmp(as, "fill"))
        return nqi_fail(
            trainer->context, NQ_ERROR_UNSUPPORTED,
            "\036missing_as fill: in a mixed model a missing cell is a level of its "
            "column, and cannot be completed in training; noneq impute completes rows "
            "with the model");
    if (!strcmp(as, "level"))
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "\036missing_as level: a missing cell is a level in mixed models alone "
                        "(\036kernel mixed)");
    return nqi_fail(trainer->context, NQ_ERROR_ARGUMENT,
                    "\036missing_as \"%s\": expected level or fill", as);
}

static nq_status make_mixed(nq_trainer *trainer, const nq_dataset *data, const nq_dataset *valid,
                            const nq_model *start, const nq_model_options *options)
{
    nq_status status = NQ_OK;
    if (!start && !(status = nqi_model_build(&trainer->model, trainer->context, data, options,
                                             trainer->options.dropout)))
        status = nqi_trainer_match(trainer, &data);
    if (!status) /* as the model's file orders texts */
        status =
            nqi_digest_make(&trainer->sets.digest, trainer->context, data, valid, trainer->model);
    return status ? status : nqi_trainer_complete(trainer, data, valid);
}

static nq_status make_single(nq_trainer *trainer, const nq_dataset *data, const nq_dataset *valid)
{
    nq_status status =
        nqi_digest_make(&trainer->sets.digest, trainer->context, data, valid, trainer->model);
    if (!status)
        status = nqi_trainer_complete(trainer, data, valid);
    if (!status && trainer->sets.matched_valid) /* the columns of it that are used */
        status = nqi_digest_rows(&trainer->sets.digest.valid_row_sum, trainer->context,
                                 trainer->sets.matched_valid);
    return status;
}

/* A model of one kernel. Gaps hold what is not yet drawn: the kernel is that of the rows as they
 * are, and there is no law of theirs yet. */
static nq_status make_whole(nq_trainer *trainer, const nqi_family *family,
                            const nq_model_options *options)
{
    nq_model_options own;
    const nq_status status =
        nqi_options_take(&own, trainer->context, &nqi_model_options, options);
    if (status)
        return status;
    snprintf(own.kernel, sizeof own.kernel, "%s", family->name);
    if (trainer->gaps.rows.count && !strcmp(own.base, "normal"))
        return nqi_fail(
            trainer->context, NQ_ERROR_UNSUPPORTED,
            "\036base normal: expected rows without missing cells, found %zu with some; "
            "\036kernel mixed or \036base none takes them",
            trainer->gaps.rows.count);
    const nqi_regressor_type *type;
    const int is_fitted = !nqi_regressor_find(&type, NULL, own.regressor) && type->predict;
    if (trainer->gaps.rows.count && (is_fitted || nqi_model_stands(&own)))
        return nqi_model_refuse_gaps(trainer->context, is_fitted ? "regressor" : "offset",
                                     is_fitted ? own.regressor : own.offset);
    if (trainer->gaps.rows.count)
        snprintf(own.base, sizeof own.base, "none");
    return nqi_model_build(&trainer->model, trainer->context, trainer->sets.data, &own,
                           trainer->options.dropout);
}

/* From a model, with its own weights, and its scaling whatever the data's means are; or from
 * options. */
static nq_status trainer_make(nq_trainer **out, nq_context *context, const nq_dataset *data,
                              const nq_dataset *valid, const nq_model *start,
                              const nq_model_options *model_options,
                              const nq_train_options *train_options)
{
    nq_trainer *trainer;
    const nqi_family *family = NULL;
    *out = NULL;
    nq_status status = nqi_trainer_alloc(&trainer, context);
    if (status)
        return status;
    if (!(status =
              nqi_options_take(&trainer->options, context, &nqi_train_options, train_options)))
        status = family_of(&family, trainer, data, model_options);
    if (!status && start &&
        !(status = nqi_model_copy(&trainer->model, context, start, trainer->options.dropout)))
        status = nqi_trainer_match(trainer, &data);
    const nqi_portion portion = nqi_portion_enter(context, 0, 0.7);
    if (!status)
        status = check_missing(trainer, family->is_mixed);
    if (!status && family->is_mixed)
        status = make_mixed(trainer, data, valid, start, model_options);
    else if (!status && !(status = make_single(trainer, data, valid)))
        status = start ? nqi_scaling_check(&trainer->model->scaling, context, trainer->sets.data)
                       : make_whole(trainer, family, model_options);
    nqi_portion_leave(context, portion);
    if (!status && !(status = nqi_tell(context, "preparing", 0.7, 1)) &&
        !(status = nqi_trainer_choose(trainer)))
        status = nqi_trainer_prepare(trainer);
    if (status) {
        nq_trainer_free(trainer);
        return status;
    }
    nqi_clock_start(&trainer->clock, context);
    *out = trainer;
    return NQ_OK;
}

nq_status nq_trainer_new(nq_trainer **out, nq_context *context, const nq_dataset *data,
                         const nq_dataset *valid, const nq_model_options *model_options,
                         const nq_train_options *train_options)
{
    return trainer_make(out, context, data, valid, NULL, model_options, train_options);
}

nq_status nq_trainer_new_from(nq_trainer **out, nq_context *context, const nq_dataset *data,
                              const nq_dataset *valid, const nq_model *start,
                              const nq_train_options *train_options)
{
    if (start->regressor.type->predict) {
        *out = NULL;
        return nqi_fail(context, NQ_ERROR_UNSUPPORTED,
                        "a model of \036regressor %s is fitted at once, anew for each data set: "
                        "expected a network as what training starts from",
                        start->options.regressor);
    }
    if (start->offset.type && start->offset.type->rows.are_kept) {
        *out = NULL;
        return nqi_fail(
            context, NQ_ERROR_UNSUPPORTED,
            "a model on \036offset %s keeps the rows that it was trained on, which in "
            "training must not see themselves: expected a network on another offset "
            "as what training starts from",
            start->options.offset);
    }
    return trainer_make(out, context, data, valid, start, &start->options, train_options);
}
