/* checkpoint.c - a run in a file: a model file of the live weights, with all else that the next
 * update depends on. */
/* SPDX-License-Identifier: MIT */
/* Copyright (c) the noneq authors */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/context.h"
#include "core/monitor.h"
#include "core/option/options.h"
#include "io/container/json.h"
#include "train/checkpoint.h"

enum { TENSORS = 18 };
static const nqi_dtype real_dtype = sizeof(nqi_real) == 8 ? NQI_DTYPE_F64 : NQI_DTYPE_F32;

static size_t reference_rows(const nq_trainer *trainer)
{
    const size_t rows = nq_dataset_rows(trainer->valid);
    return rows < NQI_VALID_ROWS ? rows : NQI_VALID_ROWS;
}

/* Everything that a checkpoint holds as an array, for writing and reading alike. */
static size_t list_arrays(nq_trainer *trainer, nqi_tensor tensors[TENSORS])
{
    nqi_optimiser *o = &trainer->optimiser;
    const size_t banks = trainer->model->regressor.graph.banks,
                 steps = trainer->model->process.schedule.steps;
    size_t n = 0;
#define REALS(label, pointer)                                                                    \
    tensors[n++] = (nqi_tensor){label, real_dtype, 1, {o->count}, pointer}
#define OTHERS(label, type, length, pointer)                                                     \
    tensors[n++] = (nqi_tensor)                                                                  \
    {                                                                                            \
        label, type, 1, {length}, pointer                                                        \
    }
    REALS("train.params", trainer->model->regressor.params);
    REALS("train.first", o->first);
    REALS("train.second", o->second);
    REALS("train.best", trainer->best->regressor.params);
    if (o->average)
        REALS("train.average", o->average);
    if (banks) {
        OTHERS("train.bank_updates", NQI_DTYPE_U64, banks, o->bank_updates);
        OTHERS("train.bank_touched", NQI_DTYPE_U64, banks, o->bank_touched);
    }
    if (trainer->bank_of)
        OTHERS("train.bank_of", NQI_DTYPE_U8, (steps + 1) * sizeof(uint32_t), trainer->bank_of);
    if (trainer->learns_schedule) {
        OTHERS("train.theta", NQI_DTYPE_F64, 3 * steps, trainer->learner.theta);
        OTHERS("train.best_beta", NQI_DTYPE_F64, steps, trainer->best->process.schedule.beta);
    }
    if (trainer->reference)
        OTHERS("train.reference", NQI_DTYPE_F64, reference_rows(trainer), trainer->reference);
    if (trainer->fit.sums)
        OTHERS("train.fit", NQI_DTYPE_F64, steps * trainer->fit.size, trainer->fit.sums);
    if (trainer->missing.filled)
        OTHERS("train.filled", NQI_DTYPE_F64,
               nq_dataset_rows(trainer->data) * nq_dataset_dim(trainer->data),
               trainer->missing.filled->owned.values);
    if (trainer->filler.model) {
        nqi_optimiser *fill = &trainer->filler.optimiser;
        OTHERS("train.fill_params", real_dtype, fill->count,
               trainer->filler.model->regressor.params);
        OTHERS("train.fill_first", real_dtype, fill->count, fill->first);
        OTHERS("train.fill_second", real_dtype, fill->count, fill->second);
        OTHERS("train.fill_average", real_dtype, fill->count, fill->average);
    }
#undef REALS
#undef OTHERS
    return n;
}

/* Numbers of the run's state; NaN is written as null. */
typedef struct scalar {
    const char *name;
    double *value;
} scalar;

typedef struct counter {
    const char *name;
    int64_t *value;
} counter;

enum { SCALARS = 17, COUNTERS = 17 };

