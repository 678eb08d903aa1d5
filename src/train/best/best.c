/* best.c - what hold-out K was, and what it is compared with. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include "train/best/best.h"

#include <math.h>
#include <stdlib.h>

#include "core/context.h"
#include "train/learn/schedule_learner.h"
#include "train/run/plan.h"

void nqi_best_init(nqi_best *best)
{
    best->valid_bound = best->valid_se = best->bound = NAN;
    best->check_bound = best->check_se = best->check_se_rows = NAN;
}

nq_status nqi_best_remember(nqi_best *best, nq_context *context, const nq_dataset *valid,
                            int64_t patience)
{
    if (!valid || patience <= 0 || best->reference)
        return NQ_OK;
    const size_t rows = nq_dataset_rows(valid);
    best->rows = rows < NQI_VALID_ROWS ? rows : NQI_VALID_ROWS;
    best->reference = calloc(best->rows, sizeof *best->reference);
    return best->reference ? NQ_OK
                           : nqi_fail_memory(context, "K of hold-out rows",
                                             best->rows * sizeof *best->reference);
}

void nqi_best_free(nqi_best *best)
{
    nq_model_free(best->model);
    free(best->reference);
}

int nqi_best_compare(nqi_best *best, const double *bound, size_t rows, int64_t update)
{
    const int change = best->rise_update ? nqi_bound_change(bound, best->reference, rows) : 1;
    if (change <= 0)
        return change;
    for (size_t i = 0; i < rows; i++)
        best->reference[i] = isfinite(bound[i]) ? bound[i] : NQI_BOUND_NONE;
    best->rise_update = update;
    return change;
}

void nqi_best_fields(nqi_best *best, nqi_fields *fields)
{
    nq_model *model = best->model;
    nqi_fields_number(fields, 2, "valid_bound", &best->valid_bound);
    nqi_fields_number(fields, 3, "valid_se", &best->valid_se);
    nqi_fields_number(fields, 4, "best_bound", &best->bound);
    nqi_fields_number(fields, 11, "check_bound", &best->check_bound);
    nqi_fields_number(fields, 12, "check_se", &best->check_se);
    nqi_fields_number(fields, 13, "check_se_rows", &best->check_se_rows);
    nqi_fields_count(fields, 18, "best_update", &best->update);
    nqi_fields_count(fields, 28, "rise_update", &best->rise_update);
    nqi_fields_flag(fields, 34, "has_best", &best->is_kept);
    nqi_fields_reals(fields, 3, "train.best", model->regressor.params,
                     nqi_graph_parameters(&model->regressor.graph));
    if (nqi_schedule_is_learned(model))
        nqi_fields_array(fields, 9, "train.best_beta", NQI_DTYPE_F64,
                         model->process.schedule.beta, model->process.schedule.steps);
    nqi_fields_array(fields, 10, "train.reference", NQI_DTYPE_F64, best->reference, best->rows);
}

const char *nqi_best_wrong(const nqi_best *best, int64_t updates)
{
    if (isinf(best->valid_bound) || isinf(best->valid_se) || isinf(best->bound))
        return "a hold-out bound";
    return best->update > updates || best->rise_update > updates ? NQI_COUNTS_MORE : NULL;
}
