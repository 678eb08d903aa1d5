/* write.c - a run in a file: a model file of the live weights, with all else that the next update
 * depends on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <stdlib.h>

#include "core/context.h"
#include "core/option/options.h"
#include "train/checkpoint/checkpoint.h"

void nqi_checkpoint_fields(nq_trainer *trainer, nqi_fields *out)
{
    out->count = 0;
    out->is_full = 0;
    nqi_fields_reals(out, 0, "train.params", trainer->model->regressor.params,
                     trainer->optimiser.count);
    nqi_clock_fields(&trainer->clock, out);
    nqi_progress_fields(&trainer->progress, out);
    nqi_plan_fields(&trainer->plan, out);
    nqi_best_fields(&trainer->best, out);
    nqi_optimiser_fields(&trainer->optimiser, out);
    nqi_banks_fields(&trainer->banks, out);
    nqi_readout_fit_fields(&trainer->fit, out);
    nqi_schedule_learner_fields(&trainer->learner, out);
    nqi_gaps_fields(&trainer->gaps, out);
    nqi_digest_fields(&trainer->sets.digest, out);
}

/* For free(); NULL when memory is out. */
static char *describe(const nq_trainer *trainer, const nqi_fields *fields)
{
    size_t count;
    char curve[NQI_CURVE_TEXT];
    const nq_option *table = nq_train_options_table(&count);
    nqi_json json;
    nqi_json_begin(&json, 0);
    nqi_json_object(&json, "options");
    for (size_t i = 0; i < count; i++) {
        char text[NQ_TEXT_SIZE];
        nq_option_get(text, sizeof text, &trainer->options, &table[i]);
        nqi_json_text(&json, table[i].field, text);
    }
    nqi_json_close(&json);
    /* of the best state, which no later update makes again */
    nqi_json_object(&json, "best_record");
    const nq_model *best = trainer->best.model;
    for (size_t i = 0; trainer->best.is_kept && i < best->record_count; i++)
        nqi_json_text(&json, best->record[i].key, best->record[i].value);
    nqi_json_close(&json);
    nqi_fields_describe(&json, fields);
    nqi_json_text(&json, "curve", nqi_curve_text(curve, &trainer->curve));
    return nqi_json_finish(&json);
}

nq_status nq_trainer_checkpoint(const char *path, nq_trainer *trainer)
{
    nqi_fields fields;
    nqi_tensor tensors[NQI_FIELDS_MOST];
    const nqi_clock clock = trainer->clock;
    const nq_status whole = nqi_trainer_is_whole(trainer);
    if (whole)
        return whole;
    nqi_checkpoint_fields(trainer, &fields);
    if (fields.is_full)
        return nqi_fail(trainer->context, NQ_ERROR_UNSUPPORTED,
                        "%s: a run has more fields than the %d of a checkpoint", path,
                        NQI_FIELDS_MOST);
    const size_t count = nqi_fields_tensors(tensors, &fields);
    trainer->clock.before = nqi_clock_seconds(&clock); /* for who goes on from here */
    char *json = describe(trainer, &fields);
    trainer->clock = clock;
    const nq_status status =
        json ? nqi_model_write(trainer->model, trainer->context, path, tensors, count, json)
             : nqi_fail_memory(trainer->context, "a checkpoint", 0);
    free(json);
    return status;
}