static void list_numbers(nq_trainer *trainer, scalar scalars[SCALARS], counter counters[COUNTERS])
{
    scalars[0] = (scalar){"seconds", &trainer->seconds};
    scalars[1] = (scalar){"smooth_loss", &trainer->smooth_loss};
    scalars[2] = (scalar){"valid_bound", &trainer->valid_bound};
    scalars[3] = (scalar){"valid_se", &trainer->valid_se};
    scalars[4] = (scalar){"best_bound", &trainer->best_bound};
    scalars[5] = (scalar){"rate", &trainer->rate};
    scalars[6] = (scalar){"fit_keep", &trainer->fit.keep};
    scalars[7] = (scalar){"constant", &trainer->constant};
    scalars[8] = (scalar){"null", &trainer->null};
    scalars[9] = (scalar){"schedule_first", &trainer->learner.first};
    scalars[10] = (scalar){"schedule_last", &trainer->learner.last};
    scalars[11] = (scalar){"check_bound", &trainer->check_bound};
    scalars[12] = (scalar){"check_se", &trainer->check_se};
    scalars[13] = (scalar){"check_se_rows", &trainer->check_se_rows};
    scalars[14] = (scalar){"plan_seconds", &trainer->plan.seconds};
    scalars[15] = (scalar){"plan_begin", &trainer->plan.begin};
    scalars[16] = (scalar){"plan_height", &trainer->plan.height};
    counters[0] = (counter){"update", &trainer->update};
    counters[1] = (counter){"best_update", &trainer->best_update};
    counters[2] = (counter){"dense_updates", (int64_t *)&trainer->optimiser.updates};
    counters[3] = (counter){"schedule_updates", (int64_t *)&trainer->learner.updates};
    counters[4] = (counter){"redraws", &trainer->redraws};
    counters[5] = (counter){"missing_next", &trainer->missing.next};
    counters[6] = (counter){"missing_rounds", &trainer->missing.rounds};
    counters[7] = (counter){"fill_updates", &trainer->filler.updates};
    counters[8] = (counter){"fill_steps", (int64_t *)&trainer->filler.optimiser.updates};
    counters[9] = (counter){"fill_planned", &trainer->fill_planned};
    counters[10] = (counter){"fill_done", &trainer->fill_done};
    counters[11] = (counter){"rise_update", &trainer->rise_update};
    counters[12] = (counter){"plan_updates", &trainer->plan.updates};
    counters[13] = (counter){"plan_leg", &trainer->plan.leg};
    counters[14] = (counter){"plan_every", &trainer->plan.every};
    counters[15] = (counter){"plan_waited", &trainer->plan.waited};
    counters[16] = (counter){"plan_ends", &trainer->plan.ends};
}

/* For free(); NULL when memory is out. */
static char *describe(nq_trainer *trainer)
{
    scalar scalars[SCALARS];
    counter counters[COUNTERS];
    size_t count;
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
    list_numbers(trainer, scalars, counters);
    for (int i = 0; i < SCALARS; i++)
        nqi_json_number(&json, scalars[i].name, *scalars[i].value);
    for (int i = 0; i < COUNTERS; i++)
        nqi_json_count(&json, counters[i].name, *counters[i].value);
    nqi_json_bool(&json, "has_best", trainer->has_best);
    nqi_checkpoint_describe_data(&json, trainer);
    return nqi_json_finish(&json);
}

nq_status nq_trainer_checkpoint(const char *path, nq_trainer *trainer)
{
    nqi_tensor tensors[TENSORS];
    const nq_status whole = nqi_trainer_is_whole(trainer);
    if (whole)
        return whole;
    const size_t count = list_arrays(trainer, tensors);
    const double seconds = trainer->seconds;
    trainer->seconds = nqi_trainer_seconds(trainer);
    char *json = describe(trainer);
    trainer->seconds = seconds;
    const nq_status status =
        json ? nqi_model_write(trainer->model, trainer->context, path, tensors, count, json)
             : nqi_fail_memory(trainer->context, "a checkpoint", 0);
    free(json);
    return status;
}

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
static const char *numbers_wrong(const nq_trainer *t)
{
    const int64_t most = t->update;
    const nqi_plan *plan = &t->plan;
    const nqi_schedule_learner *learner = &t->learner;
    if (!(isfinite(t->seconds) && t->seconds >= 0 && isfinite(t->smooth_loss)))
        return "its progress";
    if (!(isfinite(t->rate) && t->rate >= 0 && isfinite(t->constant) && isfinite(t->null)))
        return "rate, constant or null";
    if (!(plan->seconds >= 0 && plan->begin >= 0 && plan->begin <= 1 && plan->height >= 0 &&
          plan->height <= 1 && plan->every >= 1 && plan->ends <= 1))
        return "its plan";
    if (isinf(t->valid_bound) || isinf(t->valid_se) || isinf(t->best_bound))
        return "a hold-out bound";
    if (t->fit.sums && !(t->fit.keep >= 0 && t->fit.keep <= 1))
        return "fit_keep";
    if (t->learns_schedule &&
        !(learner->first < learner->last && isfinite(learner->first) && isfinite(learner->last)))
        return "the ends of its schedule";
    if (t->best_update > most || t->rise_update > most || plan->leg > most ||
        (int64_t)t->optimiser.updates > most || (int64_t)learner->updates > most)
        return "it counts more than its updates";
    if (t->missing.next && (size_t)t->missing.next >= t->missing.count)
        return "missing_next";
    return NULL;
}

