/* read.c - a run that goes on from a file. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "train/checkpoint/checkpoint.h"

static nq_status bad(nq_context *context, const char *path, const char *what)
{
    return nqi_fail(context, NQ_ERROR_FORMAT, "%s: not a usable checkpoint: %s", path, what);
}

static nq_status read_options(nq_train_options *out, nq_context *context, const char *path,
                              const cJSON *root)
{
    size_t count;
    const nq_option *table = nq_train_options_table(&count);
    const cJSON *options = cJSON_GetObjectItemCaseSensitive(root, "options");
    nq_train_options_init(out, sizeof *out);
    for (size_t i = 0; i < count; i++) {
        const cJSON *item = cJSON_GetObjectItemCaseSensitive(options, table[i].field);
        if (!cJSON_IsString(item))
            return bad(context, path, table[i].field);
        if (nq_option_set(out, context, &table[i], item->valuestring))
            return bad(context, path, nq_context_message(context));
    }
    /* A run goes on with what it had chosen; nqi_trainer_choose sees to the rest. */
    if (out->dropout < 0)
        return bad(context, path, "dropout");
    return nqi_options_check(context, out, &nqi_train_options, path, "checkpoint");
}

/* What no run could have written, or NULL. Bounds may be NaN: there was none yet. */
static const char *find_wrong(const nq_trainer *t)
{
    const int64_t updates = t->progress.update;
    const char *wrong = NULL;
    if ((wrong = nqi_clock_wrong(&t->clock)) || (wrong = nqi_progress_wrong(&t->progress)) ||
        (wrong = nqi_plan_wrong(&t->plan, updates)) ||
        (wrong = nqi_best_wrong(&t->best, updates)) || (wrong = nqi_readout_fit_wrong(&t->fit)) ||
        (wrong = nqi_schedule_learner_wrong(&t->learner, updates)) ||
        (wrong = nqi_gaps_wrong(&t->gaps)) ||
        (wrong = nqi_optimiser_wrong(&t->optimiser, updates)))
        return wrong;
    return nqi_banks_wrong(&t->banks);
}

static nq_status read_fields(nq_trainer *trainer, const char *path, const cJSON *root,
                             const nqi_container *container)
{
    nqi_fields fields;
    nqi_checkpoint_fields(trainer, &fields);
    const char *wrong = nqi_fields_read(&fields, root);
    if (wrong)
        return bad(trainer->context, path, wrong);
    const nq_status status = nqi_fields_read_arrays(&wrong, &fields, container);
    if (status)
        return status;
    if (!wrong)
        wrong = find_wrong(trainer);
    return wrong ? bad(trainer->context, path, wrong) : NQ_OK;
}

/* Checkpoints of before version 1.0 have neither a record nor a curve. */
static nq_status read_record(nq_trainer *trainer, const char *path, const cJSON *root)
{
    const cJSON *record = cJSON_GetObjectItemCaseSensitive(root, "best_record");
    const cJSON *curve = cJSON_GetObjectItemCaseSensitive(root, "curve");
    nq_status status = NQ_OK;
    if (curve && !(cJSON_IsString(curve) && nqi_curve_read(&trainer->curve, curve->valuestring)))
        return bad(trainer->context, path, "curve");
    if (record && !cJSON_IsObject(record))
        return bad(trainer->context, path, "best_record");
    for (const cJSON *item = record ? record->child : NULL; item && !status; item = item->next)
        status = cJSON_IsString(item) && item->string
                     ? nqi_model_set_record(trainer->best.model, trainer->context, item->string,
                                            item->valuestring)
                     : bad(trainer->context, path, "best_record");
    return status;
}

/* Tables follow from rates. */
static nq_status restore_schedules(nq_trainer *trainer)
{
    if (!nqi_schedule_learner_learns(&trainer->learner))
        return NQ_OK;
    const size_t bytes = trainer->learner.steps * sizeof(double);
    double *beta = malloc(bytes);
    if (!beta)
        return nqi_fail_memory(trainer->context, "a schedule", bytes);
    memcpy(beta, trainer->best.model->process.schedule.beta, bytes);
    nq_status status =
        nqi_process_reschedule(&trainer->best.model->process, trainer->context, beta);
    free(beta);
    if (!status && trainer->learner.updates) {
        nqi_schedule_learner_rates(&trainer->learner);
        status = nqi_process_reschedule(&trainer->model->process, trainer->context,
                                        trainer->learner.beta);
    }
    return status;
}

static nq_status read_run(nq_trainer *trainer, const char *path, const nqi_container *container,
                          const nq_dataset *data, const nq_dataset *valid)
{
    const char *json = nqi_container_metadata(container, "train");
    cJSON *root = json ? nqi_json_parse(json, strlen(json), NULL) : NULL;
    nq_status status =
        cJSON_IsObject(root) ? NQ_OK : bad(trainer->context, path, "it holds no run");
    if (!status && !(status = read_options(&trainer->options, trainer->context, path, root)) &&
        !(status = nqi_model_read(&trainer->model, trainer->context, container, path,
                                  trainer->options.dropout)))
        status = nqi_checkpoint_match_columns(trainer, path, &data);
    if (!status)
        status =
            nqi_digest_make(&trainer->sets.digest, trainer->context, data, valid, trainer->model);
    if (!status && !(status = nqi_checkpoint_check_data(trainer, path, root)) &&
        !(status = nqi_trainer_complete(trainer, data, valid)) &&
        !(status = nqi_trainer_choose(trainer)) && !(status = nqi_trainer_prepare(trainer)) &&
        !(status = read_fields(trainer, path, root, container)) &&
        !(status = read_record(trainer, path, root)))
        status = restore_schedules(trainer);
    cJSON_Delete(root);
    /* What would be a wrong argument elsewhere is a wrong file here. */
    return status == NQ_ERROR_ARGUMENT
               ? bad(trainer->context, path, nq_context_message(trainer->context))
               : status;
}

nq_status nq_checkpoint_train_options(nq_train_options *out, nq_context *context,
                                      const char *checkpoint)
{
    nqi_container *container;
    nq_status status = nqi_container_read(&container, context, checkpoint);
    if (status)
        return status;
    const char *json = nqi_container_metadata(container, "train");
    cJSON *root = json ? nqi_json_parse(json, strlen(json), NULL) : NULL;
    status = cJSON_IsObject(root) ? read_options(out, context, checkpoint, root)
                                  : bad(context, checkpoint, "it holds no run");
    cJSON_Delete(root);
    nqi_container_free(container);
    return status;
}

nq_status nq_trainer_resume(nq_trainer **out, nq_context *context, const nq_dataset *data,
                            const nq_dataset *valid, const char *checkpoint)
{
    nq_trainer *trainer;
    nqi_container *container = NULL;
    *out = NULL;
    nq_status status = nqi_trainer_alloc(&trainer, context);
    if (status)
        return status;
    if (!(status = nqi_container_read(&container, context, checkpoint)))
        status = read_run(trainer, checkpoint, container, data, valid);
    nqi_container_free(container);
    if (!status)
        status = nqi_scaling_check(&trainer->model->scaling, context, trainer->sets.data);
    if (!status && trainer->gaps.done)
        status = nqi_gaps_fill_valid(&trainer->gaps);
    if (status) {
        nq_trainer_free(trainer);
        return status;
    }
    trainer->progress.done = nqi_trainer_part(trainer) >= 1;
    *out = trainer;
    return NQ_OK;
}
