/* hold_out.c - hold-out rows on their way into a run: columns by name, rows that can be scored. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/trainer.h"

nq_status nqi_hold_out_match(nq_trainer *trainer, const nq_dataset *data,
                             const nq_dataset **valid)
{
    if (!*valid || nqi_dataset_matches(*valid, data->columns, data->dim))
        return NQ_OK;
    const nq_status status = nqi_dataset_match(&trainer->matched_valid, trainer->context, *valid,
                                               data->columns, data->dim);
    *valid = status ? *valid : trainer->matched_valid;
    return status;
}

nq_status nqi_hold_out_check(nq_trainer *trainer)
{
    const nqi_scaling *scaling = &trainer->model->scaling;
    size_t left;
    if (!trainer->valid)
        return NQ_OK;
    const nq_status status = nqi_scaling_possible(&trainer->possible_valid, &left,
                                                  trainer->context, scaling, trainer->valid);
    if (status)
        return status;
    trainer->valid_left_out = nq_dataset_rows(trainer->valid) - left;
    if (trainer->possible_valid)
        trainer->valid = trainer->possible_valid;
    if (!left)
        trainer->valid = NULL;
    return trainer->valid ? nqi_scaling_check(scaling, trainer->context, trainer->valid) : NQ_OK;
}

size_t nq_trainer_valid_left_out(const nq_trainer *trainer)
{
    return trainer->valid_left_out;
}