static const char *banks_wrong(const nq_trainer *t)
{
    const nqi_optimiser *o = &t->optimiser;
    const size_t banks = t->model->regressor.graph.banks;
    for (size_t b = 0; b < banks; b++)
        if (o->bank_updates[b] > o->updates || o->bank_touched[b] > o->updates)
            return "a readout counts more than all updates";
    for (size_t i = 0; t->bank_of && i <= t->model->process.schedule.steps; i++)
        if (t->bank_of[i] >= banks)
            return "train.bank_of";
    for (size_t i = 0; i < o->count; i++)
        if (o->second[i] < 0)
            return "train.second";
    return NULL;
}

static nq_status read_numbers(nq_trainer *trainer, const char *path, const cJSON *root)
{
    scalar scalars[SCALARS];
    counter counters[COUNTERS];
    list_numbers(trainer, scalars, counters);
    for (int i = 0; i < SCALARS; i++)
        *scalars[i].value = nqi_json_number_of(root, scalars[i].name);
    for (int i = 0; i < COUNTERS; i++) {
        const double value = nqi_json_number_of(root, counters[i].name);
        if (!(value >= 0 && value < 9e15))
            return bad(trainer->context, path, counters[i].name);
        *counters[i].value = (int64_t)value;
    }
    trainer->has_best = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(root, "has_best"));
    const char *wrong = numbers_wrong(trainer);
    return wrong ? bad(trainer->context, path, wrong) : NQ_OK;
}

static int is_finite(const void *values, nqi_dtype dtype, size_t count)
{
    for (size_t i = 0; i < count && dtype == NQI_DTYPE_F32; i++)
        if (!isfinite(((const float *)values)[i]))
            return 0;
    for (size_t i = 0; i < count && dtype == NQI_DTYPE_F64; i++)
        if (!isfinite(((const double *)values)[i]))
            return 0;
    return 1;
}

static nq_status read_arrays(nq_trainer *trainer, const char *path,
                             const nqi_container *container)
{
    nqi_tensor tensors[TENSORS];
    const size_t count = list_arrays(trainer, tensors);
    for (size_t i = 0; i < count; i++) {
        const nqi_tensor *from = nqi_container_tensor(container, tensors[i].name);
        if (!from || from->dtype != tensors[i].dtype ||
            nqi_tensor_count(from) != tensors[i].shape[0])
            return bad(trainer->context, path, tensors[i].name);
        /* list_arrays names memory of the trainer itself, which is not const */
        void *to = (void *)(uintptr_t)tensors[i].data;
        const nq_status status = nqi_container_get(container, from, 0, tensors[i].shape[0], to);
        if (status)
            return status;
        if (!is_finite(to, from->dtype, tensors[i].shape[0]))
            return bad(trainer->context, path, tensors[i].name);
    }
    const char *wrong = banks_wrong(trainer);
    return wrong ? bad(trainer->context, path, wrong) : NQ_OK;
}

/* Tables follow from rates. */
static nq_status restore_schedules(nq_trainer *trainer)
{
    if (!trainer->learns_schedule)
        return NQ_OK;
    const size_t bytes = trainer->learner.steps * sizeof(double);
    double *beta = malloc(bytes);
    if (!beta)
        return nqi_fail_memory(trainer->context, "a schedule", bytes);
    memcpy(beta, trainer->best->process.schedule.beta, bytes);
    nq_status status = nqi_process_reschedule(&trainer->best->process, trainer->context, beta);
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
        status = nqi_trainer_digest(trainer, data, valid);
    if (!status && !(status = nqi_checkpoint_check_data(trainer, path, root)) &&
        !(status = nqi_trainer_complete(trainer, data, valid)) &&
        !(status = nqi_trainer_choose(trainer)) && !(status = nqi_trainer_prepare(trainer)) &&
        !(status = read_numbers(trainer, path, root)) &&
        !(status = read_arrays(trainer, path, container)))
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
    nq_status status = nqi_tell(context, "preparing", 0, 1);
    if (status)
        return status;
    status = nqi_trainer_alloc(&trainer, context);
    if (status)
        return status;
    if (!(status = nqi_container_read(&container, context, checkpoint)))
        status = read_run(trainer, checkpoint, container, data, valid);
    nqi_container_free(container);
    if (!status)
        status = nqi_scaling_check(&trainer->model->scaling, context, trainer->data);
    if (!status && trainer->fill_done)
        status = nqi_trainer_fill_valid(trainer);
    if (status) {
        nq_trainer_free(trainer);
        return status;
    }
    trainer->done = nqi_trainer_progress(trainer) >= 1;
    *out = trainer;
    return NQ_OK;
}
